//! The built demo: everything that a browser may ask for, in one folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::{dist, root};
use crate::{setup, wasm};

/// Sets up, builds and assembles the demo.
///
/// # Errors
/// When a tool is missing or fails.
pub async fn build() -> Result<()> {
    setup::wasm_target().await?;
    setup::node().await?;
    wasm::set_up().await?;
    setup::npm_packages(&www()).await?;
    let site = wasm::build().await?;
    step("Assembling the demo", assemble(&site)).await
}

/// The demo's styles and static files.
fn www() -> PathBuf {
    root().join("www")
}

async fn assemble(site: &Path) -> Result<()> {
    let dist = dist();
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;
    copy(site, &dist)?;
    // Writes the styles, the static files and the page shell.
    process::run(command("node").arg(www().join("build.mjs")).arg(&dist)).await?;
    wasm::minify(&["styles.css", "boot.js"], &dist).await
}

/// Copies what is in one folder into another.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
