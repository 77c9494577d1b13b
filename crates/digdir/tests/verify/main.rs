//! Tokens at an API: what is accepted, and what exactly is wrong with what is not.

mod access_token;
mod dialog_token;
mod dpop;
mod identity_token;
mod keys;
mod maskinporten;
mod policy;
mod representation;
mod secrets;
mod support;
