//! Whether somebody is signed in, and who.

use std::fmt;
use std::sync::Arc;

use portvakt_digdir::Service;
use portvakt_digdir::acr::AssuranceLevel;
use portvakt_digdir::login::{Check, Claims, LoginRequest, Session, StepUp};
use portvakt_digdir::rar::{RarRequest, Representation};
use portvakt_digdir::session::SessionError;
use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object};

use crate::Error;
use crate::browser::Version;

/// When the session ends if nothing happens, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SessionEnd {
    /// The moment, by the device's clock.
    pub at: UnixTime,
    /// `session_idle`, which [`Auth::continue_session`](crate::Auth::continue_session) puts off, or `session_over`,
    /// which nothing but a new sign-in does.
    pub cause: SessionError,
    /// Whether it is time to warn.
    pub is_near: bool,
}

/// Where the session is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Persistence {
    /// Sealed in the browser's database: a reload and the other tabs find it.
    Sealed,
    /// In the memory of this page alone, by the application's choice or because the browser allows no more.
    Memory,
}

/// Whether somebody is signed in.
#[derive(Clone, Debug)]
pub enum AuthState {
    /// Not known yet: an answer from the provider is being checked.
    Loading,
    /// Nobody is.
    SignedOut {
        /// Why the last sign-in failed, or the session was ended; `None` at first and after signing out.
        error: Option<Error>,
    },
    /// Somebody is.
    SignedIn(SignedIn),
}

impl AuthState {
    /// Who is signed in, if somebody is.
    #[must_use]
    pub fn signed_in(&self) -> Option<&SignedIn> {
        match self {
            Self::SignedIn(signed_in) => Some(signed_in),
            Self::Loading | Self::SignedOut { .. } => None,
        }
    }
}

/// A person who is signed in. Cheap to clone.
///
/// It shows everything about the session but its tokens: those are at [`Auth::access_token`](crate::Auth::access_token).
#[derive(Clone)]
pub struct SignedIn {
    session: Arc<Session>,
    version: Arc<Version>,
}

impl SignedIn {
    pub(super) fn new(session: Session, version: Version) -> Self {
        Self {
            session: Arc::new(session),
            version: Arc::new(version),
        }
    }

    /// The same sign-in with the tokens of a renewal.
    pub(super) fn renewed(&self, session: Session) -> Self {
        let version = Version {
            id: self.version.id.clone(),
            epoch: self.version.epoch + 1,
        };
        Self::new(session, version)
    }

    pub(super) fn version(&self) -> &Version {
        &self.version
    }

    /// What tells this sign-in from every other; a renewal does not change it. It is no secret, and nobody's name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.version.id
    }

    /// Whether the provider gave a refresh token, so that [`Auth::renew`](crate::Auth::renew) can do without the
    /// person.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.session.login.refresh_token.is_some()
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// The service that the person signed in with.
    #[must_use]
    pub fn service(&self) -> Service {
        self.session.service
    }

    /// What the id_token says of the person and the sign-in.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.session.claims
    }

    /// Every claim of the id_token, as signed.
    #[must_use]
    pub fn raw_claims(&self) -> &Object {
        self.session.login.id_token.claims()
    }

    /// How surely it is that person; `None` for work accounts and e-mail addresses.
    #[must_use]
    pub fn level(&self) -> Option<AssuranceLevel> {
        self.session.level
    }

    /// Whom the person acts for; `None` if that was not asked.
    #[must_use]
    pub fn representation(&self) -> Option<&Representation> {
        self.session.representation.as_ref()
    }

    /// The verification steps that were taken, in their order.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.session.checks
    }

    /// The request for representation that this session is the answer to, for asking again.
    #[must_use]
    pub fn requested(&self) -> Option<RarRequest> {
        let text = self
            .session
            .login
            .requested_authorization_details
            .as_deref()?;
        let value = json::parse(text.as_bytes(), portvakt_oidc::MAX_PENDING_BYTES).ok()?;
        RarRequest::from_json(&value).ok()
    }

    /// What to ask for, with [`Auth::login`](crate::Auth::login), so that the person chooses again whom they act for.
    /// The provider shows the choice and nothing else as long as its own session lasts.
    ///
    /// # Errors
    /// Those of [`Session::switch_request`].
    pub fn switch_request(&self) -> Result<LoginRequest, Error> {
        Ok(self.session.switch_request()?)
    }

    /// What to ask for so that the same person comes back at a higher level, acting for the same.
    ///
    /// # Errors
    /// Those of [`Session::step_up_request`].
    pub fn step_up_request(&self, step_up: &StepUp) -> Result<LoginRequest, Error> {
        Ok(self.session.step_up_request(step_up)?)
    }

    /// When the id_token expires. The session goes on: the id_token was checked on arrival.
    #[must_use]
    pub fn id_token_expires_at(&self) -> UnixTime {
        self.session.login.id_token.expires_at()
    }

    /// When the access token expires, if the provider said so. A new one takes another sign-in, which the
    /// provider's session makes a matter of a moment.
    #[must_use]
    pub fn access_token_expires_at(&self) -> Option<UnixTime> {
        self.session.login.expires_at
    }
}

/// Shows the service alone.
impl fmt::Debug for SignedIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignedIn")
            .field("service", &self.service())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
