//! Who may control the simulator: programs, its own page and pages of this machine, and nobody else.

use crate::support::*;
use http::{Method, StatusCode};

#[test]
fn foreign_websites_cannot_change_anything() {
    let simulator = simulator();
    let url = format!("{CONTROL}/api/clock");
    let write = |headers: &[(&str, &str)]| {
        let answer = send(
            &simulator,
            Method::POST,
            &url,
            headers,
            r#"{"advance_seconds":1}"#,
        );
        (answer.status.as_u16(), answer.error())
    };
    let json = ("content-type", "application/json");
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
    ] {
        assert_eq!(
            write(&[json, ("origin", origin)]),
            (403, "foreign_origin".to_owned()),
            "{origin}"
        );
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let refused = write(&[("content-type", content_type)]);
        assert_eq!(refused, (415, "json_required".to_owned()), "{content_type}");
    }
    assert_eq!(write(&[]).0, 415);
    for origin in [
        "http://localhost:8080",
        "http://127.0.0.1:8100",
        "http://[::1]:3000",
    ] {
        assert_eq!(write(&[json, ("origin", origin)]).0, 200, "{origin}");
    }
    assert_eq!(simulator.clock().now(), NOW + 3);

    let delete = send(
        &simulator,
        Method::DELETE,
        &format!("{CONTROL}/api/sessions"),
        &[("origin", "https://evil.example")],
        "",
    );
    assert_eq!(delete.status, StatusCode::FORBIDDEN);
    let preflight = [
        ("origin", "http://localhost:8080"),
        ("access-control-request-method", "POST"),
    ];
    let answer = send(&simulator, Method::OPTIONS, &url, &preflight, "");
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[test]
fn a_foreign_name_that_resolves_to_this_machine_reaches_nothing() {
    let simulator = simulator();
    for url in [
        "http://evil.example:8100/api/state",
        "http://127.0.0.1.evil.example:8100/",
        "http://127.0.0.1:9/",
    ] {
        assert_eq!(
            get(&simulator, url).status,
            StatusCode::MISDIRECTED_REQUEST,
            "{url}"
        );
    }
    let rebound = send(
        &simulator,
        Method::GET,
        "/api/state",
        &[("host", "evil.example:8100")],
        "",
    );
    assert_eq!(rebound.status, StatusCode::MISDIRECTED_REQUEST);
    let named = send(
        &simulator,
        Method::GET,
        "/api/state",
        &[("host", "localhost:8100")],
        "",
    );
    assert_eq!(named.status, StatusCode::OK);
}

#[test]
fn the_forms_of_the_page_work_from_the_page_only() {
    let simulator = simulator();
    let submit = |action: &str, origin: Option<&str>, body: &str| {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(origin.map(|origin| ("origin", origin)));
        send(
            &simulator,
            Method::POST,
            &format!("{CONTROL}/actions/{action}"),
            &headers,
            body,
        )
    };
    for origin in [
        None,
        Some("null"),
        Some("http://localhost:8080"),
        Some("https://evil.example"),
    ] {
        assert_eq!(
            submit("live-clock", origin, "").status,
            StatusCode::FORBIDDEN,
            "{origin:?}"
        );
    }
    let own = Some(CONTROL);
    for (action, body, part) in [
        ("advance-clock", "seconds=60", "clock"),
        ("set-clock", "now=1790000000", "clock"),
        ("arm-fault", "fault=wrong_iss&times=2", "faults"),
        ("disarm-faults", "", "faults"),
        ("rotate-keys", "provider=idporten&overlap=true", "keys"),
        ("cors", "token=true&jwks=true", "cors"),
        ("dialogporten", "accept_ansattporten=true", "behaviour"),
        ("rar-profile", "profile=v3", "behaviour"),
        ("age-sessions", "seconds=60", "sessions"),
        ("end-sessions", "", "sessions"),
        (
            "put-client",
            "json=%7B%22client_id%22%3A%22x%22%2C%22redirect_uris%22%3A%5B%22https%3A%2F%2Fx.example%2F%22%5D%7D",
            "clients",
        ),
        ("remove-client", "id=x", "clients"),
        ("remove-person", "id=15868510207", "people"),
        ("remove-organisation", "id=310000027", "organisations"),
        ("remove-resource", "id=demo-post", "resources"),
        ("reset", "", "main"),
    ] {
        let answer = submit(action, own, body);
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{action}: {}",
            answer.text
        );
        assert_eq!(
            header(&answer.headers, "location"),
            Some(format!("/#{part}").as_str()),
            "{action}"
        );
    }
    for (action, body) in [
        ("arm-fault", "fault=none&times=1"),
        ("arm-fault", "fault=wrong_iss&times=x"),
        ("arm-fault", "fault=wrong_iss&times=0"),
        ("arm-fault", "fault=wrong_iss&times=1000001"),
        ("rar-profile", "profile=v9"),
        ("put-person", "json=%7B%22pid%22%3A%2215068510045%22%7D"),
        ("put-client", "json=%3Cscript%3E"),
        ("remove-client", "id=unknown"),
        ("no-such-action", ""),
    ] {
        let answer = submit(action, own, body);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{action}");
        assert!(
            answer.text.contains("data-testid=\"problem\"") && !answer.text.contains("<script>"),
            "{action}"
        );
    }
}
