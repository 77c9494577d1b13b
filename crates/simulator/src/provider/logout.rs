//! RP-initiated logout, and how the other applications learn of it (OpenID Connect RP-Initiated Logout 1.0,
//! Front-Channel Logout 1.0, Back-Channel Logout 1.0).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;

use crate::clients::Client;
use crate::faults::Fault;
use crate::locale::Locale;
use crate::provider_name::ProviderName;
use crate::random;
use crate::state::{Shared, State};
use crate::switches::Switch;

use super::error::{OAuthError, no_store};
use super::logout_token::logout_token;
use super::params::{Params, shown};
use super::response::{redirect, with_query};
use super::sessions::Session;
use super::tokens::subject;
use super::{Provider, cookies, pages};

/// Where the browser goes when the session has ended.
#[derive(Debug)]
struct Destination {
    client: Option<Arc<Client>>,
    /// A registered address, with `state`.
    url: Option<String>,
}

/// `GET /logout`.
pub(crate) async fn get(
    FromState((state, name)): FromState<(Shared, ProviderName)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    logout(
        &state,
        name,
        &headers,
        Params::parse(&query.unwrap_or_default()),
    )
}

/// `POST /logout`.
///
/// A form on another site brings no cookie along (`SameSite=Lax`), and then there is no session to end.
pub(crate) async fn post(
    FromState((state, name)): FromState<(Shared, ProviderName)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    logout(&state, name, &headers, Params::parse_form(&headers, &body))
}

fn logout(
    state: &State,
    name: ProviderName,
    headers: &HeaderMap,
    params: Result<Params, OAuthError>,
) -> Response {
    let provider = state.provider(name);
    let chosen = cookies::read(headers, cookies::LANGUAGE).and_then(Locale::parse);
    let checked = params.and_then(|params| {
        let locale = chosen
            .or(params.one("ui_locales")?.and_then(Locale::of_list))
            .unwrap_or_default();
        Ok((locale, destination(state, provider, &params)))
    });
    let (locale, destination) = match checked {
        Ok((locale, Ok(destination))) => (locale, destination),
        Ok((locale, Err(error))) => return pages::refused(locale, name, &error),
        Err(error) => return pages::refused(chosen.unwrap_or_default(), name, &error),
    };
    let cookie = cookies::session(provider);
    let Some(id) = cookies::read(headers, &cookie) else {
        return pages::no_session_cookie(locale, name, destination.url.as_deref());
    };
    let session = end_session(provider, id, state.clock.now());
    let mut response = match (session, &destination.url) {
        // Ended before, or by itself: nobody is left to send back.
        (None, url) => pages::already_signed_out(locale, name, url.as_deref()),
        (Some(session), url) => {
            post_logout_tokens(state, provider, &session);
            let frames = frames(state, provider, &session);
            match (frames.as_slice(), url) {
                ([], Some(url)) => redirect(url),
                _ => pages::signed_out(
                    locale,
                    name,
                    destination.client.as_deref(),
                    url.as_deref(),
                    &frames,
                ),
            }
        }
    };
    cookies::remove(&mut response, &cookie);
    no_store(response)
}

/// The client that wants the logout, and the address to go to.
fn destination(
    state: &State,
    provider: &Provider,
    params: &Params,
) -> Result<Destination, OAuthError> {
    let by_hint = params
        .one("id_token_hint")?
        .map(|hint| client_of(provider, hint))
        .transpose()?;
    let by_name = params.one("client_id")?;
    if let (Some(hint), Some(name)) = (&by_hint, by_name)
        && hint != name
    {
        return Err(OAuthError::invalid_request(
            "The id_token_hint was issued to another client than client_id names.",
        ));
    }
    let state_value = params.one("state")?;
    if state_value.is_some_and(|value| !value.bytes().all(|byte| matches!(byte, 0x20..=0x7E))) {
        return Err(OAuthError::invalid_request(
            "The parameter state must be printable ASCII.",
        ));
    }
    let client = match by_hint.as_deref().or(by_name) {
        None => None,
        Some(client_id) => Some(state.clients.find(provider.name(), client_id).ok_or_else(
            || {
                OAuthError::invalid_client(format!(
                    "The client {} is not registered.",
                    shown(client_id)
                ))
            },
        )?),
    };
    let wanted = params.one("post_logout_redirect_uri")?;
    // Without a client, or with an address that is not registered, the browser stays here.
    let url = match (&client, wanted) {
        (Some(client), Some(uri))
            if client
                .post_logout_redirect_uris
                .iter()
                .any(|registered| registered == uri) =>
        {
            let mut parameters = Vec::new();
            if let Some(value) = state_value {
                if state.faults.take(Fault::LogoutStateAltered) {
                    parameters.push(("state", random::token::<16>()));
                } else if !state.faults.take(Fault::LogoutStateNotReturned) {
                    parameters.push(("state", value.to_owned()));
                }
            }
            Some(with_query(uri, &parameters))
        }
        _ => None,
    };
    Ok(Destination { client, url })
}

/// The client of an id_token; it may have expired, and it must be ours.
fn client_of(provider: &Provider, hint: &str) -> Result<String, OAuthError> {
    let refused =
        || OAuthError::invalid_request("The id_token_hint is not an id_token of this provider.");
    let claims = provider.keys().verify(hint).map_err(|_| refused())?;
    if claims.get("iss").and_then(Value::as_str) != Some(provider.issuer()) {
        return Err(refused());
    }
    claims
        .get("aud")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(refused)
}

/// Ends a session, and with it the tokens that are good for nothing but the login.
///
/// Tokens with other scopes than `openid` and `profile` live on; an application revokes them itself.
fn end_session(provider: &Provider, id: &str, now: u64) -> Option<Session> {
    let mut store = provider.store();
    store.session(id, now)?;
    let session = store.sessions.remove(id)?;
    let sids: Vec<&str> = session.participants().map(|(_, sid)| sid).collect();
    for grant in store.grants.values_mut() {
        let is_login_only = grant
            .scope
            .iter()
            .all(|scope| scope == "openid" || scope == "profile");
        if is_login_only && sids.contains(&grant.sid.as_str()) {
            grant.is_revoked = true;
        }
    }
    Some(session)
}

/// Lets a logout token be posted to every client of the session that is registered for it, the initiator
/// included; the person's page waits for none of them.
fn post_logout_tokens(state: &State, provider: &Provider, session: &Session) {
    for (client_id, sid) in session.participants() {
        let Some(client) = state.clients.find(provider.name(), client_id) else {
            continue;
        };
        let Some(url) = &client.backchannel_logout_uri else {
            continue;
        };
        if state.faults.take(Fault::LogoutTokenNotPosted) {
            continue;
        }
        let is_isolated = provider.name() == ProviderName::Ansattporten || client.sso_disabled;
        let sub = session.login(client_id, is_isolated).map(|login| {
            let person = state.world().person(&login.pid).cloned();
            subject(provider.name(), client_id, login, person.as_ref())
        });
        let token = logout_token(state, provider, client_id, sid, sub.as_deref());
        let times = 1 + usize::from(state.faults.take(Fault::LogoutTokenReplayed));
        for _ in 0..times {
            let now = state.clock.now();
            state
                .logouts
                .post(now, provider.name(), client_id, url, &token);
        }
    }
}

/// The front-channel logout addresses of everybody in the session, the initiator included.
fn frames(state: &State, provider: &Provider, session: &Session) -> Vec<String> {
    session
        .participants()
        .filter_map(|(client_id, sid)| {
            let client = state.clients.find(provider.name(), client_id)?;
            let uri = client.frontchannel_logout_uri.as_deref()?;
            if state.faults.take(Fault::FrontchannelNotCalled) {
                return None;
            }
            let now = state.clock.now();
            state.logouts.framed(now, provider.name(), client_id, uri);
            if !client.frontchannel_logout_session_required {
                return Some(uri.to_owned());
            }
            Some(with_query(uri, &session_parameters(state, provider, sid)))
        })
        .collect()
}

/// `iss` and `sid` (OpenID Connect Front-Channel Logout §2).
fn session_parameters(
    state: &State,
    provider: &Provider,
    sid: &str,
) -> Vec<(&'static str, String)> {
    let take = |fault| state.faults.take(fault);
    let mut iss = provider.issuer().to_owned();
    if state.switches.is_on(Switch::LogoutIssWithSlash) {
        iss.push('/');
    }
    if take(Fault::FrontchannelWrongIss) {
        iss = format!("{}/other", provider.issuer());
    }
    let mut sid = sid.to_owned();
    if take(Fault::FrontchannelUnknownSid) {
        sid = random::token::<32>();
    }
    let mut parameters = Vec::new();
    if !take(Fault::FrontchannelMissingIss) {
        parameters.push(("iss", iss));
    }
    if !take(Fault::FrontchannelMissingSid) {
        if take(Fault::FrontchannelRepeatedSid) {
            parameters.push(("sid", random::token::<32>()));
        }
        parameters.push(("sid", sid));
    }
    parameters
}
