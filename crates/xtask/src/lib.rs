//! What a person or CI runs: `cargo xtask demo`, `test`, `fuzz`, `pkg`, `bench` and `size`.
//!
//! All of them start from a fresh clone on a machine with rustup, Node 20 and a network to the usual
//! package registries, and set up everything else themselves.
//!
//! ```text
//! demo ─► setup ─► wasm ─► dist ─► simulator + server ─► "Portvakt demo: http://localhost:8080"
//! test ─► setup ─► lints ─► wasm ─► dist ─► application ─► browsers ─► cargo test ─► "N passed, N failed"
//! pkg  ─► setup ─► wasm ─► npm package ─► the path of its tarball
//! fuzz ─► libFuzzer ─► what was run and found, target by target
//! bench ► pkg ─► simulator ─► every runtime ─► tables, beside others
//! reproduce ─► pkg's modules in two folders ─► one hash for each, or an error
//! size ─► pkg ─► bundles ─► what each costs, against the budget and beside others
//! ```
//!
//! Two things hold everywhere. Every child process is started through [`process`], so none of them
//! outlives the command, however it ends. And nothing is downloaded but through the package
//! managers, with the versions that the lock files name: `wasm-bindgen` is a library here and
//! `wasm-opt` an npm package, so that no tool has to be installed beside them.
//!
//! It is a library as well as a program because the browser tests serve the demo with the same
//! [`server`], at the same [`addresses`], as the command does.

pub mod addresses;
pub mod application;
pub mod bench;
pub mod browser;
pub mod demo;
pub mod dist;
pub mod fuzz;
pub mod pkg;
pub mod process;
pub mod progress;
pub mod reproduce;
pub mod server;
pub mod setup;
pub mod simulator;
pub mod size;
pub mod supply;
pub mod test;
pub mod wasm;
pub mod workspace;
