//! RSA public keys (RFC 7518 §6.3.1).

mod roca;

use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest as _, Sha256};

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

#[derive(Clone, PartialEq)]
pub(crate) struct PublicKey(RsaPublicKey);

impl PublicKey {
    pub(super) fn parse(jwk: &Object, encoding: RsaEncoding) -> Result<Self, KeyFault> {
        let modulus = number_member(jwk, "n", encoding)?;
        let exponent = number_member(jwk, "e", encoding)?;
        check_modulus(&modulus)?;
        check_exponent(&exponent)?;
        RsaPublicKey::new(
            BoxedUint::from_be_slice_vartime(&modulus),
            BoxedUint::from_be_slice_vartime(&exponent),
        )
        .map(Self)
        .map_err(|_| KeyFault::RsaModulus)
    }

    pub(super) fn to_jwk(&self) -> Object {
        jwk_of([
            ("kty", "RSA".into()),
            ("n", base64url::encode(self.0.n_bytes())),
            ("e", base64url::encode(self.0.e_bytes())),
        ])
    }

    pub(super) fn has_signed_pkcs1(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        let hash = Sha256::digest(signing_input);
        self.0
            .verify(Pkcs1v15Sign::new::<Sha256>(), &hash, signature)
            .is_ok()
    }

    /// With a salt as long as the hash, which RFC 7518 §3.5 demands.
    pub(super) fn has_signed_pss(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        let hash = Sha256::digest(signing_input);
        self.0
            .verify(Pss::<Sha256>::new(), &hash, signature)
            .is_ok()
    }
}

/// A number as big-endian bytes (`Base64urlUInt`, RFC 7518 §2); leading zeros are for the caller
/// to refuse.
fn number_member(jwk: &Object, name: &str, encoding: RsaEncoding) -> Result<Vec<u8>, KeyFault> {
    let text = text_member(jwk, name)?;
    let mut decoded = base64url::decode(text).ok();
    // A text that is right in both encodings holds the same bytes in both.
    if decoded.is_none() && encoding == RsaEncoding::AlsoPaddedBase64 {
        decoded = STANDARD.decode(text).ok();
    }
    decoded.ok_or(KeyFault::MemberMalformed)
}

fn check_modulus(modulus: &[u8]) -> Result<(), KeyFault> {
    let Some(highest) = modulus.first() else {
        return Err(KeyFault::RsaTooSmall);
    };
    if *highest == 0 {
        return Err(KeyFault::RsaModulus);
    }
    match modulus.len() * 8 - highest.leading_zeros() as usize {
        ..MIN_MODULUS_BITS => Err(KeyFault::RsaTooSmall),
        MIN_MODULUS_BITS..=MAX_MODULUS_BITS => roca::check(modulus),
        _ => Err(KeyFault::RsaTooLarge),
    }
}

fn check_exponent(exponent: &[u8]) -> Result<(), KeyFault> {
    if exponent.first() == Some(&0) || exponent.len() > size_of::<u64>() {
        return Err(KeyFault::RsaExponent);
    }
    let value = exponent
        .iter()
        .fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
    if (MIN_EXPONENT..EXPONENT_BOUND).contains(&value) && value % 2 == 1 {
        Ok(())
    } else {
        Err(KeyFault::RsaExponent)
    }
}
