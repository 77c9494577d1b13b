//! The control page and its JSON API.

use axum::Router;

use crate::state::Shared;

/// The routes of the control origin.
pub(crate) fn router(state: &Shared) -> Router {
    Router::new().with_state(state.clone())
}
