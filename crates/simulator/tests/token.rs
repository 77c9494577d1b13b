//! The token endpoint: what it takes, from whom, and how often.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{AuthMethod, Client, ProviderName, Secret};
use serde_json::json;

use ProviderName::{Ansattporten, Idporten};

#[test]
fn a_token_request_with_a_mistake_is_refused_with_the_error_of_rfc_6749() {
    let simulator = simulator();
    let other = "z".repeat(43);
    for (changes, status, error, about) in [
        (
            vec![("grant_type", "")],
            400,
            "invalid_request",
            "grant_type",
        ),
        (
            vec![("grant_type", "password")],
            400,
            "unsupported_grant_type",
            "password",
        ),
        (
            vec![("grant_type", "refresh_token"), ("refresh_token", "x")],
            400,
            "unauthorized_client",
            "registered",
        ),
        (vec![("client_id", "")], 400, "invalid_request", "client_id"),
        (
            vec![("client_id", "unknown")],
            401,
            "invalid_client",
            "registered",
        ),
        (vec![("client_secret", "x")], 401, "invalid_client", "none"),
        (
            vec![("client_assertion", "x")],
            401,
            "invalid_client",
            "private_key_jwt",
        ),
        (vec![("code", "")], 400, "invalid_request", "code"),
        (vec![("code", "unknown")], 400, "invalid_grant", "unknown"),
        (
            vec![("redirect_uri", "")],
            400,
            "invalid_request",
            "redirect_uri",
        ),
        (
            vec![("redirect_uri", "http://localhost:8080/")],
            400,
            "invalid_grant",
            "redirect_uri",
        ),
        (
            vec![("code_verifier", "")],
            400,
            "invalid_request",
            "code_verifier",
        ),
        (
            vec![("code_verifier", "short")],
            400,
            "invalid_request",
            "43-128",
        ),
        (
            vec![("code_verifier", other.as_str())],
            400,
            "invalid_grant",
            "code_challenge",
        ),
    ] {
        let callback = Authorize::at(Idporten)
            .headless(KARI, "idporten-loa-high")
            .redirected(&simulator);
        let mut all = vec![("code", callback.code())];
        all.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        all.extend(&changes);
        let answer = redeem_with(&simulator, Idporten, &all);
        assert_eq!(
            (answer.status.as_u16(), answer.error().as_str()),
            (status, error),
            "{changes:?}"
        );
        let json = answer.json();
        let description = json["error_description"].as_str().unwrap();
        assert!(
            description.contains(about),
            "{description} should be about {about}"
        );
        assert_eq!(header(&answer.headers, "cache-control"), Some("no-store"));
        assert_eq!(
            answer.headers.contains_key("www-authenticate"),
            status == 401
        );
    }
}

#[test]
fn a_token_request_must_be_a_form_without_repetitions() {
    let simulator = simulator();
    let url = "http://127.0.0.1:8103/token";
    let answer = post_json(
        &simulator,
        url,
        &json!({ "grant_type": "authorization_code" }),
    );
    assert_eq!(answer.error(), "invalid_request");
    let answer = post_form(
        &simulator,
        url,
        &[("client_id", "app"), ("client_id", "app")],
    );
    assert_eq!(answer.error(), "invalid_request");
    assert_eq!(get(&simulator, url).status, StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn a_code_works_once_and_a_second_use_revokes_what_it_gave() {
    let simulator = simulator();
    let callback = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .redirected(&simulator);
    let tokens = redeem(&simulator, Idporten, callback.code()).json();
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(
        userinfo(&simulator, Idporten, access_token).status,
        StatusCode::OK
    );

    let again = redeem(&simulator, Idporten, callback.code());
    assert_eq!(
        (again.status, again.error().as_str()),
        (StatusCode::BAD_REQUEST, "invalid_grant")
    );
    assert_eq!(
        userinfo(&simulator, Idporten, access_token).status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn a_code_lives_for_a_minute() {
    let simulator = simulator();
    let callback = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .redirected(&simulator);
    simulator.clock().advance(60);
    assert_eq!(
        redeem(&simulator, Idporten, callback.code()).error(),
        "invalid_grant"
    );
}

#[test]
fn a_wrong_verifier_uses_up_the_code() {
    let simulator = simulator();
    let callback = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .redirected(&simulator);
    let wrong = "z".repeat(43);
    let answer = redeem_with(
        &simulator,
        Idporten,
        &[("code", callback.code()), ("code_verifier", &wrong)],
    );
    assert_eq!(answer.error(), "invalid_grant");
    assert_eq!(
        redeem(&simulator, Idporten, callback.code()).error(),
        "invalid_grant"
    );
}

#[test]
fn a_code_of_another_client_or_provider_is_refused_and_stays_good() {
    let simulator = simulator();
    let mut other = app();
    other.client_id = "other".to_owned();
    simulator.register(other).unwrap();
    let callback = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .redirected(&simulator);
    let answer = redeem_with(
        &simulator,
        Idporten,
        &[("code", callback.code()), ("client_id", "other")],
    );
    assert_eq!(answer.error(), "invalid_grant");
    assert_eq!(
        redeem(&simulator, Ansattporten, callback.code()).error(),
        "invalid_grant"
    );
    assert_eq!(
        redeem(&simulator, Idporten, callback.code()).status,
        StatusCode::OK
    );
}

#[test]
fn confidential_clients_authenticate_in_the_registered_way_only() {
    let simulator = simulator();
    for (id, method) in [
        ("basic", AuthMethod::ClientSecretBasic),
        ("post", AuthMethod::ClientSecretPost),
    ] {
        let mut client = Client::public(id, REDIRECT_URI);
        client.token_endpoint_auth_method = method;
        client.client_secret = Some(Secret::new("hem melig:x"));
        simulator.register(client).unwrap();
    }
    let attempt = |id: &str, header: Option<&str>, secret: &str| {
        let request = Authorize::at(Idporten)
            .headless(KARI, "idporten-loa-high")
            .set("client_id", id);
        let code = request.redirected(&simulator).code().to_owned();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
            ("code", code.as_str()),
        ];
        if header.is_none() {
            form.push(("client_id", id));
        }
        if !secret.is_empty() {
            form.push(("client_secret", secret));
        }
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(header.map(|value| ("authorization", value)));
        let answer = send(
            &simulator,
            Method::POST,
            "http://127.0.0.1:8103/token",
            &headers,
            &body,
        );
        (answer.status.as_u16(), answer.json())
    };
    // "basic:hem+melig%3Ax" and "basic:wrong"
    let right = "Basic YmFzaWM6aGVtK21lbGlnJTNBeA==";
    let (status, json) = attempt("basic", Some(right), "");
    assert_eq!(status, 200, "{json}");
    assert_eq!(access_token(&json).1["client_amr"], "client_secret_basic");
    assert_eq!(attempt("basic", Some("Basic YmFzaWM6d3Jvbmc="), "").0, 401);
    assert_eq!(attempt("basic", None, "hem melig:x").0, 401);
    assert_eq!(attempt("basic", None, "").0, 401);
    assert_eq!(
        attempt("basic", Some(right), "hem melig:x").1["error"],
        "invalid_request"
    );
    let (status, json) = attempt("post", None, "hem melig:x");
    assert_eq!(
        (status, &access_token(&json).1["client_amr"]),
        (200, &json!("client_secret_post"))
    );
    assert_eq!(attempt("post", None, "wrong").1["error"], "invalid_client");
}
