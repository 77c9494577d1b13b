//! The application that the browser tests sign in to with the npm package.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::root;
use crate::{pkg, setup};

/// Packs the npm package, installs it into the application as a user would, and builds that.
///
/// # Errors
/// When a tool is missing or fails.
pub async fn build() -> Result<()> {
    let tarball = pkg::build().await?;
    // The bundler and the compiler are those of the packaging tests.
    setup::npm_packages(&root().join("tests/packaging")).await?;
    let mut node = command("node");
    node.arg(source().join("build.mjs"))
        .arg(tarball)
        .arg(folder());
    step(
        "Building the application of the tests",
        process::run(&mut node),
    )
    .await
}

/// The folder of the built application, as a browser sees it.
pub fn folder() -> PathBuf {
    root().join("target/applications/typescript/dist")
}

/// The program that serves it.
pub fn server() -> PathBuf {
    root().join("target/applications/typescript/server.mjs")
}

fn source() -> PathBuf {
    root().join("tests/apps/typescript")
}
