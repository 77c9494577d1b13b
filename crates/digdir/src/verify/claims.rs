//! Reading claims of which the type matters: one that is there with the wrong type is never the same as none.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::{Object, Value};

use super::AccessTokenError;
use super::policy::is_scope_token;

/// The client that the token was issued to, if it says.
pub(super) fn client_id(claims: &Object) -> Result<Option<&str>, AccessTokenError> {
    text(claims, "client_id")
        .map_err(|WrongType| AccessTokenError::ClientIdMalformed)
        .map(|client_id| client_id.filter(|text| !text.is_empty()))
}

/// The scopes of the token, if it has any: one text, separated by single spaces (RFC 8693 §4.2).
pub(super) fn scope(claims: &Object) -> Result<Option<Vec<String>>, AccessTokenError> {
    let scope = text(claims, "scope").map_err(|WrongType| AccessTokenError::ScopeMalformed)?;
    let Some(scope) = scope else { return Ok(None) };
    let scopes: Vec<String> = scope.split(' ').map(ToOwned::to_owned).collect();
    if scopes.iter().all(|scope| is_scope_token(scope)) {
        Ok(Some(scopes))
    } else {
        Err(AccessTokenError::ScopeMalformed)
    }
}

/// A claim that is a text, if it is there.
pub(super) fn text<'a>(claims: &'a Object, name: &str) -> Result<Option<&'a str>, WrongType> {
    claims
        .get(name)
        .map(|value| value.as_str().ok_or(WrongType))
        .transpose()
}

/// An array that holds texts and nothing else.
pub(super) fn texts(value: &Value) -> Result<Vec<&str>, WrongType> {
    value
        .as_array()
        .ok_or(WrongType)?
        .iter()
        .map(|text| text.as_str().ok_or(WrongType))
        .collect()
}

/// The claim is there, and of another type.
#[derive(Clone, Copy)]
pub(super) struct WrongType;
