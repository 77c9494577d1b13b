//! The texts of the page, each in bokmål and English. What is said of errors stands in `problem`.

use crate::language::Text;

macro_rules! texts {
    ($($(#[$note:meta])* $name:ident: $nb:literal, $en:literal;)+) => {
        $($(#[$note])* pub(crate) const $name: Text = Text::new($nb, $en);)+
    };
}

// The frame of the page.
texts! {
    TITLE: "Portvakt", "Portvakt";
    TITLE_SIGNED_OUT: "Logg inn – Portvakt", "Sign in – Portvakt";
    TITLE_SIGNED_IN: "Innboks – Portvakt", "Inbox – Portvakt";
    SKIP_TO_CONTENT: "Hopp til innholdet", "Skip to content";
    LANGUAGE: "Språk", "Language";
    NEIGHBOUR: "Nabotjenesten", "The Neighbour Service";
    SIMULATOR: "Simulatorens kontrollside", "The simulator's control page";
    FOOTER_ABOUT:
        "Portvakt logger folk inn med Ansattporten og ID-porten fra nettleseren. Alle personer og virksomheter her er syntetiske.",
        "Portvakt signs people in with Ansattporten and ID-porten from the browser. All people and organisations here are synthetic.";
    LOADING: "Laster …", "Loading …";
    COMPLETING: "Fullfører innloggingen …", "Completing the sign-in …";
    OPENS_ELSEWHERE: "(åpnes i ny fane)", "(opens in a new tab)";
    ERROR_CODE: "Feilkode:", "Error code:";
}

// Signed out.
texts! {
    SIGNED_OUT_TITLE: "Logg inn", "Sign in";
    SIGNED_OUT_LEAD:
        "Velg om du vil handle for en virksomhet eller for deg selv. Etter innloggingen ser du hva som ble kontrollert, og innboksen i Dialogporten.",
        "Choose whether to act for an organisation or for yourself. After signing in you see what was checked, and the inbox in Dialogporten.";
    FOR_ORGANISATION: "For en virksomhet", "For an organisation";
    FOR_ORGANISATION_ABOUT:
        "Logg inn med Ansattporten og velg virksomheten du representerer. Du må ha rettighet til minst én av tjenestene du krysser av for.",
        "Sign in with Ansattporten and choose the organisation that you represent. You need a right to at least one of the services that you tick.";
    SIGN_IN_ON_BEHALF: "Logg inn og velg virksomhet", "Sign in and choose an organisation";
    ANSATTPORTEN: "Ansattporten", "Ansattporten";
    ANSATTPORTEN_ABOUT:
        "Innlogging for deg som er på jobb, uten å velge virksomhet.",
        "Sign-in for people at work, without choosing an organisation.";
    SIGN_IN: "Logg inn med Ansattporten", "Sign in with Ansattporten";
    IDPORTEN: "ID-porten", "ID-porten";
    IDPORTEN_ABOUT:
        "Innlogging for innbyggere. Gir tilgang til din egen innboks i Dialogporten.",
        "Sign-in for citizens. Gives access to your own inbox in Dialogporten.";
    SIGN_IN_IDPORTEN: "Logg inn med ID-porten", "Sign in with ID-porten";
    LEVEL: "Sikkerhetsnivå", "Level of assurance";
    LEVEL_SUBSTANTIAL: "Betydelig", "Substantial";
    LEVEL_SUBSTANTIAL_ABOUT: "MinID eller høyere", "MinID or higher";
    LEVEL_HIGH: "Høyt", "High";
    LEVEL_HIGH_ABOUT: "BankID, Buypass eller Commfides", "BankID, Buypass or Commfides";
    LEVEL_LOW: "Lavt", "Low";
    GOING_TO_PROVIDER: "Du sendes til innloggingen …", "Taking you to the sign-in …";
    RELOAD_NOTE:
        "Laster du siden på nytt eller åpner en fane til, er du fortsatt logget inn. Lukker du den siste fanen, er du det ikke.",
        "If you reload the page or open another tab, you are still signed in. If you close the last tab, you are not.";
}

// The form for the request.
texts! {
    SERVICES: "Tjenester", "Services";
    SERVICES_ABOUT:
        "Du får velge blant virksomheter der du har minst én av dem.",
        "You choose among organisations where you have at least one of them.";
    SERVICES_MISSING: "Kryss av for minst én tjeneste.", "Tick at least one service.";
    RESOURCE_POST: "Post til virksomheten", "Letters to the business";
    RESOURCE_SKATT: "Skatt og avgift", "Tax and duties";
    RESOURCE_TILSKUDD: "Søknad om tilskudd", "Grant applications";
    RESOURCE_TILSYN: "Tilsyn og kontroll", "Inspections";
    RESOURCE_SYKMELDING: "Sykmeldinger for ansatte", "Sick leave of employees";
    RESOURCE_SYKMELDING_ABOUT: "åpnes bare på høyt nivå", "opens at level high only";
    MORE_CHOICES: "Flere valg for forespørselen", "More choices for the request";
    ACTIONS: "Handlinger", "Actions";
    ACTIONS_ABOUT:
        "Uten valg holder enhver rettighet. Svaret sier hvilke av dem du har.",
        "Without a choice any right will do. The answer says which of them you have.";
    ACTION_READ: "Lese", "Read";
    ACTION_WRITE: "Skrive", "Write";
    ACTION_SIGN: "Signere", "Sign";
    KIND_OF_ORGANISATION: "Virksomheter å velge blant", "Organisations to choose among";
    KIND_ANY: "Alle", "All";
    KIND_ENTERPRISE: "Bare hovedenheter", "Main units only";
    KIND_BUSINESS: "Bare underenheter", "Sub-units only";
    REQUIREMENTS: "Krav", "Requirements";
    REPRESENTATION_REQUIRED: "Du må velge en virksomhet", "You must choose an organisation";
    REPRESENTATION_REQUIRED_ABOUT:
        "Uten dette kan du også komme tilbake som deg selv.",
        "Without this you may also come back as yourself.";
    ALLOW_MULTIPLE: "Du kan velge flere virksomheter", "You may choose several organisations";
    ALLOW_DELETED: "Også slettede virksomheter", "Deleted organisations too";
    REQUEST_PREVIEW: "Forespørselen som sendes", "The request that is sent";
}

// Signed in: who, and for whom.
texts! {
    OWN_INBOX: "Din innboks", "Your inbox";
    ACTING_FOR: "Du handler for", "You act for";
    ONESELF: "Deg selv", "Yourself";
    ONESELF_ABOUT: "Ingen virksomhet er valgt.", "No organisation is chosen.";
    ORGANISATION_NUMBER: "Org.nr.", "Org. no.";
    GRANTED: "Rettigheter", "Rights";
    MAY_READ: "lese", "read";
    MAY_WRITE: "skrive", "write";
    MAY_SIGN: "signere", "sign";
    SHOW_INBOX: "Vis innboks", "Show inbox";
    SHOWN_NOW: "Vises nå", "Shown now";
    SWITCH_ORGANISATION: "Bytt virksomhet", "Switch organisation";
    SIGN_OUT: "Logg ut", "Sign out";
    YOU: "Om deg og innloggingen", "About you and the sign-in";
    NAME: "Navn", "Name";
    EMAIL: "E-post", "E-mail";
    LEVEL_NONE: "Uten nivå", "Without level";
    PID: "Fødselsnummer", "National identity number";
    SIGNED_IN_WITH: "Logget inn med", "Signed in with";
    EID: "Elektronisk ID", "Electronic ID";
    SIGNED_IN_AT: "Logget inn kl.", "Signed in at";
    SESSION: "Økten", "The session";
    SESSION_ENDS: "Avsluttes om", "Ends in";
    TOKEN_EXPIRES: "Tilgangen utløper om", "Access expires in";
    ID_TOKEN_EXPIRES: "ID-tokenet utløper om", "ID token expires in";
    EXPIRED: "utløpt", "expired";
    NOT_TOLD: "ikke oppgitt", "not told";
    RENEW: "Hent ny tilgang", "Get new access";
    RENEW_ABOUT:
        "Skjer av seg selv når det trengs, én gang for alle fanene.",
        "Happens by itself when needed, once for all tabs.";
    RENEW_BY_SIGN_IN:
        "Leverandøren fornyer ikke uten deg: du sendes innom den.",
        "The provider does not renew without you: you are taken by it.";
    CHECKS: "Kontroller som ble gjort", "Checks that were made";
    CHECKS_ABOUT:
        "Hver kontroll ble bestått før du ble logget inn. Kilden er stedet i standarden som krever den.",
        "Each check was passed before you were signed in. The source is the place in the standard that demands it.";
    CLAIMS: "Påstandene i ID-tokenet", "The claims of the ID token";
    CLAIMS_ABOUT:
        "Slik de sto i det signerte tokenet. Fødselsnummeret er skjult.",
        "As they stood in the signed token. The identity number is hidden.";
    SHOW_PID: "Vis fødselsnummeret", "Show the identity number";
    HIDE_PID: "Skjul fødselsnummeret", "Hide the identity number";
    PREVIEW_TITLE: "Dette er en forhåndsvisning", "This is a preview";
    PREVIEW:
        "Dialogporten godtar ikke innlogging fra Ansattporten i dag. Her er simulatoren satt til å gjøre det, slik at du ser hvordan det kan bli.",
        "Dialogporten does not accept sign-ins from Ansattporten today. Here the simulator is told to, so that you see how it can be.";
    PREVIEW_LINK: "Følg saken hos Dialogporten", "Follow the matter at Dialogporten";
}

// The session's life.
texts! {
    ENDS_BY_IDLENESS:
        "Avsluttes etter en halv time uten bruk. All bruk i alle faner teller.",
        "Ends after half an hour without use. Any use of any tab counts.";
    ENDS_BY_LENGTH:
        "Avsluttes to timer etter innloggingen, uansett bruk.",
        "Ends two hours after the sign-in, however much it is used.";
    WARNING: "Du blir snart logget ut:", "You will soon be signed out:";
    WARNING_IDLE:
        "Siden har ikke vært i bruk på en stund. Vil du fortsette?",
        "The page has not been used for a while. Do you want to go on?";
    WARNING_OVER:
        "To timer er snart gått. Logg inn på nytt for å fortsette der du er.",
        "Two hours have almost passed. Sign in again to go on where you are.";
    CONTINUE: "Fortsett", "Continue";
    SIGN_IN_AGAIN: "Logg inn på nytt", "Sign in again";
    TRY: "Prøv økten", "Try the session";
    OPEN_TAB: "Åpne i en fane til", "Open in another tab";
    OPEN_TAB_ABOUT:
        "Bytt virksomhet eller logg ut i den ene, og se på den andre.",
        "Switch organisation or sign out in one of them, and look at the other.";
    OPEN_NEIGHBOUR: "Åpne den andre tjenesten", "Open the other service";
    OPEN_NEIGHBOUR_ABOUT:
        "Er du logget inn i begge og logger ut av den ene, avsluttes begge.",
        "If you are signed in to both, signing out of one ends both.";
    CALL_API: "Spør Dialogporten", "Ask Dialogporten";
    CALL_API_ABOUT:
        "Et kall med tilgangen som er nå. Er den utløpt, fornyes den først.",
        "A call with the access that there is now. If it has expired, it is renewed first.";
    KEPT: "Hva nettleseren tar vare på", "What the browser keeps";
    KEPT_ABOUT:
        "Nok til at økten tåler en ny lasting og finnes i alle fanene, og ikke mer.",
        "Enough for the session to survive a reload and be there in all tabs, and no more.";
    KEPT_DATABASE: "IndexedDB", "IndexedDB";
    KEPT_DATABASE_ABOUT:
        "Økten, kryptert, og en nøkkel som ingen kan lese ut. Alene kan de ikke åpnes.",
        "The session, encrypted, and a key that nobody can read out. Alone they cannot be opened.";
    KEPT_TAB: "sessionStorage", "sessionStorage";
    KEPT_TAB_ABOUT:
        "Fanens halvdel av nøkkelen. Den forsvinner med den siste fanen, og da kan ingen åpne økten.",
        "The tab's half of the key. It is gone with the last tab, and then nobody can open the session.";
    KEPT_MEMORY: "Minnet til fanen", "The tab's memory";
    KEPT_MEMORY_ABOUT:
        "Økten mens den vises.",
        "The session while it is shown.";
    KEPT_MEMORY_ONLY:
        "Økten. Nettleseren lar ikke siden lagre den trygt, så en ny lasting logger deg ut her.",
        "The session. The browser does not let the page store it safely, so that a reload signs you out here.";
    KEPT_NOWHERE: "localStorage og informasjonskapsler", "localStorage and cookies";
    KEPT_NOWHERE_ABOUT:
        "Ingenting: det ville overlevd deg og vært synlig for alle skript.",
        "Nothing: it would outlive you and be there for every script.";
}

// The inbox.
texts! {
    INBOX: "Innboks", "Inbox";
    INBOX_COMPLETE: "Alle meldingene vises.", "All messages are shown.";
    INBOX_EMPTY: "Det er ikke noe i denne innboksen nå.", "There is nothing in this inbox now.";
    INBOX_LOADING: "Henter innboksen …", "Fetching the inbox …";
    INBOX_RETRY: "Prøv igjen", "Try again";
    LOAD_MORE: "Vis flere", "Show more";
    LOADING_MORE: "Henter flere …", "Fetching more …";
    UNREAD: "Ulest", "Unread";
    DUE: "Frist", "Due";
    UPDATED: "Oppdatert", "Updated";
    NO_TITLE: "(uten tittel)", "(no title)";
}

// One dialog.
texts! {
    BACK_TO_INBOX: "Tilbake til innboksen", "Back to the inbox";
    DIALOG_LOADING: "Henter meldingen …", "Fetching the message …";
    KIND_PDF: "PDF", "PDF";
    KIND_TEXT: "tekst", "text";
    ATTACHMENTS: "Vedlegg", "Attachments";
    TRANSMISSIONS: "Forsendelser", "Transmissions";
    ACTIVITIES: "Hendelser", "Events";
    ACTIONS_HEADING: "Hva du kan gjøre", "What you can do";
    UNAUTHORISED: "Du har ikke tilgang", "You do not have access";
    EXPIRED_LINK: "Lenken er utløpt", "The link has expired";
    UNUSABLE_LINK: "Lenken kan ikke brukes", "The link cannot be used";
    SENDING_DISABLED:
        "Demoen sender ikke inn noe på dine vegne.",
        "The demo submits nothing on your behalf.";
    EMBED_LOADING: "Henter innholdet fra avsenderen …", "Fetching the content from the sender …";
    EMBED_FAILED:
        "Innholdet hos avsenderen kunne ikke hentes.",
        "The content at the sender could not be fetched.";
    DIALOG_REFUSED: "Meldingen kan ikke vises", "The message cannot be shown";
    STEP_UP: "Logg inn på høyt nivå", "Sign in at level high";
    NOT_READ: "Ikke åpnet", "Not opened";
    PROGRESS: "Framdrift", "Progress";
}
