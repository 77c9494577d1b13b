//! From a callback to a login: redeems the code, and judges the id_token.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::UnixTime;

use crate::callback::Callback;
use crate::check::Check;
use crate::clock;
use crate::config::ClientConfig;
use crate::dpop::DpopProofs;
use crate::error::{CallbackError, Error, IdTokenError, ProviderMisbehaved};
use crate::exchange::{Exchange, Exchanged};
use crate::flow::{Answer, Flow, Step};
use crate::id_token::{IdTokenExpectation, judge_id_token};
use crate::login::Login;
use crate::pending_login::PendingLogin;
use crate::secret::AuthorizationCode;

/// Completes a login: decides whether a callback is the answer to the pending login, redeems its
/// code, and judges the id_token.
///
/// The output is a [`Login`].
#[must_use = "a flow stands still until its step is taken"]
pub struct CompleteLogin {
    exchange: Exchange,
    judge: Box<Judge>,
}

/// What a login is compared with when the tokens are there.
struct Judge {
    pending: PendingLogin,
    checks: Vec<Check>,
}

impl CompleteLogin {
    /// Starts the flow with what came to the redirect URI and what was stored for it.
    ///
    /// With `proofs`, and a provider that [knows DPoP](crate::ProviderMetadata::supports_dpop), the
    /// tokens are bound to the key of the proofs: the requests for them have an
    /// [`HttpRequest::proof`](crate::HttpRequest) that the driver signs. Where the provider refuses the
    /// proof (`invalid_dpop_proof`), which it does when the clock of this device is off by more than
    /// some seconds, the code is redeemed without it, and the tokens are not bound: [`Login::dpop`]
    /// tells.
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
        proofs: Option<DpopProofs>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        config.check()?;
        let mut checks = Vec::new();
        let code = accept(config, callback, &pending, now, &mut checks)?;
        // RFC 6749 §4.1.3 and RFC 7636 §4.5, for a public client.
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &config.client_id),
            ("code", code.expose()),
            ("redirect_uri", config.redirect_uri.as_str()),
            ("code_verifier", pending.code_verifier.expose()),
        ];
        let step = Exchange::login(config, &pending.metadata, &form, proofs, now)?;
        Box::new(Judge { pending, checks }).after(config, step, now)
    }
}

impl Judge {
    fn after(
        self: Box<Self>,
        config: &ClientConfig,
        step: Step<Exchange>,
        now: UnixTime,
    ) -> Result<Step<CompleteLogin>, Error> {
        Ok(match step {
            Step::Fetch { request, next } => Step::Fetch {
                request,
                next: CompleteLogin {
                    exchange: next,
                    judge: self,
                },
            },
            Step::Verify { question, next } => Step::Verify {
                question,
                next: CompleteLogin {
                    exchange: next,
                    judge: self,
                },
            },
            Step::Done(exchanged) => Step::Done(self.login(config, exchanged, now)?),
        })
    }

    fn login(
        self: Box<Self>,
        config: &ClientConfig,
        exchanged: Exchanged,
        now: UnixTime,
    ) -> Result<Box<Login>, Error> {
        let Exchanged {
            tokens,
            id_token,
            dpop,
        } = exchanged;
        let Self {
            pending,
            mut checks,
        } = *self;
        checks.extend([Check::Pkce, Check::TokenResponse]);
        checks.extend(dpop.as_ref().map(|_| Check::DpopBound));
        let id_token = id_token.ok_or(ProviderMisbehaved::TokenIdTokenMissing)?;
        // From here on by the provider's clock.
        let clock_offset_seconds = clock::learn_offset(id_token.verified.claims(), now)?;
        let by_provider = |moment| clock::by_provider(moment, clock_offset_seconds);
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
                .map(|seconds| by_provider(pending.created_at).saturating_sub(seconds.into())),
            auth_time_is_optional: pending.max_age_seconds.is_none(),
            access_token: Some(&tokens.access_token),
            ..IdTokenExpectation::of(config, pending.nonce.expose())
        };
        let (id_token, judged) =
            judge_id_token(id_token.raw, id_token.verified, &expected, by_provider(now))?;
        checks.extend(judged);
        if let Some(subject) = &pending.subject {
            if id_token.subject() != *subject {
                return Err(IdTokenError::SubjectChanged.into());
            }
            checks.push(Check::SamePerson);
        }
        Ok(Box::new(Login {
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
            checks,
            dpop,
            clock_offset_seconds,
            signed_in_at: now,
            client_id: pending.client_id,
            acceptable_acr: pending.acceptable_acr,
        }))
    }
}

impl Flow for CompleteLogin {
    type Output = Box<Login>;
    type Error = Error;

    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let Self { exchange, judge } = self;
        let config = exchange.config().clone();
        judge.after(&config, exchange.resume(answer, now)?, now)
    }
}

impl fmt::Debug for CompleteLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CompleteLogin")
            .field("issuer", &self.exchange.config().issuer)
            .field("awaiting", &self.exchange.awaiting())
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
