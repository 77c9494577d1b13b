//! What the npm package costs its users, in bytes, beside what its peers cost.

use anyhow::Result;

use crate::process::{self, command};
use crate::workspace::root;
use crate::{pkg, setup};

/// Builds the package, and prints the size of each artifact against the committed budget.
///
/// # Errors
/// When an artifact is larger than its budget, or a tool is missing or fails.
pub async fn run() -> Result<()> {
    let folder = root().join("tests/packaging");
    setup::npm_packages(&folder).await?;
    let tarball = pkg::build().await?;
    process::run(
        command("node")
            .arg(folder.join("run.mjs"))
            .arg("size")
            .arg(tarball),
    )
    .await
}
