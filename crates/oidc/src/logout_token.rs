//! That a session has ended, said by the provider itself. OpenID Connect Back-Channel Logout 1.0.

mod error;
mod expectation;
mod verify;

use alloc::string::String;
use core::fmt;

use portvakt_jose::UnixTime;

pub use error::{LogoutTokenError, LogoutTokenRefusal};
pub use expectation::LogoutTokenExpectation;
pub use verify::{
    LOGOUT_EVENT, MAX_JTI_BYTES, MAX_LOGOUT_TOKEN_AGE_SECONDS, MAX_SID_BYTES, verify_logout_token,
};

/// A logout that the provider has ordered: a logout token that was found to be genuine, valid, and
/// for this client.
///
/// Only [`verify_logout_token`] makes one. It says nothing about a person who is here: whoever
/// brings it proves no more than that the provider once made it. `Debug` shows no claim.
#[derive(Clone)]
pub struct LogoutToken {
    sid: Option<String>,
    sub: Option<String>,
    jti: String,
    issued_at: UnixTime,
    replayable_until: UnixTime,
}

impl LogoutToken {
    /// The session at the provider that has ended, as the id_tokens of the session name it. Without
    /// one, every session of [`sub`](Self::sub) has. Back-Channel Logout §2.4.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Whose session it was. Back-Channel Logout §2.4.
    ///
    /// ID-porten's logout tokens may name the person otherwise than its pairwise id_tokens do, so
    /// that only [`sid`](Self::sid) finds a session there. Source: Digdir, back-channel logout.
    pub fn sub(&self) -> Option<&str> {
        self.sub.as_deref()
    }

    /// The token's own name: a second token with the same one is a replay. Back-Channel Logout §2.6
    /// (7).
    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// When the token was issued.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// From when on the token would be refused even if its `jti` were forgotten: until then it has
    /// to be remembered.
    pub fn replayable_until(&self) -> UnixTime {
        self.replayable_until
    }
}

impl fmt::Debug for LogoutToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LogoutToken")
            .field("has_sid", &self.sid.is_some())
            .field("has_sub", &self.sub.is_some())
            .field("issued_at", &self.issued_at)
            .field("replayable_until", &self.replayable_until)
            .finish_non_exhaustive()
    }
}
