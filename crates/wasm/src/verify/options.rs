use alloc::string::String;
use alloc::vec::Vec;

use portvakt_digdir::Service;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::identifiers::{OrganisationNumber, Party};
use portvakt_digdir::rar::RarType;
use portvakt_digdir::verify::{
    self, AccessTokenPolicy, CheckedPolicy, Delegation, DialogTokenPolicy, IdentityTokenPolicy,
    RepresentationPolicy, SystemUserPolicy, TokenProfile,
};
use portvakt_jose::json::Value;
use portvakt_jose::{Algorithm, Jwks, SignatureAnswer, UnixTime, UnverifiedJws};
use portvakt_oidc::{Check, ExpectedNonce, IdToken, IdTokenExpectation, Issuer, RawIdToken};

use super::answers;
use crate::boundary::{Answer, Failure, Options, refused};
use crate::identity::{self, PresetOptions};

/// What a verifier asks of its tokens.
#[derive(Clone)]
pub(super) enum Policy {
    AccessToken(CheckedPolicy),
    /// Complete but for the dialog, which each call names.
    DialogToken(DialogTokenPolicy),
}

impl Policy {
    pub(super) fn of(mut options: Options) -> Result<Self, Failure> {
        match options.optional_service() {
            Some(Service::Dialogporten) => dialog_token_policy(options).map(Self::DialogToken),
            service => Ok(Self::AccessToken(
                access_token_policy(service, options)?.checked()?,
            )),
        }
    }

    /// Refuses a policy that protects nothing. One for dialog tokens is whole only with a dialog.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self {
            Self::AccessToken(_) => Ok(()),
            Self::DialogToken(policy) => {
                let mut policy = policy.clone();
                policy.dialog_id = SOME_DIALOG.into();
                Ok(policy.check()?)
            }
        }
    }

    /// The policy with what one call requires besides.
    pub(super) fn requiring(&self, mut options: Options) -> Result<Self, Failure> {
        match self {
            Self::AccessToken(policy) => {
                let number = options.text("organisation");
                options.end()?;
                let mut policy = policy.clone().into_policy();
                // An organisation by itself says nothing about what the person may do there.
                let representation = policy.representation.as_mut().ok_or_else(refused)?;
                representation.organisation = Some(organisation(&number)?);
                Ok(Self::AccessToken(policy.checked()?))
            }
            Self::DialogToken(policy) => {
                let mut policy = policy.clone();
                policy.dialog_id = options.text("dialogId");
                policy.actions = options.texts("actions");
                policy.entity = options.optional_text("entity");
                let party = options.optional_text("party");
                options.end()?;
                let party = party.as_deref().map(Party::parse).transpose();
                policy.party = party.map_err(|_| refused())?;
                Ok(Self::DialogToken(policy))
            }
        }
    }

    /// Reads a token as far as its signature.
    pub(super) fn read(&self, token: &str) -> Result<UnverifiedJws, Failure> {
        Ok(match self {
            Self::AccessToken(policy) => verify::unverified_access_token(token, policy)?,
            Self::DialogToken(policy) => verify::unverified_dialog_token(token, policy)?,
        })
    }

    /// Judges a token with the answer for its signature.
    pub(super) fn judge(
        &self,
        token: UnverifiedJws,
        answer: SignatureAnswer,
        now: UnixTime,
    ) -> Result<Answer, Failure> {
        let token = token.into_verified_jwt(answer)?;
        Ok(match self {
            Self::AccessToken(policy) => {
                answers::access_token(&verify::judge_access_token(token, policy, now)?)
            }
            Self::DialogToken(policy) => {
                answers::dialog_token(&verify::judge_dialog_token(token, policy, now)?)
            }
        })
    }
}

/// In place of the dialog that a call will name.
const SOME_DIALOG: &str = "00000000-0000-0000-0000-000000000000";

fn access_token_policy(
    service: Option<Service>,
    mut options: Options,
) -> Result<AccessTokenPolicy, Failure> {
    let issuer = options.text("issuer");
    let audience = options.optional_text("audience");
    let client_ids = options.texts("clientIds");
    let required_scope = options.texts("requiredScope");
    let algorithms = options.optional_algorithms();
    let clock_tolerance_seconds = options.optional_number("clockToleranceSeconds");
    let acr_values = options.texts("acrValues");
    let consumers = options.texts("consumers");
    let delegation = options.optional("delegation");
    let system_user = options.optional_options("systemUser");
    let representation = options.optional_options("representation");
    options.end()?;
    let profile = match service {
        None => TokenProfile::Rfc9068,
        Some(service) => TokenProfile::of(service).ok_or_else(refused)?,
    };
    let mut policy = AccessTokenPolicy::new(profile, &issuer, audience.as_deref());
    policy.client_ids = client_ids;
    policy.required_scope = required_scope;
    if let Some(algorithms) = algorithms {
        policy.algorithms = algorithms;
    }
    if let Some(seconds) = clock_tolerance_seconds {
        policy.clock_tolerance_seconds = seconds;
    }
    policy.acr_values = levels(&acr_values)?;
    policy.consumers = organisations(&consumers)?;
    if let Some(value) = delegation {
        policy.delegation = self::delegation(value)?;
    }
    policy.system_user = system_user.map(system_user_policy).transpose()?;
    policy.representation = representation.map(representation_policy).transpose()?;
    Ok(policy)
}

fn delegation(value: Value) -> Result<Delegation, Failure> {
    match value.as_str() {
        Some("accepted") => Ok(Delegation::Accepted),
        Some("refused") => Ok(Delegation::Refused),
        Some(_) => Err(refused()),
        None => {
            let mut options = Options::of(value);
            let suppliers = options.optional_texts("suppliers");
            options.end()?;
            let suppliers = suppliers.ok_or_else(refused)?;
            Ok(Delegation::Suppliers(organisations(&suppliers)?))
        }
    }
}

fn system_user_policy(mut options: Options) -> Result<SystemUserPolicy, Failure> {
    let mut policy = SystemUserPolicy::default();
    let organisation = options.optional_text("organisation");
    policy.system_id = options.optional_text("systemId");
    options.end()?;
    policy.organisation = optional_organisation(organisation)?;
    Ok(policy)
}

fn representation_policy(mut options: Options) -> Result<RepresentationPolicy, Failure> {
    let rar_type = options.text("type");
    let resource = options.optional_text("resource");
    let actions = options.texts("actions");
    let organisation = options.optional_text("organisation");
    options.end()?;
    let rar_type = RarType::parse(&rar_type).ok_or_else(refused)?;
    let mut policy = RepresentationPolicy::new(rar_type, resource.as_deref());
    policy.actions = actions;
    policy.organisation = optional_organisation(organisation)?;
    Ok(policy)
}

fn dialog_token_policy(mut options: Options) -> Result<DialogTokenPolicy, Failure> {
    let issuer = options.text("issuer");
    let minimum_level = options.optional_number("minimumLevel");
    let service_resource = options.optional_text("serviceResource");
    let clock_tolerance_seconds = options.optional_number("clockToleranceSeconds");
    options.end()?;
    let mut policy = DialogTokenPolicy::new(&issuer, "");
    if let Some(level) = minimum_level {
        policy.minimum_level = level.try_into().map_err(|_| refused())?;
    }
    policy.service_resource = service_resource;
    if let Some(seconds) = clock_tolerance_seconds {
        policy.clock_tolerance_seconds = seconds;
    }
    Ok(policy)
}

/// What an id_token of a service must say, as the driver hands it over.
pub(super) fn identity_token_policy(
    mut options: Options,
    now: UnixTime,
) -> Result<IdentityTokenPolicy, Failure> {
    let preset = PresetOptions::of(&mut options);
    let read = CommonOptions::of(&mut options);
    let on_behalf_of = options.optional_options("onBehalfOf");
    options.end()?;
    let mut policy = IdentityTokenPolicy::of(&preset.preset()?, &read.client_id)?;
    policy.acr_values = levels(&read.acr_values)?;
    policy.on_behalf_of = on_behalf_of.map(identity::rar_request).transpose()?;
    policy.authenticated_since = read.authenticated_since(now);
    policy.nonce = read.nonce;
    if let Some(algorithms) = read.algorithms {
        policy.algorithms = algorithms;
    }
    if let Some(seconds) = read.clock_tolerance_seconds {
        policy.clock_tolerance_seconds = seconds;
    }
    Ok(policy)
}

/// What is said of every id_token.
struct CommonOptions {
    client_id: String,
    /// Absent only if the caller has said so.
    nonce: Option<String>,
    acr_values: Vec<String>,
    max_age_seconds: Option<u32>,
    algorithms: Option<Vec<Algorithm>>,
    clock_tolerance_seconds: Option<u32>,
}

impl CommonOptions {
    fn of(options: &mut Options) -> Self {
        Self {
            client_id: options.text("clientId"),
            nonce: options.optional_text("nonce"),
            acr_values: options.texts("acrValues"),
            max_age_seconds: options.optional_number("maxAgeSeconds"),
            algorithms: options.optional_algorithms(),
            clock_tolerance_seconds: options.optional_number("clockToleranceSeconds"),
        }
    }

    fn authenticated_since(&self, now: UnixTime) -> Option<UnixTime> {
        self.max_age_seconds
            .map(|seconds| now.saturating_sub(seconds.into()))
    }
}

/// What an id_token of anybody else must say, as the driver hands it over.
pub(super) struct IdTokenOptions {
    issuer: String,
    read: CommonOptions,
}

impl IdTokenOptions {
    pub(super) fn of(mut options: Options) -> Result<Self, Failure> {
        let issuer = options.text("issuer");
        let read = CommonOptions::of(&mut options);
        options.end()?;
        Ok(Self { issuer, read })
    }

    pub(super) fn judge(
        &self,
        token: &str,
        jwks: &Jwks,
        now: UnixTime,
    ) -> Result<(IdToken, Vec<Check>), Failure> {
        let issuer = Issuer::parse(&self.issuer).map_err(portvakt_oidc::Error::from)?;
        let nonce = self.read.nonce.as_deref();
        let nonce = nonce.map_or(ExpectedNonce::Unknown, ExpectedNonce::Is);
        let mut expected = IdTokenExpectation::new(&issuer, &self.read.client_id, nonce);
        expected.acceptable_acr = &self.read.acr_values;
        expected.authenticated_since = self.read.authenticated_since(now);
        if let Some(algorithms) = &self.read.algorithms {
            expected.algorithms = algorithms;
        }
        if let Some(seconds) = self.read.clock_tolerance_seconds {
            expected.clock_tolerance_seconds = seconds;
        }
        let token = RawIdToken::of_stranger(token)?;
        Ok(portvakt_oidc::verify_id_token(
            &token, jwks, &expected, now,
        )?)
    }
}

fn levels(names: &[String]) -> Result<Vec<Acr>, Failure> {
    let levels: Result<_, _> = names.iter().map(|name| Acr::parse(name)).collect();
    levels.map_err(|_| refused())
}

fn optional_organisation(number: Option<String>) -> Result<Option<OrganisationNumber>, Failure> {
    number.as_deref().map(organisation).transpose()
}

fn organisations(numbers: &[String]) -> Result<Vec<OrganisationNumber>, Failure> {
    numbers.iter().map(|number| organisation(number)).collect()
}

fn organisation(number: &str) -> Result<OrganisationNumber, Failure> {
    OrganisationNumber::parse(number).map_err(|_| refused())
}
