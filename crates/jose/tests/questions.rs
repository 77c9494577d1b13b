//! The verification in steps, as it is taken where somebody else has the arithmetic.

use portvakt_jose::{
    Algorithm, Error, Jwks, JwsPolicy, SignatureAnswer, SignatureQuestion, TypRule, UnverifiedJws,
    VerifiedJwt, verify,
};
use serde_json::{Value, json};

use crate::support::{Issuer, POLICY, fixed_cases, fixed_key, fixed_token, jwks, text, with};

#[test]
fn the_steps_give_what_verification_in_one_gives() {
    for case in fixed_cases() {
        let set = jwks(&[case["jwk"].clone()]);
        let token = text(&case["token"]);
        let stepwise = verify_in_steps(token, &set, SignatureQuestion::answer);
        assert!(stepwise.is_ok());
        assert_eq!(stepwise, verify(token, &set, &POLICY), "{}", case["name"]);
    }
}

#[test]
fn a_question_holds_what_the_token_and_the_set_say() {
    for case in fixed_cases() {
        let token = text(&case["token"]);
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let question = ask(token, &jwks(&[case["jwk"].clone()])).expect("a key is found");
        assert_eq!(question.signing_input(), signed.as_bytes());
        assert_eq!(
            portvakt_jose::base64url::encode(question.signature()),
            signature
        );
        assert_eq!(question.key().kid(), case["jwk"]["kid"].as_str());
        assert_eq!(question.answer(), SignatureAnswer::Yes);
        let alg = text(&case["jwk"]["alg"]);
        assert_eq!(Some(question.algorithm()), Algorithm::parse(alg));
    }
}

#[test]
fn the_answer_decides() {
    let issuer = Issuer::new("a");
    let (token, set) = (issuer.token(r#"{"sub":"kari"}"#), issuer.jwks());
    for (answer, expected) in [
        (SignatureAnswer::Yes, Ok(())),
        (SignatureAnswer::No, Err(Error::SignatureInvalid)),
    ] {
        let outcome = verify_in_steps(&token, &set, |_| answer);
        assert_eq!(outcome.map(drop), expected, "{answer:?}");
    }
}

#[test]
fn what_is_not_signed_by_the_key_is_answered_no() {
    let (a, b) = (Issuer::new("a"), Issuer::new("b"));
    let other = with(&b.jwk(), "kid", Some(json!("a")));
    let question = ask(&a.token("{}"), &jwks(&[other])).expect("a key is found");
    assert_eq!(question.answer(), SignatureAnswer::No);
}

#[test]
fn each_step_refuses_what_is_its_own() {
    let issuer = Issuer::new("a");
    let unverified = |token: &str| UnverifiedJws::parse(token, &POLICY).map(drop);
    assert_eq!(unverified("a.b"), Err(Error::Malformed));
    assert_eq!(
        unverified(&issuer.sign(r#"{"alg":"none"}"#, b"{}")),
        Err(Error::AlgorithmNotAllowed)
    );
    let narrow = JwsPolicy::new(&[Algorithm::Rs256], TypRule::AbsentOr("JWT"));
    assert_eq!(
        UnverifiedJws::parse(&issuer.token("{}"), &narrow).map(drop),
        Err(Error::AlgorithmNotAllowed)
    );

    let nobody = ask(&issuer.token("{}"), &jwks(&[]));
    assert_eq!(nobody.map(drop), Err(Error::UnknownKey));

    let token = issuer.sign_parts(&encode(r#"{"alg":"EdDSA","kid":"a"}"#), "A");
    assert_eq!(unverified(&token), Err(Error::Malformed));

    // What the payload says is told when it is known who signed it, and not before.
    let token = issuer.sign(r#"{"alg":"EdDSA","kid":"a"}"#, b"[]");
    let outcome = verify_in_steps(&token, &issuer.jwks(), SignatureQuestion::answer);
    assert_eq!(outcome, Err(Error::ClaimsMalformed));
    let mut ahead = UnverifiedJws::parse(&token, &POLICY).expect("the payload is let lie");
    ahead.read_ahead();
    for (answer, expected) in [
        (SignatureAnswer::Yes, Error::ClaimsMalformed),
        (SignatureAnswer::No, Error::SignatureInvalid),
    ] {
        assert_eq!(ahead.clone().into_verified_jwt(answer), Err(expected));
    }
}

#[test]
fn what_is_read_ahead_is_what_is_read_after_the_answer() {
    let issuer = Issuer::new("a");
    let text = r#" { "sub" : "a\u00e5", "n": 1.50, "list": ["x", {"y": null}] } "#;
    let token = issuer.sign(r#"{"alg":"EdDSA","kid":"a"}"#, text.as_bytes());
    let unverified = UnverifiedJws::parse(&token, &POLICY).expect("well formed");
    let mut ahead = unverified.clone();
    ahead.read_ahead();
    let answer = || {
        ask(&token, &issuer.jwks())
            .expect("a key is found")
            .answer()
    };
    let read = unverified.into_verified_jwt(answer()).expect("is genuine");
    assert_eq!(ahead.into_verified_jwt(answer()).as_ref(), Ok(&read));
    assert_eq!(verify(&token, &issuer.jwks(), &POLICY).as_ref(), Ok(&read));
    assert_eq!(
        read.claims().get("sub").and_then(|sub| sub.as_str()),
        Some("aå")
    );
}

/// So that every implementation of the arithmetic is asked only what all of them agree about.
#[test]
fn bytes_that_no_signature_has_are_never_asked_about() {
    // Orders of P-256 and of Ed25519, and the modulus of the RSA key, in the order of their bytes.
    let p256_order = decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    let ed25519_order = decode("7dP1XBpjEljWnPei3vneFAAAAAAAAAAAAAAAAAAAABA");
    let modulus = decode(text(&fixed_key("RSA")["n"]));
    let one = |length: usize, place: usize| {
        let mut number = vec![0; length];
        number[place] = 1;
        number
    };
    let less_one = |mut number: Vec<u8>, place: usize| {
        number[place] -= 1;
        number
    };

    let any = [9; 32].as_slice();
    let es256 = [
        ([any, any].concat(), true),
        ([any, &one(32, 31)].concat(), true),
        ([&less_one(p256_order.clone(), 31), any].concat(), true),
        ([&p256_order, any].concat(), false),
        ([any, &p256_order].concat(), false),
        ([any, &[0xff; 32]].concat(), false),
        ([any, &[0; 32]].concat(), false),
        ([&[0; 32], any].concat(), false),
        (vec![9; 63], false),
        (vec![9; 65], false),
        (vec![9; 96], false),
        (vec![9; 32], false),
        (vec![], false),
    ];
    let ed_dsa = [
        ([any, any].concat(), true),
        ([any, &[0; 32]].concat(), true),
        ([any, &less_one(ed25519_order.clone(), 0)].concat(), true),
        ([any, &ed25519_order].concat(), false),
        ([any, &[0xff; 32]].concat(), false),
        ([[0; 32], [9; 32]].concat(), false),
        ([one(32, 0).as_slice(), any].concat(), false),
        // Not below the prime.
        ([&[0xff; 32], any].concat(), false),
        (vec![9; 63], false),
        (vec![9; 65], false),
        (vec![9; 32], false),
        (vec![], false),
    ];
    let rsa = [
        (less_one(modulus.clone(), 255), true),
        (vec![0; 256], true),
        (modulus.clone(), false),
        (vec![0xff; 256], false),
        ([&[0], modulus.as_slice()].concat(), false),
        (modulus[..255].to_vec(), false),
        (vec![], false),
    ];
    for (alg, kty, cases) in [
        ("ES256", "EC", es256.as_slice()),
        ("EdDSA", "OKP", &ed_dsa),
        ("RS256", "RSA", &rsa),
        ("PS256", "RSA", &rsa),
    ] {
        let set = jwks(&[with(&fixed_key(kty), "alg", None)]);
        let header = encode(&format!(r#"{{"alg":"{alg}"}}"#));
        for (signature, is_asked) in cases {
            let signature = portvakt_jose::base64url::encode(signature);
            let question = ask(&format!("{header}.e30.{signature}"), &set);
            match question {
                Ok(question) => {
                    assert!(is_asked, "{alg} {signature}");
                    assert_eq!(question.answer(), SignatureAnswer::No);
                }
                Err(error) => {
                    assert!(!is_asked, "{alg} {signature}");
                    assert_eq!(error, Error::SignatureInvalid);
                }
            }
        }
    }
}

// There are no threads in WebAssembly.
#[cfg(not(target_family = "wasm"))]
#[test]
fn a_set_can_be_shared_by_threads() {
    let (token, set) = (fixed_token("RS256"), jwks(&[fixed_key("RSA")]));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(verify(&token, &set, &POLICY).is_ok()));
        }
    });
}

#[test]
fn the_header_can_be_read_before_the_answer() {
    let token = fixed_token("ES256");
    let unverified = UnverifiedJws::parse(&token, &POLICY).expect("well formed");
    assert_eq!(unverified.header().algorithm(), Algorithm::Es256);
    assert_eq!(unverified.header().kid(), Some("p256"));
}

#[test]
fn keys_are_written_with_their_public_members_alone() {
    for (kty, members) in [
        ("RSA", &["kty", "n", "e"][..]),
        ("EC", &["kty", "crv", "x", "y"]),
        ("OKP", &["kty", "crv", "x"]),
    ] {
        let key = with(&fixed_key(kty), "x5c", Some(json!(["MIIC"])));
        let set = jwks(&[with(&key, "key_ops", Some(json!(["verify"])))]);
        let written = set.keys().next().expect("the key is used").to_json();
        let written: Value = serde_json::from_str(&written).expect("JSON");
        let expected: Value = members
            .iter()
            .map(|name| (String::from(*name), key[*name].clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        assert_eq!(written, expected);
    }
}

#[test]
fn keys_of_padded_base64_are_written_as_base64url() {
    let key = fixed_key("RSA");
    let n = text(&key["n"]).replace('-', "+").replace('_', "/") + "==";
    let set = json!({ "keys": [with(&key, "n", Some(json!(n)))] }).to_string();
    let set = Jwks::parse_padded_base64(set.as_bytes()).expect("reads");
    let written = set.keys().next().expect("the key is used").to_json();
    let written: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(
        written,
        json!({ "kty": "RSA", "n": key["n"], "e": key["e"] })
    );
}

fn ask(token: &str, jwks: &Jwks) -> Result<SignatureQuestion, Error> {
    UnverifiedJws::parse(token, &POLICY)?.question(jwks)
}

fn verify_in_steps(
    token: &str,
    jwks: &Jwks,
    answer: impl Fn(&SignatureQuestion) -> SignatureAnswer,
) -> Result<VerifiedJwt, Error> {
    let unverified = UnverifiedJws::parse(token, &POLICY)?;
    let question = unverified.question(jwks)?;
    VerifiedJwt::from_jws(unverified.into_verified(answer(&question))?)
}

fn decode(text: &str) -> Vec<u8> {
    portvakt_jose::base64url::decode(text).expect("base64url")
}

fn encode(text: &str) -> String {
    portvakt_jose::base64url::encode(text)
}
