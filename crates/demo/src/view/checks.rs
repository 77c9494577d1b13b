//! The verification steps that were taken, for reading.

use leptos::prelude::*;
use portvakt_leptos::SignedIn;

use crate::language::{Language, PageLanguage};
use crate::text;
use crate::view::parts::{live_text, small};

/// The steps in their order, each with the place that prescribes it.
pub(crate) fn checks(language: PageLanguage, signed_in: &SignedIn) -> AnyView {
    let steps = signed_in.checks().to_vec();
    let count = steps.len();
    let steps = steps
        .into_iter()
        .map(|check| {
            let sentence = live_text(move || {
                let sentence = match language.current() {
                    Language::En => check.sentence(),
                    Language::Nb => in_norwegian(check.code()).unwrap_or(check.sentence()),
                };
                sentence.to_owned()
            });
            view! {
                <li data-check=check.code()>
                    <span class="check-sentence">{sentence}</span>
                    <span class="check-source" lang="en">{check.source()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="ds-details">
            <summary>{language.t(text::CHECKS)} " (" {count} ")"</summary>
            <div>
                {small(language, text::CHECKS_ABOUT)}
                <ol class="checks">{steps}</ol>
            </div>
        </details>
    }
    .into_any()
}

/// The step in bokmål. A step that is not here is shown as the library words it.
fn in_norwegian(code: &str) -> Option<&'static str> {
    Some(match code {
        "client" => "Innloggingen ble startet med samme utsteder, klient og returadresse.",
        "redirect_uri" => "Svaret kom til returadressen.",
        "state" => "Svaret bærer den tilstanden som denne fanen sendte.",
        "age" => "Innloggingen ble startet for mindre enn en halv time siden.",
        "response_iss" => "Svaret er fra utstederen som ble spurt.",
        "pkce" => "Koden ble løst inn med hemmeligheten som bare denne fanen hadde.",
        "token_response" => "Svaret har et tilgangstoken og et ID-token i riktig form.",
        "dpop_bound" => "Tokenene er bundet til en nøkkel som ikke forlater denne enheten.",
        "signature" => "ID-tokenet er signert med en nøkkel som utstederen har offentliggjort.",
        "algorithm" => "Signaturalgoritmen er en av dem siden tillater.",
        "typ" => "Tokenet gir seg ikke ut for å være av en annen type.",
        "iss" => "ID-tokenet er fra utstederen, tegn for tegn.",
        "aud" => "ID-tokenet er til denne klienten og ingen andre.",
        "azp" => "ID-tokenet er utstedt til denne klienten.",
        "exp" => "ID-tokenet er ikke utløpt.",
        "nbf" => "ID-tokenet er allerede gyldig.",
        "iat" => "ID-tokenet er utstedt akkurat nå, verken fram i tid eller for lenge siden.",
        "nonce" => "ID-tokenet er utstedt for denne innloggingen.",
        "acr" => "Du er logget inn på et nivå som siden godtar.",
        "auth_time" => "Du logget inn for så kort tid siden som siden krever.",
        "sub" => "ID-tokenet sier hvem du er, i riktig form.",
        "same_person" => "ID-tokenet gjelder personen som var logget inn.",
        "at_hash" => "Tilgangstokenet er det som ID-tokenet ble utstedt sammen med.",
        "assurance_level" => "Sikkerhetsnivået er det siden ba om, eller et høyere av samme slag.",
        "pid_check_digits" => "Fødselsnummeret har riktig form og riktige kontrollsifre.",
        "pid_synthetic" => "Personen er syntetisk, slik alle er i et testmiljø.",
        "representation" => {
            "Virksomhetene, tjenestene og handlingene i svaret er blant dem siden ba om."
        }
        "representation_copies" => {
            "Tokensvaret og ID-tokenet sier det samme om hvem du handler for."
        }
        "mandate_of_person" => "Fullmakten er gitt til den som logget inn.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::in_norwegian;
    use portvakt_digdir::login::Check;

    #[test]
    fn every_step_is_worded_in_norwegian() {
        let codes = portvakt_oidc::Check::ALL.iter().map(|check| check.code());
        for code in codes.chain(Check::OWN.iter().map(|check| check.code())) {
            assert!(in_norwegian(code).is_some(), "{code}");
        }
    }
}
