//! Tokens that are bound to a key: what the provider promises, the proof, the nonce.

use portvakt_oidc::{
    ApiMisuse, DpopKey, DpopProofs, Entropy, Error, FetchUserinfo, HttpResponse, Login, Refresh,
    Renewal, Userinfo, json::Value,
};

use crate::provider::signer::ES256;
use crate::provider::{
    NOW, Provider, bound_login, bound_login_at, code, config, drive, drive_at, entropy, error,
    login, proofs,
};

fn refresh(
    provider: &Provider,
    login: &Login,
    proofs: Option<DpopProofs>,
) -> Result<Renewal, Error> {
    let step = Refresh::start(&config(), login, proofs, provider.now.get());
    drive(provider, step)
}

fn userinfo(
    provider: &Provider,
    login: &Login,
    proofs: Option<DpopProofs>,
) -> Result<Userinfo, Error> {
    let step = FetchUserinfo::start(login, proofs, provider.now.get());
    drive(provider, step)
}

/// A key that the tokens are not bound to.
fn other_proofs() -> Option<DpopProofs> {
    let mut jwk = ES256.jwk();
    let x = jwk.get("x").cloned().unwrap();
    jwk.insert("x", jwk.get("y").cloned().unwrap());
    jwk.insert("y", x);
    let key = DpopKey::from_jwk(&Value::from(jwk).to_json()).unwrap();
    Some(DpopProofs::new(key, entropy(4)).unwrap())
}

#[test]
fn tokens_are_bound_where_the_provider_promises_it() {
    let provider = Provider::new().with_dpop();
    let login = bound_login(&provider).unwrap();
    let key = proofs(1).unwrap().key().thumbprint();
    assert_eq!(
        login.dpop.as_ref().map(|dpop| dpop.thumbprint()),
        Some(key.as_str())
    );
    assert!(login.authorization().starts_with("DPoP "));
    assert!(
        login
            .checks
            .iter()
            .any(|check| check.code() == "dpop_bound")
    );
    let login = refresh(&provider, &login, proofs(5)).unwrap().login;
    assert!(login.dpop.is_some());
    assert!(userinfo(&provider, &login, proofs(6)).is_ok());
}

#[test]
fn nothing_is_bound_where_the_provider_does_not_promise_it() {
    for provider in [
        Provider::new(),
        Provider::new().edit_metadata(|metadata| {
            metadata.insert("dpop_signing_alg_values_supported", vec!["ES384", "PS256"]);
        }),
    ] {
        let login = bound_login(&provider).unwrap();
        assert_eq!(login.dpop, None);
        assert!(login.authorization().starts_with("Bearer "));
        let sent = |name: &str| {
            let log = provider.log.borrow();
            log.iter()
                .any(|(_, request)| request.headers.iter().any(|header| header.0 == name))
        };
        assert!(!sent("dpop"));
        // A key that is there all the same does not disturb.
        assert!(userinfo(&provider, &login, proofs(6)).is_ok());
        assert!(refresh(&provider, &login, proofs(5)).is_ok());
        assert!(!sent("dpop"));
    }
}

#[test]
fn nothing_is_bound_without_a_key() {
    let provider = Provider::new().with_dpop();
    assert_eq!(login(&provider).unwrap().dpop, None);
}

#[test]
fn a_provider_that_promises_to_bind_and_does_not_is_refused() {
    for (token_type, expected) in [
        ("Bearer", "misbehaved_token_not_bound"),
        ("bearer", "misbehaved_token_not_bound"),
        ("mac", "misbehaved_token_type"),
        ("dpop", "accepted"),
    ] {
        let provider = Provider::new()
            .with_dpop()
            .edit_token_response(move |tokens| drop(tokens.insert("token_type", token_type)));
        assert_eq!(code(bound_login(&provider)), expected, "{token_type}");
        let provider = Provider::new()
            .with_dpop()
            .edit_renewal_response(move |tokens| drop(tokens.insert("token_type", token_type)));
        let login = bound_login(&provider).unwrap();
        assert_eq!(
            code(refresh(&provider, &login, proofs(5))),
            expected,
            "{token_type}"
        );
    }
    let unasked =
        Provider::new().edit_token_response(|tokens| drop(tokens.insert("token_type", "DPoP")));
    assert_eq!(code(login(&unasked)), "misbehaved_token_type");
}

#[test]
fn metadata_that_promise_it_in_another_form_are_refused() {
    let provider = Provider::new().edit_metadata(|metadata| {
        metadata.insert("dpop_signing_alg_values_supported", "ES256");
    });
    assert_eq!(code(bound_login(&provider)), "misbehaved_metadata_member");
}

#[test]
fn the_nonce_that_the_provider_asks_for_is_given_once() {
    let provider = Provider::new().with_dpop();
    provider.dpop_nonce.set(Some("n-1"));
    let login = bound_login(&provider).unwrap();
    assert_eq!(
        provider.endpoints_asked(),
        ["metadata", "token", "token", "jwks"]
    );
    // It is remembered, so that the next request is not sent twice.
    provider.log.borrow_mut().clear();
    let login = refresh(&provider, &login, proofs(5)).unwrap().login;
    assert_eq!(provider.endpoints_asked(), ["jwks", "token"]);
    provider.dpop_nonce.set(Some("n-2"));
    provider.log.borrow_mut().clear();
    let login = refresh(&provider, &login, proofs(6)).unwrap().login;
    assert_eq!(provider.endpoints_asked(), ["jwks", "token", "token"]);
    provider.log.borrow_mut().clear();
    assert!(userinfo(&provider, &login, proofs(7)).is_ok());
    assert_eq!(provider.endpoints_asked(), ["userinfo", "userinfo"]);
}

#[test]
fn a_provider_that_asks_again_and_again_is_not_answered_again_and_again() {
    let ask = |nonce: Option<&str>| -> HttpResponse {
        let mut refusal = error(400, "use_dpop_nonce");
        refusal
            .headers
            .extend(nonce.map(|nonce| ("dpop-nonce".into(), nonce.into())));
        refusal
    };
    for (nonce, requests) in [
        (Some("n-1"), 2),
        // Not shown across origins, or not one.
        (None, 1),
        (Some(""), 1),
        (Some("a b"), 1),
    ] {
        let provider = Provider::new()
            .with_dpop()
            .answer_with("token", Ok(ask(nonce)));
        assert_eq!(code(bound_login(&provider)), "provider_use_dpop_nonce");
        let asked = provider.endpoints_asked();
        let count = asked
            .iter()
            .filter(|endpoint| **endpoint == "token")
            .count();
        assert_eq!(count, requests, "{nonce:?}");
    }
}

#[test]
fn a_clock_that_makes_proofs_useless_does_not_keep_people_out() {
    // The device is a minute slow, and the provider gives proofs some seconds.
    let provider = Provider::new().with_dpop();
    provider.proof_window_seconds.set(10);
    let login = bound_login_at(&provider, NOW.saturating_sub(60)).unwrap();
    assert_eq!(login.dpop, None);
    assert_eq!(login.clock_offset_seconds, 60);
    assert_eq!(
        provider.endpoints_asked(),
        ["metadata", "token", "token", "jwks"]
    );
    assert!(
        !login
            .checks
            .iter()
            .any(|check| check.code() == "dpop_bound")
    );

    // It is an hour slow.
    let provider = Provider::new().with_dpop();
    provider.proof_window_seconds.set(10);
    let outcome = bound_login_at(&provider, NOW.saturating_sub(3600));
    assert_eq!(code(outcome), "device_clock_wrong");

    // The provider has no use for codes whose proof it has refused.
    let refusal = error(400, "invalid_dpop_proof");
    let provider = Provider::new()
        .with_dpop()
        .answer_with("token", Ok(refusal));
    assert_eq!(code(bound_login(&provider)), "device_clock_wrong");
    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "token"]);
}

#[test]
fn a_renewal_whose_proof_is_refused_says_that_the_clock_is_wrong() {
    let provider = Provider::new().with_dpop();
    let login = bound_login(&provider).unwrap();
    provider.proof_window_seconds.set(10);
    let now = NOW.saturating_sub(60);
    let step = Refresh::start(&config(), &login, proofs(5), now);
    let outcome = drive_at(&provider, step, now);
    assert!(!outcome.as_ref().is_err_and(Error::is_transient));
    assert_eq!(code(outcome), "device_clock_wrong");
    // Nothing was used up.
    assert_eq!(provider.renewals.get(), 0);
    assert!(refresh(&provider, &login, proofs(6)).is_ok());
}

#[test]
fn a_bound_session_is_of_no_use_without_its_key() {
    let provider = Provider::new().with_dpop();
    let login = bound_login(&provider).unwrap();
    for proofs in [None, other_proofs()] {
        let outcome = Refresh::start(&config(), &login, proofs, NOW);
        assert_eq!(code(outcome), "misuse_dpop_key");
    }
    for proofs in [None, other_proofs()] {
        let outcome = FetchUserinfo::start(&login, proofs, NOW);
        assert_eq!(code(outcome), "misuse_dpop_key");
    }
}

#[test]
fn bytes_that_are_not_random_make_no_proofs() {
    let key = || proofs(1).unwrap().key().clone();
    let outcome = DpopProofs::new(key(), Entropy::new([7; Entropy::BYTES]));
    assert_eq!(outcome.err(), Some(ApiMisuse::Entropy));
}
