//! Sign-in with Ansattporten and ID-porten for Leptos applications.

mod auth;
pub mod browser;
mod error;

pub use auth::{Auth, AuthConfig, AuthState, MAX_IDLE_SECONDS, MAX_SESSION_SECONDS, SignedIn};
pub use error::{BrowserError, Error};
