//! The npm package: two WebAssembly modules, the TypeScript around them, and a tarball.

pub(crate) mod modules;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::root;
use crate::{setup, supply, wasm};

/// Builds the package and prints the path of the tarball as the last line.
///
/// # Errors
/// When a tool is missing or fails.
pub async fn run() -> Result<()> {
    let tarball = build().await?;
    println!("{}", tarball.display());
    Ok(())
}

/// Sets up, builds and packs the package, and gives the path of the tarball.
///
/// # Errors
/// When a tool is missing or fails.
pub async fn build() -> Result<PathBuf> {
    setup::wasm_target().await?;
    setup::node().await?;
    wasm::set_up().await?;
    setup::npm_packages(&folder()).await?;
    modules::build(&folder().join("wasm")).await?;
    let mut assemble = command("node");
    assemble.arg(folder().join("build.mjs"));
    step("Building the npm package", process::run(&mut assemble)).await?;
    let bill = supply::bill_of_materials().await?;
    fs::write(folder().join("dist/sbom.cdx.json"), bill).context("the bill of materials")?;
    step("Packing the npm package", pack()).await
}

/// The folder of the package.
pub fn folder() -> PathBuf {
    root().join("pkg")
}

async fn pack() -> Result<PathBuf> {
    let mut npm = command("npm");
    npm.args(["pack", "--json", "--ignore-scripts", "--loglevel=error"])
        .current_dir(folder());
    let report: Value = serde_json::from_str(&process::output(&mut npm).await?)
        .context("npm pack did not say what it packed")?;
    // An array of packages, and since npm 11 perhaps an object of them.
    let package = report.as_array().and_then(|packages| packages.first());
    let package = package.or_else(|| report.as_object()?.values().next());
    let name = package
        .and_then(|package| package["filename"].as_str())
        .context("npm pack did not say where it put the package")?;
    Ok(folder().join(name))
}
