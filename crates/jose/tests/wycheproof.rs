//! The JOSE sets of Wycheproof. Every test is run and counted.
//!
//! Labels are those of the published files but for the defects and differences of policy that
//! `OVERRIDES.json` beside them lists with reasons, and for algorithms that are not supported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use portvakt_jose::{Error, base64url, verify_jws};
use serde_json::{Value, json};

use crate::support::{POLICY, array, jwks, parse_jwks, read_json, text, vectors};

/// What became of the tests of a file.
#[derive(Debug, Default, Eq, PartialEq)]
struct Tally {
    accepted: usize,
    refused: usize,
    /// Valid by the published label, and refused for the reason named.
    out_of_policy: BTreeMap<&'static str, usize>,
}

#[test]
fn signatures_agree() {
    let Some(folder) = vectors("signatures_agree") else {
        return;
    };
    let tally = run(
        &folder.join("wycheproof"),
        "json_web_signature_test.json",
        401,
    );
    let out_of_policy = BTreeMap::from([("token_alg_not_allowed", 30)]);
    assert_eq!(
        tally,
        Tally {
            accepted: 16,
            refused: 355,
            out_of_policy
        }
    );
}

#[test]
fn keys_agree() {
    let Some(folder) = vectors("keys_agree") else {
        return;
    };
    let tally = run(&folder.join("wycheproof"), "json_web_key_test.json", 26);
    let out_of_policy = BTreeMap::from([("token_alg_not_allowed", 4)]);
    assert_eq!(
        tally,
        Tally {
            accepted: 1,
            refused: 21,
            out_of_policy
        }
    );
}

#[test]
fn crypto_agrees() {
    let Some(folder) = vectors("crypto_agrees") else {
        return;
    };
    let tally = run(&folder.join("wycheproof"), "json_web_crypto_test.json", 83);
    let out_of_policy = BTreeMap::from([("token_alg_not_allowed", 2), ("token_encrypted", 2)]);
    assert_eq!(
        tally,
        Tally {
            accepted: 2,
            refused: 77,
            out_of_policy
        }
    );
}

/// The group about base64 is signed with HS256, which is never allowed. Here its tokens are signed
/// again with ES256, with every odd character at its place, so that the form alone decides.
#[test]
fn base64_tests_agree_when_they_are_signed_with_another_algorithm() {
    let test = "base64_tests_agree_when_they_are_signed_with_another_algorithm";
    let Some(folder) = vectors(test) else { return };
    let folder = folder.join("wycheproof");
    let file = read_json(&folder.join("json_web_signature_test.json"));
    let overrides = Overrides::read(&folder, "json_web_signature_test.json");
    let group = array(&file["testGroups"])
        .iter()
        .find(|group| group["comment"] == "base64");
    let tests = array(&group.expect("the group is there")["tests"]);

    let key = SigningKey::from_slice(&[7; 32]).expect("a scalar");
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = (point.x().expect("an x"), point.y().expect("a y"));
    let (x, y) = (base64url::encode(x), base64url::encode(y));
    let kid = "hs256-key";
    let set = jwks(&[json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid })]);

    let mut counts = (0, 0);
    for test in tests {
        let id = test["tcId"].as_u64().expect("a number");
        let [header, payload, mac] = parts(text(&test["jws"]));
        // HS256 and ES256 are of the same length, so the characters stay where they are.
        let renamed = decode(&header).replace("HS256", "ES256");
        let header = put_back_odd_characters(&header, &base64url::encode(renamed));
        let input = format!("{header}.{payload}");
        let signature: Signature = key.sign(input.as_bytes());
        let signature = put_back_odd_characters(&mac, &base64url::encode(signature.to_bytes()));

        let is_valid = overrides
            .label_defects
            .get(&id)
            .copied()
            .unwrap_or(test["result"] == "valid");
        let outcome = verify_jws(&format!("{input}.{signature}"), &set, &POLICY).map(drop);
        let expected = if is_valid {
            Ok(())
        } else {
            Err(Error::Malformed)
        };
        assert_eq!(outcome, expected, "{id} {}", test["comment"]);
        if is_valid {
            counts.0 += 1
        } else {
            counts.1 += 1
        }
    }
    assert_eq!(counts, (7, 14));
}

fn run(folder: &Path, name: &str, count: usize) -> Tally {
    let file = read_json(&folder.join(name));
    let overrides = Overrides::read(folder, name);
    let (mut tally, mut seen) = (Tally::default(), 0);
    for group in array(&file["testGroups"]) {
        // Groups with a symmetric key have no public one.
        let key = group.get("public").unwrap_or(&group["private"]);
        let set = if key["keys"].is_array() {
            parse_jwks(key)
        } else {
            jwks(std::slice::from_ref(key))
        };
        for test in array(&group["tests"]) {
            seen += 1;
            let id = test["tcId"].as_u64().expect("a number");
            let token = test.get("jws").or(test.get("jwe")).expect("a token");
            let token = token
                .as_str()
                .map_or_else(|| token.to_string(), String::from);
            let outcome = verify_jws(&token, &set, &POLICY).map(drop);
            let case = format!("{name} {id} {}: {outcome:?}", test["comment"]);

            let label = test["result"] == "valid";
            let label = overrides.label_defects.get(&id).copied().unwrap_or(label);
            match (label, outcome) {
                (false, Err(_)) => tally.refused += 1,
                (true, Ok(())) if !overrides.refused_by_policy.contains(&id) => tally.accepted += 1,
                (true, Err(error)) => {
                    let is_explained = overrides.refused_by_policy.contains(&id)
                        || error == Error::AlgorithmNotAllowed;
                    assert!(is_explained, "{case}");
                    *tally.out_of_policy.entry(error.code()).or_default() += 1;
                }
                (_, Ok(())) => unreachable!("false accept: {case}"),
            }
        }
    }
    assert_eq!(
        (seen, file["numberOfTests"].as_u64()),
        (count, Some(count as u64))
    );
    tally
}

/// What `OVERRIDES.json` says of one file.
struct Overrides {
    /// Whether a test with a wrong label is truly valid.
    label_defects: BTreeMap<u64, bool>,
    refused_by_policy: BTreeSet<u64>,
}

impl Overrides {
    fn read(folder: &Path, name: &str) -> Self {
        let file = read_json(&folder.join("OVERRIDES.json"));
        let rows = |table: &str| -> Vec<(String, Value)> {
            let rows = file[table].get(name).and_then(Value::as_object);
            rows.into_iter()
                .flatten()
                .map(|(ids, row)| (ids.clone(), row.clone()))
                .collect()
        };
        let defects = rows("label_defects").into_iter();
        let policy = rows("policy_differences").into_iter();
        Self {
            label_defects: defects
                .flat_map(|(ids, row)| numbers(&ids).map(move |id| (id, row["use"] == "valid")))
                .collect(),
            refused_by_policy: policy.flat_map(|(ids, _)| numbers(&ids)).collect(),
        }
    }
}

/// The numbers of `1,348` or `50-83`.
fn numbers(ids: &str) -> impl Iterator<Item = u64> + use<> {
    let ranges: Vec<_> = ids
        .split(',')
        .map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let number = |text: &str| text.parse::<u64>().expect("a number");
            number(first)..=number(last)
        })
        .collect();
    ranges.into_iter().flatten()
}

fn parts(token: &str) -> [String; 3] {
    let parts: Vec<String> = token.split('.').map(String::from).collect();
    parts.try_into().expect("three parts")
}

fn is_odd(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || character == '-' || character == '_')
}

fn decode(part: &str) -> String {
    let even: String = part
        .chars()
        .filter(|character| !is_odd(*character))
        .collect();
    let bytes = base64url::decode(even).expect("base64url but for the odd characters");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Inserts the odd characters of one text at the same places into another.
fn put_back_odd_characters(from: &str, into: &str) -> String {
    let mut text: Vec<char> = into.chars().collect();
    for (position, character) in from
        .char_indices()
        .filter(|(_, character)| is_odd(*character))
    {
        text.insert(position.min(text.len()), character);
    }
    text.into_iter().collect()
}
