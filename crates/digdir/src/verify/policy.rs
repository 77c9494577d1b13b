use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;

use portvakt_jose::{Algorithm, UnixTime};
use portvakt_oidc::{ApiMisuse, Issuer, MAX_CLOCK_TOLERANCE_SECONDS};

use super::maskinporten::{Delegation, SystemUserPolicy};
use super::representation::RepresentationPolicy;
use super::{VerifierMisuse, VerifyError};
use crate::acr::Acr;
use crate::identifiers::OrganisationNumber;
use crate::{Preset, Service};

/// The default of [`AccessTokenPolicy::clock_tolerance_seconds`].
///
/// Servers keep good time: what Altinn and Dialogporten grant is two to ten seconds.
pub const DEFAULT_CLOCK_TOLERANCE_SECONDS: u32 = 10;

/// Whose access tokens they are, and with that what is in them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenProfile {
    /// ID-porten's: a person, as themselves. Source: Digdir, access token.
    IdPorten,
    /// Ansattporten's: a person at work, who may act for an organisation. Source: Digdir, access token;
    /// Ansattporten, RAR.
    Ansattporten,
    /// Maskinporten's: an organisation's machine. Source: Maskinporten, token.
    Maskinporten,
    /// Altinn's own, exchanged for one of ID-porten or Maskinporten. Source: Altinn, token exchange.
    Altinn,
    /// Any issuer's that follows the JWT profile for access tokens. Source: RFC 9068.
    Rfc9068,
}

impl TokenProfile {
    /// The profile of a service's access tokens; Dialogporten issues none.
    #[must_use]
    pub const fn of(service: Service) -> Option<Self> {
        match service {
            Service::IdPorten => Some(Self::IdPorten),
            Service::Ansattporten => Some(Self::Ansattporten),
            Service::Maskinporten => Some(Self::Maskinporten),
            Service::Altinn => Some(Self::Altinn),
            Service::Dialogporten => None,
        }
    }

    /// Whose names for levels stand in `acr`: Altinn hands on ID-porten's.
    pub(super) const fn acr_service(self) -> Option<Service> {
        match self {
            Self::IdPorten | Self::Altinn => Some(Service::IdPorten),
            Self::Ansattporten => Some(Service::Ansattporten),
            Self::Maskinporten | Self::Rfc9068 => None,
        }
    }

    const fn has_consumer(self) -> bool {
        !matches!(self, Self::Rfc9068)
    }

    const fn has_system_users(self) -> bool {
        matches!(self, Self::Maskinporten | Self::Altinn)
    }
}

/// What an access token must be for this API to serve it. Nothing of it comes from the token.
///
/// ```
/// use portvakt_digdir::Preset;
/// use portvakt_digdir::verify::AccessTokenPolicy;
///
/// let mut policy = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, None)?;
/// assert_eq!(policy.check().unwrap_err().code(), "misuse_verifier_unbound");
/// policy.required_scope = vec!["example:api".into()];
/// policy.check()?;
/// # Ok::<(), portvakt_digdir::verify::VerifyError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessTokenPolicy {
    /// Whose tokens they are.
    pub profile: TokenProfile,
    /// The issuer, compared as an exact string.
    pub issuer: String,
    /// The name of this API among the audiences of the token. `None` where tokens have no audience; one that has
    /// is then refused.
    pub audience: Option<String>,
    /// The clients that may call this API. Default: none, which stands for any.
    pub client_ids: Vec<String>,
    /// The scopes that the token must have, all of them. Default: none.
    pub required_scope: Vec<String>,
    /// The signature algorithms that a token may have. Default: RS256.
    pub algorithms: Vec<Algorithm>,
    /// How far the clocks of issuer and API may be apart, in seconds. Default:
    /// [`DEFAULT_CLOCK_TOLERANCE_SECONDS`]; at most 300.
    pub clock_tolerance_seconds: u32,
    /// The ways in which the person may have been authenticated; one at a higher level of the same kind will do.
    /// Default: none, which stands for any.
    pub acr_values: Vec<Acr>,
    /// The organisations whose clients may call this API. Default: none, which stands for any.
    ///
    /// It is the organisation that *owns the client*, and for a person's token not the one that they act for.
    pub consumers: Vec<OrganisationNumber>,
    /// Whether an organisation may be acted for by a supplier. Default: [`Delegation::Accepted`].
    pub delegation: Delegation,
    /// Whether the token must be that of a system user, and which. Default: it need not.
    pub system_user: Option<SystemUserPolicy>,
    /// Whether the person must act for an organisation, and in what. Default: they need not.
    pub representation: Option<RepresentationPolicy>,
}

impl AccessTokenPolicy {
    /// A policy with the three things that have no default.
    #[must_use]
    pub fn new(profile: TokenProfile, issuer: &str, audience: Option<&str>) -> Self {
        Self {
            profile,
            issuer: issuer.into(),
            audience: audience.map(String::from),
            client_ids: Vec::new(),
            required_scope: Vec::new(),
            algorithms: [Algorithm::Rs256].into(),
            clock_tolerance_seconds: DEFAULT_CLOCK_TOLERANCE_SECONDS,
            acr_values: Vec::new(),
            consumers: Vec::new(),
            delegation: Delegation::Accepted,
            system_user: None,
            representation: None,
        }
    }

    /// A policy for the access tokens of a service.
    ///
    /// # Errors
    /// `misuse_verifier_other_service`: Dialogporten issues none; see
    /// [`DialogTokenPolicy`](super::DialogTokenPolicy).
    pub fn of(preset: &Preset, audience: Option<&str>) -> Result<Self, VerifyError> {
        let profile = TokenProfile::of(preset.service()).ok_or(VerifierMisuse::OtherService)?;
        Ok(Self::new(profile, preset.issuer(), audience))
    }

    /// Checks that the policy protects something. Every verification begins with this.
    ///
    /// # Errors
    /// The `misuse_verifier_*` codes, `misuse_url_*` and `misuse_issuer` for the issuer, `misuse_algorithms`,
    /// `misuse_clock_tolerance`.
    pub fn check(&self) -> Result<(), VerifyError> {
        Issuer::parse(&self.issuer)?;
        if self.algorithms.is_empty() {
            return Err(ApiMisuse::Algorithms.into());
        }
        if self.clock_tolerance_seconds > MAX_CLOCK_TOLERANCE_SECONDS {
            return Err(ApiMisuse::ClockTolerance.into());
        }
        self.check_binding()?;
        self.check_service()?;
        Ok(())
    }

    /// The policy as one that was found to protect something, for those who judge many tokens with it.
    ///
    /// # Errors
    /// Those of [`AccessTokenPolicy::check`].
    pub fn checked(self) -> Result<CheckedPolicy, VerifyError> {
        self.check()?;
        Ok(CheckedPolicy(self))
    }

    fn check_binding(&self) -> Result<(), VerifierMisuse> {
        if self.audience.as_deref() == Some("") {
            return Err(VerifierMisuse::Audience);
        }
        if self.client_ids.iter().any(String::is_empty) {
            return Err(VerifierMisuse::ClientId);
        }
        if !self
            .required_scope
            .iter()
            .all(|scope| is_scope_token(scope))
        {
            return Err(VerifierMisuse::Scope);
        }
        if self.audience.is_none() && self.profile == TokenProfile::Rfc9068 {
            return Err(VerifierMisuse::AudienceRequired);
        }
        // Every client of the service gets these two: they say nothing about what the token is for.
        let is_own = |scope: &String| !matches!(scope.as_str(), "openid" | "profile");
        if self.audience.is_none()
            && self.client_ids.is_empty()
            && !self.required_scope.iter().any(is_own)
        {
            return Err(VerifierMisuse::Unbound);
        }
        Ok(())
    }

    fn check_service(&self) -> Result<(), VerifierMisuse> {
        let acr_service = self.profile.acr_service();
        if self
            .acr_values
            .iter()
            .any(|acr| Some(acr.service()) != acr_service)
            || !self.consumers.is_empty() && !self.profile.has_consumer()
            || self.delegation != Delegation::Accepted && !self.profile.has_system_users()
            || self.system_user.is_some() && !self.profile.has_system_users()
            || self.representation.is_some() && self.profile != TokenProfile::Ansattporten
        {
            return Err(VerifierMisuse::OtherService);
        }
        self.system_user
            .as_ref()
            .map_or(Ok(()), SystemUserPolicy::check)?;
        self.representation
            .as_ref()
            .map_or(Ok(()), RepresentationPolicy::check)
    }
}

/// An [`AccessTokenPolicy`] that protects something: made by [`AccessTokenPolicy::checked`] and in no other way.
#[derive(Clone, Debug)]
pub struct CheckedPolicy(AccessTokenPolicy);

impl CheckedPolicy {
    /// The policy, to be changed and checked again.
    #[must_use]
    pub fn into_policy(self) -> AccessTokenPolicy {
        self.0
    }
}

impl Deref for CheckedPolicy {
    type Target = AccessTokenPolicy;

    fn deref(&self) -> &AccessTokenPolicy {
        &self.0
    }
}

/// `scope-token` of RFC 6749 §3.3.
pub(super) fn is_scope_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// An access token may be as old as it likes, as long as it has not expired.
pub(super) const NO_MAX_AGE: u32 = u32::MAX;

/// The moment of a verification, and how exact it is.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: UnixTime,
    pub(super) clock_tolerance_seconds: u32,
}
