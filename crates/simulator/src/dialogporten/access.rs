//! What a caller may see: the simulator's stand-in for Altinn Authorization.
//!
//! Everything starts at the world, which says what the person may do for whom. A token of
//! Ansattporten narrows that further to the organisations and resources that it names itself.

use std::collections::BTreeSet;

use super::model::Dialog;
use super::query::{ORGANISATION_PREFIX, PERSON_PREFIX};
use crate::world::{OrganisationNumber, Pid, World};

/// The URN prefix of service resources.
pub(crate) const RESOURCE_PREFIX: &str = "urn:altinn:resource:";

/// Who calls, as the token says.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The person; absent for users who are known by e-mail address only.
    pub(crate) pid: Option<Pid>,
    /// The caller's own party URN.
    pub(crate) party: String,
    /// The name for logs of who has seen what.
    pub(crate) name: String,
    /// The authentication level: 0, 3 or 4.
    pub(crate) level: u8,
    /// How far the token reaches.
    pub(crate) reach: Reach,
}

/// How far a token reaches within what its person may do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Reach {
    /// As far as the person's rights do.
    Everything,
    /// The person's own dialogs.
    OneSelf,
    /// These organisations, each for one resource (bare id).
    Organisations(BTreeSet<(OrganisationNumber, String)>),
}

/// An action and the part of the policy that it is about; `None` is the main resource.
pub(crate) type Action = (String, Option<&'static str>);

/// The rights of one caller.
#[derive(Clone, Copy)]
pub(crate) struct Access<'a> {
    pub(crate) world: &'a World,
    pub(crate) caller: &'a Caller,
}

impl Access<'_> {
    /// What the caller may do for the party with the resource (both URNs).
    pub(crate) fn actions(&self, party: &str, service_resource: &str) -> BTreeSet<String> {
        let Some(resource) = service_resource.strip_prefix(RESOURCE_PREFIX) else {
            return BTreeSet::new();
        };
        let Some(pid) = &self.caller.pid else {
            return BTreeSet::new();
        };
        if let Some(person) = party.strip_prefix(PERSON_PREFIX) {
            let own = person == pid.as_str()
                && self.world.person(pid).is_some()
                && !matches!(self.caller.reach, Reach::Organisations(_));
            return match self.world.resource(resource) {
                Some(resource) if own => resource.actions.iter().cloned().collect(),
                _ => BTreeSet::new(),
            };
        }
        let Some(number) = party
            .strip_prefix(ORGANISATION_PREFIX)
            .and_then(|number| OrganisationNumber::parse(number).ok())
        else {
            return BTreeSet::new();
        };
        let within = match &self.caller.reach {
            Reach::Everything => true,
            Reach::OneSelf => false,
            Reach::Organisations(named) => named.contains(&(number.clone(), resource.to_owned())),
        };
        if within {
            self.world.actions(pid, &number, resource)
        } else {
            BTreeSet::new()
        }
    }

    /// Whether lists show the dialog to the caller.
    pub(crate) fn may_list(&self, dialog: &Dialog) -> bool {
        self.actions(&dialog.party, &dialog.service_resource)
            .contains("read")
    }

    /// The lowest level at which the resource's dialogs can be opened.
    pub(crate) fn minimum_level(&self, service_resource: &str) -> u8 {
        service_resource
            .strip_prefix(RESOURCE_PREFIX)
            .and_then(|id| self.world.resource(id))
            .map_or(0, |resource| resource.minimum_authentication_level)
    }

    /// Whether the caller signed in at a level that is high enough for the dialog.
    pub(crate) fn has_level_for(&self, dialog: &Dialog) -> bool {
        self.caller.level >= self.minimum_level(&dialog.service_resource)
    }

    /// What the caller may do with a dialog, of all that the dialog speaks of.
    pub(crate) fn to(&self, dialog: &Dialog) -> DialogAccess {
        let main = self.actions(&dialog.party, &dialog.service_resource);
        let mut wanted: Vec<Action> = vec![("read".to_owned(), None)];
        let gui = dialog
            .gui_actions
            .iter()
            .map(|it| (it.action, it.authorization_attribute));
        let api = dialog
            .api_actions
            .iter()
            .map(|it| (it.action, it.authorization_attribute));
        let read = dialog
            .transmissions
            .iter()
            .map(|it| ("read", it.authorization_attribute));
        for (action, attribute) in gui.chain(api).chain(read) {
            let action = (action.to_owned(), attribute);
            if !wanted.contains(&action) {
                wanted.push(action);
            }
        }
        wanted.retain(|(action, attribute)| match attribute {
            None => main.contains(action),
            // An attribute can point to another resource's policy; the seeded resources have no
            // parts of their own, so a part that no policy knows is nobody's.
            Some(attribute) => self.actions(&dialog.party, attribute).contains(action),
        });
        DialogAccess { authorised: wanted }
    }
}

/// The actions that a caller may take in one dialog.
#[derive(Clone, Debug)]
pub(crate) struct DialogAccess {
    authorised: Vec<Action>,
}

impl DialogAccess {
    /// Whether any action on the main resource is among them.
    pub(crate) fn has_main_resource(&self) -> bool {
        self.authorised
            .iter()
            .any(|(_, attribute)| attribute.is_none())
    }

    /// Whether the main content can be read.
    pub(crate) fn can_read_main(&self) -> bool {
        self.authorised
            .iter()
            .any(|(action, attribute)| action == "read" && attribute.is_none())
    }

    /// Whether this action can be taken.
    pub(crate) fn has_action(&self, action: &str, attribute: Option<&str>) -> bool {
        let mut named = self.authorised.iter().filter(|(name, _)| name == action);
        match attribute {
            None => named.next().is_some() && self.has_main_resource(),
            Some(attribute) => named.any(|(_, known)| *known == Some(attribute)),
        }
    }

    /// Whether a transmission with this attribute can be read.
    pub(crate) fn can_read_transmission(&self, attribute: Option<&str>) -> bool {
        match attribute {
            None => self.has_main_resource(),
            Some(_) => self.has_action("read", attribute),
        }
    }

    /// The claim `a` of the dialog token: `;` between, `action` or `action,attribute` each.
    pub(crate) fn claim(&self) -> String {
        let parts: Vec<String> = self
            .authorised
            .iter()
            .map(|(action, attribute)| match attribute {
                None => action.clone(),
                Some(attribute) => format!("{action},{attribute}"),
            })
            .collect();
        parts.join(";")
    }
}
