//! What makes a session unreadable to whoever has only one of the two stores that it is kept with.
//!
//! The key of the seal is derived (HKDF-SHA-256) from a key that lies in the database and cannot be extracted, and
//! from the tab's secret, which lies in `sessionStorage`. The first outlives the tabs and the second does not: when
//! the last tab is closed, nobody can open the record any more.

use core::fmt;

use js_sys::{Array, Object, Uint8Array};
use portvakt_jose::base64url;
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::{subtle, to_js};
use crate::BrowserError;

/// The half of the seal that lives and dies with the tabs.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct TabSecret([u8; 32]);

impl TabSecret {
    /// Draws a new one.
    ///
    /// # Errors
    /// `browser_entropy_unavailable`.
    pub(super) fn draw() -> Result<Self, BrowserError> {
        random().map(Self)
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // 32 bytes are 43 characters; whatever is longer is not decoded at all.
        if text.len() > 43 {
            return None;
        }
        base64url::decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The secret as `sessionStorage` and a tab's message carry it.
    pub(super) fn to_text(&self) -> String {
        base64url::encode(self.0)
    }
}

/// Shows nothing of the secret.
impl fmt::Debug for TabSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TabSecret")
    }
}

/// The key for AES-256-GCM that a client's record is sealed with.
pub(super) struct Seal(CryptoKey);

impl Seal {
    /// Makes the half of the seal that lies in the database: random bytes that nobody can read again.
    pub(super) async fn new_base() -> Result<CryptoKey, JsValue> {
        let secret = random::<32>().map_err(|_| JsValue::UNDEFINED)?;
        let usages = Array::of1(&"deriveKey".into());
        let key = subtle()?.import_key_with_object(
            "raw",
            &Uint8Array::from(&secret[..]),
            &to_js(&Named { name: "HKDF" })?,
            false,
            &usages,
        )?;
        Ok(JsFuture::from(key).await?.unchecked_into())
    }

    /// Puts the two halves together, for one client.
    pub(super) async fn derive(
        base: &CryptoKey,
        secret: &TabSecret,
        client: &str,
    ) -> Result<Self, JsValue> {
        let algorithm: Object = to_js(&Hkdf {
            name: "HKDF",
            hash: "SHA-256",
            salt: Uint8Array::from(&secret.0[..]),
            info: Uint8Array::from(client.as_bytes()),
        })?;
        let derived: Object = to_js(&AesKey {
            name: "AES-GCM",
            length: 256,
        })?;
        let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
        let key = subtle()?
            .derive_key_with_object_and_object(&algorithm, base, &derived, false, &usages)?;
        Ok(Self(JsFuture::from(key).await?.unchecked_into()))
    }

    /// Seals a text. `context` is not hidden, and opening takes the same one.
    pub(super) async fn seal(&self, text: &str, context: &str) -> Result<Sealed, JsValue> {
        let iv = random::<12>().map_err(|_| JsValue::UNDEFINED)?;
        let iv = Uint8Array::from(&iv[..]);
        let sealed = subtle()?.encrypt_with_object_and_js_u8_array(
            &aes(&iv, context)?,
            &self.0,
            &Uint8Array::from(text.as_bytes()),
        )?;
        let sealed = Uint8Array::new(&JsFuture::from(sealed).await?);
        Ok(Sealed { iv, sealed })
    }

    /// Opens what was sealed with the same key and context.
    pub(super) async fn open(&self, sealed: &Sealed, context: &str) -> Option<String> {
        let opened = subtle()
            .ok()?
            .decrypt_with_object_and_js_u8_array(
                &aes(&sealed.iv, context).ok()?,
                &self.0,
                &sealed.sealed,
            )
            .ok()?;
        let opened = Uint8Array::new(&JsFuture::from(opened).await.ok()?);
        String::from_utf8(opened.to_vec()).ok()
    }
}

/// What [`Seal::seal`] makes.
pub(super) struct Sealed {
    /// Drawn anew for each.
    pub(super) iv: Uint8Array,
    /// The text, encrypted and authenticated.
    pub(super) sealed: Uint8Array,
}

fn aes(iv: &Uint8Array, context: &str) -> Result<Object, JsValue> {
    to_js(&Aes {
        name: "AES-GCM",
        iv: iv.clone(),
        additional_data: Uint8Array::from(context.as_bytes()),
    })
}

/// An algorithm of Web Cryptography that takes nothing but its name.
#[derive(Serialize)]
struct Named {
    name: &'static str,
}

/// `HkdfParams`.
#[derive(Serialize)]
struct Hkdf {
    name: &'static str,
    hash: &'static str,
    #[serde(with = "preserve")]
    salt: Uint8Array,
    #[serde(with = "preserve")]
    info: Uint8Array,
}

/// `AesDerivedKeyParams`.
#[derive(Serialize)]
struct AesKey {
    name: &'static str,
    length: u32,
}

/// `AesGcmParams`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Aes {
    name: &'static str,
    #[serde(with = "preserve")]
    iv: Uint8Array,
    #[serde(with = "preserve")]
    additional_data: Uint8Array,
}

/// Random bytes from the browser's generator.
///
/// # Errors
/// `browser_entropy_unavailable`.
pub(super) fn random<const N: usize>() -> Result<[u8; N], BrowserError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| BrowserError::EntropyUnavailable)?;
    Ok(bytes)
}
