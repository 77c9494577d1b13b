//! New tokens for a session, without the person. OIDC Core §12, RFC 6749 §6.

use alloc::boxed::Box;
use core::fmt;

use portvakt_jose::UnixTime;

use crate::clock;
use crate::config::ClientConfig;
use crate::dpop::DpopProofs;
use crate::error::{Error, IdTokenError, ProviderErrorCode, SessionError};
use crate::exchange::{Exchange, Exchanged, SignedIdToken, TokenResponse};
use crate::flow::{Answer, Flow, Step};
use crate::id_token::{ExpectedNonce, IdToken, IdTokenExpectation, judge_id_token};
use crate::login::Login;

/// Renews a login: uses the refresh token, and compares the id_token that may come with the one
/// that is there.
///
/// The login that it starts from stays as it is, whatever happens: an error that
/// [`is_transient`](Error::is_transient) says nothing about the session, so keep it and try later.
///
/// A refresh token may be good for one use only, so that of several tabs one renews, and what comes
/// out is kept before anything else is done. The keys are fetched *before* the refresh token is
/// used: what can fail fails then.
#[must_use = "a flow stands still until its step is taken"]
pub struct Refresh {
    exchange: Exchange,
    login: Box<Login>,
}

/// A login with new tokens.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Renewal {
    /// The login. Who signed in, how and when are what they were.
    ///
    /// Its refresh token is the new one where one came, and else the one that was used; what was
    /// granted ([`Login::authorization_details`]) is what the answer says, where it says it.
    pub login: Box<Login>,
    /// The new id_token, if there was one, found to be about the same person and sign-in. OIDC Core
    /// §12.2.
    pub id_token: Option<IdToken>,
}

impl Refresh {
    /// Starts the flow. A login whose tokens are [bound](Login::dpop) needs proofs by the same key;
    /// others ignore them.
    ///
    /// # Errors
    /// `session_not_renewable` without a refresh token; `session_of_other_client`;
    /// `misuse_dpop_key`; `misuse_*` for a configuration that cannot be.
    pub fn start(
        config: &ClientConfig,
        login: &Login,
        proofs: Option<DpopProofs>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        config.check()?;
        if login.metadata.issuer() != &config.issuer || login.client_id != config.client_id {
            return Err(SessionError::OfOtherClient.into());
        }
        let refresh_token = login
            .refresh_token
            .as_ref()
            .ok_or(SessionError::NotRenewable)?;
        let nonce = login.dpop.as_ref().and_then(|dpop| dpop.nonce.clone());
        let dpop = login.proofs(proofs)?.map(|proofs| (proofs, nonce));
        // RFC 6749 §6, for a public client. Without `scope`, it is the scope that there is.
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &config.client_id),
            ("refresh_token", refresh_token.expose()),
        ];
        let step = Exchange::renewal(
            config,
            &login.metadata,
            &form,
            dpop,
            login.clock_offset_seconds,
            now,
        )?;
        after(Box::new(login.clone()), config, step, now)
    }
}

impl Flow for Refresh {
    type Output = Renewal;
    type Error = Error;

    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let Self { exchange, login } = self;
        let config = exchange.config().clone();
        let step = exchange.resume(answer, now).map_err(refused)?;
        after(login, &config, step, now)
    }
}

impl fmt::Debug for Refresh {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Refresh")
            .field("issuer", &self.exchange.config().issuer)
            .field("awaiting", &self.exchange.awaiting())
            .finish_non_exhaustive()
    }
}

/// `invalid_grant` is the provider's word for all that a refresh token can have come to. RFC 6749
/// §5.2.
fn refused(error: Error) -> Error {
    match error {
        Error::Provider(refusal) if refusal.code() == ProviderErrorCode::InvalidGrant => {
            SessionError::RenewalRefused.into()
        }
        error => error,
    }
}

fn after(
    login: Box<Login>,
    config: &ClientConfig,
    step: Step<Exchange>,
    now: UnixTime,
) -> Result<Step<Refresh>, Error> {
    Ok(match step {
        Step::Fetch { request, next } => Step::Fetch {
            request,
            next: Refresh {
                exchange: next,
                login,
            },
        },
        Step::Verify { question, next } => Step::Verify {
            question,
            next: Refresh {
                exchange: next,
                login,
            },
        },
        Step::Done(exchanged) => Step::Done(renewal(login, config, exchanged, now)?),
    })
}

fn renewal(
    mut login: Box<Login>,
    config: &ClientConfig,
    exchanged: Exchanged,
    now: UnixTime,
) -> Result<Renewal, Error> {
    let Exchanged {
        tokens,
        id_token,
        dpop,
    } = exchanged;
    let id_token = match id_token {
        None => None,
        Some(id_token) => {
            login.clock_offset_seconds = clock::learn_offset(id_token.verified.claims(), now)?;
            Some(judge(&login, config, &tokens, id_token, now)?)
        }
    };
    login.access_token = tokens.access_token;
    // RFC 6749 §6: a new one replaces the old, and without one the old stays good.
    login.refresh_token = tokens.refresh_token.or(login.refresh_token);
    login.expires_at = tokens.expires_at;
    login.scope = tokens.scope.unwrap_or(login.scope);
    login.authorization_details = tokens.authorization_details.or(login.authorization_details);
    login.dpop = dpop;
    Ok(Renewal { login, id_token })
}

/// OIDC Core §12.2: as for a login, but for the nonce, and everything about the person and the
/// sign-in is what it was.
fn judge(
    login: &Login,
    config: &ClientConfig,
    tokens: &TokenResponse,
    id_token: SignedIdToken,
    now: UnixTime,
) -> Result<IdToken, Error> {
    let before = login.id_token.claims();
    // The level may go unmentioned; one that is mentioned is one that was asked for.
    let acceptable_acr = if id_token.verified.claims().contains("acr") {
        login.acceptable_acr.as_slice()
    } else {
        &[]
    };
    let expected = IdTokenExpectation {
        algorithms: &config.algorithms,
        clock_tolerance_seconds: config.clock_tolerance_seconds,
        acceptable_acr,
        access_token: Some(&tokens.access_token),
        ..IdTokenExpectation::new(&config.issuer, &config.client_id, ExpectedNonce::Unknown)
    };
    let now = login.by_provider(now);
    let (id_token, _) = judge_id_token(id_token.raw, id_token.verified, &expected, now)?;
    if id_token.sub() != login.id_token.sub() {
        return Err(IdTokenError::SubjectChanged.into());
    }
    let after = id_token.claims();
    // "SHOULD NOT have a nonce Claim", and if it has one it is the same.
    if after.contains("nonce") && after.get("nonce") != before.get("nonce") {
        return Err(IdTokenError::NonceMismatch.into());
    }
    if after.get("azp") != before.get("azp") {
        return Err(IdTokenError::AuthorizedPartyChanged.into());
    }
    let is_same_sign_in = match (login.id_token.auth_time(), id_token.auth_time()) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    };
    if !is_same_sign_in {
        return Err(IdTokenError::AuthTimeChanged.into());
    }
    Ok(id_token)
}
