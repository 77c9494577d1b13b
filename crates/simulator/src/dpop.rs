//! Proof of possession (RFC 9449): who presents a token also shows that they hold a key.
//!
//! The token endpoint binds tokens to the key of the proof that came with the request, and whoever takes
//! such a token checks it against a proof of the same key.

mod key;

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::bounded::Bounded;
use crate::keys::{Algorithm, decode_object};
use crate::origins::Origin;
use crate::random;

use self::key::ProofKey;

/// The header with the proof (RFC 9449 §4.1).
pub(crate) const PROOF: HeaderName = HeaderName::from_static("dpop");

/// The header with a nonce for the next proof (RFC 9449 §8).
pub(crate) const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// How far `iat` may be from the server's time, in seconds either way.
///
/// Source: Digdir's general tolerance for JWTs that clients make, ±10 s.
const IAT_WINDOW: u64 = 10;

/// The same where [`Switch::DpopWideIat`](crate::Switch::DpopWideIat) is on.
const WIDE_IAT_WINDOW: u64 = 300;

/// How long a nonce is handed out, in seconds; it is accepted for as long again.
const NONCE_PERIOD: u64 = 60;

/// The longest proof, in bytes: a key of 4096 bits and every claim fit in half of it.
const MAX_PROOF: usize = 4 * 1024;

/// The longest `jti`, in bytes.
const MAX_JTI: usize = 256;

/// How many proofs are remembered: far more than a developer makes while one can be replayed.
const MAX_SEEN: usize = 50_000;

/// What the services remember about proofs.
#[derive(Debug)]
pub(crate) struct Dpop {
    /// Nonces follow from it and the time.
    nonces: hmac::Key,
    /// The proofs that were accepted, by key and `jti`.
    seen: Mutex<Bounded<()>>,
}

/// The request that a proof must be for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proven<'a> {
    pub(crate) method: &'a str,
    /// The absolute URL without a query.
    pub(crate) url: &'a str,
    /// The token that is presented along with it.
    pub(crate) access_token: Option<&'a str>,
    /// The origin whose nonce the proof must carry.
    pub(crate) nonce_of: Option<Origin>,
    /// Whether `iat` may be minutes off.
    pub(crate) is_lenient: bool,
}

/// Why a proof is refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ProofError {
    /// What is wrong with it.
    Invalid(&'static str),
    /// It must carry this nonce.
    NonceNeeded(String),
}

/// How an access token is presented (RFC 6750 §2.1, RFC 9449 §7.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    Bearer,
    Dpop,
}

/// Why a token is refused for how it is presented.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum PossessionError {
    /// It is bound to a key and came as `Bearer`.
    BoundAsBearer,
    /// It is bound to no key and came as `DPoP`.
    NotBound,
    /// It is bound to another key than the proof's.
    OtherKey,
    /// There is no proof, or a bad one.
    Proof(&'static str),
    /// The proof must carry this nonce.
    NonceNeeded(String),
}

impl Dpop {
    pub(crate) fn new() -> Self {
        Self {
            nonces: hmac::Key::new(hmac::HMAC_SHA256, &random::bytes::<32>()),
            seen: Mutex::new(Bounded::new(MAX_SEEN)),
        }
    }

    /// The thumbprint (RFC 7638) of the key that a request proves possession of; `None` without a proof.
    ///
    /// The numbers are those of RFC 9449 §4.3.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        request: Proven<'_>,
        now: u64,
    ) -> Result<Option<String>, ProofError> {
        let mut proofs = headers.get_all(&PROOF).iter();
        let Some(proof) = proofs.next() else {
            return Ok(None);
        };
        // (1) one proof, (2) a compact JWT.
        if proofs.next().is_some() {
            return Err(ProofError::Invalid("The header DPoP is there twice."));
        }
        let proof = proof
            .to_str()
            .ok()
            .filter(|proof| proof.len() <= MAX_PROOF)
            .ok_or(ProofError::Invalid("The proof is no compact JWS."))?;
        let (key, claims) = verified(proof)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let jti = text("jti")
            .filter(|jti| (1..=MAX_JTI).contains(&jti.len()))
            .ok_or(ProofError::Invalid("The proof has no jti."))?;
        if text("htm") != Some(request.method) {
            return Err(ProofError::Invalid(
                "The htm is not the method of the request.",
            ));
        }
        if text("htu") != Some(request.url) {
            return Err(ProofError::Invalid(
                "The htu is not the URL of the request without query and fragment.",
            ));
        }
        // (10) before (11): whoever has a wrong clock can still be told the nonce.
        if let Some(origin) = request.nonce_of
            && !text("nonce").is_some_and(|nonce| self.is_nonce(nonce, origin, now))
        {
            return Err(ProofError::NonceNeeded(self.nonce(origin, now)));
        }
        let iat = claims.get("iat").and_then(Value::as_u64);
        let (window, too_far) = if request.is_lenient {
            (
                WIDE_IAT_WINDOW,
                "The iat is more than 300 seconds from the time of the server.",
            )
        } else {
            (
                IAT_WINDOW,
                "The iat is more than 10 seconds from the time of the server.",
            )
        };
        if iat.is_none_or(|iat| iat.abs_diff(now) > window) {
            return Err(ProofError::Invalid(too_far));
        }
        if let Some(token) = request.access_token {
            let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()));
            if text("ath") != Some(hash.as_str()) {
                return Err(ProofError::Invalid(
                    "The ath is not the hash of the access token.",
                ));
            }
        }
        let jkt = key.thumbprint();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{jkt} {jti}");
        if seen.get(&name).is_some() {
            return Err(ProofError::Invalid(
                "The proof was used before; each request needs its own.",
            ));
        }
        seen.insert(name, ());
        Ok(Some(jkt))
    }

    /// Checks that an access token is presented as its `cnf` demands (RFC 9449 §7).
    pub(crate) fn check_possession(
        &self,
        scheme: Scheme,
        claims: &Map<String, Value>,
        headers: &HeaderMap,
        request: Proven<'_>,
        now: u64,
    ) -> Result<(), PossessionError> {
        let bound_to = claims
            .get("cnf")
            .and_then(|confirmation| confirmation.get("jkt"))
            .and_then(Value::as_str);
        match (scheme, bound_to) {
            (Scheme::Bearer, None) => Ok(()),
            (Scheme::Bearer, Some(_)) => Err(PossessionError::BoundAsBearer),
            (Scheme::Dpop, None) => Err(PossessionError::NotBound),
            (Scheme::Dpop, Some(bound_to)) => match self.check(headers, request, now) {
                Ok(Some(jkt)) if jkt == bound_to => Ok(()),
                Ok(Some(_)) => Err(PossessionError::OtherKey),
                Ok(None) => Err(PossessionError::Proof("The header DPoP is missing.")),
                Err(ProofError::Invalid(why)) => Err(PossessionError::Proof(why)),
                Err(ProofError::NonceNeeded(nonce)) => Err(PossessionError::NonceNeeded(nonce)),
            },
        }
    }

    /// The nonce of an origin for the next proof.
    pub(crate) fn nonce(&self, origin: Origin, now: u64) -> String {
        self.nonce_of_period(origin, now / NONCE_PERIOD)
    }

    fn is_nonce(&self, nonce: &str, origin: Origin, now: u64) -> bool {
        let period = now / NONCE_PERIOD;
        [period, period.saturating_sub(1)]
            .iter()
            .any(|&period| nonce == self.nonce_of_period(origin, period))
    }

    fn nonce_of_period(&self, origin: Origin, period: u64) -> String {
        let input = format!("{} {period}", origin.as_str());
        let tag = hmac::sign(&self.nonces, input.as_bytes());
        URL_SAFE_NO_PAD.encode(&tag.as_ref()[..16])
    }
}

impl Scheme {
    /// The access token of a request and how it is presented; `None` where there is none.
    pub(crate) fn of(headers: &HeaderMap) -> Option<(Self, &str)> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Self::Bearer,
            "dpop" => Self::Dpop,
            _ => return None,
        };
        let token = token.trim();
        (!token.is_empty()).then_some((scheme, token))
    }

    /// The name in `WWW-Authenticate`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}

impl PossessionError {
    /// The challenge of RFC 9449 §7.1.
    pub(crate) fn challenge(&self) -> String {
        let (error, description) = match self {
            Self::BoundAsBearer => (
                "invalid_token",
                "The token is bound to a key; send it with the scheme DPoP and a proof.",
            ),
            Self::NotBound => (
                "invalid_token",
                "The token is bound to no key; send it with the scheme Bearer.",
            ),
            Self::OtherKey => (
                "invalid_token",
                "The token is bound to another key than the one of the proof.",
            ),
            Self::Proof(why) => ("invalid_dpop_proof", *why),
            Self::NonceNeeded(_) => (
                "use_dpop_nonce",
                "The proof must carry the nonce of the header DPoP-Nonce.",
            ),
        };
        format!(
            "DPoP error=\"{error}\", error_description=\"{description}\", algs=\"{}\"",
            algorithms().join(" ")
        )
    }

    /// Writes challenge and nonce into the response.
    pub(crate) fn mark(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Ok(challenge) = HeaderValue::from_str(&self.challenge()) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Self::NonceNeeded(nonce) = self {
            add_nonce(response, nonce);
        }
    }
}

/// Hands out a nonce.
pub(crate) fn add_nonce(response: &mut Response, nonce: &str) {
    // Base64url is visible ASCII.
    if let Ok(nonce) = HeaderValue::from_str(nonce) {
        response.headers_mut().insert(NONCE, nonce);
    }
}

/// The algorithms of proofs, for the metadata and for challenges.
pub(crate) fn algorithms() -> [&'static str; 4] {
    [
        Algorithm::Es256,
        Algorithm::EdDsa,
        Algorithm::Rs256,
        Algorithm::Ps256,
    ]
    .map(Algorithm::as_str)
}

/// The key and the claims of a proof whose signature is that key's: (3) to (7) of RFC 9449 §4.3.
fn verified(proof: &str) -> Result<(ProofKey, Map<String, Value>), ProofError> {
    let malformed = || ProofError::Invalid("The proof is no compact JWS.");
    let (input, signature) = proof.rsplit_once('.').ok_or_else(malformed)?;
    let (header, claims) = input.split_once('.').ok_or_else(malformed)?;
    let header = decode_object(header).map_err(|_| malformed())?;
    if header.get("typ").and_then(Value::as_str) != Some("dpop+jwt") {
        return Err(ProofError::Invalid("The typ of the proof is not dpop+jwt."));
    }
    if header.contains_key("crit") {
        return Err(ProofError::Invalid(
            "The proof has extensions that are not understood.",
        ));
    }
    let algorithm = header
        .get("alg")
        .and_then(Value::as_str)
        .and_then(|name| name.parse::<Algorithm>().ok())
        .ok_or(ProofError::Invalid(
            "The alg of the proof is none of ES256, EdDSA, RS256 and PS256.",
        ))?;
    let jwk = header
        .get("jwk")
        .and_then(Value::as_object)
        .ok_or(ProofError::Invalid("The proof has no jwk."))?;
    let key = ProofKey::parse(algorithm, jwk).map_err(ProofError::Invalid)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed())?;
    if !key.verify(input.as_bytes(), &signature) {
        return Err(ProofError::Invalid("The signature of the proof is wrong."));
    }
    let claims = decode_object(claims).map_err(|_| malformed())?;
    Ok((key, claims))
}
