//! The tests of the public API of `portvakt-digdir`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod acr;
mod dialogporten;
mod errors;
mod hostile;
mod identifiers;
mod login;
mod misuse;
mod presets;
mod provider;
mod rar_request;
mod rar_response;
mod representation;
mod secrets;
mod session;
mod step_up;
