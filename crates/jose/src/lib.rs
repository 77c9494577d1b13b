//! Verifies compact JWS and JWT against a JWKS. Cannot sign.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod algorithm;
pub mod base64url;
mod claims;
mod compact;
mod error;
mod errors;
mod header;
pub mod json;
mod jwks;
mod key;
mod time;
mod verify;

pub use self::algorithm::Algorithm;
pub use self::claims::ClaimChecks;
pub use self::compact::MAX_TOKEN_BYTES;
pub use self::error::Error;
pub use self::header::{Header, MAX_HEADER_BYTES, TypRule};
pub use self::jwks::{IgnoredKey, Jwk, Jwks, MAX_JWKS_BYTES, MAX_KEYS};
pub use self::key::KeyFault;
pub use self::time::UnixTime;
pub use self::verify::{JwsPolicy, VerifiedJws, VerifiedJwt, verify, verify_jws};
