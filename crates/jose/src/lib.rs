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
mod errors;
pub mod json;
mod time;

pub use self::algorithm::Algorithm;
pub use self::time::UnixTime;
