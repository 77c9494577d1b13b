//! Refresh tokens and revocation: how an authorization goes on, and how it ends.

use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{Client, GrantType, ProviderName, RefreshTokenUsage, Simulator, Switch};
use serde_json::Value;

use ProviderName::Idporten;

#[test]
fn revocation_ends_everything_of_the_grant() {
    let simulator = simulator();
    simulator
        .register(with_refresh(RefreshTokenUsage::Onetime))
        .unwrap();
    let tokens = tokens(&simulator, Idporten);
    let url = "http://127.0.0.1:8103/revoke";
    let revoke =
        |token: &str| post_form(&simulator, url, &[("client_id", "app"), ("token", token)]);

    assert_eq!(revoke("unknown").status, StatusCode::OK);
    assert_eq!(
        post_form(&simulator, url, &[("client_id", "app")]).error(),
        "invalid_request"
    );
    assert_eq!(
        revoke(tokens["refresh_token"].as_str().unwrap()).status,
        StatusCode::OK
    );
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(
        userinfo(&simulator, Idporten, access_token).status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(refresh(&simulator, &tokens, &[]).error(), "invalid_grant");
}

#[test]
fn a_client_cannot_revoke_the_token_of_another() {
    let simulator = simulator();
    let mut other = app();
    other.client_id = "other".to_owned();
    simulator.register(other).unwrap();
    let tokens = tokens(&simulator, Idporten);
    let access_token = tokens["access_token"].as_str().unwrap();
    let form = [("client_id", "other"), ("token", access_token)];
    assert_eq!(
        post_form(&simulator, "http://127.0.0.1:8103/revoke", &form).error(),
        "invalid_grant"
    );
    assert_eq!(
        userinfo(&simulator, Idporten, access_token).status,
        StatusCode::OK
    );
}

#[test]
fn a_refresh_token_gives_a_new_pair_once() {
    let simulator = simulator();
    simulator
        .register(with_refresh(RefreshTokenUsage::Onetime))
        .unwrap();
    let first = tokens(&simulator, Idporten);
    assert_eq!(first["refresh_token_expires_in"], 600);
    let header = first["refresh_token"]
        .as_str()
        .unwrap()
        .split('.')
        .next()
        .unwrap();
    assert_eq!(header, "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0");

    let second = refresh(&simulator, &first, &[]);
    assert_eq!(second.status, StatusCode::OK);
    let second = second.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(
        access_token(&second).1["sub"],
        access_token(&first).1["sub"]
    );

    let events = get(&simulator, &format!("{CONTROL}/api/events")).json();
    assert_eq!(events[0]["note"], "refresh_token of app");
    assert_eq!(events[1]["note"], "authorization_code of app");

    // The first one again: somebody else has it, so everything ends.
    assert_eq!(refresh(&simulator, &first, &[]).error(), "invalid_grant");
    assert_eq!(refresh(&simulator, &second, &[]).error(), "invalid_grant");
    let token = second["access_token"].as_str().unwrap();
    assert_eq!(
        userinfo(&simulator, Idporten, token).status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn a_reusable_refresh_token_works_until_it_expires() {
    let simulator = simulator();
    simulator
        .register(with_refresh(RefreshTokenUsage::Reuse))
        .unwrap();
    let tokens = tokens(&simulator, Idporten);
    for _ in 0..2 {
        // Ten minutes unused are its end, and each use begins them anew.
        simulator.clock().advance(599);
        let renewed = refresh(&simulator, &tokens, &[]);
        assert_eq!(renewed.status, StatusCode::OK);
        assert_eq!(renewed.json()["refresh_token"], tokens["refresh_token"]);
    }
    simulator.clock().advance(600);
    assert_eq!(refresh(&simulator, &tokens, &[]).error(), "invalid_grant");
}

#[test]
fn an_authorization_ends_however_often_it_is_renewed() {
    let simulator = simulator();
    let mut client = with_refresh(RefreshTokenUsage::Onetime);
    client.authorization_lifetime = 1_000;
    simulator.register(client).unwrap();
    let first = tokens(&simulator, Idporten);
    simulator.clock().advance(599);
    let second = refresh(&simulator, &first, &[]).json();
    assert_eq!(second["refresh_token_expires_in"], 401);
    assert_eq!(second["expires_in"], 120);
    simulator.clock().advance(401);
    assert_eq!(refresh(&simulator, &second, &[]).error(), "invalid_grant");
}

#[test]
fn a_renewal_brings_a_new_id_token_where_that_is_switched_on() {
    let simulator = simulator();
    simulator
        .register(with_refresh(RefreshTokenUsage::Onetime))
        .unwrap();
    let first = tokens(&simulator, Idporten);
    simulator.clock().advance(100);
    let second = refresh(&simulator, &first, &[]).json();
    assert!(second.get("id_token").is_none());
    simulator.switch(Switch::IdTokenOnRefresh, true);
    let third = refresh(&simulator, &second, &[]).json();
    let (before, after) = (id_token(&first).1, id_token(&third).1);
    for name in ["iss", "sub", "aud", "acr", "auth_time", "pid", "locale"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_eq!(after["iat"], NOW + 100);
    assert_ne!(after["jti"], before["jti"]);
    // OIDC Core §12.2: none, although the first has one.
    assert!(after.get("nonce").is_none() && before["nonce"] == "the-nonce");
}

#[test]
fn a_refresh_token_of_a_lost_answer_is_used_and_ends_the_authorization() {
    let simulator = simulator();
    simulator
        .register(with_refresh(RefreshTokenUsage::Onetime))
        .unwrap();
    let first = tokens(&simulator, Idporten);
    let second = refresh(&simulator, &first, &[]).json();
    assert_eq!(refresh(&simulator, &first, &[]).error(), "invalid_grant");
    assert_eq!(refresh(&simulator, &second, &[]).error(), "invalid_grant");
}

#[test]
fn a_refresh_can_ask_for_less_and_not_for_more() {
    let simulator = simulator();
    simulator
        .register(with_refresh(RefreshTokenUsage::Reuse))
        .unwrap();
    let tokens = tokens(&simulator, Idporten);
    assert_eq!(
        refresh(&simulator, &tokens, &[("scope", "openid")]).json()["scope"],
        "openid"
    );
    let more = refresh(
        &simulator,
        &tokens,
        &[("scope", "openid digdir:dialogporten")],
    );
    assert_eq!(more.error(), "invalid_scope");
}

fn with_refresh(usage: RefreshTokenUsage) -> Client {
    let mut client = app();
    client.grant_types.push(GrantType::RefreshToken);
    client.refresh_token_usage = usage;
    client
}

fn refresh(simulator: &Simulator, tokens: &Value, more: &[(&str, &str)]) -> Answer {
    let token = tokens["refresh_token"].as_str().unwrap();
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("client_id", "app"),
        ("refresh_token", token),
    ];
    form.extend(more);
    post_form(simulator, "http://127.0.0.1:8103/token", &form)
}
