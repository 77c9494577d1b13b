use portvakt_jose::{ClaimChecks, Error, UnixTime};
use serde_json::{Value, json};

use crate::support::{Issuer, NOW};

const TOLERANCE: u32 = 10;

#[test]
fn issuer_is_compared_exactly() {
    let check = |checks: ClaimChecks<'_>| checks.issuer("https://issuer.example");
    table(
        "iss",
        check,
        &[
            (json!("https://issuer.example"), Ok(())),
            (json!("https://issuer.example/"), Err(Error::IssuerMismatch)),
            (json!("https://issuer.example1"), Err(Error::IssuerMismatch)),
            (json!("https://issuer.exampl"), Err(Error::IssuerMismatch)),
            (json!("HTTPS://issuer.example"), Err(Error::IssuerMismatch)),
            (json!(" https://issuer.example"), Err(Error::IssuerMismatch)),
            (json!(""), Err(Error::IssuerMismatch)),
            (
                json!(["https://issuer.example"]),
                Err(Error::IssuerMalformed),
            ),
            (json!(null), Err(Error::IssuerMalformed)),
            (json!(1), Err(Error::IssuerMalformed)),
        ],
    );
    absent(check, Err(Error::IssuerMissing));
}

#[test]
fn subject_is_1_to_255_printable_ascii_characters() {
    let check = |checks: ClaimChecks<'_>| checks.subject().map(drop);
    table(
        "sub",
        check,
        &[
            (json!("x9WJ0s0mePairwiseSubject"), Ok(())),
            (json!("a"), Ok(())),
            (json!("with spaces ~"), Ok(())),
            (json!("a".repeat(255)), Ok(())),
            (json!("a".repeat(256)), Err(Error::SubjectMalformed)),
            (json!(""), Err(Error::SubjectMalformed)),
            (json!("kåri"), Err(Error::SubjectMalformed)),
            (json!("a\nb"), Err(Error::SubjectMalformed)),
            (json!("a\u{0}b"), Err(Error::SubjectMalformed)),
            (json!("a\u{7f}"), Err(Error::SubjectMalformed)),
            (json!(12345), Err(Error::SubjectMalformed)),
            (json!(null), Err(Error::SubjectMalformed)),
            (json!(["a"]), Err(Error::SubjectMalformed)),
        ],
    );
    absent(check, Err(Error::SubjectMissing));

    let jwt = Issuer::new("claims")
        .verified(r#"{"sub":"kari"}"#)
        .expect("verifies");
    assert_eq!(
        jwt.checks(UnixTime::new(NOW), TOLERANCE).subject(),
        Ok("kari")
    );
    let claims = jwt.into_claims();
    assert_eq!(claims.get("sub").and_then(|sub| sub.as_str()), Some("kari"));
}

#[test]
fn audience_contains_us_and_nobody_untrusted() {
    let check = |checks: ClaimChecks<'_>| checks.audience("client", &["friend"]);
    table(
        "aud",
        check,
        &[
            (json!("client"), Ok(())),
            (json!(["client"]), Ok(())),
            (json!(["client", "client"]), Ok(())),
            (json!(["friend", "client"]), Ok(())),
            (json!("friend"), Err(Error::AudienceMismatch)),
            (json!(["friend"]), Err(Error::AudienceMismatch)),
            (json!("other"), Err(Error::AudienceMismatch)),
            (json!("client1"), Err(Error::AudienceMismatch)),
            (json!("clien"), Err(Error::AudienceMismatch)),
            (json!("Client"), Err(Error::AudienceMismatch)),
            (json!(""), Err(Error::AudienceMismatch)),
            (json!("client other"), Err(Error::AudienceMismatch)),
            (json!(["client", "other"]), Err(Error::AudienceUntrusted)),
            (
                json!(["other", "client", "friend"]),
                Err(Error::AudienceUntrusted),
            ),
            (json!(["client", ""]), Err(Error::AudienceUntrusted)),
            (json!([]), Err(Error::AudienceMalformed)),
            (json!(["client", 1]), Err(Error::AudienceMalformed)),
            (json!(["client", null]), Err(Error::AudienceMalformed)),
            (json!([["client"]]), Err(Error::AudienceMalformed)),
            (json!({ "client": true }), Err(Error::AudienceMalformed)),
            (json!(null), Err(Error::AudienceMalformed)),
        ],
    );
    absent(check, Err(Error::AudienceMissing));
}

#[test]
fn authorized_party_is_us_where_it_is_said_and_said_where_it_must_be() {
    let check = |checks: ClaimChecks<'_>| checks.authorized_party("client");
    let cases = [
        (json!({ "aud": "client" }), Ok(())),
        (json!({ "aud": ["client"] }), Ok(())),
        (json!({ "aud": "client", "azp": "client" }), Ok(())),
        (
            json!({ "aud": ["client", "friend"], "azp": "client" }),
            Ok(()),
        ),
        (json!({ "azp": "client" }), Ok(())),
        (
            json!({ "aud": ["client", "friend"] }),
            Err(Error::AuthorizedPartyMissing),
        ),
        (
            json!({ "aud": "client", "azp": "friend" }),
            Err(Error::AuthorizedPartyMismatch),
        ),
        (
            json!({ "aud": "client", "azp": "" }),
            Err(Error::AuthorizedPartyMismatch),
        ),
        (
            json!({ "aud": "client", "azp": ["client"] }),
            Err(Error::AuthorizedPartyMalformed),
        ),
        (
            json!({ "aud": "client", "azp": null }),
            Err(Error::AuthorizedPartyMalformed),
        ),
        (json!({}), Err(Error::AudienceMissing)),
        (json!({ "aud": 1 }), Err(Error::AudienceMalformed)),
    ];
    for (claims, expected) in cases {
        assert_eq!(checked(&claims, check), expected, "{claims}");
    }
}

#[test]
fn expiry_is_the_first_second_at_which_a_token_is_refused() {
    let check = |checks: ClaimChecks<'_>| checks.expiry().map(drop);
    table(
        "exp",
        check,
        &[
            (json!(NOW + 120), Ok(())),
            (json!(NOW), Ok(())),
            (json!(NOW - 9), Ok(())),
            (json!(NOW - 10), Err(Error::Expired)),
            (json!(NOW as f64 - 9.5), Err(Error::Expired)),
            (json!(NOW as f64 - 9.0), Ok(())),
            (json!(0), Err(Error::Expired)),
            (json!(253_402_300_799_u64), Ok(())),
        ],
    );
    table("exp", check, &not_dates(Error::ExpiryMalformed));
    absent(check, Err(Error::ExpiryMissing));
}

#[test]
fn not_before_may_be_absent_and_may_not_be_in_the_future() {
    let check = |checks: ClaimChecks<'_>| checks.not_before();
    table(
        "nbf",
        check,
        &[
            (json!(0), Ok(())),
            (json!(NOW), Ok(())),
            (json!(NOW + 10), Ok(())),
            (json!(NOW as f64 + 10.5), Ok(())),
            (json!(NOW + 11), Err(Error::NotYetValid)),
            (json!(253_402_300_799_u64), Err(Error::NotYetValid)),
        ],
    );
    table("nbf", check, &not_dates(Error::NotBeforeMalformed));
    absent(check, Ok(()));
}

#[test]
fn time_of_issue_lies_within_its_window() {
    let check = |checks: ClaimChecks<'_>| checks.issued_at(300).map(drop);
    table(
        "iat",
        check,
        &[
            (json!(NOW), Ok(())),
            (json!(NOW + 10), Ok(())),
            (json!(NOW + 11), Err(Error::IssuedInTheFuture)),
            (json!(NOW - 310), Ok(())),
            (json!(NOW - 311), Err(Error::IssuedTooLongAgo)),
            (json!(0), Err(Error::IssuedTooLongAgo)),
        ],
    );
    table("iat", check, &not_dates(Error::IssuedAtMalformed));
    absent(check, Err(Error::IssuedAtMissing));
}

#[test]
fn times_that_were_checked_are_returned() {
    let claims = json!({ "exp": NOW as f64 + 60.75, "iat": NOW - 5 });
    let jwt = Issuer::new("claims")
        .verified(&claims.to_string())
        .expect("verifies");
    let checks = jwt.checks(UnixTime::new(NOW), 0);
    assert_eq!(checks.expiry(), Ok(UnixTime::new(NOW + 60)));
    assert_eq!(checks.issued_at(5), Ok(UnixTime::new(NOW - 5)));
    assert_eq!(checks.issued_at(4), Err(Error::IssuedTooLongAgo));
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let claims = json!({ "exp": 253_402_300_799_u64, "iat": 0, "nbf": 0 }).to_string();
    let jwt = Issuer::new("claims").verified(&claims).expect("verifies");
    for (now, tolerance) in [(0, 0), (0, u32::MAX), (u64::MAX, 0), (u64::MAX, u32::MAX)] {
        let checks = jwt.checks(UnixTime::new(now), tolerance);
        assert_eq!(checks.expiry().is_ok(), now == 0);
        assert_eq!(checks.not_before(), Ok(()));
        assert_eq!(checks.issued_at(u32::MAX).is_ok(), now == 0);
    }
}

/// What is no date is an error, and never the same as a claim that is absent.
fn not_dates(error: Error) -> Vec<(Value, Result<(), Error>)> {
    let values = [
        json!(NOW.to_string()),
        json!(""),
        json!(null),
        json!(true),
        json!([NOW]),
        json!({}),
        json!(-1),
        json!(-0.5),
        json!(NOW * 1000),
        json!(253_402_300_800_u64),
        json!(1e300),
        json!(u64::MAX),
    ];
    values
        .into_iter()
        .map(|value| (value, Err(error)))
        .collect()
}

fn table(
    claim: &str,
    check: impl Fn(ClaimChecks<'_>) -> Result<(), Error>,
    cases: &[(Value, Result<(), Error>)],
) {
    for (value, expected) in cases {
        assert_eq!(
            checked(&json!({ claim: value }), &check),
            *expected,
            "{claim}: {value}"
        );
    }
}

fn absent(check: impl Fn(ClaimChecks<'_>) -> Result<(), Error>, expected: Result<(), Error>) {
    assert_eq!(checked(&json!({}), check), expected, "absent");
}

/// What the check says of a token with these claims, signed and verified.
fn checked(
    claims: &Value,
    check: impl Fn(ClaimChecks<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let jwt = Issuer::new("claims")
        .verified(&claims.to_string())
        .expect("verifies");
    check(jwt.checks(UnixTime::new(NOW), TOLERANCE))
}
