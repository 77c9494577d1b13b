//! The token endpoint, what tokens carry, userinfo, PAR, revocation and refresh.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{
    Algorithm, AuthMethod, Client, GrantType, ProviderName, RefreshTokenUsage, Secret, SignIn,
    Simulator, Visitor,
};
use serde_json::{Value, json};

use ProviderName::{Ansattporten, Idporten};

#[test]
fn an_id_token_carries_what_the_real_one_carries_and_nothing_else() {
    let simulator = simulator();
    let tokens = tokens(&simulator, Ansattporten);
    let (header, claims) = id_token(&tokens);
    assert_eq!(keys(&header), ["alg", "kid", "x5c"]);
    assert_eq!(
        keys(&claims),
        [
            "acr",
            "amr",
            "aud",
            "auth_time",
            "exp",
            "iat",
            "iss",
            "jti",
            "locale",
            "nonce",
            "pid",
            "sub"
        ]
    );
    assert_eq!(claims["iss"], "http://127.0.0.1:8101");
    assert_eq!(claims["aud"], "app");
    assert_eq!(claims["acr"], "high");
    assert_eq!(claims["amr"], json!(["TestID"]));
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["pid"], KARI);
    assert_eq!(claims["locale"], "nb");
    assert_eq!(
        (claims["iat"].as_u64(), claims["exp"].as_u64()),
        (Some(NOW), Some(NOW + 120))
    );
    assert_eq!(claims["auth_time"], NOW);
    assert_eq!(claims["jti"].as_str().unwrap().len(), 11);
    assert_eq!(claims["sub"].as_str().unwrap().len(), 43);
}

#[test]
fn an_access_token_names_the_client_and_has_no_audience() {
    let simulator = simulator();
    let tokens = tokens(&simulator, Idporten);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 120);
    assert_eq!(tokens["scope"], "openid profile");
    assert!(tokens.get("refresh_token").is_none() && tokens.get("authorization_details").is_none());
    let (header, claims) = access_token(&tokens);
    assert_eq!(keys(&header), ["alg", "kid", "x5c"]);
    assert_eq!(
        keys(&claims),
        [
            "acr",
            "client_amr",
            "client_id",
            "consumer",
            "exp",
            "iat",
            "iss",
            "jti",
            "pid",
            "scope",
            "sub"
        ]
    );
    assert_eq!(claims["client_id"], "app");
    assert_eq!(claims["client_amr"], "none");
    assert_eq!(
        claims["consumer"],
        json!({ "authority": "iso6523-actorid-upis", "ID": "0192:310000019" })
    );
    assert_eq!(claims["acr"], "idporten-loa-high");
}

#[test]
fn resource_becomes_the_audience_of_the_access_token() {
    let simulator = simulator();
    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("resource", "https://api.example/");
    let tokens = redeem(&simulator, Idporten, request.redirected(&simulator).code()).json();
    assert_eq!(access_token(&tokens).1["aud"], "https://api.example/");

    let mut several = request;
    several
        .params
        .push(("resource".to_owned(), "urn:example:two".to_owned()));
    let tokens = redeem(&simulator, Idporten, several.redirected(&simulator).code()).json();
    assert_eq!(
        access_token(&tokens).1["aud"],
        json!(["https://api.example/", "urn:example:two"])
    );
}

#[test]
fn sub_is_pairwise_and_stable() {
    let simulator = simulator();
    let mut other = app();
    other.client_id = "other".to_owned();
    simulator.register(other).unwrap();
    let sub = |client_id: &str| {
        let request = Authorize::at(Idporten)
            .headless(KARI, "idporten-loa-high")
            .set("client_id", client_id);
        let code = request.redirected(&simulator).code().to_owned();
        let tokens = redeem_with(
            &simulator,
            Idporten,
            &[("code", &code), ("client_id", client_id)],
        )
        .json();
        id_token(&tokens).1["sub"].clone()
    };
    assert_eq!(sub("app"), sub("app"));
    assert_ne!(sub("app"), sub("other"));
}

#[test]
fn logins_without_a_person_number_have_an_email_address() {
    let simulator = simulator();
    let request = Authorize::at(Ansattporten)
        .headless(KARI, "entraid")
        .set("acr_values", "entraid");
    let tokens = redeem(
        &simulator,
        Ansattporten,
        request.redirected(&simulator).code(),
    )
    .json();
    let (_, claims) = id_token(&tokens);
    assert_eq!(claims["acr"], "entraid");
    assert_eq!(claims["email"], "kari@syntetisk-kommune.example");
    assert_eq!(
        claims["groups"],
        json!(["5c0f7a52-0000-4000-8000-000000000001"])
    );
    assert_eq!(
        (&claims["given_name"], &claims["family_name"]),
        (&json!("Kari"), &json!("Prøvesen"))
    );
    assert!(claims.get("pid").is_none() && access_token(&tokens).1.get("pid").is_none());

    let request = Authorize::at(Idporten).set("acr_values", "selfregistered-email");
    let callback = request.sign_in(
        &mut Visitor::new(&simulator),
        &simulator,
        &SignIn::person(NORA),
    );
    let tokens = redeem(&simulator, Idporten, callback.code()).json();
    let (_, claims) = id_token(&tokens);
    assert_eq!(
        (&claims["acr"], &claims["amr"]),
        (
            &json!("selfregistered-email"),
            &json!(["Selfregistered-email"])
        )
    );
    assert_eq!(claims["email"], "nora@post.example");
    assert!(claims.get("pid").is_none());
}

#[test]
fn tokens_verify_with_the_published_keys_in_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let simulator = simulator_with(|options| options.idporten_algorithm = algorithm);
        let tokens = tokens(&simulator, Idporten);
        let (header, _) = id_token(&tokens);
        assert_eq!(header["alg"], algorithm.as_str());
        let jwks = get(&simulator, "http://127.0.0.1:8103/jwks.json").json();
        let key = &jwks["keys"][0];
        assert_eq!(
            (&key["kid"], &key["alg"], &key["use"]),
            (&header["kid"], &header["alg"], &json!("sig"))
        );
        assert_eq!(key["x5c"], header["x5c"]);
        assert!(key.get("d").is_none() && key.get("p").is_none());
        assert!(
            verifies(key, tokens["id_token"].as_str().unwrap()),
            "{algorithm}"
        );
        assert!(
            verifies(key, tokens["access_token"].as_str().unwrap()),
            "{algorithm}"
        );
    }
}

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
        (401, "Bearer")
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
        assert_eq!(refresh(&simulator, &tokens, &[]).status, StatusCode::OK);
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
    simulator.clock().advance(401);
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

fn userinfo(simulator: &Simulator, provider: ProviderName, token: &str) -> Answer {
    bearer(
        simulator,
        &format!("{}/userinfo", simulator.issuer(provider)),
        token,
    )
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// Verifies with nothing but the published key.
fn verifies(jwk: &Value, token: &str) -> bool {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
        RsaPublicKeyComponents, UnparsedPublicKey,
    };
    use base64::Engine as _;
    let decode = |text: &str| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .unwrap()
    };
    let part = |name: &str| decode(jwk[name].as_str().unwrap());
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (input, signature) = (input.as_bytes(), decode(signature));
    match jwk["alg"].as_str().unwrap() {
        "RS256" | "PS256" => {
            let scheme = if jwk["alg"] == "RS256" {
                &RSA_PKCS1_2048_8192_SHA256
            } else {
                &RSA_PSS_2048_8192_SHA256
            };
            RsaPublicKeyComponents {
                n: part("n"),
                e: part("e"),
            }
            .verify(scheme, input, &signature)
            .is_ok()
        }
        "ES256" => {
            let point = [vec![4], part("x"), part("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(input, &signature)
                .is_ok()
        }
        _ => UnparsedPublicKey::new(&ED25519, part("x"))
            .verify(input, &signature)
            .is_ok(),
    }
}
