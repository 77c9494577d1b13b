//! Numbers modulo the prime of P-256: what its points are computed with.
//!
//! # Why here, and not from a library
//!
//! The crate `p256` is made for private keys too: it takes care to do everything in time that tells
//! nothing of the numbers, and its numbers have limbs of 32 bits in WebAssembly, so that each
//! product of two needs its carry at once. A verification has nothing to hide. With the same
//! [comb](crate::key::comb) and the points of that crate the sum of two multiples took seven to ten
//! times as long in WebAssembly as with these, and without the comb more than twenty times.
//! **Nothing secret may ever be computed with this module.**
//!
//! That crate computes modulo the order of the curve, and is what the tests hold this module against.
//!
//! # How a number is written
//!
//! As nine limbs of 29 bits, lowest first, each of which may be negative: a limb *of its own size*
//! is from −2^28 to 2^28 − 1. Sums and differences are taken limb by limb, without carries, and so
//! the size of their limbs is the sum of both. [`Element::tidy`] brings it back to one. With sizes
//! a and b, a product of two limbs is at most a · b · 2^56, and up to nine of them are added up in
//! an `i64`: **the sizes of two factors may have a product of 14**, as 14 · 9 · 2^56 is less than
//! 2^63, and leaves room for carries. No size is above 7, as 7 · 2^28 is less than 2^31.
//!
//! # How a product is reduced
//!
//! After Montgomery, as in `rsa/montgomery.rs`, with R = 2^261: a multiple of the prime P is added
//! that makes the lower nine columns zero, and these are left out, which divides by R. A number x is
//! kept as x · R, and the products of such numbers are such numbers again. The prime is
//!
//! P = 2^256 − 2^224 + 2^192 + 2^96 − 1,
//!
//! so −1/P modulo 2^29 is 1: to clear a column whose lowest 29 bits are m, add m · P. That takes m
//! away from this column, which leaves its carry, and puts m, shifted, into four others. There is
//! nothing to multiply.
//!
//! # How large a number is
//!
//! Nothing is ever compared with P. If the factors are at most a · P and b · P, the result is at most
//! (a · b / 32 + 1/2) · P, as P is less than R / 32, and what is added less than R · P / 2, for the
//! m are from −2^28 to 2^28 − 1 as well. So a product is less than P, of whatever sign, if a · b is
//! less than 16: and then it is **zero modulo P only if all of its limbs are zero**. `point.rs` has
//! the sum for each of its numbers.

#[cfg(test)]
mod differential;

/// The limbs of a number.
const LIMBS: usize = 9;

/// The bits of a limb.
const LIMB_BITS: usize = 29;

/// A limb of its own size is from minus this to this less 1.
const HALF: i64 = 1 << (LIMB_BITS - 1);

/// A number modulo P.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, Copy)]
pub(super) struct Element([i32; LIMBS]);

impl Element {
    pub(super) const ZERO: Self = Self([0; LIMBS]);

    /// R modulo P, as which 1 is kept.
    pub(super) const ONE: Self = Self([32, 0, 0, -1 << 14, 0, 0, -1 << 23, 1 << 26, 0]);

    /// R² modulo P; a factor of this brings a number into its form.
    const RADIX_SQUARED: Self = Self([3072, 0, -1 << 16, -1 << 21, -1 << 22, 0, 0, -1, 20]);

    /// The number of 32 bytes, big-endian.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut limbs = [0; LIMBS];
        let mut bytes = bytes.iter().rev();
        let (mut buffer, mut bits) = (0, 0);
        for limb in &mut limbs {
            while bits < LIMB_BITS {
                buffer |= bytes.next().map_or(0, |byte| i64::from(*byte)) << bits;
                bits += 8;
            }
            // Of size two, as none is negative.
            *limb = (buffer & (2 * HALF - 1)) as i32;
            buffer >>= LIMB_BITS;
            bits -= LIMB_BITS;
        }
        Self(limbs).times(&Self::RADIX_SQUARED)
    }

    /// Whether a product, below P, is zero.
    pub(super) fn is_zero(&self) -> bool {
        self.0 == [0; LIMBS]
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.wide();
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.wide();
        reduced([
            a0 * b0,
            a0 * b1 + a1 * b0,
            a0 * b2 + a1 * b1 + a2 * b0,
            a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
            a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
            a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
            a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
            a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
            a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
            a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
            a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
            a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
            a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
            a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
            a6 * b8 + a7 * b7 + a8 * b6,
            a7 * b8 + a8 * b7,
            a8 * b8,
        ])
    }

    /// The number by itself: each product of two different limbs is computed once, and doubled.
    pub(super) fn squared(&self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.wide();
        let [b0, b1, b2, b3, b4, b5, b6, b7, _] = self.twice().wide();
        reduced([
            a0 * a0,
            b0 * a1,
            b0 * a2 + a1 * a1,
            b0 * a3 + b1 * a2,
            b0 * a4 + b1 * a3 + a2 * a2,
            b0 * a5 + b1 * a4 + b2 * a3,
            b0 * a6 + b1 * a5 + b2 * a4 + a3 * a3,
            b0 * a7 + b1 * a6 + b2 * a5 + b3 * a4,
            b0 * a8 + b1 * a7 + b2 * a6 + b3 * a5 + a4 * a4,
            b1 * a8 + b2 * a7 + b3 * a6 + b4 * a5,
            b2 * a8 + b3 * a7 + b4 * a6 + a5 * a5,
            b3 * a8 + b4 * a7 + b5 * a6,
            b4 * a8 + b5 * a7 + a6 * a6,
            b5 * a8 + b6 * a7,
            b6 * a8 + a7 * a7,
            b7 * a8,
            a8 * a8,
        ])
    }

    /// Limb by limb; not inlined, as that made points three times as long, and hardly faster.
    #[inline(never)]
    pub(super) fn plus(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.0;
        Self([
            a0 + b0,
            a1 + b1,
            a2 + b2,
            a3 + b3,
            a4 + b4,
            a5 + b5,
            a6 + b6,
            a7 + b7,
            a8 + b8,
        ])
    }

    pub(super) fn twice(&self) -> Self {
        self.plus(self)
    }

    /// As [`Self::plus`].
    #[inline(never)]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.0;
        Self([
            a0 - b0,
            a1 - b1,
            a2 - b2,
            a3 - b3,
            a4 - b4,
            a5 - b5,
            a6 - b6,
            a7 - b7,
            a8 - b8,
        ])
    }

    /// The same number, in limbs of their own size.
    pub(super) fn tidy(&self) -> Self {
        let mut limbs = self.0;
        let [lower @ .., highest] = &mut limbs;
        let mut carry = 0;
        for limb in lower {
            let digit;
            (digit, carry) = split(i64::from(*limb) + carry);
            *limb = digit as i32;
        }
        *highest += carry as i32;
        Self(limbs)
    }

    /// 1/x, for an x that is not zero: its power by P − 2 (Fermat).
    pub(super) fn inverse(&self) -> Self {
        /// The binary digits of P − 2 after the first, in runs, from the highest.
        const RUNS: [(usize, bool); 7] = [
            (31, true),
            (31, false),
            (1, true),
            (96, false),
            (94, true),
            (1, false),
            (1, true),
        ];
        let mut power = *self;
        for (length, digit) in RUNS {
            for _ in 0..length {
                power = power.squared();
                if digit {
                    power = power.times(self);
                }
            }
        }
        power
    }

    /// The limbs, ready to be multiplied.
    #[inline(always)]
    fn wide(&self) -> [i64; LIMBS] {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        [
            a0.into(),
            a1.into(),
            a2.into(),
            a3.into(),
            a4.into(),
            a5.into(),
            a6.into(),
            a7.into(),
            a8.into(),
        ]
    }
}

/// Divides by R, modulo P.
#[inline(always)]
fn reduced(columns: [i64; 2 * LIMBS - 1]) -> Element {
    let [
        c0,
        c1,
        c2,
        c3,
        c4,
        c5,
        c6,
        c7,
        c8,
        c9,
        c10,
        c11,
        c12,
        c13,
        c14,
        c15,
        c16,
    ] = columns;
    // 96, 192, 224 and 256 are 3, 6, 7 and 8 limbs, and 9, 18, 21 and 24 bits.
    let (m0, carry) = split(c0);
    let (m1, carry) = split(c1 + carry);
    let (m2, carry) = split(c2 + carry);
    let (m3, carry) = split(c3 + carry + (m0 << 9));
    let (m4, carry) = split(c4 + carry + (m1 << 9));
    let (m5, carry) = split(c5 + carry + (m2 << 9));
    let (m6, carry) = split(c6 + carry + (m3 << 9) + (m0 << 18));
    let (m7, carry) = split(c7 + carry + (m4 << 9) + (m1 << 18) - (m0 << 21));
    let (m8, carry) = split(c8 + carry + (m5 << 9) + (m2 << 18) - (m1 << 21) + (m0 << 24));
    let (r0, carry) = split(c9 + carry + (m6 << 9) + (m3 << 18) - (m2 << 21) + (m1 << 24));
    let (r1, carry) = split(c10 + carry + (m7 << 9) + (m4 << 18) - (m3 << 21) + (m2 << 24));
    let (r2, carry) = split(c11 + carry + (m8 << 9) + (m5 << 18) - (m4 << 21) + (m3 << 24));
    let (r3, carry) = split(c12 + carry + (m6 << 18) - (m5 << 21) + (m4 << 24));
    let (r4, carry) = split(c13 + carry + (m7 << 18) - (m6 << 21) + (m5 << 24));
    let (r5, carry) = split(c14 + carry + (m8 << 18) - (m7 << 21) + (m6 << 24));
    let (r6, carry) = split(c15 + carry - (m8 << 21) + (m7 << 24));
    let (r7, r8) = split(c16 + carry + (m8 << 24));
    Element([
        r0 as i32, r1 as i32, r2 as i32, r3 as i32, r4 as i32, r5 as i32, r6 as i32, r7 as i32,
        r8 as i32,
    ])
}

/// The limb of its own size that a column ends with, and what it carries to the next.
#[inline(always)]
const fn split(column: i64) -> (i64, i64) {
    let raised = column + HALF;
    ((raised & (2 * HALF - 1)) - HALF, raised >> LIMB_BITS)
}
