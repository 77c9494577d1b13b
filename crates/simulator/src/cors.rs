//! CORS, endpoint by endpoint.
//!
//! Nothing is documented for the real services; applications in production show that it works for the
//! metadata and the token endpoint. Each endpoint can be switched, so that both cases can be tried.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;

use crate::state::Shared;
use crate::unanswered::Unanswered;

/// An endpoint whose CORS can be switched.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`; on from the start.
    Discovery,
    /// `/token`; on from the start.
    Token,
    /// `/jwks.json`; on from the start.
    Jwks,
    /// `/userinfo`; on from the start.
    Userinfo,
    /// `/revoke`; on from the start.
    Revoke,
    /// `/par`; off from the start.
    Par,
    /// Dialogporten; off from the start, as in production.
    Dialogporten,
}

impl Endpoint {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::Discovery,
        Self::Token,
        Self::Jwks,
        Self::Userinfo,
        Self::Revoke,
        Self::Par,
        Self::Dialogporten,
    ];

    /// The name in the control API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Token => "token",
            Self::Jwks => "jwks",
            Self::Userinfo => "userinfo",
            Self::Revoke => "revoke",
            Self::Par => "par",
            Self::Dialogporten => "dialogporten",
        }
    }

    fn is_open_at_first(self) -> bool {
        !matches!(self, Self::Par | Self::Dialogporten)
    }
}

impl FromStr for Endpoint {
    type Err = UnknownEndpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|endpoint| endpoint.as_str() == text)
            .ok_or(UnknownEndpoint)
    }
}

/// There is no endpoint of that name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnknownEndpoint;

impl fmt::Display for UnknownEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("There is no endpoint of that name; GET /api/cors lists them.")
    }
}

impl std::error::Error for UnknownEndpoint {}

/// The switches.
#[derive(Debug)]
pub(crate) struct Cors(RwLock<BTreeMap<Endpoint, bool>>);

impl Cors {
    pub(crate) fn new(dialogporten: bool) -> Self {
        Self(RwLock::new(Self::at_first(dialogporten)))
    }

    pub(crate) fn reset(&self, dialogporten: bool) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Self::at_first(dialogporten);
    }

    pub(crate) fn is_open(&self, endpoint: Endpoint) -> bool {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&endpoint)
            .copied()
            .unwrap_or(false)
    }

    pub(crate) fn set(&self, endpoint: Endpoint, open: bool) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(endpoint, open);
    }

    fn at_first(dialogporten: bool) -> BTreeMap<Endpoint, bool> {
        let open = |endpoint| match endpoint {
            Endpoint::Dialogporten => dialogporten,
            other => other.is_open_at_first(),
        };
        Endpoint::ALL
            .into_iter()
            .map(|endpoint| (endpoint, open(endpoint)))
            .collect()
    }
}

/// A route that answers preflight requests and marks its responses while the endpoint is open.
pub(crate) fn open<S>(
    routes: MethodRouter<S>,
    endpoint: Endpoint,
    state: &Shared,
) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    routes.layer(middleware::from_fn_with_state(
        (state.clone(), endpoint),
        answer,
    ))
}

/// The middleware behind [`open`]; it also serves whole routers, for `Router::layer`.
pub(crate) async fn answer(
    State((state, endpoint)): State<(Shared, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let is_open = state.cors.is_open(endpoint);
    if request.method() == Method::OPTIONS {
        return match endpoint {
            _ if is_open => preflight(request.headers()),
            // The service says no more than that.
            Endpoint::Dialogporten => StatusCode::METHOD_NOT_ALLOWED.into_response(),
            _ => Unanswered::Method.into_response(),
        };
    }
    let mut response = next.run(request).await;
    if is_open {
        // No cookies are part of these requests, so any origin may read the answer.
        let headers = response.headers_mut();
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("WWW-Authenticate, DPoP-Nonce, ETag, Retry-After"),
        );
    }
    response
}

fn preflight(request: &HeaderMap) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        // A wildcard does not cover Authorization (Fetch standard), so the names are listed.
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Accept, Authorization, Content-Type, DPoP, If-Match, Accept-Language",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "60"),
    ];
    if !request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return StatusCode::NO_CONTENT.into_response();
    }
    (StatusCode::NO_CONTENT, HEADERS).into_response()
}
