//! What a provider's metadata must be for a login to begin.

use portvakt_oidc::{
    HttpResponse, Issuer, LoginRequest, ProviderMetadata, TransportError, json::Object,
};

use crate::provider::{Provider, begin, code, config, json, object, response};

// oidcc-client-test-discovery-openid-config
#[test]
fn metadata_is_fetched_from_the_configured_issuer() {
    for (issuer, url) in [
        (
            "https://op.example",
            "https://op.example/.well-known/openid-configuration",
        ),
        (
            "https://op.example/",
            "https://op.example/.well-known/openid-configuration",
        ),
        (
            "https://op.example/a/b",
            "https://op.example/a/b/.well-known/openid-configuration",
        ),
        (
            "https://op.example:444/a/",
            "https://op.example:444/a/.well-known/openid-configuration",
        ),
        (
            "http://127.0.0.1:8101",
            "http://127.0.0.1:8101/.well-known/openid-configuration",
        ),
    ] {
        assert_eq!(
            Issuer::parse(issuer)
                .unwrap()
                .metadata_url()
                .unwrap()
                .as_str(),
            url
        );
    }
    let provider = Provider::new();
    begin(&provider, &config(), LoginRequest::default()).unwrap();
    assert_eq!(provider.endpoints_asked(), ["metadata"]);
}

#[test]
fn metadata_that_does_not_serve_is_refused() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        // oidcc-client-test-discovery-issuer-mismatch,
        // fapi2-security-profile-final-client-test-discovery-issuer-mismatch
        ("another issuer", "misbehaved_metadata_issuer", |metadata| {
            set(metadata, "issuer", "https://op.example1")
        }),
        ("a slash more", "misbehaved_metadata_issuer", |metadata| {
            set(metadata, "issuer", "https://op.example/")
        }),
        ("a letter less", "misbehaved_metadata_issuer", |metadata| {
            set(metadata, "issuer", "https://op.exampl")
        }),
        ("another case", "misbehaved_metadata_issuer", |metadata| {
            set(metadata, "issuer", "https://OP.example")
        }),
        ("no issuer", "misbehaved_metadata_member", |metadata| {
            drop(metadata.remove("issuer"))
        }),
        (
            "no response types",
            "misbehaved_metadata_member",
            |metadata| {
                drop(metadata.remove("response_types_supported"));
            },
        ),
        (
            "no code flow",
            "misbehaved_metadata_no_code_flow",
            |metadata| {
                metadata.insert("response_types_supported", vec!["id_token", "code token"]);
            },
        ),
        (
            "no code grant",
            "misbehaved_metadata_no_code_flow",
            |metadata| {
                metadata.insert("grant_types_supported", vec!["implicit"]);
            },
        ),
        (
            "no query responses",
            "misbehaved_metadata_no_code_flow",
            |metadata| {
                metadata.insert("response_modes_supported", vec!["form_post"]);
            },
        ),
        (
            "PKCE not mentioned",
            "misbehaved_metadata_no_s256",
            |metadata| {
                drop(metadata.remove("code_challenge_methods_supported"));
            },
        ),
        (
            "PKCE plain only",
            "misbehaved_metadata_no_s256",
            |metadata| {
                metadata.insert("code_challenge_methods_supported", vec!["plain"]);
            },
        ),
        (
            "S256 not in a list",
            "misbehaved_metadata_member",
            |metadata| {
                set(metadata, "code_challenge_methods_supported", "S256");
            },
        ),
        ("no algorithms", "misbehaved_metadata_member", |metadata| {
            drop(metadata.remove("id_token_signing_alg_values_supported"));
        }),
        (
            "other algorithms",
            "misbehaved_metadata_algorithms",
            |metadata| {
                metadata.insert(
                    "id_token_signing_alg_values_supported",
                    vec!["none", "HS256", "ES256"],
                );
            },
        ),
        (
            "algorithms that are numbers",
            "misbehaved_metadata_member",
            |metadata| {
                metadata.insert("id_token_signing_alg_values_supported", vec![256]);
            },
        ),
        (
            "iss flag as a text",
            "misbehaved_metadata_member",
            |metadata| {
                set(
                    metadata,
                    "authorization_response_iss_parameter_supported",
                    "true",
                );
            },
        ),
        (
            "no authorization endpoint",
            "misbehaved_metadata_member",
            |metadata| {
                drop(metadata.remove("authorization_endpoint"));
            },
        ),
        (
            "no token endpoint",
            "misbehaved_metadata_member",
            |metadata| {
                drop(metadata.remove("token_endpoint"));
            },
        ),
        ("no keys", "misbehaved_metadata_member", |metadata| {
            drop(metadata.remove("jwks_uri"))
        }),
        (
            "an endpoint that is no text",
            "misbehaved_metadata_member",
            |metadata| {
                metadata.insert("userinfo_endpoint", true);
            },
        ),
        (
            "javascript: instead of login",
            "misbehaved_metadata_endpoint",
            |metadata| {
                set(
                    metadata,
                    "authorization_endpoint",
                    "javascript://op.example/%0aalert(1)",
                );
            },
        ),
        (
            "http for tokens",
            "misbehaved_metadata_endpoint",
            |metadata| {
                set(metadata, "token_endpoint", "http://op.example/token");
            },
        ),
        (
            "this machine for tokens",
            "misbehaved_metadata_endpoint",
            |metadata| {
                set(metadata, "token_endpoint", "http://localhost/token");
            },
        ),
        (
            "a user name in the keys' address",
            "misbehaved_metadata_endpoint",
            |metadata| {
                set(
                    metadata,
                    "jwks_uri",
                    "https://op.example@evil.example/jwks.json",
                );
            },
        ),
        ("a fragment", "misbehaved_metadata_endpoint", |metadata| {
            set(
                metadata,
                "authorization_endpoint",
                "https://login.op.example/authorize#a",
            );
        }),
        (
            "a relative logout",
            "misbehaved_metadata_endpoint",
            |metadata| {
                set(metadata, "end_session_endpoint", "/logout");
            },
        ),
        (
            "http for revocation",
            "misbehaved_metadata_endpoint",
            |metadata| {
                set(metadata, "revocation_endpoint", "http://op.example/revoke");
            },
        ),
        // What a client does not know it ignores, and optional members may be absent.
        (
            "members of which nothing is known",
            "accepted",
            |metadata| {
                metadata.insert("mtls_endpoint_aliases", object([("token_endpoint", 1)]));
                metadata.insert("jwks", "");
            },
        ),
        ("required members only", "accepted", |metadata| {
            for name in [
                "response_modes_supported",
                "grant_types_supported",
                "userinfo_endpoint",
                "revocation_endpoint",
                "end_session_endpoint",
                "authorization_response_iss_parameter_supported",
            ] {
                metadata.remove(name);
            }
        }),
        ("endpoints of another host", "accepted", |metadata| {
            set(
                metadata,
                "token_endpoint",
                "https://tokens.example:8443/a?b=c",
            );
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_metadata(change);
        let result = begin(&provider, &config(), LoginRequest::default());
        assert_eq!(code(result), *expected, "{name}");
        assert_eq!(provider.endpoints_asked(), ["metadata"], "{name}");
    }
}

#[test]
fn answers_that_are_no_metadata_are_refused() {
    let good = || Provider::new().metadata;
    let with_bytes = |before: &[u8], after: &[u8]| {
        let text = portvakt_oidc::json::Value::from(good()).to_json();
        response(
            200,
            "application/json",
            [before, text.as_bytes(), after].concat(),
        )
    };
    let without_type = HttpResponse {
        headers: vec![],
        ..json(200, good())
    };
    let with_type = |content_type| {
        let mut response = json(200, good());
        response.headers = vec![("content-type".into(), String::from(content_type))];
        response
    };
    let cases: Vec<(Result<HttpResponse, TransportError>, &str)> = vec![
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (Err(TransportError::TimedOut), "transport_timed_out"),
        (Err(TransportError::Redirected), "transport_redirected"),
        (Err(TransportError::Cancelled), "transport_cancelled"),
        (Err(TransportError::TooLarge), "transport_too_large"),
        (Ok(json(201, good())), "misbehaved_metadata_status"),
        (Ok(json(404, good())), "misbehaved_metadata_status"),
        (Ok(json(500, good())), "misbehaved_metadata_status"),
        (Ok(json(0, good())), "misbehaved_metadata_status"),
        (Ok(json(301, good())), "misbehaved_redirected"),
        (Ok(json(307, good())), "misbehaved_redirected"),
        (
            Ok(with_type("text/html")),
            "misbehaved_metadata_content_type",
        ),
        (
            Ok(with_type("application/jwt")),
            "misbehaved_metadata_content_type",
        ),
        (Ok(with_type("application/json; charset=utf-8")), "accepted"),
        (Ok(with_type("APPLICATION/JSON")), "accepted"),
        (Ok(with_type("application/oauth+json")), "accepted"),
        (Ok(without_type), "accepted"),
        (
            Ok(with_bytes(b"\xef\xbb\xbf", b"")),
            "misbehaved_metadata_malformed",
        ),
        (Ok(with_bytes(b"[", b"]")), "misbehaved_metadata_malformed"),
        (Ok(with_bytes(b"", b"{}")), "misbehaved_metadata_malformed"),
        (Ok(with_bytes(b"\n", b"\n")), "accepted"),
        (Ok(with_bytes(b"", &[b' '; 65536])), "transport_too_large"),
        (
            Ok(response(
                200,
                "application/json",
                r#"{"issuer":"https://op.example","issuer":"x"}"#,
            )),
            "misbehaved_metadata_malformed",
        ),
        (
            Ok(response(200, "application/json", "")),
            "misbehaved_metadata_malformed",
        ),
        (
            Ok(response(200, "application/json", "null")),
            "misbehaved_metadata_malformed",
        ),
    ];
    for (index, (answer, expected)) in cases.into_iter().enumerate() {
        let provider = Provider::new().answer_with("metadata", answer);
        let result = begin(&provider, &config(), LoginRequest::default());
        assert_eq!(code(result), expected, "case {index}");
    }
}

#[test]
fn a_provider_on_this_machine_may_do_without_tls() {
    let issuer = "http://127.0.0.1:8101";
    let mut metadata = object([
        ("issuer", issuer),
        ("jwks_uri", "http://127.0.0.1:8101/jwks.json"),
    ]);
    set(
        &mut metadata,
        "authorization_endpoint",
        "http://localhost:8102/authorize",
    );
    set(&mut metadata, "token_endpoint", "http://[::1]:8101/token");
    metadata.insert("response_types_supported", vec!["code"]);
    metadata.insert("code_challenge_methods_supported", vec!["S256"]);
    metadata.insert("id_token_signing_alg_values_supported", vec!["RS256"]);
    let mut config = config();
    config.issuer = Issuer::parse(issuer).unwrap();
    let provider = Provider::new().answer_with("elsewhere", Ok(json(200, metadata)));
    let redirect = begin(&provider, &config, LoginRequest::default()).unwrap();
    assert!(
        redirect
            .url
            .as_str()
            .starts_with("http://localhost:8102/authorize?response_type")
    );
    assert!(!redirect.pending.metadata().returns_iss());
}

#[test]
fn kept_metadata_is_checked_again() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let kept = redirect.pending.metadata().to_json();
    assert_eq!(code(ProviderMetadata::from_json(&kept)), "accepted");
    for (from, to, expected) in [
        (
            "https://op.example/token",
            "http://op.example/token",
            "misbehaved_metadata_endpoint",
        ),
        ("\"S256\"", "\"plain\"", "misbehaved_metadata_no_s256"),
        ("\"code\"", "\"token\"", "misbehaved_metadata_no_code_flow"),
        (
            "\"https://op.example\"",
            "\"op.example\"",
            "misbehaved_metadata_issuer",
        ),
        ("\"issuer\"", "\"issue\"", "misbehaved_metadata_member"),
        ("1790000000", "\"1790000000\"", "misbehaved_metadata_member"),
        ("1790000000", "-1", "misbehaved_metadata_member"),
        ("{", "{{", "misbehaved_metadata_malformed"),
    ] {
        let changed = kept.replace(from, to);
        assert_ne!(changed, kept, "{from}");
        assert_eq!(
            code(ProviderMetadata::from_json(&changed)),
            expected,
            "{from} -> {to}"
        );
    }
}

fn set(metadata: &mut Object, name: &str, value: &str) {
    metadata.insert(name, value);
}
