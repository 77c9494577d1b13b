//! The answer `authorization_details`, in the shape of a chosen version of the documentation.

use serde_json::{Map, Value, json};

use crate::options::RarProfile;
use crate::world::{Organisation, OrganisationNumber, Person, World};

use super::request::{DetailsType, RarObject, RarRequest};
use super::select::{Selection, bridged, mandates, permitted};

/// What is answered when the person represents only themself.
fn oneself(kind: DetailsType) -> Value {
    match kind {
        DetailsType::Fullmakt => json!([]),
        kind => json!([{ "type": kind.as_str() }]),
    }
}

/// What is answered for a selection that was among the choices.
///
/// There is one object for each resource that the person has for somebody chosen, so the answer may be
/// shorter than the request.
pub(crate) fn grant(
    world: &World,
    person: &Person,
    client_id: &str,
    request: &RarRequest,
    selection: &Selection,
    profile: RarProfile,
) -> Value {
    let organisations = |numbers: &[OrganisationNumber]| -> Vec<Organisation> {
        numbers
            .iter()
            .filter_map(|number| world.organisation(number).cloned())
            .collect()
    };
    match (selection, request.kind) {
        (Selection::Organisations(numbers), DetailsType::AltinnResource) => {
            resources(world, person, request, &organisations(numbers), profile)
        }
        (Selection::Organisations(numbers), DetailsType::AltinnService) => {
            services(world, person, request, &organisations(numbers))
        }
        (Selection::Organisations(numbers), DetailsType::Orgno) => {
            employers(person, client_id, &organisations(numbers), profile)
        }
        (Selection::Person(_), DetailsType::Fullmakt) => {
            mandated(world, person, request, selection)
        }
        _ => oneself(request.kind),
    }
}

fn resources(
    world: &World,
    person: &Person,
    request: &RarRequest,
    organisations: &[Organisation],
    profile: RarProfile,
) -> Value {
    let party = |object: &RarObject, organisation: &Organisation| {
        let actions = permitted(world, &person.pid, organisation, object);
        if actions.is_empty() {
            return None;
        }
        let mut party = json!({
            "orgno": identifier(&organisation.number),
            "resource": object.resource,
            "name": organisation.name,
            "unit_type": organisation.unit_type,
        });
        if profile == RarProfile::V4 && !object.actions.is_empty() {
            party["actions"] = json!(actions);
        }
        Some(party)
    };
    let answer = |object: &RarObject| {
        let parties: Vec<Value> = organisations
            .iter()
            .filter_map(|organisation| party(object, organisation))
            .collect();
        if parties.is_empty() {
            return None;
        }
        let mut answer = json!({
            "type": request.kind.as_str(),
            "resource": object.urn,
            "authorized_parties": parties,
        });
        if profile != RarProfile::Live2026 {
            answer["resource_name"] = name_of(world, object).into();
        }
        Some(answer)
    };
    request.objects.iter().filter_map(answer).collect()
}

/// The shape of Altinn 2: capital letters and a flat identifier.
fn services(
    world: &World,
    person: &Person,
    request: &RarRequest,
    organisations: &[Organisation],
) -> Value {
    let reportee = |object: &RarObject, organisation: &Organisation| {
        let rights: Vec<String> = permitted(world, &person.pid, organisation, object)
            .iter()
            .map(|action| capitalised(action))
            .collect();
        (!rights.is_empty()).then(|| {
            json!({
                "Authority": "iso6523-actorid-upis",
                "ID": organisation.number.iso6523(),
                "Name": organisation.name,
                "Rights": rights,
            })
        })
    };
    let answer = |object: &RarObject| {
        let reportees: Vec<Value> = organisations
            .iter()
            .filter_map(|organisation| reportee(object, organisation))
            .collect();
        (!reportees.is_empty()).then(|| {
            json!({
                "type": request.kind.as_str(),
                "resource": object.urn,
                "resource_name": name_of(world, object),
                "reportees": reportees,
            })
        })
    };
    request.objects.iter().filter_map(answer).collect()
}

fn employers(
    person: &Person,
    client_id: &str,
    organisations: &[Organisation],
    profile: RarProfile,
) -> Value {
    let kind = DetailsType::Orgno.as_str();
    if profile == RarProfile::V2 {
        // One organisation, no list, and a capital letter.
        let answer = |organisation: &Organisation| {
            json!({
                "type": kind,
                "orgno": { "Authority": "iso6523-actorid-upis", "ID": organisation.number.iso6523() },
            })
        };
        return organisations.iter().map(answer).collect();
    }
    let party = |organisation: &Organisation| {
        let mut party =
            json!({ "orgno": identifier(&organisation.number), "name": organisation.name });
        let rights = bridged(organisation, person, client_id).unwrap_or_default();
        if !rights.is_empty() {
            party["rights"] = json!(rights);
        }
        party
    };
    let parties: Vec<Value> = organisations.iter().map(party).collect();
    json!([{ "type": kind, "authorized_parties": parties }])
}

fn mandated(world: &World, person: &Person, request: &RarRequest, selection: &Selection) -> Value {
    let Selection::Person(pid) = selection else {
        return oneself(request.kind);
    };
    let given: Vec<_> = mandates(world, person, request)
        .filter(|(authorizer, _, _)| authorizer.pid == *pid)
        .collect();
    let Some((authorizer, _, _)) = given.first() else {
        return oneself(request.kind);
    };
    let permissions: Vec<Value> = given
        .iter()
        .map(|(_, owner, role)| json!({ "owner": owner.iso6523(), "role": role }))
        .collect();
    json!([{
        "type": request.kind.as_str(),
        "authorizer": { "name": authorizer.name, "pid": authorizer.pid },
        "authorized_representative": { "name": person.name(), "pid": person.pid },
        "permissions": permissions,
    }])
}

/// An organisation as tokens carry it.
fn identifier(number: &OrganisationNumber) -> Value {
    let members = [
        ("authority", "iso6523-actorid-upis".into()),
        ("ID", number.iso6523().into()),
    ];
    Value::Object(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}

fn name_of(world: &World, object: &RarObject) -> Option<String> {
    let resource = world.resource(object.resource.as_deref()?)?;
    Some(resource.name.nb.clone())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
