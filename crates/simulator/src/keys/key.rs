//! One signing key and its published forms.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
    Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DistinguishedName, DnType};
use serde_json::{Value, json};

use super::Algorithm;

/// A private key with its `kid`, JWK and certificate.
pub(crate) struct SigningKey {
    algorithm: Algorithm,
    pair: Pair,
    kid: String,
    x5c: String,
    jwk: Value,
}

enum Pair {
    Rsa(Arc<RsaKeyPair>),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// RSA keys made so far in this process.
///
/// Making one takes a tenth of a second; a test suite that starts hundreds of simulators reuses them by
/// slot. Other kinds cost nothing and are always new.
static RSA_KEYS: Mutex<BTreeMap<usize, Arc<RsaKeyPair>>> = Mutex::new(BTreeMap::new());

impl SigningKey {
    /// A new key; an RSA key is the process's key number `slot`.
    pub(crate) fn generate(algorithm: Algorithm, slot: usize) -> Self {
        const INVARIANT: &str = "making a key needs nothing but randomness";
        let pair = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => Pair::Rsa(rsa_key(slot)),
            Algorithm::Es256 => Pair::Ecdsa(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect(INVARIANT),
            ),
            Algorithm::EdDsa => Pair::Ed25519(Ed25519KeyPair::generate().expect(INVARIANT)),
        };
        let kid = URL_SAFE_NO_PAD.encode(&digest(&SHA256, pair.public()).as_ref()[..16]);
        let x5c = certificate(&pair);
        let mut jwk = pair.jwk();
        for (name, value) in [
            ("kid", json!(kid)),
            ("use", json!("sig")),
            ("alg", json!(algorithm.as_str())),
            ("x5c", json!([x5c])),
        ] {
            jwk[name] = value;
        }
        Self {
            algorithm,
            pair,
            kid,
            x5c,
            jwk,
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The self-signed certificate, as base64 of its DER (RFC 7517 §4.7).
    pub(crate) fn x5c(&self) -> &str {
        &self.x5c
    }

    /// The public key as a JWK.
    pub(crate) fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// Signs; the form of the signature is the one of JWS.
    pub(crate) fn sign(&self, input: &[u8]) -> Vec<u8> {
        const INVARIANT: &str = "signing with a key of the right kind needs nothing but randomness";
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding: &dyn aws_lc_rs::signature::RsaEncoding = match self.algorithm {
                    Algorithm::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                pair.sign(padding, &random, input, &mut signature)
                    .expect(INVARIANT);
                signature
            }
            Pair::Ecdsa(pair) => pair
                .sign(&random, input)
                .expect(INVARIANT)
                .as_ref()
                .to_vec(),
            Pair::Ed25519(pair) => pair.sign(input).as_ref().to_vec(),
        }
    }

    /// Whether the signature is this key's.
    pub(crate) fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
        let algorithm: &'static dyn VerificationAlgorithm = match self.algorithm {
            Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
            Algorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
            Algorithm::EdDsa => &ED25519,
        };
        UnparsedPublicKey::new(algorithm, self.pair.public())
            .verify(input, signature)
            .is_ok()
    }

    /// The public key as an attacker would take it for an HMAC secret: PEM for RSA, else the raw bytes.
    pub(crate) fn public_key_as_secret(&self) -> Vec<u8> {
        let Pair::Rsa(pair) = &self.pair else {
            return self.pair.public().to_vec();
        };
        let der: PublicKeyX509Der<'_> = pair
            .public_key()
            .as_der()
            .expect("a public key has a DER form");
        let base64 = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = (0..base64.len())
            .step_by(64)
            .map(|at| &base64[at..base64.len().min(at + 64)])
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        )
        .into_bytes()
    }
}

impl Pair {
    fn public(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref(),
            Self::Ecdsa(pair) => pair.public_key().as_ref(),
            Self::Ed25519(pair) => pair.public_key().as_ref(),
        }
    }

    /// The members of RFC 7518 §6 and RFC 8037 §2.
    fn jwk(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(pair) => json!({
                "kty": "RSA",
                "n": encode(pair.public_key().modulus().big_endian_without_leading_zero()),
                "e": encode(pair.public_key().exponent().big_endian_without_leading_zero()),
            }),
            Self::Ecdsa(pair) => {
                // SEC 1 §2.3.3, uncompressed: 04, then both coordinates in full length.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) })
            }
            Self::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref()) })
            }
        }
    }

    fn pkcs8(&self) -> Vec<u8> {
        const INVARIANT: &str = "a private key has a PKCS #8 form";
        match self {
            Self::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().expect(INVARIANT);
                der.as_ref().to_vec()
            }
            Self::Ecdsa(pair) => pair.to_pkcs8v1().expect(INVARIANT).as_ref().to_vec(),
            Self::Ed25519(pair) => pair.to_pkcs8().expect(INVARIANT).as_ref().to_vec(),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish()
    }
}

fn rsa_key(slot: usize) -> Arc<RsaKeyPair> {
    let mut keys = RSA_KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = keys.entry(slot).or_insert_with(|| {
        Arc::new(
            RsaKeyPair::generate(KeySize::Rsa2048)
                .expect("making a key needs nothing but randomness"),
        )
    });
    Arc::clone(key)
}

/// A self-signed certificate, as the real services publish one with each key.
fn certificate(pair: &Pair) -> String {
    const INVARIANT: &str = "a certificate of fixed content can be signed";
    let key = rcgen::KeyPair::try_from(pair.pkcs8().as_slice()).expect(INVARIANT);
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Portvakt simulator, not for real use");
    STANDARD.encode(params.self_signed(&key).expect(INVARIANT).der())
}
