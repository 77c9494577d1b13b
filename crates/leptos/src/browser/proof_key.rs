//! The key that a session's tokens are bound to (DPoP, RFC 9449). Its private half never leaves the browser's own
//! keeping: not even this page can read it.

use js_sys::{Array, JSON, Object, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKeyPair;

use super::{subtle, to_js};
use crate::BrowserError;

/// A P-256 key pair that signs and cannot be extracted.
#[derive(Clone)]
pub struct ProofKey {
    pair: CryptoKeyPair,
    public_jwk: String,
}

impl ProofKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// `browser_crypto_unavailable`.
    pub async fn generate() -> Result<Self, BrowserError> {
        let made = async {
            let algorithm = to_js::<_, Object>(&ES256)?;
            let usages = Array::of2(&"sign".into(), &"verify".into());
            let pair = subtle()?.generate_key_with_object(&algorithm, false, &usages)?;
            Self::of_pair(JsFuture::from(pair).await?.unchecked_into()).await
        };
        made.await.map_err(|_| BrowserError::CryptoUnavailable)
    }

    /// Takes up the key of a record.
    pub(super) async fn of_pair(pair: CryptoKeyPair) -> Result<Self, JsValue> {
        let public = pair.get_public_key();
        let jwk = JsFuture::from(subtle()?.export_key("jwk", &public)?).await?;
        let public_jwk = JSON::stringify(&jwk)?.into();
        Ok(Self { pair, public_jwk })
    }

    /// The public half as a JWK (RFC 7517).
    #[must_use]
    pub fn public_jwk(&self) -> &str {
        &self.public_jwk
    }

    /// Signs with ES256: the 64 bytes of RFC 7518 §3.4.
    ///
    /// # Errors
    /// `browser_crypto_unavailable`.
    pub async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, BrowserError> {
        let signed = async {
            let algorithm = to_js::<_, Object>(&ES256)?;
            let private = self.pair.get_private_key();
            let signature = subtle()?.sign_with_object_and_js_u8_array(
                &algorithm,
                &private,
                &Uint8Array::from(message),
            )?;
            Ok::<_, JsValue>(Uint8Array::new(&JsFuture::from(signature).await?).to_vec())
        };
        signed.await.map_err(|_| BrowserError::CryptoUnavailable)
    }

    /// The pair as a record keeps it.
    pub(super) fn pair(&self) -> &CryptoKeyPair {
        &self.pair
    }
}

/// Shows nothing of the key.
impl core::fmt::Debug for ProofKey {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("ProofKey")
    }
}

/// `EcKeyGenParams` and `EcdsaParams` in one: what the other has is not looked at.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ecdsa {
    name: &'static str,
    named_curve: &'static str,
    hash: &'static str,
}

/// RFC 7518 §3.4.
const ES256: Ecdsa = Ecdsa {
    name: "ECDSA",
    named_curve: "P-256",
    hash: "SHA-256",
};
