//! Complete logins, and the authorization request that they begin with.

use insta::assert_snapshot;
use portvakt_oidc::{
    Algorithm, BeginLogin, Check, Entropy, HttpRequest, Jwks, JwksSource, LoginRequest, Method,
    Prompt, ProviderMetadata, Redirect, ReturnPath, Step, TransportError, UnixTime, Url, json,
};

use crate::provider::signer::{EDDSA, ES256, OTHER_RS256, PS256, RS256, Signer};
use crate::provider::{
    ACCESS_TOKEN, CLIENT_ID, NOW, PID, Provider, REFRESH_TOKEN, SID, SUB, begin, code, config,
    entropy, login, login_with, object,
};

#[test]
fn a_login_takes_three_requests_and_yields_who_signed_in() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();

    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
    assert_eq!(login.id_token.sub(), SUB);
    assert_eq!(login.id_token.sid(), Some(SID));
    assert_eq!(login.id_token.acr(), Some("substantial"));
    assert_eq!(login.id_token.amr(), ["TestID"]);
    assert_eq!(login.id_token.auth_time(), Some(NOW.saturating_sub(2)));
    assert_eq!(login.id_token.issued_at(), NOW);
    assert_eq!(login.id_token.expires_at(), NOW.saturating_add(120));
    assert_eq!(
        login
            .id_token
            .claims()
            .get("pid")
            .and_then(json::Value::as_str),
        Some(PID)
    );
    assert_eq!(login.id_token.raw().expose().split('.').count(), 3);
    assert_eq!(login.access_token.expose(), ACCESS_TOKEN);
    assert_eq!(
        login.refresh_token.as_ref().unwrap().expose(),
        REFRESH_TOKEN
    );
    assert_eq!(login.expires_at, Some(NOW.saturating_add(120)));
    assert_eq!(login.scope, ["openid", "profile"]);
    assert_eq!(login.return_to, None);
    assert_eq!(login.metadata.issuer().as_str(), "https://op.example");
}

#[test]
fn the_checks_are_those_that_were_taken_in_their_order() {
    let plain = login(&Provider::new()).unwrap();
    let codes = |checks: &[Check]| {
        checks
            .iter()
            .map(|check| check.code())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        codes(&plain.checks),
        "client redirect_uri state age response_iss pkce token_response signature algorithm typ \
         iss aud exp iat nonce auth_time sub"
    );

    let provider = Provider::new().edit_claims(|claims| {
        claims.insert("azp", CLIENT_ID);
        claims.insert("nbf", NOW.as_secs());
        claims.insert("at_hash", half_sha256(ACCESS_TOKEN));
    });
    let mut request = LoginRequest::default();
    request.acr_values = vec!["substantial".into()];
    let full = login_with(&provider, &config(), request).unwrap();
    assert_eq!(
        codes(&full.checks),
        "client redirect_uri state age response_iss pkce token_response signature algorithm typ \
         iss aud azp exp nbf iat nonce acr auth_time sub at_hash"
    );

    let mut names: Vec<&str> = Check::ALL.iter().map(|check| check.code()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Check::ALL.len());
    assert!(
        Check::ALL
            .iter()
            .all(|check| check.sentence().ends_with('.') && check.source().contains('§'))
    );
}

#[test]
fn every_algorithm_signs_a_login_where_it_is_allowed_and_only_there() {
    let cases: [(&'static Signer, Algorithm); 4] = [
        (&RS256, Algorithm::Rs256),
        (&PS256, Algorithm::Ps256),
        (&ES256, Algorithm::Es256),
        (&EDDSA, Algorithm::EdDsa),
    ];
    for (signer, algorithm) in cases {
        let provider = Provider::with_signer(signer);
        let mut config = config();
        config.algorithms = vec![algorithm];
        assert_eq!(
            code(login_with(&provider, &config, LoginRequest::default())),
            "accepted"
        );

        config.algorithms = Algorithm::ALL
            .iter()
            .copied()
            .filter(|other| *other != algorithm)
            .collect();
        let result = login_with(&provider, &config, LoginRequest::default());
        assert_eq!(
            code(result),
            "misbehaved_metadata_algorithms",
            "{algorithm}"
        );

        // Metadata that promises another algorithm than the token has.
        let provider = Provider::with_signer(signer).edit_metadata(|metadata| {
            metadata.insert(
                "id_token_signing_alg_values_supported",
                vec!["RS256", "PS256", "ES256"],
            );
        });
        let result = login_with(&provider, &config, LoginRequest::default());
        assert_eq!(code(result), "token_alg_not_allowed", "{algorithm}");
    }
}

#[test]
fn the_authorization_request_has_these_parameters_and_no_others() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    assert_snapshot!(one_a_line(&redirect.url), @r"
    https://login.op.example/authorize
    response_type=code
    client_id=a1b2c3d4-0000-4000-8000-000000000001
    redirect_uri=https%3A%2F%2Fapp.example%2Fcallback
    scope=openid%20profile
    state=R52hx6i8RMqerMBXa8dlJK8mEdjbdtxYta4pFDivXV0
    nonce=Mci3tz9dYb4cCxJiCBxVKUTxf06QsxcGolVj0sx1NrM
    code_challenge=8bZLS1b8YgpDRi-o8ILv-1trudaCneKPj-YwsYLccjw
    code_challenge_method=S256
    ");

    let mut config = config();
    config.scopes = ["openid", "profile", "digdir:dialogporten"]
        .map(String::from)
        .into();
    let mut request = LoginRequest::default();
    request.acr_values = vec!["substantial".into(), "entraid".into()];
    request.prompt = vec![Prompt::Login, Prompt::Consent];
    request.max_age_seconds = Some(0);
    request.ui_locales = vec!["nb".into(), "en-GB".into()];
    request.login_hint = Some("testid:15868510045_idporten-loa-high".into());
    let details = br#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:pr\u00f8ve","actions":"read,write"}]"#;
    request.authorization_details = Some(json::parse(details, 1000).unwrap());
    request.resource = vec!["https://api.example/a?b=c".into(), "urn:example:api".into()];
    request.return_to = Some(ReturnPath::parse("/inbox").unwrap());
    let redirect = begin(&provider, &config, request).unwrap();
    assert_snapshot!(one_a_line(&redirect.url), @r"
    https://login.op.example/authorize
    response_type=code
    client_id=a1b2c3d4-0000-4000-8000-000000000001
    redirect_uri=https%3A%2F%2Fapp.example%2Fcallback
    scope=openid%20profile%20digdir%3Adialogporten
    state=R52hx6i8RMqerMBXa8dlJK8mEdjbdtxYta4pFDivXV0
    nonce=Mci3tz9dYb4cCxJiCBxVKUTxf06QsxcGolVj0sx1NrM
    code_challenge=8bZLS1b8YgpDRi-o8ILv-1trudaCneKPj-YwsYLccjw
    code_challenge_method=S256
    acr_values=substantial%20entraid
    prompt=login%20consent
    max_age=0
    ui_locales=nb%20en-GB
    login_hint=testid%3A15868510045_idporten-loa-high
    authorization_details=%5B%7B%22type%22%3A%22ansattporten%3Aaltinn%3Aresource%22%2C%22resource%22%3A%22urn%3Aaltinn%3Aresource%3Apr%C3%B8ve%22%2C%22actions%22%3A%22read%2Cwrite%22%7D%5D
    resource=https%3A%2F%2Fapi.example%2Fa%3Fb%3Dc
    resource=urn%3Aexample%3Aapi
    ");
}

#[test]
fn a_query_of_the_authorization_endpoint_is_kept() {
    let provider = Provider::new().edit_metadata(|metadata| {
        metadata.insert(
            "authorization_endpoint",
            "https://login.op.example/authorize?tenant=a%20b",
        );
    });
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    assert!(redirect.url.as_str().starts_with(
        "https://login.op.example/authorize?tenant=a%20b&response_type=code&client_id="
    ));
}

#[test]
fn state_nonce_and_verifier_are_256_bits_each_and_new_for_each_login() {
    let provider = Provider::new();
    let start = |seed| {
        let step = BeginLogin::start(&config(), LoginRequest::default(), None, entropy(seed), NOW);
        crate::provider::drive(&provider, step).unwrap()
    };
    let (first, second) = (start(1), start(2));
    let stored = |redirect: &Redirect| {
        let text = redirect.pending.to_json();
        let value = json::parse(text.as_bytes(), text.len()).unwrap();
        ["state", "nonce", "code_verifier"].map(|name| {
            value
                .get(name)
                .and_then(json::Value::as_str)
                .unwrap()
                .to_string()
        })
    };
    let mut values = [stored(&first), stored(&second)].concat();
    for value in &values {
        assert_eq!(portvakt_jose::base64url::decode(value).unwrap().len(), 32);
    }
    values.sort();
    values.dedup();
    assert_eq!(values.len(), 6);
    assert_ne!(first.pending.storage_key(), second.pending.storage_key());
    for redirect in [&first, &second] {
        let [.., verifier] = stored(redirect);
        assert!(!redirect.url.as_str().contains(&verifier));
        let [state, ..] = stored(redirect);
        assert!(!redirect.pending.storage_key().contains(&state));
    }
}

#[test]
fn entropy_that_is_not_random_is_refused() {
    let mut twice = [7; Entropy::BYTES];
    for (index, byte) in twice.iter_mut().enumerate() {
        *byte = (index % 32) as u8;
    }
    let mut last_third_missing = [0; Entropy::BYTES];
    for (index, byte) in last_third_missing.iter_mut().enumerate().take(64) {
        *byte = index as u8;
    }
    for bytes in [
        [0; Entropy::BYTES],
        [0xff; Entropy::BYTES],
        twice,
        last_third_missing,
    ] {
        let provider = Provider::new();
        let step = BeginLogin::start(
            &config(),
            LoginRequest::default(),
            None,
            Entropy::new(bytes),
            NOW,
        );
        assert_eq!(
            code(crate::provider::drive(&provider, step)),
            "misuse_entropy"
        );
    }
}

#[test]
fn kept_metadata_saves_the_request_until_it_is_a_day_old() {
    let provider = Provider::new();
    let first = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let kept = ProviderMetadata::from_json(&first.pending.metadata().to_json()).unwrap();
    assert_eq!(&kept, first.pending.metadata());

    for (age_seconds, fetches) in [(0, false), (86_399, false), (86_400, true), (1 << 40, true)] {
        let now = NOW.saturating_add(age_seconds);
        let step = BeginLogin::start(
            &config(),
            LoginRequest::default(),
            Some(kept.clone()),
            entropy(2),
            now,
        )
        .unwrap();
        assert_eq!(
            matches!(step, Step::Fetch { .. }),
            fetches,
            "{age_seconds} s"
        );
    }
    // Metadata from the future was fetched by a clock that is not to be trusted.
    assert!(!kept.is_fresh(NOW.saturating_sub(1)));
}

#[test]
fn kept_metadata_of_another_issuer_is_refused() {
    let provider = Provider::new();
    let kept = begin(&provider, &config(), LoginRequest::default())
        .unwrap()
        .pending
        .metadata()
        .clone();
    let mut config = config();
    config.issuer = portvakt_oidc::Issuer::parse("https://op.example/").unwrap();
    let step = BeginLogin::start(
        &config,
        LoginRequest::default(),
        Some(kept),
        entropy(1),
        NOW,
    );
    assert_eq!(code(step), "misuse_metadata_of_other_issuer");
}

#[test]
fn configurations_that_cannot_be_are_refused() {
    type Change = fn(&mut portvakt_oidc::ClientConfig);
    let cases: &[(&str, Change)] = &[
        ("misuse_client_id", |config| config.client_id.clear()),
        ("misuse_client_id", |config| {
            config.client_id = "a\u{7f}".into()
        }),
        ("misuse_client_id", |config| config.client_id = "ø".into()),
        ("misuse_client_id", |config| {
            config.client_id = "a".repeat(256)
        }),
        ("misuse_redirect_uri", |config| {
            config.redirect_uri = Url::parse("https://app.example/callback?state=x").unwrap();
        }),
        ("misuse_redirect_uri", |config| {
            config.redirect_uri = Url::parse("https://app.example/callback?c%6fde=x").unwrap();
        }),
        ("misuse_scope", |config| config.scopes.clear()),
        ("misuse_scope", |config| {
            config.scopes = vec!["profile".into()]
        }),
        ("misuse_scope", |config| config.scopes.push("openid".into())),
        ("misuse_scope", |config| {
            config.scopes.push("two words".into())
        }),
        ("misuse_scope", |config| config.scopes.push(String::new())),
        ("misuse_scope", |config| {
            config.scopes.push("back\\slash".into())
        }),
        ("misuse_algorithms", |config| config.algorithms.clear()),
        ("misuse_clock_tolerance", |config| {
            config.clock_tolerance_seconds = 301
        }),
        ("accepted", |config| config.clock_tolerance_seconds = 300),
        ("accepted", |config| {
            config.scopes.push("digdir:dialogporten".into())
        }),
        ("accepted", |config| {
            config.redirect_uri = Url::parse("http://localhost:8080/callback?tenant=a").unwrap();
        }),
    ];
    for (expected, change) in cases {
        let mut config = config();
        change(&mut config);
        let result = config.check().map_err(portvakt_oidc::Error::from);
        assert_eq!(code(result), *expected);
        let step = BeginLogin::start(&config, LoginRequest::default(), None, entropy(1), NOW);
        assert_eq!(code(step), *expected);
    }
}

#[test]
fn requests_that_cannot_be_are_refused() {
    type Change = fn(&mut LoginRequest);
    let cases: &[(&str, Change)] = &[
        ("misuse_acr", |request| {
            request.acr_values = vec!["high low".into()]
        }),
        ("misuse_acr", |request| {
            request.acr_values = vec![String::new()]
        }),
        ("misuse_acr", |request| {
            request.acceptable_acr = vec!["høy".into()]
        }),
        ("misuse_prompt", |request| {
            request.prompt = vec![Prompt::None, Prompt::Login]
        }),
        ("misuse_prompt", |request| {
            request.prompt = vec![Prompt::Login, Prompt::Login]
        }),
        ("misuse_ui_locales", |request| {
            request.ui_locales = vec!["nb nn".into()]
        }),
        ("misuse_ui_locales", |request| {
            request.ui_locales = vec!["".into()]
        }),
        ("misuse_ui_locales", |request| {
            request.ui_locales = vec!["nb-".into()]
        }),
        ("misuse_login_hint", |request| {
            request.login_hint = Some(String::new())
        }),
        ("misuse_login_hint", |request| {
            request.login_hint = Some("a\nb".into())
        }),
        ("misuse_login_hint", |request| {
            request.login_hint = Some("a".repeat(1025))
        }),
        ("misuse_authorization_details", |request| {
            request.authorization_details = Some(object([("type", "x")]).into());
        }),
        ("misuse_authorization_details", |request| {
            request.authorization_details = Some(vec![object([("type", 1)])].into());
        }),
        ("misuse_authorization_details", |request| {
            request.authorization_details = Some(vec!["x"].into());
        }),
        ("misuse_resource", |request| {
            request.resource = vec!["/api".into()]
        }),
        ("misuse_resource", |request| {
            request.resource = vec!["https://api.example/#a".into()]
        }),
        ("misuse_resource", |request| {
            request.resource = vec!["https:".into()]
        }),
        ("misuse_resource", |request| {
            request.resource = vec!["1a:b".into()]
        }),
        ("misuse_url_too_long", |request| {
            request.resource = vec!["urn:a".into(); 1000]
        }),
        ("accepted", |request| request.prompt = vec![Prompt::None]),
        ("accepted", |request| {
            request.authorization_details = Some(json::Value::Array(vec![]))
        }),
        ("accepted", |request| {
            request.login_hint = Some("åse@app.example".into())
        }),
    ];
    for (expected, change) in cases {
        let mut request = LoginRequest::default();
        change(&mut request);
        assert_eq!(code(begin(&Provider::new(), &config(), request)), *expected);
    }
}

#[test]
fn return_path_and_sent_authorization_details_survive_the_round_trip() {
    let provider = Provider::new().edit_token_response(|response| {
        response.insert("authorization_details", vec![object([("type", "granted")])]);
    });
    let mut request = LoginRequest::default();
    request.return_to = Some(ReturnPath::parse("/inbox?page=2#top").unwrap());
    request.authorization_details = Some(vec![object([("type", "asked"), ("x", "ø")])].into());
    let login = login_with(&provider, &config(), request).unwrap();
    assert_eq!(login.return_to.unwrap().as_str(), "/inbox?page=2#top");
    assert_eq!(
        login.requested_authorization_details.as_deref(),
        Some(r#"[{"type":"asked","x":"ø"}]"#)
    );
    assert_eq!(
        login.authorization_details.unwrap().to_json(),
        r#"[{"type":"granted"}]"#
    );
}

// oidcc-client-test-discovery-jwks-uri-keys
#[test]
fn keys_come_from_the_metadatas_jwks_uri() {
    let provider = Provider::new();
    login(&provider).unwrap();
    let log = provider.log.borrow();
    let (_, request) = log.last().unwrap();
    assert_eq!(request.url.as_str(), "https://op.example/jwks.json");
    assert_eq!(request.method, Method::Get);
    assert_eq!(request.body, None);
}

#[test]
fn keys_can_come_from_another_address() {
    let provider =
        Provider::new().answer_with("elsewhere", Ok(crate::provider::json(200, jwks(&[&RS256]))));
    let mut config = config();
    config.jwks = JwksSource::Uri(Url::parse("https://app.example/keys").unwrap());
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "accepted"
    );
    assert_eq!(
        provider.endpoints_asked(),
        ["metadata", "token", "elsewhere"]
    );
}

#[test]
fn given_keys_save_the_request() {
    let provider = Provider::new();
    let mut config = config();
    config.jwks = JwksSource::Keys(parsed(&[&RS256]));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "accepted"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token"]);
}

// oidcc-client-test-signing-key-rotation,
// oidcc-client-test-signing-key-rotation-just-before-signing
#[test]
fn given_keys_that_do_not_verify_are_fetched_once() {
    // The provider has changed its key since the set was kept: by another kid, or by the same one.
    let same_kid = |header: &mut json::Object| {
        header.insert("kid", OTHER_RS256.kid);
    };
    for reuse_kid in [false, true] {
        let mut provider = Provider::new();
        if reuse_kid {
            let mut jwk = RS256.jwk();
            jwk.insert("kid", OTHER_RS256.kid);
            provider.keys = vec![jwk];
            provider = provider.edit_header(same_kid);
        }
        let mut config = config();
        config.jwks = JwksSource::Keys(parsed(&[&OTHER_RS256]));
        assert_eq!(
            code(login_with(&provider, &config, LoginRequest::default())),
            "accepted"
        );
        assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
    }

    // Nor does the fetched set verify: that is the end of it.
    let mut provider = Provider::new();
    provider.keys = vec![OTHER_RS256.jwk()];
    let mut config = config();
    config.jwks = JwksSource::Keys(parsed(&[&OTHER_RS256]));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "token_key_unknown"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
}

#[test]
fn given_keys_are_not_fetched_anew_for_a_token_that_is_wrong_otherwise() {
    let provider = Provider::new().edit_claims(|claims| {
        claims.insert("iss", "https://op.example1");
    });
    let mut config = config();
    config.jwks = JwksSource::Keys(parsed(&[&RS256]));
    assert_eq!(
        code(login_with(&provider, &config, LoginRequest::default())),
        "token_iss_mismatch"
    );
    assert_eq!(provider.endpoints_asked(), ["metadata", "token"]);
}

#[test]
fn keys_that_cannot_be_had_end_the_login() {
    use crate::provider::{json, response};
    let huge = response(200, "application/json", vec![b' '; 300_000]);
    let cases = [
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (
            Ok(response(200, "text/html", "<p>")),
            "misbehaved_jwks_content_type",
        ),
        (
            Ok(json(404, object([("keys", "")]))),
            "misbehaved_jwks_status",
        ),
        (
            Ok(json(302, object([("keys", "")]))),
            "misbehaved_redirected",
        ),
        (
            Ok(json(200, object([("keys", "")]))),
            "token_keys_malformed",
        ),
        (
            Ok(response(
                200,
                "application/json",
                "{\"keys\":[],\"keys\":[]}",
            )),
            "token_keys_malformed",
        ),
        (Ok(huge), "transport_too_large"),
        (Ok(json(200, jwks(&[]))), "token_key_unknown"),
    ];
    for (answer, expected) in cases {
        let provider = Provider::new().answer_with("jwks", answer);
        assert_eq!(code(login(&provider)), expected);
    }
}

#[test]
fn requests_to_endpoints_say_how_much_may_come_back() {
    let provider = Provider::new();
    login(&provider).unwrap();
    for (
        endpoint,
        HttpRequest {
            max_response_bytes,
            headers,
            ..
        },
    ) in provider.log.borrow().iter()
    {
        assert!((1..=512 * 1024).contains(max_response_bytes), "{endpoint}");
        assert!(
            headers.contains(&("accept", "application/json".into())),
            "{endpoint}"
        );
        assert!(
            !headers.iter().any(|(name, _)| *name == "authorization"),
            "{endpoint}"
        );
    }
}

#[test]
fn two_logins_at_once_do_not_disturb_each_other() {
    let provider = Provider::new();
    let start = |seed| {
        let step = BeginLogin::start(&config(), LoginRequest::default(), None, entropy(seed), NOW);
        crate::provider::drive(&provider, step).unwrap()
    };
    let (first, second) = (start(1), start(2));
    let (to_first, to_second) = (
        provider.authorize(&first.url),
        provider.authorize(&second.url),
    );
    for (answer, pending) in [(to_second, second.pending), (to_first, first.pending)] {
        let url = crate::provider::callback_url(&answer);
        assert_eq!(
            code(crate::provider::complete(
                &provider,
                &config(),
                &url,
                &pending
            )),
            "accepted"
        );
    }
}

#[test]
fn a_slow_person_is_still_in_time_and_a_very_slow_one_is_not() {
    for (seconds, expected) in [(1799, "accepted"), (1800, "callback_pending_expired")] {
        let provider = Provider::new();
        let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
        let url = crate::provider::callback_url(&provider.authorize(&redirect.url));
        provider.now.set(UnixTime::new(NOW.as_secs() + seconds));
        let result = crate::provider::complete(&provider, &config(), &url, &redirect.pending);
        assert_eq!(code(result), expected);
    }
}

fn one_a_line(url: &Url) -> String {
    url.as_str().replace(['?', '&'], "\n")
}

fn jwks(signers: &[&Signer]) -> json::Object {
    object([(
        "keys",
        signers
            .iter()
            .map(|signer| signer.jwk())
            .collect::<json::Value>(),
    )])
}

fn parsed(signers: &[&Signer]) -> Jwks {
    Jwks::parse(json::Value::from(jwks(signers)).to_json().as_bytes()).unwrap()
}

fn half_sha256(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    portvakt_jose::base64url::encode(&hash.as_ref()[..16])
}
