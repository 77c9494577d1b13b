//! Our numbers beside those of the crate `p256`.

use std::sync::LazyLock;

use p256::NistP256;
use p256::elliptic_curve::ff::PrimeField as _;
use p256::elliptic_curve::hazmat::FieldArithmetic;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use super::{Element, HALF, LIMB_BITS, LIMBS};

type Expected = <NistP256 as FieldArithmetic>::FieldElement;

/// The largest sizes that two factors may have.
const SIZES: [(i32, i32); 4] = [(1, 7), (2, 7), (7, 2), (3, 4)];

const CASES: u32 = if cfg!(target_family = "wasm") {
    200
} else {
    5000
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn products_are_those_of_another_implementation(
        (a, b) in (0..SIZES.len()).prop_flat_map(|index| {
            let (a, b) = SIZES[index];
            (element(a), element(b))
        })
    ) {
        check(&a.times(&b), value(&a) * value(&b))?;
        check(&b.times(&a), value(&a) * value(&b))?;
    }

    #[test]
    fn squares_are_those_of_another_implementation(a in element(3)) {
        check(&a.squared(), value(&a).square())?;
    }

    #[test]
    fn sums_and_differences_are_those_of_another_implementation(a in element(3), b in element(2)) {
        prop_assert_eq!(value(&a.plus(&b)), value(&a) + value(&b));
        prop_assert_eq!(value(&a.minus(&b)), value(&a) - value(&b));
        prop_assert_eq!(value(&a.twice()), value(&a).double());
        check(&a.minus(&b).tidy(), value(&a) - value(&b))?;
    }

    #[test]
    fn numbers_are_read_as_another_implementation_reads_them(bytes in any::<[u8; 32]>()) {
        if let Some(expected) = Option::<Expected>::from(Expected::from_repr(bytes.into())) {
            check(&Element::from_bytes(&bytes), expected)?;
        }
    }
}

#[test]
fn products_of_the_largest_limbs_are_right() {
    for (size_a, size_b) in SIZES {
        for a in extremes(size_a) {
            for b in extremes(size_b) {
                check(&a.times(&b), value(&a) * value(&b)).expect("is right");
            }
        }
    }
    for a in extremes(3) {
        check(&a.squared(), value(&a).square()).expect("is right");
    }
}

#[test]
fn a_product_is_zero_if_a_factor_is_a_multiple_of_the_prime() {
    // P itself, in limbs: 2^256, 2^224, 2^192 and 2^96 are in the limbs 8, 7, 6 and 3.
    let prime = Element([-1, 0, 0, 1 << 9, 0, 0, 1 << 18, -1 << 21, 1 << 24]);
    assert_eq!(value(&prime), Expected::ZERO);
    let mut multiple = Element::ZERO;
    for _ in 0..4 {
        assert!(multiple.times(&Element::ONE).is_zero());
        assert!(Element::ZERO.minus(&multiple).tidy().squared().is_zero());
        for difference in [1, -1, 1 << 28] {
            let mut beside = multiple;
            beside.0[0] += difference;
            assert!(!beside.times(&Element::ONE).is_zero());
        }
        multiple = multiple.plus(&prime).tidy();
    }
}

#[test]
fn one_is_one_and_inverses_are_inverses() {
    assert_eq!(value(&Element::ONE), Expected::ONE);
    let three = Element::ONE.twice().plus(&Element::ONE);
    let mut number = Element::ONE;
    for _ in 0..50 {
        let product = number.times(&number.inverse());
        assert_eq!(value(&product), Expected::ONE);
        number = number.times(&three);
    }
}

/// That the element stands for the number, and has limbs of its own size.
fn check(
    element: &Element,
    expected: Expected,
) -> Result<(), proptest::test_runner::TestCaseError> {
    prop_assert_eq!(value(element), expected, "{:?}", element);
    let half = HALF as i32;
    let [lower @ .., _] = &element.0;
    prop_assert!(
        lower.iter().all(|limb| (-half..half).contains(limb)),
        "{:?}",
        element
    );
    Ok(())
}

/// What an element stands for: its limbs, without R.
fn value(element: &Element) -> Expected {
    static RADIX_INVERSE: LazyLock<Expected> = LazyLock::new(|| {
        let radix = (0..LIMBS * LIMB_BITS).fold(Expected::ONE, |power, _| power.double());
        radix.invert().expect("is not zero")
    });
    let sum = element.0.iter().rev().fold(Expected::ZERO, |sum, limb| {
        let digit = Expected::from(u64::from(limb.unsigned_abs()));
        let digit = if *limb < 0 { -digit } else { digit };
        sum * Expected::from(1_u64 << LIMB_BITS) + digit
    });
    sum * *RADIX_INVERSE
}

/// A number in limbs of this size, and not larger than those of points are.
fn element(size: i32) -> impl Strategy<Value = Element> {
    let bound = size << 28;
    let limb = prop_oneof![
        Just(-bound),
        Just(bound - 1),
        Just(0),
        Just(-1),
        -bound..bound
    ];
    let highest = -1 << 25..1 << 25;
    (proptest::array::uniform8(limb), highest).prop_map(|(lower, highest)| {
        let mut limbs = [highest; LIMBS];
        limbs[..LIMBS - 1].copy_from_slice(&lower);
        Element(limbs)
    })
}

/// Numbers whose limbs are all as large as they can be, of one sign or of two.
fn extremes(size: i32) -> [Element; 4] {
    // Also in the highest limb, which none is in truth.
    let bound = i32::try_from((i64::from(size) << 28) - 1).unwrap_or(i32::MAX);
    let alternating = core::array::from_fn(|index| if index % 2 == 0 { bound } else { -bound });
    [
        Element([bound; LIMBS]),
        Element([-bound; LIMBS]),
        Element(alternating),
        Element(alternating.map(|limb: i32| -limb)),
    ]
}
