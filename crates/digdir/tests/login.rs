//! Whole logins at ID-porten and Ansattporten.

use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_digdir::identifiers::Pid;
use portvakt_digdir::login::{Check, LoginRequest, Session};
use portvakt_digdir::rar::{RarRequest, Representation};
use portvakt_digdir::{Error, Preset, Service};
use portvakt_jose::json::{self, Object};
use portvakt_oidc::{PendingLogin, Prompt};

use crate::provider::{DEMO_POST, PID, Provider, begin, client, complete, login, parameters};

fn ansattporten() -> Provider {
    Provider::of(&Preset::ANSATTPORTEN_TEST)
}

fn idporten() -> Provider {
    Provider::of(&Preset::ID_PORTEN_TEST)
}

fn demo_post() -> LoginRequest {
    LoginRequest::on_behalf_of(
        RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap(),
    )
}

fn asking_for(acr_values: &[Acr]) -> LoginRequest {
    let mut request = LoginRequest::default();
    request.acr_values = acr_values.to_vec();
    request
}

fn code(result: Result<Session, Error>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

/// An edit that sets one claim to a JSON value.
fn claim(name: &'static str, value: &str) -> impl Fn(&mut Object) + 'static {
    let value = json::parse(value.as_bytes(), 10_000).expect("JSON");
    move |claims| {
        claims.insert(name, value.clone());
    }
}

#[test]
fn somebody_signs_in_on_behalf_of_an_organisation() {
    let session = login(&ansattporten().granting(DEMO_POST), demo_post()).unwrap();
    assert_eq!(session.service, Service::Ansattporten);
    assert_eq!(session.claims.pid, Some(Pid::parse(PID).unwrap()));
    assert_eq!(session.claims.acr, Acr::Substantial);
    assert_eq!(session.level, Some(AssuranceLevel::Substantial));
    assert_eq!(session.claims.amr, ["TestID"]);
    assert_eq!(session.claims.locale.as_deref(), Some("nb"));
    let representation = session.representation.expect("asked for");
    assert_eq!(
        representation.organisation().unwrap().number().to_string(),
        "310000019"
    );
    let own: Vec<&str> = session
        .checks
        .iter()
        .filter(|check| !matches!(check, Check::Oidc(_)))
        .map(|check| check.code())
        .collect();
    assert_eq!(
        own,
        [
            "assurance_level",
            "pid_check_digits",
            "pid_synthetic",
            "representation",
            "representation_copies"
        ]
    );
    assert!(
        session
            .checks
            .contains(&Check::Oidc(portvakt_oidc::Check::Nonce))
    );
}

#[test]
fn somebody_signs_in_as_themselves_with_idporten() {
    let session = login(&idporten(), asking_for(&[Acr::IdportenLoaSubstantial])).unwrap();
    assert_eq!(session.service, Service::IdPorten);
    assert_eq!(session.representation, None);
    assert_eq!(session.level, Some(AssuranceLevel::Substantial));
    assert!(!session.checks.contains(&Check::Representation));
    assert!(!session.checks.contains(&Check::RepresentationCopies));
}

#[test]
fn the_authorization_request_says_what_was_asked_for() {
    let mut request = demo_post();
    request.acr_values = vec![Acr::Substantial, Acr::Entraid];
    request.prompt = vec![Prompt::Login];
    request.max_age_seconds = Some(600);
    request.ui_locales = vec!["nn".into(), "nb".into()];
    request.resource = vec!["https://api.example".into()];
    let provider = ansattporten();
    let redirect = begin(&provider, &client(&Preset::ANSATTPORTEN_TEST), request).unwrap();
    assert_eq!(redirect.url.origin(), "https://login.test.ansattporten.no");
    let parameters = parameters(&redirect.url);
    for (name, value) in [
        ("acr_values", "substantial entraid"),
        ("prompt", "login"),
        ("max_age", "600"),
        ("ui_locales", "nn nb"),
        ("resource", "https://api.example"),
        (
            "authorization_details",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","representation_is_required":true}]"#,
        ),
    ] {
        assert_eq!(
            parameters.get(name).map(String::as_str),
            Some(value),
            "{name}"
        );
    }
    assert_eq!(
        redirect.pending.acceptable_acr(),
        ["substantial", "high", "entraid"]
    );
}

#[test]
fn without_acr_values_the_service_chooses_from_its_own_ladder() {
    let redirect = begin(
        &idporten(),
        &client(&Preset::ID_PORTEN_TEST),
        LoginRequest::default(),
    )
    .unwrap();
    assert!(!parameters(&redirect.url).contains_key("acr_values"));
    assert!(!parameters(&redirect.url).contains_key("authorization_details"));
    for (acr, expected) in [
        ("idporten-loa-low", "accepted"),
        ("idporten-loa-substantial", "accepted"),
        ("idporten-loa-high", "accepted"),
        ("eidas-loa-high", "token_acr_not_acceptable"),
        ("selfregistered-email", "token_acr_not_acceptable"),
        ("high", "token_acr_not_acceptable"),
        ("Level4", "token_acr_not_acceptable"),
    ] {
        let provider = idporten().edit_claims(claim("acr", &format!("\"{acr}\"")));
        assert_eq!(
            code(login(&provider, LoginRequest::default())),
            expected,
            "{acr}"
        );
    }
}

#[test]
fn equal_or_higher_is_accepted_and_lower_or_other_is_not() {
    for (requested, acr, expected) in [
        (&[Acr::Substantial][..], "substantial", "accepted"),
        (&[Acr::Substantial], "high", "accepted"),
        (&[Acr::Substantial], "entraid", "token_acr_not_acceptable"),
        (&[Acr::Substantial], "low", "token_acr_not_acceptable"),
        (
            &[Acr::Substantial],
            "idporten-loa-high",
            "token_acr_not_acceptable",
        ),
        (&[Acr::High], "substantial", "token_acr_not_acceptable"),
        (&[Acr::High], "high", "accepted"),
        (&[Acr::Entraid], "entraid", "accepted"),
        (&[Acr::Entraid], "high", "token_acr_not_acceptable"),
        (&[Acr::High, Acr::Entraid], "entraid", "accepted"),
        (
            &[Acr::High, Acr::Entraid],
            "substantial",
            "token_acr_not_acceptable",
        ),
    ] {
        let provider = ansattporten().edit_claims(claim("acr", &format!("\"{acr}\"")));
        assert_eq!(
            code(login(&provider, asking_for(requested))),
            expected,
            "{requested:?} {acr}"
        );
    }
}

#[test]
fn a_work_account_has_no_level_and_brings_groups() {
    let provider = ansattporten().edit_claims(|claims| {
        claims.remove("pid");
        claims.insert("acr", "entraid");
        claims.insert("amr", vec!["entraid_pwd", "entraid_mfa"]);
        claims.insert("email", "kari@example.no");
        claims.insert("given_name", "Kari");
        claims.insert("family_name", "Nordmann");
        claims.insert("groups", vec!["6b1f0c5e-0000-4000-8000-000000000001"]);
    });
    let session = login(&provider, asking_for(&[Acr::Entraid])).unwrap();
    assert_eq!((session.level, session.claims.pid), (None, None));
    assert_eq!(session.claims.email.as_deref(), Some("kari@example.no"));
    assert_eq!(session.claims.given_name.as_deref(), Some("Kari"));
    assert_eq!(session.claims.groups.len(), 1);
    assert!(!session.checks.contains(&Check::PidCheckDigits));
}

#[test]
fn claims_are_what_the_services_give_or_refused() {
    let long = format!("\"{}\"", "x".repeat(1025));
    let many = format!("[{}]", vec!["\"g\""; 101].join(","));
    for (name, value, expected) in [
        ("pid", "\"15868510126\"", "accepted"),
        ("pid", "null", "accepted"),
        // By the rule of 2032, and a D-number; both synthetic.
        ("pid", "\"15868510061\"", "accepted"),
        ("pid", "\"41867512347\"", "accepted"),
        ("pid", "\"15868510046\"", "claims_pid"),
        ("pid", "\"1586851004\"", "claims_pid"),
        ("pid", "\"\"", "claims_pid"),
        ("pid", "15868510045", "claims_malformed"),
        ("pid", "[\"15868510045\"]", "claims_malformed"),
        // Valid, and of no synthetic person.
        ("pid", "\"15084560070\"", "claims_pid_not_synthetic"),
        ("name", "\"Kari Nordmann\"", "accepted"),
        ("name", "1", "claims_malformed"),
        ("name", "\"Kari\\nNordmann\"", "claims_malformed"),
        ("email", &long, "claims_malformed"),
        ("groups", "\"one\"", "claims_malformed"),
        ("groups", "[1]", "claims_malformed"),
        ("groups", &many, "claims_malformed"),
        ("groups", "[]", "accepted"),
        ("given_name", "{}", "claims_malformed"),
        ("something_new", "{\"a\":1}", "accepted"),
    ] {
        let provider = ansattporten().edit_claims(claim(name, value));
        assert_eq!(
            code(login(&provider, LoginRequest::default())),
            expected,
            "{name} {value:.40}"
        );
    }
}

#[test]
fn a_real_number_is_refused_from_test_and_simulator_and_accepted_from_production() {
    let simulator = Preset::local(Service::IdPorten, "http://127.0.0.1:8103").unwrap();
    for (preset, expected) in [
        (Preset::ID_PORTEN_TEST, "claims_pid_not_synthetic"),
        (Preset::ANSATTPORTEN_TEST, "claims_pid_not_synthetic"),
        (simulator, "claims_pid_not_synthetic"),
        (Preset::ID_PORTEN_PRODUCTION, "accepted"),
        (Preset::ANSATTPORTEN_PRODUCTION, "accepted"),
    ] {
        let provider = Provider::of(&preset).edit_claims(claim("pid", "\"15084560070\""));
        assert_eq!(
            code(login(&provider, LoginRequest::default())),
            expected,
            "{preset:?}"
        );
    }
}

#[test]
fn representation_is_compared_with_the_request() {
    let mut optional = demo_post();
    optional
        .on_behalf_of
        .as_mut()
        .unwrap()
        .representation_is_required = false;
    let nobody = r#"[{"type":"ansattporten:altinn:resource"}]"#;
    let other = DEMO_POST.replace("demo-post", "demo-skatt");
    let second = DEMO_POST.replace("310000019", "310000027");
    let both = format!(
        "[{},{}]",
        &DEMO_POST[1..DEMO_POST.len() - 1],
        &second[1..second.len() - 1]
    );
    for (request, details, expected) in [
        (&demo_post(), DEMO_POST, "accepted"),
        (&demo_post(), nobody, "representation_required"),
        (&optional, nobody, "accepted"),
        (&demo_post(), &other, "representation_wrong_resource"),
        (&demo_post(), &both, "representation_several_organisations"),
        (
            &demo_post(),
            r#"[{"type":"ansattporten:orgno"}]"#,
            "representation_wrong_type",
        ),
        (
            &LoginRequest::default(),
            DEMO_POST,
            "representation_not_asked_for",
        ),
        (&LoginRequest::default(), "[]", "accepted"),
    ] {
        let result = login(&ansattporten().granting(details), request.clone());
        assert_eq!(code(result), expected, "{details:.60}");
    }
    assert_eq!(
        code(login(&ansattporten(), demo_post())),
        "representation_missing"
    );
    let session = login(&ansattporten().granting(nobody), optional).unwrap();
    assert_eq!(session.representation, Some(Representation::OneSelf));
}

#[test]
fn the_two_copies_must_agree() {
    let second = json::parse(
        DEMO_POST.replace("310000019", "310000027").as_bytes(),
        10_000,
    )
    .unwrap();
    let provider = ansattporten()
        .granting(DEMO_POST)
        .edit_claims(move |claims| {
            claims.insert("authorization_details", second.clone());
        });
    assert_eq!(
        code(login(&provider, demo_post())),
        "representation_copies_disagree"
    );
}

#[test]
fn one_copy_is_enough_and_says_so() {
    let in_id_token = ansattporten().edit_claims(claim("authorization_details", DEMO_POST));
    let in_response = ansattporten().edit_token_response(claim("authorization_details", DEMO_POST));
    for provider in [in_id_token, in_response] {
        let session = login(&provider, demo_post()).unwrap();
        assert!(session.checks.contains(&Check::Representation));
        assert!(!session.checks.contains(&Check::RepresentationCopies));
    }
}

#[test]
fn a_mandate_is_that_of_the_person_who_signed_in() {
    let mandate = |representative: &str| {
        format!(
            r#"[{{"type":"idporten:fullmakt","authorizer":{{"name":"OLA","pid":"15868510126"}},"authorized_representative":{{"name":"KARI","pid":"{representative}"}},"permissions":[{{"owner":"a","role":"arbeid"}}]}}]"#
        )
    };
    let request = || LoginRequest::on_behalf_of(RarRequest::fullmakt(&["arbeid"]).unwrap());
    let session = login(&idporten().granting(&mandate(PID)), request()).unwrap();
    let Some(Representation::Citizen(mandates)) = &session.representation else {
        panic!("a mandate");
    };
    assert_eq!(mandates[0].authorizer().expose(), "15868510126");
    assert!(session.checks.contains(&Check::MandateOfPerson));

    let foreign = idporten().granting(&mandate("15868510207"));
    assert_eq!(
        code(login(&foreign, request())),
        "representation_wrong_mandate"
    );
    let session = login(&idporten().granting("[]"), request()).unwrap();
    assert_eq!(session.representation, Some(Representation::OneSelf));
}

#[test]
fn a_pending_login_of_the_other_service_is_refused() {
    let redirect = begin(
        &idporten(),
        &client(&Preset::ID_PORTEN_TEST),
        asking_for(&[Acr::IdportenLoaHigh]),
    )
    .unwrap();
    let ansattporten_client = client(&Preset::ANSATTPORTEN_TEST);
    let result = complete(
        &ansattporten(),
        &ansattporten_client,
        &redirect.url,
        redirect.pending,
    );
    assert_eq!(code(result), "callback_pending_unreadable");
}

#[test]
fn what_was_stored_is_read_as_strictly_as_it_was_written() {
    let provider = ansattporten().granting(DEMO_POST);
    let client = client(&Preset::ANSATTPORTEN_TEST);
    let redirect = begin(&provider, &client, demo_post()).unwrap();
    let stored = redirect.pending.to_json();
    for (from, to, expected) in [
        ("", "", "accepted"),
        // Without any acr value, the level would not be looked at.
        (
            r#"["substantial","high"]"#,
            "[]",
            "callback_pending_unreadable",
        ),
        (
            r#"["substantial","high"]"#,
            r#"["idporten-loa-high"]"#,
            "callback_pending_unreadable",
        ),
        (
            r#"["substantial","high"]"#,
            r#"["low"]"#,
            "callback_pending_unreadable",
        ),
        (
            "urn:altinn:resource:demo-post",
            "demo-post",
            "representation_request_unreadable",
        ),
        (
            "ansattporten:altinn:resource",
            "idporten:fullmakt",
            "representation_request_unreadable",
        ),
        (
            "representation_is_required",
            "representation_is_requierd",
            "representation_request_unreadable",
        ),
    ] {
        assert!(stored.contains(from), "{from}");
        let pending = PendingLogin::from_json(&stored.replace(from, to)).unwrap();
        assert_eq!(
            code(complete(&provider, &client, &redirect.url, pending)),
            expected,
            "{to}"
        );
    }
}
