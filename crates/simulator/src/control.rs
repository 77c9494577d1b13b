//! The control page and its JSON API.
//!
//! Whoever controls the simulator decides who signs in, so foreign websites must not: see [`guard`].

mod actions;
mod api;
mod guard;
mod page;
mod refusal;
mod view;

use axum::Router;
use axum::middleware;
use axum::routing::{delete, get, post};

use crate::state::Shared;
use crate::unanswered::Unanswered;

/// The routes of the control origin.
pub(crate) fn router(state: &Shared) -> Router {
    let api = Router::new()
        .route("/state", get(api::state))
        .route("/clock", get(api::clock).post(api::move_clock))
        .route(
            "/faults",
            get(api::faults).post(api::arm).delete(api::disarm_all),
        )
        .route("/faults/{name}", delete(api::disarm))
        .route("/keys/rotate", post(api::rotate_keys))
        .route("/cors", get(api::cors).put(api::set_cors))
        .route("/switches", get(api::switches).put(api::set_switches))
        .route("/rar", get(api::rar).put(api::set_rar))
        .route(
            "/dialogporten",
            get(api::dialogporten).put(api::set_dialogporten),
        )
        .route("/clients", get(api::clients).post(api::register))
        .route("/clients/{client_id}", delete(api::remove_client))
        .route("/people", get(api::people).post(api::put_person))
        .route("/people/{pid}", delete(api::remove_person))
        .route(
            "/organisations",
            get(api::organisations).post(api::put_organisation),
        )
        .route("/organisations/{number}", delete(api::remove_organisation))
        .route("/resources", get(api::resources).post(api::put_resource))
        .route("/resources/{id}", delete(api::remove_resource))
        .route("/sessions", get(api::sessions).delete(api::end_sessions))
        .route("/sessions/age", post(api::age_sessions))
        .route("/logouts", get(api::logouts))
        .route("/events", get(api::events))
        .route("/reset", post(api::reset))
        .fallback(api::not_found)
        .method_not_allowed_fallback(Unanswered::method)
        .layer(middleware::from_fn(guard::api));
    let actions = Router::new()
        .route("/{action}", post(actions::act))
        .method_not_allowed_fallback(Unanswered::method)
        .layer(middleware::from_fn(guard::own_forms));
    Router::new()
        .route("/", get(page::show))
        .nest("/api", api)
        .nest("/actions", actions)
        .merge(crate::page::assets())
        .fallback(Unanswered::path)
        .method_not_allowed_fallback(Unanswered::method)
        .with_state(state.clone())
}
