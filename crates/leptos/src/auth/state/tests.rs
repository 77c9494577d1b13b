//! Formats everything that an application can get hold of, and fails on what must not be seen.

use std::fmt::{Debug, Display};

use portvakt_digdir::Preset;
use portvakt_digdir::login::Client;
use portvakt_jose::base64url;
use portvakt_oidc::{ReturnPath, TransportError, Url};

use super::*;
use crate::{AuthConfig, BrowserError};

const PID: &str = "15868510045";
const ACCESS_TOKEN: &str = "acce55.t0ken";
const REFRESH_TOKEN: &str = "refre5h.t0ken";

/// What must not be seen, and why.
const SECRETS: [(&str, &str); 6] = [
    (PID, "the person's number"),
    (ACCESS_TOKEN, "the access token"),
    (REFRESH_TOKEN, "the refresh token"),
    ("NORDMANN", "a name"),
    ("nordmann@example.no", "an e-mail address"),
    // What every JWT begins with.
    ("eyJ", "a token"),
];

#[test]
fn a_state_and_who_is_signed_in_are_silent() {
    let signed_in = signed_in();
    assert!(signed_in.claims().pid.is_some() && signed_in.claims().name.is_some());
    assert_silent(&signed_in);
    assert_silent(&AuthState::SignedIn(signed_in.clone()));
    assert_silent(&signed_in.renewed(session()));
    assert_silent(&signed_in.claims());
    assert_silent(&signed_in.version());
    assert_silent(&signed_in.switch_request());
}

#[test]
fn what_is_kept_is_silent_and_holds_what_a_reload_needs() {
    let signed_in = signed_in();
    let text = signed_in.session().to_json();
    assert!(text.contains(ACCESS_TOKEN) && text.contains(REFRESH_TOKEN));
    assert!(signed_in.is_renewable());
    let again = Session::from_json(&client(), &text).expect("what was kept");
    assert_eq!(again.claims.pid, signed_in.claims().pid);
    assert_silent(&again);
}

#[test]
fn errors_are_silent_and_say_what_happened() {
    for error in BrowserError::ALL {
        assert_named(&Error::from(*error), error.code());
    }
    for error in SessionError::ALL {
        assert_named(&Error::from(*error), error.code());
        let state = AuthState::SignedOut {
            error: Some(Error::from(*error)),
        };
        assert_silent(&state);
    }
    // What is kept and cannot be read is an error about it, not a copy of it.
    let unreadable = session()
        .to_json()
        .replacen("\"client_id\"", "\"client\"", 1);
    let error = Session::from_json(&client(), &unreadable).expect_err("no session");
    assert_named(&Error::from(error), "session_unreadable");
    let transport = portvakt_oidc::Error::from(TransportError::Unreachable);
    assert_named(&Error::from(transport), "transport_unreachable");
}

#[test]
fn a_configuration_is_silent() {
    let home = ReturnPath::parse("/").expect("a path");
    assert_silent(&AuthConfig::new(vec![client()], home));
}

fn assert_named(error: &Error, code: &str) {
    assert_eq!(error.code(), code);
    assert!(!error.sentence().is_empty() && !error.source().is_empty());
    assert_silent(error);
    assert_silent_text(&(error as &dyn Display).to_string());
}

fn assert_silent(value: &dyn Debug) {
    assert_silent_text(&format!("{value:?}"));
    assert_silent_text(&format!("{value:#?}"));
}

fn assert_silent_text(text: &str) {
    for (secret, what) in SECRETS {
        assert!(!text.contains(secret), "{what} is shown in {text}");
    }
}

fn signed_in() -> SignedIn {
    let version = Version {
        id: "a sign-in".to_owned(),
        epoch: 0,
    };
    SignedIn::new(session(), version)
}

/// A session as it was kept: where it lies, only the application can have written it.
fn session() -> Session {
    let issuer = Preset::ANSATTPORTEN_TEST.issuer().to_string();
    let header = base64url::encode(br#"{"alg":"RS256","kid":"key"}"#);
    let claims = base64url::encode(format!(
        r#"{{"iss":"{issuer}","aud":"client","sub":"subject","acr":"high","nonce":"n","iat":1790000000,
            "exp":1790000120,"auth_time":1790000000,"pid":"{PID}","name":"KARI NORDMANN",
            "email":"kari.nordmann@example.no"}}"#
    ));
    let signature = base64url::encode([1; 256]);
    let text = format!(
        r#"{{"version":1,"client_id":"client","metadata":{{"issuer":"{issuer}",
            "authorization_endpoint":"https://login.test.ansattporten.no/authorize",
            "token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/jwks",
            "authorization_response_iss_parameter_supported":true,"response_types_supported":["code"],
            "code_challenge_methods_supported":["S256"],
            "id_token_signing_alg_values_supported":["RS256"],"portvakt_fetched_at":1790000000}},
            "id_token":"{header}.{claims}.{signature}","access_token":"{ACCESS_TOKEN}",
            "refresh_token":"{REFRESH_TOKEN}","expires_at":1790000120,"scope":["openid","profile"],
            "acceptable_acr":["high"],"checks":["client"],"clock_offset_seconds":0,
            "signed_in_at":1790000000}}"#
    );
    Session::from_json(&client(), &text).expect("a session")
}

fn client() -> Client {
    let redirect_uri = Url::parse("https://app.example/callback").expect("a URL");
    Client::new(Preset::ANSATTPORTEN_TEST, "client", redirect_uri).expect("a client")
}
