//! What is delivered is made of what is written down, and of nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;
use xtask::process;
use xtask::supply::{self, Component, MODULES};
use xtask::workspace::{cargo, root};

/// Where every crate comes from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Licences without conditions but to keep the notices: those of `deny.toml` that occur in what is delivered.
const LICENCES: [&str; 4] = ["Apache-2.0", "BSD-3-Clause", "MIT", "Zlib"];

#[tokio::test]
async fn the_crates_in_each_module_are_those_that_are_written_down() -> Result<()> {
    for module in MODULES {
        let crates = supply::crates(module).await?;
        let list: String = crates.iter().map(line).collect();
        let file = committed(module);
        if std::env::var_os("PORTVAKT_UPDATE").is_some() {
            fs::write(&file, &list)?;
        }
        let written = fs::read_to_string(&file).context(file.display().to_string())?;
        assert_eq!(
            list, written,
            "{module}: PORTVAKT_UPDATE=1 writes the list anew, for review"
        );
        let names: BTreeSet<_> = crates.iter().map(|one| &one.name).collect();
        assert_eq!(names.len(), crates.len(), "{module} has a crate twice");
        for one in &crates {
            assert!(is_permitted(&one.licence), "{}: {}", one.name, one.licence);
        }
    }
    Ok(())
}

/// As licences are written: a choice of some, one of them with all its parts.
fn is_permitted(expression: &str) -> bool {
    let expression = expression.replace(['(', ')'], "");
    expression.split(" OR ").any(|choice| {
        let mut parts = choice.split(" AND ");
        parts.all(|part| LICENCES.contains(&part))
    })
}

#[test]
fn every_crate_of_the_lock_file_is_of_the_one_registry_and_has_a_checksum() -> Result<()> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let packages: Vec<_> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 100);
    for package in packages {
        let member = |name: &str| {
            let (_, value) = package.split_once(&format!("\n{name} = \""))?;
            value.split('"').next()
        };
        let name = member("name").context("a package without a name")?;
        match member("source") {
            Some(source) => {
                assert_eq!(source, REGISTRY, "{name}");
                let checksum = member("checksum").unwrap_or_default();
                assert_eq!(checksum.len(), 64, "{name}");
            }
            None => assert!(name.starts_with("portvakt-") || name == "xtask", "{name}"),
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_bill_of_materials_names_every_crate_with_its_checksum() -> Result<()> {
    let bill = supply::bill_of_materials().await?;
    assert_eq!(bill, supply::bill_of_materials().await?);
    assert!(!bill.contains(&root().display().to_string()));
    let bill: Value = serde_json::from_str(&bill)?;
    assert_eq!(bill["bomFormat"], "CycloneDX");
    let components = bill["components"].as_array().context("components")?;
    let mut named = BTreeSet::new();
    for component in components {
        let name = component["name"].as_str().unwrap_or_default();
        let has_checksum = component["hashes"][0]["content"].is_string();
        assert!(has_checksum || name.starts_with("portvakt-"), "{name}");
        assert!(component["licenses"][0]["expression"].is_string(), "{name}");
        named.insert(name.to_string());
    }
    for module in MODULES {
        for one in supply::crates(module).await? {
            assert!(named.contains(&one.name), "{} is missing", one.name);
        }
    }
    Ok(())
}

#[tokio::test]
async fn bans_licences_and_sources_are_as_cargo_deny_wants_them() -> Result<()> {
    let mut version = cargo();
    version.args(["deny", "--version"]).stderr(Stdio::null());
    if process::output(&mut version).await.is_err() {
        println!(
            "skipped: bans_licences_and_sources_are_as_cargo_deny_wants_them: cargo-deny is not installed"
        );
        return Ok(());
    }
    let mut deny = cargo();
    deny.args(["deny", "--offline", "check", "bans", "licenses", "sources"]);
    process::run(&mut deny).await
}

fn line(one: &Component) -> String {
    format!("{} {} {}\n", one.name, one.version, one.licence)
}

fn committed(module: &str) -> PathBuf {
    root().join(format!("tests/supply-chain/{module}.txt"))
}
