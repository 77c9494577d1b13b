//! CORS, endpoint by endpoint.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{Endpoint, ProviderName, Simulator};
use serde_json::json;

const ORIGIN: (&str, &str) = ("origin", "http://localhost:8080");

const ENDPOINTS: [(Endpoint, Method, &str); 6] = [
    (
        Endpoint::Discovery,
        Method::GET,
        "/.well-known/openid-configuration",
    ),
    (Endpoint::Token, Method::POST, "/token"),
    (Endpoint::Jwks, Method::GET, "/jwks.json"),
    (Endpoint::Userinfo, Method::GET, "/userinfo"),
    (Endpoint::Revoke, Method::POST, "/revoke"),
    (Endpoint::Par, Method::POST, "/par"),
];

#[test]
fn from_the_start_everything_but_par_is_open() {
    let simulator = simulator();
    for (endpoint, method, path) in ENDPOINTS {
        assert_eq!(
            is_open(&simulator, &method, path),
            endpoint != Endpoint::Par,
            "{endpoint:?}"
        );
    }
}

#[test]
fn each_endpoint_is_switched_by_itself() {
    let simulator = simulator();
    for (switched, _, _) in ENDPOINTS {
        let open = |all: bool| {
            let value = Endpoint::ALL.map(|endpoint| {
                (
                    endpoint.as_str().to_owned(),
                    json!(all == (endpoint != switched)),
                )
            });
            let body = serde_json::Value::Object(value.into_iter().collect());
            let json = [("content-type", "application/json")];
            let url = "http://127.0.0.1:8100/api/cors";
            assert_eq!(
                send(&simulator, Method::PUT, url, &json, &body.to_string()).status,
                StatusCode::OK
            );
        };
        for all in [true, false] {
            open(all);
            for (endpoint, method, path) in ENDPOINTS {
                assert_eq!(
                    is_open(&simulator, &method, path),
                    all == (endpoint != switched),
                    "{switched:?} {endpoint:?}"
                );
            }
        }
    }
}

#[test]
fn a_preflight_lists_what_a_client_sends_and_never_credentials() {
    let simulator = simulator();
    let answer = preflight(&simulator, &Method::POST, "/token");
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        header(&answer.headers, "access-control-allow-origin"),
        Some("*")
    );
    let allowed = header(&answer.headers, "access-control-allow-headers")
        .unwrap()
        .to_ascii_lowercase();
    for name in ["authorization", "content-type", "dpop"] {
        assert!(allowed.contains(name), "{name}");
    }
    assert!(
        !answer
            .headers
            .contains_key("access-control-allow-credentials")
    );
}

#[test]
fn errors_can_be_read_as_well() {
    let simulator = simulator();
    let url = "http://127.0.0.1:8103/token";
    let answer = send(&simulator, Method::POST, url, &[ORIGIN], "");
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        header(&answer.headers, "access-control-allow-origin"),
        Some("*")
    );
}

#[test]
fn a_browser_can_read_why_a_token_is_refused() {
    let simulator = simulator();
    let url = "http://127.0.0.1:8103/userinfo";
    let headers = [ORIGIN, ("authorization", "Bearer x")];
    let answer = send(&simulator, Method::GET, url, &headers, "");
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let challenge = header(&answer.headers, "www-authenticate").unwrap();
    assert!(challenge.contains("invalid_token"), "{challenge}");
    let exposed = header(&answer.headers, "access-control-expose-headers");
    assert_eq!(
        exposed,
        Some("WWW-Authenticate, DPoP-Nonce, ETag, Retry-After")
    );
}

#[test]
fn pages_are_never_open() {
    let simulator = simulator();
    for url in [
        Authorize::at(ProviderName::Idporten).url(&simulator),
        "http://127.0.0.1:8104/logout".to_owned(),
        "http://127.0.0.1:8100/".to_owned(),
        "http://127.0.0.1:8100/api/state".to_owned(),
    ] {
        let answer = send(&simulator, Method::GET, &url, &[ORIGIN], "");
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{url}"
        );
    }
}

/// Whether a browser would let a page of another origin read the endpoint: preflight and answer agree.
fn is_open(simulator: &Simulator, method: &Method, path: &str) -> bool {
    let answer = send(
        simulator,
        method.clone(),
        &format!("http://127.0.0.1:8103{path}"),
        &[ORIGIN],
        "",
    );
    let answer = answer.headers.contains_key("access-control-allow-origin");
    let before = preflight(simulator, method, path);
    assert_eq!(
        before.headers.contains_key("access-control-allow-origin"),
        answer,
        "{path}"
    );
    assert_eq!(before.status == StatusCode::NO_CONTENT, answer, "{path}");
    answer
}

fn preflight(simulator: &Simulator, method: &Method, path: &str) -> Answer {
    let headers = [ORIGIN, ("access-control-request-method", method.as_str())];
    send(
        simulator,
        Method::OPTIONS,
        &format!("http://127.0.0.1:8103{path}"),
        &headers,
        "",
    )
}
