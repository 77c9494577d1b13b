use alloc::string::String;
use core::fmt;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object, Value};

use crate::error::{CallbackError, Error};
use crate::pending_login::{is_expired, is_random_value, storage_key};
use crate::return_path::ReturnPath;
use crate::secret::State;

/// What the storage keys of logouts begin with.
pub(super) const LOGOUT_KEY_PREFIX: &str = "portvakt.logout.";

/// A stored logout is a state, a path and a time.
const MAX_PENDING_LOGOUT_BYTES: usize = 8 * 1024;

const VERSION: u64 = 1;

/// A logout that waits for the person to come back from the provider.
///
/// Stored and taken like a [`PendingLogin`](crate::PendingLogin).
#[derive(Clone, Eq, PartialEq)]
pub struct PendingLogout {
    pub(crate) state: State,
    pub(crate) return_to: Option<ReturnPath>,
    pub(crate) created_at: UnixTime,
}

impl PendingLogout {
    /// The key to store this under. It is derived from the state and does not give it away.
    pub fn storage_key(&self) -> String {
        storage_key(LOGOUT_KEY_PREFIX, self.state.expose())
    }

    /// Where in the application the person wanted to go.
    pub fn return_to(&self) -> Option<&ReturnPath> {
        self.return_to.as_ref()
    }

    /// Whether it is too old to wait for: as
    /// [`PendingLogin::is_expired`](crate::PendingLogin::is_expired).
    pub fn is_expired(&self, now: UnixTime) -> bool {
        is_expired(self.created_at, now)
    }

    /// Writes the logout for storing.
    pub fn to_json(&self) -> String {
        let mut object = Object::new();
        object.insert("version", VERSION);
        object.insert("state", self.state.expose());
        if let Some(return_to) = &self.return_to {
            object.insert("return_to", return_to.as_str());
        }
        object.insert("created_at", self.created_at.as_secs());
        Value::from(object).to_json()
    }

    /// Reads what [`to_json`](Self::to_json) wrote, and checks it.
    ///
    /// # Errors
    /// `callback_pending_unreadable` for anything else.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or(CallbackError::PendingUnreadable.into())
    }

    fn read(text: &str) -> Option<Self> {
        let value = json::parse(text.as_bytes(), MAX_PENDING_LOGOUT_BYTES).ok()?;
        if value.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let return_to = match value.get("return_to") {
            None => None,
            Some(value) => Some(ReturnPath::parse(value.as_str()?).ok()?),
        };
        Some(Self {
            state: State::new(
                value
                    .get("state")?
                    .as_str()
                    .filter(|state| is_random_value(state))?,
            ),
            return_to,
            created_at: UnixTime::new(value.get("created_at")?.as_u64()?),
        })
    }
}

/// Does not show the state.
impl fmt::Debug for PendingLogout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingLogout")
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}
