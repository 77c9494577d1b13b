//! The judgement of an id_token. OIDC Core §3.1.3.7.

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::Object;
use portvakt_jose::{
    Algorithm, Error as TokenError, Jwks, JwsPolicy, SignatureAnswer, TypRule, UnixTime,
    UnverifiedJws, VerifiedJwt, base64url, verify,
};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::{ExpectedNonce, IdToken, IdTokenExpectation};
use crate::check::Check;
use crate::error::{Error, IdTokenError};
use crate::secret::{AccessToken, RawIdToken};

/// How long ago an id_token may have been issued when it arrives, in seconds, besides the clock
/// tolerance.
///
/// It comes straight from the token endpoint, so that it is seconds old. Some providers date it
/// five minutes back, for the sake of devices whose clocks are slow.
pub const MAX_ID_TOKEN_AGE_SECONDS: u32 = 600;

/// Judges an id_token by OIDC Core §3.1.3.7, and says which steps that took.
///
/// This is what [`CompleteLogin`](crate::CompleteLogin) does with the id_token that it receives.
///
/// # Errors
/// `misuse_client_id`, `misuse_algorithms` and `misuse_clock_tolerance` for an expectation that
/// cannot be; otherwise the `token_*` codes, of which `token_key_unknown` may mean that the keys
/// are out of date.
pub fn verify_id_token(
    token: &RawIdToken,
    keys: &Jwks,
    expected: &IdTokenExpectation<'_>,
    now: UnixTime,
) -> Result<(IdToken, Vec<Check>), Error> {
    expected.check()?;
    let policy = JwsPolicy::new(expected.algorithms, ID_TOKEN_TYP);
    let verified = verify(token.expose(), keys, &policy)?;
    judge_id_token(token.clone(), verified, expected, now)
}

/// Reads an id_token of which the signature is to be checked next.
///
/// (1) An encrypted token is refused: this client is not registered for encryption.
/// (7) The algorithm is one of the client's; the token's header chooses among these only.
/// (8) MACs with the client secret: there is no such algorithm here, and no secret.
pub(crate) fn unverified_id_token(
    token: &RawIdToken,
    algorithms: &[Algorithm],
) -> Result<UnverifiedJws, TokenError> {
    UnverifiedJws::parse(token.expose(), &JwsPolicy::new(algorithms, ID_TOKEN_TYP))
}

/// Judges what an id_token says, of which `token` is the outcome of checking the signature.
pub(crate) fn judge_id_token(
    raw: RawIdToken,
    token: VerifiedJwt,
    expected: &IdTokenExpectation<'_>,
    now: UnixTime,
) -> Result<(IdToken, Vec<Check>), Error> {
    // The numbers are those of the specification. Nothing that a token says is looked at before its
    // signature is known to be good, so that (1) and (6) to (8) have come first.
    // (6) The signature, always, though TLS with the token endpoint would be permitted to stand in
    // for it.
    let mut checks = Vec::from([Check::Signature, Check::Algorithm, Check::Typ]);

    let claim = token.checks(now, expected.clock_tolerance_seconds);

    // (2) The issuer, as an exact string.
    claim.issuer(expected.issuer.as_str())?;
    checks.push(Check::Iss);

    // (3) The audience is this client, and nobody else: no other is trusted.
    claim.audience(expected.client_id, &[])?;
    checks.push(Check::Aud);

    // (4) (5) The authorized party, if named, is this client.
    claim.authorized_party(expected.client_id)?;
    if token.claims().contains("azp") {
        checks.push(Check::Azp);
    }

    // (9) Not expired. And not for later: RFC 7519 §4.1.5.
    let expires_at = claim.expiry()?;
    checks.push(Check::Exp);
    claim.not_before()?;
    if token.claims().contains("nbf") {
        checks.push(Check::Nbf);
    }

    // (10) Issued just now.
    let issued_at = claim.issued_at(MAX_ID_TOKEN_AGE_SECONDS)?;
    checks.push(Check::Iat);

    // (11) The nonce that was sent, compared in constant time.
    if let ExpectedNonce::Is(nonce) = expected.nonce {
        check_nonce(token.claims(), nonce)?;
        checks.push(Check::Nonce);
    }

    // (12) How the person was authenticated, where that matters.
    if !expected.acceptable_acr.is_empty() {
        check_acr(token.claims(), expected.acceptable_acr)?;
        checks.push(Check::Acr);
    }

    // (13) When.
    let auth_time = auth_time(token.claims())?;
    if check_auth_time(auth_time, expected, now)? {
        checks.push(Check::AuthTime);
    }

    // §2: who.
    claim.subject()?;
    checks.push(Check::Sub);

    // §3.1.3.8: the access token that came along.
    if let (Some(at_hash), Some(access_token)) =
        (token.claims().get("at_hash"), expected.access_token)
    {
        let at_hash = at_hash.as_str().ok_or(IdTokenError::AtHashMalformed)?;
        check_at_hash(at_hash, access_token, token.header().algorithm())?;
        checks.push(Check::AtHash);
    }

    let id_token = IdToken {
        raw,
        claims: token.into_claims(),
        issued_at,
        expires_at,
        auth_time,
    };
    Ok((id_token, checks))
}

/// Reads an id_token that was verified before it was kept: from whom, for whom and about whom it
/// is, but neither its signature nor whether it is still valid.
pub(crate) fn kept_id_token(
    raw: RawIdToken,
    issuer: &str,
    client_id: &str,
    algorithms: &[Algorithm],
) -> Option<IdToken> {
    let token = unverified_id_token(&raw, algorithms).ok()?;
    // Cryptography has said so when the person signed in.
    let token = token.into_verified_jwt(SignatureAnswer::Yes).ok()?;
    // The time does not matter to these.
    let claim = token.checks(UnixTime::new(0), 0);
    claim.issuer(issuer).ok()?;
    claim.audience(client_id, &[]).ok()?;
    claim.authorized_party(client_id).ok()?;
    claim.subject().ok()?;
    let date = |name| UnixTime::from_numeric_date(token.claims().get(name)?.as_number()?);
    Some(IdToken {
        issued_at: date("iat")?,
        expires_at: date("exp")?,
        auth_time: auth_time(token.claims()).ok()?,
        claims: token.into_claims(),
        raw,
    })
}

/// Whether a token may have been refused because the keys are not the issuer's current ones.
pub(crate) fn may_be_other_keys(error: TokenError) -> bool {
    // The signature too: keys without `kid`, or with one that is used again, are replaced as well.
    matches!(error, TokenError::UnknownKey | TokenError::SignatureInvalid)
}

/// Absent, or `JWT`: never `at+jwt`, `logout+jwt` or `dpop+jwt`. RFC 8725 §3.11.
const ID_TOKEN_TYP: TypRule<'static> = TypRule::AbsentOr("JWT");

fn check_nonce(claims: &Object, expected: &str) -> Result<(), IdTokenError> {
    let nonce = claims.get("nonce").ok_or(IdTokenError::NonceMissing)?;
    let is_same = nonce
        .as_str()
        .is_some_and(|nonce| nonce.as_bytes().ct_eq(expected.as_bytes()).into());
    if is_same {
        Ok(())
    } else {
        Err(IdTokenError::NonceMismatch)
    }
}

fn check_acr(claims: &Object, acceptable: &[String]) -> Result<(), IdTokenError> {
    let acr = claims.get("acr").ok_or(IdTokenError::AcrMissing)?;
    let acr = acr.as_str().ok_or(IdTokenError::AcrMalformed)?;
    if acceptable.iter().any(|candidate| candidate == acr) {
        Ok(())
    } else {
        Err(IdTokenError::AcrNotAcceptable)
    }
}

fn auth_time(claims: &Object) -> Result<Option<UnixTime>, IdTokenError> {
    claims
        .get("auth_time")
        .map(|value| {
            value
                .as_number()
                .and_then(UnixTime::from_numeric_date)
                .ok_or(IdTokenError::AuthTimeMalformed)
        })
        .transpose()
}

/// Says whether there was a limit to compare with.
fn check_auth_time(
    auth_time: Option<UnixTime>,
    expected: &IdTokenExpectation<'_>,
    now: UnixTime,
) -> Result<bool, IdTokenError> {
    let tolerance = u64::from(expected.clock_tolerance_seconds);
    if auth_time.is_some_and(|auth_time| auth_time > now.saturating_add(tolerance)) {
        return Err(IdTokenError::AuthTimeInTheFuture);
    }
    match (auth_time, expected.authenticated_since) {
        (_, None) => Ok(false),
        (None, Some(_)) if expected.auth_time_is_optional => Ok(false),
        (None, Some(_)) => Err(IdTokenError::AuthTimeMissing),
        (Some(auth_time), Some(since)) if auth_time.saturating_add(tolerance) < since => {
            Err(IdTokenError::AuthTimeTooOld)
        }
        (Some(_), Some(_)) => Ok(true),
    }
}

/// The left half of the hash of the access token, by the hash function of the id_token's algorithm.
fn check_at_hash(
    at_hash: &str,
    access_token: &AccessToken,
    algorithm: Algorithm,
) -> Result<(), IdTokenError> {
    let token = access_token.expose().as_bytes();
    let expected = match algorithm {
        // Ed25519 hashes with SHA-512: RFC 8032 §5.1.
        Algorithm::EdDsa => left_half(&Sha512::digest(token)),
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => left_half(&Sha256::digest(token)),
    };
    if at_hash.as_bytes().ct_eq(expected.as_bytes()).into() {
        Ok(())
    } else {
        Err(IdTokenError::AtHashMismatch)
    }
}

fn left_half(hash: &[u8]) -> String {
    let (left, _) = hash.split_at(hash.len() / 2);
    base64url::encode(left)
}
