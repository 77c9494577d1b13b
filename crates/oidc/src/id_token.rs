//! Who signed in. OIDC Core §2.

mod expectation;
mod verify;

use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::json::{Object, Value};
use portvakt_jose::{UnixTime, base64url};
use sha2::{Digest, Sha256};

pub use expectation::{ExpectedNonce, IdTokenExpectation};
pub use verify::{MAX_ID_TOKEN_AGE_SECONDS, verify_id_token};
pub(crate) use verify::{judge_id_token, kept_id_token, may_be_other_keys, unverified_id_token};

use crate::secret::{RawIdToken, Subject};

/// Who signed in: an id_token that was found to be genuine, valid, and the answer to this login.
///
/// Only [`verify_id_token`], with which a login is completed, makes one. `Debug` shows no claim.
#[derive(Clone)]
pub struct IdToken {
    raw: RawIdToken,
    claims: Object,
    issued_at: UnixTime,
    expires_at: UnixTime,
    auth_time: Option<UnixTime>,
}

impl IdToken {
    /// Who the person is to this client: unique at this issuer, and with pairwise identifiers not
    /// the same for another client. 1 to 255 ASCII characters. OIDC Core §2.
    pub fn sub(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }

    /// The same as a digest, for [`LoginRequest::subject`](crate::LoginRequest).
    pub fn subject(&self) -> Subject {
        Subject::new(base64url::encode(Sha256::digest(self.sub().as_bytes())))
    }

    /// Every claim, as signed. OIDC Core §2, §5.1.
    pub fn claims(&self) -> &Object {
        &self.claims
    }

    /// The session at the provider, if it says: what a logout names. OIDC Front-Channel Logout §3.
    pub fn sid(&self) -> Option<&str> {
        self.text("sid")
    }

    /// The way or level of authentication, in the provider's words. OIDC Core §2.
    pub fn acr(&self) -> Option<&str> {
        self.text("acr")
    }

    /// The methods of authentication, in the provider's words; for information only. OIDC Core §2.
    pub fn amr(&self) -> Vec<&str> {
        let methods = self
            .claims
            .get("amr")
            .and_then(Value::as_array)
            .unwrap_or_default();
        methods.iter().filter_map(Value::as_str).collect()
    }

    /// When the person authenticated, if the provider says. OIDC Core §2.
    pub fn auth_time(&self) -> Option<UnixTime> {
        self.auth_time
    }

    /// When the id_token was issued.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// When the id_token expires. That is about the token, not about the session: ID-porten's live
    /// two minutes.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// The token's compact form, for `id_token_hint`. It is not for calling APIs: that is what
    /// access tokens are for.
    pub fn raw(&self) -> &RawIdToken {
        &self.raw
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IdToken")
            .field("claims", &self.claims)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
