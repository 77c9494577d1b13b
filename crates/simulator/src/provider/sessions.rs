//! Sessions: single sign-on in ID-porten, isolated sign-on in Ansattporten, one clock for all.

use std::collections::BTreeMap;

use crate::eid::Acr;
use crate::random;
use crate::world::Pid;

/// How long a session lasts from the first login, in seconds.
///
/// Source: Digdir, *Guide ID-porten* and *SSO*: 120 minutes.
pub(crate) const LIFETIME: u64 = 120 * 60;

/// How long a session lasts without an authorization request, in seconds.
///
/// Source: Digdir, *Guide ID-porten* and *SSO*: 30 minutes.
pub(crate) const IDLE: u64 = 30 * 60;

/// A browser in which somebody has signed in.
///
/// All clients share the session's clock, also those that share no login.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) started: u64,
    pub(crate) last_active: u64,
    /// The login of all clients with single sign-on.
    shared: Option<Login>,
    /// The logins of clients that have sign-on only with themselves.
    isolated: BTreeMap<String, Login>,
    /// The clients that took part, with the `sid` that each was given.
    participants: BTreeMap<String, String>,
}

/// An authentication of a person.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) pid: Pid,
    pub(crate) acr: Acr,
    pub(crate) amr: Vec<&'static str>,
    pub(crate) auth_time: u64,
}

impl Session {
    pub(crate) fn new(now: u64) -> Self {
        Self {
            started: now,
            last_active: now,
            shared: None,
            isolated: BTreeMap::new(),
            participants: BTreeMap::new(),
        }
    }

    /// Whether it has ended by itself.
    pub(crate) fn is_over(&self, now: u64) -> bool {
        now >= self.started.saturating_add(LIFETIME) || now >= self.last_active.saturating_add(IDLE)
    }

    /// The login that a client can use without the person signing in again.
    pub(crate) fn login(&self, client_id: &str, is_isolated: bool) -> Option<&Login> {
        if is_isolated {
            self.isolated.get(client_id)
        } else {
            self.shared.as_ref()
        }
    }

    /// Takes note of a login.
    ///
    /// Where sign-on is shared, another person begins a new session: the clients of the one before
    /// are no part of it.
    pub(crate) fn sign_in(&mut self, client_id: &str, is_isolated: bool, login: Login) {
        if is_isolated {
            self.isolated.insert(client_id.to_owned(), login);
            return;
        }
        if self
            .shared
            .as_ref()
            .is_some_and(|before| before.pid != login.pid)
        {
            *self = Self::new(login.auth_time);
        }
        self.shared = Some(login);
    }

    /// Takes note of a client, and gives its `sid`.
    pub(crate) fn join(&mut self, client_id: &str) -> String {
        self.participants
            .entry(client_id.to_owned())
            .or_insert_with(random::token::<32>)
            .clone()
    }

    /// The clients that took part, with their `sid`.
    pub(crate) fn participants(&self) -> impl Iterator<Item = (&str, &str)> {
        self.participants
            .iter()
            .map(|(client_id, sid)| (client_id.as_str(), sid.as_str()))
    }

    /// The logins, each with the client that alone may use it.
    pub(crate) fn logins(&self) -> impl Iterator<Item = (Option<&str>, &Login)> {
        let shared = self.shared.iter().map(|login| (None, login));
        shared.chain(
            self.isolated
                .iter()
                .map(|(client_id, login)| (Some(client_id.as_str()), login)),
        )
    }

    /// Makes the session and its logins older, as if so many seconds had passed.
    pub(crate) fn age(&mut self, seconds: u64) {
        self.started = self.started.saturating_sub(seconds);
        self.last_active = self.last_active.saturating_sub(seconds);
        for login in self.shared.iter_mut().chain(self.isolated.values_mut()) {
            login.auth_time = login.auth_time.saturating_sub(seconds);
        }
    }
}
