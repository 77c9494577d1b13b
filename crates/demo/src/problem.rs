//! What is said to a person when something went wrong: what happened, and what to do.
//!
//! The codes are the libraries'; a code that has no words of its own is explained by its group, so that
//! a new one is never shown bare.

use crate::language::Text;

/// An error in a person's words.
#[derive(Clone, Copy)]
pub(crate) struct Explanation {
    /// What happened, as a heading.
    pub(crate) title: Text,
    /// What it means and what to do.
    pub(crate) advice: Text,
    /// How much of a problem it is.
    pub(crate) tone: Tone,
}

/// How much of a problem it is: sets the colour of the message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    /// The person's own doing, or the ordinary course of things.
    Info,
    /// Something did not work; trying again may help.
    Warning,
    /// Something is wrong that the person cannot mend, or that may be an attack.
    Danger,
}

impl Tone {
    /// The design system's name of the colour.
    pub(crate) fn colour(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// The words for a code.
pub(crate) fn explain(code: &str) -> Explanation {
    by_code(code).unwrap_or_else(|| by_group(code))
}

fn by_code(code: &str) -> Option<Explanation> {
    Some(match code {
        "provider_access_denied" => info(
            Text::new("Innloggingen ble avbrutt", "The sign-in was cancelled"),
            Text::new(
                "Du avbrøt, eller fikk ikke tilgang. Ingenting er endret. Du kan prøve igjen når du vil.",
                "You cancelled, or were not given access. Nothing has changed. You can try again whenever you want.",
            ),
        ),
        "provider_login_required"
        | "provider_interaction_required"
        | "provider_consent_required" => info(
            Text::new("Du må logge inn på nytt", "You need to sign in again"),
            Text::new(
                "Økten hos leverandøren er over.",
                "The provider's session is over.",
            ),
        ),
        "provider_temporarily_unavailable" | "provider_server_error" => warning(
            Text::new(
                "Innloggingstjenesten har problemer",
                "The sign-in service has problems",
            ),
            Text::new(
                "Feilen er hos leverandøren av innloggingen. Vent litt og prøv igjen.",
                "The fault is at the provider of the sign-in. Wait a little and try again.",
            ),
        ),
        "provider_invalid_grant" => warning(
            Text::new("Innloggingen tok for lang tid", "The sign-in took too long"),
            Text::new(
                "Engangskoden var utløpt eller brukt. Logg inn på nytt.",
                "The one-time code was expired or used. Sign in again.",
            ),
        ),
        "provider_unmet_authentication_requirements" => warning(
            Text::new(
                "Sikkerhetsnivået ble ikke nådd",
                "The level of assurance was not reached",
            ),
            Text::new(
                "Velg en elektronisk ID på et høyere nivå, for eksempel BankID.",
                "Choose an electronic ID at a higher level, such as BankID.",
            ),
        ),
        "callback_interrupted" => info(
            Text::new(
                "Innloggingen ble ikke fullført",
                "The sign-in was not completed",
            ),
            Text::new(
                "Siden ble lastet på nytt midt i innloggingen, og den ble ikke brukt. Du kan starte på nytt.",
                "The page was reloaded in the middle of the sign-in, which was not used. You can start again.",
            ),
        ),
        "callback_state_unknown" => info(
            Text::new(
                "Denne innloggingen er allerede brukt",
                "This sign-in is already used",
            ),
            Text::new(
                "Adressen hører til en innlogging som er fullført, avbrutt eller startet i en annen fane. Du kan starte på nytt.",
                "The address belongs to a sign-in that was completed, cancelled or begun in another tab. You can start again.",
            ),
        ),
        "callback_pending_expired" => info(
            Text::new("Innloggingen tok for lang tid", "The sign-in took too long"),
            Text::new(
                "Det gikk for lang tid før du kom tilbake. Du kan starte på nytt.",
                "It took too long before you came back. You can start again.",
            ),
        ),
        "session_over" => info(
            Text::new("Du er logget ut", "You are signed out"),
            Text::new(
                "Økten varer høyst to timer. Logg inn på nytt for å fortsette.",
                "The session lasts two hours at most. Sign in again to continue.",
            ),
        ),
        "session_idle" => info(
            Text::new("Du er logget ut", "You are signed out"),
            Text::new(
                "Siden var ikke i bruk på en halv time. Logg inn på nytt for å fortsette.",
                "The page was not in use for half an hour. Sign in again to continue.",
            ),
        ),
        "session_ended_elsewhere" => info(
            Text::new(
                "Du er logget ut fra et annet sted",
                "You were signed out from elsewhere",
            ),
            Text::new(
                "Du logget ut i en annen fane eller i en annen tjeneste, og da avsluttes alle. Logg inn på nytt når du vil.",
                "You signed out in another tab or in another service, and that ends them all. Sign in again whenever you want.",
            ),
        ),
        "session_renewal_refused" => info(
            Text::new("Du er logget ut", "You are signed out"),
            Text::new(
                "Leverandøren fornyer ikke økten lenger. Du kan ha logget ut et annet sted. Logg inn på nytt for å fortsette.",
                "The provider does not renew the session any more. You may have signed out elsewhere. Sign in again to continue.",
            ),
        ),
        "session_changed" => info(
            Text::new("Økten ble byttet ut", "The session was replaced"),
            Text::new(
                "Du byttet virksomhet eller bruker mens svaret var på vei. Svaret vises ikke, for det hørte til den forrige.",
                "You switched organisation or person while the answer was on its way. It is not shown, since it belonged to the last one.",
            ),
        ),
        "device_clock_wrong" => danger(
            Text::new(
                "Klokken på maskinen går feil",
                "The clock of your device is wrong",
            ),
            Text::new(
                "Den er mer enn fem minutter fra leverandørens. Still klokken, og logg inn på nytt.",
                "It is more than five minutes from the provider's. Set the clock, and sign in again.",
            ),
        ),
        "session_not_renewable" => info(
            Text::new("Tilgangen er utløpt", "Access has expired"),
            Text::new(
                "Tilgangen til innboksen varer bare en kort stund. Hent ny tilgang for å fortsette.",
                "Access to the inbox lasts for a short while only. Get new access to continue.",
            ),
        ),
        "browser_storage_unavailable" | "browser_storage_full" => warning(
            Text::new(
                "Nettleseren lar ikke siden huske noe",
                "The browser lets the page remember nothing",
            ),
            Text::new(
                "Siden må huske innloggingen mens du er hos leverandøren. Tillat lagring for denne siden, eller lukk noen faner, og prøv igjen.",
                "The page must remember the sign-in while you are at the provider. Allow storage for this page, or close some tabs, and try again.",
            ),
        ),
        "token_expired" | "token_iat_future" | "token_iat_too_old" | "token_not_yet_valid" => {
            danger(
                Text::new("Klokken stemmer ikke", "The clock is not right"),
                Text::new(
                    "Svaret fra leverandøren er utløpt eller datert fram i tid. Kontroller klokken på maskinen din og logg inn på nytt.",
                    "The provider's answer has expired or is dated ahead of time. Check the clock of your device and sign in again.",
                ),
            )
        }
        "token_acr_not_acceptable" | "token_acr_missing" => danger(
            Text::new(
                "Sikkerhetsnivået var for lavt",
                "The level of assurance was too low",
            ),
            Text::new(
                "Leverandøren sendte deg tilbake med et lavere nivå enn siden ba om. Innloggingen gjelder ikke. Prøv igjen med en annen elektronisk ID.",
                "The provider sent you back with a lower level than the page asked for. The sign-in does not count. Try again with another electronic ID.",
            ),
        ),
        "representation_required" | "representation_missing" => warning(
            Text::new("Ingen virksomhet ble valgt", "No organisation was chosen"),
            Text::new(
                "Siden ba om en virksomhet, og det kom ingen tilbake. Velg en virksomhet, eller fjern kravet i skjemaet.",
                "The page asked for an organisation, and none came back. Choose an organisation, or remove the requirement in the form.",
            ),
        ),
        "dialogporten_unauthenticated" => warning(
            Text::new(
                "Dialogporten godtar ikke denne innloggingen",
                "Dialogporten does not accept this sign-in",
            ),
            Text::new(
                "Dialogporten kjenner ikke utstederen av tilgangen, eller tilgangen er utløpt. Logg inn på nytt hvis det er lenge siden.",
                "Dialogporten does not know the issuer of the access, or the access has expired. Sign in again if it was long ago.",
            ),
        ),
        "dialogporten_step_up_required" => info(
            Text::new(
                "Meldingen krever høyere sikkerhetsnivå",
                "The message takes a higher level of assurance",
            ),
            Text::new(
                "Logg inn på nytt på høyt nivå for å åpne den.",
                "Sign in again at level high to open it.",
            ),
        ),
        "dialogporten_missing_scope" => danger(
            Text::new(
                "Siden har ikke lov til å lese innboksen",
                "The page may not read the inbox",
            ),
            Text::new(
                "Tilgangen mangler det som Dialogporten krever av programmer. Si fra til dem som driver siden.",
                "The access lacks what Dialogporten demands of programs. Tell those who run the page.",
            ),
        ),
        "dialogporten_no_access" => warning(
            Text::new("Du har ikke tilgang", "You do not have access"),
            Text::new(
                "Du har ikke rettighet til dette for den valgte virksomheten. Den som administrerer virksomheten i Altinn, kan gi deg den.",
                "You do not have the right to this for the chosen organisation. Whoever administers the organisation in Altinn can give it to you.",
            ),
        ),
        "dialogporten_not_found" => info(
            Text::new("Meldingen finnes ikke", "The message does not exist"),
            Text::new(
                "Den er fjernet, ikke synlig ennå, eller hører til en annen innboks.",
                "It has been removed, is not visible yet, or belongs to another inbox.",
            ),
        ),
        "dialogporten_deleted" => info(
            Text::new("Meldingen er slettet", "The message is deleted"),
            Text::new("Avsenderen har slettet den.", "The sender has deleted it."),
        ),
        "dialogporten_maintenance" => warning(
            Text::new(
                "Dialogporten er nede for vedlikehold",
                "Dialogporten is down for maintenance",
            ),
            Text::new("Prøv igjen om en stund.", "Try again in a while."),
        ),
        "config_missing" | "config_unreachable" | "config_malformed" => danger(
            Text::new("Siden er ikke satt opp", "The page is not set up"),
            Text::new(
                "Filen /config.json mangler eller er ugyldig, så siden vet ikke hvor tjenestene er. Start demoen med «cargo xtask demo».",
                "The file /config.json is missing or invalid, so the page does not know where the services are. Start the demo with “cargo xtask demo”.",
            ),
        ),
        _ => return None,
    })
}

fn by_group(code: &str) -> Explanation {
    let group = code.split('_').next().unwrap_or_default();
    match group {
        "transport" => warning(
            Text::new(
                "Fikk ikke kontakt med tjenesten",
                "The service could not be reached",
            ),
            Text::new(
                "Kontroller nettforbindelsen og prøv igjen. Er den i orden, har tjenesten problemer.",
                "Check your connection and try again. If it is in order, the service has problems.",
            ),
        ),
        "provider" => warning(
            Text::new(
                "Leverandøren avslo innloggingen",
                "The provider refused the sign-in",
            ),
            Text::new(
                "Prøv igjen. Skjer det flere ganger, er noe galt med hvordan siden er registrert.",
                "Try again. If it happens several times, something is wrong with how the page is registered.",
            ),
        ),
        "callback" => danger(
            Text::new(
                "Svaret hører ikke til denne innloggingen",
                "The answer does not belong to this sign-in",
            ),
            Text::new(
                "Adressen du kom tilbake på, er ikke et gyldig svar på en innlogging herfra. Det er forkastet, og ingen ble logget inn med det. Du kan starte på nytt.",
                "The address that you came back to is no valid answer to a sign-in from here. It was discarded, and nobody was signed in by it. You can start again.",
            ),
        ),
        "token" | "misbehaved" | "representation" | "claim" | "claims" => danger(
            Text::new("Innloggingen ble stoppet", "The sign-in was stopped"),
            Text::new(
                "Svaret fra leverandøren besto ikke kontrollen, og ingen ble logget inn med det. Prøv igjen; skjer det flere ganger, si fra til dem som driver siden og oppgi koden.",
                "The provider's answer did not pass the checks, and nobody was signed in by it. Try again; if it happens several times, tell those who run the page and give the code.",
            ),
        ),
        "dialogporten" => warning(
            Text::new(
                "Dialogporten svarte ikke som ventet",
                "Dialogporten did not answer as expected",
            ),
            Text::new("Prøv igjen om litt.", "Try again in a little while."),
        ),
        _ => danger(
            Text::new("Noe gikk galt", "Something went wrong"),
            Text::new(
                "Feilen er på siden og ikke hos deg. Prøv igjen, og oppgi koden hvis du sier fra.",
                "The fault is with the page and not with you. Try again, and give the code if you report it.",
            ),
        ),
    }
}

const fn info(title: Text, advice: Text) -> Explanation {
    Explanation {
        title,
        advice,
        tone: Tone::Info,
    }
}

const fn warning(title: Text, advice: Text) -> Explanation {
    Explanation {
        title,
        advice,
        tone: Tone::Warning,
    }
}

const fn danger(title: Text, advice: Text) -> Explanation {
    Explanation {
        title,
        advice,
        tone: Tone::Danger,
    }
}
