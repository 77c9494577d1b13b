//! The providers and the control API as applications and people meet them, through `Simulator::call`.
//!
//! One program, so that one is linked.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking, and so do their helpers"
)]

mod authorize;
mod claims;
mod control;
mod cors;
mod dpop;
mod faults;
mod guard;
mod hostile;
mod issuer;
mod logout;
mod opaque;
mod pages;
mod proof;
mod rar;
mod refresh;
mod registry;
mod session_faults;
mod sessions;
mod support;
mod token;
mod unanswered;
