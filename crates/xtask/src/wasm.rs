//! The demo as WebAssembly: cargo, then wasm-bindgen, then wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::{self, BROWSER_TARGET, root};

/// The crate that becomes the demo, and the stem of its files.
const DEMO: &str = "portvakt-demo";

/// Builds the demo and gives the folder with exactly what a browser loads of it:
/// `portvakt-demo.js`, `portvakt-demo_bg.wasm` and the scripts that crates brought along.
///
/// # Errors
/// When a tool fails.
pub async fn build() -> Result<PathBuf> {
    let arguments = [
        "--package",
        DEMO,
        "--target",
        BROWSER_TARGET,
        "--profile",
        "browser",
    ];
    let module = step("Building the demo", workspace::build(&arguments, DEMO)).await?;
    let folder = module.with_file_name("site");
    // Beside the folder, not in it: everything in the folder is served.
    let made_from = module.with_file_name("site.inputs");
    let inputs = inputs(&module)?;
    if folder.is_dir() && fs::read_to_string(&made_from).is_ok_and(|before| before == inputs) {
        return Ok(folder);
    }
    let _ = fs::remove_file(&made_from);
    step("Binding the demo to JavaScript", async {
        bind(&module, &folder)
    })
    .await?;
    let bound = folder.join(format!("{DEMO}_bg.wasm"));
    step("Optimising the demo", optimise(&bound, &bound, &["-Oz"])).await?;
    fs::write(made_from, inputs)?;
    Ok(folder)
}

/// Installs what [`build`] needs beside cargo.
///
/// # Errors
/// When npm fails.
pub async fn set_up() -> Result<()> {
    crate::setup::npm_packages(&tools()).await
}

/// The package whose lock file pins wasm-opt.
fn tools() -> PathBuf {
    root().join("crates/xtask")
}

/// A digest of all that decides what the two tools make: the module, their versions, this file.
fn inputs(module: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    for input in [
        module,
        &root().join("Cargo.lock"),
        &tools().join("package-lock.json"),
    ] {
        digest.update(fs::read(input).with_context(|| input.display().to_string())?);
    }
    digest.update(include_str!("wasm.rs"));
    Ok(hex(&digest.finalize()))
}

fn bind(module: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Bindgen::new()
        .input_path(module)
        .out_name(DEMO)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false)
        .generate(folder)
}

/// Makes a module smaller, or what the options of wasm-opt say.
pub(crate) async fn optimise(module: &Path, output: &Path, options: &[&str]) -> Result<()> {
    let program = tools().join("node_modules/binaryen/bin/wasm-opt");
    process::run(
        command("node")
            .arg(program)
            .args(options)
            .arg(module)
            .arg("-o")
            .arg(output),
    )
    .await
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
