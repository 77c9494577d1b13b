//! New tokens for a session: once for all tabs, and never over what has happened meanwhile.

use leptos::prelude::*;
use portvakt_digdir::login::Refresh;
use portvakt_digdir::session::SessionError;
use portvakt_jose::UnixTime;

use super::Auth;
use super::state::SignedIn;
use crate::browser::{self, Lock};
use crate::{BrowserError, Error};

/// How long before its end an access token is renewed, in seconds: it must still be good when it arrives.
const MARGIN_SECONDS: u64 = 15;

impl Auth {
    /// Renews the tokens now, with the refresh token.
    ///
    /// Tabs that do this at once use one refresh token: whoever comes second finds the new tokens. A service that
    /// cannot be reached leaves the session as it is; one that refuses has ended it, in all tabs.
    ///
    /// # Errors
    /// `browser_signed_out`; `session_not_renewable` without a refresh token, and then a new
    /// [`login`](Self::login) is the way; `session_renewal_refused`, `session_changed`; `transport_*` and those of
    /// [`Refresh`].
    pub async fn renew(self) -> Result<(), Error> {
        let signed_in = self.signed_in_untracked().ok_or(BrowserError::SignedOut)?;
        self.renewed(signed_in).await.map(drop)
    }

    /// The session with an access token that is good for some seconds at least.
    pub(super) async fn with_fresh_token(self) -> Result<SignedIn, Error> {
        let now = browser::now();
        self.tick(now);
        let signed_in = self.signed_in_untracked().ok_or(BrowserError::SignedOut)?;
        if !is_due(&signed_in, now) {
            return Ok(signed_in);
        }
        match self.renewed(signed_in.clone()).await {
            // Not renewed, and not over either: what there is may do for some seconds.
            Err(error) if is_expired(&signed_in, browser::now()) => Err(error),
            Err(_) => self
                .signed_in_untracked()
                .ok_or(BrowserError::SignedOut.into()),
            renewed => renewed,
        }
    }

    async fn renewed(self, read: SignedIn) -> Result<SignedIn, Error> {
        let client = self
            .config
            .with_value(|config| config.client(read.service()).cloned())?;
        let lock = format!(
            "portvakt.{} {}",
            client.oidc.issuer.as_str(),
            client.oidc.client_id
        );
        let _lock = Lock::acquire(&lock).await;
        // Another tab may have been here first.
        self.read_again(None).await;
        let current = self.current(&read)?;
        if current.version().epoch > read.version().epoch {
            return Ok(current);
        }
        let proof_key = self.proof_key();
        let proofs = browser::proofs(proof_key.as_ref())?;
        let step = Refresh::start(&client, current.session(), proofs, browser::now())?;
        match browser::run(step, proof_key.as_ref()).await {
            Ok(session) => {
                let renewed = current.renewed(session);
                if !self.replace(current.version(), renewed.clone()).await {
                    self.read_again(None).await;
                    return Err(SessionError::Changed.into());
                }
                Ok(renewed)
            }
            Err(error) => {
                // Without a refresh token nothing has happened, and the session goes on as it is.
                let is_over = error.is_final() && current.is_renewable();
                if is_over && self.current(&current).is_ok() {
                    self.end(error.clone());
                }
                Err(error)
            }
        }
    }

    /// The session as it is now, if it still is the same one.
    pub(super) fn current(self, begun: &SignedIn) -> Result<SignedIn, Error> {
        match self.signed_in_untracked() {
            Some(current) if current.version().id == begun.version().id => Ok(current),
            Some(_) => Err(SessionError::Changed.into()),
            None => Err(BrowserError::SignedOut.into()),
        }
    }
}

/// Whether it is time to renew.
fn is_due(signed_in: &SignedIn, now: UnixTime) -> bool {
    is_expired(signed_in, now.saturating_add(MARGIN_SECONDS))
}

fn is_expired(signed_in: &SignedIn, now: UnixTime) -> bool {
    signed_in
        .access_token_expires_at()
        .is_some_and(|expires_at| now >= expires_at)
}
