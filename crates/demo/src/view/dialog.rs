//! One dialog, opened.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::dialogporten::{Dialog, DialogId};
use portvakt_leptos::Error;

use crate::inbox::Inbox;
use crate::language::PageLanguage;
use crate::route::{Route, Router};
use crate::text;
use crate::view::content::{content, localized, markdown, no_title};
use crate::view::dialog_parts::{actions, activities, attachments, moment, transmissions};
use crate::view::parts::{ButtonKind, ViewHeading, button, live_view, small, term, waiting};
use crate::view::problem::problem;
use crate::view::signed_in::{SignInAgain, upstream_issue};
use crate::view::status::status_tag;

/// Fetches the dialog and shows it, or why that cannot be.
pub(crate) fn dialog_view(
    language: PageLanguage,
    id: String,
    inbox: Inbox,
    again: SignInAgain,
) -> AnyView {
    let router = Router::expect();
    let opened = RwSignal::new(None::<Arc<Result<Dialog, Error>>>);
    Effect::new(move |_| {
        // In another language it is fetched anew: the service sends the texts of one.
        let language = language.current();
        let id = id.clone();
        spawn_local(async move {
            let dialog = match DialogId::parse(&id) {
                Ok(id) => inbox.open(id, language).await,
                Err(misuse) => Err(portvakt_digdir::Error::from(misuse).into()),
            };
            // The person may have gone back meanwhile, and the signal with the view.
            _ = opened.try_set(Some(Arc::new(dialog)));
        });
    });
    let back = move |event: ev::MouseEvent| {
        event.prevent_default();
        router.go(Route::Home);
    };
    let body = live_view(move || match opened.get().as_deref() {
        None => waiting(language, text::DIALOG_LOADING),
        Some(Ok(dialog)) => letter(language, dialog, inbox),
        Some(Err(error)) => refused(language, error.code(), again),
    });
    view! {
        <p class="ds-paragraph">
            <a class="ds-link" href="/" data-testid="back-to-inbox" on:click=back>{language.t(text::BACK_TO_INBOX)}</a>
        </p>
        {body}
    }
    .into_any()
}

/// Why the dialog is not shown, and the way on.
fn refused(language: PageLanguage, code: &'static str, again: SignInAgain) -> AnyView {
    let kind = ButtonKind {
        is_small: true,
        test_id: "sign-in-again",
        ..ButtonKind::default()
    };
    let help = match code {
        "dialogporten_unauthenticated" => upstream_issue(language),
        "dialogporten_step_up_required" => {
            button(language, kind, text::STEP_UP, move || again.at_level_high())
        }
        "session_not_renewable" | "dialogporten_token_refused" => {
            button(language, kind, text::RENEW, move || again.same())
        }
        _ => ().into_any(),
    };
    view! {
        <ViewHeading takes_focus=true>{language.t(text::DIALOG_REFUSED)}</ViewHeading>
        {problem(language, code, help)}
    }
    .into_any()
}

fn letter(language: PageLanguage, dialog: &Dialog, inbox: Inbox) -> AnyView {
    let item = dialog.item.clone();
    let tag = status_tag(&item, language);
    let due = item
        .due_at
        .as_ref()
        .map(|due| term(language, text::DUE, moment(due, language)));
    let updated = item
        .content_updated_at
        .as_ref()
        .or(item.updated_at.as_ref());
    let updated = updated.map(|updated| term(language, text::UPDATED, moment(updated, language)));
    let progress = item.progress.map(|progress| {
        let value = view! {
            <meter class="progress" min="0" max="100" value=progress.to_string() aria-label=language.t(text::PROGRESS)></meter>
            {progress.to_string()}
            " %"
        };
        term(language, text::PROGRESS, value)
    });
    let title = localized(item.title, language, move || no_title(language));
    let org = item.org.unwrap_or_default();
    let sender = localized(item.sender_name, language, move || org.clone());
    let info = dialog
        .additional_info
        .clone()
        .map(|info| live_view(move || content(&info, language.current())));
    view! {
        <article class="letter stack" data-testid="opened-dialog" data-dialog-id=item.id.to_string()>
            <header>
                <p class="dialog-from">{sender}</p>
                <ViewHeading takes_focus=true>{title}</ViewHeading>
                <p class="dialog-facts">{tag}</p>
            </header>
            <p class="ds-paragraph" data-size="lg">{localized(item.summary, language, String::new)}</p>
            <dl class="terms terms-wide">{due} {updated} {progress}</dl>
            {info}
            {main_content(language, dialog, inbox)}
            {actions(language, &dialog.gui_actions)}
            {attachments(language, &dialog.attachments)}
            {transmissions(language, &dialog.transmissions)}
            {activities(language, &dialog.activities)}
        </article>
    }
    .into_any()
}

/// The main text, which the sender serves: fetched with the dialog token, and laid out as Markdown.
fn main_content(language: PageLanguage, dialog: &Dialog, inbox: Inbox) -> Option<AnyView> {
    dialog.main_content_reference.as_ref()?;
    let dialog = dialog.clone();
    let fetched = RwSignal::new(None::<Option<String>>);
    Effect::new(move |_| {
        let language = language.current();
        let dialog = dialog.clone();
        fetched.set(None);
        spawn_local(async move {
            let content = inbox.main_content(&dialog, language).await;
            _ = fetched.try_set(Some(content));
        });
    });
    let shown = live_view(move || match fetched.get() {
        None => waiting(language, text::EMBED_LOADING),
        Some(Some(text)) => markdown(&text),
        Some(None) => small(language, text::EMBED_FAILED),
    });
    Some(view! { <div data-testid="main-content">{shown}</div> }.into_any())
}
