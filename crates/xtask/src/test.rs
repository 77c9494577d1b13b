//! `cargo xtask test`: every check that the project has, and one line that says how it went.

pub mod report;

use std::process::{ExitCode, Stdio};

use anyhow::Result;
use clap::Args;
use tokio::process::Command;

use self::report::Report;
use crate::browser::Engine;
use crate::process::{self, Guarded};
use crate::progress::step;
use crate::workspace::{BROWSER_TARGET, WASI_TARGET, cargo, root};
use crate::{application, browser, dist, setup};

/// What to test.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Only the tests whose name contains this, or the test program of this name, such as e2e or
    /// foreign_provider; leaves out the lints.
    filter: Option<String>,
}

/// Sets up and runs the lints and tests, and prints `N passed, N failed` at the end.
///
/// Each lint and each build counts as one, so that the line is the whole truth.
///
/// # Errors
/// When the tests cannot be run at all; a failing one is in the report and the exit code.
pub async fn run(options: Options) -> Result<ExitCode> {
    let mut report = Report::default();
    let mut built = Report::default();
    // Side by side: the lints compile for this machine, what is built is optimised for browsers, and neither uses all of
    // the machine all of the time.
    let lints = async {
        if options.filter.is_none() {
            lints(&mut report).await;
        }
    };
    let is_with_wasm = !options.filter.as_deref().is_some_and(is_program);
    tokio::join!(lints, build(&mut built, is_with_wasm));
    report.add(built);
    tests(options.filter.as_deref(), &mut report).await?;
    if is_with_wasm {
        wasm_tests(options.filter.as_deref(), &mut report).await?;
        browser_tests(options.filter.as_deref(), &mut report).await?;
    }
    Ok(report.conclude())
}

/// Builds and installs what the tests are about, and what they need.
async fn build(report: &mut Report, is_with_wasm: bool) {
    report.check("the demo", dist::build().await);
    report.check("the application of the tests", application::build().await);
    for (engine, reason) in browser::install().await {
        // The tests that need it say so themselves; this is why.
        eprintln!("{engine} cannot be had here: {reason:#}");
    }
    if let Err(reason) = setup::valkey().await {
        eprintln!("Valkey cannot be had here: {reason:#}");
    }
    let foreign = setup::npm_packages(&root().join("tests/foreign")).await;
    report.check("the foreign provider", foreign);
    if let Err(reason) = setup::python_packages(&root().join("tests/foreign-python")).await {
        // As above: the tests say that they are left out.
        eprintln!("The foreign provider in Python cannot be had here: {reason:#}");
    }
    if is_with_wasm {
        // What goes wrong here goes wrong again where it is used, and is in the report then.
        let _ = setup::wasm_test_runner().await;
    }
}

async fn lints(report: &mut Report) {
    let mut format = cargo();
    format.args(["fmt", "--all", "--check"]);
    let mut clippy = cargo();
    clippy.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    for (component, command) in [("fmt", &mut format), ("clippy", &mut clippy)] {
        if has_component(component).await {
            lint(component, command, report).await;
        } else {
            report.skip(component, "the toolchain has no such component");
        }
    }
    let mut documentation = cargo();
    documentation
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    lint("documentation", &mut documentation, report).await;
}

async fn lint(name: &str, command: &mut Command, report: &mut Report) {
    report.check(
        name,
        step(&format!("Checking {name}"), process::run(command)).await,
    );
}

/// Whether cargo has a subcommand that comes as a component of the toolchain.
async fn has_component(name: &str) -> bool {
    let mut version = cargo();
    version.args([name, "--version"]).stderr(Stdio::null());
    process::output(&mut version).await.is_ok()
}

/// Runs the tests of every crate; those that need a browser or Node find them themselves.
async fn tests(filter: Option<&str>, report: &mut Report) -> Result<()> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    match filter {
        Some(program) if is_program(program) => {
            command.args(["--test", program, "--", "--show-output"])
        }
        _ => command.args(["--", "--show-output"]).args(filter),
    };
    eprintln!("▸ Testing");
    count(&mut command, report).await
}

/// Runs the tests of the crate that verifies once more in WebAssembly, where most tokens meet it: every
/// published vector has the same answer there.
async fn wasm_tests(filter: Option<&str>, report: &mut Report) -> Result<()> {
    const NAME: &str = "portvakt-jose in WebAssembly";
    let ready = async {
        setup::node().await?;
        setup::wasi_target().await
    };
    if let Err(reason) = ready.await {
        report.skip(NAME, &format!("{reason:#}"));
        return Ok(());
    }
    let runner = root().join("tests/wasi.mjs");
    let mut command = cargo();
    command
        .args(["test", "--target", WASI_TARGET, "--config"])
        .arg(format!("target.{WASI_TARGET}.runner=['node', {runner:?}]"))
        .args(["--package", "portvakt-jose", "--lib", "--test", "suite"])
        .args(["--no-fail-fast", "--", "--show-output"])
        .args(filter);
    eprintln!("▸ Testing in WebAssembly");
    count(&mut command, report).await
}

/// Runs the tests of the crate that lives in browsers in one.
async fn browser_tests(filter: Option<&str>, report: &mut Report) -> Result<()> {
    let browser = match browser::find(Engine::Chromium) {
        Ok(browser) => browser,
        Err(reason) => {
            report.skip("portvakt-leptos in a browser", &reason.to_string());
            return Ok(());
        }
    };
    let runner = match setup::wasm_test_runner().await {
        Ok(runner) => runner,
        Err(error) => {
            report.check("portvakt-leptos in a browser", Err(error));
            return Ok(());
        }
    };
    let mut command = cargo();
    command
        .args(["test", "--target", BROWSER_TARGET])
        .args(["--package", "portvakt-leptos", "--test", "browser", "--"])
        .args(filter)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", browser.driver);
    eprintln!("▸ Testing in a browser");
    count(&mut command, report).await
}

/// Runs tests, passes their output through and counts them.
async fn count(command: &mut Command, report: &mut Report) -> Result<()> {
    let status = Guarded::spawn(command.stdout(Stdio::piped()))?
        .lines(|line| {
            println!("{line}");
            report.line(line);
        })
        .await?;
    report.ended(status.success());
    Ok(())
}

/// Whether a name is that of a program of the member `tests`.
fn is_program(name: &str) -> bool {
    let programs = root().join("tests/tests");
    programs.join(name).join("main.rs").is_file() || programs.join(format!("{name}.rs")).is_file()
}
