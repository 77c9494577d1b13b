//! The judgement of an id_token. OIDC Core §3.1.3.7.

use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::json::{Object, Value};
use portvakt_jose::{
    Algorithm, Error as TokenError, Jwks, JwsPolicy, TypRule, UnixTime, base64url, verify,
};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use crate::check::Check;
use crate::error::{Error, IdTokenError};
use crate::issuer::Issuer;
use crate::secret::{AccessToken, Nonce, RawIdToken};

/// How long ago an id_token may have been issued when it arrives, in seconds, besides the clock
/// tolerance.
///
/// It comes straight from the token endpoint, so that it is seconds old. Some providers date it
/// five minutes back, for the sake of devices whose clocks are slow.
pub const MAX_ID_TOKEN_AGE_SECONDS: u32 = 600;

/// Who signed in: an id_token that was found to be genuine, valid, and the answer to this login.
///
/// Only a completed login makes one. `Debug` shows no claim.
#[derive(Clone)]
pub struct IdToken {
    raw: RawIdToken,
    claims: Object,
    issued_at: UnixTime,
    expires_at: UnixTime,
    auth_time: Option<UnixTime>,
}

impl IdToken {
    /// Who the person is to this client: unique at this issuer, and with pairwise identifiers not
    /// the same for another client. 1 to 255 ASCII characters. OIDC Core §2.
    pub fn sub(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// Every claim, as signed. OIDC Core §2, §5.1.
    pub fn claims(&self) -> &Object {
        &self.claims
    }

    /// The session at the provider, if it says: what a logout names. OIDC Front-Channel Logout §3.
    pub fn sid(&self) -> Option<&str> {
        self.text("sid")
    }

    /// The way or level of authentication, in the provider's words. OIDC Core §2.
    pub fn acr(&self) -> Option<&str> {
        self.text("acr")
    }

    /// The methods of authentication, in the provider's words; for information only. OIDC Core §2.
    pub fn amr(&self) -> Vec<&str> {
        let methods = self
            .claims
            .get("amr")
            .and_then(Value::as_array)
            .unwrap_or_default();
        methods.iter().filter_map(Value::as_str).collect()
    }

    /// When the person authenticated, if the provider says. OIDC Core §2.
    pub fn auth_time(&self) -> Option<UnixTime> {
        self.auth_time
    }

    /// When the id_token was issued.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// When the id_token expires. That is about the token, not about the session: ID-porten's live
    /// two minutes.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// The token's compact form, for `id_token_hint`. It is not for calling APIs: that is what
    /// access tokens are for.
    pub fn raw(&self) -> &RawIdToken {
        &self.raw
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IdToken")
            .field("claims", &self.claims)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What an id_token must say to be the answer to one login.
pub(crate) struct Expectations<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) client_id: &'a str,
    pub(crate) algorithms: &'a [Algorithm],
    pub(crate) clock_tolerance_seconds: u32,
    pub(crate) nonce: &'a Nonce,
    pub(crate) acceptable_acr: &'a [alloc::string::String],
    pub(crate) max_age_seconds: Option<u32>,
    pub(crate) must_reauthenticate: bool,
    pub(crate) requested_at: UnixTime,
    pub(crate) access_token: &'a AccessToken,
}

/// Judges an id_token, and says which steps that took.
///
/// The numbers are those of OIDC Core §3.1.3.7. Nothing that a token says is looked at before its
/// signature is known to be good, so that (1) and (6) to (8) come first.
pub(crate) fn validate(
    raw: &RawIdToken,
    keys: &Jwks,
    expected: &Expectations<'_>,
    now: UnixTime,
) -> Result<(IdToken, Vec<Check>), Error> {
    let mut checks = Vec::new();

    // (1) An encrypted token is refused: this client is not registered for encryption.
    // (6) The signature, always, though TLS with the token endpoint would be permitted to stand in
    // for it.
    // (7) The algorithm is one of the client's; the token's header chooses among these only.
    // (8) MACs with the client secret: there is no such algorithm here, and no secret.
    let policy = JwsPolicy::new(expected.algorithms, ID_TOKEN_TYP);
    let token = verify(raw.expose(), keys, &policy)?;
    checks.extend([Check::Signature, Check::Algorithm, Check::Typ]);

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

    // (11) The nonce, which was sent; compared in constant time.
    check_nonce(token.claims(), expected.nonce)?;
    checks.push(Check::Nonce);

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
    if let Some(at_hash) = token.claims().get("at_hash") {
        let at_hash = at_hash.as_str().ok_or(IdTokenError::AtHashMalformed)?;
        check_at_hash(at_hash, expected.access_token, token.header().algorithm())?;
        checks.push(Check::AtHash);
    }

    let id_token = IdToken {
        raw: raw.clone(),
        claims: token.into_claims(),
        issued_at,
        expires_at,
        auth_time,
    };
    Ok((id_token, checks))
}

/// Whether a token may have been refused because the keys are not the issuer's current ones.
pub(crate) fn may_be_other_keys(error: &Error) -> bool {
    // The signature too: keys without `kid`, or with one that is used again, are replaced as well.
    matches!(
        error,
        Error::Token(TokenError::UnknownKey | TokenError::SignatureInvalid)
    )
}

/// Absent, or `JWT`: never `at+jwt`, `logout+jwt` or `dpop+jwt`. RFC 8725 §3.11.
const ID_TOKEN_TYP: TypRule<'static> = TypRule::AbsentOr("JWT");

fn check_nonce(claims: &Object, expected: &Nonce) -> Result<(), IdTokenError> {
    let nonce = claims.get("nonce").ok_or(IdTokenError::NonceMissing)?;
    let is_same = nonce
        .as_str()
        .is_some_and(|nonce| nonce.as_bytes().ct_eq(expected.expose().as_bytes()).into());
    if is_same {
        Ok(())
    } else {
        Err(IdTokenError::NonceMismatch)
    }
}

fn check_acr(claims: &Object, acceptable: &[alloc::string::String]) -> Result<(), IdTokenError> {
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

/// Says whether there was anything to check.
///
/// `max_age` is about the age at the moment of the request (OIDC Core §3.1.2.1): what the person
/// did at the provider since then, choosing an organisation for instance, does not make the
/// authentication too old. How long that may take is limited by the age of the login itself.
fn check_auth_time(
    auth_time: Option<UnixTime>,
    expected: &Expectations<'_>,
    now: UnixTime,
) -> Result<bool, IdTokenError> {
    let tolerance = u64::from(expected.clock_tolerance_seconds);
    let max_age_seconds = match (expected.max_age_seconds, expected.must_reauthenticate) {
        // With `prompt=login` an authentication before the request is not the one that was asked
        // for.
        (_, true) => Some(0),
        (max_age_seconds, false) => max_age_seconds,
    };
    let Some(auth_time) = auth_time else {
        // Required where max_age was sent. `prompt=login` by itself does not oblige a provider to
        // say.
        return match expected.max_age_seconds {
            Some(_) => Err(IdTokenError::AuthTimeMissing),
            None => Ok(false),
        };
    };
    if auth_time > now.saturating_add(tolerance) {
        return Err(IdTokenError::AuthTimeInTheFuture);
    }
    if let Some(max_age_seconds) = max_age_seconds {
        let latest = auth_time
            .saturating_add(u64::from(max_age_seconds))
            .saturating_add(tolerance);
        if latest < expected.requested_at {
            return Err(IdTokenError::AuthTimeTooOld);
        }
    }
    Ok(true)
}

/// The left half of the hash of the access token, by the hash function of the id_token's algorithm.
fn check_at_hash(
    at_hash: &str,
    access_token: &AccessToken,
    algorithm: Algorithm,
) -> Result<(), IdTokenError> {
    let token = access_token.expose().as_bytes();
    let half = match algorithm {
        // Ed25519 hashes with SHA-512: RFC 8032 §5.1.
        Algorithm::EdDsa => base64url::encode(
            Sha512::digest(token)
                .iter()
                .take(32)
                .copied()
                .collect::<Vec<u8>>(),
        ),
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => base64url::encode(
            Sha256::digest(token)
                .iter()
                .take(16)
                .copied()
                .collect::<Vec<u8>>(),
        ),
    };
    if at_hash.as_bytes().ct_eq(half.as_bytes()).into() {
        Ok(())
    } else {
        Err(IdTokenError::AtHashMismatch)
    }
}
