//! The authorization request (OIDC Core §3.1.2.1, RFC 6749 §4.1.1, RFC 7636, RFC 9396), checked.

mod hint;

use std::sync::Arc;

use crate::clients::{Client, is_scope};
use crate::eid::{Acr, Level};
use crate::locale::Locale;
use crate::provider_name::ProviderName;
use crate::state::State;

pub(crate) use self::hint::Headless;
use super::error::OAuthError;
use super::params::{Params, shown};
use super::rar::RarRequest;

/// The longest `state` and `nonce`, in bytes; longer ones would not survive every browser and proxy.
const MAX_OPAQUE: usize = 2_000;

/// A request that may be answered.
#[derive(Debug)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client: Arc<Client>,
    pub(crate) reply: ReplyTo,
    pub(crate) scope: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: String,
    /// The levels and eIDs of which one is enough; never empty.
    pub(crate) acr_values: Vec<Acr>,
    pub(crate) prompt: Prompt,
    pub(crate) max_age: Option<u64>,
    pub(crate) locale: Option<Locale>,
    pub(crate) headless: Option<Headless>,
    pub(crate) representation: Option<RarRequest>,
    pub(crate) resource: Vec<String>,
}

/// Where and how the answer goes.
#[derive(Clone, Debug)]
pub(crate) struct ReplyTo {
    pub(crate) redirect_uri: String,
    pub(crate) response_mode: ResponseMode,
    pub(crate) state: Option<String>,
}

/// How the answer travels.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// Whether the person may or must be asked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Prompt {
    /// No page may be shown.
    pub(crate) none: bool,
    /// The person must sign in again.
    pub(crate) login: bool,
}

/// Why a request is refused, and where the refusal goes.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// To the person: the application is unknown, or it is not safe to send anything there.
    Page(OAuthError),
    /// To the application.
    Redirect(ReplyTo, OAuthError),
}

impl AuthorizationRequest {
    /// Checks the parameters in the order in which the service can trust them: first the client and
    /// its redirect URI, then the rest.
    pub(crate) fn check(
        params: &Params,
        provider: ProviderName,
        state: &State,
    ) -> Result<Self, Refusal> {
        let (client, redirect_uri) =
            check_client(params, provider, state).map_err(Refusal::Page)?;
        let mut reply = ReplyTo {
            redirect_uri,
            response_mode: ResponseMode::Query,
            state: None,
        };
        // What the reply needs comes first, so that later errors carry it.
        if let Ok(Some(mode)) = params
            .one("response_mode")
            .map(|mode| mode.and_then(ResponseMode::parse))
        {
            reply.response_mode = mode;
        }
        if let Ok(Some(text)) = params.one("state")
            && is_opaque(text)
        {
            reply.state = Some(text.to_owned());
        }
        Self::check_rest(params, provider, state, client, reply.clone())
            .map_err(|error| Refusal::Redirect(reply, error))
    }

    fn check_rest(
        params: &Params,
        provider: ProviderName,
        state: &State,
        client: Arc<Client>,
        reply: ReplyTo,
    ) -> Result<Self, OAuthError> {
        check_response_type(params)?;
        check_opaque(params.required("state")?, "state")?;
        let scope = parse_scope(params.required("scope")?, &client)?;
        let code_challenge = parse_challenge(params)?;
        let nonce = params.one("nonce")?;
        if scope.iter().any(|scope| scope == "openid") && nonce.is_none() {
            return Err(OAuthError::invalid_request(
                "The parameter nonce is missing; it is required with openid.",
            ));
        }
        if let Some(nonce) = nonce {
            check_opaque(nonce, "nonce")?;
        }
        let acr_values = parse_acr_values(params, provider)?;
        let headless = match params.one("login_hint")? {
            Some(hint) => Headless::parse(hint, provider, &state.world(), &acr_values)?,
            None => None,
        };
        Ok(Self {
            scope,
            nonce: nonce.map(str::to_owned),
            code_challenge,
            prompt: parse_prompt(params)?,
            max_age: parse_max_age(params)?,
            locale: params.one("ui_locales")?.and_then(Locale::of_list),
            representation: parse_representation(params, provider, state)?,
            resource: parse_resource(params)?,
            acr_values,
            headless,
            client,
            reply,
        })
    }

    /// Whether the client shares no login with others.
    pub(crate) fn is_isolated(&self, provider: ProviderName) -> bool {
        provider == ProviderName::Ansattporten || self.client.sso_disabled
    }

    /// Whether a level is good enough.
    pub(crate) fn accepts(&self, acr: Acr) -> bool {
        self.acr_values.iter().any(|&asked| acr.satisfies(asked))
    }
}

impl ResponseMode {
    /// The modes in the metadata.
    pub(crate) const SUPPORTED: [&'static str; 2] = ["query", "form_post"];

    fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

fn check_client(
    params: &Params,
    provider: ProviderName,
    state: &State,
) -> Result<(Arc<Client>, String), OAuthError> {
    let client_id = params.required("client_id")?;
    let client = state.clients.find(provider, client_id).ok_or_else(|| {
        OAuthError::invalid_client(format!(
            "The client {} is not registered at {}. Register it on the simulator's control page or with --client-id.",
            shown(client_id),
            provider.display()
        ))
    })?;
    let redirect_uri = params.required("redirect_uri")?;
    if !client.has_redirect_uri(redirect_uri) {
        return Err(OAuthError::invalid_request(format!(
            "The redirect_uri {} is not registered for the client. It is compared character by character with: {}.",
            shown(redirect_uri),
            client.redirect_uris.join(" and ")
        )));
    }
    Ok((client, redirect_uri.to_owned()))
}

fn check_response_type(params: &Params) -> Result<(), OAuthError> {
    if params.one("request")?.is_some() {
        return Err(OAuthError::new(
            "request_not_supported",
            "Signed request objects are not part of the simulator; send the parameters themselves, or use PAR.",
        ));
    }
    match params.required("response_type")? {
        "code" => {}
        other => {
            return Err(OAuthError::new(
                "unsupported_response_type",
                format!(
                    "The response_type {} is not supported; use code.",
                    shown(other)
                ),
            ));
        }
    }
    match params.one("response_mode")? {
        Some(mode) if ResponseMode::parse(mode).is_none() => {
            Err(OAuthError::invalid_request(format!(
                "The response_mode {} is not supported; use query or form_post.",
                shown(mode)
            )))
        }
        _ => Ok(()),
    }
}

fn parse_scope(text: &str, client: &Client) -> Result<Vec<String>, OAuthError> {
    let invalid = |description: String| OAuthError::new("invalid_scope", description);
    let mut scope: Vec<String> = Vec::new();
    for name in text.split(' ').filter(|name| !name.is_empty()) {
        if !is_scope(name) {
            return Err(invalid(
                "A scope is made of printable ASCII without quote and backslash.".to_owned(),
            ));
        }
        if !client.scopes.iter().any(|registered| registered == name) {
            return Err(invalid(format!(
                "The scope {} is not registered for the client, which has: {}.",
                shown(name),
                client.scopes.join(" ")
            )));
        }
        if !scope.iter().any(|other| other == name) {
            scope.push(name.to_owned());
        }
    }
    if scope.is_empty() {
        return Err(invalid(
            "The scope names nothing; openid gives an id_token.".to_owned(),
        ));
    }
    Ok(scope)
}

/// RFC 7636 §4.3; the challenge is a SHA-256 hash, so it always has 43 characters.
fn parse_challenge(params: &Params) -> Result<String, OAuthError> {
    let Some(challenge) = params.one("code_challenge")? else {
        return Err(OAuthError::invalid_request(
            "The parameter code_challenge is missing; PKCE is required.",
        ));
    };
    match params.one("code_challenge_method")? {
        Some("S256") => {}
        Some(_) => {
            return Err(OAuthError::invalid_request(
                "The code_challenge_method must be S256.",
            ));
        }
        None => {
            return Err(OAuthError::invalid_request(
                "The parameter code_challenge_method is missing, which would mean plain; it must be S256.",
            ));
        }
    }
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(is_base64url) {
        return Err(OAuthError::invalid_request(
            "The code_challenge must be the SHA-256 hash of the verifier as base64url without padding, 43 characters.",
        ));
    }
    Ok(challenge.to_owned())
}

fn parse_acr_values(params: &Params, provider: ProviderName) -> Result<Vec<Acr>, OAuthError> {
    let Some(text) = params.one("acr_values")? else {
        return Ok(vec![Acr::National(Level::Substantial)]);
    };
    let mut values = Vec::new();
    for name in text.split(' ').filter(|name| !name.is_empty()) {
        let acr = Acr::parse(provider, name).ok_or_else(|| {
            let known: Vec<_> = Acr::supported(provider).map(|(_, name)| name).collect();
            OAuthError::invalid_request(format!(
                "The acr_values name {}, which {} does not know; it knows {}.",
                shown(name),
                provider.display(),
                known.join(", ")
            ))
        })?;
        values.push(acr);
    }
    if values.is_empty() {
        return Err(OAuthError::invalid_request(
            "The acr_values name nothing; leave the parameter out.",
        ));
    }
    Ok(values)
}

fn parse_prompt(params: &Params) -> Result<Prompt, OAuthError> {
    let mut prompt = Prompt::default();
    let Some(text) = params.one("prompt")? else {
        return Ok(prompt);
    };
    let values: Vec<&str> = text.split(' ').filter(|value| !value.is_empty()).collect();
    for value in &values {
        match *value {
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            // Sent by applications in production and without effect.
            "consent" | "select_account" => {}
            other => {
                return Err(OAuthError::invalid_request(format!(
                    "The prompt {} is unknown; use login or none.",
                    shown(other)
                )));
            }
        }
    }
    if prompt.none && values.len() > 1 {
        return Err(OAuthError::invalid_request(
            "The prompt none cannot be combined with others.",
        ));
    }
    Ok(prompt)
}

fn parse_max_age(params: &Params) -> Result<Option<u64>, OAuthError> {
    let Some(text) = params.one("max_age")? else {
        return Ok(None);
    };
    let is_number = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if is_number => Ok(Some(seconds)),
        _ => Err(OAuthError::invalid_request(
            "The max_age must be a whole number of seconds.",
        )),
    }
}

fn parse_representation(
    params: &Params,
    provider: ProviderName,
    state: &State,
) -> Result<Option<RarRequest>, OAuthError> {
    let Some(text) = params.one("authorization_details")? else {
        return Ok(None);
    };
    RarRequest::parse(text, provider, state.settings().rar_profile, &state.world())
}

/// RFC 8707 §2: absolute URIs without a fragment.
fn parse_resource(params: &Params) -> Result<Vec<String>, OAuthError> {
    params
        .many("resource")
        .map(|resource| {
            let has_scheme = resource.split_once(':').is_some_and(|(scheme, rest)| {
                !rest.is_empty()
                    && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                    && scheme
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            });
            if has_scheme && is_opaque(resource) && !resource.contains([' ', '#']) {
                Ok(resource.to_owned())
            } else {
                Err(OAuthError::new(
                    "invalid_target",
                    "A resource must be an absolute URI without a fragment.",
                ))
            }
        })
        .collect()
}

fn check_opaque(text: &str, name: &str) -> Result<(), OAuthError> {
    if is_opaque(text) {
        return Ok(());
    }
    Err(OAuthError::invalid_request(format!(
        "The parameter {name} must be printable ASCII, at most {MAX_OPAQUE} characters."
    )))
}

/// Digdir's rule for `state`: `^[\x20-\x7E]+$`.
fn is_opaque(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_OPAQUE
        && text.bytes().all(|byte| matches!(byte, 0x20..=0x7E))
}
