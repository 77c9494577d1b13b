//! The tests of the public API of `portvakt-jose`.

#![expect(clippy::disallowed_types, reason = "tests sign what they verify")]

mod claims;
mod cookbook;
mod errors;
mod hostile;
mod json_suite;
mod jwks;
mod keys;
mod questions;
mod rfc;
mod secrets;
mod support;
mod tokens;
mod wycheproof;
