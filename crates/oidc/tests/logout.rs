//! Signing out, and coming back from it.

use insta::assert_snapshot;
use portvakt_oidc::{
    BeginLogout, ClientConfig, Entropy, Error, LogoutRedirect, LogoutRequest, LogoutReturn,
    PendingLogout, RawIdToken, RefreshToken, ReturnPath, RevokedToken, TransportError, Url,
};

use crate::provider::{
    ACCESS_TOKEN, NOW, Provider, REFRESH_TOKEN, code, config, drive, entropy, error, login,
    response,
};

// oidcc-client-test-rp-init-logout
#[test]
fn the_logout_request_names_the_client_and_carries_no_token() {
    let provider = Provider::new();
    let request = LogoutRequest::of(&login(&provider).unwrap());
    let redirect = begin(&provider, &with_return(), request).unwrap();
    assert_snapshot!(redirect.url.as_str().replace(['?', '&'], "\n"), @r"
    https://login.op.example/logout
    client_id=a1b2c3d4-0000-4000-8000-000000000001
    post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F
    state=R52hx6i8RMqerMBXa8dlJK8mEdjbdtxYta4pFDivXV0
    ");
    assert_eq!(redirect.revocations, []);
    assert_eq!(provider.endpoints_asked(), ["metadata", "token", "jwks"]);
}

#[test]
fn an_id_token_hint_is_sent_only_where_it_is_given() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    let mut request = LogoutRequest::of(&login);
    request.id_token_hint = Some(login.id_token.raw().clone());
    let redirect = begin(&provider, &with_return(), request).unwrap();
    let hint = format!("&id_token_hint={}&", login.id_token.raw().expose());
    assert!(redirect.url.as_str().contains(&hint));
}

#[test]
fn without_a_post_logout_redirect_uri_nobody_is_waited_for() {
    let provider = Provider::new();
    let request = LogoutRequest::of(&login(&provider).unwrap());
    let redirect = begin(&provider, &config(), request).unwrap();
    assert_snapshot!(
        redirect.url.as_str(),
        @"https://login.op.example/logout?client_id=a1b2c3d4-0000-4000-8000-000000000001"
    );
    assert!(redirect.pending.is_none());
}

#[test]
fn tokens_are_revoked_when_they_would_outlive_the_session() {
    let cases: &[(&str, bool)] = &[
        ("openid profile", false),
        ("openid", false),
        ("", false),
        ("openid profile digdir:dialogporten", true),
        ("profile2", true),
    ];
    for (scope, is_revoked) in cases {
        let provider = Provider::new().edit_token_response(|tokens| {
            tokens.insert("scope", *scope);
        });
        let request = LogoutRequest::of(&login(&provider).unwrap());
        let redirect = begin(&provider, &with_return(), request).unwrap();
        let revoked: Vec<_> = redirect
            .revocations
            .iter()
            .map(|it| (it.token, it.outcome.clone()))
            .collect();
        let expected = [
            (RevokedToken::RefreshToken, Ok(())),
            (RevokedToken::AccessToken, Ok(())),
        ];
        assert_eq!(
            revoked,
            if *is_revoked { &expected[..] } else { &[] },
            "{scope:?}"
        );

        let log = provider.log.borrow();
        let bodies: Vec<_> = log
            .iter()
            .filter(|(endpoint, _)| *endpoint == "revoke")
            .map(|(_, request)| request.body.as_deref().unwrap())
            .collect();
        let expected = [
            format!(
                "token={REFRESH_TOKEN}&token_type_hint=refresh_token&client_id={}",
                config().client_id
            ),
            format!(
                "token={}&token_type_hint=access_token&client_id={}",
                ACCESS_TOKEN
                    .replace('+', "%2B")
                    .replace('/', "%2F")
                    .replace('=', "%3D"),
                config().client_id
            ),
        ];
        assert_eq!(
            bodies,
            if *is_revoked { &expected[..] } else { &[] },
            "{scope:?}"
        );
    }
}

#[test]
fn a_revocation_that_fails_is_reported_and_hinders_nothing() {
    let cases = [
        (Err(TransportError::Unreachable), "transport_unreachable"),
        (
            Ok(error(400, "unsupported_token_type")),
            "provider_unsupported_token_type",
        ),
        (Ok(error(401, "invalid_client")), "provider_invalid_client"),
        (
            Ok(response(503, "text/html", "")),
            "misbehaved_revocation_status",
        ),
        (Ok(response(302, "text/html", "")), "misbehaved_redirected"),
        (
            Ok(response(200, "text/html", vec![b'x'; 16 * 1024 + 1])),
            "transport_too_large",
        ),
    ];
    for (answer, expected) in cases {
        let provider = Provider::new().answer_with("revoke", answer);
        let mut request = LogoutRequest::of(&login(&provider).unwrap());
        request.scope.push("an:api".into());
        let redirect = begin(&provider, &with_return(), request).unwrap();
        let codes: Vec<&str> = redirect
            .revocations
            .iter()
            .map(|it| it.outcome.as_ref().unwrap_err().code())
            .collect();
        assert_eq!(codes, [expected, expected]);
        assert!(
            redirect
                .url
                .as_str()
                .starts_with("https://login.op.example/logout?client_id=")
        );
    }
}

#[test]
fn the_largest_answer_to_a_revocation_is_read() {
    let answer = response(200, "text/html", vec![b'x'; 16 * 1024]);
    let provider = Provider::new().answer_with("revoke", Ok(answer));
    let mut request = LogoutRequest::of(&login(&provider).unwrap());
    request.scope.push("an:api".into());
    let redirect = begin(&provider, &with_return(), request).unwrap();
    let outcomes: Vec<_> = redirect.revocations.iter().map(|it| &it.outcome).collect();
    assert_eq!(outcomes, [&Ok(()), &Ok(())]);
}

#[test]
fn a_provider_without_revocation_is_not_asked_for_it() {
    let provider = Provider::new().edit_metadata(|metadata| {
        metadata.remove("revocation_endpoint");
    });
    let mut request = LogoutRequest::of(&login(&provider).unwrap());
    request.scope.push("an:api".into());
    assert_eq!(
        begin(&provider, &with_return(), request)
            .unwrap()
            .revocations,
        []
    );
}

#[test]
fn metadata_is_fetched_where_the_application_has_none_left() {
    let provider = Provider::new();
    let mut request = LogoutRequest::default();
    request.refresh_token = Some(RefreshToken::parse(REFRESH_TOKEN).unwrap());
    request.scope = vec!["openid".into(), "an:api".into()];
    let redirect = begin(&provider, &with_return(), request).unwrap();
    assert_eq!(provider.endpoints_asked(), ["metadata", "revoke"]);
    assert_eq!(redirect.revocations.len(), 1);

    let provider = Provider::new().answer_with("metadata", Err(TransportError::TimedOut));
    let result = begin(&provider, &with_return(), LogoutRequest::default());
    assert_eq!(code(result), "transport_timed_out");
}

#[test]
fn logouts_that_cannot_be_are_refused() {
    let provider = Provider::new();
    let login = login(&provider).unwrap();
    let mut elsewhere = with_return();
    elsewhere.issuer = portvakt_oidc::Issuer::parse("https://other.example").unwrap();
    let result = begin(&provider, &elsewhere, LogoutRequest::of(&login));
    assert_eq!(code(result), "misuse_metadata_of_other_issuer");

    let mut broken = with_return();
    broken.client_id.clear();
    assert_eq!(
        code(begin(&provider, &broken, LogoutRequest::of(&login))),
        "misuse_client_id"
    );

    let step = BeginLogout::start(
        &with_return(),
        LogoutRequest::of(&login),
        Entropy::new([0; Entropy::BYTES]),
        NOW,
    );
    assert_eq!(code(step), "misuse_entropy");

    let provider = Provider::new().edit_metadata(|metadata| {
        metadata.remove("end_session_endpoint");
    });
    let request = LogoutRequest::of(&crate::provider::login(&provider).unwrap());
    assert_eq!(
        code(begin(&provider, &with_return(), request)),
        "misuse_no_end_session_endpoint"
    );

    for text in ["", "a b", "a\nb", "å"] {
        assert_eq!(
            code(RawIdToken::parse(text).map_err(Error::from)),
            "misuse_token"
        );
    }
}

#[test]
fn coming_back_is_confirmed_only_with_the_state_that_was_sent() {
    let provider = Provider::new();
    let mut request = LogoutRequest::of(&login(&provider).unwrap());
    request.return_to = Some(ReturnPath::parse("/bye").unwrap());
    let redirect = begin(&provider, &with_return(), request).unwrap();
    let pending = redirect.pending.unwrap();
    let (key, stored) = (pending.storage_key(), pending.to_json());
    let state = redirect.url.as_str().split("state=").nth(1).unwrap();
    assert!(!key.contains(state));
    assert_eq!(PendingLogout::from_json(&stored).unwrap(), pending);
    assert_eq!(pending.return_to().unwrap().as_str(), "/bye");

    let confirmed = LogoutReturn::Confirmed {
        return_to: Some(ReturnPath::parse("/bye").unwrap()),
    };
    let cases = [
        (
            format!("https://app.example/?state={state}"),
            confirmed.clone(),
            true,
        ),
        (
            format!("https://app.example/?a=b&state={state}#c"),
            confirmed,
            true,
        ),
        // oidcc-client-test-rp-init-logout-other-state
        (
            format!("https://app.example/?state={state}1"),
            LogoutReturn::Unknown,
            false,
        ),
        (
            "https://app.example/?state=other".into(),
            LogoutReturn::Unknown,
            false,
        ),
        // oidcc-client-test-rp-init-logout-no-state
        ("https://app.example/".into(), LogoutReturn::NoState, false),
        (
            "https://app.example/?state=".into(),
            LogoutReturn::NoState,
            false,
        ),
        (
            format!("https://app.example/?state={state}&state={state}"),
            LogoutReturn::NoState,
            false,
        ),
        (
            "https://app.example/?state=%".into(),
            LogoutReturn::NoState,
            false,
        ),
    ];
    for (url, expected, is_found) in cases {
        let found = LogoutReturn::storage_key(&url).is_some_and(|candidate| candidate == key);
        assert_eq!(found, is_found, "{url}");
        // Even with the stored logout at hand, a wrong state confirms nothing.
        assert_eq!(
            LogoutReturn::check(&url, Some(&stored), NOW),
            expected,
            "{url}"
        );
        assert_ne!(
            LogoutReturn::check(&url, None, NOW),
            LogoutReturn::Confirmed { return_to: None },
            "{url}"
        );
    }

    let url = format!("https://app.example/?state={state}");
    for (size, is_read) in [(8 * 1024, true), (8 * 1024 + 1, false)] {
        let padded = format!("{stored:<size$}");
        let returned = LogoutReturn::check(&url, Some(&padded), NOW);
        assert_eq!(
            matches!(returned, LogoutReturn::Confirmed { .. }),
            is_read,
            "{size}"
        );
    }
    let much_later = NOW.saturating_add(1800);
    assert!(pending.is_expired(much_later));
    assert_eq!(
        LogoutReturn::check(&url, Some(&stored), much_later),
        LogoutReturn::Unknown
    );
    assert_eq!(
        LogoutReturn::check(&url, Some("{}"), NOW),
        LogoutReturn::Unknown
    );
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"return_to\":\"/", "\"return_to\":\"//"),
        ("\"state\":\"", "\"state\":\"A"),
        ("\"created_at\":", "\"created\":"),
    ] {
        let changed = stored.replace(from, to);
        assert_ne!(changed, stored);
        assert_eq!(
            code(PendingLogout::from_json(&changed)),
            "callback_pending_unreadable"
        );
        assert_eq!(
            LogoutReturn::check(&url, Some(&changed), NOW),
            LogoutReturn::Unknown
        );
    }
}

fn with_return() -> ClientConfig {
    let mut config = config();
    config.post_logout_redirect_uri = Some(Url::parse("https://app.example/").unwrap());
    config
}

fn begin(
    provider: &Provider,
    config: &ClientConfig,
    request: LogoutRequest,
) -> Result<LogoutRedirect, Error> {
    drive(
        provider,
        BeginLogout::start(config, request, entropy(1), provider.now.get()),
    )
}
