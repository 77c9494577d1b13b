//! The command line of `cargo xtask`; the work is in the library.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench, demo, fuzz, pkg, process, reproduce, size, test};

/// Builds, shows and tests Portvakt.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets up, builds the demo, starts the simulator and serves both until Ctrl-C.
    Demo(demo::Options),
    /// Sets up, runs every lint and test, and ends with the line `N passed, N failed`.
    Test(test::Options),
    /// Fuzzes everything that reads something from outside, and prints what was run and found.
    Fuzz(fuzz::Options),
    /// Builds the npm package, packs it, and prints the path of the tarball as the last line.
    Pkg,
    /// Builds the npm package, and measures it beside its peers in every runtime.
    Bench(bench::Options),
    /// Builds the modules of the npm package in two folders, and compares them.
    Reproduce,
    /// Builds the npm package and prints what it costs, against the committed budget and beside peers.
    Size,
}

/// What a shell reports for a program that ended by Ctrl-C.
const STOPPED: u8 = 130;

#[tokio::main]
async fn main() -> ExitCode {
    let work = async {
        match Arguments::parse().command {
            Command::Demo(options) => demo::run(options).await.map(|()| ExitCode::SUCCESS),
            Command::Test(options) => test::run(options).await,
            Command::Fuzz(options) => fuzz::run(options).await.map(|()| ExitCode::SUCCESS),
            Command::Bench(options) => bench::run(options).await.map(|()| ExitCode::SUCCESS),
            Command::Reproduce => reproduce::run().await.map(|()| ExitCode::SUCCESS),
            Command::Size => size::run().await.map(|()| ExitCode::SUCCESS),
            Command::Pkg => pkg::run().await.map(|()| ExitCode::SUCCESS),
        }
    };
    // Dropping the work ends its children: see `process`.
    let outcome = tokio::select! {
        outcome = work => outcome,
        stopped = process::stop_signal() => stopped.map(|()| ExitCode::from(STOPPED)),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
