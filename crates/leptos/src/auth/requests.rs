//! Requests on the person's behalf: with a token that is good, to origins that may have it, and answered to the
//! session that they were begun under.

use leptos::prelude::*;
use portvakt_oidc::http::{HttpRequest, HttpResponse};
use portvakt_oidc::{AccessToken, FetchUserinfo, Flow, Step, Url, Userinfo};

use super::Auth;
use crate::browser;
use crate::{BrowserError, Error};

impl Auth {
    /// The access token, for a request to an API that is not made by [`authorised`](Self::authorised) or
    /// [`authorised_fetch`](Self::authorised_fetch). Whoever calls this answers for where it goes, and for what
    /// becomes of an answer that arrives when somebody else is signed in. It is renewed first where that is due.
    ///
    /// # Errors
    /// `browser_signed_out`, and those of [`renew`](Self::renew).
    pub async fn access_token(self) -> Result<AccessToken, Error> {
        let signed_in = self.with_fresh_token().await?;
        Ok(signed_in.session().login.access_token.clone())
    }

    /// Drives a flow that is started with the access token, such as a search in Dialogporten. Every request of
    /// it goes to one of [`AuthConfig::token_origins`](super::AuthConfig::token_origins).
    ///
    /// # Errors
    /// Those of [`access_token`](Self::access_token) and of the flow, `browser_origin_not_allowed`,
    /// `browser_crypto_unavailable`, and `session_changed` when another session has begun before the answer arrived: it belongs to nobody who is
    /// signed in.
    pub async fn authorised<F>(
        self,
        start: impl FnOnce(&AccessToken) -> Result<Step<F>, F::Error>,
    ) -> Result<F::Output, Error>
    where
        F: Flow,
        Error: From<F::Error>,
    {
        let signed_in = self.with_fresh_token().await?;
        let mut step = start(&signed_in.session().login.access_token)?;
        loop {
            step = match step {
                Step::Done(output) => return Ok(output),
                Step::Fetch { request, next } => {
                    self.ensure_allowed(&request.url)?;
                    let response = browser::fetch(&request).await;
                    self.current(&signed_in)?;
                    next.resume(response.into(), browser::now())?
                }
                Step::Verify { question, next } => {
                    let answer = browser::answered(&question).await?;
                    next.resume(answer.into(), browser::now())?
                }
            };
        }
    }

    /// Sends a request to an API of the application's own with the access token: as bearer token (RFC 6750 §2.1),
    /// or bound to the key of the session (RFC 9449 §7) where the provider has bound it.
    ///
    /// # Errors
    /// Those of [`access_token`](Self::access_token), `browser_origin_not_allowed`, `session_changed`, and
    /// `transport_*`.
    pub async fn authorised_fetch(self, request: HttpRequest) -> Result<HttpResponse, Error> {
        self.ensure_allowed(&request.url)?;
        let signed_in = self.with_fresh_token().await?;
        let login = &signed_in.session().login;
        let request = request.with_header("authorization", login.authorization());
        let response = match (&login.dpop, self.proof_key()) {
            (Some(_), Some(key)) => {
                let now = login.by_provider(browser::now());
                browser::fetch_with_proof(request, &login.access_token, &key, now).await?
            }
            _ => browser::fetch(&request).await,
        };
        self.current(&signed_in)?;
        Ok(response.map_err(portvakt_oidc::Error::Transport)?)
    }

    /// Asks the provider for more about the person than the id_token says, such as the name.
    ///
    /// # Errors
    /// Those of [`access_token`](Self::access_token), and of [`FetchUserinfo`]:
    /// `misuse_no_userinfo_endpoint`, `misbehaved_userinfo_*`, `provider_*`, `transport_*`; `session_changed`.
    pub async fn userinfo(self) -> Result<Userinfo, Error> {
        let signed_in = self.with_fresh_token().await?;
        let proof_key = self.proof_key();
        let proofs = browser::proofs(proof_key.as_ref())?;
        // The token goes to its own issuer, whatever origins the application has listed.
        let step = FetchUserinfo::start(&signed_in.session().login, proofs, browser::now())?;
        let userinfo = browser::run(step, proof_key.as_ref()).await?;
        self.current(&signed_in)?;
        Ok(userinfo)
    }

    fn ensure_allowed(self, url: &Url) -> Result<(), BrowserError> {
        let is_allowed = self.config.with_value(|config| {
            config
                .token_origins
                .iter()
                .any(|origin| origin == url.origin())
        });
        if is_allowed {
            Ok(())
        } else {
            Err(BrowserError::OriginNotAllowed)
        }
    }
}
