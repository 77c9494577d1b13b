//! What the library says when it refuses, by the code.

use portvakt_digdir::dialogporten::DialogportenError;
use portvakt_digdir::login::ClaimsError;
use portvakt_digdir::rar::RepresentationError;
use portvakt_digdir::verify::{AccessTokenError, DialogTokenError, DpopError, VerifierMisuse};
use portvakt_oidc::{
    ApiMisuse, CallbackError, DeviceError, IdTokenError, LogoutTokenError, ProviderErrorCode,
    ProviderMisbehaved, SessionError, TransportError,
};

/// The sentence of an error, if there is one with that code.
pub(super) fn sentence(code: &str) -> Option<&'static str> {
    macro_rules! of {
        ($($table:ty),+) => {
            None$(.or_else(|| <$table>::from_code(code).map(|error| error.sentence())))+
        };
    }
    of!(
        portvakt_jose::Error,
        IdTokenError,
        LogoutTokenError,
        AccessTokenError,
        DialogTokenError,
        DpopError,
        CallbackError,
        ProviderErrorCode,
        ProviderMisbehaved,
        TransportError,
        SessionError,
        DeviceError,
        RepresentationError,
        ClaimsError,
        DialogportenError,
        VerifierMisuse,
        ApiMisuse
    )
}
