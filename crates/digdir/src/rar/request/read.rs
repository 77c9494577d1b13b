use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::{Object, Value};

use super::{RarRequest, RarTarget};
use crate::Misuse;
use crate::rar::target::{AltinnResource, AltinnService, OrganizationForm, RarType};

/// Reads what [`RarRequest::to_json`] wrote, for the way back from the provider.
pub(super) fn request(value: &Value) -> Result<RarRequest, Misuse> {
    let objects = value.as_array().ok_or(Misuse::RarResources)?;
    let objects: Vec<&Object> = objects
        .iter()
        .map(|object| object.as_object().ok_or(Misuse::RarResources))
        .collect::<Result<_, _>>()?;
    let first = *objects.first().ok_or(Misuse::RarResources)?;
    let rar_type = rar_type(first)?;
    for object in &objects {
        if self::rar_type(object)? != rar_type {
            return Err(Misuse::RarMixedTypes);
        }
    }

    let mut request = RarRequest::new(target(rar_type, &objects)?);
    request.representation_is_required = flag(first, "representation_is_required")?;
    request.allow_multiple_organizations = flag(first, "allow_multiple_organizations")?;
    request.allow_deleted_organizations = flag(first, "allow_deleted_organizations")?;
    request.organizationform = match first.get("organizationform") {
        None => None,
        Some(form) => Some(
            form.as_str()
                .and_then(OrganizationForm::parse)
                .ok_or(Misuse::RarFlag)?,
        ),
    };
    // Whatever was skipped above (members of no meaning, flags that differ between objects) shows here.
    if request.to_json()? == *value {
        Ok(request)
    } else {
        Err(Misuse::RarFlag)
    }
}

fn target(rar_type: RarType, objects: &[&Object]) -> Result<RarTarget, Misuse> {
    match rar_type {
        RarType::AltinnResource => {
            let resource = |object: &&Object| {
                let resource = AltinnResource::parse(text(object, "resource")?)?;
                match object.get("actions") {
                    None => Ok(resource),
                    Some(actions) => {
                        let actions = actions.as_str().ok_or(Misuse::RarActions)?;
                        resource.with_actions(&actions.split(',').collect::<Vec<_>>())
                    }
                }
            };
            Ok(RarTarget::AltinnResource(
                objects.iter().map(resource).collect::<Result<_, _>>()?,
            ))
        }
        RarType::AltinnService => {
            let service = |object: &&Object| AltinnService::parse(text(object, "resource")?);
            Ok(RarTarget::AltinnService(
                objects.iter().map(service).collect::<Result<_, _>>()?,
            ))
        }
        RarType::Orgno => Ok(RarTarget::Orgno),
        RarType::Fullmakt => {
            let roles = objects
                .first()
                .and_then(|object| object.get("permission_roles")?.as_array())
                .ok_or(Misuse::RarPermissionRoles)?;
            let permission_roles: Option<Vec<String>> = roles
                .iter()
                .map(|role| Some(role.as_str()?.to_string()))
                .collect();
            let permission_roles = permission_roles.ok_or(Misuse::RarPermissionRoles)?;
            Ok(RarTarget::Fullmakt { permission_roles })
        }
    }
}

fn rar_type(object: &Object) -> Result<RarType, Misuse> {
    object
        .get("type")
        .and_then(Value::as_str)
        .and_then(RarType::parse)
        .ok_or(Misuse::RarOfOtherService)
}

fn text<'a>(object: &'a Object, name: &str) -> Result<&'a str, Misuse> {
    object
        .get(name)
        .and_then(Value::as_str)
        .ok_or(Misuse::RarResourceUrn)
}

fn flag(object: &Object, name: &str) -> Result<bool, Misuse> {
    match object.get(name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or(Misuse::RarFlag),
    }
}
