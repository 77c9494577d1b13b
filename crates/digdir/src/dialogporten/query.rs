use core::fmt;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{DialogStatus, SystemLabel};
use crate::Misuse;
use crate::identifiers::Party;

/// Which dialogs to list, and in which order.
///
/// Different conditions must all hold; of several values of one condition any will do. Somebody who has no access to
/// a party is shown an empty list, and no error.
///
/// ```
/// use portvakt_digdir::dialogporten::DialogQuery;
/// use portvakt_digdir::identifiers::{OrganisationNumber, Party};
///
/// let mut query = DialogQuery::of_party(Party::Organisation(OrganisationNumber::parse("310000019")?));
/// query.limit = Some(20);
/// # Ok::<(), portvakt_digdir::identifiers::IdentifierError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DialogQuery {
    /// Whose dialogs; at most 100. These or the service resources must be given.
    pub parties: Vec<Party>,
    /// About which service resources, as URNs; at most 20.
    pub service_resources: Vec<String>,
    /// How far they have come. Default: however far.
    pub statuses: Vec<DialogStatus>,
    /// Where the party has put them. Default: wherever.
    pub system_labels: Vec<SystemLabel>,
    /// Whether to leave out dialogs that are made for other systems. Default: the service's, which is not to.
    pub exclude_api_only: Option<bool>,
    /// A text to search for, of at least three characters. Default: none.
    pub search: Option<String>,
    /// In which order. Default: the service's, by the last change of content, the newest first.
    pub order_by: Vec<Order>,
    /// How many dialogs a page has, 1 to 1000. Default: the service's, 100.
    pub limit: Option<u16>,
    /// The languages that texts are wanted in, as ISO 639 codes, the preferred one first, at most nine. Default: all
    /// there are.
    pub languages: Vec<String>,
    /// Where the page before ended.
    pub(super) continuation_token: Option<String>,
}

/// One key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub key: OrderKey,
    /// Which way.
    pub direction: Direction,
}

/// By what dialogs are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKey {
    /// The last change of content.
    ContentUpdatedAt,
    /// The last change of any kind.
    UpdatedAt,
    /// Coming into being.
    CreatedAt,
    /// When something is expected.
    DueAt,
}

/// Which way dialogs are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The oldest first.
    Ascending,
    /// The newest first.
    Descending,
}

impl DialogQuery {
    /// The dialogs of one party.
    pub fn of_party(party: Party) -> Self {
        Self {
            parties: [party].into(),
            ..Self::default()
        }
    }

    /// The dialogs about one service resource, of all parties whose dialogs the person may see.
    pub fn of_service_resource(urn: impl Into<String>) -> Self {
        Self {
            service_resources: [urn.into()].into(),
            ..Self::default()
        }
    }

    /// The query parameters, without those that have their default.
    pub(super) fn parameters(&self) -> Result<Vec<(&'static str, String)>, Misuse> {
        self.check()?;
        let mut parameters = Vec::new();
        let mut add = |name, value| parameters.push((name, value));
        for party in &self.parties {
            add("party", party.to_urn());
        }
        for resource in &self.service_resources {
            add("serviceResource", resource.clone());
        }
        for status in &self.statuses {
            add("status", status.as_str().to_string());
        }
        for label in &self.system_labels {
            add("systemLabel", label.as_str().to_string());
        }
        if let Some(exclude_api_only) = self.exclude_api_only {
            add("excludeApiOnly", exclude_api_only.to_string());
        }
        if let Some(search) = &self.search {
            add("search", search.clone());
        }
        if !self.order_by.is_empty() {
            let keys: Vec<String> = self
                .order_by
                .iter()
                .copied()
                .map(Order::to_parameter)
                .collect();
            add("orderBy", keys.join(","));
        }
        if let Some(limit) = self.limit {
            add("limit", limit.to_string());
        }
        if let Some(token) = &self.continuation_token {
            add("continuationToken", token.clone());
        }
        Ok(parameters)
    }

    /// What the service would answer 400 to.
    fn check(&self) -> Result<(), Misuse> {
        if self.parties.is_empty() && self.service_resources.is_empty() {
            return Err(Misuse::SearchWithoutPartyOrResource);
        }
        if self.parties.len() > MAX_PARTIES
            || self.service_resources.len() > MAX_SERVICE_RESOURCES
            || self
                .limit
                .is_some_and(|limit| !(1..=MAX_LIMIT).contains(&limit))
        {
            return Err(Misuse::SearchLimits);
        }
        if let Some(search) = &self.search
            && !(MIN_SEARCH_CHARS..=MAX_SEARCH_CHARS).contains(&search.trim().chars().count())
        {
            return Err(Misuse::SearchText);
        }
        let is_resource = |urn: &String| {
            urn.len() <= MAX_RESOURCE_BYTES
                && urn
                    .strip_prefix("urn:altinn:resource:")
                    .is_some_and(|id| !id.is_empty())
                && urn.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let is_searchable = |party: &Party| !matches!(party, Party::Masked(_));
        if !self.service_resources.iter().all(is_resource)
            || !self.parties.iter().all(is_searchable)
        {
            return Err(Misuse::SearchParameter);
        }
        Ok(())
    }
}

/// What is searched for stays out: people search for names.
impl fmt::Debug for DialogQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DialogQuery")
            .field("parties", &self.parties)
            .field("service_resources", &self.service_resources)
            .field("statuses", &self.statuses)
            .field("system_labels", &self.system_labels)
            .field("order_by", &self.order_by)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl Order {
    fn to_parameter(self) -> String {
        let key = match self.key {
            OrderKey::ContentUpdatedAt => "contentUpdatedAt",
            OrderKey::UpdatedAt => "updatedAt",
            OrderKey::CreatedAt => "createdAt",
            OrderKey::DueAt => "dueAt",
        };
        let direction = match self.direction {
            Direction::Ascending => "asc",
            Direction::Descending => "desc",
        };
        alloc::format!("{key}_{direction}")
    }
}

/// What the service takes in one search: Dialogporten, `metadata/limits`.
const MAX_PARTIES: usize = 100;

/// What the service takes in one search: Dialogporten, `metadata/limits`.
const MAX_SERVICE_RESOURCES: usize = 20;

/// The largest page that the service gives: Dialogporten, pagination.
const MAX_LIMIT: u16 = 1000;

/// Dialogporten, `SearchDialogQueryValidator`.
const MIN_SEARCH_CHARS: usize = 3;

/// The service has no bound for a search text, and nobody types more.
const MAX_SEARCH_CHARS: usize = 200;

/// Longer than any in the resource registry.
const MAX_RESOURCE_BYTES: usize = 255;
