//! Judging a logout token, for the endpoint that providers tell of logouts.

use portvakt_digdir::verify;
use portvakt_jose::{Jwks, UnixTime};
use portvakt_oidc::{
    Issuer, LogoutToken, LogoutTokenError, LogoutTokenExpectation, LogoutTokenRefusal,
};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answers::seconds;
use crate::boundary::{Failure, algorithms, read, time, write};

/// Judges a logout token. Only one that names a session is accepted.
#[wasm_bindgen]
pub fn verify_logout_token(
    token: &str,
    jwks: &str,
    options: JsValue,
    now: f64,
) -> Result<JsValue, JsValue> {
    let options = read::<LogoutTokenOptions>(options)?;
    let jwks = verify::parse_jwks(None, jwks.as_bytes()).map_err(Failure::from)?;
    let token = options.judge(token, &jwks, time(now)?)?;
    let order = LogoutOrder::of(&token).map_err(Failure::from)?;
    Ok(write(&order)?)
}

/// What a logout token must say, as the driver hands it over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogoutTokenOptions {
    issuer: String,
    client_ids: Vec<String>,
    algorithms: Option<Vec<String>>,
    clock_tolerance_seconds: Option<u32>,
}

impl LogoutTokenOptions {
    fn judge(&self, token: &str, jwks: &Jwks, now: UnixTime) -> Result<LogoutToken, Failure> {
        let issuer = Issuer::parse(&self.issuer).map_err(portvakt_oidc::Error::from)?;
        let client_ids: Vec<_> = self.client_ids.iter().map(String::as_str).collect();
        let mut expected = LogoutTokenExpectation::new(&issuer, &client_ids);
        let algorithms = self.algorithms.as_deref().map(algorithms).transpose()?;
        if let Some(algorithms) = &algorithms {
            expected.algorithms = algorithms;
        }
        if let Some(seconds) = self.clock_tolerance_seconds {
            expected.clock_tolerance_seconds = seconds;
        }
        let token = portvakt_oidc::verify_logout_token(token, jwks, &expected, now)?;
        Ok(token)
    }
}

/// What a verified logout token orders. Whose session it was is not handed on: nobody needs it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogoutOrder<'a> {
    sid: &'a str,
    jti: &'a str,
    replayable_until: f64,
}

impl<'a> LogoutOrder<'a> {
    fn of(token: &'a LogoutToken) -> Result<Self, LogoutTokenRefusal> {
        Ok(Self {
            sid: token.sid().ok_or(LogoutTokenError::SidMissing)?,
            jti: token.jti(),
            replayable_until: seconds(token.replayable_until()),
        })
    }
}

impl From<LogoutTokenRefusal> for Failure {
    fn from(refusal: LogoutTokenRefusal) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.sentence(),
            rule: refusal.source_of_rule(),
            description: None,
        }
    }
}
