//! Complete logins.

use portvakt_oidc::{
    Algorithm, BeginLogin, Check, HttpRequest, Issuer, LoginRequest, ProviderMetadata, ReturnPath,
    Step, UnixTime, json,
};

use crate::provider::signer::{EDDSA, ES256, PS256, RS256, Signer};
use crate::provider::{
    ACCESS_TOKEN, CLIENT_ID, NOW, PID, Provider, REFRESH_TOKEN, SID, SUB, begin, callback_url,
    code, complete, config, drive, entropy, login, login_with, object,
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
    assert_eq!(
        String::from(login.metadata.issuer().clone()),
        "https://op.example"
    );
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
         iss aud exp iat nonce sub"
    );

    let provider = Provider::new().edit_claims(|claims| {
        claims.insert("azp", CLIENT_ID);
        claims.insert("nbf", NOW.as_secs());
        claims.insert("at_hash", half_sha256(ACCESS_TOKEN));
    });
    let mut request = LoginRequest::default();
    request.acr_values = vec!["substantial".into()];
    request.max_age_seconds = Some(60);
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
fn kept_metadata_is_judged_by_the_configuration_of_the_day() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let kept = redirect.pending.metadata().clone();
    let mut config = config();
    config.algorithms = vec![Algorithm::Es256];
    let step = BeginLogin::start(
        &config,
        LoginRequest::default(),
        Some(kept),
        entropy(1),
        NOW,
    );
    assert_eq!(code(step), "misbehaved_metadata_algorithms");
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
    config.issuer = Issuer::parse("https://op.example/").unwrap();
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
fn return_path_and_sent_authorization_details_survive_the_round_trip() {
    let provider = Provider::new().edit_token_response(|response| {
        response.insert("authorization_details", vec![object([("type", "granted")])]);
    });
    let mut request = LoginRequest::default();
    request.return_to = Some(ReturnPath::parse("/inbox?page=2#top").unwrap());
    request.authorization_details = Some(vec![object([("type", "asked"), ("x", "ø")])].into());
    request.acr_values = vec!["substantial".into(), "high".into()];
    let redirect = begin(&provider, &config(), request.clone()).unwrap();
    let pending = &redirect.pending;
    assert_eq!(pending.return_to(), request.return_to.as_ref());
    assert_eq!(
        pending.authorization_details(),
        Some(r#"[{"type":"asked","x":"ø"}]"#)
    );
    assert_eq!(pending.acceptable_acr(), ["substantial", "high"]);
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

#[test]
fn the_request_for_tokens_tells_which_request_comes_after_it() {
    let provider = Provider::new();
    login(&provider).unwrap();
    let log = provider.log.borrow();
    let [(_, metadata), (_, tokens), (_, keys)] = &log[..] else {
        panic!("three requests")
    };
    assert_eq!(tokens.ahead.as_deref(), Some(keys));
    assert_eq!((&metadata.ahead, &keys.ahead), (&None, &None));
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
        drive(&provider, step).unwrap()
    };
    let (first, second) = (start(1), start(2));
    let (to_first, to_second) = (
        provider.authorize(&first.url),
        provider.authorize(&second.url),
    );
    for (answer, pending) in [(to_second, second.pending), (to_first, first.pending)] {
        let url = callback_url(&answer);
        assert_eq!(
            code(complete(&provider, &config(), &url, &pending)),
            "accepted"
        );
    }
}

#[test]
fn a_slow_person_is_still_in_time_and_a_very_slow_one_is_not() {
    for (seconds, expected) in [(1799, "accepted"), (1800, "callback_pending_expired")] {
        let provider = Provider::new();
        let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
        let url = callback_url(&provider.authorize(&redirect.url));
        provider.now.set(UnixTime::new(NOW.as_secs() + seconds));
        let result = complete(&provider, &config(), &url, &redirect.pending);
        assert_eq!(code(result), expected);
    }
}

fn half_sha256(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    portvakt_jose::base64url::encode(&hash.as_ref()[..16])
}
