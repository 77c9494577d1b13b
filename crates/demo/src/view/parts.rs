//! Small pieces that several views are made of.

use std::sync::{Arc, Mutex};

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::SharedReactiveFunction;

use portvakt_leptos::Auth;

use crate::language::{PageLanguage, Text};
use crate::text;

/// A part of a view that follows signals. One type for all of them: each further one would bring its
/// own copy of the code that keeps it up to date.
pub(crate) type Live<T> = SharedReactiveFunction<T>;

/// A text that follows signals.
pub(crate) fn live_text(text: impl Fn() -> String + Send + 'static) -> Live<String> {
    Arc::new(Mutex::new(text))
}

/// A view that follows signals.
pub(crate) fn live_view(view: impl Fn() -> AnyView + Send + 'static) -> Live<AnyView> {
    Arc::new(Mutex::new(view))
}

/// A view that is there or not, as signals say.
pub(crate) fn live_option(
    view: impl Fn() -> Option<AnyView> + Send + 'static,
) -> Live<Option<AnyView>> {
    Arc::new(Mutex::new(view))
}

/// What an attribute such as `aria-pressed` says as signals do.
pub(crate) fn live_flag(flag: impl Fn() -> bool + Send + 'static) -> Live<&'static str> {
    Arc::new(Mutex::new(move || if flag() { "true" } else { "false" }))
}

/// The heading of a view. It takes the focus when the view comes up, so that keyboard and screen reader
/// start at what is new.
#[component]
pub(crate) fn ViewHeading(
    /// Whether the view has replaced another one; the first view of a page leaves the focus where it is.
    takes_focus: bool,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get().filter(|_| takes_focus) {
            // Without a focus the page works as well.
            _ = heading.focus();
        }
    });
    view! {
        <h1 class="ds-heading" data-size="lg" tabindex="-1" node_ref=heading>
            {children()}
        </h1>
    }
}

/// A checkbox with its label, and a line below it if there is more to say.
pub(crate) fn checkbox(
    language: PageLanguage,
    id: &'static str,
    label: Text,
    about: Option<Text>,
    checked: RwSignal<bool>,
) -> AnyView {
    view! {
        <div class="ds-field">
            <input
                class="ds-input"
                type="checkbox"
                id=id
                aria-describedby=about.map(|_| format!("{id}-about"))
                prop:checked=move || checked.get()
                on:change=move |event: ev::Event| checked.set(event_target_checked(&event))
            />
            <label class="ds-label" for=id>{language.t(label)}</label>
            {described(language, id, about)}
        </div>
    }
    .into_any()
}

/// One of several exclusive choices.
pub(crate) fn radio<T: Copy + PartialEq + Send + Sync + 'static>(
    language: PageLanguage,
    group: &'static str,
    id: &'static str,
    label: Text,
    about: Option<Text>,
    value: T,
    chosen: RwSignal<T>,
) -> AnyView {
    view! {
        <div class="ds-field">
            <input
                class="ds-input"
                type="radio"
                name=group
                id=id
                aria-describedby=about.map(|_| format!("{id}-about"))
                prop:checked=move || chosen.get() == value
                on:change=move |_| chosen.set(value)
            />
            <label class="ds-label" for=id>{language.t(label)}</label>
            {described(language, id, about)}
        </div>
    }
    .into_any()
}

fn described(language: PageLanguage, id: &str, about: Option<Text>) -> Option<AnyView> {
    let id = format!("{id}-about");
    about
        .map(|about| view! { <p data-field="description" id=id>{language.t(about)}</p> }.into_any())
}

/// A heading below that of the view, in one of the design system's sizes.
pub(crate) fn heading(language: PageLanguage, size: &'static str, text: Text) -> AnyView {
    view! { <h2 class="ds-heading" data-size=size>{language.t(text)}</h2> }.into_any()
}

/// A heading that names its section: `id` is for `aria-labelledby`.
pub(crate) fn section_heading(language: PageLanguage, id: &'static str, text: Text) -> AnyView {
    view! { <h2 class="ds-heading" data-size="xs" id=id>{language.t(text)}</h2> }.into_any()
}

/// A paragraph.
pub(crate) fn paragraph(language: PageLanguage, text: Text) -> AnyView {
    view! { <p class="ds-paragraph">{language.t(text)}</p> }.into_any()
}

/// A paragraph in small type.
pub(crate) fn small(language: PageLanguage, text: Text) -> AnyView {
    view! { <p class="ds-paragraph" data-size="sm">{language.t(text)}</p> }.into_any()
}

/// What a button is besides its text.
#[derive(Clone, Copy, Default)]
pub(crate) struct ButtonKind {
    /// The design system's variant; empty for the primary one.
    pub(crate) variant: &'static str,
    /// Whether it is small.
    pub(crate) is_small: bool,
    /// The mark for tests.
    pub(crate) test_id: &'static str,
}

/// A button. It is disabled while the browser is on its way to a provider.
pub(crate) fn button(
    language: PageLanguage,
    kind: ButtonKind,
    text: Text,
    on_click: impl Fn() + Send + 'static,
) -> AnyView {
    boxed_button(language, kind, text, Box::new(on_click))
}

fn boxed_button(
    language: PageLanguage,
    kind: ButtonKind,
    text: Text,
    on_click: Box<dyn Fn() + Send>,
) -> AnyView {
    let is_leaving = Auth::expect().is_leaving();
    view! {
        <button
            class="ds-button"
            type="button"
            data-variant=kind.variant
            data-size=if kind.is_small { "sm" } else { "md" }
            data-testid=kind.test_id
            disabled=move || is_leaving.get()
            on:click=move |_| on_click()
        >
            {language.t(text)}
        </button>
    }
    .into_any()
}

/// A link that opens in a tab of its own and says so to screen readers.
///
/// `variant` is that of a button which the link is to look like; empty for a link that looks like one.
pub(crate) fn outward_link(
    language: PageLanguage,
    href: String,
    variant: &'static str,
    name: impl IntoAny,
) -> AnyView {
    let name = name.into_any();
    let class = if variant.is_empty() {
        "ds-link"
    } else {
        "ds-button"
    };
    view! {
        <a class=class data-variant=variant href=href target="_blank" rel="noreferrer">
            {name}
            <span class="ds-sr-only">" "{language.t(text::OPENS_ELSEWHERE)}</span>
        </a>
    }
    .into_any()
}

/// A term and its description, for a `dl`.
pub(crate) fn term(language: PageLanguage, term: Text, description: impl IntoAny) -> AnyView {
    let description = description.into_any();
    view! { <div><dt>{language.t(term)}</dt><dd>{description}</dd></div> }.into_any()
}

/// That something is on its way: read out, and seen.
pub(crate) fn waiting(language: PageLanguage, text: Text) -> AnyView {
    view! {
        <div class="waiting" role="status">
            <svg class="ds-spinner" data-size="sm" viewBox="0 0 50 50" aria-hidden="true" focusable="false">
                <circle class="ds-spinner__background" cx="25" cy="25" r="20" fill="none" stroke-width="5" />
                <circle class="ds-spinner__circle" cx="25" cy="25" r="20" fill="none" stroke-width="5" />
            </svg>
            <span>{language.t(text)}</span>
        </div>
    }
    .into_any()
}

/// That the browser is on its way to the provider.
pub(crate) fn going(language: PageLanguage, is_leaving: ReadSignal<bool>) -> Live<Option<AnyView>> {
    live_option(move || {
        is_leaving
            .get()
            .then(|| waiting(language, text::GOING_TO_PROVIDER))
    })
}
