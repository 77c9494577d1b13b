//! The protected header: which of its parameters are heard, and which make a token refused.

use alloc::string::String;
use core::fmt;

use crate::json::{self, Object, Value};
use crate::{Algorithm, Error};

/// The largest header that is read, in bytes of JSON.
///
/// Digdir's tokens carry a certificate in `x5c`, about 2 KiB; this leaves room for a chain of them.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;

/// The header of a verified token: the parameters that took part in the verification.
#[derive(Clone, Eq, PartialEq)]
pub struct Header {
    algorithm: Algorithm,
    kid: Option<String>,
    typ: Option<String>,
}

impl Header {
    /// The algorithm of the signature, one of those that the policy allows.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of the key, if the token gave one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The type as the token spells it, if it gave one.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// Reads the bytes of the first part of a token and applies the rules of this module.
    pub(crate) fn parse(
        bytes: &[u8],
        algorithms: &[Algorithm],
        typ_rule: TypRule<'_>,
    ) -> Result<Self, Error> {
        let header = json::parse_shared(bytes, MAX_HEADER_BYTES)
            .ok()
            .and_then(Value::into_object)
            .ok_or(Error::HeaderMalformed)?;

        refuse_what_is_not_supported(&header)?;
        // `jwk`, `jku`, `x5c`, `x5u` and `x5t` are let lie: the key comes from the set alone.
        let algorithm = text_member(&header, "alg")?.ok_or(Error::AlgorithmMissing)?;
        let algorithm = Algorithm::parse(algorithm)
            .filter(|algorithm| algorithms.contains(algorithm))
            .ok_or(Error::AlgorithmNotAllowed)?;
        let typ = text_member(&header, "typ")?;
        typ_rule.check(typ)?;
        let kid = text_member(&header, "kid")?;

        Ok(Self {
            algorithm,
            kid: kid.map(String::from),
            typ: typ.map(String::from),
        })
    }
}

/// Prints the algorithm and which parameters there are; their texts come from the token.
impl fmt::Debug for Header {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Header")
            .field("algorithm", &self.algorithm)
            .field("has_kid", &self.kid.is_some())
            .field("has_typ", &self.typ.is_some())
            .finish()
    }
}

/// Which types of token are accepted (header parameter `typ`).
///
/// Types are media types. As RFC 7515 §4.1.9 has it, one without a slash stands for the same with
/// `application/` in front, and upper and lower case are the same.
///
/// A type that is neither absent nor the expected one is always refused, because one issuer may
/// sign several kinds of token with the same key. Source: RFC 8725 §3.11.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TypRule<'a> {
    /// The header gives this type or none. For ID tokens, where `JWT` is optional.
    AbsentOr(&'a str),
    /// The header gives this type. For the kinds that have one of their own, such as `at+jwt`.
    Required(&'a str),
}

impl TypRule<'_> {
    fn check(self, typ: Option<&str>) -> Result<(), Error> {
        let (Self::AbsentOr(expected) | Self::Required(expected)) = self;
        match (typ, self) {
            (Some(typ), _) if is_same_media_type(typ, expected) => Ok(()),
            (Some(_), _) => Err(Error::TypeMismatch),
            (None, Self::AbsentOr(_)) => Ok(()),
            (None, Self::Required(_)) => Err(Error::TypeMissing),
        }
    }
}

fn is_same_media_type(a: &str, b: &str) -> bool {
    fn split(media_type: &str) -> (&str, &str) {
        media_type
            .split_once('/')
            .unwrap_or(("application", media_type))
    }
    let ((a_type, a_subtype), (b_type, b_subtype)) = (split(a), split(b));
    a_type.eq_ignore_ascii_case(b_type) && a_subtype.eq_ignore_ascii_case(b_subtype)
}

fn refuse_what_is_not_supported(header: &Object) -> Result<(), Error> {
    // A JWE in three parts, or a signed token that asks to be inflated.
    if header.contains("enc") || header.contains("zip") {
        return Err(Error::Encrypted);
    }
    // No extension is understood, so whatever `crit` lists must lead to refusal; an empty or
    // ill-typed one is malformed anyway.
    if header.contains("crit") {
        return Err(Error::CriticalHeader);
    }
    // Even `"b64": true`: it has no meaning without `crit`.
    if header.contains("b64") {
        return Err(Error::UnencodedPayload);
    }
    Ok(())
}

/// A member that must be a text where it is present.
fn text_member<'a>(header: &'a Object, name: &str) -> Result<Option<&'a str>, Error> {
    header
        .get(name)
        .map(|value| value.as_str().ok_or(Error::HeaderMalformed))
        .transpose()
}
