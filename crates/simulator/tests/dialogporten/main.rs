//! Dialogporten's end-user API as an application meets it: signed in at a provider, over HTTP.

#![expect(clippy::panic, reason = "the helpers of tests fail as tests do")]

mod auth;
mod details;
mod history;
mod hostile;
mod labels;
mod parties;
mod search;
mod support;
mod tokens;
