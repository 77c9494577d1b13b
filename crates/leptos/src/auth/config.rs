//! What the application says once.

use portvakt_digdir::Service;
use portvakt_digdir::login::Client;
use portvakt_digdir::session::Limits;
use portvakt_oidc::ReturnPath;

use crate::BrowserError;

/// How the application is registered, and where its access tokens may go.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthConfig {
    /// The registrations, at most one for each service.
    pub clients: Vec<Client>,
    /// The origins, such as `https://platform.altinn.no`, that an access token may be sent to, and no other.
    /// Default: none.
    pub token_origins: Vec<String>,
    /// The page that people come back to when nothing else was asked for.
    pub home: ReturnPath,
    /// Whether sessions are kept, sealed, so that a reload and other tabs find them. Default: true. Without it each
    /// page has a session of its own, in memory, and a reload signs out locally.
    pub is_kept: bool,
    /// Whether tokens are bound to a key of the browser where the provider does that (DPoP, RFC 9449). Default:
    /// true. APIs that know bearer tokens alone, such as Dialogporten, need false.
    pub dpop: bool,
    /// How long sessions last. Default: as long as the providers allow.
    pub limits: Limits,
    /// The path of the application's own logout endpoint, from which the tabs hear of a logout elsewhere. Default:
    /// none, and then they find out when a renewal is refused, or by the limits.
    pub logout_events: Option<ReturnPath>,
}

impl AuthConfig {
    /// A configuration without origins and without a logout endpoint.
    #[must_use]
    pub fn new(clients: Vec<Client>, home: ReturnPath) -> Self {
        Self {
            clients,
            token_origins: Vec::new(),
            home,
            is_kept: true,
            dpop: true,
            limits: Limits::default(),
            logout_events: None,
        }
    }

    pub(super) fn client(&self, service: Service) -> Result<&Client, BrowserError> {
        self.clients
            .iter()
            .find(|client| client.service() == service)
            .ok_or(BrowserError::ServiceUnknown)
    }
}
