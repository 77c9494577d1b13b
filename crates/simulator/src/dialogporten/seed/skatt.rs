//! Tax and duties.

use super::super::model::ActivityType::{
    DialogClosed, FormSaved, FormSubmitted, PaymentMade, SentToPayment, SentToSigning,
    SignatureProvided,
};
use super::super::model::DialogStatus::{
    Awaiting, Completed, Draft, InProgress, NotApplicable, RequiresAttention,
};
use super::super::model::Priority::{Primary, Secondary};
use super::super::model::TransmissionType::{
    Acceptance, Alert, Correction, Decision, Information, Rejection, Submission,
};
use super::super::model::{Dialog, HttpVerb, SystemLabel};
use super::draft::Ago::{Days, Hours, Minutes};
use super::{HOLDING, KARI, NEDLAGT, NORA, NUF, OLA, PROVE_AS, PROVE_OSLO, SKATT, Start};

pub(super) fn dialogs(start: Start) -> Vec<Dialog> {
    [of_the_company(start), of_others(start), of_people(start)].concat()
}

fn of_the_company(start: Start) -> Vec<Dialog> {
    let case = |slug, created| start.organisation(SKATT, PROVE_AS, slug, created);
    vec![
        case("skatt-mva", Minutes(25))
            .texts(
                (
                    "Mva-melding for 5. termin er klar til signering",
                    "VAT return for the 5th period is ready to be signed",
                ),
                (
                    "Beregnet beløp å betale: 148 320 kroner. Frist om ti dager.",
                    "Calculated amount to pay: NOK 148,320. Due in ten days.",
                ),
            )
            .info((
                "Meldingen er fylt ut fra regnskapssystemet deres.\n\n| Post | Beløp |\n|---|---:|\n| Utgående avgift | 231 450 |\n| Inngående avgift | 83 130 |\n| **Å betale** | **148 320** |\n\nKontroller tallene før du signerer.",
                "The return has been filled in from your accounting system.\n\n| Item | Amount |\n|---|---:|\n| Output tax | 231,450 |\n| Input tax | 83,130 |\n| **To pay** | **148,320** |\n\nPlease check the figures before you sign.",
            ))
            .status(RequiresAttention)
            .extended_status("til-signering", ("Til signering", "Awaiting signature"))
            .progress(80)
            .process("urn:syntetisk:skatt:mva:2026-5")
            .reference("MVA-2026-5-310000019")
            .due_in_days(10)
            .attachment("mva-spesifikasjon", ("Spesifikasjon", "Specification"))
            .activity(SentToSigning, Minutes(25), None)
            .go("sign", Primary, ("Gå til signering", "Go to signing"))
            .go("write", Secondary, ("Endre meldingen", "Change the return"))
            .done(),
        case("skatt-a-melding", Days(3))
            .texts(
                ("A-melding for oktober er godtatt", "Employer's report for October is accepted"),
                (
                    "Betal arbeidsgiveravgift og forskuddstrekk innen fristen.",
                    "Pay employer's contributions and withheld tax within the deadline.",
                ),
            )
            .status(InProgress)
            .process("urn:syntetisk:skatt:a-melding:2026-10")
            .due_in_days(4)
            .transmission(
                Submission,
                Days(3),
                Some(KARI),
                ("A-melding for oktober", "Employer's report for October"),
                (
                    "Lønn og ytelser for 14 ansatte.",
                    "Salaries and benefits for 14 employees.",
                ),
            )
            .enclosure("a-melding", ("Innsendt a-melding", "Submitted report"))
            .transmission(
                Rejection,
                Days(3),
                None,
                ("Tilbakemelding med avvik", "Feedback with deviations"),
                (
                    "Stillingsprosent mangler for én ansatt.",
                    "The percentage of full-time employment is missing for one employee.",
                ),
            )
            .opened(Days(2), KARI)
            .transmission(
                Correction,
                Days(2),
                Some(KARI),
                ("Rettet a-melding", "Corrected report"),
                (
                    "Stillingsprosent er lagt til.",
                    "The percentage of full-time employment has been added.",
                ),
            )
            .transmission(
                Acceptance,
                Days(2),
                None,
                ("Godtatt", "Accepted"),
                (
                    "Meldingen er godtatt. Betalingsinformasjon er vedlagt.",
                    "The report is accepted. Payment details are enclosed.",
                ),
            )
            .enclosure("betalingsinformasjon", ("Betalingsinformasjon", "Payment details"))
            .link(("Se kravet", "See the claim"), Some(4))
            .activity(SentToPayment, Days(2), None)
            .go("report", Primary, ("Gå til betaling", "Go to payment"))
            .done(),
        case("skatt-skattemelding", Days(40))
            .texts(
                (
                    "Skattemelding for aksjeselskap: påbegynt",
                    "Company tax return: begun",
                ),
                (
                    "Du har et lagret utkast. Resultatregnskapet er ikke fylt ut.",
                    "You have a saved draft. The income statement has not been filled in.",
                ),
            )
            .status(Draft)
            .progress(35)
            .due_in_days(60)
            .activity(FormSaved, Days(12), Some(KARI))
            .seen(Days(12), KARI)
            .go("write", Primary, ("Fortsett utfyllingen", "Continue filling in"))
            .act(
                "write",
                HttpVerb::DELETE,
                ("Slett utkastet", "Delete the draft"),
                (
                    "Utkastet slettes for alle i virksomheten. Vil du fortsette?",
                    "The draft will be deleted for everybody in the business. Do you want to go on?",
                ),
            )
            .done(),
        case("skatt-attest", Days(75))
            .texts(
                ("Skatteattest", "Tax certificate"),
                (
                    "Virksomheten hadde ingen restanser da attesten ble bestilt.",
                    "The business had no arrears when the certificate was ordered.",
                ),
            )
            .status(Completed)
            .attachment_until(
                "skatteattest-juni",
                ("Skatteattest, utløpt", "Tax certificate, expired"),
                Some(-10),
            )
            .attachment("skatteattest-veiledning", ("Om attesten", "About the certificate"))
            .seen(Days(74), KARI)
            .activity(DialogClosed, Days(75), None)
            .done(),
        case("skatt-forhandsskatt", Days(120))
            .texts(
                ("Faktura for forskuddsskatt, 2. termin", "Invoice for advance tax, 2nd instalment"),
                (
                    "Betalt. Takk for innbetalingen.",
                    "Paid. Thank you.",
                ),
            )
            .status(Completed)
            .seen(Days(119), KARI)
            .label(SystemLabel::Archive, Days(90), KARI)
            .activity(PaymentMade, Days(110), Some(KARI))
            .activity(DialogClosed, Days(109), None)
            .done(),
        case("skatt-utlopt", Days(100))
            .texts(
                ("Invitasjon til informasjonsmøte", "Invitation to an information meeting"),
                ("Møtet er holdt.", "The meeting has taken place."),
            )
            .expires_in_days(-30)
            .done(),
    ]
}

fn of_others(start: Start) -> Vec<Dialog> {
    vec![
        start
            .organisation(SKATT, PROVE_OSLO, "skatt-oslo-kontroll", Days(2))
            .texts(
                (
                    "Kontroll av personalliste",
                    "Inspection of the staff register",
                ),
                (
                    "Vi har fire spørsmål etter besøket i lokalene deres.",
                    "We have four questions after our visit to your premises.",
                ),
            )
            .status(Awaiting)
            .due_in_days(9)
            .transmission(
                Alert,
                Days(2),
                None,
                ("Spørsmål etter kontroll", "Questions after the inspection"),
                (
                    "Svar skriftlig innen fristen.",
                    "Please answer in writing before the deadline.",
                ),
            )
            .enclosure("sporsmal", ("Spørsmålene", "The questions"))
            .go(
                "write",
                Primary,
                ("Svar på spørsmålene", "Answer the questions"),
            )
            .done(),
        start
            .organisation(SKATT, HOLDING, "skatt-holding-aksjonar", Days(16))
            .texts(
                (
                    "Aksjonærregisteroppgaven er mottatt",
                    "Shareholder statement received",
                ),
                (
                    "Oppgaven er signert og under behandling.",
                    "The statement is signed and being processed.",
                ),
            )
            .status(InProgress)
            .progress(60)
            .transmission(
                Submission,
                Days(16),
                Some(KARI),
                ("Aksjonærregisteroppgave", "Shareholder statement"),
                (
                    "Tre aksjonærer, ingen endringer i året.",
                    "Three shareholders, no changes this year.",
                ),
            )
            .seen(Days(15), KARI)
            .activity(SignatureProvided, Days(16), Some(KARI))
            .activity(FormSubmitted, Days(16), Some(KARI))
            .done(),
        start
            .organisation(SKATT, NUF, "skatt-nuf-mva", Days(5))
            .texts(
                (
                    "Mva-melding mangler for 4. termin",
                    "VAT return missing for the 4th period",
                ),
                (
                    "Send meldingen for å unngå tvangsmulkt.",
                    "Send the return to avoid a coercive fine.",
                ),
            )
            .status(RequiresAttention)
            .due_in_days(-2)
            .go("report", Primary, ("Send meldingen", "Send the return"))
            .done(),
        start
            .organisation(SKATT, NEDLAGT, "skatt-nedlagt-oppgjor", Days(210))
            .texts(
                (
                    "Skatteoppgjør for siste driftsår",
                    "Tax settlement for the final year",
                ),
                (
                    "Selskapet er slettet. Oppgjøret er sendt til avviklingsstyret.",
                    "The company is deleted. The settlement went to the liquidation board.",
                ),
            )
            .status(Completed)
            .transmission(
                Decision,
                Days(210),
                None,
                ("Skatteoppgjør", "Tax settlement"),
                ("Null kroner å betale.", "Nothing to pay."),
            )
            .done(),
    ]
}

fn of_people(start: Start) -> Vec<Dialog> {
    vec![
        start
            .person(SKATT, KARI, "skatt-kari-oppgjor", Days(28))
            .texts(
                (
                    "Skatteoppgjøret ditt er klart",
                    "Your tax settlement is ready",
                ),
                (
                    "Du får 2 143 kroner tilbake. Pengene kommer innen tre uker.",
                    "You will get NOK 2,143 back. The money arrives within three weeks.",
                ),
            )
            .status(NotApplicable)
            .transmission(
                Decision,
                Days(28),
                None,
                ("Skatteoppgjør", "Tax settlement"),
                (
                    "Oppgjøret bygger på skattemeldingen du leverte i april.",
                    "The settlement is based on the tax return that you filed in April.",
                ),
            )
            .enclosure("skatteoppgjor", ("Skatteoppgjør", "Tax settlement"))
            .done(),
        start
            .person(SKATT, OLA, "skatt-ola-skattekort", Hours(30))
            .texts(
                (
                    "Skattekortet ditt er endret",
                    "Your tax deduction card has changed",
                ),
                (
                    "Trekkprosenten er 31 fra neste lønn.",
                    "Tax is withheld at 31 per cent from your next salary.",
                ),
            )
            .status(NotApplicable)
            .transmission(
                Information,
                Hours(30),
                None,
                ("Nytt skattekort", "New tax deduction card"),
                (
                    "Arbeidsgiveren din får det tilsendt.",
                    "It is sent to your employer.",
                ),
            )
            .go(
                "write",
                Secondary,
                ("Endre skattekortet", "Change the card"),
            )
            .done(),
        start
            .person(SKATT, NORA, "skatt-nora-attest", Days(4))
            .texts(
                (
                    "Spørsmål om fradrag for reise til jobb",
                    "Question about a deduction for travel to work",
                ),
                (
                    "Du har ført opp 240 dager. Send oss en bekreftelse fra arbeidsgiver.",
                    "You have entered 240 days. Please send us a confirmation from your employer.",
                ),
            )
            .status(RequiresAttention)
            .due_in_days(18)
            .go(
                "write",
                Primary,
                ("Last opp bekreftelse", "Upload the confirmation"),
            )
            .done(),
    ]
}
