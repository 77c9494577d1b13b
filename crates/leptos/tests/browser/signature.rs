//! What the browser says of signatures, beside what the library itself would say.

use portvakt_jose::{
    Algorithm, Jwks, JwsPolicy, SignatureAnswer, SignatureQuestion, TypRule, UnverifiedJws, json,
};
use portvakt_leptos::browser::answered;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn the_browser_answers_as_the_library_does() {
    for (token, jwks) in cases() {
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let good = ask(&token, &jwks);
        assert_eq!(answered(&good).await.ok(), Some(SignatureAnswer::Yes));
        let claims = signed.rsplit_once('.').expect("two parts").0;
        let changed = ask(&format!("{claims}.e30.{signature}"), &jwks);
        assert_eq!(changed.answer(), SignatureAnswer::No);
        assert_eq!(answered(&changed).await.ok(), Some(SignatureAnswer::No));
    }
}

#[wasm_bindgen_test]
async fn a_point_beside_the_curve_has_signed_nothing() {
    let (token, jwks) = cases()
        .into_iter()
        .find(|(_, jwks)| jwks.contains("P-256"))
        .expect("there is one with ES256");
    let place = jwks.find(r#""y":""#).expect("a point has y") + 5;
    let other = if jwks[place..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    let mut changed = jwks;
    changed.replace_range(place..=place, other);
    let question = ask(&token, &changed);
    assert_eq!(question.answer(), SignatureAnswer::No);
    let answer = answered(&question).await.ok();
    assert_eq!(answer, Some(SignatureAnswer::No));
}

fn ask(token: &str, jwks: &str) -> SignatureQuestion {
    let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
    let jwks = Jwks::parse(jwks.as_bytes()).expect("a key set");
    let token = UnverifiedJws::parse(token, &policy).expect("a token");
    token.question(&jwks).expect("the key is in the set")
}

/// Tokens of every algorithm, and the sets of their keys.
fn cases() -> Vec<(String, String)> {
    let file = include_bytes!("../../../jose/tests/data/tokens.json");
    let cases = json::parse(file, file.len()).expect("JSON");
    let cases = cases.as_array().expect("a list").iter();
    let read = |case: &json::Value| {
        let case = case.as_object()?;
        let jwks = format!(r#"{{"keys":[{}]}}"#, case.get("jwk")?.to_json());
        Some((case.get("token")?.as_str()?.to_owned(), jwks))
    };
    cases.map(|case| read(case).expect("a case")).collect()
}
