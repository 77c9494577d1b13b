use portvakt_digdir::Preset;
use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_digdir::verify::{
    AccessTokenPolicy, TokenProfile, VerifiedAccessToken, VerifyError, verify_access_token,
};
use portvakt_jose::{Algorithm, UnixTime};

use super::support::{ANSATTPORTEN, IDPORTEN, NOW, claims, eddsa_with, jwks, rs256, rs256_with};

#[test]
fn an_access_token_of_id_porten_is_accepted_by_its_scope() {
    let token = judge(IDPORTEN, &[], &policy()).expect("accepted");
    assert_eq!(token.client_id(), Some("client-1"));
    assert_eq!(token.sub(), Some("x9WJ0s0mePairwiseSubjectValue"));
    assert_eq!(token.scope(), ["openid", "profile", "example:api"]);
    assert_eq!(
        token.acr().and_then(Acr::level),
        Some(AssuranceLevel::Substantial)
    );
    assert_eq!(
        token.pid().map(|pid| pid.expose()).as_deref(),
        Some("15868510045")
    );
    assert_eq!(
        token.consumer().map(|number| number.to_string()).as_deref(),
        Some("310000019")
    );
    assert_eq!(token.expires_at(), UnixTime::new(1_790_000_121));
    assert!(token.organisations().is_empty() && token.supplier().is_none());
    assert_eq!(token.claims().len(), 11);
}

#[test]
fn a_token_is_accepted_by_its_client_alone() {
    let mut policy = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, None).expect("a profile");
    policy.client_ids = vec!["client-0".into(), "client-1".into()];
    assert!(judge(IDPORTEN, &[], &policy).is_ok());
    policy.client_ids.pop();
    assert_eq!(code(IDPORTEN, &[], &policy), "token_client_id_not_allowed");
}

#[test]
fn what_is_wrong_with_a_token_has_a_code() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "iss",
            r#""https://test.idporten.no/""#,
            "token_iss_mismatch",
        ),
        (
            "iss",
            r#""https://test.ansattporten.no""#,
            "token_iss_mismatch",
        ),
        (
            "iss",
            r#"["https://test.idporten.no"]"#,
            "token_iss_malformed",
        ),
        ("iss", "null", "token_iss_missing"),
        ("exp", "1790000050", "token_expired"),
        ("exp", "null", "token_exp_missing"),
        ("exp", r#""1790000121""#, "token_exp_malformed"),
        ("nbf", "1790000071", "token_not_yet_valid"),
        ("nbf", r#""1""#, "token_nbf_malformed"),
        ("iat", "1790000071", "token_iat_future"),
        ("iat", "null", "token_iat_missing"),
        ("nonce", r#""n-0S6_WzA2Mj""#, "token_not_access_token"),
        ("at_hash", r#""x""#, "token_not_access_token"),
        (
            "events",
            r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#,
            "token_not_access_token",
        ),
        (
            "cnf",
            r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#,
            "token_sender_constrained",
        ),
        ("aud", r#""https://other.example""#, "token_aud_unexpected"),
        ("aud", r#"["unspecified"]"#, "token_aud_unexpected"),
        ("aud", "[]", "token_aud_unexpected"),
        ("client_id", "null", "token_client_id_missing"),
        ("client_id", r#""""#, "token_client_id_missing"),
        ("client_id", r#"["client-1"]"#, "token_client_id_malformed"),
        ("scope", "null", "token_scope_missing"),
        ("scope", r#""openid profile""#, "token_scope_insufficient"),
        (
            "scope",
            r#""openid example:api.read""#,
            "token_scope_insufficient",
        ),
        ("scope", r#""example:API""#, "token_scope_insufficient"),
        ("scope", r#""openid  example:api""#, "token_scope_malformed"),
        ("scope", r#"["example:api"]"#, "token_scope_malformed"),
        ("scope", r#""""#, "token_scope_malformed"),
        ("pid", r#""15868510046""#, "token_pid_malformed"),
        ("pid", "15868510045", "token_pid_malformed"),
    ];
    for (name, value, expected) in cases {
        assert_eq!(
            code(IDPORTEN, &[(name, value)], &policy()),
            *expected,
            "{name}: {value}"
        );
    }
    assert!(judge(IDPORTEN, &[("aud", r#""unspecified""#)], &policy()).is_ok());
    assert!(
        judge(
            IDPORTEN,
            &[("exp", "1790000051"), ("iat", "1790000070")],
            &policy()
        )
        .is_ok()
    );
}

#[test]
fn an_id_token_with_the_right_issuer_and_key_is_refused() {
    let id_token = r#"{"iss":"https://test.idporten.no","aud":"client-1","sub":"x","pid":"15868510045",
        "acr":"idporten-loa-high","amr":["BankID"],"locale":"nb","auth_time":1790000000,
        "iat":1790000001,"exp":1790000121,"jti":"Ab3dE6gH9jK"}"#;
    // Without a nonce, as after a login that sent none.
    assert_eq!(code(id_token, &[], &policy()), "token_aud_unexpected");
    assert_eq!(
        code(id_token, &[("nonce", r#""n""#)], &policy()),
        "token_not_access_token"
    );
    let mut for_the_client =
        AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, Some("client-1")).expect("a profile");
    assert_eq!(
        code(id_token, &[], &for_the_client),
        "token_client_id_missing"
    );
    for_the_client.client_ids = vec!["client-1".into()];
    assert_eq!(
        code(id_token, &[], &for_the_client),
        "token_client_id_missing"
    );
}

#[test]
fn other_types_than_an_access_tokens_are_refused() {
    let accepted = claims(IDPORTEN, &[]);
    for (typ, expected) in [
        ("JWT", None),
        ("at+jwt", None),
        ("application/at+jwt", None),
        ("logout+jwt", Some("token_typ_mismatch")),
        ("dpop+jwt", Some("token_typ_mismatch")),
        ("", Some("token_typ_mismatch")),
    ] {
        let header = format!(r#"{{"kid":"rsa","alg":"RS256","typ":"{typ}"}}"#);
        let token = rs256_with(&header, &accepted);
        let result = verify_access_token(&token, &jwks(), &policy(), NOW);
        assert_eq!(result.err().map(VerifyError::code), expected, "{typ}");
    }
}

#[test]
fn only_the_configured_algorithms_are_accepted() {
    let token = eddsa_with(r#"{"alg":"EdDSA","kid":"ed"}"#, &claims(IDPORTEN, &[]));
    let refused = verify_access_token(&token, &jwks(), &policy(), NOW).expect_err("refused");
    assert_eq!(refused.code(), "token_alg_not_allowed");
    let mut policy = policy();
    policy.algorithms = vec![Algorithm::EdDsa];
    assert!(verify_access_token(&token, &jwks(), &policy, NOW).is_ok());
}

#[test]
fn a_named_audience_is_found_among_several_and_replaces_other_bindings() {
    let policy = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, Some("https://api.example"))
        .expect("a profile");
    for (audience, expected) in [
        (r#""https://api.example""#, None),
        (r#"["https://other.example","https://api.example"]"#, None),
        (r#""https://api.example/""#, Some("token_aud_mismatch")),
        (r#"["https://other.example"]"#, Some("token_aud_mismatch")),
        (r#"["https://api.example",1]"#, Some("token_aud_malformed")),
        (r#""unspecified""#, Some("token_aud_mismatch")),
        ("null", Some("token_aud_missing")),
    ] {
        let result = judge(IDPORTEN, &[("aud", audience)], &policy);
        assert_eq!(result.err().map(VerifyError::code), expected, "{audience}");
    }
}

#[test]
fn a_level_is_satisfied_by_itself_and_higher_and_by_nothing_else() {
    let mut policy = policy();
    policy.acr_values = vec![Acr::IdportenLoaSubstantial];
    for (acr, expected) in [
        (r#""idporten-loa-substantial""#, None),
        (r#""idporten-loa-high""#, None),
        (r#""idporten-loa-low""#, Some("token_acr_not_acceptable")),
        (r#""high""#, Some("token_acr_not_acceptable")),
        (r#""eidas-loa-high""#, Some("token_acr_not_acceptable")),
        (r#""Level4""#, Some("token_acr_not_acceptable")),
        (r#"["idporten-loa-high"]"#, Some("token_acr_malformed")),
        ("null", Some("token_acr_missing")),
    ] {
        let result = judge(IDPORTEN, &[("acr", acr)], &policy);
        assert_eq!(result.err().map(VerifyError::code), expected, "{acr}");
    }
}

#[test]
fn consumers_are_those_that_own_the_client() {
    let mut policy = AccessTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    policy.consumers = vec!["310000035".parse().expect("a number")];
    assert!(judge(ANSATTPORTEN, &[], &policy).is_ok());
    // The organisation that is acted for is not the one that owns the client.
    policy.consumers = vec!["310000019".parse().expect("a number")];
    assert_eq!(
        code(ANSATTPORTEN, &[], &policy),
        "token_consumer_not_allowed"
    );
    assert_eq!(
        code(ANSATTPORTEN, &[("consumer", "null")], &policy),
        "token_consumer_missing"
    );
    // One that is named in a new way is nobody's, and refused only where it matters.
    let named_anew = [("consumer", r#"{"authority":"x","ID":"310000035"}"#)];
    assert_eq!(
        code(ANSATTPORTEN, &named_anew, &policy),
        "token_consumer_malformed"
    );
    policy.consumers.clear();
    let token = judge(ANSATTPORTEN, &named_anew, &policy).expect("accepted");
    assert_eq!(token.consumer(), None);
}

#[test]
fn a_token_without_client_is_altinns_where_no_client_is_named() {
    let mut policy = AccessTokenPolicy::of(&Preset::ALTINN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    let issuer = format!("{:?}", policy.issuer);
    let code_of = |changes: &[(&str, &str)], policy: &AccessTokenPolicy| {
        let changes = [&[("iss", issuer.as_str())], changes].concat();
        code(IDPORTEN, &changes, policy)
    };
    assert_eq!(code_of(&[], &policy), "accepted");
    assert_eq!(code_of(&[("client_id", "null")], &policy), "accepted");
    assert_eq!(
        code_of(&[("scope", "null")], &policy),
        "token_scope_missing"
    );
    policy.client_ids = vec!["client-1".into()];
    assert_eq!(
        code_of(&[("client_id", "null")], &policy),
        "token_client_id_missing"
    );
    policy.required_scope.clear();
    assert_eq!(code_of(&[("scope", "null")], &policy), "accepted");
}

#[test]
fn a_token_without_scope_is_no_access_token_of_id_porten() {
    let mut policy = policy();
    policy.required_scope.clear();
    policy.client_ids = vec!["client-1".into()];
    assert_eq!(code(IDPORTEN, &[], &policy), "accepted");
    assert_eq!(
        code(IDPORTEN, &[("scope", "null")], &policy),
        "token_scope_missing"
    );
}

#[test]
fn a_token_by_rfc_9068_has_all_that_the_profile_requires() {
    let issuer = "https://issuer.example";
    let policy = AccessTokenPolicy::new(TokenProfile::Rfc9068, issuer, Some("https://api.example"));
    let text = r#"{"iss":"https://issuer.example","aud":"https://api.example","sub":"alice","client_id":"client-1",
        "iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo"}"#;
    let header = r#"{"kid":"rsa","alg":"RS256","typ":"at+jwt"}"#;
    for (name, value, expected) in [
        ("iat", "1790000001", None),
        ("scope", r#""a b""#, None),
        ("sub", "null", Some("token_sub_missing")),
        ("jti", "null", Some("token_jti_missing")),
        ("jti", "1", Some("token_jti_missing")),
        ("client_id", "null", Some("token_client_id_missing")),
        ("aud", "null", Some("token_aud_missing")),
        ("iat", "null", Some("token_iat_missing")),
        ("exp", "null", Some("token_exp_missing")),
    ] {
        let token = rs256_with(header, &claims(text, &[(name, value)]));
        let result = verify_access_token(&token, &jwks(), &policy, NOW);
        assert_eq!(
            result.err().map(VerifyError::code),
            expected,
            "{name}: {value}"
        );
    }
    let untyped = rs256(&claims(text, &[]));
    let refused = verify_access_token(&untyped, &jwks(), &policy, NOW).expect_err("refused");
    assert_eq!(refused.code(), "token_typ_missing");
}

fn policy() -> AccessTokenPolicy {
    let mut policy = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    policy
}

fn judge(
    text: &str,
    changes: &[(&str, &str)],
    policy: &AccessTokenPolicy,
) -> Result<VerifiedAccessToken, VerifyError> {
    verify_access_token(&rs256(&claims(text, changes)), &jwks(), policy, NOW)
}

fn code(text: &str, changes: &[(&str, &str)], policy: &AccessTokenPolicy) -> &'static str {
    judge(text, changes, policy).map_or_else(VerifyError::code, |_| "accepted")
}
