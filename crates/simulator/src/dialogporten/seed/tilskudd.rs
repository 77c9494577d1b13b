//! Grants: applications, decisions and reports.

use super::super::model::ActivityType::{DialogClosed, FormSubmitted, SignatureProvided};
use super::super::model::DialogStatus::{
    Awaiting, Completed, InProgress, NotApplicable, RequiresAttention,
};
use super::super::model::Priority::{Primary, Secondary};
use super::super::model::TransmissionType::{Decision, Information, Request, Submission};
use super::super::model::{Dialog, HttpVerb};
use super::draft::Ago::{Days, Hours};
use super::{KARI, KOMMUNE, PROVE_AS, Start, TILSKUDD};

pub(super) fn dialogs(start: Start) -> Vec<Dialog> {
    let case = |slug, created| start.organisation(TILSKUDD, PROVE_AS, slug, created);
    vec![
        case("tilskudd-energi", Days(22))
            .texts(
                (
                    "Søknad om støtte til energieffektivisering",
                    "Application for energy efficiency support",
                ),
                (
                    "Vi trenger ett tilbud til fra en leverandør før vi kan avgjøre søknaden.",
                    "We need one more quote from a supplier before we can decide.",
                ),
            )
            .info((
                "**Søknadssum:** 420 000 kroner av et samlet budsjett på 1,2 millioner.\n\n**Tiltak:** varmepumpe, etterisolering av tak og styring av ventilasjon.",
                "**Applied for:** NOK 420,000 of a total budget of 1.2 million.\n\n**Measures:** heat pump, roof insulation and ventilation control.",
            ))
            .embedded()
            .status(RequiresAttention)
            .extended_status("mangler-vedlegg", ("Mangler vedlegg", "Attachment missing"))
            .progress(50)
            .process("urn:syntetisk:tilskudd:energi:4711")
            .reference("ENERGI-4711")
            .due_in_days(7)
            .attachment("utlysning", ("Utlysningen", "Call for applications"))
            .transmission(
                Submission,
                Days(22),
                Some(KARI),
                ("Søknad", "Application"),
                (
                    "Søknaden med budsjett og ett tilbud.",
                    "The application with a budget and one quote.",
                ),
            )
            .enclosure("soknad", ("Søknaden", "The application"))
            .enclosure("budsjett", ("Budsjett", "Budget"))
            .transmission(
                Information,
                Days(21),
                None,
                ("Søknaden er mottatt", "Application received"),
                (
                    "Ventet behandlingstid er fire uker.",
                    "Expected processing time is four weeks.",
                ),
            )
            .opened(Days(20), KARI)
            .transmission(
                Request,
                Hours(5),
                None,
                ("Send ett tilbud til", "Send one more quote"),
                (
                    "Reglene krever minst to tilbud for innkjøp over 300 000 kroner.",
                    "The rules require at least two quotes for purchases above NOK 300,000.",
                ),
            )
            .link(("Les reglene", "Read the rules"), None)
            .activity(SignatureProvided, Days(22), Some(KARI))
            .activity(FormSubmitted, Days(22), Some(KARI))
            .seen(Days(20), KARI)
            .go("write", Primary, ("Last opp tilbud", "Upload the quote"))
            .go("read", Secondary, ("Se saken", "See the case"))
            .act(
                "sign",
                HttpVerb::POST,
                ("Trekk søknaden", "Withdraw the application"),
                (
                    "En trukket søknad kan ikke tas opp igjen. Vil du trekke den?",
                    "A withdrawn application cannot be resumed. Do you want to withdraw it?",
                ),
            )
            .done(),
        case("tilskudd-larling", Days(64))
            .texts(
                ("Lærlingtilskudd er innvilget", "Apprentice grant approved"),
                (
                    "Dere får 81 000 kroner for to lærlinger. Rapporter innen fristen.",
                    "You will receive NOK 81,000 for two apprentices. Report before the deadline.",
                ),
            )
            .status(InProgress)
            .due_in_days(30)
            .transmission(
                Submission,
                Days(64),
                Some(KARI),
                ("Søknad om lærlingtilskudd", "Application for apprentice grant"),
                ("To lærlinger i elektrofag.", "Two apprentices in electrical work."),
            )
            .transmission(
                Decision,
                Days(50),
                None,
                ("Vedtak: innvilget", "Decision: approved"),
                (
                    "Første halvdel er utbetalt.",
                    "The first half has been paid.",
                ),
            )
            .enclosure("vedtak", ("Vedtaket", "The decision"))
            // The apprentices' certificates of absence follow another policy than the grant.
            .transmission(
                Information,
                Days(49),
                None,
                ("Fravær for lærlingene", "Absence of the apprentices"),
                (
                    "Kan leses av dem som har tilgang til sykmeldinger.",
                    "Can be read by those who have access to sick leave.",
                ),
            )
            .needs("urn:altinn:resource:demo-sykmelding")
            .enclosure("fravaer", ("Fraværsoversikt", "Overview of absence"))
            .transmission(
                Information,
                Days(49),
                None,
                ("Saksbehandlers notat", "Case officer's note"),
                (
                    "Kan bare leses internt hos tjenesteeieren.",
                    "Can be read inside the service owner's organisation only.",
                ),
            )
            .needs("urn:altinn:subresource:internt-notat")
            .enclosure("notat", ("Notat", "Note"))
            .link(("Åpne notatet", "Open the note"), None)
            .seen(Days(48), KARI)
            .go("write", Primary, ("Send rapport", "Send report"))
            .done(),
        case("tilskudd-neste-runde", Days(1))
            .texts(
                (
                    "Ny søknadsrunde åpner",
                    "A new round of applications opens",
                ),
                (
                    "Du kan søke fra i morgen klokka 8.",
                    "You can apply from tomorrow at 8.",
                ),
            )
            .status(NotApplicable)
            .visible_in_days(3)
            .done(),
        start
            .organisation(TILSKUDD, KOMMUNE, "tilskudd-kommune-sykkel", Days(18))
            .texts(
                ("Tilskudd til sykkelveg langs Fjellvik", "Grant for a cycle path along Fjellvik"),
                (
                    "Søknaden er til vurdering hos faggruppen.",
                    "The application is being assessed by the expert group.",
                ),
            )
            .status(Awaiting)
            .progress(40)
            .transmission(
                Submission,
                Days(18),
                Some(KARI),
                ("Søknad", "Application"),
                ("Strekning: 2,4 kilometer.", "Length: 2.4 kilometres."),
            )
            .go("sign", Primary, ("Signer avtalen", "Sign the agreement"))
            .go("write", Secondary, ("Legg til opplysninger", "Add information"))
            .done(),
        start
            .organisation(TILSKUDD, KOMMUNE, "tilskudd-kommune-museum", Days(150))
            .texts(
                ("Sluttrapport for museumsløftet", "Final report on the museum programme"),
                ("Rapporten er godkjent og saken avsluttet.", "The report is approved and the case closed."),
            )
            .status(Completed)
            .seen(Days(140), KARI)
            .activity(DialogClosed, Days(141), None)
            .done(),
    ]
}
