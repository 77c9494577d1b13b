//! The whole road in a real browser: a person, the demo, the simulated services.
//!
//! Each test has a simulator, a server and a browser of its own, and knows the pages by their marks
//! (`data-testid`) alone.

mod interrupted;
mod looks;
mod refused;
mod road;
mod shows;
mod traces;
mod walk;
