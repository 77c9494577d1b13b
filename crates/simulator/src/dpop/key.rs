//! The public key that a proof carries.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::keys::Algorithm;

/// A public key in the header of a proof (RFC 9449 §4.2).
#[derive(Debug)]
pub(super) enum ProofKey {
    /// Both coordinates on P-256.
    Ec { x: Vec<u8>, y: Vec<u8> },
    /// An Ed25519 point.
    Ed25519 { x: Vec<u8> },
    /// Modulus and exponent, and how the key signs.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
        algorithm: Algorithm,
    },
}

impl ProofKey {
    /// The key of a JWK, which must suit the algorithm and hold nothing private.
    pub(super) fn parse(
        algorithm: Algorithm,
        jwk: &Map<String, Value>,
    ) -> Result<Self, &'static str> {
        const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
        if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
            return Err("The jwk of the proof holds a private or symmetric key.");
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| {
            text(name)
                .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
                .filter(|bytes| !bytes.is_empty())
                .ok_or("The jwk of the proof lacks a member, or it is no base64url.")
        };
        let is_as_long = |part: Vec<u8>| {
            (part.len() == 32)
                .then_some(part)
                .ok_or("A coordinate of the jwk does not have its full length.")
        };
        match (algorithm, text("kty"), text("crv")) {
            (Algorithm::Es256, Some("EC"), Some("P-256")) => Ok(Self::Ec {
                x: is_as_long(bytes("x")?)?,
                y: is_as_long(bytes("y")?)?,
            }),
            (Algorithm::EdDsa, Some("OKP"), Some("Ed25519")) => Ok(Self::Ed25519 {
                x: is_as_long(bytes("x")?)?,
            }),
            (Algorithm::Rs256 | Algorithm::Ps256, Some("RSA"), _) => Ok(Self::Rsa {
                n: bytes("n")?,
                e: bytes("e")?,
                algorithm,
            }),
            _ => Err("The jwk of the proof does not suit its alg."),
        }
    }

    /// RFC 7638: the hash of the required members in the order of their names.
    pub(super) fn thumbprint(&self) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let members = match self {
            Self::Ec { x, y } => format!(
                r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
                encode(x),
                encode(y)
            ),
            Self::Ed25519 { x } => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(x))
            }
            Self::Rsa { n, e, .. } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n))
            }
        };
        encode(digest(&SHA256, members.as_bytes()).as_ref())
    }

    /// Whether the signature is this key's.
    pub(super) fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ec { x, y } => {
                // SEC 1 §2.3.3, uncompressed.
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(input, signature)
                    .is_ok()
            }
            Self::Ed25519 { x } => UnparsedPublicKey::new(&ED25519, x)
                .verify(input, signature)
                .is_ok(),
            Self::Rsa { n, e, algorithm } => {
                let parameters: &RsaParameters = match algorithm {
                    Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA256,
                };
                RsaPublicKeyComponents { n, e }
                    .verify(parameters, input, signature)
                    .is_ok()
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    /// The key of RFC 9449 §4.2, whose thumbprint is in §6.1.
    const EXAMPLE: &str = r#"{"kty":"EC",
        "x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;

    #[test]
    fn the_thumbprint_is_the_one_of_the_specification() {
        let jwk = serde_json::from_str(EXAMPLE).unwrap();
        let key = ProofKey::parse(Algorithm::Es256, &jwk).unwrap();
        assert_eq!(
            key.thumbprint(),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        );
    }

    #[test]
    fn a_key_that_is_private_short_or_of_another_kind_is_refused() {
        let jwk: Map<String, Value> = serde_json::from_str(EXAMPLE).unwrap();
        for (name, value) in [
            ("d", "AAAA"),
            ("k", "AAAA"),
            ("x", "AAAA"),
            ("y", "not base64url"),
            ("kty", "OKP"),
            ("crv", "P-384"),
        ] {
            let mut jwk = jwk.clone();
            jwk.insert(name.to_owned(), value.into());
            assert!(ProofKey::parse(Algorithm::Es256, &jwk).is_err(), "{name}");
        }
        for algorithm in [Algorithm::Rs256, Algorithm::Ps256, Algorithm::EdDsa] {
            assert!(ProofKey::parse(algorithm, &jwk).is_err(), "{algorithm}");
        }
    }
}
