//! The browser driver: what the flows of `portvakt-oidc` and `portvakt-digdir` ask for, done with the browser's own means.
//!
//! A flow is a value that asks for one HTTP request at a time. [`run`] is the loop that carries its
//! requests and answers; everything else here is what surrounds a login in a page: randomness, the
//! clock, the store for what must survive the redirect, and the address bar. Nothing here decides
//! anything about a token.

mod database;
mod location;
mod locks;
mod proof_key;
mod seal;
mod store;
mod tabs;
mod transport;
mod vault;

use portvakt_jose::UnixTime;
use portvakt_oidc::{Entropy, Flow, Step};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{Storage, SubtleCrypto};

use crate::BrowserError;

pub use location::{current_url, leave_to, replace_url};
pub use locks::Lock;
pub use proof_key::ProofKey;
pub use store::{MAX_ENTRIES, MAX_ENTRY_BYTES, TabStore};
pub use tabs::{ASKING_MILLISECONDS, Message, Tabs};
pub use transport::{TIMEOUT_MILLISECONDS, fetch};
pub use vault::{Found, Kept, MAX_RECORD_BYTES, Vault, Version};

/// Drives a flow to its end: sends each request it asks for and hands the answer back.
///
/// # Errors
/// The flow's own error. A failed request is handed to the flow as a `TransportError`; the flow
/// decides what that means.
pub async fn run<F: Flow>(mut step: Step<F>) -> Result<F::Output, F::Error> {
    loop {
        step = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => next.resume(fetch(&request).await.into(), now())?,
            Step::Verify { question, next } => next.resume(question.answer().into(), now())?,
        };
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
