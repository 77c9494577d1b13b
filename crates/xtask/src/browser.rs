//! The real browser of the end-to-end tests: finding it, and installing it where that is ours to do.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::{self, command};
use crate::progress::step;

/// Chromium and the program that drives it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// The chromedriver of the same version.
    pub driver: PathBuf,
}

/// The names that the browser goes by, on Debian, Ubuntu, other systems and macOS.
const CHROMIUM: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const DRIVER: [&str; 1] = ["chromedriver"];

/// Finds the browser of this machine; the variables `CHROMIUM` and `CHROMEDRIVER` name others than
/// those in `PATH`.
///
/// # Errors
/// Says what is missing, as a reason for leaving a test out.
pub fn find() -> Result<Browser> {
    let Some(chromium) = program("CHROMIUM", &CHROMIUM) else {
        bail!("neither Chromium nor Chrome is installed");
    };
    let Some(driver) = program("CHROMEDRIVER", &DRIVER) else {
        bail!("chromedriver is not installed");
    };
    Ok(Browser { chromium, driver })
}

/// Installs the browser when it is missing and this is Debian or Ubuntu, as root.
///
/// Elsewhere nothing is done, and the tests that need a browser say why they were left out.
///
/// # Errors
/// When the system's package manager fails.
pub async fn install() -> Result<()> {
    if find().is_ok() || !(Path::new("/etc/debian_version").exists() && is_root()) {
        return Ok(());
    }
    step("Installing Chromium", async {
        process::run(apt_get().args(["update", "--quiet"])).await?;
        let packages = ["chromium", "chromium-driver"];
        process::run(
            apt_get()
                .args(["install", "--yes", "--no-install-recommends"])
                .args(packages),
        )
        .await
    })
    .await
}

fn apt_get() -> tokio::process::Command {
    let mut apt_get = command("apt-get");
    // Its output is long and says little; what goes wrong is on standard error.
    apt_get
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(std::process::Stdio::null());
    apt_get
}

/// Whether this process may install packages; only asked on Linux.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        return Some(path.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    // An absolute name replaces the folder that it is joined to.
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
