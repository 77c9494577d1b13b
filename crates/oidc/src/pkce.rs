//! Proof Key for Code Exchange, method S256. RFC 7636.

use alloc::string::String;

use portvakt_jose::base64url;
use sha2::{Digest, Sha256};

use crate::secret::CodeVerifier;

/// The `code_challenge` of a verifier: base64url of its SHA-256, unpadded. RFC 7636 §4.2.
pub(crate) fn code_challenge(verifier: &CodeVerifier) -> String {
    base64url::encode(Sha256::digest(verifier.expose().as_bytes()))
}

/// Whether `text` is a verifier: 43 to 128 unreserved characters. RFC 7636 §4.1.
pub(crate) fn is_code_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_challenges_are_reproduced() {
        for (source, verifier, challenge) in [
            (
                "RFC 7636 appendix B",
                "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ),
            (
                "docs.digdir.no, oidc_func_pkce",
                "xyo94uhy3zKvgB0NJwLms86SwcjtWviEOpkBnGgaLlo",
                "b7elB7ZyxIXgFyvBznKvxl7wOB-H17Pz0a3B62NIMFI",
            ),
        ] {
            assert!(is_code_verifier(verifier), "{source}");
            assert_eq!(
                code_challenge(&CodeVerifier::new(verifier)),
                challenge,
                "{source}"
            );
        }
    }

    #[test]
    fn verifiers_outside_the_grammar_are_refused() {
        let short = "a".repeat(42);
        let long = "a".repeat(129);
        let padded = ["a".repeat(43), "=".into()].concat();
        for text in ["", &short, &long, &padded] {
            assert!(!is_code_verifier(text), "{} characters", text.len());
        }
    }
}
