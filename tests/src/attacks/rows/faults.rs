use std::collections::BTreeMap;

use portvakt_simulator::Fault;

use crate::attacks::{Attack, Mount, Outcome};

use Outcome::{Accepted, Ignored, Refused, RefusedForNow, RefusedNext, Told};

/// A row for every fault.
pub(super) fn rows() -> Vec<Attack> {
    let elsewhere: BTreeMap<_, _> = ELSEWHERE
        .iter()
        .map(|&(fault, outcome, file, test)| (fault, (outcome, Mount::Test(file, test))))
        .collect();
    let here: BTreeMap<_, _> = PLAYED.iter().copied().collect();
    let of: BTreeMap<_, _> = OF.iter().copied().collect();
    let faults = Fault::ALL.iter().filter_map(|&fault| {
        let (outcome, mount) = match here.get(&fault) {
            Some(outcome) => (*outcome, Mount::Fault(fault)),
            None => *elsewhere.get(&fault)?,
        };
        let of = of.get(&fault).copied().unwrap_or_default();
        Some(Attack::new(
            fault.name(),
            outcome,
            of,
            fault.sentence(),
            mount,
        ))
    });
    faults.collect()
}

/// What comes of the faults that a client can meet.
const PLAYED: &[(Fault, Outcome)] = &[
    (Fault::DiscoveryDown, Refused("misbehaved_metadata_status")),
    (
        Fault::DiscoveryIssuerMismatch,
        Refused("misbehaved_metadata_issuer"),
    ),
    (
        Fault::DiscoveryWithoutS256,
        Refused("misbehaved_metadata_no_s256"),
    ),
    (
        Fault::DiscoveryInsecureEndpoint,
        Refused("misbehaved_metadata_endpoint"),
    ),
    (
        Fault::IssOfAnotherProvider,
        Refused("callback_iss_mismatch"),
    ),
    (Fault::IssMissing, Refused("callback_iss_missing")),
    (Fault::StateNotReturned, Refused("callback_state_missing")),
    (Fault::StateAltered, Refused("callback_state_mismatch")),
    (Fault::CodeMissing, Refused("callback_empty")),
    (
        Fault::CodeDuplicated,
        Refused("callback_parameter_repeated"),
    ),
    (Fault::CodeAndError, Refused("callback_mixed")),
    (Fault::ServerError, Refused("provider_server_error")),
    (
        Fault::TemporarilyUnavailable,
        Refused("provider_temporarily_unavailable"),
    ),
    (Fault::TokenEndpointDown, Refused("misbehaved_token_status")),
    (
        Fault::TokenEndpointRefuses,
        Refused("provider_invalid_grant"),
    ),
    (
        Fault::TokenResponseMalformed,
        Refused("misbehaved_token_malformed"),
    ),
    (Fault::TokenResponseTooLarge, Refused("transport_too_large")),
    (Fault::TokenTypeUnknown, Refused("misbehaved_token_type")),
    (
        Fault::IdTokenMissing,
        Refused("misbehaved_token_id_token_missing"),
    ),
    (
        Fault::AccessTokenMissing,
        Refused("misbehaved_token_access_token"),
    ),
    (
        Fault::RenewalServerError,
        RefusedForNow("provider_server_error"),
    ),
    (Fault::RenewalTimesOut, RefusedForNow("transport_timed_out")),
    // Nobody can know that the refresh token was used; the next attempt tells.
    (
        Fault::RenewalConnectionLost,
        Refused("transport_unreachable"),
    ),
    (
        Fault::RenewalRefused,
        RefusedForNow("session_renewal_refused"),
    ),
    (
        Fault::RenewalRepeatsRefreshToken,
        RefusedNext("session_renewal_refused"),
    ),
    (
        Fault::RenewalWithoutRefreshToken,
        RefusedNext("session_renewal_refused"),
    ),
    (Fault::RenewalOtherSub, Refused("token_sub_changed")),
    (Fault::RenewalOtherNonce, Refused("token_nonce_mismatch")),
    (Fault::RenewalLowerAcr, Refused("token_acr_not_acceptable")),
    (
        Fault::RenewalOtherAuthTime,
        Refused("token_auth_time_changed"),
    ),
    (
        Fault::RenewalOtherOrganisation,
        Refused("representation_changed"),
    ),
    (Fault::DpopDowngraded, Refused("misbehaved_token_not_bound")),
    (Fault::DpopNonceMissing, Refused("provider_use_dpop_nonce")),
    (
        Fault::DpopNonceNeverAccepted,
        Refused("provider_use_dpop_nonce"),
    ),
    (Fault::WrongIss, Refused("token_iss_mismatch")),
    (Fault::MissingIss, Refused("token_iss_missing")),
    (Fault::WrongAud, Refused("token_aud_mismatch")),
    (Fault::AdditionalAud, Refused("token_aud_untrusted")),
    (Fault::WrongAzp, Refused("token_azp_mismatch")),
    (Fault::WrongNonce, Refused("token_nonce_mismatch")),
    (Fault::MissingNonce, Refused("token_nonce_missing")),
    (Fault::MissingSub, Refused("token_sub_missing")),
    (Fault::Expired, Refused("token_expired")),
    (Fault::MissingExp, Refused("token_exp_missing")),
    (Fault::FutureIat, Refused("device_clock_wrong")),
    (Fault::MissingIat, Refused("token_iat_missing")),
    (Fault::NotYetValid, Refused("token_not_yet_valid")),
    (Fault::BadSignature, Refused("token_signature_invalid")),
    (Fault::AlgNone, Refused("token_alg_not_allowed")),
    (Fault::Hs256WithPublicKey, Refused("token_alg_not_allowed")),
    (Fault::UnknownKid, Refused("token_key_unknown")),
    (Fault::EmbeddedKey, Refused("token_key_unknown")),
    (Fault::UnknownCritHeader, Refused("token_crit_unsupported")),
    (Fault::DuplicateClaims, Refused("token_claims_malformed")),
    (Fault::LowerAcr, Refused("token_acr_not_acceptable")),
    (Fault::MissingAcr, Refused("token_acr_missing")),
    (Fault::AccessTokenAsIdToken, Refused("token_aud_missing")),
    (Fault::KeysRotated, Refused("token_key_unknown")),
    // Only looked at where the application asked how old the sign-in may be, as it does here.
    (Fault::OldAuthTime, Refused("token_auth_time_too_old")),
    (Fault::MissingAuthTime, Refused("token_auth_time_missing")),
    (
        Fault::MissingRepresentation,
        Refused("representation_required"),
    ),
    (
        Fault::MissingAuthorizationDetails,
        Refused("representation_missing"),
    ),
    (
        Fault::OtherOrganisation,
        Refused("representation_copies_disagree"),
    ),
    (
        Fault::OtherResource,
        Refused("representation_wrong_resource"),
    ),
    (Fault::OtherType, Refused("representation_wrong_type")),
    (
        Fault::AdditionalOrganisation,
        Refused("representation_several_organisations"),
    ),
    (Fault::JwksDown, Refused("misbehaved_jwks_status")),
    (Fault::JwksEmpty, Refused("token_key_unknown")),
    (Fault::JwksMalformed, Refused("token_keys_malformed")),
    (Fault::UserinfoDown, Refused("misbehaved_userinfo_status")),
    (
        Fault::UserinfoOtherSub,
        Refused("misbehaved_userinfo_sub_mismatch"),
    ),
    (
        Fault::UserinfoMissingSub,
        Refused("misbehaved_userinfo_sub_missing"),
    ),
    (Fault::RevocationDown, Told("misbehaved_revocation_status")),
    (Fault::LogoutStateNotReturned, Ignored),
    (Fault::LogoutStateAltered, Ignored),
    (Fault::LogoutTokenWrongIss, Refused("token_iss_mismatch")),
    (Fault::LogoutTokenWrongAud, Refused("token_aud_mismatch")),
    (Fault::LogoutTokenOldIat, Refused("token_iat_too_old")),
    (Fault::LogoutTokenExpired, Refused("token_expired")),
    (
        Fault::LogoutTokenMissingJti,
        Refused("token_logout_jti_missing"),
    ),
    (
        Fault::LogoutTokenMissingEvents,
        Refused("token_events_missing"),
    ),
    (
        Fault::LogoutTokenWrongEvent,
        Refused("token_events_mismatch"),
    ),
    (
        Fault::LogoutTokenWithNonce,
        Refused("token_nonce_prohibited"),
    ),
    (
        Fault::LogoutTokenMissingSid,
        Refused("token_logout_of_nobody"),
    ),
    (Fault::LogoutTokenTypJwt, Refused("token_typ_mismatch")),
    (
        Fault::LogoutTokenBadSignature,
        Refused("token_signature_invalid"),
    ),
    (
        Fault::DialogportenMaintenance,
        Refused("dialogporten_maintenance"),
    ),
    (
        Fault::DialogportenBadGateway,
        Refused("dialogporten_upstream"),
    ),
    (
        Fault::DialogportenInternalError,
        Refused("dialogporten_internal"),
    ),
    (
        Fault::DialogportenSearchTooBroad,
        Refused("dialogporten_too_broad"),
    ),
    (
        Fault::DialogportenRateLimited,
        Refused("dialogporten_throttled"),
    ),
    (
        Fault::DialogportenStepUpChallenge,
        Refused("dialogporten_token_refused"),
    ),
    (
        Fault::DialogportenMalformed,
        Refused("dialogporten_malformed"),
    ),
];

const LOGOUT_TOKENS: &str = "tests/tests/logout_tokens.rs";
const EDGE: &str = "tests/packaging/edge/suite.mjs";

/// The faults that reach the application's own server, which is in tests of its own, and those that nobody here meets.
const ELSEWHERE: &[(Fault, Outcome, &str, &str)] = &[
    (
        Fault::ParDown,
        Accepted,
        "crates/simulator/tests/faults.rs",
        "Fault::ParDown",
    ),
    (
        Fault::LogoutTokenNotPosted,
        Ignored,
        LOGOUT_TOKENS,
        "a_replayed_logout_token_has_the_same_jti_and_one_of_an_unknown_session_another_sid",
    ),
    (
        Fault::LogoutTokenReplayed,
        Ignored,
        EDGE,
        "a logout token is good for one logout, whoever brings it how often at a time",
    ),
    (
        Fault::LogoutTokenUnknownSid,
        Ignored,
        LOGOUT_TOKENS,
        "a_replayed_logout_token_has_the_same_jti_and_one_of_an_unknown_session_another_sid",
    ),
    (
        Fault::FrontchannelNotCalled,
        Ignored,
        "tests/tests/session/limits.rs",
        "half_an_hour_without_anybody_ends_the_session_in_all_tabs",
    ),
    (
        Fault::FrontchannelWrongIss,
        Ignored,
        EDGE,
        "what is not a logout is refused, and changes nothing",
    ),
    (
        Fault::FrontchannelMissingIss,
        Ignored,
        EDGE,
        "what is not a logout is refused, and changes nothing",
    ),
    (
        Fault::FrontchannelMissingSid,
        Ignored,
        EDGE,
        "what is not a logout is refused, and changes nothing",
    ),
    (
        Fault::FrontchannelRepeatedSid,
        Ignored,
        EDGE,
        "what is not a logout is refused, and changes nothing",
    ),
    (
        Fault::FrontchannelUnknownSid,
        Ignored,
        EDGE,
        "an unknown session gets the same answer as a known one, and as one that is over",
    ),
];

/// What some faults are examples of.
const OF: &[(Fault, &[&str])] = &[
    (Fault::DiscoveryWithoutS256, &["RFC 9700 §4.8.2"]),
    (
        Fault::DiscoveryInsecureEndpoint,
        &["RFC 9700 §2.6", "discovery redirect/SSRF"],
    ),
    (Fault::IssOfAnotherProvider, &["RFC 9700 §4.4", "mix-up"]),
    (Fault::StateAltered, &["RFC 9700 §4.7", "state, CSRF"]),
    (Fault::Hs256WithPublicKey, &["RS/HS confusion"]),
    (
        Fault::EmbeddedKey,
        &["RFC 7515 §4.1.2", "jwk/jku/x5c injection"],
    ),
    (
        Fault::UnknownCritHeader,
        &["RFC 7515 §4.1.11", "crit ignored"],
    ),
    (
        Fault::DuplicateClaims,
        &["RFC 7519 §4", "duplicate/unicode keys"],
    ),
    (Fault::LowerAcr, &["OIDC Core §3.1.3.7 (12)", "Digdir, acr"]),
    (
        Fault::MissingAcr,
        &["OIDC Core §3.1.3.7 (12)", "Digdir, acr"],
    ),
    (
        Fault::OldAuthTime,
        &["OIDC Core §3.1.3.7 (13)", "Digdir, auth_time"],
    ),
    (Fault::MissingAuthTime, &["OIDC Core §3.1.3.7 (13)"]),
    (Fault::WrongAzp, &["OIDC Core §3.1.3.7 (5)"]),
    (Fault::AdditionalAud, &["OIDC Core §3.1.3.7 (4)"]),
    (Fault::FutureIat, &["OIDC Core §3.1.3.7 (10)"]),
    (
        Fault::AccessTokenAsIdToken,
        &["token type confusion", "RFC 8725bis §3.12"],
    ),
    (
        Fault::MissingRepresentation,
        &["Ansattporten, representation"],
    ),
    (
        Fault::MissingAuthorizationDetails,
        &["RFC 9396 §7", "Ansattporten, representation"],
    ),
    (Fault::OtherResource, &["RFC 9396 §7"]),
    (Fault::OtherType, &["RFC 9396 §7"]),
    (Fault::DpopDowngraded, &["RFC 9449 §5"]),
    (Fault::DpopNonceNeverAccepted, &["RFC 9449 §8"]),
    (Fault::RenewalRepeatsRefreshToken, &["RFC 9700 §4.14"]),
    (Fault::LogoutTokenReplayed, &["Back-Channel Logout §2.6"]),
    (
        Fault::FrontchannelUnknownSid,
        &[
            "Front-Channel Logout §2",
            "logout CSRF, unknown sid, framing",
        ],
    ),
    (Fault::FrontchannelMissingSid, &["Front-Channel Logout §2"]),
];
