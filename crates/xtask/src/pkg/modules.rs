//! The WebAssembly of the package: cargo, then wasm-bindgen, then wasm-opt, once for each feature.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::process::Guarded;
use crate::progress::step;
use crate::wasm;
use crate::workspace::{BROWSER_TARGET, cargo, root};

/// The features of `portvakt-wasm`, each of which becomes a module, with the profile that it is compiled with, and what
/// `wasm-opt` then looks for: few bytes, or few instructions, which costs next to no bytes once they are compressed.
const MODULES: [(&str, &str, &str); 2] = [("login", "browser", "-Oz"), ("verify", "edge", "-O3")];

/// Builds both modules into `folder`: `portvakt_login.js`, `portvakt_login_bg.wasm`, and the same for `verify`.
///
/// Beside each lies `portvakt_login_named.wasm`, the same with the names of its functions, which tells what each crate
/// costs.
pub(super) async fn build(folder: &Path) -> Result<()> {
    build_of(root(), folder).await
}

/// The same of other sources than those of this repository; what is compiled stays in their folder.
pub(crate) async fn build_of(sources: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (feature, profile, level) in MODULES {
        let compile = compile(sources, feature, profile);
        let module = step(&format!("Compiling the module {feature}"), compile).await?;
        let made_from = folder.join(format!("{feature}.inputs"));
        let inputs = wasm::inputs(&module, include_str!("modules.rs"))?;
        if fs::read_to_string(&made_from).is_ok_and(|before| before == inputs) {
            continue;
        }
        let _ = fs::remove_file(&made_from);
        let name = format!("portvakt_{feature}");
        let bound = folder.join(format!("{name}_bg.wasm"));
        step(&format!("Optimising the module {feature}"), async {
            bind(&module, &name, folder)?;
            let named = folder.join(format!("{name}_named.wasm"));
            wasm::optimise(&bound, &named, level).await?;
            wasm::strip(&named, &bound).await
        })
        .await?;
        fs::write(made_from, inputs)?;
    }
    Ok(())
}

/// Compiles the crate with one feature, and gives the path of the module.
async fn compile(sources: &Path, feature: &str, profile: &str) -> Result<PathBuf> {
    let mut command = cargo();
    command
        .args(["build", "--package", "portvakt-wasm", "--lib"])
        .args(["--no-default-features", "--features", feature])
        .args(["--target", BROWSER_TARGET, "--profile", profile])
        .args(["--config", &format!("profile.{profile}.strip='none'")])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(sources)
        .stdout(Stdio::piped());
    if sources != root() {
        command.arg("--target-dir").arg(sources.join("target"));
    }
    let mut module = None;
    let status = Guarded::spawn(&mut command)?
        .lines(|line| module = module_in(line).or_else(|| module.take()))
        .await?;
    ensure!(status.success(), "`cargo build` failed ({status})");
    let module = module.context("cargo did not say where it put the module")?;
    // Whoever builds the crate with another feature replaces the artifact.
    let own = module.with_file_name(format!("portvakt_{feature}.wasm"));
    fs::copy(&module, &own)?;
    Ok(own)
}

/// The file that a message of cargo announces as the library's module.
fn module_in(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || message["target"]["name"] != "portvakt_wasm" {
        return None;
    }
    let files = message["filenames"].as_array()?.iter();
    files
        .filter_map(Value::as_str)
        .map(PathBuf::from)
        .find(|file| {
            file.extension()
                .is_some_and(|extension| extension == "wasm")
        })
}

fn bind(module: &Path, name: &str, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        // The loaders of the package bring the module; nothing is to be looked for beside the script.
        .omit_default_module_path(true)
        // After a trap the driver asks for a new instance.
        .reset_state_function(true)
        .typescript(false)
        .generate(folder)
}

#[cfg(test)]
mod tests {
    use super::module_in;

    #[test]
    fn the_module_is_found_among_the_messages_of_cargo() {
        let library = r#"{"reason":"compiler-artifact","target":{"name":"portvakt_wasm","kind":["cdylib"]},"filenames":["/t/portvakt_wasm.wasm"]}"#;
        let other = r#"{"reason":"compiler-artifact","target":{"name":"serde","kind":["lib"]},"filenames":["/t/libserde.rlib"]}"#;
        assert_eq!(module_in(library), Some("/t/portvakt_wasm.wasm".into()));
        assert_eq!(module_in(other), None);
        assert_eq!(module_in("not JSON"), None);
    }
}
