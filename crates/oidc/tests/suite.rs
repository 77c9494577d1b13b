//! The tests of the public API of `portvakt-oidc`: complete flows against a provider in memory.

mod callback;
mod discovery;
mod errors;
mod hostile;
mod id_token;
mod login;
mod logout;
mod provider;
mod secrets;
mod tokens;
mod urls;
mod userinfo;
