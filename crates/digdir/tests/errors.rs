//! The tables of errors, taken together.

use std::collections::BTreeMap;

use portvakt_digdir::dialogporten::DialogportenError;
use portvakt_digdir::identifiers::IdentifierError;
use portvakt_digdir::login::{Check, ClaimsError};
use portvakt_digdir::rar::RepresentationError;
use portvakt_digdir::{Error, Misuse};

/// Code, sentence and source of every row.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    macro_rules! rows {
        ($($table:ty),+) => {
            [$(<$table>::ALL.iter().map(|row| (row.code(), row.sentence(), row.source())).collect::<Vec<_>>()),+]
                .concat()
        };
    }
    rows!(
        Misuse,
        ClaimsError,
        RepresentationError,
        DialogportenError,
        IdentifierError
    )
}

#[test]
fn codes_are_unique_and_named_after_their_group() {
    let mut seen = BTreeMap::new();
    for (code, sentence, source) in rows() {
        assert_eq!(seen.insert(code, sentence), None, "{code}");
        let groups = [
            "misuse_",
            "claims_",
            "representation_",
            "dialogporten_",
            "identifier_",
        ];
        assert!(groups.iter().any(|group| code.starts_with(group)), "{code}");
        assert!(
            code.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
            "{code}"
        );
        assert!(sentence.ends_with('.') && !source.is_empty(), "{code}");
    }
    let oidc = portvakt_oidc::ApiMisuse::ALL.iter().map(|row| row.code());
    for code in oidc {
        assert!(!seen.contains_key(code), "{code} is of portvakt-oidc");
    }
}

#[test]
fn checks_have_codes_of_their_own() {
    let mut codes: Vec<&str> = Check::OWN.iter().map(|check| check.code()).collect();
    codes.extend(
        portvakt_oidc::Check::ALL
            .iter()
            .map(|check| Check::Oidc(*check).code()),
    );
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
    for check in portvakt_oidc::Check::ALL {
        let own = Check::Oidc(*check);
        assert_eq!(
            (own.sentence(), own.source()),
            (check.sentence(), check.source())
        );
    }
    for check in Check::OWN {
        assert!(
            check.sentence().ends_with('.') && !check.source().is_empty(),
            "{}",
            check.code()
        );
    }
}

#[test]
fn an_error_speaks_for_what_is_in_it() {
    for (error, code) in [
        (Error::from(Misuse::AcrLegacy), "misuse_acr_legacy"),
        (Error::from(ClaimsError::Pid), "claims_pid"),
        (
            Error::from(RepresentationError::Required),
            "representation_required",
        ),
        (
            Error::from(portvakt_oidc::TransportError::TimedOut),
            "transport_timed_out",
        ),
        (
            Error::from(portvakt_oidc::Error::from(
                portvakt_oidc::CallbackError::StateMissing,
            )),
            "callback_state_missing",
        ),
    ] {
        assert_eq!(error.code(), code);
        assert_eq!(error.to_string(), error.sentence());
        assert!(!error.source().is_empty());
    }
}
