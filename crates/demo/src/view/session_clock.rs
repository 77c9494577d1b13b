//! How long the session and the access token last, counted down.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::session::SessionError;
use portvakt_jose::UnixTime;
use portvakt_leptos::{Auth, AuthState, SignedIn};

use crate::language::{Language, PageLanguage, Text};
use crate::text;
use crate::view::parts::{ButtonKind, button, live_option, live_text, small, term};
use crate::view::problem::problem;

/// The three clocks. Screen readers can look them up, and are not told every second.
///
/// `again` signs in anew, for services that renew nothing.
pub(crate) fn session_clock(
    language: PageLanguage,
    signed_in: &SignedIn,
    again: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let auth = Auth::expect();
    let now = auth.now();
    let clock = move |label, ends_at: Signal<Option<UnixTime>>| {
        let left = live_text(move || match ends_at.get() {
            None => text::NOT_TOLD.in_language(language.current()).to_owned(),
            Some(ends_at) => countdown(now.get(), ends_at, language.current()),
        });
        term(language, label, view! { <span role="timer">{left}</span> })
    };
    let session_ends_at = Signal::derive(move || auth.session_end().get().map(|end| end.at));
    // A renewal changes this, and nothing else that is shown.
    let token_expires_at = Signal::derive(move || match auth.state().get() {
        AuthState::SignedIn(signed_in) => signed_in.access_token_expires_at(),
        _ => None,
    });
    let id_token_expires_at = Signal::stored(Some(signed_in.id_token_expires_at()));
    let why = live_text(move || {
        let cause = auth.session_end().get().map(|end| end.cause);
        let why = if cause == Some(SessionError::Over) {
            text::ENDS_BY_LENGTH
        } else {
            text::ENDS_BY_IDLENESS
        };
        why.in_language(language.current()).to_owned()
    });
    let failure = RwSignal::new(None::<&'static str>);
    let renew = move || {
        failure.set(None);
        spawn_local(async move {
            match auth.renew().await {
                Ok(()) => {}
                Err(error) if error.code() == SessionError::NotRenewable.code() => again(),
                // The page may show somebody else by now, or nobody.
                Err(error) => drop(failure.try_set(Some(error.code()))),
            }
        });
    };
    let kind = ButtonKind {
        variant: "secondary",
        is_small: true,
        test_id: "renew",
    };
    let about: Text = if signed_in.is_renewable() {
        text::RENEW_ABOUT
    } else {
        text::RENEW_BY_SIGN_IN
    };
    view! {
        <div class="session-clock">
            <dl class="terms">
                {clock(text::SESSION_ENDS, session_ends_at)}
                {clock(text::TOKEN_EXPIRES, token_expires_at)}
                {clock(text::ID_TOKEN_EXPIRES, id_token_expires_at)}
            </dl>
            <p class="ds-paragraph minor">{why}</p>
            <div class="with-note">{button(language, kind, text::RENEW, renew)} {small(language, about)}</div>
            {live_option(move || failure.get().map(|code| problem(language, code, ())))}
        </div>
    }
    .into_any()
}

/// The time that is left, as `1:43` or `1:59:07`.
pub(crate) fn countdown(now: UnixTime, end: UnixTime, language: Language) -> String {
    let left = end.as_secs().saturating_sub(now.as_secs());
    if left == 0 {
        return text::EXPIRED.in_language(language).to_owned();
    }
    let (hours, minutes, seconds) = (left / 3600, left / 60 % 60, left % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::countdown;
    use crate::language::Language;
    use portvakt_jose::UnixTime;

    #[test]
    fn time_left_is_written_as_a_clock_writes_it() {
        let left = |seconds: u64| {
            countdown(
                UnixTime::new(1000),
                UnixTime::new(1000 + seconds),
                Language::Nb,
            )
        };
        assert_eq!(left(7199), "1:59:59");
        assert_eq!(left(3600), "1:00:00");
        assert_eq!(left(103), "1:43");
        assert_eq!(left(9), "0:09");
        assert_eq!(left(0), "utløpt");
        assert_eq!(
            countdown(UnixTime::new(1001), UnixTime::new(1000), Language::En),
            "expired"
        );
    }
}
