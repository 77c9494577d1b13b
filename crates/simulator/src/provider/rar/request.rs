//! The request member `authorization_details`, checked.

use serde_json::{Map, Value};

use crate::options::RarProfile;
use crate::provider::error::OAuthError;
use crate::provider::params::shown;
use crate::provider_name::ProviderName;
use crate::world::World;

use super::RESOURCE_PREFIX;

/// The most objects in one request; a picker over more resources than this is no real case.
const MAX_OBJECTS: usize = 20;

/// A type of authorization details.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DetailsType {
    /// A resource in Altinn 3.
    AltinnResource,
    /// A link service in Altinn 2.
    AltinnService,
    /// Any organisation that a work account belongs to.
    Orgno,
    /// Another person, by mandate.
    Fullmakt,
}

/// Which organisations are asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OrganisationForm {
    /// Main units.
    Enterprise,
    /// Sub-units.
    Business,
}

/// A request for representation; all objects have one type.
#[derive(Clone, Debug)]
pub(crate) struct RarRequest {
    pub(crate) kind: DetailsType,
    pub(crate) objects: Vec<RarObject>,
    pub(crate) organisation_form: Option<OrganisationForm>,
    pub(crate) allow_multiple: bool,
    pub(crate) is_required: bool,
}

/// One object of a request.
#[derive(Clone, Debug)]
pub(crate) struct RarObject {
    /// The resource as it was written, for the answer.
    pub(crate) urn: Option<String>,
    /// The id of the resource in the world.
    pub(crate) resource: Option<String>,
    /// Any of these is enough; empty means any action at all.
    pub(crate) actions: Vec<String>,
    pub(crate) allow_deleted: bool,
    /// The roles of a mandate, any of which is enough.
    pub(crate) permission_roles: Vec<String>,
}

impl DetailsType {
    const ALL: [Self; 4] = [
        Self::AltinnResource,
        Self::Orgno,
        Self::AltinnService,
        Self::Fullmakt,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AltinnResource => "ansattporten:altinn:resource",
            Self::AltinnService => "ansattporten:altinn:service",
            Self::Orgno => "ansattporten:orgno",
            Self::Fullmakt => "idporten:fullmakt",
        }
    }

    /// The types that a provider answers, by the version of its documentation.
    pub(crate) fn supported(
        provider: ProviderName,
        profile: RarProfile,
    ) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(move |kind| match (provider, kind) {
                (ProviderName::Idporten, kind) => *kind == Self::Fullmakt,
                (ProviderName::Ansattporten, Self::Fullmakt) => false,
                (ProviderName::Ansattporten, Self::AltinnService) => true,
                (ProviderName::Ansattporten, _) => profile != RarProfile::LegacyService,
            })
    }

    /// The members that an object of the type may have; others are refused (RFC 9396 §5).
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::AltinnResource => &[
                "type",
                "resource",
                "actions",
                "organizationform",
                "allow_multiple_organizations",
                "allow_deleted_organizations",
                "representation_is_required",
            ],
            Self::AltinnService => &[
                "type",
                "resource",
                "organizationform",
                "allow_multiple_organizations",
                "allow_deleted_organizations",
                "representation_is_required",
            ],
            Self::Orgno => &[
                "type",
                "organizationform",
                "allow_multiple_organizations",
                "representation_is_required",
            ],
            Self::Fullmakt => &["type", "permission_roles"],
        }
    }
}

impl RarRequest {
    /// Checks a request; `None` for an empty array, which asks for nothing.
    ///
    /// # Errors
    /// `invalid_authorization_details` (RFC 9396 §5) with a sentence that says what to mend.
    pub(crate) fn parse(
        text: &str,
        provider: ProviderName,
        profile: RarProfile,
        world: &World,
    ) -> Result<Option<Self>, OAuthError> {
        let value: Value = serde_json::from_str(text)
            .map_err(|_| refused("authorization_details is not JSON."))?;
        let Value::Array(values) = value else {
            return Err(refused(
                "authorization_details must be a JSON array, also when it has one object.",
            ));
        };
        if values.len() > MAX_OBJECTS {
            return Err(refused(
                "authorization_details has too many objects; the limit is 20.",
            ));
        }
        let mut request: Option<Self> = None;
        for value in &values {
            let Value::Object(object) = value else {
                return Err(refused(
                    "Each element of authorization_details must be an object.",
                ));
            };
            let kind = parse_type(object, provider, profile)?;
            if let Some(name) = object
                .keys()
                .find(|name| !kind.members().contains(&name.as_str()))
            {
                return Err(refused(format!(
                    "The type {} has no member {}.",
                    kind.as_str(),
                    shown(name)
                )));
            }
            let request = request.get_or_insert_with(|| Self::of(kind));
            if request.kind != kind {
                return Err(refused(
                    "Objects of different types cannot be mixed in one request.",
                ));
            }
            request.add(object, world)?;
        }
        Ok(request)
    }

    fn of(kind: DetailsType) -> Self {
        Self {
            kind,
            objects: Vec::new(),
            organisation_form: None,
            allow_multiple: false,
            is_required: false,
        }
    }

    fn add(&mut self, object: &Map<String, Value>, world: &World) -> Result<(), OAuthError> {
        let form = parse_form(object)?;
        if !self.objects.is_empty() && form != self.organisation_form {
            return Err(refused(
                "organizationform holds for the whole request and must be equal in all objects.",
            ));
        }
        self.organisation_form = form;
        self.allow_multiple |= parse_flag(object, "allow_multiple_organizations")?;
        self.is_required |= parse_flag(object, "representation_is_required")?;
        let (urn, resource) = parse_resource(object, self.kind, world)?;
        let actions = parse_actions(object)?;
        let known = resource.as_deref().and_then(|id| world.resource(id));
        if actions.is_empty()
            && self.kind == DetailsType::AltinnResource
            && known.is_some_and(|known| known.has_access_list)
        {
            return Err(refused(
                "The resource has an access list, so the request must say its actions.",
            ));
        }
        self.objects.push(RarObject {
            urn,
            resource,
            actions,
            allow_deleted: parse_flag(object, "allow_deleted_organizations")?,
            permission_roles: parse_roles(object, self.kind)?,
        });
        Ok(())
    }
}

fn parse_type(
    object: &Map<String, Value>,
    provider: ProviderName,
    profile: RarProfile,
) -> Result<DetailsType, OAuthError> {
    let Some(Value::String(text)) = object.get("type") else {
        return Err(refused(
            "Each object of authorization_details must have a type.",
        ));
    };
    DetailsType::supported(provider, profile)
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| {
            let supported: Vec<_> = DetailsType::supported(provider, profile)
                .map(DetailsType::as_str)
                .collect();
            refused(format!(
                "The type {} is unknown to {}; use {}.",
                shown(text),
                provider.display(),
                supported.join(" or ")
            ))
        })
}

fn parse_form(object: &Map<String, Value>) -> Result<Option<OrganisationForm>, OAuthError> {
    match object.get("organizationform").map(Value::as_str) {
        None => Ok(None),
        Some(Some("enterprise")) => Ok(Some(OrganisationForm::Enterprise)),
        Some(Some("business")) => Ok(Some(OrganisationForm::Business)),
        Some(_) => Err(refused("organizationform must be enterprise or business.")),
    }
}

/// Applications send both `true` and `"true"`, and both work.
fn parse_flag(object: &Map<String, Value>, name: &str) -> Result<bool, OAuthError> {
    match object.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(Value::String(text)) if text == "true" => Ok(true),
        Some(Value::String(text)) if text == "false" => Ok(false),
        Some(_) => Err(refused(format!("{name} must be true or false."))),
    }
}

/// Documented as text with commas; RFC 9396 §2.2 has an array. Both are taken.
fn parse_actions(object: &Map<String, Value>) -> Result<Vec<String>, OAuthError> {
    let actions: Vec<String> = match object.get("actions") {
        None => return Ok(Vec::new()),
        Some(Value::String(text)) => text
            .split(',')
            .map(|action| action.trim().to_owned())
            .collect(),
        Some(Value::Array(values)) => {
            let actions: Option<Vec<_>> = values
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect();
            actions.ok_or_else(|| refused("actions must be text."))?
        }
        Some(_) => {
            return Err(refused(
                "actions must be text with commas, or an array of texts.",
            ));
        }
    };
    if actions.is_empty() || actions.iter().any(String::is_empty) {
        return Err(refused(
            "actions must name at least one action, and none may be empty.",
        ));
    }
    Ok(actions)
}

/// The resource as it was written, and its id in the world.
fn parse_resource(
    object: &Map<String, Value>,
    kind: DetailsType,
    world: &World,
) -> Result<(Option<String>, Option<String>), OAuthError> {
    if matches!(kind, DetailsType::Orgno | DetailsType::Fullmakt) {
        return Ok((None, None));
    }
    let Some(Value::String(urn)) = object.get("resource") else {
        return Err(refused(format!(
            "The type {} needs a resource.",
            kind.as_str()
        )));
    };
    let Some(id) = urn
        .strip_prefix(RESOURCE_PREFIX)
        .filter(|id| !id.is_empty())
    else {
        return Err(refused(
            "A resource is written urn:altinn:resource: and its id.",
        ));
    };
    let known = match kind {
        DetailsType::AltinnService => world
            .resources()
            .find(|known| known.altinn2_service.as_deref() == Some(id)),
        _ => world.resource(id),
    };
    let known = known.ok_or_else(|| {
        refused(format!(
            "The resource {} is unknown; the simulator's control page lists and adds resources.",
            shown(urn)
        ))
    })?;
    Ok((Some(urn.clone()), Some(known.id.clone())))
}

fn parse_roles(object: &Map<String, Value>, kind: DetailsType) -> Result<Vec<String>, OAuthError> {
    if kind != DetailsType::Fullmakt {
        return Ok(Vec::new());
    }
    let roles = match object.get("permission_roles") {
        Some(Value::String(role)) => Some(vec![role.clone()]),
        Some(Value::Array(values)) => values
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    };
    roles
        .filter(|roles| !roles.is_empty())
        .ok_or_else(|| refused("idporten:fullmakt needs permission_roles with at least one role."))
}

fn refused(description: impl Into<std::borrow::Cow<'static, str>>) -> OAuthError {
    OAuthError::new("invalid_authorization_details", description)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<RarRequest>, OAuthError> {
        RarRequest::parse(
            text,
            ProviderName::Ansattporten,
            RarProfile::V4,
            &World::seeded(),
        )
    }

    #[test]
    fn flags_and_actions_are_taken_in_both_spellings() {
        for text in [
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","actions":"read, write","representation_is_required":true}]"#,
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","actions":["read","write"],"representation_is_required":"true"}]"#,
        ] {
            let request = parse(text).unwrap().unwrap();
            assert!(request.is_required && !request.allow_multiple);
            assert_eq!(request.objects[0].actions, ["read", "write"]);
        }
    }

    #[test]
    fn an_empty_array_asks_for_nothing() {
        assert!(parse("[]").unwrap().is_none());
    }

    #[test]
    fn wrong_requests_are_refused_with_the_error_of_rfc_9396() {
        for text in [
            "{}",
            "[1]",
            r#"[{"resource":"x"}]"#,
            r#"[{"type":"idporten:fullmakt","permission_roles":["arbeid"]}]"#,
            r#"[{"type":"ansattporten:altinn:resource"}]"#,
            r#"[{"type":"ansattporten:altinn:resource","resource":"demo-post"}]"#,
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:unknown"}]"#,
            r#"[{"type":"ansattporten:orgno","representation_is_requierd":true}]"#,
            r#"[{"type":"ansattporten:orgno","representation_is_required":1}]"#,
            r#"[{"type":"ansattporten:orgno","organizationform":"both"}]"#,
            r#"[{"type":"ansattporten:orgno"},{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post"}]"#,
            r#"[{"type":"ansattporten:orgno","organizationform":"business"},{"type":"ansattporten:orgno"}]"#,
        ] {
            assert_eq!(
                parse(text).unwrap_err().code,
                "invalid_authorization_details",
                "{text}"
            );
        }
    }
}
