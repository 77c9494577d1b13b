//! What the npm package calls.
//!
//! Nothing is decided here. Every export reads its arguments, calls the core, and hands the answer back; options
//! and results cross the boundary as plain JavaScript objects, through `serde-wasm-bindgen`. A failure is thrown,
//! as a plain object with the code of an `errors!` table, so that whatever else comes out of a call is a trap, and
//! the driver in `pkg/src/core.ts` throws the instance away.
//!
//! No class is exported: objects of WebAssembly have to be freed, and what waits for the answer to a request is
//! named by a number that the driver chose. So no handle of a dead instance can mean something in the next one.
//!
//! The features make two modules: `login` for browsers, `verify` for edge workers and servers.

mod boundary;
#[cfg(feature = "login")]
pub mod login;
#[cfg(test)]
mod tables;
#[cfg(feature = "verify")]
pub mod verify;

pub use boundary::BoundaryError;
