//! What the npm package is made of: the crates in its modules, and its bill of materials.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::process;
use crate::workspace::{BROWSER_TARGET, cargo, root};

/// The modules of the package, by the feature of `portvakt-wasm` that each is.
pub const MODULES: [&str; 2] = ["login", "verify"];

/// A crate that is compiled into a module.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
    /// Whether it is of this workspace.
    pub is_own: bool,
}

/// The crates whose code is in a module, each once, by name. Macros and build scripts are not: they run where it is
/// built.
///
/// # Errors
/// When cargo fails.
pub async fn crates(feature: &str) -> Result<Vec<Component>> {
    let mut tree = cargo();
    tree.args(["tree", "--package", "portvakt-wasm", "--locked"])
        .args(["--no-default-features", "--features", feature])
        .args(["--target", BROWSER_TARGET])
        .args(["--edges", "normal,no-proc-macro", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p}|{l}"]);
    let tree = process::output(&mut tree).await?;
    let components: Option<Vec<_>> = tree.lines().map(component).collect();
    let mut components = components.context("cargo tree is not understood")?;
    ensure!(!components.is_empty(), "the module is made of nothing");
    components.sort();
    components.dedup();
    Ok(components)
}

/// Reads `name v1.2.3 (/where/it/is)|MIT`.
fn component(line: &str) -> Option<Component> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    Some(Component {
        name: name.into(),
        version: version.into(),
        // Older manifests write a choice so.
        licence: licence.replace(" / ", " OR ").replace('/', " OR "),
        is_own: words.next().is_some(),
    })
}

/// The bill of materials of the package, in CycloneDX 1.5: the crates of both modules. It says nothing of when and where
/// it was made, so that the same sources have the same one.
///
/// # Errors
/// When cargo fails, or a crate is not in the lock file.
pub async fn bill_of_materials() -> Result<String> {
    let mut modules: BTreeMap<Component, Vec<&str>> = BTreeMap::new();
    for module in MODULES {
        for component in crates(module).await? {
            modules.entry(component).or_default().push(module);
        }
    }
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock")?;
    let components: Result<Vec<_>> = modules
        .iter()
        .map(|(component, modules)| entry(component, modules, &lock))
        .collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": "pkg:npm/portvakt",
                "type": "library",
                "name": "portvakt",
                "version": env!("CARGO_PKG_VERSION"),
                "purl": concat!("pkg:npm/portvakt@", env!("CARGO_PKG_VERSION")),
                "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
            },
        },
        "components": components?,
    });
    Ok(format!("{bill:#}\n"))
}

fn entry(component: &Component, modules: &[&str], lock: &str) -> Result<Value> {
    let Component { name, version, .. } = component;
    let purl = format!("pkg:cargo/{name}@{version}");
    let modules: Vec<_> = modules
        .iter()
        .map(|module| json!({ "name": "portvakt:module", "value": module }))
        .collect();
    let mut entry = json!({
        "bom-ref": purl,
        "type": "library",
        "name": name,
        "version": version,
        "scope": "required",
        "licenses": [{ "expression": component.licence }],
        "purl": purl,
        "properties": modules,
    });
    if !component.is_own {
        let checksum = checksum(lock, name, version)
            .with_context(|| format!("{name} {version} has no checksum in Cargo.lock"))?;
        entry["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    Ok(entry)
}

/// The checksum of a package of the registry.
fn checksum<'a>(lock: &'a str, name: &str, version: &str) -> Option<&'a str> {
    let start = format!("name = \"{name}\"\nversion = \"{version}\"\n");
    let (_, entry) = lock.split_once(&start)?;
    let entry = entry.split("[[package]]").next()?;
    let (_, checksum) = entry.split_once("checksum = \"")?;
    checksum.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::{checksum, component};

    #[test]
    fn a_crate_is_read_from_the_tree() {
        let own = component("a-b v0.1.0 (/w/a-b)|MIT OR Apache-2.0").expect("readable");
        assert!(own.is_own && own.name == "a-b" && own.version == "0.1.0");
        let other = component("c v1.2.3-rc.4|MIT/Apache-2.0").expect("readable");
        assert!(!other.is_own && other.licence == "MIT OR Apache-2.0");
        assert_eq!(component("c 1.2.3|MIT"), None);
    }

    #[test]
    fn the_checksum_is_that_of_the_version() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"a\"\nversion = \"2.0.0\"\nsource = \"r\"\nchecksum = \"cc\"\n";
        assert_eq!(checksum(lock, "a", "1.0.0"), None);
        assert_eq!(checksum(lock, "a", "2.0.0"), Some("cc"));
        assert_eq!(checksum(lock, "b", "2.0.0"), None);
    }
}
