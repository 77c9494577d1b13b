//! The key of an application in memory.

use std::sync::Arc;

use crate::keys::{Algorithm, SigningKey};

/// The RSA slot of no service; keys for ES256 have none.
const NO_SLOT: usize = 0;

/// A key that an application holds for DPoP: for tests that have no browser to keep one.
///
/// A clone is the same key.
#[derive(Clone, Debug)]
pub struct ProofKey(Arc<SigningKey>);

impl ProofKey {
    /// A new key on P-256.
    #[must_use]
    pub fn generate() -> Self {
        Self(Arc::new(SigningKey::generate(Algorithm::Es256, NO_SLOT)))
    }

    /// The public key as a JWK (RFC 7517), as JSON.
    #[must_use]
    pub fn jwk(&self) -> String {
        self.0.jwk().to_string()
    }

    /// The ES256 signature of the input, `R || S` (RFC 7518 §3.4).
    #[must_use]
    pub fn sign(&self, input: &[u8]) -> Vec<u8> {
        self.0.sign(input)
    }
}
