//! How to sign in, and as whom.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::eid::{Acr, Eid, Level};
use crate::locale::Locale;
use crate::provider_name::ProviderName;
use crate::world::Person;

use super::Page;

/// The choice between eIDs.
pub(crate) fn choose_eid(page: &Page<'_>, offered: &[Eid]) -> Response {
    let locale = page.locale();
    let title = locale.pick("Velg innloggingsmåte", "Choose how to sign in");
    let main = html! {
        (heading(page, title))
        (page.problem())
        form method="post" action="/login/eid" {
            (page.tx_field())
            ul.choices {
                @for eid in offered {
                    li {
                        button.choice type="submit" name="eid" value=(eid.as_str()) data-testid="eid" data-eid=(eid.as_str()) {
                            span.choice-name { (name(*eid, locale)) }
                            span.choice-note { (level(*eid, page.provider, locale)) }
                        }
                    }
                }
            }
            @if offered.is_empty() {
                p {
                    (locale.pick(
                        "Ingen innloggingsmåte i simulatoren gir det nivået som tjenesten ber om.",
                        "No way to sign in here gives the level that the service asks for.",
                    ))
                }
            }
        }
        div.row { (page.cancel()) }
        (page.cancel_form())
    };
    page.respond(StatusCode::OK, title, &main)
}

/// The choice between test persons, each with the number of organisations that they represent; `is_only`
/// if there is no other way to sign in.
pub(crate) fn sign_in(
    page: &Page<'_>,
    eid: Eid,
    people: &[(&Person, usize)],
    is_only: bool,
) -> Response {
    let locale = page.locale();
    let title = locale.pick("Velg testperson", "Choose a test person");
    let with_email = eid.acr(page.provider).is_some_and(|acr| !acr.has_pid());
    let main = html! {
        (heading(page, title))
        p.lead { (locale.pick("Innlogging med ", "Signing in with ")) strong { (name(eid, locale)) } "." }
        (page.problem())
        form method="post" action="/login/person" {
            (page.tx_field())
            ul.choices {
                @for (person, organisations) in people {
                    li {
                        button.choice type="submit" name="pid" value=(person.pid.as_str())
                            data-testid="person" data-pid=(person.pid.as_str()) {
                            span.choice-name { (person.name()) }
                            span.choice-note {
                                @match (&person.email, with_email) {
                                    (Some(email), true) => (email),
                                    _ => (person.pid.as_str()),
                                }
                                @if page.provider == ProviderName::Ansattporten && !with_email {
                                    " · " (represents(*organisations, locale))
                                }
                            }
                        }
                    }
                }
            }
        }
        @if people.is_empty() {
            p { (locale.pick("Ingen i simulatoren har denne innloggingsmåten.", "Nobody here has this way to sign in.")) }
        }
        @if !with_email { (other_person(page)) }
        div.row {
            @if !is_only {
                form method="post" action="/login/eid" {
                    (page.tx_field())
                    button.secondary type="submit" data-testid="back" {
                        (locale.pick("Velg en annen innloggingsmåte", "Choose another way to sign in"))
                    }
                }
            }
            (page.cancel())
        }
        (page.cancel_form())
    };
    page.respond(status(page), title, &main)
}

fn other_person(page: &Page<'_>) -> Markup {
    let locale = page.locale();
    html! {
        details.other open[page.problem.is_some()] {
            summary { (locale.pick("Skriv inn et syntetisk fødselsnummer", "Enter a synthetic person number")) }
            form method="post" action="/login/person" {
                (page.tx_field())
                label for="pid" { (locale.pick("Syntetisk fødselsnummer, 11 siffer", "Synthetic person number, 11 digits")) }
                p.hint #pid-hint {
                    (locale.pick(
                        "Måneden er økt med 80. Ekte fødselsnumre blir avvist.",
                        "The month is raised by 80. Real person numbers are refused.",
                    ))
                }
                input #pid type="text" name="pid" inputmode="numeric" autocomplete="off" maxlength="11" required
                    aria-describedby="pid-hint";
                button.primary type="submit" { (locale.pick("Logg inn", "Sign in")) }
            }
        }
    }
}

fn heading(page: &Page<'_>, title: &str) -> Markup {
    let locale = page.locale();
    html! {
        h1 { (title) }
        p.to { (locale.pick("Du logger inn hos ", "You are signing in to ")) strong { (page.client()) } }
    }
}

fn status(page: &Page<'_>) -> StatusCode {
    if page.problem.is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    }
}

fn represents(organisations: usize, locale: Locale) -> String {
    match organisations {
        0 => locale
            .pick("ingen virksomhet", "no organisation")
            .to_owned(),
        1 => locale.pick("1 virksomhet", "1 organisation").to_owned(),
        more => format!("{more} {}", locale.pick("virksomheter", "organisations")),
    }
}

fn name(eid: Eid, locale: Locale) -> &'static str {
    match eid {
        Eid::Minid => "MinID",
        Eid::Bankid => "BankID",
        Eid::Buypass => "Buypass ID",
        Eid::Commfides => "Commfides",
        Eid::Eidas => locale.pick(
            "ID fra et annet europeisk land (eIDAS)",
            "ID from another European country (eIDAS)",
        ),
        Eid::Entraid => locale.pick(
            "Jobbkonto (Microsoft Entra ID)",
            "Work account (Microsoft Entra ID)",
        ),
        Eid::SelfregisteredEmail => locale.pick("Egenregistrert e-post", "Self-registered e-mail"),
    }
}

fn level(eid: Eid, provider: ProviderName, locale: Locale) -> &'static str {
    match eid.acr(provider) {
        Some(Acr::National(Level::High) | Acr::Eidas(Level::High)) => {
            locale.pick("Høyt sikkerhetsnivå", "Assurance level high")
        }
        Some(Acr::National(_) | Acr::Eidas(_)) => {
            locale.pick("Betydelig sikkerhetsnivå", "Assurance level substantial")
        }
        _ => locale.pick("Uten sikkerhetsnivå", "No assurance level"),
    }
}
