//! Our sums of points, and our verification, beside those of the crate `p256`.
//!
//! Whoever chooses the key may choose the signature first, and what it is of: let R be the sum of
//! u · G and v · Q, and r its x-coordinate, then r and s = r / v are a signature of Q over the hash
//! u · s. So every u and v can be tried, and no private key is needed.

use alloc::vec::Vec;

use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::ff::Field as _;
use p256::elliptic_curve::group::Group as _;
use p256::elliptic_curve::ops::Reduce as _;
use p256::elliptic_curve::point::{AffineCoordinates as _, DecompressPoint as _};
use p256::elliptic_curve::subtle::Choice;
use p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

use super::{ORDER, PRIME_LESS_ORDER, PublicKey, has_signed};

const CASES: u32 = if cfg!(target_family = "wasm") {
    20
} else {
    300
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn good_signatures_are_good_and_others_are_not(
        key in scalar(),
        u in scalar(),
        v in scalar(),
        place in 0..96_usize,
        change in any::<u8>(),
    ) {
        let key = point(key);
        let Some(mut signed) = Signed::by(key, u, v) else { return Ok(()) };
        assert!(signed.is_good_by_both(key));
        let (part, byte) = (place / 32, place % 32);
        signed.parts()[part][byte] ^= change;
        assert_eq!(signed.is_good_by_both(key), change == 0);
    }
}

#[test]
fn sums_of_points_that_meet_are_right() {
    let small: Vec<Scalar> = (0..6_u64)
        .flat_map(|k| [k.into(), -Scalar::from(k)])
        .collect();
    let mut neutral = 0;
    for k in &small {
        let key = point(*k);
        if key.is_identity().into() {
            continue;
        }
        for u in &small {
            for v in &small {
                match Signed::by(key, *u, *v) {
                    Some(signed) => assert!(signed.is_good_by_both(key), "{k:?} {u:?} {v:?}"),
                    None => neutral += 1,
                }
            }
        }
    }
    assert!(neutral > 100);
}

#[test]
fn a_sum_that_is_neutral_proves_nothing() {
    // u · G + v · k · G is neutral for u = −v · k, whatever r is.
    for k in 1..20_u64 {
        let key = point(k.into());
        for v in 1..20_u64 {
            let v = Scalar::from(v);
            let r = Scalar::from(7_u64);
            let s = r * v.invert().expect("is not zero");
            let signed = Signed {
                hash: (-v * Scalar::from(k) * s).to_bytes().into(),
                r: r.to_bytes().into(),
                s: s.to_bytes().into(),
            };
            assert!(!signed.is_good_by_both(key));
        }
    }
}

#[test]
fn an_x_coordinate_above_the_order_is_taken_modulo_the_order() {
    let (u, v) = (Scalar::from(5_u64), Scalar::from(3_u64));
    let mut found = 0;
    for above in 0..40_u8 {
        let mut x = ORDER;
        x[31] += above;
        let decompressed = AffinePoint::decompress(&FieldBytes::from(x), Choice::from(0));
        let Some(sum) = Option::<AffinePoint>::from(decompressed) else {
            continue;
        };
        found += 1;
        let difference = ProjectivePoint::from(sum) - ProjectivePoint::GENERATOR * u;
        let key = difference * v.invert().expect("is not zero");
        if above == 0 {
            // r = 0 is no r.
            assert!(Signed::by(key, u, v).is_none());
        } else {
            let signed = Signed::by(key, u, v).expect("r is not zero");
            assert_eq!(signed.r[31], above);
            assert!(signed.is_good_by_both(key));
            // The coordinate itself is refused as an r.
            assert!(!Signed { r: x, ..signed }.is_good_by_both(key));
        }
    }
    assert!(found > 10);
}

#[test]
fn a_number_that_is_an_x_coordinate_only_after_the_prime_is_taken_away_is_refused() {
    let s = Scalar::from(5_u64);
    let mut found = 0;
    for small in 0..40_u8 {
        let mut x = [0; 32];
        x[31] = small;
        let decompressed = AffinePoint::decompress(&FieldBytes::from(x), Choice::from(0));
        let Some(sum) = Option::<AffinePoint>::from(decompressed) else {
            continue;
        };
        found += 1;
        // r + n = x + P.
        let mut r = PRIME_LESS_ORDER;
        r[31] += small;
        let r_scalar = Scalar::reduce(&FieldBytes::from(r));
        let key = ProjectivePoint::from(sum) - ProjectivePoint::GENERATOR;
        let key = key * (s * r_scalar.invert().expect("is not zero"));
        let (hash, s) = (s.to_bytes().into(), s.to_bytes().into());
        assert!(!Signed { hash, r, s }.is_good_by_both(key));
    }
    assert!(found > 10);
}

#[test]
fn scalars_out_of_range_are_refused() {
    let key = point(Scalar::from(9_u64));
    let signed = Signed::by(key, Scalar::from(2_u64), Scalar::from(3_u64)).expect("is one");
    assert!(signed.is_good_by_both(key));
    for scalar in [[0; 32], ORDER, [0xff; 32]] {
        assert!(
            !Signed {
                r: scalar,
                ..signed
            }
            .is_good_by_both(key)
        );
        assert!(
            !Signed {
                s: scalar,
                ..signed
            }
            .is_good_by_both(key)
        );
    }
}

#[test]
fn points_beside_the_curve_are_none() {
    let mut on_curve = 0;
    for k in 1..50_u64 {
        let (x, y) = coordinates(point(k.into()));
        for (place, change) in [(0, 0), (31, 1), (31, 0x80), (16, 1), (8, 0x40)] {
            for (x, y) in [
                (x, changed(y, place, change)),
                (changed(x, place, change), y),
                (y, x),
            ] {
                let expected = AffinePoint::from_coordinates(&x.into(), &y.into());
                let expected = bool::from(expected.is_some());
                assert_eq!(PublicKey::new(x, y).prepare().is_some(), expected);
                on_curve += usize::from(expected);
            }
        }
    }
    assert_eq!(on_curve, 2 * 49);
    assert!(PublicKey::new([0; 32], [0; 32]).prepare().is_none());
}

#[derive(Clone, Copy)]
struct Signed {
    hash: [u8; 32],
    r: [u8; 32],
    s: [u8; 32],
}

impl Signed {
    /// `None` where the key can have signed nothing so.
    fn by(key: ProjectivePoint, u: Scalar, v: Scalar) -> Option<Self> {
        let sum = ProjectivePoint::GENERATOR * u + key * v;
        let r = Scalar::reduce(&sum.to_affine().x());
        let is_none = bool::from(sum.is_identity() | r.is_zero());
        if is_none {
            return None;
        }
        let s = r * Option::<Scalar>::from(v.invert())?;
        Some(Self {
            hash: (u * s).to_bytes().into(),
            r: r.to_bytes().into(),
            s: s.to_bytes().into(),
        })
    }

    fn parts(&mut self) -> [&mut [u8; 32]; 3] {
        [&mut self.hash, &mut self.r, &mut self.s]
    }

    /// What both implementations say, which is the same.
    fn is_good_by_both(&self, key: ProjectivePoint) -> bool {
        let affine = key.to_affine();
        let (x, y) = coordinates(key);
        let ours = PublicKey::new(x, y).prepare().expect("is on the curve");
        let ours = has_signed(&ours, &self.hash, &self.r, &self.s);
        let theirs = Signature::from_scalars(self.r, self.s).is_ok_and(|signature| {
            let key = VerifyingKey::from_affine(affine).expect("is a key");
            key.verify_prehash(&self.hash, &signature).is_ok()
        });
        assert_eq!(ours.unwrap_or(false), theirs);
        theirs
    }
}

fn coordinates(point: ProjectivePoint) -> ([u8; 32], [u8; 32]) {
    let affine = point.to_affine();
    (affine.x().into(), affine.y().into())
}

fn changed(mut bytes: [u8; 32], place: usize, change: u8) -> [u8; 32] {
    bytes[place] ^= change;
    bytes
}

fn point(scalar: Scalar) -> ProjectivePoint {
    ProjectivePoint::GENERATOR * scalar
}

/// Anything but zero: small, near the order, with few digits of one kind, or any.
fn scalar() -> impl Strategy<Value = Scalar> {
    let power =
        (0..255_u32).prop_map(|place| (0..place).fold(Scalar::ONE, |power, _| power.double()));
    prop_oneof![
        (1..300_u64).prop_map(Scalar::from),
        (1..300_u64).prop_map(|scalar| -Scalar::from(scalar)),
        (power.clone(), power).prop_map(|(a, b)| a - b + Scalar::ONE),
        any::<[u8; 32]>().prop_map(|bytes| Scalar::reduce(&FieldBytes::from(bytes))),
        Just(Scalar::ONE),
    ]
    .prop_filter("is zero", |scalar| !bool::from(scalar.is_zero()))
}
