//! The cookies of the pages.
//!
//! Cookies know no ports: those of both providers, and of a second simulator, lie in one jar for
//! 127.0.0.1. So their names carry provider and port. `Secure` is left out because not every browser
//! keeps such cookies from plain http on the own machine.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::Provider;
use super::store::TRANSACTION_LIFETIME;

/// The language that was chosen on a page, named as in the real services.
pub(crate) const LANGUAGE: &str = "IDPORTEN_SELECTED_LANGUAGE";

/// The name of the session cookie.
pub(crate) fn session(provider: &Provider) -> String {
    format!("{}_session_{}", provider.name(), provider.login_port())
}

/// The name of the cookie that ties a login under way to the browser that began it.
///
/// Each has its own, so that tabs do not get in each other's way.
pub(crate) fn transaction(provider: &Provider, tx: &str) -> String {
    format!("{}_tx_{}_{}", provider.name(), provider.login_port(), tx)
}

/// The value of a cookie; the first one if it is there twice.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value)
}

/// Sets a cookie until the browser is closed, for the whole origin.
pub(crate) fn set(response: &mut Response, name: &str, value: &str) {
    append(
        response,
        &format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax"),
    );
}

/// Sets the cookie of a login under way.
pub(crate) fn set_transaction(response: &mut Response, name: &str, value: &str) {
    append(
        response,
        &format!(
            "{name}={value}; Path=/login; Max-Age={TRANSACTION_LIFETIME}; HttpOnly; SameSite=Lax"
        ),
    );
}

/// Removes the session cookie.
pub(crate) fn remove(response: &mut Response, name: &str) {
    append(
        response,
        &format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
    );
}

/// Removes the cookie of a login that is over.
pub(crate) fn remove_transaction(response: &mut Response, name: &str) {
    append(
        response,
        &format!("{name}=; Path=/login; Max-Age=0; HttpOnly; SameSite=Lax"),
    );
}

fn append(response: &mut Response, cookie: &str) {
    // Names and values are ours: letters, digits, hyphen and underscore.
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
