//! Signing keys: one ring per service, published as a JWKS, rotated on command.
//!
//! Signs and verifies with aws-lc-rs, another implementation than the one that applications verify
//! with, so that two must agree.

mod key;

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub(crate) use self::key::SigningKey;

/// A signature algorithm that a provider can be told to use.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, what the real services use.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// All.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// The `alg` value (RFC 7518 §3.1, RFC 8037 §3.1).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or_else(|| "use RS256, PS256, ES256 or EdDSA".to_owned())
    }
}

/// The keys of one service; the first one signs.
#[derive(Debug)]
pub(crate) struct KeyRing {
    algorithm: Algorithm,
    /// How many keys are published; more than one announces the next key before it signs.
    published: usize,
    keys: RwLock<Ring>,
}

#[derive(Debug)]
struct Ring {
    keys: Vec<Arc<SigningKey>>,
    /// The slot of the next RSA key, see [`SigningKey::generate`].
    next_slot: usize,
}

/// RSA keys are shared by the rings of a process; rings take every fourth one so that no two services
/// ever publish the same key.
const SLOT_STEP: usize = 4;

/// Why a token was not signed by a ring.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NotSigned {
    /// It is not a compact JWS with a JSON object inside.
    Malformed,
    /// No key of the ring has its `kid`.
    UnknownKey,
    /// Its `alg` is not the key's.
    Algorithm,
    /// The signature does not verify.
    Signature,
}

impl KeyRing {
    /// A ring of `published` new keys. `lane` (0-3) tells the services of one simulator apart.
    pub(crate) fn generate(algorithm: Algorithm, published: usize, lane: usize) -> Self {
        let published = published.max(1);
        let mut ring = Ring {
            keys: Vec::new(),
            next_slot: lane,
        };
        ring.keys = (0..published).map(|_| ring.next_key(algorithm)).collect();
        Self {
            algorithm,
            published,
            keys: RwLock::new(ring),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key that signs.
    pub(crate) fn current(&self) -> Arc<SigningKey> {
        let ring = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(ring.keys.first().expect("a ring is never empty"))
    }

    /// The key identifiers, the one that signs first.
    pub(crate) fn kids(&self) -> Vec<String> {
        let ring = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        ring.keys.iter().map(|key| key.kid().to_owned()).collect()
    }

    /// The published JWK set (RFC 7517 §5).
    pub(crate) fn jwks(&self) -> Value {
        let ring = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<&Value> = ring.keys.iter().map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }

    /// Signs with a new key from now on.
    ///
    /// With `overlap` the old key stays published behind the new one until the next rotation; without
    /// it the old key is gone at once, and what it signed can be verified by nobody.
    pub(crate) fn rotate(&self, overlap: bool) {
        let mut ring = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if overlap {
            // Standby keys, published for long, move up; a new one follows them, then the old one.
            let mut keys: Vec<_> = ring.keys.iter().take(self.published).cloned().collect();
            let old = keys.remove(0);
            keys.push(ring.next_key(self.algorithm));
            keys.push(old);
            ring.keys = keys;
        } else {
            ring.keys = (0..self.published)
                .map(|_| ring.next_key(self.algorithm))
                .collect();
        }
    }

    /// A compact JWS over `payload` (RFC 7515 §7.1); `alg` and `kid` are put into the header.
    pub(crate) fn sign(&self, mut header: Map<String, Value>, payload: &str) -> String {
        let key = self.current();
        header.insert("kid".to_owned(), key.kid().into());
        header.insert("alg".to_owned(), key.algorithm().as_str().into());
        let header = URL_SAFE_NO_PAD.encode(Value::Object(header).to_string());
        let input = format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes()));
        format!("{input}.{signature}")
    }

    /// The claims of a token that a published key of this ring has signed.
    ///
    /// Nothing but the signature is looked at: issuer and times are the caller's.
    pub(crate) fn verify(&self, token: &str) -> Result<Map<String, Value>, NotSigned> {
        let (input, signature) = token.rsplit_once('.').ok_or(NotSigned::Malformed)?;
        let (header, payload) = input.split_once('.').ok_or(NotSigned::Malformed)?;
        let header = decode_object(header)?;
        let kid = header
            .get("kid")
            .and_then(Value::as_str)
            .ok_or(NotSigned::UnknownKey)?;
        let key = {
            let ring = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let found = ring.keys.iter().find(|key| key.kid() == kid).cloned();
            found.ok_or(NotSigned::UnknownKey)?
        };
        if header.get("alg").and_then(Value::as_str) != Some(key.algorithm().as_str()) {
            return Err(NotSigned::Algorithm);
        }
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| NotSigned::Malformed)?;
        if !key.verify(input.as_bytes(), &signature) {
            return Err(NotSigned::Signature);
        }
        decode_object(payload)
    }
}

impl Ring {
    fn next_key(&mut self, algorithm: Algorithm) -> Arc<SigningKey> {
        let slot = self.next_slot;
        self.next_slot += SLOT_STEP;
        Arc::new(SigningKey::generate(algorithm, slot))
    }
}

pub(crate) fn decode_object(part: &str) -> Result<Map<String, Value>, NotSigned> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| NotSigned::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| NotSigned::Malformed)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_verifies_what_it_signed_and_nothing_else() {
        for algorithm in Algorithm::ALL {
            let ring = KeyRing::generate(algorithm, 1, 0);
            let token = ring.sign(Map::new(), r#"{"sub":"x"}"#);
            assert_eq!(ring.verify(&token).unwrap()["sub"], "x", "{algorithm}");

            let (input, _) = token.rsplit_once('.').unwrap();
            let other = ring.sign(Map::new(), r#"{"sub":"y"}"#);
            let (_, signature) = other.rsplit_once('.').unwrap();
            let forged = ring.verify(&format!("{input}.{signature}"));
            assert_eq!(forged, Err(NotSigned::Signature), "{algorithm}");
        }
    }

    #[test]
    fn a_rotation_with_overlap_keeps_the_old_key_and_one_without_does_not() {
        for published in [1, 2] {
            let ring = KeyRing::generate(Algorithm::EdDsa, published, 0);
            let token = ring.sign(Map::new(), "{}");
            ring.rotate(true);
            assert!(ring.verify(&token).is_ok());
            assert_eq!(ring.kids().len(), published + 1);
            ring.rotate(false);
            assert_eq!(ring.verify(&token), Err(NotSigned::UnknownKey));
            assert_eq!(ring.kids().len(), published);
        }
    }

    #[test]
    fn a_standby_key_is_published_before_it_signs() {
        let ring = KeyRing::generate(Algorithm::EdDsa, 2, 0);
        let standby = ring.kids().remove(1);
        ring.rotate(true);
        assert_eq!(ring.kids().first(), Some(&standby));
    }

    #[test]
    fn the_services_of_a_simulator_share_no_key() {
        let first = KeyRing::generate(Algorithm::Rs256, 1, 0);
        let second = KeyRing::generate(Algorithm::Rs256, 1, 1);
        assert_ne!(first.kids(), second.kids());
    }
}
