//! What happened lately: requests and what became of them, without anything secret.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::origins::Origin;

/// How many requests are remembered.
const MAX_EVENTS: usize = 200;

/// One request.
///
/// The query and the body are left out, for they carry codes, tokens and person numbers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Event {
    /// When, in Unix seconds of the simulator's clock.
    pub(crate) at: u64,
    pub(crate) origin: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    /// What became of it, such as an OAuth error with its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// Put into a response's extensions, it becomes the event's note.
#[derive(Clone, Debug)]
pub(crate) struct Note(pub(crate) String);

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Events(Mutex<VecDeque<Event>>);

impl Events {
    pub(crate) fn add(&self, event: Event) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() == MAX_EVENTS {
            events.pop_front();
        }
        events.push_back(event);
    }

    /// The latest first.
    pub(crate) fn latest(&self) -> Vec<Event> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .rev()
            .cloned()
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl Event {
    pub(crate) fn new(
        at: u64,
        origin: Origin,
        method: &str,
        path: &str,
        status: u16,
        note: Option<String>,
    ) -> Self {
        /// Longer paths are no endpoints of ours.
        const MAX_PATH: usize = 120;
        Self {
            at,
            origin: origin.as_str(),
            method: method.to_owned(),
            path: path.chars().take(MAX_PATH).collect(),
            status,
            note,
        }
    }
}
