//! The control page.

mod overview;
mod registry;
mod switches;

use axum::extract::{RawQuery, State as FromState};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use crate::locale::Locale;
use crate::page::{Allowed, Bar, document, respond};
use crate::state::{Shared, State};

/// The cookie with the language of the page.
const LANGUAGE: &str = "simulator_language";

/// `GET /`.
pub(super) async fn show(
    FromState(state): FromState<Shared>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = query
        .as_deref()
        .and_then(|query| query.strip_prefix("lang="))
        .and_then(Locale::parse);
    if let Some(locale) = asked {
        let mut response = Redirect::to("/").into_response();
        let cookie = format!("{LANGUAGE}={locale}; Path=/; HttpOnly; SameSite=Lax");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, value);
        }
        return response;
    }
    let locale = language(&headers);
    let title = locale.pick("Kontrollside", "Control page");
    let main = html! {
        h1 { (title) }
        (contents(locale))
        (overview::addresses(&state, locale))
        (overview::clock(&state, locale))
        (switches::faults(&state, locale))
        (overview::sessions(&state, locale))
        (overview::logouts(&state, locale))
        (switches::behaviour(&state, locale))
        (switches::keys(&state, locale))
        (switches::cors(&state, locale))
        (registry::clients(&state, locale))
        (registry::people(&state, locale))
        (registry::organisations(&state, locale))
        (registry::resources(&state, locale))
        (overview::events(&state, locale))
        (reset(locale))
    };
    page(
        StatusCode::OK,
        locale,
        title,
        &html! { div.control { (main) } },
    )
}

/// What is wrong with a form.
pub(super) fn refused(status: StatusCode, sentence: &str) -> Response {
    let locale = Locale::default();
    let title = locale.pick("Det gikk ikke", "That did not work");
    let main = html! {
        h1 { (title) }
        div.problem role="alert" data-testid="problem" lang="en" { p { (sentence) } }
        p { a.button href="/" { (locale.pick("Tilbake til kontrollsiden", "Back to the control page")) } }
    };
    page(status, locale, title, &main)
}

fn page(status: StatusCode, locale: Locale, title: &str, main: &Markup) -> Response {
    let switch = Some(format!("/?lang={}", locale.pick("en", "nb")));
    let bar = Bar {
        locale,
        service: "Portvakt",
        switch,
        title,
    };
    let allowed = Allowed {
        origin_in_forms: true,
        ..Allowed::default()
    };
    respond(status, document(&bar, &html! {}, main), &allowed)
}

fn language(headers: &HeaderMap) -> Locale {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == LANGUAGE)
        .and_then(|(_, value)| Locale::parse(value))
        .unwrap_or_default()
}

fn contents(locale: Locale) -> Markup {
    let parts = [
        ("addresses", locale.pick("Adresser", "Addresses")),
        ("clock", locale.pick("Klokke", "Clock")),
        ("faults", locale.pick("Feil", "Faults")),
        ("sessions", locale.pick("Økter", "Sessions")),
        ("logouts", locale.pick("Utlogginger", "Sign-outs")),
        ("behaviour", locale.pick("Oppførsel", "Behaviour")),
        ("keys", locale.pick("Nøkler", "Keys")),
        ("cors", "CORS"),
        ("clients", locale.pick("Klienter", "Clients")),
        ("people", locale.pick("Personer", "People")),
        (
            "organisations",
            locale.pick("Virksomheter", "Organisations"),
        ),
        ("resources", locale.pick("Ressurser", "Resources")),
        (
            "events",
            locale.pick("Siste forespørsler", "Latest requests"),
        ),
    ];
    html! {
        nav.contents aria-label=(locale.pick("Innhold", "Contents")) {
            ul { @for (id, name) in parts { li { a href={ "#" (id) } { (name) } } } }
        }
    }
}

fn reset(locale: Locale) -> Markup {
    html! {
        section #reset aria-labelledby="reset-title" {
            h2 #reset-title { (locale.pick("Start på nytt", "Start over")) }
            p {
                (locale.pick(
                    "Setter klokke, feil, økter, klienter, personer og virksomheter tilbake slik de var da simulatoren startet. Nøklene beholdes.",
                    "Puts clock, faults, sessions, clients, people and organisations back to how they were at the start. Keys stay.",
                ))
            }
            form method="post" action="/actions/reset" {
                button.secondary type="submit" { (locale.pick("Tilbakestill alt", "Reset everything")) }
            }
        }
    }
}

/// A section of the page.
fn section(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (title) }
            (content)
        }
    }
}

/// A form that has nothing but a button.
fn button(action: &str, fields: &[(&str, &str)], text: &str) -> Markup {
    html! {
        form.inline method="post" action={ "/actions/" (action) } {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.secondary type="submit" { (text) }
        }
    }
}

fn yes_no(locale: Locale, value: bool) -> &'static str {
    match value {
        true => locale.pick("ja", "yes"),
        false => locale.pick("nei", "no"),
    }
}

/// The accessors that every part uses.
type Shown<'a> = &'a State;
