//! Signing out: of the session, of the tokens, of the other applications.

use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{Arrival, ProviderName, SignIn, Simulator, Switch, Visitor};
use serde_json::{Value, json};

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
    // The script leads on after that time; the document itself would wait for every frame first.
    assert!(page.html.contains("data-wait-seconds=\"2\""));
    assert!(page.html.contains("<noscript><meta http-equiv=\"refresh\""));
    let script = get(&simulator, "http://127.0.0.1:8104/assets/logout.js");
    assert_eq!(script.status, StatusCode::OK);
    let called = get(&simulator, &format!("{CONTROL}/api/logouts")).json();
    let called: Vec<(&str, &str, &str)> = called
        .as_array()
        .unwrap()
        .iter()
        .map(|call| {
            let text = |name: &str| call[name].as_str().unwrap();
            (text("client_id"), text("channel"), text("outcome"))
        })
        .collect();
    assert_eq!(
        called,
        [("second", "front", "framed"), ("first", "front", "framed")]
    );
    let policy = header(&page.headers, "content-security-policy").unwrap();
    assert!(
        policy.contains("frame-src http://localhost:8080;")
            || policy.ends_with("frame-src http://localhost:8080"),
        "{policy}"
    );
}

#[test]
fn the_iss_of_a_frame_can_have_the_slash_of_the_documentation() {
    let simulator = simulator();
    let mut client = app();
    client.frontchannel_logout_uri = Some("http://localhost:8080/logout?x=y".to_owned());
    client.frontchannel_logout_session_required = true;
    simulator.register(client).unwrap();
    for (slash, iss) in [
        (false, "iss=http%3A%2F%2F127.0.0.1%3A8103&amp;sid="),
        (true, "iss=http%3A%2F%2F127.0.0.1%3A8103%2F&amp;sid="),
    ] {
        simulator.switch(Switch::LogoutIssWithSlash, slash);
        let mut visitor = signed_in(&simulator).0;
        let Arrival::Page(page) = run(visitor.open(&logout(&[]))) else {
            panic!()
        };
        let frame = format!("src=\"http://localhost:8080/logout?x=y&amp;{iss}");
        assert!(page.html.contains(&frame), "{}", page.html);
    }
}

#[test]
fn every_application_of_the_session_gets_one_logout_token_and_the_page_waits_for_none() {
    for provider in ProviderName::ALL {
        let simulator = simulator();
        let [first, second] = ["first", "second"].map(|id| {
            let mut client = app();
            client.client_id = id.to_owned();
            client.backchannel_logout_uri = Some(format!("http://localhost:8080/logout/{id}"));
            simulator.register(client).unwrap();
            id
        });
        let mut visitor = Visitor::new(&simulator);
        let claims = [first, second].map(|id| {
            let request = Authorize::at(provider).set("client_id", id);
            let callback = request.sign_in(&mut visitor, &simulator, &SignIn::person(KARI));
            let code = [("code", callback.code()), ("client_id", id)];
            id_token(&redeem_with(&simulator, provider, &code).json()).1
        });
        let url = format!(
            "{}/logout?client_id=first&post_logout_redirect_uri={}",
            simulator.origins().login(provider),
            "http%3A%2F%2Flocalhost%3A8080%2F"
        );
        assert!(matches!(run(visitor.open(&url)), Arrival::Left(url) if url == AFTER_LOGOUT));

        let posts = simulator.take_posts();
        let urls: Vec<&str> = posts.iter().map(|post| post.url()).collect();
        assert_eq!(
            urls,
            [
                "http://localhost:8080/logout/first",
                "http://localhost:8080/logout/second"
            ]
        );
        for (post, id_token) in posts.iter().zip(&claims) {
            let token = post.body().strip_prefix("logout_token=").unwrap();
            let (head, body) = decoded(token);
            assert_eq!(keys(&head), ["alg", "kid", "typ", "x5c"]);
            assert_eq!(head["typ"], "logout+jwt");
            assert_eq!(
                keys(&body),
                ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"]
            );
            for name in ["iss", "aud", "sid", "sub"] {
                assert_eq!(body[name], id_token[name], "{provider} {name}");
            }
            assert_eq!(
                (&body["iat"], &body["exp"]),
                (&json!(NOW), &json!(NOW + 300))
            );
            let event = "http://schemas.openid.net/event/backchannel-logout";
            assert_eq!(body["events"], json!({ event: {} }));
            assert!(!format!("{post:?}").contains(token));
        }
        assert_ne!(claims[0]["sid"], claims[1]["sid"]);
        assert!(simulator.take_posts().is_empty(), "each once");
        let called = get(&simulator, &format!("{CONTROL}/api/logouts"));
        assert_eq!(called.json()[0]["outcome"], "handed_over");
        assert!(!called.text.contains("eyJ"));
        let page = get(&simulator, &format!("{CONTROL}/")).text;
        assert!(page.contains("data-client=\"second\""));
    }
}

#[test]
fn nobody_is_told_of_a_session_that_ends_by_itself() {
    let simulator = simulator();
    let mut client = app();
    client.backchannel_logout_uri = Some("http://localhost:8080/logout".to_owned());
    simulator.register(client).unwrap();
    let mut visitor = signed_in(&simulator).0;
    simulator.clock().advance(3 * 60 * 60);
    run(visitor.open(&logout(&[("client_id", "app")])));
    assert!(simulator.take_posts().is_empty());
}

#[test]
fn a_logout_address_is_on_the_domain_of_the_application() {
    let simulator = simulator();
    let mut client = app();
    client.backchannel_logout_uri = Some("https://elsewhere.example/logout".to_owned());
    let error = simulator.register(client).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The backchannel_logout_uri must be on the domain of a redirect URI."
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
