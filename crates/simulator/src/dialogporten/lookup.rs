//! Looking a dialog up without opening it, to learn which level it needs.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json as value};
use uuid::Uuid;

use super::accept::Languages;
use super::access::{Access, RESOURCE_PREFIX};
use super::bearer::EndUser;
use super::metadata::{pruned, role_name, role_urn, service_owner};
use super::model::Dialog;
use super::problem::Problem;
use super::query::{ORGANISATION_PREFIX, Parameters};
use super::view::Reader;
use super::{as_reader, json};
use crate::state::Shared;
use crate::world::OrganisationNumber;

const DIALOG_PREFIX: &str = "urn:altinn:dialog-id:";

/// `GET /enduser/dialoglookup?instanceRef=`
///
/// The seeded dialogs have no instances and no correspondences, so only dialog ids are found.
pub(crate) async fn dialog(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    languages: Languages,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let languages = languages.get()?;
    let mut parameters = Parameters::parse(query.as_deref().unwrap_or_default())?;
    let reference = parameters
        .text("instanceRef")
        .unwrap_or_default()
        .to_lowercase();
    parameters.finish()?;
    if !is_instance_ref(&reference) {
        return Err(Problem::invalid(
            "instanceRef",
            "InstanceRef must be a supported identifier: \
             'urn:altinn:instance-id:{partyId}/{uuid}', 'urn:altinn:correspondence-id:{uuid}' or \
             'urn:altinn:dialog-id:{uuid}'.",
        ));
    }
    let not_found = || Problem::NotFound("instanceRef", vec![reference.clone()]);
    as_reader(&state, &caller, &languages, |reader| {
        state.dialogporten.with(|dialogs| {
            let id = reference
                .strip_prefix(DIALOG_PREFIX)
                .and_then(|id| Uuid::parse_str(id).ok());
            let dialog = dialogs
                .iter()
                .find(|dialog| Some(dialog.id) == id && !dialog.deleted)
                .ok_or_else(not_found)?;
            if !reader.access.may_list(dialog) {
                return Err(Problem::Forbidden("Forbidden", "Forbidden".to_owned()));
            }
            json(&found(dialog, reader).ok_or_else(not_found)?)
        })
    })
}

fn found(dialog: &Dialog, reader: &Reader<'_>) -> Option<Value> {
    let world = reader.access.world;
    let resource = world.resource(dialog.service_resource.strip_prefix(RESOURCE_PREFIX)?)?;
    let mut title = dialog
        .content
        .as_ref()
        .map(|content| reader.readable(dialog, content).title.value.clone())
        .unwrap_or_default();
    reader.languages.prune(&mut title);
    Some(value!({
        "dialogId": dialog.id,
        "instanceRef": format!("{DIALOG_PREFIX}{}", dialog.id),
        "party": dialog.party,
        "serviceResource": {
            "id": dialog.service_resource,
            "isDelegable": true,
            "minimumAuthenticationLevel": resource.minimum_authentication_level,
            "name": pruned(&resource.name, reader.languages),
        },
        "serviceOwner": service_owner(world, resource, reader.languages),
        "title": title,
        "authorizationEvidence": evidence(dialog, &reader.access, reader),
    }))
}

/// By what right the caller sees the dialog: roles in the organisation, else a single right.
fn evidence(dialog: &Dialog, access: &Access<'_>, reader: &Reader<'_>) -> Value {
    let resource = dialog.service_resource.strip_prefix(RESOURCE_PREFIX);
    let resource = resource.and_then(|id| access.world.resource(id));
    let number = dialog
        .party
        .strip_prefix(ORGANISATION_PREFIX)
        .and_then(|number| OrganisationNumber::parse(number).ok());
    let roles: Vec<Value> = match (&access.caller.pid, &number, resource) {
        (Some(pid), Some(number), Some(resource)) => access
            .world
            .roles(pid, number)
            .into_iter()
            .filter(|role| resource.roles.contains(role))
            .map(|role| {
                value!({
                    "grantType": "Role",
                    "subject": role_urn(role),
                    "name": pruned(&role_name(role), reader.languages),
                })
            })
            .collect(),
        _ => Vec::new(),
    };
    let by_single_right = roles.is_empty() && number.is_some();
    let single_right = value!({
        "grantType": "ResourceDelegation",
        "subject": dialog.service_resource,
        "name": resource
            .map(|resource| pruned(&resource.name, reader.languages))
            .unwrap_or_default(),
    });
    value!({
        "currentAuthenticationLevel": access.caller.level,
        "viaRole": !by_single_right,
        "viaAccessPackage": false,
        "viaResourceDelegation": by_single_right,
        "viaInstanceDelegation": false,
        "evidence": if by_single_right { vec![single_right] } else { roles },
    })
}

fn is_instance_ref(reference: &str) -> bool {
    let is_uuid = |text: &str| Uuid::parse_str(text).is_ok();
    if let Some(id) = reference.strip_prefix("urn:altinn:instance-id:") {
        return id.split_once('/').is_some_and(|(party, id)| {
            !party.is_empty() && party.bytes().all(|byte| byte.is_ascii_digit()) && is_uuid(id)
        });
    }
    [DIALOG_PREFIX, "urn:altinn:correspondence-id:"]
        .iter()
        .any(|prefix| reference.strip_prefix(prefix).is_some_and(is_uuid))
}
