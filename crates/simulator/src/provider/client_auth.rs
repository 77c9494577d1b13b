//! Client authentication (RFC 6749 §2.3.1): the registered method and no other.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::clients::{AuthMethod, Client};
use crate::provider_name::ProviderName;
use crate::state::State;

use super::error::OAuthError;
use super::params::{Params, shown};

/// What a request brought along to authenticate with.
struct Presented {
    client_id: String,
    method: AuthMethod,
    secret: String,
}

/// The client of a request to the token, revocation or PAR endpoint.
///
/// # Errors
/// `invalid_client` if it is unknown, uses another method than it is registered with, or the secret is
/// wrong; `invalid_request` if it authenticates in two ways.
pub(crate) fn authenticate(
    state: &State,
    provider: ProviderName,
    headers: &HeaderMap,
    params: &Params,
) -> Result<Arc<Client>, OAuthError> {
    let presented = read(headers, params)?;
    let client = state
        .clients
        .find(provider, &presented.client_id)
        .ok_or_else(|| {
            OAuthError::invalid_client(format!(
                "The client {} is not registered at {}.",
                shown(&presented.client_id),
                provider.display()
            ))
        })?;
    let registered = client.token_endpoint_auth_method;
    if presented.method != registered {
        return Err(OAuthError::invalid_client(format!(
            "The client used {}, but is registered with {}.",
            presented.method.as_str(),
            registered.as_str()
        )));
    }
    if let Some(secret) = &client.client_secret
        && !secret.matches(&presented.secret)
    {
        return Err(OAuthError::invalid_client("The client_secret is wrong."));
    }
    Ok(client)
}

fn read(headers: &HeaderMap, params: &Params) -> Result<Presented, OAuthError> {
    if params.one("client_assertion")?.is_some() {
        return Err(OAuthError::invalid_client(
            "private_key_jwt is not part of the simulator; register the client with a secret or with none.",
        ));
    }
    let in_form = params.one("client_id")?;
    let secret = params.one("client_secret")?;
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        if secret.is_some() {
            return Err(OAuthError::invalid_request(
                "The client authenticates twice: in the header and in the form.",
            ));
        }
        let (client_id, secret) = value.to_str().ok().and_then(basic).ok_or_else(|| {
            OAuthError::invalid_client(
                "The Authorization header is not Basic with client_id and client_secret.",
            )
        })?;
        if in_form.is_some_and(|in_form| in_form != client_id) {
            return Err(OAuthError::invalid_request(
                "The client_id of the form is not the one of the header.",
            ));
        }
        return Ok(Presented {
            client_id,
            method: AuthMethod::ClientSecretBasic,
            secret,
        });
    }
    let client_id = in_form
        .ok_or_else(|| OAuthError::invalid_request("The parameter client_id is missing."))?
        .to_owned();
    Ok(match secret {
        Some(secret) => Presented {
            client_id,
            method: AuthMethod::ClientSecretPost,
            secret: secret.to_owned(),
        },
        None => Presented {
            client_id,
            method: AuthMethod::None,
            secret: String::new(),
        },
    })
}

/// Both parts are form-encoded inside the base64.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    let decode = |text: &str| {
        form_urlencoded::parse(text.as_bytes())
            .next()
            .map(|(text, _)| text.into_owned())
            .unwrap_or_default()
    };
    Some((decode(client_id), decode(secret)))
}
