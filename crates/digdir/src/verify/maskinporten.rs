//! What tokens say about organisations and their machines: consumer, supplier, system user.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::{Object, Value};

use super::{AccessTokenError, AccessTokenPolicy, TokenProfile, VerifierMisuse, claims};
use crate::identifiers::{Iso6523, OrganisationNumber};

/// Whether an organisation may be acted for by a supplier. Source: Maskinporten, delegation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Delegation {
    /// With or without a supplier.
    Accepted,
    /// By its own client only.
    Refused,
    /// By one of these suppliers only.
    Suppliers(Vec<OrganisationNumber>),
}

/// Who holds the token on the consumer's behalf.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Supplier {
    organisation: OrganisationNumber,
    delegation_source: String,
}

impl Supplier {
    /// The supplier's number.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationNumber {
        self.organisation
    }

    /// Where the consumer gave the right to it, such as `https://www.altinn.no/`.
    #[must_use]
    pub fn delegation_source(&self) -> &str {
        &self.delegation_source
    }
}

/// Which system users are accepted; both must hold of the same one. Source: Maskinporten, system user.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct SystemUserPolicy {
    /// The organisation that the system user belongs to. Default: any.
    pub organisation: Option<OrganisationNumber>,
    /// The system that it is a user of, such as `310000043_examplesystem`. Default: any.
    pub system_id: Option<String>,
}

impl SystemUserPolicy {
    pub(super) fn check(&self) -> Result<(), VerifierMisuse> {
        match self.system_id.as_deref() {
            Some("") => Err(VerifierMisuse::SystemUser),
            _ => Ok(()),
        }
    }
}

/// A machine that an organisation has given rights of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SystemUser {
    ids: Vec<String>,
    organisation: OrganisationNumber,
    system_id: String,
}

impl SystemUser {
    /// Its identifiers; there is at least one. What it may do is for Altinn's authorization to say.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The organisation that it belongs to: the customer, where the consumer is the vendor.
    #[must_use]
    pub const fn organisation(&self) -> OrganisationNumber {
        self.organisation
    }

    /// The system that it is a user of.
    #[must_use]
    pub fn system_id(&self) -> &str {
        &self.system_id
    }

    /// Reads one element of `authorization_details`; `None` if it is of another type.
    fn read(element: &Value) -> Result<Option<Self>, AccessTokenError> {
        let malformed = AccessTokenError::SystemUserMalformed;
        let element = element.as_object().ok_or(malformed)?;
        if element
            .get("type")
            .and_then(Value::as_str)
            .ok_or(malformed)?
            != SYSTEM_USER_TYPE
        {
            return Ok(None);
        }
        let ids = claims::texts(element.get("systemuser_id").ok_or(malformed)?);
        let ids: Vec<String> = ids
            .map_err(|_| malformed)?
            .into_iter()
            .map(ToString::to_string)
            .collect();
        let organisation = element.get("systemuser_org").ok_or(malformed)?;
        let organisation = Iso6523::from_json(organisation)
            .map_err(|_| malformed)?
            .number();
        let system_id = element
            .get("system_id")
            .and_then(Value::as_str)
            .ok_or(malformed)?;
        if ids.is_empty() || ids.iter().any(String::is_empty) || system_id.is_empty() {
            return Err(malformed);
        }
        Ok(Some(Self {
            ids,
            organisation,
            system_id: system_id.to_string(),
        }))
    }

    fn meets(&self, policy: &SystemUserPolicy) -> bool {
        policy
            .organisation
            .is_none_or(|organisation| organisation == self.organisation)
            && policy
                .system_id
                .as_ref()
                .is_none_or(|system_id| *system_id == self.system_id)
    }
}

/// The organisation that owns the client. Maskinporten always says; elsewhere it matters only if it is asked for.
pub(super) fn check_consumer(
    claims: &Object,
    policy: &AccessTokenPolicy,
) -> Result<Option<OrganisationNumber>, AccessTokenError> {
    let is_needed = policy.profile == TokenProfile::Maskinporten || !policy.consumers.is_empty();
    let consumer = match (claims.get("consumer"), is_needed) {
        (None, true) => return Err(AccessTokenError::ConsumerMissing),
        (None, false) => return Ok(None),
        (Some(consumer), _) => Iso6523::from_json(consumer),
    };
    match consumer {
        Ok(consumer)
            if policy.consumers.is_empty() || policy.consumers.contains(&consumer.number()) =>
        {
            Ok(Some(consumer.number()))
        }
        Ok(_) => Err(AccessTokenError::ConsumerNotAllowed),
        Err(_) if is_needed => Err(AccessTokenError::ConsumerMalformed),
        // Digdir may name organisations in new ways, which is nothing to somebody who does not ask.
        Err(_) => Ok(None),
    }
}

/// Who holds the token on the consumer's behalf, which Maskinporten and with it Altinn may say.
pub(super) fn check_supplier(
    claims: &Object,
    policy: &AccessTokenPolicy,
) -> Result<Option<Supplier>, AccessTokenError> {
    if !matches!(
        policy.profile,
        TokenProfile::Maskinporten | TokenProfile::Altinn
    ) {
        return Ok(None);
    }
    let Some(supplier) = claims.get("supplier") else {
        return match policy.delegation {
            Delegation::Accepted | Delegation::Refused => Ok(None),
            Delegation::Suppliers(_) => Err(AccessTokenError::SupplierNotAllowed),
        };
    };
    let malformed = AccessTokenError::SupplierMalformed;
    let organisation = Iso6523::from_json(supplier)
        .map_err(|_| malformed)?
        .number();
    let delegation_source = claims::text(claims, "delegation_source")
        .ok()
        .flatten()
        .filter(|source| !source.is_empty())
        .ok_or(malformed)?;
    match &policy.delegation {
        Delegation::Refused => return Err(AccessTokenError::DelegationRefused),
        Delegation::Suppliers(suppliers) if !suppliers.contains(&organisation) => {
            return Err(AccessTokenError::SupplierNotAllowed);
        }
        Delegation::Accepted | Delegation::Suppliers(_) => {}
    }
    Ok(Some(Supplier {
        organisation,
        delegation_source: delegation_source.to_string(),
    }))
}

/// The system user of the token. Where none is asked for, it is told if it can be read.
pub(super) fn check_system_user(
    claims: &Object,
    policy: &AccessTokenPolicy,
) -> Result<Option<SystemUser>, AccessTokenError> {
    if !matches!(
        policy.profile,
        TokenProfile::Maskinporten | TokenProfile::Altinn
    ) {
        return Ok(None);
    }
    let system_users = system_users(claims);
    let Some(policy) = &policy.system_user else {
        return Ok(system_users.ok().and_then(|users| users.into_iter().next()));
    };
    let system_users = system_users?;
    if system_users.is_empty() {
        return Err(AccessTokenError::SystemUserMissing);
    }
    system_users
        .into_iter()
        .find(|user| user.meets(policy))
        .map(Some)
        .ok_or(AccessTokenError::SystemUserNotAllowed)
}

fn system_users(claims: &Object) -> Result<Vec<SystemUser>, AccessTokenError> {
    let Some(details) = claims.get("authorization_details") else {
        return Ok(Vec::new());
    };
    let details = details
        .as_array()
        .ok_or(AccessTokenError::SystemUserMalformed)?;
    details
        .iter()
        .filter_map(|element| SystemUser::read(element).transpose())
        .collect()
}

const SYSTEM_USER_TYPE: &str = "urn:altinn:systemuser";
