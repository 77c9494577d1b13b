use portvakt_digdir::login::{Check, Session};
use portvakt_digdir::rar::{Grant, Mandate, Organisation, Representation};
use portvakt_digdir::{Environment, Service};
use portvakt_oidc::{HttpRequest, LogoutRedirect, LogoutReturn, Redirect, UnixTime};
use serde::Serialize;

use crate::boundary::Claims;

/// A request that the driver is to send.
#[derive(Serialize)]
#[serde(tag = "kind", rename = "fetch", rename_all = "camelCase")]
pub(super) struct Fetch<'a> {
    method: &'static str,
    url: &'a str,
    headers: &'a [(&'static str, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    max_response_bytes: usize,
}

impl<'a> Fetch<'a> {
    pub(super) fn of(request: &'a HttpRequest) -> Self {
        Self {
            method: request.method.as_str(),
            url: request.url.as_str(),
            headers: &request.headers,
            body: request.body.as_deref(),
            max_response_bytes: request.max_response_bytes,
        }
    }
}

/// The result of a flow.
#[derive(Serialize)]
#[serde(tag = "kind", rename = "done")]
pub(super) struct Done<T> {
    result: T,
}

impl<T> Done<T> {
    pub(super) const fn of(result: T) -> Self {
        Self { result }
    }
}

/// Where to send the browser to sign in, and what to store meanwhile.
#[derive(Serialize)]
pub(super) struct LoginRedirect<'a> {
    url: &'a str,
    key: String,
    pending: String,
    metadata: String,
}

impl<'a> LoginRedirect<'a> {
    pub(super) fn of(redirect: &'a Redirect) -> Self {
        Self {
            url: redirect.url.as_str(),
            key: redirect.pending.storage_key(),
            pending: redirect.pending.to_json(),
            metadata: redirect.pending.metadata().to_json(),
        }
    }
}

/// A person who has signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedIn<'a> {
    service: &'static str,
    environment: &'static str,
    claims: Person<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    representation: Option<Represents<'a>>,
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<f64>,
    scope: &'a [String],
    checks: Vec<Step>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<&'a str>,
}

/// The claims of the id_token, in the words of JavaScript; `raw` has them as signed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<String>,
    acr: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    amr: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    groups: &'a [String],
    raw: Claims<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Represents<'a> {
    Organisations {
        organisations: Vec<Represented<'a>>,
    },
    #[serde(rename = "self")]
    OneSelf,
    Citizen {
        mandates: Vec<Given<'a>>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Represented<'a> {
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_type: Option<&'a str>,
    grants: Vec<Granted<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Granted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<&'a [String]>,
    rights: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Given<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    authorizer_name: Option<&'a str>,
    authorizer_pid: String,
    permissions: Vec<Permitted<'a>>,
}

#[derive(Serialize)]
struct Permitted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    role: &'a str,
}

/// A verification step that was taken.
#[derive(Serialize)]
struct Step {
    code: &'static str,
    sentence: &'static str,
    source: &'static str,
}

impl<'a> SignedIn<'a> {
    pub(super) fn of(session: &'a Session) -> Self {
        let login = &session.login;
        Self {
            service: service_name(session.service),
            environment: environment_name(session.environment),
            claims: Person::of(session),
            representation: session.representation.as_ref().and_then(Represents::of),
            access_token: login.access_token.expose(),
            expires_at: login.expires_at.map(seconds),
            scope: &login.scope,
            checks: session.checks.iter().copied().map(Step::of).collect(),
            return_to: login.return_to.as_ref().map(|path| path.as_str()),
        }
    }
}

impl<'a> Person<'a> {
    fn of(session: &'a Session) -> Self {
        let claims = &session.claims;
        Self {
            sub: &claims.sub,
            pid: claims.pid.map(|pid| pid.expose()),
            acr: claims.acr.as_str(),
            level: session.level.map(|level| level.as_str()),
            amr: &claims.amr,
            auth_time: claims.auth_time.map(seconds),
            sid: claims.sid.as_deref(),
            locale: claims.locale.as_deref(),
            name: claims.name.as_deref(),
            given_name: claims.given_name.as_deref(),
            family_name: claims.family_name.as_deref(),
            email: claims.email.as_deref(),
            groups: &claims.groups,
            raw: Claims(session.login.id_token.claims()),
        }
    }
}

impl<'a> Represents<'a> {
    fn of(representation: &'a Representation) -> Option<Self> {
        match representation {
            Representation::Organisations(organisations) => Some(Self::Organisations {
                organisations: organisations.iter().map(Represented::of).collect(),
            }),
            Representation::OneSelf => Some(Self::OneSelf),
            Representation::Citizen(mandates) => Some(Self::Citizen {
                mandates: mandates.iter().map(Given::of).collect(),
            }),
            // A kind that this face does not know is not shown as another one.
            _ => None,
        }
    }
}

impl<'a> Represented<'a> {
    fn of(organisation: &'a Organisation) -> Self {
        Self {
            number: organisation.number().to_string(),
            name: organisation.name(),
            unit_type: organisation.unit_type(),
            grants: organisation.grants().iter().map(Granted::of).collect(),
        }
    }
}

impl<'a> Granted<'a> {
    fn of(grant: &'a Grant) -> Self {
        Self {
            resource: grant.resource(),
            resource_name: grant.resource_name(),
            actions: grant.actions(),
            rights: grant.rights(),
        }
    }
}

impl<'a> Given<'a> {
    fn of(mandate: &'a Mandate) -> Self {
        let permissions = mandate.permissions().iter();
        Self {
            authorizer_name: mandate.authorizer_name(),
            authorizer_pid: mandate.authorizer().expose(),
            permissions: permissions
                .map(|permission| Permitted {
                    owner: permission.owner(),
                    role: permission.role(),
                })
                .collect(),
        }
    }
}

impl Step {
    fn of(check: Check) -> Self {
        Self {
            code: check.code(),
            sentence: check.sentence(),
            source: check.source(),
        }
    }
}

/// Where to send the browser to sign out.
#[derive(Serialize)]
pub(super) struct LoggedOut<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<String>,
}

impl<'a> LoggedOut<'a> {
    pub(super) fn of(redirect: &'a LogoutRedirect) -> Self {
        let pending = redirect.pending.as_ref();
        Self {
            url: redirect.url.as_str(),
            key: pending.map(|pending| pending.storage_key()),
            pending: pending.map(|pending| pending.to_json()),
        }
    }
}

/// What an address turned out to be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogoutReturned<'a> {
    is_return: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<&'a str>,
}

impl<'a> LogoutReturned<'a> {
    pub(super) fn of(returned: &'a LogoutReturn) -> Self {
        match returned {
            LogoutReturn::Confirmed { return_to } => Self {
                is_return: true,
                return_to: return_to.as_ref().map(|path| path.as_str()),
            },
            _ => Self {
                is_return: false,
                return_to: None,
            },
        }
    }
}

const fn service_name(service: Service) -> &'static str {
    match service {
        Service::IdPorten => "idporten",
        Service::Ansattporten => "ansattporten",
        Service::Maskinporten => "maskinporten",
        Service::Altinn => "altinn",
        Service::Dialogporten => "dialogporten",
    }
}

const fn environment_name(environment: Environment) -> &'static str {
    match environment {
        Environment::Production => "prod",
        Environment::Test => "test",
        Environment::Local => "local",
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "moments of tokens are below 2^53"
)]
fn seconds(moment: UnixTime) -> f64 {
    moment.as_secs() as f64
}
