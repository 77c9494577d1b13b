//! The world that the services know: people, organisations, and who may do what for whom.
//!
//! All of it is synthetic; the types of [`identifiers`] refuse anything else.

pub mod identifiers;
mod seed;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::identifiers::{IdentifierError, OrganisationNumber, Pid};
use crate::eid::Eid;

/// How many people, organisations or resources the world holds; more than any test needs, less than
/// what would fill the memory of a machine through the control API.
pub const MAX_ENTRIES: usize = 10_000;

/// A person who can sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The synthetic person number.
    pub pid: Pid,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The e-mail address of work accounts and self-registered users; without one the person cannot
    /// use those eIDs.
    #[serde(default)]
    pub email: Option<String>,
    /// Entra ID groups (GUIDs) of the work account.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The eIDs that the person has; all of them unless said.
    #[serde(default = "Eid::all")]
    pub eids: Vec<Eid>,
    /// What the person may do for organisations.
    #[serde(default)]
    pub authorities: Vec<Authority>,
    /// Other people that the person may act for (`idporten:fullmakt`).
    #[serde(default)]
    pub mandates: Vec<Mandate>,
}

/// What one person may do for one organisation.
///
/// Roles reach from a main unit to its sub-units, as in Altinn; single rights do not.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The organisation.
    pub organisation: OrganisationNumber,
    /// Roles; each resource says which roles it follows from.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Single rights, given for one resource.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// A single right: actions on one resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The id of the resource, without `urn:altinn:resource:`.
    pub resource: String,
    /// The actions, such as `read` and `write`.
    pub actions: Vec<String>,
}

/// A role in an organisation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Managing director; has every key role.
    DagligLeder,
    /// Chair of the board.
    Styreleder,
    /// Accountant, engaged by the organisation.
    Regnskapsforer,
    /// Administers the organisation's accesses.
    Hovedadministrator,
}

impl Role {
    /// Whether it is a key role in the register of legal entities, one that Altinn gives most rights.
    #[must_use]
    pub fn is_key_role(self) -> bool {
        matches!(self, Self::DagligLeder | Self::Styreleder)
    }
}

/// A mandate to act for another person in ID-porten.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// The person who gave the mandate.
    pub authorizer: Pid,
    /// Who defines the role, an organisation number.
    pub owner: OrganisationNumber,
    /// The role, such as `arbeid`.
    pub role: String,
}

/// An organisation, or a part of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// The synthetic organisation number.
    pub number: OrganisationNumber,
    /// The name.
    pub name: String,
    /// The organisation form of the register: `AS`, `NUF`, `KOMM`, `BEDR` (a sub-unit) …
    pub unit_type: String,
    /// The main unit, when this is a sub-unit.
    #[serde(default)]
    pub parent: Option<OrganisationNumber>,
    /// Whether it is deleted in the register.
    #[serde(default)]
    pub is_deleted: bool,
    /// Rules of Virksomhetsbroen: which work accounts represent the organisation.
    #[serde(default)]
    pub bridge_rules: Vec<BridgeRule>,
}

/// A rule by which an employer lets work accounts represent it (Virksomhetsbroen).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BridgeRule {
    /// Whom the rule is about.
    pub subject: BridgeSubject,
    /// The clients that it holds for; every client when absent.
    #[serde(default)]
    pub clients: Option<BridgeClients>,
    /// Service-specific rights; they need a rule that allows the client by name.
    #[serde(default)]
    pub rights: Vec<String>,
}

/// The accounts that a bridge rule is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BridgeSubject {
    /// Everybody with an address in the domain.
    EmailDomain(String),
    /// The members of an Entra ID group.
    Group(String),
    /// One address.
    Email(String),
}

/// The clients that a bridge rule holds for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BridgeClients {
    /// These only.
    Allow(Vec<String>),
    /// All but these.
    Deny(Vec<String>),
}

/// A service in Altinn's resource registry.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceResource {
    /// The id, without `urn:altinn:resource:`.
    pub id: String,
    /// The name.
    pub name: LocalName,
    /// The service owner.
    pub owner: OrganisationNumber,
    /// The lowest authentication level that Dialogporten shows its dialogs at: 3 or 4.
    pub minimum_authentication_level: u8,
    /// Every action there is.
    pub actions: Vec<String>,
    /// The Altinn 2 link service that it once was, `2480:40`, for `ansattporten:altinn:service`.
    #[serde(default)]
    pub altinn2_service: Option<String>,
    /// The roles that carry all actions.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Whether it is limited by an access list; a request must then say its actions.
    #[serde(default)]
    pub has_access_list: bool,
}

/// A name in the two languages of the pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalName {
    /// Norwegian bokmål.
    pub nb: String,
    /// English.
    pub en: String,
}

/// People, organisations and resources.
#[derive(Clone, Debug, Default)]
pub struct World {
    people: BTreeMap<Pid, Person>,
    organisations: BTreeMap<OrganisationNumber, Organisation>,
    resources: BTreeMap<String, ServiceResource>,
}

/// What is added to a world at once, for instance from a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Additions {
    /// Main units before their sub-units.
    #[serde(default)]
    pub organisations: Vec<Organisation>,
    /// Service resources.
    #[serde(default)]
    pub resources: Vec<ServiceResource>,
    /// People; their authorities may name any organisation that is there or added.
    #[serde(default)]
    pub people: Vec<Person>,
}

impl World {
    /// The world that the simulator starts with.
    #[must_use]
    pub fn seeded() -> Self {
        seed::world()
    }

    /// Every person, in the order of their numbers.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// One person.
    #[must_use]
    pub fn person(&self, pid: &Pid) -> Option<&Person> {
        self.people.get(pid)
    }

    /// Every organisation, in the order of their numbers.
    pub fn organisations(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.values()
    }

    /// One organisation.
    #[must_use]
    pub fn organisation(&self, number: &OrganisationNumber) -> Option<&Organisation> {
        self.organisations.get(number)
    }

    /// Every resource, in the order of their ids.
    pub fn resources(&self) -> impl Iterator<Item = &ServiceResource> {
        self.resources.values()
    }

    /// One resource, by its bare id.
    #[must_use]
    pub fn resource(&self, id: &str) -> Option<&ServiceResource> {
        self.resources.get(id)
    }

    /// The roles of a person in an organisation, those that reach it from its main unit included.
    #[must_use]
    pub fn roles(&self, pid: &Pid, number: &OrganisationNumber) -> BTreeSet<Role> {
        let Some(person) = self.people.get(pid) else {
            return BTreeSet::new();
        };
        let parent = self
            .organisations
            .get(number)
            .and_then(|found| found.parent.as_ref());
        person
            .authorities
            .iter()
            .filter(|held| held.organisation == *number || Some(&held.organisation) == parent)
            .flat_map(|held| held.roles.iter().copied())
            .collect()
    }

    /// What a person may do with a resource for an organisation, by roles and by single rights.
    #[must_use]
    pub fn actions(
        &self,
        pid: &Pid,
        number: &OrganisationNumber,
        resource: &str,
    ) -> BTreeSet<String> {
        let (Some(person), Some(known)) = (self.people.get(pid), self.resources.get(resource))
        else {
            return BTreeSet::new();
        };
        let roles = self.roles(pid, number);
        if known.roles.iter().any(|role| roles.contains(role)) {
            return known.actions.iter().cloned().collect();
        }
        person
            .authorities
            .iter()
            .filter(|held| held.organisation == *number)
            .flat_map(|held| &held.grants)
            .filter(|grant| grant.resource == resource)
            .flat_map(|grant| grant.actions.iter().cloned())
            .collect()
    }

    /// The organisations for which a person has a role or a single right, deleted ones included.
    #[must_use]
    pub fn represented(&self, pid: &Pid) -> Vec<&Organisation> {
        let Some(person) = self.people.get(pid) else {
            return Vec::new();
        };
        let has_grant = |number: &OrganisationNumber| {
            person
                .authorities
                .iter()
                .any(|held| held.organisation == *number && !held.grants.is_empty())
        };
        self.organisations
            .values()
            .filter(|found| has_grant(&found.number) || !self.roles(pid, &found.number).is_empty())
            .collect()
    }

    /// Adds or replaces a person.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the person.
    pub fn put_person(&mut self, person: Person) -> Result<(), WorldError> {
        for held in &person.authorities {
            if !self.organisations.contains_key(&held.organisation) {
                return Err(WorldError(
                    "An authority names an organisation that does not exist.",
                ));
            }
        }
        has_text(&[&person.given_name, &person.family_name])?;
        put(&mut self.people, person.pid.clone(), person)
    }

    /// Adds or replaces an organisation.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the organisation.
    pub fn put_organisation(&mut self, organisation: Organisation) -> Result<(), WorldError> {
        if let Some(parent) = &organisation.parent {
            let parent = self.organisations.get(parent);
            if parent.is_none_or(|parent| {
                parent.parent.is_some() || parent.number == organisation.number
            }) {
                return Err(WorldError("The parent must be a main unit that exists."));
            }
        }
        has_text(&[&organisation.name, &organisation.unit_type])?;
        put(
            &mut self.organisations,
            organisation.number.clone(),
            organisation,
        )
    }

    /// Adds or replaces a service resource.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the resource.
    pub fn put_resource(&mut self, resource: ServiceResource) -> Result<(), WorldError> {
        let is_id =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        if resource.id.is_empty() || resource.id.len() > 100 || !resource.id.bytes().all(is_id) {
            return Err(WorldError(
                "A resource id is made of a-z, 0-9, hyphen and underscore.",
            ));
        }
        if !matches!(resource.minimum_authentication_level, 3 | 4) {
            return Err(WorldError("The minimum authentication level is 3 or 4."));
        }
        if resource.actions.is_empty() {
            return Err(WorldError("A resource has at least one action."));
        }
        has_text(&[&resource.name.nb, &resource.name.en])?;
        put(&mut self.resources, resource.id.clone(), resource)
    }

    /// Adds or replaces organisations, resources and people, in this order.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the first one that cannot be added; those before it stay.
    pub fn add(&mut self, additions: Additions) -> Result<(), WorldError> {
        for organisation in additions.organisations {
            self.put_organisation(organisation)?;
        }
        for resource in additions.resources {
            self.put_resource(resource)?;
        }
        for person in additions.people {
            self.put_person(person)?;
        }
        Ok(())
    }

    /// Removes a person; tells whether there was one.
    pub fn remove_person(&mut self, pid: &Pid) -> bool {
        self.people.remove(pid).is_some()
    }

    /// Removes an organisation, its sub-units and every authority for them; tells whether there was one.
    pub fn remove_organisation(&mut self, number: &OrganisationNumber) -> bool {
        let found = self.organisations.remove(number).is_some();
        self.organisations
            .retain(|_, other| other.parent.as_ref() != Some(number));
        for person in self.people.values_mut() {
            person
                .authorities
                .retain(|held| self.organisations.contains_key(&held.organisation));
        }
        found
    }

    /// Removes a service resource; tells whether there was one.
    pub fn remove_resource(&mut self, id: &str) -> bool {
        self.resources.remove(id).is_some()
    }
}

impl Person {
    /// Given and family name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

impl Organisation {
    /// Whether it is a part of another organisation.
    #[must_use]
    pub fn is_sub_unit(&self) -> bool {
        self.parent.is_some()
    }
}

/// Why something cannot be part of the world.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WorldError(&'static str);

impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for WorldError {}

fn has_text(texts: &[&str]) -> Result<(), WorldError> {
    if texts
        .iter()
        .any(|text| text.trim().is_empty() || text.len() > 200)
    {
        return Err(WorldError("A name has between 1 and 200 characters."));
    }
    Ok(())
}

fn put<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) -> Result<(), WorldError> {
    if map.len() >= MAX_ENTRIES && !map.contains_key(&key) {
        return Err(WorldError("The world is full; remove something first."));
    }
    map.insert(key, value);
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_role_reaches_the_sub_units_and_a_single_right_does_not() {
        let world = World::seeded();
        let kari = Pid::parse("15868510045").unwrap();
        let sub_unit = OrganisationNumber::parse("312223333").unwrap();
        assert!(
            world
                .actions(&kari, &sub_unit, "demo-post")
                .contains("read")
        );

        let ola = Pid::parse("15868510126").unwrap();
        let main_unit = OrganisationNumber::parse("310000019").unwrap();
        assert!(!world.actions(&ola, &sub_unit, "demo-post").is_empty());
        assert!(world.actions(&ola, &main_unit, "demo-post").is_empty());
    }

    #[test]
    fn the_seeded_people_represent_what_their_descriptions_say() {
        let world = World::seeded();
        let count = |pid| world.represented(&Pid::parse(pid).unwrap()).len();
        assert!(count("15868510045") >= 5);
        assert_eq!((count("15868510126"), count("15868510207")), (1, 0));
    }

    #[test]
    fn additions_can_build_on_each_other() {
        let additions = serde_json::json!({
            "organisations": [
                { "number": "319999981", "name": "NY AS", "unit_type": "AS" },
                { "number": "319999973", "name": "NY AVD", "unit_type": "BEDR", "parent": "319999981" },
            ],
            "people": [{
                "pid": "15868510398",
                "given_name": "Per",
                "family_name": "Eksempel",
                "authorities": [{ "organisation": "319999981", "roles": ["styreleder"] }],
            }],
        });
        let mut world = World::seeded();
        world
            .add(serde_json::from_value(additions).unwrap())
            .unwrap();
        let per = Pid::parse("15868510398").unwrap();
        assert_eq!(world.represented(&per).len(), 2);
    }

    #[test]
    fn removing_a_main_unit_removes_its_sub_units_and_the_authorities_for_them() {
        let mut world = World::seeded();
        assert!(world.remove_organisation(&OrganisationNumber::parse("310000019").unwrap()));
        assert!(
            world
                .organisation(&OrganisationNumber::parse("312223333").unwrap())
                .is_none()
        );
        assert!(
            world
                .represented(&Pid::parse("15868510126").unwrap())
                .is_empty()
        );
    }
}
