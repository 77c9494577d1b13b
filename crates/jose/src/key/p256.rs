//! P-256 public keys (RFC 7518 §6.2.1), and ECDSA with them (FIPS 186-5 §6.4.2).
//!
//! What is computed modulo the order of the curve is the crate `p256`'s; the sum of two multiples,
//! where the time goes, is [`comb`]'s, with the points of [`point`].

#[cfg(test)]
mod differential;
mod field;
mod point;

use alloc::boxed::Box;

use once_cell::race::OnceBox;
use p256::elliptic_curve::ff::{Field as _, PrimeField as _};
use p256::elliptic_curve::ops::Reduce as _;
use p256::{FieldBytes, Scalar};
use sha2::{Digest as _, Sha256};

use self::field::Element;
use self::point::Point;
use super::comb::{self, Comb};
use super::{KeyFault, bytes_member, jwk_of, text_member};
use crate::base64url;
use crate::json::Object;

/// The prime of the field, big-endian. Source: NIST SP 800-186 §3.2.1.3, as for what follows.
const FIELD_PRIME: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
];

/// The order of the curve, big-endian.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The prime less the order, big-endian: a number below it is the remainder of two x-coordinates.
const PRIME_LESS_ORDER: [u8; 32] = [
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x43, 0x19, 0x05, 0x53, 0x58, 0xe8, 0x61, 0x7b, 0x0c, 0x46, 0x35, 0x3d, 0x03, 0x9c, 0xda, 0xae,
];

/// The coordinates of the generator, big-endian.
const GENERATOR: [[u8; 32]; 2] = [
    [
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40,
        0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98,
        0xc2, 0x96,
    ],
    [
        0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e,
        0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf,
        0x51, 0xf5,
    ],
];

/// The table of the generator, made when a key is first used.
static GENERATOR_COMB: OnceBox<Option<Comb<Point>>> = OnceBox::new();

pub(crate) struct PublicKey {
    x: [u8; 32],
    y: [u8; 32],
    /// `None` for coordinates that are not of a point of the curve.
    prepared: OnceBox<Option<Comb<Point>>>,
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
        Ok(Self::new(x, y))
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

    /// A key that is not a point of the curve has signed nothing.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let prepared = self.prepared.get_or_init(|| Box::new(self.prepare()));
        let (Some(key), (&[r, s], [])) = (prepared, signature.as_chunks()) else {
            return false;
        };
        let hash = Sha256::digest(message).into();
        has_signed(key, &hash, &r, &s).unwrap_or(false)
    }

    const fn new(x: [u8; 32], y: [u8; 32]) -> Self {
        let prepared = OnceBox::new();
        Self { x, y, prepared }
    }

    fn prepare(&self) -> Option<Comb<Point>> {
        Point::new(&self.x, &self.y).map(Comb::new)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        (self.x, self.y) == (other.x, other.y)
    }
}

/// FIPS 186-5 §6.4.2 by its steps, for a hash; `None` for an r or s that step 1 refuses.
fn has_signed(key: &Comb<Point>, hash: &[u8; 32], r: &[u8; 32], s: &[u8; 32]) -> Option<bool> {
    // 1.
    let r_scalar = scalar(r)?;
    let s = scalar(s)?;
    // 3. The hash has as many bits as the order.
    let e = Scalar::reduce(&FieldBytes::from(*hash));
    // 4.
    let s_inverse = Option::<Scalar>::from(s.invert_vartime())?;
    // 5.
    let (u, v) = (e * s_inverse, r_scalar * s_inverse);
    // 6.
    let [x, y] = &GENERATOR;
    let generator = GENERATOR_COMB.get_or_init(|| Box::new(Point::new(x, y).map(Comb::new)));
    let point = comb::sum([
        (&little_endian(&u), generator.as_ref()?),
        (&little_endian(&v), key),
    ]);
    // 7 to 9: whether r is the x-coordinate modulo the order. There is none if the sum is neutral.
    let r_element = Element::from_bytes(r);
    let is_r = point.has_x(&r_element);
    let r_and_order = r_element.plus(&Element::from_bytes(&ORDER));
    Some(is_r || *r < PRIME_LESS_ORDER && point.has_x(&r_and_order))
}

/// A number from 1 to the order less 1.
fn scalar(bytes: &[u8; 32]) -> Option<Scalar> {
    let scalar = Option::<Scalar>::from(Scalar::from_repr((*bytes).into()));
    scalar.filter(|scalar| !bool::from(scalar.is_zero()))
}

fn little_endian(scalar: &Scalar) -> [u8; 32] {
    let mut bytes = <[u8; 32]>::from(scalar.to_bytes());
    bytes.reverse();
    bytes
}

/// How many bytes the table of a key has.
#[cfg(test)]
pub(super) fn size_of_table() -> usize {
    let [x, y] = &GENERATOR;
    Comb::new(Point::new(x, y).expect("is on the curve")).bytes()
}
