//! The list of dialogs, page by page.

use leptos::ev;
use leptos::prelude::*;
use portvakt_digdir::dialogporten::{DialogItem, Timestamp};
use portvakt_digdir::identifiers::Party;

use crate::date;
use crate::inbox::{Inbox, Progress, is_unread};
use crate::language::PageLanguage;
use crate::route::{Route, Router};
use crate::text;
use crate::view::content::{localized, no_title};
use crate::view::parts::{
    ButtonKind, ViewHeading, button, live_option, live_text, live_view, waiting,
};
use crate::view::problem::problem;
use crate::view::signed_in::{SignInAgain, upstream_issue};
use crate::view::status::status_tag;

/// The inbox of the chosen party.
pub(crate) fn inbox_view(language: PageLanguage, inbox: Inbox, again: SignInAgain) -> AnyView {
    let title = live_text(move || {
        let is_own = matches!(inbox.party(), Some(Party::Person(_)) | None);
        let text = if is_own { text::OWN_INBOX } else { text::INBOX };
        text.in_language(language.current()).to_owned()
    });
    let router = Router::expect();
    let items = move || {
        let items = inbox.items();
        items
            .into_iter()
            .map(|item| view_of(language, item, router))
            .collect_view()
    };
    let failure = live_option(move || {
        inbox
            .error()
            .map(|error| refused(language, error.code(), inbox, again))
    });
    let kind = ButtonKind {
        variant: "secondary",
        test_id: "load-more",
        ..ButtonKind::default()
    };
    let more = live_view(move || {
        match inbox.progress() {
        Progress::Loading if inbox.is_empty() => waiting(language, text::INBOX_LOADING),
        Progress::Loading => waiting(language, text::LOADING_MORE),
        Progress::More => button(language, kind, text::LOAD_MORE, move || inbox.load()),
        Progress::Failed => ().into_any(),
        Progress::Complete if inbox.is_empty() => {
            view! { <p class="ds-paragraph empty" role="status">{language.t(text::INBOX_EMPTY)}</p> }.into_any()
        }
        Progress::Complete => view! { <p class="minor" role="status">{language.t(text::INBOX_COMPLETE)}</p> }.into_any(),
    }
    });
    view! {
        <ViewHeading takes_focus=true>{title}</ViewHeading>
        <ul class="dialogs">{items}</ul>
        {failure}
        {more}
    }
    .into_any()
}

/// Why there is no list, and the way on.
fn refused(
    language: PageLanguage,
    code: &'static str,
    inbox: Inbox,
    again: SignInAgain,
) -> AnyView {
    let kind = ButtonKind {
        variant: "secondary",
        is_small: true,
        test_id: "retry",
    };
    let help = match code {
        // It is not going to change by asking again.
        "dialogporten_unauthenticated" => upstream_issue(language),
        "session_not_renewable" | "dialogporten_token_refused" => {
            button(language, kind, text::RENEW, move || again.same())
        }
        _ => button(language, kind, text::INBOX_RETRY, move || inbox.load()),
    };
    problem(language, code, help)
}

fn view_of(language: PageLanguage, item: DialogItem, router: Router) -> AnyView {
    let id = item.id.to_string();
    let route = Route::Dialog(id.clone());
    let href = route.path();
    let is_unread = is_unread(&item);
    let open = move |event: ev::MouseEvent| {
        // A click with a modifier key means a new tab or window, which is the browser's business.
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
            return;
        }
        event.prevent_default();
        router.go(route.clone());
    };
    let tag = status_tag(&item, language);
    let day = |moment: Timestamp| {
        let moment = moment.unix_time();
        live_text(move || date::day(moment, language.current()))
    };
    let DialogItem {
        title,
        summary,
        sender_name,
        org,
        content_updated_at,
        updated_at,
        due_at,
        ..
    } = item;
    let updated = content_updated_at.or(updated_at).map(day);
    let due = due_at
        .map(day)
        .map(|due| view! { <span class="minor">{language.t(text::DUE)} " " {due}</span> });
    let marks = is_unread.then(|| {
        view! {
            <span class="unread-mark" aria-hidden="true"></span>
            <span class="ds-sr-only">{language.t(text::UNREAD)} ": "</span>
        }
    });
    view! {
        <li class="dialog-item" data-testid="dialog" data-dialog-id=id data-unread=is_unread.then_some("")>
            <p class="dialog-from">
                <span>{localized(sender_name, language, move || org.clone().unwrap_or_default())}</span>
                <span class="minor">{updated}</span>
            </p>
            <h2 class="ds-heading" data-size="2xs">
                <a class="ds-link" href=href on:click=open>
                    {marks}
                    {localized(title, language, move || no_title(language))}
                </a>
            </h2>
            <p class="ds-paragraph dialog-summary">{localized(summary, language, String::new)}</p>
            <p class="dialog-facts">{tag} {due}</p>
        </li>
    }
    .into_any()
}
