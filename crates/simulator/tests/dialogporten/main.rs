//! Dialogporten's end-user API as an application meets it: signed in at a provider, over HTTP.

mod auth;
mod details;
mod history;
mod labels;
mod parties;
mod search;
mod support;
mod tokens;
