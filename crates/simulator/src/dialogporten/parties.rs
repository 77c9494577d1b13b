//! Whom the caller can act for: oneself, and organisations with their sub-units.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde::Serialize;
use uuid::Uuid;

use super::accept::require_json;
use super::access::{Caller, Reach};
use super::bearer::EndUser;
use super::json;
use super::problem::Problem;
use super::query::ORGANISATION_PREFIX;
use super::store::named_random_id;
use crate::state::Shared;
use crate::world::{Organisation, OrganisationNumber, Pid, Role, World};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parties {
    authorized_parties: Vec<Party>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    party: String,
    party_uuid: Uuid,
    party_id: u32,
    name: String,
    party_type: &'static str,
    is_deleted: bool,
    has_key_role: bool,
    is_current_end_user: bool,
    is_main_administrator: bool,
    is_access_manager: bool,
    /// There only because a sub-unit is; not to be chosen itself.
    has_only_access_to_sub_parties: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_parties: Option<Vec<Self>>,
}

/// `GET /enduser/parties`
pub(crate) async fn list(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_json(&headers)?;
    json(&Parties {
        authorized_parties: authorized_parties(&state.world(), &caller),
    })
}

fn authorized_parties(world: &World, caller: &Caller) -> Vec<Party> {
    let mut parties = Vec::new();
    if !matches!(caller.reach, Reach::Organisations(_)) {
        parties.push(oneself(world, caller));
    }
    let Some(pid) = &caller.pid else {
        return parties;
    };
    let held = represented(world, caller, pid);
    let is_held = |number: &OrganisationNumber| held.iter().any(|one| one.number == *number);
    for main in world
        .organisations()
        .filter(|organisation| !organisation.is_sub_unit())
    {
        let subs: Vec<Party> = held
            .iter()
            .filter(|sub| sub.parent.as_ref() == Some(&main.number))
            .map(|sub| organisation(world, pid, sub))
            .collect();
        if !is_held(&main.number) && subs.is_empty() {
            continue;
        }
        parties.push(Party {
            has_only_access_to_sub_parties: !is_held(&main.number),
            sub_parties: Some(subs).filter(|subs| !subs.is_empty()),
            ..organisation(world, pid, main)
        });
    }
    parties
}

/// The organisations that the person represents and the token reaches.
fn represented<'w>(world: &'w World, caller: &Caller, pid: &Pid) -> Vec<&'w Organisation> {
    let held = world.represented(pid);
    match &caller.reach {
        Reach::Everything => held,
        Reach::OneSelf => Vec::new(),
        Reach::Organisations(named) => held
            .into_iter()
            .filter(|one| named.iter().any(|(number, _)| *number == one.number))
            .collect(),
    }
}

fn oneself(world: &World, caller: &Caller) -> Party {
    let person = caller.pid.as_ref().and_then(|pid| world.person(pid));
    let name = match person {
        Some(person) => format!("{} {}", person.family_name, person.given_name).to_uppercase(),
        None => caller.name.clone(),
    };
    Party {
        party_uuid: party_uuid(&caller.party),
        party_id: party_id(&caller.party, 50_000_000),
        party: caller.party.clone(),
        name,
        party_type: "Person",
        is_deleted: false,
        has_key_role: false,
        is_current_end_user: true,
        is_main_administrator: false,
        is_access_manager: false,
        has_only_access_to_sub_parties: false,
        sub_parties: None,
    }
}

fn organisation(world: &World, pid: &Pid, organisation: &Organisation) -> Party {
    let roles = world.roles(pid, &organisation.number);
    let party = format!("{ORGANISATION_PREFIX}{}", organisation.number);
    Party {
        party_uuid: party_uuid(&party),
        party_id: party_id(&party, 51_000_000),
        party,
        name: organisation.name.to_uppercase(),
        party_type: "Organization",
        is_deleted: organisation.is_deleted,
        has_key_role: roles.iter().any(|role| role.is_key_role()),
        is_current_end_user: false,
        is_main_administrator: roles.contains(&Role::Hovedadministrator),
        is_access_manager: roles.contains(&Role::DagligLeder)
            || roles.contains(&Role::Hovedadministrator),
        has_only_access_to_sub_parties: false,
        sub_parties: None,
    }
}

/// Altinn's identifiers of a party, which follow from the party here.
fn party_uuid(party: &str) -> Uuid {
    named_random_id(party)
}

fn party_id(party: &str, first: u32) -> u32 {
    let low = party_uuid(party).as_u64_pair().1 % 1_000_000;
    u32::try_from(low).map_or(first, |low| first + low)
}
