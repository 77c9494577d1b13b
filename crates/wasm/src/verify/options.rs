use portvakt_digdir::acr::{self, Acr};
use portvakt_digdir::identifiers::{OrganisationNumber, Party};
use portvakt_digdir::rar::RarType;
use portvakt_digdir::verify::{
    AccessTokenPolicy, Delegation, DialogTokenPolicy, RepresentationPolicy, SystemUserPolicy,
    TokenProfile,
};
use portvakt_jose::{Jwks, UnixTime};
use portvakt_oidc::{Check, ExpectedNonce, IdToken, IdTokenExpectation, Issuer, RawIdToken};
use serde::Deserialize;

use crate::boundary::{BoundaryError, Failure, ServiceName, algorithms};

/// The policy for access tokens, as the driver hands it over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessTokenOptions {
    service: Option<ServiceName>,
    issuer: String,
    audience: Option<String>,
    #[serde(default)]
    client_ids: Vec<String>,
    #[serde(default)]
    required_scope: Vec<String>,
    algorithms: Option<Vec<String>>,
    clock_tolerance_seconds: Option<u32>,
    #[serde(default)]
    acr_values: Vec<String>,
    #[serde(default)]
    consumers: Vec<String>,
    delegation: Option<DelegationOption>,
    system_user: Option<SystemUserOption>,
    representation: Option<RepresentationOption>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum DelegationOption {
    Accepted,
    Refused,
    Suppliers(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SystemUserOption {
    organisation: Option<String>,
    system_id: Option<String>,
}

#[derive(Deserialize)]
struct RepresentationOption {
    r#type: String,
    resource: Option<String>,
    #[serde(default)]
    actions: Vec<String>,
    organisation: Option<String>,
}

impl AccessTokenOptions {
    pub(super) fn policy(self) -> Result<AccessTokenPolicy, Failure> {
        let profile = match self.service {
            None => TokenProfile::Rfc9068,
            Some(service) => TokenProfile::of(service.into()).ok_or(BoundaryError::Options)?,
        };
        let mut policy = AccessTokenPolicy::new(profile, &self.issuer, self.audience.as_deref());
        policy.client_ids = self.client_ids;
        policy.required_scope = self.required_scope;
        if let Some(names) = self.algorithms {
            policy.algorithms = algorithms(&names)?;
        }
        if let Some(seconds) = self.clock_tolerance_seconds {
            policy.clock_tolerance_seconds = seconds;
        }
        let acr_values: Result<_, _> = self.acr_values.iter().map(|acr| Acr::parse(acr)).collect();
        policy.acr_values = acr_values.map_err(|_| BoundaryError::Options)?;
        policy.consumers = organisations(&self.consumers)?;
        policy.delegation = match self.delegation {
            None | Some(DelegationOption::Accepted) => Delegation::Accepted,
            Some(DelegationOption::Refused) => Delegation::Refused,
            Some(DelegationOption::Suppliers(numbers)) => {
                Delegation::Suppliers(organisations(&numbers)?)
            }
        };
        policy.system_user = self.system_user.map(SystemUserOption::policy).transpose()?;
        policy.representation = self
            .representation
            .map(RepresentationOption::policy)
            .transpose()?;
        Ok(policy)
    }
}

impl SystemUserOption {
    fn policy(self) -> Result<SystemUserPolicy, Failure> {
        let mut policy = SystemUserPolicy::default();
        policy.organisation = self.organisation.as_deref().map(organisation).transpose()?;
        policy.system_id = self.system_id;
        Ok(policy)
    }
}

impl RepresentationOption {
    fn policy(self) -> Result<RepresentationPolicy, Failure> {
        let rar_type = RarType::parse(&self.r#type).ok_or(BoundaryError::Options)?;
        let mut policy = RepresentationPolicy::new(rar_type, self.resource.as_deref());
        policy.actions = self.actions;
        policy.organisation = self.organisation.as_deref().map(organisation).transpose()?;
        Ok(policy)
    }
}

/// The policy for one dialog token, as the driver hands it over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DialogTokenOptions {
    issuer: String,
    dialog_id: String,
    #[serde(default)]
    actions: Vec<String>,
    entity: Option<String>,
    minimum_level: Option<u8>,
    service_resource: Option<String>,
    party: Option<String>,
    clock_tolerance_seconds: Option<u32>,
}

impl DialogTokenOptions {
    pub(super) fn policy(self) -> Result<DialogTokenPolicy, Failure> {
        let mut policy = DialogTokenPolicy::new(&self.issuer, &self.dialog_id);
        policy.actions = self.actions;
        policy.entity = self.entity;
        if let Some(level) = self.minimum_level {
            policy.minimum_level = level;
        }
        policy.service_resource = self.service_resource;
        let party = self.party.as_deref().map(Party::parse).transpose();
        policy.party = party.map_err(|_| BoundaryError::Options)?;
        if let Some(seconds) = self.clock_tolerance_seconds {
            policy.clock_tolerance_seconds = seconds;
        }
        Ok(policy)
    }
}

/// What an id_token must say, as the driver hands it over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdTokenOptions {
    service: Option<ServiceName>,
    issuer: String,
    client_id: String,
    /// Absent only if the caller has said so.
    nonce: Option<String>,
    #[serde(default)]
    acr_values: Vec<String>,
    max_age_seconds: Option<u32>,
    algorithms: Option<Vec<String>>,
    clock_tolerance_seconds: Option<u32>,
}

impl IdTokenOptions {
    pub(super) fn judge(
        &self,
        token: &str,
        jwks: &Jwks,
        now: UnixTime,
    ) -> Result<(IdToken, Vec<Check>), Failure> {
        let issuer = Issuer::parse(&self.issuer).map_err(portvakt_oidc::Error::from)?;
        let nonce = self
            .nonce
            .as_deref()
            .map_or(ExpectedNonce::Unknown, ExpectedNonce::Is);
        let mut expected = IdTokenExpectation::new(&issuer, &self.client_id, nonce);
        let acceptable_acr = self.acceptable_acr()?;
        expected.acceptable_acr = &acceptable_acr;
        expected.authenticated_since = self
            .max_age_seconds
            .map(|seconds| now.saturating_sub(seconds.into()));
        let algorithms = self.algorithms.as_deref().map(algorithms).transpose()?;
        if let Some(algorithms) = &algorithms {
            expected.algorithms = algorithms;
        }
        if let Some(seconds) = self.clock_tolerance_seconds {
            expected.clock_tolerance_seconds = seconds;
        }
        let token = RawIdToken::parse(token).map_err(|_| portvakt_jose::Error::Malformed)?;
        Ok(portvakt_oidc::verify_id_token(
            &token, jwks, &expected, now,
        )?)
    }

    /// The values asked for, and where they are a service's, those that satisfy them.
    fn acceptable_acr(&self) -> Result<Vec<String>, Failure> {
        let Some(service) = self.service else {
            return Ok(self.acr_values.clone());
        };
        let requested: Result<Vec<_>, _> =
            self.acr_values.iter().map(|acr| Acr::parse(acr)).collect();
        let acceptable =
            requested.and_then(|requested| acr::acceptable(service.into(), &requested));
        let acceptable = acceptable.map_err(|_| BoundaryError::Options)?;
        Ok(acceptable
            .into_iter()
            .map(|acr| acr.as_str().to_owned())
            .collect())
    }
}

fn organisations(numbers: &[String]) -> Result<Vec<OrganisationNumber>, Failure> {
    numbers.iter().map(|number| organisation(number)).collect()
}

fn organisation(number: &str) -> Result<OrganisationNumber, Failure> {
    OrganisationNumber::parse(number).map_err(|_| BoundaryError::Options.into())
}
