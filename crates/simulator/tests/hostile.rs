//! Input that nobody sends by accident: everything is answered, and never with a failure of ours.

use http::Method;

use crate::support::*;

#[test]
fn no_input_makes_an_endpoint_fail() {
    let simulator = simulator();
    let paths = [
        ("8101", "/.well-known/openid-configuration"),
        ("8101", "/jwks.json"),
        ("8101", "/token"),
        ("8101", "/userinfo"),
        ("8101", "/par"),
        ("8101", "/revoke"),
        ("8102", "/authorize"),
        ("8102", "/login"),
        ("8102", "/login/eid"),
        ("8102", "/login/person"),
        ("8102", "/login/representation"),
        ("8102", "/login/cancel"),
        ("8102", "/logout"),
        ("8100", "/"),
        ("8100", "/api/state"),
        ("8100", "/api/clock"),
        ("8100", "/api/faults/%00"),
        ("8100", "/api/people"),
        ("8100", "/api/people/%F0%9F%98%80"),
        ("8100", "/actions/put-person"),
    ];
    let deep = format!("authorization_details={}", "%5B".repeat(2_000));
    let many = "a=b&".repeat(1_000);
    let inputs = [
        "",
        "&&&===%%%",
        "%ff%fe=%00&state=%00",
        "client_id=%F0%9F%98%80&redirect_uri=javascript:alert(1)",
        "tx=..%2F..%2F&lang=%3Cscript%3E&party=self",
        "{\"pid\":",
        "[[[[[[",
        deep.as_str(),
        many.as_str(),
    ];
    let types = [
        "application/x-www-form-urlencoded",
        "application/json",
        "\u{ff}",
    ];
    for (port, path) in paths {
        for input in inputs {
            let query: String = input
                .chars()
                .filter(|c| c.is_ascii_graphic() && !"\"<>{}#[]".contains(*c))
                .collect();
            let url = format!("http://127.0.0.1:{port}{path}");
            let answer = get(&simulator, &format!("{url}?{query}"));
            assert!(
                answer.status.as_u16() < 500,
                "GET {path} {input}: {}",
                answer.status
            );
            for content_type in types {
                let headers = [
                    ("content-type", content_type),
                    ("cookie", "=;;=; ansattporten_session_8102=\u{e5}; x"),
                    ("authorization", "Basic ####"),
                    ("origin", "http://127.0.0.1:8100"),
                ];
                let answer = send(&simulator, Method::POST, &url, &headers, input);
                assert!(
                    answer.status.as_u16() < 500,
                    "POST {path} {input}: {}",
                    answer.status
                );
            }
        }
    }
}
