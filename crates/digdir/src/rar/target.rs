use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::{Misuse, Service};

/// The types of authorization details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RarType {
    /// `ansattporten:altinn:resource`
    AltinnResource,
    /// `ansattporten:orgno`
    Orgno,
    /// `ansattporten:altinn:service`
    AltinnService,
    /// `idporten:fullmakt`
    Fullmakt,
}

/// A resource of Altinn's resource registry, and the actions that are asked for on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AltinnResource {
    id: String,
    actions: Vec<String>,
}

/// A link service of Altinn 2: service code and service edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AltinnService {
    id: String,
}

/// Main units or sub-units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganizationForm {
    /// `enterprise`: main units.
    Enterprise,
    /// `business`: sub-units.
    Business,
}

impl RarType {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::AltinnResource,
        Self::Orgno,
        Self::AltinnService,
        Self::Fullmakt,
    ];

    /// The value of `type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AltinnResource => "ansattporten:altinn:resource",
            Self::Orgno => "ansattporten:orgno",
            Self::AltinnService => "ansattporten:altinn:service",
            Self::Fullmakt => "idporten:fullmakt",
        }
    }

    /// Reads a value of `type`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// The service that has the type.
    pub fn service(self) -> Service {
        match self {
            Self::AltinnResource | Self::Orgno | Self::AltinnService => Service::Ansattporten,
            Self::Fullmakt => Service::IdPorten,
        }
    }
}

impl AltinnResource {
    /// Reads `urn:altinn:resource:{id}`.
    ///
    /// # Errors
    /// `misuse_rar_resource_urn`.
    pub fn parse(urn: &str) -> Result<Self, Misuse> {
        let id = urn
            .strip_prefix(RESOURCE_URN)
            .ok_or(Misuse::RarResourceUrn)?;
        if !is_name(id) || id.contains(':') {
            return Err(Misuse::RarResourceUrn);
        }
        Ok(Self {
            id: id.to_string(),
            actions: Vec::new(),
        })
    }

    /// The same resource with the actions that are asked for. Any of them will do, and the answer says which
    /// ones the person has. A resource with access lists demands that actions are named.
    ///
    /// # Errors
    /// `misuse_rar_actions`.
    pub fn with_actions(mut self, actions: &[&str]) -> Result<Self, Misuse> {
        ensure_distinct(actions.iter().copied(), Misuse::RarActions)?;
        if !actions.iter().all(|action| is_name(action)) {
            return Err(Misuse::RarActions);
        }
        self.actions = actions.iter().map(|action| (*action).to_string()).collect();
        Ok(self)
    }

    /// The id in the resource registry.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `urn:altinn:resource:{id}`.
    pub fn urn(&self) -> String {
        [RESOURCE_URN, &self.id].concat()
    }

    /// The actions that are asked for; empty if any right to the resource will do.
    pub fn actions(&self) -> &[String] {
        &self.actions
    }
}

impl AltinnService {
    /// Reads `urn:altinn:resource:{service code}:{service edition}`.
    ///
    /// # Errors
    /// `misuse_rar_resource_urn`.
    pub fn parse(urn: &str) -> Result<Self, Misuse> {
        let id = urn
            .strip_prefix(RESOURCE_URN)
            .ok_or(Misuse::RarResourceUrn)?;
        let (code, edition) = id.split_once(':').ok_or(Misuse::RarResourceUrn)?;
        let is_number = |text: &str| {
            (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(code) || !is_number(edition) {
            return Err(Misuse::RarResourceUrn);
        }
        Ok(Self { id: id.to_string() })
    }

    /// `{service code}:{service edition}`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `urn:altinn:resource:{service code}:{service edition}`.
    pub fn urn(&self) -> String {
        [RESOURCE_URN, &self.id].concat()
    }
}

impl OrganizationForm {
    /// The value of `organizationform`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Business => "business",
        }
    }

    /// Reads a value of `organizationform`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Enterprise, Self::Business]
            .into_iter()
            .find(|form| form.as_str() == text)
    }

    /// Whether an organisation of this unit type, a code of Enhetsregisteret such as `AS` or `BEDR`, is of
    /// this form.
    pub fn includes(self, unit_type: &str) -> bool {
        let sub_unit = SUB_UNIT_TYPES.contains(&unit_type);
        sub_unit == (self == Self::Business)
    }
}

/// Refuses an empty list, a long one, and one that names something twice.
pub(super) fn ensure_distinct<'a>(
    names: impl ExactSizeIterator<Item = &'a str> + Clone,
    error: Misuse,
) -> Result<(), Misuse> {
    if !(1..=MAX_NAMES).contains(&names.len()) {
        return Err(error);
    }
    let repeated = names
        .clone()
        .enumerate()
        .any(|(index, name)| names.clone().take(index).any(|earlier| earlier == name));
    if repeated { Err(error) } else { Ok(()) }
}

/// Whether the text can be the name of a resource, an action or a role.
pub(super) fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

pub(super) const RESOURCE_URN: &str = "urn:altinn:resource:";

/// Codes of Enhetsregisteret for sub-units: of those that do business, and of those that do not.
const SUB_UNIT_TYPES: [&str; 2] = ["BEDR", "AAFY"];

/// How many resources, actions or roles a request may name: the request is a URL, and browsers and
/// gateways cut those off from about 8000 characters.
const MAX_NAMES: usize = 20;

/// Longer than any id in the resource registry, and short enough for twenty of them.
const MAX_NAME_BYTES: usize = 200;
