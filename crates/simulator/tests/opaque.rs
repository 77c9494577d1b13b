//! Opaque access tokens, and introspection (RFC 7662).

use crate::proof::ProofKey;
use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{AccessTokenType, Algorithm, AuthMethod, ProviderName, Secret, Simulator};
use serde_json::json;

use ProviderName::Idporten;

const TOKEN: &str = "http://127.0.0.1:8103/token";
const USERINFO: &str = "http://127.0.0.1:8103/userinfo";
const INTROSPECT: &str = "http://127.0.0.1:8103/tokenintrospect";

#[test]
fn an_opaque_token_is_a_name_that_userinfo_knows_and_dialogporten_does_not() {
    let simulator = opaque();
    let tokens = tokens(&simulator, Idporten);
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!((token.len(), token.contains('.')), (43, false));
    assert_eq!(tokens["expires_in"], 120);
    let answer = userinfo(&simulator, Idporten, token);
    assert_eq!(answer.json()["sub"], id_token(&tokens).1["sub"]);
    let dialogs = "http://127.0.0.1:8105/dialogporten/api/v1/enduser/parties";
    let refused = bearer(&simulator, dialogs, token);
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        header(&refused.headers, "www-authenticate"),
        Some("Bearer error=\"invalid_token\"")
    );

    simulator.clock().advance(120);
    let expired = userinfo(&simulator, Idporten, token);
    assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn an_opaque_token_is_revoked_like_any_other() {
    let simulator = opaque();
    let tokens = tokens(&simulator, Idporten);
    let token = tokens["access_token"].as_str().unwrap();
    let form = [("client_id", "app"), ("token", token)];
    let revoked = post_form(&simulator, "http://127.0.0.1:8103/revoke", &form);
    assert_eq!(revoked.status, StatusCode::OK);
    let answer = userinfo(&simulator, Idporten, token);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        introspect(&simulator, token).json(),
        json!({ "active": false })
    );
}

#[test]
fn an_opaque_token_is_bound_to_a_key_as_well() {
    let simulator = opaque();
    let key = ProofKey::generate(Algorithm::Es256);
    let callback = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .redirected(&simulator);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("grant_type", "authorization_code"),
            ("client_id", "app"),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
            ("code", callback.code()),
        ])
        .finish();
    let proof = key.proof("POST", TOKEN);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("dpop", proof.as_str()),
    ];
    let tokens = send(&simulator, Method::POST, TOKEN, &headers, &body).json();
    let token = tokens["access_token"].as_str().unwrap();
    let answer = userinfo(&simulator, Idporten, token);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let authorization = format!("DPoP {token}");
    let proof = key.proof_for("GET", USERINFO, token);
    let headers = [
        ("authorization", authorization.as_str()),
        ("dpop", proof.as_str()),
    ];
    let answer = send(&simulator, Method::GET, USERINFO, &headers, "");
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        introspect(&simulator, token).json()["cnf"]["jkt"],
        key.thumbprint()
    );
}

#[test]
fn introspection_says_what_a_good_token_of_either_kind_says() {
    for kind in [AccessTokenType::Opaque, AccessTokenType::SelfContained] {
        let simulator = with(kind);
        let tokens = tokens(&simulator, Idporten);
        let token = tokens["access_token"].as_str().unwrap();
        let claims = introspect(&simulator, token).json();
        assert_eq!(claims["active"], true);
        assert_eq!(claims["client_id"], "app");
        assert_eq!(claims["scope"], "openid profile");
        assert_eq!(claims["pid"], KARI);
        assert_eq!(claims["exp"], NOW + 120);
        for other in [tokens["id_token"].as_str().unwrap(), "x"] {
            let answer = introspect(&simulator, other).json();
            assert_eq!(answer, json!({ "active": false }));
        }
        simulator.clock().advance(120);
        assert_eq!(
            introspect(&simulator, token).json(),
            json!({ "active": false })
        );
    }
}

#[test]
fn introspection_is_for_the_servers_of_apis_alone() {
    let simulator = opaque();
    let token = tokens(&simulator, Idporten)["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let public = post_form(
        &simulator,
        INTROSPECT,
        &[("client_id", "app"), ("token", &token)],
    );
    assert_eq!(public.error(), "unauthorized_client");
    let wrong = [
        ("client_id", "api"),
        ("client_secret", "x"),
        ("token", &token),
    ];
    assert_eq!(
        post_form(&simulator, INTROSPECT, &wrong).error(),
        "invalid_client"
    );
    let origin = ("origin", "http://localhost:8080");
    let answer = send(&simulator, Method::POST, INTROSPECT, &[origin], "");
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

fn opaque() -> Simulator {
    with(AccessTokenType::Opaque)
}

/// A simulator where `app` has tokens of a kind, and `api` may look into them.
fn with(kind: AccessTokenType) -> Simulator {
    let simulator = simulator();
    let mut client = app();
    client.access_token_type = kind;
    simulator.register(client).unwrap();
    let mut api = app();
    api.client_id = "api".to_owned();
    api.token_endpoint_auth_method = AuthMethod::ClientSecretPost;
    api.client_secret = Some(Secret::new("hemmelig"));
    api.scopes.push("idporten:token.introspection".to_owned());
    simulator.register(api).unwrap();
    simulator
}

fn introspect(simulator: &Simulator, token: &str) -> Answer {
    let form = [
        ("client_id", "api"),
        ("client_secret", "hemmelig"),
        ("token", token),
    ];
    let answer = post_form(simulator, INTROSPECT, &form);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.json()["active"].is_boolean());
    answer
}
