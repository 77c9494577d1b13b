//! The session in bare values, out of sight: for tests, which shall not depend on words or language.

use leptos::prelude::*;
use portvakt_leptos::{Auth, AuthState, Persistence, SignedIn};

use crate::view::parts::live_option;

/// One element for each value that there is.
pub(crate) fn marks() -> AnyView {
    let auth = Auth::expect();
    let state = auth.state();
    let status = move || match state.get() {
        AuthState::Loading => "loading",
        AuthState::SignedOut { .. } => "signed-out",
        AuthState::SignedIn(_) => "signed-in",
    };
    let error = live_option(move || {
        let code = match state.get() {
            AuthState::SignedOut { error } => error,
            _ => auth.problem().get(),
        };
        code.map(|error| mark("session-error", error.code().to_owned()))
    });
    let session = live_option(move || {
        let AuthState::SignedIn(signed_in) = state.get() else {
            return None;
        };
        let acr = signed_in.claims().acr.as_str().to_owned();
        let marks = view! {
            {mark("session-organisation", organisation(&signed_in))}
            {mark("session-acr", acr)}
        };
        Some(marks.into_any())
    });
    let ends_at = live_option(move || {
        let end = auth.session_end().get()?;
        Some(mark("session-ends-at", end.at.as_secs().to_string()))
    });
    let persistence = move || match auth.persistence().get() {
        Persistence::Sealed => "sealed",
        Persistence::Memory => "memory",
    };
    view! {
        <div hidden>
            <span data-testid="session-status">{status}</span>
            <span data-testid="session-persistence">{persistence}</span>
            {error}
            {session}
            {ends_at}
        </div>
    }
    .into_any()
}

fn mark(name: &'static str, value: String) -> AnyView {
    view! { <span data-testid=name>{value}</span> }.into_any()
}

fn organisation(signed_in: &SignedIn) -> String {
    let numbers: Vec<_> = signed_in
        .representation()
        .map(|represented| represented.organisations())
        .unwrap_or_default()
        .iter()
        .map(|organisation| organisation.number().to_string())
        .collect();
    if numbers.is_empty() {
        "self".to_owned()
    } else {
        numbers.join(" ")
    }
}
