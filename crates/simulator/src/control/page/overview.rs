//! Where everything is, and what happens.

use maud::{Markup, html};

use super::{Shown, button, section};
use crate::clock::utc;
use crate::locale::Locale;
use crate::logouts::{Channel, Outcome};
use crate::origins::Origin;
use crate::provider_name::ProviderName;

pub(super) fn addresses(state: Shown<'_>, locale: Locale) -> Markup {
    let rows = [
        (
            Origin::AnsattportenIssuer,
            locale.pick("Ansattporten, utsteder", "Ansattporten, issuer"),
        ),
        (
            Origin::AnsattportenLogin,
            locale.pick("Ansattporten, innlogging", "Ansattporten, login"),
        ),
        (
            Origin::IdportenIssuer,
            locale.pick("ID-porten, utsteder", "ID-porten, issuer"),
        ),
        (
            Origin::IdportenLogin,
            locale.pick("ID-porten, innlogging", "ID-porten, login"),
        ),
        (Origin::Dialogporten, "Dialogporten"),
        (
            Origin::Control,
            locale.pick("Kontrollside og API", "Control page and API"),
        ),
    ];
    let metadata = |origin| {
        format!(
            "{}/.well-known/openid-configuration",
            state.origins.url(origin)
        )
    };
    section(
        "addresses",
        locale.pick("Adresser", "Addresses"),
        &html! {
            div.scroll { table {
                thead { tr {
                    th scope="col" { (locale.pick("Tjeneste", "Service")) }
                    th scope="col" { (locale.pick("Adresse", "Address")) }
                } }
                tbody { @for (origin, name) in rows { tr {
                    th scope="row" { (name) }
                    td {
                        code { (state.origins.url(origin)) }
                        @if matches!(origin, Origin::AnsattportenIssuer | Origin::IdportenIssuer) {
                            " " a href=(metadata(origin)) { (locale.pick("metadata", "metadata")) }
                        }
                        @if origin == Origin::Dialogporten {
                            "/dialogporten/api/v1"
                        }
                        @if origin == Origin::Control {
                            " " a href="/api/state" { (locale.pick("tilstand som JSON", "state as JSON")) }
                        }
                    }
                } } }
            } }
        },
    )
}

pub(super) fn clock(state: Shown<'_>, locale: Locale) -> Markup {
    let status = match (state.clock.is_frozen(), state.clock.is_live()) {
        (true, _) => locale.pick("Klokken står stille.", "The clock stands still."),
        (false, true) => locale.pick("Klokken følger maskinen.", "The clock follows the machine."),
        (false, false) => locale.pick("Klokken er stilt fram.", "The clock was moved forward."),
    };
    section(
        "clock",
        locale.pick("Klokke", "Clock"),
        &html! {
            p { strong data-testid="clock" { (utc(state.clock.now())) } " " (status) }
            p.hint {
                (locale.pick(
                    "Nettleserens klokke flyttes ikke: etter et hopp framover vil en nøyaktig klient avvise nye token som utstedt i framtiden. For å la økter løpe ut, gjør dem eldre i stedet.",
                    "The browser's clock does not move: after a jump forward a careful client refuses new tokens as issued in the future. To let sessions run out, make them older instead.",
                ))
            }
            div.row {
                form.inline method="post" action="/actions/advance-clock" {
                    label for="advance" { (locale.pick("Sekunder fram", "Seconds forward")) }
                    input #advance.short type="number" name="seconds" min="1" max="31622400" value="60" required;
                    button.secondary type="submit" { (locale.pick("Still fram", "Advance")) }
                }
                form.inline method="post" action="/actions/set-clock" {
                    label for="now" { (locale.pick("Stans ved (Unix-sekunder)", "Stop at (Unix seconds)")) }
                    input #now type="number" name="now" min="0" max="7258118400" value=(state.clock.now()) required;
                    button.secondary type="submit" { (locale.pick("Stans", "Stop")) }
                }
                (button("live-clock", &[], locale.pick("Følg maskinens klokke", "Follow the machine's clock")))
            }
        },
    )
}

pub(super) fn sessions(state: Shown<'_>, locale: Locale) -> Markup {
    let now = state.clock.now();
    let all = ProviderName::ALL.map(|name| (name, state.provider(name).sessions(now)));
    let is_empty = all.iter().all(|(_, sessions)| sessions.is_empty());
    section(
        "sessions",
        locale.pick("Økter", "Sessions"),
        &html! {
            @if is_empty {
                p { (locale.pick("Ingen er logget inn.", "Nobody is signed in.")) }
            } @else {
                div.scroll { table {
                    thead { tr {
                        th scope="col" { (locale.pick("Tjeneste", "Service")) }
                        th scope="col" { (locale.pick("Person og nivå", "Person and level")) }
                        th scope="col" { (locale.pick("Klienter", "Clients")) }
                        th scope="col" { (locale.pick("Slutter senest", "Ends at the latest")) }
                    } }
                    tbody {
                        @for (name, sessions) in &all { @for session in sessions { tr {
                            th scope="row" { (name.display()) }
                            td { @for login in &session.logins {
                                div {
                                    (login.pid) " · " (login.acr)
                                    @if let Some(client) = &login.only_for { " · " (client) }
                                }
                            } }
                            td { (session.clients.join(", ")) }
                            td { (utc(session.ends)) }
                        } } }
                    }
                } }
            }
            div.row {
                (button("age-sessions", &[("seconds", "1860")], locale.pick("Gjør dem 31 minutter eldre", "Make them 31 minutes older")))
                (button("age-sessions", &[("seconds", "7260")], locale.pick("Gjør dem 2 timer eldre", "Make them 2 hours older")))
                (button("end-sessions", &[], locale.pick("Avslutt alle", "End all")))
            }
        },
    )
}

pub(super) fn logouts(state: Shown<'_>, locale: Locale) -> Markup {
    let calls = state.logouts.latest();
    let channel = |channel| match channel {
        Channel::Front => locale.pick("ramme (front-channel)", "frame (front-channel)"),
        Channel::Back => locale.pick("post (back-channel)", "post (back-channel)"),
    };
    let outcome = |outcome| match outcome {
        Outcome::Framed => locale.pick("vist på siden", "shown in the page"),
        Outcome::Waiting => locale.pick("venter", "waiting"),
        Outcome::HandedOver => locale.pick("hentet av testen", "taken by the test"),
        Outcome::Succeeded => locale.pick("mottatt", "received"),
        Outcome::Refused => locale.pick("avvist", "refused"),
        Outcome::TimedOut => locale.pick("for sent", "too late"),
        Outcome::Failed => locale.pick("ingen forbindelse", "no connection"),
        Outcome::NotLocal => locale.pick(
            "ikke sendt: bare http på denne maskinen",
            "not sent: only http on this machine",
        ),
    };
    section(
        "logouts",
        locale.pick("Utlogginger", "Sign-outs"),
        &html! {
            p {
                (locale.pick(
                    "Klientene som fikk beskjed da noen logget ut. Et logout-token sendes én gang, med 2 sekunder til forbindelse og 5 til svar.",
                    "The clients that were told when somebody signed out. A logout token is posted once, with 2 seconds to connect and 5 to answer.",
                ))
            }
            @if calls.is_empty() {
                p { (locale.pick("Ingen ennå.", "None yet.")) }
            } @else {
                div.scroll { table {
                    thead { tr {
                        th scope="col" { (locale.pick("Tid", "Time")) }
                        th scope="col" { (locale.pick("Tjeneste", "Service")) }
                        th scope="col" { (locale.pick("Klient", "Client")) }
                        th scope="col" { (locale.pick("Hvordan", "How")) }
                        th scope="col" { (locale.pick("Resultat", "Outcome")) }
                    } }
                    tbody { @for call in &calls {
                        tr.failed[!matches!(call.outcome, Outcome::Framed | Outcome::Waiting | Outcome::HandedOver | Outcome::Succeeded)]
                            data-testid="logout-call" data-client=(call.client_id) {
                            td { (utc(call.at)) }
                            td { (call.provider.display()) }
                            td { (call.client_id) }
                            td { (channel(call.channel)) " " code { (call.url) } }
                            td {
                                (outcome(call.outcome))
                                @if let Some(status) = call.status { " · " (status) }
                                @if let Some(milliseconds) = call.milliseconds { " · " (milliseconds) " ms" }
                            }
                        }
                    } }
                } }
            }
        },
    )
}

pub(super) fn events(state: Shown<'_>, locale: Locale) -> Markup {
    /// As many as one wants to read; the API has the rest.
    const SHOWN: usize = 50;
    let events = state.events.latest();
    section(
        "events",
        locale.pick("Siste forespørsler", "Latest requests"),
        &html! {
            p { a.button href="/#events" { (locale.pick("Oppdater", "Refresh")) } }
            @if events.is_empty() {
                p { (locale.pick("Ingen ennå.", "None yet.")) }
            } @else {
                div.scroll { table.events {
                    thead { tr {
                        th scope="col" { (locale.pick("Tid", "Time")) }
                        th scope="col" { (locale.pick("Hos", "At")) }
                        th scope="col" { (locale.pick("Forespørsel", "Request")) }
                        th scope="col" { (locale.pick("Svar", "Answer")) }
                    } }
                    tbody { @for event in events.iter().take(SHOWN) { tr.failed[event.status >= 400] {
                        td { (utc(event.at)) }
                        td { (event.origin) }
                        td { code { (event.method) " " (event.path) } }
                        td {
                            (event.status)
                            @if let Some(note) = &event.note { " " span.note lang="en" { (note) } }
                        }
                    } } }
                } }
            }
        },
    )
}
