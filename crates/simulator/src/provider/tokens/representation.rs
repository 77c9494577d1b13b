//! The copies of `authorization_details`, equal unless a fault is armed.

use serde_json::{Value, json};

use crate::faults::Fault;
use crate::provider::store::Grant;
use crate::state::State;

/// What is said where about whom the person represents.
#[derive(Clone, Debug)]
pub(crate) struct Representation {
    /// In the token response and in the access token.
    pub(crate) in_response: Option<Value>,
    /// In the id_token.
    pub(crate) in_id_token: Option<Value>,
}

impl Representation {
    pub(super) fn of(state: &State, grant: &Grant, is_renewal: bool) -> Self {
        let Some(granted) = &grant.authorization_details else {
            return Self {
                in_response: None,
                in_id_token: None,
            };
        };
        let take = |fault| state.faults.take(fault);
        if take(Fault::MissingAuthorizationDetails) {
            return Self {
                in_response: None,
                in_id_token: None,
            };
        }
        let mut details = granted.clone();
        // An empty array, as for nobody's mandate, has nothing to be wrong.
        if details.get(0).is_some() {
            if take(Fault::MissingRepresentation) {
                details = json!([{ "type": granted[0]["type"] }]);
            }
            if take(Fault::OtherType) {
                let other = match details[0]["type"].as_str() {
                    Some("ansattporten:orgno") => "ansattporten:altinn:resource",
                    _ => "ansattporten:orgno",
                };
                details[0]["type"] = other.into();
            }
        }
        // The rest needs an organisation to be about.
        if organisation(&mut details).is_some() && take(Fault::OtherResource) {
            change_resource(&mut details);
        }
        if let Some(parties) = parties(&mut details)
            && let Some(mut other) = parties.first().cloned()
            && take(Fault::AdditionalOrganisation)
        {
            rename(&mut other);
            parties.push(other);
        }
        if is_renewal
            && let Some(organisation) = organisation(&mut details)
            && take(Fault::RenewalOtherOrganisation)
        {
            rename(organisation);
        }
        let mut in_id_token = details.clone();
        if let Some(organisation) = organisation(&mut in_id_token)
            && take(Fault::OtherOrganisation)
        {
            rename(organisation);
        }
        Self {
            in_response: Some(details),
            in_id_token: Some(in_id_token),
        }
    }
}

/// The list of parties of the first object, under any of its names.
fn parties(details: &mut Value) -> Option<&mut Vec<Value>> {
    let object = details.get_mut(0)?.as_object_mut()?;
    let name = if object.contains_key("reportees") {
        "reportees"
    } else {
        "authorized_parties"
    };
    object.get_mut(name)?.as_array_mut()
}

/// What names the first organisation: the first party, or the object itself where there is no list.
fn organisation(details: &mut Value) -> Option<&mut Value> {
    let is_named_directly = details.get(0)?.get("orgno").is_some();
    if is_named_directly {
        return details.get_mut(0);
    }
    parties(details)?.first_mut()
}

fn change_resource(details: &mut Value) {
    const OTHER: &str = "another-resource";
    details[0]["resource"] = format!("{}{OTHER}", crate::provider::rar::RESOURCE_PREFIX).into();
    if let Some(party) = organisation(details)
        && party.get("resource").is_some()
    {
        party["resource"] = OTHER.into();
    }
}

/// Makes a party another organisation, one that is not seeded so that it differs from every choice.
fn rename(party: &mut Value) {
    const OTHER: &str = "0192:319999981";
    if party.get("orgno").is_some() {
        party["orgno"]["ID"] = OTHER.into();
    } else {
        party["ID"] = OTHER.into();
    }
}
