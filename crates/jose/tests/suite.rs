//! The tests of the public API of `portvakt-jose`.

mod claims;
mod cookbook;
mod errors;
mod hostile;
mod json_suite;
mod jwks;
mod rfc;
mod secrets;
mod support;
mod tokens;
mod wycheproof;
