//! How far a dialog has come, in words and a colour.

use leptos::prelude::*;
use portvakt_digdir::dialogporten::{DialogItem, DialogStatus};

use crate::language::{PageLanguage, Text};
use crate::view::parts::live_text;

/// The status as a tag: the sender's own word if there is one. Nothing for a status that says nothing.
pub(crate) fn status_tag(item: &DialogItem, language: PageLanguage) -> Option<AnyView> {
    let (words, colour) = words(item.status.as_ref()?)?;
    let own_words = item.extended_status.clone();
    let words = live_text(move || {
        let words = || words.in_language(language.current()).to_owned();
        own_words.clone().unwrap_or_else(words)
    });
    let tag = view! {
        <span class="ds-tag" data-size="sm" data-color=colour>
            {words}
        </span>
    };
    Some(tag.into_any())
}

fn words(status: &DialogStatus) -> Option<(Text, &'static str)> {
    Some(match status {
        DialogStatus::InProgress => (Text::new("Under arbeid", "In progress"), "info"),
        DialogStatus::Draft => (Text::new("Utkast", "Draft"), "neutral"),
        DialogStatus::Awaiting => (Text::new("Venter på svar", "Awaiting reply"), "neutral"),
        DialogStatus::RequiresAttention => (
            Text::new("Krever handling", "Requires attention"),
            "warning",
        ),
        DialogStatus::Completed => (Text::new("Fullført", "Completed"), "success"),
        // It is a letter, and there is nothing to do about it.
        _ => return None,
    })
}
