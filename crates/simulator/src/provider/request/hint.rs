//! Headless login: `login_hint=testid:<pid>_<acr>`, as in Digdir's test environments.

use crate::eid::{Acr, Eid};
use crate::provider::error::OAuthError;
use crate::provider_name::ProviderName;
use crate::world::{Pid, World};

/// A login without pages.
#[derive(Clone, Debug)]
pub(crate) struct Headless {
    pub(crate) pid: Pid,
    pub(crate) acr: Acr,
}

impl Headless {
    /// Reads a hint; `None` if it is a hint of another kind, which has no effect.
    ///
    /// # Errors
    /// `invalid_request` if the person is not synthetic or not known, or the level is not enough.
    pub(crate) fn parse(
        hint: &str,
        provider: ProviderName,
        world: &World,
        acr_values: &[Acr],
    ) -> Result<Option<Self>, OAuthError> {
        let Some(rest) = hint.strip_prefix("testid:") else {
            return Ok(None);
        };
        let Some((pid, acr)) = rest.split_once('_') else {
            return Err(OAuthError::invalid_request(
                "A headless login_hint is written testid:<pid>_<acr>.",
            ));
        };
        let pid = Pid::parse(pid)
            .map_err(|error| OAuthError::invalid_request(format!("The login_hint: {error}")))?;
        let person = world.person(&pid).ok_or_else(|| {
            OAuthError::invalid_request(
                "The login_hint names a person whom the simulator does not know.",
            )
        })?;
        let acr = Acr::parse(provider, acr).ok_or_else(|| {
            OAuthError::invalid_request(
                "The login_hint names an acr that the provider does not know.",
            )
        })?;
        if !acr_values.iter().any(|&asked| acr.satisfies(asked)) {
            return Err(OAuthError::invalid_request(
                "The acr of the login_hint is not among the acr_values.",
            ));
        }
        let can_reach = |eid: &Eid| eid.acr(provider).is_some_and(|best| best.satisfies(acr));
        if !person.eids.iter().any(can_reach) || (!acr.has_pid() && person.email.is_none()) {
            return Err(OAuthError::invalid_request(
                "The person of the login_hint has no eID at that level.",
            ));
        }
        Ok(Some(Self { pid, acr }))
    }
}
