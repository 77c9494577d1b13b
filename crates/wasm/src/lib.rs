//! What the npm package calls.
//!
//! Nothing is decided here. Every export reads its arguments, calls the core, and hands the answer back. Options come
//! in as one JSON text, which the core's own strict reader reads, and results go out as one. A failure goes out as the
//! JSON text of a row of an `errors!` table, and the driver in `pkg/src/core.ts` throws it; whatever else comes out of a
//! call is a trap, and the driver throws the instance away.
//!
//! For browsers each kilobyte counts: the module is `no_std`, so that the standard library's machinery of panics is
//! not in it (a panic is a trap, and nobody could read its text), and it knows no objects of JavaScript: a call is
//! handed bytes, and gives a text.
//!
//! No class is exported: objects of WebAssembly have to be freed, and what waits for the answer to a request is
//! named by a number that the driver chose. So no handle of a dead instance can mean something in the next one.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

#[cfg(all(target_family = "wasm", not(feature = "verify")))]
mod arena;
mod boundary;
mod identity;
mod kept;
#[cfg(feature = "login")]
pub mod login;
#[cfg(test)]
mod statics;
#[cfg(test)]
mod tables;
#[cfg(feature = "verify")]
pub mod verify;

pub use boundary::BoundaryError;

#[cfg(all(target_family = "wasm", not(feature = "verify")))]
#[global_allocator]
static ALLOCATOR: arena::Arena = arena::Arena::new();

// Verifiers stay, and what was read for them goes.
#[cfg(all(target_family = "wasm", feature = "verify"))]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// Stops at once: the driver takes whatever is not a failure for a trap.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
