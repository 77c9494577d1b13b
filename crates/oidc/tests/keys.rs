//! Where the keys come from, and what becomes of a login whose keys are not the right ones.

use portvakt_oidc::{
    Callback, CompleteLogin, Flow, Jwks, JwksSource, LoginRequest, Method, Step, TransportError,
    Url, json,
};

use crate::provider::signer::{OTHER_RS256, RS256, Signer};
use crate::provider::{
    NOW, Provider, SUB, begin, callback_url, code, config, login, login_with, object, response,
};

// oidcc-client-test-discovery-jwks-uri-keys
#[test]
fn keys_come_from_the_metadatas_jwks_uri() {
    let provider = Provider::new();
    login(&provider).unwrap();
    let log = provider.log.borrow();
    let (_, request) = log.last().unwrap();
    assert_eq!(request.url.as_str(), "https://op.example/jwks.json");
    assert_eq!(request.method, Method::Get);
    assert_eq!(request.body, None);
}

#[test]
fn keys_can_come_from_another_address() {
    let provider =
        Provider::new().answer_with("elsewhere", Ok(crate::provider::json(200, jwks(&[&RS256]))));
    let mut config = config();
    config.jwks = JwksSource::Uri(Url::parse("https://app.example/keys").unwrap());
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "accepted"
    );
    assert_eq!(
        provider.endpoints_asked(),
        ["metadata", "token", "elsewhere"]
    );
}

#[test]
fn given_keys_save_the_request() {
    let provider = Provider::new();
    let mut config = config();
    config.jwks = JwksSource::Keys(parsed(&[&RS256]));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "accepted"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token"]);
}

// oidcc-client-test-signing-key-rotation,
// oidcc-client-test-signing-key-rotation-just-before-signing
#[test]
fn given_keys_that_do_not_verify_are_fetched_once() {
    // The provider has changed its key since the set was kept: by another kid, or by the same one.
    let same_kid = |header: &mut json::Object| {
        header.insert("kid", OTHER_RS256.kid);
    };
    for reuse_kid in [false, true] {
        let mut provider = Provider::new();
        if reuse_kid {
            let mut jwk = RS256.jwk();
            jwk.insert("kid", OTHER_RS256.kid);
            provider.keys = vec![jwk];
            provider = provider.edit_header(same_kid);
        }
        let mut config = config();
        config.jwks = JwksSource::Keys(parsed(&[&OTHER_RS256]));
        assert_eq!(
            code(login_with(&provider, &config, LoginRequest::default())),
            "accepted"
        );
        assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
    }

    // Nor does the fetched set verify: that is the end of it.
    let mut provider = Provider::new();
    provider.keys = vec![OTHER_RS256.jwk()];
    let mut config = config();
    config.jwks = JwksSource::Keys(parsed(&[&OTHER_RS256]));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "token_key_unknown"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
}

// oidcc-client-test-signing-key-rotation-just-before-signing, with a driver that sends requests ahead.
#[test]
fn keys_that_were_replaced_while_the_code_was_redeemed_are_fetched_again() {
    let provider = Provider::new();
    let mut earlier = Provider::new();
    earlier.keys = vec![OTHER_RS256.jwk()];
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let url = callback_url(&provider.authorize(&redirect.url));
    let callback = Callback::parse(&url).unwrap();
    let mut step = CompleteLogin::start(&config(), callback, redirect.pending, None, NOW).unwrap();
    let mut ahead = None;
    let login = loop {
        step = match step {
            Step::Done(login) => break login,
            Step::Verify { question, next } => next.resume(question.answer().into(), NOW).unwrap(),
            Step::Fetch { request, next } => {
                let answer = match ahead.take() {
                    Some((expected, answer)) if expected == request => answer,
                    _ => provider.answer(request.clone()),
                };
                ahead = request
                    .ahead
                    .map(|next| (*next.clone(), earlier.answer(*next)));
                next.resume(answer.into(), NOW).unwrap()
            }
        };
    };
    assert_eq!(login.id_token.sub(), SUB);
    assert_eq!(earlier.endpoints_asked(), ["jwks"]);
    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
}

#[test]
fn given_keys_are_not_fetched_anew_for_a_token_that_is_wrong_otherwise() {
    let provider = Provider::new().edit_claims(|claims| {
        claims.insert("iss", "https://op.example1");
    });
    let mut config = config();
    config.jwks = JwksSource::Keys(parsed(&[&RS256]));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "token_iss_mismatch"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token"]);

    // Nor where the set has the key, and says that it is for something else.
    let mut jwk = RS256.jwk();
    jwk.insert("alg", "PS256");
    let mut keys = json::Object::new();
    keys.insert("keys", vec![jwk]);
    let provider = Provider::new();
    let mut config = self::config();
    config.jwks = JwksSource::Keys(jwks_of(keys));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "token_key_alg_mismatch"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token"]);
}

#[test]
fn keys_that_cannot_be_had_end_the_login() {
    use crate::provider::json;
    let huge = response(200, "application/json", vec![b' '; 300_000]);
    let cases = [
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (
            Ok(response(200, "text/html", "<p>")),
            "misbehaved_jwks_content_type",
        ),
        (
            Ok(json(404, object([("keys", "")]))),
            "misbehaved_jwks_status",
        ),
        (
            Ok(json(302, object([("keys", "")]))),
            "misbehaved_redirected",
        ),
        (
            Ok(json(200, object([("keys", "")]))),
            "token_keys_malformed",
        ),
        (
            Ok(response(
                200,
                "application/json",
                "{\"keys\":[],\"keys\":[]}",
            )),
            "token_keys_malformed",
        ),
        (Ok(huge), "transport_too_large"),
        (Ok(json(200, jwks(&[]))), "token_key_unknown"),
    ];
    for (answer, expected) in cases {
        let provider = Provider::new().answer_with("jwks", answer);
        assert_eq!(code(login(&provider)), expected);
    }
}

fn jwks(signers: &[&Signer]) -> json::Object {
    object([(
        "keys",
        signers
            .iter()
            .map(|signer| signer.jwk())
            .collect::<json::Value>(),
    )])
}

fn parsed(signers: &[&Signer]) -> Jwks {
    jwks_of(jwks(signers))
}

fn jwks_of(keys: json::Object) -> Jwks {
    Jwks::parse(json::Value::from(keys).to_json().as_bytes()).unwrap()
}
