//! How long a session lasts: the clock, the person's activity in all tabs, and the warning before the end.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::session::Standing;
use portvakt_jose::UnixTime;

use super::Auth;
use super::state::SessionEnd;
use crate::browser;

/// How often the other tabs and the store are told that the person is there, in seconds: seldom, since each press
/// of a key would else be a write, and often enough for a limit of minutes.
const ACTIVITY_SECONDS: u64 = 15;

impl Auth {
    /// The person wants to go on: what a button in a warning is for. It counts as activity, and so does every key
    /// and click.
    pub fn continue_session(self) {
        let now = browser::now();
        self.tick(now);
        self.tell_activity(now);
        self.tick(now);
    }

    /// Ends a session that has lasted or lain idle too long, and says how long another one still has.
    pub(super) fn tick(self, now: UnixTime) {
        self.now.set(now);
        let Some(signed_in) = self.signed_in_untracked() else {
            return;
        };
        let last_activity = self.page.with_value(|page| page.last_activity);
        let limits = self.config.with_value(|config| config.limits);
        match limits.standing(signed_in.session().authenticated_at(), last_activity, now) {
            Standing::Active {
                ends_at,
                warn_from,
                cause,
            } => {
                let end = SessionEnd {
                    at: ends_at,
                    cause,
                    is_near: now >= warn_from,
                };
                if self.session_end.get_untracked() != Some(end) {
                    self.session_end.set(Some(end));
                }
            }
            Standing::Ended(error) => self.end(error.into()),
        }
    }

    /// Somebody pressed a key, clicked or scrolled, in this tab.
    pub(super) fn note_activity(self, now: UnixTime) {
        // A wheel that turns comes many times a second.
        if self.page.with_value(|page| page.last_activity == now) {
            return;
        }
        // First: a key that is pressed after the time is up does not prolong it.
        self.tick(now);
        let last_told = self.page.with_value(|page| page.last_told);
        if now >= last_told.saturating_add(ACTIVITY_SECONDS) {
            self.tell_activity(now);
        } else {
            self.page.update_value(|page| page.last_activity = now);
        }
    }

    /// Somebody did so in another tab.
    pub(super) fn heard_activity(self, at: UnixTime) {
        // No later than now, whatever the message says.
        let at = at.min(browser::now());
        self.page
            .update_value(|page| page.last_activity = page.last_activity.max(at));
    }

    fn tell_activity(self, now: UnixTime) {
        self.page.update_value(|page| {
            page.last_activity = now;
            page.last_told = now;
        });
        if let Some(signed_in) = self.signed_in_untracked() {
            let keeper = self.keeper();
            spawn_local(async move { keeper.note_activity(&signed_in, now).await });
        }
    }
}
