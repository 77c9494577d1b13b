//! Sets of public keys (RFC 7517 §5), and the choice of the one key that a token is checked with.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::json::{self, Object, Value};
use crate::key::{KeyFault, PublicKey, RsaEncoding};
use crate::{Algorithm, Error};

/// The largest set that is read, in bytes.
///
/// A key with a chain of three certificates is below 10 KiB, and few issuers publish more than a
/// handful.
pub const MAX_JWKS_BYTES: usize = 256 * 1024;

/// The most keys in a set, suitable or not.
///
/// Issuers publish two to ten. The bound is on the work that reading one set may cost.
pub const MAX_KEYS: usize = 100;

/// A set of public keys, all of which meet the key policy.
///
/// Keys of a set that are of unknown kinds, not for signatures or below the policy are not part of
/// it; [`Jwks::ignored`] tells which and why.
#[derive(Clone)]
pub struct Jwks {
    keys: Vec<Jwk>,
    ignored: Vec<IgnoredKey>,
}

impl Jwks {
    /// Reads a JWK Set.
    ///
    /// A key that cannot be used is ignored (RFC 7517 §5), a set that is broken is an error. A set
    /// without a usable key is read; every token then meets [`Error::UnknownKey`] or
    /// [`Error::UnsuitableKey`].
    ///
    /// # Errors
    ///
    /// - `token_keys_too_large`: more than [`MAX_JWKS_BYTES`].
    /// - `token_keys_malformed`: not strict JSON, no array `keys`, or an element that is no object.
    /// - `token_keys_too_many`: more than [`MAX_KEYS`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse_with(bytes, RsaEncoding::Base64Url)
    }

    /// Reads a JWK Set whose RSA numbers may be in ordinary base64 with padding.
    ///
    /// For issuers known to publish so, which Altinn is: there `n` and `e` have the alphabet with
    /// `+` and `/` and end with `=`, against RFC 7518 §2. Base64url is read as well, in case such
    /// an issuer mends its ways; a text that is right in both means the same in both. Everything
    /// else is as strict as in [`Jwks::parse`].
    ///
    /// # Errors
    ///
    /// Those of [`Jwks::parse`].
    pub fn parse_padded_base64(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse_with(bytes, RsaEncoding::AlsoPaddedBase64)
    }

    /// The keys in the order of the set.
    pub fn keys(&self) -> impl Iterator<Item = &Jwk> {
        self.keys.iter()
    }

    /// The keys that are not used, and why.
    #[must_use]
    pub fn ignored(&self) -> &[IgnoredKey] {
        &self.ignored
    }

    fn parse_with(bytes: &[u8], rsa_encoding: RsaEncoding) -> Result<Self, Error> {
        if bytes.len() > MAX_JWKS_BYTES {
            return Err(Error::KeysTooLarge);
        }
        let set = json::parse(bytes, MAX_JWKS_BYTES).map_err(|_| Error::KeysMalformed)?;
        let entries = set
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(Error::KeysMalformed)?;
        if entries.len() > MAX_KEYS {
            return Err(Error::TooManyKeys);
        }
        let mut jwks = Self {
            keys: Vec::new(),
            ignored: Vec::new(),
        };
        for (position, entry) in entries.iter().enumerate() {
            let entry = entry.as_object().ok_or(Error::KeysMalformed)?;
            match Jwk::parse(entry, rsa_encoding) {
                Ok(key) => jwks.keys.push(key),
                Err(fault) => {
                    let kid = entry.get("kid").and_then(Value::as_str).map(String::from);
                    jwks.ignored.push(IgnoredKey {
                        position,
                        kid,
                        fault,
                    });
                }
            }
        }
        Ok(jwks)
    }

    /// Chooses the one key that a signature is checked with, or none.
    ///
    /// A token that names a key is checked with the key of that name and algorithm alone. For one
    /// that names none there must be exactly one key in the set that suits its algorithm; with
    /// more, trying them in turn would let a token be accepted by a key that it was not meant for,
    /// cost a signature check per key, and hide a provider that breaks OIDC Core §10.1. The same
    /// key written twice counts once.
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Jwk, Error> {
        let is_named = |key: &&Jwk| kid.is_none() || key.kid() == kid;
        let mut suitable = self
            .keys
            .iter()
            .filter(is_named)
            .filter(|key| key.suits(algorithm));
        if let Some(chosen) = suitable.next() {
            let is_only_one = suitable.all(|other| other.public_key == chosen.public_key);
            return if is_only_one {
                Ok(chosen)
            } else {
                Err(Error::AmbiguousKey)
            };
        }
        if kid.is_some() && self.keys.iter().any(|key| key.kid() == kid) {
            return Err(Error::KeyAlgorithmMismatch);
        }
        if kid.is_some() && self.ignored.iter().any(|key| key.kid() == kid) {
            return Err(Error::UnsuitableKey);
        }
        Err(Error::UnknownKey)
    }
}

impl fmt::Debug for Jwks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Jwks")
            .field("keys", &self.keys)
            .field("ignored", &self.ignored)
            .finish()
    }
}

/// A public key of a set.
#[derive(Clone)]
pub struct Jwk {
    kid: Option<String>,
    algorithm: Option<Algorithm>,
    /// Shared, so that what was computed of the key is there for all who use it.
    pub(crate) public_key: Arc<PublicKey>,
}

impl Jwk {
    /// The name of the key, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm that the set says the key is for, if it says so.
    #[must_use]
    pub const fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Whether signatures of the algorithm may be checked with this key.
    #[must_use]
    pub fn suits(&self, algorithm: Algorithm) -> bool {
        self.public_key.is_for(algorithm) && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// The key as a JWK of its public members and nothing else: `kty`, and `n` and `e`, or `crv`
    /// and `x`, or `crv`, `x` and `y`.
    ///
    /// What WebCrypto imports. `kid`, `use`, `key_ops` and `alg` have done their work, and other
    /// implementations read them each in its own way; numbers are in base64url, however the set
    /// wrote them.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::from(self.public_key.to_jwk()).to_json()
    }

    fn parse(jwk: &Object, rsa_encoding: RsaEncoding) -> Result<Self, KeyFault> {
        refuse_private(jwk)?;
        check_purpose(jwk)?;
        let kid = optional_text(jwk, "kid")?.map(String::from);
        let algorithm = optional_text(jwk, "alg")?
            .map(|name| Algorithm::parse(name).ok_or(KeyFault::AlgorithmUnsupported))
            .transpose()?;
        let public_key = PublicKey::parse(jwk, rsa_encoding)?;
        if algorithm.is_some_and(|algorithm| !public_key.is_for(algorithm)) {
            return Err(KeyFault::AlgorithmMismatch);
        }
        Ok(Self {
            kid,
            algorithm,
            public_key: Arc::new(public_key),
        })
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key_type = match *self.public_key {
            PublicKey::Rsa(_) => "RSA",
            PublicKey::P256(_) => "P-256",
            PublicKey::Ed25519(_) => "Ed25519",
        };
        formatter
            .debug_struct("Jwk")
            .field("key_type", &key_type)
            .field("algorithm", &self.algorithm)
            .field("has_kid", &self.kid.is_some())
            .finish()
    }
}

/// A key of a set that is not used.
#[derive(Clone, Eq, PartialEq)]
pub struct IgnoredKey {
    position: usize,
    kid: Option<String>,
    fault: KeyFault,
}

impl IgnoredKey {
    /// The place of the key in the array, from 0.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The name of the key, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Why it is not used.
    #[must_use]
    pub const fn fault(&self) -> KeyFault {
        self.fault
    }
}

impl fmt::Debug for IgnoredKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IgnoredKey")
            .field("position", &self.position)
            .field("has_kid", &self.kid.is_some())
            .field("fault", &self.fault)
            .finish()
    }
}

/// Refuses a key that comes with its secret: anybody who could read the set can sign with it.
fn refuse_private(jwk: &Object) -> Result<(), KeyFault> {
    // RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2.
    const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    if PRIVATE_MEMBERS.iter().any(|name| jwk.contains(name)) {
        return Err(KeyFault::Private);
    }
    Ok(())
}

/// The most operations of a key: RFC 7517 §4.3 knows eight, and each is compared with the others.
const MAX_OPERATIONS: usize = 16;

/// Honours `use` and `key_ops` where they are present.
fn check_purpose(jwk: &Object) -> Result<(), KeyFault> {
    if optional_text(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Err(KeyFault::NotForSignatures);
    }
    let Some(operations) = jwk.get("key_ops") else {
        return Ok(());
    };
    let operations = operations.as_array().ok_or(KeyFault::MemberMalformed)?;
    // Each is named once: RFC 7517 §4.3.
    let is_malformed = |(place, operation): (usize, &Value)| {
        operation.as_str().is_none()
            || operations
                .iter()
                .take(place)
                .any(|other| other == operation)
    };
    if operations.len() > MAX_OPERATIONS || operations.iter().enumerate().any(is_malformed) {
        return Err(KeyFault::MemberMalformed);
    }
    if !operations
        .iter()
        .any(|operation| operation.as_str() == Some("verify"))
    {
        return Err(KeyFault::NotForVerification);
    }
    Ok(())
}

fn optional_text<'a>(jwk: &'a Object, name: &str) -> Result<Option<&'a str>, KeyFault> {
    jwk.get(name)
        .map(|value| value.as_str().ok_or(KeyFault::MemberMalformed))
        .transpose()
}
