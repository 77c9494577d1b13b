use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_oidc::{Login, Prompt, SessionError};

use super::complete::{Judge, requested};
use super::{Check, Claims, Client, LoginRequest, StepUp};
use crate::acr::{Acr, AssuranceLevel};
use crate::rar::Representation;
use crate::{Environment, Error, Service};

/// A person who has signed in with ID-porten or Ansattporten.
///
/// It is made by [`CompleteLogin`](super::CompleteLogin), by [`Refresh`](super::Refresh), and by
/// [`from_json`](Self::from_json) of what one of these gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Session {
    /// Which of the two it was.
    pub service: Service,
    /// Where the service runs.
    pub environment: Environment,
    /// Who signed in, and how.
    pub claims: Claims,
    /// How surely it is that person; `None` for sign-ins that say nothing about that: work accounts and e-mail
    /// addresses.
    pub level: Option<AssuranceLevel>,
    /// On whose behalf the person acts; `None` if that was not asked.
    pub representation: Option<Representation>,
    /// The verification steps that were taken, in their order.
    pub checks: Vec<Check>,
    /// The tokens, the id_token with all its claims, and what logout and userinfo need.
    pub login: Box<Login>,
}

impl Session {
    /// When the person authenticated, by the device's clock: what the
    /// [limits](crate::session::Limits) of the session count from.
    pub fn authenticated_at(&self) -> UnixTime {
        self.login.authenticated_at()
    }

    /// Writes everything that a reload of the page needs. The text holds every secret of the
    /// session: see [`Login::to_json`].
    pub fn to_json(&self) -> String {
        self.login.to_json()
    }

    /// Reads what [`to_json`](Self::to_json) wrote, and judges it as a login is judged, but for the
    /// signature: see [`Login::from_json`].
    ///
    /// # Errors
    /// `session_of_other_client`, `session_unreadable`; `claims_*` and `representation_*` where the
    /// client is configured otherwise than before; `misuse_*` for a client that cannot be.
    pub fn from_json(client: &Client, text: &str) -> Result<Self, Error> {
        client.check()?;
        let login = Login::from_json(&client.oidc, text)?;
        let judge = Judge::of(
            client,
            login.acceptable_acr(),
            login.requested_authorization_details.as_deref(),
        )
        .map_err(|_| portvakt_oidc::Error::from(SessionError::Unreadable))?;
        judge.session(login)
    }

    /// What to ask for to have the same person choose again whom they act for: the same resources,
    /// and the level that there is.
    ///
    /// The service shows the choice and nothing else, as long as its own session lasts. The session
    /// that comes out is a new one and takes nothing over from this.
    ///
    /// # Errors
    /// `representation_request_unreadable`, which cannot be for what a login made.
    pub fn switch_request(&self) -> Result<LoginRequest, Error> {
        let on_behalf_of = self
            .login
            .requested_authorization_details
            .as_deref()
            .map(|text| requested(text, self.service))
            .transpose()?;
        Ok(LoginRequest {
            acr_values: Vec::from([self.claims.acr]),
            on_behalf_of,
            ..LoginRequest::default()
        })
    }

    /// What to ask for to have the same person authenticate as an API wants it.
    ///
    /// Whoever comes back must be that person (`token_sub_changed`), at one of the levels or a
    /// higher one (`token_acr_not_acceptable`). Where the person acts for somebody, they are asked
    /// for whom again. This session stays good until then.
    ///
    /// # Errors
    /// `misuse_acr_of_other_service`; `representation_request_unreadable`.
    pub fn step_up_request(&self, step_up: &StepUp) -> Result<LoginRequest, Error> {
        let mut request = self.switch_request()?;
        if !step_up.acr_values.is_empty() {
            crate::acr::acceptable(self.service, &step_up.acr_values)?;
            request.acr_values.clone_from(&step_up.acr_values);
        }
        request.max_age_seconds = step_up.max_age_seconds;
        if step_up.max_age_seconds == Some(0) {
            request.prompt.push(Prompt::Login);
        }
        request.subject = Some(self.login.id_token.subject());
        Ok(request)
    }

    /// Whether the person was authenticated in a way that satisfies one of these.
    pub fn satisfies(&self, acr_values: &[Acr]) -> bool {
        acr_values.is_empty() || acr_values.iter().any(|acr| self.claims.acr.satisfies(*acr))
    }
}
