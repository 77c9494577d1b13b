//! Ed25519 public keys (RFC 8032, RFC 8037).
//!
//! The points are those of the crate `curve25519-dalek`. A key that verifies many signatures gets a
//! table for the [comb]; until then the crate `ed25519-dalek` verifies, which needs none.

#[cfg(test)]
mod differential;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU8, Ordering};

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::traits::Identity as _;
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use once_cell::race::OnceBox;
use sha2::{Digest as _, Sha512};

use super::comb::{self, Comb};
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

/// How many signatures of a key are verified without a table.
///
/// The table, and that of the base point before the first one, take about as long as three of these.
/// Each signature then takes half the time.
pub(super) const USES_WITHOUT_TABLE: u8 = 4;

/// The table of the base point.
static BASE_COMB: OnceBox<Comb<EdwardsPoint>> = OnceBox::new();

pub(crate) struct PublicKey {
    encoded: [u8; 32],
    /// `None` for bytes that no point of the curve is encoded as.
    prepared: OnceBox<Option<VerifyingKey>>,
    /// How often the key was used, as far as anybody has to know.
    uses: AtomicU8,
    /// The table of the opposite point.
    comb: OnceBox<Comb<EdwardsPoint>>,
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
        Ok(Self::new(encoded))
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

    /// A key that is not a point of the curve has signed nothing.
    ///
    /// Computes R from the rest, without the cofactor, and compares the bytes. With what
    /// [`Self::could_have_made`] and [`Self::parse`] refuse this is the library's `verify_strict`,
    /// less the work of finding the point that R encodes.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let prepared = self
            .prepared
            .get_or_init(|| Box::new(VerifyingKey::from_bytes(&self.encoded).ok()));
        let (Some(key), (&[r, s], [])) = (prepared, signature.as_chunks()) else {
            return false;
        };
        if self.is_worth_a_table() {
            self.has_signed_by_table(key, message, &r, &s)
        } else {
            let signature = Signature::from_components(r, s);
            key.verify(message, &signature).is_ok()
        }
    }

    /// RFC 8032 §5.1.7 by its steps, for a signature that the key could have made.
    fn has_signed_by_table(
        &self,
        key: &VerifyingKey,
        message: &[u8],
        r: &[u8; 32],
        s: &[u8; 32],
    ) -> bool {
        // 2.
        let hash = Sha512::new()
            .chain_update(r)
            .chain_update(self.encoded)
            .chain_update(message);
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        // 3: R = S · B − k · A.
        let base = BASE_COMB.get_or_init(|| Box::new(Comb::new(ED25519_BASEPOINT_POINT)));
        let opposite = self
            .comb
            .get_or_init(|| Box::new(Comb::new(-key.to_edwards())));
        let point = comb::sum([(s, base), (k.as_bytes(), opposite)]);
        point.compress().as_bytes() == r
    }

    /// Counts a use.
    fn is_worth_a_table(&self) -> bool {
        let uses = self.uses.load(Ordering::Relaxed);
        if uses < USES_WITHOUT_TABLE {
            // One that is not counted, because two came at once, does no harm.
            self.uses.store(uses + 1, Ordering::Relaxed);
        }
        uses == USES_WITHOUT_TABLE
    }

    const fn new(encoded: [u8; 32]) -> Self {
        Self {
            encoded,
            prepared: OnceBox::new(),
            uses: AtomicU8::new(0),
            comb: OnceBox::new(),
        }
    }
}

impl comb::Point for EdwardsPoint {
    type Entry = Self;

    fn neutral() -> Self {
        Self::identity()
    }

    fn doubled(&self) -> Self {
        self + self
    }

    fn plus(&self, other: &Self) -> Self {
        self + other
    }

    fn minus(&self, other: &Self) -> Self {
        self - other
    }

    fn entries(points: &[Self]) -> Vec<Self> {
        points.into()
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
