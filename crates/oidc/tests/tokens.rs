//! The exchange of the code, and what a token response must be.

use std::collections::BTreeMap;

use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::url::parse_query;
use portvakt_oidc::{Error, HttpResponse, Method, TransportError};

use crate::provider::{
    CLIENT_ID, NOW, Provider, REDIRECT_URI, code, error, json, login, object, response,
};

#[test]
fn the_code_is_redeemed_by_a_form_of_five_fields_without_a_secret() {
    let provider = Provider::new();
    login(&provider).unwrap();
    let log = provider.log.borrow();
    let (_, request) = log
        .iter()
        .find(|(endpoint, _)| *endpoint == "token")
        .unwrap();
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.url.as_str(), "https://op.example/token");
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["accept", "content-type"]);
    let form: BTreeMap<_, _> = parse_query(request.body.as_deref().unwrap())
        .unwrap()
        .into_iter()
        .collect();
    let fields: Vec<&str> = form.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        [
            "client_id",
            "code",
            "code_verifier",
            "grant_type",
            "redirect_uri"
        ]
    );
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["client_id"], CLIENT_ID);
    assert_eq!(form["redirect_uri"], REDIRECT_URI);
    // The provider's codes have characters that a form must encode.
    assert!(form["code"].starts_with("code-0/+=."));
    assert_eq!(form["code_verifier"].len(), 43);
}

#[test]
fn token_responses_are_judged_by_their_members() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        ("as it came", "accepted", |_| {}),
        // fapi2 token-type-case-insensitivity
        ("token_type in another case", "accepted", |tokens| {
            set(tokens, "token_type", "bEARER")
        }),
        ("token_type DPoP", "misbehaved_token_type", |tokens| {
            set(tokens, "token_type", "DPoP")
        }),
        (
            "token_type with a space",
            "misbehaved_token_type",
            |tokens| set(tokens, "token_type", "Bearer "),
        ),
        ("token_type null", "misbehaved_token_type", |tokens| {
            set(tokens, "token_type", Value::Null)
        }),
        ("no token_type", "misbehaved_token_type", |tokens| {
            drop(tokens.remove("token_type"))
        }),
        (
            "no access token",
            "misbehaved_token_access_token",
            |tokens| drop(tokens.remove("access_token")),
        ),
        (
            "empty access token",
            "misbehaved_token_access_token",
            |tokens| set(tokens, "access_token", ""),
        ),
        (
            "access token that splits headers",
            "misbehaved_token_access_token",
            |tokens| {
                set(tokens, "access_token", "a\r\nx: y");
            },
        ),
        (
            "access token of another type",
            "misbehaved_token_access_token",
            |tokens| {
                set(tokens, "access_token", vec!["a"]);
            },
        ),
        ("the longest access token", "accepted", |tokens| {
            set(tokens, "access_token", "a".repeat(128 * 1024))
        }),
        (
            "access token without end",
            "misbehaved_token_access_token",
            |tokens| {
                set(tokens, "access_token", "a".repeat(128 * 1024 + 1));
            },
        ),
        (
            "no id_token",
            "misbehaved_token_id_token_missing",
            |tokens| drop(tokens.remove("id_token")),
        ),
        (
            "id_token null",
            "misbehaved_token_id_token_missing",
            |tokens| set(tokens, "id_token", Value::Null),
        ),
        // fapi2 token-endpoint-response-without-expires_in
        ("no expires_in", "accepted", |tokens| {
            drop(tokens.remove("expires_in"))
        }),
        ("expires_in zero", "accepted", |tokens| {
            set(tokens, "expires_in", 0)
        }),
        (
            "expires_in negative",
            "misbehaved_token_expires_in",
            |tokens| set(tokens, "expires_in", -1),
        ),
        (
            "expires_in as a text",
            "misbehaved_token_expires_in",
            |tokens| set(tokens, "expires_in", "120"),
        ),
        (
            "expires_in as a date",
            "misbehaved_token_expires_in",
            |tokens| {
                set(tokens, "expires_in", NOW.as_secs());
            },
        ),
        ("no refresh token", "accepted", |tokens| {
            drop(tokens.remove("refresh_token"))
        }),
        (
            "empty refresh token",
            "misbehaved_token_refresh_token",
            |tokens| set(tokens, "refresh_token", ""),
        ),
        (
            "refresh token null",
            "misbehaved_token_refresh_token",
            |tokens| {
                set(tokens, "refresh_token", Value::Null);
            },
        ),
        (
            "refresh token with a line break",
            "misbehaved_token_refresh_token",
            |tokens| {
                set(tokens, "refresh_token", "a\nb");
            },
        ),
        ("no scope", "accepted", |tokens| {
            drop(tokens.remove("scope"))
        }),
        ("another scope", "accepted", |tokens| {
            set(tokens, "scope", "openid other:scope")
        }),
        ("scope in a list", "misbehaved_token_scope", |tokens| {
            set(tokens, "scope", vec!["openid"])
        }),
        ("scope with quotes", "misbehaved_token_scope", |tokens| {
            set(tokens, "scope", "openid \"a\"")
        }),
        ("authorization_details empty", "accepted", |tokens| {
            set(tokens, "authorization_details", Vec::<&str>::new());
        }),
        (
            "authorization_details as an object",
            "misbehaved_token_authorization_details",
            |tokens| {
                set(tokens, "authorization_details", object([("type", "x")]));
            },
        ),
        (
            "authorization_details as a text",
            "misbehaved_token_authorization_details",
            |tokens| {
                set(tokens, "authorization_details", r#"[{"type":"x"}]"#);
            },
        ),
        (
            "authorization_details without type",
            "misbehaved_token_authorization_details",
            |tokens| {
                set(
                    tokens,
                    "authorization_details",
                    vec![object([("typ", "x")])],
                );
            },
        ),
        ("members of which nothing is known", "accepted", |tokens| {
            set(tokens, "refresh_token_expires_in", 600);
            set(tokens, "error", "access_denied");
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_token_response(change);
        assert_eq!(code(login(&provider)), *expected, "{name}");
    }
}

#[test]
fn what_the_response_leaves_out_is_left_out_or_as_asked_for() {
    let provider = Provider::new().edit_token_response(|tokens| {
        for name in ["expires_in", "refresh_token", "scope"] {
            tokens.remove(name);
        }
    });
    let login = login(&provider).unwrap();
    assert_eq!(login.expires_at, None);
    assert!(login.refresh_token.is_none());
    assert_eq!(login.scope, ["openid", "profile"]);
    assert_eq!(login.authorization_details, None);
}

#[test]
fn both_copies_of_authorization_details_are_handed_on_as_received() {
    let provider = Provider::new()
        .edit_token_response(|tokens| {
            set(
                tokens,
                "authorization_details",
                vec![object([("type", "a"), ("x", "response")])],
            );
        })
        .edit_claims(|claims| {
            set(
                claims,
                "authorization_details",
                vec![object([("type", "a"), ("x", "token")])],
            );
        });
    let login = login(&provider).unwrap();
    let in_token = login
        .id_token
        .claims()
        .get("authorization_details")
        .unwrap();
    assert_eq!(in_token.to_json(), r#"[{"type":"a","x":"token"}]"#);
    assert_eq!(
        login.authorization_details.unwrap().to_json(),
        r#"[{"type":"a","x":"response"}]"#
    );
}

#[test]
fn answers_that_are_no_token_response_are_refused() {
    let cases: Vec<(Result<HttpResponse, TransportError>, &str)> = vec![
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (Err(TransportError::TimedOut), "transport_timed_out"),
        (Ok(error(400, "invalid_grant")), "provider_invalid_grant"),
        (Ok(error(401, "invalid_client")), "provider_invalid_client"),
        (
            Ok(error(400, "invalid_authorization_details")),
            "provider_invalid_authorization_details",
        ),
        (Ok(error(400, "invalid_target")), "provider_invalid_target"),
        (Ok(error(400, "use_dpop_nonce")), "provider_use_dpop_nonce"),
        (Ok(error(400, "something_new")), "provider_other"),
        (
            Ok(error(503, "temporarily_unavailable")),
            "provider_temporarily_unavailable",
        ),
        (Ok(error(200, "invalid_grant")), "misbehaved_token_type"),
        (
            Ok(json(400, object([("error", 1)]))),
            "misbehaved_token_status",
        ),
        (Ok(json(400, Object::new())), "misbehaved_token_status"),
        (
            Ok(response(400, "text/html", r#"{"error":"invalid_grant"}"#)),
            "misbehaved_token_status",
        ),
        (
            Ok(response(
                400,
                "application/json",
                r#"{"error":"a","error":"b"}"#,
            )),
            "misbehaved_token_status",
        ),
        (
            Ok(response(502, "text/html", "<h1>Bad gateway</h1>")),
            "misbehaved_token_status",
        ),
        (
            Ok(response(204, "application/json", "")),
            "misbehaved_token_status",
        ),
        (Ok(error(307, "invalid_grant")), "misbehaved_redirected"),
        (Ok(error(302, "invalid_grant")), "misbehaved_redirected"),
        (
            Ok(response(200, "text/html", "{}")),
            "misbehaved_token_content_type",
        ),
        (
            Ok(response(200, "application/json", "{")),
            "misbehaved_token_malformed",
        ),
        (
            Ok(response(200, "application/json", "[]")),
            "misbehaved_token_malformed",
        ),
        (
            Ok(response(
                200,
                "application/json",
                r#"{"access_token":"a","access_token":"b"}"#,
            )),
            "misbehaved_token_malformed",
        ),
        (
            Ok(response(200, "application/json", vec![b' '; 600_000])),
            "transport_too_large",
        ),
    ];
    for (index, (answer, expected)) in cases.into_iter().enumerate() {
        let provider = Provider::new().answer_with("token", answer);
        assert_eq!(code(login(&provider)), expected, "case {index}");
        assert_eq!(
            provider.endpoints_asked(),
            ["metadata", "token"],
            "case {index}"
        );
    }
}

#[test]
fn a_refusals_description_is_made_harmless() {
    let provider = Provider::new().answer_with("token", Ok(error(400, "invalid_grant")));
    let Err(Error::Provider(refusal)) = login(&provider) else {
        panic!()
    };
    assert_eq!(refusal.description(), Some("Something belse/b."));
}

fn set(object: &mut Object, name: &str, value: impl Into<Value>) {
    object.insert(name, value);
}
