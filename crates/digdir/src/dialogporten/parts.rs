use core::fmt;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::{
    ActivityType, ActorType, ContentValue, Link, Localizations, Priority, Timestamp,
    TransmissionType, read,
};
use crate::identifiers::Party;

/// A file, at one or more addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// What it is called, for people.
    pub display_name: Localizations,
    /// Where it is.
    pub urls: Vec<AttachmentUrl>,
    /// Until when it can be fetched.
    pub expires_at: Option<Timestamp>,
}

/// One address of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachmentUrl {
    /// The address.
    pub link: Link,
    /// The media type, such as `application/pdf`.
    pub media_type: Option<String>,
    /// Whether it is made for people (`Gui`) and not for systems (`Api`).
    pub is_for_people: bool,
}

/// One message within a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transmission {
    /// Its id within the dialog.
    pub id: Option<String>,
    /// What kind of message.
    pub transmission_type: Option<TransmissionType>,
    /// When it was sent.
    pub created_at: Option<Timestamp>,
    /// Who sent it.
    pub sender: Option<Actor>,
    /// The message that it answers.
    pub related_transmission_id: Option<String>,
    /// Whether the person may see all of it.
    pub is_authorized: bool,
    /// Whether it was opened.
    pub is_opened: Option<bool>,
    /// What it is about.
    pub title: Localizations,
    /// A sentence or two.
    pub summary: Localizations,
    /// The address of its text, which the service owner serves.
    pub content_reference: Option<ContentValue>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Where it leads.
    pub navigational_actions: Vec<NavigationalAction>,
}

/// A link in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NavigationalAction {
    /// What the link is called.
    pub title: Localizations,
    /// Where it leads.
    pub link: Link,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GuiAction {
    /// Its id within the dialog.
    pub id: Option<String>,
    /// What the right to it is called, such as `write`.
    pub action: Option<String>,
    /// What stands on the button.
    pub title: Localizations,
    /// What the person is to confirm first.
    pub prompt: Localizations,
    /// Where it leads. With another method than `GET` it is a call to the service owner with the dialog token,
    /// and no link to follow.
    pub link: Link,
    /// The HTTP method, `GET` unless stated.
    pub http_method: String,
    /// How prominent it is.
    pub priority: Option<Priority>,
    /// Whether the person has the right.
    pub is_authorized: bool,
    /// Whether it deletes the dialog.
    pub is_delete_dialog_action: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activity {
    /// Its id within the dialog.
    pub id: Option<String>,
    /// What kind of event.
    pub activity_type: Option<ActivityType>,
    /// When.
    pub created_at: Option<Timestamp>,
    /// Who did it.
    pub performed_by: Option<Actor>,
    /// In words, where the kind does not tell.
    pub description: Localizations,
    /// The message that it is about.
    pub transmission_id: Option<String>,
}

/// Who did something.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Actor {
    /// Which side.
    pub actor_type: Option<ActorType>,
    /// The name.
    pub name: Option<String>,
    /// The party; people are masked.
    pub party: Option<Party>,
}

impl Attachment {
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        let withheld = read::flag(value, "isAuthorized") == Some(false);
        let url = |url: &Value| {
            let link = if withheld {
                Link::Unauthorized
            } else {
                read::link(url, "url")
            };
            Some(AttachmentUrl {
                link,
                media_type: read::text(url, "mediaType"),
                is_for_people: read::text(url, "consumerType").is_some_and(|kind| kind == "Gui"),
            })
        };
        Some(Self {
            display_name: read::localizations(value, "displayName"),
            urls: read::list(value, "urls", url),
            expires_at: read::timestamp(value, "expiresAt"),
        })
    }
}

impl Transmission {
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        let content = value.get("content");
        let part = |name: &str| content.and_then(|content| read::content(content, name));
        Some(Self {
            id: read::text(value, "id"),
            transmission_type: read::text(value, "type").map(|kind| TransmissionType::parse(&kind)),
            created_at: read::timestamp(value, "createdAt"),
            sender: value.get("sender").and_then(Actor::read),
            related_transmission_id: read::text(value, "relatedTransmissionId"),
            is_authorized: read::flag(value, "isAuthorized") == Some(true),
            is_opened: read::flag(value, "isOpened"),
            title: part("title").map(|title| title.value).unwrap_or_default(),
            summary: part("summary")
                .map(|summary| summary.value)
                .unwrap_or_default(),
            content_reference: part("contentReference"),
            attachments: read::list(value, "attachments", Attachment::read),
            navigational_actions: read::list(
                value,
                "navigationalActions",
                NavigationalAction::read,
            ),
        })
    }
}

impl NavigationalAction {
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        Some(Self {
            title: read::localizations(value, "title"),
            link: read::link(value, "url"),
            expires_at: read::timestamp(value, "expiresAt"),
        })
    }
}

impl GuiAction {
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        Some(Self {
            id: read::text(value, "id"),
            action: read::text(value, "action"),
            title: read::localizations(value, "title"),
            prompt: read::localizations(value, "prompt"),
            link: read::link(value, "url"),
            http_method: read::text(value, "httpMethod").unwrap_or_else(|| "GET".to_string()),
            priority: read::text(value, "priority").map(|priority| Priority::parse(&priority)),
            is_authorized: read::flag(value, "isAuthorized") == Some(true),
            is_delete_dialog_action: read::flag(value, "isDeleteDialogAction") == Some(true),
        })
    }
}

impl Activity {
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        Some(Self {
            id: read::text(value, "id"),
            activity_type: read::text(value, "type").map(|kind| ActivityType::parse(&kind)),
            created_at: read::timestamp(value, "createdAt"),
            performed_by: value.get("performedBy").and_then(Actor::read),
            description: read::localizations(value, "description"),
            transmission_id: read::text(value, "transmissionId"),
        })
    }
}

impl Actor {
    pub(super) fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        Some(Self {
            actor_type: read::text(value, "actorType").map(|kind| ActorType::parse(&kind)),
            name: read::text(value, "actorName"),
            party: read::text(value, "actorId").and_then(|party| Party::parse(&party).ok()),
        })
    }
}

/// Names of people stay out.
impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Actor")
            .field("actor_type", &self.actor_type)
            .field("party", &self.party)
            .finish_non_exhaustive()
    }
}
