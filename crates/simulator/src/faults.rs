//! Faults by name: what a broken or hostile provider might do, done on request.
//!
//! A fault is armed for a number of responses and then gone. Its name is the same in Rust, in the
//! control API and in the browser.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// The most responses that a fault can be armed for.
pub const MAX_TIMES: u32 = 1_000_000;

/// Where a fault shows itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Place {
    /// The metadata of a provider.
    Discovery,
    /// The redirect from the provider back to the application.
    AuthorizationResponse,
    /// The answer of the token endpoint.
    TokenResponse,
    /// The answer to a refresh token.
    Renewal,
    /// Proof of possession at the token endpoint.
    Dpop,
    /// The id_token.
    IdToken,
    /// `authorization_details` of the token response and its copies in the tokens.
    Representation,
    /// The key set.
    Jwks,
    /// The userinfo endpoint.
    Userinfo,
    /// The pushed authorization request endpoint.
    Par,
    /// The revocation endpoint.
    Revocation,
    /// The redirect after signing out.
    LogoutResponse,
    /// The frames of other applications when a person signs out.
    FrontchannelLogout,
    /// The token that is posted to applications when a person signs out.
    LogoutToken,
    /// Dialogporten's end-user API.
    Dialogporten,
}

impl Place {
    /// The place in a few words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::AuthorizationResponse => "authorization response",
            Self::TokenResponse => "token response",
            Self::Renewal => "renewal",
            Self::Dpop => "DPoP",
            Self::IdToken => "id_token",
            Self::Representation => "authorization_details",
            Self::Jwks => "JWKS",
            Self::Userinfo => "userinfo",
            Self::Par => "PAR",
            Self::Revocation => "revocation",
            Self::LogoutResponse => "logout response",
            Self::FrontchannelLogout => "front-channel logout",
            Self::LogoutToken => "logout token",
            Self::Dialogporten => "Dialogporten",
        }
    }
}

macro_rules! faults {
    ($($variant:ident => $name:literal, $place:ident, $sentence:literal;)*) => {
        /// Something that a provider does wrong when told to.
        #[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = $sentence] $variant,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, in snake_case.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where it shows itself.
            #[must_use]
            pub fn place(self) -> Place {
                match self { $(Self::$variant => Place::$place,)* }
            }

            /// What it does, in one sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

faults! {
    DiscoveryDown => "discovery_down", Discovery, "The metadata endpoint answers 503.";
    DiscoveryIssuerMismatch => "discovery_issuer_mismatch", Discovery, "The metadata names another issuer than the one it is read from.";
    DiscoveryWithoutS256 => "discovery_without_s256", Discovery, "The metadata offers only the PKCE method plain.";
    DiscoveryInsecureEndpoint => "discovery_insecure_endpoint", Discovery, "The metadata points to a token endpoint on plain http at a foreign host.";

    IssOfAnotherProvider => "iss_of_another_provider", AuthorizationResponse, "The iss parameter names the other provider (mix-up).";
    IssMissing => "iss_missing", AuthorizationResponse, "The iss parameter is left out.";
    StateNotReturned => "state_not_returned", AuthorizationResponse, "The state parameter is left out.";
    StateAltered => "state_altered", AuthorizationResponse, "The state parameter is not the one that was sent.";
    CodeMissing => "code_missing", AuthorizationResponse, "Neither a code nor an error is returned.";
    CodeDuplicated => "code_duplicated", AuthorizationResponse, "The code parameter is there twice, with two values.";
    CodeAndError => "code_and_error", AuthorizationResponse, "A code and an error are returned together.";
    ServerError => "server_error", AuthorizationResponse, "The provider gives up with the error server_error.";
    TemporarilyUnavailable => "temporarily_unavailable", AuthorizationResponse, "The provider gives up with the error temporarily_unavailable.";

    TokenEndpointDown => "token_endpoint_down", TokenResponse, "The token endpoint answers 503 with a page of text.";
    TokenEndpointRefuses => "token_endpoint_refuses", TokenResponse, "The token endpoint refuses the code with invalid_grant.";
    TokenResponseMalformed => "token_response_malformed", TokenResponse, "The token endpoint answers 200 with JSON that is cut off.";
    TokenResponseTooLarge => "token_response_too_large", TokenResponse, "The token endpoint answers with four megabytes of JSON.";
    TokenTypeUnknown => "token_type_unknown", TokenResponse, "The token_type is neither Bearer nor DPoP.";
    IdTokenMissing => "id_token_missing", TokenResponse, "There is no id_token although openid was asked for.";
    AccessTokenMissing => "access_token_missing", TokenResponse, "There is no access_token.";

    RenewalServerError => "renewal_server_error", Renewal, "The refresh token is answered with 500 and server_error, and stays good.";
    RenewalRefused => "renewal_refused", Renewal, "The refresh token is refused with invalid_grant.";
    RenewalTimesOut => "renewal_times_out", Renewal, "The refresh token is not answered at all, and stays good.";
    RenewalConnectionLost => "renewal_connection_lost", Renewal, "The refresh token is used up, and the connection is closed in the place of the answer.";
    RenewalRepeatsRefreshToken => "renewal_repeats_refresh_token", Renewal, "The answer repeats the refresh token that was just used up.";
    RenewalWithoutRefreshToken => "renewal_without_refresh_token", Renewal, "The answer has no new refresh token, although the old one is used up.";
    RenewalOtherSub => "renewal_other_sub", Renewal, "The new id_token is about another sub than the first.";
    RenewalOtherNonce => "renewal_other_nonce", Renewal, "The new id_token has a nonce, and it is not the first one's.";
    RenewalLowerAcr => "renewal_lower_acr", Renewal, "The new id_token has a lower level than the first.";
    RenewalOtherAuthTime => "renewal_other_auth_time", Renewal, "The new id_token has an auth_time an hour before the first one's.";
    RenewalOtherOrganisation => "renewal_other_organisation", Renewal, "The new authorization_details name another organisation than the first.";

    DpopDowngraded => "dpop_downgraded", Dpop, "The tokens are not bound to the key of the proof, and the token_type is Bearer.";
    DpopNonceMissing => "dpop_nonce_missing", Dpop, "The proof is refused with use_dpop_nonce, and no nonce is given.";
    DpopNonceNeverAccepted => "dpop_nonce_never_accepted", Dpop, "The proof is refused with use_dpop_nonce, whatever nonce it carries.";

    WrongIss => "wrong_iss", IdToken, "The id_token is issued in the name of another issuer.";
    MissingIss => "missing_iss", IdToken, "The id_token has no iss.";
    WrongAud => "wrong_aud", IdToken, "The id_token is meant for another client.";
    AdditionalAud => "additional_aud", IdToken, "The id_token is meant for this client and an unknown one, without azp.";
    WrongAzp => "wrong_azp", IdToken, "The id_token is meant for this client, but issued to another (azp).";
    WrongNonce => "wrong_nonce", IdToken, "The nonce is not the one that was sent.";
    MissingNonce => "missing_nonce", IdToken, "The nonce is left out.";
    MissingSub => "missing_sub", IdToken, "There is no sub.";
    Expired => "expired", IdToken, "The id_token expired an hour ago.";
    MissingExp => "missing_exp", IdToken, "The id_token has no exp.";
    FutureIat => "future_iat", IdToken, "The id_token is issued an hour from now.";
    MissingIat => "missing_iat", IdToken, "The id_token has no iat.";
    NotYetValid => "not_yet_valid", IdToken, "The id_token is not valid before an hour from now (nbf).";
    OldAuthTime => "old_auth_time", IdToken, "auth_time says that the person signed in two days ago.";
    MissingAuthTime => "missing_auth_time", IdToken, "There is no auth_time.";
    BadSignature => "bad_signature", IdToken, "One bit of the signature is wrong.";
    AlgNone => "alg_none", IdToken, "The id_token is unsigned, with alg none.";
    Hs256WithPublicKey => "hs256_with_public_key", IdToken, "The id_token is signed with HS256 and the public key as the secret.";
    UnknownKid => "unknown_kid", IdToken, "The id_token names a key that is not in the key set.";
    EmbeddedKey => "embedded_key", IdToken, "The id_token is signed by a foreign key that its own header carries (jwk).";
    UnknownCritHeader => "unknown_crit_header", IdToken, "The header names an extension that must be understood and is not.";
    DuplicateClaims => "duplicate_claims", IdToken, "The claims have the member sub twice.";
    LowerAcr => "lower_acr", IdToken, "The level is lower than what was asked for.";
    MissingAcr => "missing_acr", IdToken, "There is no acr.";
    AccessTokenAsIdToken => "access_token_as_id_token", IdToken, "The access token is delivered in the place of the id_token.";
    KeysRotated => "keys_rotated", IdToken, "The keys are replaced right after the id_token is signed; its key is never published again.";

    MissingRepresentation => "missing_representation", Representation, "No organisation is returned, as if the person represented only themself.";
    MissingAuthorizationDetails => "missing_authorization_details", Representation, "authorization_details are left out everywhere.";
    OtherOrganisation => "other_organisation", Representation, "The id_token names another organisation than the token response.";
    OtherResource => "other_resource", Representation, "The rights that are returned are for a resource that was not asked for.";
    OtherType => "other_type", Representation, "The authorization_details are of a type that was not asked for.";
    AdditionalOrganisation => "additional_organisation", Representation, "Two organisations are returned where one was to be chosen.";

    JwksDown => "jwks_down", Jwks, "The key set answers 503.";
    JwksEmpty => "jwks_empty", Jwks, "The key set has no keys.";
    JwksMalformed => "jwks_malformed", Jwks, "The key set is not JSON.";

    UserinfoDown => "userinfo_down", Userinfo, "The userinfo endpoint answers 503.";
    UserinfoOtherSub => "userinfo_other_sub", Userinfo, "The userinfo is about another sub than the id_token.";
    UserinfoMissingSub => "userinfo_missing_sub", Userinfo, "The userinfo has no sub.";

    ParDown => "par_down", Par, "The pushed authorization request endpoint answers 503.";
    RevocationDown => "revocation_down", Revocation, "The revocation endpoint answers 503.";

    LogoutStateNotReturned => "logout_state_not_returned", LogoutResponse, "The state is left out of the redirect after signing out.";
    LogoutStateAltered => "logout_state_altered", LogoutResponse, "The state after signing out is not the one that was sent.";

    FrontchannelNotCalled => "frontchannel_not_called", FrontchannelLogout, "An application is not called, although it is registered for it.";
    FrontchannelWrongIss => "frontchannel_wrong_iss", FrontchannelLogout, "The iss is that of another issuer.";
    FrontchannelMissingIss => "frontchannel_missing_iss", FrontchannelLogout, "The iss is left out.";
    FrontchannelMissingSid => "frontchannel_missing_sid", FrontchannelLogout, "The sid is left out.";
    FrontchannelUnknownSid => "frontchannel_unknown_sid", FrontchannelLogout, "The sid is that of no session.";
    FrontchannelRepeatedSid => "frontchannel_repeated_sid", FrontchannelLogout, "The sid is there twice, with two values.";

    LogoutTokenNotPosted => "logout_token_not_posted", LogoutToken, "An application gets no logout token, although it is registered for it.";
    LogoutTokenReplayed => "logout_token_replayed", LogoutToken, "The logout token is posted a second time.";
    LogoutTokenWrongIss => "logout_token_wrong_iss", LogoutToken, "The logout token is issued in the name of another issuer.";
    LogoutTokenWrongAud => "logout_token_wrong_aud", LogoutToken, "The logout token is meant for another client.";
    LogoutTokenOldIat => "logout_token_old_iat", LogoutToken, "The logout token was issued an hour ago and is still valid.";
    LogoutTokenExpired => "logout_token_expired", LogoutToken, "The logout token expired an hour ago.";
    LogoutTokenMissingJti => "logout_token_missing_jti", LogoutToken, "The logout token has no jti.";
    LogoutTokenMissingEvents => "logout_token_missing_events", LogoutToken, "The logout token has no events.";
    LogoutTokenWrongEvent => "logout_token_wrong_event", LogoutToken, "The logout token is about another event than a logout.";
    LogoutTokenWithNonce => "logout_token_with_nonce", LogoutToken, "The logout token has a nonce, as only an id_token has.";
    LogoutTokenMissingSid => "logout_token_missing_sid", LogoutToken, "The logout token has neither sid nor sub.";
    LogoutTokenUnknownSid => "logout_token_unknown_sid", LogoutToken, "The sid of the logout token is that of no session.";
    LogoutTokenTypJwt => "logout_token_typ_jwt", LogoutToken, "The typ of the logout token is JWT.";
    LogoutTokenBadSignature => "logout_token_bad_signature", LogoutToken, "The signature of the logout token is wrong.";

    DialogportenMaintenance => "dialogporten_maintenance", Dialogporten, "Dialogporten answers 503 with text/plain and Retry-After.";
    DialogportenBadGateway => "dialogporten_bad_gateway", Dialogporten, "Dialogporten answers 502 because a service behind it failed.";
    DialogportenInternalError => "dialogporten_internal_error", Dialogporten, "Dialogporten answers 500 with a problem document.";
    DialogportenSearchTooBroad => "dialogporten_search_too_broad", Dialogporten, "Dialogporten answers 422 because the search took too long.";
    DialogportenRateLimited => "dialogporten_rate_limited", Dialogporten, "Dialogporten answers 429.";
    DialogportenStepUpChallenge => "dialogporten_step_up_challenge", Dialogporten, "Dialogporten answers 401 with the challenge of RFC 9470 for the level high, whatever the token's.";
    DialogportenMalformed => "dialogporten_malformed", Dialogporten, "Dialogporten answers 200 with JSON that is cut off.";
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|fault| fault.name() == text)
            .ok_or(UnknownFault)
    }
}

/// There is no fault of that name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnknownFault;

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("There is no fault of that name; GET /api/faults lists them.")
    }
}

impl std::error::Error for UnknownFault {}

/// The armed faults.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<BTreeMap<Fault, u32>>);

impl Faults {
    /// Arms a fault for the next `times` matching responses; 0 disarms it.
    pub(crate) fn arm(&self, fault: Fault, times: u32) {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if times == 0 {
            armed.remove(&fault);
        } else {
            armed.insert(fault, times.min(MAX_TIMES));
        }
    }

    /// Disarms everything.
    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Whether the fault is to happen in this response; uses up one of its times.
    pub(crate) fn take(&self, fault: Fault) -> bool {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = armed.get_mut(&fault) else {
            return false;
        };
        *times -= 1;
        if *times == 0 {
            armed.remove(&fault);
        }
        true
    }

    /// The armed faults with the times that are left.
    pub(crate) fn armed(&self) -> BTreeMap<Fault, u32> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_found_by_its_name_and_says_what_it_does() {
        for &fault in Fault::ALL {
            assert_eq!(fault.name().parse(), Ok(fault));
            assert!(fault.sentence().ends_with('.'), "{fault}");
        }
        assert_eq!("no_such_fault".parse::<Fault>(), Err(UnknownFault));
    }

    #[test]
    fn a_fault_happens_as_often_as_it_was_armed_for() {
        let faults = Faults::default();
        faults.arm(Fault::WrongIss, 2);
        assert!(!faults.take(Fault::WrongAud));
        assert!(faults.take(Fault::WrongIss) && faults.take(Fault::WrongIss));
        assert!(!faults.take(Fault::WrongIss));
        assert!(faults.armed().is_empty());
    }
}
