//! What is taken for the answer to a login, and what is not.

use std::collections::BTreeMap;

use portvakt_oidc::url::{MAX_QUERY_BYTES, MAX_URL_BYTES};
use portvakt_oidc::{
    Callback, CompleteLogin, Error, LoginRequest, PendingLogin, Redirect, UnixTime, Url,
};

use crate::provider::{
    ISSUER, NOW, Provider, REDIRECT_URI, begin, callback_url, code, complete, config, drive,
    entropy, pairs,
};

#[test]
fn answers_are_judged_by_their_parameters() {
    type Change = fn(&mut Vec<(String, String)>);
    let cases: &[(&str, &str, Change)] = &[
        ("as it came", "accepted", |_| {}),
        ("in another order", "accepted", |parameters| {
            parameters.reverse()
        }),
        ("with what nobody knows", "accepted", |parameters| {
            parameters.extend(pairs([("x", "1"), ("x", "2"), ("session_state", "a.b")]));
        }),
        // fapi2 …-ensure-authorization-response-with-invalid-state-fails
        ("state extended", "callback_state_unknown", |parameters| {
            edit(parameters, "state", |state| state + "1")
        }),
        ("state shortened", "callback_state_unknown", |parameters| {
            edit(parameters, "state", |state| state[1..].into());
        }),
        (
            "state of somebody else",
            "callback_state_unknown",
            |parameters| {
                edit(parameters, "state", |_| "A".repeat(43));
            },
        ),
        // fapi2 …-ensure-authorization-response-with-invalid-missing-state-fails
        ("no state", "callback_state_missing", |parameters| {
            remove(parameters, "state")
        }),
        ("empty state", "callback_state_missing", |parameters| {
            edit(parameters, "state", |_| String::new())
        }),
        ("state without end", "callback_too_long", |parameters| {
            edit(parameters, "state", |_| "A".repeat(513))
        }),
        ("state twice", "callback_parameter_repeated", |parameters| {
            repeat(parameters, "state")
        }),
        ("code twice", "callback_parameter_repeated", |parameters| {
            repeat(parameters, "code")
        }),
        ("iss twice", "callback_parameter_repeated", |parameters| {
            repeat(parameters, "iss")
        }),
        // fapi2 …-invalid-authorization-response-iss
        ("iss extended", "callback_iss_mismatch", |parameters| {
            edit(parameters, "iss", |iss| iss + "1")
        }),
        ("iss with a slash", "callback_iss_mismatch", |parameters| {
            edit(parameters, "iss", |iss| iss + "/")
        }),
        ("iss shortened", "callback_iss_mismatch", |parameters| {
            edit(parameters, "iss", |iss| iss[..iss.len() - 1].into());
        }),
        ("iss encoded twice", "callback_iss_mismatch", |parameters| {
            edit(parameters, "iss", |_| "https%3A%2F%2Fop.example".into());
        }),
        ("iss empty", "callback_iss_mismatch", |parameters| {
            edit(parameters, "iss", |_| String::new())
        }),
        // fapi2 …-remove-authorization-response-iss
        ("no iss", "callback_iss_missing", |parameters| {
            remove(parameters, "iss")
        }),
        ("no code", "callback_empty", |parameters| {
            remove(parameters, "code")
        }),
        ("empty code", "callback_code_malformed", |parameters| {
            edit(parameters, "code", |_| String::new())
        }),
        (
            "code with a line break",
            "callback_code_malformed",
            |parameters| {
                edit(parameters, "code", |code| code + "\n");
            },
        ),
        (
            "code without end",
            "callback_code_malformed",
            |parameters| {
                edit(parameters, "code", |_| "c".repeat(8193));
            },
        ),
        ("code and error", "callback_mixed", |parameters| {
            parameters.extend(pairs([("error", "access_denied")]));
        }),
        (
            "an access token besides",
            "callback_token_in_url",
            |parameters| {
                parameters.extend(pairs([("access_token", "x")]));
            },
        ),
        (
            "an id_token besides",
            "callback_token_in_url",
            |parameters| {
                parameters.extend(pairs([("id_token", "x")]));
            },
        ),
        (
            "a JARM response besides",
            "callback_token_in_url",
            |parameters| {
                parameters.extend(pairs([("response", "x")]));
            },
        ),
        ("too many parameters", "callback_too_long", |parameters| {
            parameters.extend(pairs([("x", ""); 62]));
        }),
        ("another code", "provider_invalid_grant", |parameters| {
            edit(parameters, "code", |code| code + "x")
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new();
        let Redirect { url, pending, .. } =
            begin(&provider, &config(), LoginRequest::default()).unwrap();
        let mut parameters = provider.authorize(&url);
        change(&mut parameters);
        let result = complete(&provider, &config(), &callback_url(&parameters), &pending);
        assert_eq!(code(result), *expected, "{name}");
        let code_was_sent = provider.endpoints_asked().contains(&"token");
        let may_be_sent = matches!(*expected, "accepted" | "provider_invalid_grant");
        assert_eq!(code_was_sent, may_be_sent, "{name}");
    }
}

#[test]
fn a_state_that_leads_to_the_wrong_login_is_refused() {
    // As if the storage had been tampered with, so that the key of one leads to the other.
    let provider = Provider::new();
    let first = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let step =
        portvakt_oidc::BeginLogin::start(&config(), LoginRequest::default(), None, entropy(2), NOW);
    let second = drive(&provider, step).unwrap();
    let callback = Callback::parse(&callback_url(&provider.authorize(&first.url))).unwrap();
    let step = CompleteLogin::start(&config(), callback, second.pending, None, NOW);
    assert_eq!(code(step), "callback_state_mismatch");
}

#[test]
fn refusals_of_the_provider_are_believed_only_from_the_provider() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("error", "access_denied"), ("iss", ISSUER)],
            "provider_access_denied",
        ),
        (
            &[("error", "login_required"), ("iss", ISSUER)],
            "provider_login_required",
        ),
        (
            &[("error", "no_such_error"), ("iss", ISSUER)],
            "provider_other",
        ),
        (&[("error", ""), ("iss", ISSUER)], "provider_other"),
        (&[("error", "access_denied")], "callback_iss_missing"),
        (
            &[("error", "access_denied"), ("iss", "https://evil.example")],
            "callback_iss_mismatch",
        ),
        (
            &[("error", "a"), ("error", "b"), ("iss", ISSUER)],
            "callback_parameter_repeated",
        ),
        (
            &[
                ("error", "a"),
                ("error_description", "b"),
                ("error_description", "c"),
            ],
            "callback_parameter_repeated",
        ),
        (
            &[("error_description", "no error"), ("iss", ISSUER)],
            "callback_empty",
        ),
    ];
    for (parameters, expected) in cases {
        let provider = Provider::new();
        let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
        let mut answer = provider.authorize(&redirect.url);
        remove(&mut answer, "code");
        remove(&mut answer, "iss");
        answer.extend(pairs(parameters.iter().copied()));
        let result = complete(
            &provider,
            &config(),
            &callback_url(&answer),
            &redirect.pending,
        );
        assert_eq!(code(result), *expected, "{parameters:?}");

        // Without the state of a login of this tab, no refusal is worth anything.
        remove(&mut answer, "state");
        answer.extend(pairs([("state", "somebody-else")]));
        let result = complete(
            &provider,
            &config(),
            &callback_url(&answer),
            &redirect.pending,
        );
        assert_ne!(
            code(result).split('_').next(),
            Some("provider"),
            "{parameters:?}"
        );
    }
}

#[test]
fn a_refusals_description_is_made_harmless_and_kept_apart() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let mut answer = provider.authorize(&redirect.url);
    remove(&mut answer, "code");
    answer.extend(pairs([
        ("error", "access_denied"),
        (
            "error_description",
            "<script>alert('15868510045')</script>\n\u{202e}Avbrutt",
        ),
    ]));
    let result = complete(
        &provider,
        &config(),
        &callback_url(&answer),
        &redirect.pending,
    );
    let Err(Error::Provider(error)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(
        error.description(),
        Some("scriptalert('15868510045')/scriptAvbrutt")
    );
    assert_eq!(
        error.to_string(),
        "The person cancelled, or the provider denied the request."
    );
    assert_eq!(
        format!("{error:?}"),
        "ProviderError { code: AccessDenied, has_description: true }"
    );
}

#[test]
fn iss_may_be_missing_only_where_neither_side_promises_it() {
    for (in_metadata, required, expected) in [
        (Some(true), true, "callback_iss_missing"),
        (Some(true), false, "callback_iss_missing"),
        (Some(false), true, "callback_iss_missing"),
        (None, true, "callback_iss_missing"),
        (Some(false), false, "accepted"),
        (None, false, "accepted"),
    ] {
        let provider = Provider::new().edit_metadata(|metadata| {
            let name = "authorization_response_iss_parameter_supported";
            metadata.remove(name);
            if let Some(flag) = in_metadata {
                metadata.insert(name, flag);
            }
        });
        let mut config = config();
        config.require_response_iss = required;
        let redirect = begin(&provider, &config, LoginRequest::default()).unwrap();
        let mut answer = provider.authorize(&redirect.url);
        remove(&mut answer, "iss");
        let result = complete(
            &provider,
            &config,
            &callback_url(&answer),
            &redirect.pending,
        );
        assert_eq!(code(result), expected, "{in_metadata:?} {required}");

        // One that is there is compared in any case.
        answer.extend(pairs([("iss", "https://evil.example")]));
        let result = complete(
            &provider,
            &config,
            &callback_url(&answer),
            &redirect.pending,
        );
        assert_eq!(
            code(result),
            "callback_iss_mismatch",
            "{in_metadata:?} {required}"
        );
    }
}

#[test]
fn answers_are_taken_at_the_redirect_uri_only() {
    let query = |url: &str| url.split_once('?').unwrap().1.to_string();
    let cases = [
        ("https://app.example/callback", "accepted"),
        ("https://APP.example:443/callback", "accepted"),
        ("https://app.example/callback/", "callback_wrong_address"),
        ("https://app.example/Callback", "callback_wrong_address"),
        ("https://app.example/", "callback_wrong_address"),
        (
            "https://app.example:8443/callback",
            "callback_wrong_address",
        ),
        (
            "https://app.example.evil.example/callback",
            "callback_wrong_address",
        ),
        ("http://localhost/callback", "callback_wrong_address"),
        ("http://app.example/callback", "callback_malformed"),
        ("/callback", "callback_malformed"),
        ("", "callback_malformed"),
    ];
    for (address, expected) in cases {
        let provider = Provider::new();
        let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
        let url = callback_url(&provider.authorize(&redirect.url));
        let url = format!("{address}?{}", query(&url));
        assert_eq!(
            code(complete(&provider, &config(), &url, &redirect.pending)),
            expected,
            "{address}"
        );
    }
}

#[test]
fn the_redirect_uris_own_query_must_come_back() {
    let provider = Provider::new();
    let mut config = config();
    let redirect = begin(&provider, &config, LoginRequest::default()).unwrap();
    let answer = callback_url(&provider.authorize(&redirect.url));
    config.redirect_uri = Url::parse("https://app.example/callback?tenant=a%20b").unwrap();
    let stored = redirect.pending.to_json();
    let stored = stored.replace(REDIRECT_URI, config.redirect_uri.as_str());
    for (added, expected) in [
        ("&tenant=a+b", None),
        ("", Some("callback_wrong_address")),
        ("&tenant=a", Some("callback_wrong_address")),
    ] {
        let pending = PendingLogin::from_json(&stored).unwrap();
        let callback = Callback::parse(&format!("{answer}{added}")).unwrap();
        let step = CompleteLogin::start(&config, callback, pending, None, NOW);
        assert_eq!(step.err().map(|error| error.code()), expected, "{added:?}");
    }
}

#[test]
fn fragments_are_left_aside() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let url = callback_url(&provider.authorize(&redirect.url)) + "#_=_&code=other&state=other?";
    assert_eq!(
        code(complete(&provider, &config(), &url, &redirect.pending)),
        "accepted"
    );
}

#[test]
fn a_callback_is_present_where_there_is_a_code_or_an_error() {
    for (url, expected) in [
        ("https://app.example/callback?code=a&state=b", true),
        ("https://app.example/callback?state=b&error=a", true),
        ("https://app.example/callback?error", true),
        ("https://app.example/callback?state=b", false),
        ("https://app.example/callback?barcode=a&errors=b", false),
        ("https://app.example/callback#code=a&state=b", false),
        ("https://app.example/callback", false),
        ("", false),
    ] {
        assert_eq!(Callback::is_present(url), expected, "{url}");
    }
}

#[test]
fn malformed_queries_are_refused() {
    let too_long = "x".repeat(16 * 1024 + 1);
    for (query, expected) in [
        ("code=%&state=a", "callback_malformed"),
        ("code=%2&state=a", "callback_malformed"),
        ("code=%zz&state=a", "callback_malformed"),
        ("code=%ff&state=a", "callback_malformed"),
        ("code=%c0%af&state=a", "callback_malformed"),
        ("code=a b&state=a", "callback_malformed"),
        ("code=å&state=a", "callback_malformed"),
        ("code=a\u{0}&state=a", "callback_malformed"),
        ("", "callback_empty"),
        ("&&&", "callback_empty"),
        (too_long.as_str(), "callback_too_long"),
    ] {
        let result = Callback::parse(&format!("{REDIRECT_URI}?{query}"));
        assert_eq!(code(result), expected, "{query:.40}");
    }
    let result = Callback::parse(&format!("https://app.example/{too_long}?code=a&state=b"));
    assert_eq!(code(result), "callback_too_long");
}

#[test]
fn answers_are_read_up_to_their_limits_and_not_at_all_beyond_them() {
    let address = |length: usize| format!("{:a<length$}", "https://app.example/");
    let query = |length: usize| format!("{:x<length$}", "code=a&state=b&x=");
    for (address, query, expected) in [
        (address(MAX_URL_BYTES), query(17), "accepted"),
        (address(MAX_URL_BYTES + 1), query(17), "callback_too_long"),
        (address(20), query(MAX_QUERY_BYTES), "accepted"),
        (address(20), query(MAX_QUERY_BYTES + 1), "callback_too_long"),
        ("nowhere".into(), query(17), "callback_malformed"),
        (
            "nowhere".into(),
            query(MAX_QUERY_BYTES + 1),
            "callback_too_long",
        ),
    ] {
        let result = Callback::parse(&format!("{address}?{query}"));
        assert_eq!(code(result), expected, "{} {}", address.len(), query.len());
    }
}

#[test]
fn an_answer_is_good_for_one_try() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let url = callback_url(&provider.authorize(&redirect.url));
    let mut storage =
        BTreeMap::from([(redirect.pending.storage_key(), redirect.pending.to_json())]);
    let mut try_once = || {
        let callback = Callback::parse(&url)?;
        let stored = storage.remove(&callback.storage_key());
        let pending = PendingLogin::from_storage(stored.as_deref())?;
        drive(
            &provider,
            CompleteLogin::start(&config(), callback, pending, None, NOW),
        )
    };
    assert_eq!(code(try_once()), "accepted");
    // A reload, or the Back button.
    assert_eq!(code(try_once()), "callback_state_unknown");
    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
}

#[test]
fn a_login_of_another_client_or_configuration_is_refused() {
    type Change = fn(&mut portvakt_oidc::ClientConfig);
    let cases: &[(&str, Change)] = &[
        ("callback_pending_of_other_client", |config| {
            config.client_id = "other".into()
        }),
        ("callback_pending_of_other_client", |config| {
            config.redirect_uri = Url::parse("https://app.example/other").unwrap();
        }),
        ("callback_pending_of_other_client", |config| {
            config.issuer = portvakt_oidc::Issuer::parse("https://other.example").unwrap();
        }),
        ("misbehaved_metadata_algorithms", |config| {
            config.algorithms = vec![portvakt_oidc::Algorithm::EdDsa];
        }),
        ("misuse_scope", |config| config.scopes.clear()),
    ];
    for (expected, change) in cases {
        let provider = Provider::new();
        let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
        let url = callback_url(&provider.authorize(&redirect.url));
        let mut config = config();
        change(&mut config);
        assert_eq!(
            code(complete(&provider, &config, &url, &redirect.pending)),
            *expected
        );
    }
}

#[test]
fn what_is_stored_reads_back_the_same_and_changed_it_is_refused() {
    let provider = Provider::new();
    let mut request = LoginRequest::default();
    request.acr_values = vec!["high".into()];
    request.max_age_seconds = Some(60);
    request.return_to = Some(portvakt_oidc::ReturnPath::parse("/inbox").unwrap());
    request.authorization_details = Some(vec![crate::provider::object([("type", "x")])].into());
    let pending = begin(&provider, &config(), request).unwrap().pending;
    let stored = pending.to_json();
    assert_eq!(PendingLogin::from_json(&stored).unwrap(), pending);

    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"version\":1", "\"version\":\"1\""),
        ("\"version\":1,", ""),
        ("\"state\":\"", "\"state\":\"AA"),
        ("\"state\":\"R", "\"state\":\"+"),
        ("\"nonce\":\"", "\"nonce\":\"A"),
        ("\"nonce\":", "\"nonces\":"),
        ("\"code_verifier\":\"", "\"code_verifier\":\"=="),
        ("\"redirect_uri\":\"https:", "\"redirect_uri\":\"http:"),
        (
            "\"redirect_uri\":\"https:",
            "\"redirect_uri\":\"javascript:",
        ),
        ("\"token_endpoint\":\"https:", "\"token_endpoint\":\"http:"),
        ("\"return_to\":\"/", "\"return_to\":\"//evil.example/"),
        ("\"return_to\":\"/", "\"return_to\":\"https://evil.example/"),
        ("\"acceptable_acr\":[", "\"acceptable_acr\":[1,"),
        ("\"acceptable_acr\":[\"", "\"acceptable_acr\":[\"a b"),
        ("\"acceptable_acr\":", "\"acceptable\":"),
        ("\"max_age_seconds\":60", "\"max_age_seconds\":-60"),
        ("\"max_age_seconds\":60", "\"max_age_seconds\":4294967296"),
        (
            "\"must_reauthenticate\":false",
            "\"must_reauthenticate\":null",
        ),
        (
            "\"authorization_details\":\"[{",
            "\"authorization_details\":\"{[",
        ),
        ("\"created_at\":1790000000", "\"created_at\":1790000000.5"),
        ("\"created_at\":1790000000", "\"created_at\":\"1790000000\""),
        ("\"scopes\":[", "\"scopes\":[\"\","),
        ("{\"version\"", "{\"state\":\"x\",\"version\""),
        ("{\"version\"", "\u{feff}{\"version\""),
    ] {
        let changed = stored.replacen(from, to, 1);
        let is_changed = changed != stored;
        assert!(stored.contains(from), "{from}");
        let result = PendingLogin::from_json(&changed);
        let expected = if is_changed {
            "callback_pending_unreadable"
        } else {
            "accepted"
        };
        assert_eq!(code(result), expected, "{from} -> {to}");
    }
    for text in ["", "null", "[]", "{}", "{\"version\":1}"] {
        assert_eq!(
            code(PendingLogin::from_json(text)),
            "callback_pending_unreadable"
        );
    }
    assert_eq!(
        code(PendingLogin::from_storage(None)),
        "callback_state_unknown"
    );
    assert_eq!(
        code(PendingLogin::from_storage(Some(""))),
        "callback_pending_unreadable"
    );
}

#[test]
fn a_login_that_claims_to_be_from_the_future_is_expired() {
    let provider = Provider::new();
    let pending = begin(&provider, &config(), LoginRequest::default())
        .unwrap()
        .pending;
    for (created_at, is_expired) in [
        (NOW.as_secs(), false),
        (NOW.as_secs() + 300, false),
        (NOW.as_secs() + 301, true),
        (u64::MAX, true),
        (NOW.as_secs() - 1799, false),
        (NOW.as_secs() - 1800, true),
        (0, true),
    ] {
        let stored = pending.to_json();
        let created = format!("\"created_at\":{created_at}");
        let stored = stored.replace("\"created_at\":1790000000", &created);
        let pending = PendingLogin::from_json(&stored).unwrap();
        assert_eq!(pending.created_at(), UnixTime::new(created_at));
        assert_eq!(pending.is_expired(NOW), is_expired, "{created_at}");
    }
}

fn edit(parameters: &mut [(String, String)], name: &str, change: fn(String) -> String) {
    let (_, value) = parameters
        .iter_mut()
        .find(|(candidate, _)| candidate == name)
        .unwrap();
    *value = change(std::mem::take(value));
}

fn remove(parameters: &mut Vec<(String, String)>, name: &str) {
    parameters.retain(|(candidate, _)| candidate != name);
}

fn repeat(parameters: &mut Vec<(String, String)>, name: &str) {
    let pair = parameters
        .iter()
        .find(|(candidate, _)| candidate == name)
        .unwrap()
        .clone();
    parameters.push(pair);
}
