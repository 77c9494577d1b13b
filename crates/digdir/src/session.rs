//! How long a session lasts, and why it ends.
//!
//! The services end a single sign-on session after 30 minutes without a new authorization request and 120 minutes
//! after the person authenticated, and tell nobody. An application keeps the same limits by itself: counted
//! over all its tabs, and by the clock rather than by timers, which a sleeping machine stops.
//!
//! ```
//! use portvakt_digdir::session::{Limits, SessionError, Standing};
//! use portvakt_oidc::UnixTime;
//!
//! let (signed_in, minutes) = (1_790_000_000, |minutes: u64| minutes * 60);
//! let at = |minute| UnixTime::new(signed_in + minutes(minute));
//! let limits = Limits::default();
//!
//! // Used a quarter of an hour ago.
//! let Standing::Active { ends_at, warn_from, cause } = limits.standing(at(0), at(15), at(30)) else {
//!     panic!("over already")
//! };
//! assert_eq!((ends_at, warn_from, cause), (at(45), at(43), SessionError::Idle));
//! // The machine slept in between.
//! assert_eq!(limits.standing(at(0), at(15), at(45)), Standing::Ended(SessionError::Idle));
//! ```
//!
//! Source: ID-porten, guide, sessions.

use portvakt_oidc::UnixTime;

pub use portvakt_oidc::{DeviceError, MAX_CLOCK_OFFSET_SECONDS, SessionError};

use crate::Misuse;

/// The longest time without use, in seconds, and the default: after it, the service's own session is over as well.
pub const MAX_IDLE_SECONDS: u32 = 30 * 60;

/// The longest time since the person authenticated, in seconds, and the default.
pub const MAX_SESSION_SECONDS: u32 = 120 * 60;

/// The default of [`Limits::warning_seconds`]: time to finish a sentence and press a button.
pub const DEFAULT_WARNING_SECONDS: u32 = 2 * 60;

/// How long a session lasts. An application may be stricter than the services, and not laxer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How long it lasts without use, in seconds. Default: [`MAX_IDLE_SECONDS`], which is also the most.
    pub idle_seconds: u32,
    /// How long it lasts from when the person authenticated, in seconds. Default: [`MAX_SESSION_SECONDS`], which is
    /// also the most.
    pub session_seconds: u32,
    /// How long before its end the person is warned, in seconds. Default: [`DEFAULT_WARNING_SECONDS`]; less than
    /// either of the others.
    pub warning_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            idle_seconds: MAX_IDLE_SECONDS,
            session_seconds: MAX_SESSION_SECONDS,
            warning_seconds: DEFAULT_WARNING_SECONDS,
        }
    }
}

/// How a session stands at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It goes on.
    Active {
        /// When it ends if nothing happens until then.
        ends_at: UnixTime,
        /// From when on the person is warned.
        warn_from: UnixTime,
        /// Why it ends then: [`SessionError::Idle`], which use puts off, or [`SessionError::Over`], which nothing
        /// does but to sign in again.
        cause: SessionError,
    },
    /// It is over.
    Ended(SessionError),
}

impl Limits {
    /// Checks what the fields leave open.
    ///
    /// # Errors
    /// `misuse_session_limits`.
    pub fn check(&self) -> Result<(), Misuse> {
        let is_possible = (1..=MAX_IDLE_SECONDS).contains(&self.idle_seconds)
            && (1..=MAX_SESSION_SECONDS).contains(&self.session_seconds)
            && self.warning_seconds < self.idle_seconds
            && self.warning_seconds < self.session_seconds;
        if is_possible {
            Ok(())
        } else {
            Err(Misuse::SessionLimits)
        }
    }

    /// How a session stands, all by the device's clock: since when there is one
    /// ([`Session::authenticated_at`](crate::login::Session::authenticated_at)), when the person last did something in
    /// any tab, and the time.
    ///
    /// What is in the future is no reason for a longer session, after the clock was set back: use counts as of now,
    /// and a sign-in that is more than [`MAX_CLOCK_OFFSET_SECONDS`] ahead is over.
    pub fn standing(
        &self,
        started_at: UnixTime,
        last_activity: UnixTime,
        now: UnixTime,
    ) -> Standing {
        if started_at > now.saturating_add(u64::from(MAX_CLOCK_OFFSET_SECONDS)) {
            return Standing::Ended(SessionError::Over);
        }
        let over_at = started_at.saturating_add(u64::from(self.session_seconds));
        let idle_at = last_activity
            .min(now)
            .saturating_add(u64::from(self.idle_seconds));
        let (ends_at, cause) = if idle_at < over_at {
            (idle_at, SessionError::Idle)
        } else {
            (over_at, SessionError::Over)
        };
        if now >= ends_at {
            return Standing::Ended(cause);
        }
        Standing::Active {
            ends_at,
            warn_from: ends_at.saturating_sub(u64::from(self.warning_seconds)),
            cause,
        }
    }
}
