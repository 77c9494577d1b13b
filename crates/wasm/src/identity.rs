//! What signing in and judging an id_token have in common: the service, what is asked about representation, and what
//! is answered.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_digdir::rar::{
    AltinnResource, AltinnService, Grant, Mandate, Organisation, OrganizationForm, RarRequest,
    RarType, Representation,
};
use portvakt_digdir::{Environment, Misuse, Preset};

use crate::boundary::{Answer, Failure, List, Options, refused, texts as list};

/// The service that people sign in with, as the presets of the package have it.
pub(crate) fn preset(options: &mut Options) -> Result<Preset, Failure> {
    let service = options.optional_service()?.ok_or_else(refused)?;
    let issuer = options.text("issuer")?;
    let environment = match options.text("environment")?.as_str() {
        "prod" => Environment::Production,
        "test" => Environment::Test,
        "local" => {
            let preset = Preset::local(service, &issuer);
            return Ok(preset.map_err(portvakt_digdir::Error::from)?);
        }
        _ => return Err(refused()),
    };
    Preset::of(service, environment)
        .filter(|preset| preset.issuer() == issuer)
        .cloned()
        .ok_or_else(refused)
}

/// A resource, and the actions on it.
type Target = (String, Vec<String>);

/// What is asked about representation.
pub(crate) fn rar_request(mut options: Options) -> Result<RarRequest, Failure> {
    let rar_type = match options.optional_text("type")? {
        None => RarType::AltinnResource,
        Some(name) => RarType::parse(&name).ok_or_else(refused)?,
    };
    let mut targets = Vec::new();
    for mut resource in options.options("resources")? {
        targets.push((resource.text("resource")?, resource.texts("actions")?));
        resource.end()?;
    }
    let mut actions = options.texts("actions")?;
    if let Some(resource) = options.optional_text("resource")? {
        targets.push((resource, core::mem::take(&mut actions)));
    }
    let permission_roles = options.texts("permissionRoles")?;
    let is_about_resources = matches!(rar_type, RarType::AltinnResource | RarType::AltinnService);
    if !actions.is_empty()
        || !is_about_resources && !targets.is_empty()
        || rar_type != RarType::Fullmakt && !permission_roles.is_empty()
    {
        return Err(refused());
    }
    let request = rar_request_about(rar_type, &targets, &permission_roles);
    let mut request = request.map_err(portvakt_digdir::Error::from)?;
    if let Some(is_required) = options.optional_flag("representationIsRequired")? {
        request.representation_is_required = is_required;
    }
    let allows = |flag: Option<bool>| flag.unwrap_or(false);
    request.allow_multiple_organizations =
        allows(options.optional_flag("allowMultipleOrganizations")?);
    request.allow_deleted_organizations =
        allows(options.optional_flag("allowDeletedOrganizations")?);
    request.organizationform = match options.optional_text("organizationform")?.as_deref() {
        None => None,
        Some("enterprise") => Some(OrganizationForm::Enterprise),
        Some("business") => Some(OrganizationForm::Business),
        Some(_) => return Err(refused()),
    };
    options.end()?;
    Ok(request)
}

fn rar_request_about(
    rar_type: RarType,
    targets: &[Target],
    permission_roles: &[String],
) -> Result<RarRequest, Misuse> {
    match rar_type {
        RarType::AltinnResource => {
            let mut resources = Vec::new();
            for (resource, actions) in targets {
                let resource = AltinnResource::parse(resource)?;
                resources.push(if actions.is_empty() {
                    resource
                } else {
                    resource.with_actions(&texts(actions))?
                });
            }
            RarRequest::altinn_resources(resources)
        }
        RarType::AltinnService => {
            let mut services = Vec::new();
            for (resource, _) in targets {
                services.push(AltinnService::parse(resource)?);
            }
            RarRequest::altinn_services(services)
        }
        RarType::Orgno => Ok(RarRequest::orgno()),
        RarType::Fullmakt => RarRequest::fullmakt(&texts(permission_roles)),
    }
}

/// Whom a person acts for.
pub(crate) fn representation(representation: &Representation) -> Option<Answer> {
    let answer = Answer::default();
    match representation {
        Representation::Organisations(organisations) => {
            Some(answer.with("kind", "organisations").with(
                "organisations",
                organisations.iter().map(organisation).collect::<List>(),
            ))
        }
        Representation::OneSelf => Some(answer.with("kind", "self")),
        Representation::Citizen(mandates) => Some(
            answer
                .with("kind", "citizen")
                .with("mandates", mandates.iter().map(mandate).collect::<List>()),
        ),
        // A kind that this face does not know is not shown as another one.
        _ => None,
    }
}

fn organisation(organisation: &Organisation) -> Answer {
    Answer::default()
        .with("number", organisation.number().to_string())
        .with_some("name", organisation.name())
        .with_some("unitType", organisation.unit_type())
        .with(
            "grants",
            organisation.grants().iter().map(grant).collect::<List>(),
        )
}

fn grant(grant: &Grant) -> Answer {
    Answer::default()
        .with_some("resource", grant.resource())
        .with_some("resourceName", grant.resource_name())
        .with_some("actions", grant.actions().map(list))
        .with("rights", list(grant.rights()))
}

fn mandate(mandate: &Mandate) -> Answer {
    let permissions = mandate.permissions().iter().map(|permission| {
        Answer::default()
            .with_some("owner", permission.owner())
            .with("role", permission.role())
    });
    Answer::default()
        .with_some("authorizerName", mandate.authorizer_name())
        .with("authorizerPid", mandate.authorizer().expose())
        .with("permissions", permissions.collect::<List>())
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
