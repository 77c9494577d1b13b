use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_oidc::{
    Answer, Entropy, Flow, Prompt, ProviderMetadata, Redirect, ReturnPath, Step, Subject,
};

use super::Client;
use super::test_login::TEST_LOGIN_PREFIX;
use crate::acr::{self, Acr};
use crate::rar::{RarRequest, RarType};
use crate::{Environment, Error, Misuse, Service};

/// One login: what to ask ID-porten or Ansattporten for.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct LoginRequest {
    /// The sign-ins to ask for; each stands for itself and for higher levels of its kind. Default: none, so that
    /// the service chooses and any level of its own ladder will do. See [`acr`](crate::acr).
    pub acr_values: Vec<Acr>,
    /// On whose behalf the person is to act. Default: nobody's, and then no choice is shown.
    pub on_behalf_of: Option<RarRequest>,
    /// What the service is to ask the person. Default: what it finds necessary.
    ///
    /// To choose another organisation the person need not authenticate anew: the choice is shown for every
    /// request that has [`on_behalf_of`](Self::on_behalf_of).
    pub prompt: Vec<Prompt>,
    /// How long ago the person may have authenticated, in seconds. Default: no limit.
    pub max_age_seconds: Option<u32>,
    /// The languages of the service's pages, of `nb`, `nn`, `en` and `se`, the preferred one first. Default: Bokmål.
    pub ui_locales: Vec<String>,
    /// For headless sign-in in test environments: see [`test_login_hint`](super::test_login_hint). Default: none.
    pub login_hint: Option<String>,
    /// The one person who may sign in: see [`portvakt_oidc::LoginRequest::subject`] and
    /// [`Session::step_up_request`](super::Session::step_up_request). Default: anybody.
    pub subject: Option<Subject>,
    /// The APIs that the access token is for, as absolute URIs. Default: none, and then the token has no `aud`.
    pub resource: Vec<String>,
    /// Where in the application the person continues afterwards. Never sent to the service.
    pub return_to: Option<ReturnPath>,
}

/// Begins a login at ID-porten or Ansattporten: fetches the metadata unless they are given, and makes the
/// authorization request. See [`portvakt_oidc::BeginLogin`].
#[must_use = "a flow stands still until its step is taken"]
pub struct BeginLogin(portvakt_oidc::BeginLogin);

impl LoginRequest {
    /// A login on behalf of somebody, and otherwise the default.
    pub fn on_behalf_of(representation: RarRequest) -> Self {
        Self {
            on_behalf_of: Some(representation),
            ..Self::default()
        }
    }

    /// Checks that the service has what is asked for, and says it in the terms of OpenID Connect.
    fn to_oidc(&self, client: &Client) -> Result<portvakt_oidc::LoginRequest, Misuse> {
        let service = client.service();
        let acceptable = acr::acceptable(service, &self.acr_values)?;
        if let Some(representation) = &self.on_behalf_of {
            self.check_representation(representation, service, &acceptable)?;
        }
        let is_test_login = self
            .login_hint
            .as_deref()
            .is_some_and(|hint| hint.starts_with(TEST_LOGIN_PREFIX));
        if is_test_login && client.environment() == Environment::Production {
            return Err(Misuse::TestLoginInProduction);
        }

        let texts = |values: &[Acr]| values.iter().map(|acr| acr.as_str().into()).collect();
        let mut request = portvakt_oidc::LoginRequest::default();
        request.acr_values = texts(&self.acr_values);
        request.acceptable_acr = texts(&acceptable);
        request.prompt = self.prompt.clone();
        request.max_age_seconds = self.max_age_seconds;
        request.ui_locales = self.ui_locales.clone();
        request.login_hint = self.login_hint.clone();
        request.authorization_details = self
            .on_behalf_of
            .as_ref()
            .map(RarRequest::to_json)
            .transpose()?;
        request.subject = self.subject.clone();
        request.resource = self.resource.clone();
        request.return_to = self.return_to.clone();
        Ok(request)
    }

    fn check_representation(
        &self,
        representation: &RarRequest,
        service: Service,
        acceptable: &[Acr],
    ) -> Result<(), Misuse> {
        let rar_type = representation.rar_type();
        if rar_type.service() != service {
            return Err(Misuse::RarOfOtherService);
        }
        // Ansattporten looks in one place only, which follows from how the person signed in.
        let can_be_answered = match rar_type {
            RarType::Orgno => acceptable.contains(&Acr::Entraid),
            RarType::AltinnResource | RarType::AltinnService | RarType::Fullmakt => {
                acceptable.iter().any(|acr| acr.level().is_some())
            }
        };
        if can_be_answered {
            Ok(())
        } else {
            Err(Misuse::RarNeedsOtherAcr)
        }
    }
}

/// Shows whether there is a `login_hint` and not which: a headless one holds a person number.
impl fmt::Debug for LoginRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginRequest")
            .field("acr_values", &self.acr_values)
            .field("on_behalf_of", &self.on_behalf_of)
            .field("prompt", &self.prompt)
            .field("max_age_seconds", &self.max_age_seconds)
            .field("ui_locales", &self.ui_locales)
            .field("login_hint", &self.login_hint.is_some())
            .field("subject", &self.subject)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

impl BeginLogin {
    /// Starts the flow. With `metadata` that are [fresh](ProviderMetadata::is_fresh), it ends here.
    ///
    /// # Errors
    /// `misuse_acr_of_other_service`, `misuse_rar_of_other_service`, `misuse_rar_needs_other_acr`, the `misuse_rar_*`
    /// of [`RarRequest::to_json`], `misuse_test_login_in_production`, `misuse_issuer_of_other_service`, and those of
    /// [`portvakt_oidc::BeginLogin::start`]. Nothing has been sent then.
    pub fn start(
        client: &Client,
        request: LoginRequest,
        metadata: Option<ProviderMetadata>,
        entropy: Entropy,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        client.check()?;
        let request = request.to_oidc(client)?;
        portvakt_oidc::BeginLogin::start(&client.oidc, request, metadata, entropy, now)?
            .map(Self, Ok)
    }
}

/// Shows nothing: the request may hold a person number, as the hint of a headless login.
impl fmt::Debug for BeginLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BeginLogin(..)")
    }
}

impl Flow for BeginLogin {
    type Output = Redirect;
    type Error = Error;

    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        self.0.resume(answer, now)?.map(Self, Ok)
    }
}
