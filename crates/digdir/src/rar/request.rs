use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::{Object, Value};

use crate::{Misuse, Service};

/// What is asked for: one type of authorization details, and flags that hold for the whole request.
///
/// A request can only be of one type, as the services know no mixture; and its flags are written the
/// same into every object, where the services would otherwise combine them by rules of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RarRequest {
    /// The type, and what it is asked for.
    pub target: RarTarget,
    /// Whether the person must choose an organisation. Default: true, for who asks on whose behalf it is means
    /// that somebody is there. Set to false, the person may also come back as themselves. Note that the
    /// service shows an error page of its own, and does not send the person back, if there is nothing to
    /// choose. Ansattporten's types have it; `idporten:fullmakt` has not, and there it is false.
    pub representation_is_required: bool,
    /// Whether several organisations may be chosen at once. Default: false.
    pub allow_multiple_organizations: bool,
    /// Whether organisations that are deleted from the register may be chosen. Default: false. For Altinn's
    /// types only.
    pub allow_deleted_organizations: bool,
    /// Whether only main units or only sub-units may be chosen. Default: `None`, both.
    pub organizationform: Option<OrganizationForm>,
}

/// The type of authorization details, with what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RarTarget {
    /// `ansattporten:altinn:resource`: resources of Altinn's resource registry, at least one.
    AltinnResource(Vec<AltinnResource>),
    /// `ansattporten:orgno`: the organisation of a work account (`entraid`).
    Orgno,
    /// `ansattporten:altinn:service`: link services of Altinn 2, at least one. Altinn 2 is shut down; the
    /// type is still found in many applications.
    AltinnService(Vec<AltinnService>),
    /// `idporten:fullmakt`: mandates between citizens, for at least one permission role.
    Fullmakt {
        /// Any of these roles will do.
        permission_roles: Vec<String>,
    },
}

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

impl RarRequest {
    /// Asks for an organisation that the person holds one resource for: `urn:altinn:resource:{id}`.
    ///
    /// # Errors
    /// `misuse_rar_resource_urn`.
    pub fn altinn_resource(urn: &str) -> Result<Self, Misuse> {
        Self::altinn_resources([AltinnResource::parse(urn)?])
    }

    /// Asks for an organisation that the person holds any of several resources for.
    ///
    /// # Errors
    /// `misuse_rar_resources`: none, the same twice, or more than 20.
    pub fn altinn_resources(
        resources: impl IntoIterator<Item = AltinnResource>,
    ) -> Result<Self, Misuse> {
        Self::checked(RarTarget::AltinnResource(resources.into_iter().collect()))
    }

    /// Asks for the organisation of a work account. It needs the acr value `entraid`.
    pub fn orgno() -> Self {
        Self::new(RarTarget::Orgno)
    }

    /// Asks for an organisation that the person holds any of several link services of Altinn 2 for.
    ///
    /// # Errors
    /// `misuse_rar_resources`: none, the same twice, or more than 20.
    pub fn altinn_services(
        services: impl IntoIterator<Item = AltinnService>,
    ) -> Result<Self, Misuse> {
        Self::checked(RarTarget::AltinnService(services.into_iter().collect()))
    }

    /// Asks for a mandate in any of several permission roles. ID-porten's, in pilot.
    ///
    /// # Errors
    /// `misuse_rar_permission_roles`: none, the same twice, more than 20, or characters that no role has.
    pub fn fullmakt(permission_roles: &[&str]) -> Result<Self, Misuse> {
        let permission_roles = permission_roles.iter().map(|role| (*role).to_string());
        Self::checked(RarTarget::Fullmakt {
            permission_roles: permission_roles.collect(),
        })
    }

    /// The type of authorization details.
    pub fn rar_type(&self) -> RarType {
        match self.target {
            RarTarget::AltinnResource(_) => RarType::AltinnResource,
            RarTarget::Orgno => RarType::Orgno,
            RarTarget::AltinnService(_) => RarType::AltinnService,
            RarTarget::Fullmakt { .. } => RarType::Fullmakt,
        }
    }

    /// The value of `authorization_details`: an array of objects of one type.
    ///
    /// Members that have their default are left out. `actions` is the comma-separated text of the services'
    /// documentation, and not the array of RFC 9396 §2.2.
    ///
    /// # Errors
    /// `misuse_rar_resources`, `misuse_rar_permission_roles`, and `misuse_rar_flag` for a flag that the type
    /// does not take.
    pub fn to_json(&self) -> Result<Value, Misuse> {
        self.ensure_valid()?;
        let objects = match &self.target {
            RarTarget::AltinnResource(resources) => resources
                .iter()
                .map(|resource| {
                    let mut object = self.object();
                    object.insert("resource", resource.urn());
                    if !resource.actions.is_empty() {
                        object.insert("actions", resource.actions.join(","));
                    }
                    self.with_flags(object)
                })
                .collect(),
            RarTarget::AltinnService(services) => services
                .iter()
                .map(|service| {
                    let mut object = self.object();
                    object.insert("resource", service.urn());
                    self.with_flags(object)
                })
                .collect(),
            RarTarget::Orgno => [self.with_flags(self.object())].into(),
            RarTarget::Fullmakt { permission_roles } => {
                let mut object = self.object();
                let roles = permission_roles
                    .iter()
                    .map(|role| Value::from(role.as_str()));
                object.insert("permission_roles", Value::Array(roles.collect()));
                [Value::Object(object)].into()
            }
        };
        Ok(Value::Array(objects))
    }

    /// Reads a request as [`RarRequest::to_json`] writes it, and nothing looser.
    ///
    /// # Errors
    /// `misuse_rar_mixed_types` for objects of several types, `misuse_rar_flag` for flags that differ between
    /// objects or are no booleans, and those of [`RarRequest::to_json`].
    pub fn from_json(value: &Value) -> Result<Self, Misuse> {
        read::request(value)
    }

    /// Checks what public fields leave open: names given twice, and flags that the type does not take.
    pub(crate) fn ensure_valid(&self) -> Result<(), Misuse> {
        match &self.target {
            RarTarget::AltinnResource(resources) => {
                ensure_distinct(
                    resources.iter().map(AltinnResource::id),
                    Misuse::RarResources,
                )?;
            }
            RarTarget::AltinnService(services) => {
                ensure_distinct(services.iter().map(AltinnService::id), Misuse::RarResources)?;
            }
            RarTarget::Orgno => {}
            RarTarget::Fullmakt { permission_roles } => {
                let roles = permission_roles.iter().map(String::as_str);
                ensure_distinct(roles, Misuse::RarPermissionRoles)?;
                if !permission_roles.iter().all(|role| is_name(role)) {
                    return Err(Misuse::RarPermissionRoles);
                }
            }
        }
        let organisations = self.rar_type() != RarType::Fullmakt;
        let altinn = organisations && self.rar_type() != RarType::Orgno;
        let organisation_flags = self.representation_is_required
            || self.allow_multiple_organizations
            || self.organizationform.is_some();
        if organisation_flags && !organisations || self.allow_deleted_organizations && !altinn {
            return Err(Misuse::RarFlag);
        }
        Ok(())
    }

    fn checked(target: RarTarget) -> Result<Self, Misuse> {
        let request = Self::new(target);
        request.ensure_valid()?;
        Ok(request)
    }

    fn new(target: RarTarget) -> Self {
        Self {
            representation_is_required: !matches!(target, RarTarget::Fullmakt { .. }),
            target,
            allow_multiple_organizations: false,
            allow_deleted_organizations: false,
            organizationform: None,
        }
    }

    fn object(&self) -> Object {
        let mut object = Object::new();
        object.insert("type", self.rar_type().as_str());
        object
    }

    fn with_flags(&self, mut object: Object) -> Value {
        if let Some(form) = self.organizationform {
            object.insert("organizationform", form.as_str());
        }
        for (name, flag) in [
            (
                "allow_multiple_organizations",
                self.allow_multiple_organizations,
            ),
            (
                "allow_deleted_organizations",
                self.allow_deleted_organizations,
            ),
            (
                "representation_is_required",
                self.representation_is_required,
            ),
        ] {
            if flag {
                object.insert(name, true);
            }
        }
        Value::Object(object)
    }
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
        alloc::format!("{RESOURCE_URN}{}", self.id)
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
        alloc::format!("{RESOURCE_URN}{}", self.id)
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
fn ensure_distinct<'a>(
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
fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// Reading back what was sent.
mod read;

pub(super) const RESOURCE_URN: &str = "urn:altinn:resource:";

/// Codes of Enhetsregisteret for sub-units: of those that do business, and of those that do not.
const SUB_UNIT_TYPES: [&str; 2] = ["BEDR", "AAFY"];

/// How many resources, actions or roles a request may name: the request is a URL, and browsers and
/// gateways cut those off from about 8000 characters.
const MAX_NAMES: usize = 20;

/// Longer than any id in the resource registry, and short enough for twenty of them.
const MAX_NAME_BYTES: usize = 200;
