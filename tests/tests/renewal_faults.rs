//! What the client says to each fault of a renewal and of DPoP: one row a fault, and the exact code.

use std::collections::BTreeSet;

use anyhow::Result;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::{LoginRequest, Session};
use portvakt_digdir::{Error, Service};
use portvakt_simulator::{Client, Fault, GrantType, Place, ProofKey, Switch};
use portvakt_tests::pair::{CLIENT_ID, KARI, Pair, REDIRECT_URI, on_behalf_of_an_organisation};

/// How a renewal ends that a fault spoils.
#[derive(Clone, Copy, Debug)]
enum End {
    /// With this code; the session as it was can be renewed later.
    Later(&'static str),
    /// With this code, and for good.
    Over(&'static str),
    /// Well, but the next one is refused.
    NextIsRefused,
}

/// A renewal that the fault spoils.
const RENEWAL: &[(Fault, End)] = &[
    (
        Fault::RenewalServerError,
        End::Later("provider_server_error"),
    ),
    (Fault::RenewalTimesOut, End::Later("transport_timed_out")),
    // Nobody can know that the refresh token was used; the next attempt tells.
    (
        Fault::RenewalConnectionLost,
        End::Over("transport_unreachable"),
    ),
    (Fault::RenewalRefused, End::Later("session_renewal_refused")),
    (Fault::RenewalRepeatsRefreshToken, End::NextIsRefused),
    (Fault::RenewalWithoutRefreshToken, End::NextIsRefused),
    (Fault::RenewalOtherSub, End::Over("token_sub_changed")),
    (Fault::RenewalOtherNonce, End::Over("token_nonce_mismatch")),
    (
        Fault::RenewalLowerAcr,
        End::Over("token_acr_not_acceptable"),
    ),
    (
        Fault::RenewalOtherAuthTime,
        End::Over("token_auth_time_changed"),
    ),
    (
        Fault::RenewalOtherOrganisation,
        End::Over("representation_changed"),
    ),
];

/// A login with a key that the fault spoils, how often it must happen, and the code.
const DPOP: &[(Fault, u32, &str)] = &[
    (Fault::DpopDowngraded, 1, "misbehaved_token_not_bound"),
    (Fault::DpopNonceMissing, 1, "provider_use_dpop_nonce"),
    // Once is what a server may do at any time.
    (Fault::DpopNonceNeverAccepted, 2, "provider_use_dpop_nonce"),
];

#[tokio::test]
async fn every_fault_of_a_renewal_is_refused_with_its_own_code() -> Result<()> {
    for &(fault, end) in RENEWAL {
        let pair = renewable()?;
        let session = sign_in(&pair).await??;
        pair.simulator.arm(fault, 1);
        let renewed = pair.renew(&session).await;
        assert_eq!(pair.simulator.armed(), [], "{fault} did not happen");
        let code = renewed.as_ref().err().map(Error::code);
        match end {
            End::Later(expected) => {
                assert_eq!(code, Some(expected), "{fault}");
                assert!(pair.renew(&session).await.is_ok(), "after {fault}");
            }
            End::Over(expected) => {
                assert_eq!(code, Some(expected), "{fault}");
                let again = pair.renew(&session).await;
                let again = again.err().map(|error| error.code());
                assert_eq!(again, Some("session_renewal_refused"), "after {fault}");
            }
            End::NextIsRefused => {
                let again = pair.renew(&renewed?).await;
                let again = again.err().map(|error| error.code());
                assert_eq!(again, Some("session_renewal_refused"), "after {fault}");
            }
        }
    }
    let rows: BTreeSet<Fault> = RENEWAL.iter().map(|&(fault, _)| fault).collect();
    assert_eq!(rows, of(Place::Renewal));
    Ok(())
}

#[tokio::test]
async fn every_fault_of_proof_of_possession_is_refused_with_its_own_code() -> Result<()> {
    for &(fault, times, code) in DPOP {
        let mut pair = renewable()?;
        pair.key = Some(ProofKey::generate());
        pair.simulator.arm(fault, times);
        let outcome = sign_in(&pair).await?;
        assert_eq!(
            outcome.err().map(|error| error.code()),
            Some(code),
            "{fault}"
        );
        assert_eq!(pair.simulator.armed(), [], "{fault} did not happen");
        assert!(sign_in(&pair).await?.is_ok(), "the login after {fault}");
    }
    let rows: BTreeSet<Fault> = DPOP.iter().map(|&(fault, ..)| fault).collect();
    assert_eq!(rows, of(Place::Dpop));
    Ok(())
}

#[tokio::test]
async fn a_bound_session_is_renewed_with_its_key_and_with_every_nonce_that_the_server_asks_for()
-> Result<()> {
    let mut pair = renewable()?;
    pair.key = Some(ProofKey::generate());
    pair.simulator.switch(Switch::DpopNonce, true);
    let mut session = sign_in(&pair).await??;
    for _ in 0..3 {
        // Each time the nonce that the server gave last is too old.
        pair.simulator.clock().advance(200);
        session = pair.renew(&session).await?;
    }
    let key = pair.key.replace(ProofKey::generate());
    let other = pair.renew(&session).await;
    assert_eq!(
        other.err().map(|error| error.code()),
        Some("misuse_dpop_key")
    );
    pair.key = key;
    assert!(pair.renew(&session).await.is_ok());
    Ok(())
}

/// A client at Ansattporten that gets refresh tokens, and new id_tokens for them.
fn renewable() -> Result<Pair> {
    let pair = Pair::new(Service::Ansattporten)?;
    let mut client = Client::public(CLIENT_ID, REDIRECT_URI);
    client.scopes.push("digdir:dialogporten".to_owned());
    client.grant_types.push(GrantType::RefreshToken);
    pair.simulator.register(client)?;
    pair.simulator.switch(Switch::IdTokenOnRefresh, true);
    Ok(pair)
}

/// A login at the level high on behalf of an organisation.
async fn sign_in(pair: &Pair) -> Result<Result<Session, Error>> {
    let mut request: LoginRequest = on_behalf_of_an_organisation()?;
    request.acr_values = vec![Acr::High];
    pair.sign_in(KARI, Acr::High, request).await
}

fn of(place: Place) -> BTreeSet<Fault> {
    let all = Fault::ALL.iter().copied();
    all.filter(|fault| fault.place() == place).collect()
}
