//! The parts of a dialog by themselves: transmissions, activities, and the two logs.
//!
//! Lists are bare arrays, oldest first. None of these requests counts as opening the dialog.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

use super::accept::Languages;
use super::access::DialogAccess;
use super::bearer::EndUser;
use super::dialogs::open_part;
use super::model::{Activity, Dialog, SeenLogEntry, Transmission};
use super::problem::Problem;
use super::view::Reader;
use super::{as_reader, id, json};
use crate::state::Shared;

/// `GET /enduser/dialogs/{dialogId}/transmissions`
pub(crate) async fn transmissions(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path(dialog_id): Path<String>,
) -> Result<Response, Problem> {
    part(
        &state,
        &user,
        languages,
        &dialog_id,
        |dialog, allowed, reader| {
            let mut sorted: Vec<&Transmission> = dialog.transmissions.iter().collect();
            sorted.sort_by_key(|transmission| (transmission.created_at, transmission.id));
            let views = sorted
                .into_iter()
                .map(|it| reader.transmission(it, allowed));
            Ok(views.collect::<Vec<_>>())
        },
    )
}

/// `GET /enduser/dialogs/{dialogId}/transmissions/{transmissionId}`
pub(crate) async fn transmission(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path((dialog_id, part_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let part_id = id("transmissionId", &part_id)?;
    part(
        &state,
        &user,
        languages,
        &dialog_id,
        |dialog, allowed, reader| {
            let found = dialog
                .transmissions
                .iter()
                .find(|transmission| transmission.id == part_id);
            let found = found.ok_or_else(|| missing("DialogTransmission", part_id))?;
            Ok(reader.transmission(found, allowed))
        },
    )
}

/// `GET /enduser/dialogs/{dialogId}/activities`
pub(crate) async fn activities(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path(dialog_id): Path<String>,
) -> Result<Response, Problem> {
    part(&state, &user, languages, &dialog_id, |dialog, _, reader| {
        let mut sorted: Vec<&Activity> = dialog.activities.iter().collect();
        sorted.sort_by_key(|activity| (activity.created_at, activity.id));
        Ok(sorted
            .into_iter()
            .map(|activity| reader.listed_activity(activity))
            .collect::<Vec<_>>())
    })
}

/// `GET /enduser/dialogs/{dialogId}/activities/{activityId}`
pub(crate) async fn activity(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path((dialog_id, part_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let part_id = id("activityId", &part_id)?;
    part(&state, &user, languages, &dialog_id, |dialog, _, reader| {
        let found = dialog
            .activities
            .iter()
            .find(|activity| activity.id == part_id);
        let found = found.ok_or_else(|| missing("DialogActivity", part_id))?;
        Ok(reader.activity(found))
    })
}

/// `GET /enduser/dialogs/{dialogId}/seenlog`
pub(crate) async fn seen_log(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path(dialog_id): Path<String>,
) -> Result<Response, Problem> {
    part(&state, &user, languages, &dialog_id, |dialog, _, reader| {
        let mut sorted: Vec<&SeenLogEntry> = dialog.seen_log.iter().collect();
        sorted.sort_by_key(|entry| (entry.seen_at, entry.id));
        Ok(sorted
            .into_iter()
            .map(|entry| reader.seen(entry))
            .collect::<Vec<_>>())
    })
}

/// `GET /enduser/dialogs/{dialogId}/seenlog/{seenLogId}`
pub(crate) async fn seen_log_entry(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path((dialog_id, part_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let part_id = id("seenLogId", &part_id)?;
    part(&state, &user, languages, &dialog_id, |dialog, _, reader| {
        let found = dialog.seen_log.iter().find(|entry| entry.id == part_id);
        let found = found.ok_or_else(|| missing("DialogSeenLog", part_id))?;
        Ok(reader.seen(found))
    })
}

/// `GET /enduser/dialogs/{dialogId}/context/labellog`
pub(crate) async fn label_log(
    State(state): State<Shared>,
    user: EndUser,
    languages: Languages,
    Path(dialog_id): Path<String>,
) -> Result<Response, Problem> {
    part(&state, &user, languages, &dialog_id, |dialog, _, reader| {
        let entries = dialog
            .context
            .label_log
            .iter()
            .map(|entry| reader.label(entry));
        Ok(entries.collect::<Vec<_>>())
    })
}

fn part<T: Serialize>(
    state: &Shared,
    EndUser(caller): &EndUser,
    languages: Languages,
    dialog_id: &str,
    read: impl FnOnce(&Dialog, &DialogAccess, &Reader<'_>) -> Result<T, Problem>,
) -> Result<Response, Problem> {
    let languages = languages.get()?;
    let dialog_id = id("dialogId", dialog_id)?;
    as_reader(state, caller, &languages, |reader| {
        state.dialogporten.with(|dialogs| {
            let (dialog, allowed) = open_part(dialogs, dialog_id, reader)?;
            json(&read(dialog, &allowed, reader)?)
        })
    })
}

fn missing(entity: &'static str, id: Uuid) -> Problem {
    Problem::NotFound(entity, vec![id.to_string()])
}
