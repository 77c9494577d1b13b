//! Words for what Dialogporten writes as codes.

use portvakt_digdir::dialogporten::{ActivityType, TransmissionType};

use crate::language::Text;

/// What happened.
pub(crate) fn activity(kind: &ActivityType) -> Option<Text> {
    Some(match kind {
        ActivityType::DialogCreated => Text::new("Saken ble opprettet", "The case was created"),
        ActivityType::DialogClosed => Text::new("Saken ble avsluttet", "The case was closed"),
        ActivityType::DialogOpened => Text::new("Saken ble åpnet", "The case was opened"),
        ActivityType::DialogDeleted => Text::new("Saken ble slettet", "The case was deleted"),
        ActivityType::DialogRestored => {
            Text::new("Saken ble gjenopprettet", "The case was restored")
        }
        ActivityType::TransmissionOpened => {
            Text::new("Forsendelsen ble åpnet", "The transmission was opened")
        }
        ActivityType::PaymentMade => Text::new("Betalt", "Paid"),
        ActivityType::SignatureProvided => Text::new("Signert", "Signed"),
        ActivityType::SentToSigning => Text::new("Sendt til signering", "Sent for signing"),
        ActivityType::SentToFormFill => Text::new("Sendt til utfylling", "Sent to be filled in"),
        ActivityType::SentToSendIn => Text::new("Klar for innsending", "Ready to be sent in"),
        ActivityType::SentToPayment => Text::new("Sendt til betaling", "Sent for payment"),
        ActivityType::FormSubmitted => {
            Text::new("Skjemaet ble sendt inn", "The form was submitted")
        }
        ActivityType::FormSaved => Text::new("Skjemaet ble lagret", "The form was saved"),
        ActivityType::CorrespondenceOpened => {
            Text::new("Brevet ble åpnet", "The letter was opened")
        }
        ActivityType::CorrespondenceConfirmed => {
            Text::new("Mottaket ble bekreftet", "Receipt was confirmed")
        }
        ActivityType::Information => Text::new("Opplysning", "Information"),
        _ => return None,
    })
}

/// What kind of message.
pub(crate) fn transmission(kind: &TransmissionType) -> Option<Text> {
    Some(match kind {
        TransmissionType::Information => Text::new("Informasjon", "Information"),
        TransmissionType::Acceptance => Text::new("Godkjenning", "Acceptance"),
        TransmissionType::Rejection => Text::new("Avslag", "Rejection"),
        TransmissionType::Request => Text::new("Forespørsel", "Request"),
        TransmissionType::Alert => Text::new("Varsel", "Alert"),
        TransmissionType::Decision => Text::new("Vedtak", "Decision"),
        TransmissionType::Submission => Text::new("Innsending", "Submission"),
        TransmissionType::Correction => Text::new("Retting", "Correction"),
        _ => return None,
    })
}
