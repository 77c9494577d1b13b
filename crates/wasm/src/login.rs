//! Signing in and out: flows that the driver carries messages for.
//!
//! A flow is started under a number of the driver's choice. It answers with a step: a request to send, whose answer
//! is then given to `resume` under the same number, or the result.
//!
//! A session is a text, which the driver keeps and hands over again: nothing of it stays here.

mod answers;
mod flows;
mod options;
mod session;

use alloc::string::String;

use portvakt_digdir::Error;
use portvakt_digdir::login::{BeginLogin, Client, CompleteLogin, Refresh, Session};
use portvakt_oidc::{
    BeginLogout, Callback, DpopKey, DpopProofs, Entropy, LogoutRequest, LogoutReturn, PendingLogin,
    ProviderMetadata, ReturnPath,
};

use self::flows::{Running, next};
use crate::boundary::{Answered, Arguments, BoundaryError, Failure, read, refused, time, write};

/// The exports.
pub mod exported {
    use alloc::string::String;

    use super::{self as login, session};

    crate::boundary::exports! {
        begin_login => login::begin_login;
        is_callback => login::is_callback;
        callback_key => login::callback_key;
        complete_login => login::complete_login;
        refresh => login::refresh;
        begin_logout => login::begin_logout;
        logout_key => login::logout_key;
        logout_return => login::logout_return;
        resume => login::resume;
        abandon => login::abandon;
        read_session => session::read_session;
        standing => session::standing;
        fail => session::fail;
        resource_proof => session::resource_proof;
        step_up => session::step_up;
    }
}

/// Begins a login: `flow, client, request, session?, metadata?, random_bytes, now`.
///
/// `metadata` is what an earlier one kept; unusable ones are fetched anew. With a `session`, nobody but its person may
/// sign in.
fn begin_login(arguments: &mut Arguments<'_>) -> Answered {
    let flow = arguments.count()?;
    let client = client(arguments)?;
    let mut request = options::login_request(read(arguments.text()?)?)?;
    if let Some(session) = arguments.optional_text()? {
        let session = Session::from_json(&client, session).map_err(Failure::from)?;
        request.subject = Some(session.login.id_token.subject());
    }
    let metadata = arguments.optional_text()?;
    let metadata = metadata.and_then(|kept| ProviderMetadata::from_json(kept).ok());
    let entropy = entropy(arguments)?;
    let now = time(arguments)?;
    let step = BeginLogin::start(&client, request, metadata, entropy, now);
    next(flow, step.map_err(Failure::from)?)
}

/// Whether an address, `url`, is one that a provider sent a person back to.
fn is_callback(arguments: &mut Arguments<'_>) -> Answered {
    let is_callback = Callback::is_present(arguments.text()?);
    Ok(Some(String::from(if is_callback {
        "true"
    } else {
        "false"
    })))
}

/// The key under which the login that a callback belongs to was stored: `url`.
fn callback_key(arguments: &mut Arguments<'_>) -> Answered {
    Ok(Some(callback(arguments)?.storage_key()))
}

/// Completes a login with the address that the person came back to, and what was stored for it:
/// `flow, client, url, stored?, proof_key?, random_bytes, now`.
///
/// With a `proof_key`, the tokens are bound to it where the provider offers that.
fn complete_login(arguments: &mut Arguments<'_>) -> Answered {
    let flow = arguments.count()?;
    let client = client(arguments)?;
    let callback = callback(arguments)?;
    let pending = PendingLogin::from_storage(arguments.optional_text()?);
    let pending = pending.map_err(|error| Failure::from(Error::from(error)))?;
    let proofs = proofs(arguments)?;
    let now = time(arguments)?;
    let step = CompleteLogin::start(&client, callback, pending, proofs, now);
    next(flow, step.map_err(Failure::from)?)
}

/// Renews a session, which must be the one that was kept last: `flow, client, session, proof_key?, random_bytes, now`.
fn refresh(arguments: &mut Arguments<'_>) -> Answered {
    let flow = arguments.count()?;
    let client = client(arguments)?;
    let session = Session::from_json(&client, arguments.text()?).map_err(Failure::from)?;
    let proofs = proofs(arguments)?;
    let now = time(arguments)?;
    let step = Refresh::start(&client, &session, proofs, now);
    next(flow, step.map_err(Failure::from)?)
}

/// Begins a logout of a session, if there is one that can be read: the person is signed out in any case.
/// `flow, client, session?, return_to?, random_bytes, now`.
fn begin_logout(arguments: &mut Arguments<'_>) -> Answered {
    let flow = arguments.count()?;
    let client = client(arguments)?;
    let session = arguments.optional_text()?;
    let session = session.and_then(|session| Session::from_json(&client, session).ok());
    let mut request = session.map_or_else(LogoutRequest::default, |session| {
        LogoutRequest::of(&session.login)
    });
    let return_to = arguments.optional_text()?;
    request.return_to = return_to
        .map(ReturnPath::parse)
        .transpose()
        .map_err(portvakt_oidc::Error::from)?;
    let entropy = entropy(arguments)?;
    let now = time(arguments)?;
    let step = BeginLogout::start(&client.oidc, request, entropy, now);
    next(flow, step.map_err(Failure::from)?)
}

/// The key under which the logout was stored that an address, `url`, may be the return of.
fn logout_key(arguments: &mut Arguments<'_>) -> Answered {
    Ok(LogoutReturn::storage_key(arguments.text()?))
}

/// Where to continue after a logout, if the address is the return of the one that was stored: `url, stored?, now`.
fn logout_return(arguments: &mut Arguments<'_>) -> Answered {
    let (url, stored) = (arguments.text()?, arguments.optional_text()?);
    let returned = LogoutReturn::check(url, stored, time(arguments)?);
    write(answers::logout_returned(&returned))
}

/// Gives the answer to what a flow asked for: `flow, answer, body, now`. `body` is that of a response, and empty if
/// there is none.
fn resume(arguments: &mut Arguments<'_>) -> Answered {
    let flow = arguments.count()?;
    let running = flows::take(flow).ok_or(BoundaryError::Flow)?;
    let answer = options::answer(read(arguments.text()?)?, arguments.bytes()?)?;
    let now = time(arguments)?;
    match running {
        Running::BeginLogin(running) => next(flow, resumed(*running, answer, now)?),
        Running::CompleteLogin(running) => next(flow, resumed(*running, answer, now)?),
        Running::Refresh(running) => next(flow, resumed(*running, answer, now)?),
        Running::BeginLogout(running) => next(flow, resumed(*running, answer, now)?),
    }
}

/// Forgets a flow whose answer will not come: `flow`.
fn abandon(arguments: &mut Arguments<'_>) -> Answered {
    drop(flows::take(arguments.count()?));
    Ok(None)
}

/// Whether something stays in the module when a call ends.
#[cfg(all(target_family = "wasm", not(feature = "verify")))]
pub(crate) fn is_flow_kept() -> bool {
    flows::is_any_kept()
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

fn client(arguments: &mut Arguments<'_>) -> Result<Client, Failure> {
    options::client(read(arguments.text()?)?)
}

fn callback(arguments: &mut Arguments<'_>) -> Result<Callback, Failure> {
    Callback::parse(arguments.text()?).map_err(|error| Error::from(error).into())
}

/// The key that tokens are to be bound to, and the random bytes for the proofs of it.
fn proofs(arguments: &mut Arguments<'_>) -> Result<Option<DpopProofs>, Failure> {
    let (key, entropy) = (arguments.optional_text()?, entropy(arguments)?);
    let Some(key) = key else {
        return Ok(None);
    };
    let key = DpopKey::from_jwk(key).map_err(portvakt_oidc::Error::from)?;
    let proofs = DpopProofs::new(key, entropy);
    Ok(Some(proofs.map_err(portvakt_oidc::Error::from)?))
}

fn entropy(arguments: &mut Arguments<'_>) -> Result<Entropy, Failure> {
    let bytes = arguments.bytes()?.try_into().map_err(|_| refused())?;
    Ok(Entropy::new(bytes))
}
