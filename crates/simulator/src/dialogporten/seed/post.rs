//! Letters: to organisations, and to people themselves.

use super::super::model::ActivityType::{
    CorrespondenceConfirmed, CorrespondenceOpened, DialogClosed, DialogOpened,
};
use super::super::model::DialogStatus::{Awaiting, Completed, NotApplicable, RequiresAttention};
use super::super::model::Priority::{Primary, Secondary};
use super::super::model::TransmissionType::{Decision, Information, Request, Submission};
use super::super::model::{Dialog, HttpVerb, SystemLabel};
use super::draft::Ago::{Days, Hours, Minutes};
use super::{
    ETAT, HOLDING, KARI, KOMMUNE, NORA, NUF, OLA, POST, PROVE_AS, PROVE_OSLO, SKOLE, Start,
};

pub(super) fn dialogs(start: Start) -> Vec<Dialog> {
    [to_the_company(start), to_others(start), to_people(start)].concat()
}

fn to_the_company(start: Start) -> Vec<Dialog> {
    let letter = |slug, created| start.organisation(POST, PROVE_AS, slug, created);
    vec![
        letter("post-varselplikt", Hours(3))
            .correspondence()
            .texts(
                (
                    "Nye regler for varsling gjelder fra nyttår",
                    "New rules on whistleblowing apply from the new year",
                ),
                (
                    "Virksomheter med minst fem ansatte må ha skriftlige rutiner. Bekreft at dere har lest brevet.",
                    "Businesses with five or more employees need written routines. Confirm that you have read the letter.",
                ),
            )
            .info((
                "## Dette må dere gjøre\n\n1. Gå gjennom rutinene sammen med de tillitsvalgte.\n2. Gjør dem kjent for alle ansatte.\n3. Bekreft at brevet er lest.\n\nSpørsmål? Ring oss på hverdager mellom 9 og 15.",
                "## What you need to do\n\n1. Go through the routines with the employee representatives.\n2. Make them known to everybody who works for you.\n3. Confirm that you have read the letter.\n\nQuestions? Call us on weekdays between 9 and 15.",
            ))
            .embedded()
            .status(RequiresAttention)
            .due_in_days(14)
            .reference("2026/01187")
            .attachment("veileder-varsling", ("Veileder om varsling", "Guide to whistleblowing"))
            .act(
                "write",
                HttpVerb::POST,
                ("Bekreft lest", "Confirm as read"),
                (
                    "Bekrefter du på vegne av virksomheten at brevet er lest?",
                    "Do you confirm on behalf of the business that the letter has been read?",
                ),
            )
            .done(),
        letter("post-adresse", Days(2))
            .correspondence()
            .texts(
                ("Bekreft forretningsadressen deres", "Confirm your business address"),
                (
                    "To brev er kommet i retur. Er Prøveveien 1 fortsatt riktig adresse?",
                    "Two letters have been returned to us. Is Prøveveien 1 still the right address?",
                ),
            )
            .status(Awaiting)
            .extended_status("adresse-til-kontroll", ("Til kontroll", "Being checked"))
            .due_in_days(5)
            .transmission(
                Request,
                Days(2),
                None,
                ("Spørsmål om adresse", "Question about your address"),
                (
                    "Vi ber dere bekrefte eller rette forretningsadressen.",
                    "Please confirm or correct your business address.",
                ),
            )
            .opened(Days(1), KARI)
            .transmission(
                Submission,
                Hours(20),
                Some(KARI),
                ("Rettet adresse", "Corrected address"),
                (
                    "Vi har flyttet til Eksempelgata 12, 0150 Oslo.",
                    "We have moved to Eksempelgata 12, 0150 Oslo.",
                ),
            )
            .seen(Hours(20), KARI)
            .go("write", Secondary, ("Endre svaret", "Change the answer"))
            .done(),
        letter("post-grunnlag", Days(4))
            .texts(
                ("Grunnlagsdata for fagsystem", "Reference data for business systems"),
                (
                    "Oppdaterte kodelister til maskinell henting.",
                    "Updated code lists, to be fetched by machines.",
                ),
            )
            .status(NotApplicable)
            .api_only()
            .api("read", "hent-kodelister", HttpVerb::GET)
            .done(),
        letter("post-tilgang", Days(6))
            .correspondence()
            .texts(
                (
                    "Regnskapsfører har fått tilgang på vegne av dere",
                    "Your accountant has been given access on your behalf",
                ),
                (
                    "Se hvem som kan gjøre hva, og trekk tilganger som ikke lenger trengs.",
                    "See who can do what, and withdraw access that is no longer needed.",
                ),
            )
            .status(NotApplicable)
            .seen(Days(5), KARI)
            .label(SystemLabel::MarkedAsUnopened, Days(3), KARI)
            .go("read", Primary, ("Se tilganger", "See access rights"))
            .done(),
        letter("post-velkommen", Days(190))
            .correspondence()
            .texts(
                ("Velkommen til digital post", "Welcome to digital post"),
                (
                    "Heretter kommer brev fra det offentlige hit, ikke i papirpost.",
                    "From now on, letters from public authorities arrive here and not on paper.",
                ),
            )
            .status(Completed)
            .seen(Days(189), KARI)
            .label(SystemLabel::Archive, Days(180), KARI)
            .activity(CorrespondenceOpened, Days(189), Some(KARI))
            .done(),
        letter("post-undersokelse", Days(35))
            .texts(
                (
                    "Vil dere delta i en undersøkelse om digitale tjenester?",
                    "Would you take part in a survey on digital services?",
                ),
                (
                    "Det tar fem minutter og er frivillig.",
                    "It takes five minutes and is voluntary.",
                ),
            )
            .status(NotApplicable)
            .seen(Days(34), KARI)
            .label(SystemLabel::Bin, Days(34), KARI)
            .done(),
        letter("post-feilsendt", Days(9))
            .texts(
                ("Feilsendt brev", "Letter sent by mistake"),
                (
                    "Brevet var ment for en annen mottaker og er trukket tilbake.",
                    "The letter was meant for another recipient and has been withdrawn.",
                ),
            )
            .deleted()
            .done(),
    ]
}

fn to_others(start: Start) -> Vec<Dialog> {
    vec![
        start
            .organisation(POST, PROVE_OSLO, "post-nodnett", Hours(7))
            .correspondence()
            .texts(
                (
                    "Test av nødvarsel onsdag klokka 12",
                    "Test of the emergency alert on Wednesday at noon",
                ),
                (
                    "Alle mobiltelefoner i lokalene vil gi lyd. Informer ansatte og besøkende.",
                    "Every mobile phone on the premises will sound. Please tell employees and visitors.",
                ),
            )
            .status(NotApplicable)
            .attachment("plakat-nodvarsel", ("Plakat til oppslag", "Poster for the notice board"))
            .done(),
        start
            .organisation(POST, HOLDING, "post-reelle-rettighetshavere", Days(1))
            .texts(
                (
                    "Kontroller reelle rettighetshavere",
                    "Check your beneficial owners",
                ),
                (
                    "Opplysningene er over ett år gamle. Bekreft at de fortsatt stemmer.",
                    "The information is more than a year old. Confirm that it is still right.",
                ),
            )
            .status(RequiresAttention)
            .due_in_days(21)
            .go("write", Primary, ("Gå til opplysningene", "Go to the information"))
            .done(),
        start
            .organisation(POST, NUF, "post-nuf", Days(8))
            .texts(
                (
                    "Oppdater kontaktperson i Norge",
                    "Update your contact person in Norway",
                ),
                (
                    "Et norskregistrert utenlandsk foretak må ha en kontaktperson med norsk adresse.",
                    "A Norwegian-registered foreign enterprise needs a contact person with a Norwegian address.",
                ),
            )
            .status(RequiresAttention)
            .done(),
        start
            .organisation(POST, KOMMUNE, "post-kommune-arkiv", Days(3))
            .texts(
                (
                    "Innsyn i byggesak: klage fra nabo",
                    "Access to a building case: complaint from a neighbour",
                ),
                (
                    "Kommunen bes om å oversende sakens dokumenter.",
                    "The municipality is asked to forward the documents of the case.",
                ),
            )
            .status(Awaiting)
            .reference("2026/00934")
            .transmission(
                Request,
                Days(3),
                None,
                ("Oversendelse av klage", "Complaint forwarded"),
                (
                    "Klagen følger vedlagt. Send dokumentene innen to uker.",
                    "The complaint is enclosed. Please send the documents within two weeks.",
                ),
            )
            .enclosure("klage", ("Klage fra nabo", "Complaint from the neighbour"))
            .go("write", Primary, ("Send dokumenter", "Send documents"))
            .done(),
        start
            .organisation(POST, SKOLE, "post-skole", Days(5))
            .texts(
                (
                    "Skolebilder: informasjon om samtykke",
                    "School photographs: information on consent",
                ),
                (
                    "Slik innhenter skolen samtykke fra foresatte.",
                    "How the school obtains consent from guardians.",
                ),
            )
            .status(NotApplicable)
            .done(),
        start
            .organisation(POST, ETAT, "post-etat", Days(11))
            .texts(
                ("Tildelingsbrev for neste år", "Letter of allocation for the coming year"),
                (
                    "Mål, rammer og rapportering for virksomheten.",
                    "Goals, budget and reporting for the agency.",
                ),
            )
            .status(NotApplicable)
            .transmission(
                Decision,
                Days(11),
                None,
                ("Tildelingsbrev", "Letter of allocation"),
                (
                    "Brevet gjelder fra første januar.",
                    "The letter applies from the first of January.",
                ),
            )
            .done(),
    ]
}

fn to_people(start: Start) -> Vec<Dialog> {
    vec![
        start
            .person(POST, KARI, "post-kari-pass", Days(7))
            .correspondence()
            .texts(
                (
                    "Passet ditt utløper snart",
                    "Your passport is about to expire",
                ),
                (
                    "Bestill time for nytt pass i god tid før du skal reise.",
                    "Book an appointment for a new one well before you travel.",
                ),
            )
            .status(NotApplicable)
            .seen(Days(6), KARI)
            .activity(DialogOpened, Days(6), Some(KARI))
            .go("read", Primary, ("Bestill time", "Book an appointment"))
            .done(),
        start
            .person(POST, OLA, "post-ola-resept", Minutes(40))
            .correspondence()
            .texts(
                (
                    "Du er satt opp som nærmeste pårørende",
                    "You have been named as next of kin",
                ),
                (
                    "En innbygger har ført deg opp. Du kan si nei.",
                    "A resident has put you down. You may decline.",
                ),
            )
            .status(RequiresAttention)
            .act(
                "write",
                HttpVerb::POST,
                ("Bekreft lest", "Confirm as read"),
                (
                    "Bekrefter du at du har lest brevet?",
                    "Do you confirm that you have read the letter?",
                ),
            )
            .done(),
        start
            .person(POST, NORA, "post-nora-flytting", Days(13))
            .texts(
                (
                    "Flyttemeldingen din er behandlet",
                    "Your change of address has been registered",
                ),
                (
                    "Ny adresse: Prøvestien 3, 5003 Bergen.",
                    "New address: Prøvestien 3, 5003 Bergen.",
                ),
            )
            .status(Completed)
            .transmission(
                Submission,
                Days(13),
                Some(NORA),
                ("Melding om flytting", "Notice of change of address"),
                (
                    "Jeg flytter den første i neste måned.",
                    "I am moving on the first of next month.",
                ),
            )
            .transmission(
                Information,
                Days(12),
                None,
                ("Bekreftelse", "Confirmation"),
                (
                    "Adressen er endret i registeret.",
                    "The address has been changed in the register.",
                ),
            )
            .opened(Days(12), NORA)
            .seen(Days(12), NORA)
            .activity(CorrespondenceConfirmed, Days(12), Some(NORA))
            .activity(DialogClosed, Days(11), None)
            .done(),
    ]
}
