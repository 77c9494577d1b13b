//! What a fresh machine lacks: the wasm target, packages of npm and of the system, and test tools of cargo.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::{BROWSER_TARGET, WASI_TARGET, cargo, root};

/// The oldest Node that the npm packages run on.
const OLDEST_NODE: u32 = 20;

/// Makes sure that the standard library for browsers is there.
///
/// # Errors
/// When it is missing and rustup is missing too, or cannot fetch it.
pub async fn wasm_target() -> Result<()> {
    rust_target(BROWSER_TARGET, "for browsers").await
}

/// Makes sure that the standard library for WebAssembly with files and a console is there.
///
/// # Errors
/// As [`wasm_target`].
pub async fn wasi_target() -> Result<()> {
    rust_target(WASI_TARGET, "for WASI").await
}

async fn rust_target(target: &str, purpose: &str) -> Result<()> {
    let mut rustc = command("rustc");
    rustc
        .args(["--print", "target-libdir", "--target", target])
        .current_dir(root());
    let library = process::output(&mut rustc).await?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    let mut rustup = command("rustup");
    rustup.args(["target", "add", target]).current_dir(root());
    step(
        &format!("Adding the Rust target {purpose}"),
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

/// The Python of a folder whose packages are installed by [`python_packages`].
pub fn python_of(folder: &Path) -> PathBuf {
    folder.join(".venv/bin/python")
}

/// Installs the Python packages that `requirements.txt` in `folder` names with their hashes, unless they are there
/// already, into an environment of the folder's own.
///
/// # Errors
/// When there is no Python 3 with `venv`, or pip fails.
pub async fn python_packages(folder: &Path) -> Result<()> {
    let requirements = folder.join("requirements.txt");
    let wanted = fs::read(&requirements)
        .with_context(|| format!("{} has no requirements.txt", folder.display()))?;
    let installed = folder.join(".venv/.installed-requirements");
    if fs::read(&installed).is_ok_and(|before| before == wanted) {
        return Ok(());
    }
    let name = folder.strip_prefix(root()).unwrap_or(folder).display();
    step(
        &format!("Installing the Python packages of {name}"),
        async {
            let mut venv = command("python3");
            venv.args(["-m", "venv", "--clear", ".venv"])
                .current_dir(folder);
            process::run(&mut venv)
                .await
                .context("Python 3 with venv")?;
            let mut pip = command(python_of(folder));
            pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
                .args(["--disable-pip-version-check", "--no-deps"])
                // Nothing is built here, and so no code of a package runs before it is called.
                .args([
                    "--only-binary",
                    ":all:",
                    "--require-hashes",
                    "--requirement",
                ])
                .arg(&requirements)
                .current_dir(folder);
            process::run(&mut pip).await
        },
    )
    .await?;
    fs::write(installed, wanted).context(".venv cannot be written to")
}

/// Installs the program that runs WebAssembly tests in a browser, unless it is there already, and
/// gives its path.
///
/// It is built apart from the workspace, whose lock file would otherwise hold a web server that is
/// no longer looked after. Its version is that of `wasm-bindgen`, as it must be.
///
/// # Errors
/// When cargo fails.
pub async fn wasm_test_runner() -> Result<PathBuf> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").context("wasm-bindgen is not locked")?;
    let tools = tools("wasm-bindgen", version);
    let runner = tools.join("bin/wasm-bindgen-test-runner");
    if runner.is_file() {
        return Ok(runner);
    }
    let arguments = [
        "--no-default-features",
        "--bin",
        "wasm-bindgen-test-runner",
        "wasm-bindgen-cli",
    ];
    let install = install(&tools, version, &arguments);
    step("Installing the runner of wasm tests", install).await?;
    Ok(runner)
}

/// The version of the program that drives Firefox.
const GECKODRIVER: &str = "0.37.1";

/// Where [`geckodriver`] installs it.
pub fn geckodriver_path() -> PathBuf {
    tools("geckodriver", GECKODRIVER).join("bin/geckodriver")
}

/// Installs the program that drives Firefox, unless it is there already: Debian has no package of it.
///
/// # Errors
/// When cargo fails.
pub async fn geckodriver() -> Result<()> {
    if geckodriver_path().is_file() {
        return Ok(());
    }
    let tools = tools("geckodriver", GECKODRIVER);
    let install = install(&tools, GECKODRIVER, &["--locked", "geckodriver"]);
    step("Installing the driver of Firefox", install).await
}

/// Installs the server that keeps revoked sessions in one of the tests: Valkey, or Redis on systems from
/// before the name. The test finds it itself.
///
/// # Errors
/// As [`debian_packages`].
pub async fn valkey() -> Result<()> {
    const NAMES: [&str; 2] = ["valkey-server", "redis-server"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path)
        .any(|folder| NAMES.iter().any(|name| folder.join(name).is_file()));
    if is_there {
        return Ok(());
    }
    let mut outcome = Ok(());
    for name in NAMES {
        outcome = debian_packages(name, &[name]).await;
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Installs packages of the system, as root on Debian and its relatives.
///
/// # Errors
/// When this is no such system, or nobody who may install, or the packages cannot be had.
pub async fn debian_packages(what: &str, packages: &[&str]) -> Result<()> {
    if !Path::new("/etc/debian_version").exists() {
        bail!("{what} is not installed, and this is not Debian");
    }
    // Only asked on Linux.
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !is_root {
        bail!("{what} is not installed, and only root may install it");
    }
    step(&format!("Installing {what}"), async {
        process::run(apt_get().args(["update", "--quiet"])).await?;
        let install = ["install", "--yes", "--no-install-recommends"];
        process::run(apt_get().args(install).args(packages)).await
    })
    .await
}

fn apt_get() -> tokio::process::Command {
    let mut apt_get = command("apt-get");
    // Its output is long and says little; what goes wrong is on standard error.
    apt_get
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null());
    apt_get
}

/// The folder that one version of a tool is installed into.
fn tools(name: &str, version: &str) -> PathBuf {
    root()
        .join("target/tools")
        .join(format!("{name}-{version}"))
}

/// Builds a program of crates.io, apart from the workspace and without waiting for optimisation.
async fn install(tools: &Path, version: &str, arguments: &[&str]) -> Result<()> {
    let mut install = cargo();
    install
        .args(["install", "--debug", "--version", version])
        .args(arguments)
        .arg("--root")
        .arg(tools)
        .arg("--target-dir")
        .arg(tools.join("build"));
    process::run(&mut install).await
}

/// The version of a package that a `Cargo.lock` names.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, entry) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.split('"').next()
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
    fn a_version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"ab\"\nversion = \"1.2.3\"\n\n\
                    [[package]]\nname = \"a\"\nversion = \"4.5.6\"\n";
        assert_eq!(locked_version(lock, "a"), Some("4.5.6"));
        assert_eq!(locked_version(lock, "b"), None);
    }

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
