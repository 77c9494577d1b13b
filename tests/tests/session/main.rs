//! One suite for both drivers, in all three browser engines.
//!
//! Every test runs for {the application in TypeScript, the Leptos demo} × {Chromium, Firefox,
//! WebKitGTK}, with a simulator and origins of its own; the browser is used for one test after
//! another, as a person does. The application is at `localhost` and the providers at `127.0.0.1`: two
//! sites, with the storage partitioning and cookie rules that the browsers have by themselves.
//!
//! Every test runs everywhere; where a browser is missing, its tests are counted as skipped, with the reason. What an
//! engine does by itself and others do not is printed as a `note:`.

mod harness;
mod killed;
mod life;
mod limits;
mod logout;
mod secrets;
mod signing_in;
mod sizes;
mod traces;
mod walk;

fn main() -> std::process::ExitCode {
    let tests = [
        signing_in::TESTS,
        traces::TESTS,
        secrets::TESTS,
        life::TESTS,
        limits::TESTS,
        sizes::TESTS,
        killed::TESTS,
        logout::TESTS,
    ];
    harness::run(&tests.concat())
}
