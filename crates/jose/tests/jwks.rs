use portvakt_jose::{
    Algorithm, Error, Jwks, JwsPolicy, KeyFault, MAX_JWKS_BYTES, MAX_KEYS, TypRule, base64url,
    verify,
};
use serde_json::{Value, json};

use crate::support::{Issuer, POLICY, jwks, text};

#[test]
fn keys_are_used_or_ignored_for_a_reason() {
    let ed = Issuer::new("ed").jwk();
    let (rsa, ec) = (fixed_key("RSA"), fixed_key("EC"));
    let point = text(&ed["x"]).to_string();
    let n = text(&rsa["n"]).to_string();
    let cases: &[(&str, Value, Result<(), KeyFault>)] = &[
        ("an RSA key", rsa.clone(), Ok(())),
        ("a P-256 key", ec.clone(), Ok(())),
        ("an Ed25519 key", ed.clone(), Ok(())),
        ("no kid", with(&ed, "kid", None), Ok(())),
        ("no alg", with(&ed, "alg", None), Ok(())),
        ("no use", with(&ed, "use", None), Ok(())),
        (
            "a certificate",
            with(&rsa, "x5c", Some(json!(["MIIC"]))),
            Ok(()),
        ),
        (
            "unheard-of members",
            with(&ed, "iss", Some(json!({}))),
            Ok(()),
        ),
        // Kinds.
        (
            "no kty",
            with(&ed, "kty", None),
            Err(KeyFault::MemberMissing),
        ),
        (
            "kty null",
            with(&ed, "kty", Some(json!(null))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "kty unknown",
            with(&ed, "kty", Some(json!("AKP"))),
            Err(KeyFault::TypeUnsupported),
        ),
        (
            "kty in lower case",
            with(&rsa, "kty", Some(json!("rsa"))),
            Err(KeyFault::TypeUnsupported),
        ),
        (
            "a symmetric key",
            json!({ "kty": "oct", "k": "AAAA" }),
            Err(KeyFault::Private),
        ),
        (
            "a symmetric key, empty",
            json!({ "kty": "oct" }),
            Err(KeyFault::TypeUnsupported),
        ),
        (
            "crv missing",
            with(&ec, "crv", None),
            Err(KeyFault::MemberMissing),
        ),
        (
            "P-384",
            with(&ec, "crv", Some(json!("P-384"))),
            Err(KeyFault::CurveUnsupported),
        ),
        (
            "secp256k1",
            with(&ec, "crv", Some(json!("secp256k1"))),
            Err(KeyFault::CurveUnsupported),
        ),
        (
            "X25519",
            with(&ed, "crv", Some(json!("X25519"))),
            Err(KeyFault::CurveUnsupported),
        ),
        (
            "Ed448",
            with(&ed, "crv", Some(json!("Ed448"))),
            Err(KeyFault::CurveUnsupported),
        ),
        (
            "kty of another",
            with(&ec, "kty", Some(json!("RSA"))),
            Err(KeyFault::MemberMissing),
        ),
        // Private parts.
        (
            "d",
            with(&rsa, "d", Some(json!("AAAA"))),
            Err(KeyFault::Private),
        ),
        (
            "d, empty",
            with(&ed, "d", Some(json!(""))),
            Err(KeyFault::Private),
        ),
        (
            "d, null",
            with(&ec, "d", Some(json!(null))),
            Err(KeyFault::Private),
        ),
        (
            "p",
            with(&rsa, "p", Some(json!("AAAA"))),
            Err(KeyFault::Private),
        ),
        (
            "k",
            with(&ed, "k", Some(json!("AAAA"))),
            Err(KeyFault::Private),
        ),
        // Purpose.
        (
            "use enc",
            with(&ed, "use", Some(json!("enc"))),
            Err(KeyFault::NotForSignatures),
        ),
        (
            "use SIG",
            with(&ed, "use", Some(json!("SIG"))),
            Err(KeyFault::NotForSignatures),
        ),
        (
            "use null",
            with(&ed, "use", Some(json!(null))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "key_ops verify",
            with(&ed, "key_ops", Some(json!(["verify"]))),
            Ok(()),
        ),
        (
            "key_ops both",
            with(&ed, "key_ops", Some(json!(["sign", "verify"]))),
            Ok(()),
        ),
        (
            "key_ops sign",
            with(&ed, "key_ops", Some(json!(["sign"]))),
            Err(KeyFault::NotForVerification),
        ),
        (
            "key_ops none",
            with(&ed, "key_ops", Some(json!([]))),
            Err(KeyFault::NotForVerification),
        ),
        (
            "key_ops text",
            with(&ed, "key_ops", Some(json!("verify"))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "key_ops odd",
            with(&ed, "key_ops", Some(json!(["verify", 1]))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "alg null",
            with(&ed, "alg", Some(json!(null))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "alg unknown",
            with(&rsa, "alg", Some(json!("RS512"))),
            Err(KeyFault::AlgorithmUnsupported),
        ),
        (
            "alg of a MAC",
            with(&rsa, "alg", Some(json!("HS256"))),
            Err(KeyFault::AlgorithmUnsupported),
        ),
        (
            "alg of encryption",
            with(&rsa, "alg", Some(json!("RSA-OAEP"))),
            Err(KeyFault::AlgorithmUnsupported),
        ),
        (
            "alg of another kind",
            with(&rsa, "alg", Some(json!("ES256"))),
            Err(KeyFault::AlgorithmMismatch),
        ),
        ("alg PS256", with(&rsa, "alg", Some(json!("PS256"))), Ok(())),
        (
            "kid a number",
            with(&ed, "kid", Some(json!(1))),
            Err(KeyFault::MemberMalformed),
        ),
        // Points.
        (
            "x missing",
            with(&ec, "x", None),
            Err(KeyFault::MemberMissing),
        ),
        (
            "y missing",
            with(&ec, "y", None),
            Err(KeyFault::MemberMissing),
        ),
        (
            "x a number",
            with(&ec, "x", Some(json!(1))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "x padded",
            with(&ed, "x", Some(json!(format!("{point}=")))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "x of 31 bytes",
            with(&ec, "x", Some(json!(encode(&[1; 31])))),
            Err(KeyFault::CoordinateLength),
        ),
        (
            "x of 33 bytes",
            with(&ec, "x", Some(json!(encode(&[0; 33])))),
            Err(KeyFault::CoordinateLength),
        ),
        (
            "x of 31 bytes, Ed25519",
            with(&ed, "x", Some(json!(encode(&[9; 31])))),
            Err(KeyFault::CoordinateLength),
        ),
        (
            "x empty",
            with(&ed, "x", Some(json!(""))),
            Err(KeyFault::CoordinateLength),
        ),
        (
            "x and y changed",
            with(&ec, "x", Some(ec["y"].clone())),
            Err(KeyFault::NotOnCurve),
        ),
        (
            "x beyond the prime",
            with(&ec, "x", Some(json!(encode(&[0xff; 32])))),
            Err(KeyFault::NotOnCurve),
        ),
        (
            "the origin",
            with(
                &with(&ec, "x", Some(json!(encode(&[0; 32])))),
                "y",
                Some(json!(encode(&[0; 32]))),
            ),
            Err(KeyFault::NotOnCurve),
        ),
        (
            "no point of Ed25519",
            with(&ed, "x", Some(json!(encode(&first(2))))),
            Err(KeyFault::NotOnCurve),
        ),
        (
            "the neutral point",
            with(&ed, "x", Some(json!(encode(&first(1))))),
            Err(KeyFault::WeakPoint),
        ),
        (
            "a point of order 4",
            with(&ed, "x", Some(json!(encode(&[0; 32])))),
            Err(KeyFault::WeakPoint),
        ),
        (
            "another spelling of it",
            with(&ed, "x", Some(json!(encode(&beyond_the_prime())))),
            Err(KeyFault::NotOnCurve),
        ),
        // RSA.
        (
            "n missing",
            with(&rsa, "n", None),
            Err(KeyFault::MemberMissing),
        ),
        (
            "e missing",
            with(&rsa, "e", None),
            Err(KeyFault::MemberMissing),
        ),
        (
            "n empty",
            with(&rsa, "n", Some(json!(""))),
            Err(KeyFault::RsaTooSmall),
        ),
        (
            "n padded",
            with(&rsa, "n", Some(json!(format!("{n}==")))),
            Err(KeyFault::MemberMalformed),
        ),
        (
            "n zero",
            with(&rsa, "n", Some(json!(encode(&[0; 256])))),
            Err(KeyFault::RsaModulus),
        ),
        (
            "n with a leading zero",
            with(&rsa, "n", Some(json!(leading_zero(&n)))),
            Err(KeyFault::RsaModulus),
        ),
        (
            "n even",
            with(&rsa, "n", Some(json!(even(&n)))),
            Err(KeyFault::RsaModulus),
        ),
        (
            "n of 10 000 bytes",
            with(&rsa, "n", Some(json!(encode(&[0xff; 10_000])))),
            Err(KeyFault::RsaTooLarge),
        ),
        ("e 65537", exponent(&rsa, &[1, 0, 1]), Ok(())),
        ("e 65539", exponent(&rsa, &[1, 0, 3]), Ok(())),
        (
            "e 2^33 - 1",
            exponent(&rsa, &[1, 0xff, 0xff, 0xff, 0xff]),
            Ok(()),
        ),
        (
            "e 2^33 + 1",
            exponent(&rsa, &[2, 0, 0, 0, 1]),
            Err(KeyFault::RsaExponent),
        ),
        (
            "e 65536",
            exponent(&rsa, &[1, 0, 0]),
            Err(KeyFault::RsaExponent),
        ),
        (
            "e 65538",
            exponent(&rsa, &[1, 0, 2]),
            Err(KeyFault::RsaExponent),
        ),
        (
            "e 65535",
            exponent(&rsa, &[0xff, 0xff]),
            Err(KeyFault::RsaExponent),
        ),
        ("e 1", exponent(&rsa, &[1]), Err(KeyFault::RsaExponent)),
        ("e 3", exponent(&rsa, &[3]), Err(KeyFault::RsaExponent)),
        ("e 0", exponent(&rsa, &[0]), Err(KeyFault::RsaExponent)),
        ("e empty", exponent(&rsa, &[]), Err(KeyFault::RsaExponent)),
        (
            "e with a leading zero",
            exponent(&rsa, &[0, 1, 0, 1]),
            Err(KeyFault::RsaExponent),
        ),
        (
            "e of 9 bytes",
            exponent(&rsa, &[1, 0, 0, 0, 0, 0, 0, 0, 1]),
            Err(KeyFault::RsaExponent),
        ),
        (
            "e a number",
            with(&rsa, "e", Some(json!(65537))),
            Err(KeyFault::MemberMalformed),
        ),
    ];
    for (name, key, expected) in cases {
        // In company, so that one bad key cannot spoil a set.
        let set = jwks(&[Issuer::new("other").jwk(), key.clone()]);
        let outcome = match set.ignored() {
            [] => Ok(()),
            [ignored] => {
                assert_eq!(ignored.position(), 1, "{name}");
                assert_eq!(ignored.kid(), key["kid"].as_str(), "{name}");
                Err(ignored.fault())
            }
            more => unreachable!("{name}: {more:?}"),
        };
        assert_eq!(outcome, *expected, "{name}");
        assert_eq!(
            set.keys().count(),
            1 + usize::from(expected.is_ok()),
            "{name}"
        );
    }
}

#[test]
fn rsa_moduli_have_2048_to_4096_bits() {
    for (bits, expected) in [
        (512, Err(KeyFault::RsaTooSmall)),
        (1024, Err(KeyFault::RsaTooSmall)),
        (2047, Err(KeyFault::RsaTooSmall)),
        (2048, Ok(())),
        (2049, Ok(())),
        (3072, Ok(())),
        (4095, Ok(())),
        (4096, Ok(())),
        (4097, Err(KeyFault::RsaTooLarge)),
        (8192, Err(KeyFault::RsaTooLarge)),
    ] {
        assert_eq!(with_modulus_of(bits), expected, "{bits}");
    }
}

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

/// A key of the fixed tokens, of that type.
fn fixed_key(kty: &str) -> Value {
    fixed_cases()
        .into_iter()
        .map(|case| case["jwk"].clone())
        .find(|key| key["kty"] == kty)
        .expect("is there")
}

fn fixed_token(alg: &str) -> String {
    let case = fixed_cases()
        .into_iter()
        .find(|case| case["jwk"]["alg"] == alg)
        .expect("is there");
    text(&case["token"]).to_string()
}

fn fixed_cases() -> Vec<Value> {
    serde_json::from_str(include_str!("data/tokens.json")).expect("the file is JSON")
}

/// The key with a member changed or, for `None`, removed.
fn with(key: &Value, member: &str, value: Option<Value>) -> Value {
    let mut key = key.clone();
    let members = key.as_object_mut().expect("a key is an object");
    match value {
        Some(value) => members.insert(member.into(), value),
        None => members.remove(member),
    };
    key
}

fn exponent(key: &Value, bytes: &[u8]) -> Value {
    with(key, "e", Some(json!(encode(bytes))))
}

fn encode(bytes: &[u8]) -> String {
    base64url::encode(bytes)
}

/// 32 bytes of which the first is this one and the others are zero.
fn first(byte: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = byte;
    bytes
}

/// 2^255 - 19, which is 0 in another spelling.
fn beyond_the_prime() -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xed, 0x7f);
    bytes
}

fn leading_zero(n: &str) -> String {
    let mut bytes = vec![0];
    bytes.extend(base64url::decode(n).expect("base64url"));
    encode(&bytes)
}

fn even(n: &str) -> String {
    let mut bytes = base64url::decode(n).expect("base64url");
    *bytes.last_mut().expect("not empty") &= 0xfe;
    encode(&bytes)
}

/// What becomes of a key whose modulus has so many bits and no small factor.
fn with_modulus_of(bits: usize) -> Result<(), KeyFault> {
    for tail in (1..=u8::MAX).step_by(2) {
        let mut modulus = vec![0x5a; bits.div_ceil(8)];
        modulus[0] = 1 << ((bits - 1) % 8);
        *modulus.last_mut().expect("not empty") = tail;
        let key = json!({ "kty": "RSA", "n": encode(&modulus), "e": "AQAB" });
        match jwks(&[key]).ignored() {
            [] => return Ok(()),
            [ignored] if ignored.fault() == KeyFault::RsaModulus => {}
            [ignored, ..] => return Err(ignored.fault()),
        }
    }
    Err(KeyFault::RsaModulus)
}
