//! One suite for both drivers, in all three browser engines.
//!
//! Every test runs for {the application in TypeScript, the Leptos demo} × {Chromium, Firefox,
//! WebKitGTK}, with a simulator and origins of its own; the browser is used for one test after
//! another, as a person does. The application is at `localhost` and the providers at `127.0.0.1`: two
//! sites, with the storage partitioning and cookie rules that the browsers have by themselves.
//!
//! What a test cannot do somewhere is in [`left_out`], with the reason, and is counted as skipped.

mod harness;
mod killed;
mod life;
mod limits;
mod logout;
mod secrets;
mod signing_in;
mod traces;
mod walk;

use portvakt_tests::browser::Driver;
use xtask::browser::Engine;

use self::harness::Test;

fn main() -> std::process::ExitCode {
    let tests = [
        signing_in::TESTS,
        traces::TESTS,
        secrets::TESTS,
        life::TESTS,
        limits::TESTS,
        killed::TESTS,
        logout::TESTS,
    ];
    harness::run(&tests.concat(), left_out)
}

/// Why a test does not run in an engine or for a driver, if it does not.
fn left_out(_test: &Test, _engine: Engine, _driver: Driver) -> Option<&'static str> {
    None
}
