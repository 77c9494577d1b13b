//! The browser driver: what the flows of `portvakt-oidc` and `portvakt-digdir` ask for, done with the browser's own means.
//!
//! A flow is a value that asks for one HTTP request at a time. [`run`] is the loop that carries its
//! requests and answers; everything else here is what surrounds a login in a page: randomness, the
//! clock, the store for what must survive the redirect, and the address bar. Nothing here decides
//! anything about a token.

mod database;
mod events;
mod location;
mod locks;
mod proof_key;
mod seal;
mod signature;
mod store;
mod tabs;
mod transport;
mod vault;

use std::pin::Pin;

use js_sys::{Number, Reflect, Uint8Array};
use portvakt_jose::{SignatureQuestion, UnixTime};
use portvakt_oidc::http::{HttpRequest, HttpResponse, TransportError};
use portvakt_oidc::{AccessToken, Answer, DpopKey, DpopProofs, Entropy, Flow, Step};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Storage, SubtleCrypto};

use crate::{BrowserError, Error};

pub use events::Events;
pub use location::{current_url, leave_to, replace_url};
pub use locks::Lock;
pub use proof_key::ProofKey;
pub use signature::answered;
pub use store::{MAX_ENTRIES, MAX_ENTRY_BYTES, TabStore};
pub use tabs::{ASKING_MILLISECONDS, Message, Tabs};
pub use transport::{TIMEOUT_MILLISECONDS, fetch};
pub use vault::{Found, Kept, MAX_RECORD_BYTES, Vault, Version};

/// Drives a flow to its end: sends each request it asks for, signed with `key` where it wants that, lets the browser
/// judge signatures, and hands the answers back.
///
/// # Errors
/// The flow's own error, and `browser_crypto_unavailable`. A failed request is handed to the flow as a
/// `TransportError`; the flow decides what that means.
pub async fn run<F>(mut step: Step<F>, key: Option<&ProofKey>) -> Result<F::Output, Error>
where
    F: Flow,
    Error: From<F::Error>,
{
    loop {
        let (question, next) = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => (Question::Request(request), next),
            Step::Verify { question, next } => (Question::Signature(question), next),
        };
        step = next.resume(answer(question, key).await?, now())?;
    }
}

/// What a flow asks for.
enum Question {
    Request(HttpRequest),
    Signature(SignatureQuestion),
}

/// Finds the answer. In a box, and of one type for all flows: none of them brings the same code once more.
fn answer(
    question: Question,
    key: Option<&ProofKey>,
) -> Pin<Box<dyn Future<Output = Result<Answer, BrowserError>> + '_>> {
    Box::pin(async move {
        Ok(match question {
            Question::Request(request) => send(request, key).await.into(),
            Question::Signature(question) => answered(&question).await?.into(),
        })
    })
}

/// Sends a request with the proof that it asks for (RFC 9449 §4).
async fn send(
    request: HttpRequest,
    key: Option<&ProofKey>,
) -> Result<HttpResponse, TransportError> {
    let (Some(proof), Some(key)) = (&request.proof, key) else {
        return fetch(&request).await;
    };
    let signature = key
        .sign(proof.signing_input().as_bytes())
        .await
        // A browser that does not sign with a key of its own has lost it: nothing was sent.
        .map_err(|_| TransportError::Unreachable)?;
    fetch(&request.signed(&signature)).await
}

/// What the proofs of one flow are made of; nothing for a session whose tokens are bound to no key.
///
/// # Errors
/// `browser_entropy_unavailable`, `misuse_dpop_key`.
pub fn proofs(key: Option<&ProofKey>) -> Result<Option<DpopProofs>, Error> {
    let Some(key) = key else { return Ok(None) };
    let public = DpopKey::from_jwk(key.public_jwk())?;
    Ok(Some(DpopProofs::new(public, entropy()?)?))
}

/// Sends a request to an API with a token that is bound to `key` (RFC 9449 §7), and once more where the API wants
/// a nonce of its own in the proof (§9). `now` is the time as the API has it.
///
/// # Errors
/// `browser_entropy_unavailable`; a request that fails is the inner error.
pub async fn fetch_with_proof(
    request: HttpRequest,
    token: &AccessToken,
    key: &ProofKey,
    now: UnixTime,
) -> Result<Result<HttpResponse, TransportError>, Error> {
    let mut nonce = None::<String>;
    loop {
        let is_first = nonce.is_none();
        let public = DpopKey::from_jwk(key.public_jwk())?;
        let proof = DpopProofs::new(public, entropy()?)?.for_resource(
            request.method.as_str(),
            &request.url,
            token,
            nonce.as_deref(),
            now,
        )?;
        let mut proven = request.clone();
        proven.proof = Some(proof);
        let response = match send(proven, Some(key)).await {
            Ok(response) => response,
            Err(error) => return Ok(Err(error)),
        };
        nonce = response.header("dpop-nonce").map(str::to_owned);
        if response.status != 401 || !is_first || nonce.is_none() {
            return Ok(Ok(response));
        }
    }
}

/// The time by the browser's clock, in whole seconds.
#[must_use]
pub fn now() -> UnixTime {
    // `Date.now()` is a whole number of milliseconds; the cast saturates, so that a clock before 1970 reads as 0.
    UnixTime::new((js_sys::Date::now() / 1000.0) as u64)
}

/// Draws the random bytes of one login from the browser's generator.
///
/// # Errors
/// `browser_entropy_unavailable`.
pub fn entropy() -> Result<Entropy, BrowserError> {
    let mut bytes = [0; Entropy::BYTES];
    getrandom::fill(&mut bytes).map_err(|_| BrowserError::EntropyUnavailable)?;
    Ok(Entropy::new(bytes))
}

/// The browser's cryptography. Pages that are not secure contexts have none.
fn subtle() -> Result<SubtleCrypto, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let subtle = window.crypto()?.subtle();
    if subtle.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    Ok(subtle)
}

/// What belongs to this tab and ends with it.
fn session_storage() -> Result<Storage, BrowserError> {
    web_sys::window()
        .ok_or(BrowserError::WindowUnavailable)?
        .session_storage()
        .ok()
        .flatten()
        .ok_or(BrowserError::StorageUnavailable)
}

/// A value of Rust as JavaScript has it: a plain object for a structure.
fn to_js<T: Serialize, J: From<JsValue>>(value: &T) -> Result<J, JsValue> {
    Ok(serde_wasm_bindgen::to_value(value)?.into())
}

/// What an object has under a name; `undefined` if it has nothing, and `None` if it is no object.
fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

/// A number that JavaScript has exactly, and that is not negative.
fn whole_number(value: &JsValue) -> Option<u64> {
    let number = value.as_f64().filter(|number| *number >= 0.0)?;
    Number::is_safe_integer(value).then_some(number as u64)
}

/// SHA-256.
///
/// # Errors
/// `browser_crypto_unavailable`.
pub async fn sha256(bytes: &[u8]) -> Result<Vec<u8>, BrowserError> {
    let digest = async {
        let digest =
            subtle()?.digest_with_str_and_js_u8_array("SHA-256", &Uint8Array::from(bytes))?;
        Ok::<_, JsValue>(Uint8Array::new(&JsFuture::from(digest).await?).to_vec())
    };
    digest.await.map_err(|_| BrowserError::CryptoUnavailable)
}
