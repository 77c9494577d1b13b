//! Two parties and more: what the tests of this workspace member stand on.
//!
//! - [`attacks`] is the catalogue of attacks, and what plays them.
//! - [`bounds`] is every limit, with its proof.
//! - [`browser`] is a real Chromium, Firefox or WebKitGTK, with the application and the simulator that a test needs.
//! - [`native`] carries the messages of a flow over real sockets.
//! - [`foreign`] is a provider that is not ours.
//! - [`pair`] is client and simulator in one process, without sockets.

pub mod attacks;
pub mod bounds;
pub mod browser;
pub mod foreign;
pub mod native;
pub mod pair;
