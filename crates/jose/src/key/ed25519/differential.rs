//! Verification with a table beside that of the crate `ed25519-dalek`, without one.
//!
//! The signatures are made of numbers, as RFC 8032 §5.1.6 has it, by a key with any of the points of
//! small order on top, and an R as well: what such a signature is worth depends on the hash, and
//! both must come to the same.

use alloc::vec::Vec;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use sha2::{Digest as _, Sha512};

use super::PublicKey;

const CASES: u32 = if cfg!(target_family = "wasm") {
    20
} else {
    1000
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn good_signatures_are_good_and_others_are_not(
        key in scalar(),
        r in scalar(),
        message in vec(any::<u8>(), 1..200),
        place in any::<usize>(),
        change in any::<u8>(),
    ) {
        let (key, mut message, mut signature) = signed(key, r, message, [0, 0]);
        assert!(is_good_by_both(&key, &message, &signature));
        let place = place % (message.len() + 64);
        match place.checked_sub(64) {
            Some(place) => message[place] ^= change,
            None => signature[place] ^= change,
        }
        assert_eq!(is_good_by_both(&key, &message, &signature), change == 0);
    }

    #[test]
    fn points_with_a_part_of_small_order_are_judged_alike(
        key in scalar(),
        r in scalar(),
        message in vec(any::<u8>(), 1..200),
        parts in [0..8_usize, 0..8_usize],
    ) {
        let (key, message, signature) = signed(key, r, message, parts);
        is_good_by_both(&key, &message, &signature);
    }
}

#[test]
fn whether_a_part_of_small_order_shows_depends_on_the_hash() {
    let mut good = 0;
    for last in 0..=u8::MAX {
        // Of order two: it shows where the hash is odd.
        let (key, message, signature) = signed(7_u64.into(), 9_u64.into(), [last].into(), [4, 0]);
        good += usize::from(is_good_by_both(&key, &message, &signature));
    }
    assert!((64..192).contains(&good), "{good}");
}

/// What both say, which is the same.
fn is_good_by_both(key: &VerifyingKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let ours = PublicKey::new(key.to_bytes());
    let theirs = key
        .verify(message, &Signature::from_bytes(signature))
        .is_ok();
    if !ours.could_have_made(signature) {
        return false;
    }
    let (halves, _) = signature.as_chunks();
    let [r, s] = halves else {
        unreachable!("64 bytes are two times 32")
    };
    assert_eq!(ours.has_signed_by_table(key, message, r, s), theirs);
    theirs
}

fn signed(
    key: Scalar,
    r: Scalar,
    message: Vec<u8>,
    parts: [usize; 2],
) -> (VerifyingKey, Vec<u8>, [u8; 64]) {
    let [point, r_point] =
        [(key, parts[0]), (r, parts[1])].map(|(scalar, part)| point(scalar) + EIGHT_TORSION[part]);
    let key_bytes = point.compress().to_bytes();
    let r_bytes = r_point.compress().to_bytes();
    let hash = Sha512::new()
        .chain_update(r_bytes)
        .chain_update(key_bytes)
        .chain_update(&message);
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let s = (r + k * key).to_bytes();
    let key = VerifyingKey::from_bytes(&key_bytes).expect("is a point");
    let signature = [r_bytes, s].concat().try_into().expect("has 64 bytes");
    (key, message, signature)
}

fn point(scalar: Scalar) -> EdwardsPoint {
    ED25519_BASEPOINT_POINT * scalar
}

/// Anything but zero: small, near the order, or any.
fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        (1..300_u64).prop_map(Scalar::from),
        (1..300_u64).prop_map(|scalar| -Scalar::from(scalar)),
        any::<[u8; 32]>().prop_map(Scalar::from_bytes_mod_order),
        Just(Scalar::ONE),
    ]
    .prop_filter("is zero", |scalar| *scalar != Scalar::ZERO)
}
