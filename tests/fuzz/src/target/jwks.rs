//! A set of keys.

use std::sync::LazyLock;

use portvakt_jose::{
    Algorithm, Jwks, JwsPolicy, MAX_JWKS_BYTES, MAX_KEYS, SignatureAnswer, TypRule, UnverifiedJws,
    json,
};

use super::assert_hidden;
use crate::world::{GOOD_TOKENS, KEYS_JSON};

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let set = json::parse(KEYS_JSON.as_bytes(), KEYS_JSON.len()).expect("test data");
    let keys = set
        .get("keys")
        .and_then(json::Value::as_array)
        .expect("test data");
    let mut seeds: Vec<String> = keys
        .iter()
        .map(|key| format!(r#"{{"keys":[{}]}}"#, key.to_json()))
        .collect();
    seeds.push(KEYS_JSON.clone());
    seeds.push(r#"{"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA"},{"kty":"oct","k":"AAAA"},{"kty":"RSA","n":"AQAB","e":"AQAB","use":"enc","key_ops":["verify"]}]}"#.into());
    seeds.into_iter().map(String::into_bytes).collect()
}

/// Some tokens to ask the keys about: one for each algorithm is enough.
static ASKED: LazyLock<Vec<UnverifiedJws>> = LazyLock::new(|| {
    let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
    Algorithm::ALL
        .iter()
        .filter_map(|algorithm| {
            GOOD_TOKENS
                .iter()
                .filter_map(|token| UnverifiedJws::parse(token, &policy).ok())
                .find(|token| token.header().algorithm() == *algorithm)
        })
        .collect()
});

pub(super) fn run(input: &[u8]) {
    for parse in [Jwks::parse, Jwks::parse_padded_base64] {
        let Ok(keys) = parse(input) else { continue };
        check(&keys, input);
    }
    // What is read strictly is read leniently too, and is the same.
    if let (Ok(strict), Ok(lenient)) = (Jwks::parse(input), Jwks::parse_padded_base64(input)) {
        assert!(strict.keys().count() <= lenient.keys().count());
    }
}

fn check(keys: &Jwks, input: &[u8]) {
    assert!(input.len() <= MAX_JWKS_BYTES);
    let set = json::parse(input, MAX_JWKS_BYTES).expect("it was read");
    let entries = set
        .get("keys")
        .and_then(json::Value::as_array)
        .expect("it was read");
    assert!(entries.len() <= MAX_KEYS);
    assert_eq!(keys.keys().count() + keys.ignored().len(), entries.len());
    let readable = set.to_json();
    for key in keys.keys() {
        let json = key.to_json();
        // What WebCrypto imports is a key of ours again, and the same.
        let again = Jwks::parse(format!(r#"{{"keys":[{json}]}}"#).as_bytes()).expect("a set");
        assert_eq!(
            again.keys().map(|key| key.to_json()).collect::<Vec<_>>(),
            [json]
        );
        assert!(Algorithm::ALL.iter().any(|algorithm| key.suits(*algorithm)));
        assert_hidden(keys, key.kid().unwrap_or_default(), &readable);
    }
    for key in keys.ignored() {
        assert!(key.position() < entries.len());
        let _ = key.fault().code();
    }
    for token in ASKED.iter() {
        if let Ok(question) = token.question(keys) {
            assert!(question.key().suits(question.algorithm()));
            // In software, since the arithmetic is of a key that anybody may have made.
            let _: SignatureAnswer = question.answer();
        }
    }
}
