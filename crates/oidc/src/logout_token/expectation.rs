use portvakt_jose::Algorithm;

use crate::config::{
    DEFAULT_CLOCK_TOLERANCE_SECONDS, check_algorithms, check_client_id, check_clock_tolerance,
};
use crate::error::ApiMisuse;
use crate::issuer::Issuer;

/// What a logout token must say.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogoutTokenExpectation<'a> {
    /// Who must have issued it.
    pub issuer: &'a Issuer,
    /// The clients of which it must be for one, and for nobody else.
    pub client_ids: &'a [&'a str],
    /// The signature algorithms that it may have. Default: RS256.
    pub algorithms: &'a [Algorithm],
    /// How far the clocks may be apart, in seconds. Default: as
    /// [`ClientConfig::clock_tolerance_seconds`](crate::ClientConfig::clock_tolerance_seconds), with
    /// the same maximum.
    pub clock_tolerance_seconds: u32,
    /// Whether it must name a session. Default: true, since a person may go by another `sub` in
    /// logout tokens than in id_tokens, as with ID-porten. Whoever sets it to false finds all
    /// sessions of a `sub` by other means. Clients are registered with
    /// `backchannel_logout_session_required` for it: Back-Channel Logout §2.2.
    pub sid_is_required: bool,
}

impl<'a> LogoutTokenExpectation<'a> {
    /// An expectation with the two things that have no default.
    pub fn new(issuer: &'a Issuer, client_ids: &'a [&'a str]) -> Self {
        Self {
            issuer,
            client_ids,
            algorithms: &[Algorithm::Rs256],
            clock_tolerance_seconds: DEFAULT_CLOCK_TOLERANCE_SECONDS,
            sid_is_required: true,
        }
    }

    pub(super) fn check(&self) -> Result<(), ApiMisuse> {
        if self.client_ids.is_empty() {
            return Err(ApiMisuse::ClientId);
        }
        for client_id in self.client_ids {
            check_client_id(client_id)?;
        }
        check_algorithms(self.algorithms)?;
        check_clock_tolerance(self.clock_tolerance_seconds)
    }
}
