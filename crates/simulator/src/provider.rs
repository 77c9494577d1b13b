//! An OpenID provider: Ansattporten or ID-porten.
//!
//! What the two share is nearly everything: they differ in their levels, in the types of
//! `authorization_details` and in how far a login is shared between applications.

mod authorize;
mod client_auth;
mod cookies;
mod endpoints;
mod error;
mod interaction;
mod logout;
mod logout_token;
mod pages;
mod params;
mod rar;
mod request;
mod response;
mod sessions;
mod store;
mod token;
mod tokens;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use crate::cors::{self, Endpoint};
use crate::keys::KeyRing;
use crate::origins::{Origin, Origins};
use crate::provider_name::ProviderName;
use crate::state::Shared;
use crate::unanswered::Unanswered;

use self::store::Store;

/// One provider.
#[derive(Debug)]
pub(crate) struct Provider {
    name: ProviderName,
    issuer: String,
    login_port: u16,
    keys: KeyRing,
    store: Mutex<Store>,
}

/// A session as the control page shows it.
#[derive(Clone, Debug)]
pub(crate) struct SessionSummary {
    pub(crate) started: u64,
    pub(crate) last_active: u64,
    pub(crate) ends: u64,
    /// Masked person, level, login time, and the client that alone may use the login.
    pub(crate) logins: Vec<LoginSummary>,
    pub(crate) clients: Vec<String>,
}

/// A login as the control page shows it.
#[derive(Clone, Debug)]
pub(crate) struct LoginSummary {
    pub(crate) pid: String,
    pub(crate) acr: &'static str,
    pub(crate) auth_time: u64,
    pub(crate) only_for: Option<String>,
}

impl Provider {
    pub(crate) fn new(name: ProviderName, origins: Origins, keys: KeyRing) -> Self {
        let login = match name {
            ProviderName::Ansattporten => Origin::AnsattportenLogin,
            ProviderName::Idporten => Origin::IdportenLogin,
        };
        Self {
            name,
            issuer: origins.issuer(name),
            login_port: origins.port(login),
            keys,
            store: Mutex::new(Store::new()),
        }
    }

    pub(crate) fn name(&self) -> ProviderName {
        self.name
    }

    /// The issuer, exactly as in tokens.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn login_port(&self) -> u16 {
        self.login_port
    }

    pub(crate) fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// Sessions, codes and tokens are gone; whoever signs in starts anew.
    pub(crate) fn forget_everything(&self) {
        self.store().clear();
    }

    /// Ends every session; tokens stay.
    pub(crate) fn end_sessions(&self) {
        self.store().sessions.clear();
    }

    /// Makes every session older, as if so many seconds had passed.
    pub(crate) fn age_sessions(&self, seconds: u64) {
        for session in self.store().sessions.values_mut() {
            session.age(seconds);
        }
    }

    /// The sessions that have not ended.
    pub(crate) fn sessions(&self, now: u64) -> Vec<SessionSummary> {
        let store = self.store();
        let live = store
            .sessions
            .iter()
            .filter(|(_, session)| !session.is_over(now));
        let mut sessions: Vec<SessionSummary> =
            live.map(|(_, session)| self.summary(session)).collect();
        sessions.sort_by_key(|session| session.started);
        sessions
    }

    fn summary(&self, session: &sessions::Session) -> SessionSummary {
        let logins = session.logins().map(|(only_for, login)| LoginSummary {
            pid: login.pid.masked(),
            acr: login.acr.name(self.name).unwrap_or_default(),
            auth_time: login.auth_time,
            only_for: only_for.map(str::to_owned),
        });
        SessionSummary {
            started: session.started,
            last_active: session.last_active,
            ends: (session.started + sessions::LIFETIME).min(session.last_active + sessions::IDLE),
            logins: logins.collect(),
            clients: session
                .participants()
                .map(|(client_id, _)| client_id.to_owned())
                .collect(),
        }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The back-channel: what applications call.
pub(crate) fn issuer_router(state: &Shared, name: ProviderName) -> Router {
    // The fallback goes inside: a preflight ends before it, and browsers may read what it says.
    let open = |routes: MethodRouter<_>, endpoint| {
        cors::open(routes.fallback(Unanswered::method), endpoint, state)
    };
    Router::new()
        .route(
            "/.well-known/openid-configuration",
            open(get(endpoints::metadata), Endpoint::Discovery),
        )
        .route("/jwks.json", open(get(endpoints::jwks), Endpoint::Jwks))
        .route("/token", open(post(token::post), Endpoint::Token))
        .route(
            "/userinfo",
            open(
                get(endpoints::userinfo).post(endpoints::userinfo),
                Endpoint::Userinfo,
            ),
        )
        .route("/par", open(post(endpoints::push), Endpoint::Par))
        .route("/revoke", open(post(endpoints::revoke), Endpoint::Revoke))
        // For servers: no page may read it, and there is no switch for it.
        .route(
            "/tokenintrospect",
            post(endpoints::introspect).fallback(Unanswered::method),
        )
        .fallback(Unanswered::path)
        .with_state((state.clone(), name))
}

/// The browser's side: what people see.
pub(crate) fn login_router(state: &Shared, name: ProviderName) -> Router {
    Router::new()
        .route("/authorize", get(authorize::get).post(authorize::post))
        .route("/login", get(interaction::show))
        .route("/login/eid", post(interaction::choose_eid))
        .route("/login/person", post(interaction::choose_person))
        .route(
            "/login/representation",
            post(interaction::choose_representation),
        )
        .route("/login/cancel", post(interaction::cancel))
        .route("/logout", get(logout::get).post(logout::post))
        .merge(pages::assets())
        .fallback(pages::not_found)
        .method_not_allowed_fallback(Unanswered::method)
        .with_state((state.clone(), name))
}
