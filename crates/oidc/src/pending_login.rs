//! What is remembered while the person is at the provider.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::json::{self, Object, Value};
use portvakt_jose::{UnixTime, base64url};
use sha2::{Digest, Sha256};

use crate::config::{is_acr, is_scope_token, is_vschar};
use crate::error::{CallbackError, Error};
use crate::metadata::ProviderMetadata;
use crate::pkce::is_code_verifier;
use crate::return_path::ReturnPath;
use crate::secret::{CodeVerifier, Nonce, State, Subject};
use crate::url::Url;

/// How long a login may take, in seconds.
///
/// Half an hour: providers give up on their own pages about then (ID-porten's idle limit is 30
/// minutes), and a verifier that lies about longer is only a risk.
pub const PENDING_LOGIN_LIFETIME_SECONDS: u64 = 30 * 60;

/// The most bytes of a stored login that are read: seven URLs, and as much of a request as fits
/// into one.
pub const MAX_PENDING_BYTES: usize = 128 * 1024;

/// A login that waits for its callback.
///
/// Put it into storage that belongs to the tab (`sessionStorage`) under its
/// [`storage_key`](Self::storage_key), and *take* it from there, that is read and delete it, when
/// the callback arrives: an answer is good for one try
/// (RFC 9700 §4.2.4). Each login has its own key, so that two of them do not disturb each other.
///
/// The JSON form is versioned and holds the verifier, so it is as secret as the tab. Whatever is
/// read back is checked again, member by member, so that nothing in it leads to an endpoint without
/// TLS, to another client, or out of the application. It cannot be proof against somebody who runs
/// scripts on the application's own origin, and nothing that a page stores is.
#[derive(Clone, Eq, PartialEq)]
pub struct PendingLogin {
    pub(crate) state: State,
    pub(crate) nonce: Nonce,
    pub(crate) code_verifier: CodeVerifier,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: Url,
    pub(crate) scopes: Vec<String>,
    pub(crate) metadata: ProviderMetadata,
    pub(crate) acceptable_acr: Vec<String>,
    pub(crate) max_age_seconds: Option<u32>,
    pub(crate) must_reauthenticate: bool,
    pub(crate) authorization_details: Option<String>,
    pub(crate) subject: Option<Subject>,
    pub(crate) return_to: Option<ReturnPath>,
    pub(crate) created_at: UnixTime,
}

impl PendingLogin {
    /// The key to store this under. It is derived from the state and does not give it away.
    pub fn storage_key(&self) -> String {
        storage_key(LOGIN_KEY_PREFIX, self.state.expose())
    }

    /// The provider's metadata that this login was begun with, for keeping.
    pub fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    /// The `authorization_details` exactly as they were sent, as JSON text.
    pub fn authorization_details(&self) -> Option<&str> {
        self.authorization_details.as_deref()
    }

    /// The `acr` values of which the id_token must have one; any will do if there are none.
    pub fn acceptable_acr(&self) -> &[String] {
        &self.acceptable_acr
    }

    /// Where in the application the person wanted to go.
    pub fn return_to(&self) -> Option<&ReturnPath> {
        self.return_to.as_ref()
    }

    /// When the login was begun.
    pub fn created_at(&self) -> UnixTime {
        self.created_at
    }

    /// Whether [`PENDING_LOGIN_LIFETIME_SECONDS`] have passed, so that it can be deleted from
    /// storage.
    ///
    /// One that says that it is from the future is expired as well: it would never be otherwise.
    pub fn is_expired(&self, now: UnixTime) -> bool {
        is_expired(self.created_at, now)
    }

    /// Writes the login for storing. The text holds secrets.
    pub fn to_json(&self) -> String {
        let mut object = Object::new();
        object.insert("version", VERSION);
        object.insert("state", self.state.expose());
        object.insert("nonce", self.nonce.expose());
        object.insert("code_verifier", self.code_verifier.expose());
        object.insert("client_id", self.client_id.as_str());
        object.insert("redirect_uri", self.redirect_uri.as_str());
        object.insert(
            "scopes",
            Value::from_iter(self.scopes.iter().map(String::as_str)),
        );
        object.insert("metadata", self.metadata.to_object());
        object.insert(
            "acceptable_acr",
            Value::from_iter(self.acceptable_acr.iter().map(String::as_str)),
        );
        if let Some(max_age_seconds) = self.max_age_seconds {
            object.insert("max_age_seconds", max_age_seconds);
        }
        object.insert("must_reauthenticate", self.must_reauthenticate);
        if let Some(authorization_details) = &self.authorization_details {
            object.insert("authorization_details", authorization_details.as_str());
        }
        if let Some(subject) = &self.subject {
            object.insert("subject", subject.expose());
        }
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

    /// Reads what was found in storage under
    /// [`Callback::storage_key`](crate::Callback::storage_key).
    ///
    /// # Errors
    /// `callback_state_unknown` when nothing was; otherwise as [`from_json`](Self::from_json).
    pub fn from_storage(stored: Option<&str>) -> Result<Self, Error> {
        Self::from_json(stored.ok_or(CallbackError::StateUnknown)?)
    }

    fn read(text: &str) -> Option<Self> {
        let value = json::parse(text.as_bytes(), MAX_PENDING_BYTES).ok()?;
        let object = value.as_object()?;
        if object.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let redirect_uri = Url::parse(required_str(object, "redirect_uri")?).ok()?;
        let max_age_seconds = match object.get("max_age_seconds") {
            None => None,
            Some(value) => Some(u32::try_from(value.as_u64()?).ok()?),
        };
        let authorization_details = match object.get("authorization_details") {
            None => None,
            Some(value) => {
                let details = value.as_str()?;
                let parsed = json::parse(details.as_bytes(), MAX_PENDING_BYTES).ok()?;
                crate::config::is_authorization_details(&parsed).then_some(())?;
                Some(details.to_string())
            }
        };
        let subject = match object.get("subject") {
            None => None,
            Some(_) => Some(Subject::new(required(object, "subject", is_random_value)?)),
        };
        let return_to = match object.get("return_to") {
            None => None,
            Some(value) => Some(ReturnPath::parse(value.as_str()?).ok()?),
        };
        Some(Self {
            state: State::new(required(object, "state", is_random_value)?),
            nonce: Nonce::new(required(object, "nonce", is_random_value)?),
            code_verifier: CodeVerifier::new(required(object, "code_verifier", is_code_verifier)?),
            client_id: required(object, "client_id", |text| text.bytes().all(is_vschar))?
                .to_string(),
            redirect_uri,
            scopes: strings(object, "scopes", is_scope_token)?,
            metadata: ProviderMetadata::from_kept(object.get("metadata")?.as_object()?).ok()?,
            acceptable_acr: strings(object, "acceptable_acr", is_acr)?,
            max_age_seconds,
            must_reauthenticate: object.get("must_reauthenticate")?.as_bool()?,
            authorization_details,
            subject,
            return_to,
            created_at: UnixTime::new(object.get("created_at")?.as_u64()?),
        })
    }
}

/// Shows neither state, nonce, verifier nor authorization_details.
impl fmt::Debug for PendingLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingLogin")
            .field("issuer", self.metadata.issuer())
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

/// The version of the JSON form. Another one is not read: a login begun before an update of the
/// application is begun again.
const VERSION: u64 = 1;

/// What the storage keys of logins begin with.
pub(crate) const LOGIN_KEY_PREFIX: &str = "portvakt.login.";

/// A key that says nothing about the state that it is derived from.
pub(crate) fn storage_key(prefix: &str, state: &str) -> String {
    let mut key = String::from(prefix);
    key.push_str(&base64url::encode(Sha256::digest(state.as_bytes())));
    key
}

pub(crate) fn is_expired(created_at: UnixTime, now: UnixTime) -> bool {
    // A device's clock may be set back by a little while the person is away.
    created_at > now.saturating_add(u64::from(crate::config::MAX_CLOCK_TOLERANCE_SECONDS))
        || now >= created_at.saturating_add(PENDING_LOGIN_LIFETIME_SECONDS)
}

/// 32 bytes as base64url.
pub(crate) fn is_random_value(text: &str) -> bool {
    text.len() == 43 && base64url::decode(text).is_ok()
}

pub(crate) fn required_str<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

fn required<'a>(
    object: &'a Object,
    name: &str,
    is_valid: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    required_str(object, name).filter(|text| is_valid(text))
}

pub(crate) fn strings(
    object: &Object,
    name: &str,
    is_valid: impl Fn(&str) -> bool,
) -> Option<Vec<String>> {
    object
        .get(name)?
        .as_array()?
        .iter()
        .map(|value| {
            value
                .as_str()
                .filter(|text| is_valid(text))
                .map(ToString::to_string)
        })
        .collect()
}
