use portvakt_digdir::acr::Acr;
use portvakt_digdir::rar::AuthorizedParty;
use portvakt_digdir::verify::{VerifiedAccessToken, VerifiedDialogToken};
use portvakt_oidc::{Check, IdToken};
use serde::Serialize;

use crate::boundary::Claims;

/// A verified access token, as the caller gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessToken<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    scope: &'a [String],
    expires_at: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<Supplier<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_user: Option<SystemUser<'a>>,
    organisations: Vec<Organisation<'a>>,
    claims: Claims<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Supplier<'a> {
    organisation: String,
    delegation_source: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SystemUser<'a> {
    ids: &'a [String],
    organisation: String,
    system_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Organisation<'a> {
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<&'a [String]>,
    rights: &'a [String],
}

impl<'a> AccessToken<'a> {
    pub(super) fn of(token: &'a VerifiedAccessToken) -> Self {
        Self {
            sub: token.sub(),
            client_id: token.client_id(),
            scope: token.scope(),
            expires_at: seconds(token.expires_at()),
            acr: token.acr().map(Acr::as_str),
            level: token.acr().and_then(Acr::level).map(|level| level.as_str()),
            pid: token.pid().map(|pid| pid.expose()),
            consumer: token.consumer().map(|number| number.to_string()),
            supplier: token.supplier().map(|supplier| Supplier {
                organisation: supplier.organisation().to_string(),
                delegation_source: supplier.delegation_source(),
            }),
            system_user: token.system_user().map(|user| SystemUser {
                ids: user.ids(),
                organisation: user.organisation().to_string(),
                system_id: user.system_id(),
            }),
            organisations: token.organisations().iter().map(Organisation::of).collect(),
            claims: Claims(token.claims()),
        }
    }
}

impl<'a> Organisation<'a> {
    fn of(party: &'a AuthorizedParty) -> Self {
        Self {
            number: party.number.to_string(),
            name: party.name.as_deref(),
            unit_type: party.unit_type.as_deref(),
            actions: party.actions.as_deref(),
            rights: &party.rights,
        }
    }
}

/// A verified dialog token, as the caller gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DialogToken<'a> {
    party: String,
    authenticated_party: String,
    service_resource: &'a str,
    level: u8,
    actions: &'a [String],
    entities: &'a [String],
    expires_at: f64,
    claims: Claims<'a>,
}

impl<'a> DialogToken<'a> {
    pub(super) fn of(token: &'a VerifiedDialogToken) -> Self {
        Self {
            party: token.party().to_urn(),
            authenticated_party: token.authenticated_party().to_urn(),
            service_resource: token.service_resource(),
            level: token.level(),
            actions: token.actions(),
            entities: token.entities(),
            expires_at: seconds(token.expires_at()),
            claims: Claims(token.claims()),
        }
    }
}

/// A verified id_token, as the caller gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdentityToken<'a> {
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    amr: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    issued_at: f64,
    expires_at: f64,
    checks: Vec<&'static str>,
    claims: Claims<'a>,
}

impl<'a> IdentityToken<'a> {
    pub(super) fn of(token: &'a IdToken, checks: &[Check]) -> Self {
        Self {
            sub: token.sub(),
            acr: token.acr(),
            amr: token.amr(),
            auth_time: token.auth_time().map(seconds),
            sid: token.sid(),
            issued_at: seconds(token.issued_at()),
            expires_at: seconds(token.expires_at()),
            checks: checks.iter().map(|check| check.code()).collect(),
            claims: Claims(token.claims()),
        }
    }
}

/// A moment as a number of JavaScript; none that a token may name is too large for one.
#[expect(
    clippy::cast_precision_loss,
    reason = "moments of tokens are below 2^53"
)]
pub(super) fn seconds(moment: portvakt_jose::UnixTime) -> f64 {
    moment.as_secs() as f64
}
