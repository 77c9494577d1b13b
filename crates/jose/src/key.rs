//! Public keys, the policy that they meet, and the one question that is asked of them.

mod comb;
mod ed25519;
mod p256;
mod rsa;
#[cfg(test)]
mod vectors;

use alloc::string::String;

use crate::Algorithm;
use crate::json::Object;

crate::errors! {
    /// Why a key of a set is not used.
    ///
    /// Not an error of the set: RFC 7517 §5 has keys that are not understood ignored. The reasons
    /// can be read from [`Jwks::ignored`](crate::Jwks::ignored).
    pub enum KeyFault {
        MemberMissing => "key_member_missing",
            "The key lacks a required member.", "RFC 7517 §5";
        MemberMalformed => "key_member_malformed",
            "A member of the key has the wrong type or is not strict base64url.", "RFC 7517 §4";
        TypeUnsupported => "key_kty_unsupported",
            "The key is of a type that is not supported.", "RFC 7517 §4.1";
        Private => "key_private",
            "The key has its private part with it, and so is nobody's proof.", "RFC 7517 §9.2";
        NotForSignatures => "key_use_not_sig",
            "The key is not for signatures.", "RFC 7517 §4.2";
        NotForVerification => "key_ops_not_verify",
            "The operations of the key do not include verification.", "RFC 7517 §4.3";
        AlgorithmUnsupported => "key_alg_unsupported",
            "The key is for an algorithm that is not supported.", "RFC 7517 §4.4";
        AlgorithmMismatch => "key_alg_mismatch",
            "The key is of another type than its algorithm.", "RFC 8725 §3.1";
        CurveUnsupported => "key_crv_unsupported",
            "The key is on a curve that is not supported.", "RFC 7518 §6.2.1.1";
        CoordinateLength => "key_coordinate_length",
            "A coordinate of the key has not the full length.", "RFC 7518 §6.2.1.2";
        NotOnCurve => "key_not_on_curve",
            "The key is not a point of its curve.", "RFC 8725 §3.4";
        WeakPoint => "key_weak_point",
            "The key is a point of small order, for which anybody can sign.", "RFC 8032 §5.1.7";
        RsaTooSmall => "key_rsa_too_small",
            "The RSA modulus has fewer than 2048 bits.", "RFC 7518 §3.3";
        RsaTooLarge => "key_rsa_too_large",
            "The RSA modulus has more than 4096 bits.", "A limit of this library";
        RsaModulus => "key_rsa_modulus",
            "The RSA modulus has leading zeros or a small factor.", "RFC 7518 §6.3.1.1";
        RsaExponent => "key_rsa_exponent",
            "The RSA exponent is not odd and from 65537 to 2^33 - 1.", "FIPS 186-5 §5.4";
        RsaRoca => "key_rsa_roca",
            "The RSA key was made by a generator whose keys can be factored.", "CVE-2017-15361";
    }
}

/// A public key that meets the policy, as far as bytes can tell.
///
/// Each kind keeps what it has computed of the key when it was first used.
#[derive(PartialEq)]
pub(crate) enum PublicKey {
    Rsa(rsa::PublicKey),
    P256(p256::PublicKey),
    Ed25519(ed25519::PublicKey),
}

impl PublicKey {
    /// Reads the members of a JWK that are particular to its type.
    pub(crate) fn parse(jwk: &Object, rsa_encoding: RsaEncoding) -> Result<Self, KeyFault> {
        match text_member(jwk, "kty")? {
            "RSA" => rsa::PublicKey::parse(jwk, rsa_encoding).map(Self::Rsa),
            "EC" => p256::PublicKey::parse(jwk).map(Self::P256),
            "OKP" => ed25519::PublicKey::parse(jwk).map(Self::Ed25519),
            _ => Err(KeyFault::TypeUnsupported),
        }
    }

    /// Whether signatures of the algorithm are made with keys of this type.
    pub(crate) const fn is_for(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Rsa(_) => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Self::P256(_) => matches!(algorithm, Algorithm::Es256),
            Self::Ed25519(_) => matches!(algorithm, Algorithm::EdDsa),
        }
    }

    /// The members of a JWK that are particular to its type.
    pub(crate) fn to_jwk(&self) -> Object {
        match self {
            Self::Rsa(key) => key.to_jwk(),
            Self::P256(key) => key.to_jwk(),
            Self::Ed25519(key) => key.to_jwk(),
        }
    }

    /// Whether the signature has the form of those that are made with this key.
    ///
    /// All that can be told from bytes, so that what implementations of the arithmetic disagree
    /// about never reaches them.
    pub(crate) fn could_have_made(&self, signature: &[u8]) -> bool {
        match self {
            Self::Rsa(key) => key.could_have_made(signature),
            Self::P256(key) => key.could_have_made(signature),
            Self::Ed25519(key) => key.could_have_made(signature),
        }
    }

    /// Whether the signature was made by the holder of this key over the message.
    ///
    /// `false` also for an algorithm that the key is not for, and if the key is no point of its
    /// curve: some implementations of WebCrypto do not tell the latter apart, and the answer is to be
    /// the same everywhere. Only for signatures that it [could have made](Self::could_have_made).
    pub(crate) fn has_signed(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        match (self, algorithm) {
            (Self::Rsa(key), Algorithm::Rs256) => key.has_signed_pkcs1(message, signature),
            (Self::Rsa(key), Algorithm::Ps256) => key.has_signed_pss(message, signature),
            (Self::P256(key), Algorithm::Es256) => key.has_signed(message, signature),
            (Self::Ed25519(key), Algorithm::EdDsa) => key.has_signed(message, signature),
            _ => false,
        }
    }
}

/// How the numbers of RSA keys are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RsaEncoding {
    /// As RFC 7518 §2 has it.
    Base64Url,
    /// Base64url, or ordinary base64 with padding.
    AlsoPaddedBase64,
}

/// A member that must be there and be a text.
fn text_member<'a>(jwk: &'a Object, name: &str) -> Result<&'a str, KeyFault> {
    jwk.get(name)
        .ok_or(KeyFault::MemberMissing)?
        .as_str()
        .ok_or(KeyFault::MemberMalformed)
}

/// A JWK of these members.
fn jwk_of<const N: usize>(members: [(&str, String); N]) -> Object {
    members.into_iter().collect()
}

/// A member that must be there and hold exactly 32 bytes in base64url.
fn bytes_member(jwk: &Object, name: &str) -> Result<[u8; 32], KeyFault> {
    let bytes =
        crate::base64url::decode(text_member(jwk, name)?).map_err(|_| KeyFault::MemberMalformed)?;
    bytes.try_into().map_err(|_| KeyFault::CoordinateLength)
}
