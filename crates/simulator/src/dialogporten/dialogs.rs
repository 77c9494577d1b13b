//! Searching for dialogs and opening one.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderValue;
use http::header::ETAG;
use serde::Serialize;
use uuid::Uuid;

use super::accept::Languages;
use super::access::DialogAccess;
use super::bearer::EndUser;
use super::model::Dialog;
use super::problem::Problem;
use super::query::SearchQuery;
use super::search;
use super::store::mark_seen;
use super::view::{ListItem, Reader};
use super::{as_reader, dialog_token, id, issuer, json};
use crate::faults::Fault;
use crate::state::Shared;

/// What the service says to a caller who signed in at too low a level.
pub(crate) const LEVEL_TOO_LOW: &str = "Altinn authentication level too low.";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SearchResult<'a> {
    items: Vec<ListItem<'a>>,
    has_next_page: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_token: Option<String>,
    order_by: String,
}

/// `GET /enduser/dialogs`
pub(crate) async fn search(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    languages: Languages,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let languages = languages.get()?;
    let query = SearchQuery::parse(query.as_deref().unwrap_or_default())?;
    if state.faults.take(Fault::DialogportenSearchTooBroad) {
        return Err(Problem::TooBroad);
    }
    as_reader(&state, &caller, &languages, |reader| {
        state.dialogporten.with(|dialogs| {
            let page = search::page(dialogs, &query, reader);
            json(&SearchResult {
                items: page
                    .dialogs
                    .iter()
                    .map(|dialog| reader.list_item(dialog))
                    .collect(),
                has_next_page: page.has_next_page,
                continuation_token: page.continuation_token,
                order_by: query.order_by.echo(),
            })
        })
    })
}

/// `GET /enduser/dialogs/{dialogId}`
///
/// Opening a dialog leaves a trace in its seen log and takes `MarkedAsUnopened` away.
pub(crate) async fn details(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    languages: Languages,
    Path(dialog_id): Path<String>,
) -> Result<Response, Problem> {
    let languages = languages.get()?;
    let dialog_id = id("dialogId", &dialog_id)?;
    as_reader(&state, &caller, &languages, |reader| {
        state.dialogporten.with(|dialogs| {
            let dialog = dialogs
                .iter_mut()
                .find(|dialog| dialog.id == dialog_id)
                .ok_or(Problem::no_dialog(dialog_id))?;
            let allowed = open(dialog, reader)?;
            mark_seen(dialog, &caller.party, &caller.name, reader.now);
            let token = dialog_token::issue(
                &state.dialog_keys,
                &issuer(&state),
                dialog,
                &caller,
                &allowed,
                state.clock.now(),
            );
            let mut response = json(&reader.details(dialog, &allowed, token))?;
            // Without quotes, against RFC 9110 §8.8.3: that is what the service sends.
            if let Ok(revision) = HeaderValue::from_str(&dialog.revision.to_string()) {
                response.headers_mut().insert(ETAG, revision);
            }
            Ok(response)
        })
    })
}

/// Decides whether the reader may open the dialog, in the service's order.
fn open(dialog: &Dialog, reader: &Reader<'_>) -> Result<DialogAccess, Problem> {
    let allowed = reader.access.to(dialog);
    if !allowed.has_main_resource() && !reader.access.may_list(dialog) {
        return Err(Problem::Forbidden("Forbidden", "Forbidden".to_owned()));
    }
    if dialog.deleted {
        return Err(Problem::Gone(dialog.id));
    }
    if !reader.access.has_level_for(dialog) {
        return Err(Problem::Forbidden("Forbidden", LEVEL_TOO_LOW.to_owned()));
    }
    match (dialog.visible_from, dialog.expires_at) {
        (Some(from), _) if from > reader.now => Err(Problem::NotVisible(from)),
        (_, Some(at)) if at < reader.now => Err(Problem::Expired(at)),
        _ => Ok(allowed),
    }
}

/// A part of a dialog for a reader: without access there is no dialog, then it may be gone, then
/// the level may be too low.
pub(crate) fn open_part<'d>(
    dialogs: &'d [Dialog],
    dialog_id: Uuid,
    reader: &Reader<'_>,
) -> Result<(&'d Dialog, DialogAccess), Problem> {
    let dialog = dialogs
        .iter()
        .find(|dialog| dialog.id == dialog_id)
        .ok_or(Problem::no_dialog(dialog_id))?;
    let allowed = reader.access.to(dialog);
    if !allowed.has_main_resource() {
        return Err(Problem::no_dialog(dialog_id));
    }
    if dialog.deleted {
        return Err(Problem::Gone(dialog_id));
    }
    if !reader.access.has_level_for(dialog) {
        return Err(Problem::Forbidden("Forbidden", LEVEL_TOO_LOW.to_owned()));
    }
    Ok((dialog, allowed))
}
