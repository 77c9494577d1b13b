use core::fmt;

use portvakt_jose::errors;

use crate::error::ApiMisuse;

/// Why a logout token was not obeyed.
///
/// It is no kind of [`Error`](crate::Error): whoever signs people in never sees a logout token, and
/// whoever is told of logouts signs nobody in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LogoutTokenRefusal {
    /// The expectation cannot be: a mistake of the application's own.
    Misuse(ApiMisuse),
    /// The token is not genuine, not of the issuer, not for these clients, or not valid now.
    Token(portvakt_jose::Error),
    /// The token is genuine, but no order to log out.
    LogoutToken(LogoutTokenError),
}

impl LogoutTokenRefusal {
    /// What its table says of it.
    #[must_use]
    pub const fn row(self) -> &'static portvakt_jose::TableRow {
        match self {
            Self::Misuse(error) => error.row(),
            Self::Token(error) => error.row(),
            Self::LogoutToken(error) => error.row(),
        }
    }

    /// The stable code, such as `token_events_missing`.
    pub const fn code(self) -> &'static str {
        self.row().code
    }

    /// One English sentence for a developer.
    pub const fn sentence(self) -> &'static str {
        self.row().sentence
    }

    /// Where the rule that was broken is written down.
    pub const fn source_of_rule(self) -> &'static str {
        self.row().source
    }
}

impl fmt::Display for LogoutTokenRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.sentence())
    }
}

impl core::error::Error for LogoutTokenRefusal {}

impl From<ApiMisuse> for LogoutTokenRefusal {
    fn from(error: ApiMisuse) -> Self {
        Self::Misuse(error)
    }
}

impl From<portvakt_jose::Error> for LogoutTokenRefusal {
    fn from(error: portvakt_jose::Error) -> Self {
        Self::Token(error)
    }
}

impl From<LogoutTokenError> for LogoutTokenRefusal {
    fn from(error: LogoutTokenError) -> Self {
        Self::LogoutToken(error)
    }
}

errors! {
    /// The token is signed by the provider and for this client, and yet no logout token, or none
    /// that a session can be found by.
    pub enum LogoutTokenError {
        EventsMissing => "token_events_missing",
            "The logout token tells of no events.",
            "OIDC Back-Channel Logout §2.6 (5)";
        EventsMalformed => "token_events_malformed",
            "The events of the logout token are not an object with an object for each event.",
            "OIDC Back-Channel Logout §2.4";
        EventMismatch => "token_events_mismatch",
            "The logout token tells of other events than a logout.",
            "OIDC Back-Channel Logout §2.6 (5)";
        NoncePresent => "token_nonce_prohibited",
            "The logout token has a nonce, as only id_tokens may have.",
            "OIDC Back-Channel Logout §2.6 (6)";
        SessionMissing => "token_logout_of_nobody",
            "The logout token names neither a session nor a person.",
            "OIDC Back-Channel Logout §2.6 (4)";
        SidMissing => "token_sid_missing",
            "The logout token names no session, and a session cannot be found without.",
            "OIDC Back-Channel Logout §2.2";
        SidMalformed => "token_sid_malformed",
            "The session is not a text of 1 to 255 printable ASCII characters.",
            "OIDC Back-Channel Logout §2.4";
        JtiMissing => "token_logout_jti_missing",
            "The logout token has no jti, so that a replay could not be told.",
            "OIDC Back-Channel Logout §2.4";
        JtiMalformed => "token_logout_jti_malformed",
            "The jti of the logout token is not a text of 1 to 255 bytes.",
            "RFC 7519 §4.1.7";
    }
}
