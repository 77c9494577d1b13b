//! Who signed in, at which level, and with which eID.

use leptos::prelude::*;
use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_leptos::SignedIn;

use crate::date;
use crate::language::{PageLanguage, Text};
use crate::text;
use crate::view::parts::{live_option, live_text, term};

/// The facts about the person and the sign-in.
pub(crate) fn person(
    language: PageLanguage,
    signed_in: &SignedIn,
    name: RwSignal<Option<String>>,
) -> AnyView {
    let claims = signed_in.claims();
    let level = level(claims.acr);
    let acr = claims.acr.as_str();
    let amr = claims.amr.join(", ");
    let auth_time = claims.auth_time;
    let name = live_option(move || name.get().map(|name| term(language, text::NAME, name)));
    let pid = claims
        .pid
        .as_ref()
        .map(|pid| term(language, text::PID, pid.masked()));
    let email = claims
        .email
        .clone()
        .map(|email| term(language, text::EMAIL, email));
    let service = term(language, text::SIGNED_IN_WITH, signed_in.service().name());
    let level = term(
        language,
        text::LEVEL,
        view! { {language.t(level)} " " <code class="minor">{acr}</code> },
    );
    let eid = (!amr.is_empty()).then(|| term(language, text::EID, amr));
    let since = auth_time.map(|auth_time| {
        term(
            language,
            text::SIGNED_IN_AT,
            live_text(move || date::time(auth_time, language.current())),
        )
    });
    view! { <dl class="terms">{name} {pid} {email} {service} {level} {eid} {since}</dl> }.into_any()
}

/// The whole name, from one claim or from two.
pub(crate) fn full_name(name: Option<&str>, parts: [Option<&str>; 2]) -> Option<String> {
    let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    name.map(str::to_owned)
        .or(Some(whole))
        .filter(|name| !name.is_empty())
}

fn level(acr: Acr) -> Text {
    match acr.level() {
        Some(AssuranceLevel::High) => text::LEVEL_HIGH,
        Some(AssuranceLevel::Substantial) => text::LEVEL_SUBSTANTIAL,
        Some(AssuranceLevel::Low) => text::LEVEL_LOW,
        None => text::LEVEL_NONE,
    }
}
