//! What Dialogporten answers instead.

use portvakt_digdir::Error;
use portvakt_digdir::dialogporten::{DialogportenFailure, SearchDialogs};
use portvakt_oidc::{HttpResponse, TransportError};

use super::{JSON, PROBLEM, access_token, dialogporten, first, open_with, query, response, resume};
use crate::provider::NOW;

#[test]
fn every_refusal_has_its_own_code() {
    let problem = |errors: &str| {
        format!(
            r#"{{"type":"https://tools.ietf.org/html/rfc7231#section-6.5.3","title":"x","status":0,"instance":"/a","traceId":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","errors":{errors}}}"#
        )
    };
    let level = problem(r#"{"Forbidden":["Altinn authentication level too low."]}"#);
    let access = problem(r#"{"Forbidden":["Forbidden"]}"#);
    let user_type = problem(r#"{"Type":["The request was made with an invalid user type."]}"#);
    let entity = problem(r#"{"DialogEntity":["not found"]}"#);
    let later = ("expires", "Thu, 01 Jan 2032 00:00:00 GMT");
    let past = ("expires", "Thu, 01 Jan 2026 00:00:00 GMT");
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let rows: &[(u16, Headers<'_>, &str, &str)] = &[
        // An unknown issuer, as Ansattporten's is today.
        (
            401,
            &[("www-authenticate", "Bearer")],
            "",
            "dialogporten_unauthenticated",
        ),
        (
            401,
            &[("www-authenticate", "Bearer, Bearer, Bearer")],
            "",
            "dialogporten_unauthenticated",
        ),
        (401, &[], "", "dialogporten_unauthenticated"),
        (
            401,
            &[(
                "www-authenticate",
                r#"Bearer error="invalid_token", error_description="expired""#,
            )],
            "",
            "dialogporten_token_refused",
        ),
        (
            401,
            &[
                ("www-authenticate", "Bearer"),
                ("www-authenticate", r#"Bearer error="invalid_token""#),
            ],
            "",
            "dialogporten_token_refused",
        ),
        (
            403,
            &[("content-type", "text/html")],
            "<h1>Blocked</h1>",
            "dialogporten_unexpected_status",
        ),
        (
            403,
            &[PROBLEM],
            "not JSON",
            "dialogporten_unexpected_status",
        ),
        (403, &[PROBLEM], "[]", "dialogporten_unexpected_status"),
        (403, &[], "", "dialogporten_missing_scope"),
        (403, &[PROBLEM], &level, "dialogporten_step_up_required"),
        (403, &[PROBLEM], &access, "dialogporten_no_access"),
        (403, &[PROBLEM], &user_type, "dialogporten_wrong_user_type"),
        (403, &[PROBLEM], "{}", "dialogporten_no_access"),
        (404, &[PROBLEM], &entity, "dialogporten_not_found"),
        (
            404,
            &[PROBLEM, later],
            &entity,
            "dialogporten_not_yet_visible",
        ),
        (404, &[PROBLEM, past], &entity, "dialogporten_not_found"),
        (
            404,
            &[PROBLEM, ("expires", "0")],
            &entity,
            "dialogporten_not_found",
        ),
        (410, &[PROBLEM], &entity, "dialogporten_deleted"),
        (
            400,
            &[PROBLEM],
            &problem(r#"{"Limit":["x"]}"#),
            "dialogporten_validation",
        ),
        (429, &[("retry-after", "30")], "", "dialogporten_throttled"),
        (500, &[PROBLEM], &problem("{}"), "dialogporten_internal"),
        (502, &[PROBLEM], &problem("{}"), "dialogporten_upstream"),
        (504, &[], "", "dialogporten_upstream"),
        (
            503,
            &[("content-type", "text/plain"), later],
            "Service Unavailable",
            "dialogporten_maintenance",
        ),
        (204, &[], "", "dialogporten_unexpected_status"),
        (301, &[], "", "dialogporten_unexpected_status"),
        (
            406,
            &[PROBLEM],
            &problem("{}"),
            "dialogporten_unexpected_status",
        ),
        (418, &[], "", "dialogporten_unexpected_status"),
        // Shown from this very second on.
        (
            404,
            &[PROBLEM, ("expires", "Mon, 21 Sep 2026 14:13:20 GMT")],
            &entity,
            "dialogporten_not_found",
        ),
        (
            403,
            &[PROBLEM],
            r#"{"errors":{"Forbidden":[7]}}"#,
            "dialogporten_no_access",
        ),
        // Too broad is for searches.
        (
            422,
            &[PROBLEM],
            &problem("{}"),
            "dialogporten_unexpected_status",
        ),
    ];
    for (status, headers, body, expected) in rows {
        let error = open_with(Ok(response(*status, headers, body))).unwrap_err();
        assert_eq!(error.code(), *expected, "{status} {headers:?} {body}");
        let Error::Dialogporten(failure) = error else {
            panic!("{status}")
        };
        assert_eq!(failure.status, *status);
        let has_trace_id = body.contains("traceId");
        assert_eq!(failure.trace_id.is_some(), has_trace_id, "{status}");
        assert_eq!(
            failure.visible_from.is_some(),
            *expected == "dialogporten_not_yet_visible"
        );
    }
}

#[test]
fn a_failure_tells_when_to_try_again_and_whom_to_ask() {
    for (retry_after, seconds) in [
        ("30", Some(NOW.as_secs() + 30)),
        ("0", Some(NOW.as_secs())),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", None),
        ("-1", None),
        ("soon", None),
        ("99999999999", None),
    ] {
        let failure = failure_of(response(
            503,
            &[("retry-after", retry_after)],
            "Service Unavailable",
        ));
        assert_eq!(
            failure.retry_at.map(|at| at.as_secs()),
            seconds,
            "{retry_after}"
        );
    }
    let failure = failure_of(response(
        404,
        &[("expires", "Thu, 01 Jan 2032 00:00:00 GMT")],
        "",
    ));
    assert_eq!(
        failure.visible_from.map(|from| from.as_secs()),
        Some(1_956_528_000)
    );

    for (trace_id, expected) in [
        (
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            true,
        ),
        ("0HN4:00000001", true),
        ("<script>", false),
        ("", false),
        (&"a".repeat(128), true),
        (&"a".repeat(129), false),
    ] {
        let body = format!(r#"{{"traceId":"{trace_id}"}}"#);
        assert_eq!(
            failure_of(response(500, &[PROBLEM], &body))
                .trace_id
                .is_some(),
            expected,
            "{trace_id}"
        );
    }
}

#[test]
fn validation_names_the_parameters_and_not_what_was_in_them() {
    let body = r#"{"errors":{"Limit":["must be at most 1000"],"Party":["urn:altinn:person:identifier-no:15868510045 is wrong"],"15868510045":["x"],"Party2":["x"],"Accept-Language":["x"]}}"#;
    let (_, flow) = first(SearchDialogs::start(
        &dialogporten(),
        &access_token(),
        query(),
    ))
    .unwrap();
    let error = resume(flow, Ok(response(400, &[PROBLEM], body))).unwrap_err();
    assert!(!format!("{error:?}").contains("15868510045"));
    let Error::Dialogporten(failure) = error else {
        panic!("a failure")
    };
    assert_eq!(failure.parameters, ["Limit", "Party", "Accept-Language"]);
}

fn failure_of(answer: HttpResponse) -> DialogportenFailure {
    match open_with(Ok(answer)) {
        Err(Error::Dialogporten(failure)) => *failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_problem_that_is_too_large_is_not_read() {
    for (size, is_read) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let mut body = String::from(r#"{"traceId":"a"}"#);
        body.push_str(&" ".repeat(size - body.len()));
        let failure = failure_of(response(500, &[PROBLEM], &body));
        assert_eq!(failure.trace_id.is_some(), is_read, "{size}");
    }
}

#[test]
fn no_more_than_twenty_parameters_are_named() {
    for (count, named) in [(20, 20), (21, 20)] {
        let names = (0..count).map(|number| format!(r#""{}":[]"#, "a".repeat(number + 1)));
        let body = format!(
            r#"{{"errors":{{{}}}}}"#,
            names.collect::<Vec<_>>().join(",")
        );
        let failure = failure_of(response(400, &[PROBLEM], &body));
        assert_eq!(failure.parameters.len(), named);
    }
}

#[test]
fn names_of_parameters_are_taken_up_to_fifty_bytes() {
    for (size, is_named) in [(50, true), (51, false)] {
        let name = "a".repeat(size);
        let body = format!(r#"{{"errors":{{"{name}":[]}}}}"#);
        let failure = failure_of(response(400, &[PROBLEM], &body));
        assert_eq!(failure.parameters.contains(&name), is_named, "{size}");
    }
}

#[test]
fn a_search_that_is_too_broad_says_so() {
    let (_, flow) = first(SearchDialogs::start(
        &dialogporten(),
        &access_token(),
        query(),
    ))
    .unwrap();
    let error = resume(
        flow,
        Ok(response(422, &[PROBLEM], r#"{"errors":{"Search":["x"]}}"#)),
    )
    .unwrap_err();
    assert_eq!(error.code(), "dialogporten_too_broad");
    // A dialog that is not shown yet is a matter of opening.
    let (_, flow) = first(SearchDialogs::start(
        &dialogporten(),
        &access_token(),
        query(),
    ))
    .unwrap();
    let error = resume(
        flow,
        Ok(response(
            404,
            &[("expires", "Thu, 01 Jan 2032 00:00:00 GMT")],
            "",
        )),
    )
    .unwrap_err();
    assert_eq!(error.code(), "dialogporten_not_found");
}

#[test]
fn a_request_that_could_not_be_carried_is_a_transport_error() {
    for error in TransportError::ALL {
        assert_eq!(open_with(Err(*error)).unwrap_err().code(), error.code());
    }
    let limit = 8 * 1024 * 1024;
    for (bytes, expected) in [
        (limit, "dialogporten_malformed"),
        (limit + 1, "transport_too_large"),
    ] {
        let large = response(200, &[JSON], &" ".repeat(bytes));
        assert_eq!(open_with(Ok(large)).unwrap_err().code(), expected);
    }
}
