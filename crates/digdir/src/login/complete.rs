use alloc::vec::Vec;

use portvakt_jose::{UnixTime, json};
use portvakt_oidc::{
    Answer, Callback, CallbackError, Flow, Login, MAX_PENDING_BYTES, PendingLogin, Step,
};

use super::{Check, Claims, ClaimsError, Client};
use crate::acr::{Acr, AssuranceLevel};
use crate::rar::{self, RarRequest, Representation, RepresentationError};
use crate::{Environment, Error, Service};

/// Completes a login at ID-porten or Ansattporten: does what [`portvakt_oidc::CompleteLogin`] does, and then judges
/// what is particular to the two services.
///
/// The output is a [`Session`]. There is no other way to have one.
#[derive(Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct CompleteLogin {
    login: portvakt_oidc::CompleteLogin,
    judge: Judge,
}

/// A person who has signed in with ID-porten or Ansattporten.
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
    pub login: Login,
}

impl CompleteLogin {
    /// Starts the flow with what came to the redirect URI and what was stored for it.
    ///
    /// # Errors
    /// `misuse_issuer_of_other_service`; `callback_pending_unreadable` and `representation_request_unreadable` if what
    /// was stored is not what [`BeginLogin`](super::BeginLogin) makes; and those of
    /// [`portvakt_oidc::CompleteLogin::start`].
    pub fn start(
        client: &Client,
        callback: Callback,
        pending: PendingLogin,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        client.check()?;
        let judge = Judge::of(client, &pending)?;
        let step = portvakt_oidc::CompleteLogin::start(&client.oidc, callback, pending, now)?;
        judge.after(step)
    }
}

impl Flow for CompleteLogin {
    type Output = Session;
    type Error = Error;

    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        self.judge.after(self.login.resume(answer, now)?)
    }
}

/// What a login is compared with when it is complete.
#[derive(Debug)]
struct Judge {
    service: Service,
    environment: Environment,
    acceptable: Vec<Acr>,
    on_behalf_of: Option<RarRequest>,
}

impl Judge {
    /// Reads what was asked for out of what was stored, before anything is sent.
    fn of(client: &Client, pending: &PendingLogin) -> Result<Self, Error> {
        let service = client.service();
        let acr = |text: &alloc::string::String| {
            Acr::parse(text).ok().filter(|acr| acr.service() == service)
        };
        // A login of this crate always has some; without any, the level would not be looked at.
        let acceptable = pending
            .acceptable_acr()
            .iter()
            .map(acr)
            .collect::<Option<Vec<_>>>()
            .filter(|acceptable| !acceptable.is_empty())
            .ok_or(portvakt_oidc::Error::from(CallbackError::PendingUnreadable))?;
        let on_behalf_of = pending
            .authorization_details()
            .map(|text| {
                let value = json::parse(text.as_bytes(), MAX_PENDING_BYTES).ok()?;
                RarRequest::from_json(&value)
                    .ok()
                    .filter(|request| request.rar_type().service() == service)
            })
            .map(|request| request.ok_or(RepresentationError::RequestUnreadable))
            .transpose()?;
        Ok(Self {
            service,
            environment: client.environment(),
            acceptable,
            on_behalf_of,
        })
    }

    fn after(self, step: Step<portvakt_oidc::CompleteLogin>) -> Result<Step<CompleteLogin>, Error> {
        match step {
            Step::Fetch { request, next } => {
                let next = CompleteLogin {
                    login: next,
                    judge: self,
                };
                Ok(Step::Fetch { request, next })
            }
            Step::Verify { question, next } => {
                let next = CompleteLogin {
                    login: next,
                    judge: self,
                };
                Ok(Step::Verify { question, next })
            }
            Step::Done(login) => self.session(login).map(Step::Done),
        }
    }

    fn session(self, login: Login) -> Result<Session, Error> {
        let mut checks: Vec<Check> = login.checks.iter().copied().map(Check::Oidc).collect();

        let claims = Claims::read(&login.id_token, &self.acceptable)?;
        checks.push(Check::AssuranceLevel);

        if let Some(pid) = &claims.pid {
            checks.push(Check::PidCheckDigits);
            if self.environment.is_synthetic() {
                // A real number in a test system is an accident that must not spread further.
                if !pid.is_synthetic() {
                    return Err(ClaimsError::PidNotSynthetic.into());
                }
                checks.push(Check::PidSynthetic);
            }
        }

        let first_copy = login.authorization_details.as_ref();
        let second_copy = login.id_token.claims().get("authorization_details");
        let representation =
            rar::check_copies(self.on_behalf_of.as_ref(), first_copy, second_copy)?;
        if representation.is_some() {
            checks.push(Check::Representation);
            if first_copy.is_some() && second_copy.is_some() {
                checks.push(Check::RepresentationCopies);
            }
        }
        if let Some(Representation::Citizen(mandates)) = &representation {
            let is_own =
                |mandate: &rar::Mandate| Some(mandate.representative()) == claims.pid.as_ref();
            if !mandates.iter().all(is_own) {
                return Err(RepresentationError::WrongMandate.into());
            }
            checks.push(Check::MandateOfPerson);
        }

        Ok(Session {
            service: self.service,
            environment: self.environment,
            level: claims.acr.level(),
            claims,
            representation,
            checks,
            login,
        })
    }
}
