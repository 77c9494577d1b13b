//! Points of P-256, y² = x³ − 3 x + b, and how they are added.
//!
//! After Jacobi a point is three numbers X, Y, Z with x = X / Z² and y = Y / Z³, so that nothing is
//! divided on the way; for the neutral point Z is zero. The formulas are `dbl-2001-b` and `madd` of
//! the Explicit-Formulas Database by Bernstein and Lange, but for how doubles are taken.
//!
//! # What cannot be added so
//!
//! The formula for sums fails if one of the two points is neutral, or if both have the same x. In
//! these cases, and in no others, its Z is zero, and to ask whether a product is zero
//! [costs nothing](Element::is_zero). Then it is looked at closer. Whoever makes his own key can
//! bring that about; for others it is as likely as guessing a private key.
//!
//! # How large the numbers are
//!
//! Of every point, X is of size one and at most 2.5 · P, Y of size two and at most 2 · P, and Z of
//! size one and at most P; in tables x and y are of size one and at most P. Beside the lines stands
//! how large their numbers are, from which follows that all is well, also after the line.

use alloc::vec::Vec;

use super::field::Element;
use crate::key::comb::{self, Point as _};

/// The b of the curve, big-endian. Source: NIST SP 800-186 §3.2.1.3.
const B: [u8; 32] = [
    0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc,
    0x65, 0x1d, 0x06, 0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
];

#[derive(Clone, Copy)]
pub(super) struct Point {
    x: Element,
    y: Element,
    z: Element,
}

/// A point that is not neutral, with a Z of 1.
#[derive(Clone, Copy)]
pub(super) struct Affine {
    x: Element,
    y: Element,
}

impl Point {
    /// The point with these coordinates, big-endian and below P; `None` if it is not on the curve.
    pub(super) fn new(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        let (x, y) = (Element::from_bytes(x), Element::from_bytes(y));
        let three_x = x.twice().plus(&x); // Size 3, 1.6 · P
        let right = x.squared().times(&x).minus(&three_x);
        // Size 6, 3.5 · P.
        let difference = right.plus(&Element::from_bytes(&B)).minus(&y.squared());
        let is_on_curve = difference.times(&Element::ONE).is_zero();
        is_on_curve.then(|| Affine { x, y }.into())
    }

    /// Whether the x-coordinate is this number, of size two and at most 2 · P.
    pub(super) fn has_x(&self, x: &Element) -> bool {
        // Size 2, at most 3.1 · P.
        let difference = self.x.minus(&x.times(&self.z.squared()));
        !self.z.is_zero() && difference.times(&Element::ONE).is_zero()
    }

    /// The sum where the formula gives no Z. The difference is that of both y, times Z³.
    #[cold]
    fn plus_alike(&self, other: &Affine, difference: &Element) -> Self {
        if self.z.is_zero() {
            (*other).into()
        } else if difference.times(&Element::ONE).is_zero() {
            self.doubled()
        } else {
            Self::neutral()
        }
    }
}

impl From<Affine> for Point {
    fn from(Affine { x, y }: Affine) -> Self {
        let z = Element::ONE;
        Self { x, y, z }
    }
}

impl comb::Point for Point {
    type Entry = Affine;

    fn neutral() -> Self {
        Self {
            x: Element::ZERO,
            y: Element::ZERO,
            z: Element::ZERO,
        }
    }

    fn doubled(&self) -> Self {
        let delta = self.z.squared(); // 0.6 · P
        let gamma = self.y.squared(); // 0.7 · P
        let two_gamma = gamma.twice(); // Size 2, 1.3 · P
        // Sizes 4 and 1, 10 · P and 0.7 · P: the product is at most 0.8 · P.
        let four_beta = self.x.twice().twice().times(&gamma);
        // Sizes 6 and 2, 9.3 · P and 3.1 · P: 1.4 · P.
        let difference = self.x.minus(&delta);
        let alpha = difference
            .twice()
            .plus(&difference)
            .times(&self.x.plus(&delta));

        // Size 3, 2.2 · P, before it is tidied.
        let x = alpha.squared().minus(&four_beta.twice()).tidy();
        // Sizes 1 and 2, 1.4 · P and 3 · P; sizes 2 and 4, 1.3 · P and 2.6 · P: the difference is of
        // size 2, and at most 1.3 · P.
        let y = alpha
            .times(&four_beta.minus(&x))
            .minus(&two_gamma.times(&two_gamma.twice()));
        // Sizes 4 and 1, 4 · P and P: 0.7 · P.
        let z = self.y.twice().times(&self.z);
        Self { x, y, z }
    }

    fn plus(&self, other: &Affine) -> Self {
        let zz = self.z.squared(); // 0.6 · P
        let zzz = self.z.times(&zz); // 0.6 · P
        let h = other.x.times(&zz).minus(&self.x); // Size 2, 3.1 · P
        let r = other.y.times(&zzz).minus(&self.y); // Size 3, 2.6 · P
        let z = self.z.times(&h); // 0.6 · P
        if z.is_zero() {
            return self.plus_alike(other, &r);
        }
        let hh = h.squared(); // 0.9 · P
        let hhh = h.times(&hh); // 0.6 · P
        let v = self.x.times(&hh); // 0.6 · P

        // Size 4, 2.5 · P, before it is tidied.
        let x = r.squared().minus(&hhh).minus(&v.twice()).tidy();
        // Sizes 3 and 2, 2.6 · P and 3.1 · P; sizes 2 and 1, 2 · P and 0.6 · P: size 2, 1.4 · P.
        let y = r.times(&v.minus(&x)).minus(&self.y.times(&hhh));
        Self { x, y, z }
    }

    fn minus(&self, other: &Affine) -> Self {
        let Affine { x, y } = *other;
        let y = Element::ZERO.minus(&y);
        self.plus(&Affine { x, y })
    }

    /// Divides by Z with one inversion for all, after Montgomery: that of the product of all Z, of
    /// which those of the single points are taken one after the other.
    fn entries(points: &[Self]) -> Vec<Affine> {
        let mut product = Element::ONE;
        let mut products = Vec::with_capacity(points.len());
        for point in points {
            products.push(product);
            product = product.times(&point.z);
        }
        let mut inverse = product.inverse();
        let mut entries = Vec::with_capacity(points.len());
        for (point, product_before) in points.iter().zip(products).rev() {
            let z_inverse = inverse.times(&product_before);
            inverse = inverse.times(&point.z);
            let square = z_inverse.squared();
            entries.push(Affine {
                x: point.x.times(&square),
                y: point.y.times(&square.times(&z_inverse)),
            });
        }
        entries.reverse();
        entries
    }
}
