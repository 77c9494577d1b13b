//! From a callback to a login: redeems the code, fetches the keys, judges the id_token.

mod token_response;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::json::Value;
use portvakt_jose::{Jwks, MAX_JWKS_BYTES, UnixTime};

use crate::callback::Callback;
use crate::check::Check;
use crate::config::{ClientConfig, JwksSource};
use crate::error::{CallbackError, Error, ProviderMisbehaved};
use crate::flow::{Flow, Step};
use crate::http::{HttpRequest, HttpResponse, TransportError, received};
use crate::id_token::{IdToken, IdTokenExpectation, may_be_other_keys, verify_id_token};
use crate::metadata::ProviderMetadata;
use crate::pending_login::PendingLogin;
use crate::return_path::ReturnPath;
use crate::secret::{AccessToken, AuthorizationCode, RefreshToken};
pub(crate) use token_response::refusal;
use token_response::{MAX_TOKEN_RESPONSE_BYTES, TokenResponse};

/// Completes a login: decides whether a callback is the answer to the pending login, redeems its
/// code, and judges the id_token.
///
/// The output is a [`Login`]. There is no other way to have one.
#[must_use = "a flow stands still until its step is taken"]
pub struct CompleteLogin {
    config: ClientConfig,
    pending: PendingLogin,
    checks: Vec<Check>,
    awaiting: Awaiting,
}

enum Awaiting {
    Tokens,
    Keys { tokens: TokenResponse },
}

/// A person who has signed in, and the tokens for them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Login {
    /// Who signed in, how and when; judged by OIDC Core §3.1.3.7.
    pub id_token: IdToken,
    /// What lets its bearer call APIs. Opaque to a client: RFC 6749 §1.4.
    pub access_token: AccessToken,
    /// What lets its bearer have new access tokens, if the provider issued one.
    pub refresh_token: Option<RefreshToken>,
    /// When the access token expires, if the provider said so.
    pub expires_at: Option<UnixTime>,
    /// The scopes that were granted, which may differ from those asked for. RFC 6749 §5.1.
    pub scope: Vec<String>,
    /// The `authorization_details` of the token response: what was granted. RFC 9396 §7.
    ///
    /// As received; a copy in the id_token is in [`IdToken::claims`].
    pub authorization_details: Option<Value>,
    /// The `authorization_details` as they were asked for, as the JSON text that was sent.
    pub requested_authorization_details: Option<String>,
    /// The provider, for userinfo and logout.
    pub metadata: ProviderMetadata,
    /// Where in the application the person wanted to go.
    pub return_to: Option<ReturnPath>,
    /// The verification steps that were taken, in their order.
    pub checks: Vec<Check>,
}

/// Shows no token and no claim.
impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Login")
            .field("issuer", self.metadata.issuer())
            .field("id_token", &self.id_token)
            .field("access_token", &self.access_token)
            .field("refresh_token", &self.refresh_token)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .field("authorization_details", &self.authorization_details)
            .field("return_to", &self.return_to)
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}

impl CompleteLogin {
    /// Starts the flow with what came to the redirect URI and what was stored for it.
    ///
    /// # Errors
    /// `misuse_*` for a configuration that cannot be; `callback_pending_of_other_client`,
    /// `callback_wrong_address`, `callback_state_mismatch`, `callback_pending_expired`,
    /// `callback_iss_missing`, `callback_iss_mismatch` in this order; and then `provider_*` if the
    /// provider said no.
    pub fn start(
        config: &ClientConfig,
        callback: Callback,
        pending: PendingLogin,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        config.check()?;
        let mut checks = Vec::new();
        let code = accept(config, callback, &pending, now, &mut checks)?;
        // RFC 6749 §4.1.3 and RFC 7636 §4.5, for a public client.
        let request = HttpRequest::post_form(
            pending.metadata.token_endpoint().clone(),
            [
                ("grant_type", "authorization_code"),
                ("client_id", &config.client_id),
                ("code", code.expose()),
                ("redirect_uri", config.redirect_uri.as_str()),
                ("code_verifier", pending.code_verifier.expose()),
            ],
            MAX_TOKEN_RESPONSE_BYTES,
        );
        let next = Self {
            config: config.clone(),
            pending,
            checks,
            awaiting: Awaiting::Tokens,
        };
        Ok(Step::Fetch { request, next })
    }

    fn take_tokens(
        mut self,
        response: Result<HttpResponse, TransportError>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        let tokens = TokenResponse::from_response(response, now)?;
        self.checks.push(Check::Pkce);
        self.checks.push(Check::TokenResponse);
        let uri = match &self.config.jwks {
            JwksSource::Discovered => self.pending.metadata.jwks_uri().clone(),
            JwksSource::Uri(uri) => uri.clone(),
            JwksSource::Keys(keys) => match self.judge(&tokens, keys, now) {
                // The keys may have been replaced since they were kept: once, the provider is
                // asked.
                Err(error) if may_be_other_keys(&error) => self.pending.metadata.jwks_uri().clone(),
                judged => {
                    let (id_token, checks) = judged?;
                    return Ok(Step::Done(self.finish(tokens, id_token, checks)));
                }
            },
        };
        let request = HttpRequest::get(uri, MAX_JWKS_BYTES);
        self.awaiting = Awaiting::Keys { tokens };
        Ok(Step::Fetch {
            request,
            next: self,
        })
    }

    fn judge(
        &self,
        tokens: &TokenResponse,
        keys: &Jwks,
        now: UnixTime,
    ) -> Result<(IdToken, Vec<Check>), Error> {
        let pending = &self.pending;
        // `max_age` is about the age at the moment of the request (OIDC Core §3.1.2.1): what the
        // person did at the provider since then, choosing an organisation for instance, does not
        // make the authentication too old. How long that may take is limited by the login's age.
        // With `prompt=login`, one before the request is not the one that was asked for.
        let max_age_seconds = if pending.must_reauthenticate {
            Some(0)
        } else {
            pending.max_age_seconds
        };
        let expected = IdTokenExpectation {
            acceptable_acr: &pending.acceptable_acr,
            authenticated_since: max_age_seconds
                .map(|seconds| pending.created_at.saturating_sub(seconds.into())),
            auth_time_is_optional: pending.max_age_seconds.is_none(),
            access_token: Some(&tokens.access_token),
            ..IdTokenExpectation::of(&self.config, pending.nonce.expose())
        };
        verify_id_token(&tokens.id_token, keys, &expected, now)
    }

    fn finish(self, tokens: TokenResponse, id_token: IdToken, checks: Vec<Check>) -> Login {
        let Self {
            pending,
            checks: mut all_checks,
            ..
        } = self;
        all_checks.extend(checks);
        Login {
            id_token,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: tokens.expires_at,
            // RFC 6749 §5.1: absent where it is what was asked for.
            scope: tokens.scope.unwrap_or(pending.scopes),
            authorization_details: tokens.authorization_details,
            requested_authorization_details: pending.authorization_details,
            metadata: pending.metadata,
            return_to: pending.return_to,
            checks: all_checks,
        }
    }
}

impl Flow for CompleteLogin {
    type Output = Login;
    type Error = Error;

    fn resume(
        mut self,
        response: Result<HttpResponse, TransportError>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        match core::mem::replace(&mut self.awaiting, Awaiting::Tokens) {
            Awaiting::Tokens => self.take_tokens(response, now),
            Awaiting::Keys { tokens } => {
                let keys = read_keys(response)?;
                let (id_token, checks) = self.judge(&tokens, &keys, now)?;
                Ok(Step::Done(self.finish(tokens, id_token, checks)))
            }
        }
    }
}

impl fmt::Debug for CompleteLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let awaiting = match self.awaiting {
            Awaiting::Tokens => "tokens",
            Awaiting::Keys { .. } => "keys",
        };
        formatter
            .debug_struct("CompleteLogin")
            .field("issuer", &self.config.issuer)
            .field("awaiting", &awaiting)
            .finish_non_exhaustive()
    }
}

/// Decides whether a callback is the answer to a pending login, and takes the code out of it.
fn accept(
    config: &ClientConfig,
    callback: Callback,
    pending: &PendingLogin,
    now: UnixTime,
    checks: &mut Vec<Check>,
) -> Result<AuthorizationCode, Error> {
    // The storage, or the application's configuration, may be of another login than the callback.
    if pending.metadata.issuer() != &config.issuer
        || pending.client_id != config.client_id
        || pending.redirect_uri != config.redirect_uri
    {
        return Err(CallbackError::PendingOfOtherClient.into());
    }
    pending.metadata.check_against(config)?;
    checks.push(Check::Client);

    if !callback.came_to(&config.redirect_uri) {
        return Err(CallbackError::WrongAddress.into());
    }
    checks.push(Check::RedirectUri);

    // In constant time: `State` compares so.
    if callback.state != pending.state {
        return Err(CallbackError::StateMismatch.into());
    }
    checks.push(Check::State);

    if pending.is_expired(now) {
        return Err(CallbackError::PendingExpired.into());
    }
    checks.push(Check::Age);

    // RFC 9207 §2.4: by simple string comparison, on success and on error, and before either is
    // believed.
    match &callback.iss {
        Some(iss) if config.issuer.is(iss) => checks.push(Check::ResponseIss),
        Some(_) => return Err(CallbackError::IssMismatch.into()),
        None if config.require_response_iss || pending.metadata.returns_iss() => {
            return Err(CallbackError::IssMissing.into());
        }
        None => {}
    }

    Ok(callback.outcome?)
}

fn read_keys(response: Result<HttpResponse, TransportError>) -> Result<Jwks, Error> {
    let response = received(response, MAX_JWKS_BYTES)?;
    if response.status != 200 {
        return Err(ProviderMisbehaved::JwksStatus.into());
    }
    if !response.may_be_json() {
        return Err(ProviderMisbehaved::JwksContentType.into());
    }
    Ok(Jwks::parse(&response.body)?)
}
