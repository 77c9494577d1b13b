//! Clients, people, organisations and resources: shown in short, changed as JSON.

use maud::{Markup, html};
use serde::Serialize;

use super::{Shown, button, section};
use crate::locale::Locale;

/// One entry of a list.
struct Entry {
    /// What is removed by this name.
    id: String,
    title: String,
    note: String,
    json: String,
}

pub(super) fn clients(state: Shown<'_>, locale: Locale) -> Markup {
    let mut entries: Vec<Entry> = Vec::new();
    for (provider, client) in state.clients.all() {
        if let Some(entry) = entries
            .iter_mut()
            .find(|entry| entry.id == client.client_id)
        {
            entry.note = format!("{}, {}", entry.note, provider.display());
            continue;
        }
        entries.push(Entry {
            id: client.client_id.clone(),
            title: client.display_name().to_owned(),
            note: format!(
                "{} · {}",
                client.redirect_uris.join(" "),
                provider.display()
            ),
            json: pretty(&*client),
        });
    }
    let example = r#"{
  "client_id": "my-app",
  "redirect_uris": ["http://localhost:3000/callback"],
  "post_logout_redirect_uris": ["http://localhost:3000/"],
  "scopes": ["openid", "profile", "digdir:dialogporten"]
}"#;
    list(
        locale,
        "clients",
        locale.pick("Klienter", "Clients"),
        "client",
        &entries,
        example,
    )
}

pub(super) fn people(state: Shown<'_>, locale: Locale) -> Markup {
    let world = state.world();
    let entries: Vec<Entry> = world
        .people()
        .map(|person| {
            let represented: Vec<&str> = world
                .represented(&person.pid)
                .into_iter()
                .map(|organisation| organisation.name.as_str())
                .collect();
            let represents = match represented.as_slice() {
                [] => locale
                    .pick("representerer ingen", "represents nobody")
                    .to_owned(),
                names => names.join(", "),
            };
            Entry {
                id: person.pid.as_str().to_owned(),
                title: person.name(),
                note: format!("{} · {represents}", person.pid.as_str()),
                json: pretty(person),
            }
        })
        .collect();
    let example = r#"{
  "pid": "15868510398",
  "given_name": "Per",
  "family_name": "Eksempel",
  "email": "per@syntetisk-kommune.example",
  "authorities": [{ "organisation": "310000019", "roles": ["daglig-leder"] }]
}"#;
    list(
        locale,
        "people",
        locale.pick("Personer", "People"),
        "person",
        &entries,
        example,
    )
}

pub(super) fn organisations(state: Shown<'_>, locale: Locale) -> Markup {
    let world = state.world();
    let entries: Vec<Entry> = world
        .organisations()
        .map(|organisation| {
            let mut note = format!("{} · {}", organisation.number, organisation.unit_type);
            if let Some(parent) = &organisation.parent {
                note.push_str(&format!(
                    " · {} {parent}",
                    locale.pick("underenhet av", "sub-unit of")
                ));
            }
            if organisation.is_deleted {
                note.push_str(locale.pick(" · slettet", " · deleted"));
            }
            Entry {
                id: organisation.number.as_str().to_owned(),
                title: organisation.name.clone(),
                note,
                json: pretty(organisation),
            }
        })
        .collect();
    let example = r#"{
  "number": "310000051",
  "name": "NY SYNTETISK AS",
  "unit_type": "AS"
}"#;
    list(
        locale,
        "organisations",
        locale.pick("Virksomheter", "Organisations"),
        "organisation",
        &entries,
        example,
    )
}

pub(super) fn resources(state: Shown<'_>, locale: Locale) -> Markup {
    let world = state.world();
    let entries: Vec<Entry> = world
        .resources()
        .map(|resource| Entry {
            id: resource.id.clone(),
            title: locale.pick(&resource.name.nb, &resource.name.en).clone(),
            note: format!(
                "urn:altinn:resource:{} · {}",
                resource.id,
                resource.actions.join(", ")
            ),
            json: pretty(resource),
        })
        .collect();
    let example = r#"{
  "id": "my-service",
  "name": { "nb": "Min tjeneste", "en": "My service" },
  "owner": "316660002",
  "minimum_authentication_level": 3,
  "actions": ["read", "write"],
  "roles": ["daglig-leder", "styreleder"]
}"#;
    list(
        locale,
        "resources",
        locale.pick("Ressurser", "Resources"),
        "resource",
        &entries,
        example,
    )
}

/// `kind` is what the actions are called after: `put-client`, `remove-client`.
fn list(
    locale: Locale,
    id: &str,
    title: &str,
    kind: &str,
    entries: &[Entry],
    example: &str,
) -> Markup {
    section(
        id,
        title,
        &html! {
            @if entries.is_empty() { p { (locale.pick("Ingen.", "None.")) } }
            @for (number, entry) in entries.iter().enumerate() {
                details.entry {
                    summary { strong { (entry.title) } " " span.hint { (entry.note) } }
                    (editor(locale, kind, &format!("{kind}-{number}"), &entry.json))
                    (button(&format!("remove-{kind}"), &[("id", &entry.id)], locale.pick("Fjern", "Remove")))
                }
            }
            details.entry {
                summary { (locale.pick("Legg til eller erstatt", "Add or replace")) }
                (editor(locale, kind, &format!("{kind}-new"), example))
            }
        },
    )
}

fn editor(locale: Locale, kind: &str, id: &str, json: &str) -> Markup {
    html! {
        form method="post" action={ "/actions/put-" (kind) } {
            label for=(id) { (locale.pick("Som JSON, slik som i API-et", "As JSON, as in the API")) }
            textarea.code id=(id) name="json" rows=(json.lines().count().clamp(4, 24)) spellcheck="false" { (json) }
            button.secondary type="submit" { (locale.pick("Lagre", "Save")) }
        }
    }
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
