//! Setting labels: one dialog with `If-Match`, or many at once and all or none.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::access::{Access, Caller};
use super::bearer::EndUser;
use super::labels::{self, SENT_NOT_ALLOWED};
use super::model::{Actor, ActorType, Dialog, SystemLabel};
use super::problem::Problem;
use super::{id, now};
use crate::state::Shared;

/// Most dialogs whose labels can be set at once.
const MAX_DIALOGS: usize = 100;

/// `PUT /enduser/dialogs/{dialogId}/context/systemlabels`
pub(crate) async fn set(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    Path(dialog_id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let dialog_id = id("dialogId", &dialog_id)?;
    let expected = if_match(&headers)?;
    let change = Change::read(&object(&headers, body)?)?;
    change.validate("")?;
    let world = state.world();
    let access = Access {
        world: &world,
        caller: &caller,
    };
    state.dialogporten.with(|dialogs| {
        let dialog = dialogs
            .iter_mut()
            .find(|dialog| dialog.id == dialog_id)
            .ok_or(Problem::no_dialog(dialog_id))?;
        if dialog.deleted {
            return Err(Problem::Gone(dialog_id));
        }
        if !access.may_list(dialog) {
            return Err(Problem::Forbidden(
                "Forbidden",
                format!("The following dialog ids are unauthorized and/or missing: ({dialog_id})."),
            ));
        }
        if expected.is_some_and(|expected| expected != dialog.context.revision) {
            return Err(Problem::PreconditionFailed);
        }
        labels::update(
            dialog,
            &change.add,
            &change.remove,
            &actor(&caller),
            now(&state),
        );
        let revision = dialog.context.revision.to_string();
        Ok((StatusCode::NO_CONTENT, [(ETAG, revision)]).into_response())
    })
}

/// `POST /enduser/dialogs/context/systemlabels/actions/bulkset`
pub(crate) async fn bulk_set(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = object(&headers, body)?;
    let targets = targets(&body)?;
    let change = Change::read(&body)?;
    change.validate("dto.")?;
    let world = state.world();
    let access = Access {
        world: &world,
        caller: &caller,
    };
    state.dialogporten.with(|dialogs| {
        let may_change = |dialog: &Dialog| !dialog.deleted && access.may_list(dialog);
        let find = |id: Uuid| {
            dialogs
                .iter()
                .find(|dialog| dialog.id == id && may_change(dialog))
        };
        let missing: Vec<String> = targets
            .iter()
            .filter(|(id, _)| find(*id).is_none())
            .map(|(id, _)| id.to_string())
            .collect();
        if !missing.is_empty() {
            return Err(Problem::NotFound("DialogEntity", missing));
        }
        let differs = |(id, expected): &(Uuid, Option<Uuid>)| {
            let current = find(*id).map(|dialog| dialog.context.revision);
            expected.is_some() && *expected != current
        };
        if targets.iter().any(differs) {
            return Err(Problem::PreconditionFailed);
        }
        for dialog in dialogs.iter_mut() {
            if targets.iter().any(|(id, _)| *id == dialog.id) {
                labels::update(
                    dialog,
                    &change.add,
                    &change.remove,
                    &actor(&caller),
                    now(&state),
                );
            }
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

/// The labels to add and to remove.
#[derive(Debug)]
struct Change {
    add: Vec<SystemLabel>,
    remove: Vec<SystemLabel>,
}

impl Change {
    /// `systemLabels` is the old name of `addLabels`; what both name is added.
    fn read(body: &Map<String, Value>) -> Result<Self, Problem> {
        let mut add = label_list(body, "systemLabels")?;
        add.extend(label_list(body, "addLabels")?);
        Ok(Self {
            add,
            remove: label_list(body, "removeLabels")?,
        })
    }

    fn validate(&self, prefix: &str) -> Result<(), Problem> {
        let mut failures = Vec::new();
        for (name, labels) in [("addLabels", &self.add), ("removeLabels", &self.remove)] {
            for (index, label) in labels.iter().enumerate() {
                if *label == SystemLabel::Sent {
                    let parameter = format!("{prefix}{name}[{index}]");
                    failures.push((parameter, SENT_NOT_ALLOWED.to_owned()));
                }
            }
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(Problem::Validation(failures))
        }
    }
}

fn actor(caller: &Caller) -> Actor {
    Actor {
        actor_type: ActorType::PartyRepresentative,
        actor_name: Some(caller.name.clone()),
        actor_id: Some(caller.party.clone()),
    }
}

/// The revision that the caller has seen: a bare GUID, not a quoted entity tag.
fn if_match(headers: &HeaderMap) -> Result<Option<Uuid>, Problem> {
    let Some(header) = headers.get(IF_MATCH) else {
        return Ok(None);
    };
    let text = header.to_str().unwrap_or_default();
    id("If-Match", text).map(Some)
}

/// The body as a JSON object.
fn object(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Map<String, Value>, Problem> {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Problem::UnsupportedMediaType);
    }
    let body = body.map_err(|refused| match refused.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        _ => unreadable("The request body could not be read."),
    })?;
    serde_json::from_slice(&body).map_err(|_| unreadable("The request body is not a JSON object."))
}

/// The dialogs of a bulk request, each with the revision that the caller has seen of it.
fn targets(body: &Map<String, Value>) -> Result<Vec<(Uuid, Option<Uuid>)>, Problem> {
    let dialogs: &[Value] = match body.get("dialogs") {
        None => &[],
        Some(Value::Array(dialogs)) => dialogs,
        Some(_) => return Err(unreadable("'dialogs' is not an array.")),
    };
    let read = |dialog: &Value, name: &str| match dialog.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|text| Uuid::parse_str(text).ok())
            .map(Some)
            .ok_or_else(|| unreadable(&format!("'{name}' is not a GUID."))),
    };
    if dialogs.is_empty() || dialogs.len() > MAX_DIALOGS {
        return Err(Problem::invalid(
            "dto.dialogs",
            format!("Must supply between 1 and {MAX_DIALOGS} dialogs to update"),
        ));
    }
    let mut targets: Vec<(Uuid, Option<Uuid>)> = Vec::new();
    for dialog in dialogs {
        let id = read(dialog, "dialogId")?.ok_or_else(|| unreadable("'dialogId' is missing."))?;
        if targets.iter().any(|(known, _)| *known == id) {
            return Err(Problem::invalid(
                "dto.dialogs",
                format!("Duplicate dialog id: {id}."),
            ));
        }
        targets.push((id, read(dialog, "endUserContextRevision")?));
    }
    Ok(targets)
}

fn label_list(body: &Map<String, Value>, name: &str) -> Result<Vec<SystemLabel>, Problem> {
    let labels: &[Value] = match body.get(name) {
        None => &[],
        Some(Value::Array(labels)) => labels,
        Some(_) => return Err(unreadable(&format!("'{name}' is not an array."))),
    };
    labels
        .iter()
        .map(|label| {
            label
                .as_str()
                .and_then(|label| label.parse().ok())
                .ok_or_else(|| {
                    unreadable(&format!("'{name}' has a value that is no system label."))
                })
        })
        .collect()
}

/// What the web framework says of a body that does not fit the request.
fn unreadable(message: &str) -> Problem {
    Problem::invalid("serializerErrors", message)
}
