//! What the application cannot have, refused before anything is sent.

use portvakt_digdir::acr::Acr;
use portvakt_digdir::identifiers::Pid;
use portvakt_digdir::login::{Client, LoginRequest, test_login_hint};
use portvakt_digdir::rar::{AltinnService, RarRequest};
use portvakt_digdir::{Error, Misuse, Preset, Service};
use portvakt_oidc::{Issuer, Url};

use crate::provider::{PID, Provider, REDIRECT_URI, begin, client, complete, login_with};

fn code<T>(result: Result<T, Error>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "accepted")
}

#[test]
fn requests_that_must_not_go_out_are_refused_before_anything_is_sent() {
    let resource = || RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap();
    let service = AltinnService::parse("urn:altinn:resource:2480:40").unwrap();
    let service = || RarRequest::altinn_services([service.clone()]).unwrap();
    let fullmakt = || RarRequest::fullmakt(&["arbeid"]).unwrap();
    let mut wrong_flag = RarRequest::orgno();
    wrong_flag.allow_deleted_organizations = true;
    let (idporten, ansattporten) = (Preset::ID_PORTEN_TEST, Preset::ANSATTPORTEN_TEST);
    let rows: Vec<(&Preset, &[Acr], Option<RarRequest>, &str)> = vec![
        (&idporten, &[Acr::High], None, "misuse_acr_of_other_service"),
        (
            &idporten,
            &[Acr::IdportenLoaHigh, Acr::Entraid],
            None,
            "misuse_acr_of_other_service",
        ),
        (
            &ansattporten,
            &[Acr::IdportenLoaHigh],
            None,
            "misuse_acr_of_other_service",
        ),
        (
            &ansattporten,
            &[Acr::SelfregisteredEmail],
            None,
            "misuse_acr_of_other_service",
        ),
        (
            &idporten,
            &[],
            Some(resource()),
            "misuse_rar_of_other_service",
        ),
        (
            &idporten,
            &[],
            Some(RarRequest::orgno()),
            "misuse_rar_of_other_service",
        ),
        (
            &ansattporten,
            &[],
            Some(fullmakt()),
            "misuse_rar_of_other_service",
        ),
        (
            &ansattporten,
            &[],
            Some(RarRequest::orgno()),
            "misuse_rar_needs_other_acr",
        ),
        (
            &ansattporten,
            &[Acr::High],
            Some(RarRequest::orgno()),
            "misuse_rar_needs_other_acr",
        ),
        (
            &ansattporten,
            &[Acr::Entraid],
            Some(resource()),
            "misuse_rar_needs_other_acr",
        ),
        (
            &ansattporten,
            &[Acr::Entraid],
            Some(service()),
            "misuse_rar_needs_other_acr",
        ),
        (
            &idporten,
            &[Acr::SelfregisteredEmail],
            Some(fullmakt()),
            "misuse_rar_needs_other_acr",
        ),
        (
            &ansattporten,
            &[Acr::Entraid],
            Some(wrong_flag),
            "misuse_rar_flag",
        ),
        (
            &ansattporten,
            &[Acr::Entraid],
            Some(RarRequest::orgno()),
            "sent",
        ),
        (
            &ansattporten,
            &[Acr::Substantial, Acr::Entraid],
            Some(resource()),
            "sent",
        ),
        (&ansattporten, &[], Some(resource()), "sent"),
        (&idporten, &[], Some(fullmakt()), "sent"),
    ];
    for (preset, acr_values, on_behalf_of, expected) in rows {
        let mut request = LoginRequest::default();
        request.acr_values = acr_values.to_vec();
        request.on_behalf_of = on_behalf_of;
        let result = begin(&Provider::of(preset), &client(preset), request.clone());
        let code = result.as_ref().map_or_else(Error::code, |_| "sent");
        assert_eq!(code, expected, "{request:?}");
    }
}

#[test]
fn only_services_that_people_sign_in_with_have_clients() {
    for preset in [
        Preset::MASKINPORTEN_TEST,
        Preset::ALTINN_PRODUCTION,
        Preset::DIALOGPORTEN_TEST,
    ] {
        let client = Client::new(preset, "client", Url::parse(REDIRECT_URI).unwrap());
        assert_eq!(client.map(|_| ()), Err(Misuse::ServiceSignsNobodyIn.into()));
    }
}

#[test]
fn a_client_keeps_the_issuer_of_its_service() {
    let mut mixed = client(&Preset::ANSATTPORTEN_TEST);
    mixed.oidc.issuer = Issuer::parse("https://test.idporten.no").unwrap();
    let result = begin(
        &Provider::of(&Preset::ANSATTPORTEN_TEST),
        &mixed,
        LoginRequest::default(),
    );
    assert_eq!(result.map(|_| ()), Err(Misuse::IssuerOfOtherService.into()));

    let own = client(&Preset::ANSATTPORTEN_TEST);
    let redirect = begin(
        &Provider::of(&Preset::ANSATTPORTEN_TEST),
        &own,
        LoginRequest::default(),
    )
    .unwrap();
    let result = complete(
        &Provider::of(&Preset::ANSATTPORTEN_TEST),
        &mixed,
        &redirect.url,
        redirect.pending,
    );
    assert_eq!(code(result), "misuse_issuer_of_other_service");
}

#[test]
fn headless_logins_are_for_synthetic_people_in_test_environments() {
    let synthetic = Pid::parse(PID).unwrap();
    let real = Pid::parse("15084560070").unwrap();
    let simulator = Preset::local(Service::Ansattporten, "http://127.0.0.1:8101").unwrap();
    for (preset, pid, acr, expected) in [
        (
            &Preset::ID_PORTEN_TEST,
            &synthetic,
            Acr::IdportenLoaHigh,
            Ok("testid:15868510045_idporten-loa-high"),
        ),
        (
            &Preset::ANSATTPORTEN_TEST,
            &synthetic,
            Acr::Substantial,
            Ok("testid:15868510045_substantial"),
        ),
        (
            &simulator,
            &synthetic,
            Acr::High,
            Ok("testid:15868510045_high"),
        ),
        (
            &Preset::ID_PORTEN_PRODUCTION,
            &synthetic,
            Acr::IdportenLoaHigh,
            Err(Misuse::TestLoginInProduction),
        ),
        (
            &Preset::ANSATTPORTEN_PRODUCTION,
            &synthetic,
            Acr::High,
            Err(Misuse::TestLoginInProduction),
        ),
        (
            &Preset::ID_PORTEN_TEST,
            &real,
            Acr::IdportenLoaHigh,
            Err(Misuse::TestLoginRealPid),
        ),
        (&simulator, &real, Acr::High, Err(Misuse::TestLoginRealPid)),
        (
            &Preset::ID_PORTEN_TEST,
            &synthetic,
            Acr::High,
            Err(Misuse::AcrOfOtherService),
        ),
        (
            &Preset::MASKINPORTEN_TEST,
            &synthetic,
            Acr::High,
            Err(Misuse::ServiceSignsNobodyIn),
        ),
    ] {
        assert_eq!(
            test_login_hint(preset, pid, acr)
                .as_deref()
                .map_err(|error| *error),
            expected
        );
    }
}

#[test]
fn a_headless_login_does_not_go_to_production() {
    let hint = test_login_hint(
        &Preset::ID_PORTEN_TEST,
        &Pid::parse(PID).unwrap(),
        Acr::IdportenLoaHigh,
    );
    let mut request = LoginRequest::default();
    request.login_hint = Some(hint.unwrap());
    for (preset, expected) in [
        (Preset::ID_PORTEN_TEST, "accepted"),
        (
            Preset::ID_PORTEN_PRODUCTION,
            "misuse_test_login_in_production",
        ),
    ] {
        let client = client(&preset);
        let result = login_with(&Provider::of(&preset), &client, request.clone());
        assert_eq!(code(result), expected);
    }
}
