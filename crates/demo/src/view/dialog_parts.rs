//! What belongs to an opened dialog: actions, attachments, messages and events.

use leptos::prelude::*;
use portvakt_digdir::dialogporten::{
    Activity, Actor, ActorType, Attachment, GuiAction, Link, NavigationalAction, Priority,
    Timestamp, Transmission,
};

use crate::date;
use crate::language::{PageLanguage, Text};
use crate::text;
use crate::view::content::localized;
use crate::view::parts::{Live, live_text, outward_link, section_heading, small};
use crate::words;

/// Date and time of a moment, in the language of the page.
pub(crate) fn moment(timestamp: &Timestamp, language: PageLanguage) -> Live<String> {
    let moment = timestamp.unix_time();
    live_text(move || date::day_and_time(moment, language.current()))
}

/// What the person can do. What they may not do is shown as that.
pub(crate) fn actions(language: PageLanguage, actions: &[GuiAction]) -> Option<AnyView> {
    let sends = actions
        .iter()
        .any(|action| action.is_authorized && action.http_method != "GET");
    let items = actions
        .iter()
        .map(|action| action_item(language, action))
        .collect();
    let list = section(
        language,
        "actions",
        text::ACTIONS_HEADING,
        "action-list",
        items,
    )?;
    let note = sends.then(|| view! { <div class="note" id="sending-disabled">{small(language, text::SENDING_DISABLED)}</div> });
    Some(view! { <div>{list} {note}</div> }.into_any())
}

fn action_item(language: PageLanguage, action: &GuiAction) -> AnyView {
    let variant = match action.priority {
        Some(Priority::Primary) => "primary",
        Some(Priority::Tertiary) => "tertiary",
        _ => "secondary",
    };
    let title = localized(action.title.clone(), language, String::new);
    let item = match action.link.href().filter(|_| action.is_authorized) {
        Some(href) if action.http_method == "GET" => {
            outward_link(language, href.to_owned(), variant, title)
        }
        // It would be a call to the sender in the person's name.
        Some(_) => view! {
            <button class="ds-button" type="button" data-variant=variant aria-disabled="true" aria-describedby="sending-disabled">
                {title}
            </button>
        }
        .into_any(),
        None => unavailable(language, title, &action.link),
    };
    view! { <li>{item}</li> }.into_any()
}

/// The files of the dialog.
pub(crate) fn attachments(language: PageLanguage, attachments: &[Attachment]) -> Option<AnyView> {
    section(
        language,
        "attachments",
        text::ATTACHMENTS,
        "files",
        files(language, attachments),
    )
}

/// The messages, in their order.
pub(crate) fn transmissions(
    language: PageLanguage,
    transmissions: &[Transmission],
) -> Option<AnyView> {
    let items = transmissions
        .iter()
        .map(|transmission| message(language, transmission))
        .collect();
    section(
        language,
        "transmissions",
        text::TRANSMISSIONS,
        "messages",
        items,
    )
}

fn message(language: PageLanguage, transmission: &Transmission) -> AnyView {
    let is_authorized = transmission.is_authorized;
    let kind = transmission
        .transmission_type
        .as_ref()
        .and_then(words::transmission);
    let sender = transmission.sender.as_ref();
    let is_from_party =
        sender.is_some_and(|sender| sender.actor_type == Some(ActorType::PartyRepresentative));
    let sender = sender
        .and_then(person_name)
        .map(|name| format!(" · {name}"));
    let created_at = transmission
        .created_at
        .as_ref()
        .map(|created_at| moment(created_at, language));
    let is_unread = transmission.is_opened == Some(false) && !is_from_party && is_authorized;
    let unread = is_unread.then(|| view! {
        <p class="dialog-facts"><span class="ds-tag" data-size="sm" data-color="info">{language.t(text::NOT_READ)}</span></p>
    });
    let withheld = (!is_authorized).then(|| {
        view! {
            <p class="minor" data-testid="unauthorised">{language.t(text::UNAUTHORISED)}</p>
        }
    });
    let mut files = files(language, &transmission.attachments);
    files.extend(
        transmission
            .navigational_actions
            .iter()
            .map(|action| navigation(language, action)),
    );
    let files = (!files.is_empty()).then(|| view! { <ul class="files">{files}</ul> });
    view! {
        <li data-from-party=is_from_party.then_some("") data-unauthorised=(!is_authorized).then_some("")>
            <p class="dialog-from">
                <span>{kind.map(|kind| language.t(kind))} {sender}</span>
                <span class="minor">{created_at}</span>
            </p>
            <h3 class="ds-heading" data-size="2xs">{localized(transmission.title.clone(), language, String::new)}</h3>
            <p class="ds-paragraph">{localized(transmission.summary.clone(), language, String::new)}</p>
            {unread}
            {withheld}
            {files}
        </li>
    }
    .into_any()
}

/// What happened, in its order.
pub(crate) fn activities(language: PageLanguage, activities: &[Activity]) -> Option<AnyView> {
    let items = activities
        .iter()
        .map(|activity| event(language, activity))
        .collect();
    section(
        language,
        "activities",
        text::ACTIVITIES,
        "activities",
        items,
    )
}

fn event(language: PageLanguage, activity: &Activity) -> AnyView {
    let words = activity.activity_type.as_ref().and_then(words::activity);
    let what = localized(activity.description.clone(), language, move || {
        words
            .map(|words| words.in_language(language.current()).to_owned())
            .unwrap_or_default()
    });
    let who = activity.performed_by.as_ref().and_then(person_name);
    let who = who.map(|who| view! { ", " {who} });
    let when = activity
        .created_at
        .as_ref()
        .map(|created_at| moment(created_at, language));
    view! { <li><span>{what} {who}</span> <span class="minor">{when}</span></li> }.into_any()
}

/// A list with its heading; nothing if it is empty.
fn section(
    language: PageLanguage,
    id: &'static str,
    heading: Text,
    class: &'static str,
    items: Vec<AnyView>,
) -> Option<AnyView> {
    (!items.is_empty()).then(|| {
        view! {
            <section aria-labelledby=id>
                {section_heading(language, id, heading)}
                <ul class=class>{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// The attachments that are made for people.
fn files(language: PageLanguage, attachments: &[Attachment]) -> Vec<AnyView> {
    attachments
        .iter()
        .filter_map(|attachment| {
            let url = attachment.urls.iter().find(|url| url.is_for_people)?;
            let kind = match url.media_type.as_deref() {
                Some("application/pdf") => Some(text::KIND_PDF),
                Some("text/plain") => Some(text::KIND_TEXT),
                _ => None,
            };
            let kind = kind.map(|kind| view! { "(" {language.t(kind)} ")" });
            let link = linked(
                language,
                &url.link,
                localized(attachment.display_name.clone(), language, String::new),
            );
            Some(view! { <li>{link} " " <span class="minor">{kind}</span></li> }.into_any())
        })
        .collect()
}

fn navigation(language: PageLanguage, action: &NavigationalAction) -> AnyView {
    view! { <li>{linked(language, &action.link, localized(action.title.clone(), language, String::new))}</li> }
        .into_any()
}

/// A link, or why there is none.
fn linked(language: PageLanguage, link: &Link, name: Live<String>) -> AnyView {
    match link.href() {
        Some(href) => outward_link(language, href.to_owned(), "", name),
        None => unavailable(language, name, link),
    }
}

fn unavailable(language: PageLanguage, name: Live<String>, link: &Link) -> AnyView {
    let why = match link {
        Link::Expired => text::EXPIRED_LINK,
        Link::Unusable => text::UNUSABLE_LINK,
        _ => text::UNAUTHORISED,
    };
    view! {
        <span class="unavailable" data-testid="unauthorised">{name} " – " <span class="minor">{language.t(why)}</span></span>
    }
    .into_any()
}

/// The name of a person; the service owner is known from the head of the dialog.
fn person_name(actor: &Actor) -> Option<String> {
    actor.name.clone()
}
