use alloc::string::String;

use portvakt_jose::{Algorithm, UnixTime};

use crate::config::{
    ClientConfig, DEFAULT_CLOCK_TOLERANCE_SECONDS, check_algorithms, check_client_id,
    check_clock_tolerance,
};
use crate::error::ApiMisuse;
use crate::issuer::Issuer;
use crate::secret::AccessToken;

/// What an id_token must say.
///
/// [`CompleteLogin`](crate::CompleteLogin) makes one from the configuration and the pending login.
/// Elsewhere, where an id_token is judged by itself, it is made by hand.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IdTokenExpectation<'a> {
    /// Who must have issued it.
    pub issuer: &'a Issuer,
    /// For whom it must be.
    pub client_id: &'a str,
    /// The `nonce` that it must have.
    pub nonce: ExpectedNonce<'a>,
    /// The signature algorithms that it may have. Default: RS256.
    pub algorithms: &'a [Algorithm],
    /// How far the clocks may be apart, in seconds. Default: as
    /// [`ClientConfig::clock_tolerance_seconds`], with the same maximum.
    pub clock_tolerance_seconds: u32,
    /// The `acr` values of which it must have one. Default: empty, and then `acr` is not looked at.
    pub acceptable_acr: &'a [String],
    /// The moment before which the person must not have authenticated. `auth_time` is then required
    /// of the id_token. Default: none. For a `max_age` that was sent, it is the time of the request
    /// less the `max_age`.
    pub authenticated_since: Option<UnixTime>,
    /// The access token that came with it, for `at_hash`. Default: none, and then `at_hash` is not
    /// looked at.
    pub access_token: Option<&'a AccessToken>,
    /// Whether `auth_time` may be absent although there is an `authenticated_since`: where it comes
    /// from `prompt=login` by itself, which does not oblige a provider to say when.
    pub(crate) auth_time_is_optional: bool,
}

impl<'a> IdTokenExpectation<'a> {
    /// An expectation with the three things that have no default.
    pub fn new(issuer: &'a Issuer, client_id: &'a str, nonce: ExpectedNonce<'a>) -> Self {
        Self {
            issuer,
            client_id,
            nonce,
            algorithms: &[Algorithm::Rs256],
            clock_tolerance_seconds: DEFAULT_CLOCK_TOLERANCE_SECONDS,
            acceptable_acr: &[],
            authenticated_since: None,
            access_token: None,
            auth_time_is_optional: false,
        }
    }

    pub(crate) fn of(config: &'a ClientConfig, nonce: &'a str) -> Self {
        Self {
            algorithms: &config.algorithms,
            clock_tolerance_seconds: config.clock_tolerance_seconds,
            ..Self::new(&config.issuer, &config.client_id, ExpectedNonce::Is(nonce))
        }
    }

    pub(super) fn check(&self) -> Result<(), ApiMisuse> {
        check_client_id(self.client_id)?;
        check_algorithms(self.algorithms)?;
        check_clock_tolerance(self.clock_tolerance_seconds)
    }
}

/// What is known about the `nonce` of an id_token. OIDC Core §3.1.3.7 (11).
#[derive(Clone, Copy)]
pub enum ExpectedNonce<'a> {
    /// The one that was sent with the request: it must be there, and be the same.
    Is(&'a str),
    /// None, since the one who judges the id_token did not make the request. It may then be the
    /// answer to anybody's request, and must not be taken for a sign-in of the one who brings it.
    Unknown,
}

impl core::fmt::Debug for ExpectedNonce<'_> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(match self {
            Self::Is(_) => "Is(..)",
            Self::Unknown => "Unknown",
        })
    }
}
