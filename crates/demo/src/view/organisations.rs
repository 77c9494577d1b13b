//! Whom the person acts for, as cards.

use leptos::prelude::*;
use portvakt_digdir::identifiers::Party;
use portvakt_digdir::rar::{Grant, Organisation};
use portvakt_leptos::SignedIn;

use crate::language::{Language, PageLanguage, Text};
use crate::text;
use crate::view::parts::{live_flag, live_text, section_heading, small};

/// The organisations of the sign-in, or the person themselves. With several, one is chosen for the inbox.
pub(crate) fn acting_for(
    language: PageLanguage,
    signed_in: &SignedIn,
    party: RwSignal<Option<Party>>,
) -> AnyView {
    let organisations = signed_in
        .representation()
        .map(|represented| represented.organisations())
        .unwrap_or_default();
    let has_choice = organisations.len() > 1;
    let mut cards: Vec<_> = organisations
        .iter()
        .map(|organisation| card(language, organisation, has_choice, party))
        .collect();
    if cards.is_empty() {
        cards.push(oneself(language));
    }
    view! {
        <section aria-labelledby="acting-for">
            {section_heading(language, "acting-for", text::ACTING_FOR)}
            {cards}
        </section>
    }
    .into_any()
}

fn oneself(language: PageLanguage) -> AnyView {
    view! {
        <div class="ds-card organisation-card" data-testid="represents-self">
            <h3 class="ds-heading" data-size="2xs">{language.t(text::ONESELF)}</h3>
            {small(language, text::ONESELF_ABOUT)}
        </div>
    }
    .into_any()
}

fn card(
    language: PageLanguage,
    organisation: &Organisation,
    has_choice: bool,
    party: RwSignal<Option<Party>>,
) -> AnyView {
    let number = organisation.number();
    let own = Party::Organisation(number);
    let is_shown = Memo::new(move |_| party.with(|party| party.as_ref() == Some(&own)));
    let label = live_text(move || {
        let label = if is_shown.get() {
            text::SHOWN_NOW
        } else {
            text::SHOW_INBOX
        };
        label.in_language(language.current()).to_owned()
    });
    let choice = has_choice.then(|| {
        view! {
            <button
                class="ds-button"
                type="button"
                data-variant="secondary"
                data-size="sm"
                aria-pressed=live_flag(move || is_shown.get())
                on:click=move |_| party.set(Some(Party::Organisation(number)))
            >
                {label}
            </button>
        }
    });
    let unit_type = organisation.unit_type().map(|code| {
        let words = unit_type_words(code).map(|words| view! { <span>{language.t(words)}</span> });
        view! { <span class="ds-tag" data-color="neutral" data-size="sm">{code.to_owned()} {words}</span> }
    });
    view! {
        <article
            class="ds-card organisation-card"
            data-testid="organisation"
            data-orgno=number.to_string()
            data-shown=live_flag(move || has_choice && is_shown.get())
        >
            <h3 class="ds-heading" data-size="2xs">{organisation.name().unwrap_or_default().to_owned()}</h3>
            <p class="ds-paragraph organisation-facts" data-size="sm">
                <span>{language.t(text::ORGANISATION_NUMBER)} " " <span class="number">{number.grouped()}</span></span>
                {unit_type}
            </p>
            {grants(language, organisation)}
            {choice}
        </article>
    }
    .into_any()
}

/// What the person may do for the organisation, by service.
fn grants(language: PageLanguage, organisation: &Organisation) -> Option<AnyView> {
    let rows: Vec<_> = organisation
        .grants()
        .iter()
        .filter_map(|grant| {
            let name = grant.resource_name().or(grant.resource())?.to_owned();
            let actions = actions(grant);
            let actions = live_text(move || {
                let words: Vec<_> = actions
                    .iter()
                    .map(|action| action_words(action, language.current()))
                    .collect();
                if words.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", words.join(", "))
                }
            });
            Some(view! { <li>{name}{actions}</li> }.into_any())
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <details class="grants">
                <summary>{language.t(text::GRANTED)}</summary>
                <ul class="ds-list">{rows}</ul>
            </details>
        }
        .into_any()
    })
}

fn actions(grant: &Grant) -> Vec<String> {
    grant
        .actions()
        .unwrap_or_default()
        .iter()
        .chain(grant.rights())
        .cloned()
        .collect()
}

fn action_words(action: &str, language: Language) -> String {
    let words = match action {
        "read" => text::MAY_READ,
        "write" => text::MAY_WRITE,
        "sign" => text::MAY_SIGN,
        other => return other.to_owned(),
    };
    words.in_language(language).to_owned()
}

fn unit_type_words(code: &str) -> Option<Text> {
    Some(match code {
        "AS" => Text::new("aksjeselskap", "limited company"),
        "BEDR" => Text::new("underenhet", "sub-unit"),
        "AAFY" => Text::new("underenhet", "sub-unit"),
        "KOMM" => Text::new("kommune", "municipality"),
        "NUF" => Text::new(
            "norskregistrert utenlandsk foretak",
            "foreign company registered in Norway",
        ),
        "ORGL" => Text::new("organisasjonsledd", "public body"),
        "ENK" => Text::new("enkeltpersonforetak", "sole proprietorship"),
        "FLI" => Text::new("forening", "association"),
        _ => return None,
    })
}
