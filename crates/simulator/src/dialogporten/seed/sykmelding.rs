//! Sick leave: can be opened at the highest level only; lists below it show what is not sensitive.

use super::super::model::Dialog;
use super::super::model::DialogStatus::{InProgress, NotApplicable, RequiresAttention};
use super::super::model::Priority::Primary;
use super::super::model::TransmissionType::{Information, Request};
use super::draft::Ago::{Days, Hours};
use super::draft::Text;
use super::{NORA, PROVE_AS, PROVE_OSLO, SKOLE, SYKMELDING, Start};

const TITLE: Text = ("Melding om en ansatt", "Message about an employee");
const SUMMARY: Text = (
    "Logg inn på høyt nivå for å lese meldingen.",
    "Sign in at level high to read the message.",
);

pub(super) fn dialogs(start: Start) -> Vec<Dialog> {
    vec![
        start
            .organisation(SYKMELDING, PROVE_AS, "sykmelding-prove", Hours(9))
            .texts(
                (
                    "Sykmelding for Teo Eksempel, 50 prosent",
                    "Sick leave for Teo Eksempel, 50 per cent",
                ),
                (
                    "Gjelder to uker. Legg til rette i samråd med den ansatte.",
                    "For two weeks. Please adapt the work together with the employee.",
                ),
            )
            .non_sensitive(TITLE, SUMMARY)
            .status(RequiresAttention)
            .due_in_days(14)
            .transmission(
                Information,
                Hours(9),
                None,
                ("Sykmelding", "Sick leave"),
                (
                    "Legen foreslår kortere dager og hvilepauser.",
                    "The doctor suggests shorter days and breaks.",
                ),
            )
            .enclosure("sykmelding", ("Sykmeldingen", "The certificate"))
            .go(
                "read",
                Primary,
                ("Åpne sykmeldingen", "Open the certificate"),
            )
            .done(),
        start
            .organisation(SYKMELDING, PROVE_AS, "sykmelding-oppfolging", Days(19))
            .texts(
                (
                    "Oppfølgingsplan for Ida Prøve",
                    "Follow-up plan for Ida Prøve",
                ),
                (
                    "Planen skal være klar innen fire uker etter at sykmeldingen startet.",
                    "The plan must be ready within four weeks from the start of the sick leave.",
                ),
            )
            .non_sensitive(TITLE, SUMMARY)
            .status(InProgress)
            .progress(25)
            .due_in_days(9)
            .done(),
        start
            .organisation(SYKMELDING, PROVE_OSLO, "sykmelding-oslo", Days(1))
            .texts(
                (
                    "Sykmelding for Mia Syntetisk, 100 prosent",
                    "Sick leave for Mia Syntetisk, 100 per cent",
                ),
                ("Gjelder til og med fredag.", "Until Friday."),
            )
            .non_sensitive(TITLE, SUMMARY)
            .status(NotApplicable)
            .done(),
        start
            .organisation(SYKMELDING, SKOLE, "sykmelding-skole", Days(2))
            .texts(
                (
                    "Sykmelding for Jon Prøvedal, 80 prosent",
                    "Sick leave for Jon Prøvedal, 80 per cent",
                ),
                ("Forlenget med tre uker.", "Extended by three weeks."),
            )
            .non_sensitive(TITLE, SUMMARY)
            .status(NotApplicable)
            .done(),
        start
            .person(SYKMELDING, NORA, "sykmelding-nora", Days(2))
            .texts(
                ("Søk om sykepenger", "Apply for sickness benefit"),
                (
                    "Sykmeldingsperioden din er over. Send søknaden innen tre måneder.",
                    "Your period of sick leave is over. Send the application within three months.",
                ),
            )
            .non_sensitive(
                ("Du har en oppgave å gjøre", "You have something to do"),
                SUMMARY,
            )
            .status(RequiresAttention)
            .due_in_days(88)
            .transmission(
                Request,
                Days(2),
                None,
                ("Søknad om sykepenger", "Application for sickness benefit"),
                (
                    "Kontroller dagene og send inn.",
                    "Check the days and send it in.",
                ),
            )
            .go(
                "read",
                Primary,
                ("Gå til søknaden", "Go to the application"),
            )
            .done(),
    ]
}
