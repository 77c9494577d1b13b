//! Where things are in the repository, and how cargo is called in it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::process::Command;

use crate::process::{self, Guarded};

/// The target of what runs in browsers.
pub const BROWSER_TARGET: &str = "wasm32-unknown-unknown";

/// The target of tests that run in WebAssembly without a browser.
pub const WASI_TARGET: &str = "wasm32-wasip1";

/// The root of the repository.
pub fn root() -> &'static Path {
    // Two levels above this package, by the layout of the workspace.
    const MANIFEST: &str = env!("CARGO_MANIFEST_DIR");
    let manifest = Path::new(MANIFEST);
    manifest.ancestors().nth(2).unwrap_or(manifest)
}

/// The folder of the built demo, as a browser sees it.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// A cargo command at the root, with the same cargo that started this program.
pub fn cargo() -> Command {
    let mut command = process::command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Builds with cargo and gives the path of the one artifact that is named `target`.
///
/// Cargo's progress and diagnostics go to standard error.
///
/// # Errors
/// When the build fails or makes no such artifact.
pub async fn build(arguments: &[&str], target: &str) -> Result<PathBuf> {
    let mut command = cargo();
    command.arg("build").args(arguments);
    command
        .args(["--message-format", "json-render-diagnostics"])
        .stdout(Stdio::piped());
    let mut artifact = None;
    let status = Guarded::spawn(&mut command)?
        .lines(|line| artifact = program_in(line, target).or_else(|| artifact.take()))
        .await?;
    ensure!(
        status.success(),
        "`cargo build {}` failed ({status})",
        arguments.join(" ")
    );
    artifact.with_context(|| format!("cargo did not say where it put {target}"))
}

/// The file that a message of cargo announces as the executable, or the wasm module, of a target.
fn program_in(message: &str, target: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_program = message["reason"] == "compiler-artifact"
        && message["target"]["name"] == target
        && (message["target"]["kind"][0] == "bin" || message["target"]["kind"][0] == "example");
    is_program
        .then(|| message["executable"].as_str().map(PathBuf::from))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace_manifest() {
        assert!(root().join("Cargo.lock").is_file());
    }

    #[test]
    fn a_program_is_found_among_the_messages_of_cargo() {
        let program = r#"{"reason":"compiler-artifact","target":{"name":"a","kind":["bin"]},"executable":"/t/a.wasm"}"#;
        let example = r#"{"reason":"compiler-artifact","target":{"name":"a","kind":["example"]},"executable":"/t/a"}"#;
        let library = r#"{"reason":"compiler-artifact","target":{"name":"a","kind":["lib"]},"executable":null}"#;
        assert_eq!(program_in(program, "a"), Some("/t/a.wasm".into()));
        assert_eq!(program_in(example, "a"), Some("/t/a".into()));
        assert_eq!(program_in(program, "b"), None);
        assert_eq!(program_in(library, "a"), None);
        assert_eq!(program_in("not JSON", "a"), None);
    }
}
