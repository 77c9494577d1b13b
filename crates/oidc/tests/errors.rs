//! The tables of errors, as a whole.

use std::collections::BTreeSet;

use portvakt_oidc::{
    ApiMisuse, CallbackError, DeviceError, Error, IdTokenError, LogoutTokenError,
    ProviderErrorCode, ProviderMisbehaved, SessionError, TransportError,
};

type Row = (&'static str, &'static str, &'static str);

macro_rules! rows {
    ($table:ty) => {
        <$table>::ALL
            .iter()
            .map(|row| (row.code(), row.sentence(), row.source()))
            .collect::<Vec<Row>>()
    };
}

#[test]
fn codes_are_unique_in_snake_case_and_begin_with_their_group() {
    let tables = [
        ("misuse_", rows!(ApiMisuse)),
        ("callback_", rows!(CallbackError)),
        ("provider_", rows!(ProviderErrorCode)),
        ("misbehaved_", rows!(ProviderMisbehaved)),
        ("transport_", rows!(TransportError)),
        ("session_", rows!(SessionError)),
        ("device_", rows!(DeviceError)),
        ("token_", rows!(IdTokenError)),
        ("token_", rows!(LogoutTokenError)),
        ("token_", rows!(portvakt_jose::Error)),
    ];
    let mut codes = BTreeSet::new();
    for (group, table) in tables {
        for (code, sentence, source) in table {
            assert!(code.starts_with(group), "{code}");
            assert!(
                code.bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')),
                "{code}"
            );
            assert!(
                codes.insert(code),
                "{code} is in two tables, or twice in one"
            );
            assert!(sentence.ends_with('.') && sentence.len() > 20, "{code}");
            assert!(!source.is_empty(), "{code}");
        }
    }
}

#[test]
fn an_error_speaks_with_the_voice_of_its_kind() {
    let cases: [(Error, &str, &str, &str); 6] = [
        (
            ApiMisuse::Entropy.into(),
            "misuse_entropy",
            "The random bytes",
            "RFC 6749 §10.10",
        ),
        (
            CallbackError::StateMismatch.into(),
            "callback_state_mismatch",
            "The state",
            "RFC 6749 §10.12",
        ),
        (
            ProviderMisbehaved::TokenType.into(),
            "misbehaved_token_type",
            "The token response",
            "OIDC Core §3.1.3.3",
        ),
        (
            portvakt_jose::Error::Expired.into(),
            "token_expired",
            "The token has expired",
            "OIDC Core §3.1.3.7 (9)",
        ),
        (
            IdTokenError::NonceMissing.into(),
            "token_nonce_missing",
            "The id_token has no",
            "OIDC Core §3.1.3.7 (11)",
        ),
        (
            TransportError::TimedOut.into(),
            "transport_timed_out",
            "The server did not",
            "RFC 9110 §15.6.5",
        ),
    ];
    for (error, code, sentence, source) in cases {
        assert_eq!(error.code(), code);
        assert!(error.sentence().starts_with(sentence), "{code}");
        assert_eq!(error.source(), source);
        assert_eq!(error.to_string(), error.sentence());
    }
}
