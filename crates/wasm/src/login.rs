//! Signing in and out: flows that the driver carries messages for.
//!
//! A flow is started under a number of the driver's choice. It answers with a step: a request to send, whose answer
//! is then given to [`resume`] under the same number, or the result.
//!
//! A session is a text, which the driver keeps and hands over again: nothing of it stays here.

mod answers;
mod flows;
mod options;
pub mod session;

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_digdir::Error;
use portvakt_digdir::login::{BeginLogin, CompleteLogin, Refresh, Session};
use portvakt_oidc::{
    BeginLogout, Callback, DpopKey, DpopProofs, Entropy, LogoutRequest, LogoutReturn, PendingLogin,
    ProviderMetadata, ReturnPath,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use self::flows::{Running, next};
use crate::boundary::{BoundaryError, Failure, read, refused, time, write};

/// Begins a login. `metadata` is what an earlier one kept; unusable ones are fetched anew. With a `session`, nobody but
/// its person may sign in.
#[wasm_bindgen]
pub fn begin_login(
    flow: u32,
    client: &str,
    request: &str,
    session: Option<String>,
    metadata: Option<String>,
    random_bytes: &[u8],
    now: f64,
) -> Result<String, JsValue> {
    let client = options::client(read(client)?)?;
    let mut request = options::login_request(read(request)?)?;
    if let Some(session) = session {
        let session = Session::from_json(&client, &session).map_err(Failure::from)?;
        request.subject = Some(session.login.id_token.subject());
    }
    let metadata = metadata.and_then(|kept| ProviderMetadata::from_json(&kept).ok());
    let now = time(now)?;
    let step = BeginLogin::start(&client, request, metadata, entropy(random_bytes)?, now);
    Ok(next(flow, step.map_err(Failure::from)?)?)
}

/// Whether an address is one that a provider sent a person back to.
#[wasm_bindgen]
pub fn is_callback(url: &str) -> bool {
    Callback::is_present(url)
}

/// The key under which the login that a callback belongs to was stored.
#[wasm_bindgen]
pub fn callback_key(url: &str) -> Result<String, JsValue> {
    let callback = Callback::parse(url).map_err(|error| Failure::from(Error::from(error)))?;
    Ok(callback.storage_key())
}

/// Completes a login with the address that the person came back to, and what was stored for it. With a `proof_key`, the
/// tokens are bound to it where the provider offers that.
#[wasm_bindgen]
pub fn complete_login(
    flow: u32,
    client: &str,
    url: &str,
    stored: Option<String>,
    proof_key: Option<String>,
    random_bytes: &[u8],
    now: f64,
) -> Result<String, JsValue> {
    let client = options::client(read(client)?)?;
    let callback = Callback::parse(url).map_err(|error| Failure::from(Error::from(error)))?;
    let pending = PendingLogin::from_storage(stored.as_deref());
    let pending = pending.map_err(|error| Failure::from(Error::from(error)))?;
    let proofs = proofs(proof_key.as_deref(), random_bytes)?;
    let now = time(now)?;
    let step = CompleteLogin::start(&client, callback, pending, proofs, now);
    Ok(next(flow, step.map_err(Failure::from)?)?)
}

/// Renews a session, which must be the one that was kept last.
#[wasm_bindgen]
pub fn refresh(
    flow: u32,
    client: &str,
    session: &str,
    proof_key: Option<String>,
    random_bytes: &[u8],
    now: f64,
) -> Result<String, JsValue> {
    let client = options::client(read(client)?)?;
    let session = Session::from_json(&client, session).map_err(Failure::from)?;
    let proofs = proofs(proof_key.as_deref(), random_bytes)?;
    let now = time(now)?;
    let step = Refresh::start(&client, &session, proofs, now);
    Ok(next(flow, step.map_err(Failure::from)?)?)
}

/// Begins a logout of a session, if there is one that can be read: the person is signed out in any case.
#[wasm_bindgen]
pub fn begin_logout(
    flow: u32,
    client: &str,
    session: Option<String>,
    return_to: Option<String>,
    random_bytes: &[u8],
    now: f64,
) -> Result<String, JsValue> {
    let client = options::client(read(client)?)?;
    let session = session.and_then(|session| Session::from_json(&client, &session).ok());
    let mut request = session.map_or_else(LogoutRequest::default, |session| {
        LogoutRequest::of(&session.login)
    });
    request.return_to = return_to
        .map(|path| ReturnPath::parse(&path))
        .transpose()
        .map_err(|error| Failure::from(portvakt_oidc::Error::from(error)))?;
    let now = time(now)?;
    let step = BeginLogout::start(&client.oidc, request, entropy(random_bytes)?, now);
    Ok(next(flow, step.map_err(Failure::from)?)?)
}

/// The key under which the logout was stored that an address may be the return of.
#[wasm_bindgen]
pub fn logout_key(url: &str) -> Option<String> {
    LogoutReturn::storage_key(url)
}

/// Where to continue after a logout, if the address is the return of the one that was stored.
#[wasm_bindgen]
pub fn logout_return(url: &str, stored: Option<String>, now: f64) -> Result<String, JsValue> {
    let returned = LogoutReturn::check(url, stored.as_deref(), time(now)?);
    Ok(write(answers::logout_returned(&returned))?)
}

/// Gives the answer to what a flow asked for. `body` is that of a response, and empty if there is none.
#[wasm_bindgen]
pub fn resume(flow: u32, answer: &str, body: Vec<u8>, now: f64) -> Result<String, JsValue> {
    let running = flows::take(flow).ok_or_else(|| Failure::from(BoundaryError::Flow))?;
    let answer = options::answer(read(answer)?, body)?;
    let now = time(now)?;
    Ok(match running {
        Running::BeginLogin(running) => next(flow, resumed(*running, answer, now)?)?,
        Running::CompleteLogin(running) => next(flow, resumed(*running, answer, now)?)?,
        Running::Refresh(running) => next(flow, resumed(*running, answer, now)?)?,
        Running::BeginLogout(running) => next(flow, resumed(*running, answer, now)?)?,
    })
}

/// Forgets a flow whose answer will not come.
#[wasm_bindgen]
pub fn abandon(flow: u32) {
    drop(flows::take(flow));
}

fn resumed<F: portvakt_oidc::Flow>(
    flow: F,
    answer: portvakt_oidc::Answer,
    now: portvakt_oidc::UnixTime,
) -> Result<portvakt_oidc::Step<F>, Failure>
where
    Failure: From<F::Error>,
{
    Ok(flow.resume(answer, now)?)
}

/// The key that tokens are to be bound to, and the random bytes for the proofs of it.
fn proofs(key: Option<&str>, random_bytes: &[u8]) -> Result<Option<DpopProofs>, Failure> {
    let Some(key) = key else {
        return Ok(None);
    };
    let key = DpopKey::from_jwk(key).map_err(portvakt_oidc::Error::from)?;
    let proofs = DpopProofs::new(key, entropy(random_bytes)?);
    Ok(Some(proofs.map_err(portvakt_oidc::Error::from)?))
}

fn entropy(bytes: &[u8]) -> Result<Entropy, Failure> {
    let bytes = bytes.try_into().map_err(|_| refused())?;
    Ok(Entropy::new(bytes))
}
