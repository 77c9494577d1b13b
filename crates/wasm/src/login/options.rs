use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::{Client, LoginRequest};
use portvakt_digdir::rar::{AltinnResource, AltinnService, OrganizationForm, RarRequest, RarType};
use portvakt_digdir::{Environment, Preset};
use portvakt_jose::Jwks;
use portvakt_oidc::{ApiMisuse, HttpResponse, JwksSource, Prompt, ReturnPath, TransportError, Url};
use serde::Deserialize;

use crate::boundary::{BoundaryError, Failure, ServiceName, algorithms};

/// The application, as the driver hands it over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientOptions {
    service: ServiceName,
    environment: EnvironmentName,
    issuer: String,
    client_id: String,
    redirect_uri: String,
    post_logout_redirect_uri: Option<String>,
    scopes: Option<Vec<String>>,
    algorithms: Option<Vec<String>>,
    clock_tolerance_seconds: Option<u32>,
    jwks: Option<String>,
    jwks_uri: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EnvironmentName {
    Prod,
    Test,
    Local,
}

impl ClientOptions {
    pub(super) fn client(self) -> Result<Client, Failure> {
        let preset = self.preset()?;
        let mut client = Client::new(preset, self.client_id, url(&self.redirect_uri)?)?;
        client.oidc.post_logout_redirect_uri = self
            .post_logout_redirect_uri
            .as_deref()
            .map(url)
            .transpose()?;
        if let Some(scopes) = self.scopes {
            client.oidc.scopes = scopes;
        }
        if let Some(names) = self.algorithms {
            client.oidc.algorithms = algorithms(&names)?;
        }
        if let Some(seconds) = self.clock_tolerance_seconds {
            client.oidc.clock_tolerance_seconds = seconds;
        }
        client.oidc.jwks = match (self.jwks, self.jwks_uri) {
            (Some(jwks), None) => JwksSource::Keys(Jwks::parse(jwks.as_bytes())?),
            (None, Some(uri)) => JwksSource::Uri(url(&uri)?),
            (None, None) => JwksSource::Discovered,
            (Some(_), Some(_)) => return Err(BoundaryError::Options.into()),
        };
        Ok(client)
    }

    fn preset(&self) -> Result<Preset, Failure> {
        let service = self.service.into();
        let environment = match self.environment {
            EnvironmentName::Prod => Environment::Production,
            EnvironmentName::Test => Environment::Test,
            EnvironmentName::Local => {
                let preset = Preset::local(service, &self.issuer);
                return Ok(preset.map_err(portvakt_digdir::Error::from)?);
            }
        };
        Preset::of(service, environment)
            .filter(|preset| preset.issuer() == self.issuer)
            .cloned()
            .ok_or_else(|| BoundaryError::Options.into())
    }
}

/// One login, as the driver hands it over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginOptions {
    #[serde(default)]
    acr_values: Vec<String>,
    on_behalf_of: Option<OnBehalfOf>,
    #[serde(default)]
    prompt: Vec<String>,
    max_age_seconds: Option<u32>,
    #[serde(default)]
    ui_locales: Vec<String>,
    login_hint: Option<String>,
    #[serde(default)]
    resource: Vec<String>,
    return_to: Option<String>,
}

impl LoginOptions {
    pub(super) fn request(self) -> Result<LoginRequest, Failure> {
        let mut request = LoginRequest::default();
        let acr_values: Result<_, _> = self.acr_values.iter().map(|acr| Acr::parse(acr)).collect();
        request.acr_values = acr_values.map_err(portvakt_digdir::Error::from)?;
        request.on_behalf_of = self.on_behalf_of.map(OnBehalfOf::request).transpose()?;
        let prompt: Option<_> = self.prompt.iter().map(|name| prompt(name)).collect();
        request.prompt = prompt.ok_or(BoundaryError::Options)?;
        request.max_age_seconds = self.max_age_seconds;
        request.ui_locales = self.ui_locales;
        request.login_hint = self.login_hint;
        request.resource = self.resource;
        let return_to = self.return_to.as_deref().map(ReturnPath::parse).transpose();
        request.return_to = return_to.map_err(portvakt_oidc::Error::from)?;
        Ok(request)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OnBehalfOf {
    r#type: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    resources: Vec<ResourceOption>,
    #[serde(default)]
    permission_roles: Vec<String>,
    representation_is_required: Option<bool>,
    #[serde(default)]
    allow_multiple_organizations: bool,
    #[serde(default)]
    allow_deleted_organizations: bool,
    organizationform: Option<String>,
}

#[derive(Deserialize)]
struct ResourceOption {
    resource: String,
    #[serde(default)]
    actions: Vec<String>,
}

impl OnBehalfOf {
    fn request(mut self) -> Result<RarRequest, Failure> {
        let rar_type = match self.r#type.as_deref() {
            None => RarType::AltinnResource,
            Some(name) => RarType::parse(name).ok_or(BoundaryError::Options)?,
        };
        if let Some(resource) = self.resource.take() {
            let actions = core::mem::take(&mut self.actions);
            self.resources.push(ResourceOption { resource, actions });
        }
        let is_about_resources =
            matches!(rar_type, RarType::AltinnResource | RarType::AltinnService);
        if !self.actions.is_empty()
            || !is_about_resources && !self.resources.is_empty()
            || rar_type != RarType::Fullmakt && !self.permission_roles.is_empty()
        {
            return Err(BoundaryError::Options.into());
        }
        let mut request = self
            .target(rar_type)
            .map_err(portvakt_digdir::Error::from)?;
        if let Some(is_required) = self.representation_is_required {
            request.representation_is_required = is_required;
        }
        request.allow_multiple_organizations = self.allow_multiple_organizations;
        request.allow_deleted_organizations = self.allow_deleted_organizations;
        request.organizationform = match self.organizationform.as_deref() {
            None => None,
            Some("enterprise") => Some(OrganizationForm::Enterprise),
            Some("business") => Some(OrganizationForm::Business),
            Some(_) => return Err(BoundaryError::Options.into()),
        };
        Ok(request)
    }

    fn target(&self, rar_type: RarType) -> Result<RarRequest, portvakt_digdir::Misuse> {
        match rar_type {
            RarType::AltinnResource => {
                let resources = self.resources.iter().map(|option| {
                    let resource = AltinnResource::parse(&option.resource)?;
                    if option.actions.is_empty() {
                        return Ok(resource);
                    }
                    resource.with_actions(&texts(&option.actions))
                });
                RarRequest::altinn_resources(resources.collect::<Result<Vec<_>, _>>()?)
            }
            RarType::AltinnService => {
                let services = self
                    .resources
                    .iter()
                    .map(|option| AltinnService::parse(&option.resource));
                RarRequest::altinn_services(services.collect::<Result<Vec<_>, _>>()?)
            }
            RarType::Orgno => Ok(RarRequest::orgno()),
            RarType::Fullmakt => RarRequest::fullmakt(&texts(&self.permission_roles)),
        }
    }
}

/// What became of a request, as the driver hands it over: an answer, or the code of a transport error.
#[derive(Deserialize)]
pub(super) struct ResponseOptions {
    error: Option<String>,
    #[serde(default)]
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    body: js_sys::Uint8Array,
}

impl ResponseOptions {
    pub(super) fn response(self) -> Result<Result<HttpResponse, TransportError>, Failure> {
        if let Some(code) = self.error {
            let error = TransportError::from_code(&code).ok_or(BoundaryError::Options)?;
            return Ok(Err(error));
        }
        Ok(Ok(HttpResponse {
            status: self.status,
            headers: self.headers,
            body: self.body.to_vec(),
        }))
    }
}

fn prompt(name: &str) -> Option<Prompt> {
    [
        Prompt::None,
        Prompt::Login,
        Prompt::Consent,
        Prompt::SelectAccount,
        Prompt::Create,
    ]
    .into_iter()
    .find(|prompt| prompt.as_str() == name)
}

fn url(text: &str) -> Result<Url, Failure> {
    Url::parse(text).map_err(|error: ApiMisuse| portvakt_oidc::Error::from(error).into())
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
