//! From an API's refusal to a login at a higher level, and to another organisation.

use portvakt_digdir::acr::Acr;
use portvakt_digdir::dialogporten::DialogportenError;
use portvakt_digdir::login::{LoginRequest, Session, StepUp};
use portvakt_digdir::rar::RarRequest;
use portvakt_digdir::{Error, Preset, Service};

use crate::provider::{DEMO_POST, Provider, begin, client, login, parameters};

fn ansattporten() -> Provider {
    Provider::of(&Preset::ANSATTPORTEN_TEST).granting(DEMO_POST)
}

fn session() -> Session {
    let request = RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap();
    login(&ansattporten(), LoginRequest::on_behalf_of(request)).unwrap()
}

fn high() -> Provider {
    ansattporten().edit_claims(|claims| {
        claims.insert("acr", "high");
        let details = portvakt_jose::json::parse(DEMO_POST.as_bytes(), DEMO_POST.len()).unwrap();
        claims.insert("authorization_details", details);
    })
}

fn code<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

#[test]
fn a_step_up_asks_for_the_level_and_for_the_same_representation() {
    let session = session();
    let request = session.step_up_request(&StepUp::to(&[Acr::High])).unwrap();
    let redirect = begin(
        &ansattporten(),
        &client(&Preset::ANSATTPORTEN_TEST),
        request,
    )
    .unwrap();
    let parameters = parameters(&redirect.url);
    assert_eq!(parameters["acr_values"], "high");
    assert!(parameters["authorization_details"].contains("urn:altinn:resource:demo-post"));
    assert!(!parameters.contains_key("prompt"));
}

#[test]
fn a_step_up_ends_well_for_the_same_person_at_the_level_or_above() {
    let session = session();
    assert!(session.satisfies(&[]) && session.satisfies(&[Acr::Entraid, Acr::Substantial]));
    assert!(!session.satisfies(&[Acr::High]));
    for (asked, expected) in [(Acr::High, "accepted"), (Acr::Substantial, "accepted")] {
        let request = session.step_up_request(&StepUp::to(&[asked])).unwrap();
        let outcome = login(&high(), request);
        assert!(
            outcome
                .as_ref()
                .is_ok_and(|after| after.satisfies(&[asked]))
        );
        assert_eq!(code(outcome), expected);
    }
    let request = session.step_up_request(&StepUp::to(&[Acr::High])).unwrap();
    assert_eq!(
        code(login(&ansattporten(), request)),
        "token_acr_not_acceptable"
    );

    let somebody_else = Provider::of(&Preset::ANSATTPORTEN_TEST)
        .granting(DEMO_POST)
        .edit_claims(|claims| {
            claims.insert("acr", "high");
            claims.insert("sub", "somebody-else");
        });
    let request = session.step_up_request(&StepUp::to(&[Acr::High])).unwrap();
    assert_eq!(code(login(&somebody_else, request)), "token_sub_changed");
}

#[test]
fn a_step_up_in_time_asks_to_authenticate_anew() {
    let session = session();
    let mut step_up = StepUp::default();
    step_up.max_age_seconds = Some(0);
    let request = session.step_up_request(&step_up).unwrap();
    let redirect = begin(
        &ansattporten(),
        &client(&Preset::ANSATTPORTEN_TEST),
        request,
    )
    .unwrap();
    let parameters = parameters(&redirect.url);
    assert_eq!(parameters["max_age"], "0");
    assert_eq!(parameters["prompt"], "login");
    // The level that there is, since no other was asked for.
    assert_eq!(parameters["acr_values"], "substantial");
}

#[test]
fn a_level_of_another_service_is_not_asked_for() {
    let outcome = session().step_up_request(&StepUp::to(&[Acr::IdportenLoaHigh]));
    assert_eq!(code(outcome), "misuse_acr_of_other_service");
}

#[test]
fn another_choice_asks_for_the_same_and_takes_nothing_over() {
    let session = session();
    let request = session.switch_request().unwrap();
    let redirect = begin(
        &ansattporten(),
        &client(&Preset::ANSATTPORTEN_TEST),
        request,
    )
    .unwrap();
    let parameters = parameters(&redirect.url);
    assert!(!parameters.contains_key("prompt"));
    assert!(!parameters.contains_key("max_age"));
    assert_eq!(parameters["acr_values"], "substantial");
    assert_eq!(
        parameters.get("authorization_details"),
        session.login.requested_authorization_details.as_ref()
    );
    // Somebody who acts for nobody is asked for nobody.
    let alone = login(
        &Provider::of(&Preset::ANSATTPORTEN_TEST),
        LoginRequest::default(),
    )
    .unwrap();
    assert_eq!(alone.switch_request().unwrap().on_behalf_of, None);
}

#[test]
fn the_challenges_of_apis_are_understood() {
    let of = |service, header| {
        let challenge = portvakt_oidc::StepUp::parse(401, header)?;
        StepUp::of_challenge(service, &challenge)
    };
    let both = r#"Bearer error="insufficient_user_authentication", acr_values="high idporten-loa-high", max_age="600""#;
    let asked = of(Service::Ansattporten, both).unwrap();
    assert_eq!(asked.acr_values, [Acr::High]);
    assert_eq!(asked.max_age_seconds, Some(600));
    let asked = of(Service::IdPorten, both).unwrap();
    assert_eq!(asked.acr_values, [Acr::IdportenLoaHigh]);
    // What the service does not have, nobody can be sent there for.
    let other = r#"Bearer error="insufficient_user_authentication", acr_values="unheard-of""#;
    assert_eq!(of(Service::Ansattporten, other), None);
}

#[test]
fn the_refusals_of_dialogporten_are_understood() {
    let level =
        br#"{"status":403,"errors":{"Forbidden":["Altinn authentication level too low."]}}"#;
    let access = br#"{"status":403,"errors":{"Forbidden":["Forbidden"]}}"#;
    let of = StepUp::of_dialogporten;
    let asked = of(Service::IdPorten, 403, level).unwrap();
    assert_eq!(asked, StepUp::to(&[Acr::IdportenLoaHigh]));
    let asked = of(Service::Ansattporten, 403, level).unwrap();
    assert_eq!(asked, StepUp::to(&[Acr::High]));
    for body in [
        &access[..],
        b"",
        b"<p>",
        b"[]",
        br#"{"errors":{"Forbidden":"x"}}"#,
    ] {
        assert_eq!(of(Service::IdPorten, 403, body), None);
    }
    assert_eq!(of(Service::IdPorten, 401, level), None);
    assert_eq!(of(Service::Maskinporten, 403, level), None);
}

#[test]
fn only_the_refusal_for_its_level_asks_for_one() {
    for error in DialogportenError::ALL {
        let is_transient = error.is_transient();
        assert!(!is_transient || *error != DialogportenError::StepUpRequired);
    }
    let misuse = Error::from(portvakt_digdir::Misuse::DialogId);
    assert_eq!(StepUp::of_error(Service::IdPorten, &misuse), None);
}
