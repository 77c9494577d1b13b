//! The real browsers of the tests: finding them, and installing them where that is ours to do.

use std::env;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use crate::setup;

/// What a browser is made of.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Engine {
    /// Chromium or Chrome.
    Chromium,
    /// Firefox, of any channel.
    Firefox,
    /// WebKitGTK with its MiniBrowser.
    Webkit,
}

impl Engine {
    /// All of them, in the order in which tests run.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// Its name in the names of tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// The packages of Debian that hold the browser and its driver.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver"],
            // The driver comes from crates.io: see `setup::geckodriver`.
            Self::Firefox => &["firefox-esr"],
            // It has no mode without a screen; xvfb-run needs xauth, which it only recommends.
            Self::Webkit => &["webkit2gtk-driver", "xvfb", "xauth"],
        }
    }
}

impl Display for Engine {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::Webkit => "WebKitGTK",
        })
    }
}

/// A browser of this machine and the program that drives it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Browser {
    /// What it is.
    pub engine: Engine,
    /// The browser.
    pub program: PathBuf,
    /// The WebDriver server.
    pub driver: PathBuf,
    /// What gives the driver a screen, for a browser that cannot do without.
    pub screen: Option<PathBuf>,
}

const CHROMIUM: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const FIREFOX: [&str; 3] = [
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/// Finds a browser of this machine; the variables `CHROMIUM`, `CHROMEDRIVER`, `FIREFOX`, `GECKODRIVER`,
/// `MINIBROWSER` and `WEBKITWEBDRIVER` name others than those in `PATH`.
///
/// # Errors
/// Says what is missing, as a reason for leaving a test out.
pub fn find(engine: Engine) -> Result<Browser> {
    let (program, driver) = match engine {
        Engine::Chromium => (
            wanted("CHROMIUM", &CHROMIUM, "Chromium")?,
            wanted("CHROMEDRIVER", &["chromedriver"], "chromedriver")?,
        ),
        Engine::Firefox => {
            let built = setup::geckodriver_path();
            let names = [built.to_str().unwrap_or_default(), "geckodriver"];
            (
                wanted("FIREFOX", &FIREFOX, "Firefox")?,
                wanted("GECKODRIVER", &names, "geckodriver")?,
            )
        }
        Engine::Webkit => (
            mini_browser()?,
            wanted("WEBKITWEBDRIVER", &["WebKitWebDriver"], "WebKitWebDriver")?,
        ),
    };
    let screen = match engine {
        Engine::Webkit => Some(wanted("XVFB_RUN", &["xvfb-run"], "xvfb-run")?),
        Engine::Chromium | Engine::Firefox => None,
    };
    Ok(Browser {
        engine,
        program,
        driver,
        screen,
    })
}

/// Installs the browsers that are missing, as root on Debian and its relatives, and the driver of a
/// Firefox that has none.
///
/// Elsewhere nothing is installed. What cannot be had is no failure: the tests that need it say why they
/// were left out. Gives what went wrong on the way, for whoever wonders.
pub async fn install() -> Vec<(Engine, anyhow::Error)> {
    let mut failures = Vec::new();
    for engine in Engine::ALL {
        if let Err(error) = install_one(engine).await {
            failures.push((engine, error));
        }
    }
    failures
}

/// Installs one browser, where it is missing.
///
/// # Errors
/// Says why it cannot be had.
pub async fn install_one(engine: Engine) -> Result<()> {
    if find(engine).is_ok() {
        return Ok(());
    }
    let has_firefox = || wanted("FIREFOX", &FIREFOX, "Firefox").is_ok();
    // Who has the browser and not its driver need not be root.
    if engine != Engine::Firefox || !has_firefox() {
        setup::debian_packages(&engine.to_string(), engine.packages()).await?;
    }
    if engine == Engine::Firefox {
        setup::geckodriver().await?;
    }
    find(engine).map(drop)
}

/// The browser that comes with WebKitGTK, outside of `PATH`.
fn mini_browser() -> Result<PathBuf> {
    if let Some(path) = env::var_os("MINIBROWSER") {
        return Ok(path.into());
    }
    // Debian has a folder for each architecture between.
    let libraries = fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    [PathBuf::from("/usr/libexec"), PathBuf::from("/usr/lib")]
        .into_iter()
        .chain(libraries)
        .map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser"))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| anyhow!("the MiniBrowser of WebKitGTK is not installed"))
}

/// The program that a variable names, or the first of these names that is in `PATH`.
fn wanted(variable: &str, names: &[&str], what: &str) -> Result<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        return Ok(path.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    // An absolute name replaces the folder that it is joined to.
    let mut candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .filter(|candidate| candidate.is_file())
        .peekable();
    let is_there = candidates.peek().is_some();
    match candidates.find(|candidate| !is_snap(candidate)) {
        Some(program) => Ok(program),
        // A snap may neither read a profile in the folder for temporary files nor be told where to keep it.
        None if is_there => bail!(
            "{what} is a snap here, which tests cannot drive: install it from elsewhere, such as the vendor's package \
             by `apt-get install ./<file>.deb`, or name it with {variable}"
        ),
        None => bail!("{what} is not installed"),
    }
}

/// Whether a program is a snap, or Ubuntu's script in the place of one.
fn is_snap(program: &Path) -> bool {
    if fs::canonicalize(program)
        .is_ok_and(|path| path.starts_with("/snap") || path.ends_with("snap"))
    {
        return true;
    }
    let mut start = Vec::new();
    let is_read = fs::File::open(program)
        .and_then(|file| file.take(MAX_SCRIPT).read_to_end(&mut start))
        .is_ok();
    is_read && is_snap_script(&start)
}

/// More than the scripts have that stand in the place of a browser, in bytes.
const MAX_SCRIPT: u64 = 16 * 1024;

fn is_snap_script(start: &[u8]) -> bool {
    let names_snap = start.windows(9).any(|word| word == b"/snap/bin");
    start.starts_with(b"#!") && names_snap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_leads_to_a_snap_is_no_browser() {
        for (script, expected) in [
            ("#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then\n", true),
            ("#!/bin/sh\nexec /usr/lib/chromium/chromium\n", false),
            ("\u{7f}ELF /snap/bin/", false),
            ("", false),
        ] {
            assert_eq!(is_snap_script(script.as_bytes()), expected, "{script:?}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = wanted("PORTVAKT_NONE", &["portvakt-no-such-program"], "Netscape");
        assert_eq!(
            missing.map_err(|error| error.to_string()),
            Err("Netscape is not installed".to_owned())
        );
    }
}
