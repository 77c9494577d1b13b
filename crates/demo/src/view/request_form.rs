//! The form for the rich authorization request: for what, and among whom, an organisation is to be chosen.

use leptos::prelude::*;
use portvakt_digdir::Misuse;
use portvakt_digdir::rar::{AltinnResource, OrganizationForm, RarRequest};

use crate::language::{PageLanguage, Text};
use crate::pretty::pretty;
use crate::text;
use crate::view::parts::{checkbox, live_text, paragraph, radio};

/// What the person has chosen so far.
#[derive(Clone, Copy)]
pub(crate) struct RequestForm {
    resources: [RwSignal<bool>; RESOURCES.len()],
    actions: [RwSignal<bool>; ACTIONS.len()],
    form: RwSignal<Option<OrganizationForm>>,
    representation_is_required: RwSignal<bool>,
    allow_multiple_organizations: RwSignal<bool>,
    allow_deleted_organizations: RwSignal<bool>,
}

impl RequestForm {
    /// Every service, one organisation, and no way around choosing one.
    pub(crate) fn new() -> Self {
        Self {
            resources: RESOURCES.map(|_| RwSignal::new(true)),
            actions: ACTIONS.map(|_| RwSignal::new(false)),
            form: RwSignal::new(None),
            representation_is_required: RwSignal::new(true),
            allow_multiple_organizations: RwSignal::new(false),
            allow_deleted_organizations: RwSignal::new(false),
        }
    }

    /// Whether there is anything to ask for.
    pub(crate) fn names_a_service(self) -> bool {
        self.resources.iter().any(|chosen| chosen.get())
    }

    /// The request that the choices make, tracked.
    pub(crate) fn to_request(self) -> Result<RarRequest, Misuse> {
        let actions: Vec<&str> = chosen(&ACTIONS, &self.actions)
            .map(|action| action.name)
            .collect();
        let resources = chosen(&RESOURCES, &self.resources)
            .map(|resource| {
                let altinn_resource = AltinnResource::parse(resource.urn)?;
                if actions.is_empty() {
                    Ok(altinn_resource)
                } else {
                    altinn_resource.with_actions(&actions)
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut request = RarRequest::altinn_resources(resources)?;
        request.organizationform = self.form.get();
        request.representation_is_required = self.representation_is_required.get();
        request.allow_multiple_organizations = self.allow_multiple_organizations.get();
        request.allow_deleted_organizations = self.allow_deleted_organizations.get();
        Ok(request)
    }
}

/// The fields of the form; the button that sends it is the caller's.
pub(crate) fn request_fields(language: PageLanguage, form: RequestForm) -> AnyView {
    let missing = live_text(move || {
        if form.names_a_service() {
            return String::new();
        }
        text::SERVICES_MISSING
            .in_language(language.current())
            .to_owned()
    });
    let preview = live_text(move || {
        form.to_request()
            .and_then(|request| request.to_json())
            .map(|json| pretty(&json))
            .unwrap_or_default()
    });
    view! {
        <fieldset class="ds-fieldset" aria-describedby="services-about services-missing">
            <legend class="ds-label">{language.t(text::SERVICES)}</legend>
            <p class="ds-paragraph" id="services-about">{language.t(text::SERVICES_ABOUT)}</p>
            {RESOURCES
                .into_iter()
                .zip(form.resources)
                .map(|(resource, checked)| checkbox(language, resource.id, resource.label, resource.about, checked))
                .collect_view()}
            <p class="ds-validation-message" id="services-missing" role="alert">
                {missing}
            </p>
        </fieldset>
        <details class="ds-details" data-variant="tinted">
            <summary>{language.t(text::MORE_CHOICES)}</summary>
            <div class="stack">
                <fieldset class="ds-fieldset">
                    <legend class="ds-label">{language.t(text::ACTIONS)}</legend>
                    {paragraph(language, text::ACTIONS_ABOUT)}
                    <div class="side-by-side">
                        {ACTIONS
                            .into_iter()
                            .zip(form.actions)
                            .map(|(action, checked)| checkbox(language, action.id, action.label, None, checked))
                            .collect_view()}
                    </div>
                </fieldset>
                <fieldset class="ds-fieldset">
                    <legend class="ds-label">{language.t(text::KIND_OF_ORGANISATION)}</legend>
                    {KINDS.map(|(id, label, value)| radio(language, "kind", id, label, None, value, form.form))}
                </fieldset>
                <fieldset class="ds-fieldset">
                    <legend class="ds-label">{language.t(text::REQUIREMENTS)}</legend>
                    {checkbox(
                        language,
                        "representation-required",
                        text::REPRESENTATION_REQUIRED,
                        Some(text::REPRESENTATION_REQUIRED_ABOUT),
                        form.representation_is_required,
                    )}
                    {checkbox(language, "allow-multiple", text::ALLOW_MULTIPLE, None, form.allow_multiple_organizations)}
                    {checkbox(language, "allow-deleted", text::ALLOW_DELETED, None, form.allow_deleted_organizations)}
                </fieldset>
                <div>
                    <p class="ds-label" id="request-preview">{language.t(text::REQUEST_PREVIEW)}</p>
                    <pre class="code" tabindex="0" aria-labelledby="request-preview">{preview}</pre>
                </div>
            </div>
        </details>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Resource {
    id: &'static str,
    urn: &'static str,
    label: Text,
    about: Option<Text>,
}

#[derive(Clone, Copy)]
struct Action {
    id: &'static str,
    name: &'static str,
    label: Text,
}

const RESOURCES: [Resource; 5] = [
    Resource {
        id: "resource-demo-post",
        urn: "urn:altinn:resource:demo-post",
        label: text::RESOURCE_POST,
        about: None,
    },
    Resource {
        id: "resource-demo-skatt",
        urn: "urn:altinn:resource:demo-skatt",
        label: text::RESOURCE_SKATT,
        about: None,
    },
    Resource {
        id: "resource-demo-tilskudd",
        urn: "urn:altinn:resource:demo-tilskudd",
        label: text::RESOURCE_TILSKUDD,
        about: None,
    },
    Resource {
        id: "resource-demo-tilsyn",
        urn: "urn:altinn:resource:demo-tilsyn",
        label: text::RESOURCE_TILSYN,
        about: None,
    },
    Resource {
        id: "resource-demo-sykmelding",
        urn: "urn:altinn:resource:demo-sykmelding",
        label: text::RESOURCE_SYKMELDING,
        about: Some(text::RESOURCE_SYKMELDING_ABOUT),
    },
];

const ACTIONS: [Action; 3] = [
    Action {
        id: "action-read",
        name: "read",
        label: text::ACTION_READ,
    },
    Action {
        id: "action-write",
        name: "write",
        label: text::ACTION_WRITE,
    },
    Action {
        id: "action-sign",
        name: "sign",
        label: text::ACTION_SIGN,
    },
];

const KINDS: [(&str, Text, Option<OrganizationForm>); 3] = [
    ("kind-any", text::KIND_ANY, None),
    (
        "kind-enterprise",
        text::KIND_ENTERPRISE,
        Some(OrganizationForm::Enterprise),
    ),
    (
        "kind-business",
        text::KIND_BUSINESS,
        Some(OrganizationForm::Business),
    ),
];

fn chosen<'a, T>(all: &'a [T], flags: &'a [RwSignal<bool>]) -> impl Iterator<Item = &'a T> {
    all.iter()
        .zip(flags)
        .filter(|(_, flag)| flag.get())
        .map(|(item, _)| item)
}
