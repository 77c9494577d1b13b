//! The state of the sign-in as a Leptos context, and what can be done about it.

mod arrival;
mod config;
mod state;
mod watch;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::Service;
use portvakt_digdir::login::{BeginLogin, LoginRequest};
use portvakt_jose::UnixTime;
use portvakt_oidc::http::{HttpRequest, HttpResponse};
use portvakt_oidc::{
    AccessToken, ApiMisuse, BeginLogout, FetchUserinfo, Flow, LogoutRequest,
    PENDING_LOGIN_LIFETIME_SECONDS, Step, Url, Userinfo,
};

use crate::browser::{self, TabStore};
use crate::{BrowserError, Error};

pub use config::AuthConfig;
pub use state::{AuthState, MAX_IDLE_SECONDS, MAX_SESSION_SECONDS, SignedIn};

/// The sign-in of this page. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct Auth {
    config: StoredValue<AuthConfig>,
    state: RwSignal<AuthState>,
    is_leaving: RwSignal<bool>,
    problem: RwSignal<Option<Error>>,
    now: RwSignal<UnixTime>,
    last_activity: StoredValue<UnixTime>,
}

impl Auth {
    /// Provides the context, and completes a sign-in if the page is the answer to one.
    ///
    /// Call it once, in the outermost component. The state is [`AuthState::Loading`] until it is known.
    pub fn provide(config: AuthConfig) -> Self {
        let now = browser::now();
        let auth = Self {
            config: StoredValue::new(config.clone()),
            state: RwSignal::new(AuthState::Loading),
            is_leaving: RwSignal::new(false),
            problem: RwSignal::new(None),
            now: RwSignal::new(now),
            last_activity: StoredValue::new(now),
        };
        provide_context(auth);
        watch::watch(auth);
        spawn_local(async move {
            let state = match arrival::arrive(&config).await {
                Ok(Some(session)) => AuthState::SignedIn(SignedIn::new(session)),
                Ok(None) => AuthState::SignedOut { error: None },
                Err(error) => AuthState::SignedOut { error: Some(error) },
            };
            auth.note_activity(browser::now());
            auth.state.set(state);
        });
        auth
    }

    /// The context that [`Auth::provide`] made.
    ///
    /// # Panics
    /// Outside the component that provided it: a mistake of the application that shows at once.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Whether somebody is signed in, and who.
    #[must_use]
    pub fn state(self) -> ReadSignal<AuthState> {
        self.state.read_only()
    }

    /// Whether the browser is on its way to the provider, so that nothing else should be begun.
    #[must_use]
    pub fn is_leaving(self) -> ReadSignal<bool> {
        self.is_leaving.read_only()
    }

    /// Why the last [`login`](Self::login) of somebody who was already signed in did not lead anywhere. They
    /// still are. (For others the reason is in [`AuthState::SignedOut`].)
    #[must_use]
    pub fn problem(self) -> ReadSignal<Option<Error>> {
        self.problem.read_only()
    }

    /// The time, to the second, for showing how long a session lasts.
    #[must_use]
    pub fn now(self) -> ReadSignal<UnixTime> {
        self.now.read_only()
    }

    /// Begins a sign-in: fetches the provider's metadata and leaves the page for the provider.
    ///
    /// For somebody who is signed in this switches: to another organisation or level, with a new request. The
    /// provider's session makes it a matter of the organisation picker alone. If it leads nowhere, they stay
    /// signed in as they are.
    ///
    /// A failure is put into the [`state`](Self::state), or [`problem`](Self::problem).
    pub async fn login(self, service: Service, request: LoginRequest) {
        if self.is_leaving.get_untracked() {
            return;
        }
        self.leave();
        if let Err(error) = self.go_to_login(service, request).await {
            self.stay();
            if self.signed_in_untracked().is_some() {
                self.problem.set(Some(error));
            } else {
                self.state.set(AuthState::SignedOut { error: Some(error) });
            }
        }
    }

    /// Signs out: here first and in any case, then revokes the tokens that would outlive it, and leaves the page
    /// for the provider's logout.
    ///
    /// A provider that has no logout, or cannot be reached, leaves the person signed out here; the reason is in
    /// the state.
    pub async fn logout(self) {
        let Some(signed_in) = self.signed_in_untracked() else {
            return;
        };
        self.state.set(AuthState::SignedOut { error: None });
        self.leave();
        match self.go_to_logout(&signed_in).await {
            Ok(()) => {}
            Err(Error::Digdir(portvakt_digdir::Error::Oidc(portvakt_oidc::Error::Misuse(
                ApiMisuse::NoEndSessionEndpoint,
            )))) => self.stay(),
            Err(error) => {
                self.stay();
                self.state.set(AuthState::SignedOut { error: Some(error) });
            }
        }
    }

    /// The access token, for a request to an API that is not made by [`authorised`](Self::authorised) or
    /// [`authorised_fetch`](Self::authorised_fetch). Whoever calls this answers for where it goes.
    ///
    /// # Errors
    /// `browser_signed_out`, `browser_access_token_expired`.
    pub fn access_token(self) -> Result<AccessToken, Error> {
        let now = browser::now();
        self.tick(now);
        let signed_in = self.signed_in_untracked().ok_or(BrowserError::SignedOut)?;
        if signed_in
            .access_token_expires_at()
            .is_some_and(|expires_at| now >= expires_at)
        {
            return Err(BrowserError::AccessTokenExpired.into());
        }
        Ok(signed_in.session().login.access_token.clone())
    }

    /// Drives a flow that is started with the access token, such as a search in Dialogporten. Every request of
    /// it goes to one of [`AuthConfig::token_origins`].
    ///
    /// # Errors
    /// Those of [`access_token`](Self::access_token) and of the flow, and `browser_origin_not_allowed`.
    pub async fn authorised<F>(
        self,
        start: impl FnOnce(&AccessToken) -> Result<Step<F>, F::Error>,
    ) -> Result<F::Output, Error>
    where
        F: Flow,
        Error: From<F::Error>,
    {
        let mut step = start(&self.access_token()?)?;
        loop {
            step = match step {
                Step::Done(output) => return Ok(output),
                Step::Fetch { request, next } => {
                    self.ensure_allowed(&request.url)?;
                    next.resume(browser::fetch(&request).await.into(), browser::now())?
                }
                Step::Verify { question, next } => {
                    next.resume(question.answer().into(), browser::now())?
                }
            };
        }
    }

    /// Sends a request to an API of the application's own with the access token as bearer token (RFC 6750 §2.1).
    ///
    /// # Errors
    /// Those of [`access_token`](Self::access_token), `browser_origin_not_allowed`, and `transport_*`.
    pub async fn authorised_fetch(self, request: HttpRequest) -> Result<HttpResponse, Error> {
        self.ensure_allowed(&request.url)?;
        let bearer = format!("Bearer {}", self.access_token()?.expose());
        let response = browser::fetch(&request.with_header("authorization", bearer)).await;
        Ok(response.map_err(portvakt_oidc::Error::Transport)?)
    }

    /// Asks the provider for more about the person than the id_token says, such as the name.
    ///
    /// # Errors
    /// Those of [`access_token`](Self::access_token), and of [`FetchUserinfo`]:
    /// `misuse_no_userinfo_endpoint`, `misbehaved_userinfo_*`, `provider_*`, `transport_*`.
    pub async fn userinfo(self) -> Result<Userinfo, Error> {
        let now = browser::now();
        self.tick(now);
        let signed_in = self.signed_in_untracked().ok_or(BrowserError::SignedOut)?;
        // The token goes to its own issuer, whatever origins the application has listed.
        let step = FetchUserinfo::start(&signed_in.session().login, None, now)?;
        Ok(browser::run(step).await?)
    }

    async fn go_to_login(self, service: Service, request: LoginRequest) -> Result<(), Error> {
        self.problem.set(None);
        // Before anything is fetched: without storage there is no way back.
        let store = TabStore::open()?;
        let client = self
            .config
            .with_value(|config| config.client(service).cloned())?;
        let step = BeginLogin::start(&client, request, None, browser::entropy()?, browser::now())?;
        let redirect = browser::run(step).await?;
        let pending = redirect.pending;
        put(&store, &pending.storage_key(), &pending.to_json())?;
        Ok(browser::leave_to(redirect.url.as_str())?)
    }

    async fn go_to_logout(self, signed_in: &SignedIn) -> Result<(), Error> {
        let client = self
            .config
            .with_value(|config| config.client(signed_in.service()).cloned())?;
        let request = LogoutRequest::of(&signed_in.session().login);
        let step = BeginLogout::start(&client.oidc, request, browser::entropy()?, browser::now())?;
        let redirect = browser::run(step).await?;
        if let Some(pending) = redirect.pending {
            // Without storage the return is not recognised, and the person is signed out all the same.
            _ = TabStore::open()
                .and_then(|store| put(&store, &pending.storage_key(), &pending.to_json()));
        }
        Ok(browser::leave_to(redirect.url.as_str())?)
    }

    fn ensure_allowed(self, url: &Url) -> Result<(), BrowserError> {
        let is_allowed = self.config.with_value(|config| {
            config
                .token_origins
                .iter()
                .any(|origin| origin == url.origin())
        });
        if is_allowed {
            Ok(())
        } else {
            Err(BrowserError::OriginNotAllowed)
        }
    }

    fn signed_in_untracked(self) -> Option<SignedIn> {
        self.state
            .with_untracked(|state| state.signed_in().cloned())
    }

    /// Ends a session that has lasted or lain idle too long.
    fn tick(self, now: UnixTime) {
        let Some(signed_in) = self.signed_in_untracked() else {
            return;
        };
        self.now.set(now);
        let error = if now >= signed_in.ends_at() {
            BrowserError::SessionOver
        } else if now
            >= self
                .last_activity
                .get_value()
                .saturating_add(MAX_IDLE_SECONDS)
        {
            BrowserError::SessionIdle
        } else {
            return;
        };
        self.state.set(AuthState::SignedOut {
            error: Some(error.into()),
        });
    }

    fn note_activity(self, now: UnixTime) {
        // First: a key that is pressed after the time is up does not prolong it.
        self.tick(now);
        self.last_activity.set_value(now);
    }

    fn leave(self) {
        self.is_leaving.set(true);
        // A person may stop the navigation, and the page is not told: then it becomes usable again by itself.
        set_timeout(move || self.stay(), LEAVING);
    }

    fn stay(self) {
        self.is_leaving.set(false);
    }
}

/// How long a page that is being left waits before it takes clicks again. Providers answer well within it.
const LEAVING: Duration = Duration::from_secs(15);

fn put(store: &TabStore, name: &str, value: &str) -> Result<(), BrowserError> {
    let now = browser::now();
    store.put(
        name,
        value,
        now.saturating_add(PENDING_LOGIN_LIFETIME_SECONDS),
        now,
    )
}
