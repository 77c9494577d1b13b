//! Sums of multiples of two points, each with a table that is made once for that point.
//!
//! To verify a signature on P-256 or Ed25519 is to compute a · A + b · B, where A is the generator
//! of the curve and B the point of the key. Digit by digit that takes 256 doublings, and the
//! additions. With tables it takes 32, and two additions for each; and a table is worth its time, as
//! a key verifies many signatures, and the generator verifies all.
//!
//! **Nothing secret may ever be computed with this module**: its time tells the scalars.
//!
//! # The comb
//!
//! After Lim and Lee ("More Flexible Exponentiation with Precomputation", 1994). The binary digits
//! of the scalar are cut into [`TEETH`] pieces of [`COLUMNS`] digits, which are written one below
//! the other. A column of this rectangle stands for a sum of some of the points P, 2^32 · P,
//! 2^64 · P and so on, and a table has all of these sums. So the columns are read from the highest
//! to the lowest: double, and add the sum of the column. Two scalars are read side by side, and
//! share the doublings.
//!
//! # No digit is zero
//!
//! Every odd number can be written with digits that are 1 or −1, as 5 = 8 − 4 + 2 − 1. Let m have
//! the same digits, but 0 for −1: then k = 2 · m − (2^n − 1) for n digits, and so
//! m = (k − 1) / 2 + 2^(n−1). These are the binary digits of k, each one place further down, and a 1
//! in the highest place. Written so, a column and its opposite have sums that differ in sign alone,
//! and the table has half of them: those in which the digit of the highest tooth is 1.
//!
//! An even scalar is taken for the odd one above it, and the point subtracted at the end. To add the
//! order instead would not do: points of Ed25519 may have another than the generator.
//!
//! # How many teeth
//!
//! With each tooth the table doubles, and less is gained. With six, seven and eight a sum on P-256
//! took 36, 30 and 27 µs in WebAssembly; a table of eight teeth has 129 points, which are 9 288 bytes
//! there for P-256, and 20 640 for Ed25519, so that two of them are still in a processor's nearest
//! memory, or almost. A set of keys has a hundred at most, and a key gets its table when a token is
//! verified with it.

use alloc::boxed::Box;
use alloc::vec::Vec;

/// How many pieces a scalar is cut into.
const TEETH: usize = 8;

/// How many digits a piece has. Together they have room for the 256 of a scalar.
const COLUMNS: usize = 256_usize.div_ceil(TEETH);

/// How many sums a table has.
const SUMS: usize = 1 << (TEETH - 1);

/// A point of a curve, as far as a comb is concerned.
pub(super) trait Point: Copy {
    /// A point as tables have it.
    type Entry;

    /// The sum of no points.
    fn neutral() -> Self;

    fn doubled(&self) -> Self;

    fn plus(&self, entry: &Self::Entry) -> Self;

    fn minus(&self, entry: &Self::Entry) -> Self;

    /// The same points, none of which is neutral, in the form of tables.
    fn entries(points: &[Self]) -> Vec<Self::Entry>;
}

/// The table of a point.
pub(super) struct Comb<P: Point> {
    /// The sums of columns, by their lower digits; then the point itself.
    table: Box<[P::Entry]>,
}

impl<P: Point> Comb<P> {
    pub(super) fn new(point: P) -> Self {
        // P, 2^32 · P, ..., each with its double.
        let mut teeth = Vec::with_capacity(2 * TEETH);
        let mut tooth = point;
        for _ in 1..TEETH {
            let double = tooth.doubled();
            teeth.extend([tooth, double]);
            tooth = (1..COLUMNS).fold(double, |multiple, _| multiple.doubled());
        }
        let teeth = P::entries(&teeth);
        let (teeth, _) = teeth.as_chunks();

        // Where all of the lower digits are −1; each that becomes a 1 adds the double of its tooth.
        let lowest = teeth.iter().fold(tooth, |sum, [tooth, _]| sum.minus(tooth));
        let mut sums = Vec::with_capacity(SUMS + 1);
        sums.push(lowest);
        for [_, double] in teeth {
            for index in 0..sums.len() {
                if let Some(sum) = sums.get(index) {
                    sums.push(sum.plus(double));
                }
            }
        }
        sums.push(point);
        let table = P::entries(&sums).into();
        Self { table }
    }

    /// Adds what a column stands for.
    fn add_column(&self, sum: P, column: usize) -> P {
        let is_positive = column & SUMS != 0;
        let index = if is_positive { column } else { !column } % SUMS;
        match self.table.get(index) {
            Some(entry) if is_positive => sum.plus(entry),
            Some(entry) => sum.minus(entry),
            None => sum,
        }
    }

    /// How many bytes the table has.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.table)
    }

    fn subtract_point(&self, sum: P) -> P {
        self.table.last().map_or(sum, |point| sum.minus(point))
    }
}

/// A scalar, little-endian, and the table of the point that it multiplies.
pub(super) type Term<'a, P> = (&'a [u8; 32], &'a Comb<P>);

/// The sum of two multiples.
pub(super) fn sum<P: Point>(terms: [Term<'_, P>; 2]) -> P {
    let mut sum = P::neutral();
    for column in (0..COLUMNS).rev() {
        sum = sum.doubled();
        for (scalar, comb) in terms {
            sum = comb.add_column(sum, digits(scalar, column));
        }
    }
    for (scalar, comb) in terms {
        if bit(scalar, 0) == 0 {
            sum = comb.subtract_point(sum);
        }
    }
    sum
}

/// The digits of a column, with 0 for −1.
fn digits(scalar: &[u8; 32], column: usize) -> usize {
    (0..TEETH).fold(0, |digits, tooth| {
        let place = tooth * COLUMNS + column + 1;
        let digit = if place == TEETH * COLUMNS {
            1
        } else {
            bit(scalar, place)
        };
        digits | digit << tooth
    })
}

/// A binary digit of a scalar.
fn bit(scalar: &[u8; 32], place: usize) -> usize {
    scalar
        .get(place / 8)
        .map_or(0, |byte| usize::from(byte >> (place % 8) & 1))
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::ED25519_BASEPOINT_POINT as BASE;
    use curve25519_dalek::{EdwardsPoint, Scalar};

    use super::{Comb, sum};
    use crate::key::p256;

    #[test]
    fn tables_have_as_many_bytes_as_is_said() {
        assert_eq!(Comb::new(BASE).bytes(), 20_640);
        assert_eq!(p256::size_of_table(), 9_288);
    }

    #[test]
    fn scalars_of_all_lengths_are_multiplied_by() {
        let (comb, two) = (Comb::new(BASE), Comb::new(BASE + BASE));
        let expected = |scalar: &[u8; 32]| BASE * Scalar::from_bytes_mod_order(*scalar);
        let zero = [0; 32];
        for place in 0..256 {
            let mut power = zero;
            power[place / 8] = 1 << (place % 8);
            let mut ones = [0xff; 32];
            ones[place / 8] -= 1 << (place % 8);
            for scalar in [power, ones] {
                let point = expected(&scalar);
                assert_eq!(sum([(&scalar, &comb), (&zero, &two)]), point);
                assert_eq!(sum([(&zero, &comb), (&scalar, &two)]), point + point);
                assert_eq!(
                    sum([(&scalar, &two), (&scalar, &comb)]),
                    point + point + point
                );
            }
        }
        let nothing: EdwardsPoint = sum([(&zero, &comb), (&zero, &two)]);
        assert_eq!(nothing, BASE - BASE);
    }
}
