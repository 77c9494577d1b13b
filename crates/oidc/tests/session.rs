//! What is kept of a login, and what is made of it when it is read again.

use portvakt_oidc::json::{self, Object, Value};
use portvakt_oidc::{
    ClientConfig, Error, Issuer, Login, LoginRequest, MAX_LOGIN_BYTES, ReturnPath, Url,
};

use crate::provider::{
    ACCESS_TOKEN, CLIENT_ID, NOW, Provider, REDIRECT_URI, REFRESH_TOKEN, SUB, begin, bound_login,
    callback_url, code, complete, config, login, login_with, object,
};

fn kept(login: &Login) -> Object {
    let text = login.to_json();
    json::parse(text.as_bytes(), text.len())
        .unwrap()
        .into_object()
        .unwrap()
}

fn read(object: &Object) -> Result<Box<Login>, Error> {
    Login::from_json(&config(), &Value::from(object.clone()).to_json())
}

#[test]
fn a_login_that_was_kept_is_what_it_was() {
    let details = || vec![object([("type", "x"), ("y", "z")])];
    let provider = Provider::new()
        .with_dpop()
        .edit_token_response(move |tokens| {
            tokens.insert("authorization_details", details());
        });
    provider.dpop_nonce.set(Some("n-1"));
    let login = bound_login(&provider).unwrap();
    let again = Login::from_json(&config(), &login.to_json()).unwrap();
    assert_eq!(again.to_json(), login.to_json());
    assert_eq!(again.id_token.claims(), login.id_token.claims());
    assert_eq!(again.id_token.auth_time(), login.id_token.auth_time());
    assert_eq!(again.id_token.expires_at(), login.id_token.expires_at());
    assert_eq!(again.access_token, login.access_token);
    assert_eq!(again.refresh_token, login.refresh_token);
    assert_eq!(again.expires_at, login.expires_at);
    assert_eq!(again.dpop, login.dpop);
    assert_eq!(again.checks, login.checks);
    assert_eq!(again.metadata, login.metadata);
    assert_eq!(again.authorization_details, login.authorization_details);
}

#[test]
fn where_to_continue_is_not_kept() {
    let mut request = LoginRequest::default();
    request.return_to = Some(ReturnPath::parse("/inbox").unwrap());
    let login = login_with(&Provider::new(), &config(), request).unwrap();
    assert!(login.return_to.is_some());
    let again = Login::from_json(&config(), &login.to_json()).unwrap();
    assert_eq!(again.return_to, None);
}

#[test]
fn the_session_of_another_client_is_not_read() {
    let text = login(&Provider::new()).unwrap().to_json();
    let other_issuer = ClientConfig::new(
        Issuer::parse("https://other.example").unwrap(),
        CLIENT_ID,
        Url::parse(REDIRECT_URI).unwrap(),
    );
    let mut other_client = config();
    other_client.client_id = "other".into();
    for config in [other_issuer, other_client] {
        let outcome = Login::from_json(&config, &text);
        assert_eq!(code(outcome), "session_of_other_client");
    }
}

#[test]
fn what_was_tampered_with_is_not_read() {
    let login = login(&Provider::new()).unwrap();
    assert!(read(&kept(&login)).is_ok());
    type Change = fn(&mut Object);
    let cases: &[(&str, Change)] = &[
        ("version", |kept| drop(kept.insert("version", 2))),
        ("client_id", |kept| drop(kept.insert("client_id", "other"))),
        ("id_token", |kept| drop(kept.insert("id_token", "a.b.c"))),
        ("access_token", |kept| {
            drop(kept.insert("access_token", "a b"))
        }),
        ("refresh_token", |kept| {
            drop(kept.insert("refresh_token", ""))
        }),
        ("expires_at", |kept| drop(kept.insert("expires_at", "soon"))),
        ("scope", |kept| drop(kept.insert("scope", "openid"))),
        ("authorization_details", |kept| {
            drop(kept.insert("authorization_details", "x"));
        }),
        ("requested_authorization_details", |kept| {
            drop(kept.insert("requested_authorization_details", "{}"));
        }),
        ("acceptable_acr", |kept| {
            drop(kept.insert("acceptable_acr", vec!["a b"]))
        }),
        ("checks", |kept| {
            drop(kept.insert("checks", vec!["unheard_of"]))
        }),
        ("dpop", |kept| {
            drop(kept.insert("dpop", object([("jkt", "short")])))
        }),
        ("clock_offset_seconds", |kept| {
            drop(kept.insert("clock_offset_seconds", 301));
        }),
        ("signed_in_at", |kept| drop(kept.insert("signed_in_at", -1))),
        ("metadata", |kept| drop(kept.remove("metadata"))),
    ];
    for (name, change) in cases {
        let mut kept = kept(&login);
        change(&mut kept);
        assert_eq!(code(read(&kept)), "session_unreadable", "{name}");
    }
    for text in ["", "{}", "[]", "null"] {
        assert_eq!(
            code(Login::from_json(&config(), text)),
            "session_unreadable"
        );
    }
    let mut largest = login.to_json();
    largest += &" ".repeat(MAX_LOGIN_BYTES - largest.len());
    assert!(Login::from_json(&config(), &largest).is_ok());
    let long = largest + " ";
    assert_eq!(
        code(Login::from_json(&config(), &long)),
        "session_unreadable"
    );
}

#[test]
fn an_id_token_of_somebody_elses_is_not_read() {
    let login = login(&Provider::new()).unwrap();
    // Signed by the same provider, for another client.
    let provider = Provider::new();
    let header = object([("alg", "RS256"), ("kid", provider.signer.kid)]);
    let mut claims = object([
        ("iss", crate::provider::ISSUER),
        ("aud", "other"),
        ("sub", SUB),
    ]);
    claims.insert("iat", NOW.as_secs());
    claims.insert("exp", NOW.as_secs() + 120);
    let token = provider.signer.token(&header, &claims);
    let mut kept = kept(&login);
    kept.insert("id_token", token);
    assert_eq!(code(read(&kept)), "session_unreadable");
}

#[test]
fn endpoints_without_tls_are_not_read() {
    let login = login(&Provider::new()).unwrap();
    let mut kept = kept(&login);
    let mut metadata = kept.get("metadata").unwrap().clone().into_object().unwrap();
    metadata.insert("token_endpoint", "http://op.example/token");
    kept.insert("metadata", metadata);
    assert_eq!(code(read(&kept)), "session_unreadable");
}

#[test]
fn debug_shows_nothing_of_it() {
    let provider = Provider::new().with_dpop();
    let login = bound_login(&provider).unwrap();
    let shown = format!("{login:?} {:?}", login.dpop);
    let thumbprint = login.dpop.as_ref().unwrap().thumbprint();
    for secret in [ACCESS_TOKEN, REFRESH_TOKEN, SUB, thumbprint] {
        assert!(!shown.contains(secret), "{shown}");
        // The search would find it.
        assert!(login.to_json().contains(secret) || secret == SUB);
    }
}

#[test]
fn only_the_person_that_was_named_may_come_back() {
    let provider = Provider::new();
    let before = login(&provider).unwrap();
    let request = || {
        let mut request = LoginRequest::default();
        request.subject = Some(before.id_token.subject());
        request
    };
    let login = login_with(&provider, &config(), request()).unwrap();
    assert!(
        login
            .checks
            .iter()
            .any(|check| check.code() == "same_person")
    );

    let other = Provider::new().edit_claims(|claims| drop(claims.insert("sub", "somebody-else")));
    let outcome = login_with(&other, &config(), request());
    assert_eq!(code(outcome), "token_sub_changed");

    // It is stored as a digest, and cannot be left out of what is stored without a trace.
    let redirect = begin(&provider, &config(), request()).unwrap();
    assert!(!redirect.pending.to_json().contains(SUB));
    let url = callback_url(&provider.authorize(&redirect.url));
    assert!(
        !redirect
            .url
            .as_str()
            .contains(before.id_token.subject().expose())
    );
    assert!(complete(&provider, &config(), &url, &redirect.pending).is_ok());
}
