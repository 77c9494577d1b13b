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
        (SignatureAnswer::UnsuitableKey, Err(Error::UnsuitableKey)),
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

    // The payload is looked at when it is known who signed it, and not before.
    let token = issuer.sign_parts(&encode(r#"{"alg":"EdDSA","kid":"a"}"#), "A");
    let question = ask(&token, &issuer.jwks()).expect("the payload is let lie");
    let unverified = UnverifiedJws::parse(&token, &POLICY).expect("the payload is let lie");
    let jws = unverified.into_verified(question.answer());
    assert_eq!(jws.map(drop), Err(Error::Malformed));

    let token = issuer.sign(r#"{"alg":"EdDSA","kid":"a"}"#, b"[]");
    let outcome = verify_in_steps(&token, &issuer.jwks(), SignatureQuestion::answer);
    assert_eq!(outcome, Err(Error::ClaimsMalformed));
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

fn encode(text: &str) -> String {
    portvakt_jose::base64url::encode(text)
}
