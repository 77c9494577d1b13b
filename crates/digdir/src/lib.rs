//! ID-porten, Ansattporten, Maskinporten, Altinn and Dialogporten: issuers, claims, assurance levels, organisations.

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

pub mod acr;
pub mod dialogporten;
mod error;
pub mod identifiers;
pub mod login;
mod misuse;
mod preset;
pub mod rar;
mod service;
pub mod verify;

pub use error::Error;
pub use misuse::Misuse;
pub use preset::Preset;
pub use service::{Environment, Service};
