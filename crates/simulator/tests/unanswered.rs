//! Requests that no endpoint answers: each gets the right status, and a sentence that says what to mend.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::ProviderName;
use serde_json::json;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn an_unknown_path_is_answered_with_those_that_exist() {
    let simulator = simulator();
    for (url, known) in [
        ("http://127.0.0.1:8101/authorize", "http://127.0.0.1:8102."),
        (
            "http://127.0.0.1:8103/",
            "/.well-known/openid-configuration",
        ),
        ("http://127.0.0.1:8103/token/", "http://127.0.0.1:8104."),
        ("http://127.0.0.1:8100/state", "/api/"),
        ("http://127.0.0.1:8100/actions/", "/api/"),
        ("http://127.0.0.1:8105/", "/dialogporten/api/v1/"),
        (
            "http://127.0.0.1:8105/dialogporten/api/v1/enduser/dialog",
            "enduser/dialogs",
        ),
    ] {
        let answer = get(&simulator, url);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{url}");
        assert_sentence(&answer, known);
    }
}

#[test]
fn an_unknown_path_of_the_pages_is_answered_with_a_page_that_names_the_issuer() {
    let simulator = simulator();
    for (login, issuer) in [("8102", "8101"), ("8104", "8103")] {
        let url = format!("http://127.0.0.1:{login}/token");
        let answer = get(&simulator, &url);
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        for known in [
            "/authorize",
            "/logout",
            &format!("http://127.0.0.1:{issuer}."),
        ] {
            assert!(answer.text.contains(known), "{known}");
        }
    }
}

#[test]
fn an_unknown_path_of_the_control_api_is_not_found_as_json() {
    let simulator = simulator();
    let answer = get(&simulator, "http://127.0.0.1:8100/api/fault");
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (StatusCode::NOT_FOUND, "not_found")
    );
}

#[test]
fn a_method_that_an_oauth_endpoint_does_not_take_is_answered_as_rfc_6749_would() {
    let simulator = simulator();
    for (method, path, allowed) in [
        (Method::GET, "/token", "POST"),
        (Method::PUT, "/par", "POST"),
        (Method::DELETE, "/revoke", "POST"),
        (Method::PATCH, "/userinfo", "GET,HEAD,POST"),
    ] {
        for port in ["8101", "8103"] {
            let url = format!("http://127.0.0.1:{port}{path}");
            let answer = send(&simulator, method.clone(), &url, &[], "");
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(header(&answer.headers, "allow"), Some(allowed), "{path}");
            let use_these = format!("use {}.", allowed.replace(',', " or "));
            assert_oauth_error(&answer, &use_these);
        }
    }
}

#[test]
fn a_preflight_of_a_closed_endpoint_is_a_method_that_it_does_not_take() {
    let simulator = simulator();
    let asked = [
        ("origin", "http://localhost:8080"),
        ("access-control-request-method", "POST"),
    ];
    let url = "http://127.0.0.1:8103/par";
    let answer = send(&simulator, Method::OPTIONS, url, &asked, "");
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header(&answer.headers, "allow"), Some("POST"));
    assert_oauth_error(&answer, "use POST.");
}

#[test]
fn a_browser_may_read_why_its_method_is_refused() {
    let simulator = simulator();
    let origin = [("origin", "http://localhost:8080")];
    let url = "http://127.0.0.1:8103/token";
    let answer = send(&simulator, Method::GET, url, &origin, "");
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        header(&answer.headers, "access-control-allow-origin"),
        Some("*")
    );
}

#[test]
fn a_method_that_another_path_does_not_take_is_answered_with_those_that_it_takes() {
    let simulator = simulator();
    for (method, url, allowed) in [
        (Method::POST, "http://127.0.0.1:8101/jwks.json", "GET,HEAD"),
        (
            Method::POST,
            "http://127.0.0.1:8101/.well-known/openid-configuration",
            "GET,HEAD",
        ),
        (
            Method::PUT,
            "http://127.0.0.1:8102/authorize",
            "GET,HEAD,POST",
        ),
        (Method::GET, "http://127.0.0.1:8104/login/person", "POST"),
        (
            Method::POST,
            "http://127.0.0.1:8104/assets/pages.css",
            "GET,HEAD",
        ),
        (Method::POST, "http://127.0.0.1:8100/", "GET,HEAD"),
    ] {
        let answer = send(&simulator, method, url, &[], "");
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{url}");
        assert_eq!(header(&answer.headers, "allow"), Some(allowed), "{url}");
        assert_sentence(&answer, &format!("use {}.", allowed.replace(',', " or ")));
    }
}

#[test]
fn a_method_that_the_control_api_does_not_take_is_answered_as_json_to_our_own_pages_only() {
    let simulator = simulator();
    let url = "http://127.0.0.1:8100/api/clock";
    let answer = send(&simulator, Method::PUT, url, &[JSON], "{}");
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header(&answer.headers, "allow"), Some("GET,HEAD,POST"));
    assert_oauth_error(&answer, "use GET or HEAD or POST.");

    let foreign = [JSON, ("origin", "https://evil.example")];
    let answer = send(&simulator, Method::PUT, url, &foreign, "{}");
    assert_eq!(answer.error(), "foreign_origin");
    let url = "http://127.0.0.1:8100/actions/reset";
    let own = [("origin", "http://127.0.0.1:8100")];
    let answer = send(&simulator, Method::GET, url, &own, "");
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_sentence(&answer, "use POST.");
}

#[test]
fn dialogporten_answers_known_paths_in_its_own_words() {
    let simulator = simulator();
    let url = "http://127.0.0.1:8105/dialogporten/api/v1/enduser/parties";
    for method in [Method::POST, Method::OPTIONS] {
        let answer = send(&simulator, method, url, &[], "");
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::METHOD_NOT_ALLOWED, "")
        );
        assert_eq!(header(&answer.headers, "allow"), Some("GET,HEAD"));
    }
}

#[test]
fn a_body_that_is_too_large_is_answered_with_the_limit() {
    let simulator = simulator();
    let limit = 512 * 1024;
    let at_most = "at most 524288 bytes";
    for path in ["/token", "/par", "/revoke"] {
        let url = format!("http://127.0.0.1:8103{path}");
        let read = send(&simulator, Method::POST, &url, &[FORM], &"x".repeat(limit));
        assert_ne!(read.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        let answer = send(
            &simulator,
            Method::POST,
            &url,
            &[FORM],
            &"x".repeat(limit + 1),
        );
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_oauth_error(&answer, at_most);
    }
    let too_large = "x".repeat(limit + 1);
    let url = "http://127.0.0.1:8100/api/people";
    let answer = send(&simulator, Method::POST, url, &[JSON], &too_large);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_oauth_error(&answer, at_most);
    for url in [
        "http://127.0.0.1:8104/authorize",
        "http://127.0.0.1:8104/login/person",
        "http://127.0.0.1:8100/actions/put-person",
    ] {
        let own = [FORM, ("origin", "http://127.0.0.1:8100")];
        let answer = send(&simulator, Method::POST, url, &own, &too_large);
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{url}");
        assert_sentence(&answer, at_most);
    }
}

#[test]
fn a_target_that_is_too_long_is_answered_with_the_limit() {
    let simulator = simulator();
    let long = "x".repeat(17_000);
    let at_most = "at most 16384 bytes";
    let authorize = Authorize::at(ProviderName::Idporten).set("state", &long);
    for url in [
        authorize.url(&simulator),
        format!("http://127.0.0.1:8105/dialogporten/api/v1/enduser/dialogs?search={long}"),
    ] {
        let answer = get(&simulator, &url);
        assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
        assert_sentence(&answer, at_most);
    }
    for url in [
        format!("http://127.0.0.1:8103/userinfo?{long}"),
        format!("http://127.0.0.1:8100/api/state?{long}"),
    ] {
        let answer = get(&simulator, &url);
        assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
        assert_oauth_error(&answer, at_most);
    }
}

#[test]
fn a_foreign_host_is_answered_with_the_hosts_that_are_meant() {
    let simulator = simulator();
    for url in [
        "http://evil.example:8103/token",
        "http://127.0.0.1:8106/",
        "http://127.0.0.1/",
        "/api/state",
    ] {
        let answer = get(&simulator, url);
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{url}");
        let hosts = "127.0.0.1 or localhost on the ports from 8100 to 8105";
        assert!(answer.text.contains(hosts), "{url}: {}", answer.text);
        assert!(!answer.text.contains("evil"), "{}", answer.text);
    }
}

#[test]
fn an_answer_to_head_has_no_body() {
    let simulator = simulator();
    for url in [
        "http://127.0.0.1:8103/nothing",
        "http://127.0.0.1:8103/token",
    ] {
        let answer = send(&simulator, Method::HEAD, url, &[], "");
        assert!(answer.status.is_client_error());
        assert_eq!(answer.text, "", "{url}");
    }
}

#[test]
fn the_events_say_what_was_to_be_mended() {
    let simulator = simulator();
    get(&simulator, "http://127.0.0.1:8103/token");
    let events = get(&simulator, "http://127.0.0.1:8100/api/events").json();
    assert_eq!(
        (&events[0]["status"], &events[0]["note"]),
        (
            &json!(405),
            &json!("This path does not answer to that method; use POST.")
        )
    );
}

/// A sentence in plain text that has this part, and is no more than what was written.
#[track_caller]
fn assert_sentence(answer: &Answer, part: &str) {
    let media_type = header(&answer.headers, "content-type");
    assert_eq!(media_type, Some("text/plain; charset=utf-8"));
    assert!(answer.text.contains(part), "{part}: {}", answer.text);
    assert!(answer.text.ends_with('.'), "{}", answer.text);
    assert_whole(answer);
}

/// The same as an error of RFC 6749 §5.2.
#[track_caller]
fn assert_oauth_error(answer: &Answer, part: &str) {
    let media_type = header(&answer.headers, "content-type");
    assert_eq!(media_type, Some("application/json"));
    assert_eq!(answer.error(), "invalid_request");
    let sentence = answer.json()["error_description"].to_string();
    assert!(sentence.contains(part), "{part}: {sentence}");
    assert_whole(answer);
}

#[track_caller]
fn assert_whole(answer: &Answer) {
    let length = answer.text.len().to_string();
    if let Some(said) = header(&answer.headers, "content-length") {
        assert_eq!(said, length);
    }
    assert_eq!(header(&answer.headers, "cache-control"), Some("no-store"));
    assert_eq!(
        header(&answer.headers, "x-content-type-options"),
        Some("nosniff")
    );
}
