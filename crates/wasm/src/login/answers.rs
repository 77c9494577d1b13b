use alloc::vec::Vec;

use portvakt_digdir::Environment;
use portvakt_digdir::login::{Check, Session, StepUp};
use portvakt_oidc::{HttpRequest, LogoutRedirect, LogoutReturn, Redirect, UnixTime, UnsignedProof};

use crate::boundary::{Answer, List, service_name, texts};
use crate::identity::representation;

/// A request that the driver is to send.
pub(super) fn fetch(request: &HttpRequest) -> Answer {
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| texts(&[*name, value.as_str()]));
    Answer::default()
        .with("kind", "fetch")
        .with("method", request.method.as_str())
        .with("url", request.url.as_str())
        .with("headers", headers.collect::<List>())
        .with_some("body", request.body.as_deref())
        .with_some(
            "proof",
            request.proof.as_ref().map(UnsignedProof::signing_input),
        )
        .with("maxResponseBytes", request.max_response_bytes as u64)
}

/// The result of a flow.
pub(super) fn done(result: Answer) -> Answer {
    Answer::default()
        .with("kind", "done")
        .with("result", result)
}

/// Where to send the browser to sign in, and what to store meanwhile.
pub(super) fn login_redirect(redirect: &Redirect) -> Answer {
    Answer::default()
        .with("url", redirect.url.as_str())
        .with("key", redirect.pending.storage_key())
        .with("pending", redirect.pending.to_json())
        .with("metadata", redirect.pending.metadata().to_json())
}

/// A session that is to be kept.
pub(super) fn kept_session(kept: &Session) -> Answer {
    let return_to = kept.login.return_to.as_ref();
    session(kept)
        .with("session", kept.to_json())
        .with_some("returnTo", return_to.map(|path| path.as_str()))
}

/// A person who has signed in.
pub(super) fn session(session: &Session) -> Answer {
    let login = &session.login;
    let token_type = if login.dpop.is_some() {
        "DPoP"
    } else {
        "Bearer"
    };
    Answer::default()
        .with("service", service_name(session.service))
        .with("environment", environment_name(session.environment))
        .with("claims", person(session))
        .with_some(
            "representation",
            session.representation.as_ref().and_then(representation),
        )
        .with("accessToken", login.access_token.expose())
        .with("tokenType", token_type)
        .with("isRenewable", login.refresh_token.is_some())
        .with("startedAt", session.authenticated_at().as_secs())
        .with_some("expiresAt", login.expires_at.map(|moment| moment.as_secs()))
        .with("scope", texts(&login.scope))
        .with(
            "checks",
            session.checks.iter().copied().map(check).collect::<List>(),
        )
}

/// How long a session lasts.
pub(super) fn standing(ends_at: UnixTime, warn_from: UnixTime) -> Answer {
    Answer::default()
        .with("endsAt", ends_at.as_secs())
        .with("warnFrom", warn_from.as_secs())
}

/// What to ask for, as options of a login.
pub(super) fn step_up(step_up: &StepUp) -> Answer {
    let acr_values: Vec<&str> = step_up.acr_values.iter().map(|acr| acr.as_str()).collect();
    let acr_values = Some(texts(&acr_values)).filter(|_| !acr_values.is_empty());
    // Not all providers take an age of zero for what it is: OIDC Core §3.1.2.1.
    let must_reauthenticate = step_up.max_age_seconds == Some(0);
    Answer::default()
        .with_some("acrValues", acr_values)
        .with_some("maxAgeSeconds", step_up.max_age_seconds.map(u64::from))
        .with_some("prompt", must_reauthenticate.then(|| texts(&["login"])))
}

/// The claims of the id_token, in the words of JavaScript; `raw` has them as signed.
fn person(session: &Session) -> Answer {
    let claims = &session.claims;
    Answer::default()
        .with("sub", claims.sub.as_str())
        .with_some("pid", claims.pid.map(|pid| pid.expose()))
        .with("acr", claims.acr.as_str())
        .with_some("level", session.level.map(|level| level.as_str()))
        .with("amr", texts(&claims.amr))
        .with_some("authTime", claims.auth_time.map(|moment| moment.as_secs()))
        .with_some("sid", claims.sid.as_deref())
        .with_some("locale", claims.locale.as_deref())
        .with_some("name", claims.name.as_deref())
        .with_some("givenName", claims.given_name.as_deref())
        .with_some("familyName", claims.family_name.as_deref())
        .with_some("email", claims.email.as_deref())
        .with("groups", texts(&claims.groups))
        .with("raw", session.login.id_token.claims().clone())
}

/// A verification step that was taken.
fn check(check: Check) -> Answer {
    Answer::default()
        .with("code", check.code())
        .with("sentence", check.sentence())
        .with("source", check.source())
}

/// Where to send the browser to sign out.
pub(super) fn logged_out(redirect: &LogoutRedirect) -> Answer {
    let pending = redirect.pending.as_ref();
    Answer::default()
        .with("url", redirect.url.as_str())
        .with_some("key", pending.map(|pending| pending.storage_key()))
        .with_some("pending", pending.map(|pending| pending.to_json()))
}

/// What an address turned out to be.
pub(super) fn logout_returned(returned: &LogoutReturn) -> Answer {
    match returned {
        LogoutReturn::Confirmed { return_to } => Answer::default()
            .with("isReturn", true)
            .with_some("returnTo", return_to.as_ref().map(|path| path.as_str())),
        _ => Answer::default().with("isReturn", false),
    }
}

const fn environment_name(environment: Environment) -> &'static str {
    match environment {
        Environment::Production => "prod",
        Environment::Test => "test",
        Environment::Local => "local",
    }
}
