//! Nothing that is shown for debugging or as an error holds a secret or a person's number.

use std::fmt::Debug;

use portvakt_oidc::json::Value;
use portvakt_oidc::{
    BeginLogin, BeginLogout, Callback, CompleteLogin, ExpectedNonce, FetchUserinfo, Flow,
    LoginRequest, LogoutRequest, PendingLogin, Refresh, ReturnPath, Step, Url,
};

use crate::provider::{
    ACCESS_TOKEN, NOW, PID, Provider, REFRESH_TOKEN, SID, SUB, begin, callback_url, config, drive,
    entropy, error, object,
};

#[test]
fn nothing_shown_holds_a_secret() {
    let shown = everything();
    let secrets = secrets();
    assert!(shown.len() > 40, "{}", shown.len());
    for text in &shown {
        for (name, secret) in &secrets {
            assert!(!text.contains(secret.as_str()), "{name} is shown in {text}");
        }
        assert!(
            !has_eleven_digits(text),
            "a person's number is shown in {text}"
        );
    }
}

#[test]
fn what_is_shown_tells_what_it_is_of() {
    let provider = provider();
    let redirect = begin(&provider, &config(), request()).unwrap();
    let url = callback_url(&provider.authorize(&redirect.url));
    let callback = Callback::parse(&url).unwrap();
    let pending = &redirect.pending;
    assert_eq!(
        format!("{callback:?}"),
        "Callback { address: \"https://app.example/callback\", is_success: true, .. }"
    );
    assert!(
        format!("{pending:?}").starts_with("PendingLogin { issuer: Issuer(https://op.example)")
    );
    let step = CompleteLogin::start(&config(), callback.clone(), pending.clone(), None, NOW);
    assert!(format!("{step:?}").contains("next: CompleteLogin { issuer: Issuer(https"));
    let login = drive(
        &provider,
        CompleteLogin::start(&config(), callback, redirect.pending, None, NOW),
    )
    .unwrap();
    let renewal = Refresh::start(&config(), &login, None, NOW);
    assert!(format!("{renewal:?}").contains("next: Refresh { issuer: Issuer(https"));
    let id_token = format!("{:?}", login.id_token);
    assert!(id_token.starts_with("IdToken { claims: "), "{id_token}");
    for (path, expected) in [
        ("/inbox", "ReturnPath(/inbox)"),
        ("/inbox?page=2", "ReturnPath(/inbox..)"),
        ("/inbox#top", "ReturnPath(/inbox..)"),
    ] {
        assert_eq!(format!("{:?}", ReturnPath::parse(path).unwrap()), expected);
    }
    for (nonce, expected) in [
        (ExpectedNonce::Is("n-1"), "Is(..)"),
        (ExpectedNonce::Unknown, "Unknown"),
    ] {
        assert_eq!(format!("{nonce:?}"), expected);
    }
}

#[test]
fn the_search_would_find_what_it_looks_for() {
    let secrets = secrets();
    let redirect = begin(&Provider::new(), &config(), request()).unwrap();
    let stored = redirect.pending.to_json();
    for name in ["state", "nonce", "code_verifier"] {
        let (_, secret) = secrets
            .iter()
            .find(|(candidate, _)| candidate == name)
            .unwrap();
        assert!(stored.contains(secret), "{name}");
    }
    assert!(has_eleven_digits(&format!("x{PID}y")));
    assert!(!has_eleven_digits("1790000000 123456789012"));
}

fn request() -> LoginRequest {
    let mut request = LoginRequest::default();
    request.login_hint = Some(format!("testid:{PID}_high"));
    request.acr_values = vec!["substantial".into()];
    request.authorization_details = Some(vec![object([("type", "x"), ("authorizer", PID)])].into());
    request.return_to = Some(ReturnPath::parse(&format!("/person?pid={PID}")).unwrap());
    request
}

fn provider() -> Provider {
    Provider::new()
        .edit_token_response(|tokens| {
            tokens.insert("scope", "openid an:api");
            tokens.insert(
                "authorization_details",
                vec![object([("type", "x"), ("pid", PID)])],
            );
        })
        .edit_claims(|claims| {
            claims.insert(
                "authorization_details",
                vec![object([("type", "x"), ("pid", PID)])],
            );
        })
}

/// Every value of a whole session, in its `Debug` form, and every error of one that goes wrong.
fn everything() -> Vec<String> {
    let mut shown = Vec::new();
    let provider = provider();
    let mut config = config();
    config.post_logout_redirect_uri = Some(Url::parse("https://app.example/").unwrap());

    show(&mut shown, &config);
    show(&mut shown, &request());
    show(&mut shown, &entropy(1));
    let begin_step = BeginLogin::start(&config, request(), None, entropy(1), NOW);
    show(&mut shown, &begin_step);
    let redirect = run(&mut shown, &provider, begin_step.unwrap());
    let url = callback_url(&provider.authorize(&redirect.url));
    let callback = Callback::parse(&url).unwrap();
    show(&mut shown, &redirect);
    show(&mut shown, &redirect.pending);
    show(&mut shown, redirect.pending.metadata());
    show(&mut shown, &callback);
    show(
        &mut shown,
        &PendingLogin::from_json(&redirect.pending.to_json().replace("S256", "x")),
    );

    let complete_step = CompleteLogin::start(
        &config,
        callback.clone(),
        redirect.pending.clone(),
        None,
        NOW,
    );
    let login = run(&mut shown, &provider, complete_step.unwrap());
    show(&mut shown, &login);
    show(&mut shown, &login.id_token);
    show(&mut shown, login.id_token.raw());
    show(&mut shown, login.id_token.claims());
    show(&mut shown, &login.access_token);
    show(&mut shown, &login.refresh_token);
    show(&mut shown, &login.authorization_details);
    show(&mut shown, &login.checks);

    let userinfo_step = FetchUserinfo::start(&login, None, NOW);
    let userinfo = run(&mut shown, &provider, userinfo_step.unwrap());
    show(&mut shown, &userinfo);

    let mut logout = LogoutRequest::of(&login);
    logout.id_token_hint = Some(login.id_token.raw().clone());
    logout.return_to = Some(ReturnPath::parse(&format!("/?pid={PID}")).unwrap());
    show(&mut shown, &logout);
    let logout_step = BeginLogout::start(&config, logout, entropy(2), NOW);
    let redirect_out = run(&mut shown, &provider, logout_step.unwrap());
    show(&mut shown, &redirect_out);
    show(&mut shown, &redirect_out.pending);
    show(
        &mut shown,
        &portvakt_oidc::LogoutReturn::check(
            redirect_out.url.as_str(),
            Some(&redirect_out.pending.unwrap().to_json()),
            NOW,
        ),
    );

    // What goes wrong, with the secrets where an error could pick them up.
    let wrong: Vec<Provider> = vec![
        self::provider().edit_claims(|claims| drop(claims.insert("iss", PID))),
        self::provider().edit_claims(|claims| drop(claims.insert("acr", PID))),
        self::provider().edit_claims(|claims| drop(claims.insert("nonce", PID))),
        self::provider().edit_header(|header| drop(header.insert("alg", PID))),
        self::provider().edit_header(|header| drop(header.insert("kid", PID))),
        self::provider().edit_token_response(|tokens| drop(tokens.insert("token_type", PID))),
        self::provider()
            .edit_token_response(|tokens| drop(tokens.insert("scope", PID.to_string() + "\""))),
        self::provider().edit_metadata(|metadata| drop(metadata.insert("issuer", PID))),
        self::provider().answer_with("token", Ok(error(400, PID))),
        self::provider().answer_with(
            "token",
            Ok(crate::provider::json(
                400,
                object([("error", "invalid_grant"), ("error_description", PID)]),
            )),
        ),
    ];
    for provider in wrong {
        let result = crate::provider::login_with(&provider, &config, request());
        let error = result.unwrap_err();
        shown.push(error.to_string());
        show(&mut shown, &error);
    }
    for query in [
        format!("code={PID}&error={PID}"),
        format!("code={ACCESS_TOKEN}\n"),
        format!("error={PID}&error_description={PID}&state={PID}"),
    ] {
        let result = Callback::parse(&format!("https://app.example/callback?{query}"));
        if let Err(error) = &result {
            shown.push(error.to_string());
        }
        show(&mut shown, &result);
    }
    shown.push(config.issuer.to_string());
    show(
        &mut shown,
        &Url::parse(&format!("https://app.example/?pid={PID}")).unwrap(),
    );
    shown
}

/// Drives a flow, showing it, its requests and their answers on the way.
fn run<F: Flow + Debug>(
    shown: &mut Vec<String>,
    provider: &Provider,
    mut step: Step<F>,
) -> F::Output
where
    F::Output: Debug,
    F::Error: Debug,
{
    loop {
        show(shown, &step);
        step = match step {
            Step::Done(output) => return output,
            Step::Fetch { request, next } => {
                show(shown, &request);
                let answer = provider.answer(request);
                show(shown, &answer);
                next.resume(answer.into(), NOW).unwrap()
            }
            Step::Verify { question, next } => {
                show(shown, &question);
                next.resume(question.answer().into(), NOW).unwrap()
            }
        };
    }
}

fn show(shown: &mut Vec<String>, value: &impl Debug) {
    shown.push(format!("{value:?}"));
    shown.push(format!("{value:#?}"));
}

/// The same logins again, for what is secret in them: the entropy is the same.
fn secrets() -> Vec<(String, String)> {
    let provider = provider();
    let redirect = begin(&provider, &config(), request()).unwrap();
    let stored = redirect.pending.to_json();
    let stored = portvakt_oidc::json::parse(stored.as_bytes(), stored.len()).unwrap();
    let url = callback_url(&provider.authorize(&redirect.url));
    let code = provider.authorize(&redirect.url)[0].1.clone();
    let login = drive(
        &provider,
        CompleteLogin::start(
            &config(),
            Callback::parse(&url).unwrap(),
            redirect.pending,
            None,
            NOW,
        ),
    )
    .unwrap();
    let logout = drive(
        &provider,
        BeginLogout::start(&with_return(), LogoutRequest::default(), entropy(2), NOW),
    )
    .unwrap();
    let logout_state = logout
        .url
        .as_str()
        .split("state=")
        .nth(1)
        .unwrap()
        .to_string();
    let mut secrets: Vec<(String, String)> = ["state", "nonce", "code_verifier"]
        .map(|name| {
            (
                name.into(),
                stored.get(name).and_then(Value::as_str).unwrap().into(),
            )
        })
        .into();
    let id_token = login.id_token.raw().expose();
    for part in id_token.split('.') {
        secrets.push(("part of the id_token".into(), part.into()));
    }
    for (name, secret) in [
        ("code", code.split('.').nth(1).unwrap()),
        ("access token", ACCESS_TOKEN),
        ("refresh token", REFRESH_TOKEN),
        ("sub", SUB),
        ("sid", SID),
        ("pid", PID),
        ("state of the logout", &logout_state),
    ] {
        secrets.push((name.into(), secret.into()));
    }
    secrets
}

fn with_return() -> portvakt_oidc::ClientConfig {
    let mut config = config();
    config.post_logout_redirect_uri = Some(Url::parse("https://app.example/").unwrap());
    config
}

/// Whether there is a run of exactly eleven digits.
fn has_eleven_digits(text: &str) -> bool {
    text.split(|character: char| !character.is_ascii_digit())
        .any(|digits| digits.len() == 11)
}
