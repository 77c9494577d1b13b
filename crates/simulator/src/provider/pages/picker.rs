//! Whom the person represents.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::provider::rar::{Choices, OrganisationChoice, RarRequest};
use crate::world::Person;

use super::Page;

/// The picker.
pub(crate) fn choose_representation(
    page: &Page<'_>,
    person: &Person,
    choices: &Choices,
    asked: &RarRequest,
) -> Response {
    let locale = page.locale();
    let title = locale.pick(
        "Hvem vil du representere?",
        "Whom do you want to represent?",
    );
    let kind = if asked.allow_multiple {
        "checkbox"
    } else {
        "radio"
    };
    let main = html! {
        h1 { (title) }
        p.to {
            (locale.pick("Du er logget inn som ", "You are signed in as ")) strong { (person.name()) }
            (locale.pick(" hos ", " at ")) strong { (page.client()) }
        }
        (page.problem())
        form method="post" action="/login/representation" {
            (page.tx_field())
            @if !asked.is_required {
                fieldset {
                    legend { (locale.pick("Deg selv", "Yourself")) }
                    label.option data-testid="represent-self" {
                        input type=(kind) name="party" value="self";
                        span.option-text {
                            span.choice-name { (person.name()) }
                            span.choice-note {
                                (locale.pick("Du representerer ingen virksomhet", "You represent no organisation"))
                            }
                        }
                    }
                }
            }
            @match choices {
                Choices::Organisations(organisations) => (organisation_options(page, organisations, kind, asked)),
                Choices::People(people) => {
                    fieldset {
                        legend { (locale.pick("Personer du har fullmakt for", "People who gave you a mandate")) }
                        @for choice in people {
                            label.option data-testid="person" data-pid=(choice.pid.as_str()) {
                                input type="radio" name="party" value=(choice.pid.as_str());
                                span.option-text {
                                    span.choice-name { (choice.name) }
                                    span.choice-note { (choice.pid.as_str()) }
                                }
                            }
                        }
                    }
                }
            }
            div.row {
                button.primary type="submit" data-testid="continue" { (locale.pick("Fortsett", "Continue")) }
                (page.cancel())
            }
        }
        (page.cancel_form())
    };
    let status = if page.problem.is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    page.respond(status, title, &main)
}

/// Where a required representation ends when there is nobody to represent: the real services do not
/// send the browser back from here.
pub(crate) fn nobody_to_represent(page: &Page<'_>, person: &Person) -> Response {
    let locale = page.locale();
    let title = locale.pick(
        "Du kan ikke representere noen her",
        "There is nobody you can represent here",
    );
    let client = &page.transaction.request.client;
    let main = html! {
        h1 { (title) }
        div.problem role="alert" data-testid="op-error" data-code="no_representation" {
            p {
                strong { (page.client()) }
                (locale.pick(
                    " krever at du representerer noen, men ",
                    " requires that you represent somebody, but ",
                ))
                strong { (person.name()) }
                (locale.pick(
                    " har ingen rettigheter som tjenesten godtar.",
                    " has no rights that the service accepts.",
                ))
            }
        }
        p {
            (locale.pick(
                "Som i den virkelige tjenesten slutter innloggingen her. Gå tilbake i nettleseren, eller gi personen rettigheter på simulatorens kontrollside og prøv igjen.",
                "As in the real service, the login ends here. Go back in the browser, or give the person rights on the simulator's control page and try again.",
            ))
        }
        @if let Some(uri) = &client.client_uri {
            p { a.button href=(uri) { (locale.pick("Tilbake til ", "Back to ")) (page.client()) } }
        }
    };
    page.respond(StatusCode::FORBIDDEN, title, &main)
}

fn organisation_options(
    page: &Page<'_>,
    organisations: &[OrganisationChoice],
    kind: &str,
    asked: &RarRequest,
) -> Markup {
    let locale = page.locale();
    // A sub-unit stands under its main unit if that is in the list as well.
    let is_part = |organisation: &OrganisationChoice| {
        organisation
            .parent
            .as_ref()
            .is_some_and(|parent| organisations.iter().any(|other| other.number == *parent))
    };
    html! {
        fieldset {
            legend { (locale.pick("Virksomheter", "Organisations")) }
            @if asked.allow_multiple {
                p.hint { (locale.pick("Du kan velge flere.", "You can choose several.")) }
            }
            @if organisations.is_empty() {
                p data-testid="no-organisations" {
                    (locale.pick(
                        "Du har ingen virksomheter du kan representere i denne tjenesten.",
                        "There is no organisation that you can represent in this service.",
                    ))
                }
            }
            @for organisation in organisations.iter().filter(|other| !is_part(other)) {
                (option(page, organisation, kind))
                @let parts: Vec<_> =
                    organisations.iter().filter(|other| other.parent.as_ref() == Some(&organisation.number)).collect();
                @if !parts.is_empty() {
                    div.sub-units role="group" aria-label={
                        (locale.pick("Underenheter av ", "Sub-units of ")) (organisation.name)
                    } {
                        @for part in parts { (option(page, part, kind)) }
                    }
                }
            }
        }
    }
}

fn option(page: &Page<'_>, organisation: &OrganisationChoice, kind: &str) -> Markup {
    let locale = page.locale();
    html! {
        label.option data-testid="organisation-option" data-orgno=(organisation.number) {
            input type=(kind) name="party" value=(organisation.number);
            span.option-text {
                span.choice-name { (organisation.name) }
                span.choice-note {
                    (grouped(organisation.number.as_str())) " · " (organisation.unit_type)
                    @if organisation.parent.is_some() {
                        " · " span.whole { (locale.pick("underenhet", "sub-unit")) }
                    }
                    @if organisation.is_deleted {
                        " · " span.deleted { (locale.pick("slettet", "deleted")) }
                    }
                }
            }
        }
    }
}

/// `310 000 019`, as organisation numbers are read.
fn grouped(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    digits
        .chunks(3)
        .map(|three| three.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("\u{a0}")
}
