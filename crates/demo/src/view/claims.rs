//! The claims of the id_token as they were signed, with the person's number hidden until it is asked for.

use leptos::prelude::*;
use portvakt_jose::json::{Object, Value};
use portvakt_leptos::SignedIn;

use crate::language::PageLanguage;
use crate::pretty::pretty;
use crate::text;
use crate::view::parts::{live_flag, live_text, small};

/// The claims, to be opened.
pub(crate) fn raw_claims(language: PageLanguage, signed_in: SignedIn) -> AnyView {
    let shows_pid = RwSignal::new(false);
    let pid = signed_in
        .claims()
        .pid
        .as_ref()
        .map(|pid| (pid.expose(), pid.masked()));
    let label = live_text(move || {
        let label = if shows_pid.get() {
            text::HIDE_PID
        } else {
            text::SHOW_PID
        };
        label.in_language(language.current()).to_owned()
    });
    let button = pid.is_some().then(|| {
        view! {
            <button
                class="ds-button"
                type="button"
                data-variant="secondary"
                data-size="sm"
                data-testid="show-pid"
                aria-pressed=live_flag(move || shows_pid.get())
                on:click=move |_| shows_pid.update(|shows| *shows = !*shows)
            >
                {label}
            </button>
        }
    });
    let text = live_text(move || {
        let claims = Value::Object(signed_in.raw_claims().clone());
        match &pid {
            Some((pid, masked)) if !shows_pid.get() => pretty(&hide(claims, pid, masked)),
            _ => pretty(&claims),
        }
    });
    view! {
        <details class="ds-details" data-testid="raw-claims">
            <summary>{language.t(text::CLAIMS)}</summary>
            <div class="stack">
                {small(language, text::CLAIMS_ABOUT)}
                {button}
                <pre class="code" tabindex="0" role="region" aria-label=language.t(text::CLAIMS)>{text}</pre>
            </div>
        </details>
    }
    .into_any()
}

/// The value with the number hidden wherever it stands, in names of claims as well as in texts.
fn hide(value: Value, pid: &str, masked: &str) -> Value {
    match value {
        Value::String(text) => Value::from(text.replace(pid, masked)),
        Value::Array(elements) => Value::Array(
            elements
                .into_iter()
                .map(|element| hide(element, pid, masked))
                .collect(),
        ),
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .map(|(name, value)| (name.replace(pid, masked), hide(value, pid, masked)))
                .collect::<Object>(),
        ),
        // A number cannot be masked in part.
        Value::Number(_) if value.to_json() == pid => Value::from(masked),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::hide;
    use portvakt_jose::json;

    #[test]
    fn the_number_is_hidden_wherever_it_stands() {
        let claims = r#"{"pid":"15868510045","n":15868510045,"deep":[{"15868510045":"urn:x:15868510045"}],"iat":1790000000}"#;
        let value = json::parse(claims.as_bytes(), 1000).expect("valid");
        let hidden = hide(value, "15868510045", "158685 *****").to_json();
        assert!(!hidden.contains("15868510045"), "{hidden}");
        assert!(hidden.contains("1790000000"), "{hidden}");
    }
}
