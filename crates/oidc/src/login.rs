//! A person who has signed in: what a login and a renewal end with, and what is kept of it.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object, Value};

use crate::check::Check;
use crate::clock::{self, MAX_CLOCK_OFFSET_SECONDS};
use crate::config::{ClientConfig, is_acr, is_authorization_details, is_scope_token};
use crate::dpop::{DpopBinding, DpopProofs};
use crate::error::{ApiMisuse, Error, SessionError};
use crate::id_token::{IdToken, kept_id_token};
use crate::metadata::ProviderMetadata;
use crate::pending_login::{required_str, strings};
use crate::return_path::ReturnPath;
use crate::secret::{AccessToken, RawIdToken, RefreshToken};

/// The most bytes of a kept login that are read: three tokens of the largest size, and what was
/// granted besides.
pub const MAX_LOGIN_BYTES: usize = 1024 * 1024;

/// The version of the JSON form. Another one is not read: the person signs in again.
const VERSION: u64 = 1;

/// A person who has signed in, and the tokens for them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Login {
    /// Who signed in, how and when; judged by OIDC Core §3.1.3.7.
    ///
    /// A renewal leaves it as it is: it says nothing new about the person, only that it is still
    /// them.
    pub id_token: IdToken,
    /// What lets its bearer call APIs. Opaque to a client: RFC 6749 §1.4.
    pub access_token: AccessToken,
    /// What lets its bearer have new access tokens, if the provider issued one.
    pub refresh_token: Option<RefreshToken>,
    /// When the access token expires by the device's clock, if the provider said how soon.
    pub expires_at: Option<UnixTime>,
    /// The scopes that were granted, which may differ from those asked for. RFC 6749 §5.1.
    pub scope: Vec<String>,
    /// The `authorization_details` of the token response: what was granted. RFC 9396 §7.
    ///
    /// As received; a copy in the id_token is in [`IdToken::claims`].
    pub authorization_details: Option<Value>,
    /// The `authorization_details` as they were asked for, as the JSON text that was sent.
    pub requested_authorization_details: Option<String>,
    /// The provider, for userinfo and logout.
    pub metadata: ProviderMetadata,
    /// Where in the application the person wanted to go.
    pub return_to: Option<ReturnPath>,
    /// The verification steps that were taken, in their order.
    pub checks: Vec<Check>,
    /// What the tokens are bound to; none if whoever has them can use them. RFC 9449 §5.
    pub dpop: Option<DpopBinding>,
    /// What the provider's clock has more than the device's, in seconds; at most
    /// [`MAX_CLOCK_OFFSET_SECONDS`](crate::MAX_CLOCK_OFFSET_SECONDS) either way. Learnt from the
    /// id_token, and again at every renewal that brings one.
    pub clock_offset_seconds: i32,
    /// When the login was completed, by the device's clock.
    pub signed_in_at: UnixTime,
    pub(crate) client_id: String,
    pub(crate) acceptable_acr: Vec<String>,
}

impl Login {
    /// What goes into the `Authorization` header of a request to an API: the scheme, `Bearer` or
    /// `DPoP`, and the access token. RFC 6750 §2.1, RFC 9449 §7.1.
    ///
    /// Whoever calls this answers for where it goes. Tokens that are [bound](Self::dpop) need a
    /// proof beside it: [`DpopProofs::for_resource`].
    pub fn authorization(&self) -> String {
        let scheme = if self.dpop.is_some() {
            "DPoP "
        } else {
            "Bearer "
        };
        let mut credentials = String::from(scheme);
        credentials.push_str(self.access_token.expose());
        credentials
    }

    /// When the person authenticated, by the device's clock: long before the login was completed if
    /// it was single sign-on. Where the provider does not say, it is when the login was completed.
    pub fn authenticated_at(&self) -> UnixTime {
        self.id_token.auth_time().map_or(self.signed_in_at, |time| {
            clock::by_device(time, self.clock_offset_seconds)
        })
    }

    /// The time by the provider's clock.
    pub fn by_provider(&self, now: UnixTime) -> UnixTime {
        clock::by_provider(now, self.clock_offset_seconds)
    }

    /// The `acr` values of which the id_token had to have one; any would do if there are none.
    pub fn acceptable_acr(&self) -> &[String] {
        &self.acceptable_acr
    }

    /// The proofs, if the tokens are bound and it is by this key.
    ///
    /// # Errors
    /// `misuse_dpop_key` for bound tokens without their key.
    pub(crate) fn proofs(
        &self,
        proofs: Option<DpopProofs>,
    ) -> Result<Option<DpopProofs>, ApiMisuse> {
        match (&self.dpop, proofs) {
            (None, _) => Ok(None),
            (Some(binding), Some(proofs)) if proofs.key().thumbprint() == binding.thumbprint => {
                Ok(Some(proofs))
            }
            (Some(_), _) => Err(ApiMisuse::DpopKey),
        }
    }

    /// Writes everything that a reload of the page needs, but for [`return_to`](Self::return_to),
    /// which has done its work. The text holds every secret of the session.
    pub fn to_json(&self) -> String {
        let mut object = Object::new();
        object.insert("version", VERSION);
        object.insert("client_id", self.client_id.as_str());
        object.insert("metadata", self.metadata.to_object());
        object.insert("id_token", self.id_token.raw().expose());
        object.insert("access_token", self.access_token.expose());
        if let Some(refresh_token) = &self.refresh_token {
            object.insert("refresh_token", refresh_token.expose());
        }
        if let Some(expires_at) = self.expires_at {
            object.insert("expires_at", expires_at.as_secs());
        }
        object.insert("scope", texts(self.scope.iter().map(String::as_str)));
        if let Some(details) = &self.authorization_details {
            object.insert("authorization_details", details.clone());
        }
        if let Some(details) = &self.requested_authorization_details {
            object.insert("requested_authorization_details", details.as_str());
        }
        object.insert(
            "acceptable_acr",
            texts(self.acceptable_acr.iter().map(String::as_str)),
        );
        object.insert(
            "checks",
            texts(self.checks.iter().copied().map(Check::code)),
        );
        if let Some(dpop) = &self.dpop {
            object.insert("dpop", dpop.to_object());
        }
        object.insert("clock_offset_seconds", self.clock_offset_seconds);
        object.insert("signed_in_at", self.signed_in_at.as_secs());
        Value::from(object).to_json()
    }

    /// Reads what [`to_json`](Self::to_json) wrote, and checks it, member by member.
    ///
    /// The signature of the id_token is not verified again: it was before it was kept, the keys may
    /// have been replaced since, and whoever can write where this was kept can do as the
    /// application does. So keep it where only the application can (sealed: `docs/flows.md`). Who
    /// issued it, for whom, and about whom is compared again.
    ///
    /// # Errors
    /// `session_of_other_client` for a session of another issuer or client, `session_unreadable`
    /// for anything else that this did not write; `misuse_*` for a configuration that cannot be.
    pub fn from_json(config: &ClientConfig, text: &str) -> Result<Box<Self>, Error> {
        config.check()?;
        let object = json::parse(text.as_bytes(), MAX_LOGIN_BYTES)
            .ok()
            .and_then(Value::into_object)
            .ok_or(SessionError::Unreadable)?;
        let login = Self::read(config, &object).ok_or(SessionError::Unreadable)?;
        if login.client_id != config.client_id || login.metadata.issuer() != &config.issuer {
            return Err(SessionError::OfOtherClient.into());
        }
        login.metadata.check_against(config)?;
        Ok(login)
    }

    fn read(config: &ClientConfig, object: &Object) -> Option<Box<Self>> {
        if object.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let client_id = required_str(object, "client_id")?;
        let metadata = ProviderMetadata::from_kept(object.get("metadata")?.as_object()?).ok()?;
        let id_token = RawIdToken::parse(required_str(object, "id_token")?).ok()?;
        let id_token = kept_id_token(
            id_token,
            metadata.issuer().as_str(),
            client_id,
            &config.algorithms,
        )?;
        let refresh_token = match object.get("refresh_token") {
            None => None,
            Some(token) => Some(RefreshToken::parse(token.as_str()?).ok()?),
        };
        let expires_at = match object.get("expires_at") {
            None => None,
            Some(time) => Some(UnixTime::new(time.as_u64()?)),
        };
        let authorization_details = object.get("authorization_details").cloned();
        if !authorization_details
            .as_ref()
            .is_none_or(is_authorization_details)
        {
            return None;
        }
        let requested_authorization_details = match object.get("requested_authorization_details") {
            None => None,
            Some(details) => {
                let details = details.as_str()?;
                let parsed = json::parse(details.as_bytes(), MAX_LOGIN_BYTES).ok()?;
                if !is_authorization_details(&parsed) {
                    return None;
                }
                Some(details.to_string())
            }
        };
        let mut checks = Vec::new();
        for code in object.get("checks")?.as_array()? {
            checks.push(Check::from_code(code.as_str()?)?);
        }
        let dpop = match object.get("dpop") {
            None => None,
            Some(dpop) => Some(DpopBinding::read(dpop)?),
        };
        let clock_offset_seconds = object.get("clock_offset_seconds")?.as_i64()?;
        let clock_offset_seconds = i32::try_from(clock_offset_seconds)
            .ok()
            .filter(|offset| offset.unsigned_abs() <= MAX_CLOCK_OFFSET_SECONDS)?;
        Some(Box::new(Self {
            id_token,
            access_token: AccessToken::parse(required_str(object, "access_token")?).ok()?,
            refresh_token,
            expires_at,
            scope: strings(object, "scope", is_scope_token)?,
            authorization_details,
            requested_authorization_details,
            return_to: None,
            checks,
            dpop,
            clock_offset_seconds,
            signed_in_at: UnixTime::new(object.get("signed_in_at")?.as_u64()?),
            client_id: client_id.to_string(),
            acceptable_acr: strings(object, "acceptable_acr", is_acr)?,
            metadata,
        }))
    }
}

/// Shows no token and no claim.
impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Login")
            .field("issuer", self.metadata.issuer())
            .field("id_token", &self.id_token)
            .field("access_token", &self.access_token)
            .field("refresh_token", &self.refresh_token)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .field("authorization_details", &self.authorization_details)
            .field("return_to", &self.return_to)
            .field("checks", &self.checks)
            .field("dpop", &self.dpop)
            .field("clock_offset_seconds", &self.clock_offset_seconds)
            .finish_non_exhaustive()
    }
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    Value::from_iter(texts)
}
