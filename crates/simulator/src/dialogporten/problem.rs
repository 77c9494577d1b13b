//! The service's refusals: `application/problem+json` with `traceId`, and those without a body.
//!
//! Source: RFC 7807 as the service uses it; the keys of `errors` are parameter names, entity names,
//! `Forbidden` or `Type`.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, EXPIRES, HeaderValue, WWW_AUTHENTICATE};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::timestamp::Timestamp;
use crate::dpop::PossessionError;
use crate::events::Note;

/// Largest request body, in bytes; what is larger is answered 413.
pub(crate) const MAX_BODY_BYTES: usize = 20_000_000;

/// A refusal that knows everything but the request it answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Problem {
    /// 400: the parameters and what is wrong with each.
    Validation(Vec<(String, String)>),
    /// 401 with a bare `Bearer`: no token.
    NoToken,
    /// 401 with a bare `Bearer`: a token of an issuer that the service does not know.
    ForeignIssuer,
    /// 401 with `error="invalid_token"` and, where known, why.
    InvalidToken(Option<String>),
    /// 401 with a challenge of RFC 9449: the token is not presented as its binding demands.
    Possession(PossessionError),
    /// 401 with the challenge of RFC 9470: the person must sign in at this level.
    StepUp(&'static str),
    /// 403 without a body: neither of the end-user scopes.
    MissingScope,
    /// 403 with the reason under this key.
    Forbidden(&'static str, String),
    /// 404 for an entity and its keys.
    NotFound(&'static str, Vec<String>),
    /// 404 with `Expires`: the dialog becomes visible later.
    NotVisible(Timestamp),
    /// 404: the dialog has expired.
    Expired(Timestamp),
    /// 406: the `Accept` header leaves out JSON.
    NotAcceptable,
    /// 410 for a deleted dialog.
    Gone(Uuid),
    /// 412: somebody else has changed the labels.
    PreconditionFailed,
    /// 413.
    TooLarge,
    /// 414: the request line is longer than the service's web server takes.
    UriTooLong,
    /// 415: a body of another media type than JSON.
    UnsupportedMediaType,
    /// 422: a free-text search that took too long.
    TooBroad,
    /// 502: a service behind this one failed.
    BadGateway,
    /// 500: an `acr` that the service does not know, at which it throws.
    UnknownAcr,
    /// 500 for any other reason.
    Internal,
}

impl Problem {
    /// One thing wrong with one parameter.
    pub(crate) fn invalid(parameter: &str, message: impl Into<String>) -> Self {
        Self::Validation(vec![(parameter.to_owned(), message.into())])
    }

    /// No such dialog, or none that this caller may know of.
    pub(crate) fn no_dialog(id: Uuid) -> Self {
        Self::NotFound("DialogEntity", vec![id.to_string()])
    }

    /// What to mend, for the list of events on the control page; the service itself says nothing.
    pub(crate) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoToken => Some("The request carries no bearer token."),
            Self::ForeignIssuer => Some(
                "Dialogporten does not know the issuer of the token. Tokens of Ansattporten are \
                 accepted only while the switch for it is on.",
            ),
            Self::InvalidToken(_) => Some(
                "The token is malformed, expired or not signed by its issuer; an opaque token cannot \
                 be used here.",
            ),
            Self::Possession(_) => Some(
                "A token with cnf.jkt is sent with the scheme DPoP and a proof of its key, any other as \
                 Bearer; WWW-Authenticate says what is wrong.",
            ),
            Self::MissingScope => {
                Some("The token lacks the scope digdir:dialogporten; an id_token never has it.")
            }
            Self::UnknownAcr => Some(
                "The acr of the token is none that Dialogporten knows, and the real service answers \
                 500 then.",
            ),
            _ => None,
        }
    }

    /// The response to the request at `path` (without `/dialogporten`, as the service sees it).
    pub(crate) fn respond(&self, path: &str) -> Response {
        let status = self.status();
        let Some(title) = self.title() else {
            return self.respond_bare(status);
        };
        let mut body = Map::new();
        body.insert("type".into(), self.kind().into());
        body.insert("title".into(), title.into());
        body.insert("status".into(), status.as_u16().into());
        if let Some(detail) = self.detail() {
            body.insert("detail".into(), detail.into());
        }
        body.insert("instance".into(), path.into());
        if let Some(errors) = self.errors() {
            body.insert("errors".into(), errors);
        }
        body.insert("traceId".into(), trace_id().into());
        let mut response = (status, Value::Object(body).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        if let Self::NotVisible(from) = self
            && let Ok(date) = HeaderValue::from_str(&from.http_date())
        {
            headers.insert(EXPIRES, date);
        }
        response
    }

    fn respond_bare(&self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if let Self::Possession(error) = self {
            error.mark(&mut response);
        }
        let challenge = match self {
            Self::NoToken | Self::ForeignIssuer => Some("Bearer".to_owned()),
            Self::InvalidToken(None) => Some("Bearer error=\"invalid_token\"".to_owned()),
            Self::StepUp(acr) => Some(format!(
                "Bearer error=\"insufficient_user_authentication\", error_description=\"A fault: a higher \
                 level is required\", acr_values=\"{acr}\""
            )),
            Self::InvalidToken(Some(reason)) => Some(format!(
                "Bearer error=\"invalid_token\", error_description=\"{reason}\""
            )),
            _ => None,
        };
        if let Some(challenge) = challenge.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// Refusals that are written outside the endpoints are plain JSON.
    fn content_type(&self) -> &'static str {
        match self {
            Self::NotAcceptable
            | Self::UnknownAcr
            | Self::Internal
            | Self::BadGateway
            | Self::Forbidden("Type", _) => "application/json; charset=utf-8",
            _ => "application/problem+json",
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) => StatusCode::BAD_REQUEST,
            Self::NoToken
            | Self::ForeignIssuer
            | Self::InvalidToken(_)
            | Self::Possession(_)
            | Self::StepUp(_) => StatusCode::UNAUTHORIZED,
            Self::MissingScope | Self::Forbidden(..) => StatusCode::FORBIDDEN,
            Self::NotFound(..) | Self::NotVisible(_) | Self::Expired(_) => StatusCode::NOT_FOUND,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Gone(_) => StatusCode::GONE,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooBroad => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::UnknownAcr | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn title(&self) -> Option<String> {
        let title = match self {
            Self::NoToken
            | Self::ForeignIssuer
            | Self::InvalidToken(_)
            | Self::Possession(_)
            | Self::StepUp(_)
            | Self::MissingScope
            | Self::UriTooLong
            | Self::UnsupportedMediaType => return None,
            Self::TooLarge => {
                return Some(format!(
                    "Payload too large. The maximum allowed size is {MAX_BODY_BYTES} bytes."
                ));
            }
            Self::Validation(_) => "One or more validation errors occurred.",
            Self::Forbidden(..) => "Forbidden.",
            Self::NotFound(..) | Self::NotVisible(_) | Self::Expired(_) => "Resource not found.",
            Self::NotAcceptable => "Requested content type is not acceptable.",
            Self::Gone(_) => "Resource no longer available.",
            Self::PreconditionFailed => "Precondition failed.",
            Self::TooBroad => "Unprocessable request.",
            Self::BadGateway => "Bad gateway.",
            Self::UnknownAcr | Self::Internal => "An error occurred while processing the request.",
        };
        Some(title.to_owned())
    }

    const fn detail(&self) -> Option<&'static str> {
        match self {
            Self::NotAcceptable => Some("The Accept header must allow JSON responses."),
            Self::UnknownAcr | Self::Internal => Some("Something went wrong during the request."),
            Self::BadGateway => Some(
                "An upstream server is down or returned an invalid response. Please try again later.",
            ),
            _ => None,
        }
    }

    /// The link to the section that defines the status.
    fn kind(&self) -> String {
        let section = match self {
            Self::Validation(_) => "rfc7231#section-6.5.1",
            Self::Forbidden(..) => "rfc7231#section-6.5.3",
            Self::NotFound(..) | Self::NotVisible(_) | Self::Expired(_) => "rfc7231#section-6.5.4",
            Self::NotAcceptable => "rfc7231#section-6.5.6",
            Self::Gone(_) => "rfc7231#section-6.5.9",
            Self::TooLarge => "rfc7231#section-6.5.11",
            Self::PreconditionFailed => "rfc7232#section-4.2",
            Self::TooBroad => "rfc4918#section-11.2",
            Self::BadGateway => "rfc7231#section-6.6.3",
            Self::NoToken
            | Self::ForeignIssuer
            | Self::InvalidToken(_)
            | Self::Possession(_)
            | Self::StepUp(_)
            | Self::MissingScope
            | Self::UriTooLong
            | Self::UnsupportedMediaType
            | Self::UnknownAcr
            | Self::Internal => "rfc7231#section-6.6.1",
        };
        format!("https://datatracker.ietf.org/doc/html/{section}")
    }

    fn errors(&self) -> Option<Value> {
        let one = |key: &str, message: String| Some(json!({ key: [message] }));
        match self {
            Self::Validation(failures) => {
                let mut errors = Map::new();
                for (parameter, message) in failures {
                    if let Value::Array(messages) = errors
                        .entry(parameter)
                        .or_insert_with(|| Value::Array(Vec::new()))
                    {
                        messages.push(message.as_str().into());
                    }
                }
                Some(Value::Object(errors))
            }
            Self::Forbidden(key, message) => one(key, message.clone()),
            Self::NotFound(entity, keys) => one(
                entity,
                format!(
                    "Entity '{entity}' with the following key(s) was not found: ({}).",
                    keys.join(", ")
                ),
            ),
            Self::NotVisible(from) => one(
                "DialogEntity",
                format!("Dialog is not visible until {}", from.to_sortable()),
            ),
            Self::Expired(at) => one(
                "DialogEntity",
                format!("Dialog expired at {}", at.to_sortable()),
            ),
            Self::NotAcceptable => one(
                "Accept",
                "The request must accept application/json responses.".to_owned(),
            ),
            Self::Gone(id) => one(
                "DialogEntity",
                format!("Entity 'DialogEntity' with the following key(s) is removed: ({id})."),
            ),
            Self::TooBroad => one(
                "Search",
                "The search matched too many dialogs to complete. Narrow it with a date range \
                 (contentUpdatedAfter), fewer parties, or a service resource."
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// A handler's refusal; [`render`] turns it into the response, for only there the path is known.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The middleware that turns refusals into responses.
pub(crate) async fn render(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let path = path
        .strip_prefix("/dialogporten")
        .unwrap_or(path)
        .to_owned();
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let mut response = problem.respond(&path);
    if let Some(hint) = problem.hint() {
        response.extensions_mut().insert(Note(hint.to_owned()));
    }
    response
}

/// A trace id in the form of W3C Trace Context: `00-<32 hex>-<16 hex>-00`.
fn trace_id() -> String {
    let span = Uuid::new_v4().simple().to_string();
    format!(
        "00-{}-{}-00",
        Uuid::new_v4().simple(),
        span.get(..16).unwrap_or("0000000000000000")
    )
}
