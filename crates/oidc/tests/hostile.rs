//! Whatever comes in, nothing panics, and what is made is read back.

use proptest::prelude::*;

use portvakt_oidc::url::{form_encode, parse_query};
use portvakt_oidc::{
    Callback, CompleteLogin, FetchUserinfo, Flow, HttpResponse, Issuer, Login, LoginRequest,
    LogoutReturn, PendingLogin, PendingLogout, ProviderMetadata, Refresh, ReturnPath,
    SignatureAnswer, Step, StepUp, TransportError, Url,
};

use crate::provider::{
    NOW, Provider, REDIRECT_URI, begin, callback_url, code, config, drive, json, login,
};

proptest! {
    #[test]
    fn no_url_makes_anything_panic(text in url_like()) {
        if let Ok(url) = Url::parse(&text) {
            prop_assert_eq!(url.as_str(), text.as_str());
            prop_assert!(url.is_https() || url.is_loopback());
            prop_assert!(url.path().starts_with('/'));
            prop_assert!(!text.contains(['#', '\\', ' ', '\t', '\n']));
            prop_assert!(url.origin().contains(url.host()));
        }
        let _ = Issuer::parse(&text).map(|issuer| issuer.metadata_url());
        if let Ok(path) = ReturnPath::parse(&text) {
            prop_assert!(path.as_str().starts_with('/') && !path.as_str().starts_with("//"));
        }
    }

    #[test]
    fn no_address_makes_a_callback_panic(text in callback_like(), fragment in ".{0,8}") {
        for url in [text.clone(), format!("{REDIRECT_URI}?{text}"), format!("{REDIRECT_URI}?{text}#{fragment}")] {
            let is_present = Callback::is_present(&url);
            if let Ok(callback) = Callback::parse(&url) {
                prop_assert!(is_present || url.contains('%'));
                prop_assert!(callback.storage_key().starts_with("portvakt.login."));
            }
            let _ = LogoutReturn::storage_key(&url);
            let _ = LogoutReturn::check(&url, Some(&text), NOW);
        }
    }

    #[test]
    fn no_text_makes_storage_panic(text in ".{0,200}") {
        let _ = PendingLogin::from_storage(Some(&text));
        let _ = PendingLogout::from_json(&text);
        let _ = ProviderMetadata::from_json(&text);
    }

    #[test]
    fn no_change_of_what_is_stored_makes_anything_panic(at in any::<prop::sample::Index>(), by in ".{0,3}") {
        let stored = pending().to_json();
        let changed = spliced(&stored, at, &by);
        if let Ok(read) = PendingLogin::from_json(&changed) {
            let _ = drive(&Provider::new(), CompleteLogin::start(&config(), callback(), read, None, NOW));
        }
    }

    #[test]
    fn no_change_of_what_is_kept_makes_anything_panic(at in any::<prop::sample::Index>(), by in ".{0,3}") {
        let kept = kept();
        if let Ok(login) = Login::from_json(&config(), &spliced(&kept, at, &by)) {
            // A character of a token or of a claim: who it is about was compared all the same.
            prop_assert_eq!(login.metadata.issuer(), &config().issuer);
            let _ = drive(&Provider::new(), Refresh::start(&config(), &login, None, NOW));
        }
    }

    #[test]
    fn no_challenge_makes_anything_panic(status in 400..404_u16, header in "[ -~]{0,60}", parameters in "[a-z_=\",\\\\ ]{0,40}") {
        let _ = StepUp::parse(status, &header);
        let _ = StepUp::parse(401, &format!("Bearer error=\"insufficient_user_authentication\", {parameters}"));
    }

    #[test]
    fn no_answer_makes_a_flow_panic(status in 0..700_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        let headers = vec![("content-type".into(), "application/json".into())];
        for endpoint in ["metadata", "token", "jwks", "userinfo"] {
            let response = HttpResponse { status, headers: headers.clone(), body: body.clone() };
            let provider = Provider::new().answer_with(endpoint, Ok(response));
            if let Ok(login) = login(&provider) {
                prop_assert!(drive(&provider, FetchUserinfo::start(&login, None, NOW)).is_err());
            }
        }
    }

    #[test]
    fn no_change_of_an_answer_makes_a_flow_panic(at in any::<prop::sample::Index>(), by in ".{0,3}") {
        for endpoint in ["metadata", "token", "jwks"] {
            let _ = login_spliced(endpoint, at, &by);
        }
    }

    #[test]
    fn what_is_encoded_is_decoded_to_itself(pairs in prop::collection::vec((".{1,10}", ".{0,20}"), 0..20)) {
        let encoded = form_encode(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        prop_assert!(encoded.is_ascii() && !encoded.contains([' ', '+', '#', '"']));
        prop_assert_eq!(parse_query(&encoded).unwrap(), pairs.clone());
        if let Ok(url) = Url::parse("https://op.example/a").unwrap()
            .with_query(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        {
            prop_assert_eq!(Url::parse(url.as_str()), Ok(url));
        }
    }
}

/// A whole login in which the answer of one endpoint is changed at one place.
fn login_spliced(
    endpoint: &str,
    at: prop::sample::Index,
    by: &str,
) -> Result<portvakt_oidc::Login, portvakt_oidc::Error> {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default())?;
    let callback = Callback::parse(&callback_url(&provider.authorize(&redirect.url)))?;
    if endpoint == "metadata" {
        let text = portvakt_oidc::json::Value::from(provider.metadata.clone()).to_json();
        let changed = spliced(&text, at, by);
        let provider = Provider::new().answer_with(
            "metadata",
            Ok(crate::provider::response(200, "application/json", changed)),
        );
        begin(&provider, &config(), LoginRequest::default())?;
    }
    let mut step = CompleteLogin::start(&config(), callback, redirect.pending, None, NOW)?;
    loop {
        step = match step {
            Step::Done(login) => return Ok(*login),
            Step::Fetch { request, next } => {
                let is_chosen = request.url.path().contains(endpoint);
                let mut answer = provider.answer(request);
                if let (true, Ok(response)) = (is_chosen, &mut answer) {
                    let text = String::from_utf8(std::mem::take(&mut response.body)).unwrap();
                    response.body = spliced(&text, at, by).into_bytes();
                }
                next.resume(answer.into(), NOW)?
            }
            Step::Verify { question, next } => next.resume(question.answer().into(), NOW)?,
        }
    }
}

#[test]
fn every_answer_can_fail_to_come() {
    for error in TransportError::ALL {
        for endpoint in ["metadata", "token", "jwks"] {
            let provider = Provider::new().answer_with(endpoint, Err(*error));
            assert_eq!(crate::provider::code(login(&provider)), error.code());
        }
    }
}

#[test]
fn deeply_nested_answers_are_refused() {
    let nested = format!("{{\"a\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    for (endpoint, expected) in [
        ("metadata", "misbehaved_metadata_malformed"),
        ("token", "misbehaved_token_malformed"),
        ("jwks", "token_keys_malformed"),
    ] {
        let answer = crate::provider::response(200, "application/json", nested.clone());
        let provider = Provider::new().answer_with(endpoint, Ok(answer));
        assert_eq!(crate::provider::code(login(&provider)), expected);
    }
    let provider = Provider::new().answer_with("token", Ok(json(200, vec![Vec::<&str>::new()])));
    assert_eq!(
        crate::provider::code(login(&provider)),
        "misbehaved_token_malformed"
    );
}

fn pending() -> PendingLogin {
    begin(&Provider::new(), &config(), LoginRequest::default())
        .unwrap()
        .pending
}

fn callback() -> Callback {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    Callback::parse(&callback_url(&provider.authorize(&redirect.url))).unwrap()
}

/// A login as it is kept.
fn kept() -> String {
    static KEPT: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| login(&Provider::new()).unwrap().to_json());
    KEPT.clone()
}

/// The text with one character replaced by `by`.
fn spliced(text: &str, at: prop::sample::Index, by: &str) -> String {
    let at = at.index(text.chars().count());
    text.chars()
        .enumerate()
        .flat_map(|(index, character)| {
            if index == at {
                by.chars().collect::<Vec<_>>()
            } else {
                vec![character]
            }
        })
        .collect()
}

fn url_like() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "(https?|javascript|HTTPS)?:?/{0,3}([a-z.]{0,8}|localhost|127\\.0\\.0\\.1|\\[::1\\]|[0-9.]{1,9})(:[0-9]{0,6})?([/\\\\?#%@]|%2e|%2F|\\.\\.|[a-z]|\t|ø){0,12}",
    ]
}

fn callback_like() -> impl Strategy<Value = String> {
    "((code|state|iss|error|error_description|id_token|x|c%6fde)?(=|==)?([a-z]|%[0-9a-f]{2}|%|\\+|ø| ){0,6}&?){0,8}"
}

#[test]
fn the_answer_to_another_question_ends_the_flow() {
    let provider = Provider::new();
    let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
    let url = callback_url(&provider.authorize(&redirect.url));
    let start = || {
        let callback = Callback::parse(&url).unwrap();
        CompleteLogin::start(&config(), callback, redirect.pending.clone(), None, NOW).unwrap()
    };
    // A request is asked for, and a signature answered.
    let Step::Fetch { next, .. } = start() else {
        panic!("no request");
    };
    let outcome = next.resume(SignatureAnswer::Yes.into(), NOW);
    assert_eq!(code(outcome.map(drop)), "misuse_answer_mismatch");

    // And the other way round.
    let mut step = start();
    let next = loop {
        step = match step {
            Step::Fetch { request, next } => {
                next.resume(provider.answer(request).into(), NOW).unwrap()
            }
            Step::Verify { next, .. } => break next,
            Step::Done(_) => panic!("nothing was verified"),
        }
    };
    let outcome = next.resume(Err(TransportError::TimedOut).into(), NOW);
    assert_eq!(code(outcome.map(drop)), "misuse_answer_mismatch");
}

#[test]
fn a_signature_is_good_only_if_the_answer_is_yes() {
    for (answer, expected) in [
        (SignatureAnswer::Yes, "accepted"),
        (SignatureAnswer::No, "token_signature_invalid"),
    ] {
        let provider = Provider::new();
        let redirect = begin(&provider, &config(), LoginRequest::default()).unwrap();
        let url = callback_url(&provider.authorize(&redirect.url));
        let callback = Callback::parse(&url).unwrap();
        let mut step = CompleteLogin::start(&config(), callback, redirect.pending, None, NOW);
        let outcome = loop {
            step = match step {
                Ok(Step::Fetch { request, next }) => {
                    next.resume(provider.answer(request).into(), NOW)
                }
                Ok(Step::Verify { next, .. }) => next.resume(answer.into(), NOW),
                Ok(Step::Done(login)) => break Ok(login),
                Err(error) => break Err(error),
            }
        };
        assert_eq!(code(outcome), expected);
    }
}
