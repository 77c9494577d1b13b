//! The one yes or no of cryptography, taken out of the verification so that anybody can answer it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::compact::Compact;
use crate::json::Object;
use crate::jwks::Jwk;
use crate::verify::{JwsPolicy, VerifiedJws, VerifiedJwt, read_claims};
use crate::{Algorithm, Error, Header, Jwks, base64url};

/// The signature of the largest RSA key.
const MAX_SIGNATURE_BYTES: usize = 512;

/// The largest payload that is read before it is known who made it.
///
/// Values can take twenty times what their text takes, and many tokens may wait at a time. Most are
/// a quarter of this.
const READ_AHEAD_BYTES: usize = 8 * 1024;

/// A token of the right form whose header meets the policy; who made it is not known.
///
/// This and [`SignatureQuestion`] are [`verify_jws`](crate::verify_jws) in steps, for those who let
/// the host's own cryptography (WebCrypto) do the arithmetic, which may take its time:
///
/// ```
/// use portvakt_jose::{Error, Jwks, JwsPolicy, SignatureAnswer, UnverifiedJws, VerifiedJwt};
///
/// fn verify(token: &str, jwks: &Jwks, policy: &JwsPolicy<'_>) -> Result<VerifiedJwt, Error> {
///     let unverified = UnverifiedJws::parse(token, policy)?;
///     let question = unverified.question(jwks)?;
///     let answer = question.answer(); // or that of another implementation
///     unverified.into_verified_jwt(answer)
/// }
/// ```
///
/// It says nothing of the payload before the answer.
#[derive(Clone)]
pub struct UnverifiedJws {
    header: Header,
    /// The first two parts with the full stop between them.
    signing_input: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
    /// What [`read_ahead`](Self::read_ahead) has found.
    claims: Option<Result<Object, Error>>,
}

impl UnverifiedJws {
    /// Reads a token as far as its form and its header; what the payload says is let lie.
    ///
    /// # Errors
    ///
    /// - `token_too_large`, `token_malformed`, `token_encrypted`: the form.
    /// - `token_header_malformed`, `token_crit_unsupported`, `token_b64_unsupported`,
    ///   `token_alg_missing`, `token_alg_not_allowed`, `token_typ_missing`, `token_typ_mismatch`:
    ///   the header.
    /// - `token_signature_invalid`: a signature longer than that of any key.
    pub fn parse(token: &str, policy: &JwsPolicy<'_>) -> Result<Self, Error> {
        let parts = Compact::split(token, policy.max_bytes)?;
        let decode = |part| base64url::decode(part).map_err(|_| Error::Malformed);
        let header = decode(parts.header)?;
        let payload = decode(parts.payload)?;
        let signature = decode(parts.signature)?;
        let header = Header::parse(&header, policy.algorithms, policy.typ)?;
        if signature.len() > MAX_SIGNATURE_BYTES {
            return Err(Error::SignatureInvalid);
        }
        Ok(Self {
            header,
            signing_input: parts.signing_input.into(),
            payload,
            signature,
            claims: None,
        })
    }

    /// The header, which anybody may have written.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// What is signed, in ASCII (RFC 7515 §5.1); it is not hashed yet.
    #[must_use]
    pub const fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// The signature as JOSE has it: for ES256 that is `R || S` (RFC 7518 §3.4).
    #[must_use]
    pub const fn signature(&self) -> &[u8] {
        self.signature.as_slice()
    }

    /// Chooses the key of the set that the signature has to be of.
    ///
    /// For those who ask about what is here; others are put the whole [question](Self::question).
    ///
    /// # Errors
    ///
    /// - `token_key_unknown`, `token_key_alg_mismatch`, `token_key_unsuitable`,
    ///   `token_key_ambiguous`.
    /// - `token_signature_invalid`: bytes that no signature of this key has.
    pub fn key<'k>(&self, jwks: &'k Jwks) -> Result<&'k Jwk, Error> {
        let key = jwks.choose(self.header.kid(), self.header.algorithm())?;
        if !key.public_key.could_have_made(&self.signature) {
            return Err(Error::SignatureInvalid);
        }
        Ok(key)
    }

    /// Chooses the key of the set and puts the question that cryptography answers.
    ///
    /// # Errors
    ///
    /// Those of [`UnverifiedJws::key`].
    pub fn question(&self, jwks: &Jwks) -> Result<SignatureQuestion, Error> {
        Ok(SignatureQuestion {
            key: self.key(jwks)?.clone(),
            algorithm: self.header.algorithm(),
            signing_input: self.signing_input.as_bytes().into(),
            signature: self.signature.clone(),
        })
    }

    /// Reads the claims of a JWT while somebody else answers for its signature.
    ///
    /// What they are, and what is wrong with them, stays here until
    /// [`into_verified_jwt`](Self::into_verified_jwt) has the answer. Those of a large token are read
    /// when it is known who made it.
    pub fn read_ahead(&mut self) {
        if self.payload.len() <= READ_AHEAD_BYTES {
            self.claims = Some(read_claims(&self.payload));
        }
    }

    /// The token's header and payload, if the answer is that the key has signed them.
    ///
    /// The answer is that to the [question](Self::question) which this token put; who passes
    /// another one on, or a `Yes` that no cryptography gave, has verified nothing.
    ///
    /// # Errors
    ///
    /// `token_signature_invalid`: the answer is no.
    pub fn into_verified(self, answer: SignatureAnswer) -> Result<VerifiedJws, Error> {
        answer.is_yes()?;
        Ok(VerifiedJws::new(self.header, self.payload))
    }

    /// The token's header and claims, if the answer is that the key has signed them.
    ///
    /// [`into_verified`](Self::into_verified) and [`VerifiedJwt::from_jws`] in one; after
    /// [`read_ahead`](Self::read_ahead) there is little left to do.
    ///
    /// # Errors
    ///
    /// - Those of [`UnverifiedJws::into_verified`].
    /// - `token_claims_malformed`: the payload is not a strict JSON object.
    pub fn into_verified_jwt(self, answer: SignatureAnswer) -> Result<VerifiedJwt, Error> {
        answer.is_yes()?;
        let claims = self.claims.unwrap_or_else(|| read_claims(&self.payload))?;
        Ok(VerifiedJwt::new(self.header, claims))
    }
}

/// Prints nothing of the token but what its header prints.
impl fmt::Debug for UnverifiedJws {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UnverifiedJws")
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// Has the holder of this key made this signature over this input?
///
/// The key suits the algorithm and meets the policy. The answer needs nothing else, and no more is
/// to be read into it.
#[derive(Clone)]
pub struct SignatureQuestion {
    key: Jwk,
    algorithm: Algorithm,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
}

impl SignatureQuestion {
    /// The algorithm, one of those that the policy allows.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key; [`Jwk::to_json`] is the form that WebCrypto imports.
    #[must_use]
    pub const fn key(&self) -> &Jwk {
        &self.key
    }

    /// What is signed, in ASCII (RFC 7515 §5.1); it is not hashed yet.
    #[must_use]
    pub const fn signing_input(&self) -> &[u8] {
        self.signing_input.as_slice()
    }

    /// The signature as JOSE has it: for ES256 that is `R || S` (RFC 7518 §3.4).
    #[must_use]
    pub const fn signature(&self) -> &[u8] {
        self.signature.as_slice()
    }

    /// Answers in software, at once.
    pub fn answer(&self) -> SignatureAnswer {
        let public_key = &self.key.public_key;
        if public_key.has_signed(self.algorithm, &self.signing_input, &self.signature) {
            SignatureAnswer::Yes
        } else {
            SignatureAnswer::No
        }
    }
}

/// Prints the key and the algorithm; what is signed is a person's.
impl fmt::Debug for SignatureQuestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignatureQuestion")
            .field("key", &self.key)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// The answer to a [`SignatureQuestion`].
///
/// Whoever says `Yes` without having asked cryptography answers for what follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "an answer that nobody looks at protects nothing"]
pub enum SignatureAnswer {
    /// The holder of the key has signed the input.
    Yes,
    /// The signature is not of this key or not over this input; or the key is no point of its curve,
    /// which not every WebCrypto tells apart.
    No,
}

impl SignatureAnswer {
    /// Nothing but a yes is one.
    fn is_yes(self) -> Result<(), Error> {
        match self {
            Self::Yes => Ok(()),
            Self::No => Err(Error::SignatureInvalid),
        }
    }
}
