//! What has to survive the redirect, kept in the tab's `sessionStorage`.

use portvakt_jose::UnixTime;
use web_sys::Storage;

use super::vault::TAB_SECRET;
use crate::BrowserError;

/// How many entries one tab keeps.
///
/// A person who opens the sign-in page and goes back leaves an entry behind each time; the oldest
/// gives way. Eight is more than anyone has under way in one tab.
pub const MAX_ENTRIES: usize = 8;

/// The greatest entry that is read back, in bytes. What the flows write is below 16 KiB; anything
/// larger was written by somebody else.
pub const MAX_ENTRY_BYTES: usize = 64 * 1024;

/// What every name that this crate keeps begins with.
const PREFIX: &str = "portvakt.";

/// Named entries with an expiry, each put once and taken once.
///
/// The store belongs to the tab: `sessionStorage` is not shared with other tabs and ends with the
/// tab, so that two tabs that sign in at once cannot take each other's entry. What is read back is
/// as trustworthy as any other script of the origin, so the flows check it again.
pub struct TabStore {
    storage: Storage,
}

impl TabStore {
    /// Opens the store of this tab.
    ///
    /// # Errors
    /// `browser_storage_unavailable`: the browser's settings forbid storage.
    pub fn open() -> Result<Self, BrowserError> {
        Ok(Self {
            storage: super::session_storage()?,
        })
    }

    /// Keeps `value` under `name`, which begins with `portvakt.`, until it is taken or `expires_at` has come.
    ///
    /// Entries that have expired are removed first; if the store is still full, the one that expires first is.
    ///
    /// # Errors
    /// `browser_storage_full`.
    pub fn put(
        &self,
        name: &str,
        value: &str,
        expires_at: UnixTime,
        now: UnixTime,
    ) -> Result<(), BrowserError> {
        self.make_room(now);
        let entry = format!("{} {value}", expires_at.as_secs());
        self.storage
            .set_item(name, &entry)
            .map_err(|_| BrowserError::StorageFull)
    }

    /// Takes the entry out of the store, expired or not: the flow that it belongs to says which, and how it is told.
    #[must_use]
    pub fn take(&self, name: &str) -> Option<String> {
        let entry = self.storage.get_item(name).ok().flatten()?;
        // Gone before anything is done with it: an entry is good for one answer, whatever comes of it.
        self.storage.remove_item(name).ok()?;
        if entry.len() > MAX_ENTRY_BYTES {
            return None;
        }
        split_entry(&entry).map(|(_, value)| value.to_owned())
    }

    fn make_room(&self, now: UnixTime) {
        let mut kept = Vec::new();
        for key in self.keys() {
            let entry = self
                .storage
                .get_item(&key)
                .ok()
                .flatten()
                .unwrap_or_default();
            match split_entry(&entry) {
                Some((expires_at, _)) if now < expires_at => kept.push((expires_at, key)),
                _ => self.remove(&key),
            }
        }
        while kept.len() >= MAX_ENTRIES
            && let Some(first) = (0..kept.len())
                .min_by_key(|index| kept.get(*index).map(|(expires_at, _)| *expires_at))
        {
            let (_, key) = kept.swap_remove(first);
            self.remove(&key);
        }
    }

    fn keys(&self) -> Vec<String> {
        let length = self.storage.length().unwrap_or(0);
        (0..length)
            .filter_map(|index| self.storage.key(index).ok().flatten())
            .filter(|key| key.starts_with(PREFIX) && !key.starts_with(TAB_SECRET))
            .collect()
    }

    fn remove(&self, key: &str) {
        // Removing cannot fail for want of room, and a missing entry is what is wanted.
        _ = self.storage.remove_item(key);
    }
}

/// An entry is the second of its expiry, a space, and the value.
fn split_entry(entry: &str) -> Option<(UnixTime, &str)> {
    let (expires_at, value) = entry.split_once(' ')?;
    Some((UnixTime::new(expires_at.parse().ok()?), value))
}
