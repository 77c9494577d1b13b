//! Whom a person can choose between, and what was chosen.

use std::collections::BTreeSet;

use crate::eid::Acr;
use crate::world::{
    BridgeClients, BridgeRule, BridgeSubject, Organisation, OrganisationNumber, Person, Pid, World,
};

use super::request::{DetailsType, OrganisationForm, RarObject, RarRequest};

/// Whom the person can represent.
#[derive(Clone, Debug)]
pub(crate) enum Choices {
    /// Organisations, main units before their sub-units.
    Organisations(Vec<OrganisationChoice>),
    /// People who gave a mandate.
    People(Vec<PersonChoice>),
}

/// An organisation in the picker.
#[derive(Clone, Debug)]
pub(crate) struct OrganisationChoice {
    pub(crate) number: OrganisationNumber,
    pub(crate) name: String,
    pub(crate) unit_type: String,
    pub(crate) parent: Option<OrganisationNumber>,
    pub(crate) is_deleted: bool,
}

/// A person in the picker.
#[derive(Clone, Debug)]
pub(crate) struct PersonChoice {
    pub(crate) pid: Pid,
    pub(crate) name: String,
}

/// What was chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Selection {
    /// The person represents only themself.
    Oneself,
    /// At least one organisation.
    Organisations(Vec<OrganisationNumber>),
    /// A person who gave a mandate.
    Person(Pid),
}

impl Choices {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Organisations(organisations) => organisations.is_empty(),
            Self::People(people) => people.is_empty(),
        }
    }

    /// What the submitted values mean; `None` if they are not among the choices.
    pub(crate) fn select(&self, values: &[&str], request: &RarRequest) -> Option<Selection> {
        if values == ["self"] {
            return (!request.is_required).then_some(Selection::Oneself);
        }
        let distinct: BTreeSet<&str> = values.iter().copied().collect();
        if distinct.is_empty() || (distinct.len() > 1 && !request.allow_multiple) {
            return None;
        }
        match self {
            Self::Organisations(organisations) => {
                let chosen: Vec<OrganisationNumber> = organisations
                    .iter()
                    .map(|choice| choice.number.clone())
                    .filter(|number| distinct.contains(number.as_str()))
                    .collect();
                (chosen.len() == distinct.len()).then_some(Selection::Organisations(chosen))
            }
            Self::People(people) => people
                .iter()
                .find(|choice| distinct.contains(choice.pid.as_str()))
                .map(|choice| Selection::Person(choice.pid.clone())),
        }
    }
}

/// Whom a person who signed in at `acr` can represent for a request.
///
/// The source follows the login: Altinn knows person numbers, Virksomhetsbroen knows work accounts.
pub(crate) fn choices(
    world: &World,
    person: &Person,
    acr: Acr,
    client_id: &str,
    request: &RarRequest,
) -> Choices {
    let is_work_account = acr == Acr::Entraid;
    let may = |organisation: &Organisation| match request.kind {
        DetailsType::AltinnResource | DetailsType::AltinnService => {
            acr.has_pid()
                && request
                    .objects
                    .iter()
                    .any(|object| !permitted(world, &person.pid, organisation, object).is_empty())
        }
        DetailsType::Orgno => {
            is_work_account
                && !organisation.is_deleted
                && bridged(organisation, person, client_id).is_some()
        }
        DetailsType::Fullmakt => false,
    };
    if request.kind == DetailsType::Fullmakt {
        return Choices::People(
            mandates(world, person, request)
                .map(|(person, _, _)| person)
                .fold(Vec::new(), distinct),
        );
    }
    let has_form = |organisation: &Organisation| match request.organisation_form {
        None => true,
        Some(OrganisationForm::Enterprise) => !organisation.is_sub_unit(),
        Some(OrganisationForm::Business) => organisation.is_sub_unit(),
    };
    let mut found: Vec<&Organisation> = world
        .organisations()
        .filter(|found| has_form(found) && may(found))
        .collect();
    found.sort_by_key(|found| {
        let main = found.parent.as_ref().unwrap_or(&found.number);
        let main_name = world.organisation(main).map(|main| main.name.as_str());
        (main_name, main, found.is_sub_unit(), found.name.as_str())
    });
    Choices::Organisations(found.into_iter().map(OrganisationChoice::of).collect())
}

/// What a person may do with an object's resource for an organisation, of what was asked for.
pub(super) fn permitted(
    world: &World,
    pid: &Pid,
    organisation: &Organisation,
    object: &RarObject,
) -> Vec<String> {
    if organisation.is_deleted && !object.allow_deleted {
        return Vec::new();
    }
    let Some(resource) = &object.resource else {
        return Vec::new();
    };
    let held = world.actions(pid, &organisation.number, resource);
    if object.actions.is_empty() {
        return held.into_iter().collect();
    }
    object
        .actions
        .iter()
        .filter(|action| held.contains(*action))
        .cloned()
        .collect()
}

/// The rights of a work account in an organisation by Virksomhetsbroen; `None` if no rule holds.
///
/// Rules add up; rights need a rule that allows the client by name.
pub(super) fn bridged(
    organisation: &Organisation,
    person: &Person,
    client_id: &str,
) -> Option<BTreeSet<String>> {
    let rules: Vec<&BridgeRule> = organisation
        .bridge_rules
        .iter()
        .filter(|rule| is_about(rule, person) && holds_for(rule, client_id))
        .collect();
    if rules.is_empty() {
        return None;
    }
    let by_name = rules
        .iter()
        .filter(|rule| matches!(rule.clients, Some(BridgeClients::Allow(_))));
    Some(
        by_name
            .flat_map(|rule| rule.rights.iter().cloned())
            .collect(),
    )
}

/// The people who gave the person a mandate that was asked for, with owner and role.
pub(super) fn mandates<'a>(
    world: &'a World,
    person: &'a Person,
    request: &'a RarRequest,
) -> impl Iterator<Item = (PersonChoice, &'a OrganisationNumber, &'a str)> {
    let is_asked = |role: &String| {
        request
            .objects
            .iter()
            .any(|object| object.permission_roles.contains(role))
    };
    person
        .mandates
        .iter()
        .filter(move |mandate| is_asked(&mandate.role))
        .filter_map(|mandate| {
            let authorizer = world.person(&mandate.authorizer)?;
            let choice = PersonChoice {
                pid: authorizer.pid.clone(),
                name: authorizer.name(),
            };
            Some((choice, &mandate.owner, mandate.role.as_str()))
        })
}

impl OrganisationChoice {
    fn of(organisation: &Organisation) -> Self {
        Self {
            number: organisation.number.clone(),
            name: organisation.name.clone(),
            unit_type: organisation.unit_type.clone(),
            parent: organisation.parent.clone(),
            is_deleted: organisation.is_deleted,
        }
    }
}

fn distinct(mut people: Vec<PersonChoice>, person: PersonChoice) -> Vec<PersonChoice> {
    if !people.iter().any(|other| other.pid == person.pid) {
        people.push(person);
    }
    people
}

fn is_about(rule: &BridgeRule, person: &Person) -> bool {
    let email = person.email.as_deref().unwrap_or_default();
    match &rule.subject {
        BridgeSubject::EmailDomain(domain) => email
            .rsplit_once('@')
            .is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain)),
        BridgeSubject::Group(group) => person.groups.contains(group),
        BridgeSubject::Email(address) => email.eq_ignore_ascii_case(address),
    }
}

fn holds_for(rule: &BridgeRule, client_id: &str) -> bool {
    match &rule.clients {
        None => true,
        Some(BridgeClients::Allow(clients)) => clients.iter().any(|client| client == client_id),
        Some(BridgeClients::Deny(clients)) => clients.iter().all(|client| client != client_id),
    }
}
