//! The cases of JSONTestSuite: `y_` is to be read, `n_` is to be refused, `i_` is as one chooses.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use portvakt_jose::json::{JsonError, parse};

use crate::support::vectors;

/// Larger than every file of the suite.
const MAX_BYTES: usize = 1024 * 1024;

#[test]
fn valid_json_is_read_but_for_repeated_members() {
    let Some(folder) = vectors("valid_json_is_read_but_for_repeated_members") else {
        return;
    };
    let mut count = 0;
    for (name, outcome) in outcomes(&folder.join("json-test-suite/test_parsing"), "y_") {
        let expected = match name.as_str() {
            "y_object_duplicated_key.json" | "y_object_duplicated_key_and_value.json" => {
                Err(JsonError::DuplicateMember)
            }
            _ => Ok(()),
        };
        assert_eq!(outcome, expected, "{name}");
        count += 1;
    }
    assert_eq!(count, 95);
}

#[test]
fn invalid_json_is_refused() {
    let Some(folder) = vectors("invalid_json_is_refused") else {
        return;
    };
    let mut count = 0;
    for (name, outcome) in outcomes(&folder.join("json-test-suite/test_parsing"), "n_") {
        assert!(outcome.is_err(), "{name}");
        count += 1;
    }
    assert_eq!(count, 188);
}

#[test]
fn where_one_may_choose_the_choice_is_strict() {
    let Some(folder) = vectors("where_one_may_choose_the_choice_is_strict") else {
        return;
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, outcome) in outcomes(&folder.join("json-test-suite/test_parsing"), "i_") {
        let code = outcome.map_or_else(JsonError::code, |()| "read");
        let is_finite_number = [
            "i_number_double_huge_neg_exp.json",
            "i_number_real_underflow.json",
            "i_number_too_big_neg_int.json",
            "i_number_too_big_pos_int.json",
            "i_number_very_big_negative_int.json",
        ]
        .contains(&name.as_str());
        assert_eq!(code == "read", is_finite_number, "{name}");
        *counts.entry(code).or_default() += 1;
    }
    let expected = [
        ("json_byte_order_mark", 1),
        ("json_lone_surrogate", 10),
        ("json_not_utf8", 13),
        ("json_number_not_finite", 5),
        ("json_too_deep", 1),
        ("read", 5),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn where_readers_differ_about_meaning_this_one_refuses_or_is_exact() {
    let test = "where_readers_differ_about_meaning_this_one_refuses_or_is_exact";
    let Some(folder) = vectors(test) else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, outcome) in outcomes(&folder.join("json-test-suite/test_transform"), "") {
        let expected = if name.starts_with("object_same_key") {
            Err(JsonError::DuplicateMember)
        } else if name.contains("escaped_invalid_codepoint") {
            Err(JsonError::LoneSurrogate)
        } else if name.contains("invalid_codepoint") {
            Err(JsonError::NotUtf8)
        } else {
            Ok(())
        };
        assert_eq!(outcome, expected, "{name}");
        *counts
            .entry(outcome.map_or_else(JsonError::code, |()| "read"))
            .or_default() += 1;
    }
    let expected = [
        ("json_duplicate_member", 3),
        ("json_lone_surrogate", 3),
        ("json_not_utf8", 3),
        ("read", 13),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

fn outcomes(folder: &Path, prefix: &str) -> Vec<(String, Result<(), JsonError>)> {
    let mut outcomes = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        if name.starts_with(prefix) {
            let bytes = fs::read(&path).expect("the file can be read");
            outcomes.push((name, parse(&bytes, MAX_BYTES).map(drop)));
        }
    }
    outcomes
}
