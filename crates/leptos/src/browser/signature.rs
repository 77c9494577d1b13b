//! The browser's own answer to whether a signature is good. A page then carries no public-key arithmetic.

use js_sys::{Array, JSON, Object, Uint8Array};
use portvakt_jose::{Algorithm, SignatureAnswer, SignatureQuestion};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, DomException, SubtleCrypto};

use super::{subtle, to_js};
use crate::BrowserError;

/// Answers with Web Cryptography.
///
/// Which keys and signatures are acceptable at all was decided before the question was asked, so that every
/// implementation gives the same answer.
///
/// # Errors
/// `browser_crypto_unavailable`, also where the browser does not know the algorithm.
pub async fn answered(question: &SignatureQuestion) -> Result<SignatureAnswer, BrowserError> {
    let unavailable = |_| BrowserError::CryptoUnavailable;
    let subtle = subtle().map_err(unavailable)?;
    let algorithm: Object = to_js(&parameters(question.algorithm())).map_err(unavailable)?;
    let key = match import(&subtle, question, &algorithm).await {
        Ok(key) => key,
        Err(error) if is_unknown_algorithm(&error) => return Err(BrowserError::CryptoUnavailable),
        // No point of its curve. Some browsers import such a key, and then find no signature good.
        Err(_) => return Ok(SignatureAnswer::No),
    };
    let is_good = verify(&subtle, question, &algorithm, &key).await;
    // Whatever stands in the way, nobody has said yes.
    Ok(match is_good.ok().and_then(|answer| answer.as_bool()) {
        Some(true) => SignatureAnswer::Yes,
        _ => SignatureAnswer::No,
    })
}

async fn import(
    subtle: &SubtleCrypto,
    question: &SignatureQuestion,
    algorithm: &Object,
) -> Result<CryptoKey, JsValue> {
    let jwk: Object = JSON::parse(&question.key().to_json())?.unchecked_into();
    let usages = Array::of1(&"verify".into());
    let key = subtle.import_key_with_object("jwk", &jwk, algorithm, false, &usages)?;
    Ok(JsFuture::from(key).await?.unchecked_into())
}

async fn verify(
    subtle: &SubtleCrypto,
    question: &SignatureQuestion,
    algorithm: &Object,
    key: &CryptoKey,
) -> Result<JsValue, JsValue> {
    let answer = subtle.verify_with_object_and_js_u8_array_and_js_u8_array(
        algorithm,
        key,
        &Uint8Array::from(question.signature()),
        &Uint8Array::from(question.signing_input()),
    )?;
    JsFuture::from(answer).await
}

fn is_unknown_algorithm(error: &JsValue) -> bool {
    error
        .dyn_ref::<DomException>()
        .is_some_and(|error| error.name() == "NotSupportedError")
}

/// What importing and verifying take, in one: what the other has is not looked at.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    name: &'static str,
    hash: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    named_curve: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt_length: Option<u32>,
}

/// RFC 7518 §3.3 to §3.5 (the salt is as long as the hash); RFC 8037.
const fn parameters(algorithm: Algorithm) -> Parameters {
    let (name, named_curve, salt_length) = match algorithm {
        Algorithm::Rs256 => ("RSASSA-PKCS1-v1_5", None, None),
        Algorithm::Ps256 => ("RSA-PSS", None, Some(32)),
        Algorithm::Es256 => ("ECDSA", Some("P-256"), None),
        Algorithm::EdDsa => ("Ed25519", None, None),
    };
    Parameters {
        name,
        hash: "SHA-256",
        named_curve,
        salt_length,
    }
}
