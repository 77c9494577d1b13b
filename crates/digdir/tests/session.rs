//! What is kept of a session, what a renewal may change, and how long a session lasts.

use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::{Client, LoginRequest, Refresh, Session};
use portvakt_digdir::rar::RarRequest;
use portvakt_digdir::session::{
    Limits, MAX_IDLE_SECONDS, MAX_SESSION_SECONDS, SessionError, Standing,
};
use portvakt_digdir::{Error, Misuse, Preset};
use portvakt_jose::json::{self, Object, Value};
use portvakt_oidc::{UnixTime, Url};

use crate::provider::{
    ACCESS_TOKEN, CLIENT_ID, DEMO_POST, NOW, PID, Provider, REDIRECT_URI, REFRESH_TOKEN, client,
    login, refresh,
};

/// Another organisation that the same person may act for.
const OTHER: &str = r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000027"},"resource":"demo-post","name":"SYNTETISK ANNEN AS","unit_type":"AS"}]}]"#;

fn ansattporten() -> Provider {
    Provider::of(&Preset::ANSATTPORTEN_TEST)
}

fn demo_post() -> LoginRequest {
    LoginRequest::on_behalf_of(
        RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap(),
    )
}

fn session() -> Session {
    login(&ansattporten().granting(DEMO_POST), demo_post()).unwrap()
}

fn our_client() -> Client {
    client(&Preset::ANSATTPORTEN_TEST)
}

fn code<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

fn kept(session: &Session) -> Object {
    let text = session.to_json();
    let value = json::parse(text.as_bytes(), text.len()).unwrap();
    value.into_object().unwrap()
}

fn read(kept: Object) -> Result<Session, Error> {
    Session::from_json(&our_client(), &Value::from(kept).to_json())
}

#[test]
fn a_session_that_was_kept_is_what_it_was() {
    let session = session();
    let again = Session::from_json(&our_client(), &session.to_json()).unwrap();
    assert_eq!(again.service, session.service);
    assert_eq!(again.environment, session.environment);
    assert_eq!(again.claims, session.claims);
    assert_eq!(again.level, session.level);
    assert_eq!(again.representation, session.representation);
    assert_eq!(again.checks, session.checks);
    assert_eq!(again.authenticated_at(), session.authenticated_at());
    assert_eq!(again.to_json(), session.to_json());
}

#[test]
fn a_representation_that_was_written_into_it_is_not_believed() {
    let session = session();
    // Another organisation, with nothing that says so in the id_token.
    let mut other = kept(&session);
    let details = json::parse(OTHER.as_bytes(), OTHER.len()).unwrap();
    other.insert("authorization_details", details);
    assert_eq!(code(read(other)), "representation_copies_disagree");
    // What was asked for is not what was answered.
    let mut other = kept(&session);
    other.insert(
        "requested_authorization_details",
        r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:another"}]"#,
    );
    assert_eq!(code(read(other)), "representation_wrong_resource");
    let mut unasked = kept(&session);
    unasked.remove("requested_authorization_details");
    assert_eq!(code(read(unasked)), "representation_not_asked_for");
}

#[test]
fn a_level_that_was_written_into_it_is_not_believed() {
    let mut raised = kept(&session());
    raised.insert("acceptable_acr", vec!["high"]);
    assert_eq!(code(read(raised)), "claims_acr");
    for acr in [vec![], vec!["idporten-loa-high"], vec!["unheard-of"]] {
        let mut other = kept(&session());
        other.insert("acceptable_acr", acr);
        assert_eq!(code(read(other)), "session_unreadable");
    }
}

#[test]
fn the_session_of_another_service_or_client_is_not_read() {
    let text = session().to_json();
    let id_porten = client(&Preset::ID_PORTEN_TEST);
    assert_eq!(
        code(Session::from_json(&id_porten, &text)),
        "session_of_other_client"
    );
    let redirect_uri = Url::parse(REDIRECT_URI).unwrap();
    let other = Client::new(Preset::ANSATTPORTEN_TEST, "other", redirect_uri).unwrap();
    assert_eq!(
        code(Session::from_json(&other, &text)),
        "session_of_other_client"
    );
    assert_eq!(
        code(Session::from_json(&our_client(), "{}")),
        "session_unreadable"
    );
}

#[test]
fn what_is_printed_of_it_holds_no_secret() {
    let session = session();
    let printed = format!("{session:?} {session:#?}");
    assert!(printed.contains("claims: Claims { acr: "));
    for secret in [ACCESS_TOKEN, REFRESH_TOKEN, PID, "310000019x"] {
        assert!(!printed.contains(secret), "{secret}");
    }
    let renewal = Refresh::start(&our_client(), &session, None, NOW);
    let printed = format!("{renewal:?}");
    assert!(printed.contains("next: Refresh { refresh: Refresh { issuer: "));
    assert!(!printed.contains(REFRESH_TOKEN));
    assert!(session.to_json().contains(REFRESH_TOKEN));
    assert!(session.to_json().contains(CLIENT_ID));
}

#[test]
fn a_renewal_keeps_whom_the_person_acts_for() {
    let before = session();
    // Not stated again, stated in one place, stated in both.
    let details = || json::parse(DEMO_POST.as_bytes(), DEMO_POST.len()).unwrap();
    for provider in [
        ansattporten(),
        ansattporten().edit_token_response(move |response| {
            response.insert("authorization_details", details());
        }),
        ansattporten().granting(DEMO_POST),
    ] {
        let after = refresh(&provider, &our_client(), &before).unwrap();
        assert_eq!(after.representation, before.representation);
        assert_eq!(after.claims, before.claims);
        assert_eq!(after.checks, before.checks);
        // And so it stays when it is kept.
        let again = Session::from_json(&our_client(), &after.to_json()).unwrap();
        assert_eq!(again.representation, before.representation);
    }
}

#[test]
fn a_renewal_of_somebodys_own_session_stays_their_own() {
    let before = login(&ansattporten(), LoginRequest::default()).unwrap();
    let after = refresh(&ansattporten(), &our_client(), &before).unwrap();
    assert_eq!(after.representation, None);
    assert_eq!(after.claims, before.claims);
}

#[test]
fn a_renewal_that_calls_an_organisation_otherwise_is_read_as_it_is_shown() {
    let before = session();
    let renamed = DEMO_POST.replace("SYNTETISK", "NYTT NAVN");
    assert_ne!(renamed, DEMO_POST);
    let after = refresh(&ansattporten().granting(&renamed), &our_client(), &before).unwrap();
    let again = Session::from_json(&our_client(), &after.to_json()).unwrap();
    assert_eq!(again.representation, after.representation);
    assert_ne!(again.representation, before.representation);
}

#[test]
fn a_renewal_for_another_representation_is_refused() {
    let before = session();
    for (granted, expected) in [
        (OTHER, "representation_changed"),
        (
            r#"[{"type":"ansattporten:altinn:resource"}]"#,
            "representation_required",
        ),
        (r#"[{"type":"unheard-of"}]"#, "representation_wrong_type"),
    ] {
        let provider = ansattporten().granting(granted);
        let outcome = refresh(&provider, &our_client(), &before);
        assert_eq!(code(outcome), expected, "{granted}");
    }
    // One copy that says so is enough.
    let parsed = |text: &str| json::parse(text.as_bytes(), text.len()).unwrap();
    let (demo_post_details, other) = (parsed(DEMO_POST), parsed(OTHER));
    let in_response = |details: &Value| {
        let details = details.clone();
        ansattporten().edit_token_response(move |response| {
            response.insert("authorization_details", details.clone());
        })
    };
    let in_id_token = |details: &Value| {
        let details = details.clone();
        ansattporten().edit_claims(move |claims| {
            claims.insert("authorization_details", details.clone());
        })
    };
    for (before, provider, expected) in [
        (
            in_response(&demo_post_details),
            in_response(&other),
            "representation_changed",
        ),
        (
            in_id_token(&demo_post_details),
            in_id_token(&other),
            "representation_changed",
        ),
        (
            in_response(&demo_post_details),
            in_id_token(&other),
            "representation_copies_disagree",
        ),
    ] {
        let before = login(&before, demo_post()).unwrap();
        let outcome = refresh(&provider, &our_client(), &before);
        assert_eq!(code(outcome), expected);
        // Not stated again, it is as it was.
        let after = refresh(&ansattporten(), &our_client(), &before).unwrap();
        assert_eq!(after.representation, before.representation);
    }
    // Where nobody was asked for, nobody may come.
    let alone = login(&ansattporten(), LoginRequest::default()).unwrap();
    let outcome = refresh(&ansattporten().granting(DEMO_POST), &our_client(), &alone);
    assert_eq!(code(outcome), "representation_not_asked_for");
}

#[test]
fn a_renewal_for_another_person_or_a_lower_level_is_refused() {
    let mut request = demo_post();
    request.acr_values = vec![Acr::Substantial];
    let high = ansattporten().granting(DEMO_POST).edit_claims(|claims| {
        claims.insert("acr", "high");
        let details = json::parse(DEMO_POST.as_bytes(), DEMO_POST.len()).unwrap();
        claims.insert("authorization_details", details);
    });
    let before = login(&high, request).unwrap();
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        ("the same", "accepted", |claims| {
            claims.insert("acr", "high");
        }),
        ("a lower level", "claims_acr_lowered", |claims| {
            claims.insert("acr", "substantial");
        }),
        ("no level at all", "accepted", |claims| {
            claims.remove("acr");
        }),
        (
            "another service's level",
            "token_acr_not_acceptable",
            |claims| {
                claims.insert("acr", "idporten-loa-high");
            },
        ),
        ("another number", "claims_other_person", |claims| {
            claims.insert("acr", "high");
            claims.insert("pid", "15868510126");
        }),
        ("a number that is none", "claims_other_person", |claims| {
            claims.insert("acr", "high");
            claims.insert("pid", "15868510046");
        }),
        ("no number", "accepted", |claims| {
            claims.insert("acr", "high");
            claims.remove("pid");
        }),
        ("another sub", "token_sub_changed", |claims| {
            claims.insert("acr", "high");
            claims.insert("sub", "somebody-else");
        }),
    ];
    for (name, expected, change) in cases {
        let provider = ansattporten().edit_claims(change);
        let outcome = refresh(&provider, &our_client(), &before);
        assert_eq!(code(outcome), *expected, "{name}");
    }
}

#[test]
fn a_session_lasts_for_half_an_hour_without_use_and_two_hours_in_all() {
    let start = NOW;
    let at = |minutes: u64| start.saturating_add(minutes * 60);
    let limits = Limits::default();
    assert_eq!(limits.check(), Ok(()));
    for (used, now, expected) in [
        (0, 0, Ok((30, SessionError::Idle))),
        (0, 29, Ok((30, SessionError::Idle))),
        (0, 30, Err(SessionError::Idle)),
        (20, 30, Ok((50, SessionError::Idle))),
        (89, 90, Ok((119, SessionError::Idle))),
        (90, 91, Ok((120, SessionError::Over))),
        (119, 119, Ok((120, SessionError::Over))),
        (120, 120, Err(SessionError::Over)),
        // The machine slept: what came first is why.
        (100, 600, Err(SessionError::Over)),
        (10, 600, Err(SessionError::Idle)),
    ] {
        let standing = limits.standing(start, at(used), at(now));
        let expected = match expected {
            Err(cause) => Standing::Ended(cause),
            Ok((ends, cause)) => Standing::Active {
                ends_at: at(ends),
                warn_from: at(ends - 2),
                cause,
            },
        };
        assert_eq!(standing, expected, "used at {used}, looked at at {now}");
    }
}

#[test]
fn a_clock_that_was_set_back_makes_no_session_longer() {
    let limits = Limits::default();
    let earlier = |seconds| NOW.saturating_sub(seconds);
    // By a little, as clocks are corrected: use counts as of now.
    let Standing::Active { ends_at, .. } = limits.standing(NOW, NOW, earlier(60)) else {
        panic!("over");
    };
    assert_eq!(ends_at, earlier(60).saturating_add(MAX_IDLE_SECONDS.into()));
    assert_eq!(
        limits.standing(NOW, NOW, earlier(301)),
        Standing::Ended(SessionError::Over)
    );
}

#[test]
fn limits_may_be_stricter_and_not_laxer() {
    let limits = |idle, session, warning| {
        let mut limits = Limits::default();
        limits.idle_seconds = idle;
        limits.session_seconds = session;
        limits.warning_seconds = warning;
        limits.check()
    };
    assert_eq!(limits(60, 600, 10), Ok(()));
    assert_eq!(limits(60, 600, 0), Ok(()));
    assert_eq!(limits(MAX_IDLE_SECONDS, MAX_SESSION_SECONDS, 10), Ok(()));
    for (idle, session, warning) in [
        (MAX_IDLE_SECONDS + 1, MAX_SESSION_SECONDS, 10),
        (MAX_IDLE_SECONDS, MAX_SESSION_SECONDS + 1, 10),
        (0, 600, 0),
        (60, 0, 0),
        (60, 600, 60),
        (600, 60, 60),
        (u32::MAX, u32::MAX, u32::MAX),
    ] {
        let outcome = limits(idle, session, warning);
        assert_eq!(
            outcome,
            Err(Misuse::SessionLimits),
            "{idle} {session} {warning}"
        );
    }
}

#[test]
fn the_limits_count_from_the_sign_in_by_the_devices_clock() {
    // The person signed in an hour ago, and the device is two minutes slow.
    let slow = ansattporten().edit_claims(|claims| {
        let now = NOW.as_secs() + 120;
        claims.insert("iat", now);
        claims.insert("exp", now + 120);
        claims.insert("auth_time", now - 3600);
    });
    let session = login(&slow, LoginRequest::default()).unwrap();
    assert_eq!(session.login.clock_offset_seconds, 120);
    assert_eq!(session.authenticated_at(), NOW.saturating_sub(3600));
    assert_eq!(
        session.login.by_provider(NOW),
        UnixTime::new(NOW.as_secs() + 120)
    );

    // A service that does not tell when: since the login was completed.
    let silent = ansattporten().edit_claims(|claims| drop(claims.remove("auth_time")));
    let session = login(&silent, LoginRequest::default()).unwrap();
    assert_eq!(session.authenticated_at(), NOW);
}

#[test]
fn a_device_whose_clock_is_an_hour_off_has_one_error() {
    for hour in [-3600_i64, 3600] {
        let provider = ansattporten().edit_claims(move |claims| {
            let now = i64::try_from(NOW.as_secs()).unwrap() + hour;
            claims.insert("iat", now);
            claims.insert("exp", now + 120);
            claims.insert("auth_time", now - 5);
        });
        let outcome = login(&provider, LoginRequest::default());
        assert_eq!(code(outcome), "device_clock_wrong", "{hour}");
    }
}
