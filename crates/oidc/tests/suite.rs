//! The tests of the public API of `portvakt-oidc`: complete flows against a provider in memory.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod authentication;
mod callback;
mod discovery;
mod dpop;
mod errors;
mod hostile;
mod id_token;
mod keys;
mod login;
mod logout;
mod logout_token;
mod provider;
mod refresh;
mod request;
mod secrets;
mod session;
mod tokens;
mod urls;
mod userinfo;
