//! `cargo xtask bench`: the npm package beside its peers, in one run.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::addresses::{Addresses, CLIENT_ID};
use crate::browser::{self, Engine};
use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::{self, root};
use crate::{pkg, setup, simulator};

/// What to measure.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Only these parts: verification, cold, login, growth, memory.
    parts: Vec<String>,
    /// Takes one sample of everything, which proves that it can be measured and says nothing else.
    #[arg(long)]
    smoke: bool,
}

/// The simulator's program.
const SIMULATOR: &str = "portvakt-simulator";

/// The package and the example in it that times the reading of answers.
const GROWTH: (&str, &str) = ("portvakt-digdir", "growth");

/// Sets up, builds the package, and prints tables of Markdown.
///
/// A runtime that cannot be had here is named with the reason.
///
/// # Errors
/// When a tool is missing or fails, or a contender refuses a good token.
pub async fn run(options: Options) -> Result<()> {
    set_up().await?;
    let tarball = pkg::build().await?;
    let addresses = Addresses::unused()?;
    let program = step(
        "Building the simulator",
        workspace::build(&["--package", SIMULATOR, "--bin", SIMULATOR], SIMULATOR),
    )
    .await?;
    let _simulator = step(
        "Starting the simulator",
        simulator::start(&program, addresses),
    )
    .await?;
    let growth = growth_program().await?;
    let mut bench = command("node");
    bench
        .arg(root().join("tests/bench/bench.mjs"))
        .arg(tarball)
        .args(options.parts)
        .args(options.smoke.then_some("--smoke"))
        .envs(environment(addresses))
        .env("PORTVAKT_GROWTH", growth);
    process::run(&mut bench).await
}

/// Builds the program that times the reading of answers, and gives its path: what `PORTVAKT_GROWTH` is.
///
/// # Errors
/// If it does not compile.
pub async fn growth_program() -> Result<PathBuf> {
    let arguments = ["--package", GROWTH.0, "--example", GROWTH.1];
    step(
        "Building the program that reads answers",
        workspace::build(&arguments, GROWTH.1),
    )
    .await
}

/// Installs the peers, the runtimes and the browser.
///
/// # Errors
/// When npm fails. A browser that cannot be had is told of.
pub async fn set_up() -> Result<()> {
    for folder in ["tests/packaging", "tests/bench"] {
        setup::npm_packages(&root().join(folder)).await?;
    }
    if let Err(reason) = browser::install_one(Engine::Chromium).await {
        eprintln!("Chromium cannot be had here: {reason:#}");
    }
    Ok(())
}

/// What the application in the browser is told of the simulator.
pub fn environment(addresses: Addresses) -> [(&'static str, String); 3] {
    [
        ("PORTVAKT_ISSUER", addresses.ansattporten()),
        ("PORTVAKT_CLIENT_ID", CLIENT_ID.to_owned()),
        ("PORTVAKT_PORT", addresses.application_port().to_string()),
    ]
}
