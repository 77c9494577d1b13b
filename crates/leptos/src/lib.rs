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
//! | the page is reloaded or closed during step 3 | `browser_login_interrupted`, once |
//! | Back to an old answer, or its address opened once more | `callback_state_unknown` |
//! | an answer to a login of another tab | `callback_state_unknown`; that tab's login is untouched |
//! | the person comes back after half an hour | `callback_pending_expired` |
//! | the browser forbids storage | `browser_storage_unavailable`, before the page is left |
//! | Back from the provider's page | none: the page is as it was, and usable |
//!
//! Two tabs that sign in at once each complete: `sessionStorage` belongs to the tab. Nothing is ever
//! put into `localStorage`.
//!
//! # Tokens live in memory
//!
//! They are in no storage, so that a script that is injected later finds none lying about, and they
//! end with the page: **a reload signs out locally**. That costs little: the provider's own session
//! lasts two hours, and a new [`Auth::login`] during it brings the person back without a new
//! authentication. The same is how an access token is renewed, and how an organisation is switched:
//! Ansattporten shows its organisation picker for each request that asks for one.
//!
//! The tokens are not part of [`SignedIn`]. There are three ways to use the access token:
//! [`Auth::authorised`] drives a flow with it, [`Auth::authorised_fetch`] sends one request; both
//! refuse origins that are not among [`AuthConfig::token_origins`]. [`Auth::access_token`] hands it
//! out, and then its way is the caller's responsibility.
//!
//! # When a session ends
//!
//! At the latest 120 minutes after the person authenticated ([`MAX_SESSION_SECONDS`]), or after 30
//! minutes without a key or a click ([`MAX_IDLE_SECONDS`]): the limits of the providers' sessions,
//! which a local one must not outlive. The clock is looked at each second, at each use of the token,
//! and when the page comes back out of the back/forward cache.
//!
//! [`Auth::logout`] forgets the session first, then revokes tokens that would outlive it, and then
//! sends the browser to the provider's logout. What fails after the first step leaves the person
//! signed out here.

mod auth;
pub mod browser;
mod error;

pub use auth::{Auth, AuthConfig, AuthState, Persistence, SessionEnd, SignedIn};
pub use error::{BrowserError, Error};
