//! The authorization endpoint and the end of a login.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::locale::Locale;
use crate::provider_name::ProviderName;
use crate::random;
use crate::state::{Shared, State};

use super::error::OAuthError;
use super::params::Params;
use super::rar::{Selection, grant};
use super::request::{AuthorizationRequest, Headless, Refusal};
use super::response::{Outcome, new_code, redirect, reply};
use super::sessions::{Login, Session};
use super::store::{Code, Grant, PUSHED_LIFETIME, Step, Transaction};
use super::{Provider, cookies, pages};

/// `GET /authorize`.
pub(crate) async fn get(
    FromState((state, name)): FromState<(Shared, ProviderName)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    authorize(
        &state,
        name,
        &headers,
        Params::parse(&query.unwrap_or_default()),
    )
}

/// `POST /authorize` (OIDC Core §3.1.2.1).
pub(crate) async fn post(
    FromState((state, name)): FromState<(Shared, ProviderName)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    authorize(&state, name, &headers, Params::parse_form(&headers, &body))
}

fn authorize(
    state: &State,
    name: ProviderName,
    headers: &HeaderMap,
    params: Result<Params, OAuthError>,
) -> Response {
    let provider = state.provider(name);
    let chosen = cookies::read(headers, cookies::LANGUAGE).and_then(Locale::parse);
    let checked = params
        .and_then(|params| unfold(provider, params, state.clock.now()))
        .map_err(Refusal::Page)
        .and_then(|params| AuthorizationRequest::check(&params, name, state));
    let request = match checked {
        Ok(request) => Arc::new(request),
        Err(Refusal::Page(error)) => {
            return pages::refused(chosen.unwrap_or_default(), name, &error);
        }
        Err(Refusal::Redirect(to, error)) => {
            return reply(
                state,
                provider,
                &to,
                Outcome::Error(error),
                chosen.unwrap_or_default(),
            );
        }
    };
    // A language that the person has chosen counts for more than the application's.
    let locale = chosen.or(request.locale).unwrap_or_default();
    let transaction = Transaction {
        request: Arc::clone(&request),
        binding: random::token::<16>(),
        step: Step::ChooseEid,
        locale,
        started: state.clock.now(),
    };
    let usable = usable_login(state, provider, headers, &request);
    if request.prompt.none {
        return without_pages(state, provider, headers, transaction, usable);
    }
    if let Some(Headless { pid, acr }) = request.headless.clone() {
        let login = Login {
            pid,
            acr,
            amr: vec!["TestID"],
            auth_time: state.clock.now(),
        };
        return signed_in(state, provider, headers, None, transaction, login);
    }
    match usable {
        Some(login) => proceed(state, provider, headers, None, transaction, login),
        None => begin(provider, transaction),
    }
}

/// Replaces `request_uri` by the parameters that were pushed (RFC 9126 §4).
fn unfold(provider: &Provider, params: Params, now: u64) -> Result<Params, OAuthError> {
    let Some(request_uri) = params.one("request_uri")? else {
        return Ok(params);
    };
    if params
        .names()
        .any(|name| name != "request_uri" && name != "client_id")
    {
        return Err(OAuthError::invalid_request(
            "With request_uri send only client_id beside it; everything else was pushed.",
        ));
    }
    let client_id = params.required("client_id")?;
    let gone = || {
        OAuthError::new(
            "invalid_request_uri",
            "The request_uri is unknown, used or older than 120 seconds; push the request again.",
        )
    };
    let mut store = provider.store();
    let pushed = store.pushed.get(request_uri).ok_or_else(gone)?;
    if pushed.client_id != client_id {
        return Err(OAuthError::invalid_request(
            "The request_uri was pushed by another client.",
        ));
    }
    // Single use: it is gone whether or not it is still good.
    let pushed = store.pushed.remove(request_uri).ok_or_else(gone)?;
    if now >= pushed.pushed + PUSHED_LIFETIME {
        return Err(gone());
    }
    Ok(pushed.params)
}

/// A login of the session that is good enough for the request.
fn usable_login(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    request: &AuthorizationRequest,
) -> Option<Login> {
    let now = state.clock.now();
    let id = cookies::read(headers, &cookies::session(provider))?;
    let mut store = provider.store();
    let session = store.session(id, now)?;
    // The idle time is the time between authorization requests.
    session.last_active = now;
    let login = session.login(
        &request.client.client_id,
        request.is_isolated(provider.name()),
    )?;
    let is_young = request
        .max_age
        .is_none_or(|age| age > 0 && now <= login.auth_time.saturating_add(age));
    let is_known = state.world().person(&login.pid).is_some();
    let is_usable = is_known && is_young && !request.prompt.login && request.accepts(login.acr);
    is_usable.then(|| login.clone())
}

/// `prompt=none`: everything must follow from the session (OIDC Core §3.1.2.6).
fn without_pages(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    transaction: Transaction,
    login: Option<Login>,
) -> Response {
    let (request, locale) = (Arc::clone(&transaction.request), transaction.locale);
    let fail = |code, description: &'static str| {
        reply(
            state,
            provider,
            &request.reply,
            Outcome::Error(OAuthError::new(code, description)),
            locale,
        )
    };
    match login {
        None => fail(
            "login_required",
            "The person must sign in, and prompt=none allows no page.",
        ),
        Some(_) if request.representation.is_some() => fail(
            "interaction_required",
            "The person must choose whom to represent, and prompt=none allows no page.",
        ),
        Some(login) => proceed(state, provider, headers, None, transaction, login),
    }
}

/// Shows the first page.
fn begin(provider: &Provider, transaction: Transaction) -> Response {
    let tx = random::token::<16>();
    let mut response = redirect(&format!("/login?tx={tx}"));
    cookies::set_transaction(
        &mut response,
        &cookies::transaction(provider, &tx),
        &transaction.binding,
    );
    provider.store().transactions.insert(tx, transaction);
    response
}

/// Goes on after the person has signed in: the session begins or is renewed.
pub(crate) fn signed_in(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    tx: Option<&str>,
    transaction: Transaction,
    login: Login,
) -> Response {
    let now = state.clock.now();
    let name = cookies::session(provider);
    let request = Arc::clone(&transaction.request);
    // A new name for the session at each login: one that somebody else put there is worth nothing.
    let id = random::token::<32>();
    {
        let mut store = provider.store();
        let before = cookies::read(headers, &name).and_then(|old| {
            store.session(old, now)?;
            store.sessions.remove(old)
        });
        let mut session = before.unwrap_or_else(|| Session::new(now));
        session.last_active = now;
        session.sign_in(
            &request.client.client_id,
            request.is_isolated(provider.name()),
            login.clone(),
        );
        store.sessions.insert(id.clone(), session);
    }
    let mut response = proceed_in(state, provider, &id, tx, transaction, login);
    cookies::set(&mut response, &name, &id);
    response
}

/// Goes on with the login of the browser's session.
fn proceed(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    tx: Option<&str>,
    transaction: Transaction,
    login: Login,
) -> Response {
    let session = cookies::read(headers, &cookies::session(provider))
        .unwrap_or_default()
        .to_owned();
    proceed_in(state, provider, &session, tx, transaction, login)
}

/// Shows the picker for every request for representation, and otherwise ends the login.
fn proceed_in(
    state: &State,
    provider: &Provider,
    session: &str,
    tx: Option<&str>,
    mut transaction: Transaction,
    login: Login,
) -> Response {
    if transaction.request.representation.is_none() {
        return finish(state, provider, session, tx, &transaction, login, None);
    }
    transaction.step = Step::Represent(login);
    let Some(tx) = tx else {
        return begin(provider, transaction);
    };
    if let Some(held) = provider.store().transactions.get_mut(tx) {
        *held = transaction;
    }
    redirect(&format!("/login?tx={tx}"))
}

/// Ends a login: a grant, a code for it, and the way back to the application.
pub(crate) fn finish(
    state: &State,
    provider: &Provider,
    session: &str,
    tx: Option<&str>,
    transaction: &Transaction,
    login: Login,
    selection: Option<&Selection>,
) -> Response {
    let now = state.clock.now();
    let request = &transaction.request;
    let details = match (&request.representation, selection) {
        (Some(asked), Some(selection)) => {
            let world = state.world();
            world.person(&login.pid).map(|person| {
                let profile = state.settings().rar_profile;
                grant(
                    &world,
                    person,
                    &request.client.client_id,
                    asked,
                    selection,
                    profile,
                )
            })
        }
        _ => None,
    };
    let code = new_code();
    {
        let mut store = provider.store();
        let is_isolated = request.is_isolated(provider.name());
        let current = store.session(session, now).filter(|session| {
            let current = session.login(&request.client.client_id, is_isolated);
            current.is_some_and(|current| current.pid == login.pid)
        });
        // Signed out, or signed in as somebody else, in another tab.
        let Some(session) = current else {
            drop(store);
            return pages::expired(transaction.locale, provider.name());
        };
        session.last_active = now;
        let sid = session.join(&request.client.client_id);
        let id = random::token::<16>();
        store.codes.insert(
            code.clone(),
            Code {
                client_id: request.client.client_id.clone(),
                redirect_uri: request.reply.redirect_uri.clone(),
                code_challenge: request.code_challenge.clone(),
                issued: now,
                grant: id.clone(),
                is_used: false,
            },
        );
        store.grants.insert(
            id,
            Grant {
                client: Arc::clone(&request.client),
                login,
                scope: request.scope.clone(),
                nonce: request.nonce.clone(),
                requested_acr: request.acr_values.clone(),
                resource: request.resource.clone(),
                authorization_details: details,
                locale: transaction.locale,
                sid,
                granted: now,
                is_revoked: false,
            },
        );
    }
    end(state, provider, tx, transaction, Outcome::Code(code))
}

/// Sends the browser back, and marks the login as over.
pub(crate) fn end(
    state: &State,
    provider: &Provider,
    tx: Option<&str>,
    transaction: &Transaction,
    outcome: Outcome,
) -> Response {
    if let Some(tx) = tx
        && let Some(held) = provider.store().transactions.get_mut(tx)
    {
        held.step = Step::Done;
    }
    let mut response = reply(
        state,
        provider,
        &transaction.request.reply,
        outcome,
        transaction.locale,
    );
    if let Some(tx) = tx {
        cookies::remove_transaction(&mut response, &cookies::transaction(provider, tx));
    }
    response
}
