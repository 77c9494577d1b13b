use portvakt_digdir::identifiers::Party;
use portvakt_digdir::verify::{
    DialogTokenPolicy, VerifiedDialogToken, VerifyError, parse_jwks, verify_dialog_token,
};
use portvakt_jose::UnixTime;

use super::support::{DIALOG, NOW, claims, eddsa, eddsa_with, jwks, rs256};

const ISSUER: &str = "https://platform.tt02.altinn.no/dialogporten/api/v1";
const DIALOG_ID: &str = "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07";

#[test]
fn a_token_that_the_real_service_signed_is_accepted() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors/dialogporten/dialog-token.txt"
    );
    let Ok(token) = std::fs::read_to_string(path) else {
        println!(
            "skipped: a_token_that_the_real_service_signed_is_accepted: the token is not beside the project"
        );
        return;
    };
    let token = token.trim();
    let keys = parse_jwks(
        None,
        br#"{"keys":[{"kty":"OKP","use":"sig","kid":"dp-staging-240322-o5ymn","crv":"Ed25519",
            "x":"zs9hR9oqgf53th2lTdrBq3C1TZ9UlR-HVJOiUpWV63o","alg":"EdDSA"}]}"#,
    )
    .expect("a key set");
    let mut policy = DialogTokenPolicy::new(ISSUER, DIALOG_ID);
    policy.actions = vec!["read".into()];
    let now = UnixTime::new(1_739_523_600);
    let token_of = |now| verify_dialog_token(token, &keys, &policy, now);
    let accepted = token_of(now).expect("accepted");
    assert_eq!(accepted.level(), 3);
    assert_eq!(
        accepted.service_resource(),
        "urn:altinn:resource:dagl-correspondence"
    );
    assert_eq!(accepted.actions(), ["read"]);
    assert_eq!(accepted.expires_at(), UnixTime::new(1_739_523_967));
    assert_eq!(
        token_of(UnixTime::new(1_739_523_977))
            .map_err(VerifyError::code)
            .err(),
        Some("token_expired")
    );
    assert_eq!(
        token_of(UnixTime::new(1_739_523_356))
            .map_err(VerifyError::code)
            .err(),
        Some("token_not_yet_valid")
    );

    let altered = token.replacen(".eyJqdGkiOiIz", ".eyJqdGkiOiI0", 1);
    let refused = verify_dialog_token(&altered, &keys, &policy, now).map_err(VerifyError::code);
    assert_eq!(refused.err(), Some("token_signature_invalid"));
    let other_keys = parse_jwks(
        None,
        br#"{"keys":[{"kty":"OKP","use":"sig","kid":"dp-staging-240322-rju3g","crv":"Ed25519",
            "x":"23Sijekv5ATW4sSEiRPzL_rXH-zRV8MK8jcs5ExCmSU","alg":"EdDSA"}]}"#,
    );
    let refused = verify_dialog_token(token, &other_keys.expect("a key set"), &policy, now);
    assert_eq!(
        refused.map_err(VerifyError::code).err(),
        Some("token_key_unknown")
    );
}

#[test]
fn what_the_token_says_is_told() {
    let token = judge(&[], &policy()).expect("accepted");
    assert_eq!(
        token.party(),
        &Party::parse("urn:altinn:organization:identifier-no:310000019").expect("a party")
    );
    assert_eq!(
        token.authenticated_party(),
        &Party::parse("urn:altinn:person:identifier-no:15868510045").expect("a party")
    );
    assert_eq!(
        token.actions(),
        ["read", "sign,urn:altinn:subresource:page2", "write"]
    );
    assert_eq!(token.entities(), ["attachment-1", "transmission-2"]);
    assert_eq!(token.level(), 3);
    assert_eq!(token.service_resource(), "urn:altinn:resource:demo-post");
    let bare = judge(&[("a", r#""""#), ("e", "null")], &policy()).expect("accepted");
    assert!(bare.actions().is_empty() && bare.entities().is_empty());
}

#[test]
fn what_is_wrong_with_a_dialog_token_has_a_code() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "iss",
            r#""https://platform.altinn.no/dialogporten/api/v1""#,
            "token_iss_mismatch",
        ),
        ("exp", "1790000050", "token_expired"),
        ("nbf", "1790000071", "token_not_yet_valid"),
        ("iat", "1790000071", "token_iat_future"),
        (
            "i",
            r#""0194fe82-9280-77a5-a7cd-5ff0e6a6fa08""#,
            "token_dialog_mismatch",
        ),
        ("i", "null", "token_dialog_malformed"),
        ("i", r#""0194fe82""#, "token_dialog_malformed"),
        ("a", "null", "token_dialog_malformed"),
        ("a", r#"["read"]"#, "token_dialog_malformed"),
        ("e", r#""attachment-1""#, "token_dialog_malformed"),
        ("e", "[1]", "token_dialog_malformed"),
        ("e", r#"[""]"#, "token_dialog_malformed"),
        ("l", r#""3""#, "token_dialog_malformed"),
        ("l", "3.0", "token_dialog_malformed"),
        ("l", "-1", "token_dialog_malformed"),
        ("l", "256", "token_dialog_malformed"),
        ("l", "0", "token_dialog_level_too_low"),
        ("p", r#""310000019""#, "token_dialog_malformed"),
        ("c", "null", "token_dialog_malformed"),
        ("s", r#""""#, "token_dialog_malformed"),
    ];
    for (name, value, expected) in cases {
        assert_eq!(
            code(&[(name, value)], &policy()),
            *expected,
            "{name}: {value}"
        );
    }
    assert_eq!(
        code(
            &[("i", r#""0194FE82-9280-77A5-A7CD-5FF0E6A6FA07""#)],
            &policy()
        ),
        "accepted"
    );
    assert_eq!(code(&[("l", "4")], &policy()), "accepted");
    assert_eq!(code(&[("unknown", "{}")], &policy()), "accepted");
}

#[test]
fn actions_are_compared_entry_by_entry() {
    for (action, expected) in [
        ("read", "accepted"),
        ("Read", "accepted"),
        ("write", "accepted"),
        ("sign,urn:altinn:subresource:page2", "accepted"),
        ("sign", "token_dialog_action_missing"),
        (
            "sign,urn:altinn:subresource:page",
            "token_dialog_action_missing",
        ),
        ("rea", "token_dialog_action_missing"),
        (
            "urn:altinn:subresource:page2",
            "token_dialog_action_missing",
        ),
    ] {
        let mut policy = policy();
        policy.actions = vec!["read".into(), action.into()];
        assert_eq!(code(&[], &policy), expected, "{action}");
    }
}

#[test]
fn entity_level_resource_and_party_must_be_the_required_ones() {
    let mut entity = policy();
    entity.entity = Some("attachment-1".into());
    assert_eq!(code(&[], &entity), "accepted");
    assert_eq!(
        code(&[("e", "null")], &entity),
        "token_dialog_entity_missing"
    );
    entity.entity = Some("attachment".into());
    assert_eq!(code(&[], &entity), "token_dialog_entity_missing");

    let mut level = policy();
    level.minimum_level = 4;
    assert_eq!(code(&[], &level), "token_dialog_level_too_low");
    level.minimum_level = 0;
    assert_eq!(code(&[("l", "0")], &level), "accepted");

    let mut resource = policy();
    resource.service_resource = Some("urn:altinn:resource:demo-post".into());
    assert_eq!(code(&[], &resource), "accepted");
    resource.service_resource = Some("urn:altinn:resource:demo".into());
    assert_eq!(
        code(&[], &resource),
        "token_dialog_service_resource_mismatch"
    );

    let mut party = policy();
    party.party =
        Some(Party::parse("urn:altinn:organization:identifier-no:310000027").expect("a party"));
    assert_eq!(code(&[], &party), "token_dialog_party_mismatch");
}

#[test]
fn other_types_and_algorithms_are_refused() {
    let accepted = claims(DIALOG, &[]);
    for (header, expected) in [
        (r#"{"alg":"Ed25519","typ":"JWT","kid":"ed"}"#, "accepted"),
        (r#"{"alg":"EdDSA","kid":"ed"}"#, "token_typ_missing"),
        (
            r#"{"alg":"EdDSA","typ":"dialogcontexttoken+jwt","kid":"ed"}"#,
            "token_typ_mismatch",
        ),
        (r#"{"alg":"none","typ":"JWT"}"#, "token_alg_not_allowed"),
        (
            r#"{"alg":"EdDSA","typ":"JWT","kid":"other"}"#,
            "token_key_unknown",
        ),
    ] {
        let result = verify_dialog_token(&eddsa_with(header, &accepted), &jwks(), &policy(), NOW);
        assert_eq!(
            result.map_or_else(VerifyError::code, |_| "accepted"),
            expected,
            "{header}"
        );
    }
    let result = verify_dialog_token(&rs256(&accepted), &jwks(), &policy(), NOW);
    assert_eq!(
        result.map_err(VerifyError::code).err(),
        Some("token_alg_not_allowed")
    );
}

fn policy() -> DialogTokenPolicy {
    DialogTokenPolicy::new(ISSUER, DIALOG_ID)
}

fn judge(
    changes: &[(&str, &str)],
    policy: &DialogTokenPolicy,
) -> Result<VerifiedDialogToken, VerifyError> {
    verify_dialog_token(&eddsa(&claims(DIALOG, changes)), &jwks(), policy, NOW)
}

fn code(changes: &[(&str, &str)], policy: &DialogTokenPolicy) -> &'static str {
    judge(changes, policy).map_or_else(VerifyError::code, |_| "accepted")
}
