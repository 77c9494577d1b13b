//! Hearing that the person has signed out from another service: from the application's own logout endpoint, which
//! the provider calls.
//!
//! Without such an endpoint a tab that comes into sight has the tokens renewed, at most once a minute: a provider does
//! not renew for somebody who has signed out, where its tokens end with its session.
//!
//! One tab listens for all (the lock decides which), and the others hear of it as of every change. A tab that comes
//! into sight asks by itself, since a connection may have died while the machine slept.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::session::SessionError;
use portvakt_jose::{UnixTime, base64url, json};
use portvakt_oidc::Url;
use portvakt_oidc::http::HttpRequest;

use super::Auth;
use super::state::SignedIn;
use crate::browser::{self, Events, Lock};

/// The largest answer of the endpoint: `{"loggedOut":false}` and room for more members.
const MAX_ANSWER_BYTES: usize = 4096;

/// The pause between two questions of a tab that hears nothing, in seconds. What is told by events is told at once.
const PAUSE_SECONDS: u64 = 2;

/// The pause between two questions to the provider, in seconds: people look at a tab more often than that.
const PROBE_PAUSE_SECONDS: u64 = 60;

impl Auth {
    /// Listens on behalf of all tabs for as long as this session is shown and the page is there.
    ///
    /// Called whenever another session has begun to be shown.
    pub(super) fn listen(self, signed_in: &SignedIn) {
        let Some(subscription) = self.subscription(signed_in) else {
            return;
        };
        let id = signed_in.version().id.clone();
        spawn_local(async move {
            let Some(url) = subscription.await else {
                return;
            };
            // One connection for all tabs: browsers allow six to an origin.
            let lock = Lock::acquire(&format!("portvakt.events.{id}")).await;
            if !self.shows(&id) {
                return;
            }
            let heard = id.clone();
            let events = Events::listen(&url, "logout", move || self.ended_elsewhere(&heard));
            self.page
                .try_update_value(|page| page.listening = events.map(|events| (id, events, lock)));
        });
    }

    /// Closes the connection: the page is put aside, or shows another session.
    pub(super) fn stop_listening(self) {
        self.page.try_update_value(|page| page.listening = None);
    }

    /// Asks now and then on behalf of all tabs, where the endpoint has no stream of events.
    pub(super) fn ask_if_deaf(self, now: UnixTime) {
        let is_due = self.page.try_update_value(|page| {
            let is_deaf = page
                .listening
                .as_ref()
                .is_some_and(|(_, events, _)| events.has_failed());
            let is_due = is_deaf && now >= page.ask_at;
            if is_due {
                page.ask_at = now.saturating_add(PAUSE_SECONDS);
            }
            is_due
        });
        if is_due == Some(true) {
            spawn_local(self.ask_whether_over());
        }
    }

    /// Asks once whether the session is over: the endpoint, or without one the provider, which does not renew what
    /// is over.
    pub(super) async fn ask_whether_over(self) {
        let Some(signed_in) = self.signed_in_untracked() else {
            return;
        };
        let Some(subscription) = self.subscription(&signed_in) else {
            if signed_in.is_renewable() && self.may_probe(browser::now()) {
                // A refusal has ended the session; anything else is no news.
                _ = self.renew().await;
            }
            return;
        };
        let Some(url) = subscription.await.and_then(|url| Url::parse(&url).ok()) else {
            return;
        };
        // No answer is no news.
        let Ok(response) = browser::fetch(&HttpRequest::get(url, MAX_ANSWER_BYTES)).await else {
            return;
        };
        let is_over = json::parse(&response.body, MAX_ANSWER_BYTES)
            .ok()
            .and_then(|answer| answer.get("loggedOut")?.as_bool());
        if response.status == 200 && is_over == Some(true) {
            self.ended_elsewhere(&signed_in.version().id);
        }
    }

    /// Whether the last time that the provider was asked is long enough ago.
    fn may_probe(self, now: UnixTime) -> bool {
        let may_probe = self.page.try_update_value(|page| {
            let may_probe = now >= page.ask_at;
            if may_probe {
                page.ask_at = now.saturating_add(PROBE_PAUSE_SECONDS);
            }
            may_probe
        });
        may_probe == Some(true)
    }

    fn ended_elsewhere(self, id: &str) {
        if self.shows(id) {
            self.end(SessionError::EndedElsewhere.into());
        }
    }

    fn shows(self, id: &str) -> bool {
        self.signed_in_untracked()
            .is_some_and(|current| current.version().id == id)
    }

    /// The address to ask about a session, which does not name it: whoever may ask cannot end it.
    fn subscription(
        self,
        signed_in: &SignedIn,
    ) -> Option<impl Future<Output = Option<String>> + use<>> {
        let path = self
            .config
            .with_value(|config| config.logout_events.clone())?;
        let login = &signed_in.session().login;
        let session = format!(
            "{}\n{}",
            login.metadata.issuer().as_str(),
            login.id_token.sid()?
        );
        Some(async move {
            let digest = browser::sha256(session.as_bytes()).await.ok()?;
            let origin = window().location().origin().ok()?;
            Some(format!(
                "{origin}{}?session={}",
                path.as_str(),
                base64url::encode(&digest)
            ))
        })
    }
}
