//! What can be made to go wrong, and what can be switched.

use maud::{Markup, html};

use super::{Shown, button, section, yes_no};
use crate::cors::Endpoint;
use crate::faults::{Fault, MAX_TIMES};
use crate::locale::Locale;
use crate::options::RarProfile;
use crate::switches::Switch;

pub(super) fn faults(state: Shown<'_>, locale: Locale) -> Markup {
    let armed = state.faults.armed();
    let mut places = Vec::new();
    for fault in Fault::ALL {
        if !places.contains(&fault.place()) {
            places.push(fault.place());
        }
    }
    let of = |place| {
        Fault::ALL
            .iter()
            .filter(move |fault| fault.place() == place)
    };
    section(
        "faults",
        locale.pick("Feil", "Faults"),
        &html! {
            p {
                (locale.pick(
                    "En feil skjer i de neste svarene der den kan vise seg, og er så borte.",
                    "A fault happens in the next responses that it can show itself in, and is then gone.",
                ))
            }
            @if armed.is_empty() {
                p data-testid="no-faults" { (locale.pick("Ingen feil er slått på.", "No fault is armed.")) }
            } @else {
                ul.armed { @for (fault, times) in &armed {
                    li data-testid="armed-fault" data-fault=(fault.name()) {
                        code { (fault.name()) } " × " (times) " – " span lang="en" { (fault.sentence()) }
                    }
                } }
            }
            div.row {
                form.inline method="post" action="/actions/arm-fault" {
                    label for="fault" { (locale.pick("Feil", "Fault")) }
                    select #fault name="fault" required {
                        @for place in &places {
                            optgroup label=(place.as_str()) {
                                @for fault in of(*place) { option value=(fault.name()) { (fault.name()) } }
                            }
                        }
                    }
                    label for="times" { (locale.pick("Ganger", "Times")) }
                    input #times.short type="number" name="times" min="1" max=(MAX_TIMES) value="1" required;
                    button.primary type="submit" { (locale.pick("Slå på", "Arm")) }
                }
                @if !armed.is_empty() {
                    (button("disarm-faults", &[], locale.pick("Slå av alle", "Disarm all")))
                }
            }
            details {
                summary { (locale.pick("Alle feil og hva de gjør", "All faults and what they do")) }
                @for place in &places {
                    h3 lang="en" { (place.as_str()) }
                    dl lang="en" { @for fault in of(*place) {
                        dt { code { (fault.name()) } }
                        dd { (fault.sentence()) }
                    } }
                }
            }
        },
    )
}

pub(super) fn behaviour(state: Shown<'_>, locale: Locale) -> Markup {
    let settings = state.settings();
    section(
        "behaviour",
        locale.pick("Oppførsel", "Behaviour"),
        &html! {
            form method="post" action="/actions/dialogporten" {
                label.check {
                    input type="checkbox" name="accept_ansattporten" value="true" checked[settings.accept_ansattporten]
                        data-testid="accept-ansattporten";
                    (locale.pick("Dialogporten godtar token fra Ansattporten", "Dialogporten accepts Ansattporten's tokens"))
                }
                p.hint {
                    (locale.pick(
                        "I produksjon blir de avvist med 401 inntil videre; saken er ",
                        "In production they are refused with 401 for the time being; the issue is ",
                    ))
                    a href="https://github.com/Altinn/dialogporten/issues/3982" { "Altinn/dialogporten#3982" }
                    "."
                }
                button.secondary type="submit" { (locale.pick("Lagre", "Save")) }
            }
            form method="post" action="/actions/switches" {
                fieldset {
                    legend { (locale.pick("Det kildene er uenige om eller tier om", "What the sources disagree or are silent about")) }
                    div.checks { @for switch in Switch::ALL {
                        label.check {
                            input type="checkbox" name=(switch.name()) value="true" checked[state.switches.is_on(switch)];
                            span { (locale.pick(switch.norwegian(), switch.sentence())) " " code { (switch.name()) } }
                        }
                    } }
                }
                button.secondary type="submit" { (locale.pick("Lagre", "Save")) }
            }
            form method="post" action="/actions/rar-profile" {
                label for="profile" { (locale.pick("Form på authorization_details", "Shape of authorization_details")) }
                select #profile name="profile" {
                    @for profile in RarProfile::ALL {
                        option value=(profile.as_str()) selected[profile == settings.rar_profile] { (profile.as_str()) }
                    }
                }
                button.secondary type="submit" { (locale.pick("Lagre", "Save")) }
            }
        },
    )
}

pub(super) fn keys(state: Shown<'_>, locale: Locale) -> Markup {
    let rings = [
        ("ansattporten", "Ansattporten", state.ansattporten.keys()),
        ("idporten", "ID-porten", state.idporten.keys()),
        ("dialogporten", "Dialogporten", &state.dialog_keys),
    ];
    section(
        "keys",
        locale.pick("Nøkler", "Keys"),
        &html! {
            div.scroll { table {
                thead { tr {
                    th scope="col" { (locale.pick("Tjeneste", "Service")) }
                    th scope="col" { (locale.pick("Algoritme", "Algorithm")) }
                    th scope="col" { (locale.pick("Nøkler, den som signerer først", "Keys, the one that signs first")) }
                    th scope="col" { (locale.pick("Bytt", "Rotate")) }
                } }
                tbody { @for (id, name, ring) in rings { tr {
                    th scope="row" { (name) }
                    td { (ring.algorithm()) }
                    td { @for kid in ring.kids() { div { code { (kid) } } } }
                    td { div.row {
                        (button("rotate-keys", &[("provider", id), ("overlap", "true")], locale.pick("Med overlapp", "With overlap")))
                        (button("rotate-keys", &[("provider", id)], locale.pick("Uten overlapp", "Without overlap")))
                    } }
                } } }
            } }
        },
    )
}

pub(super) fn cors(state: Shown<'_>, locale: Locale) -> Markup {
    let open: Vec<&str> = Endpoint::ALL
        .into_iter()
        .filter(|&endpoint| state.cors.is_open(endpoint))
        .map(Endpoint::as_str)
        .collect();
    section(
        "cors",
        "CORS",
        &html! {
            p {
                (locale.pick("Åpne for alle nettsteder: ", "Open to every website: "))
                strong { (if open.is_empty() { yes_no(locale, false).to_owned() } else { open.join(", ") }) } "."
            }
            form method="post" action="/actions/cors" {
                fieldset {
                    legend { (locale.pick("Endepunkter som nettlesere kan lese fra andre nettsteder", "Endpoints that browsers may read from other sites")) }
                    div.checks { @for endpoint in Endpoint::ALL {
                        label.check {
                            input type="checkbox" name=(endpoint.as_str()) value="true" checked[state.cors.is_open(endpoint)];
                            code { (endpoint.as_str()) }
                        }
                    } }
                }
                button.secondary type="submit" { (locale.pick("Lagre", "Save")) }
            }
        },
    )
}
