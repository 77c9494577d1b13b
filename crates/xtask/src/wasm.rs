//! The demo as WebAssembly: cargo, then wasm-bindgen, then what makes module and script smaller.

mod arrange;
mod names;
mod needless;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use tokio::process::Command;
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
        // What is made smaller is found by its name.
        "--config",
        "profile.browser.strip='none'",
    ];
    let module = step("Building the demo", workspace::build(&arguments, DEMO)).await?;
    let folder = module.with_file_name("site");
    // Beside the folder, not in it: everything in the folder is served.
    let made_from = module.with_file_name("site.inputs");
    let inputs = inputs(&module, "")?;
    if folder.is_dir() && fs::read_to_string(&made_from).is_ok_and(|before| before == inputs) {
        return Ok(folder);
    }
    let _ = fs::remove_file(&made_from);
    step("Binding the demo to JavaScript", async {
        bind(&module, &folder)
    })
    .await?;
    step("Optimising the demo", shrink(&folder)).await?;
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

/// The package whose lock file pins wasm-opt and esbuild.
fn tools() -> PathBuf {
    root().join("crates/xtask")
}

/// A digest of all that decides what the tools make: the module, their versions, the steps here, and those of the caller.
pub(crate) fn inputs(module: &Path, steps: &str) -> Result<String> {
    let mut digest = Sha256::new();
    for input in [
        module,
        &root().join("Cargo.lock"),
        &tools().join("package-lock.json"),
    ] {
        digest.update(fs::read(input).with_context(|| input.display().to_string())?);
    }
    for source in [
        steps,
        include_str!("wasm.rs"),
        include_str!("wasm/arrange.rs"),
        include_str!("wasm/names.rs"),
        include_str!("wasm/needless.rs"),
    ] {
        digest.update(source);
    }
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

/// Makes what wasm-bindgen wrote smaller.
async fn shrink(folder: &Path) -> Result<()> {
    let module = folder.join(format!("{DEMO}_bg.wasm"));
    let script = folder.join(format!("{DEMO}.js"));
    tidy(&script).await?;
    let (shortened, renamed) = names::shorten(&fs::read(&module)?, &fs::read_to_string(&script)?)?;
    fs::write(&module, needless::leave_out(&shortened)?)?;
    fs::write(&script, renamed)?;
    optimise(&module, &module, "-Oz").await?;
    strip(&module, &module).await
}

/// Leaves of a script that wasm-bindgen wrote what starting the application needs.
async fn tidy(script: &Path) -> Result<()> {
    let entry = script.with_extension("entry.js");
    fs::write(&entry, format!("export {{ default }} from './{DEMO}.js'"))?;
    // Classes that crates bring along have neither destructors nor finalizers where nothing makes one.
    let arguments = [
        "--bundle",
        "--format=esm",
        "--define:Symbol.dispose=undefined",
        "--pure:FinalizationRegistry",
    ];
    let mut esbuild = esbuild();
    esbuild
        .arg(&entry)
        .args(arguments)
        .arg(format!("--outfile={}", script.display()));
    process::run(&mut esbuild).await?;
    Ok(fs::remove_file(entry)?)
}

/// Writes files of a folder, scripts or styles, in fewer characters.
pub(crate) async fn minify(files: &[&str], folder: &Path) -> Result<()> {
    let mut esbuild = esbuild();
    esbuild.args(files).arg("--outdir=.").current_dir(folder);
    process::run(&mut esbuild).await
}

/// esbuild, as it is asked for everything here.
fn esbuild() -> Command {
    let mut esbuild = command("node");
    esbuild
        .arg(tools().join("node_modules/esbuild/bin/esbuild"))
        .args(["--minify", "--allow-overwrite", "--log-level=warning"]);
    esbuild
}

/// Makes a module smaller or faster, as the level of wasm-opt says, and leaves the names of its functions.
pub(crate) async fn optimise(module: &Path, output: &Path, level: &str) -> Result<()> {
    let options = [&[level][..], &SURE].concat();
    wasm_opt(module, output, &options).await?;
    for _ in 0..ROUNDS {
        wasm_opt(output, output, &UNUSED).await?;
        wasm_opt(output, output, &options).await?;
    }
    if level == "-Oz" {
        wasm_opt(output, output, &[&SURE[..], &REWRITTEN].concat()).await?;
    }
    Ok(())
}

/// Leaves the names out, and puts the functions into an order that compresses well.
pub(crate) async fn strip(module: &Path, output: &Path) -> Result<()> {
    wasm_opt(module, output, &["--strip-debug"]).await?;
    let arranged = arrange::arrange(&fs::read(output)?)?;
    Ok(fs::write(output, arranged)?)
}

/// Nothing is kept in the first kilobyte of memory, where the end of the stack is, and memory begins as zeros.
const SURE: [&str; 3] = ["-g", "--low-memory-unused", "--zero-filled-memory"];

/// Takes out what is read and not used. A read may be a trap, and is therefore left where it is; but none of Rust's is,
/// and much is read for functions that turn out to do nothing with it. This one pass moves nothing and takes no check
/// away.
const UNUSED: [&str; 4] = [
    "-g",
    "--ignore-implicit-traps",
    "--generate-global-effects",
    "--vacuum",
];

/// Takes expressions and branches apart, and puts them together anew: fewer bytes than the compiler's own arrangement.
const REWRITTEN: [&str; 4] = ["--flatten", "--rereloop", "-Oz", "-Oz"];

/// How often the rest is made smaller once that is out; more often changes next to nothing.
const ROUNDS: usize = 2;

async fn wasm_opt(module: &Path, output: &Path, options: &[&str]) -> Result<()> {
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
