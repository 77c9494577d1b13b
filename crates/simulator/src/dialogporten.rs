//! Dialogporten's end-user API: the inbox of people and organisations.
//!
//! It behaves as the service does towards somebody who reads: who may see what, in which order
//! refusals come, how pages are turned, what opening a dialog leaves behind. What it leaves out is
//! the other side: the service owners' API, GraphQL and its subscriptions, tokens of Maskinporten
//! and Altinn. The dialogs are seeded ([`seed`]) and live in memory ([`store`]).
//!
//! ```text
//! request -> cors -> problem::render -> faults -> bearer::EndUser -> endpoint -> view -> response
//!                                                     |                 |
//!                                                 Caller, Reach      Access (world)
//! ```
//!
//! Two things are the simulator's own. Tokens of Ansattporten can be accepted, which the service
//! does not do yet; they then reach as far as their own `authorization_details`. And
//! `/dialogporten/demo-service` plays the service owner ([`content`]), so that links, embedded
//! content and actions of the seeded dialogs lead somewhere.

mod accept;
mod access;
mod actor;
mod bearer;
mod content;
mod context;
mod dialog_token;
mod dialogs;
mod fault;
mod history;
mod labels;
mod language;
mod lookup;
mod metadata;
mod model;
mod order;
mod parties;
mod problem;
mod query;
mod search;
mod seed;
mod store;
mod timestamp;
mod view;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::header::CONTENT_TYPE;
use serde::Serialize;
use uuid::Uuid;

pub(crate) use self::store::Dialogporten;

use self::access::{Access, Caller};
use self::language::AcceptedLanguages;
use self::problem::{MAX_BODY_BYTES, Problem};
use self::timestamp::Timestamp;
use self::view::Reader;
use crate::cors::{self, Endpoint};
use crate::origins::Origin;
use crate::page;
use crate::state::{Shared, State};
use crate::unanswered::Unanswered;

/// The routes of the Dialogporten origin.
pub(crate) fn router(state: &Shared) -> Router {
    let dialog = Router::new()
        .route("/", get(dialogs::details))
        .route("/transmissions", get(history::transmissions))
        .route("/transmissions/{part_id}", get(history::transmission))
        .route("/activities", get(history::activities))
        .route("/activities/{part_id}", get(history::activity))
        .route("/seenlog", get(history::seen_log))
        .route("/seenlog/{part_id}", get(history::seen_log_entry))
        .route("/context/labellog", get(history::label_log))
        .route("/context/systemlabels", put(context::set));
    let end_user = Router::new()
        .route("/dialogs", get(dialogs::search))
        .route(
            "/dialogs/context/systemlabels/actions/bulkset",
            post(context::bulk_set),
        )
        .nest("/dialogs/{dialog_id}", dialog)
        .route("/dialoglookup", get(lookup::dialog))
        .route("/parties", get(parties::list))
        .route("/serviceresources", get(metadata::authorised_resources))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            fault::of_end_user_api,
        ));
    let api = Router::new()
        .nest("/enduser", end_user)
        .route("/metadata/limits", get(metadata::limits))
        .route("/metadata/serviceresources", get(metadata::resources))
        .route("/.well-known/jwks.json", get(metadata::jwks))
        .route(
            "/.well-known/oauth-authorization-server",
            get(metadata::authorization_server),
        );
    Router::new()
        .nest("/dialogporten/api/v1", api)
        .fallback(Unanswered::path)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            fault::maintenance,
        ))
        .layer(middleware::from_fn(problem::render))
        .layer(middleware::from_fn_with_state(
            (state.clone(), Endpoint::Dialogporten),
            cors::answer,
        ))
        // Below the layers: a service owner's address has its own CORS and no maintenance of ours.
        .nest("/dialogporten/demo-service", content::router())
        .merge(page::assets())
        .with_state(state.clone())
}

/// The service's base URL, without a trailing slash.
fn base(state: &State) -> String {
    format!("{}/dialogporten", state.origins.url(Origin::Dialogporten))
}

/// The issuer of dialog tokens.
fn issuer(state: &State) -> String {
    format!("{}/api/v1", base(state))
}

fn now(state: &State) -> Timestamp {
    Timestamp::from_unix_seconds(state.clock.now())
}

/// Reads on behalf of a caller; the world does not change meanwhile.
fn as_reader<T>(
    state: &State,
    caller: &Caller,
    languages: &AcceptedLanguages,
    read: impl FnOnce(&Reader<'_>) -> T,
) -> T {
    let world = state.world();
    let base = base(state);
    read(&Reader {
        access: Access {
            world: &world,
            caller,
        },
        languages,
        masker: state.dialogporten.masker(),
        now: now(state),
        base: &base,
    })
}

/// A response with a JSON body.
fn json(body: &impl Serialize) -> Result<Response, Problem> {
    // A body of our own types can always be written.
    let body = serde_json::to_vec(body).map_err(|_| Problem::Internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// An id from the path.
fn id(parameter: &str, text: &str) -> Result<Uuid, Problem> {
    Uuid::parse_str(text).map_err(|_| {
        Problem::invalid(
            parameter,
            format!("Value [{text}] is not valid for a [Guid] property!"),
        )
    })
}
