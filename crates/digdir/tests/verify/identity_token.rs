use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_digdir::rar::{RarRequest, Representation};
use portvakt_digdir::verify::{IdentityTokenPolicy, VerifiedIdentityToken, verify_identity_token};
use portvakt_digdir::{Error, Preset};

use super::support::{NOW, claims, jwks, rs256};

/// An id_token of Ansattporten.
const ID_TOKEN: &str = r#"{
    "iss":"https://test.ansattporten.no","aud":"client-1","sub":"x9WJ0s0mePairwiseSubjectValue",
    "pid":"15868510045","acr":"high","amr":["TestID"],"nonce":"n-0S6_WzA2Mj",
    "auth_time":1789999960,"iat":1790000001,"exp":1790000121}"#;

const DETAILS: &str = r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo-post","name":"SYNTETISK PRØVE AS","unit_type":"AS"}]}]"#;

fn policy() -> IdentityTokenPolicy {
    IdentityTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, "client-1").expect("a policy")
}

fn demo_post() -> RarRequest {
    RarRequest::altinn_resource("urn:altinn:resource:demo-post").expect("a request")
}

fn judge(
    changes: &[(&str, &str)],
    policy: &IdentityTokenPolicy,
) -> Result<VerifiedIdentityToken, Error> {
    verify_identity_token(&rs256(&claims(ID_TOKEN, changes)), &jwks(), policy, NOW)
}

fn code(changes: &[(&str, &str)], policy: &IdentityTokenPolicy) -> &'static str {
    judge(changes, policy)
        .err()
        .map_or("accepted", |error| error.code())
}

#[test]
fn an_id_token_gives_what_a_login_gives() {
    let mut policy = policy();
    policy.nonce = Some("n-0S6_WzA2Mj".into());
    policy.acr_values = vec![Acr::Substantial];
    policy.on_behalf_of = Some(demo_post());
    let token = judge(&[("authorization_details", DETAILS)], &policy).expect("accepted");
    assert_eq!(token.claims.acr, Acr::High);
    assert_eq!(token.level, Some(AssuranceLevel::High));
    assert_eq!(
        token.claims.pid.map(|pid| pid.expose()).as_deref(),
        Some("15868510045")
    );
    let organisation = token
        .representation
        .as_ref()
        .and_then(Representation::organisation);
    assert_eq!(
        organisation.map(|one| one.number().to_string()).as_deref(),
        Some("310000019")
    );
    assert_eq!(token.id_token.sub(), "x9WJ0s0mePairwiseSubjectValue");
    let checks: Vec<_> = token.checks.iter().map(|check| check.code()).collect();
    assert_eq!(
        checks,
        [
            "signature",
            "algorithm",
            "typ",
            "iss",
            "aud",
            "exp",
            "iat",
            "nonce",
            "acr",
            "sub",
            "assurance_level",
            "pid_check_digits",
            "pid_synthetic",
            "representation"
        ]
    );
}

#[test]
fn what_a_login_refuses_is_refused() {
    let cases: &[(&str, &str, &str)] = &[
        ("iss", r#""https://ansattporten.no""#, "token_iss_mismatch"),
        ("aud", r#""client-2""#, "token_aud_mismatch"),
        ("exp", "1790000000", "token_expired"),
        ("acr", r#""idporten-loa-high""#, "token_acr_not_acceptable"),
        ("acr", r#""entraid""#, "token_acr_not_acceptable"),
        ("acr", "null", "token_acr_missing"),
        ("pid", r#""15868510046""#, "claims_pid"),
        ("pid", r#""12345678901""#, "claims_pid"),
        // A number of the kind that people have: no 80 added to the month.
        ("pid", r#""01010050053""#, "claims_pid_not_synthetic"),
        ("name", "7", "claims_malformed"),
        (
            "authorization_details",
            DETAILS,
            "representation_not_asked_for",
        ),
    ];
    for (name, value, expected) in cases {
        assert_eq!(
            code(&[(name, value)], &policy()),
            *expected,
            "{name} {value}"
        );
    }
    let mut other_nonce = policy();
    other_nonce.nonce = Some("another".into());
    assert_eq!(code(&[], &other_nonce), "token_nonce_mismatch");
    let mut recent = policy();
    recent.authenticated_since = Some(NOW);
    assert_eq!(code(&[], &recent), "token_auth_time_too_old");
    assert_eq!(code(&[("nonce", "null")], &policy()), "accepted");
}

#[test]
fn representation_is_what_was_asked_for_or_nothing() {
    let mut policy = policy();
    policy.on_behalf_of = Some(demo_post());
    assert_eq!(code(&[], &policy), "representation_missing");
    let other = DETAILS.replace("demo-post", "other");
    assert_eq!(
        code(&[("authorization_details", &other)], &policy),
        "representation_wrong_resource"
    );
    let oneself = r#"[{"type":"ansattporten:altinn:resource"}]"#;
    assert_eq!(
        code(&[("authorization_details", oneself)], &policy),
        "representation_required"
    );
}

#[test]
fn a_policy_of_another_service_is_refused() {
    let outcome = IdentityTokenPolicy::of(&Preset::MASKINPORTEN_TEST, "client-1");
    assert_eq!(
        outcome.err().map(|error| error.code()),
        Some("misuse_service_signs_nobody_in")
    );
    let mut policy = policy();
    policy.acr_values = vec![Acr::IdportenLoaHigh];
    assert_eq!(code(&[], &policy), "misuse_acr_of_other_service");
    let mut policy =
        IdentityTokenPolicy::of(&Preset::ID_PORTEN_TEST, "client-1").expect("a policy");
    policy.on_behalf_of = Some(demo_post());
    assert_eq!(code(&[], &policy), "misuse_rar_of_other_service");
}

#[test]
fn nothing_printed_tells_who_it_is() {
    let mut policy = policy();
    policy.nonce = Some("n-0S6_WzA2Mj".into());
    let token = judge(&[], &policy).expect("accepted");
    let printed = format!("{token:?} {policy:?}");
    for secret in ["15868510045", "x9WJ0s0m", "n-0S6_WzA2Mj"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

#[test]
fn a_service_is_found_by_its_issuer() {
    use portvakt_digdir::{Environment, Service};
    let of =
        |service, issuer| Preset::of_issuer(service, issuer).map(|preset| preset.environment());
    assert_eq!(
        of(Service::IdPorten, "https://idporten.no"),
        Ok(Environment::Production)
    );
    assert_eq!(
        of(Service::IdPorten, "http://127.0.0.1:8103"),
        Ok(Environment::Local)
    );
    for issuer in [
        "https://ansattporten.no",
        "https://idporten.no/",
        "https://op.example",
        "",
    ] {
        let error = of(Service::IdPorten, issuer)
            .err()
            .map(|error| error.code());
        assert_eq!(error, Some("misuse_issuer_of_other_service"), "{issuer}");
    }
}

#[test]
fn what_is_too_large_is_not_called_malformed() {
    for (text, expected) in [
        ("a".repeat(128 * 1024), "token_malformed"),
        ("a".repeat(128 * 1024 + 1), "token_too_large"),
        ("a.b.c d".to_owned(), "token_malformed"),
        (String::new(), "token_malformed"),
    ] {
        let judged = verify_identity_token(&text, &jwks(), &policy(), NOW);
        let code = judged.err().map_or("accepted", |error| error.code());
        assert_eq!(code, expected, "{} bytes", text.len());
    }
}
