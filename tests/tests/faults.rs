//! What the client says to each fault of the simulator: one row a fault, and the exact code.
//!
//! A fault has one name here, in the simulator's API and in the browser.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::{LoginRequest, Session};
use portvakt_digdir::{Error, Service};
use portvakt_oidc::{FetchUserinfo, LogoutReturn, Revocation};
use portvakt_simulator::{Arrival, Fault, Place, Visitor};
use portvakt_tests::pair::{KARI, NORA, Pair, on_behalf_of_an_organisation};

/// A login that the fault spoils, and the code that the person's application gets.
const LOGIN: &[(Fault, &str)] = &[
    // Discovery.
    (Fault::DiscoveryDown, "misbehaved_metadata_status"),
    (Fault::DiscoveryIssuerMismatch, "misbehaved_metadata_issuer"),
    (Fault::DiscoveryWithoutS256, "misbehaved_metadata_no_s256"),
    (
        Fault::DiscoveryInsecureEndpoint,
        "misbehaved_metadata_endpoint",
    ),
    // The way back.
    (Fault::IssOfAnotherProvider, "callback_iss_mismatch"),
    (Fault::IssMissing, "callback_iss_missing"),
    (Fault::StateNotReturned, "callback_state_missing"),
    (Fault::StateAltered, "callback_state_mismatch"),
    (Fault::CodeMissing, "callback_empty"),
    (Fault::CodeDuplicated, "callback_parameter_repeated"),
    (Fault::CodeAndError, "callback_mixed"),
    (Fault::ServerError, "provider_server_error"),
    (
        Fault::TemporarilyUnavailable,
        "provider_temporarily_unavailable",
    ),
    // The token response.
    (Fault::TokenEndpointDown, "misbehaved_token_status"),
    (Fault::TokenEndpointRefuses, "provider_invalid_grant"),
    (Fault::TokenResponseMalformed, "misbehaved_token_malformed"),
    (Fault::TokenResponseTooLarge, "transport_too_large"),
    (Fault::TokenTypeUnknown, "misbehaved_token_type"),
    (Fault::IdTokenMissing, "misbehaved_token_id_token_missing"),
    (Fault::AccessTokenMissing, "misbehaved_token_access_token"),
    // The id_token.
    (Fault::WrongIss, "token_iss_mismatch"),
    (Fault::MissingIss, "token_iss_missing"),
    (Fault::WrongAud, "token_aud_mismatch"),
    (Fault::AdditionalAud, "token_aud_untrusted"),
    (Fault::WrongAzp, "token_azp_mismatch"),
    (Fault::WrongNonce, "token_nonce_mismatch"),
    (Fault::MissingNonce, "token_nonce_missing"),
    (Fault::MissingSub, "token_sub_missing"),
    (Fault::Expired, "token_expired"),
    (Fault::MissingExp, "token_exp_missing"),
    (Fault::FutureIat, "device_clock_wrong"),
    (Fault::MissingIat, "token_iat_missing"),
    (Fault::NotYetValid, "token_not_yet_valid"),
    (Fault::BadSignature, "token_signature_invalid"),
    (Fault::AlgNone, "token_alg_not_allowed"),
    (Fault::Hs256WithPublicKey, "token_alg_not_allowed"),
    (Fault::UnknownKid, "token_key_unknown"),
    (Fault::EmbeddedKey, "token_key_unknown"),
    (Fault::UnknownCritHeader, "token_crit_unsupported"),
    (Fault::DuplicateClaims, "token_claims_malformed"),
    (Fault::LowerAcr, "token_acr_not_acceptable"),
    (Fault::MissingAcr, "token_acr_missing"),
    (Fault::AccessTokenAsIdToken, "token_aud_missing"),
    (Fault::KeysRotated, "token_key_unknown"),
    // Only looked at where the application asked how old the sign-in may be, as this one does.
    (Fault::OldAuthTime, "token_auth_time_too_old"),
    (Fault::MissingAuthTime, "token_auth_time_missing"),
    // The representation.
    (Fault::MissingRepresentation, "representation_required"),
    (Fault::MissingAuthorizationDetails, "representation_missing"),
    (Fault::OtherOrganisation, "representation_copies_disagree"),
    (Fault::OtherResource, "representation_wrong_resource"),
    (Fault::OtherType, "representation_wrong_type"),
    (
        Fault::AdditionalOrganisation,
        "representation_several_organisations",
    ),
    // The keys.
    (Fault::JwksDown, "misbehaved_jwks_status"),
    (Fault::JwksEmpty, "token_key_unknown"),
    (Fault::JwksMalformed, "token_keys_malformed"),
];

/// Userinfo that the fault spoils.
const USERINFO: &[(Fault, &str)] = &[
    (Fault::UserinfoDown, "misbehaved_userinfo_status"),
    (Fault::UserinfoOtherSub, "misbehaved_userinfo_sub_mismatch"),
    (Fault::UserinfoMissingSub, "misbehaved_userinfo_sub_missing"),
];

/// A search in Dialogporten that the fault spoils.
const DIALOGPORTEN: &[(Fault, &str)] = &[
    (Fault::DialogportenMaintenance, "dialogporten_maintenance"),
    (Fault::DialogportenBadGateway, "dialogporten_upstream"),
    (Fault::DialogportenInternalError, "dialogporten_internal"),
    (Fault::DialogportenSearchTooBroad, "dialogporten_too_broad"),
    (Fault::DialogportenRateLimited, "dialogporten_throttled"),
    (
        Fault::DialogportenStepUpChallenge,
        "dialogporten_token_refused",
    ),
    (Fault::DialogportenMalformed, "dialogporten_malformed"),
];

#[tokio::test]
async fn every_fault_of_a_login_is_refused_with_its_own_code() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    for &(fault, code) in LOGIN {
        pair.simulator.arm(fault, 1);
        let outcome = sign_in(&pair).await?;
        assert_eq!(
            outcome.err().map(|error| error.code()),
            Some(code),
            "{fault}"
        );
        assert_eq!(pair.simulator.armed(), [], "{fault} did not happen");
        assert!(sign_in(&pair).await?.is_ok(), "the login after {fault}");
    }
    Ok(())
}

#[tokio::test]
async fn every_fault_of_userinfo_is_refused_with_its_own_code() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let session = pair
        .sign_in(NORA, Acr::IdportenLoaHigh, LoginRequest::default())
        .await??;
    for &(fault, code) in USERINFO {
        pair.simulator.arm(fault, 1);
        let outcome = pair
            .drive(FetchUserinfo::start(&session.login, None, pair.now())?)
            .await;
        assert_eq!(
            outcome.err().map(|error| error.code()),
            Some(code),
            "{fault}"
        );
        assert_eq!(pair.simulator.armed(), [], "{fault} did not happen");
    }
    assert!(
        pair.drive(FetchUserinfo::start(&session.login, None, pair.now())?)
            .await
            .is_ok()
    );
    Ok(())
}

#[tokio::test]
async fn a_revocation_that_fails_is_told_and_does_not_hinder_the_logout() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    let session = pair
        .sign_in_with(
            &mut visitor,
            NORA,
            Acr::IdportenLoaHigh,
            LoginRequest::default(),
        )
        .await??;
    pair.simulator.arm(Fault::RevocationDown, 1);
    let redirect = pair.begin_logout(&session).await?;
    let outcomes: Vec<_> = redirect.revocations.iter().map(code_of).collect();
    assert_eq!(outcomes, [Some("misbehaved_revocation_status")]);
    let returned = visitor.open(redirect.url.as_str()).await;
    assert!(matches!(returned, Arrival::Left(_)), "{returned:?}");
    Ok(())
}

#[tokio::test]
async fn a_return_from_logout_is_confirmed_by_its_own_state_only() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    for (fault, expected) in [
        (None, LogoutReturn::Confirmed { return_to: None }),
        (Some(Fault::LogoutStateNotReturned), LogoutReturn::NoState),
        (Some(Fault::LogoutStateAltered), LogoutReturn::Unknown),
    ] {
        let mut visitor = Visitor::new(&pair.simulator);
        let session = pair
            .sign_in_with(
                &mut visitor,
                NORA,
                Acr::IdportenLoaHigh,
                LoginRequest::default(),
            )
            .await??;
        let redirect = pair.begin_logout(&session).await?;
        if let Some(fault) = fault {
            pair.simulator.arm(fault, 1);
        }
        let Arrival::Left(returned) = visitor.open(redirect.url.as_str()).await else {
            bail!("the person is still at the provider");
        };
        let stored = redirect.pending.map(|pending| pending.to_json());
        assert_eq!(
            LogoutReturn::check(&returned, stored.as_deref(), pair.now()),
            expected,
            "{fault:?}"
        );
        assert_eq!(pair.simulator.armed(), [], "{fault:?} did not happen");
    }
    Ok(())
}

#[tokio::test]
async fn every_fault_of_dialogporten_is_told_by_its_own_code() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let session = pair
        .sign_in(NORA, Acr::IdportenLoaHigh, LoginRequest::default())
        .await??;
    for &(fault, code) in DIALOGPORTEN {
        pair.simulator.arm(fault, 1);
        let outcome = pair.search_own_dialogs(&session).await;
        assert_eq!(
            outcome.err().map(|error| error.code()),
            Some(code),
            "{fault}"
        );
        assert_eq!(pair.simulator.armed(), [], "{fault} did not happen");
    }
    assert!(pair.search_own_dialogs(&session).await.is_ok());
    Ok(())
}

#[test]
fn every_fault_that_a_client_can_meet_has_a_row() {
    let rows: BTreeSet<Fault> = [LOGIN, USERINFO, DIALOGPORTEN]
        .concat()
        .into_iter()
        .map(|(fault, _)| fault)
        .collect();
    let missing: Vec<_> = Fault::ALL
        .iter()
        .filter(|fault| !rows.contains(fault))
        // This client does not push its requests; the others have tests of their own, here and in
        // renewal_faults.rs.
        .filter(|fault| {
            !matches!(
                fault.place(),
                Place::Par
                    | Place::Revocation
                    | Place::LogoutResponse
                    | Place::Renewal
                    | Place::Dpop
                    // These reach the application's own server, which is not in this test.
                    | Place::FrontchannelLogout
                    | Place::LogoutToken
            )
        })
        .collect();
    assert_eq!(missing, [] as [&Fault; 0]);
}

/// A login at Ansattporten that asks for everything that a fault can spoil.
async fn sign_in(pair: &Pair) -> Result<Result<Session, Error>> {
    let mut request = on_behalf_of_an_organisation()?;
    request.acr_values = vec![Acr::High];
    request.max_age_seconds = Some(3600);
    pair.sign_in(KARI, Acr::High, request).await
}

fn code_of(revocation: &Revocation) -> Option<&'static str> {
    revocation
        .outcome
        .as_ref()
        .err()
        .map(portvakt_oidc::Error::code)
}
