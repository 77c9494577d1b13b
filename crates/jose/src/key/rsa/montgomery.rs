//! Powers modulo a number of some thousand bits: all the arithmetic that RSA verification has.
//!
//! # Why here, and not from a library
//!
//! A signature is verified by raising it to a small exponent, almost always 65537: sixteen
//! squarings and one multiplication. Libraries of big numbers are made for private keys too, and
//! take care to do everything in time that tells nothing of the numbers. Here signature, exponent
//! and modulus are all public, so that care buys nothing, and it is dear: in WebAssembly a general
//! library took more than five times as long for a signature of 2048 bits, and several times as
//! many bytes to download. **Nothing secret may ever be computed with this module.**
//!
//! # How a number is written
//!
//! As limbs of 28 bits, lowest first. The product of two limbs has 56 bits, and so 256 of them can
//! be added up in a `u64` before a carry must be thought of. No column of a product of the largest
//! numbers has more than [`MAX_LIMBS`] = 148 of them. So the inner loops only multiply and add, one
//! WebAssembly instruction each, and carries are passed on in loops of their own.
//!
//! # How a product is reduced
//!
//! After Montgomery ("Modular Multiplication Without Trial Division", 1985). Let the modulus N be
//! odd, and R = 2^(28 · limbs), so that dividing by R is leaving out limbs. To the product T a
//! multiple of N is added that makes its lower half zero, and the lower half is left out. The
//! result is congruent to T / R. The multiple is found limb by limb from below: to clear a limb t,
//! add N times t · (−1/N mod 2^28), whose lowest limb is −t.
//!
//! The stray factor 1/R is carried along. A number x is kept as x · R; the product of two such
//! numbers, divided by R, is x · y · R once more. Multiplied by R² / R a number takes on that form,
//! and multiplied with a number that has not taken it on, it loses it.
//!
//! # Why no comparison is needed on the way
//!
//! R is more than 4 N, as there are two bits to spare above those of N. If both factors are below
//! 2 N, then T < 4 N² < R · N, and what is added to it is below R · N, so the result is below
//! 2 R · N / R = 2 N again. Only at the end N is subtracted, once or not at all.
//!
//! # How it is made fast
//!
//! - A square has each product of two different limbs twice; they are computed once, and doubled.
//! - Rows are added two at a time: each column is then loaded and stored half as often. Four at a
//!   time, sums column by column, and the vector instructions of WebAssembly were all tried, and
//!   were not faster there, or not by enough to read them.
//! - R² mod N depends on the key alone and takes a good part of the time of a verification. It is
//!   computed when a key is first used, and kept.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::MAX_MODULUS_BITS;

/// The bits of a limb.
const LIMB_BITS: usize = 28;

/// A limb with all bits set.
const MASK: u64 = (1 << LIMB_BITS) - 1;

/// The limbs of the largest modulus; so many products of limbs add up in a column.
const MAX_LIMBS: usize = limbs_for(MAX_MODULUS_BITS);

const _: () = assert!(MAX_LIMBS < 1 << (64 - 2 * LIMB_BITS), "columns overflow");

/// How often preparation squares; see there.
const PREPARATORY_SQUARINGS: usize = 5;

/// How many limbs a modulus takes: an even number, with at least two bits to spare.
const fn limbs_for(bits: usize) -> usize {
    2 * (bits + 2).div_ceil(2 * LIMB_BITS)
}

/// An odd modulus, made ready for taking powers.
pub(super) struct Modulus {
    /// How many bytes it has in its key.
    byte_length: usize,
    limbs: Box<[u32]>,
    /// −1/N modulo 2^28.
    minus_inverse: u32,
    /// R² modulo N.
    radix_squared: Box<[u32]>,
}

impl Modulus {
    /// Prepares a modulus, big-endian, which is odd and has no leading zeros.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let leading_zeros = bytes.first().map_or(0, |byte| byte.leading_zeros());
        let bits = bytes.len() * 8 - leading_zeros as usize;
        let limbs = limbs_of(bytes, limbs_for(bits));
        let lowest = limbs.first().copied().unwrap_or_default();
        let mut modulus = Self {
            byte_length: bytes.len(),
            minus_inverse: minus_inverse(lowest),
            radix_squared: vec![0; limbs.len()].into(),
            limbs: limbs.into(),
        };
        modulus.radix_squared = modulus.square_of_radix(bits).into();
        modulus
    }

    /// The base to the power of the exponent, big-endian and as long as the modulus.
    ///
    /// The base is below the modulus; the exponent is odd and above 1.
    pub(super) fn power(&self, base: &[u8], exponent: u64) -> Vec<u8> {
        let mut columns = self.columns();
        let base = limbs_of(base, self.limbs.len());
        let mut factor = base.clone();
        self.multiply(&mut factor, &self.radix_squared, &mut columns);

        // By the binary digits of the exponent, of which the highest is 1.
        let mut power = factor.clone();
        for digit in (0..exponent.ilog2()).rev() {
            self.square(&mut power, &mut columns);
            if digit == 0 {
                // The lowest digit is 1 too; this factor takes the result out of its form.
                self.multiply(&mut power, &base, &mut columns);
            } else if exponent >> digit & 1 == 1 {
                self.multiply(&mut power, &factor, &mut columns);
            }
        }
        self.subtract_while_not_less(&mut power);
        bytes_of(&power, self.byte_length)
    }

    /// R² mod N, with few products: it begins with the highest power of 2 below N, doubles that up
    /// to R, which is 1 in the form of x · R, and makes of this 2 to the power of `28 · limbs`, in
    /// the same form, by doubling for the higher digits of that exponent and squaring for the
    /// [lower ones](PREPARATORY_SQUARINGS). A squaring costs as much as some fifty doublings.
    fn square_of_radix(&self, bits: usize) -> Vec<u32> {
        let radix_bits = self.limbs.len() * LIMB_BITS;
        let highest = bits - 1;
        let mut power = vec![0; self.limbs.len()];
        if let Some(limb) = power.get_mut(highest / LIMB_BITS) {
            *limb = 1 << (highest % LIMB_BITS);
        }
        for _ in highest..radix_bits + (radix_bits >> PREPARATORY_SQUARINGS) {
            self.double(&mut power);
        }
        let mut columns = self.columns();
        for digit in (0..PREPARATORY_SQUARINGS).rev() {
            self.square(&mut power, &mut columns);
            if radix_bits >> digit & 1 == 1 {
                self.double(&mut power);
            }
        }
        power
    }

    /// Room for a product.
    fn columns(&self) -> Vec<u64> {
        vec![0; 2 * self.limbs.len()]
    }

    /// `number` · `other` / R, below 2 N if both were.
    fn multiply(&self, number: &mut [u32], other: &[u32], columns: &mut [u64]) {
        columns.fill(0);
        for (index, pair) in number.chunks_exact(2).enumerate() {
            if let &[low, high] = pair {
                add_two_rows(tail(columns, 2 * index), low, high, other);
            }
        }
        self.reduce(columns, number);
    }

    /// `number`² / R, below 2 N if the number was.
    fn square(&self, number: &mut [u32], columns: &mut [u64]) {
        columns.fill(0);
        let mut index = 0;
        let mut rest = &*number;
        while let [low, high, higher @ ..] = rest {
            if let [first, second, third, ..] = tail(columns, 2 * index) {
                *first += product(*low, *low);
                *second += 2 * product(*low, *high);
                *third += product(*high, *high);
            }
            add_two_rows(tail(columns, 2 * index + 2), 2 * low, 2 * high, higher);
            rest = higher;
            index += 2;
        }
        self.reduce(columns, number);
    }

    /// Divides the product in the columns by R, modulo N.
    fn reduce(&self, columns: &mut [u64], result: &mut [u32]) {
        // There would not be room for twice as many products without this.
        let mut carry = 0;
        for column in &mut *columns {
            carry += *column;
            *column = carry & MASK;
            carry >>= LIMB_BITS;
        }

        let [n0, n1, ..] = *self.limbs else { return };
        for index in (0..self.limbs.len()).step_by(2) {
            let lowest = tail(columns, index);
            let [first, second, ..] = *lowest else { return };
            let low = self.clearing(first);
            let carry = (first + product(low, n0)) >> LIMB_BITS;
            let high = self.clearing(second + product(low, n1) + carry);
            add_two_rows(lowest, low, high, &self.limbs);
            // What is left of the two columns, whose lower bits are zero now.
            if let [first, second, third, ..] = lowest {
                *third += (*second + (*first >> LIMB_BITS)) >> LIMB_BITS;
            }
        }

        let mut carry = 0;
        let upper = columns.iter().skip(self.limbs.len());
        for (limb, column) in result.iter_mut().zip(upper) {
            carry += column;
            *limb = low_limb(carry);
            carry >>= LIMB_BITS;
        }
    }

    /// By what N is to be multiplied for its lowest limb to clear that of the column.
    const fn clearing(&self, column: u64) -> u32 {
        low_limb((column as u32).wrapping_mul(self.minus_inverse) as u64)
    }

    /// 2 · `number` mod N, for a number below 2 N.
    fn double(&self, number: &mut [u32]) {
        let mut carry = 0;
        for limb in &mut *number {
            carry += u64::from(*limb) << 1;
            *limb = low_limb(carry);
            carry >>= LIMB_BITS;
        }
        self.subtract_while_not_less(number);
    }

    /// Three times at most, as no number here is 4 N.
    fn subtract_while_not_less(&self, number: &mut [u32]) {
        while number.iter().rev().ge(self.limbs.iter().rev()) {
            let mut borrow = 0;
            for (limb, n) in number.iter_mut().zip(&self.limbs) {
                let difference = limb.wrapping_sub(*n).wrapping_sub(borrow);
                *limb = low_limb(difference.into());
                borrow = difference >> 31;
            }
        }
    }
}

/// Adds (`low` + `high` · 2^28) · `row` to the columns. This is where the time goes.
fn add_two_rows(columns: &mut [u64], low: u32, high: u32, row: &[u32]) {
    let (Some(first), Some(last)) = (row.first(), row.last()) else {
        return;
    };
    if let Some(column) = columns.get_mut(row.len()) {
        *column += product(high, *last);
    }
    let Some((column, columns)) = columns.split_first_mut() else {
        return;
    };
    *column += product(low, *first);
    for (column, neighbours) in columns.iter_mut().zip(row.windows(2)) {
        if let &[below, limb] = neighbours {
            *column += product(low, limb) + product(high, below);
        }
    }
}

/// A limb that may be doubled, by a limb.
const fn product(a: u32, b: u32) -> u64 {
    a as u64 * b as u64
}

const fn low_limb(value: u64) -> u32 {
    (value & MASK) as u32
}

fn tail(columns: &mut [u64], start: usize) -> &mut [u64] {
    columns.get_mut(start..).unwrap_or_default()
}

/// −1/n modulo 2^28 for odd n, after Newton: each step doubles the bits that are right, of which
/// n itself has three.
fn minus_inverse(n: u32) -> u32 {
    let mut inverse = n;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(n.wrapping_mul(inverse)));
    }
    low_limb(inverse.wrapping_neg().into())
}

/// The limbs of a big-endian number, with zeros above it.
fn limbs_of(bytes: &[u8], count: usize) -> Vec<u32> {
    let mut limbs = Vec::with_capacity(count);
    let (mut buffer, mut bits) = (0, 0);
    for byte in bytes.iter().rev() {
        buffer |= u64::from(*byte) << bits;
        bits += 8;
        if bits >= LIMB_BITS {
            limbs.push(low_limb(buffer));
            buffer >>= LIMB_BITS;
            bits -= LIMB_BITS;
        }
    }
    limbs.push(low_limb(buffer));
    limbs.resize(count, 0);
    limbs
}

/// The big-endian bytes of a number, in the given length, which it fits.
fn bytes_of(limbs: &[u32], length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut limbs = limbs.iter();
    let (mut buffer, mut bits) = (0, 0);
    for byte in bytes.iter_mut().rev() {
        if bits < 8 {
            buffer |= limbs.next().map_or(0, |limb| u64::from(*limb)) << bits;
            bits += LIMB_BITS;
        }
        *byte = (buffer & 0xff) as u8;
        buffer >>= 8;
        bits -= 8;
    }
    bytes
}
