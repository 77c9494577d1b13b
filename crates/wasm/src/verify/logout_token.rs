//! Judging a logout token, for the endpoint that providers tell of logouts.

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_digdir::verify;
use portvakt_jose::{Jwks, UnixTime};
use portvakt_oidc::{
    Issuer, LogoutToken, LogoutTokenError, LogoutTokenExpectation, LogoutTokenRefusal,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::boundary::{Answer, Failure, Options, read, refused, time, write};

/// Judges a logout token. Only one that names a session is accepted.
#[wasm_bindgen]
pub fn verify_logout_token(
    token: &str,
    jwks: &str,
    options: &str,
    now: f64,
) -> Result<String, JsValue> {
    let jwks = verify::parse_jwks(None, jwks.as_bytes()).map_err(Failure::from)?;
    let token = judge(read(options)?, token, &jwks, time(now)?)?;
    Ok(write(order(&token).map_err(Failure::from)?)?)
}

/// Judges a token by what it must say, as the driver hands it over.
fn judge(
    mut options: Options,
    token: &str,
    jwks: &Jwks,
    now: UnixTime,
) -> Result<LogoutToken, Failure> {
    let issuer = Issuer::parse(&options.text("issuer")?).map_err(portvakt_oidc::Error::from)?;
    let client_ids = options.optional_texts("clientIds")?.ok_or_else(refused)?;
    let client_ids: Vec<_> = client_ids.iter().map(String::as_str).collect();
    let mut expected = LogoutTokenExpectation::new(&issuer, &client_ids);
    let algorithms = options.optional_algorithms()?;
    if let Some(algorithms) = &algorithms {
        expected.algorithms = algorithms;
    }
    if let Some(seconds) = options.optional_number("clockToleranceSeconds")? {
        expected.clock_tolerance_seconds = seconds;
    }
    options.end()?;
    Ok(portvakt_oidc::verify_logout_token(
        token, jwks, &expected, now,
    )?)
}

/// What a verified logout token orders. Whose session it was is not handed on: nobody needs it.
fn order(token: &LogoutToken) -> Result<Answer, LogoutTokenRefusal> {
    let sid = token.sid().ok_or(LogoutTokenError::SidMissing)?;
    Ok(Answer::default()
        .with("sid", sid)
        .with("jti", token.jti())
        .with("replayableUntil", token.replayable_until().as_secs()))
}

impl From<LogoutTokenRefusal> for Failure {
    fn from(refusal: LogoutTokenRefusal) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.sentence(),
            rule: refusal.source_of_rule(),
            description: None,
            is_transient: false,
        }
    }
}
