//! What can go wrong, sorted by whose fault it is.
//!
//! Each kind is one table of variant, stable code, sentence and source. Codes are for programs and
//! never change their meaning; sentences are for people who develop. Neither they nor any `Debug`
//! or `Display` form carries a token, an authorization code, a claim value, or text that a provider
//! chose.

mod misbehaved;
mod provider;
mod session;

use core::fmt;

use portvakt_jose::errors;

pub use misbehaved::ProviderMisbehaved;
pub use provider::{MAX_DESCRIPTION_CHARS, ProviderError, ProviderErrorCode};
pub use session::{DeviceError, SessionError};

use crate::http::TransportError;

/// Why a flow ended early.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The application asked for something that cannot be. Mend the application.
    Misuse(ApiMisuse),
    /// What came back to the redirect URI is not the answer to a login of this browser tab.
    Callback(CallbackError),
    /// The provider said no, in the way the protocol has for that.
    Provider(ProviderError),
    /// The provider, or somebody in its place, broke the protocol.
    Misbehaved(ProviderMisbehaved),
    /// A token or key set was refused.
    Token(portvakt_jose::Error),
    /// The id_token is genuine, but not for this login.
    IdToken(IdTokenError),
    /// No usable answer came back.
    Transport(TransportError),
    /// The session is over, or cannot go on.
    Session(SessionError),
    /// Something is wrong with the device.
    Device(DeviceError),
}

impl Error {
    /// What its table says of it.
    #[must_use]
    pub fn row(&self) -> &'static portvakt_jose::TableRow {
        match self {
            Self::Misuse(error) => error.row(),
            Self::Callback(error) => error.row(),
            Self::Provider(error) => error.code().row(),
            Self::Misbehaved(error) => error.row(),
            Self::Token(error) => error.row(),
            Self::IdToken(error) => error.row(),
            Self::Transport(error) => error.row(),
            Self::Session(error) => error.row(),
            Self::Device(error) => error.row(),
        }
    }

    /// The stable code, such as `callback_state_mismatch`.
    pub fn code(&self) -> &'static str {
        self.row().code
    }

    /// One English sentence for a developer.
    pub fn sentence(&self) -> &'static str {
        self.row().sentence
    }

    /// Where the rule that was broken is written down.
    pub fn source(&self) -> &'static str {
        self.row().source
    }

    /// Whether the same may well succeed at another time: the network was away, or the provider, or
    /// something between them answered in its place.
    ///
    /// A session whose renewal ends so is as good as before; after any other error it cannot be
    /// renewed any more.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Provider(error) => matches!(
                error.code(),
                ProviderErrorCode::ServerError | ProviderErrorCode::TemporarilyUnavailable
            ),
            Self::Misbehaved(error) => matches!(
                error,
                ProviderMisbehaved::Redirected
                    | ProviderMisbehaved::MetadataStatus
                    | ProviderMisbehaved::MetadataContentType
                    | ProviderMisbehaved::TokenStatus
                    | ProviderMisbehaved::TokenContentType
                    | ProviderMisbehaved::JwksStatus
                    | ProviderMisbehaved::JwksContentType
            ),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.sentence())
    }
}

impl core::error::Error for Error {}

macro_rules! from_kind {
    ($($variant:ident($kind:ty)),+ $(,)?) => {
        $(impl From<$kind> for Error {
            fn from(kind: $kind) -> Self {
                Self::$variant(kind)
            }
        })+
    };
}

from_kind! {
    Misuse(ApiMisuse),
    Callback(CallbackError),
    Provider(ProviderError),
    Misbehaved(ProviderMisbehaved),
    Token(portvakt_jose::Error),
    IdToken(IdTokenError),
    Transport(TransportError),
    Session(SessionError),
    Device(DeviceError),
}

errors! {
    /// The application's own mistake: a setting or an argument that cannot be right.
    pub enum ApiMisuse {
        UrlTooLong => "misuse_url_too_long",
            "A URL is longer than 8192 bytes.",
            "RFC 9110 §4.1";
        UrlCharacters => "misuse_url_characters",
            "A URL has a character that must be percent-encoded, or an incomplete percent-encoding.",
            "RFC 3986 §2";
        UrlNotAbsolute => "misuse_url_not_absolute",
            "A URL must be absolute, with scheme and host.",
            "RFC 3986 §4.3";
        UrlScheme => "misuse_url_scheme",
            "A URL must be https; http is for this machine (localhost, 127.0.0.1, [::1]) only.",
            "RFC 8252 §8.3";
        UrlFragment => "misuse_url_fragment",
            "A URL must not have a fragment.",
            "RFC 6749 §3.1.2";
        UrlCredentials => "misuse_url_credentials",
            "A URL must not have a user name or password.",
            "RFC 9110 §4.2.4";
        UrlHost => "misuse_url_host",
            "The host of a URL is neither a host name nor an IP address in its usual form.",
            "RFC 1123 §2.1";
        UrlPort => "misuse_url_port",
            "The port of a URL is not a number from 1 to 65535.",
            "RFC 3986 §3.2.3";
        UrlPath => "misuse_url_path",
            "The path of a URL must not have the segments `.` and `..`.",
            "RFC 3986 §5.2.4";
        Issuer => "misuse_issuer",
            "An issuer must not have a query.",
            "OIDC Discovery §3";
        ReturnPath => "misuse_return_path",
            "People can be returned to a path of this application only, such as `/inbox`.",
            "RFC 9700 §4.11";
        ClientId => "misuse_client_id",
            "The client_id must be 1 to 255 printable ASCII characters.",
            "RFC 6749 §A.1";
        RedirectUri => "misuse_redirect_uri",
            "The redirect_uri must not have a query parameter that the provider's answer uses.",
            "RFC 6749 §3.1.2";
        Scope => "misuse_scope",
            "Scopes must be well-formed, must not repeat, and must include `openid`.",
            "OIDC Core §3.1.2.1";
        Algorithms => "misuse_algorithms",
            "At least one signature algorithm must be allowed.",
            "OIDC Core §3.1.3.7 (7)";
        ClockTolerance => "misuse_clock_tolerance",
            "The clock tolerance must be at most 300 seconds.",
            "RFC 7519 §4.1.4";
        Acr => "misuse_acr",
            "An acr value must be printable ASCII without spaces.",
            "OIDC Core §3.1.2.1";
        Prompt => "misuse_prompt",
            "The prompt `none` cannot be combined with another, and none may repeat.",
            "OIDC Core §3.1.2.1";
        UiLocales => "misuse_ui_locales",
            "A ui_locales value must be a language tag such as `nb`.",
            "OIDC Core §3.1.2.1";
        LoginHint => "misuse_login_hint",
            "The login_hint must be 1 to 1024 characters, none of them a control character.",
            "OIDC Core §3.1.2.1";
        AuthorizationDetails => "misuse_authorization_details",
            "authorization_details must be an array of objects, each with a string `type`.",
            "RFC 9396 §2";
        Resource => "misuse_resource",
            "A resource must be an absolute URI without a fragment.",
            "RFC 8707 §2";
        Entropy => "misuse_entropy",
            "The random bytes are not random: use the platform's cryptographic generator.",
            "RFC 6749 §10.10";
        MetadataOfOtherIssuer => "misuse_metadata_of_other_issuer",
            "The provider metadata given is that of another issuer.",
            "OIDC Discovery §4.3";
        NoUserinfoEndpoint => "misuse_no_userinfo_endpoint",
            "The provider has no userinfo endpoint.",
            "OIDC Discovery §3";
        NoEndSessionEndpoint => "misuse_no_end_session_endpoint",
            "The provider has no end_session_endpoint: it can be signed out of locally only.",
            "OIDC RP-Initiated Logout §2.1";
        DpopKey => "misuse_dpop_key",
            "The key for DPoP is not a public P-256 key, or not the one that the tokens are bound to.",
            "RFC 9449 §5";
        DpopRequest => "misuse_dpop_request",
            "The method or the nonce of a request with DPoP is not one.",
            "RFC 9449 §4.2";
        AnswerMismatch => "misuse_answer_mismatch",
            "A flow that asked for one thing was given the answer to another.",
            "portvakt, drivers";
        Token => "misuse_token",
            "A token must be visible ASCII characters, and not too many of them.",
            "RFC 6749 §A.12";
    }
}

errors! {
    /// What came to the redirect URI cannot be taken for the answer to a login that this tab began.
    pub enum CallbackError {
        TooLong => "callback_too_long",
            "The address that the provider sent people back to is too long.",
            "RFC 9110 §4.1";
        Malformed => "callback_malformed",
            "The address that the provider sent people back to is not well-formed.",
            "RFC 6749 §B";
        Empty => "callback_empty",
            "The address carries neither a code nor an error.",
            "RFC 6749 §4.1.2";
        ParameterRepeated => "callback_parameter_repeated",
            "A parameter of the answer comes more than once.",
            "RFC 6749 §3.1";
        Mixed => "callback_mixed",
            "The answer is a success and a failure at once.",
            "RFC 6749 §4.1.2";
        TokenInUrl => "callback_token_in_url",
            "The answer carries a token in the address, which was not asked for.",
            "RFC 9700 §2.1.2";
        CodeMalformed => "callback_code_malformed",
            "The code of the answer is empty, too long, or not printable ASCII.",
            "RFC 6749 §A.11";
        StateMissing => "callback_state_missing",
            "The answer has no state.",
            "RFC 6749 §4.1.2";
        StateUnknown => "callback_state_unknown",
            "No login of this tab waits for this answer: begun elsewhere, or used already.",
            "RFC 9700 §4.7";
        Interrupted => "callback_interrupted",
            "The page was reloaded or left while the login was being completed.",
            "RFC 6749 §4.1.2";
        StateMismatch => "callback_state_mismatch",
            "The state of the answer is not that of the login.",
            "RFC 6749 §10.12";
        PendingUnreadable => "callback_pending_unreadable",
            "What was stored about the login cannot be read, or has been tampered with.",
            "RFC 9700 §4.7";
        PendingExpired => "callback_pending_expired",
            "The login was begun too long ago.",
            "RFC 9700 §4.2.4";
        PendingOfOtherClient => "callback_pending_of_other_client",
            "The login was begun with another issuer, client_id or redirect_uri.",
            "RFC 9700 §4.4";
        WrongAddress => "callback_wrong_address",
            "The answer came to another address than the redirect_uri.",
            "RFC 9700 §4.1.3";
        IssMissing => "callback_iss_missing",
            "The answer does not say which issuer it is from.",
            "RFC 9207 §2.4";
        IssMismatch => "callback_iss_mismatch",
            "The answer is from another issuer than the one that was asked.",
            "RFC 9207 §2.4";
    }
}

errors! {
    /// The id_token is signed by the provider and for this client, and yet not the answer to this
    /// login.
    ///
    /// These are the steps that need to know what was asked for; the others are
    /// [`portvakt_jose::Error`].
    pub enum IdTokenError {
        NonceMissing => "token_nonce_missing",
            "The id_token has no nonce.",
            "OIDC Core §3.1.3.7 (11)";
        NonceMismatch => "token_nonce_mismatch",
            "The nonce of the id_token is not that of the login.",
            "OIDC Core §3.1.3.7 (11)";
        SubjectChanged => "token_sub_changed",
            "The id_token is about somebody else than the person who was signed in.",
            "OIDC Core §12.2";
        AuthorizedPartyChanged => "token_azp_changed",
            "The renewed id_token was issued to somebody else than the one before.",
            "OIDC Core §12.2";
        AuthTimeChanged => "token_auth_time_changed",
            "The renewed id_token tells of another sign-in than the one before.",
            "OIDC Core §12.2";
        AcrMissing => "token_acr_missing",
            "The id_token does not say how the person was authenticated.",
            "OIDC Core §3.1.3.7 (12)";
        AcrMalformed => "token_acr_malformed",
            "The acr of the id_token is not a text.",
            "OIDC Core §2";
        AcrNotAcceptable => "token_acr_not_acceptable",
            "The person was authenticated at another level or by other means than asked for.",
            "OIDC Core §3.1.3.7 (12)";
        AuthTimeMissing => "token_auth_time_missing",
            "The id_token does not say when the person was authenticated.",
            "OIDC Core §3.1.3.7 (13)";
        AuthTimeMalformed => "token_auth_time_malformed",
            "The auth_time of the id_token is not a date as a number of seconds.",
            "OIDC Core §2";
        AuthTimeInTheFuture => "token_auth_time_future",
            "The person was authenticated in the future, by this clock.",
            "OIDC Core §2";
        AuthTimeTooOld => "token_auth_time_too_old",
            "The person was authenticated too long ago.",
            "OIDC Core §3.1.3.7 (13)";
        AtHashMalformed => "token_at_hash_malformed",
            "The at_hash of the id_token is not a text.",
            "OIDC Core §3.1.3.6";
        AtHashMismatch => "token_at_hash_mismatch",
            "The id_token was issued with another access token.",
            "OIDC Core §3.1.3.8";
    }
}
