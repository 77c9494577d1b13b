use std::collections::BTreeSet;

use portvakt_jose::base64url::NotBase64Url;
use portvakt_jose::json::JsonError;
use portvakt_jose::{Error, KeyFault};

type Row = (&'static str, &'static str, &'static str);

fn table() -> Vec<(&'static str, Row)> {
    let tokens = Error::ALL
        .iter()
        .map(|e| ("token_", (e.code(), e.sentence(), e.source())));
    let keys = KeyFault::ALL
        .iter()
        .map(|e| ("key_", (e.code(), e.sentence(), e.source())));
    let json = JsonError::ALL
        .iter()
        .map(|e| ("json_", (e.code(), e.sentence(), e.source())));
    tokens.chain(keys).chain(json).collect()
}

#[test]
fn codes_are_unique_prefixed_and_snake_case() {
    let mut seen = BTreeSet::new();
    for (prefix, (code, ..)) in table() {
        assert!(seen.insert(code), "{code} twice");
        assert!(code.starts_with(prefix), "{code}");
        let is_snake_case = code.split('_').all(|word| {
            !word.is_empty() && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9'))
        });
        assert!(is_snake_case, "{code}");
    }
}

#[test]
fn sentences_are_unique_and_end_with_a_full_stop() {
    let mut seen = BTreeSet::new();
    for (_, (code, sentence, _)) in table() {
        assert!(seen.insert(sentence), "{code}: the sentence of another");
        assert!(sentence.starts_with(char::is_uppercase), "{code}");
        assert!(
            sentence.ends_with('.') && !sentence.ends_with(".."),
            "{code}"
        );
        assert!(sentence.len() <= 100, "{code}: one short sentence");
    }
}

#[test]
fn every_error_has_a_source() {
    for (_, (code, _, source)) in table() {
        assert!(!source.is_empty() && !source.ends_with('.'), "{code}");
    }
}

#[test]
fn codes_lead_back_to_their_errors() {
    for error in Error::ALL {
        assert_eq!(Error::from_code(error.code()), Some(*error));
        assert_eq!(error.to_string(), error.sentence());
    }
    assert_eq!(
        NotBase64Url.to_string(),
        "The text is not unpadded base64url."
    );
    assert_eq!(Error::from_code("token_unheard_of"), None);
}
