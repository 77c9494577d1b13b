//! The roads that people take, in memory: both providers, organisations and oneself, Dialogporten, logout.

use std::time::Instant;

use anyhow::{Context, Result};
use portvakt_digdir::Service;
use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_digdir::dialogporten::{DialogQuery, OpenDialog};
use portvakt_digdir::identifiers::{OrganisationNumber, Party};
use portvakt_digdir::login::LoginRequest;
use portvakt_digdir::rar::RarRequest;
use portvakt_oidc::Prompt;
use portvakt_simulator::{Algorithm, Eid, Options, RarProfile, SignIn, Visitor};
use portvakt_tests::pair::{
    KARI, NORA, ORGANISATION, Pair, RESOURCE, on_behalf_of_an_organisation,
};

/// Another organisation that Kari manages.
const OTHER_ORGANISATION: &str = "310000027";

#[tokio::test]
async fn a_person_chooses_an_organisation_and_reads_its_inbox() -> Result<()> {
    let pair = Pair::with_options(Service::Ansattporten, accepting())?;
    let redirect = pair.begin(on_behalf_of_an_organisation()?).await?;

    let mut visitor = Visitor::new(&pair.simulator);
    let choice = SignIn::person(KARI)
        .with(Eid::Bankid)
        .representing(ORGANISATION);
    let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
    let session = pair
        .complete(&returned, &redirect.pending.to_json())
        .await?;

    assert_eq!(session.level, Some(AssuranceLevel::High));
    let representation = session
        .representation
        .clone()
        .context("no representation")?;
    let organisation = representation.organisation().context("no organisation")?;
    assert_eq!(organisation.number().to_string(), ORGANISATION);
    assert!(organisation.has_resource(RESOURCE));

    let inbox = pair
        .search(
            &session,
            DialogQuery::of_party(Party::Organisation(organisation.number())),
        )
        .await?;
    let first = inbox.items.first().context("an empty inbox")?;
    let step = OpenDialog::start(
        &pair.dialogporten()?,
        &session.login.access_token,
        first.id.clone(),
        &[],
    )?;
    let dialog = pair.drive(step).await?;
    assert_eq!(dialog.item.id, first.id);
    Ok(())
}

#[tokio::test]
async fn a_token_of_ansattporten_is_refused_by_dialogporten_as_in_production() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let session = pair
        .sign_in(KARI, Acr::High, on_behalf_of_an_organisation()?)
        .await??;
    let query = DialogQuery::of_party(Party::Organisation(OrganisationNumber::parse(
        ORGANISATION,
    )?));
    let outcome = pair.search(&session, query).await;
    assert_eq!(
        outcome.err().map(|error| error.code()),
        Some("dialogporten_unauthenticated")
    );
    Ok(())
}

#[tokio::test]
async fn a_token_of_id_porten_reads_ones_own_inbox() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let session = pair
        .sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
        .await??;
    assert_eq!(session.representation, None);
    assert!(!pair.search_own_dialogs(&session).await?.items.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_person_may_represent_themself_where_no_organisation_is_required() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let mut request = RarRequest::altinn_resource(RESOURCE)?;
    request.representation_is_required = false;
    let redirect = pair.begin(LoginRequest::on_behalf_of(request)).await?;

    let mut visitor = Visitor::new(&pair.simulator);
    let choice = SignIn::person(KARI).with(Eid::Minid);
    let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
    let session = pair
        .complete(&returned, &redirect.pending.to_json())
        .await?;

    assert!(
        session
            .representation
            .context("no representation")?
            .is_oneself()
    );
    assert_eq!(session.level, Some(AssuranceLevel::Substantial));
    Ok(())
}

#[tokio::test]
async fn a_person_without_organisations_gets_no_further_where_one_is_required() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let redirect = pair.begin(on_behalf_of_an_organisation()?).await?;
    let mut visitor = Visitor::new(&pair.simulator);
    let dead_end = visitor
        .sign_in(redirect.url.as_str(), &SignIn::person(NORA))
        .await
        .err()
        .context("somebody to represent")?;
    assert_eq!(dead_end.error_code(), Some("no_representation"));
    Ok(())
}

#[tokio::test]
async fn cancelling_leads_back_with_access_denied() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let redirect = pair.begin(on_behalf_of_an_organisation()?).await?;
    let mut visitor = Visitor::new(&pair.simulator);
    let returned = visitor.cancel(redirect.url.as_str()).await?;
    let outcome = pair.complete(&returned, &redirect.pending.to_json()).await;
    assert_eq!(
        outcome.err().map(|error| error.code()),
        Some("provider_access_denied")
    );
    Ok(())
}

#[tokio::test]
async fn another_organisation_is_chosen_without_signing_in_again() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    pair.sign_in_with(
        &mut visitor,
        KARI,
        Acr::High,
        on_behalf_of_an_organisation()?,
    )
    .await??;

    let redirect = pair.begin(on_behalf_of_an_organisation()?).await?;
    let choice = SignIn::person(KARI).representing(OTHER_ORGANISATION);
    let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
    let session = pair
        .complete(&returned, &redirect.pending.to_json())
        .await?;

    let representation = session.representation.context("no representation")?;
    assert_eq!(
        representation
            .organisation()
            .map(|one| one.number().to_string()),
        Some(OTHER_ORGANISATION.to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn one_sign_in_lasts_for_two_hours_and_no_longer() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    pair.sign_in_with(
        &mut visitor,
        KARI,
        Acr::IdportenLoaHigh,
        LoginRequest::default(),
    )
    .await??;
    // Within half an hour of each other, requests keep the session alive for 120 minutes in all.
    for minutes in [25, 25, 25, 25] {
        pair.simulator.clock().advance(minutes * 60);
        let redirect = pair.begin(LoginRequest::default()).await?;
        let returned = visitor
            .sign_in(redirect.url.as_str(), &SignIn::person(KARI))
            .await?;
        assert!(
            pair.complete(&returned, &redirect.pending.to_json())
                .await
                .is_ok()
        );
    }
    pair.simulator.clock().advance(25 * 60);
    let mut request = LoginRequest::default();
    request.prompt = vec![Prompt::None];
    let redirect = pair.begin(request).await?;
    let returned = visitor
        .sign_in(redirect.url.as_str(), &SignIn::person(KARI))
        .await?;
    let outcome = pair.complete(&returned, &redirect.pending.to_json()).await;
    assert_eq!(
        outcome.err().map(|error| error.code()),
        Some("provider_login_required")
    );
    Ok(())
}

#[tokio::test]
async fn a_code_is_good_for_one_login_only() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    pair.sign_in_with(
        &mut visitor,
        KARI,
        Acr::IdportenLoaHigh,
        LoginRequest::default(),
    )
    .await??;
    let redirect = pair.begin(LoginRequest::default()).await?;
    let returned = visitor
        .sign_in(redirect.url.as_str(), &SignIn::person(KARI))
        .await?;
    let stored = redirect.pending.to_json();
    assert!(pair.complete(&returned, &stored).await.is_ok());
    let again = pair.complete(&returned, &stored).await;
    assert_eq!(
        again.err().map(|error| error.code()),
        Some("provider_invalid_grant")
    );
    Ok(())
}

#[tokio::test]
async fn two_logins_at_once_do_not_disturb_each_other() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    let mut visitor = Visitor::new(&pair.simulator);
    pair.sign_in_with(
        &mut visitor,
        KARI,
        Acr::IdportenLoaHigh,
        LoginRequest::default(),
    )
    .await??;
    let (first, second) = (
        pair.begin(LoginRequest::default()).await?,
        pair.begin(LoginRequest::default()).await?,
    );
    let first_return = visitor
        .sign_in(first.url.as_str(), &SignIn::person(KARI))
        .await?;
    let second_return = visitor
        .sign_in(second.url.as_str(), &SignIn::person(KARI))
        .await?;

    let crossed = pair
        .complete(&first_return, &second.pending.to_json())
        .await;
    assert_eq!(
        crossed.err().map(|error| error.code()),
        Some("callback_state_mismatch")
    );
    assert!(
        pair.complete(&second_return, &second.pending.to_json())
            .await
            .is_ok()
    );
    assert!(
        pair.complete(&first_return, &first.pending.to_json())
            .await
            .is_ok()
    );
    Ok(())
}

#[tokio::test]
async fn every_shape_of_the_answer_gives_the_same_organisation() -> Result<()> {
    let pair = Pair::new(Service::Ansattporten)?;
    for profile in [
        RarProfile::V4,
        RarProfile::V3,
        RarProfile::V2,
        RarProfile::Live2026,
    ] {
        pair.simulator.set_rar_profile(profile);
        let session = pair
            .sign_in(KARI, Acr::High, on_behalf_of_an_organisation()?)
            .await??;
        let representation = session.representation.context("no representation")?;
        let numbers: Vec<_> = representation
            .organisations()
            .iter()
            .map(|one| one.number().to_string())
            .collect();
        assert_eq!(numbers, [ORGANISATION], "{profile:?}");
    }
    Ok(())
}

#[tokio::test]
async fn every_algorithm_of_the_provider_is_verified_where_it_is_allowed_and_refused_where_not()
-> Result<()> {
    for (theirs, ours) in [
        (Algorithm::Rs256, portvakt_jose::Algorithm::Rs256),
        (Algorithm::Ps256, portvakt_jose::Algorithm::Ps256),
        (Algorithm::Es256, portvakt_jose::Algorithm::Es256),
        (Algorithm::EdDsa, portvakt_jose::Algorithm::EdDsa),
    ] {
        let mut options = Options::default();
        options.idporten_algorithm = theirs;
        let mut pair = Pair::with_options(Service::IdPorten, options)?;
        pair.client.oidc.algorithms = vec![ours];
        assert!(
            pair.sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
                .await?
                .is_ok()
        );
        if ours != portvakt_jose::Algorithm::Rs256 {
            pair.client.oidc.algorithms = vec![portvakt_jose::Algorithm::Rs256];
            let outcome = pair
                .sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
                .await?;
            let code = outcome.err().map(|error| error.code());
            assert_eq!(code, Some("misbehaved_metadata_algorithms"), "{ours:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn keys_that_were_replaced_between_two_logins_are_found() -> Result<()> {
    let pair = Pair::new(Service::IdPorten)?;
    for overlap in [true, false] {
        assert!(
            pair.sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
                .await?
                .is_ok()
        );
        pair.simulator
            .rotate_keys(portvakt_simulator::ProviderName::Idporten, overlap);
    }
    assert!(
        pair.sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
            .await?
            .is_ok()
    );
    Ok(())
}

/// How fast this is depends on the machine, so that nothing is asserted about it; it is printed.
#[tokio::test]
async fn a_thousand_logins_need_neither_sockets_nor_waiting() -> Result<()> {
    const LOGINS: u32 = 1_000;
    let mut options = Options::default();
    options.idporten_algorithm = Algorithm::EdDsa;
    let mut pair = Pair::with_options(Service::IdPorten, options)?;
    pair.client.oidc.algorithms = vec![portvakt_jose::Algorithm::EdDsa];
    let start = Instant::now();
    for _ in 0..LOGINS {
        assert!(
            pair.sign_in(KARI, Acr::IdportenLoaHigh, LoginRequest::default())
                .await?
                .is_ok()
        );
    }
    let rate = f64::from(LOGINS) / start.elapsed().as_secs_f64();
    println!("{rate:.0} logins a second, one after the other");
    Ok(())
}

fn accepting() -> Options {
    let mut options = Options::default();
    options.accept_ansattporten = true;
    options
}
