//! How a session begins, is taken up again, changes and ends: here, and with it in the other tabs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::session::SessionError;
use portvakt_jose::UnixTime;

use super::keeper::Restored;
use super::state::{AuthState, Persistence, SignedIn};
use super::{Auth, arrival};
use crate::browser::{self, Message, Vault, Version};
use crate::{Error, browser::ProofKey};

impl Auth {
    /// Finds out who is signed in when the page comes up.
    pub(super) async fn arrive(self) {
        let config = self.config.get_value();
        // Cleans the address, before anything is awaited.
        let arrival = arrival::Arrival::find(&config);
        let is_kept = config.is_kept && self.keeper().open().await;
        self.persistence.set(if is_kept {
            Persistence::Sealed
        } else {
            Persistence::Memory
        });
        let key = match &arrival {
            Ok(Some(_)) if config.dpop => ProofKey::generate().await.map(Some),
            _ => Ok(None),
        };
        let outcome = match (arrival, key) {
            (Ok(None), _) => Ok(None),
            (Ok(Some(arrival)), Ok(key)) => arrival
                .complete(key.as_ref())
                .await
                .map(|session| Some((session, key))),
            (Err(error), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
        };
        let error = match outcome {
            Ok(Some((session, proof_key))) => match Vault::new_version() {
                Ok(version) => {
                    let signed_in = SignedIn::new(session, version);
                    return self.begin(signed_in, proof_key).await;
                }
                Err(error) => Some(error.into()),
            },
            Ok(None) => None,
            Err(error) => Some(error),
        };
        match self.keeper().restore(browser::now()).await {
            // Whoever was signed in before a sign-in that failed still is.
            Some(restored) => {
                self.take_up(restored);
                self.problem.set(error);
                self.note_activity(browser::now());
            }
            None => self.state.set(AuthState::SignedOut { error }),
        }
    }

    /// What another tab has said.
    pub(super) fn hear(self, message: Message) {
        match message {
            Message::Changed(reason) => spawn_local(self.read_again(reason)),
            Message::Active(at) => self.heard_activity(at),
            Message::Asked(id) => {
                if let Some(signed_in) = self.signed_in_untracked() {
                    self.keeper().share(&signed_in, &id);
                }
            }
        }
    }

    /// Looks what has become of the session that the tabs share. `reason` is why it ended, if it did.
    pub(super) async fn read_again(self, reason: Option<String>) {
        let is_arriving =
            matches!(self.state.get_untracked(), AuthState::Loading) && !self.is_hidden();
        if is_arriving || self.persistence.get_untracked() == Persistence::Memory {
            return;
        }
        match self.keeper().restore(browser::now()).await {
            Some(restored) => self.take_up(restored),
            None => {
                let error = reason.and_then(|code| SessionError::from_code(&code));
                self.show_signed_out(error.map(Into::into));
            }
        }
    }

    /// Takes up a session that was found, unless it is the one that is shown already.
    fn take_up(self, restored: Restored) {
        let Restored {
            signed_in,
            proof_key,
            last_activity,
        } = restored;
        let is_known = self
            .signed_in_untracked()
            .is_some_and(|known| known.version() == signed_in.version());
        self.page.update_value(|page| {
            page.hidden = None;
            page.proof_key = proof_key;
            page.last_activity = page.last_activity.max(last_activity);
            if !is_known {
                page.last_activity = last_activity;
            }
        });
        if !is_known {
            self.state.set(AuthState::SignedIn(signed_in));
        }
        self.tick(browser::now());
    }

    /// Begins a session, here and in all tabs, in place of the one before.
    async fn begin(self, signed_in: SignedIn, proof_key: Option<ProofKey>) {
        let now = browser::now();
        let begun = Restored {
            signed_in: signed_in.clone(),
            proof_key: proof_key.clone(),
            last_activity: now,
        };
        if self.persistence.get_untracked() == Persistence::Sealed
            && !self.keeper().begin(&begun).await
        {
            self.persistence.set(Persistence::Memory);
        }
        self.page.update_value(|page| {
            page.proof_key = proof_key;
            page.last_activity = now;
            page.last_told = now;
        });
        self.state.set(AuthState::SignedIn(signed_in));
        self.tick(now);
    }

    /// Puts a renewed session in the place of the one that it was made of, here and in all tabs. Whether that one
    /// was still there.
    pub(super) async fn replace(self, read: &Version, signed_in: SignedIn) -> bool {
        let (proof_key, last_activity) = self
            .page
            .with_value(|page| (page.proof_key.clone(), page.last_activity));
        let renewed = Restored {
            signed_in: signed_in.clone(),
            proof_key,
            last_activity,
        };
        let is_replaced = self.keeper().renew(read, &renewed).await;
        let is_current = self
            .signed_in_untracked()
            .is_some_and(|current| current.version().id == read.id);
        if is_replaced && is_current {
            self.state.set(AuthState::SignedIn(signed_in));
        }
        is_replaced
    }

    /// Ends the session with an error, here and in all tabs.
    pub(super) fn end(self, error: Error) {
        let code = error.code();
        if let Some(signed_in) = self.show_signed_out(Some(error)) {
            let keeper = self.keeper();
            spawn_local(async move { keeper.forget(&signed_in, Some(code)).await });
        }
    }

    /// Shows that nobody is signed in, and gives who was.
    pub(super) fn show_signed_out(self, error: Option<Error>) -> Option<SignedIn> {
        let hidden = self
            .page
            .try_update_value(|page| {
                page.proof_key = None;
                page.hidden.take()
            })
            .flatten();
        let signed_in = self.signed_in_untracked().or(hidden);
        if signed_in.is_some() || matches!(self.state.get_untracked(), AuthState::Loading) {
            self.session_end.set(None);
            self.problem.set(None);
            self.state.set(AuthState::SignedOut { error });
        }
        signed_in
    }

    /// Hides the session while the page is out of sight: it may be shown again after somebody has signed out.
    pub(super) fn hide(self) {
        if let Some(signed_in) = self.signed_in_untracked() {
            self.page.update_value(|page| page.hidden = Some(signed_in));
            self.state.set(AuthState::Loading);
        }
    }

    /// The page is shown again as it was left: everything about the session may have changed since.
    pub(super) async fn show_again(self, now: UnixTime) {
        if self.persistence.get_untracked() == Persistence::Sealed {
            self.read_again(None).await;
            return;
        }
        // Nobody else knows the session, and nobody but the clock can have ended it.
        let hidden = self
            .page
            .try_update_value(|page| page.hidden.take())
            .flatten();
        if let Some(signed_in) = hidden {
            self.state.set(AuthState::SignedIn(signed_in));
            self.tick(now);
        }
    }

    fn is_hidden(self) -> bool {
        self.page.with_value(|page| page.hidden.is_some())
    }
}
