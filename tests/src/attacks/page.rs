//! `docs/attacks.md`, the part of it that is written from the table.

use std::fmt::Write;

use super::coverage::{CLASSES, RULES, Topic};
use super::rows::sections;
use super::sentences::sentence;
use super::{Attack, LEFT_OUT, Mount, Outcome};

/// Where the part begins and ends in the page.
pub const MARKS: [&str; 2] = ["<!-- the table: begin -->\n", "<!-- the table: end -->\n"];

/// The part.
pub fn table() -> String {
    let mut page = String::new();
    let all = super::all();
    let count = |is: fn(&Attack) -> bool| all.iter().filter(|attack| is(attack)).count();
    let _ = writeln!(
        page,
        "There are {} rows. {} are played natively, {} of these again by the built modules of the npm package, {} by a \
         fault of the simulator; {} name a test of their own.",
        all.len(),
        count(|attack| !matches!(attack.mount, Mount::Test(..))),
        count(Attack::is_played_in_wasm),
        count(|attack| matches!(attack.mount, Mount::Fault(_))),
        count(|attack| matches!(attack.mount, Mount::Test(..))),
    );
    for section in sections() {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n| attack | what the library does | code | test | wasm |\n|---|---|---|---|---|\n",
            section.title, section.introduction
        );
        for row in &section.rows {
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                cell(row.attack),
                cell(&answer(row)),
                code(row.outcome),
                test(row),
                if row.is_played_in_wasm() { "yes" } else { "" }
            );
        }
    }
    page.push_str(
        "\n## Classes of bugs\n\nWhat this field has seen, where, and the rows above that try it here.\n\n\
         | class | seen in | tried by |\n|---|---|---|\n",
    );
    topics(&mut page, CLASSES, &all);
    page.push_str(
        "\n## Rules\n\nThe sections that a client or an API must hold, and the rows above that break them.\n\n\
         | section | about | tried by |\n|---|---|---|\n",
    );
    topics(&mut page, RULES, &all);
    page.push_str("\n## What does not apply\n\n| module or rule | why |\n|---|---|\n");
    for left_out in LEFT_OUT {
        let _ = writeln!(page, "| {} | {} |", left_out.name, cell(left_out.reason));
    }
    page
}

fn topics(page: &mut String, topics: &[Topic], all: &[Attack]) {
    for topic in topics {
        let rows = all.iter().filter(|row| row.of.contains(&topic.name));
        let names: Vec<_> = rows.map(|row| format!("`{}`", row.name)).collect();
        if !names.is_empty() {
            let _ = writeln!(
                page,
                "| {} | {} | {} |",
                topic.name,
                cell(topic.about),
                names.join(", ")
            );
        }
    }
}

/// What the library does, in a sentence or two.
fn answer(row: &Attack) -> String {
    let said = match row.outcome {
        Outcome::Refused(code) => sentence(code).unwrap_or("Refuses.").to_owned(),
        Outcome::RefusedForNow(code) => format!(
            "{} The session as it was can be renewed later.",
            sentence(code).unwrap_or("Refuses.")
        ),
        Outcome::RefusedNext(_) => {
            "Takes what came; the next renewal is refused, and the session is over.".to_owned()
        }
        Outcome::Told(_) => "Goes on, and tells what failed.".to_owned(),
        Outcome::Ignored => "Believes nothing of it, and changes nothing.".to_owned(),
        Outcome::Accepted if matches!(row.mount, Mount::Test(..)) => {
            "It comes to nothing, as the test shows.".to_owned()
        }
        Outcome::Accepted => "Goes on: there is nothing to refuse.".to_owned(),
    };
    if row.why.is_empty() {
        said
    } else {
        format!("{said} {}", row.why)
    }
}

fn code(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused(code)
        | Outcome::RefusedForNow(code)
        | Outcome::RefusedNext(code)
        | Outcome::Told(code) => format!("`{code}`"),
        Outcome::Ignored | Outcome::Accepted => String::new(),
    }
}

fn test(row: &Attack) -> String {
    match row.mount {
        Mount::Test(file, name) => format!("`{}`: {name} (`{file}`)", row.name),
        _ => format!("`{}`", row.name),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
