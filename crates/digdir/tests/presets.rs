//! Issuers to the character, and where the services' parts are.

use portvakt_digdir::{Environment, Misuse, Preset, Service};

#[test]
fn issuers_are_exact_with_a_slash_where_there_is_one() {
    for (preset, issuer, metadata_url) in [
        (
            Preset::ID_PORTEN_PRODUCTION,
            "https://idporten.no",
            "https://idporten.no/.well-known/openid-configuration",
        ),
        (
            Preset::ID_PORTEN_TEST,
            "https://test.idporten.no",
            "https://test.idporten.no/.well-known/openid-configuration",
        ),
        (
            Preset::ANSATTPORTEN_PRODUCTION,
            "https://ansattporten.no",
            "https://ansattporten.no/.well-known/openid-configuration",
        ),
        (
            Preset::ANSATTPORTEN_TEST,
            "https://test.ansattporten.no",
            "https://test.ansattporten.no/.well-known/openid-configuration",
        ),
        (
            Preset::MASKINPORTEN_PRODUCTION,
            "https://maskinporten.no/",
            "https://maskinporten.no/.well-known/oauth-authorization-server",
        ),
        (
            Preset::MASKINPORTEN_TEST,
            "https://test.maskinporten.no/",
            "https://test.maskinporten.no/.well-known/oauth-authorization-server",
        ),
        (
            Preset::ALTINN_PRODUCTION,
            "https://platform.altinn.no/authentication/api/v1/openid/",
            "https://platform.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration",
        ),
        (
            Preset::ALTINN_TEST,
            "https://platform.tt02.altinn.no/authentication/api/v1/openid/",
            "https://platform.tt02.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration",
        ),
        (
            Preset::DIALOGPORTEN_PRODUCTION,
            "https://platform.altinn.no/dialogporten/api/v1",
            "https://platform.altinn.no/dialogporten/api/v1/.well-known/oauth-authorization-server",
        ),
        (
            Preset::DIALOGPORTEN_TEST,
            "https://platform.tt02.altinn.no/dialogporten/api/v1",
            "https://platform.tt02.altinn.no/dialogporten/api/v1/.well-known/oauth-authorization-server",
        ),
    ] {
        assert_eq!(preset.issuer(), issuer);
        assert_eq!(preset.metadata_url(), metadata_url);
    }
}

#[test]
fn every_service_is_there_in_production_and_in_test_and_found_by_its_issuer() {
    for service in Service::ALL {
        for environment in [Environment::Production, Environment::Test] {
            let preset = Preset::of(*service, environment).expect("there is one");
            assert_eq!(
                (preset.service(), preset.environment()),
                (*service, environment)
            );
            assert_eq!(Preset::by_issuer(preset.issuer()), Some(preset));
        }
        assert_eq!(Preset::of(*service, Environment::Local), None);
    }
    for issuer in [
        "https://idporten.no/",
        "https://maskinporten.no",
        "https://example.no",
        "",
    ] {
        assert_eq!(Preset::by_issuer(issuer), None, "{issuer:?}");
    }
}

#[test]
fn pages_are_on_another_origin_than_the_issuer() {
    for (preset, origin) in [
        (
            Preset::ID_PORTEN_PRODUCTION,
            Some("https://login.idporten.no"),
        ),
        (
            Preset::ID_PORTEN_TEST,
            Some("https://login.test.idporten.no"),
        ),
        (
            Preset::ANSATTPORTEN_PRODUCTION,
            Some("https://login.ansattporten.no"),
        ),
        (
            Preset::ANSATTPORTEN_TEST,
            Some("https://login.test.ansattporten.no"),
        ),
        (Preset::MASKINPORTEN_PRODUCTION, None),
    ] {
        assert_eq!(preset.login_origin(), origin);
    }
}

#[test]
fn altinn_and_dialogporten_have_a_base_url() {
    for (preset, base_url) in [
        (
            Preset::ALTINN_PRODUCTION,
            Some("https://platform.altinn.no"),
        ),
        (Preset::ALTINN_TEST, Some("https://platform.tt02.altinn.no")),
        (
            Preset::DIALOGPORTEN_PRODUCTION,
            Some("https://platform.altinn.no/dialogporten"),
        ),
        (
            Preset::DIALOGPORTEN_TEST,
            Some("https://platform.tt02.altinn.no/dialogporten"),
        ),
        (Preset::ID_PORTEN_TEST, None),
    ] {
        assert_eq!(preset.base_url(), base_url);
    }
}

#[test]
fn a_simulator_is_named_by_its_service_and_issuer() {
    for (service, issuer, metadata_url, base_url) in [
        (
            Service::Ansattporten,
            "http://127.0.0.1:8101",
            "http://127.0.0.1:8101/.well-known/openid-configuration",
            None,
        ),
        (
            Service::IdPorten,
            "http://localhost:8103",
            "http://localhost:8103/.well-known/openid-configuration",
            None,
        ),
        (
            Service::Maskinporten,
            "http://[::1]:8200/",
            "http://[::1]:8200/.well-known/oauth-authorization-server",
            None,
        ),
        (
            Service::Dialogporten,
            "http://127.0.0.1:8105/dialogporten/api/v1",
            "http://127.0.0.1:8105/dialogporten/api/v1/.well-known/oauth-authorization-server",
            Some("http://127.0.0.1:8105/dialogporten"),
        ),
        (
            Service::Altinn,
            "https://altinn.localhost/authentication/api/v1/openid/",
            "https://altinn.localhost/authentication/api/v1/openid/.well-known/openid-configuration",
            Some("https://altinn.localhost"),
        ),
    ] {
        let preset = Preset::local(service, issuer).unwrap();
        assert_eq!(
            (preset.service(), preset.environment()),
            (service, Environment::Local)
        );
        assert_eq!(preset.issuer(), issuer);
        assert_eq!(preset.metadata_url(), metadata_url);
        assert_eq!(preset.base_url(), base_url);
    }
}

#[test]
fn what_is_not_on_this_machine_is_not_local() {
    for (service, issuer) in [
        (Service::IdPorten, "https://test.idporten.no"),
        (Service::IdPorten, "https://localhost.example.no"),
        (Service::IdPorten, "http://192.168.0.10:8101"),
        (Service::IdPorten, "http://127.0.0.1:8101?tenant=1"),
        (Service::IdPorten, "http://127.0.0.1:8101#a"),
        (Service::IdPorten, "127.0.0.1:8101"),
        (Service::IdPorten, "ftp://127.0.0.1"),
        (Service::IdPorten, ""),
        // Dialogporten's issuer ends as its API does; otherwise its base URL would be a guess.
        (Service::Dialogporten, "http://127.0.0.1:8105/dialogporten"),
    ] {
        assert_eq!(
            Preset::local(service, issuer),
            Err(Misuse::LocalIssuer),
            "{issuer:?}"
        );
    }
}
