//! The verification of a token, in steps that each need less trust than the next.

use alloc::vec::Vec;
use core::fmt;

use crate::compact::{Compact, MAX_TOKEN_BYTES};
use crate::json::{self, Object, Value};
use crate::jwks::Jwk;
use crate::{Algorithm, Error, Header, Jwks, TypRule, base64url};

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

/// A token of the right form whose header meets the policy; who made it is not known.
struct UnverifiedJws<'t> {
    parts: Compact<'t>,
    header: Header,
    signature: Vec<u8>,
}

impl<'t> UnverifiedJws<'t> {
    fn parse(token: &'t str, policy: &JwsPolicy<'_>) -> Result<Self, Error> {
        let parts = Compact::split(token, policy.max_bytes)?;
        let header = Header::parse(parts.header, policy.algorithms, policy.typ)?;
        if parts.signature.len() > MAX_SIGNATURE_CHARACTERS {
            return Err(Error::SignatureInvalid);
        }
        let signature = base64url::decode(parts.signature).map_err(|_| Error::Malformed)?;
        Ok(Self {
            parts,
            header,
            signature,
        })
    }

    /// Chooses the key and puts the question that cryptography answers.
    fn question<'a>(&'a self, jwks: &'a Jwks) -> Result<SignatureQuestion<'a>, Error> {
        Ok(SignatureQuestion {
            key: jwks.choose(self.header.kid(), self.header.algorithm())?,
            algorithm: self.header.algorithm(),
            signing_input: self.parts.signing_input.as_bytes(),
            signature: &self.signature,
        })
    }

    /// The payload, decoded only when it is known who signed it.
    fn into_verified(self, answer: SignatureAnswer) -> Result<VerifiedJws, Error> {
        match answer {
            SignatureAnswer::No => Err(Error::SignatureInvalid),
            SignatureAnswer::Yes => {
                let payload =
                    base64url::decode(self.parts.payload).map_err(|_| Error::Malformed)?;
                Ok(VerifiedJws {
                    header: self.header,
                    payload,
                })
            }
        }
    }
}

/// The signature of the largest RSA key, 512 bytes, in base64url.
const MAX_SIGNATURE_CHARACTERS: usize = 683;

/// Has the holder of the key made this signature over this input?
struct SignatureQuestion<'a> {
    key: &'a Jwk,
    algorithm: Algorithm,
    signing_input: &'a [u8],
    signature: &'a [u8],
}

impl SignatureQuestion<'_> {
    fn answer(&self) -> SignatureAnswer {
        let Self {
            key,
            algorithm,
            signing_input,
            signature,
        } = self;
        if key
            .public_key
            .has_signed(*algorithm, signing_input, signature)
        {
            SignatureAnswer::Yes
        } else {
            SignatureAnswer::No
        }
    }
}

enum SignatureAnswer {
    Yes,
    No,
}

/// A JWS whose signature was verified; there is no other way to come by one.
#[derive(Clone, Eq, PartialEq)]
pub struct VerifiedJws {
    header: Header,
    payload: Vec<u8>,
}

impl VerifiedJws {
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

/// A JWT whose signature was verified; there is no other way to come by one.
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

    fn from_jws(jws: VerifiedJws) -> Result<Self, Error> {
        let VerifiedJws { header, payload } = jws;
        let claims = json::parse(&payload, payload.len())
            .ok()
            .and_then(Value::into_object)
            .ok_or(Error::ClaimsMalformed)?;
        Ok(Self { header, claims })
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
