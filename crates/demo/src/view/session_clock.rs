//! How long the session and the access token last, counted down.

use leptos::prelude::*;
use portvakt_jose::UnixTime;
use portvakt_leptos::{Auth, SignedIn};

use crate::language::{Language, PageLanguage};
use crate::text;
use crate::view::parts::{ButtonKind, button, live_option, live_text, term};

/// The three clocks. Screen readers can look them up, and are not told every second.
///
/// `renew` signs in again, for a new access token.
pub(crate) fn session_clock(
    language: PageLanguage,
    signed_in: &SignedIn,
    renew: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    let now = Auth::expect().now();
    let access_token_expires_at = signed_in.access_token_expires_at();
    let clock = |label, ends_at: Option<UnixTime>| {
        let left = live_text(move || match ends_at {
            None => text::NOT_TOLD.in_language(language.current()).to_owned(),
            Some(ends_at) => countdown(now.get(), ends_at, language.current()),
        });
        term(language, label, view! { <span role="timer">{left}</span> })
    };
    let is_expired = Memo::new(move |_| {
        access_token_expires_at.is_some_and(|expires_at| now.get() >= expires_at)
    });
    let kind = ButtonKind {
        variant: "secondary",
        is_small: true,
        test_id: "renew",
    };
    view! {
        <dl class="terms">
            {clock(text::SESSION_ENDS, Some(signed_in.ends_at()))}
            {clock(text::TOKEN_EXPIRES, access_token_expires_at)}
            {clock(text::ID_TOKEN_EXPIRES, Some(signed_in.id_token_expires_at()))}
        </dl>
        {live_option(move || is_expired.get().then(|| button(language, kind, text::RENEW, renew)))}
    }
    .into_any()
}

/// The time that is left, as `1:43` or `1:59:07`.
fn countdown(now: UnixTime, end: UnixTime, language: Language) -> String {
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
