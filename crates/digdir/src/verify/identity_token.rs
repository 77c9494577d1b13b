use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::{Algorithm, Jwks, UnixTime};
use portvakt_oidc::{
    ExpectedNonce, IdToken, IdTokenExpectation, Issuer, RawIdToken, verify_id_token,
};

use crate::acr::{self, Acr, AssuranceLevel};
use crate::login::{Check, Claims, Judge};
use crate::rar::{RarRequest, Representation};
use crate::{Environment, Error, Misuse, Preset, Service};

/// What an id_token of ID-porten or Ansattporten must say, where it is judged by somebody else than the client that it
/// was issued to: a server that the application hands it to.
///
/// The judgement is that of a login ([`CompleteLogin`](crate::login::CompleteLogin)), step by step. An id_token says
/// who signed in to one client. It is not for calling APIs: that is what access tokens are for.
#[derive(Clone)]
#[non_exhaustive]
pub struct IdentityTokenPolicy {
    service: Service,
    environment: Environment,
    issuer: Issuer,
    /// The client that the id_token was issued to.
    pub client_id: String,
    /// The `nonce` that the client sent. Default: none, and then the id_token may be the answer to anybody's request:
    /// see [`ExpectedNonce::Unknown`].
    pub nonce: Option<String>,
    /// The signature algorithms that it may have. Default: RS256.
    pub algorithms: Vec<Algorithm>,
    /// How far the clocks may be apart, in seconds. Default: as
    /// [`ClientConfig::clock_tolerance_seconds`](portvakt_oidc::ClientConfig), with the same maximum.
    pub clock_tolerance_seconds: u32,
    /// The sign-ins of which one will do, or one at a higher level. Default: none, and then any level of the service's
    /// own ladder will do. See [`acr`](crate::acr).
    pub acr_values: Vec<Acr>,
    /// What the client asked for about representation. Default: nothing, and then nothing may have been granted.
    pub on_behalf_of: Option<RarRequest>,
    /// The moment before which the person must not have authenticated. Default: none.
    pub authenticated_since: Option<UnixTime>,
}

/// An id_token that was found to be genuine, valid and for this client, and what it says.
///
/// Only [`verify_identity_token`] makes one. `Debug` shows no claim.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VerifiedIdentityToken {
    /// Who signed in, and how.
    pub claims: Claims,
    /// How surely it is that person; `None` for sign-ins that say nothing about that.
    pub level: Option<AssuranceLevel>,
    /// On whose behalf the person acts; `None` if that was not asked.
    pub representation: Option<Representation>,
    /// The verification steps that were taken, in their order.
    pub checks: Vec<Check>,
    /// The id_token, with every claim as signed.
    pub id_token: IdToken,
}

impl IdentityTokenPolicy {
    /// A policy for the id_tokens that a service issues to a client.
    ///
    /// # Errors
    /// `misuse_service_signs_nobody_in`.
    pub fn of(preset: &Preset, client_id: &str) -> Result<Self, Error> {
        if !preset.service().signs_people_in() {
            return Err(Misuse::ServiceSignsNobodyIn.into());
        }
        let issuer = Issuer::parse(preset.issuer()).map_err(portvakt_oidc::Error::from)?;
        Ok(Self {
            service: preset.service(),
            environment: preset.environment(),
            issuer,
            client_id: client_id.to_string(),
            nonce: None,
            algorithms: [Algorithm::Rs256].into(),
            clock_tolerance_seconds: portvakt_oidc::DEFAULT_CLOCK_TOLERANCE_SECONDS,
            acr_values: Vec::new(),
            on_behalf_of: None,
            authenticated_since: None,
        })
    }
}

/// Shows whether there is a `nonce`, and not which.
impl fmt::Debug for IdentityTokenPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityTokenPolicy")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("nonce", &self.nonce.is_some())
            .field("algorithms", &self.algorithms)
            .field("acr_values", &self.acr_values)
            .field("on_behalf_of", &self.on_behalf_of)
            .finish_non_exhaustive()
    }
}

/// Judges an id_token as a login does.
///
/// The token response is not at hand, so that whom the person acts for is stated in one place only.
///
/// # Errors
/// `misuse_*` for a policy that cannot be; `token_*` as [`verify_id_token`]; `claims_*` and `representation_*` as a
/// login.
pub fn verify_identity_token(
    token: &str,
    jwks: &Jwks,
    policy: &IdentityTokenPolicy,
    now: UnixTime,
) -> Result<VerifiedIdentityToken, Error> {
    let acceptable = acr::acceptable(policy.service, &policy.acr_values)?;
    if let Some(request) = &policy.on_behalf_of
        && request.rar_type().service() != policy.service
    {
        return Err(Misuse::RarOfOtherService.into());
    }
    let acceptable_acr: Vec<String> = acceptable
        .iter()
        .map(|acr| acr.as_str().to_string())
        .collect();
    let nonce = policy
        .nonce
        .as_deref()
        .map_or(ExpectedNonce::Unknown, ExpectedNonce::Is);
    let mut expected = IdTokenExpectation::new(&policy.issuer, &policy.client_id, nonce);
    expected.algorithms = &policy.algorithms;
    expected.clock_tolerance_seconds = policy.clock_tolerance_seconds;
    expected.acceptable_acr = &acceptable_acr;
    expected.authenticated_since = policy.authenticated_since;

    let token = RawIdToken::of_stranger(token);
    let token = token.map_err(portvakt_oidc::Error::from)?;
    let (id_token, checks) = verify_id_token(&token, jwks, &expected, now)?;
    let mut checks: Vec<Check> = checks.into_iter().map(Check::Oidc).collect();
    let judge = Judge::new(
        policy.service,
        policy.environment,
        acceptable,
        policy.on_behalf_of.clone(),
    );
    let judged = judge.judge(&id_token, None, &mut checks)?;
    Ok(VerifiedIdentityToken {
        level: judged.claims.acr.level(),
        claims: judged.claims,
        representation: judged.representation,
        checks,
        id_token,
    })
}
