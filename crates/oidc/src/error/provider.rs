use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use portvakt_jose::errors;

/// The longest `error_description` that is kept, in characters. One or two sentences.
pub const MAX_DESCRIPTION_CHARS: usize = 300;

/// The provider's own refusal: an OAuth error code and perhaps a description.
///
/// The description is text of the provider's choosing, and anybody can craft a callback URL with
/// one. It is kept for a developer's eyes: cut to [`MAX_DESCRIPTION_CHARS`] of the characters that
/// RFC 6749 §5.2 allows, absent from `Debug` and `Display`, and never to be shown as markup.
#[derive(Clone, Eq, PartialEq)]
pub struct ProviderError {
    code: ProviderErrorCode,
    /// In a box, so that errors, which are handed on by value, are small.
    description: Option<Box<str>>,
}

impl ProviderError {
    /// Reads `error` and `error_description`. A code that is not in the table is
    /// [`ProviderErrorCode::Other`].
    pub(crate) fn new(error: &str, description: Option<&str>) -> Self {
        Self {
            code: ProviderErrorCode::of(error),
            description: description
                .map(sanitise)
                .filter(|text| !text.is_empty())
                .map(String::into_boxed_str),
        }
    }

    /// The refusal, by its code.
    pub fn code(&self) -> ProviderErrorCode {
        self.code
    }

    /// What the provider said besides, made harmless but not made true.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

impl fmt::Debug for ProviderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProviderError")
            .field("code", &self.code)
            .field("has_description", &self.description.is_some())
            .finish()
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.sentence())
    }
}

impl core::error::Error for ProviderError {}

errors! {
    /// What a provider refuses with. `provider_` and the error code of the specification.
    pub enum ProviderErrorCode {
        AccessDenied => "provider_access_denied",
            "The person cancelled, or the provider denied the request.",
            "RFC 6749 §4.1.2.1";
        InvalidRequest => "provider_invalid_request",
            "The provider finds the request malformed.",
            "RFC 6749 §4.1.2.1";
        UnauthorizedClient => "provider_unauthorized_client",
            "The client may not ask for this.",
            "RFC 6749 §4.1.2.1";
        UnsupportedResponseType => "provider_unsupported_response_type",
            "The provider does not support the code flow for this client.",
            "RFC 6749 §4.1.2.1";
        InvalidScope => "provider_invalid_scope",
            "A scope is unknown to the provider or not granted to the client.",
            "RFC 6749 §4.1.2.1";
        ServerError => "provider_server_error",
            "Something failed at the provider.",
            "RFC 6749 §4.1.2.1";
        TemporarilyUnavailable => "provider_temporarily_unavailable",
            "The provider is overloaded or under maintenance.",
            "RFC 6749 §4.1.2.1";
        InteractionRequired => "provider_interaction_required",
            "The provider needs to talk to the person, which the request did not allow.",
            "OIDC Core §3.1.2.6";
        LoginRequired => "provider_login_required",
            "The person is not signed in at the provider, and the request did not allow to ask.",
            "OIDC Core §3.1.2.6";
        AccountSelectionRequired => "provider_account_selection_required",
            "The person must choose an account, which the request did not allow.",
            "OIDC Core §3.1.2.6";
        ConsentRequired => "provider_consent_required",
            "The person must consent, which the request did not allow.",
            "OIDC Core §3.1.2.6";
        InvalidRequestUri => "provider_invalid_request_uri",
            "The provider could not use the request_uri.",
            "OIDC Core §3.1.2.6";
        InvalidRequestObject => "provider_invalid_request_object",
            "The provider could not use the request object.",
            "OIDC Core §3.1.2.6";
        RequestNotSupported => "provider_request_not_supported",
            "The provider does not support request objects.",
            "OIDC Core §3.1.2.6";
        RequestUriNotSupported => "provider_request_uri_not_supported",
            "The provider does not support request_uri.",
            "OIDC Core §3.1.2.6";
        RegistrationNotSupported => "provider_registration_not_supported",
            "The provider does not support the registration parameter.",
            "OIDC Core §3.1.2.6";
        UnmetAuthenticationRequirements => "provider_unmet_authentication_requirements",
            "The person cannot be authenticated at the level asked for.",
            "OIDC Unmet Authentication Requirements §2";
        InvalidTarget => "provider_invalid_target",
            "The provider does not know the resource, or does not issue tokens for it.",
            "RFC 8707 §2";
        InvalidAuthorizationDetails => "provider_invalid_authorization_details",
            "The provider refuses the authorization_details.",
            "RFC 9396 §5";
        InvalidClient => "provider_invalid_client",
            "The client is unknown, or authenticates in another way than it is registered with.",
            "RFC 6749 §5.2";
        InvalidGrant => "provider_invalid_grant",
            "The code or refresh token is expired, used, revoked, or was issued to another request.",
            "RFC 6749 §5.2";
        UnsupportedGrantType => "provider_unsupported_grant_type",
            "The provider does not support the grant type.",
            "RFC 6749 §5.2";
        UnsupportedTokenType => "provider_unsupported_token_type",
            "The provider cannot revoke such a token.",
            "RFC 7009 §2.2.1";
        InvalidToken => "provider_invalid_token",
            "The access token is expired, revoked or malformed.",
            "RFC 6750 §3.1";
        InsufficientScope => "provider_insufficient_scope",
            "The access token lacks a scope.",
            "RFC 6750 §3.1";
        InvalidDpopProof => "provider_invalid_dpop_proof",
            "The provider refuses the DPoP proof.",
            "RFC 9449 §5";
        UseDpopNonce => "provider_use_dpop_nonce",
            "The provider asks for DPoP with a nonce.",
            "RFC 9449 §8";
        InsufficientUserAuthentication => "provider_insufficient_user_authentication",
            "The person must be authenticated at a higher level, or anew.",
            "RFC 9470 §3";
        Other => "provider_other",
            "The provider refused with a code that is not a registered one.",
            "RFC 6749 §8.5";
    }
}

impl ProviderErrorCode {
    /// The row whose code is `provider_` and `error`.
    fn of(error: &str) -> Self {
        Self::ALL
            .iter()
            .copied()
            .find(|row| *row != Self::Other && row.code().strip_prefix("provider_") == Some(error))
            .unwrap_or(Self::Other)
    }
}

/// Keeps the characters that RFC 6749 §5.2 allows in a description, and not too many.
fn sanitise(description: &str) -> String {
    let allowed = |character: &char| {
        matches!(character, '\x20'..='\x7e' | '\u{a1}'..='\u{17f}')
            && !"\"\\<>&`".contains(*character)
    };
    let kept: String = description
        .chars()
        .filter(allowed)
        .take(MAX_DESCRIPTION_CHARS)
        .collect();
    String::from(kept.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_registered_error_has_its_row_and_all_others_are_other() {
        for row in ProviderErrorCode::ALL {
            let error = row.code().strip_prefix("provider_");
            assert_eq!(error.map(ProviderErrorCode::of), Some(*row));
        }
        for error in [
            "",
            "ACCESS_DENIED",
            "access_denied ",
            "no_such_error",
            "provider_access_denied",
        ] {
            assert_eq!(
                ProviderErrorCode::of(error),
                ProviderErrorCode::Other,
                "{error:?}"
            );
        }
    }

    #[test]
    fn description_keeps_no_markup_no_controls_and_has_a_limit() {
        let error = ProviderError::new(
            "access_denied",
            Some("\u{202e}<b>Nei</b>\r\n&amp; takk, Åse "),
        );
        assert_eq!(error.description(), Some("bNei/bamp; takk, Åse"));
        for (sent, kept) in [
            (MAX_DESCRIPTION_CHARS, MAX_DESCRIPTION_CHARS),
            (MAX_DESCRIPTION_CHARS + 1, MAX_DESCRIPTION_CHARS),
            (5000, MAX_DESCRIPTION_CHARS),
        ] {
            let error = ProviderError::new("access_denied", Some(&"x".repeat(sent)));
            assert_eq!(error.description().map(str::len), Some(kept));
        }
        assert_eq!(
            ProviderError::new("access_denied", Some("<>\u{7}")).description(),
            None
        );
    }
}
