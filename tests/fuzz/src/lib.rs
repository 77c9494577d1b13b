//! Hostile input for everything that reads something from outside.
//!
//! A [`Target`] reads bytes as one kind of input and asserts what must hold whatever they are: nothing panics, what
//! is accepted can be written and read again, what is secret is in no `Debug`, limits hold, and an independent
//! implementation reads the same where there is one. Signatures are answered with *yes* without asking
//! cryptography, so that the code behind them is reached.
//!
//! The program of this crate, built for libFuzzer, looks for inputs that break this, and the [mutator](mutate())
//! knows what tokens and JSON are made of. The test `corpora` replays what was found worth keeping, on any
//! toolchain.

// To panic is how a target tells.
#![allow(clippy::panic)]

mod mutate;
mod target;
mod world;

pub use mutate::{Bytes, Shape, WORDS, mutate};
pub use target::{TARGETS, Target};
