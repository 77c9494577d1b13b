//! Judging a logout token, for the endpoint that providers tell of logouts.

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_digdir::verify;
use portvakt_jose::{Jwks, UnixTime};
use portvakt_oidc::{
    Issuer, LogoutToken, LogoutTokenError, LogoutTokenExpectation, LogoutTokenRefusal,
};

use crate::boundary::{Answer, Answered, Arguments, Failure, Options, read, refused, time, write};

/// Judges a logout token, `token, jwks, options, now`. Only one that names a session is accepted.
pub(super) fn verify_logout_token(arguments: &mut Arguments<'_>) -> Answered {
    let (token, jwks) = (arguments.text()?, arguments.text()?);
    let jwks = verify::parse_jwks(None, jwks.as_bytes())?;
    let options = read(arguments.text()?)?;
    let token = judge(options, token, &jwks, time(arguments)?)?;
    write(order(&token)?)
}

/// Judges a token by what it must say, as the driver hands it over.
fn judge(
    mut options: Options,
    token: &str,
    jwks: &Jwks,
    now: UnixTime,
) -> Result<LogoutToken, Failure> {
    let issuer = options.text("issuer");
    let client_ids = options.optional_texts("clientIds");
    let algorithms = options.optional_algorithms();
    let clock_tolerance_seconds = options.optional_number("clockToleranceSeconds");
    options.end()?;
    let issuer = Issuer::parse(&issuer).map_err(portvakt_oidc::Error::from)?;
    let client_ids = client_ids.ok_or_else(refused)?;
    let client_ids: Vec<_> = client_ids.iter().map(String::as_str).collect();
    let mut expected = LogoutTokenExpectation::new(&issuer, &client_ids);
    if let Some(algorithms) = &algorithms {
        expected.algorithms = algorithms;
    }
    if let Some(seconds) = clock_tolerance_seconds {
        expected.clock_tolerance_seconds = seconds;
    }
    Ok(portvakt_oidc::verify_logout_token(
        token, jwks, &expected, now,
    )?)
}

/// What a verified logout token orders. Whose session it was is not handed on: nobody needs it.
fn order(token: &LogoutToken) -> Result<Answer, LogoutTokenRefusal> {
    let sid = token.sid().ok_or(LogoutTokenError::SidMissing)?;
    let mut answer = Answer::new();
    answer
        .with("sid", sid)
        .with("jti", token.jti())
        .with("replayableUntil", token.replayable_until().as_secs());
    Ok(answer)
}

impl From<LogoutTokenRefusal> for Failure {
    fn from(refusal: LogoutTokenRefusal) -> Self {
        Self::of(refusal.row())
    }
}
