use alloc::borrow::Cow;
use alloc::string::ToString;

use portvakt_oidc::url::Url;

use crate::{Environment, Misuse, Service};

/// One service in one environment: its issuer, to the character, and where its parts are.
///
/// Issuers are compared as strings (RFC 8414 §3.3, OIDC Core §3.1.3.7), so that the slash at the end of
/// Maskinporten's and Altinn's matters as much as its absence in the others.
///
/// ```
/// use portvakt_digdir::{Preset, Service};
///
/// assert_eq!(Preset::ANSATTPORTEN_TEST.issuer(), "https://test.ansattporten.no");
/// assert_eq!(Preset::MASKINPORTEN_PRODUCTION.issuer(), "https://maskinporten.no/");
/// let simulator = Preset::local(Service::Ansattporten, "http://127.0.0.1:8101")?;
/// assert_eq!(simulator.issuer(), "http://127.0.0.1:8101");
/// # Ok::<(), portvakt_digdir::Misuse>(())
/// ```
///
/// Sources: ID-porten and Ansattporten, metadata; Maskinporten, well-known; Altinn, authentication;
/// Dialogporten, reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    service: Service,
    environment: Environment,
    issuer: Cow<'static, str>,
    metadata_url: Cow<'static, str>,
    login_origin: Option<&'static str>,
    base_url: Option<Cow<'static, str>>,
}

impl Preset {
    /// `https://idporten.no`
    pub const ID_PORTEN_PRODUCTION: Self = Self {
        service: Service::IdPorten,
        environment: Environment::Production,
        issuer: Cow::Borrowed("https://idporten.no"),
        metadata_url: Cow::Borrowed("https://idporten.no/.well-known/openid-configuration"),
        login_origin: Some("https://login.idporten.no"),
        base_url: None,
    };
    /// `https://test.idporten.no`
    pub const ID_PORTEN_TEST: Self = Self {
        service: Service::IdPorten,
        environment: Environment::Test,
        issuer: Cow::Borrowed("https://test.idporten.no"),
        metadata_url: Cow::Borrowed("https://test.idporten.no/.well-known/openid-configuration"),
        login_origin: Some("https://login.test.idporten.no"),
        base_url: None,
    };
    /// `https://ansattporten.no`
    pub const ANSATTPORTEN_PRODUCTION: Self = Self {
        service: Service::Ansattporten,
        environment: Environment::Production,
        issuer: Cow::Borrowed("https://ansattporten.no"),
        metadata_url: Cow::Borrowed("https://ansattporten.no/.well-known/openid-configuration"),
        login_origin: Some("https://login.ansattporten.no"),
        base_url: None,
    };
    /// `https://test.ansattporten.no`
    pub const ANSATTPORTEN_TEST: Self = Self {
        service: Service::Ansattporten,
        environment: Environment::Test,
        issuer: Cow::Borrowed("https://test.ansattporten.no"),
        metadata_url: Cow::Borrowed(
            "https://test.ansattporten.no/.well-known/openid-configuration",
        ),
        login_origin: Some("https://login.test.ansattporten.no"),
        base_url: None,
    };
    /// `https://maskinporten.no/`, with a slash; its metadata are an authorization server's (RFC 8414).
    pub const MASKINPORTEN_PRODUCTION: Self = Self {
        service: Service::Maskinporten,
        environment: Environment::Production,
        issuer: Cow::Borrowed("https://maskinporten.no/"),
        metadata_url: Cow::Borrowed(
            "https://maskinporten.no/.well-known/oauth-authorization-server",
        ),
        login_origin: None,
        base_url: None,
    };
    /// `https://test.maskinporten.no/`, with a slash; its metadata are an authorization server's (RFC 8414).
    pub const MASKINPORTEN_TEST: Self = Self {
        service: Service::Maskinporten,
        environment: Environment::Test,
        issuer: Cow::Borrowed("https://test.maskinporten.no/"),
        metadata_url: Cow::Borrowed(
            "https://test.maskinporten.no/.well-known/oauth-authorization-server",
        ),
        login_origin: None,
        base_url: None,
    };
    /// `https://platform.altinn.no/authentication/api/v1/openid/`, with a slash.
    pub const ALTINN_PRODUCTION: Self = Self {
        service: Service::Altinn,
        environment: Environment::Production,
        issuer: Cow::Borrowed("https://platform.altinn.no/authentication/api/v1/openid/"),
        metadata_url: Cow::Borrowed(
            "https://platform.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration",
        ),
        login_origin: None,
        base_url: Some(Cow::Borrowed("https://platform.altinn.no")),
    };
    /// `https://platform.tt02.altinn.no/authentication/api/v1/openid/`, with a slash: TT02.
    pub const ALTINN_TEST: Self = Self {
        service: Service::Altinn,
        environment: Environment::Test,
        issuer: Cow::Borrowed("https://platform.tt02.altinn.no/authentication/api/v1/openid/"),
        metadata_url: Cow::Borrowed(
            "https://platform.tt02.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration",
        ),
        login_origin: None,
        base_url: Some(Cow::Borrowed("https://platform.tt02.altinn.no")),
    };
    /// `https://platform.altinn.no/dialogporten/api/v1`; the metadata stand after the issuer's path, and not
    /// before it as RFC 8414 §3.1 would have it.
    pub const DIALOGPORTEN_PRODUCTION: Self = Self {
        service: Service::Dialogporten,
        environment: Environment::Production,
        issuer: Cow::Borrowed("https://platform.altinn.no/dialogporten/api/v1"),
        metadata_url: Cow::Borrowed(
            "https://platform.altinn.no/dialogporten/api/v1/.well-known/oauth-authorization-server",
        ),
        login_origin: None,
        base_url: Some(Cow::Borrowed("https://platform.altinn.no/dialogporten")),
    };
    /// `https://platform.tt02.altinn.no/dialogporten/api/v1`: TT02, the environment for integrators.
    pub const DIALOGPORTEN_TEST: Self = Self {
        service: Service::Dialogporten,
        environment: Environment::Test,
        issuer: Cow::Borrowed("https://platform.tt02.altinn.no/dialogporten/api/v1"),
        metadata_url: Cow::Borrowed(
            "https://platform.tt02.altinn.no/dialogporten/api/v1/.well-known/oauth-authorization-server",
        ),
        login_origin: None,
        base_url: Some(Cow::Borrowed(
            "https://platform.tt02.altinn.no/dialogporten",
        )),
    };

    /// Every service in production and in test.
    pub const ALL: &'static [Self] = &[
        Self::ID_PORTEN_PRODUCTION,
        Self::ID_PORTEN_TEST,
        Self::ANSATTPORTEN_PRODUCTION,
        Self::ANSATTPORTEN_TEST,
        Self::MASKINPORTEN_PRODUCTION,
        Self::MASKINPORTEN_TEST,
        Self::ALTINN_PRODUCTION,
        Self::ALTINN_TEST,
        Self::DIALOGPORTEN_PRODUCTION,
        Self::DIALOGPORTEN_TEST,
    ];

    /// A simulator of `service` on this machine, named by its issuer.
    ///
    /// The metadata are looked for where the real service has them.
    ///
    /// # Errors
    /// `misuse_local_issuer`: the issuer is not on a loopback host (`localhost`, `*.localhost`, 127.0.0.0/8,
    /// `[::1]`), or has a query or a fragment.
    pub fn local(service: Service, issuer: &str) -> Result<Self, Misuse> {
        let url = Url::parse(issuer).map_err(|_| Misuse::LocalIssuer)?;
        if !url.is_loopback() || issuer.contains(['?', '#']) {
            return Err(Misuse::LocalIssuer);
        }
        let prefix = issuer.strip_suffix('/').unwrap_or(issuer);
        let document = match service {
            Service::IdPorten | Service::Ansattporten | Service::Altinn => OPENID_CONFIGURATION,
            Service::Maskinporten | Service::Dialogporten => AUTHORIZATION_SERVER,
        };
        let base_url = match service {
            Service::Dialogporten => Some(
                issuer
                    .strip_suffix(DIALOGPORTEN_API)
                    .ok_or(Misuse::LocalIssuer)?
                    .to_string(),
            ),
            Service::Altinn => Some(url.origin().to_string()),
            Service::IdPorten | Service::Ansattporten | Service::Maskinporten => None,
        };
        Ok(Self {
            service,
            environment: Environment::Local,
            issuer: Cow::Owned(issuer.to_string()),
            metadata_url: Cow::Owned([prefix, document].concat()),
            login_origin: None,
            base_url: base_url.map(Cow::<'static, str>::Owned),
        })
    }

    /// A service in production or test; the local one has no fixed issuer and is made by [`Preset::local`].
    pub fn of(service: Service, environment: Environment) -> Option<&'static Self> {
        Self::ALL
            .iter()
            .find(|preset| preset.service == service && preset.environment == environment)
    }

    /// The preset with exactly this issuer.
    pub fn by_issuer(issuer: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|preset| preset.issuer == issuer)
    }

    /// A service by its issuer: one that there is, or on a loopback host a simulator.
    ///
    /// # Errors
    /// `misuse_issuer_of_other_service`: nobody has this issuer, or another service has.
    pub fn of_issuer(service: Service, issuer: &str) -> Result<Self, Misuse> {
        match Self::by_issuer(issuer) {
            Some(preset) if preset.service == service => Ok(preset.clone()),
            Some(_) => Err(Misuse::IssuerOfOtherService),
            None => Self::local(service, issuer).map_err(|_| Misuse::IssuerOfOtherService),
        }
    }

    /// Which service it is.
    pub fn service(&self) -> Service {
        self.service
    }

    /// Where it runs.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// The issuer, exactly as it stands in `iss` and in the metadata.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where the metadata are: an OpenID provider's for those that people sign in with and for Altinn, an
    /// authorization server's for the others.
    pub fn metadata_url(&self) -> &str {
        &self.metadata_url
    }

    /// The origin of the pages that the person sees. It is another host than the issuer's, and is needed in
    /// `form-action` and `frame-ancestors` of a content security policy. `None` for a service without such
    /// pages, and for a local one, whose metadata tell it.
    pub fn login_origin(&self) -> Option<&str> {
        self.login_origin
    }

    /// What the paths of the service's API are appended to, without a slash at the end: Altinn and
    /// Dialogporten have one.
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }
}

const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";

/// What stands between Dialogporten's base URL and its end-user API, and at the end of its issuer.
pub(crate) const DIALOGPORTEN_API: &str = "/api/v1";
