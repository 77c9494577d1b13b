//! Where statics may hold memory: see `arena.rs` for what becomes of it in the module for signing in.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every static of what the modules are made of, but for arrays, and why the arena may begin anew without it.
const KNOWN: [(&str, &str); 6] = [
    ("ALLOCATOR", "the arena itself"),
    ("BASE_COMB", "arithmetic, which the verifier alone has"),
    (
        "FLOWS",
        "asked before the arena begins anew, and empty then",
    ),
    ("GENERATOR_COMB", "arithmetic, which the verifier alone has"),
    ("READINGS", "the verifier's"),
    ("VERIFIERS", "the verifier's"),
];

#[test]
fn no_static_holds_memory_that_the_arena_does_not_know_of() {
    let mut found = BTreeSet::new();
    for sources in ["../jose/src", "../oidc/src", "../digdir/src", "src"] {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
        collect(&sources, &mut found);
    }
    let known = KNOWN.map(|(name, _)| name.to_owned());
    assert_eq!(
        found,
        BTreeSet::from(known),
        "read arena.rs before a static is added"
    );
}

/// The names of the statics below a folder, but for what is compiled for tests alone.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources are there").path();
        let is_for_tests = path
            .file_stem()
            .is_some_and(|stem| stem == "tests" || stem == "differential");
        if path.is_dir() {
            collect(&path, found);
        } else if !is_for_tests {
            let text = fs::read_to_string(&path).expect("the file can be read");
            found.extend(text.lines().filter_map(name_of_static));
        }
    }
}

/// `FLOWS` of `pub(super) static FLOWS: Mutex<..> = ..`, wherever it stands. Arrays of what the compiler laid down hold
/// nothing.
fn name_of_static(line: &str) -> Option<String> {
    let line = line.trim_start();
    if line.starts_with("//") {
        return None;
    }
    let (before, after) = line.split_once("static ")?;
    let is_item = before.is_empty() || before.starts_with("pub") || before.starts_with("unsafe");
    let (name, ty) = after.trim_start_matches("mut ").split_once(':')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (is_item && is_name && !ty.starts_with(" [")).then(|| name.to_owned())
}
