use alloc::string::ToString;

use portvakt_digdir::acr::Acr;
use portvakt_digdir::rar::AuthorizedParty;
use portvakt_digdir::verify::{VerifiedAccessToken, VerifiedDialogToken, VerifiedIdentityToken};
use portvakt_oidc::{Check, IdToken};

use crate::boundary::{Answer, List, texts};
use crate::identity;

/// A verified access token, as the caller gets it.
pub(super) fn access_token(token: &VerifiedAccessToken) -> Answer {
    let supplier = token.supplier().map(|supplier| {
        Answer::default()
            .with("organisation", supplier.organisation().to_string())
            .with("delegationSource", supplier.delegation_source())
    });
    let system_user = token.system_user().map(|user| {
        Answer::default()
            .with("ids", texts(user.ids()))
            .with("organisation", user.organisation().to_string())
            .with("systemId", user.system_id())
    });
    let level = token.acr().and_then(Acr::level);
    Answer::default()
        .with_some("sub", token.sub())
        .with_some("clientId", token.client_id())
        .with("scope", texts(token.scope()))
        .with("expiresAt", token.expires_at().as_secs())
        .with_some("acr", token.acr().map(Acr::as_str))
        .with_some("level", level.map(|level| level.as_str()))
        .with_some("pid", token.pid().map(|pid| pid.expose()))
        .with_some(
            "consumer",
            token.consumer().map(|number| number.to_string()),
        )
        .with_some("supplier", supplier)
        .with_some("systemUser", system_user)
        .with(
            "organisations",
            token
                .organisations()
                .iter()
                .map(organisation)
                .collect::<List>(),
        )
        .with("claims", token.claims())
}

fn organisation(party: &AuthorizedParty) -> Answer {
    Answer::default()
        .with("number", party.number.to_string())
        .with_some("name", party.name.as_deref())
        .with_some("unitType", party.unit_type.as_deref())
        .with_some("actions", party.actions.as_deref().map(texts))
        .with("rights", texts(&party.rights))
}

/// A verified dialog token, as the caller gets it.
pub(super) fn dialog_token(token: &VerifiedDialogToken) -> Answer {
    Answer::default()
        .with("party", token.party().to_urn())
        .with("authenticatedParty", token.authenticated_party().to_urn())
        .with("serviceResource", token.service_resource())
        .with("level", u64::from(token.level()))
        .with("actions", texts(token.actions()))
        .with("entities", texts(token.entities()))
        .with("expiresAt", token.expires_at().as_secs())
        .with("claims", token.claims())
}

/// A verified id_token of a service, as the caller gets it.
pub(super) fn identity_token(token: &VerifiedIdentityToken) -> Answer {
    let claims = &token.claims;
    let representation = token.representation.as_ref();
    moments(&token.id_token)
        .with("sub", claims.sub.as_str())
        .with_some("pid", claims.pid.map(|pid| pid.expose()))
        .with("acr", claims.acr.as_str())
        .with_some("level", token.level.map(|level| level.as_str()))
        .with("amr", texts(&claims.amr))
        .with_some("sid", claims.sid.as_deref())
        .with_some(
            "representation",
            representation.and_then(identity::representation),
        )
        .with(
            "checks",
            token
                .checks
                .iter()
                .map(|check| check.code())
                .collect::<List>(),
        )
        .with("claims", token.id_token.claims())
}

/// A verified id_token of anybody else, as the caller gets it.
pub(super) fn id_token(token: &IdToken, checks: &[Check]) -> Answer {
    moments(token)
        .with("sub", token.sub())
        .with_some("acr", token.acr())
        .with("amr", texts(&token.amr()))
        .with_some("sid", token.sid())
        .with(
            "checks",
            checks.iter().map(|check| check.code()).collect::<List>(),
        )
        .with("claims", token.claims())
}

fn moments(token: &IdToken) -> Answer {
    Answer::default()
        .with_some("authTime", token.auth_time().map(|moment| moment.as_secs()))
        .with("issuedAt", token.issued_at().as_secs())
        .with("expiresAt", token.expires_at().as_secs())
}
