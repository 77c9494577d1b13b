//! The applications that the providers know, as Digdir's self-service registers them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::{Deserialize, Serialize};

use crate::origins::is_loopback;
use crate::provider_name::ProviderName;
use crate::world::OrganisationNumber;

/// How many clients a simulator holds.
pub const MAX_CLIENTS: usize = 1_000;

/// The longest registered URI, in bytes.
const MAX_URI: usize = 2_000;

/// A registered application (OpenID Connect Dynamic Client Registration §2, with Digdir's members).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Client {
    /// The identifier of the application.
    pub client_id: String,
    /// The provider that knows it; both when absent.
    #[serde(default)]
    pub provider: Option<ProviderName>,
    /// The name on the pages; the `client_id` when absent.
    #[serde(default)]
    pub client_name: Option<String>,
    /// Where *back to the service* leads on the pages.
    #[serde(default)]
    pub client_uri: Option<String>,
    /// Compared character by character; `http://127.0.0.1:0/…` stands for any port (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// Compared character by character.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// How it authenticates at the token endpoint; nothing else is accepted.
    #[serde(default)]
    pub token_endpoint_auth_method: AuthMethod,
    /// The secret of a confidential client.
    #[serde(default, skip_serializing)]
    pub client_secret: Option<Secret>,
    /// The grants that it may use; `authorization_code` alone when absent.
    #[serde(default = "code_only")]
    pub grant_types: Vec<GrantType>,
    /// The scopes that it may ask for; `openid profile` when absent.
    #[serde(default = "login_scopes")]
    pub scopes: Vec<String>,
    /// The organisation that owns the client, `consumer` in access tokens.
    #[serde(default = "owner")]
    pub client_orgno: OrganisationNumber,
    /// Loaded in a hidden frame when the person signs out anywhere.
    #[serde(default)]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether `iss` and `sid` are added to that address; without it no token has a `sid`.
    #[serde(default)]
    pub frontchannel_logout_session_required: bool,
    /// Where a logout token is posted when the person signs out anywhere; tokens have a `sid` then.
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// No single sign-on with other clients; always so at Ansattporten.
    #[serde(default)]
    pub sso_disabled: bool,
    /// What its access tokens are; the real services have it by scope.
    #[serde(default)]
    pub access_token_type: AccessTokenType,
    /// Seconds that an access token is valid.
    #[serde(default = "access_token_lifetime")]
    pub access_token_lifetime: u64,
    /// Seconds that a refresh token may lie unused.
    #[serde(default = "refresh_token_lifetime")]
    pub refresh_token_lifetime: u64,
    /// Seconds that an authorization can be renewed.
    #[serde(default = "authorization_lifetime")]
    pub authorization_lifetime: u64,
    /// Whether a refresh token can be used once or often.
    #[serde(default)]
    pub refresh_token_usage: RefreshTokenUsage,
    /// Whether a client that does not authenticate gets refresh tokens; Digdir's own pages disagree.
    #[serde(default)]
    pub public_refresh: PublicRefresh,
}

/// How a client authenticates at the token endpoint.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// Not at all: a browser or native application.
    #[default]
    None,
    /// `Authorization: Basic`.
    ClientSecretBasic,
    /// `client_secret` in the form.
    ClientSecretPost,
}

impl AuthMethod {
    /// The registered name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }
}

/// What a client may send to the token endpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
}

/// How often a refresh token can be used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefreshTokenUsage {
    /// Once; each answer brings a new one, and a second use ends the authorization.
    #[default]
    Onetime,
    /// Until it expires.
    Reuse,
}

/// What an access token is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccessTokenType {
    /// A signed JWT.
    #[default]
    SelfContained,
    /// A random name for what the provider remembers.
    Opaque,
}

/// Whether a client without authentication (`none`) can use refresh tokens.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicRefresh {
    /// Yes, and they are bound to the key of a DPoP proof where one came.
    #[default]
    Allowed,
    /// Only with DPoP, as the page about DPoP has it.
    WithDpop,
    /// No, as the page about the token endpoint has it.
    Denied,
}

/// A client secret; never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the secret.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(crate) fn matches(&self, candidate: &str) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), candidate.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Client {
    /// A public client (a browser application) with the scopes `openid profile`, at both providers.
    #[must_use]
    pub fn public(client_id: impl Into<String>, redirect_uri: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            provider: None,
            client_name: None,
            client_uri: None,
            redirect_uris: vec![redirect_uri.into()],
            post_logout_redirect_uris: Vec::new(),
            token_endpoint_auth_method: AuthMethod::None,
            client_secret: None,
            grant_types: code_only(),
            scopes: login_scopes(),
            client_orgno: owner(),
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            backchannel_logout_uri: None,
            sso_disabled: false,
            access_token_type: AccessTokenType::SelfContained,
            access_token_lifetime: access_token_lifetime(),
            refresh_token_lifetime: refresh_token_lifetime(),
            authorization_lifetime: authorization_lifetime(),
            refresh_token_usage: RefreshTokenUsage::Onetime,
            public_refresh: PublicRefresh::Allowed,
        }
    }

    /// The name that people see.
    pub(crate) fn display_name(&self) -> &str {
        self.client_name.as_deref().unwrap_or(&self.client_id)
    }

    pub(crate) fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    /// Whether it does not authenticate, as every browser application.
    pub(crate) fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == AuthMethod::None
    }

    /// Whether it can have a refresh token for a request with or without a DPoP proof.
    pub(crate) fn may_refresh(&self, is_proven: bool) -> bool {
        let is_permitted = match self.public_refresh {
            PublicRefresh::Allowed => true,
            PublicRefresh::WithDpop => is_proven,
            PublicRefresh::Denied => false,
        };
        self.may_use(GrantType::RefreshToken) && (is_permitted || !self.is_public())
    }

    /// Whether its tokens name the session.
    ///
    /// Source: Digdir, *Back-channel logout*: a `backchannel_logout_uri` sets it by itself.
    pub(crate) fn has_sid(&self) -> bool {
        self.frontchannel_logout_session_required || self.backchannel_logout_uri.is_some()
    }

    /// Whether a redirect URI is registered (RFC 9700 §2.1: exact comparison; RFC 8252 §7.3: any port
    /// where port 0 of a loopback address is registered).
    pub(crate) fn has_redirect_uri(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| {
            if registered == uri {
                return true;
            }
            let Some(path) = registered.strip_prefix("http://127.0.0.1:0/") else {
                return false;
            };
            let rest = uri
                .strip_prefix("http://127.0.0.1:")
                .and_then(|rest| rest.split_once('/'));
            rest.is_some_and(|(port, rest)| {
                port.parse::<u16>().is_ok_and(|port| port > 0) && rest == path
            })
        })
    }

    /// Checks what the self-service would check.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn check(&self) -> Result<(), ClientError> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:~".contains(&byte);
        if self.client_id.is_empty()
            || self.client_id.len() > 100
            || !self.client_id.bytes().all(is_id)
        {
            return Err(ClientError(
                "A client_id is made of 1-100 letters, digits and -_.:~.",
            ));
        }
        if self.redirect_uris.is_empty() {
            return Err(ClientError("A client needs at least one redirect URI."));
        }
        let uris = self
            .redirect_uris
            .iter()
            .chain(&self.post_logout_redirect_uris);
        for uri in uris
            .chain(&self.frontchannel_logout_uri)
            .chain(&self.backchannel_logout_uri)
            .chain(&self.client_uri)
        {
            check_uri(uri)?;
        }
        match (self.token_endpoint_auth_method, &self.client_secret) {
            (AuthMethod::None, Some(_)) => {
                return Err(ClientError("A public client (none) has no secret."));
            }
            (AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost, None) => {
                return Err(ClientError("A confidential client needs a client_secret."));
            }
            _ => {}
        }
        let host = |uri: &str| {
            origin_of(uri)
                .and_then(|origin| origin.rsplit_once(':').map(|(host, _)| host.to_owned()))
        };
        for (logout, sentence) in [
            (
                &self.frontchannel_logout_uri,
                "The frontchannel_logout_uri must be on the domain of a redirect URI.",
            ),
            (
                &self.backchannel_logout_uri,
                "The backchannel_logout_uri must be on the domain of a redirect URI.",
            ),
        ] {
            if let Some(logout) = logout
                && !self
                    .redirect_uris
                    .iter()
                    .any(|uri| host(uri) == host(logout))
            {
                return Err(ClientError(sentence));
            }
        }
        if self.scopes.iter().any(|scope| !is_scope(scope)) {
            return Err(ClientError(
                "A scope is made of printable ASCII without space, quote and backslash.",
            ));
        }
        // A day bounds them all, so that times stay far from overflow.
        let lifetimes = [
            self.access_token_lifetime,
            self.refresh_token_lifetime,
            self.authorization_lifetime,
        ];
        if lifetimes
            .iter()
            .any(|seconds| !(1..=86_400).contains(seconds))
        {
            return Err(ClientError("A lifetime is between 1 and 86400 seconds."));
        }
        Ok(())
    }
}

/// What is wrong with a client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientError(&'static str);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for ClientError {}

/// The registered clients.
#[derive(Debug, Default)]
pub(crate) struct Clients(RwLock<BTreeMap<(ProviderName, String), Arc<Client>>>);

impl Clients {
    /// Adds or replaces a client at the provider that it names, or at both.
    pub(crate) fn register(&self, client: Client) -> Result<(), ClientError> {
        client.check()?;
        let mut clients = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= 2 * MAX_CLIENTS {
            return Err(ClientError(
                "There are too many clients; remove some first.",
            ));
        }
        let client = Arc::new(client);
        for provider in ProviderName::ALL {
            if client.provider.is_none_or(|only| only == provider) {
                clients.insert((provider, client.client_id.clone()), Arc::clone(&client));
            }
        }
        Ok(())
    }

    pub(crate) fn find(&self, provider: ProviderName, client_id: &str) -> Option<Arc<Client>> {
        let clients = self.0.read().unwrap_or_else(PoisonError::into_inner);
        clients.get(&(provider, client_id.to_owned())).cloned()
    }

    /// Removes a client everywhere; tells whether there was one.
    pub(crate) fn remove(&self, client_id: &str) -> bool {
        let mut clients = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = clients.len();
        clients.retain(|(_, id), _| id != client_id);
        clients.len() < before
    }

    pub(crate) fn all(&self) -> Vec<(ProviderName, Arc<Client>)> {
        let clients = self.0.read().unwrap_or_else(PoisonError::into_inner);
        clients
            .iter()
            .map(|((provider, _), client)| (*provider, Arc::clone(client)))
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// The origin of an absolute URI with its port, `https://example.org:443`.
pub(crate) fn origin_of(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let authority = rest
        .split(['/', '?', '#'])
        .next()
        .filter(|authority| !authority.is_empty())?;
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = match (has_port, scheme) {
        (true, _) => "",
        (false, "http") => ":80",
        (false, _) => ":443",
    };
    Some(format!("{scheme}://{authority}{port}"))
}

/// Whether a text is a scope token (RFC 6749 §3.3).
pub(crate) fn is_scope(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// Registered URIs are https, or http on this machine, as in the test environments.
fn check_uri(uri: &str) -> Result<(), ClientError> {
    if uri.len() > MAX_URI
        || !uri.bytes().all(|byte| matches!(byte, 0x21..=0x7E))
        || uri.contains(['"', '\'', '<', '>', '\\', ';', ','])
    {
        return Err(ClientError(
            "A registered URI is printable ASCII without space, quotes, comma and semicolon.",
        ));
    }
    if uri.contains('#') || uri.contains('*') {
        return Err(ClientError(
            "A registered URI has neither a fragment nor a wildcard.",
        ));
    }
    let Some((scheme, rest)) = uri.split_once("://") else {
        return Err(ClientError("A registered URI is absolute."));
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    if host.is_empty() || authority.contains('@') {
        return Err(ClientError("A registered URI has a host and no user name."));
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        _ => Err(ClientError(
            "A registered URI is https, or http on localhost or 127.0.0.1.",
        )),
    }
}

fn code_only() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode]
}

fn login_scopes() -> Vec<String> {
    vec!["openid".to_owned(), "profile".to_owned()]
}

fn owner() -> OrganisationNumber {
    OrganisationNumber::parse("310000019").expect("the number is synthetic")
}

fn access_token_lifetime() -> u64 {
    120
}

fn refresh_token_lifetime() -> u64 {
    600
}

fn authorization_lifetime() -> u64 {
    7_200
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris_are_compared_character_by_character() {
        let client = Client::public("app", "http://localhost:8080/callback");
        assert!(client.has_redirect_uri("http://localhost:8080/callback"));
        for other in [
            "http://localhost:8080/callback/",
            "http://localhost:8080/callback?a=b",
            "http://LOCALHOST:8080/callback",
        ] {
            assert!(!client.has_redirect_uri(other), "{other}");
        }
    }

    #[test]
    fn port_zero_of_a_loopback_address_stands_for_any_port() {
        let client = Client::public("app", "http://127.0.0.1:0/callback");
        assert!(client.has_redirect_uri("http://127.0.0.1:49152/callback"));
        for other in [
            "http://127.0.0.1:x/callback",
            "http://127.0.0.1:1/other",
            "http://127.0.0.1:1@evil.example/callback",
        ] {
            assert!(!client.has_redirect_uri(other), "{other}");
        }
    }

    #[test]
    fn uris_that_the_self_service_refuses_are_refused() {
        for uri in [
            "http://example.org/cb",
            "/callback",
            "https://example.org/cb#x",
            "https://*.example.org/cb",
            "javascript://localhost/%0aalert(1)",
            "https://user@example.org/",
            "https://example.org/a b",
            "https://",
        ] {
            assert!(Client::public("app", uri).check().is_err(), "{uri}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let client = Client {
            client_secret: Some(Secret::new("hemmelig")),
            ..Client::public("app", "https://a.example/")
        };
        assert!(!format!("{client:?}").contains("hemmelig"));
        assert!(!serde_json::to_string(&client).unwrap().contains("hemmelig"));
    }
}
