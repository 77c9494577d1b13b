//! The judgement of the logout token, step by step, with exact codes.
//!
//! Rows that are also modules of the OpenID Foundation's conformance suite have its names.

use portvakt_jose::Error as TokenError;
use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::{
    Algorithm, ApiMisuse, Issuer, Jwks, LOGOUT_EVENT, LogoutToken, LogoutTokenExpectation,
    LogoutTokenRefusal, UnixTime, verify_logout_token,
};

use crate::provider::signer::{ES256, OTHER_RS256, RS256, Signer};
use crate::provider::{CLIENT_ID, ISSUER, NOW, object};

const T: u64 = NOW.as_secs();
const OTHER_CLIENT_ID: &str = "a1b2c3d4-0000-4000-8000-000000000002";

#[test]
fn logout_claims_that_are_wrong_are_refused_by_name() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        ("oidcc-client-test-rp-backchannel", "accepted", |_| {}),
        // (3)
        ("…-wrong-iss", "token_iss_mismatch", |claims| {
            set(claims, "iss", format!("{ISSUER}1"))
        }),
        ("iss with a slash", "token_iss_mismatch", |claims| {
            set(claims, "iss", format!("{ISSUER}/"))
        }),
        ("iss shortened", "token_iss_mismatch", |claims| {
            set(claims, "iss", &ISSUER[..ISSUER.len() - 1])
        }),
        ("no iss", "token_iss_missing", |claims| {
            remove(claims, "iss")
        }),
        ("…-wrong-aud", "token_aud_mismatch", |claims| {
            set(claims, "aud", format!("{CLIENT_ID}1"))
        }),
        ("no aud", "token_aud_missing", |claims| {
            remove(claims, "aud")
        }),
        ("aud of another of our clients", "accepted", |claims| {
            set(claims, "aud", OTHER_CLIENT_ID)
        }),
        ("aud of both of our clients", "accepted", |claims| {
            set(claims, "aud", vec![OTHER_CLIENT_ID, CLIENT_ID])
        }),
        ("aud of us and others", "token_aud_untrusted", |claims| {
            set(claims, "aud", vec![CLIENT_ID, "other"])
        }),
        (
            "aud of the other and others",
            "token_aud_untrusted",
            |claims| set(claims, "aud", vec!["other", OTHER_CLIENT_ID]),
        ),
        ("aud empty list", "token_aud_malformed", |claims| {
            set(claims, "aud", Vec::<&str>::new())
        }),
        ("no exp", "token_exp_missing", |claims| {
            remove(claims, "exp")
        }),
        ("expired", "token_expired", |claims| {
            set(claims, "exp", T - 60)
        }),
        ("expired within the tolerance", "accepted", |claims| {
            set(claims, "exp", T - 59)
        }),
        ("exp as a text", "token_exp_malformed", |claims| {
            set(claims, "exp", "1790000120")
        }),
        ("no iat", "token_iat_missing", |claims| {
            remove(claims, "iat")
        }),
        ("iat ahead of the tolerance", "token_iat_future", |claims| {
            set(claims, "iat", T + 61)
        }),
        ("iat at the limit", "accepted", |claims| {
            set(claims, "iat", T - 660)
        }),
        ("iat too long ago", "token_iat_too_old", |claims| {
            set(claims, "iat", T - 661)
        }),
        ("nbf in the future", "token_not_yet_valid", |claims| {
            set(claims, "nbf", T + 61)
        }),
        // (4)
        ("sid alone", "accepted", |claims| remove(claims, "sub")),
        ("sub alone", "token_sid_missing", |claims| {
            remove(claims, "sid")
        }),
        ("neither", "token_logout_of_nobody", |claims| {
            remove(claims, "sid");
            remove(claims, "sub");
        }),
        ("sid empty", "token_sid_malformed", |claims| {
            set(claims, "sid", "")
        }),
        ("sid number", "token_sid_malformed", |claims| {
            set(claims, "sid", 1)
        }),
        ("sid null beside a sub", "token_sid_malformed", |claims| {
            set(claims, "sid", Value::Null)
        }),
        ("sid in a list", "token_sid_malformed", |claims| {
            set(claims, "sid", vec!["s"])
        }),
        ("sid beyond ASCII", "token_sid_malformed", |claims| {
            set(claims, "sid", "økt")
        }),
        ("sid with a line break", "token_sid_malformed", |claims| {
            set(claims, "sid", "a\nb")
        }),
        ("sid of 255 letters", "accepted", |claims| {
            set(claims, "sid", "s".repeat(255))
        }),
        ("sid of 256 letters", "token_sid_malformed", |claims| {
            set(claims, "sid", "s".repeat(256))
        }),
        ("sub number beside a sid", "token_sub_malformed", |claims| {
            set(claims, "sub", 1)
        }),
        // (5)
        ("…-no-event", "token_events_missing", |claims| {
            remove(claims, "events")
        }),
        ("…-wrong-event", "token_events_mismatch", |claims| {
            let mut events = Object::new();
            events.insert(format!("{LOGOUT_EVENT}1"), Object::new());
            set(claims, "events", events)
        }),
        ("no event in events", "token_events_mismatch", |claims| {
            set(claims, "events", Object::new())
        }),
        ("events in a list", "token_events_malformed", |claims| {
            set(claims, "events", vec![LOGOUT_EVENT])
        }),
        ("events null", "token_events_malformed", |claims| {
            set(claims, "events", Value::Null)
        }),
        ("the event is true", "token_events_malformed", |claims| {
            set(claims, "events", object([(LOGOUT_EVENT, true)]))
        }),
        ("the event has members", "accepted", |claims| {
            let event = object([("reason", "password changed")]);
            set(claims, "events", object([(LOGOUT_EVENT, event)]))
        }),
        ("other events beside it", "accepted", |claims| {
            let events = [(LOGOUT_EVENT, Object::new()), ("urn:other", Object::new())];
            set(claims, "events", object(events))
        }),
        // (6)
        ("…-with-nonce", "token_nonce_prohibited", |claims| {
            set(claims, "nonce", "n-0S6_WzA2Mj")
        }),
        ("nonce null", "token_nonce_prohibited", |claims| {
            set(claims, "nonce", Value::Null)
        }),
        // (7)
        ("no jti", "token_logout_jti_missing", |claims| {
            remove(claims, "jti")
        }),
        ("jti empty", "token_logout_jti_malformed", |claims| {
            set(claims, "jti", "")
        }),
        ("jti number", "token_logout_jti_malformed", |claims| {
            set(claims, "jti", 1)
        }),
        (
            "jti of 256 letters",
            "token_logout_jti_malformed",
            |claims| set(claims, "jti", "j".repeat(256)),
        ),
        // What nobody knows is ignored.
        ("claims of which nothing is known", "accepted", |claims| {
            set(claims, "__proto__", object([("sid", "x")]))
        }),
    ];
    for (name, expected, change) in cases {
        let mut claims = claims();
        change(&mut claims);
        let token = RS256.token(&header(&RS256), &claims);
        assert_eq!(code(judge(&token)), *expected, "{name}");
    }
}

#[test]
fn logout_headers_that_are_wrong_are_refused_by_name() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        ("the type in full", "accepted", |header| {
            set(header, "typ", "application/logout+jwt")
        }),
        ("the type in capitals", "accepted", |header| {
            set(header, "typ", "LOGOUT+JWT")
        }),
        ("an id_token", "token_typ_mismatch", |header| {
            set(header, "typ", "JWT")
        }),
        ("an access token", "token_typ_mismatch", |header| {
            set(header, "typ", "at+jwt")
        }),
        ("no type", "token_typ_missing", |header| {
            remove(header, "typ")
        }),
        ("…-alg-none", "token_alg_not_allowed", |header| {
            set(header, "alg", "none")
        }),
        ("…-wrong-alg", "token_alg_not_allowed", |header| {
            set(header, "alg", "HS256")
        }),
        ("a certificate that nobody looks at", "accepted", |header| {
            set(header, "x5c", vec!["MIIB"])
        }),
        ("unknown kid", "token_key_unknown", |header| {
            set(header, "kid", "rsa-0")
        }),
        ("a crit", "token_crit_unsupported", |header| {
            set(header, "crit", vec!["exp"])
        }),
    ];
    for (name, expected, change) in cases {
        let mut header = header(&RS256);
        change(&mut header);
        let token = RS256.token(&header, &claims());
        assert_eq!(code(judge(&token)), *expected, "{name}");
    }
}

#[test]
fn a_logout_token_of_another_key_is_refused() {
    let token = OTHER_RS256.token(&header(&RS256), &claims());
    assert_eq!(code(judge(&token)), "token_signature_invalid");
    let token = RS256.token(&header(&RS256), &claims());
    assert_eq!(code(judge(&format!("{token}="))), "token_malformed");
    assert_eq!(code(judge("")), "token_malformed");
    let unsigned = &token[..=token.rfind('.').unwrap()];
    assert_eq!(code(judge(unsigned)), "token_signature_invalid");
}

#[test]
fn an_algorithm_must_be_one_of_the_expectation() {
    let token = ES256.token(&header(&ES256), &claims());
    assert_eq!(code(judge(&token)), "token_alg_not_allowed");
    let judged = judge_with(&token, |expected| expected.algorithms = &[Algorithm::Es256]);
    assert_eq!(code(judged), "accepted");
}

#[test]
fn what_a_logout_token_says_is_handed_on() {
    let token = judge(&RS256.token(&header(&RS256), &claims())).unwrap();
    assert_eq!(token.sid(), Some("K6eWvHKHlU"));
    assert_eq!(token.sub(), Some("15868510045"));
    assert_eq!(token.jti(), "fc67ed2c");
    assert_eq!(token.issued_at(), NOW);
    let shown = format!("{token:?}");
    assert!(shown.starts_with("LogoutToken { has_sid: true, has_sub: true, "));
    for secret in ["K6eWvHKHlU", "15868510045", "fc67ed2c"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_sub_alone_is_enough_where_no_sid_is_required() {
    let mut claims = claims();
    remove(&mut claims, "sid");
    let token = RS256.token(&header(&RS256), &claims);
    let judged = judge_with(&token, |expected| expected.sid_is_required = false).unwrap();
    assert_eq!((judged.sid(), judged.sub()), (None, Some("15868510045")));
}

#[test]
fn a_logout_token_is_refused_from_the_moment_until_which_it_is_remembered() {
    for (iat, exp) in [
        (T, T + 300),
        (T, T + 100_000),
        (T - 660, T + 1),
        (T - 600, T - 59),
    ] {
        let mut claims = claims();
        set(&mut claims, "iat", iat);
        set(&mut claims, "exp", exp);
        let token = RS256.token(&header(&RS256), &claims);
        let until = judge(&token).unwrap().replayable_until();
        assert!(
            judge_at(&token, until.saturating_sub(1)).is_ok(),
            "{iat} {exp}"
        );
        assert!(judge_at(&token, until).is_err(), "{iat} {exp}");
    }
}

#[test]
fn expectations_of_a_logout_that_cannot_be_are_misuse() {
    let token = RS256.token(&header(&RS256), &claims());
    let misused = |change: fn(&mut LogoutTokenExpectation<'_>)| code(judge_with(&token, change));
    assert_eq!(
        misused(|expected| expected.client_ids = &[]),
        "misuse_client_id"
    );
    assert_eq!(
        misused(|expected| expected.client_ids = &[""]),
        "misuse_client_id"
    );
    assert_eq!(
        misused(|expected| expected.algorithms = &[]),
        "misuse_algorithms"
    );
    assert_eq!(
        misused(|expected| expected.clock_tolerance_seconds = 301),
        "misuse_clock_tolerance"
    );
}

#[test]
fn a_refusal_of_a_logout_token_speaks_for_what_is_in_it() {
    for (refusal, code, sentence, source) in [
        (
            LogoutTokenRefusal::from(TokenError::Expired),
            TokenError::Expired.code(),
            TokenError::Expired.sentence(),
            TokenError::Expired.row().source,
        ),
        (
            LogoutTokenRefusal::from(ApiMisuse::Algorithms),
            ApiMisuse::Algorithms.code(),
            ApiMisuse::Algorithms.sentence(),
            ApiMisuse::Algorithms.row().source,
        ),
    ] {
        assert_eq!(
            (refusal.code(), refusal.sentence(), refusal.source_of_rule()),
            (code, sentence, source)
        );
        assert_eq!(refusal.to_string(), sentence);
    }
}

/// As ID-porten's documentation prints one: the person by number, and five minutes to live.
fn claims() -> Object {
    let mut claims = object([
        ("iss", ISSUER),
        ("aud", CLIENT_ID),
        ("sub", "15868510045"),
        ("sid", "K6eWvHKHlU"),
        ("jti", "fc67ed2c"),
    ]);
    claims.insert("iat", T);
    claims.insert("exp", T + 300);
    claims.insert("events", object([(LOGOUT_EVENT, Object::new())]));
    claims
}

fn header(signer: &Signer) -> Object {
    object([
        ("alg", signer.alg),
        ("typ", "logout+jwt"),
        ("kid", signer.kid),
    ])
}

fn judge(token: &str) -> Result<LogoutToken, LogoutTokenRefusal> {
    judge_with(token, |_| {})
}

fn judge_with(
    token: &str,
    change: impl FnOnce(&mut LogoutTokenExpectation<'_>),
) -> Result<LogoutToken, LogoutTokenRefusal> {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let mut expected = LogoutTokenExpectation::new(&issuer, &[CLIENT_ID, OTHER_CLIENT_ID]);
    change(&mut expected);
    verify_logout_token(token, &keys(), &expected, NOW)
}

fn judge_at(token: &str, now: UnixTime) -> Result<LogoutToken, LogoutTokenRefusal> {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let expected = LogoutTokenExpectation::new(&issuer, &[CLIENT_ID]);
    verify_logout_token(token, &keys(), &expected, now)
}

fn keys() -> Jwks {
    let keys: Vec<Value> = vec![RS256.jwk().into(), ES256.jwk().into()];
    Jwks::parse(Value::from(object([("keys", keys)])).to_json().as_bytes()).unwrap()
}

fn code(judged: Result<LogoutToken, LogoutTokenRefusal>) -> &'static str {
    judged.map_or_else(LogoutTokenRefusal::code, |_| "accepted")
}

fn set(claims: &mut Object, name: &str, value: impl Into<Value>) {
    claims.insert(name, value);
}

fn remove(claims: &mut Object, name: &str) {
    drop(claims.remove(name));
}
