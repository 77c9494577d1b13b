//! What the application says once.

use portvakt_digdir::Service;
use portvakt_digdir::login::Client;
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
}

impl AuthConfig {
    /// A configuration without origins.
    #[must_use]
    pub fn new(clients: Vec<Client>, home: ReturnPath) -> Self {
        Self {
            clients,
            token_origins: Vec::new(),
            home,
        }
    }

    pub(super) fn client(&self, service: Service) -> Result<&Client, BrowserError> {
        self.clients
            .iter()
            .find(|client| client.service() == service)
            .ok_or(BrowserError::ServiceUnknown)
    }
}
