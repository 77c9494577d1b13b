use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::{
    AltinnService, AuthorizedParty, Grant, Organisation, Permission, RarElement, RarRequest,
    RarResponse, RarTarget, Representation, RepresentationError,
};
use crate::identifiers::OrganisationNumber;

/// Compares what the provider granted with what was asked for.
///
/// Every object must be of the type that was asked for, and of a resource, action and kind of
/// organisation that was; there may be fewer than were asked for, as the person need not have them all.
///
/// Actions that the answer leaves out are not an error: older versions of the service never tell them,
/// and then nothing claims that the person has one ([`Organisation::may`]). Where no actions were asked
/// for, those that are stated are kept.
///
/// # Errors
/// The `representation_*` codes.
pub fn check(
    request: &RarRequest,
    granted: &RarResponse,
) -> Result<Representation, RepresentationError> {
    for element in &granted.elements {
        check_element(request, element)?;
    }
    let mandates: Vec<_> = granted
        .elements
        .iter()
        .filter_map(|element| element.mandate.clone())
        .collect();
    let organisations = organisations(&granted.elements);
    if organisations.len() > 1 && !request.allow_multiple_organizations {
        return Err(RepresentationError::SeveralOrganisations);
    }
    let representation = match (organisations.is_empty(), mandates.is_empty()) {
        (false, _) => Representation::Organisations(organisations),
        (true, false) => Representation::Citizen(mandates),
        (true, true) => Representation::OneSelf,
    };
    if representation.is_oneself() && request.representation_is_required {
        return Err(RepresentationError::Required);
    }
    Ok(representation)
}

/// Compares both copies of the claim, that of the token response and that of the id_token, with what was
/// asked for, and with each other.
///
/// The token response is the place that RFC 9396 §7 gives the claim; the services repeat it in the tokens.
/// Either may be missing, but not both; where both are there they must grant the same.
///
/// If nothing was asked for, the result is `None`, and nothing may have been granted.
///
/// # Errors
/// The `representation_*` codes.
pub fn check_copies(
    request: Option<&RarRequest>,
    token_response: Option<&Value>,
    id_token: Option<&Value>,
) -> Result<Option<Representation>, RepresentationError> {
    let Some(request) = request else {
        let is_empty = |copy: Option<&Value>| {
            copy.is_none_or(|value| value.as_array().is_some_and(<[_]>::is_empty))
        };
        return if is_empty(token_response) && is_empty(id_token) {
            Ok(None)
        } else {
            Err(RepresentationError::NotAskedFor)
        };
    };
    let checked = |copy: &Value| check(request, &RarResponse::parse(copy)?);
    match (
        token_response.map(checked).transpose()?,
        id_token.map(checked).transpose()?,
    ) {
        (None, None) => Err(RepresentationError::Missing),
        (Some(copy), None) | (None, Some(copy)) => Ok(Some(copy)),
        (Some(first), Some(second)) if grants_the_same(&first, &second) => Ok(Some(first)),
        (Some(_), Some(_)) => Err(RepresentationError::CopiesDisagree),
    }
}

fn check_element(request: &RarRequest, element: &RarElement) -> Result<(), RepresentationError> {
    if element.rar_type != Some(request.rar_type()) {
        return Err(RepresentationError::WrongType);
    }
    match &request.target {
        RarTarget::AltinnResource(asked) => {
            let Some(resource) = named_resource(element)? else {
                return Ok(());
            };
            let asked = asked
                .iter()
                .find(|asked| asked.urn() == resource)
                .ok_or(RepresentationError::WrongResource)?;
            for party in &element.parties {
                check_actions(asked.actions(), party)?;
            }
        }
        RarTarget::AltinnService(asked) => {
            let Some(resource) = named_resource(element)? else {
                return Ok(());
            };
            if !asked
                .iter()
                .map(AltinnService::urn)
                .any(|asked| asked == resource)
            {
                return Err(RepresentationError::WrongResource);
            }
        }
        RarTarget::Orgno => {
            if element.resource.is_some() {
                return Err(RepresentationError::WrongResource);
            }
        }
        RarTarget::Fullmakt { permission_roles } => {
            let is_asked_for = |permission: &Permission| {
                permission_roles
                    .iter()
                    .any(|asked| asked == permission.role())
            };
            // Any of the roles will do, so that a mandate has at least one.
            if let Some(mandate) = &element.mandate
                && (mandate.permissions().is_empty()
                    || !mandate.permissions().iter().all(is_asked_for))
            {
                return Err(RepresentationError::WrongMandate);
            }
        }
    }
    let stated_unit_types = element
        .parties
        .iter()
        .filter_map(|party| party.unit_type.as_deref());
    match request.organizationform {
        Some(form)
            if !stated_unit_types
                .into_iter()
                .all(|unit_type| form.includes(unit_type)) =>
        {
            Err(RepresentationError::WrongOrganizationForm)
        }
        _ => Ok(()),
    }
}

/// The resource of an object. Without one it can only say "oneself".
fn named_resource(element: &RarElement) -> Result<Option<&str>, RepresentationError> {
    match &element.resource {
        Some(resource) => Ok(Some(resource)),
        None if element.parties.is_empty() => Ok(None),
        None => Err(RepresentationError::WrongResource),
    }
}

/// Any of the actions that were asked for will do, so that at least one is there if they are stated at all.
fn check_actions(asked: &[String], party: &AuthorizedParty) -> Result<(), RepresentationError> {
    match &party.actions {
        Some(stated) if !asked.is_empty() => {
            if stated.is_empty() || !stated.iter().all(|action| asked.contains(action)) {
                return Err(RepresentationError::WrongAction);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Each organisation once, in the order in which they first occur, with a grant per resource.
fn organisations(elements: &[RarElement]) -> Vec<Organisation> {
    let mut organisations: Vec<Organisation> = Vec::new();
    for element in elements {
        for party in &element.parties {
            let known = organisations
                .iter()
                .position(|known| known.number == party.number);
            let position = known.unwrap_or(organisations.len());
            if known.is_none() {
                organisations.push(Organisation {
                    number: party.number,
                    name: None,
                    unit_type: None,
                    grants: Vec::new(),
                });
            }
            let grant = Grant {
                resource: element.resource.clone(),
                resource_name: element.resource_name.clone(),
                actions: party.actions.clone(),
                rights: party.rights.clone(),
            };
            if let Some(organisation) = organisations.get_mut(position) {
                organisation.name = organisation.name.take().or_else(|| party.name.clone());
                organisation.unit_type = organisation
                    .unit_type
                    .take()
                    .or_else(|| party.unit_type.clone());
                if !organisation.grants.contains(&grant) {
                    organisation.grants.push(grant);
                }
            }
        }
    }
    organisations
}

/// Whether two answers give the same powers. Names, order and repetition do not matter: the copies in tokens
/// leave names out in some versions.
pub(crate) fn grants_the_same(first: &Representation, second: &Representation) -> bool {
    match (first, second) {
        (Representation::Organisations(_), Representation::Organisations(_)) => {
            let (first, second) = (first.organisations(), second.organisations());
            are_among(first, second) && are_among(second, first)
        }
        _ => first == second,
    }
}

/// A power: in an organisation's name, over a resource, with these actions and rights.
type Power<'a> = (OrganisationNumber, &'a Grant);

fn powers(organisations: &[Organisation]) -> impl Iterator<Item = Power<'_>> {
    organisations.iter().flat_map(|organisation| {
        let grants = organisation.grants.iter();
        grants.map(|grant| (organisation.number, grant))
    })
}

/// Each power is looked for among all others: there are at most as many as one answer may have parties.
fn are_among(powers: &[Organisation], others: &[Organisation]) -> bool {
    self::powers(powers).all(|power| self::powers(others).any(|other| is_same(power, other)))
}

fn is_same((number, grant): Power<'_>, (other_number, other): Power<'_>) -> bool {
    number == other_number
        && grant.resource() == other.resource()
        && match (grant.actions(), other.actions()) {
            (Some(actions), Some(others)) => names_are_same(actions, others),
            (None, None) => true,
            _ => false,
        }
        && names_are_same(&grant.rights, &other.rights)
}

fn names_are_same(names: &[String], others: &[String]) -> bool {
    names.iter().all(|name| others.contains(name)) && others.iter().all(|name| names.contains(name))
}
