use alloc::boxed::Box;
use core::fmt;

use portvakt_jose::UnixTime;
use portvakt_oidc::{Answer, DpopProofs, Flow, IdToken, Renewal, Step};

use super::complete::requested;
use super::{ClaimsError, Client, Session};
use crate::acr::Acr;
use crate::rar::{self, Representation, RepresentationError};
use crate::{Error, identifiers::Pid};

/// Renews a session: does what [`portvakt_oidc::Refresh`] does, and then compares what is
/// particular to the two services. The output is the session with new tokens.
///
/// The person, their level, and whom they act for are what they were, or the renewal fails. The
/// session that it starts from stays as it is, whatever happens.
///
/// Maintain that there is but one at a time, over all tabs; keep what comes out before it is used;
/// and after an error that [is transient](Error::is_transient) go on with the session that there
/// is. After any other the session cannot be renewed any more.
#[must_use = "a flow stands still until its step is taken"]
pub struct Refresh {
    refresh: portvakt_oidc::Refresh,
    session: Box<Session>,
}

impl Refresh {
    /// Starts the flow. A session whose tokens are [bound](portvakt_oidc::Login::dpop) needs proofs by the same
    /// key; others ignore them.
    ///
    /// # Errors
    /// Those of [`portvakt_oidc::Refresh::start`].
    pub fn start(
        client: &Client,
        session: &Session,
        proofs: Option<DpopProofs>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        client.check()?;
        let step = portvakt_oidc::Refresh::start(&client.oidc, &session.login, proofs, now)?;
        after(Box::new(session.clone()), step)
    }
}

impl Flow for Refresh {
    type Output = Session;
    type Error = Error;

    /// # Errors
    /// `session_renewal_refused`; `token_*`, `claims_*`, `representation_*` for an id_token that is not about the same
    /// person, sign-in and representation; those of [`portvakt_oidc::Refresh`].
    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        after(self.session, self.refresh.resume(answer, now)?)
    }
}

impl fmt::Debug for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refresh")
            .field("refresh", &self.refresh)
            .finish_non_exhaustive()
    }
}

fn after(
    session: Box<Session>,
    step: Step<portvakt_oidc::Refresh>,
) -> Result<Step<Refresh>, Error> {
    Ok(match step {
        Step::Fetch { request, next } => Step::Fetch {
            request,
            next: Refresh {
                refresh: next,
                session,
            },
        },
        Step::Verify { question, next } => Step::Verify {
            question,
            next: Refresh {
                refresh: next,
                session,
            },
        },
        Step::Done(renewal) => Step::Done(renewed(*session, renewal)?),
    })
}

fn renewed(session: Session, renewal: Renewal) -> Result<Session, Error> {
    let Renewal {
        login, id_token, ..
    } = renewal;
    if let Some(id_token) = &id_token {
        check_person(&session, id_token)?;
    }
    let second_copy = id_token
        .as_ref()
        .unwrap_or(&session.login.id_token)
        .claims()
        .get("authorization_details");
    let first_copy = login.authorization_details.as_ref();
    let representation = representation(&session, first_copy, second_copy)?;
    Ok(Session {
        login,
        representation,
        ..session
    })
}

/// What the new id_token says about the person is what the session says, and no lower level.
fn check_person(session: &Session, id_token: &IdToken) -> Result<(), ClaimsError> {
    let claims = id_token.claims();
    if let Some(pid) = claims.get("pid").filter(|pid| !pid.is_null()) {
        let pid = pid.as_str().and_then(|pid| Pid::parse(pid).ok());
        if pid.is_none() || pid != session.claims.pid {
            return Err(ClaimsError::OtherPerson);
        }
    }
    if let Some(acr) = id_token.acr() {
        let acr = Acr::parse(acr).map_err(|_| ClaimsError::Acr)?;
        if !acr.satisfies(session.claims.acr) {
            return Err(ClaimsError::AcrLowered);
        }
    }
    Ok(())
}

/// Whom the person acts for is not stated again, or is stated as it was. What it is called may have changed; the
/// session says it as a reload will read it, from the copy of the token response if there is one.
fn representation(
    session: &Session,
    first_copy: Option<&portvakt_jose::json::Value>,
    second_copy: Option<&portvakt_jose::json::Value>,
) -> Result<Option<Representation>, RepresentationError> {
    let request = session
        .login
        .requested_authorization_details
        .as_deref()
        .map(|text| requested(text, session.service))
        .transpose()?;
    if request.is_some() && first_copy.is_none() && second_copy.is_none() {
        return Ok(session.representation.clone());
    }
    let representation = rar::check_copies(request.as_ref(), first_copy, second_copy)?;
    let is_same = match (&session.representation, &representation) {
        (None, None) => true,
        (Some(before), Some(after)) => rar::grants_the_same(before, after),
        _ => false,
    };
    match (is_same, first_copy) {
        (false, _) => Err(RepresentationError::Changed),
        (true, Some(_)) => Ok(representation),
        (true, None) => Ok(session.representation.clone()),
    }
}
