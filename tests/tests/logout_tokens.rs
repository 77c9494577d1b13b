//! Logout tokens as the simulator posts them, and what the relying party says to each way of spoiling one.

use anyhow::{Context, Result};
use http::Request;
use portvakt_digdir::Service;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::LoginRequest;
use portvakt_oidc::{
    Jwks, LogoutToken, LogoutTokenExpectation, LogoutTokenRefusal, verify_logout_token,
};
use portvakt_simulator::{Client, Fault, Place, Visitor};
use portvakt_tests::pair::{CLIENT_ID, KARI, Pair, REDIRECT_URI};
use url::form_urlencoded;

/// A logout whose token the fault spoils, and the code of the refusal.
const SPOILT: &[(Fault, &str)] = &[
    (Fault::LogoutTokenWrongIss, "token_iss_mismatch"),
    (Fault::LogoutTokenWrongAud, "token_aud_mismatch"),
    (Fault::LogoutTokenOldIat, "token_iat_too_old"),
    (Fault::LogoutTokenExpired, "token_expired"),
    (Fault::LogoutTokenMissingJti, "token_logout_jti_missing"),
    (Fault::LogoutTokenMissingEvents, "token_events_missing"),
    (Fault::LogoutTokenWrongEvent, "token_events_mismatch"),
    (Fault::LogoutTokenWithNonce, "token_nonce_prohibited"),
    (Fault::LogoutTokenMissingSid, "token_logout_of_nobody"),
    (Fault::LogoutTokenTypJwt, "token_typ_mismatch"),
    (Fault::LogoutTokenBadSignature, "token_signature_invalid"),
];

/// Those after which the token itself is a good one: there is none, there are two, or it is about nobody's session.
const HARMLESS: &[Fault] = &[
    Fault::LogoutTokenNotPosted,
    Fault::LogoutTokenReplayed,
    Fault::LogoutTokenUnknownSid,
];

#[tokio::test]
async fn a_logout_token_names_the_session_of_the_id_token() -> Result<()> {
    for service in [Service::IdPorten, Service::Ansattporten] {
        let (sid, judged) = logout(service, None).await?;
        let judged = judged
            .first()
            .context("a token is posted")?
            .as_ref()
            .map_err(|refusal| anyhow::anyhow!(*refusal))?;
        assert_eq!(judged.sid(), Some(sid.as_str()));
        assert!(judged.sub().is_some());
    }
    Ok(())
}

#[tokio::test]
async fn every_fault_of_a_logout_token_has_its_code() -> Result<()> {
    for &(fault, code) in SPOILT {
        let (_, judged) = logout(Service::IdPorten, Some(fault)).await?;
        let codes: Vec<_> = judged
            .iter()
            .map(|judged| {
                judged
                    .as_ref()
                    .map_or_else(|refusal| refusal.code(), |_| "accepted")
            })
            .collect();
        assert_eq!(codes, [code], "{}", fault.name());
    }
    Ok(())
}

#[tokio::test]
async fn a_replayed_logout_token_has_the_same_jti_and_one_of_an_unknown_session_another_sid()
-> Result<()> {
    let (_, none) = logout(Service::IdPorten, Some(Fault::LogoutTokenNotPosted)).await?;
    assert!(none.is_empty());

    let (_, twice) = logout(Service::IdPorten, Some(Fault::LogoutTokenReplayed)).await?;
    let names: Vec<_> = twice.iter().flatten().map(LogoutToken::jti).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names.first(), names.last());

    let (sid, judged) = logout(Service::IdPorten, Some(Fault::LogoutTokenUnknownSid)).await?;
    let [Ok(token)] = judged.as_slice() else {
        anyhow::bail!("one good token is posted");
    };
    assert_ne!(token.sid(), Some(sid.as_str()));
    Ok(())
}

#[test]
fn every_fault_of_a_logout_token_has_a_row() {
    for fault in Fault::ALL
        .iter()
        .filter(|fault| fault.place() == Place::LogoutToken)
    {
        let is_spoilt = SPOILT.iter().any(|(spoilt, _)| spoilt == fault);
        assert!(is_spoilt || HARMLESS.contains(fault), "{}", fault.name());
    }
}

type Judged = Result<LogoutToken, LogoutTokenRefusal>;

/// Signs somebody in and out, and gives the `sid` of the id_token and what is thought of the tokens that are posted.
async fn logout(service: Service, fault: Option<Fault>) -> Result<(String, Vec<Judged>)> {
    let mut pair = Pair::new(service)?;
    // The client that takes the place of the pair's own may ask for these alone.
    pair.client.oidc.scopes.truncate(2);
    let mut client = Client::public(CLIENT_ID, REDIRECT_URI);
    client.backchannel_logout_uri = Some("http://localhost:8080/portvakt/logout".to_owned());
    pair.simulator.register(client)?;
    let mut visitor = Visitor::new(&pair.simulator);
    let acr = match service {
        Service::IdPorten => Acr::IdportenLoaHigh,
        _ => Acr::High,
    };
    let session = pair
        .sign_in_with(&mut visitor, KARI, acr, LoginRequest::default())
        .await??;
    let sid = session.claims.sid.clone().context("there is a sid")?;
    if let Some(fault) = fault {
        pair.simulator.arm(fault, 1);
    }
    visitor
        .open(pair.begin_logout(&session).await?.url.as_str())
        .await;
    let issuer = &pair.client.oidc.issuer;
    let keys = Request::builder()
        .uri(format!("{issuer}/jwks.json"))
        .body(Vec::new())?;
    let keys = Jwks::parse(pair.simulator.call(keys).await.body())?;
    let expected = LogoutTokenExpectation::new(issuer, &[CLIENT_ID]);
    let posts = pair.simulator.take_posts();
    let judged = posts.iter().map(|post| {
        let (_, token) = form_urlencoded::parse(post.body().as_bytes())
            .find(|(name, _)| name == "logout_token")
            .unwrap_or_default();
        verify_logout_token(&token, &keys, &expected, pair.now())
    });
    Ok((sid, judged.collect()))
}
