//! Claims from the userinfo endpoint.

use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::{Error, FetchUserinfo, HttpResponse, Method, TransportError, Userinfo};

use crate::provider::{
    ACCESS_TOKEN, PID, Provider, SUB, code, drive, error, json, login, object, response,
};

// oidcc-client-test-userinfo-bearer-header, oidcc-client-test-scope-userinfo-claims
#[test]
fn userinfo_is_asked_for_with_the_access_token_in_the_header_and_nowhere_else() {
    let provider = Provider::new();
    let userinfo = fetch(&provider).unwrap();
    assert_eq!(
        userinfo.claims.get("pid").and_then(Value::as_str),
        Some(PID)
    );

    let log = provider.log.borrow();
    let (endpoint, request) = log.last().unwrap();
    assert_eq!(*endpoint, "userinfo");
    assert_eq!(request.method, Method::Get);
    assert_eq!(request.url.as_str(), "https://op.example/userinfo");
    assert_eq!(request.body, None);
    assert!(
        request
            .headers
            .contains(&("authorization", format!("Bearer {ACCESS_TOKEN}")))
    );
}

#[test]
fn claims_about_somebody_else_are_refused() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        // oidcc-client-test-userinfo-invalid-sub
        (
            "sub extended",
            "misbehaved_userinfo_sub_mismatch",
            |claims| {
                claims.insert("sub", format!("{SUB}1"));
            },
        ),
        (
            "sub shortened",
            "misbehaved_userinfo_sub_mismatch",
            |claims| {
                claims.insert("sub", &SUB[1..]);
            },
        ),
        ("no sub", "misbehaved_userinfo_sub_missing", |claims| {
            drop(claims.remove("sub"))
        }),
        ("sub number", "misbehaved_userinfo_sub_missing", |claims| {
            drop(claims.insert("sub", 1))
        }),
        ("sub null", "misbehaved_userinfo_sub_missing", |claims| {
            claims.insert("sub", Value::Null);
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_userinfo(change);
        assert_eq!(code(fetch(&provider)), *expected, "{name}");
    }
}

#[test]
fn answers_that_are_no_userinfo_are_refused() {
    let challenge = |value: &str| HttpResponse {
        status: 401,
        headers: vec![("www-authenticate".into(), value.into())],
        body: vec![],
    };
    let cases: Vec<(Result<HttpResponse, TransportError>, &str)> = vec![
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (Ok(error(401, "invalid_token")), "provider_invalid_token"),
        (
            Ok(challenge(r#"Bearer realm="a", error="insufficient_scope""#)),
            "provider_insufficient_scope",
        ),
        (
            Ok(challenge(r#"bearer error="invalid_token""#)),
            "provider_invalid_token",
        ),
        (Ok(challenge("Bearer")), "misbehaved_userinfo_status"),
        (
            Ok(challenge(r#"DPoP error="invalid_token""#)),
            "provider_invalid_token",
        ),
        (
            Ok(challenge(r#"Basic error="invalid_token""#)),
            "misbehaved_userinfo_status",
        ),
        (
            Ok(response(500, "text/html", "<p>")),
            "misbehaved_userinfo_status",
        ),
        (
            Ok(json(302, object([("sub", SUB)]))),
            "misbehaved_redirected",
        ),
        // oidcc-client-test-userinfo-signed: only for clients that are registered for it.
        (
            Ok(response(200, "application/jwt", "a.b.c")),
            "misbehaved_userinfo_content_type",
        ),
        (
            Ok(response(200, "application/json", "[]")),
            "misbehaved_userinfo_malformed",
        ),
        (
            Ok(response(
                200,
                "application/json",
                format!(r#"{{"sub":"x","sub":"{SUB}"}}"#),
            )),
            "misbehaved_userinfo_malformed",
        ),
        (
            Ok(response(200, "application/json", vec![b' '; 300_000])),
            "transport_too_large",
        ),
    ];
    for (index, (answer, expected)) in cases.into_iter().enumerate() {
        let provider = Provider::new().answer_with("userinfo", answer);
        assert_eq!(code(fetch(&provider)), expected, "case {index}");
    }
}

#[test]
fn a_provider_without_userinfo_is_not_asked() {
    let provider = Provider::new().edit_metadata(|metadata| {
        metadata.remove("userinfo_endpoint");
    });
    assert_eq!(code(fetch(&provider)), "misuse_no_userinfo_endpoint");
}

fn fetch(provider: &Provider) -> Result<Userinfo, Error> {
    let login = login(provider)?;
    drive(
        provider,
        FetchUserinfo::start(&login, None, provider.now.get()),
    )
}
