use portvakt_digdir::Preset;
use portvakt_digdir::rar::RarType;
use portvakt_digdir::verify::{
    AccessTokenPolicy, RepresentationPolicy, VerifyError, verify_access_token,
};

use super::support::{ANSATTPORTEN, NOW, claims, jwks, rs256};

const POST: &str = "urn:altinn:resource:demo-post";
const SKATT: &str = "urn:altinn:resource:demo-skatt";

#[test]
fn every_organisation_that_meets_the_policy_is_told() {
    assert_eq!(
        organisations(POST, &[], None),
        Ok(vec!["310000019".into(), "312223333".into()])
    );
    assert_eq!(
        organisations(POST, &["read"], None),
        Ok(vec!["310000019".into(), "312223333".into()])
    );
    assert_eq!(
        organisations(POST, &["read", "write"], None),
        Ok(vec!["312223333".into()])
    );
    assert_eq!(
        organisations(SKATT, &[], Some("310000019")),
        Ok(vec!["310000019".into()])
    );
}

#[test]
fn type_resource_action_and_organisation_hold_of_the_same_element() {
    let insufficient = Err("token_representation_insufficient");
    // 310000019 may write, but on the other resource.
    assert_eq!(
        organisations(POST, &["write"], Some("310000019")),
        insufficient
    );
    // 312223333 may write, but has nothing to do with the other resource.
    assert_eq!(
        organisations(SKATT, &["write"], Some("312223333")),
        insufficient
    );
    assert_eq!(organisations(POST, &["delete"], None), insufficient);
    assert_eq!(
        organisations("urn:altinn:resource:demo", &[], None),
        insufficient
    );
    assert_eq!(organisations(POST, &[], Some("310000027")), insufficient);
    let mut other_type = policy(POST, &[], None);
    other_type.representation = Some(RepresentationPolicy::new(RarType::Orgno, None));
    assert_eq!(judge(&other_type, None), insufficient);
}

#[test]
fn oneself_is_no_organisation_however_it_is_written() {
    for details in [
        "null",
        "[]",
        r#"[{"type":"ansattporten:altinn:resource"}]"#,
        r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[]}]"#,
        r#"[{"type":"something:else","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}}]}]"#,
    ] {
        assert_eq!(
            judge(&policy(POST, &[], None), Some(details)),
            Err("token_representation_missing"),
            "{details}"
        );
    }
}

#[test]
fn actions_that_the_token_does_not_tell_are_not_had() {
    let details = r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post",
        "authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
        "resource":"demo-post","name":"SYNTETISK PRØVE AS","unit_type":"AS"}]}]"#;
    assert_eq!(
        judge(&policy(POST, &[], None), Some(details)),
        Ok(vec!["310000019".into()])
    );
    assert_eq!(
        judge(&policy(POST, &["read"], None), Some(details)),
        Err("token_representation_insufficient")
    );
}

#[test]
fn authorization_details_that_cannot_be_read_are_refused() {
    for (details, expected) in [
        ("{}", "representation_malformed"),
        (
            r#"[{"resource":"urn:altinn:resource:demo-post"}]"#,
            "representation_malformed",
        ),
        (
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000018"},"resource":"demo-post"}]}]"#,
            "representation_organisation_identifier",
        ),
        (
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo-skatt"}]}]"#,
            "representation_resource_mismatch",
        ),
    ] {
        assert_eq!(
            judge(&policy(POST, &[], None), Some(details)),
            Err(expected),
            "{details}"
        );
    }
}

#[test]
fn without_a_policy_no_organisation_is_told() {
    let mut policy = policy(POST, &[], None);
    policy.representation = None;
    assert_eq!(judge(&policy, None), Ok(vec![]));
    assert_eq!(judge(&policy, Some("{}")), Ok(vec![]));
}

fn policy(resource: &str, actions: &[&str], organisation: Option<&str>) -> AccessTokenPolicy {
    let mut representation = RepresentationPolicy::altinn_resource(resource);
    representation.actions = actions.iter().map(ToString::to_string).collect();
    representation.organisation = organisation.map(|number| number.parse().expect("a number"));
    let mut policy = AccessTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    policy.representation = Some(representation);
    policy
}

fn organisations(
    resource: &str,
    actions: &[&str],
    organisation: Option<&str>,
) -> Result<Vec<String>, &'static str> {
    judge(&policy(resource, actions, organisation), None)
}

fn judge(policy: &AccessTokenPolicy, details: Option<&str>) -> Result<Vec<String>, &'static str> {
    let changes: Vec<_> = details
        .map(|details| ("authorization_details", details))
        .into_iter()
        .collect();
    let token = rs256(&claims(ANSATTPORTEN, &changes));
    let token = verify_access_token(&token, &jwks(), policy, NOW).map_err(VerifyError::code)?;
    Ok(token
        .organisations()
        .iter()
        .map(|party| party.number.to_string())
        .collect())
}
