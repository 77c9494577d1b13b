//! The state of the sign-in as a Leptos context, and what can be done about it.

mod arrival;
mod config;
mod elsewhere;
mod keeper;
mod limits;
mod renewal;
mod requests;
mod session;
mod state;
mod watch;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::Service;
use portvakt_digdir::login::{BeginLogin, LoginRequest};
use portvakt_digdir::session::SessionError;
use portvakt_jose::UnixTime;
use portvakt_oidc::{ApiMisuse, BeginLogout, LogoutRequest, PENDING_LOGIN_LIFETIME_SECONDS};

use self::keeper::Keeper;
use crate::browser::{self, Events, Lock, ProofKey, TabStore};
use crate::{BrowserError, Error};

pub use config::AuthConfig;
pub use state::{AuthState, Persistence, SessionEnd, SignedIn};

/// The sign-in of this page. A handle: copies are the same.
#[derive(Clone, Copy)]
pub struct Auth {
    config: StoredValue<AuthConfig>,
    state: RwSignal<AuthState>,
    is_leaving: RwSignal<bool>,
    problem: RwSignal<Option<Error>>,
    now: RwSignal<UnixTime>,
    session_end: RwSignal<Option<SessionEnd>>,
    persistence: RwSignal<Persistence>,
    page: StoredValue<Page, LocalStorage>,
}

/// What this page alone has, besides what it shows.
struct Page {
    keeper: Keeper,
    /// What the session's tokens are bound to.
    proof_key: Option<ProofKey>,
    /// When somebody last used one of the tabs, as far as this one has heard.
    last_activity: UnixTime,
    /// When this tab last told the others of it.
    last_told: UnixTime,
    /// The session, while the page is put aside in the browser's back/forward cache.
    hidden: Option<SignedIn>,
    /// The connection to the logout endpoint and the session that it is about, if this tab is the one that has it.
    listening: Option<(String, Events, Lock)>,
    /// When to ask the endpoint, where it has no stream.
    ask_at: UnixTime,
}

impl Auth {
    /// Provides the context, and finds out who is signed in: the page may be the answer to a sign-in, and the
    /// session of another page or tab is taken up.
    ///
    /// Call it once, in the outermost component. The state is [`AuthState::Loading`] until it is known.
    pub fn provide(config: AuthConfig) -> Self {
        let now = browser::now();
        let handle = Rc::new(Cell::new(None::<Self>));
        let keeper = Keeper::new(&config.clients, {
            let handle = handle.clone();
            move |message| {
                if let Some(auth) = handle.get() {
                    auth.hear(message);
                }
            }
        });
        let auth = Self {
            config: StoredValue::new(config),
            state: RwSignal::new(AuthState::Loading),
            is_leaving: RwSignal::new(false),
            problem: RwSignal::new(None),
            now: RwSignal::new(now),
            session_end: RwSignal::new(None),
            persistence: RwSignal::new(Persistence::Memory),
            page: StoredValue::new_local(Page {
                keeper,
                proof_key: None,
                last_activity: now,
                last_told: UnixTime::new(0),
                hidden: None,
                listening: None,
                ask_at: now,
            }),
        };
        handle.set(Some(auth));
        provide_context(auth);
        watch::watch(auth);
        spawn_local(auth.arrive());
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

    /// When the session ends if nothing happens, and whether that is near. `None` while nobody is signed in.
    #[must_use]
    pub fn session_end(self) -> ReadSignal<Option<SessionEnd>> {
        self.session_end.read_only()
    }

    /// Whether a reload and the other tabs find the session.
    #[must_use]
    pub fn persistence(self) -> ReadSignal<Persistence> {
        self.persistence.read_only()
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
        let Some(signed_in) = self.show_signed_out(None) else {
            return;
        };
        self.leave();
        let elsewhere = SessionError::EndedElsewhere.code();
        self.keeper().forget(&signed_in, Some(elsewhere)).await;
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

    async fn go_to_login(self, service: Service, request: LoginRequest) -> Result<(), Error> {
        self.problem.set(None);
        // Before anything is fetched: without storage there is no way back.
        let store = TabStore::open()?;
        let client = self
            .config
            .with_value(|config| config.client(service).cloned())?;
        let step = BeginLogin::start(&client, request, None, browser::entropy()?, browser::now())?;
        let redirect = browser::run(step, None).await?;
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
        let redirect = browser::run(step, None).await?;
        if let Some(pending) = redirect.pending {
            // Without storage the return is not recognised, and the person is signed out all the same.
            _ = TabStore::open()
                .and_then(|store| put(&store, &pending.storage_key(), &pending.to_json()));
        }
        Ok(browser::leave_to(redirect.url.as_str())?)
    }

    pub(super) fn signed_in_untracked(self) -> Option<SignedIn> {
        self.state
            .with_untracked(|state| state.signed_in().cloned())
    }

    fn keeper(self) -> Keeper {
        self.page.with_value(|page| page.keeper.clone())
    }

    fn proof_key(self) -> Option<ProofKey> {
        self.page.with_value(|page| page.proof_key.clone())
    }

    /// What is done each second.
    fn look(self, now: UnixTime) {
        self.tick(now);
        self.ask_if_deaf(now);
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
