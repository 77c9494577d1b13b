//! The one yes or no of cryptography, taken out of the verification so that anybody can answer it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::compact::Compact;
use crate::jwks::Jwk;
use crate::verify::{JwsPolicy, VerifiedJws};
use crate::{Algorithm, Error, Header, Jwks, base64url};

/// The signature of the largest RSA key, 512 bytes, in base64url.
const MAX_SIGNATURE_CHARACTERS: usize = 683;

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
///     VerifiedJwt::from_jws(unverified.into_verified(answer)?)
/// }
/// ```
///
/// It says nothing of the payload, which is not even decoded before the answer.
#[derive(Clone)]
pub struct UnverifiedJws {
    header: Header,
    /// The first two parts with the full stop between them.
    signing_input: String,
    signature: Vec<u8>,
}

impl UnverifiedJws {
    /// Reads a token as far as its form and its header; the payload is left alone.
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
        let header = Header::parse(parts.header, policy.algorithms, policy.typ)?;
        if parts.signature.len() > MAX_SIGNATURE_CHARACTERS {
            return Err(Error::SignatureInvalid);
        }
        let signature = base64url::decode(parts.signature).map_err(|_| Error::Malformed)?;
        Ok(Self {
            header,
            signing_input: parts.signing_input.into(),
            signature,
        })
    }

    /// The header, which anybody may have written.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Chooses the key of the set and puts the question that cryptography answers.
    ///
    /// # Errors
    ///
    /// - `token_key_unknown`, `token_key_alg_mismatch`, `token_key_unsuitable`,
    ///   `token_key_ambiguous`.
    /// - `token_signature_invalid`: bytes that no signature of this key has.
    pub fn question(&self, jwks: &Jwks) -> Result<SignatureQuestion, Error> {
        let algorithm = self.header.algorithm();
        let key = jwks.choose(self.header.kid(), algorithm)?;
        if !key.public_key.could_have_made(&self.signature) {
            return Err(Error::SignatureInvalid);
        }
        Ok(SignatureQuestion {
            key: key.clone(),
            algorithm,
            signing_input: self.signing_input.as_bytes().into(),
            signature: self.signature.clone(),
        })
    }

    /// The token's header and payload, if the answer is that the key has signed them.
    ///
    /// The answer is that to the [question](Self::question) which this token put; who passes
    /// another one on, or a `Yes` that no cryptography gave, has verified nothing.
    ///
    /// # Errors
    ///
    /// - `token_signature_invalid`: the answer is no.
    /// - `token_malformed`: the payload is not base64url.
    pub fn into_verified(self, answer: SignatureAnswer) -> Result<VerifiedJws, Error> {
        match answer {
            SignatureAnswer::Yes => {}
            SignatureAnswer::No => return Err(Error::SignatureInvalid),
        }
        let (_, payload) = self.signing_input.split_once('.').ok_or(Error::Malformed)?;
        let payload = base64url::decode(payload).map_err(|_| Error::Malformed)?;
        Ok(VerifiedJws::new(self.header, payload))
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
