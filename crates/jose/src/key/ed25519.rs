//! Ed25519 public keys (RFC 8032, RFC 8037).

use alloc::boxed::Box;

use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use once_cell::race::OnceBox;

use super::{KeyFault, bytes_member, jwk_of, text_member};
use crate::base64url;
use crate::json::Object;

/// The order of the base point, little-endian. Source: RFC 8032 §5.1.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
];

/// The y-coordinates of the eight points of small order, little-endian; five of the points differ
/// from another in the sign of x alone.
const SMALL_ORDER: [[u8; 32]; 5] = [
    // Order 4.
    [0; 32],
    // Order 1.
    with_ends(0x01, 0x00, 0x00),
    // Order 2: -1.
    with_ends(0xec, 0xff, 0x7f),
    // Order 8, and the same with the other sign.
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
];

const fn with_ends(lowest: u8, middle: u8, highest: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    let [first, .., last] = &mut bytes;
    (*first, *last) = (lowest, highest);
    bytes
}

pub(crate) struct PublicKey {
    encoded: [u8; 32],
    /// `None` for bytes that no point of the curve is encoded as.
    prepared: OnceBox<Option<VerifyingKey>>,
}

impl PublicKey {
    /// Whether the point is on the curve is not looked at before the key is used.
    pub(super) fn parse(jwk: &Object) -> Result<Self, KeyFault> {
        if text_member(jwk, "crv")? != "Ed25519" {
            return Err(KeyFault::CurveUnsupported);
        }
        let encoded = bytes_member(jwk, "x")?;
        if !is_canonical(&encoded) {
            return Err(KeyFault::NotOnCurve);
        }
        if is_of_small_order(&encoded) {
            return Err(KeyFault::WeakPoint);
        }
        let prepared = OnceBox::new();
        Ok(Self { encoded, prepared })
    }

    pub(super) fn to_jwk(&self) -> Object {
        jwk_of([
            ("kty", "OKP".into()),
            ("crv", "Ed25519".into()),
            ("x", base64url::encode(self.encoded)),
        ])
    }

    /// `R || S`, where R is a canonical point not of small order, and S below the order of the
    /// base point.
    pub(super) fn could_have_made(&self, signature: &[u8]) -> bool {
        let (halves, rest) = signature.as_chunks();
        let ([r, s], []) = (halves, rest) else {
            return false;
        };
        is_canonical(r) && !is_of_small_order(r) && s.iter().rev().lt(ORDER.iter().rev())
    }

    /// A key that is not a point of the curve has signed nothing. That it is none is not said apart:
    /// some implementations of WebCrypto do not tell, and the answer is to be the same everywhere.
    ///
    /// Computes R from the rest, without the cofactor, and compares the bytes. With what
    /// [`Self::could_have_made`] and [`Self::parse`] refuse this is the library's `verify_strict`,
    /// less the work of finding the point that R encodes.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let prepared = self
            .prepared
            .get_or_init(|| Box::new(VerifyingKey::from_bytes(&self.encoded).ok()));
        let signature = Signature::from_slice(signature);
        match (prepared, signature) {
            (Some(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
            _ => false,
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.encoded == other.encoded
    }
}

/// Whether the y-coordinate is below the field's prime, 2^255 - 19.
///
/// Decoding fails otherwise by RFC 8032 §5.1.3 (1); many libraries reduce it. The sign of x, the
/// highest bit, does not count.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    highest & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff) || *lowest < 0xed
}

/// Whether eight times the point is nothing: then it proves nothing either.
fn is_of_small_order(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    let [.., highest] = &mut y;
    *highest &= 0x7f;
    SMALL_ORDER.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::{SMALL_ORDER, is_canonical, is_of_small_order};
    use ed25519_dalek::VerifyingKey;

    #[test]
    fn the_points_of_small_order_are_those_that_the_library_finds_weak() {
        for mut bytes in SMALL_ORDER {
            for _ in 0..2 {
                let key = VerifyingKey::from_bytes(&bytes).expect("a point");
                assert!(key.is_weak() && is_of_small_order(&bytes) && is_canonical(&bytes));
                bytes[31] |= 0x80;
            }
        }
    }

    #[test]
    fn points_of_no_small_order_are_not_taken_for_such() {
        for lowest in 0..=u8::MAX {
            let mut bytes = [0; 32];
            bytes[0] = lowest;
            if let Ok(key) = VerifyingKey::from_bytes(&bytes) {
                assert_eq!(key.is_weak(), is_of_small_order(&bytes), "{lowest}");
            }
        }
    }

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
