//! What a provider remembers between requests.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::bounded::Bounded;
use crate::clients::Client;
use crate::eid::{Acr, Eid};
use crate::locale::Locale;

use super::params::Params;
use super::request::AuthorizationRequest;
use super::sessions::{Login, Session};

/// How long a person may take to sign in, in seconds.
pub(crate) const TRANSACTION_LIFETIME: u64 = 30 * 60;

/// How long a code is good, in seconds; RFC 6749 §4.1.2 recommends at most ten minutes.
pub(crate) const CODE_LIFETIME: u64 = 60;

/// How long a pushed request is good, in seconds.
///
/// Source: Digdir, *PAR*: `expires_in` 120.
pub(crate) const PUSHED_LIFETIME: u64 = 120;

/// Everything, bounded: thousands of logins a second must not fill the memory.
#[derive(Debug)]
pub(crate) struct Store {
    /// Logins under way, by the `tx` of the pages.
    pub(crate) transactions: Bounded<Transaction>,
    /// By the value of the session cookie.
    pub(crate) sessions: Bounded<Session>,
    /// By code.
    pub(crate) codes: Bounded<Code>,
    /// By an internal id.
    pub(crate) grants: Bounded<Grant>,
    /// The grant of each access token, by `jti`.
    pub(crate) access_tokens: Bounded<String>,
    /// The claims of opaque access tokens, by the hash of the token.
    pub(crate) opaque_tokens: Bounded<Map<String, Value>>,
    /// By the hash of the token.
    pub(crate) refresh_tokens: Bounded<RefreshToken>,
    /// By `request_uri`.
    pub(crate) pushed: Bounded<Pushed>,
}

/// A login under way.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(crate) request: Arc<AuthorizationRequest>,
    /// The value of the cookie that ties it to a browser.
    pub(crate) binding: String,
    pub(crate) step: Step,
    pub(crate) locale: Locale,
    pub(crate) started: u64,
}

/// How far a login has come.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The person chooses how to sign in.
    ChooseEid,
    /// The person signs in.
    SignIn(Eid),
    /// The person chooses whom to represent.
    Represent(Login),
    /// The browser was sent back to the application.
    Done,
}

/// An authorization code.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: String,
    pub(crate) issued: u64,
    pub(crate) grant: String,
    pub(crate) is_used: bool,
}

/// What a person let a client have, and all tokens that follow from it.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client: Arc<Client>,
    pub(crate) login: Login,
    pub(crate) scope: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) requested_acr: Vec<Acr>,
    pub(crate) resource: Vec<String>,
    pub(crate) authorization_details: Option<Value>,
    pub(crate) locale: Locale,
    /// The session that it began in, by its `sid`, which stays while the cookie changes.
    pub(crate) sid: String,
    pub(crate) granted: u64,
    pub(crate) is_revoked: bool,
}

/// A refresh token.
#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    pub(crate) grant: String,
    pub(crate) issued: u64,
    pub(crate) is_used: bool,
    /// The key that it is bound to (RFC 9449 §5).
    pub(crate) jkt: Option<String>,
}

/// A pushed authorization request.
#[derive(Debug)]
pub(crate) struct Pushed {
    pub(crate) client_id: String,
    pub(crate) params: Params,
    pub(crate) pushed: u64,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self {
            transactions: Bounded::new(5_000),
            sessions: Bounded::new(5_000),
            codes: Bounded::new(10_000),
            grants: Bounded::new(10_000),
            access_tokens: Bounded::new(20_000),
            opaque_tokens: Bounded::new(20_000),
            refresh_tokens: Bounded::new(20_000),
            pushed: Bounded::new(5_000),
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new();
    }

    /// A session that has not ended; one that has is forgotten.
    pub(crate) fn session(&mut self, id: &str, now: u64) -> Option<&mut Session> {
        if self.sessions.get(id)?.is_over(now) {
            self.sessions.remove(id);
        }
        self.sessions.get_mut(id)
    }

    /// Ends a grant: none of its tokens is good for this provider any more.
    pub(crate) fn revoke(&mut self, grant: &str) {
        if let Some(grant) = self.grants.get_mut(grant) {
            grant.is_revoked = true;
        }
    }
}
