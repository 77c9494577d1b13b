use portvakt_digdir::Preset;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::rar::RarType;
use portvakt_digdir::verify::{
    AccessTokenPolicy, Delegation, DialogTokenPolicy, DpopPolicy, RepresentationPolicy,
    SystemUserPolicy, TokenProfile, VerifyError,
};

#[test]
fn a_policy_that_binds_tokens_to_nothing_is_refused() {
    for preset in [
        Preset::ID_PORTEN_TEST,
        Preset::ANSATTPORTEN_TEST,
        Preset::MASKINPORTEN_TEST,
        Preset::ALTINN_TEST,
    ] {
        let mut policy = AccessTokenPolicy::of(&preset, None).expect("a profile");
        assert_eq!(code(&policy), "misuse_verifier_unbound");
        policy.required_scope = vec!["openid".into(), "profile".into()];
        assert_eq!(
            code(&policy),
            "misuse_verifier_unbound",
            "every client gets these"
        );
        policy.required_scope.push("example:api".into());
        assert_eq!(code(&policy), "possible");
        policy.required_scope.clear();
        policy.client_ids = vec!["client-1".into()];
        assert_eq!(code(&policy), "possible");
        policy.client_ids.clear();
        policy.audience = Some("https://api.example".into());
        assert_eq!(code(&policy), "possible");
    }
}

#[test]
fn a_token_by_rfc_9068_needs_an_audience() {
    let mut policy = AccessTokenPolicy::new(TokenProfile::Rfc9068, "https://issuer.example", None);
    policy.required_scope = vec!["example:api".into()];
    policy.client_ids = vec!["client-1".into()];
    assert_eq!(code(&policy), "misuse_verifier_audience_required");
    policy.audience = Some("https://api.example".into());
    assert_eq!(code(&policy), "possible");
    // The profile has no claim that would say so.
    policy.consumers = vec!["310000019".parse().expect("a number")];
    assert_eq!(code(&policy), "misuse_verifier_other_service");
}

#[test]
fn settings_that_cannot_be_are_refused() {
    type Change = fn(&mut AccessTokenPolicy);
    let cases: &[(Change, &str)] = &[
        (
            |policy| policy.audience = Some(String::new()),
            "misuse_verifier_audience",
        ),
        (
            |policy| policy.client_ids = vec![String::new()],
            "misuse_verifier_client_id",
        ),
        (
            |policy| policy.required_scope = vec!["a b".into()],
            "misuse_verifier_scope",
        ),
        (
            |policy| policy.required_scope = vec![String::new()],
            "misuse_verifier_scope",
        ),
        (|policy| policy.algorithms = vec![], "misuse_algorithms"),
        (
            |policy| policy.clock_tolerance_seconds = 301,
            "misuse_clock_tolerance",
        ),
        (
            |policy| policy.issuer = "http://test.ansattporten.no".into(),
            "misuse_url_scheme",
        ),
        (
            |policy| policy.issuer = "https://test.ansattporten.no/?tenant=1".into(),
            "misuse_issuer",
        ),
        (
            |policy| policy.issuer = String::new(),
            "misuse_url_not_absolute",
        ),
        (
            |policy| policy.acr_values = vec![Acr::IdportenLoaHigh],
            "misuse_verifier_other_service",
        ),
        (
            |policy| policy.delegation = Delegation::Refused,
            "misuse_verifier_other_service",
        ),
        (
            |policy| policy.system_user = Some(SystemUserPolicy::default()),
            "misuse_verifier_other_service",
        ),
        (
            |policy| policy.representation = Some(RepresentationPolicy::altinn_resource("demo")),
            "misuse_verifier_representation",
        ),
        (
            |policy| {
                policy.representation =
                    Some(RepresentationPolicy::new(RarType::AltinnResource, None))
            },
            "misuse_verifier_representation",
        ),
        (
            |policy| {
                policy.representation = Some(RepresentationPolicy::new(
                    RarType::Orgno,
                    Some("urn:altinn:resource:demo"),
                ))
            },
            "misuse_verifier_representation",
        ),
        (
            |policy| {
                policy.representation = Some(RepresentationPolicy::new(RarType::Fullmakt, None))
            },
            "misuse_verifier_representation",
        ),
        (
            |policy| {
                let mut representation =
                    RepresentationPolicy::altinn_resource("urn:altinn:resource:demo");
                representation.actions = vec![String::new()];
                policy.representation = Some(representation);
            },
            "misuse_verifier_representation",
        ),
    ];
    for (position, (change, expected)) in cases.iter().enumerate() {
        let mut policy =
            AccessTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, None).expect("a profile");
        policy.required_scope = vec!["example:api".into()];
        assert_eq!(code(&policy), "possible");
        change(&mut policy);
        assert_eq!(code(&policy), *expected, "case {position}");
    }
}

#[test]
fn a_policy_for_representation_is_about_what_its_type_is_about() {
    let (resource, service) = ("urn:altinn:resource:demo", "urn:altinn:resource:2480:40");
    for (rar_type, resource, action, is_possible) in [
        (RarType::AltinnResource, Some(resource), None, true),
        (RarType::AltinnResource, Some(resource), Some("read"), true),
        (RarType::AltinnResource, Some(resource), Some(""), false),
        (RarType::AltinnService, Some(service), None, true),
        (RarType::AltinnService, Some(service), Some("read"), false),
        (RarType::AltinnService, Some(resource), None, false),
        (RarType::AltinnService, None, None, false),
        (RarType::Orgno, None, None, true),
        (RarType::Orgno, None, Some("read"), false),
    ] {
        let mut policy =
            AccessTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, Some("x")).expect("a profile");
        let mut representation = RepresentationPolicy::new(rar_type, resource);
        representation.actions = action.map(String::from).into_iter().collect();
        policy.representation = Some(representation);
        let expected = if is_possible {
            "possible"
        } else {
            "misuse_verifier_representation"
        };
        assert_eq!(
            code(&policy),
            expected,
            "{rar_type:?} {resource:?} {action:?}"
        );
    }
}

#[test]
fn representation_is_ansattportens_and_system_users_are_maskinportens() {
    let mut policy = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    policy.representation = Some(RepresentationPolicy::altinn_resource(
        "urn:altinn:resource:demo",
    ));
    assert_eq!(code(&policy), "misuse_verifier_other_service");
    let mut policy = AccessTokenPolicy::of(&Preset::MASKINPORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    let mut system_user = SystemUserPolicy::default();
    system_user.system_id = Some(String::new());
    policy.system_user = Some(system_user);
    assert_eq!(code(&policy), "misuse_verifier_system_user");
}

#[test]
fn dialogporten_issues_no_access_tokens() {
    let refused =
        AccessTokenPolicy::of(&Preset::DIALOGPORTEN_TEST, Some("x")).expect_err("refused");
    assert_eq!(refused.code(), "misuse_verifier_other_service");
}

#[test]
fn a_dialog_policy_must_be_possible() {
    let policy =
        |id: &str| DialogTokenPolicy::new("https://platform.altinn.no/dialogporten/api/v1", id);
    let id = "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07";
    assert_eq!(policy(id).check(), Ok(()));
    for wrong in [
        "",
        "0194fe82928077a5a7cd5ff0e6a6fa07",
        "0194fe82-9280-77a5-a7cd-5ff0e6a6fa0g",
        "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07 ",
    ] {
        assert_eq!(
            policy(wrong).check().map_err(VerifyError::code),
            Err("misuse_verifier_dialog_id"),
            "{wrong}"
        );
    }
    for wrong in ["", "read;write"] {
        let mut policy = policy(id);
        policy.actions = vec![wrong.into()];
        assert_eq!(
            policy.check().map_err(VerifyError::code),
            Err("misuse_verifier_dialog_action")
        );
    }
    let mut policy = policy(id);
    policy.entity = Some(String::new());
    assert_eq!(
        policy.check().map_err(VerifyError::code),
        Err("misuse_verifier_dialog_entity")
    );
}

#[test]
fn clocks_may_be_five_minutes_apart_and_no_more() {
    let mut access = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, Some("x")).expect("a profile");
    let mut dialog = DialogTokenPolicy::new(
        "https://platform.altinn.no/dialogporten/api/v1",
        "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07",
    );
    let mut dpop = DpopPolicy::default();
    for (seconds, is_possible) in [(0, true), (300, true), (301, false), (302, false)] {
        access.clock_tolerance_seconds = seconds;
        dialog.clock_tolerance_seconds = seconds;
        dpop.clock_tolerance_seconds = seconds;
        let expected = if is_possible {
            (Ok(()), Ok(()), Ok(()))
        } else {
            let code = Err("misuse_clock_tolerance");
            (code, code, Err("misuse_verifier_dpop"))
        };
        let found = (
            access.check().map_err(VerifyError::code),
            dialog.check().map_err(VerifyError::code),
            dpop.check().map_err(|error| error.code()),
        );
        assert_eq!(found, expected, "{seconds}");
    }
}

fn code(policy: &AccessTokenPolicy) -> &'static str {
    policy
        .check()
        .map_or_else(VerifyError::code, |()| "possible")
}
