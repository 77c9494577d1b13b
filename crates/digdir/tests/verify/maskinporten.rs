use portvakt_digdir::Preset;
use portvakt_digdir::verify::{
    AccessTokenPolicy, Delegation, SystemUserPolicy, VerifiedAccessToken, VerifyError,
    verify_access_token,
};

use super::support::{MASKINPORTEN, NOW, claims, jwks, rs256};

#[test]
fn consumer_supplier_and_system_user_are_told() {
    let token = judge(&[], &policy()).expect("accepted");
    assert_eq!(
        token.consumer().map(|number| number.to_string()).as_deref(),
        Some("310000019")
    );
    let supplier = token.supplier().expect("a supplier");
    assert_eq!(supplier.organisation().to_string(), "310000027");
    assert_eq!(supplier.delegation_source(), "https://tt02.altinn.no/");
    let system_user = token.system_user().expect("a system user");
    assert_eq!(system_user.ids(), ["6b1f0c5e-0000-4000-8000-000000000001"]);
    assert_eq!(system_user.organisation().to_string(), "310000035");
    assert_eq!(system_user.system_id(), "310000043_examplesystem");
    // It would not mean that the person has signed in.
    let token = judge(&[("pid", r#""15868510045""#)], &policy()).expect("accepted");
    assert!(token.pid().is_none());
}

#[test]
fn the_issuer_has_its_slash() {
    assert_eq!(
        code(&[("iss", r#""https://test.maskinporten.no""#)], &policy()),
        "token_iss_mismatch"
    );
}

#[test]
fn a_consumer_is_required_and_must_be_in_the_norwegian_register() {
    for (consumer, expected) in [
        ("null", "token_consumer_missing"),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000018"}"#,
            "token_consumer_malformed",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0088:310000019"}"#,
            "token_consumer_malformed",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000019:2"}"#,
            "token_consumer_malformed",
        ),
        (r#"{"ID":"0192:310000019"}"#, "token_consumer_malformed"),
        (r#""0192:310000019""#, "token_consumer_malformed"),
        (
            r#"{"Authority":"iso6523-actorid-upis","ID":"9908:310000019"}"#,
            "accepted",
        ),
    ] {
        assert_eq!(
            code(&[("consumer", consumer)], &policy()),
            expected,
            "{consumer}"
        );
    }
}

#[test]
fn other_consumers_than_the_listed_are_refused() {
    let mut policy = policy();
    policy.consumers = vec!["310000019".parse().expect("a number")];
    assert_eq!(code(&[], &policy), "accepted");
    // The supplier is not the consumer.
    policy.consumers = vec!["310000027".parse().expect("a number")];
    assert_eq!(code(&[], &policy), "token_consumer_not_allowed");
}

#[test]
fn delegation_is_accepted_refused_or_limited() {
    let mut policy = policy();
    policy.delegation = Delegation::Refused;
    assert_eq!(code(&[], &policy), "token_delegation_refused");
    assert_eq!(code(&[("supplier", "null")], &policy), "accepted");
    policy.delegation = Delegation::Suppliers(vec!["310000027".parse().expect("a number")]);
    assert_eq!(code(&[], &policy), "accepted");
    assert_eq!(
        code(&[("supplier", "null")], &policy),
        "token_supplier_not_allowed"
    );
    policy.delegation = Delegation::Suppliers(vec!["310000035".parse().expect("a number")]);
    assert_eq!(code(&[], &policy), "token_supplier_not_allowed");
}

#[test]
fn a_supplier_without_a_source_is_refused_even_where_delegation_is_accepted() {
    for (name, value) in [
        ("delegation_source", "null"),
        ("delegation_source", r#""""#),
        ("delegation_source", "[]"),
        (
            "supplier",
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000028"}"#,
        ),
        ("supplier", r#""310000027""#),
    ] {
        assert_eq!(
            code(&[(name, value)], &policy()),
            "token_supplier_malformed",
            "{name}: {value}"
        );
    }
}

#[test]
fn organisation_and_system_hold_of_the_same_system_user() {
    let mut policy = policy();
    let mut wanted = SystemUserPolicy::default();
    policy.system_user = Some(wanted.clone());
    assert_eq!(code(&[], &policy), "accepted");
    assert_eq!(
        code(&[("authorization_details", "null")], &policy),
        "token_system_user_missing"
    );
    assert_eq!(
        code(
            &[(
                "authorization_details",
                r#"[{"type":"urn:altinn:consent"}]"#
            )],
            &policy
        ),
        "token_system_user_missing"
    );

    wanted.organisation = Some("310000035".parse().expect("a number"));
    wanted.system_id = Some("310000043_examplesystem".into());
    policy.system_user = Some(wanted.clone());
    assert_eq!(code(&[], &policy), "accepted");
    let crossed = r#"[
        {"type":"urn:altinn:systemuser","systemuser_id":["a"],
         "systemuser_org":{"authority":"iso6523-actorid-upis","ID":"0192:310000035"},"system_id":"other"},
        {"type":"urn:altinn:systemuser","systemuser_id":["b"],
         "systemuser_org":{"authority":"iso6523-actorid-upis","ID":"0192:310000027"},
         "system_id":"310000043_examplesystem"}]"#;
    assert_eq!(
        code(&[("authorization_details", crossed)], &policy),
        "token_system_user_not_allowed"
    );
}

#[test]
fn a_system_user_in_another_form_is_refused_where_one_is_asked_for() {
    let mut policy = policy();
    policy.system_user = Some(SystemUserPolicy::default());
    let org = r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000035"}"#;
    for details in [
        r#"{"type":"urn:altinn:systemuser"}"#.to_string(),
        r#"["urn:altinn:systemuser"]"#.to_string(),
        r#"[{"systemuser_id":["a"]}]"#.to_string(),
        format!(r#"[{{"type":"urn:altinn:systemuser","systemuser_id":[],"systemuser_org":{org},"system_id":"s"}}]"#),
        format!(r#"[{{"type":"urn:altinn:systemuser","systemuser_id":"a","systemuser_org":{org},"system_id":"s"}}]"#),
        format!(r#"[{{"type":"urn:altinn:systemuser","systemuser_id":["a"],"systemuser_org":{org}}}]"#),
        format!(r#"[{{"type":"urn:altinn:systemuser","systemuser_id":["a",""],"systemuser_org":{org},"system_id":"s"}}]"#),
        format!(r#"[{{"type":"urn:altinn:systemuser","systemuser_id":["a"],"systemuser_org":{org},"system_id":""}}]"#),
        r#"[{"type":"urn:altinn:systemuser","systemuser_id":["a"],"systemuser_org":"310000035","system_id":"s"}]"#.to_string(),
    ] {
        assert_eq!(code(&[("authorization_details", &details)], &policy), "token_system_user_malformed", "{details}");
    }
}

#[test]
fn a_scope_is_compared_as_a_whole() {
    let mut policy = policy();
    policy.required_scope = vec!["example:api.read".into(), "example:api.write".into()];
    assert_eq!(code(&[], &policy), "accepted");
    policy.required_scope = vec!["example:api".into()];
    assert_eq!(code(&[], &policy), "token_scope_insufficient");
}

fn policy() -> AccessTokenPolicy {
    let mut policy = AccessTokenPolicy::of(&Preset::MASKINPORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api.read".into()];
    policy
}

fn judge(
    changes: &[(&str, &str)],
    policy: &AccessTokenPolicy,
) -> Result<VerifiedAccessToken, VerifyError> {
    verify_access_token(&rs256(&claims(MASKINPORTEN, changes)), &jwks(), policy, NOW)
}

fn code(changes: &[(&str, &str)], policy: &AccessTokenPolicy) -> &'static str {
    judge(changes, policy).map_or_else(VerifyError::code, |_| "accepted")
}
