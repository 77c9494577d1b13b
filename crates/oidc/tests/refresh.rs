//! Renewal: the refresh token, and what the new id_token is held against.

use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::{
    ClientConfig, Error, HttpResponse, Issuer, Jwks, JwksSource, Login, LoginRequest, Refresh,
    Renewal, TransportError, UnixTime, Url,
};

use crate::provider::signer::{OTHER_RS256, RS256};
use crate::provider::{
    CLIENT_ID, NOW, Provider, REDIRECT_URI, REFRESH_TOKEN, code, config, drive, drive_at, error,
    json, login, login_with, object, response,
};

fn refresh(provider: &Provider, login: &Login) -> Result<Renewal, Error> {
    refresh_with(provider, &config(), login)
}

fn refresh_with(
    provider: &Provider,
    config: &ClientConfig,
    login: &Login,
) -> Result<Renewal, Error> {
    let step = Refresh::start(config, login, None, provider.now.get());
    drive(provider, step)
}

/// An hour later.
fn later(provider: &Provider) {
    provider.now.set(NOW.saturating_add(3600));
}

// oidcc-client-test-refresh-token
#[test]
fn a_renewal_gives_new_tokens_and_leaves_the_person_as_they_were() {
    let provider = Provider::new();
    let before = login(&provider).unwrap();
    later(&provider);
    let Renewal {
        login, id_token, ..
    } = refresh(&provider, &before).unwrap();
    assert_eq!(login.access_token.expose(), provider.access_token());
    assert_ne!(login.access_token, before.access_token);
    assert_eq!(login.expires_at, Some(UnixTime::new(NOW.as_secs() + 3720)));
    assert_eq!(login.scope, before.scope);
    assert_eq!(login.id_token.raw(), before.id_token.raw());
    assert_eq!(login.signed_in_at, before.signed_in_at);
    assert_eq!(login.authenticated_at(), before.authenticated_at());
    assert_eq!(login.checks, before.checks);
    assert!(id_token.is_some());

    let log = provider.log.borrow();
    let (endpoint, request) = log.last().unwrap();
    assert_eq!(*endpoint, "token");
    assert_eq!(
        request.body.as_deref(),
        Some(
            format!("grant_type=refresh_token&client_id={CLIENT_ID}&refresh_token={REFRESH_TOKEN}")
                .as_str()
        )
    );
}

#[test]
fn every_refresh_token_is_used_once_where_the_provider_replaces_it() {
    let provider = Provider::new();
    let first = login(&provider).unwrap();
    let second = refresh(&provider, &first).unwrap().login;
    let third = refresh(&provider, &second).unwrap().login;
    assert_ne!(second.refresh_token, third.refresh_token);
    assert_eq!(provider.renewals.get(), 2);
    // Whoever has an old one gets nothing for it.
    for used in [&first, &second] {
        assert_eq!(code(refresh(&provider, used)), "session_renewal_refused");
    }
    assert!(refresh(&provider, &third).is_ok());
}

#[test]
fn a_refresh_token_that_is_not_replaced_stays_good() {
    let provider = Provider::new();
    provider.rotates.set(false);
    let first = login(&provider).unwrap();
    let second = refresh(&provider, &first).unwrap().login;
    assert_eq!(second.refresh_token, first.refresh_token);
    assert!(refresh(&provider, &second).is_ok());
}

#[test]
fn a_login_without_a_refresh_token_is_not_renewable() {
    let provider = Provider::new().edit_token_response(|tokens| {
        tokens.remove("refresh_token");
    });
    let login = login(&provider).unwrap();
    assert_eq!(code(refresh(&provider, &login)), "session_not_renewable");
}

#[test]
fn the_keys_are_there_before_the_refresh_token_is_used() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    provider.log.borrow_mut().clear();
    refresh(&provider, &login).unwrap();
    assert_eq!(provider.endpoints_asked(), ["jwks", "token"]);

    let away = Provider::new().answer_with("jwks", Err(TransportError::Unreachable));
    let outcome = refresh(&away, &login);
    assert!(outcome.as_ref().is_err_and(Error::is_transient));
    assert_eq!(code(outcome), "transport_unreachable");
    assert_eq!(away.endpoints_asked(), ["jwks"]);
}

#[test]
fn keys_that_were_replaced_since_are_fetched_again_once() {
    // Signed with a key that the provider began to use between the two requests.
    let mut provider = Provider::with_signer(&OTHER_RS256);
    let given = Jwks::parse(jwks(&[RS256.jwk()]).as_bytes()).unwrap();
    let login = login(&provider).unwrap();
    let mut config = config();
    config.jwks = JwksSource::Keys(given);
    provider.log.borrow_mut().clear();
    assert!(refresh_with(&provider, &config, &login).is_ok());
    assert_eq!(provider.endpoints_asked(), ["token", "jwks"]);

    provider.keys = vec![RS256.jwk()];
    let next = refresh_with(&provider, &config, &login);
    assert_eq!(code(next), "session_renewal_refused");
}

#[test]
fn what_the_network_does_to_a_renewal_says_nothing_about_the_session() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    let html = response(502, "text/html", "<p>");
    let answers: Vec<(Result<HttpResponse, TransportError>, &str)> = vec![
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (Err(TransportError::TimedOut), "transport_timed_out"),
        (Ok(html), "misbehaved_token_status"),
        (
            Ok(error(503, "temporarily_unavailable")),
            "provider_temporarily_unavailable",
        ),
        (Ok(error(500, "server_error")), "provider_server_error"),
    ];
    for (answer, expected) in answers {
        let away = Provider::new().answer_with("token", answer);
        let outcome = refresh(&away, &login);
        assert!(
            outcome.as_ref().is_err_and(Error::is_transient),
            "{expected}"
        );
        assert_eq!(code(outcome), expected);
    }
    assert!(refresh(&provider, &login).is_ok());
}

#[test]
fn a_refusal_is_final() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    for (refusal, expected) in [
        ("invalid_grant", "session_renewal_refused"),
        ("invalid_client", "provider_invalid_client"),
        ("unauthorized_client", "provider_unauthorized_client"),
        ("unsupported_grant_type", "provider_unsupported_grant_type"),
    ] {
        let strict = Provider::new().answer_with("token", Ok(error(400, refusal)));
        let outcome = refresh(&strict, &login);
        assert!(
            !outcome.as_ref().is_err_and(Error::is_transient),
            "{refusal}"
        );
        assert_eq!(code(outcome), expected);
    }
}

#[test]
fn the_new_id_token_is_about_the_same_person_and_sign_in() {
    type Change = fn(&mut Object);
    // OIDC Core §12.2, point by point.
    let cases: &[(&str, &str, Change)] = &[
        ("nothing changed", "accepted", |_| {}),
        // oidcc-client-test-refresh-token-invalid-issuer
        ("iss extended", "token_iss_mismatch", |claims| {
            claims.insert("iss", "https://op.example1");
        }),
        // oidcc-client-test-refresh-token-invalid-sub
        ("sub extended", "token_sub_changed", |claims| {
            let sub = format!("{}1", crate::provider::SUB);
            claims.insert("sub", sub);
        }),
        ("sub shortened", "token_sub_changed", |claims| {
            claims.insert("sub", &crate::provider::SUB[1..]);
        }),
        ("sub missing", "token_sub_missing", |claims| {
            claims.remove("sub");
        }),
        ("iat an hour ago", "device_clock_wrong", |claims| {
            claims.insert("iat", NOW.as_secs() - 3600);
            claims.insert("exp", NOW.as_secs() - 3480);
            claims.insert("auth_time", NOW.as_secs() - 3700);
        }),
        ("iat missing", "token_iat_missing", |claims| {
            claims.remove("iat");
        }),
        ("expired", "token_expired", |claims| {
            claims.insert("exp", NOW.as_secs() - 60);
        }),
        ("aud another", "token_aud_mismatch", |claims| {
            claims.insert("aud", "other");
        }),
        ("aud and another", "token_aud_untrusted", |claims| {
            claims.insert("aud", vec![CLIENT_ID, "other"]);
        }),
        ("auth_time later", "token_auth_time_changed", |claims| {
            claims.insert("auth_time", NOW.as_secs() - 1);
        }),
        ("auth_time missing", "accepted", |claims| {
            claims.remove("auth_time");
        }),
        ("azp new", "token_azp_changed", |claims| {
            claims.insert("azp", CLIENT_ID);
        }),
        ("azp somebody else", "token_azp_mismatch", |claims| {
            claims.insert("azp", "other");
        }),
        ("nonce another", "token_nonce_mismatch", |claims| {
            claims.insert("nonce", "another");
        }),
        ("acr missing", "accepted", |claims| {
            claims.remove("acr");
        }),
        ("acr lower", "token_acr_not_acceptable", |claims| {
            claims.insert("acr", "low");
        }),
        ("at_hash of another", "token_at_hash_mismatch", |claims| {
            claims.insert("at_hash", "77QmUPtjPfzWtF2AnpK9RQ");
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_renewal_claims(change);
        let mut request = LoginRequest::default();
        request.acr_values = vec!["substantial".into()];
        let login = login_with(&provider, &config(), request).unwrap();
        let outcome = refresh(&provider, &login);
        assert!(!outcome.as_ref().is_err_and(Error::is_transient), "{name}");
        assert_eq!(code(outcome), *expected, "{name}");
    }
}

#[test]
fn the_clock_tolerance_of_a_renewal_is_the_configured_one() {
    for (tolerance, expected) in [
        (0, "token_expired"),
        (10, "token_expired"),
        (11, "accepted"),
    ] {
        let provider = Provider::new().edit_renewal_claims(|claims| {
            claims.insert("exp", NOW.as_secs() - 10);
        });
        let mut config = config();
        config.clock_tolerance_seconds = tolerance;
        let login = login_with(&provider, &config, LoginRequest::default()).unwrap();
        let outcome = refresh_with(&provider, &config, &login);
        assert_eq!(code(outcome), expected, "{tolerance}");
    }
}

#[test]
fn the_nonce_and_azp_of_the_login_may_come_again() {
    let provider = Provider::new().edit_claims(|claims| {
        claims.insert("azp", CLIENT_ID);
    });
    let login = login(&provider).unwrap();
    let nonce = login.id_token.claims().get("nonce").cloned().unwrap();
    assert_eq!(code(refresh(&provider, &login)), "token_azp_changed");

    let provider = Provider::new().edit_renewal_claims(move |claims| {
        claims.insert("azp", CLIENT_ID);
        claims.insert("nonce", nonce.clone());
    });
    assert!(refresh(&provider, &login).is_ok());
}

#[test]
fn the_signature_of_a_renewed_id_token_is_verified() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    let mut forger = Provider::with_signer(&OTHER_RS256);
    let mut jwk = RS256.jwk();
    jwk.insert("kid", OTHER_RS256.kid);
    forger.keys = vec![jwk];
    assert_eq!(code(refresh(&forger, &login)), "token_signature_invalid");
}

#[test]
fn a_renewal_need_not_bring_an_id_token() {
    let provider = Provider::new().edit_renewal_response(|tokens| {
        tokens.remove("id_token");
    });
    let login = login(&provider).unwrap();
    let renewal = refresh(&provider, &login).unwrap();
    assert!(renewal.id_token.is_none());
    assert_eq!(renewal.login.id_token.sub(), login.id_token.sub());
    assert_eq!(renewal.login.access_token.expose(), provider.access_token());
}

#[test]
fn what_a_renewal_says_was_granted_is_what_is_granted() {
    let details = || vec![object([("type", "x"), ("y", "z")])];
    let provider = Provider::new().edit_renewal_response(move |tokens| {
        tokens.insert("scope", "openid");
        tokens.insert("authorization_details", details());
        tokens.remove("expires_in");
    });
    let login = refresh(&provider, &login(&provider).unwrap())
        .unwrap()
        .login;
    assert_eq!(login.scope, ["openid"]);
    assert_eq!(login.authorization_details, Some(Value::from(details())));
    assert_eq!(login.expires_at, None);
}

#[test]
fn a_session_of_another_client_is_not_renewed() {
    let login = login(&Provider::new()).unwrap();
    let other_issuer = ClientConfig::new(
        Issuer::parse("https://other.example").unwrap(),
        CLIENT_ID,
        Url::parse(REDIRECT_URI).unwrap(),
    );
    let mut other_client = config();
    other_client.client_id = "other".into();
    for config in [other_issuer, other_client] {
        let outcome = Refresh::start(&config, &login, None, NOW);
        assert_eq!(code(outcome), "session_of_other_client");
    }
}

#[test]
fn a_renewal_learns_the_clock_again() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    assert_eq!(login.clock_offset_seconds, 0);
    // The device's clock has been set back by two minutes since.
    let step = Refresh::start(&config(), &login, None, NOW.saturating_sub(120));
    let renewed = drive_at(&provider, step, NOW.saturating_sub(120)).unwrap();
    assert_eq!(renewed.login.clock_offset_seconds, 120);
    assert_eq!(
        renewed.login.authenticated_at(),
        NOW.saturating_sub(122),
        "two seconds before the login, by the device"
    );
    let step = Refresh::start(&config(), &renewed.login, None, NOW.saturating_add(3600));
    let outcome = drive_at(&provider, step, NOW.saturating_add(3600));
    assert_eq!(code(outcome), "device_clock_wrong");
}

fn jwks(keys: &[Object]) -> String {
    let keys: Value = keys.iter().cloned().collect();
    Value::from(object([("keys", keys)])).to_json()
}

#[test]
fn a_renewal_that_is_no_answer_is_refused() {
    let login = login(&Provider::new()).unwrap();
    for (body, expected) in [
        (
            object([("token_type", "Bearer")]),
            "misbehaved_token_access_token",
        ),
        (
            object([("token_type", "DPoP"), ("access_token", "a")]),
            "misbehaved_token_type",
        ),
        (
            object([
                ("token_type", "Bearer"),
                ("access_token", "a"),
                ("refresh_token", "a b"),
            ]),
            "misbehaved_token_refresh_token",
        ),
    ] {
        let provider = Provider::new().answer_with("token", Ok(json(200, body)));
        assert_eq!(code(refresh(&provider, &login)), expected);
    }
}
