//! The authorization response (RFC 6749 §4.1.2, RFC 9207), correct unless a fault is armed.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::events::Note;
use crate::faults::Fault;
use crate::locale::Locale;
use crate::provider_name::ProviderName;
use crate::random;
use crate::state::State;

use super::Provider;
use super::error::{OAuthError, no_store};
use super::pages;
use super::request::{ReplyTo, ResponseMode};

/// What the application is told.
pub(crate) enum Outcome {
    /// A code.
    Code(String),
    /// Why there is none.
    Error(OAuthError),
}

/// Sends the browser back to the application.
///
/// Parameters are in the order that the real services use: `code` or `error`, `iss`, `state`.
pub(crate) fn reply(
    state: &State,
    provider: &Provider,
    to: &ReplyTo,
    outcome: Outcome,
    locale: Locale,
) -> Response {
    let note = match &outcome {
        Outcome::Code(_) => None,
        Outcome::Error(error) => Some(error.note()),
    };
    let parameters = parameters(state, provider, to, outcome);
    let mut response = match to.response_mode {
        ResponseMode::Query => redirect(&with_query(&to.redirect_uri, &parameters)),
        ResponseMode::FormPost => {
            pages::form_post(locale, provider.name(), &to.redirect_uri, &parameters)
        }
    };
    if let Some(Note(text)) = note {
        response.extensions_mut().insert(Note(text));
    }
    no_store(response)
}

/// A redirect that is followed with GET, also after a form was posted.
pub(crate) fn redirect(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        // Registered URIs and encoded parameters are ASCII; this is for a mistake of ours.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A URL with parameters added, after those that it may have.
pub(crate) fn with_query(url: &str, parameters: &[(&str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    match (query.is_empty(), url.contains('?')) {
        (true, _) => url.to_owned(),
        (false, true) => format!("{url}&{query}"),
        (false, false) => format!("{url}?{query}"),
    }
}

fn parameters(
    state: &State,
    provider: &Provider,
    to: &ReplyTo,
    outcome: Outcome,
) -> Vec<(&'static str, String)> {
    let take = |fault| state.faults.take(fault);
    let mut parameters = Vec::new();
    let mut fail = |error: OAuthError| {
        parameters.push(("error", error.code.to_owned()));
        parameters.push(("error_description", error.description.into_owned()));
    };
    match outcome {
        Outcome::Error(error) => fail(error),
        Outcome::Code(_) if take(Fault::ServerError) => {
            fail(OAuthError::new(
                "server_error",
                "A fault: the provider failed.",
            ));
        }
        Outcome::Code(_) if take(Fault::TemporarilyUnavailable) => {
            fail(OAuthError::new(
                "temporarily_unavailable",
                "A fault: the provider is closed for a while.",
            ));
        }
        Outcome::Code(_) if take(Fault::CodeMissing) => {}
        Outcome::Code(code) => {
            if take(Fault::CodeDuplicated) {
                parameters.push(("code", new_code()));
            }
            parameters.push(("code", code));
            if take(Fault::CodeAndError) {
                parameters.push(("error", "access_denied".to_owned()));
            }
        }
    }
    if take(Fault::IssOfAnotherProvider) {
        let other = match provider.name() {
            ProviderName::Ansattporten => ProviderName::Idporten,
            ProviderName::Idporten => ProviderName::Ansattporten,
        };
        parameters.push(("iss", state.origins.issuer(other)));
    } else if !take(Fault::IssMissing) {
        parameters.push(("iss", provider.issuer().to_owned()));
    }
    if let Some(value) = &to.state {
        if take(Fault::StateAltered) {
            parameters.push(("state", random::token::<16>()));
        } else if !take(Fault::StateNotReturned) {
            parameters.push(("state", value.clone()));
        }
    }
    parameters
}

/// A code in the shape of the real ones, `<22 characters>.<22 characters>`.
pub(crate) fn new_code() -> String {
    format!("{}.{}", random::token::<16>(), random::token::<16>())
}
