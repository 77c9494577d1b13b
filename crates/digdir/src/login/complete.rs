use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Value};
use portvakt_oidc::{
    Answer, Callback, CallbackError, DpopProofs, Flow, IdToken, Login, MAX_PENDING_BYTES,
    PendingLogin, Step,
};

use super::{Check, Claims, ClaimsError, Client, Session};
use crate::acr::Acr;
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
    judge: Box<Judge>,
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
        proofs: Option<DpopProofs>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        client.check()?;
        let judge = Judge::of(
            client,
            pending.acceptable_acr(),
            pending.authorization_details(),
        )?;
        let step =
            portvakt_oidc::CompleteLogin::start(&client.oidc, callback, pending, proofs, now)?;
        Box::new(judge).after(step)
    }
}

impl Flow for CompleteLogin {
    type Output = Session;
    type Error = Error;

    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        self.judge.after(self.login.resume(answer, now)?)
    }
}

/// What a sign-in is compared with when it is complete, or when what was kept of it is read again.
#[derive(Debug)]
pub(crate) struct Judge {
    service: Service,
    environment: Environment,
    acceptable: Vec<Acr>,
    on_behalf_of: Option<RarRequest>,
}

impl Judge {
    /// Reads what was asked for out of what was stored, before anything is sent.
    pub(super) fn of(
        client: &Client,
        acceptable_acr: &[String],
        authorization_details: Option<&str>,
    ) -> Result<Self, Error> {
        let service = client.service();
        let acr = |text: &String| Acr::parse(text).ok().filter(|acr| acr.service() == service);
        // A login of this crate always has some; without any, the level would not be looked at.
        let acceptable = acceptable_acr
            .iter()
            .map(acr)
            .collect::<Option<Vec<_>>>()
            .filter(|acceptable| !acceptable.is_empty())
            .ok_or(portvakt_oidc::Error::from(CallbackError::PendingUnreadable))?;
        let on_behalf_of = authorization_details
            .map(|text| requested(text, service))
            .transpose()?;
        Ok(Self {
            service,
            environment: client.environment(),
            acceptable,
            on_behalf_of,
        })
    }

    /// For a judgement whose terms the caller states.
    pub(crate) fn new(
        service: Service,
        environment: Environment,
        acceptable: Vec<Acr>,
        on_behalf_of: Option<RarRequest>,
    ) -> Self {
        Self {
            service,
            environment,
            acceptable,
            on_behalf_of,
        }
    }

    fn after(
        self: Box<Self>,
        step: Step<portvakt_oidc::CompleteLogin>,
    ) -> Result<Step<CompleteLogin>, Error> {
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

    pub(super) fn session(&self, login: Box<Login>) -> Result<Session, Error> {
        let mut checks: Vec<Check> = login.checks.iter().copied().map(Check::Oidc).collect();
        let judged = self.judge(
            &login.id_token,
            login.authorization_details.as_ref(),
            &mut checks,
        )?;
        Ok(Session {
            service: self.service,
            environment: self.environment,
            level: judged.claims.acr.level(),
            claims: judged.claims,
            representation: judged.representation,
            checks,
            login,
        })
    }

    /// Judges what is particular to the two services in an id_token that is genuine.
    ///
    /// `first_copy` is that of the token response, where there is one.
    pub(crate) fn judge(
        &self,
        id_token: &IdToken,
        first_copy: Option<&Value>,
        checks: &mut Vec<Check>,
    ) -> Result<Judged, Error> {
        let claims = Claims::read(id_token, &self.acceptable)?;
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

        let second_copy = id_token.claims().get("authorization_details");
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
        Ok(Judged {
            claims,
            representation,
        })
    }
}

/// What an id_token of one of the two services was found to say.
pub(crate) struct Judged {
    pub(crate) claims: Claims,
    pub(crate) representation: Option<Representation>,
}

/// The request for representation, read again from the text that was sent.
pub(super) fn requested(text: &str, service: Service) -> Result<RarRequest, RepresentationError> {
    json::parse(text.as_bytes(), MAX_PENDING_BYTES)
        .ok()
        .and_then(|value| RarRequest::from_json(&value).ok())
        .filter(|request| request.rar_type().service() == service)
        .ok_or(RepresentationError::RequestUnreadable)
}
