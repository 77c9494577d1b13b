//! RSA public keys (RFC 7518 §6.3.1).

#[cfg(test)]
mod differential;
mod encoding;
mod montgomery;
mod roca;

use alloc::boxed::Box;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use self::montgomery::Modulus;
use super::{KeyFault, RsaEncoding, jwk_of, text_member};
use crate::base64url;
use crate::json::Object;

/// The smallest modulus, in bits: RFC 7518 §3.3.
const MIN_MODULUS_BITS: usize = 2048;

/// The largest modulus, in bits: verification takes time with the square of it, and no issuer that
/// we know of goes beyond.
const MAX_MODULUS_BITS: usize = 4096;

/// The smallest exponent. With 1 everybody can sign; small ones have a history of forgeries against
/// lax padding checks. FIPS 186-5 §5.4 asks for more than 2^16.
const MIN_EXPONENT: u64 = 65_537;

/// The first exponent that is too large. Verification takes time with the length of it.
const EXPONENT_BOUND: u64 = 1 << 33;

pub(crate) struct PublicKey {
    /// Big-endian, without leading zeros.
    modulus: Box<[u8]>,
    exponent: u64,
    prepared: OnceBox<Modulus>,
}

impl PublicKey {
    pub(super) fn parse(jwk: &Object, encoding: RsaEncoding) -> Result<Self, KeyFault> {
        let modulus = number_member(jwk, "n", encoding)?;
        let exponent = number_member(jwk, "e", encoding)?;
        check_modulus(&modulus)?;
        Ok(Self {
            modulus: modulus.into(),
            exponent: read_exponent(&exponent)?,
            prepared: OnceBox::new(),
        })
    }

    pub(super) fn to_jwk(&self) -> Object {
        let exponent = self.exponent.to_be_bytes();
        let leading_zeros = exponent.iter().take_while(|byte| **byte == 0).count();
        jwk_of([
            ("kty", "RSA".into()),
            ("n", base64url::encode(&self.modulus)),
            (
                "e",
                base64url::encode(exponent.get(leading_zeros..).unwrap_or_default()),
            ),
        ])
    }

    /// As long as the modulus and below it (RFC 8017 §5.2.2 and §8.2.2, step 1).
    pub(super) fn could_have_made(&self, signature: &[u8]) -> bool {
        signature.len() == self.modulus.len() && signature < &*self.modulus
    }

    pub(super) fn has_signed_pkcs1(&self, message: &[u8], signature: &[u8]) -> bool {
        self.open(signature) == encoding::pkcs1(message, self.modulus.len())
    }

    pub(super) fn has_signed_pss(&self, message: &[u8], signature: &[u8]) -> bool {
        encoding::is_pss(&self.open(signature), bit_length(&self.modulus), message)
    }

    /// The encoded message that the signature was made of (RFC 8017 §5.2.2), as long as the
    /// modulus.
    fn open(&self, signature: &[u8]) -> Vec<u8> {
        let prepared = self
            .prepared
            .get_or_init(|| Box::new(Modulus::new(&self.modulus)));
        prepared.power(signature, self.exponent)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus == other.modulus && self.exponent == other.exponent
    }
}

/// A number as big-endian bytes (`Base64urlUInt`, RFC 7518 §2); leading zeros are for the caller
/// to refuse.
fn number_member(jwk: &Object, name: &str, encoding: RsaEncoding) -> Result<Vec<u8>, KeyFault> {
    let text = text_member(jwk, name)?;
    let mut decoded = base64url::decode(text).ok();
    // A text that is right in both encodings holds the same bytes in both.
    if decoded.is_none() && encoding == RsaEncoding::AlsoPaddedBase64 {
        decoded = base64url::decode_padded_base64(text).ok();
    }
    decoded.ok_or(KeyFault::MemberMalformed)
}

fn check_modulus(modulus: &[u8]) -> Result<(), KeyFault> {
    if modulus.first() == Some(&0) {
        return Err(KeyFault::RsaModulus);
    }
    match bit_length(modulus) {
        ..MIN_MODULUS_BITS => Err(KeyFault::RsaTooSmall),
        MIN_MODULUS_BITS..=MAX_MODULUS_BITS => roca::check(modulus),
        _ => Err(KeyFault::RsaTooLarge),
    }
}

fn read_exponent(exponent: &[u8]) -> Result<u64, KeyFault> {
    if exponent.first() == Some(&0) || exponent.len() > size_of::<u64>() {
        return Err(KeyFault::RsaExponent);
    }
    let value = exponent
        .iter()
        .fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
    if (MIN_EXPONENT..EXPONENT_BOUND).contains(&value) && value % 2 == 1 {
        Ok(value)
    } else {
        Err(KeyFault::RsaExponent)
    }
}

/// The length of a big-endian number without leading zeros.
fn bit_length(number: &[u8]) -> usize {
    let leading_zeros = number.first().map_or(0, |byte| byte.leading_zeros());
    number.len() * 8 - leading_zeros as usize
}
