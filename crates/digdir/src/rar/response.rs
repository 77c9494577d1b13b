use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::element::Members;
use super::target::{RESOURCE_URN, RarType};
use super::{Mandate, RepresentationError};
use crate::identifiers::{Iso6523, OrganisationNumber};

/// The value of `authorization_details` in a token response or a token, in one shape.
///
/// It is what the provider says, and not yet compared with what was asked for: see [`check`](super::check).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RarResponse {
    /// The objects in their order; none at all is how `idporten:fullmakt` writes "oneself".
    pub elements: Vec<RarElement>,
}

/// One object of the array.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RarElement {
    /// The type, or `None` for one that is not known here; nothing else of such an object is read.
    pub rar_type: Option<RarType>,
    /// The resource as a URN, if the object or all its parties name it.
    pub resource: Option<String>,
    /// What the resource is called, for people.
    pub resource_name: Option<String>,
    /// The organisations, in the order of the provider; none is how the other types write "oneself".
    pub parties: Vec<AuthorizedParty>,
    /// The mandate of `idporten:fullmakt`.
    pub mandate: Option<Mandate>,
}

/// One organisation of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizedParty {
    /// Its number.
    pub number: OrganisationNumber,
    /// What it is called; not every answer tells.
    pub name: Option<String>,
    /// Its code in Enhetsregisteret, such as `AS` or `BEDR`; not every answer tells.
    pub unit_type: Option<String>,
    /// The actions that the person has of those that were asked for; `None` if the answer does not tell.
    pub actions: Option<Vec<String>>,
    /// Rights that the employer or Altinn 2 states.
    pub rights: Vec<String>,
}

impl RarResponse {
    /// Reads the array in every shape that the services have used.
    ///
    /// Organisations stand in `authorized_parties` (`{"orgno": {"authority", "ID"}, …}`), in `reportees` of
    /// Altinn 2 (`{"Authority", "ID", "Name", "Rights"}`) or, in 2025, directly in the object (`"orgno": {…}`).
    /// Members may be missing, capitalised, or written with hyphens.
    ///
    /// # Errors
    /// `representation_malformed`, `representation_ambiguous`, `representation_too_large`,
    /// `representation_resource_mismatch`, `representation_organisation_identifier`.
    pub fn parse(value: &Value) -> Result<Self, RepresentationError> {
        let objects = value.as_array().ok_or(RepresentationError::Malformed)?;
        if objects.len() > MAX_ELEMENTS {
            return Err(RepresentationError::TooLarge);
        }
        let elements = objects.iter().map(element).collect::<Result<Vec<_>, _>>()?;
        let parties: usize = elements.iter().map(|element| element.parties.len()).sum();
        if parties > MAX_PARTIES {
            return Err(RepresentationError::TooLarge);
        }
        Ok(Self { elements })
    }
}

fn element(value: &Value) -> Result<RarElement, RepresentationError> {
    let members = Members::of(value)?;
    let rar_type = members
        .text("type")?
        .ok_or(RepresentationError::Malformed)?;
    let mut element = RarElement {
        rar_type: RarType::parse(rar_type),
        resource: None,
        resource_name: None,
        parties: Vec::new(),
        mandate: None,
    };
    match element.rar_type {
        None => {}
        Some(RarType::Fullmakt) => element.mandate = Mandate::read(members)?,
        Some(_) => {
            element.resource = members.text("resource")?.map(String::from);
            element.resource_name = members.text("resource_name")?.map(String::from);
            for (index, party) in party_objects(value, members)?.into_iter().enumerate() {
                let inner = party.text("resource")?;
                match (&element.resource, inner) {
                    (None, inner) if index == 0 => element.resource = inner.map(to_urn),
                    (_, None) => {}
                    (Some(outer), Some(inner)) if *outer == to_urn(inner) => {}
                    _ => return Err(RepresentationError::ResourceMismatch),
                }
                element.parties.push(authorized_party(party)?);
            }
        }
    }
    Ok(element)
}

/// The objects that describe one organisation each, from whichever of the three places there is.
fn party_objects<'a>(
    value: &'a Value,
    members: Members<'a>,
) -> Result<Vec<Members<'a>>, RepresentationError> {
    let listed = match (
        members.array("authorized_parties")?,
        members.array("reportees")?,
    ) {
        (Some(_), Some(_)) => return Err(RepresentationError::Ambiguous),
        (Some(parties), None) | (None, Some(parties)) => Some(parties),
        (None, None) => None,
    };
    match (listed, members.find("orgno")?) {
        (Some(_), Some(_)) => Err(RepresentationError::Ambiguous),
        (Some(parties), None) => parties.iter().map(Members::of).collect(),
        (None, Some(_)) => Ok([Members::of(value)?].into()),
        (None, None) => Ok(Vec::new()),
    }
}

fn authorized_party(party: Members<'_>) -> Result<AuthorizedParty, RepresentationError> {
    Ok(AuthorizedParty {
        number: organisation_number(party)?,
        name: party.text("name")?.map(String::from),
        unit_type: party.text("unit_type")?.map(String::from),
        actions: party.names("actions")?,
        rights: party.names("rights")?.unwrap_or_default(),
    })
}

/// The organisation, from an object of its own or from members beside the others.
fn organisation_number(party: Members<'_>) -> Result<OrganisationNumber, RepresentationError> {
    let flat = party.find("id")?.is_some() || party.find("authority")?.is_some();
    let identifier = match (party.find("orgno")?, flat) {
        (Some(_), true) => return Err(RepresentationError::Ambiguous),
        (Some(identifier), false) => Iso6523::from_json(identifier),
        (None, _) => match (party.text("authority")?, party.text("id")?) {
            (Some(authority), Some(id)) => Iso6523::from_members(authority, id),
            _ => return Err(RepresentationError::OrganisationIdentifier),
        },
    };
    let identifier = identifier.map_err(|_| RepresentationError::OrganisationIdentifier)?;
    Ok(identifier.number())
}

/// Inside a party stands the bare id, outside of it the URN.
fn to_urn(resource: &str) -> String {
    if resource.starts_with("urn:") {
        resource.into()
    } else {
        [RESOURCE_URN, resource].concat()
    }
}

/// A request names at most 20 resources, and there is at most one object for each.
const MAX_ELEMENTS: usize = 64;

/// People choose organisations one by one in a list; an accountant may have some hundreds.
const MAX_PARTIES: usize = 2000;
