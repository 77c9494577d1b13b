//! What is answered where no endpoint is: a status, and a sentence that says what to mend.
//!
//! The sentence is JSON where a program reads (the OAuth endpoints, RFC 6749 §5.2, and the control API) and
//! plain text elsewhere. It never repeats the request.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::events::Note;
use crate::origins::{Origin, Origins};

/// The longest request target that is read, in bytes; `authorization_details` and `state` fit well.
pub(crate) const MAX_TARGET: usize = 16 * 1024;

/// The largest request body that is read, in bytes; a world file fits, a flood does not.
pub(crate) const MAX_BODY: usize = 512 * 1024;

/// Why no endpoint answers a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unanswered {
    /// 404: nothing is at this path.
    Path,
    /// 405: what is at this path is for other methods.
    Method,
    /// 413: the body is larger than [`MAX_BODY`].
    Body,
    /// 414: the target is longer than [`MAX_TARGET`].
    Target,
    /// 421: the `Host` is not that of the origin.
    Host,
}

impl Unanswered {
    /// The fallback of a router.
    pub(crate) async fn path() -> Self {
        Self::Path
    }

    /// The fallback of the paths of a router.
    pub(crate) async fn method() -> Self {
        Self::Method
    }

    /// Writes the sentence into a response, which keeps its other headers: `Allow`, and those of CORS.
    pub(crate) fn describe(
        self,
        response: Response,
        origins: Origins,
        origin: Origin,
        path: &str,
    ) -> Response {
        let (mut parts, _) = response.into_parts();
        let sentence = self.sentence(origins, origin, &parts.headers);
        let described = if is_read_by_program(origin, path) {
            let body = json!({ "error": "invalid_request", "error_description": sentence });
            Json(body).into_response()
        } else {
            sentence.clone().into_response()
        };
        let (described, body) = described.into_parts();
        parts.status = self.status();
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.extend(described.headers);
        for (name, value) in [
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ] {
            parts.headers.insert(name, HeaderValue::from_static(value));
        }
        parts.extensions.insert(Note(sentence));
        Response::from_parts(parts, body)
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Path => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Body => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Target => StatusCode::URI_TOO_LONG,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
        }
    }

    fn sentence(self, origins: Origins, origin: Origin, headers: &HeaderMap) -> String {
        match self {
            Self::Path => format!("There is nothing at this path. {}", paths(origins, origin)),
            Self::Method => match headers.get(header::ALLOW).and_then(|it| it.to_str().ok()) {
                Some(allowed) => format!(
                    "This path does not answer to that method; use {}.",
                    allowed.replace(',', " or ")
                ),
                None => "This path does not answer to that method.".to_owned(),
            },
            Self::Body => {
                format!("The body is too large; send at most {MAX_BODY} bytes.")
            }
            Self::Target => format!(
                "The path and query are too long; send at most {MAX_TARGET} bytes, and the rest in a body \
                 where the endpoint takes POST."
            ),
            Self::Host => format!(
                "This host and port are none of the simulator's. It answers as 127.0.0.1 or localhost on \
                 the ports from {} to {}, each for itself; {}/ lists them.",
                origins.port(Origin::Control),
                origins.port(Origin::Dialogporten),
                origins.url(Origin::Control),
            ),
        }
    }
}

/// A handler's refusal; [`Unanswered::describe`] finds it in the response and says the rest.
impl IntoResponse for Unanswered {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether a program is meant to read what is at the path.
fn is_read_by_program(origin: Origin, path: &str) -> bool {
    match origin {
        Origin::AnsattportenIssuer | Origin::IdportenIssuer => {
            matches!(
                path,
                "/token" | "/par" | "/revoke" | "/userinfo" | "/tokenintrospect"
            )
        }
        Origin::Control => path == "/api" || path.starts_with("/api/"),
        Origin::AnsattportenLogin | Origin::IdportenLogin | Origin::Dialogporten => false,
    }
}

/// What is at the origin, and where the rest is.
fn paths(origins: Origins, origin: Origin) -> String {
    let issuer = |login| {
        format!(
            "The issuer has /.well-known/openid-configuration, /jwks.json, /token, /userinfo, /par, /revoke and \
             /tokenintrospect; \
             the pages are at {}.",
            origins.url(login)
        )
    };
    let login = |issuer| {
        format!(
            "The pages begin at /authorize and /logout; the issuer with its metadata is {}.",
            origins.url(issuer)
        )
    };
    match origin {
        Origin::Control => "The control page is /, and its JSON API is below /api/.".to_owned(),
        Origin::AnsattportenIssuer => issuer(Origin::AnsattportenLogin),
        Origin::IdportenIssuer => issuer(Origin::IdportenLogin),
        Origin::AnsattportenLogin => login(Origin::AnsattportenIssuer),
        Origin::IdportenLogin => login(Origin::IdportenIssuer),
        Origin::Dialogporten => {
            "Dialogporten's API is below /dialogporten/api/v1/: enduser/dialogs, enduser/parties, \
             enduser/dialoglookup, enduser/serviceresources, metadata/limits and metadata/serviceresources."
                .to_owned()
        }
    }
}
