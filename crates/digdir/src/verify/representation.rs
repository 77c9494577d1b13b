use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::Object;

use super::{AccessTokenError, VerifierMisuse, VerifyError};
use crate::identifiers::OrganisationNumber;
use crate::rar::{
    AltinnResource, AltinnService, AuthorizedParty, RarElement, RarResponse, RarType,
};

/// For which organisation, and in what, the person must act.
///
/// Any client may ask for any type and any resource, and a token may hold several elements. So all of this must
/// hold of the same element, and of the same organisation in it: the right to *write* for one organisation and the
/// right to *read* for another are not the right to write for the other.
///
/// Source: Ansattporten, RAR.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RepresentationPolicy {
    /// The type of the element.
    pub rar_type: RarType,
    /// The resource as a URN, `urn:altinn:resource:{id}`; required for Altinn's types, absent for `Orgno`.
    pub resource: Option<String>,
    /// The actions that the person must have on the resource, all of them. Default: none, so that the resource
    /// alone is enough. A token tells actions only if its client asked for them.
    pub actions: Vec<String>,
    /// The organisation. Default: any, and the result tells which.
    pub organisation: Option<OrganisationNumber>,
}

impl RepresentationPolicy {
    /// Asks for any organisation that the person holds a resource of Altinn's registry for.
    #[must_use]
    pub fn altinn_resource(urn: &str) -> Self {
        Self::new(RarType::AltinnResource, Some(urn))
    }

    /// A policy without actions and for any organisation.
    #[must_use]
    pub fn new(rar_type: RarType, resource: Option<&str>) -> Self {
        Self {
            rar_type,
            resource: resource.map(String::from),
            actions: Vec::new(),
            organisation: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), VerifierMisuse> {
        let is_possible = match (self.rar_type, self.resource.as_deref()) {
            (RarType::AltinnResource, Some(urn)) => AltinnResource::parse(urn).is_ok(),
            (RarType::AltinnService, Some(urn)) => {
                AltinnService::parse(urn).is_ok() && self.actions.is_empty()
            }
            (RarType::Orgno, None) => self.actions.is_empty(),
            _ => false,
        };
        if is_possible && !self.actions.iter().any(String::is_empty) {
            Ok(())
        } else {
            Err(VerifierMisuse::Representation)
        }
    }

    fn is_about(&self, element: &RarElement) -> bool {
        element.rar_type == Some(self.rar_type)
            && (self.resource.is_none() || element.resource == self.resource)
    }

    fn is_met_by(&self, party: &AuthorizedParty) -> bool {
        let has = |action: &String| {
            party
                .actions
                .as_ref()
                .is_some_and(|actions| actions.contains(action))
        };
        self.organisation
            .is_none_or(|organisation| organisation == party.number)
            && self.actions.iter().all(has)
    }
}

/// The organisations that meet the policy; there is at least one.
pub(super) fn check(
    claims: &Object,
    policy: &RepresentationPolicy,
) -> Result<Vec<AuthorizedParty>, VerifyError> {
    let details = claims
        .get("authorization_details")
        .ok_or(AccessTokenError::RepresentationMissing)?;
    let details = RarResponse::parse(details)?;
    // `[{"type": …}]` is how "myself" is written.
    if details
        .elements
        .iter()
        .all(|element| element.parties.is_empty())
    {
        return Err(AccessTokenError::RepresentationMissing.into());
    }
    let mut organisations: Vec<AuthorizedParty> = Vec::new();
    for element in details
        .elements
        .into_iter()
        .filter(|element| policy.is_about(element))
    {
        for party in element
            .parties
            .into_iter()
            .filter(|party| policy.is_met_by(party))
        {
            if !organisations
                .iter()
                .any(|known| known.number == party.number)
            {
                organisations.push(party);
            }
        }
    }
    if organisations.is_empty() {
        return Err(AccessTokenError::RepresentationInsufficient.into());
    }
    Ok(organisations)
}
