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
    pub(super) fn of(state: &State, grant: &Grant) -> Self {
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
        // The rest needs an organisation to be about.
        if first_party(&mut details).is_some() {
            if take(Fault::OtherResource) {
                change_resource(&mut details);
            }
            if take(Fault::AdditionalOrganisation) {
                add_organisation(&mut details);
            }
        }
        let mut in_id_token = details.clone();
        if first_party(&mut in_id_token).is_some() && take(Fault::OtherOrganisation) {
            change_organisation(&mut in_id_token);
        }
        Self {
            in_response: Some(details),
            in_id_token: Some(in_id_token),
        }
    }
}

/// The list of parties of the first object, in any of the shapes.
fn parties(details: &mut Value) -> Option<&mut Vec<Value>> {
    let object = details.as_array_mut()?.first_mut()?.as_object_mut()?;
    let name = if object.contains_key("reportees") {
        "reportees"
    } else {
        "authorized_parties"
    };
    object.get_mut(name)?.as_array_mut()
}

fn first_party(details: &mut Value) -> Option<&mut Value> {
    parties(details)?.first_mut()
}

fn change_organisation(details: &mut Value) {
    if let Some(party) = first_party(details) {
        rename(party);
    }
}

fn add_organisation(details: &mut Value) {
    if let Some(parties) = parties(details)
        && let Some(first) = parties.first().cloned()
    {
        let mut other = first;
        rename(&mut other);
        parties.push(other);
    }
}

fn change_resource(details: &mut Value) {
    const OTHER: &str = "another-resource";
    details[0]["resource"] = format!("{}{OTHER}", crate::provider::rar::RESOURCE_PREFIX).into();
    if let Some(party) = first_party(details)
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
