//! What came back to the redirect URI, before anything of it is believed.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::config::{RESPONSE_PARAMETERS, is_vschar};
use crate::error::{CallbackError, Error, ProviderError};
use crate::pending_login::{LOGIN_KEY_PREFIX, storage_key};
use crate::secret::{AuthorizationCode, State};
use crate::url::{MAX_QUERY_BYTES, Url, parse_query};

/// The longest authorization code, in bytes. Codes that carry their whole session are about 2 KiB.
pub const MAX_CODE_BYTES: usize = 8192;

/// The longest `state` that is looked at, in bytes; ours have 43.
const MAX_STATE_BYTES: usize = 512;

/// An authorization response, read and not yet believed. RFC 6749 §4.1.2, RFC 9207.
///
/// Anybody can send a browser to the redirect URI with any parameters. [`parse`](Self::parse) says
/// whether they have the form of an answer, [`storage_key`](Self::storage_key) finds the login that
/// it may be the answer to, and [`CompleteLogin::start`](crate::CompleteLogin::start) decides
/// whether it is.
#[derive(Clone)]
pub struct Callback {
    /// Origin and path of the address that the answer came to.
    address: String,
    /// What else its query has.
    others: Vec<(String, String)>,
    pub(crate) state: State,
    pub(crate) iss: Option<String>,
    pub(crate) outcome: Result<AuthorizationCode, ProviderError>,
}

impl Callback {
    /// Whether an address, the page's own, carries an authorization response: a `code` or an
    /// `error`.
    ///
    /// It may still not be a good one. Use this on the page of the redirect URI only.
    pub fn is_present(url: &str) -> bool {
        let (_, query) = split(url);
        query.split('&').any(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            name == "code" || name == "error"
        })
    }

    /// Reads an address, the page's own. A fragment is left aside; unknown parameters are ignored.
    ///
    /// # Errors
    /// `callback_too_long`, `callback_malformed`, `callback_parameter_repeated`,
    /// `callback_token_in_url`, `callback_mixed`, `callback_empty`, `callback_state_missing`,
    /// `callback_code_malformed`.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let (address, query) = split(url);
        if address.len() > crate::url::MAX_URL_BYTES || query.len() > MAX_QUERY_BYTES {
            return Err(CallbackError::TooLong.into());
        }
        let address = Url::parse(address).map_err(|_| CallbackError::Malformed)?;
        let parameters = Parameters::parse(query)?;

        if ["access_token", "id_token", "response"]
            .iter()
            .any(|name| parameters.get(name).is_some())
        {
            return Err(CallbackError::TokenInUrl.into());
        }
        let outcome = match (parameters.get("code"), parameters.get("error")) {
            (Some(_), Some(_)) => return Err(CallbackError::Mixed.into()),
            (None, None) => return Err(CallbackError::Empty.into()),
            (Some(code), None) => {
                if !(1..=MAX_CODE_BYTES).contains(&code.len()) || !code.bytes().all(is_vschar) {
                    return Err(CallbackError::CodeMalformed.into());
                }
                Ok(AuthorizationCode::new(code))
            }
            (None, Some(error)) => Err(ProviderError::new(
                error,
                parameters.get("error_description"),
            )),
        };
        let state = parameters
            .get("state")
            .filter(|state| !state.is_empty())
            .ok_or(CallbackError::StateMissing)?;
        if state.len() > MAX_STATE_BYTES {
            return Err(CallbackError::TooLong.into());
        }
        Ok(Self {
            address: address_of(&address),
            state: State::new(state),
            iss: parameters.get("iss").map(ToString::to_string),
            outcome,
            others: parameters.into_others(),
        })
    }

    /// The key under which the login is stored that this may be the answer to.
    pub fn storage_key(&self) -> String {
        storage_key(LOGIN_KEY_PREFIX, self.state.expose())
    }

    /// Whether the answer came to this redirect URI: its origin, its path, and its query among what
    /// was added.
    pub(crate) fn came_to(&self, redirect_uri: &Url) -> bool {
        let registered = parse_query(redirect_uri.query().unwrap_or_default()).unwrap_or_default();
        self.address == address_of(redirect_uri)
            && registered.iter().all(|pair| self.others.contains(pair))
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Callback")
            .field("address", &self.address)
            .field("is_success", &self.outcome.is_ok())
            .finish_non_exhaustive()
    }
}

/// The parameters of an answer, of which those that mean something come at most once. RFC 6749
/// §3.1.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn parse(query: &str) -> Result<Self, CallbackError> {
        let pairs = parse_query(query)?;
        let repeats = |name: &&str| pairs.iter().filter(|(other, _)| other == *name).count() > 1;
        if RESPONSE_PARAMETERS.iter().any(repeats) {
            return Err(CallbackError::ParameterRepeated);
        }
        Ok(Self(pairs))
    }

    fn into_others(mut self) -> Vec<(String, String)> {
        self.0
            .retain(|(name, _)| !RESPONSE_PARAMETERS.contains(&name.as_str()));
        self.0
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(candidate, _)| candidate == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The address and the query of a page's URL, without its fragment.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let without_fragment = url.split('#').next().unwrap_or_default();
    without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""))
}

fn address_of(url: &Url) -> String {
    let mut address = url.origin().to_string();
    address.push_str(url.path());
    address
}
