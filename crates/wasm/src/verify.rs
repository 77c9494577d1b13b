//! Checking tokens: one call, one answer, nothing kept.

mod answers;
pub mod logout_token;
mod options;

use alloc::borrow::ToOwned;
use alloc::string::String;

use portvakt_digdir::verify::{self, TokenProfile, VerifyError};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use self::options::IdTokenOptions;
use crate::boundary::{Failure, read, refused, service_named, time, write};

/// Judges an access token.
#[wasm_bindgen]
pub fn verify_access_token(
    token: &str,
    jwks: &str,
    options: &str,
    now: f64,
) -> Result<String, JsValue> {
    let policy = options::access_token_policy(read(options)?)?;
    let jwks = verify::parse_jwks(Some(policy.profile), jwks.as_bytes()).map_err(Failure::from)?;
    let token =
        verify::verify_access_token(token, &jwks, &policy, time(now)?).map_err(Failure::from)?;
    Ok(write(answers::access_token(&token))?)
}

/// Judges a dialog token.
#[wasm_bindgen]
pub fn verify_dialog_token(
    token: &str,
    jwks: &str,
    options: &str,
    now: f64,
) -> Result<String, JsValue> {
    let policy = options::dialog_token_policy(read(options)?)?;
    let jwks = verify::parse_jwks(None, jwks.as_bytes()).map_err(Failure::from)?;
    let token =
        verify::verify_dialog_token(token, &jwks, &policy, time(now)?).map_err(Failure::from)?;
    Ok(write(answers::dialog_token(&token))?)
}

/// Judges an id_token as a login does.
#[wasm_bindgen]
pub fn verify_id_token(
    token: &str,
    jwks: &str,
    options: &str,
    now: f64,
) -> Result<String, JsValue> {
    let options = IdTokenOptions::of(read(options)?)?;
    let jwks = verify::parse_jwks(None, jwks.as_bytes()).map_err(Failure::from)?;
    let (token, checks) = options.judge(token, &jwks, time(now)?)?;
    Ok(write(answers::identity_token(&token, &checks))?)
}

/// Checks a policy for access tokens, so that a mistake is found before the first token comes.
#[wasm_bindgen]
pub fn check_access_token_policy(options: &str) -> Result<(), JsValue> {
    let policy = options::access_token_policy(read(options)?)?;
    policy.check().map_err(Failure::from)?;
    Ok(())
}

/// Reads a key set as a verification would, and gives the number of usable keys.
#[wasm_bindgen]
pub fn check_jwks(service: Option<String>, jwks: &str) -> Result<u32, JsValue> {
    let profile = match service.as_deref().map(service_named) {
        None => None,
        Some(Some(service)) => TokenProfile::of(service),
        Some(None) => return Err(refused().into()),
    };
    let jwks = verify::parse_jwks(profile, jwks.as_bytes()).map_err(Failure::from)?;
    Ok(u32::try_from(jwks.keys().count()).unwrap_or(u32::MAX))
}

/// Finds the address of the keys in an issuer's metadata.
#[wasm_bindgen]
pub fn jwks_uri(metadata: &str, issuer: &str) -> Result<String, JsValue> {
    let uri = verify::jwks_uri(metadata.as_bytes(), issuer);
    Ok(uri
        .map_err(|error| Failure::from(VerifyError::from(error)))?
        .as_str()
        .to_owned())
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self {
            code: error.code(),
            message: error.sentence(),
            rule: error.source_of_rule(),
            description: None,
            is_transient: false,
        }
    }
}
