//! Logout tokens as the simulator posts them: whose session they name, and how often.
//!
//! What is said of those that are spoilt is in the catalogue of attacks.

use anyhow::{Context, Result, anyhow, bail};
use portvakt_digdir::Service;
use portvakt_oidc::LogoutToken;
use portvakt_simulator::Fault;
use portvakt_tests::attacks::stage::posted_logout;

#[tokio::test]
async fn a_logout_token_names_the_session_of_the_id_token() -> Result<()> {
    for service in [Service::IdPorten, Service::Ansattporten] {
        let posted = posted_logout(service, None).await?;
        let judged = posted.judged()?;
        let token = judged
            .first()
            .context("a token is posted")?
            .as_ref()
            .map_err(|code| anyhow!("{code}"))?;
        assert_eq!(token.sid(), Some(posted.sid.as_str()));
        assert!(token.sub().is_some());
    }
    Ok(())
}

#[tokio::test]
async fn a_replayed_logout_token_has_the_same_jti_and_one_of_an_unknown_session_another_sid()
-> Result<()> {
    let none = posted_logout(Service::IdPorten, Some(Fault::LogoutTokenNotPosted)).await?;
    assert!(none.tokens.is_empty());

    let twice = posted_logout(Service::IdPorten, Some(Fault::LogoutTokenReplayed)).await?;
    let judged = twice.judged()?;
    let names: Vec<_> = judged.iter().flatten().map(LogoutToken::jti).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names.first(), names.last());

    let other = posted_logout(Service::IdPorten, Some(Fault::LogoutTokenUnknownSid)).await?;
    let judged = other.judged()?;
    let [Ok(token)] = judged.as_slice() else {
        bail!("one good token is posted");
    };
    assert_ne!(token.sid(), Some(other.sid.as_str()));
    Ok(())
}
