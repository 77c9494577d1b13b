//! The issuer beside its token endpoint: metadata, userinfo and pushed requests.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::ProviderName;
use serde_json::json;

use ProviderName::{Ansattporten, Idporten};

#[test]
fn the_metadata_is_complete_and_names_the_two_origins() {
    let simulator = simulator();
    let metadata = get(
        &simulator,
        "http://127.0.0.1:8101/.well-known/openid-configuration",
    )
    .json();
    assert_eq!(metadata["issuer"], "http://127.0.0.1:8101");
    assert_eq!(
        metadata["authorization_endpoint"],
        "http://127.0.0.1:8102/authorize"
    );
    assert_eq!(
        metadata["end_session_endpoint"],
        "http://127.0.0.1:8102/logout"
    );
    assert_eq!(metadata["token_endpoint"], "http://127.0.0.1:8101/token");
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        json!(["S256"])
    );
    assert_eq!(
        metadata["acr_values_supported"],
        json!(["substantial", "high", "entraid"])
    );
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
    let types = [
        "ansattporten:altinn:resource",
        "ansattporten:orgno",
        "ansattporten:altinn:service",
    ];
    assert_eq!(
        metadata["authorization_details_types_supported"],
        json!(types)
    );

    let metadata = get(
        &simulator,
        "http://127.0.0.1:8103/.well-known/openid-configuration",
    )
    .json();
    assert_eq!(metadata["issuer"], "http://127.0.0.1:8103");
    assert_eq!(metadata["acr_values_supported"][2], "idporten-loa-high");
    assert_eq!(
        metadata["authorization_details_types_supported"],
        json!(["idporten:fullmakt"])
    );
}

#[test]
fn the_login_origin_has_no_metadata_and_a_foreign_host_nothing_at_all() {
    let simulator = simulator();
    let path = "/.well-known/openid-configuration";
    assert_eq!(
        get(&simulator, &format!("http://127.0.0.1:8102{path}")).status,
        StatusCode::NOT_FOUND
    );
    let rebound = format!("http://evil.example:8101{path}");
    assert_eq!(
        get(&simulator, &rebound).status,
        StatusCode::MISDIRECTED_REQUEST
    );
}

#[test]
fn userinfo_gives_the_person_of_a_token_with_profile() {
    let simulator = simulator();
    let tokens = tokens(&simulator, Idporten);
    let answer = userinfo(
        &simulator,
        Idporten,
        tokens["access_token"].as_str().unwrap(),
    );
    let json = answer.json();
    assert_eq!(
        keys(&json),
        ["family_name", "given_name", "locale", "pid", "sub"]
    );
    assert_eq!(json["sub"], id_token(&tokens).1["sub"]);
    assert_eq!(json["pid"], KARI);
}

#[test]
fn userinfo_refuses_what_is_no_good_access_token() {
    let simulator = simulator();
    let tokens = tokens(&simulator, Idporten);
    let access_token = tokens["access_token"].as_str().unwrap();
    let challenge = |answer: &Answer| {
        header(&answer.headers, "www-authenticate")
            .unwrap_or_default()
            .to_owned()
    };

    let answer = get(&simulator, "http://127.0.0.1:8103/userinfo");
    assert_eq!(
        (answer.status.as_u16(), challenge(&answer).as_str()),
        (401, "Bearer, DPoP algs=\"ES256 EdDSA RS256 PS256\"")
    );
    for token in [
        tokens["id_token"].as_str().unwrap(),
        "x",
        &format!("{access_token}x"),
    ] {
        let answer = userinfo(&simulator, Idporten, token);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(challenge(&answer).contains("invalid_token"));
    }
    assert_eq!(
        userinfo(&simulator, Ansattporten, access_token).status,
        StatusCode::UNAUTHORIZED
    );

    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("scope", "openid");
    let without = redeem(&simulator, Idporten, request.redirected(&simulator).code()).json();
    let answer = userinfo(
        &simulator,
        Idporten,
        without["access_token"].as_str().unwrap(),
    );
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(challenge(&answer).contains("insufficient_scope"));

    simulator.clock().advance(120);
    assert_eq!(
        userinfo(&simulator, Idporten, access_token).status,
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn a_pushed_request_works_once_for_two_minutes_and_alone() {
    let simulator = simulator();
    let push = || {
        let request = Authorize::at(Idporten).headless(KARI, "idporten-loa-high");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let answer = send(
            &simulator,
            Method::POST,
            "http://127.0.0.1:8103/par",
            &form,
            &request.query(),
        );
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.json()["expires_in"], 120);
        answer.json()["request_uri"].as_str().unwrap().to_owned()
    };
    let pushed = |request_uri: &str| {
        let mut request = Authorize::at(Idporten);
        request.params = vec![("client_id".to_owned(), "app".to_owned())];
        request.set("request_uri", request_uri)
    };
    let request_uri = push();
    assert_eq!(
        request_uri.strip_prefix("urn:idporten:").map(str::len),
        Some(43)
    );
    assert_eq!(
        pushed(&request_uri)
            .set("state", "x")
            .page(&simulator)
            .error_code(),
        Some("invalid_request")
    );
    assert_eq!(
        pushed(&request_uri)
            .set("client_id", "other")
            .page(&simulator)
            .error_code(),
        Some("invalid_request")
    );
    assert!(
        pushed(&request_uri)
            .redirected(&simulator)
            .get("code")
            .is_some()
    );
    assert_eq!(
        pushed(&request_uri).page(&simulator).error_code(),
        Some("invalid_request_uri")
    );

    let request_uri = push();
    simulator.clock().advance(120);
    assert_eq!(
        pushed(&request_uri).page(&simulator).error_code(),
        Some("invalid_request_uri")
    );
    let foreign = pushed("https://evil.example/request");
    assert_eq!(
        foreign.page(&simulator).error_code(),
        Some("invalid_request_uri")
    );
}

#[test]
fn a_pushed_request_is_checked_when_it_is_pushed() {
    let simulator = simulator();
    for (request, error) in [
        (Authorize::at(Idporten).without("nonce"), "invalid_request"),
        (
            Authorize::at(Idporten).set("redirect_uri", "https://evil.example/"),
            "invalid_request",
        ),
        (
            Authorize::at(Idporten).set("scope", "other"),
            "invalid_scope",
        ),
        (
            Authorize::at(Idporten).set("client_id", "unknown"),
            "invalid_client",
        ),
        (
            Authorize::at(Idporten).set("request_uri", "urn:idporten:x"),
            "invalid_request",
        ),
    ] {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let answer = send(
            &simulator,
            Method::POST,
            "http://127.0.0.1:8103/par",
            &form,
            &request.query(),
        );
        assert_eq!(answer.error(), error, "{request:?}");
    }
}
