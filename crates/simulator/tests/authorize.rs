//! The authorization endpoint: what is refused, where the refusal goes, and what a good request gets.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{Arrival, Client, Eid, ProviderName, SignIn, Visitor};

use ProviderName::{Ansattporten, Idporten};

#[test]
fn a_good_request_ends_with_code_iss_and_state_in_this_order() {
    let simulator = simulator();
    let callback = Authorize::at(Ansattporten)
        .headless(KARI, "high")
        .redirected(&simulator);
    assert!(callback.url.starts_with(&format!("{REDIRECT_URI}?code=")));
    assert_eq!(callback.names(), ["code", "iss", "state"]);
    assert_eq!(callback.get("iss"), Some("http://127.0.0.1:8101"));
    assert_eq!(callback.get("state"), Some("the-state"));
    let halves: Vec<&str> = callback.code().split('.').collect();
    assert_eq!(
        halves.iter().map(|half| half.len()).collect::<Vec<_>>(),
        [22, 22]
    );
}

#[test]
fn unknown_clients_and_redirect_uris_stay_at_the_provider() {
    let simulator = simulator();
    for (request, code) in [
        (
            Authorize::at(Idporten).set("client_id", "unknown"),
            "invalid_client",
        ),
        (
            Authorize::at(Idporten).without("client_id"),
            "invalid_request",
        ),
        (
            Authorize::at(Idporten).without("redirect_uri"),
            "invalid_request",
        ),
        (
            Authorize::at(Idporten).set("redirect_uri", "http://localhost:8080/callback/"),
            "invalid_request",
        ),
        (
            Authorize::at(Idporten).set("redirect_uri", "http://localhost:8080/callback?x=1"),
            "invalid_request",
        ),
        (
            Authorize::at(Idporten).set("redirect_uri", "https://evil.example/"),
            "invalid_request",
        ),
    ] {
        let page = request.page(&simulator);
        assert_eq!(
            (page.status, page.error_code()),
            (StatusCode::BAD_REQUEST, Some(code)),
            "{request:?}"
        );
    }
}

#[test]
fn other_mistakes_are_told_to_the_application_with_iss_and_state() {
    let simulator = simulator();
    let long = "x".repeat(2_001);
    for (request, error, about) in [
        (
            Authorize::at(Idporten).without("response_type"),
            "invalid_request",
            "response_type",
        ),
        (
            Authorize::at(Idporten).set("response_type", "token"),
            "unsupported_response_type",
            "code",
        ),
        (
            Authorize::at(Idporten).set("response_type", "code id_token"),
            "unsupported_response_type",
            "code",
        ),
        (
            Authorize::at(Idporten).set("response_mode", "fragment"),
            "invalid_request",
            "response_mode",
        ),
        (
            Authorize::at(Idporten).without("scope"),
            "invalid_request",
            "scope",
        ),
        (
            Authorize::at(Idporten).set("scope", "openid other:scope"),
            "invalid_scope",
            "other:scope",
        ),
        (
            Authorize::at(Idporten).without("nonce"),
            "invalid_request",
            "nonce",
        ),
        (
            Authorize::at(Idporten).set("nonce", "å"),
            "invalid_request",
            "nonce",
        ),
        (
            Authorize::at(Idporten).without("code_challenge"),
            "invalid_request",
            "PKCE",
        ),
        (
            Authorize::at(Idporten).without("code_challenge_method"),
            "invalid_request",
            "S256",
        ),
        (
            Authorize::at(Idporten).set("code_challenge_method", "plain"),
            "invalid_request",
            "S256",
        ),
        (
            Authorize::at(Idporten).set("code_challenge", &format!("{CHALLENGE}=")),
            "invalid_request",
            "padding",
        ),
        (
            Authorize::at(Idporten).set("acr_values", "Level4"),
            "invalid_request",
            "Level4",
        ),
        (
            Authorize::at(Idporten).set("acr_values", "high"),
            "invalid_request",
            "idporten-loa-high",
        ),
        (
            Authorize::at(Ansattporten).set("acr_values", "idporten-loa-high"),
            "invalid_request",
            "substantial",
        ),
        (
            Authorize::at(Idporten).set("prompt", "none login"),
            "invalid_request",
            "none",
        ),
        (
            Authorize::at(Idporten).set("prompt", "create"),
            "invalid_request",
            "prompt",
        ),
        (
            Authorize::at(Idporten).set("max_age", "-1"),
            "invalid_request",
            "max_age",
        ),
        (
            Authorize::at(Idporten).set("max_age", "soon"),
            "invalid_request",
            "max_age",
        ),
        (
            Authorize::at(Idporten).set("resource", "not a uri"),
            "invalid_target",
            "resource",
        ),
        (
            Authorize::at(Idporten).set("request", "x.y.z"),
            "request_not_supported",
            "PAR",
        ),
        (
            Authorize::at(Idporten).set("authorization_details", "{"),
            "invalid_authorization_details",
            "JSON",
        ),
        (
            Authorize::at(Idporten).headless("15068510045", "idporten-loa-high"),
            "invalid_request",
            "synthetic",
        ),
        (
            Authorize::at(Idporten).headless("15868510046", "idporten-loa-high"),
            "invalid_request",
            "check digits",
        ),
        (
            Authorize::at(Idporten).set("login_hint", "testid:nobody"),
            "invalid_request",
            "testid",
        ),
    ] {
        let callback = request.redirected(&simulator);
        assert_eq!(callback.get("error"), Some(error), "{request:?}");
        let description = callback.get("error_description").unwrap();
        assert!(
            description.contains(about),
            "{description} should be about {about}"
        );
        assert_eq!(callback.get("state"), Some("the-state"));
        assert!(callback.get("iss").is_some() && callback.get("code").is_none());
    }
    for state in [None, Some("å"), Some(long.as_str())] {
        let request = Authorize::at(Idporten).without("state");
        let request = state.map_or(request.clone(), |state| request.set("state", state));
        let callback = request.redirected(&simulator);
        assert_eq!(callback.names(), ["error", "error_description", "iss"]);
        assert!(callback.get("error_description").unwrap().contains("state"));
    }
}

#[test]
fn a_repeated_parameter_is_refused_at_the_page_or_at_the_application() {
    let simulator = simulator();
    let mut twice = Authorize::at(Idporten);
    twice
        .params
        .push(("nonce".to_owned(), "another".to_owned()));
    assert_eq!(
        twice.redirected(&simulator).get("error"),
        Some("invalid_request")
    );

    let mut twice = Authorize::at(Idporten);
    twice.params.push((
        "redirect_uri".to_owned(),
        "https://evil.example/".to_owned(),
    ));
    assert_eq!(twice.page(&simulator).error_code(), Some("invalid_request"));
}

#[test]
fn unknown_parameters_have_no_effect() {
    let simulator = simulator();
    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("utm_source", "x");
    assert!(request.redirected(&simulator).get("code").is_some());
}

#[test]
fn a_request_can_be_posted_and_must_then_be_a_form() {
    let simulator = simulator();
    let request = Authorize::at(Idporten).headless(KARI, "idporten-loa-high");
    let url = format!("{}/authorize", simulator.origins().login(Idporten));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = send(&simulator, Method::POST, &url, &form, &request.query());
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(
        header(&answer.headers, "location")
            .unwrap()
            .contains("code=")
    );

    let answer = send(
        &simulator,
        Method::POST,
        &url,
        &[("content-type", "text/plain")],
        &request.query(),
    );
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[test]
fn form_post_puts_the_answer_into_a_form_for_the_redirect_uri() {
    let simulator = simulator();
    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("response_mode", "form_post");
    let page = request.page(&simulator);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains(&format!("action=\"{REDIRECT_URI}\"")));
    for name in ["code", "iss", "state"] {
        assert!(page.html.contains(&format!("name=\"{name}\"")), "{name}");
    }
    let policy = header(&page.headers, "content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' http://localhost:8080;"),
        "{policy}"
    );
}

#[test]
fn without_openid_there_is_no_nonce_to_send_and_no_id_token() {
    let simulator = simulator();
    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("scope", "digdir:dialogporten")
        .without("nonce");
    let answer = redeem(&simulator, Idporten, request.redirected(&simulator).code()).json();
    assert!(answer.get("id_token").is_none() && answer.get("access_token").is_some());
}

#[test]
fn a_person_can_cancel_and_the_application_hears_access_denied() {
    let simulator = simulator();
    let url = Authorize::at(Ansattporten).url(&simulator);
    let callback = Callback::parse(&run(Visitor::new(&simulator).cancel(&url)).unwrap());
    assert_eq!(callback.get("error"), Some("access_denied"));
    assert_eq!(callback.get("state"), Some("the-state"));
    assert_eq!(callback.get("iss"), Some("http://127.0.0.1:8101"));
}

#[test]
fn the_eids_are_those_that_the_acr_values_allow() {
    let simulator = simulator();
    let offered = |request: Authorize| {
        let html = request.page(&simulator).html;
        Eid::ALL
            .into_iter()
            .filter(|eid| html.contains(&format!("data-eid=\"{}\"", eid.as_str())))
            .collect::<Vec<_>>()
    };
    let national = [Eid::Bankid, Eid::Minid, Eid::Buypass, Eid::Commfides];
    let high = [Eid::Bankid, Eid::Buypass, Eid::Commfides];
    assert_eq!(offered(Authorize::at(Ansattporten)), national);
    assert_eq!(
        offered(Authorize::at(Ansattporten).set("acr_values", "high")),
        high
    );
    let with_entra = offered(Authorize::at(Ansattporten).set("acr_values", "high entraid"));
    assert_eq!(
        with_entra,
        [Eid::Bankid, Eid::Buypass, Eid::Commfides, Eid::Entraid]
    );
    let with_eidas = offered(
        Authorize::at(Idporten).set("acr_values", "idporten-loa-high eidas-loa-substantial"),
    );
    assert_eq!(
        with_eidas,
        [Eid::Bankid, Eid::Buypass, Eid::Commfides, Eid::Eidas]
    );
}

#[test]
fn entraid_eidas_and_email_alone_lead_straight_to_the_sign_in() {
    let simulator = simulator();
    for (provider, acr) in [
        (Ansattporten, "entraid"),
        (Idporten, "eidas-loa-high"),
        (Idporten, "selfregistered-email"),
    ] {
        let page = Authorize::at(provider)
            .set("acr_values", acr)
            .page(&simulator);
        assert!(page.html.contains("data-testid=\"person\""), "{acr}");
        assert!(!page.html.contains("data-testid=\"eid\""), "{acr}");
    }
}

#[test]
fn a_person_who_is_not_in_the_world_cannot_sign_in() {
    let simulator = simulator();
    let url = Authorize::at(Idporten).url(&simulator);
    for pid in ["15068510045", "15868510398", "", "<script>"] {
        let page = run(Visitor::new(&simulator).sign_in(&url, &SignIn::person(pid))).unwrap_err();
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{pid}");
        assert!(page.html.contains("data-testid=\"problem\""));
    }
}

#[test]
fn a_login_belongs_to_the_browser_that_began_it() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let Arrival::Page(page) = run(visitor.open(&Authorize::at(Idporten).url(&simulator))) else {
        panic!()
    };
    let mut other = Visitor::new(&simulator);
    let Arrival::Page(refused) = run(other.submit(&page, "/login/eid", vec![("eid", "bankid")]))
    else {
        panic!()
    };
    assert_eq!(refused.error_code(), Some("transaction_unknown"));
}

#[test]
fn two_tabs_can_sign_in_at_once() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let mut open = |state: &str| match run(
        visitor.open(&Authorize::at(Idporten).set("state", state).url(&simulator))
    ) {
        Arrival::Page(page) => page,
        Arrival::Left(url) => panic!("{url}"),
    };
    let (first, second) = (open("first"), open("second"));
    for (page, state) in [(first, "first"), (second, "second")] {
        run(visitor.submit(&page, "/login/eid", vec![("eid", "bankid")]));
        let Arrival::Left(url) = run(visitor.submit(&page, "/login/person", vec![("pid", KARI)]))
        else {
            panic!()
        };
        assert_eq!(Callback::parse(&url).get("state"), Some(state));
    }
}

#[test]
fn back_after_a_finished_login_shows_that_it_is_finished() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let Arrival::Page(page) = run(visitor.open(&Authorize::at(Idporten).url(&simulator))) else {
        panic!()
    };
    run(visitor.submit(&page, "/login/cancel", vec![]));
    for arrival in [
        run(visitor.open(&page.url)),
        run(visitor.submit(&page, "/login/person", vec![("pid", KARI)])),
    ] {
        let Arrival::Page(page) = arrival else {
            panic!()
        };
        assert_eq!(page.error_code(), Some("transaction_finished"));
    }
}

#[test]
fn a_login_that_takes_longer_than_half_an_hour_is_over() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let Arrival::Page(page) = run(visitor.open(&Authorize::at(Idporten).url(&simulator))) else {
        panic!()
    };
    simulator.clock().advance(30 * 60);
    let Arrival::Page(page) = run(visitor.open(&page.url)) else {
        panic!()
    };
    assert_eq!(page.error_code(), Some("transaction_unknown"));
}

#[test]
fn a_headless_login_must_reach_the_level_that_is_asked_for() {
    let simulator = simulator();
    let request = Authorize::at(Idporten).set("acr_values", "idporten-loa-high");
    let refused = request
        .clone()
        .headless(KARI, "idporten-loa-substantial")
        .redirected(&simulator);
    assert_eq!(refused.get("error"), Some("invalid_request"));
    assert!(
        request
            .headless(KARI, "idporten-loa-high")
            .redirected(&simulator)
            .get("code")
            .is_some()
    );
}

#[test]
fn hints_of_another_kind_have_no_effect() {
    let simulator = simulator();
    let page = Authorize::at(Idporten)
        .set("login_hint", "kari@example.org")
        .page(&simulator);
    assert!(page.html.contains("data-testid=\"eid\""));
}

#[test]
fn a_client_of_one_provider_is_unknown_to_the_other() {
    let simulator = simulator();
    let mut only = Client::public("only", REDIRECT_URI);
    only.provider = Some(Ansattporten);
    simulator.register(only).unwrap();
    let request = |provider| Authorize::at(provider).set("client_id", "only");
    assert_eq!(
        request(Idporten).page(&simulator).error_code(),
        Some("invalid_client")
    );
    assert_eq!(
        request(Ansattporten).page(&simulator).status,
        StatusCode::OK
    );
}
