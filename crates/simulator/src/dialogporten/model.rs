//! What a dialog is, in the words of the end-user API.
//!
//! Parts that go out as they are stored derive `Serialize`; whatever depends on who asks (masked
//! actors, withheld URLs, chosen languages) is made in `view`.

use std::fmt;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::timestamp::Timestamp;

/// Declares an enum whose wire names are its variants, read without regard to case as .NET does.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        pub(crate) enum $name { $($variant),+ }

        impl $name {
            /// The name on the wire.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                $(if text.eq_ignore_ascii_case(stringify!($variant)) {
                    return Ok(Self::$variant);
                })+
                Err(())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

wire_enum! {
    /// Where the dialog stands.
    DialogStatus { NotApplicable, InProgress, Draft, Awaiting, RequiresAttention, Completed }
}
wire_enum! {
    /// The end user's own sorting of dialogs.
    SystemLabel { Default, Bin, Archive, MarkedAsUnopened, Sent }
}
wire_enum! {
    /// What an activity says has happened. Only those that the seeded dialogs use.
    ActivityType {
        DialogCreated, DialogClosed, Information, TransmissionOpened, PaymentMade,
        SignatureProvided, DialogOpened, SentToSigning, SentToPayment, FormSubmitted, FormSaved,
        CorrespondenceOpened, CorrespondenceConfirmed,
    }
}
wire_enum! {
    /// What a transmission is; the last two go from the party to the service owner.
    TransmissionType {
        Information, Acceptance, Rejection, Request, Alert, Decision, Submission, Correction,
    }
}
wire_enum! {
    /// On whose side an actor stands.
    ActorType { PartyRepresentative, ServiceOwner }
}
wire_enum! {
    /// Whom an attachment URL is meant for.
    ConsumerType { Gui, Api }
}
wire_enum! {
    /// How prominent a GUI action is.
    Priority { Primary, Secondary, Tertiary }
}
wire_enum! {
    /// The method of an action's request.
    #[expect(clippy::upper_case_acronyms, reason = "methods are written so, here as in HTTP")]
    HttpVerb { GET, POST, DELETE }
}

impl TransmissionType {
    /// Whether the party sent it.
    pub(crate) const fn is_from_party(self) -> bool {
        matches!(self, Self::Submission | Self::Correction)
    }
}

/// One text in one language.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Localization {
    pub(crate) value: String,
    /// ISO 639, two letters.
    pub(crate) language_code: &'static str,
}

/// A text in each language that there is, sorted by language code.
pub(crate) type Localized = Vec<Localization>;

/// A text with its media type.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContentValue {
    pub(crate) value: Localized,
    pub(crate) media_type: &'static str,
    /// Present on content references only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_authorized: Option<bool>,
}

/// Who did something; person identifiers are stored in full and leave only masked.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Actor {
    pub(crate) actor_type: ActorType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actor_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actor_id: Option<String>,
}

/// The texts of a dialog.
#[derive(Clone, Debug)]
pub(crate) struct DialogContent {
    pub(crate) title: ContentValue,
    pub(crate) summary: Option<ContentValue>,
    pub(crate) sender_name: Option<ContentValue>,
    pub(crate) additional_info: Option<ContentValue>,
    pub(crate) extended_status: Option<ContentValue>,
    pub(crate) main_content_reference: Option<ContentValue>,
    /// Shown in lists in place of the title when the token's level is below the resource's.
    pub(crate) non_sensitive_title: Option<ContentValue>,
    pub(crate) non_sensitive_summary: Option<ContentValue>,
}

/// A file of a dialog or a transmission.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    pub(crate) id: Uuid,
    pub(crate) display_name: Localized,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'static str>,
    pub(crate) urls: Vec<AttachmentUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
}

/// One place to fetch a file from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttachmentUrl {
    pub(crate) id: Uuid,
    pub(crate) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<&'static str>,
    pub(crate) consumer_type: ConsumerType,
}

/// A link out of a transmission.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NavigationalAction {
    pub(crate) title: Localized,
    pub(crate) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
}

/// The texts of a transmission.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransmissionContent {
    pub(crate) title: ContentValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<ContentValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_reference: Option<ContentValue>,
}

/// One thing sent, to the party or from it.
#[derive(Clone)]
pub(crate) struct Transmission {
    pub(crate) id: Uuid,
    pub(crate) created_at: Timestamp,
    /// A part of the policy apart from the main resource; `None` is the main resource.
    pub(crate) authorization_attribute: Option<&'static str>,
    pub(crate) external_reference: Option<String>,
    pub(crate) related_transmission_id: Option<Uuid>,
    pub(crate) kind: TransmissionType,
    pub(crate) sender: Actor,
    pub(crate) content: TransmissionContent,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) navigational_actions: Vec<NavigationalAction>,
}

/// Something the user can do at the service owner's.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GuiAction {
    pub(crate) id: Uuid,
    pub(crate) action: &'static str,
    pub(crate) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_attribute: Option<&'static str>,
    pub(crate) is_authorized: bool,
    pub(crate) is_delete_dialog_action: bool,
    pub(crate) priority: Priority,
    pub(crate) http_method: HttpVerb,
    pub(crate) title: Localized,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prompt: Option<Localized>,
}

/// Something a system can do at the service owner's.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiAction {
    pub(crate) id: Uuid,
    pub(crate) action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_attribute: Option<&'static str>,
    pub(crate) is_authorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'static str>,
    pub(crate) endpoints: Vec<ApiEndpoint>,
}

/// Where an API action is carried out.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiEndpoint {
    pub(crate) id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<&'static str>,
    pub(crate) url: String,
    pub(crate) http_method: HttpVerb,
    pub(crate) deprecated: bool,
}

/// One line of the dialog's history.
#[derive(Clone)]
pub(crate) struct Activity {
    pub(crate) id: Uuid,
    pub(crate) created_at: Timestamp,
    pub(crate) kind: ActivityType,
    pub(crate) transmission_id: Option<Uuid>,
    pub(crate) performed_by: Actor,
    pub(crate) description: Localized,
}

/// That somebody opened the dialog.
#[derive(Clone)]
pub(crate) struct SeenLogEntry {
    pub(crate) id: Uuid,
    pub(crate) seen_at: Timestamp,
    pub(crate) seen_by: Actor,
}

/// That somebody moved a label.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LabelLogEntry {
    pub(crate) created_at: Timestamp,
    /// `systemlabel:<label>`.
    pub(crate) name: String,
    /// `set` or `remove`.
    pub(crate) action: &'static str,
    pub(crate) performed_by: Actor,
}

/// What belongs to the end users of the party together, with a revision of its own.
#[derive(Clone)]
pub(crate) struct EndUserContext {
    pub(crate) revision: Uuid,
    pub(crate) system_labels: Vec<SystemLabel>,
    pub(crate) label_log: Vec<LabelLogEntry>,
}

/// A dialog between a party and a service owner.
#[derive(Clone)]
pub(crate) struct Dialog {
    pub(crate) id: Uuid,
    pub(crate) revision: Uuid,
    /// The service owner's code.
    pub(crate) org: &'static str,
    /// `urn:altinn:resource:<id>`.
    pub(crate) service_resource: String,
    pub(crate) service_resource_type: &'static str,
    /// The party's URN, lower case.
    pub(crate) party: String,
    pub(crate) progress: Option<u8>,
    pub(crate) process: Option<&'static str>,
    pub(crate) extended_status: Option<&'static str>,
    pub(crate) external_reference: Option<String>,
    pub(crate) visible_from: Option<Timestamp>,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) content_updated_at: Timestamp,
    pub(crate) deleted: bool,
    pub(crate) status: DialogStatus,
    pub(crate) is_api_only: bool,
    pub(crate) seen_since_content_update: bool,
    /// Only a dialog for systems may be without.
    pub(crate) content: Option<DialogContent>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) transmissions: Vec<Transmission>,
    pub(crate) gui_actions: Vec<GuiAction>,
    pub(crate) api_actions: Vec<ApiAction>,
    pub(crate) activities: Vec<Activity>,
    pub(crate) seen_log: Vec<SeenLogEntry>,
    pub(crate) context: EndUserContext,
}

/// Names a dialog without naming anybody in it.
impl fmt::Debug for Dialog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialog")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Dialog {
    /// Whether the content has been opened since it last changed, and not been marked unopened.
    pub(crate) fn is_content_seen(&self) -> bool {
        self.seen_since_content_update
            && !self
                .context
                .system_labels
                .contains(&SystemLabel::MarkedAsUnopened)
    }

    /// The one of `Default`, `Bin` and `Archive` that the dialog has.
    pub(crate) fn folder(&self) -> SystemLabel {
        self.context
            .system_labels
            .iter()
            .copied()
            .find(|label| {
                matches!(
                    label,
                    SystemLabel::Default | SystemLabel::Bin | SystemLabel::Archive
                )
            })
            .unwrap_or(SystemLabel::Default)
    }

    /// Whether the party has opened this transmission; what it sent itself counts as opened.
    pub(crate) fn is_opened(&self, transmission: &Transmission) -> bool {
        transmission.kind.is_from_party()
            || self.activities.iter().any(|activity| {
                activity.kind == ActivityType::TransmissionOpened
                    && activity.transmission_id == Some(transmission.id)
            })
    }

    /// Whether a transmission to the party is still unopened.
    pub(crate) fn has_unopened_content(&self) -> bool {
        self.transmissions
            .iter()
            .any(|transmission| !self.is_opened(transmission))
    }

    /// How many transmissions there are from the party (`true`) or from the service owner.
    pub(crate) fn transmission_count(&self, from_party: bool) -> usize {
        self.transmissions
            .iter()
            .filter(|it| it.kind.is_from_party() == from_party)
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_are_pascal_case_and_read_in_any_case() {
        assert_eq!(
            DialogStatus::RequiresAttention.as_str(),
            "RequiresAttention"
        );
        assert_eq!(
            "requiresattention".parse(),
            Ok(DialogStatus::RequiresAttention)
        );
        assert_eq!(
            "MARKEDASUNOPENED".parse(),
            Ok(SystemLabel::MarkedAsUnopened)
        );
        assert_eq!("New".parse::<DialogStatus>(), Err(()));
    }
}
