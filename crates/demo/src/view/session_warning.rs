//! The warning before a session ends, with the choice to go on.

use leptos::prelude::*;
use portvakt_digdir::session::SessionError;
use portvakt_leptos::{Auth, SessionEnd};

use crate::language::PageLanguage;
use crate::text;
use crate::view::parts::{ButtonKind, button, live_option, live_text};
use crate::view::session_clock::countdown;

/// There while the end is near. It is read out once, when it comes up, and its clock is not.
///
/// `again` signs in anew, which is all that helps when the whole time is used up.
pub(crate) fn session_warning(
    language: PageLanguage,
    again: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    let auth = Auth::expect();
    // Why it ends, while that is near: the moment itself is left to the clock.
    let near = Memo::new(move |_| {
        let end = auth.session_end().get().filter(|end| end.is_near)?;
        Some(end.cause)
    });
    let warning = live_option(move || near.get().map(|cause| warn(language, cause, again)));
    view! { <div class="session-warnings" role="alert">{warning}</div> }.into_any()
}

fn warn(
    language: PageLanguage,
    cause: SessionError,
    again: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    let auth = Auth::expect();
    let left = live_text(move || {
        let ends_at = auth.session_end().get().map(|SessionEnd { at, .. }| at);
        ends_at
            .map(|ends_at| countdown(auth.now().get(), ends_at, language.current()))
            .unwrap_or_default()
    });
    let kind = ButtonKind {
        is_small: true,
        test_id: "continue-session",
        ..ButtonKind::default()
    };
    let (about, choice) = if cause == SessionError::Over {
        let choice = button(language, kind, text::SIGN_IN_AGAIN, again);
        (text::WARNING_OVER, choice)
    } else {
        let choice = button(language, kind, text::CONTINUE, move || {
            auth.continue_session()
        });
        (text::WARNING_IDLE, choice)
    };
    view! {
        <div class="ds-alert session-warning" data-color="warning" data-testid="session-warning">
            <div>
                <div>
                    <h2 class="ds-heading" data-size="2xs">
                        {language.t(text::WARNING)}
                        " "
                        <span class="number" role="timer" aria-live="off">{left}</span>
                    </h2>
                    <p class="ds-paragraph" data-size="sm">{language.t(about)}</p>
                </div>
                {choice}
            </div>
        </div>
    }
    .into_any()
}
