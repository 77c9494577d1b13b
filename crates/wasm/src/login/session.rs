//! What is asked of a session that the driver keeps.

use alloc::string::String;

use portvakt_digdir::login::{Session, StepUp};
use portvakt_digdir::session::{DeviceError, SessionError, Standing};
use portvakt_oidc::{CallbackError, Url};

use super::{answers, client, options, proofs};
use crate::boundary::{Answer, Answered, Arguments, Failure, read, refused, time, write};

/// Shows a session that was kept: `client, session`.
pub(super) fn read_session(arguments: &mut Arguments<'_>) -> Answered {
    let client = client(arguments)?;
    let session = Session::from_json(&client, arguments.text()?).map_err(Failure::from)?;
    let mut answer = Answer::new();
    answers::session(&mut answer, &session);
    write(answer)
}

/// How long a session lasts that began then and was used then: `limits, started_at, last_activity, now`. Throws
/// `session_idle` and `session_over`.
pub(super) fn standing(arguments: &mut Arguments<'_>) -> Answered {
    let limits = options::limits(read(arguments.text()?)?)?;
    let (started_at, last_activity) = (time(arguments)?, time(arguments)?);
    match limits.standing(started_at, last_activity, time(arguments)?) {
        Standing::Active {
            ends_at, warn_from, ..
        } => write(answers::standing(ends_at, warn_from)),
        Standing::Ended(error) => Err(failure(error)),
    }
}

/// Throws an error that the driver has found out, or that a session ended with, of which another tab has told: `code`.
/// Whatever was wrong with the answer to a renewal, to the other tabs it is that the session was not renewed.
pub(super) fn fail(arguments: &mut Arguments<'_>) -> Answered {
    let code = arguments.text()?;
    let error = SessionError::from_code(code)
        .map(portvakt_oidc::Error::from)
        .or_else(|| DeviceError::from_code(code).map(Into::into))
        .or_else(|| CallbackError::from_code(code).map(Into::into))
        .unwrap_or_else(|| SessionError::RenewalRefused.into());
    Err(error.into())
}

/// What to sign for one request to an API with the token of a session (RFC 9449 §7):
/// `client, session, method, url, nonce?, proof_key, random_bytes, now`.
pub(super) fn resource_proof(arguments: &mut Arguments<'_>) -> Answered {
    let client = client(arguments)?;
    let login = Session::from_json(&client, arguments.text()?)
        .map_err(Failure::from)?
        .login;
    let method = arguments.text()?;
    let url = Url::parse(arguments.text()?).map_err(portvakt_oidc::Error::from)?;
    let nonce = arguments.optional_text()?;
    let proofs = proofs(arguments)?.ok_or_else(refused)?;
    let now = login.by_provider(time(arguments)?);
    let proof = proofs.for_resource(method, &url, &login.access_token, nonce, now);
    let proof = proof.map_err(portvakt_oidc::Error::from)?;
    Ok(Some(String::from(proof.signing_input())))
}

/// What an API's refusal demands of the person, as options of a login; nothing if it demands nothing that another
/// sign-in could bring: `client, status, www_authenticate, body`.
pub(super) fn step_up(arguments: &mut Arguments<'_>) -> Answered {
    let service = client(arguments)?.service();
    let status = arguments.count()?.try_into().map_err(|_| refused())?;
    let step_up = portvakt_oidc::StepUp::parse(status, arguments.text()?)
        .and_then(|challenge| StepUp::of_challenge(service, &challenge));
    let body = arguments.bytes()?;
    match step_up.or_else(|| StepUp::of_dialogporten(service, status, body)) {
        Some(step_up) => write(answers::step_up(&step_up)),
        None => Ok(None),
    }
}

fn failure(error: SessionError) -> Failure {
    portvakt_oidc::Error::from(error).into()
}
