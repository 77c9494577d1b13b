//! An OpenID provider: Ansattporten or ID-porten.

use axum::Router;

use crate::keys::KeyRing;
use crate::origins::Origins;
use crate::provider_name::ProviderName;
use crate::state::Shared;

/// One provider.
#[derive(Debug)]
pub(crate) struct Provider {
    name: ProviderName,
    issuer: String,
    keys: KeyRing,
}

impl Provider {
    pub(crate) fn new(name: ProviderName, origins: Origins, keys: KeyRing) -> Self {
        Self {
            name,
            issuer: origins.issuer(name),
            keys,
        }
    }

    /// The issuer, exactly as in tokens.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn keys(&self) -> &KeyRing {
        &self.keys
    }

    pub(crate) fn forget_everything(&self) {}
}

pub(crate) fn issuer_router(state: &Shared, _name: ProviderName) -> Router {
    Router::new().with_state(state.clone())
}

pub(crate) fn login_router(state: &Shared, _name: ProviderName) -> Router {
    Router::new().with_state(state.clone())
}
