use alloc::string::ToString;

use portvakt_digdir::acr::Acr;
use portvakt_digdir::rar::AuthorizedParty;
use portvakt_digdir::verify::{VerifiedAccessToken, VerifiedDialogToken, VerifiedIdentityToken};
use portvakt_oidc::{Check, IdToken, UnixTime};

use crate::boundary::{Answer, List, Nested, Texts};
use crate::identity::representation;

/// A verified access token, as the caller gets it, but for the claims.
pub(super) fn access_token(token: &VerifiedAccessToken) -> Answer {
    let supplier = token.supplier().map(|supplier| {
        Nested(move |answer: &mut Answer| {
            answer
                .with("organisation", supplier.organisation().to_string())
                .with("delegationSource", supplier.delegation_source());
        })
    });
    let system_user = token.system_user().map(|user| {
        Nested(move |answer: &mut Answer| {
            answer
                .with("ids", Texts(user.ids()))
                .with("organisation", user.organisation().to_string())
                .with("systemId", user.system_id());
        })
    });
    let level = token.acr().and_then(Acr::level);
    let consumer = token.consumer().map(|number| number.to_string());
    let mut answer = Answer::new();
    answer
        .with_some("sub", token.sub())
        .with_some("clientId", token.client_id())
        .with("scope", Texts(token.scope()))
        .with("expiresAt", token.expires_at().as_secs())
        .with_some("acr", token.acr().map(Acr::as_str))
        .with_some("level", level.map(|level| level.as_str()))
        .with_some("pid", token.pid().map(|pid| pid.expose()))
        .with_some("consumer", consumer)
        .with_some("supplier", supplier)
        .with_some("systemUser", system_user)
        .with("organisations", List(token.organisations(), organisation))
        .beside(token.claims());
    answer
}

fn organisation(answer: &mut Answer, party: &AuthorizedParty) {
    answer
        .with("number", party.number.to_string())
        .with_some("name", party.name.as_deref())
        .with_some("unitType", party.unit_type.as_deref())
        .with_some("actions", party.actions.as_deref().map(Texts))
        .with("rights", Texts(&party.rights));
}

/// A verified dialog token, as the caller gets it, but for the claims.
pub(super) fn dialog_token(token: &VerifiedDialogToken) -> Answer {
    let mut answer = Answer::new();
    answer
        .with("party", token.party().to_urn())
        .with("authenticatedParty", token.authenticated_party().to_urn())
        .with("serviceResource", token.service_resource())
        .with("level", u64::from(token.level()))
        .with("actions", Texts(token.actions()))
        .with("entities", Texts(token.entities()))
        .with("expiresAt", token.expires_at().as_secs())
        .beside(token.claims());
    answer
}

/// A verified id_token of a service, as the caller gets it.
pub(super) fn identity_token(token: &VerifiedIdentityToken) -> Answer {
    let claims = &token.claims;
    let mut answer = moments(&token.id_token);
    answer
        .with("sub", claims.sub.as_str())
        .with_some("pid", claims.pid.map(|pid| pid.expose()))
        .with("acr", claims.acr.as_str())
        .with_some("level", token.level.map(|level| level.as_str()))
        .with("amr", Texts(&claims.amr))
        .with_some("sid", claims.sid.as_deref());
    representation(&mut answer, token.representation.as_ref());
    answer
        .with(
            "checks",
            Texts(token.checks.iter().map(|check| check.code())),
        )
        .with("claims", token.id_token.claims());
    answer
}

/// A verified id_token of anybody else, as the caller gets it.
pub(super) fn id_token(token: &IdToken, checks: &[Check]) -> Answer {
    let mut answer = moments(token);
    answer
        .with("sub", token.sub())
        .with_some("acr", token.acr())
        .with("amr", Texts(token.amr()))
        .with_some("sid", token.sid())
        .with("checks", Texts(checks.iter().map(|check| check.code())))
        .with("claims", token.claims());
    answer
}

fn moments(token: &IdToken) -> Answer {
    let mut answer = Answer::new();
    answer
        .with_some("authTime", token.auth_time().map(UnixTime::as_secs))
        .with("issuedAt", token.issued_at().as_secs())
        .with("expiresAt", token.expires_at().as_secs());
    answer
}
