//! The authorization request, and the configurations and requests that cannot be.

use insta::assert_snapshot;
use portvakt_oidc::{
    BeginLogin, ClientConfig, Entropy, Error, LoginRequest, Prompt, Redirect, ReturnPath, Url, json,
};

use crate::provider::{NOW, Provider, begin, code, config, drive, entropy, object};

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
        drive(&provider, step).unwrap()
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
    let mut first_third_again = [0; Entropy::BYTES];
    for (index, byte) in first_third_again.iter_mut().enumerate() {
        *byte = if index < 64 {
            index as u8
        } else {
            (index - 64) as u8
        };
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
        first_third_again,
    ] {
        let provider = Provider::new();
        let step = BeginLogin::start(
            &config(),
            LoginRequest::default(),
            None,
            Entropy::new(bytes),
            NOW,
        );
        assert_eq!(code(drive(&provider, step)), "misuse_entropy");
    }
}

#[test]
fn configurations_that_cannot_be_are_refused() {
    type Change = fn(&mut ClientConfig);
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
        let result = config.check().map_err(Error::from);
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

fn one_a_line(url: &Url) -> String {
    url.as_str().replace(['?', '&'], "\n")
}
