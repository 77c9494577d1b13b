//! The verification of a token in one, and what comes out of it.

use alloc::vec::Vec;
use core::fmt;

use crate::compact::MAX_TOKEN_BYTES;
use crate::json::{self, Object, Value};
use crate::signature::UnverifiedJws;
use crate::{Algorithm, Error, Header, Jwks, TypRule};

/// What a token must be, as the application has configured it; nothing here comes from the token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct JwsPolicy<'a> {
    /// The algorithms that are accepted. With an empty list no token is.
    pub algorithms: &'a [Algorithm],
    /// The types of token that are accepted.
    pub typ: TypRule<'a>,
    /// The largest token that is accepted, in bytes; above [`MAX_TOKEN_BYTES`], which is the
    /// default, it has no effect.
    pub max_bytes: usize,
}

impl<'a> JwsPolicy<'a> {
    /// A policy with the default size limit.
    #[must_use]
    pub const fn new(algorithms: &'a [Algorithm], typ: TypRule<'a>) -> Self {
        Self {
            algorithms,
            typ,
            max_bytes: MAX_TOKEN_BYTES,
        }
    }
}

/// Verifies a JWT: its form, its header, its signature by a key of the set, and that its payload
/// is one strict JSON object.
///
/// What the claims say is then checked with [`VerifiedJwt::checks`].
///
/// # Errors
///
/// - Those of [`verify_jws`].
/// - `token_claims_malformed`: the payload is not a strict JSON object.
pub fn verify(token: &str, jwks: &Jwks, policy: &JwsPolicy<'_>) -> Result<VerifiedJwt, Error> {
    VerifiedJwt::from_jws(verify_jws(token, jwks, policy)?)
}

/// Verifies a compact JWS: its form, its header and its signature by a key of the set.
///
/// # Errors
///
/// In the order in which they are looked for:
///
/// - `token_too_large`, `token_malformed`, `token_encrypted`: the form.
/// - `token_header_malformed`, `token_crit_unsupported`, `token_b64_unsupported`,
///   `token_alg_missing`, `token_alg_not_allowed`, `token_typ_missing`, `token_typ_mismatch`: the
///   header.
/// - `token_key_unknown`, `token_key_alg_mismatch`, `token_key_unsuitable`, `token_key_ambiguous`:
///   the key.
/// - `token_signature_invalid`.
pub fn verify_jws(token: &str, jwks: &Jwks, policy: &JwsPolicy<'_>) -> Result<VerifiedJws, Error> {
    let unverified = UnverifiedJws::parse(token, policy)?;
    let question = unverified.question(jwks)?;
    let answer = question.answer();
    unverified.into_verified(answer)
}

/// A JWS whose signature was verified: by [`verify_jws`], or by way of [`UnverifiedJws`] with an
/// answer that somebody else answers for. There is no other way to come by one.
#[derive(Clone, Eq, PartialEq)]
pub struct VerifiedJws {
    header: Header,
    payload: Vec<u8>,
}

impl VerifiedJws {
    pub(crate) const fn new(header: Header, payload: Vec<u8>) -> Self {
        Self { header, payload }
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The payload, whatever it is.
    #[must_use]
    pub const fn payload(&self) -> &[u8] {
        self.payload.as_slice()
    }
}

/// Prints no payload.
impl fmt::Debug for VerifiedJws {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedJws")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// A JWT whose signature was verified: made by [`verify`] or of a [`VerifiedJws`], and in no other
/// way.
///
/// That the claims are true for the caller is another matter: see [`VerifiedJwt::checks`].
///
/// ```compile_fail,E0451
/// use portvakt_jose::{Header, VerifiedJwt, json::Object};
///
/// fn forge(header: Header, claims: Object) -> VerifiedJwt {
///     VerifiedJwt { header, claims }
/// }
/// ```
#[derive(Clone, PartialEq)]
pub struct VerifiedJwt {
    header: Header,
    claims: Object,
}

impl VerifiedJwt {
    pub(crate) const fn new(header: Header, claims: Object) -> Self {
        Self { header, claims }
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The claims as they were signed.
    #[must_use]
    pub const fn claims(&self) -> &Object {
        &self.claims
    }

    /// The claims as they were signed.
    #[must_use]
    pub fn into_claims(self) -> Object {
        self.claims
    }

    /// Reads the claims of a token whose signature was verified.
    ///
    /// # Errors
    ///
    /// `token_claims_malformed`: the payload is not a strict JSON object.
    pub fn from_jws(jws: VerifiedJws) -> Result<Self, Error> {
        let VerifiedJws { header, payload } = jws;
        Ok(Self::new(header, read_claims(&payload)?))
    }
}

/// Prints the number of claims, and none of them.
impl fmt::Debug for VerifiedJwt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedJwt")
            .field("header", &self.header)
            .field("claims", &self.claims)
            .finish()
    }
}

/// The claims that a payload is.
pub(crate) fn read_claims(payload: &[u8]) -> Result<Object, Error> {
    json::parse_shared(payload, MAX_TOKEN_BYTES)
        .ok()
        .and_then(Value::into_object)
        .ok_or(Error::ClaimsMalformed)
}
