//! What a fresh machine lacks: the wasm target and the npm packages.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::{BROWSER_TARGET, root};

/// The oldest Node that the npm packages run on.
const OLDEST_NODE: u32 = 20;

/// Makes sure that the standard library for browsers is there.
///
/// # Errors
/// When it is missing and rustup is missing too, or cannot fetch it.
pub async fn wasm_target() -> Result<()> {
    let mut rustc = command("rustc");
    rustc
        .args(["--print", "target-libdir", "--target", BROWSER_TARGET])
        .current_dir(root());
    let library = process::output(&mut rustc).await?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    let mut rustup = command("rustup");
    rustup
        .args(["target", "add", BROWSER_TARGET])
        .current_dir(root());
    step(
        "Adding the Rust target for browsers",
        process::run(&mut rustup),
    )
    .await
}

/// Makes sure that Node and npm are there, and Node is new enough.
///
/// # Errors
/// Says what is missing or too old.
pub async fn node() -> Result<()> {
    let version = process::output(command("node").arg("--version"))
        .await
        .with_context(|| format!("Node {OLDEST_NODE} or newer is needed"))?;
    ensure!(
        major(&version).is_some_and(|major| major >= OLDEST_NODE),
        "Node {OLDEST_NODE} or newer is needed, and this is {}",
        version.trim()
    );
    process::output(command("npm").arg("--version"))
        .await
        .context("npm is needed beside Node")?;
    Ok(())
}

/// Installs the npm packages that the lock file in `folder` names, unless they are there already.
///
/// No package's own scripts run: none of ours needs one, and nothing may be downloaded past npm.
///
/// # Errors
/// When npm fails.
pub async fn npm_packages(folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let installed = folder.join("node_modules/.installed-lock");
    if fs::read(&installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    let name = folder.strip_prefix(root()).unwrap_or(folder).display();
    let mut npm = command("npm");
    npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    npm.current_dir(folder);
    step(
        &format!("Installing the npm packages of {name}"),
        process::run(&mut npm),
    )
    .await?;
    // npm removes the whole folder first, so what is written afterwards tells that it went through.
    fs::write(installed, lock).context("node_modules cannot be written to")
}

/// The 20 of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        for (version, expected) in [
            ("v20.11.1\n", Some(20)),
            ("v9.0.0", Some(9)),
            ("20.1.0", None),
            ("v", None),
            ("", None),
        ] {
            assert_eq!(major(version), expected, "{version:?}");
        }
    }
}
