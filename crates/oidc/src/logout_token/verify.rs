//! The judgement of a logout token. OIDC Back-Channel Logout §2.6.

use alloc::string::String;

use portvakt_jose::json::{Object, Value};
use portvakt_jose::{ClaimChecks, Error as TokenError, Jwks, JwsPolicy, TypRule, UnixTime, verify};

use super::{LogoutToken, LogoutTokenError, LogoutTokenExpectation, LogoutTokenRefusal};

/// The event that a logout token tells of. OIDC Back-Channel Logout §2.4.
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How long ago a logout token may have been issued when it arrives, in seconds, besides the clock
/// tolerance.
///
/// It is posted at once, and once only. ID-porten's expire five minutes later; no token is of use
/// for longer than twice that, whatever its `exp` says, so that its `jti` can be forgotten.
pub const MAX_LOGOUT_TOKEN_AGE_SECONDS: u32 = 600;

/// The longest `sid`, in bytes. Providers' have 43 to 64.
pub const MAX_SID_BYTES: usize = 255;

/// The longest `jti`, in bytes. It is remembered, and a UUID has 36.
pub const MAX_JTI_BYTES: usize = 255;

/// Judges a logout token by OIDC Back-Channel Logout §2.6.
///
/// Step (7), that no token with the same `jti` came before, is left to the caller, who has the
/// memory for it; [`LogoutToken::replayable_until`] says for how long. So are the steps (8) to (10),
/// that there is such a session: a logout of an unknown one changes nothing.
///
/// Stricter than the specification, which only recommends it, the header must have the `typ`
/// `logout+jwt`: the provider signs other tokens with the same keys (RFC 8725 §3.11).
///
/// # Errors
/// `misuse_client_id`, `misuse_algorithms` and `misuse_clock_tolerance` for an expectation that
/// cannot be; otherwise the `token_*` codes, of which `token_key_unknown` may mean that the keys
/// are out of date.
pub fn verify_logout_token(
    token: &str,
    keys: &Jwks,
    expected: &LogoutTokenExpectation<'_>,
    now: UnixTime,
) -> Result<LogoutToken, LogoutTokenRefusal> {
    expected.check()?;

    // The numbers are those of the specification.

    // (1) An encrypted token is refused: no client is registered for encryption.
    // (2) The signature, always, with an algorithm of the client's.
    let policy = JwsPolicy::new(expected.algorithms, LOGOUT_TOKEN_TYP);
    let token = verify(token, keys, &policy)?;

    // (3) iss, aud, iat and exp as of an id_token.
    let claim = token.checks(now, expected.clock_tolerance_seconds);
    claim.issuer(expected.issuer.as_str())?;
    check_audience(&claim, expected.client_ids)?;
    let expires_at = claim.expiry()?;
    claim.not_before()?;
    let issued_at = claim.issued_at(MAX_LOGOUT_TOKEN_AGE_SECONDS)?;

    // (4) Whose session, or which.
    let sid = sid(token.claims())?;
    let sub = match token.claims().get("sub") {
        Some(_) => Some(claim.subject()?),
        None => None,
    };
    match sid {
        Some(_) => {}
        None if sub.is_none() => return Err(LogoutTokenError::SessionMissing.into()),
        None if expected.sid_is_required => return Err(LogoutTokenError::SidMissing.into()),
        None => {}
    }

    // (5) The event, which is what makes it a logout token.
    check_events(token.claims())?;

    // (6) No nonce, even if it were null, so that an id_token is never taken for a logout token.
    if token.claims().contains("nonce") {
        return Err(LogoutTokenError::NoncePresent.into());
    }

    // (7) The name by which a replay is told.
    let jti = jti(token.claims())?;

    // The first moment at which either exp or iat is refused.
    let tolerance = u64::from(expected.clock_tolerance_seconds);
    let too_old = issued_at.saturating_add(u64::from(MAX_LOGOUT_TOKEN_AGE_SECONDS) + 1);
    Ok(LogoutToken {
        sid: sid.map(String::from),
        sub: sub.map(String::from),
        jti: String::from(jti),
        issued_at,
        replayable_until: expires_at.min(too_old).saturating_add(tolerance),
    })
}

/// OIDC Back-Channel Logout §2.4.
const LOGOUT_TOKEN_TYP: TypRule<'static> = TypRule::Required("logout+jwt");

/// One of the clients, and nobody else.
fn check_audience(claim: &ClaimChecks<'_>, client_ids: &[&str]) -> Result<(), TokenError> {
    for client_id in client_ids {
        match claim.audience(client_id, client_ids) {
            Err(TokenError::AudienceMismatch) => {}
            decided => return decided,
        }
    }
    Err(TokenError::AudienceMismatch)
}

/// Its syntax is that of a `client_id` (§2.4): printable ASCII, RFC 6749 §A.1.
fn sid(claims: &Object) -> Result<Option<&str>, LogoutTokenError> {
    let Some(sid) = claims.get("sid") else {
        return Ok(None);
    };
    sid.as_str()
        .filter(|sid| (1..=MAX_SID_BYTES).contains(&sid.len()))
        .filter(|sid| sid.bytes().all(|byte| matches!(byte, 0x20..=0x7e)))
        .map(Some)
        .ok_or(LogoutTokenError::SidMalformed)
}

/// An object with the event as a member, whose value is an object too. Others may stand beside it.
fn check_events(claims: &Object) -> Result<(), LogoutTokenError> {
    let events = claims
        .get("events")
        .ok_or(LogoutTokenError::EventsMissing)?
        .as_object()
        .ok_or(LogoutTokenError::EventsMalformed)?;
    match events.get(LOGOUT_EVENT) {
        Some(Value::Object(_)) => Ok(()),
        Some(_) => Err(LogoutTokenError::EventsMalformed),
        None => Err(LogoutTokenError::EventMismatch),
    }
}

fn jti(claims: &Object) -> Result<&str, LogoutTokenError> {
    claims
        .get("jti")
        .ok_or(LogoutTokenError::JtiMissing)?
        .as_str()
        .filter(|jti| (1..=MAX_JTI_BYTES).contains(&jti.len()))
        .ok_or(LogoutTokenError::JtiMalformed)
}
