use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::RepresentationError;
use super::element::Members;
use crate::identifiers::{OrganisationNumber, Pid};

/// On whose behalf the person acts. It is the outcome of comparing what was asked for with what was
/// granted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Representation {
    /// One or more organisations, each of them once, in the provider's order. Never empty, and with one
    /// element unless several were allowed.
    Organisations(Vec<Organisation>),
    /// Nobody else: the person chose "myself", or had nothing to choose.
    OneSelf,
    /// Another citizen, by a mandate of `idporten:fullmakt`. The token's `pid` stays that of the person who
    /// signed in.
    Citizen(Vec<Mandate>),
}

/// An organisation that the person acts for, with what they may do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    pub(super) number: OrganisationNumber,
    pub(super) name: Option<String>,
    pub(super) unit_type: Option<String>,
    pub(super) grants: Vec<Grant>,
}

/// What the person has in an organisation for one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub(super) resource: Option<String>,
    pub(super) resource_name: Option<String>,
    pub(super) actions: Option<Vec<String>>,
    pub(super) rights: Vec<String>,
}

/// A mandate between citizens.
#[derive(Clone, PartialEq, Eq)]
pub struct Mandate {
    authorizer_name: Option<String>,
    authorizer_pid: Pid,
    representative_pid: Pid,
    permissions: Vec<Permission>,
}

/// What a mandate covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    owner: Option<String>,
    role: String,
}

impl Representation {
    /// The organisations; none if the person acts for themselves or for another citizen.
    pub fn organisations(&self) -> &[Organisation] {
        match self {
            Self::Organisations(organisations) => organisations,
            Self::OneSelf | Self::Citizen(_) => &[],
        }
    }

    /// The organisation, if it is exactly one.
    pub fn organisation(&self) -> Option<&Organisation> {
        match self.organisations() {
            [organisation] => Some(organisation),
            _ => None,
        }
    }

    /// Whether the person acts for themselves.
    pub fn is_oneself(&self) -> bool {
        matches!(self, Self::OneSelf)
    }
}

impl Organisation {
    /// Its number.
    pub fn number(&self) -> OrganisationNumber {
        self.number
    }

    /// What it is called, if the provider told.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Its code in Enhetsregisteret, such as `AS` or `BEDR`, if the provider told.
    pub fn unit_type(&self) -> Option<&str> {
        self.unit_type.as_deref()
    }

    /// What the person has here, per resource.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether the person has the resource (a URN) here.
    pub fn has_resource(&self, resource: &str) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.resource() == Some(resource))
    }

    /// Whether the provider stated that the person may take the action on the resource (a URN) here.
    ///
    /// Actions are stated only if they were asked for, and not by every version of the service: what is not
    /// stated is `false`.
    pub fn may(&self, resource: &str, action: &str) -> bool {
        self.grants
            .iter()
            .filter(|grant| grant.resource() == Some(resource))
            .filter_map(Grant::actions)
            .any(|actions| actions.iter().any(|stated| stated == action))
    }

    /// Whether the employer, or Altinn 2, granted the right.
    pub fn has_right(&self, right: &str) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.rights.iter().any(|stated| stated == right))
    }
}

impl Grant {
    /// The resource as a URN; `None` for `ansattporten:orgno`, which is not about one.
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// What the resource is called, for people, if the provider told.
    pub fn resource_name(&self) -> Option<&str> {
        self.resource_name.as_deref()
    }

    /// The actions that were asked for and that the person has; `None` if the provider did not tell.
    pub fn actions(&self) -> Option<&[String]> {
        self.actions.as_deref()
    }

    /// Rights that the employer, or Altinn 2, states.
    pub fn rights(&self) -> &[String] {
        &self.rights
    }
}

impl Mandate {
    /// Who gave the mandate, by name, if the provider told.
    pub fn authorizer_name(&self) -> Option<&str> {
        self.authorizer_name.as_deref()
    }

    /// Who gave the mandate.
    pub fn authorizer(&self) -> &Pid {
        &self.authorizer_pid
    }

    /// Who has the mandate: the person who signed in.
    pub fn representative(&self) -> &Pid {
        &self.representative_pid
    }

    /// What it covers.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// Reads the members of an object of type `idporten:fullmakt`; one without any is no mandate.
    pub(super) fn read(members: Members<'_>) -> Result<Option<Self>, RepresentationError> {
        let authorizer = members.find("authorizer")?;
        let representative = members.find("authorized_representative")?;
        let permissions = members.array("permissions")?;
        let (authorizer, representative, permissions) =
            match (authorizer, representative, permissions) {
                (None, None, None) => return Ok(None),
                (Some(authorizer), Some(representative), Some(permissions)) => {
                    (authorizer, representative, permissions)
                }
                _ => return Err(RepresentationError::Malformed),
            };
        let (authorizer_name, authorizer_pid) = person(authorizer)?;
        let (_, representative_pid) = person(representative)?;
        if permissions.len() > MAX_PERMISSIONS {
            return Err(RepresentationError::TooLarge);
        }
        let permissions = permissions
            .iter()
            .map(Permission::read)
            .collect::<Result<_, _>>()?;
        Ok(Some(Self {
            authorizer_name,
            authorizer_pid,
            representative_pid,
            permissions,
        }))
    }
}

/// The names and numbers of both people stay out.
impl fmt::Debug for Mandate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mandate")
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

impl Permission {
    /// Whose services it is for, as the provider writes it.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// The permission role.
    pub fn role(&self) -> &str {
        &self.role
    }

    fn read(value: &Value) -> Result<Self, RepresentationError> {
        let members = Members::of(value)?;
        let role = members
            .text("role")?
            .ok_or(RepresentationError::Malformed)?;
        Ok(Self {
            owner: members.text("owner")?.map(String::from),
            role: role.into(),
        })
    }
}

fn person(value: &Value) -> Result<(Option<String>, Pid), RepresentationError> {
    let members = Members::of(value)?;
    let pid = members.text("pid")?.ok_or(RepresentationError::Malformed)?;
    let pid = Pid::parse(pid).map_err(|_| RepresentationError::Malformed)?;
    Ok((members.text("name")?.map(String::from), pid))
}

/// Permission roles of one mandate; there are about a dozen in all.
const MAX_PERMISSIONS: usize = 200;
