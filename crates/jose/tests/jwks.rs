//! Sets of keys, and which key of a set a token is checked with.

use portvakt_jose::{
    Algorithm, Error, Jwks, JwsPolicy, KeyFault, MAX_JWKS_BYTES, MAX_KEYS, TypRule, verify,
};
use serde_json::{Value, json};

use crate::support::{Issuer, POLICY, fixed_cases, fixed_key, fixed_token, jwks, text, with};

#[test]
fn broken_sets_are_errors() {
    let key = Issuer::new("ed").jwk().to_string();
    let cases = [
        (String::new(), Error::KeysMalformed),
        ("null".into(), Error::KeysMalformed),
        ("[]".into(), Error::KeysMalformed),
        ("{}".into(), Error::KeysMalformed),
        (r#"{"keys":null}"#.into(), Error::KeysMalformed),
        (r#"{"keys":{}}"#.into(), Error::KeysMalformed),
        (r#"{"keys":"[]"}"#.into(), Error::KeysMalformed),
        (r#"{"keys":[null]}"#.into(), Error::KeysMalformed),
        (format!(r#"{{"keys":[{key},"key"]}}"#), Error::KeysMalformed),
        (format!(r#"{{"keys":[{key}]}} x"#), Error::KeysMalformed),
        (
            format!(r#"{{"keys":[{key}],"keys":[]}}"#),
            Error::KeysMalformed,
        ),
        (
            format!(
                r#"{{"keys":[{}]}}"#,
                key.replace(r#""kty""#, r#""kty":"RSA","kty""#)
            ),
            Error::KeysMalformed,
        ),
        (
            format!("\u{feff}{{\"keys\":[{key}]}}"),
            Error::KeysMalformed,
        ),
        (key.clone(), Error::KeysMalformed),
        (
            format!(r#"{{"keys":[{}{{}}]}}"#, "{},".repeat(MAX_KEYS)),
            Error::TooManyKeys,
        ),
        (
            format!(r#"{{"keys":[]{}}}"#, " ".repeat(MAX_JWKS_BYTES)),
            Error::KeysTooLarge,
        ),
    ];
    for (set, expected) in cases {
        assert_eq!(
            Jwks::parse(set.as_bytes()).map(drop),
            Err(expected),
            "{set:.200}"
        );
    }
}

#[test]
fn sets_of_the_largest_size_and_without_keys_are_read() {
    let full = format!(r#"{{"keys":[{}{{}}]}}"#, "{},".repeat(MAX_KEYS - 1));
    assert_eq!(
        Jwks::parse(full.as_bytes()).expect("reads").ignored().len(),
        MAX_KEYS
    );
    let mut padded = String::from(r#"{"keys":[]}"#);
    padded.push_str(&" ".repeat(MAX_JWKS_BYTES - padded.len()));
    assert_eq!(
        Jwks::parse(padded.as_bytes())
            .expect("reads")
            .keys()
            .count(),
        0
    );
}

#[test]
fn a_token_that_names_its_key_is_checked_with_that_key_alone() {
    let (a, b) = (Issuer::new("a"), Issuer::new("b"));
    let token = a.token("{}");
    let renamed = |name: &str| with(&b.jwk(), "kid", Some(json!(name)));
    let rsa = with(&fixed_key("RSA"), "kid", Some(json!("a")));
    let ignored = with(&a.jwk(), "use", Some(json!("enc")));
    let cases = [
        ("alone", vec![a.jwk()], Ok(())),
        (
            "among others",
            vec![b.jwk(), fixed_key("EC"), a.jwk()],
            Ok(()),
        ),
        (
            "twice the same",
            vec![a.jwk(), with(&a.jwk(), "alg", None)],
            Ok(()),
        ),
        (
            "the name on a key of another kind as well",
            vec![rsa.clone(), a.jwk()],
            Ok(()),
        ),
        (
            "the name on an ignored key as well",
            vec![ignored.clone(), a.jwk()],
            Ok(()),
        ),
        ("no keys", vec![], Err(Error::UnknownKey)),
        ("others only", vec![b.jwk()], Err(Error::UnknownKey)),
        (
            "the key without a name",
            vec![with(&a.jwk(), "kid", None)],
            Err(Error::UnknownKey),
        ),
        (
            "the name on another key",
            vec![renamed("a")],
            Err(Error::SignatureInvalid),
        ),
        (
            "the name on two keys",
            vec![renamed("a"), a.jwk()],
            Err(Error::AmbiguousKey),
        ),
        (
            "the name on two keys, turned",
            vec![a.jwk(), renamed("a")],
            Err(Error::AmbiguousKey),
        ),
        (
            "the name on a key of another kind",
            vec![rsa, b.jwk()],
            Err(Error::KeyAlgorithmMismatch),
        ),
        (
            "the name on an ignored key",
            vec![ignored, b.jwk()],
            Err(Error::UnsuitableKey),
        ),
    ];
    for (name, keys, expected) in cases {
        assert_eq!(
            verify(&token, &jwks(&keys), &POLICY).map(drop),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_token_that_names_no_key_needs_a_set_with_one_suitable_key() {
    let (a, b) = (Issuer::new("a"), Issuer::new("b"));
    let token = a.sign(r#"{"alg":"EdDSA"}"#, b"{}");
    let nameless = with(&a.jwk(), "kid", None);
    let for_encryption = with(&b.jwk(), "use", Some(json!("enc")));
    let cases = [
        ("a key without a name", vec![nameless.clone()], Ok(())),
        ("a key with a name", vec![a.jwk()], Ok(())),
        (
            "others of other kinds",
            vec![fixed_key("RSA"), nameless.clone(), fixed_key("EC")],
            Ok(()),
        ),
        (
            "others that are ignored",
            vec![for_encryption, a.jwk()],
            Ok(()),
        ),
        (
            "the same key twice",
            vec![nameless.clone(), a.jwk()],
            Ok(()),
        ),
        ("two keys", vec![a.jwk(), b.jwk()], Err(Error::AmbiguousKey)),
        ("another key", vec![b.jwk()], Err(Error::SignatureInvalid)),
        (
            "none of the kind",
            vec![fixed_key("RSA")],
            Err(Error::UnknownKey),
        ),
        ("none", vec![], Err(Error::UnknownKey)),
    ];
    for (name, keys, expected) in cases {
        assert_eq!(
            verify(&token, &jwks(&keys), &POLICY).map(drop),
            expected,
            "{name}"
        );
    }
}

#[test]
fn two_keys_are_one_if_all_their_numbers_are() {
    for (alg, kty, members) in [
        ("RS256", "RSA", &["n", "e"][..]),
        ("ES256", "EC", &["x", "y"]),
        ("EdDSA", "OKP", &["x"]),
    ] {
        let case = fixed_cases()
            .into_iter()
            .find(|case| case["jwk"]["alg"] == alg && case["jwk"]["kty"] == kty)
            .expect("a key of the kind");
        let (key, token) = (&case["jwk"], fixed_token(alg));
        let outcome = |keys: &[Value]| verify(&token, &jwks(keys), &POLICY).map(drop);
        assert_eq!(outcome(&[key.clone(), key.clone()]), Ok(()), "{alg}");
        for member in members {
            let number = key[member].as_str().expect("a number");
            // The first letter in the middle that makes a key of it, and none of the same.
            let (before, after) = number.split_at(number.len() / 2);
            let other = ('A'..='Z')
                .map(|letter| format!("{before}{letter}{}", &after[1..]))
                .filter(|other| other != number)
                .map(|other| with(key, member, Some(json!(other))))
                .find(|other| jwks(std::slice::from_ref(other)).keys().count() == 1)
                .expect("another key");
            assert_eq!(
                outcome(&[key.clone(), other.clone()]),
                Err(Error::AmbiguousKey),
                "{alg} {member}"
            );
        }
    }
}

/// The same RSA key may sign with both algorithms, unless it says which one it is for.
#[test]
fn the_algorithm_of_a_key_binds_the_token() {
    let token = fixed_token("RS256");
    let policy = JwsPolicy::new(
        &[Algorithm::Rs256, Algorithm::Ps256],
        TypRule::AbsentOr("JWT"),
    );
    let key = fixed_key("RSA");
    for (alg, expected) in [
        (Some(json!("RS256")), Ok(())),
        (None, Ok(())),
        (Some(json!("PS256")), Err(Error::KeyAlgorithmMismatch)),
    ] {
        let set = jwks(&[with(&key, "alg", alg.clone())]);
        assert_eq!(verify(&token, &set, &policy).map(drop), expected, "{alg:?}");
    }
}

#[test]
fn names_and_algorithms_of_keys_can_be_read() {
    let set = jwks(&[Issuer::new("a").jwk(), with(&fixed_key("RSA"), "alg", None)]);
    let keys: Vec<_> = set.keys().collect();
    assert_eq!(keys[0].kid(), Some("a"));
    assert_eq!(keys[0].algorithm(), Some(Algorithm::EdDsa));
    assert_eq!(keys[1].algorithm(), None);
    assert!(keys[1].suits(Algorithm::Rs256) && keys[1].suits(Algorithm::Ps256));
    assert!(!keys[1].suits(Algorithm::EdDsa) && !keys[0].suits(Algorithm::Rs256));
}

/// As Altinn publishes them.
#[test]
fn padded_base64_is_read_only_where_it_was_asked_for() {
    let key = fixed_key("RSA");
    let padded = |text: &str| {
        let text = text.replace('-', "+").replace('_', "/");
        let padding = "=".repeat((4 - text.len() % 4) % 4);
        text + &padding
    };
    let n = padded(text(&key["n"]));
    assert!(
        n.ends_with("==") && n.contains(['+', '/']),
        "the example shows what it should"
    );
    let ordinary = with(&key, "n", Some(json!(n)));
    let token = fixed_token("RS256");

    let set = json!({ "keys": [ordinary] }).to_string();
    let strict = Jwks::parse(set.as_bytes()).expect("reads");
    assert_eq!(strict.ignored()[0].fault(), KeyFault::MemberMalformed);
    assert_eq!(verify(&token, &strict, &POLICY), Err(Error::UnsuitableKey));
    let lenient = Jwks::parse_padded_base64(set.as_bytes()).expect("reads");
    assert!(verify(&token, &lenient, &POLICY).is_ok());

    let mended = json!({ "keys": [key] }).to_string();
    let lenient = Jwks::parse_padded_base64(mended.as_bytes()).expect("reads");
    assert!(verify(&token, &lenient, &POLICY).is_ok());
}

#[test]
fn padded_base64_is_read_strictly_too_and_for_rsa_alone() {
    let key = fixed_key("RSA");
    let n = text(&key["n"]).replace('-', "+").replace('_', "/");
    let mixed = text(&key["n"]).to_string() + "==";
    let ed = Issuer::new("ed").jwk();
    let x = text(&ed["x"]).replace('-', "+").replace('_', "/") + "=";
    for (name, key) in [
        ("without its padding", with(&key, "n", Some(json!(n)))),
        (
            "with too little padding",
            with(&key, "n", Some(json!(format!("{n}=")))),
        ),
        (
            "with too much padding",
            with(&key, "n", Some(json!(format!("{n}===")))),
        ),
        (
            "with a newline",
            with(&key, "n", Some(json!(format!("{n}==\n")))),
        ),
        ("in the other alphabet", with(&key, "n", Some(json!(mixed)))),
        ("in a key of another kind", with(&ed, "x", Some(json!(x)))),
    ] {
        let set = json!({ "keys": [key] }).to_string();
        let set = Jwks::parse_padded_base64(set.as_bytes()).expect("reads");
        assert_eq!(
            set.ignored()[0].fault(),
            KeyFault::MemberMalformed,
            "{name}"
        );
    }
}
