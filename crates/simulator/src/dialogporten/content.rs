//! The service owner's side of the seeded dialogs: embedded content, documents, pages and actions.
//!
//! In reality each service owner runs these at its own address. What is asked for with a dialog
//! token is given only for a good one, and CORS is always open here, as it must be for content
//! that is embedded in somebody else's page.

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    AUTHORIZATION, CONTENT_TYPE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

use super::dialog_token;
use super::model::{
    Activity, ActivityType, Actor, ActorType, ContentValue, Dialog, DialogStatus, HttpVerb,
    Localized,
};
use super::store::named_id;
use super::{issuer, now};
use crate::locale::Locale;
use crate::page::{self, Allowed};
use crate::state::Shared;

/// The media type of main content that is fetched with the dialog token and is Markdown.
pub(crate) const EMBED_MEDIA_TYPE: &str =
    "application/vnd.dialogporten.frontchannelembed-url;type=text/markdown";

/// The routes below `/dialogporten/demo-service`.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/content/{dialog_id}", get(embedded))
        .route("/document/{dialog_id}/{name}", get(document))
        .route("/page/{dialog_id}/{part}", get(show_page))
        .route("/api/{dialog_id}/{part}", get(api))
        .route(
            "/action/{dialog_id}/{part}",
            axum::routing::post(act).delete(act),
        )
        .layer(middleware::from_fn(open_cors))
}

async fn open_cors(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let allowed = [
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
            (
                ACCESS_CONTROL_ALLOW_HEADERS,
                "Authorization, Content-Type, Accept-Language",
            ),
        ];
        (StatusCode::NO_CONTENT, allowed).into_response()
    } else {
        next.run(request).await
    };
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The language of what is shown, in its URL.
#[derive(Debug, Deserialize)]
struct Language {
    #[serde(default)]
    lang: String,
}

/// Main content as Markdown, for the holder of a dialog token that may read.
async fn embedded(
    State(state): State<Shared>,
    Path(dialog_id): Path<Uuid>,
    Query(Language { lang }): Query<Language>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    require(&state, &headers, dialog_id, "read")?;
    state.dialogporten.with(|dialogs| {
        let dialog = find(dialogs, dialog_id)?;
        let body = markdown(dialog, if lang == "en" { "en" } else { "nb" });
        Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], body).into_response())
    })
}

/// A file, as plain text. It says what it is and nothing about anybody.
async fn document(
    State(state): State<Shared>,
    Path((dialog_id, name)): Path<(Uuid, String)>,
) -> Result<Response, StatusCode> {
    state.dialogporten.with(|dialogs| {
        let dialog = find(dialogs, dialog_id)?;
        let enclosed = dialog.transmissions.iter().flat_map(|it| &it.attachments);
        let attachment = dialog
            .attachments
            .iter()
            .chain(enclosed)
            .find(|attachment| attachment.name == Some(name.as_str()))
            .ok_or(StatusCode::NOT_FOUND)?;
        let title = |language| text(&attachment.display_name, language);
        let body = format!(
            "{}\n\nDette er et syntetisk dokument fra Portvakts simulator.\n\n----\n\n\
             {}\n\nThis is a synthetic document from Portvakt's simulator.\n",
            title("nb"),
            title("en"),
        );
        Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response())
    })
}

/// Where a link of a dialog leads: the place of the service owner's own pages.
async fn show_page(
    State(state): State<Shared>,
    Path((dialog_id, part)): Path<(Uuid, String)>,
    Query(Language { lang }): Query<Language>,
) -> Result<Response, StatusCode> {
    let suffix = format!("/page/{dialog_id}/{part}");
    let title = state.dialogporten.with(|dialogs| {
        let dialog = find(dialogs, dialog_id)?;
        let actions = dialog
            .gui_actions
            .iter()
            .map(|action| (&action.url, &action.title));
        let links = dialog
            .transmissions
            .iter()
            .flat_map(|it| &it.navigational_actions)
            .map(|link| (&link.url, &link.title));
        let found = actions.chain(links).find(|(url, _)| url.ends_with(&suffix));
        found
            .map(|(_, title)| title.clone())
            .ok_or(StatusCode::NOT_FOUND)
    })?;
    let locale = Locale::parse(&lang).unwrap_or_default();
    let title = text(&title, locale.page());
    let bar = page::Bar {
        locale,
        service: locale.pick("Tjenesteeieren", "The service owner"),
        switch: Some(format!("?lang={}", locale.pick("en", "nb"))),
        title,
    };
    let main = html! {
        h1 { (title) }
        p {
            (locale.pick(
                "Her ville tjenesteeierens egne sider ha åpnet seg. I simulatoren er det ikke mer å gjøre her.",
                "Here the service owner's own pages would open. In the simulator there is nothing more to do here.",
            ))
        }
    };
    let page = page::document(&bar, &html! {}, &main);
    Ok(page::respond(StatusCode::OK, page, &Allowed::default()))
}

/// What a system reads, for the holder of a dialog token.
async fn api(
    State(state): State<Shared>,
    Path((dialog_id, part)): Path<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let suffix = format!("/api/{dialog_id}/{part}");
    let action = state.dialogporten.with(|dialogs| {
        let dialog = find(dialogs, dialog_id)?;
        let has_url = |url: &String| url.ends_with(&suffix);
        let mut actions = dialog.api_actions.iter();
        let found = actions.find(|it| it.endpoints.iter().any(|it| has_url(&it.url)));
        found
            .map(|action| action.action)
            .ok_or(StatusCode::NOT_FOUND)
    })?;
    require(&state, &headers, dialog_id, action)?;
    let body = serde_json::json!({ "dialogId": dialog_id, "synthetic": true }).to_string();
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

/// A write action: what is done once is done, and the dialog says so afterwards.
async fn act(
    State(state): State<Shared>,
    Path((dialog_id, part)): Path<(Uuid, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<StatusCode, StatusCode> {
    let suffix = format!("/action/{dialog_id}/{part}");
    let action = state.dialogporten.with(|dialogs| {
        let dialog = find(dialogs, dialog_id)?;
        let mut actions = dialog.gui_actions.iter();
        let found = actions.find(|action| action.url.ends_with(&suffix));
        found.cloned().ok_or(StatusCode::NOT_FOUND)
    })?;
    if action.http_method.as_str() != method.as_str() {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    require(&state, &headers, dialog_id, action.action)?;
    let now = now(&state);
    state.dialogporten.with(|dialogs| {
        let dialog = dialogs
            .iter_mut()
            .find(|dialog| dialog.id == dialog_id && !dialog.deleted);
        let dialog = dialog.ok_or(StatusCode::GONE)?;
        dialog.updated_at = now.max(dialog.updated_at);
        dialog.revision = Uuid::new_v4();
        if action.http_method == HttpVerb::DELETE {
            dialog.deleted = true;
            return Ok(StatusCode::NO_CONTENT);
        }
        dialog.gui_actions.retain(|other| other.id != action.id);
        dialog.status = DialogStatus::Completed;
        dialog.activities.push(Activity {
            id: named_id(now, &suffix),
            created_at: now,
            kind: ActivityType::Information,
            transmission_id: None,
            performed_by: Actor {
                actor_type: ActorType::ServiceOwner,
                actor_name: None,
                actor_id: None,
            },
            description: action.title.clone(),
        });
        Ok(StatusCode::NO_CONTENT)
    })
}

/// Demands a dialog token of this dialog that has the action: 401 without, 403 without the action.
fn require(
    state: &Shared,
    headers: &HeaderMap,
    dialog: Uuid,
    action: &str,
) -> Result<(), StatusCode> {
    let actions = headers
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok())
        .and_then(|header| header.strip_prefix("Bearer "))
        .and_then(|token| {
            let (keys, now) = (&state.dialog_keys, state.clock.now());
            dialog_token::verify(keys, &issuer(state), token, dialog, now)
        })
        .ok_or(StatusCode::UNAUTHORIZED)?;
    // Whole entries are compared: `read` is not `read,urn:altinn:subresource:x`.
    if actions.iter().any(|one| one == action) {
        Ok(())
    } else {
        Err(StatusCode::FORBIDDEN)
    }
}

fn find(dialogs: &[Dialog], id: Uuid) -> Result<&Dialog, StatusCode> {
    let dialog = dialogs
        .iter()
        .find(|dialog| dialog.id == id)
        .ok_or(StatusCode::NOT_FOUND)?;
    if dialog.deleted {
        Err(StatusCode::GONE)
    } else {
        Ok(dialog)
    }
}

fn markdown(dialog: &Dialog, language: &str) -> String {
    let Some(content) = &dialog.content else {
        return String::new();
    };
    let value = |value: Option<&ContentValue>| {
        value
            .map(|value| text(&value.value, language))
            .unwrap_or_default()
            .to_owned()
    };
    let (reference, note) = match language {
        "en" => (
            "Reference",
            "This content was fetched from the service owner with a dialog token.",
        ),
        _ => (
            "Referanse",
            "Innholdet er hentet fra tjenesteeieren med et dialogtoken.",
        ),
    };
    let case = dialog.external_reference.as_deref().unwrap_or("–");
    format!(
        "# {}\n\n{}\n\n{}\n\n**{reference}:** {case}\n\n*{note}*\n",
        value(Some(&content.title)),
        value(content.summary.as_ref()),
        value(content.additional_info.as_ref()),
    )
}

fn text<'t>(texts: &'t Localized, language: &str) -> &'t str {
    texts
        .iter()
        .find(|text| text.language_code == language)
        .map_or("", |text| &text.value)
}
