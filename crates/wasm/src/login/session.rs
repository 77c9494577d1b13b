//! What is asked of a session that the driver keeps.

use alloc::string::{String, ToString};

use portvakt_digdir::login::{Session, StepUp};
use portvakt_digdir::session::{DeviceError, SessionError, Standing};
use portvakt_oidc::Url;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{answers, options, proofs};
use crate::boundary::{Failure, read, refused, time, write};

/// Shows a session that was kept.
#[wasm_bindgen]
pub fn read_session(client: &str, session: &str) -> Result<String, JsValue> {
    let client = options::client(read(client)?)?;
    let session = Session::from_json(&client, session).map_err(Failure::from)?;
    Ok(write(answers::session(&session))?)
}

/// How long a session lasts that began then and was used then. Throws `session_idle` and `session_over`.
#[wasm_bindgen]
pub fn standing(
    limits: &str,
    started_at: f64,
    last_activity: f64,
    now: f64,
) -> Result<String, JsValue> {
    let limits = options::limits(read(limits)?)?;
    match limits.standing(time(started_at)?, time(last_activity)?, time(now)?) {
        Standing::Active {
            ends_at, warn_from, ..
        } => Ok(write(answers::standing(ends_at, warn_from))?),
        Standing::Ended(error) => Err(failure(error).into()),
    }
}

/// Throws the error that a session ended with, of which another tab has told. Whatever was wrong with the answer to a
/// renewal, to the other tabs it is that the session was not renewed.
#[wasm_bindgen]
pub fn fail(code: &str) -> Result<(), JsValue> {
    let failure = match (SessionError::from_code(code), DeviceError::from_code(code)) {
        (Some(error), _) => failure(error),
        (None, Some(error)) => portvakt_oidc::Error::from(error).into(),
        (None, None) => failure(SessionError::RenewalRefused),
    };
    Err(failure.into())
}

/// What to sign for one request to an API with the token of a session (RFC 9449 §7).
#[wasm_bindgen]
#[expect(
    clippy::too_many_arguments,
    reason = "texts cross the boundary one by one"
)]
pub fn resource_proof(
    client: &str,
    session: &str,
    proof_key: String,
    method: &str,
    url: &str,
    nonce: Option<String>,
    random_bytes: &[u8],
    now: f64,
) -> Result<String, JsValue> {
    let client = options::client(read(client)?)?;
    let login = Session::from_json(&client, session)
        .map_err(Failure::from)?
        .login;
    let proofs = proofs(Some(&proof_key), random_bytes)?.ok_or_else(refused)?;
    let url = Url::parse(url).map_err(portvakt_oidc::Error::from);
    let url = url.map_err(Failure::from)?;
    let now = login.by_provider(time(now)?);
    let proof = proofs.for_resource(method, &url, &login.access_token, nonce.as_deref(), now);
    let proof = proof.map_err(|error| Failure::from(portvakt_oidc::Error::from(error)))?;
    Ok(proof.signing_input().to_string())
}

/// What an API's refusal demands of the person, as options of a login; nothing if it demands nothing that another
/// sign-in could bring.
#[wasm_bindgen]
pub fn step_up(
    client: &str,
    status: u16,
    www_authenticate: &str,
    body: &[u8],
) -> Result<Option<String>, JsValue> {
    let service = options::client(read(client)?)?.service();
    let step_up = portvakt_oidc::StepUp::parse(status, www_authenticate)
        .and_then(|challenge| StepUp::of_challenge(service, &challenge))
        .or_else(|| StepUp::of_dialogporten(service, status, body));
    Ok(step_up
        .map(|step_up| write(answers::step_up(&step_up)))
        .transpose()?)
}

fn failure(error: SessionError) -> Failure {
    portvakt_oidc::Error::from(error).into()
}
