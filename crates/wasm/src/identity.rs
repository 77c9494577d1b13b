//! What signing in and judging an id_token have in common: the service, what is asked about representation, and what
//! is answered.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_digdir::rar::{
    AltinnResource, AltinnService, Grant, Mandate, Organisation, OrganizationForm, Permission,
    RarRequest, RarType, Representation,
};
use portvakt_digdir::{Environment, Misuse, Preset, Service};

use crate::boundary::{Answer, Failure, List, Nested, Options, Texts, refused};

/// The service that people sign in with, as the presets of the package have it: what was read of it.
pub(crate) struct PresetOptions {
    service: Option<Service>,
    issuer: String,
    environment: String,
}

impl PresetOptions {
    pub(crate) fn of(options: &mut Options) -> Self {
        Self {
            service: options.optional_service(),
            issuer: options.text("issuer"),
            environment: options.text("environment"),
        }
    }

    pub(crate) fn preset(&self) -> Result<Preset, Failure> {
        let service = self.service.ok_or_else(refused)?;
        let environment = match self.environment.as_str() {
            "prod" => Environment::Production,
            "test" => Environment::Test,
            "local" => {
                let preset = Preset::local(service, &self.issuer);
                return Ok(preset.map_err(portvakt_digdir::Error::from)?);
            }
            _ => return Err(refused()),
        };
        Preset::of(service, environment)
            .filter(|preset| preset.issuer() == self.issuer)
            .cloned()
            .ok_or_else(refused)
    }
}

/// A resource, and the actions on it.
type Target = (String, Vec<String>);

/// What is asked about representation.
pub(crate) fn rar_request(mut options: Options) -> Result<RarRequest, Failure> {
    let rar_type = options.optional_text("type");
    let mut targets = Vec::new();
    for mut resource in options.options("resources") {
        targets.push((resource.text("resource"), resource.texts("actions")));
        resource.end()?;
    }
    let mut actions = options.texts("actions");
    if let Some(resource) = options.optional_text("resource") {
        targets.push((resource, core::mem::take(&mut actions)));
    }
    let permission_roles = options.texts("permissionRoles");
    let is_required = options.optional_flag("representationIsRequired");
    let allows_multiple = options.optional_flag("allowMultipleOrganizations");
    let allows_deleted = options.optional_flag("allowDeletedOrganizations");
    let form = options.optional_text("organizationform");
    options.end()?;
    let rar_type = match rar_type {
        None => RarType::AltinnResource,
        Some(name) => RarType::parse(&name).ok_or_else(refused)?,
    };
    let organizationform = match form.as_deref() {
        None => None,
        Some("enterprise") => Some(OrganizationForm::Enterprise),
        Some("business") => Some(OrganizationForm::Business),
        Some(_) => return Err(refused()),
    };
    let is_about_resources = matches!(rar_type, RarType::AltinnResource | RarType::AltinnService);
    if !actions.is_empty()
        || !is_about_resources && !targets.is_empty()
        || rar_type != RarType::Fullmakt && !permission_roles.is_empty()
    {
        return Err(refused());
    }
    let request = rar_request_about(rar_type, &targets, &permission_roles);
    let mut request = request.map_err(portvakt_digdir::Error::from)?;
    if let Some(is_required) = is_required {
        request.representation_is_required = is_required;
    }
    request.allow_multiple_organizations = allows_multiple.unwrap_or(false);
    request.allow_deleted_organizations = allows_deleted.unwrap_or(false);
    request.organizationform = organizationform;
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

/// Whom a person acts for. A kind that this face does not know is not shown as another one.
pub(crate) fn representation(answer: &mut Answer, representation: Option<&Representation>) {
    const NAME: &str = "representation";
    match representation {
        Some(Representation::Organisations(organisations)) => {
            answer.with(
                NAME,
                Nested(|answer: &mut Answer| {
                    answer
                        .with("kind", "organisations")
                        .with("organisations", List(organisations, organisation));
                }),
            );
        }
        Some(Representation::OneSelf) => {
            answer.with(
                NAME,
                Nested(|answer: &mut Answer| {
                    answer.with("kind", "self");
                }),
            );
        }
        Some(Representation::Citizen(mandates)) => {
            answer.with(
                NAME,
                Nested(|answer: &mut Answer| {
                    answer
                        .with("kind", "citizen")
                        .with("mandates", List(mandates, mandate));
                }),
            );
        }
        _ => {}
    }
}

fn organisation(answer: &mut Answer, organisation: &Organisation) {
    answer
        .with("number", organisation.number().to_string())
        .with_some("name", organisation.name())
        .with_some("unitType", organisation.unit_type())
        .with("grants", List(organisation.grants(), grant));
}

fn grant(answer: &mut Answer, grant: &Grant) {
    answer
        .with_some("resource", grant.resource())
        .with_some("resourceName", grant.resource_name())
        .with_some("actions", grant.actions().map(Texts))
        .with("rights", Texts(grant.rights()));
}

fn mandate(answer: &mut Answer, mandate: &Mandate) {
    answer
        .with_some("authorizerName", mandate.authorizer_name())
        .with("authorizerPid", mandate.authorizer().expose())
        .with(
            "permissions",
            List(
                mandate.permissions(),
                |answer: &mut Answer, permission: &Permission| {
                    answer
                        .with_some("owner", permission.owner())
                        .with("role", permission.role());
                },
            ),
        );
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
