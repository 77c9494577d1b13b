//! Inspections.

use super::super::model::ActivityType::{DialogClosed, DialogOpened};
use super::super::model::Dialog;
use super::super::model::DialogStatus::{Awaiting, Completed, InProgress, RequiresAttention};
use super::super::model::Priority::{Primary, Secondary};
use super::super::model::TransmissionType::{Alert, Decision, Information, Request, Submission};
use super::draft::Ago::{Days, Hours};
use super::{KARI, KOMMUNE, PROVE_AS, PROVE_BERGEN, PROVE_OSLO, Start, TILSYN};

pub(super) fn dialogs(start: Start) -> Vec<Dialog> {
    vec![
        start
            .organisation(TILSYN, PROVE_AS, "tilsyn-varsel", Hours(26))
            .texts(
                (
                    "Varsel om tilsyn: internkontroll og HMS",
                    "Notice of inspection: internal control and safety",
                ),
                (
                    "Vi kommer på tilsyn om tre uker. Send dokumentasjonen på forhånd.",
                    "We will inspect you in three weeks. Please send the documentation in advance.",
                ),
            )
            .info((
                "Tilsynet varer omtrent tre timer. Vi ønsker å møte:\n\n- daglig leder\n- verneombudet\n- en tillitsvalgt\n\nDagsorden ligger ved.",
                "The inspection takes about three hours. We would like to meet:\n\n- the managing director\n- the safety representative\n- an employee representative\n\nThe agenda is enclosed.",
            ))
            .status(RequiresAttention)
            .extended_status("venter-dokumentasjon", ("Venter på dere", "Waiting for you"))
            .reference("HMS-2026-0312")
            .due_in_days(12)
            .transmission(
                Alert,
                Hours(26),
                None,
                ("Varsel om tilsyn", "Notice of inspection"),
                (
                    "Se hva som må sendes inn før besøket.",
                    "See what must be sent in before the visit.",
                ),
            )
            .enclosure("dagsorden", ("Dagsorden", "Agenda"))
            .enclosure("dokumentliste", ("Liste over dokumenter", "List of documents"))
            .go("write", Primary, ("Send dokumentasjon", "Send documentation"))
            .go("write", Secondary, ("Be om nytt tidspunkt", "Ask for another time"))
            .note(
                Hours(25),
                (
                    "Saken er tildelt inspektør i region øst.",
                    "The case has been assigned to an inspector in the eastern region.",
                ),
            )
            .done(),
        start
            .organisation(TILSYN, PROVE_AS, "tilsyn-palegg", Days(52))
            .texts(
                ("Pålegg om bedre ventilasjon", "Order to improve the ventilation"),
                (
                    "Vi vurderer dokumentasjonen dere har sendt.",
                    "We are assessing the documentation that you have sent.",
                ),
            )
            .status(Awaiting)
            .progress(70)
            .transmission(
                Decision,
                Days(52),
                None,
                ("Vedtak om pålegg", "Decision: order"),
                (
                    "Luftmengden i verkstedet er for lav.",
                    "The air flow in the workshop is too low.",
                ),
            )
            .enclosure("vedtak", ("Vedtaket", "The decision"))
            .opened(Days(51), KARI)
            .transmission(
                Submission,
                Days(8),
                Some(KARI),
                ("Dokumentasjon av utført arbeid", "Documentation of work done"),
                (
                    "Nytt aggregat er montert og målt.",
                    "A new unit has been fitted and measured.",
                ),
            )
            .enclosure("maleprotokoll", ("Måleprotokoll", "Measurement record"))
            .seen(Days(7), KARI)
            .activity(DialogOpened, Days(51), Some(KARI))
            .done(),
        start
            .organisation(TILSYN, PROVE_OSLO, "tilsyn-oslo-brann", Days(14))
            .texts(
                ("Brannvern: egenmelding", "Fire safety: self-declaration"),
                (
                    "Fyll ut skjemaet for lokalene i Oslo.",
                    "Fill in the form for the premises in Oslo.",
                ),
            )
            .status(InProgress)
            .progress(10)
            .due_in_days(2)
            .go("write", Primary, ("Fyll ut skjemaet", "Fill in the form"))
            .done(),
        start
            .organisation(TILSYN, PROVE_BERGEN, "tilsyn-bergen-rapport", Days(33))
            .texts(
                ("Tilsynsrapport uten avvik", "Inspection report without deviations"),
                (
                    "Takk for god tilrettelegging. Saken er avsluttet.",
                    "Thank you for your good preparation. The case is closed.",
                ),
            )
            .status(Completed)
            .transmission(
                Information,
                Days(33),
                None,
                ("Tilsynsrapport", "Inspection report"),
                ("Ingen avvik, to merknader.", "No deviations, two remarks."),
            )
            .enclosure("rapport", ("Rapporten", "The report"))
            .activity(DialogClosed, Days(32), None)
            .done(),
        start
            .organisation(TILSYN, KOMMUNE, "tilsyn-kommune-svomming", Days(6))
            .texts(
                (
                    "Tilsyn med vannkvalitet i svømmehallen",
                    "Inspection of the water quality at the swimming pool",
                ),
                (
                    "Send prøveresultater for de siste tre månedene.",
                    "Please send test results for the last three months.",
                ),
            )
            .status(RequiresAttention)
            .due_in_days(8)
            .transmission(
                Request,
                Days(6),
                None,
                ("Krav om prøveresultater", "Request for test results"),
                (
                    "Ukentlige prøver av klor og pH.",
                    "Weekly samples of chlorine and pH.",
                ),
            )
            .go("write", Primary, ("Send prøveresultater", "Send the test results"))
            .done(),
    ]
}
