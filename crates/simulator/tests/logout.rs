//! Signing out: of the session, of the tokens, of the other applications.

use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{Arrival, ProviderName, SignIn, Simulator, Visitor};
use serde_json::Value;

use ProviderName::{Ansattporten, Idporten};

#[test]
fn signing_out_ends_the_session_and_returns_with_state() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator).0;
    let url = logout(&[
        ("client_id", "app"),
        ("post_logout_redirect_uri", AFTER_LOGOUT),
        ("state", "a b&c"),
    ]);
    let Arrival::Left(url) = run(visitor.open(&url)) else {
        panic!()
    };
    assert_eq!(url, format!("{AFTER_LOGOUT}?state=a+b%26c"));
    let arrival = run(visitor.open(&Authorize::at(Idporten).url(&simulator)));
    assert!(matches!(arrival, Arrival::Page(_)));
}

#[test]
fn an_expired_id_token_is_hint_enough() {
    let simulator = simulator();
    let (mut visitor, tokens) = signed_in(&simulator);
    simulator.clock().advance(1_000);
    let hint = tokens["id_token"].as_str().unwrap();
    let url = logout(&[
        ("id_token_hint", hint),
        ("post_logout_redirect_uri", AFTER_LOGOUT),
    ]);
    assert!(matches!(run(visitor.open(&url)), Arrival::Left(url) if url == AFTER_LOGOUT));
}

#[test]
fn a_logout_can_be_posted_from_the_same_site() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator).0;
    let form = [
        ("client_id", "app"),
        ("post_logout_redirect_uri", AFTER_LOGOUT),
    ];
    let arrival = run(visitor.post("http://127.0.0.1:8104/logout", &form));
    assert!(matches!(arrival, Arrival::Left(url) if url == AFTER_LOGOUT));
}

#[test]
fn a_form_on_another_site_brings_no_cookie_and_signs_nobody_out() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator).0;
    let form = [
        ("client_id", "app"),
        ("post_logout_redirect_uri", AFTER_LOGOUT),
    ];
    let arrival = run(visitor.post_from_another_site("http://127.0.0.1:8104/logout", &form));
    let Arrival::Page(page) = arrival else {
        panic!()
    };
    assert_eq!(
        (page.status, page.error_code()),
        (StatusCode::BAD_REQUEST, Some("session_cookie_missing"))
    );
    let arrival = run(visitor.open(&Authorize::at(Idporten).url(&simulator)));
    assert!(matches!(arrival, Arrival::Left(_)));
}

#[test]
fn without_a_registered_address_the_browser_stays_and_the_session_ends() {
    let simulator = simulator();
    for params in [
        vec![],
        vec![("client_id", "app")],
        vec![("post_logout_redirect_uri", AFTER_LOGOUT)],
        vec![
            ("client_id", "app"),
            ("post_logout_redirect_uri", "https://evil.example/"),
        ],
        vec![
            ("client_id", "app"),
            ("post_logout_redirect_uri", "http://localhost:8080"),
        ],
    ] {
        let mut visitor = signed_in(&simulator).0;
        let Arrival::Page(page) = run(visitor.open(&logout(&params))) else {
            panic!("{params:?}")
        };
        assert_eq!(
            (page.status, page.error_code()),
            (StatusCode::OK, None),
            "{params:?}"
        );
        assert!(!page.html.contains("evil.example"));
        let arrival = run(visitor.open(&Authorize::at(Idporten).url(&simulator)));
        assert!(matches!(arrival, Arrival::Page(_)));
    }
}

#[test]
fn a_session_that_is_over_leaves_the_browser_at_the_provider_with_a_way_back() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator).0;
    simulator.clock().advance(3 * 60 * 60);
    let url = logout(&[
        ("client_id", "app"),
        ("post_logout_redirect_uri", AFTER_LOGOUT),
    ]);
    let Arrival::Page(page) = run(visitor.open(&url)) else {
        panic!()
    };
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains(&format!("href=\"{AFTER_LOGOUT}\"")));
}

#[test]
fn wrong_requests_sign_nobody_out() {
    let simulator = simulator();
    let (mut visitor, tokens) = signed_in(&simulator);
    let id_token = tokens["id_token"].as_str().unwrap();
    let forged = format!("{id_token}x");
    let foreign = crate::support::tokens(&simulator, Ansattporten)["id_token"]
        .as_str()
        .unwrap()
        .to_owned();
    for (params, code) in [
        (vec![("client_id", "unknown")], "invalid_client"),
        (vec![("id_token_hint", "x")], "invalid_request"),
        (vec![("id_token_hint", forged.as_str())], "invalid_request"),
        (vec![("id_token_hint", foreign.as_str())], "invalid_request"),
        (
            vec![("id_token_hint", id_token), ("client_id", "other")],
            "invalid_request",
        ),
        (
            vec![("client_id", "app"), ("state", "å")],
            "invalid_request",
        ),
        (
            vec![("client_id", "app"), ("client_id", "app")],
            "invalid_request",
        ),
    ] {
        let Arrival::Page(page) = run(visitor.open(&logout(&params))) else {
            panic!("{params:?}")
        };
        assert_eq!(
            (page.status, page.error_code()),
            (StatusCode::BAD_REQUEST, Some(code)),
            "{params:?}"
        );
    }
    let arrival = run(visitor.open(&Authorize::at(Idporten).url(&simulator)));
    assert!(matches!(arrival, Arrival::Left(_)));
}

#[test]
fn login_tokens_end_with_the_session_and_tokens_for_apis_do_not() {
    let simulator = simulator();
    let (mut visitor, tokens) = signed_in(&simulator);
    let request = Authorize::at(Idporten).set("scope", "openid profile digdir:dialogporten");
    let Arrival::Left(url) = run(visitor.open(&request.url(&simulator))) else {
        panic!()
    };
    let for_api = redeem(&simulator, Idporten, Callback::parse(&url).code()).json();
    run(visitor.open(&logout(&[("client_id", "app")])));
    let status = |tokens: &Value| {
        let token = tokens["access_token"].as_str().unwrap();
        bearer(&simulator, "http://127.0.0.1:8103/userinfo", token).status
    };
    assert_eq!(status(&tokens), StatusCode::UNAUTHORIZED);
    assert_eq!(status(&for_api), StatusCode::OK);
}

#[test]
fn every_application_of_the_session_is_called_in_a_frame_with_its_own_sid() {
    let simulator = simulator();
    for id in ["first", "second"] {
        let mut client = app();
        client.client_id = id.to_owned();
        client.frontchannel_logout_uri = Some(format!("http://localhost:8080/logout/{id}"));
        client.frontchannel_logout_session_required = id == "first";
        simulator.register(client).unwrap();
    }
    let mut visitor = signed_in(&simulator).0;
    let mut sid = None;
    for id in ["first", "second"] {
        let request = Authorize::at(Idporten).set("client_id", id);
        let Arrival::Left(url) = run(visitor.open(&request.url(&simulator))) else {
            panic!()
        };
        let code = Callback::parse(&url).code().to_owned();
        let tokens =
            redeem_with(&simulator, Idporten, &[("code", &code), ("client_id", id)]).json();
        let (_, claims) = id_token(&tokens);
        assert_eq!(claims.get("sid").is_some(), id == "first");
        sid = sid.or_else(|| claims["sid"].as_str().map(str::to_owned));
    }
    let url = logout(&[
        ("client_id", "first"),
        ("post_logout_redirect_uri", AFTER_LOGOUT),
    ]);
    let Arrival::Page(page) = run(visitor.open(&url)) else {
        panic!()
    };
    let expected = format!(
        "http://localhost:8080/logout/first?iss=http%3A%2F%2F127.0.0.1%3A8103&amp;sid={}",
        sid.unwrap()
    );
    assert!(page.html.contains(&expected), "{}", page.html);
    assert!(
        page.html
            .contains("src=\"http://localhost:8080/logout/second\"")
    );
    assert!(
        page.html
            .contains(&format!("content=\"2;url={AFTER_LOGOUT}\""))
    );
    let policy = header(&page.headers, "content-security-policy").unwrap();
    assert!(
        policy.contains("frame-src http://localhost:8080;")
            || policy.ends_with("frame-src http://localhost:8080"),
        "{policy}"
    );
}

/// A browser in which Kari has signed in to `app` at ID-porten, and the tokens.
fn signed_in(simulator: &Simulator) -> (Visitor, Value) {
    let mut visitor = Visitor::new(simulator);
    let callback = Authorize::at(Idporten).sign_in(&mut visitor, simulator, &SignIn::person(KARI));
    (visitor, redeem(simulator, Idporten, callback.code()).json())
}

fn logout(params: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    format!("http://127.0.0.1:8104/logout?{query}")
}
