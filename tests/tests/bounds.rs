//! Every limit has a reason, and a proof that it is where it is said to be.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use portvakt_tests::attacks::{Scene, stage};
use portvakt_tests::bounds::{BOUNDS, Constant, Proof, constants};

/// Set to write the page.
const WRITE: &str = "PORTVAKT_WRITE_DOCS";

const INTRODUCTION: &str = "# Limits

What comes from outside is read up to a limit, and refused beyond it. A limit is a constant with its reason, and a test
accepts what is at it and refuses what is one past it. None can be configured away; defaults are in
[defaults](defaults.md).

This page is written from the constants: `PORTVAKT_WRITE_DOCS=1 cargo test -p portvakt-tests --test bounds` does it. A
constant that it does not have fails the test.

| limit | value | reason | proof |
|---|---|---|---|
";

#[tokio::test]
async fn at_every_limit_something_is_accepted_and_one_past_it_refused() -> Result<()> {
    let mut wrong = Vec::new();
    for bound in BOUNDS {
        let (at, past, code) = match bound.proof {
            Proof::Call(probe, code) => (probe(bound.limit), probe(bound.limit + 1), code),
            Proof::Login(direct, code) => (
                stage::login(direct(Scene::new(), bound.limit)).await?,
                stage::login(direct(Scene::new(), bound.limit + 1)).await?,
                code,
            ),
            Proof::Userinfo(direct, code) => (
                stage::userinfo(direct(Scene::new(), bound.limit)).await?,
                stage::userinfo(direct(Scene::new(), bound.limit + 1)).await?,
                code,
            ),
            Proof::Test(file, text) => {
                let source = std::fs::read_to_string(root().join(file)).context(file)?;
                ensure!(
                    source.contains(text),
                    "{}: {file} has no {text}",
                    bound.name
                );
                continue;
            }
            Proof::Follows(_) => continue,
        };
        if (at, past) != ("accepted", code) {
            wrong.push(format!("{} {}: {at}, {past}", bound.file, bound.name));
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
    Ok(())
}

#[test]
fn every_limit_has_a_reason_a_value_and_a_proof() -> Result<()> {
    for Constant {
        file,
        name,
        value,
        reason,
    } in constants()?
    {
        ensure!(!reason.is_empty(), "{file} {name} has no reason");
        let bound = BOUNDS
            .iter()
            .find(|bound| bound.file == file && bound.name == name)
            .with_context(|| format!("{file} {name} has no proof"))?;
        if let Some(value) = value {
            ensure!(value == bound.limit as u64, "{file} {name} is {value}");
        }
    }
    Ok(())
}

#[test]
fn the_page_of_limits_is_what_the_constants_say() -> Result<()> {
    let path = root().join("docs/limits.md");
    let constants = constants()?;
    let mut page = INTRODUCTION.to_owned();
    for bound in BOUNDS {
        let constant = constants
            .iter()
            .find(|constant| constant.file == bound.file && constant.name == bound.name)
            .with_context(|| format!("{} {} is gone", bound.file, bound.name))?;
        let value = constant.value.map_or_else(String::new, thousands);
        let proof = match bound.proof {
            Proof::Call(_, code) | Proof::Login(_, code) | Proof::Userinfo(_, code) => {
                format!("one past it: `{code}`")
            }
            Proof::Test(file, _) => format!("`{file}`"),
            Proof::Follows(reason) => reason.to_owned(),
        };
        page.push_str(&format!(
            "| `{}` | {value} | {} | {proof} |\n",
            bound.name,
            linkless(&constant.reason)
        ));
    }
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &page)?;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    ensure!(
        written == page,
        "docs/limits.md is out of date: run this test with {WRITE}=1"
    );
    Ok(())
}

/// The digits in groups of three.
fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A comment without the links that only rustdoc follows.
fn linkless(comment: &str) -> String {
    comment
        .replace("[`", "`")
        .replace("`]", "`")
        .replace('|', "\\|")
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
