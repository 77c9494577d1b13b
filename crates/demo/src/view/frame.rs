//! The frame around every page: skip link, header with the language switch, footer.

use leptos::prelude::*;

use crate::language::{Language, PageLanguage};
use crate::text;
use crate::view::parts::{Live, live_flag, live_option, live_text, outward_link, small};

/// Header, the content as `main`, and footer. `simulator` is the address of the control page, and `is_second`
/// whether this is the other of the two services.
pub(crate) fn frame(
    language: PageLanguage,
    is_second: impl Fn() -> bool + Send + 'static,
    simulator: impl Fn() -> Option<String> + Send + 'static,
    content: Live<AnyView>,
) -> impl IntoView {
    let control_page = live_option(move || {
        simulator().map(|address| outward_link(language, address, "", language.t(text::SIMULATOR)))
    });
    let name = live_text(move || {
        let name = if is_second() {
            text::NEIGHBOUR
        } else {
            text::TITLE
        };
        name.in_language(language.current()).to_owned()
    });
    view! {
        <a class="ds-skip-link" href="#main">{language.t(text::SKIP_TO_CONTENT)}</a>
        <header class="frame-header">
            <div class="frame-width">
                <div class="frame-mark">
                    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                        <path d="M4 21V9.5a8 8 0 0 1 16 0V21h-5v-8.5a3 3 0 0 0-6 0V21z" />
                    </svg>
                    <span class="frame-name">{name}</span>
                    <span class="ds-tag" data-color="neutral" data-size="sm">"Demo"</span>
                </div>
                {language_switch(language)}
            </div>
        </header>
        <main id="main" class="frame-width frame-main" tabindex="-1">{content}</main>
        <footer class="frame-footer" data-color="neutral">
            <div class="frame-width">
                {small(language, text::FOOTER_ABOUT)}
                <p class="ds-paragraph" data-size="sm">{control_page}</p>
            </div>
        </footer>
    }
}

fn language_switch(page_language: PageLanguage) -> AnyView {
    let choices = Language::ALL.map(|language| {
        view! {
            <button
                type="button"
                class="ds-button"
                data-variant="tertiary"
                lang=language.tag()
                aria-pressed=live_flag(move || page_language.current() == language)
                on:click=move |_| page_language.switch_to(language)
            >
                {language.name()}
            </button>
        }
    });
    view! {
        <div class="language-switch" role="group" aria-label=page_language.t(text::LANGUAGE) data-size="sm">
            {choices}
        </div>
    }
    .into_any()
}
