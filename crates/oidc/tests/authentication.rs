//! How and when the person authenticated, where that was asked for, and the tolerance of clocks.

use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::{LoginRequest, Prompt};

use crate::provider::{NOW, Provider, begin, callback_url, code, complete, config, login_with};

#[test]
fn acr_must_be_acceptable_where_one_was_asked_for() {
    // What was asked for, what is acceptable, what came, and what becomes of it.
    type Case<'a> = (&'a [&'a str], &'a [&'a str], Option<&'a str>, &'a str);
    let cases: &[Case<'_>] = &[
        (&[], &[], Some("whatever"), "accepted"),
        (&[], &[], None, "accepted"),
        (&["high"], &[], Some("high"), "accepted"),
        (
            &["high"],
            &[],
            Some("substantial"),
            "token_acr_not_acceptable",
        ),
        (&["high"], &[], Some("High"), "token_acr_not_acceptable"),
        (&["high"], &[], Some("high "), "token_acr_not_acceptable"),
        (&["high"], &[], Some(""), "token_acr_not_acceptable"),
        (
            &["high"],
            &[],
            Some("idporten-loa-high"),
            "token_acr_not_acceptable",
        ),
        (&["high"], &[], None, "token_acr_missing"),
        (
            &["substantial", "entraid"],
            &[],
            Some("entraid"),
            "accepted",
        ),
        (
            &["substantial"],
            &[],
            Some("high"),
            "token_acr_not_acceptable",
        ),
        (
            &["substantial"],
            &["substantial", "high"],
            Some("high"),
            "accepted",
        ),
        (
            &["substantial"],
            &["high"],
            Some("substantial"),
            "token_acr_not_acceptable",
        ),
        (
            &[],
            &["high"],
            Some("substantial"),
            "token_acr_not_acceptable",
        ),
    ];
    for (asked, acceptable, acr, expected) in cases {
        let acr = acr.map(Value::from);
        let provider = Provider::new().edit_claims(move |claims| {
            claims.remove("acr");
            if let Some(acr) = acr.clone() {
                claims.insert("acr", acr);
            }
        });
        let mut request = LoginRequest::default();
        request.acr_values = asked.iter().map(ToString::to_string).collect();
        request.acceptable_acr = acceptable.iter().map(ToString::to_string).collect();
        let result = login_with(&provider, &config(), request);
        assert_eq!(code(result), *expected, "{asked:?} {acceptable:?}");
    }

    let provider = Provider::new().edit_claims(|claims| set(claims, "acr", vec!["high"]));
    let mut request = LoginRequest::default();
    request.acr_values = vec!["high".into()];
    assert_eq!(
        code(login_with(&provider, &config(), request)),
        "token_acr_malformed"
    );
}

#[test]
fn auth_time_must_be_recent_enough_where_that_was_asked_for() {
    // max_age, whether prompt=login, seconds from the request to the callback, seconds from the
    // request to auth_time, and what becomes of it.
    type Case<'a> = (Option<u32>, bool, u64, Option<i64>, &'a str);
    let cases: &[Case<'_>] = &[
        (Some(300), false, 0, Some(0), "accepted"),
        (Some(300), false, 0, Some(-300), "accepted"),
        (Some(300), false, 0, Some(-360), "accepted"),
        (Some(300), false, 0, Some(-361), "token_auth_time_too_old"),
        (Some(300), false, 0, None, "token_auth_time_missing"),
        (Some(0), false, 0, Some(-61), "token_auth_time_too_old"),
        // The person authenticated at once, and then took ten minutes to choose an organisation.
        (Some(0), false, 610, Some(10), "accepted"),
        (
            Some(300),
            false,
            1200,
            Some(-361),
            "token_auth_time_too_old",
        ),
        (None, true, 30, Some(20), "accepted"),
        (None, true, 30, Some(-60), "accepted"),
        (None, true, 30, Some(-61), "token_auth_time_too_old"),
        (None, true, 30, None, "accepted"),
        (Some(7200), true, 30, Some(-3600), "token_auth_time_too_old"),
        (Some(7200), true, 30, None, "token_auth_time_missing"),
        (None, false, 0, Some(-7200), "accepted"),
    ];
    for (max_age, login_prompt, away, auth_time, expected) in cases {
        let auth_time = auth_time.map(|seconds| NOW.as_secs().saturating_add_signed(seconds));
        let provider = Provider::new().edit_claims(move |claims| {
            claims.remove("auth_time");
            if let Some(auth_time) = auth_time {
                claims.insert("auth_time", auth_time);
            }
        });
        let mut request = LoginRequest::default();
        request.max_age_seconds = *max_age;
        request.prompt = if *login_prompt {
            vec![Prompt::Login]
        } else {
            vec![]
        };
        let redirect = begin(&provider, &config(), request).unwrap();
        let url = callback_url(&provider.authorize(&redirect.url));
        provider.now.set(NOW.saturating_add(*away));
        let result = complete(&provider, &config(), &url, &redirect.pending);
        assert_eq!(
            code(result),
            *expected,
            "{max_age:?} {login_prompt} {away} {auth_time:?}"
        );
    }
}

#[test]
fn the_clock_tolerance_is_the_configured_one() {
    for (tolerance, expected) in [
        (0, "token_expired"),
        (10, "token_expired"),
        (11, "accepted"),
    ] {
        let provider = Provider::new().edit_claims(|claims| set(claims, "exp", NOW.as_secs() - 10));
        let mut config = config();
        config.clock_tolerance_seconds = tolerance;
        assert_eq!(
            code(login_with(&provider, &config, LoginRequest::default())),
            expected
        );
    }
}

fn set(object: &mut Object, name: &str, value: impl Into<Value>) {
    object.insert(name, value);
}
