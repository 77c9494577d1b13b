use alloc::string::String;

use portvakt_jose::UnixTime;

use super::pending::{LOGOUT_KEY_PREFIX, PendingLogout};
use crate::callback::{Parameters, split};
use crate::pending_login::storage_key;
use crate::return_path::ReturnPath;
use crate::secret::State;

/// How a person came to the `post_logout_redirect_uri`.
///
/// Only one of these is an answer, and none is an error: the local session is gone in any case, and
/// a person who comes by with a wrong state, or by a bookmark, sees the signed-out page all the
/// same. OIDC RP-Initiated Logout §3.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LogoutReturn {
    /// From the logout that this tab began: `state` is the one that was sent.
    Confirmed {
        /// Where in the application the person wanted to go.
        return_to: Option<ReturnPath>,
    },
    /// With a `state` that is not that of a logout of this tab, or of one that began too long ago.
    Unknown,
    /// Without a `state`.
    NoState,
}

impl LogoutReturn {
    /// The key under which the logout is stored that the page's own address may be the return from,
    /// if it has a readable `state`.
    pub fn storage_key(url: &str) -> Option<String> {
        state(url).map(|state| storage_key(LOGOUT_KEY_PREFIX, state.expose()))
    }

    /// Compares the page's own address with what was stored for it, which was taken from storage.
    ///
    /// `stored` is what [`PendingLogout::to_json`] wrote, if it was there. What cannot be read
    /// counts as absent.
    pub fn check(url: &str, stored: Option<&str>, now: UnixTime) -> Self {
        let Some(state) = state(url) else {
            return Self::NoState;
        };
        match stored.map(PendingLogout::from_json) {
            // In constant time: `State` compares so.
            Some(Ok(pending)) if pending.state == state && !pending.is_expired(now) => {
                Self::Confirmed {
                    return_to: pending.return_to,
                }
            }
            _ => Self::Unknown,
        }
    }
}

fn state(url: &str) -> Option<State> {
    let (_, query) = split(url);
    let parameters = Parameters::parse(query).ok()?;
    parameters
        .get("state")
        .filter(|state| !state.is_empty())
        .map(State::new)
}
