//! Ed25519 public keys (RFC 8032, RFC 8037).

use ed25519_dalek::{Signature, VerifyingKey};

use super::{KeyFault, bytes_member, jwk_of, text_member};
use crate::base64url;
use crate::json::Object;

#[derive(Clone, PartialEq)]
pub(crate) struct PublicKey(VerifyingKey);

impl PublicKey {
    pub(super) fn parse(jwk: &Object) -> Result<Self, KeyFault> {
        if text_member(jwk, "crv")? != "Ed25519" {
            return Err(KeyFault::CurveUnsupported);
        }
        let bytes = bytes_member(jwk, "x")?;
        if !is_canonical(&bytes) {
            return Err(KeyFault::NotOnCurve);
        }
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyFault::NotOnCurve)?;
        if key.is_weak() {
            return Err(KeyFault::WeakPoint);
        }
        Ok(Self(key))
    }

    pub(super) fn to_jwk(&self) -> Object {
        jwk_of([
            ("kty", "OKP".into()),
            ("crv", "Ed25519".into()),
            ("x", base64url::encode(self.0.as_bytes())),
        ])
    }

    /// Strict verification: where implementations of Ed25519 differ about odd points, the answer
    /// here is no.
    pub(super) fn has_signed(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(signing_input, &signature).is_ok())
    }
}

/// Whether the y-coordinate is below the field's prime, 2^255 - 19.
///
/// Decoding fails otherwise by RFC 8032 §5.1.3 (1); the library reduces it. The sign of x, the
/// highest bit, does not count.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    highest & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff) || *lowest < 0xed
}

#[cfg(test)]
mod tests {
    use super::is_canonical;

    #[test]
    fn coordinates_below_the_prime_are_canonical() {
        let mut bytes = [0xff; 32];
        bytes[31] = 0x7f;
        for (lowest, canonical) in [(0xec, true), (0xed, false), (0xee, false), (0xff, false)] {
            bytes[0] = lowest;
            bytes[31] = 0x7f;
            assert_eq!(is_canonical(&bytes), canonical, "{lowest:x}");
            bytes[31] = 0xff;
            assert_eq!(is_canonical(&bytes), canonical, "{lowest:x} with a sign");
        }
        bytes[31] = 0x7e;
        assert!(is_canonical(&bytes));
        assert!(is_canonical(&[0; 32]));
    }
}
