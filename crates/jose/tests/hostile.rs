//! Tokens that mean harm. Those of the tables are signed by the right key, so that nothing but the
//! fault at hand can be the reason for refusal.

use std::fmt::Write as _;

use portvakt_jose::json::{self, JsonError, MAX_MEMBERS};
use portvakt_jose::{
    Algorithm, Error, Jwks, JwsPolicy, MAX_HEADER_BYTES, MAX_TOKEN_BYTES, TypRule, base64url,
    verify, verify_jws,
};
use proptest::prelude::{any, proptest};
use serde_json::json;

use crate::support::{Issuer, POLICY, jwks};

const HEADER: &str = r#"{"alg":"EdDSA","kid":"hostile"}"#;

#[test]
fn headers_are_refused_for_what_is_wrong_with_them() {
    let issuer = Issuer::new("hostile");
    let jwk = issuer.jwk();
    let certificate = "A".repeat(2600);
    let cases: &[(String, Result<(), Error>)] = &[
        (HEADER.into(), Ok(())),
        (
            r#" { "alg" : "EdDSA" , "kid" : "hostile" } "#.into(),
            Ok(()),
        ),
        (
            r#"{"\u0061lg":"EdDSA","kid":"host\u0069le"}"#.into(),
            Ok(()),
        ),
        (r#"{"alg":"Ed25519","kid":"hostile"}"#.into(), Ok(())),
        (
            header(r#""x5c":["MIID"],"x5t":"a","x5u":"https://evil.example""#),
            Ok(()),
        ),
        (
            header(&format!(r#""x5c":["{certificate}","{certificate}"]"#)),
            Ok(()),
        ),
        (
            header(r#""jku":"https://evil.example","jwk":{"kty":"oct"}"#),
            Ok(()),
        ),
        (header(r#""x5c":1,"jku":null,"cty":[]"#), Ok(())),
        (header(r#""unheard-of":{"a":[1]}"#), Ok(())),
        // Algorithms.
        (r#"{"kid":"hostile"}"#.into(), Err(Error::AlgorithmMissing)),
        (
            r#"{"alg":"none","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"None","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"nOnE","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"HS256","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"eddsa","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"EdDSA ","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"RS384","kid":"hostile"}"#.into(),
            Err(Error::AlgorithmNotAllowed),
        ),
        (
            r#"{"alg":"RS256","kid":"hostile"}"#.into(),
            Err(Error::KeyAlgorithmMismatch),
        ),
        (
            r#"{"alg":null,"kid":"hostile"}"#.into(),
            Err(Error::HeaderMalformed),
        ),
        (
            r#"{"alg":["EdDSA"],"kid":"hostile"}"#.into(),
            Err(Error::HeaderMalformed),
        ),
        // Keys.
        (
            r#"{"alg":"EdDSA","kid":1}"#.into(),
            Err(Error::HeaderMalformed),
        ),
        (
            r#"{"alg":"EdDSA","kid":null}"#.into(),
            Err(Error::HeaderMalformed),
        ),
        (r#"{"alg":"EdDSA","kid":""}"#.into(), Err(Error::UnknownKey)),
        (
            r#"{"alg":"EdDSA","kid":"Hostile"}"#.into(),
            Err(Error::UnknownKey),
        ),
        (
            r#"{"alg":"EdDSA","kid":"hostile "}"#.into(),
            Err(Error::UnknownKey),
        ),
        (
            format!(r#"{{"alg":"EdDSA","kid":"other","jwk":{jwk}}}"#),
            Err(Error::UnknownKey),
        ),
        // Extensions.
        (
            header(r#""crit":["exp"],"exp":1"#),
            Err(Error::CriticalHeader),
        ),
        (header(r#""crit":[]"#), Err(Error::CriticalHeader)),
        (header(r#""crit":null"#), Err(Error::CriticalHeader)),
        (header(r#""crit":["alg"]"#), Err(Error::CriticalHeader)),
        (
            header(r#""crit":["b64"],"b64":false"#),
            Err(Error::CriticalHeader),
        ),
        (header(r#""b64":false"#), Err(Error::UnencodedPayload)),
        (header(r#""b64":true"#), Err(Error::UnencodedPayload)),
        (header(r#""enc":"A128GCM""#), Err(Error::Encrypted)),
        (header(r#""zip":"DEF""#), Err(Error::Encrypted)),
        // Types.
        (header(r#""typ":"JWT""#), Ok(())),
        (header(r#""typ":"jwt""#), Ok(())),
        (header(r#""typ":"application/JWT""#), Ok(())),
        (header(r#""typ":"APPLICATION/jwt""#), Ok(())),
        (header(r#""typ":"at+jwt""#), Err(Error::TypeMismatch)),
        (header(r#""typ":"logout+jwt""#), Err(Error::TypeMismatch)),
        (header(r#""typ":"""#), Err(Error::TypeMismatch)),
        (header(r#""typ":"JWT ""#), Err(Error::TypeMismatch)),
        (header(r#""typ":"JWT;v=1""#), Err(Error::TypeMismatch)),
        (header(r#""typ":"text/JWT""#), Err(Error::TypeMismatch)),
        (
            header(r#""typ":"application/application/JWT""#),
            Err(Error::TypeMismatch),
        ),
        (header(r#""typ":["JWT"]"#), Err(Error::HeaderMalformed)),
        (header(r#""typ":null"#), Err(Error::HeaderMalformed)),
        // JSON.
        (
            r#"{"alg":"EdDSA","kid":"hostile","alg":"EdDSA"}"#.into(),
            Err(Error::HeaderMalformed),
        ),
        (
            r#"{"alg":"EdDSA","\u0061lg":"none","kid":"hostile"}"#.into(),
            Err(Error::HeaderMalformed),
        ),
        (format!("\u{feff}{HEADER}"), Err(Error::HeaderMalformed)),
        (format!("{HEADER} {HEADER}"), Err(Error::HeaderMalformed)),
        (format!("{HEADER}\0"), Err(Error::HeaderMalformed)),
        (format!("[{HEADER}]"), Err(Error::HeaderMalformed)),
        ("null".into(), Err(Error::HeaderMalformed)),
        (r#""EdDSA""#.into(), Err(Error::HeaderMalformed)),
        ("{".into(), Err(Error::HeaderMalformed)),
        (String::new(), Err(Error::HeaderMalformed)),
        (
            header(&format!(r#""a":{}"#, "[".repeat(10_000))),
            Err(Error::HeaderMalformed),
        ),
        (header(r#""a":1e999"#), Err(Error::HeaderMalformed)),
        (header(r#""a":"\ud800""#), Err(Error::HeaderMalformed)),
        (
            header(&format!(r#""a":"{}""#, "a".repeat(MAX_HEADER_BYTES))),
            Err(Error::HeaderMalformed),
        ),
    ];
    for (header, expected) in cases {
        let token = issuer.sign(header, b"{}");
        let outcome = verify(&token, &issuer.jwks(), &POLICY).map(drop);
        assert_eq!(outcome, *expected, "{:.100}", header);
    }
}

#[test]
fn the_header_of_a_verified_token_tells_what_was_verified() {
    let issuer = Issuer::new("hostile");
    let token = issuer.sign(&header(r#""typ":"application/jwt""#), b"{}");
    let jwt = verify(&token, &issuer.jwks(), &POLICY).expect("verifies");
    let header = jwt.header();
    assert_eq!(header.algorithm(), Algorithm::EdDsa);
    assert_eq!(
        (header.kid(), header.typ()),
        (Some("hostile"), Some("application/jwt"))
    );

    let bare = issuer.sign(r#"{"alg":"Ed25519"}"#, b"{}");
    let jws = verify_jws(&bare, &issuer.jwks(), &POLICY).expect("verifies");
    assert_eq!((jws.header().kid(), jws.header().typ()), (None, None));
}

#[test]
fn the_largest_header_is_as_large_as_it_says() {
    let issuer = Issuer::new("hostile");
    let filled = |length: usize| {
        let empty = header(r#""a":"""#).len();
        header(&format!(r#""a":"{}""#, "a".repeat(length - empty)))
    };
    let outcome = |length| {
        verify(
            &issuer.sign(&filled(length), b"{}"),
            &issuer.jwks(),
            &POLICY,
        )
    };
    assert!(outcome(MAX_HEADER_BYTES).is_ok());
    assert_eq!(outcome(MAX_HEADER_BYTES + 1), Err(Error::HeaderMalformed));
}

#[test]
fn claims_are_one_strict_json_object() {
    let issuer = Issuer::new("hostile");
    let refused: &[&[u8]] = &[
        b"",
        b"null",
        b"[]",
        b"\"{}\"",
        b"{}{}",
        b"{} x",
        b"\xEF\xBB\xBF{}",
        b"{\"sub\":\"\xFF\"}",
        br#"{"sub":"a","sub":"b"}"#,
        br#"{"sub":"a","\u0073ub":"b"}"#,
        br#"{"exp":1e400}"#,
        br#"{"exp":Infinity}"#,
        br#"{"a":"\udead"}"#,
        br#"{"a":01}"#,
        br#"{"a":1,}"#,
        br#"{'a':1}"#,
    ];
    for payload in refused {
        let token = issuer.sign(HEADER, payload);
        assert!(verify_jws(&token, &issuer.jwks(), &POLICY).is_ok());
        let outcome = verify(&token, &issuer.jwks(), &POLICY);
        assert_eq!(
            outcome,
            Err(Error::ClaimsMalformed),
            "{}",
            payload.escape_ascii()
        );
    }
    let nested = format!("{{\"a\":{}", "[".repeat(50_000));
    assert_eq!(issuer.verified(&nested), Err(Error::ClaimsMalformed));
}

#[test]
fn other_forms_than_the_compact_one_are_refused() {
    let issuer = Issuer::new("hostile");
    let token = issuer.sign(HEADER, b"{}");
    let (input, signature) = token.rsplit_once('.').expect("three parts");
    let (head, payload) = input.split_once('.').expect("three parts");
    let cases = [
        (String::new(), Error::Malformed),
        (".".into(), Error::Malformed),
        ("..".into(), Error::HeaderMalformed),
        ("...".into(), Error::Malformed),
        ("....".into(), Error::Encrypted),
        (head.into(), Error::Malformed),
        (input.into(), Error::Malformed),
        (format!("{input}."), Error::SignatureInvalid),
        (format!("{head}..{signature}"), Error::SignatureInvalid),
        (format!(".{payload}.{signature}"), Error::HeaderMalformed),
        (format!("{token}."), Error::Malformed),
        (format!(".{token}"), Error::Malformed),
        (format!("{token}.{payload}.{signature}"), Error::Encrypted),
        ("{\"a\": \"....\"}".into(), Error::Malformed),
        (format!(" {token}"), Error::Malformed),
        (format!("{token} "), Error::Malformed),
        (format!("{token}\n"), Error::Malformed),
        (format!("{token}\0"), Error::Malformed),
        (format!("{token}="), Error::Malformed),
        (format!("{head}=.{payload}.{signature}"), Error::Malformed),
        (
            format!("{head}\u{a0}.{payload}.{signature}"),
            Error::Malformed,
        ),
        (format!("Bearer {token}"), Error::Malformed),
        (format!("\"{token}\""), Error::Malformed),
        (token.replace('.', "%2E"), Error::Malformed),
        (format!("{input}.{signature}AAA"), Error::Malformed),
        (format!("{input}.{signature}AAAA"), Error::SignatureInvalid),
        (
            format!("{input}.{}", &signature[..84]),
            Error::SignatureInvalid,
        ),
        (
            format!("{input}.{}", "A".repeat(86)),
            Error::SignatureInvalid,
        ),
        (
            format!("{input}.{}", "A".repeat(100_000)),
            Error::SignatureInvalid,
        ),
        (
            json!({ "payload": payload, "protected": head, "signature": signature }).to_string(),
            Error::Malformed,
        ),
    ];
    for (token, expected) in cases {
        let outcome = verify(&token, &issuer.jwks(), &POLICY);
        assert_eq!(outcome, Err(expected), "{token:.120}");
    }
}

/// Other spellings of the same bytes, and lengths that no bytes have, signed as they are spelt.
#[test]
fn base64url_has_one_spelling_in_every_part() {
    let issuer = Issuer::new("hostile");
    let (head, payload) = (base64url::encode(HEADER), base64url::encode("{}"));
    let token = issuer.sign_parts(&head, &payload);
    assert!(verify(&token, &issuer.jwks(), &POLICY).is_ok());
    for token in [
        issuer.sign_parts(&with_spare_bit(&head), &payload),
        issuer.sign_parts(&head, &with_spare_bit(&payload)),
        with_spare_bit(&token),
        issuer.sign_parts(&of_impossible_length(&head), &payload),
        issuer.sign_parts(&head, &of_impossible_length(&payload)),
    ] {
        let outcome = verify(&token, &issuer.jwks(), &POLICY);
        assert_eq!(outcome, Err(Error::Malformed), "{token}");
    }
}

#[test]
fn only_algorithms_of_the_policy_are_accepted() {
    let issuer = Issuer::new("hostile");
    let token = issuer.token("{}");
    for (algorithms, expected) in [
        (&[Algorithm::EdDsa][..], Ok(())),
        (&[Algorithm::Rs256, Algorithm::EdDsa], Ok(())),
        (&[Algorithm::Rs256], Err(Error::AlgorithmNotAllowed)),
        (&[], Err(Error::AlgorithmNotAllowed)),
    ] {
        let policy = JwsPolicy::new(algorithms, TypRule::AbsentOr("JWT"));
        assert_eq!(
            verify(&token, &issuer.jwks(), &policy).map(drop),
            expected,
            "{algorithms:?}"
        );
    }
}

#[test]
fn a_required_type_must_be_there() {
    let issuer = Issuer::new("hostile");
    let policy = JwsPolicy::new(Algorithm::ALL, TypRule::Required("at+jwt"));
    for (header, expected) in [
        (HEADER.to_string(), Err(Error::TypeMissing)),
        (header(r#""typ":"at+jwt""#), Ok(())),
        (header(r#""typ":"AT+JWT""#), Ok(())),
        (header(r#""typ":"application/at+jwt""#), Ok(())),
        (header(r#""typ":"JWT""#), Err(Error::TypeMismatch)),
        (header(r#""typ":"logout+jwt""#), Err(Error::TypeMismatch)),
    ] {
        let outcome = verify(&issuer.sign(&header, b"{}"), &issuer.jwks(), &policy).map(drop);
        assert_eq!(outcome, expected, "{header}");
    }
}

/// The public key as the secret of a MAC (CVE-2016-10555 and its many successors).
#[test]
fn a_mac_keyed_with_the_public_key_is_never_even_computed() {
    let issuer = Issuer::new("hostile");
    let mut set = vec![issuer.jwk()];
    set.push(json!({ "kty": "oct", "kid": "mac", "alg": "HS256", "k": "c2VjcmV0" }));
    for header in [
        r#"{"alg":"HS256","kid":"hostile"}"#,
        r#"{"alg":"HS256","kid":"mac"}"#,
    ] {
        let outcome = verify(&issuer.sign(header, b"{}"), &jwks(&set), &POLICY);
        assert_eq!(outcome, Err(Error::AlgorithmNotAllowed));
    }
}

#[test]
fn large_tokens_are_refused_by_their_length_alone() {
    let issuer = Issuer::new("hostile");
    let set = issuer.jwks();
    let mebibyte = 1024 * 1024;
    for text in [
        ".".repeat(mebibyte),
        "A".repeat(mebibyte),
        issuer.token(&"a".repeat(mebibyte)),
    ] {
        for _ in 0..10_000 {
            assert_eq!(verify(&text, &set, &POLICY), Err(Error::TooLarge));
        }
    }

    let token = token_of(&issuer, MAX_TOKEN_BYTES);
    assert!(verify(&token, &set, &POLICY).is_ok());
    let longer = token_of(&issuer, MAX_TOKEN_BYTES + 1);
    assert_eq!(verify(&longer, &set, &POLICY), Err(Error::TooLarge));

    let mut policy = POLICY;
    policy.max_bytes = token.len();
    assert!(verify(&token, &set, &policy).is_ok());
    policy.max_bytes = token.len() - 1;
    assert_eq!(verify(&token, &set, &policy), Err(Error::TooLarge));
    policy.max_bytes = usize::MAX;
    assert!(verify(&token, &set, &policy).is_ok());
    assert_eq!(verify(&longer, &set, &policy), Err(Error::TooLarge));
}

/// A reader that compared each member with each would need hours for these.
#[test]
fn json_that_is_made_to_be_slow_is_not() {
    let size = 8 * 1024 * 1024;
    let mut members = String::from("{");
    for number in 0..MAX_MEMBERS - 1 {
        let _ = write!(members, "\"{number}\":0,");
    }
    members.push_str("\"last\":0}");
    // As many of the largest objects as fit into a mebibyte.
    let objects = format!("[{}0]", format!("{members},").repeat(100));
    assert!(json::parse(objects.as_bytes(), size).is_ok());
    let duplicate = objects.replacen("last", "0", 1);
    assert_eq!(
        json::parse(duplicate.as_bytes(), size),
        Err(JsonError::DuplicateMember)
    );

    let value = json::parse(objects.as_bytes(), size);
    assert_eq!(
        value,
        json::parse(objects.as_bytes(), size),
        "comparing is not quadratic either"
    );

    for slow in ["[", "{\"\":", "\"\\u0000", "-1.", "[0,", " ", "9"] {
        let text = slow.repeat(1024 * 1024 / slow.len());
        assert!(json::parse(text.as_bytes(), size).is_err(), "{slow}");
    }
}

proptest! {
    #[test]
    fn verifying_arbitrary_text_never_panics(token in any::<String>()) {
        let issuer = Issuer::new("hostile");
        assert!(verify(&token, &issuer.jwks(), &POLICY).is_err());
    }

    #[test]
    fn verifying_what_looks_like_a_token_never_panics(
        header in "eyJhbGciOiJFZERTQSJ9|eyJhbGciOiJSUzI1NiJ9|[A-Za-z0-9_-]{0,8}",
        rest in r"\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,90}",
    ) {
        let issuer = Issuer::new("hostile");
        assert!(verify(&(header + &rest), &issuer.jwks(), &POLICY).is_err());
    }

    #[test]
    fn well_signed_nonsense_never_panics(header in any::<String>(), payload in any::<Vec<u8>>()) {
        let issuer = Issuer::new("hostile");
        let _ = verify(&issuer.sign(&header, &payload), &issuer.jwks(), &POLICY);
        let _ = verify(&issuer.sign(HEADER, &payload), &issuer.jwks(), &POLICY);
    }

    #[test]
    fn reading_arbitrary_bytes_as_a_set_never_panics(bytes in any::<Vec<u8>>()) {
        let _ = Jwks::parse(&bytes);
        let _ = Jwks::parse_padded_base64(&bytes);
    }

    #[test]
    fn reading_arbitrary_keys_never_panics(
        kty in "RSA|EC|OKP|oct|", n in "[A-Za-z0-9+/=_-]{0,400}", e in "[A-Za-z0-9_-]{0,12}",
    ) {
        let key = json!({
            "kty": kty, "crv": if kty == "EC" { "P-256" } else { "Ed25519" },
            "n": n, "e": e, "x": n.get(..43).unwrap_or(&n), "y": e,
        });
        let _ = jwks(std::slice::from_ref(&key));
        let _ = Jwks::parse_padded_base64(json!({ "keys": [key] }).to_string().as_bytes());
    }
}

/// The usual header with more members.
fn header(members: &str) -> String {
    format!(r#"{{"alg":"EdDSA","kid":"hostile",{members}}}"#)
}

/// A good token of so many bytes: base64url does not make every length of one header.
fn token_of(issuer: &Issuer, length: usize) -> String {
    let token = |content_type: &str, spaces: usize| {
        let claims = format!("{{}}{}", " ".repeat(spaces));
        let header = header(&format!(r#""cty":"{content_type}""#));
        issuer.sign(&header, claims.as_bytes())
    };
    let near = ["a", "ab", "abc"].into_iter().flat_map(|content_type| {
        let spaces = (length - token(content_type, 0).len()) * 3 / 4;
        (spaces..spaces + 3).map(move |spaces| token(content_type, spaces))
    });
    let mut exact = near.filter(|token| token.len() == length);
    exact.next().expect("one of them has the length")
}

/// Sets the last bit of the last character, which no byte needs.
fn with_spare_bit(part: &str) -> String {
    let (rest, last) = part.split_at(part.len() - 1);
    let next = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        "w" => "x",
        "0" => "1",
        "E" => "F",
        "I" => "J",
        "M" => "N",
        other => unreachable!("{other} is not followed by a spare bit, or is one"),
    };
    [rest, next].concat()
}

fn of_impossible_length(part: &str) -> String {
    part.to_string() + &"A".repeat((5 - part.len() % 4) % 4)
}
