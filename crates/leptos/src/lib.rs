//! Sign-in with Ansattporten and ID-porten for Leptos applications that run in the browser.
//!
//! What a sign-in is, what is sent, and what is believed of the answer is decided in
//! `portvakt-digdir` and the crates below it. This crate is one of their drivers: it carries
//! messages, keeps what must survive a redirect, and holds the outcome as signals. It has two parts.
//!
//! - [`browser`] is the driver, and has nothing to do with Leptos: the [loop](browser::run) that
//!   sends the requests a flow asks for, the tab's [store](browser::TabStore), the address bar,
//!   randomness and the clock.
//! - [`Auth`] is the Leptos context on top of it: an [`AuthState`] as a signal, [`Auth::login`],
//!   [`Auth::logout`], and the access token behind a gate.
//!
//! ```no_run
//! use leptos::prelude::*;
//! use leptos::task::spawn_local;
//! use portvakt_digdir::login::{Client, LoginRequest};
//! use portvakt_digdir::rar::RarRequest;
//! use portvakt_digdir::{Preset, Service};
//! use portvakt_leptos::{Auth, AuthConfig, AuthState};
//! use portvakt_oidc::{ReturnPath, Url};
//!
//! #[component]
//! fn App(client: Client, home: ReturnPath) -> impl IntoView {
//!     let auth = Auth::provide(AuthConfig::new(vec![client], home));
//!     let sign_in = move |_| {
//!         let request = RarRequest::altinn_resource("urn:altinn:resource:demo-post")
//!             .map(LoginRequest::on_behalf_of)
//!             .unwrap_or_default();
//!         spawn_local(auth.login(Service::Ansattporten, request));
//!     };
//!     move || match auth.state().get() {
//!         AuthState::Loading => "A moment …".into_any(),
//!         AuthState::SignedOut { error } => view! {
//!             <p>{error.map(|error| error.code())}</p>
//!             <button on:click=sign_in>"Sign in"</button>
//!         }
//!         .into_any(),
//!         AuthState::SignedIn(person) => format!("Hello, {}", person.claims().sub).into_any(),
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let redirect_uri = Url::parse("https://app.example/callback")?;
//! let client = Client::new(Preset::ANSATTPORTEN_TEST, "my-client-id", redirect_uri)?;
//! let home = ReturnPath::parse("/")?;
//! leptos::mount::mount_to_body(move || view! { <App client=client.clone() home=home.clone() /> });
//! # Ok(())
//! # }
//! ```
//!
//! # A sign-in, and how a page may die in the middle of it
//!
//! [`Auth::login`] fetches the provider's metadata, puts the pending login into `sessionStorage`
//! under a key that is derived from its `state`, and leaves the page. When the provider sends the
//! person back, a new page begins, and [`Auth::provide`] does this, in this order:
//!
//! 1. It replaces the address, in the bar and in the history. Neither the code nor the state stays
//!    anywhere that a person, a script or another site could read it from.
//! 2. It takes the pending login out of the store. From here on the answer is used, whatever comes.
//! 3. It redeems the code and has the id_token checked.
//! 4. It goes to where the person wanted to go.
//!
//! The first two happen before anything is awaited. So every way in which this can be cut short ends
//! in [`AuthState::SignedOut`] with a code that says which it was, and never in a crash or a loop:
//!
//! | what happens | code |
//! |---|---|
//! | the person cancels at the provider | `provider_access_denied` |
//! | the page is reloaded or closed during step 3 | `callback_interrupted`, once |
//! | Back to an old answer, or its address opened once more | `callback_state_unknown` |
//! | an answer to a login of another tab | `callback_state_unknown`; that tab's login is untouched |
//! | the person comes back after half an hour | `callback_pending_expired` |
//! | the browser forbids storage | `browser_storage_unavailable`, before the page is left |
//! | Back from the provider's page | none: the page is as it was, and usable |
//!
//! Two tabs that sign in at once each complete: `sessionStorage` belongs to the tab. Nothing is ever
//! put into `localStorage`.
//!
//! # A session that lasts
//!
//! A reload and the other tabs of the application find the session: for the same person and the same organisation,
//! without a way round by the provider. It lies in IndexedDB, sealed with a key of which one half lies there, where
//! nobody can read it out, and the other in the `sessionStorage` of each tab. Neither store alone opens it, and when
//! the last tab is closed nobody can any more. Where a browser cannot do that, or the application does not want it
//! ([`AuthConfig::is_kept`]), the session lives in the memory of its page: [`Auth::persistence`] says which it is.
//!
//! What happens in one tab happens in all: they tell each other that something has changed, and look into the vault.
//!
//! - [`Auth::login`] on top of a session switches: with [`SignedIn::switch_request`] the person chooses another
//!   organisation, with [`SignedIn::step_up_request`] they come back at a higher level. The old session stays until
//!   the new one is verified, and then gives way in all tabs.
//! - [`Auth::renew`] uses the refresh token, once for all tabs. The ways to use the access token do it by themselves
//!   when the token has expired. A provider that gave no refresh token takes another [`Auth::login`], at a moment
//!   that the application chooses.
//! - Where the provider offers it, tokens are bound to a key that signs and cannot be read ([`AuthConfig::dpop`]).
//!
//! The tokens are not part of [`SignedIn`]. There are three ways to use the access token:
//! [`Auth::authorised`] drives a flow with it, [`Auth::authorised_fetch`] sends one request; both
//! refuse origins that are not among [`AuthConfig::token_origins`], and answer `session_changed` when another session
//! has begun meanwhile, so that nothing of one organisation is shown under the name of another.
//! [`Auth::access_token`] hands it out, and then its way is the caller's responsibility.
//!
//! # When a session ends
//!
//! | what happens | code |
//! |---|---|
//! | nobody used a key or the mouse in any tab for 30 minutes | `session_idle` |
//! | the person authenticated 120 minutes ago | `session_over` |
//! | they signed out in another tab or from another service | `session_ended_elsewhere` |
//! | the provider does not renew | `session_renewal_refused` |
//! | the device's clock is more than five minutes off | `device_clock_wrong`, at the sign-in |
//!
//! The two limits are those of the providers' sessions, which a local one must not outlive;
//! [`AuthConfig::limits`] can make them shorter. [`Auth::session_end`] says when it is, and when to warn. The clock is
//! looked at each second, at each use of the token, and when the page comes back from wherever it was: a machine
//! that slept through the end wakes up signed out.
//!
//! Of a logout elsewhere the tabs hear from the application's own logout endpoint ([`AuthConfig::logout_events`]),
//! which the provider calls: within two seconds, over one connection for all tabs. The endpoint is told a digest
//! of the session, with which nobody can end it. Without an endpoint they find out when a renewal is refused.
//!
//! A page that the browser put aside for Back and Forward hides the session until it has looked again.
//!
//! [`Auth::logout`] forgets the session first, then revokes tokens that would outlive it, and then
//! sends the browser to the provider's logout. What fails after the first step leaves the person
//! signed out here.

mod auth;
pub mod browser;
mod error;

pub use auth::{Auth, AuthConfig, AuthState, Persistence, SessionEnd, SignedIn};
pub use error::{BrowserError, Error};
