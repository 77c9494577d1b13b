//! The whole road in a real browser: a person, the demo, the simulated services.
//!
//! What both drivers must do in every browser is in `tests/session`; this is the demo's own, in Chromium.
//! Each test has a simulator, a server and a browser of its own, and knows the pages by their marks
//! (`data-testid`) alone.

mod interrupted;
mod looks;
mod refused;
mod road;
mod shows;
mod walk;
