//! `cargo xtask reproduce`: whoever builds the modules from the same sources with the same tools gets the same bytes,
//! wherever that is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace::root;
use crate::{setup, supply, wasm};

/// Builds the committed sources in two folders of different lengths, and prints one hash for each module.
///
/// # Errors
/// When the two differ, a module names a folder of this machine, or a tool fails.
pub async fn run() -> Result<()> {
    setup::wasm_target().await?;
    wasm::set_up().await?;
    let folder = root().join("target/reproduce");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    // Named once: somebody may commit in between.
    let mut head = command("git");
    let head = process::output(head.args(["rev-parse", "HEAD"]).current_dir(root())).await?;
    let head = head.trim();
    let first = build(head, &folder.join("a")).await?;
    let second = build(head, &folder.join("somewhere/else/of/a/longer/name")).await?;
    for ((name, first), (_, second)) in first.iter().zip(&second) {
        ensure!(first == second, "{name} differs between two folders");
        for place in places() {
            let is_named = first
                .windows(place.len())
                .any(|window| window == place.as_bytes());
            ensure!(!is_named, "{name} names the folder {place}");
        }
        println!("{}  {name}", wasm::hex(&Sha256::digest(first)));
    }
    // What is left of it is as large as two builds.
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Builds the modules from the sources of a commit, in this folder, with nothing from before.
async fn build(commit: &str, folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    fs::create_dir_all(folder)?;
    let archive = folder.join("sources.tar");
    let mut git = command("git");
    git.args(["archive", "--format=tar", "--output"])
        .arg(&archive)
        .arg(commit)
        .current_dir(root());
    process::run(&mut git).await?;
    let mut unpack = command("tar");
    unpack.arg("xf").arg(&archive).arg("-C").arg(folder);
    process::run(&mut unpack).await?;
    fs::remove_file(&archive)?;

    let out = folder.join("modules");
    let what = format!("Building the modules in {}", folder.display());
    step(&what, crate::pkg::modules::build_of(folder, &out)).await?;
    supply::MODULES
        .iter()
        .map(|name| {
            let name = format!("portvakt_{name}_bg.wasm");
            let bytes = fs::read(out.join(&name)).with_context(|| name.clone())?;
            Ok((name, bytes))
        })
        .collect()
}

/// Folders of this machine that a compiler may write into what it makes.
fn places() -> Vec<String> {
    let mut places = vec![root().to_path_buf()];
    places.extend(std::env::var_os("CARGO_HOME").map(PathBuf::from));
    places.extend(std::env::var_os("HOME").map(PathBuf::from));
    let places = places.iter().map(|place| place.display().to_string());
    places.filter(|place| place.len() > 1).collect()
}
