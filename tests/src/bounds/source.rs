//! The limits as they stand in the source: name, value and reason.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Where limits are.
const FOLDERS: [&str; 6] = [
    "crates/jose/src",
    "crates/oidc/src",
    "crates/digdir/src",
    "crates/leptos/src",
    "crates/wasm/src",
    "pkg/src",
];

/// A constant that is a limit.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Its file.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Its value, if it is a product or a shift of numbers.
    pub value: Option<u64>,
    /// What its comment says, in one line.
    pub reason: String,
}

/// Every constant whose name begins with `MAX_` or `MIN_`.
///
/// # Errors
/// When the source cannot be read.
pub fn constants() -> Result<Vec<Constant>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut found = Vec::new();
    for folder in FOLDERS {
        let mut files = Vec::new();
        walk(&root.join(folder), &mut files)?;
        files.sort();
        for path in files {
            let text = std::fs::read_to_string(&path)?;
            let file = path.strip_prefix(root)?.to_string_lossy().into_owned();
            found.extend(constants_of(&file, &text));
        }
    }
    Ok(found)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).context(folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|end| end == "rs" || end == "ts")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn constants_of(file: &str, text: &str) -> Vec<Constant> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(rest) = declaration(line) else {
            continue;
        };
        let name: String = rest
            .chars()
            .take_while(|letter| {
                letter.is_ascii_uppercase() || *letter == '_' || letter.is_ascii_digit()
            })
            .collect();
        if !name.starts_with("MAX_") && !name.starts_with("MIN_") {
            continue;
        }
        let value = rest.split_once('=').map_or("", |(_, value)| value);
        found.push(Constant {
            file: file.to_owned(),
            name,
            value: number(value.trim().trim_end_matches(';')),
            reason: comment_above(lines.get(..index).unwrap_or_default()),
        });
    }
    found
}

fn declaration(line: &str) -> Option<&str> {
    let line = line.trim_start();
    [
        "pub const ",
        "pub(crate) const ",
        "pub(super) const ",
        "const ",
        "export const ",
    ]
    .iter()
    .find_map(|start| line.strip_prefix(start))
}

/// The comment that ends where the declaration begins, without its marks.
fn comment_above(lines: &[&str]) -> String {
    let is_comment = |line: &&&str| {
        let line = line.trim();
        line.starts_with("///") || line.starts_with("/**") || line.starts_with('*')
    };
    let mut comment: Vec<&str> = lines
        .iter()
        .rev()
        .take_while(is_comment)
        .map(|line| {
            let line = line.trim().trim_end_matches("*/");
            line.trim_start_matches(['/', '*']).trim()
        })
        .filter(|line| !line.is_empty())
        .collect();
    comment.reverse();
    comment.join(" ")
}

/// A number, or several with `*` or `<<` between them.
fn number(text: &str) -> Option<u64> {
    let plain = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    if let Some(inner) = text.strip_prefix("Self(") {
        return plain(inner.trim_end_matches(')'));
    }
    if let Some((number, bits)) = text.split_once("<<") {
        return plain(number)?.checked_shl(u32::try_from(plain(bits)?).ok()?);
    }
    text.split('*')
        .map(plain)
        .try_fold(1_u64, |product, factor| product.checked_mul(factor?))
}
