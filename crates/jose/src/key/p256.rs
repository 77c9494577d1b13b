//! P-256 public keys (RFC 7518 §6.2.1).

use alloc::boxed::Box;

use once_cell::race::OnceBox;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

use super::{KeyFault, bytes_member, jwk_of, text_member};
use crate::base64url;
use crate::json::Object;

/// The prime of the field, big-endian. Source: NIST SP 800-186 §3.2.1.3, as for the order.
const FIELD_PRIME: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
];

/// The order of the curve, big-endian.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

pub(crate) struct PublicKey {
    x: [u8; 32],
    y: [u8; 32],
    /// `None` for coordinates that are not of a point of the curve.
    prepared: OnceBox<Option<VerifyingKey>>,
}

impl PublicKey {
    /// Whether the point is on the curve is not looked at before the key is used.
    pub(super) fn parse(jwk: &Object) -> Result<Self, KeyFault> {
        if text_member(jwk, "crv")? != "P-256" {
            return Err(KeyFault::CurveUnsupported);
        }
        let (x, y) = (bytes_member(jwk, "x")?, bytes_member(jwk, "y")?);
        if x >= FIELD_PRIME || y >= FIELD_PRIME {
            return Err(KeyFault::NotOnCurve);
        }
        let prepared = OnceBox::new();
        Ok(Self { x, y, prepared })
    }

    pub(super) fn to_jwk(&self) -> Object {
        jwk_of([
            ("kty", "EC".into()),
            ("crv", "P-256".into()),
            ("x", base64url::encode(self.x)),
            ("y", base64url::encode(self.y)),
        ])
    }

    /// `R || S`, each of 32 bytes and from 1 to the order of the curve less 1.
    pub(super) fn could_have_made(&self, signature: &[u8]) -> bool {
        let (halves, rest) = signature.as_chunks();
        let is_scalar = |half: &[u8; 32]| *half != [0; 32] && *half < ORDER;
        halves.len() == 2 && rest.is_empty() && halves.iter().all(is_scalar)
    }

    /// `None` if the key is not a point of the curve.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let prepared = self.prepared.get_or_init(|| Box::new(self.prepare()));
        let key = prepared.as_ref()?;
        let signature = Signature::from_slice(signature);
        Some(signature.is_ok_and(|signature| key.verify(message, &signature).is_ok()))
    }

    fn prepare(&self) -> Option<VerifyingKey> {
        // The uncompressed form of SEC 1 §2.3.3.
        let mut sec1 = [0x04; 65];
        let (_, coordinates) = sec1.split_at_mut(1);
        let (x, y) = coordinates.split_at_mut(32);
        x.copy_from_slice(&self.x);
        y.copy_from_slice(&self.y);
        VerifyingKey::from_sec1_bytes(&sec1).ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        (self.x, self.y) == (other.x, other.y)
    }
}
