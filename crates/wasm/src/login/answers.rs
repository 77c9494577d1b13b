use portvakt_digdir::Environment;
use portvakt_digdir::login::{Check, Session, StepUp};
use portvakt_oidc::{HttpRequest, LogoutRedirect, LogoutReturn, Redirect, UnixTime, UnsignedProof};

use crate::boundary::{Answer, List, Nested, Pairs, Texts, service_name};
use crate::identity::representation;

/// A request that the driver is to send.
pub(super) fn fetch(request: &HttpRequest) -> Answer {
    let mut answer = Answer::new();
    sent(&mut answer, request);
    answer
}

/// One that is sent ahead is written as it will be when it is asked for, so that the driver knows it again.
fn sent(answer: &mut Answer, request: &HttpRequest) {
    let proof = request.proof.as_ref().map(UnsignedProof::signing_input);
    let ahead = request.ahead.as_deref();
    answer
        .with("kind", "fetch")
        .with("method", request.method.as_str())
        .with("url", request.url.as_str())
        .with("headers", Pairs(&request.headers))
        .with_some("body", request.body.as_deref())
        .with_some("proof", proof)
        .with_some(
            "ahead",
            ahead.map(|request| Nested(|answer: &mut Answer| sent(answer, request))),
        )
        .with("maxResponseBytes", request.max_response_bytes as u64);
}

/// The result of a flow, of the members that the function adds.
pub(super) fn done(result: impl FnOnce(&mut Answer)) -> Answer {
    let mut answer = Answer::new();
    answer.with("kind", "done").with("result", Nested(result));
    answer
}

/// Where to send the browser to sign in, and what to store meanwhile.
pub(super) fn login_redirect(answer: &mut Answer, redirect: &Redirect) {
    answer
        .with("url", redirect.url.as_str())
        .with("key", redirect.pending.storage_key())
        .with("pending", redirect.pending.to_json())
        .with("metadata", redirect.pending.metadata().to_json());
}

/// A session that is to be kept.
pub(super) fn kept_session(answer: &mut Answer, kept: &Session) {
    let return_to = kept.login.return_to.as_ref();
    session(answer, kept);
    answer
        .with("session", kept.to_json())
        .with_some("returnTo", return_to.map(|path| path.as_str()));
}

/// A person who has signed in.
pub(super) fn session(answer: &mut Answer, session: &Session) {
    let login = &session.login;
    let token_type = if login.dpop.is_some() {
        "DPoP"
    } else {
        "Bearer"
    };
    answer
        .with("service", service_name(session.service))
        .with("environment", environment_name(session.environment))
        .with(
            "claims",
            Nested(|answer: &mut Answer| person(answer, session)),
        );
    representation(answer, session.representation.as_ref());
    answer
        .with("accessToken", login.access_token.expose())
        .with("tokenType", token_type)
        .with("isRenewable", login.refresh_token.is_some())
        .with("startedAt", session.authenticated_at().as_secs())
        .with_some("expiresAt", login.expires_at.map(UnixTime::as_secs))
        .with("scope", Texts(&login.scope))
        .with("checks", List(&session.checks, check));
}

/// How long a session lasts.
pub(super) fn standing(ends_at: UnixTime, warn_from: UnixTime) -> Answer {
    let mut answer = Answer::new();
    answer
        .with("endsAt", ends_at.as_secs())
        .with("warnFrom", warn_from.as_secs());
    answer
}

/// What to ask for, as options of a login.
pub(super) fn step_up(step_up: &StepUp) -> Answer {
    let mut answer = Answer::new();
    if !step_up.acr_values.is_empty() {
        let acr_values = step_up.acr_values.iter().map(|acr| acr.as_str());
        answer.with("acrValues", Texts(acr_values));
    }
    answer.with_some("maxAgeSeconds", step_up.max_age_seconds.map(u64::from));
    // Not all providers take an age of zero for what it is: OIDC Core §3.1.2.1.
    if step_up.max_age_seconds == Some(0) {
        answer.with("prompt", Texts(["login"]));
    }
    answer
}

/// The claims of the id_token, in the words of JavaScript; `raw` has them as signed.
fn person(answer: &mut Answer, session: &Session) {
    let claims = &session.claims;
    answer
        .with("sub", claims.sub.as_str())
        .with_some("pid", claims.pid.map(|pid| pid.expose()))
        .with("acr", claims.acr.as_str())
        .with_some("level", session.level.map(|level| level.as_str()))
        .with("amr", Texts(&claims.amr))
        .with_some("authTime", claims.auth_time.map(UnixTime::as_secs))
        .with_some("sid", claims.sid.as_deref())
        .with_some("locale", claims.locale.as_deref())
        .with_some("name", claims.name.as_deref())
        .with_some("givenName", claims.given_name.as_deref())
        .with_some("familyName", claims.family_name.as_deref())
        .with_some("email", claims.email.as_deref())
        .with("groups", Texts(&claims.groups))
        .with("raw", session.login.id_token.claims());
}

/// A verification step that was taken.
fn check(answer: &mut Answer, check: &Check) {
    answer
        .with("code", check.code())
        .with("sentence", check.sentence())
        .with("source", check.source());
}

/// Where to send the browser to sign out.
pub(super) fn logged_out(answer: &mut Answer, redirect: &LogoutRedirect) {
    let pending = redirect.pending.as_ref();
    answer
        .with("url", redirect.url.as_str())
        .with_some("key", pending.map(|pending| pending.storage_key()))
        .with_some("pending", pending.map(|pending| pending.to_json()));
}

/// What an address turned out to be.
pub(super) fn logout_returned(returned: &LogoutReturn) -> Answer {
    let mut answer = Answer::new();
    let is_return = matches!(returned, LogoutReturn::Confirmed { .. });
    answer.with("isReturn", is_return);
    if let LogoutReturn::Confirmed { return_to } = returned {
        answer.with_some("returnTo", return_to.as_ref().map(|path| path.as_str()));
    }
    answer
}

const fn environment_name(environment: Environment) -> &'static str {
    match environment {
        Environment::Production => "prod",
        Environment::Test => "test",
        Environment::Local => "local",
    }
}
