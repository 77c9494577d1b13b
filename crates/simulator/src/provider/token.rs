//! The token endpoint (RFC 6749 §3.2, §4.1.3, §6; RFC 7636 §4.6).

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::clients::{Client, GrantType, RefreshTokenUsage};
use crate::dpop::{self, ProofError, Proven};
use crate::events::Note;
use crate::faults::Fault;
use crate::lost::Lost;
use crate::origins::Origins;
use crate::provider_name::ProviderName;
use crate::state::{Shared, State};
use crate::switches::Switch;

use super::Provider;
use super::client_auth::authenticate;
use super::error::{OAuthError, no_store, unavailable};
use super::params::{Params, shown};
use super::store::CODE_LIFETIME;
use super::tokens::{Issue, fingerprint, token_response};

/// `POST /token`.
pub(crate) async fn post(
    FromState((state, name)): FromState<(Shared, ProviderName)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if state.faults.take(Fault::TokenEndpointDown) {
        return unavailable();
    }
    let provider = state.provider(name);
    match answer(&state, provider, &headers, &body) {
        Ok(mut response) => {
            // The nonce of the next request, so that it needs no challenge (RFC 9449 §8.2).
            if state.switches.is_on(Switch::dpop(name)) && state.switches.is_on(Switch::DpopNonce) {
                dpop::add_nonce(&mut response, &nonce(&state, provider));
            }
            response
        }
        Err(Refused { error, nonce }) => {
            let mut response = error.into_response();
            if let Some(nonce) = nonce {
                dpop::add_nonce(&mut response, &nonce);
            }
            response
        }
    }
}

/// An error, with a nonce for the next attempt.
struct Refused {
    error: OAuthError,
    nonce: Option<String>,
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self { error, nonce: None }
    }
}

fn answer(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Refused> {
    let params = Params::parse_form(headers, body)?;
    let client = authenticate(state, provider.name(), headers, &params)?;
    let grant_type = match params.required("grant_type")? {
        "authorization_code" => GrantType::AuthorizationCode,
        "refresh_token" => GrantType::RefreshToken,
        other => {
            return Err(OAuthError::new(
                "unsupported_grant_type",
                format!(
                    "The grant_type {} is not supported; use authorization_code or refresh_token.",
                    shown(other)
                ),
            )
            .into());
        }
    };
    if !client.may_use(grant_type) {
        return Err(OAuthError::new(
            "unauthorized_client",
            "The client is not registered for this grant_type.",
        )
        .into());
    }
    // Before code or refresh token are looked at: neither is used up by a proof that must be made anew.
    let jkt = proven_key(state, provider, headers)?;
    let jkt = jkt.as_deref();
    let (body, name) = match grant_type {
        GrantType::AuthorizationCode => (
            redeem(state, provider, &client, &params, jkt)?,
            "authorization_code",
        ),
        GrantType::RefreshToken => {
            if state.faults.take(Fault::RenewalTimesOut) {
                return Ok(Lost::TimedOut.into_response());
            }
            let body = refresh(state, provider, &client, &params, jkt)?;
            if state.faults.take(Fault::RenewalConnectionLost) {
                return Ok(Lost::ConnectionClosed.into_response());
            }
            (body, "refresh_token")
        }
    };
    // Whoever tests tabs that renew at once counts these.
    let binding = if jkt.is_some() { ", with DPoP" } else { "" };
    let note = format!("{name} of {}{binding}", client.client_id);
    Ok(send(state, body, note))
}

/// The thumbprint of the key that the request proves possession of (RFC 9449 §5).
///
/// Where the provider does not support DPoP, the header is one of the many that it does not know.
fn proven_key(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
) -> Result<Option<String>, Refused> {
    if !state.switches.is_on(Switch::dpop(provider.name())) || !headers.contains_key(dpop::PROOF) {
        return Ok(None);
    }
    let nonce_needed = |nonce| Refused {
        error: OAuthError::new(
            "use_dpop_nonce",
            "The proof must carry the nonce of the header DPoP-Nonce.",
        ),
        nonce,
    };
    if state.faults.take(Fault::DpopNonceMissing) {
        return Err(nonce_needed(None));
    }
    if state.faults.take(Fault::DpopNonceNeverAccepted) {
        return Err(nonce_needed(Some(nonce(state, provider))));
    }
    let request = Proven {
        method: "POST",
        url: &format!("{}/token", provider.issuer()),
        access_token: None,
        nonce_of: state.nonce_of(Origins::issuer_origin(provider.name())),
        is_lenient: state.switches.is_on(Switch::DpopWideIat),
    };
    match state.dpop.check(headers, request, state.clock.now()) {
        Ok(jkt) => Ok(jkt),
        Err(ProofError::Invalid(why)) => Err(invalid_proof(why).into()),
        Err(ProofError::NonceNeeded(nonce)) => Err(nonce_needed(Some(nonce))),
    }
}

fn invalid_proof(why: &'static str) -> OAuthError {
    OAuthError::new("invalid_dpop_proof", why)
}

fn nonce(state: &State, provider: &Provider) -> String {
    let origin = Origins::issuer_origin(provider.name());
    state.dpop.nonce(origin, state.clock.now())
}

fn redeem(
    state: &State,
    provider: &Provider,
    client: &Arc<Client>,
    params: &Params,
    jkt: Option<&str>,
) -> Result<Value, OAuthError> {
    let code = params.required("code")?;
    let redirect_uri = params.required("redirect_uri")?;
    let verifier = params.required("code_verifier")?;
    check_verifier(verifier)?;
    if state.faults.take(Fault::TokenEndpointRefuses) {
        return Err(OAuthError::invalid_grant("A fault: the code is refused."));
    }
    let now = state.clock.now();
    let (grant_id, grant) = {
        let mut store = provider.store();
        let held = store
            .codes
            .get_mut(code)
            .ok_or_else(|| OAuthError::invalid_grant("The code is unknown."))?;
        if held.client_id != client.client_id {
            return Err(OAuthError::invalid_grant(
                "The code was given to another client.",
            ));
        }
        let grant_id = held.grant.clone();
        if held.is_used {
            // RFC 6749 §4.1.2: somebody has it who should not, so what it gave is taken back.
            store.revoke(&grant_id);
            return Err(OAuthError::invalid_grant(
                "The code was used before. A code works once; the tokens that it gave are revoked.",
            ));
        }
        // One attempt, right or wrong: a stolen code leaves no room for guessing the verifier.
        held.is_used = true;
        let held = held.clone();
        if now >= held.issued + CODE_LIFETIME {
            return Err(OAuthError::invalid_grant(
                "The code is older than 60 seconds.",
            ));
        }
        if held.redirect_uri != redirect_uri {
            return Err(OAuthError::invalid_grant(
                "The redirect_uri is not the one of the authorization request.",
            ));
        }
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        if verify_slices_are_equal(challenge.as_bytes(), held.code_challenge.as_bytes()).is_err() {
            return Err(OAuthError::invalid_grant(
                "The code_verifier does not belong to the code_challenge.",
            ));
        }
        let grant = store
            .grants
            .get(&grant_id)
            .filter(|grant| !grant.is_revoked)
            .cloned();
        (
            grant_id,
            grant.ok_or_else(|| OAuthError::invalid_grant("The code was revoked."))?,
        )
    };
    let issue = Issue { jkt, renewed: None };
    Ok(Value::Object(token_response(
        state, provider, &grant_id, &grant, issue,
    )))
}

fn refresh(
    state: &State,
    provider: &Provider,
    client: &Arc<Client>,
    params: &Params,
    jkt: Option<&str>,
) -> Result<Value, OAuthError> {
    let token = params.required("refresh_token")?;
    if state.faults.take(Fault::RenewalServerError) {
        return Err(OAuthError::new(
            "server_error",
            "A fault: the provider failed.",
        ));
    }
    if state.faults.take(Fault::RenewalRefused) {
        return Err(OAuthError::invalid_grant(
            "A fault: the refresh_token is refused.",
        ));
    }
    if !client.may_refresh(jkt.is_some()) {
        return Err(if client.may_refresh(true) {
            invalid_proof("The client can use refresh tokens with a DPoP proof only.")
        } else {
            OAuthError::new(
                "unauthorized_client",
                "A client without authentication cannot use refresh tokens here.",
            )
        });
    }
    let now = state.clock.now();
    let key = fingerprint(token);
    let (grant_id, grant) = {
        let mut store = provider.store();
        let held = store.refresh_tokens.get(&key).cloned();
        let unknown = || OAuthError::invalid_grant("The refresh_token is unknown.");
        let held = held.ok_or_else(unknown)?;
        let mut grant = store.grants.get(&held.grant).cloned().ok_or_else(unknown)?;
        if grant.client.client_id != client.client_id {
            return Err(OAuthError::invalid_grant(
                "The refresh_token was given to another client.",
            ));
        }
        if grant.is_revoked {
            return Err(OAuthError::invalid_grant("The authorization was revoked."));
        }
        // Before it counts as used: whoever has the token alone can neither use nor spoil it.
        match (held.jkt.as_deref(), jkt) {
            (Some(_), None) => {
                return Err(invalid_proof(
                    "The refresh_token is bound to a key, and the header DPoP is missing.",
                ));
            }
            (Some(bound_to), Some(jkt)) if bound_to != jkt => {
                return Err(OAuthError::invalid_grant(
                    "The refresh_token is bound to another key than the one of the proof.",
                ));
            }
            _ => {}
        }
        let is_single_use = client.refresh_token_usage == RefreshTokenUsage::Onetime;
        if held.is_used && is_single_use {
            store.revoke(&held.grant);
            return Err(OAuthError::invalid_grant(
                "The refresh_token was used before. It works once; the authorization is revoked.",
            ));
        }
        if now >= held.issued + client.refresh_token_lifetime
            || now >= grant.granted + client.authorization_lifetime
        {
            return Err(OAuthError::invalid_grant("The refresh_token has expired."));
        }
        if let Some(scope) = params.one("scope")? {
            grant.scope = narrowed(&grant.scope, scope)?;
        }
        // Under the same lock as the check: of two requests at once only one gets through.
        if let Some(held) = store.refresh_tokens.get_mut(&key) {
            if is_single_use {
                held.is_used = true;
            } else {
                // Its lifetime is that of lying unused.
                held.issued = now;
            }
        }
        (held.grant, grant)
    };
    let issue = Issue {
        jkt,
        renewed: Some(token),
    };
    Ok(Value::Object(token_response(
        state, provider, &grant_id, &grant, issue,
    )))
}

/// RFC 6749 §6: what is asked for must be part of what was granted.
fn narrowed(granted: &[String], asked: &str) -> Result<Vec<String>, OAuthError> {
    asked
        .split(' ')
        .filter(|name| !name.is_empty())
        .map(|name| {
            granted
                .iter()
                .find(|scope| *scope == name)
                .cloned()
                .ok_or_else(|| {
                    OAuthError::new(
                        "invalid_scope",
                        format!("The scope {} was not granted.", shown(name)),
                    )
                })
        })
        .collect()
}

/// RFC 7636 §4.1.
fn check_verifier(verifier: &str) -> Result<(), OAuthError> {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved) {
        return Ok(());
    }
    Err(OAuthError::invalid_request(
        "The code_verifier must have 43-128 characters of A-Z a-z 0-9 - . _ ~.",
    ))
}

fn send(state: &State, body: Value, note: String) -> Response {
    let mut note = note;
    let mut response = if state.faults.take(Fault::TokenResponseMalformed) {
        note = "A fault: the JSON is cut off.".to_owned();
        let text = body.to_string();
        let half = text
            .char_indices()
            .nth(text.chars().count() / 2)
            .map_or(0, |(at, _)| at);
        json_text(text[..half].to_owned())
    } else if state.faults.take(Fault::TokenResponseTooLarge) {
        note = "A fault: four megabytes.".to_owned();
        let mut body = body;
        body["padding"] = "x".repeat(4 * 1024 * 1024).into();
        json_text(body.to_string())
    } else {
        Json(body).into_response()
    };
    response.extensions_mut().insert(Note(note));
    no_store(response)
}

fn json_text(text: String) -> Response {
    let json = HeaderValue::from_static("application/json");
    (StatusCode::OK, [(header::CONTENT_TYPE, json)], text).into_response()
}
