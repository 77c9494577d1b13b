//! Signs with aws-lc-rs: another implementation than the one that verifies.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256,
};
use portvakt_jose::base64url::encode;
use portvakt_oidc::json::{Object, Value};

/// A key and the algorithm that it signs with.
pub(crate) struct Signer {
    pub(crate) alg: &'static str,
    pub(crate) kid: &'static str,
    key: Key,
}

enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

pub(crate) static RS256: LazyLock<Signer> = LazyLock::new(|| Signer::rsa("RS256", "rsa-1"));
/// A second key of the same kind, for rotation and forgery.
pub(crate) static OTHER_RS256: LazyLock<Signer> = LazyLock::new(|| Signer::rsa("RS256", "rsa-2"));
pub(crate) static PS256: LazyLock<Signer> = LazyLock::new(|| Signer::rsa("PS256", "rsa-3"));
pub(crate) static ES256: LazyLock<Signer> = LazyLock::new(|| Signer {
    alg: "ES256",
    kid: "ec-1",
    key: Key::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()),
});
pub(crate) static EDDSA: LazyLock<Signer> = LazyLock::new(|| Signer {
    alg: "EdDSA",
    kid: "ed-1",
    key: Key::Ed(Ed25519KeyPair::generate().unwrap()),
});

impl Signer {
    fn rsa(alg: &'static str, kid: &'static str) -> Self {
        Self {
            alg,
            kid,
            key: Key::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        }
    }

    /// The compact form of a token with this header and these claims.
    pub(crate) fn token(&self, header: &Object, claims: &Object) -> String {
        let part = |object: &Object| encode(Value::from(object.clone()).to_json());
        self.compact(&format!("{}.{}", part(header), part(claims)))
    }

    /// A signing input and its signature.
    pub(crate) fn compact(&self, signing_input: &str) -> String {
        format!(
            "{signing_input}.{}",
            encode(self.sign(signing_input.as_bytes()))
        )
    }

    pub(crate) fn sign(&self, input: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let padding = if self.alg == "PS256" {
                    &RSA_PSS_SHA256
                } else {
                    &RSA_PKCS1_SHA256
                };
                key.sign(padding, &random, input, &mut signature).unwrap();
                signature
            }
            Key::Ec(key) => key.sign(&random, input).unwrap().as_ref().to_vec(),
            Key::Ed(key) => key.sign(input).as_ref().to_vec(),
        }
    }

    /// The public key as a JWK, with its `kid`.
    pub(crate) fn jwk(&self) -> Object {
        let mut jwk = Object::new();
        match &self.key {
            Key::Rsa(key) => {
                let (n, e) = rsa_numbers(key.public_key().as_ref());
                jwk.insert("kty", "RSA");
                jwk.insert("n", encode(n));
                jwk.insert("e", encode(e));
            }
            Key::Ec(key) => {
                // Uncompressed: 4, x, y. SEC 1 §2.3.3.
                let point = key.public_key().as_ref();
                jwk.insert("kty", "EC");
                jwk.insert("crv", "P-256");
                jwk.insert("x", encode(&point[1..33]));
                jwk.insert("y", encode(&point[33..65]));
            }
            Key::Ed(key) => {
                jwk.insert("kty", "OKP");
                jwk.insert("crv", "Ed25519");
                jwk.insert("x", encode(key.public_key().as_ref()));
            }
        }
        jwk.insert("kid", self.kid);
        jwk.insert("use", "sig");
        jwk
    }
}

/// Modulus and exponent of a DER `RSAPublicKey`: SEQUENCE { INTEGER, INTEGER }. RFC 8017 §A.1.1.
fn rsa_numbers(der: &[u8]) -> (&[u8], &[u8]) {
    let (sequence, _) = der_element(der);
    let (modulus, rest) = der_element(sequence);
    let (exponent, _) = der_element(rest);
    (
        without_leading_zero(modulus),
        without_leading_zero(exponent),
    )
}

/// The content of the first element, and what follows the element.
fn der_element(der: &[u8]) -> (&[u8], &[u8]) {
    let (length, start) = match der[1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let count = usize::from(long & 0x7f);
            let length = der[2..2 + count]
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            (length, 2 + count)
        }
    };
    (&der[start..start + length], &der[start + length..])
}

fn without_leading_zero(number: &[u8]) -> &[u8] {
    number.strip_prefix(&[0]).unwrap_or(number)
}
