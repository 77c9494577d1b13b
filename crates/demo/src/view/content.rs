//! The text of a letter on the page.

use leptos::prelude::*;
use portvakt_digdir::dialogporten::{ContentValue, Link, Localizations, MediaType};

use crate::language::{Language, PageLanguage};
use crate::markdown::{Block, Span, parse};
use crate::text;
use crate::view::parts::{Live, live_text};

/// A content value in the best language there is. Markdown is laid out; everything else is shown as text.
pub(crate) fn content(value: &ContentValue, language: Language) -> AnyView {
    let text = value.value.choose(&[language.tag()]).unwrap_or_default();
    match value.media_type {
        MediaType::Markdown => markdown(text),
        _ => view! { <p class="ds-paragraph plain-text">{text.to_owned()}</p> }.into_any(),
    }
}

/// A text in the best language there is, tracked.
pub(crate) fn in_language(texts: &Localizations, language: PageLanguage) -> Option<String> {
    texts.choose(&[language.current().tag()]).map(str::to_owned)
}

/// The same as a view; `fallback` is what stands for a text that is not there.
pub(crate) fn localized(
    texts: Localizations,
    language: PageLanguage,
    fallback: impl Fn() -> String + Send + 'static,
) -> Live<String> {
    live_text(move || in_language(&texts, language).unwrap_or_else(&fallback))
}

/// What stands for a title that is not there.
pub(crate) fn no_title(language: PageLanguage) -> String {
    text::NO_TITLE.in_language(language.current()).to_owned()
}

/// Markdown, laid out.
pub(crate) fn markdown(text: &str) -> AnyView {
    let blocks: Vec<_> = parse(text).into_iter().map(block).collect();
    view! { <div class="prose">{blocks}</div> }.into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Heading(spans) => {
            view! { <h3 class="ds-heading" data-size="2xs">{spans_view(spans)}</h3> }.into_any()
        }
        Block::Paragraph(spans) => {
            view! { <p class="ds-paragraph">{spans_view(spans)}</p> }.into_any()
        }
        Block::Table(rows) => table(rows),
        Block::List { numbered, items } => {
            let items: Vec<_> = items
                .into_iter()
                .map(|item| view! { <li>{spans_view(item)}</li> }.into_any())
                .collect();
            if numbered {
                view! { <ol class="ds-list">{items}</ol> }.into_any()
            } else {
                view! { <ul class="ds-list">{items}</ul> }.into_any()
            }
        }
    }
}

fn table(rows: Vec<Vec<Vec<Span>>>) -> AnyView {
    let mut rows = rows.into_iter();
    let head: Vec<_> = rows
        .next()
        .unwrap_or_default()
        .into_iter()
        .map(|cell| view! { <th scope="col">{spans_view(cell)}</th> }.into_any())
        .collect();
    let body: Vec<_> = rows
        .map(|row| {
            let cells: Vec<_> = row
                .into_iter()
                .map(|cell| view! { <td>{spans_view(cell)}</td> }.into_any())
                .collect();
            view! { <tr>{cells}</tr> }.into_any()
        })
        .collect();
    view! { <table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table> }
        .into_any()
}

fn spans_view(spans: Vec<Span>) -> Vec<AnyView> {
    spans
        .into_iter()
        .map(|span| match span {
            Span::Plain(text) => text.into_any(),
            Span::Strong(text) => view! { <strong>{text}</strong> }.into_any(),
            Span::Emphasis(text) => view! { <em>{text}</em> }.into_any(),
            // A target that is no https address leaves its text behind.
            Span::Link { text, target } => match Link::parse(&target).href() {
                Some(href) => view! {
                    <a class="ds-link" href=href.to_owned() target="_blank" rel="noreferrer">{text}</a>
                }
                .into_any(),
                None => text.into_any(),
            },
        })
        .collect()
}
