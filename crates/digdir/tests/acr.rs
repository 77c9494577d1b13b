//! Assurance levels: the table, and what satisfies what.

use portvakt_digdir::acr::{Acr, AssuranceLevel, acceptable};
use portvakt_digdir::{Misuse, Service};

use Acr::{
    EidasLoaHigh, EidasLoaSubstantial, Entraid, High, IdportenLoaHigh, IdportenLoaLow,
    IdportenLoaSubstantial, SelfregisteredEmail, Substantial,
};

#[test]
fn every_value_has_its_service_and_level() {
    for (text, service, level) in [
        (
            "idporten-loa-low",
            Service::IdPorten,
            Some(AssuranceLevel::Low),
        ),
        (
            "idporten-loa-substantial",
            Service::IdPorten,
            Some(AssuranceLevel::Substantial),
        ),
        (
            "idporten-loa-high",
            Service::IdPorten,
            Some(AssuranceLevel::High),
        ),
        (
            "eidas-loa-substantial",
            Service::IdPorten,
            Some(AssuranceLevel::Substantial),
        ),
        (
            "eidas-loa-high",
            Service::IdPorten,
            Some(AssuranceLevel::High),
        ),
        ("selfregistered-email", Service::IdPorten, None),
        (
            "substantial",
            Service::Ansattporten,
            Some(AssuranceLevel::Substantial),
        ),
        ("high", Service::Ansattporten, Some(AssuranceLevel::High)),
        ("entraid", Service::Ansattporten, None),
    ] {
        let acr = Acr::parse(text).unwrap();
        assert_eq!(
            (acr.as_str(), acr.service(), acr.level()),
            (text, service, level)
        );
    }
    assert_eq!(Acr::ALL.len(), 9);
}

#[test]
fn the_ladder_is_ordered() {
    for (level, text) in [
        (AssuranceLevel::Low, "low"),
        (AssuranceLevel::Substantial, "substantial"),
        (AssuranceLevel::High, "high"),
    ] {
        assert_eq!((level.as_str(), &*level.to_string()), (text, text));
    }
    assert!(AssuranceLevel::Low < AssuranceLevel::Substantial);
    assert!(AssuranceLevel::Substantial < AssuranceLevel::High);
}

#[test]
fn what_no_service_has_is_refused_and_what_it_once_had_is_explained() {
    for (text, expected) in [
        ("Level3", "misuse_acr_legacy"),
        ("Level4", "misuse_acr_legacy"),
        ("level4", "misuse_acr_unknown"),
        // Stands in old samples of Ansattporten.
        ("low", "misuse_acr_unknown"),
        ("High", "misuse_acr_unknown"),
        ("idporten-loa-high ", "misuse_acr_unknown"),
        ("eidas-loa-low", "misuse_acr_unknown"),
        ("entra-id", "misuse_acr_unknown"),
        ("", "misuse_acr_unknown"),
    ] {
        assert_eq!(
            Acr::parse(text).map_err(Misuse::code),
            Err(expected),
            "{text:?}"
        );
    }
    assert!(Misuse::AcrLegacy.sentence().contains("idporten-loa-high"));
}

#[test]
fn equal_or_higher_within_what_was_asked_for_is_acceptable() {
    let idporten: &[(&[Acr], &[Acr])] = &[
        (
            &[],
            &[IdportenLoaLow, IdportenLoaSubstantial, IdportenLoaHigh],
        ),
        (
            &[IdportenLoaLow],
            &[IdportenLoaLow, IdportenLoaSubstantial, IdportenLoaHigh],
        ),
        (
            &[IdportenLoaSubstantial],
            &[IdportenLoaSubstantial, IdportenLoaHigh],
        ),
        (&[IdportenLoaHigh], &[IdportenLoaHigh]),
        (&[EidasLoaSubstantial], &[EidasLoaSubstantial, EidasLoaHigh]),
        (&[EidasLoaHigh], &[EidasLoaHigh]),
        (&[SelfregisteredEmail], &[SelfregisteredEmail]),
        (
            &[IdportenLoaHigh, EidasLoaHigh],
            &[IdportenLoaHigh, EidasLoaHigh],
        ),
        (
            &[SelfregisteredEmail, IdportenLoaSubstantial],
            &[IdportenLoaSubstantial, IdportenLoaHigh, SelfregisteredEmail],
        ),
    ];
    let ansattporten: &[(&[Acr], &[Acr])] = &[
        (&[], &[Substantial, High]),
        (&[Substantial], &[Substantial, High]),
        (&[High], &[High]),
        (&[Entraid], &[Entraid]),
        (&[Substantial, Entraid], &[Substantial, High, Entraid]),
        (&[High, Entraid], &[High, Entraid]),
    ];
    for (service, rows) in [
        (Service::IdPorten, idporten),
        (Service::Ansattporten, ansattporten),
    ] {
        for (requested, expected) in rows {
            assert_eq!(
                acceptable(service, requested).as_deref(),
                Ok(*expected),
                "{requested:?}"
            );
        }
    }
}

#[test]
fn values_of_another_service_are_refused() {
    for (service, requested) in [
        (Service::IdPorten, High),
        (Service::IdPorten, Entraid),
        (Service::Ansattporten, IdportenLoaHigh),
        (Service::Ansattporten, EidasLoaHigh),
        (Service::Ansattporten, SelfregisteredEmail),
    ] {
        let mut values = vec![requested];
        assert_eq!(
            acceptable(service, &values),
            Err(Misuse::AcrOfOtherService),
            "{requested}"
        );
        values.extend(Acr::ALL.iter().find(|acr| acr.service() == service));
        assert_eq!(
            acceptable(service, &values),
            Err(Misuse::AcrOfOtherService),
            "{requested}"
        );
    }
    for service in [
        Service::Maskinporten,
        Service::Altinn,
        Service::Dialogporten,
    ] {
        assert_eq!(
            acceptable(service, &[]).as_deref(),
            Ok(&[][..]),
            "{service}"
        );
    }
}

#[test]
fn nothing_off_the_ladder_satisfies_a_level_nor_the_other_way() {
    for off in [Entraid, SelfregisteredEmail] {
        for other in Acr::ALL.iter().copied().filter(|other| *other != off) {
            assert!(
                !off.satisfies(other) && !other.satisfies(off),
                "{off} and {other}"
            );
        }
    }
}
