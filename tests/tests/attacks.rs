//! Every row of the catalogue of attacks is a test of its name.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use portvakt_simulator::Fault;
use portvakt_tests::attacks::coverage::{CLASSES, MODULES, RULES};
use portvakt_tests::attacks::{Attack, LEFT_OUT, Mount, Outcome, all, page, stage};

/// Set to write the page.
const WRITE: &str = "PORTVAKT_WRITE_DOCS";

fn main() -> ExitCode {
    let rows = all().into_iter().map(|attack| {
        Trial::test(attack.name, move || {
            play(&attack).map_err(|error| Failed::from(format!("{error:#}")))
        })
    });
    let mut tests: Vec<_> = rows.collect();
    for (name, test) in TABLE {
        tests.push(Trial::test(*name, move || {
            test().map_err(|error| Failed::from(format!("{error:#}")))
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

fn play(attack: &Attack) -> Result<()> {
    if let Mount::Test(file, name) = attack.mount {
        return is_there(file, name);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(stage::play(attack)).map(drop)
}

/// The test that a row names must be there; the row is played where that test is.
fn is_there(file: &str, name: &str) -> Result<()> {
    let text = std::fs::read_to_string(root().join(file)).with_context(|| file.to_owned())?;
    ensure!(text.contains(name), "{file} has no {name}");
    Ok(())
}

type Check = fn() -> Result<()>;

/// What is true of the table as a whole.
const TABLE: &[(&str, Check)] = &[
    ("every_row_has_a_name_of_its_own", names_are_unique),
    ("every_topic_of_a_row_is_a_known_one", topics_are_known),
    (
        "every_rule_class_and_module_has_a_row_or_a_reason",
        all_is_covered,
    ),
    ("every_code_of_a_row_is_explained", codes_are_explained),
    ("every_fault_of_the_simulator_has_a_row", faults_have_rows),
    (
        "the_page_of_attacks_is_what_the_table_says",
        page_is_current,
    ),
    (
        "no_page_listens_to_messages_of_other_windows",
        nobody_listens,
    ),
];

fn names_are_unique() -> Result<()> {
    let mut seen = BTreeSet::new();
    for attack in all() {
        ensure!(seen.insert(attack.name), "{} is there twice", attack.name);
    }
    Ok(())
}

fn topics_are_known() -> Result<()> {
    let known: BTreeSet<_> = RULES
        .iter()
        .chain(CLASSES)
        .map(|topic| topic.name)
        .collect();
    for attack in all() {
        for of in attack.of {
            ensure!(known.contains(of), "{}: {of}", attack.name);
        }
    }
    Ok(())
}

fn all_is_covered() -> Result<()> {
    let rows = all();
    let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
    let tried: BTreeSet<_> = rows.iter().flat_map(|row| row.of.iter().copied()).collect();
    let left_out: BTreeSet<_> = LEFT_OUT.iter().map(|out| out.name).collect();
    let topics = RULES.iter().chain(CLASSES).map(|topic| topic.name);
    for (name, is_tried) in topics
        .map(|name| (name, tried.contains(name)))
        .chain(MODULES.iter().map(|name| (*name, names.contains(name))))
    {
        ensure!(
            is_tried != left_out.contains(name),
            "{name}: a row, or a reason, and not both"
        );
    }
    let known: BTreeSet<_> = RULES.iter().map(|topic| topic.name).collect();
    for name in left_out {
        ensure!(
            known.contains(name) || MODULES.contains(&name),
            "{name} is left out, and nobody asked for it"
        );
    }
    Ok(())
}

fn codes_are_explained() -> Result<()> {
    let errors = std::fs::read_to_string(root().join("docs/errors.md"))?;
    let driver = std::fs::read_to_string(root().join("pkg/src/errors.ts"))?;
    for attack in all() {
        let (Outcome::Refused(code)
        | Outcome::RefusedForNow(code)
        | Outcome::RefusedNext(code)
        | Outcome::Told(code)) = attack.outcome
        else {
            continue;
        };
        ensure!(
            errors.contains(&format!("| `{code}` |")) || driver.contains(&format!("{code}:")),
            "{}: {code}",
            attack.name
        );
    }
    Ok(())
}

fn faults_have_rows() -> Result<()> {
    let rows = all();
    for fault in Fault::ALL {
        ensure!(
            rows.iter().any(|row| row.name == fault.name()),
            "{fault} has no row"
        );
    }
    Ok(())
}

fn page_is_current() -> Result<()> {
    let path = root().join("docs/attacks.md");
    let written = std::fs::read_to_string(&path)?;
    let [begin, end] = page::MARKS;
    let (before, rest) = written.split_once(begin).context("the first mark")?;
    let (_, after) = rest.split_once(end).context("the second mark")?;
    let page = [before, begin, &page::table(), end, after].concat();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &page)?;
        return Ok(());
    }
    ensure!(
        written == page,
        "docs/attacks.md is out of date: run this test with {WRITE}=1"
    );
    Ok(())
}

/// Whoever listens to messages of other windows has to judge who sent them, and often does not.
fn nobody_listens() -> Result<()> {
    for folder in ["pkg/src", "crates/leptos/src"] {
        for entry in walk(&root().join(folder))? {
            let text = std::fs::read_to_string(&entry).unwrap_or_default();
            for word in ["postMessage(", "'message'", "\"message\""] {
                let is_channel = text.contains("BroadcastChannel");
                ensure!(
                    !text.contains(word) || is_channel,
                    "{} has {word}",
                    entry.display()
                );
            }
            ensure!(
                !text.contains("window.addEventListener('message'"),
                "{} listens",
                entry.display()
            );
        }
    }
    Ok(())
}

fn walk(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
