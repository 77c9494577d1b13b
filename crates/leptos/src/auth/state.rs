//! Whether somebody is signed in, and who.

use std::fmt;
use std::sync::Arc;

use portvakt_digdir::Service;
use portvakt_digdir::acr::AssuranceLevel;
use portvakt_digdir::login::{Check, Claims, Session};
use portvakt_digdir::rar::{RarRequest, Representation};
use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object};

use crate::Error;

/// How long a session may last after the person authenticated, in seconds: 120 minutes.
///
/// The session at ID-porten and Ansattporten ends then, and a local one must not outlive it.
/// Source: ID-porten, guide and single sign-on.
pub const MAX_SESSION_SECONDS: u64 = 120 * 60;

/// How long a session may go unused, in seconds: 30 minutes.
///
/// Source: ID-porten, guide, checklist for sessions.
pub const MAX_IDLE_SECONDS: u64 = 30 * 60;

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
    pub(super) fn signed_in(&self) -> Option<&SignedIn> {
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
}

impl SignedIn {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session: Arc::new(session),
        }
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

    /// When the session ends, used or not: [`MAX_SESSION_SECONDS`] after the person authenticated.
    #[must_use]
    pub fn ends_at(&self) -> UnixTime {
        let id_token = &self.session.login.id_token;
        id_token
            .auth_time()
            .unwrap_or(id_token.issued_at())
            .saturating_add(MAX_SESSION_SECONDS)
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
