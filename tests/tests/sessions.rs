//! A session's whole life, in memory: kept, renewed, switched and stepped up, against the simulator.

use anyhow::{Context, Result};
use portvakt_digdir::Service;
use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_digdir::login::{LoginRequest, Session, StepUp};
use portvakt_digdir::session::{Limits, SessionError, Standing};
use portvakt_simulator::{Client, Eid, GrantType, ProofKey, SignIn, Switch, Visitor};
use portvakt_tests::pair::{
    CLIENT_ID, KARI, ORGANISATION, Pair, REDIRECT_URI, on_behalf_of_an_organisation,
};

/// Another organisation that Kari manages.
const OTHER_ORGANISATION: &str = "310000027";

/// Somebody else, who has an organisation too.
const OLA: &str = "15868510126";

#[tokio::test]
async fn a_session_is_kept_and_renewed_with_refresh_tokens_that_are_good_once() -> Result<()> {
    let pair = renewable()?;
    let first = sign_in(&pair, &mut Visitor::new(&pair.simulator)).await?;
    let mut session = first.clone();
    for _ in 0..3 {
        pair.simulator.clock().advance(300);
        // As after a reload.
        let kept = Session::from_json(&pair.client, &session.to_json())?;
        let renewed = pair.renew(&kept).await?;
        assert_ne!(renewed.login.access_token, session.login.access_token);
        assert_ne!(renewed.login.refresh_token, session.login.refresh_token);
        assert_eq!(renewed.claims, first.claims);
        assert_eq!(renewed.representation, first.representation);
        assert_eq!(renewed.authenticated_at(), first.authenticated_at());
        session = renewed;
    }
    // The one that was used first: whoever has it is not the application, and nobody gets any more.
    let stolen = pair.renew(&first).await;
    assert_eq!(
        stolen.err().map(|error| error.code()),
        Some("session_renewal_refused")
    );
    let owner = pair.renew(&session).await;
    assert_eq!(
        owner.err().map(|error| error.code()),
        Some("session_renewal_refused")
    );
    Ok(())
}

#[tokio::test]
async fn a_bound_session_is_kept_and_renewed_with_its_key_alone() -> Result<()> {
    let mut pair = renewable()?;
    pair.key = Some(ProofKey::generate());
    pair.simulator.switch(Switch::DpopNonce, true);
    let session = sign_in(&pair, &mut Visitor::new(&pair.simulator)).await?;
    assert!(session.login.dpop.is_some());
    let kept = Session::from_json(&pair.client, &session.to_json())?;
    let renewed = pair.renew(&kept).await?;
    assert_eq!(
        renewed.login.dpop.as_ref().map(|dpop| dpop.thumbprint()),
        session.login.dpop.as_ref().map(|dpop| dpop.thumbprint())
    );
    pair.key = None;
    let without = pair.renew(&renewed).await;
    assert_eq!(
        without.err().map(|error| error.code()),
        Some("misuse_dpop_key")
    );
    Ok(())
}

#[tokio::test]
async fn a_bound_session_is_renewed_with_its_key_and_with_every_nonce_that_the_server_asks_for()
-> Result<()> {
    let mut pair = renewable()?;
    pair.key = Some(ProofKey::generate());
    pair.simulator.switch(Switch::DpopNonce, true);
    let mut session = sign_in(&pair, &mut Visitor::new(&pair.simulator)).await?;
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

#[tokio::test]
async fn another_organisation_takes_nothing_over_from_the_one_before() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    let before = sign_in(&pair, &mut visitor).await?;
    let redirect = pair.begin(before.switch_request()?).await?;
    let choice = SignIn::person(KARI).representing(OTHER_ORGANISATION);
    let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
    let after = pair
        .complete(&returned, &redirect.pending.to_json())
        .await?;
    assert_eq!(organisation(&before)?, ORGANISATION);
    assert_eq!(organisation(&after)?, OTHER_ORGANISATION);
    assert!(!after.to_json().contains(ORGANISATION));
    assert_ne!(after.login.access_token, before.login.access_token);
    // It is the same sign-in: the two hours do not begin anew.
    assert_eq!(after.authenticated_at(), before.authenticated_at());
    assert_eq!(after.level, before.level);
    Ok(())
}

#[tokio::test]
async fn a_step_up_gives_the_level_to_the_same_person_and_to_nobody_else() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    let redirect = pair.begin(on_behalf_of_an_organisation()?).await?;
    let choice = SignIn::person(KARI)
        .with(Eid::Minid)
        .representing(ORGANISATION);
    let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
    let low = pair
        .complete(&returned, &redirect.pending.to_json())
        .await?;
    assert_eq!(low.level, Some(AssuranceLevel::Substantial));

    let request = || low.step_up_request(&StepUp::to(&[Acr::High]));
    let redirect = pair.begin(request()?).await?;
    let choice = SignIn::person(KARI)
        .with(Eid::Bankid)
        .representing(ORGANISATION);
    let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
    let high = pair
        .complete(&returned, &redirect.pending.to_json())
        .await?;
    assert_eq!(high.level, Some(AssuranceLevel::High));
    assert_eq!(high.claims.sub, low.claims.sub);
    assert_eq!(organisation(&high)?, ORGANISATION);

    // At the same machine, before the page comes back.
    let redirect = pair.begin(request()?).await?;
    let choice = SignIn::person(OLA)
        .with(Eid::Bankid)
        .representing("312223333");
    let mut other = Visitor::new(&pair.simulator);
    let returned = other.sign_in(redirect.url.as_str(), &choice).await?;
    let outcome = pair.complete(&returned, &redirect.pending.to_json()).await;
    assert_eq!(
        outcome.err().map(|error| error.code()),
        Some("token_sub_changed")
    );
    Ok(())
}

#[tokio::test]
async fn a_session_ends_half_an_hour_after_its_last_use_and_two_hours_after_the_sign_in()
-> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let session = pair
        .sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
        .await??;
    let limits = Limits::default();
    let start = session.authenticated_at();
    for _ in 0..4 {
        pair.simulator.clock().advance(25 * 60);
        let standing = limits.standing(start, pair.now(), pair.now());
        assert!(matches!(standing, Standing::Active { .. }), "{standing:?}");
    }
    let last_use = pair.now();
    pair.simulator.clock().advance(20 * 60);
    assert_eq!(
        limits.standing(start, last_use, pair.now()),
        Standing::Ended(SessionError::Over)
    );
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

/// Kari, at the level high, on behalf of an organisation.
async fn sign_in(pair: &Pair, visitor: &mut Visitor) -> Result<Session> {
    let request = on_behalf_of_an_organisation()?;
    Ok(pair
        .sign_in_with(visitor, KARI, Acr::High, request)
        .await??)
}

fn organisation(session: &Session) -> Result<String> {
    let representation = session
        .representation
        .as_ref()
        .context("no representation")?;
    let organisation = representation.organisation().context("no organisation")?;
    Ok(organisation.number().to_string())
}
