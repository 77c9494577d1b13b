//! The keys of whoever signs, with another implementation than the one that verifies.

#![expect(
    clippy::unwrap_used,
    reason = "the keys are made here, and a test fails by panicking"
)]
#![allow(dead_code, reason = "the file is that of other tests too")]

#[path = "../../../crates/oidc/tests/provider/signer.rs"]
mod keys;

pub(crate) use self::keys::{EDDSA, ES256, OTHER_RS256, PS256, RS256, Signer};
