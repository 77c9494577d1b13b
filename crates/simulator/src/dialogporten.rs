//! Dialogporten's end-user API.

use axum::Router;

use crate::state::Shared;
use crate::world::World;

/// What Dialogporten remembers.
#[derive(Debug)]
pub(crate) struct Dialogporten {}

impl Dialogporten {
    /// The dialogs of a world at a time (Unix seconds).
    pub(crate) fn new(_world: &World, _now: u64) -> Self {
        Self {}
    }

    /// Goes back to the dialogs of the start.
    pub(crate) fn reset(&self, _world: &World, _now: u64) {}
}

/// The routes of the Dialogporten origin.
pub(crate) fn router(state: &Shared) -> Router {
    Router::new().with_state(state.clone())
}
