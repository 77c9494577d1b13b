mod read;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::{Object, Value};

use super::target::{
    AltinnResource, AltinnService, OrganizationForm, RarType, ensure_distinct, is_name,
};
use crate::Misuse;

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
                    if !resource.actions().is_empty() {
                        object.insert("actions", resource.actions().join(","));
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
