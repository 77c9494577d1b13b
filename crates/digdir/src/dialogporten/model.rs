use core::fmt;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::{
    Activity, Attachment, ContentValue, DialogId, DialogStatus, GuiAction, Localizations,
    SystemLabel, Timestamp, Transmission, read,
};
use crate::identifiers::Party;

/// A dialog as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DialogItem {
    /// The dialog's id.
    pub id: DialogId,
    /// The code of the service owner, such as `skd`.
    pub org: Option<String>,
    /// Whose dialog it is.
    pub party: Option<Party>,
    /// The service resource, as a URN.
    pub service_resource: Option<String>,
    /// How far it has come.
    pub status: Option<DialogStatus>,
    /// The service owner's own word for that.
    pub extended_status: Option<String>,
    /// What it is about. Below the resource's level the service shows a title without personal data, and
    /// does not say so.
    pub title: Localizations,
    /// A sentence or two.
    pub summary: Localizations,
    /// Who sends it, if that is not the service owner itself.
    pub sender_name: Localizations,
    /// How far it has come, in per cent.
    pub progress: Option<u32>,
    /// When it came into being.
    pub created_at: Option<Timestamp>,
    /// When anything about it changed last.
    pub updated_at: Option<Timestamp>,
    /// When its content changed last; lists are sorted by this.
    pub content_updated_at: Option<Timestamp>,
    /// By when something is expected of the party.
    pub due_at: Option<Timestamp>,
    /// Whether anybody who acts for the party has opened it since its content changed.
    pub is_content_seen: Option<bool>,
    /// Whether there is a transmission that has not been opened.
    pub has_unopened_content: Option<bool>,
    /// Whether it is made for other systems, and not for people; it may then have no title.
    pub is_api_only: Option<bool>,
    /// Where the party has put it.
    pub system_labels: Vec<SystemLabel>,
    /// The number of attachments for people.
    pub gui_attachment_count: Option<u32>,
    /// What happened last.
    pub latest_activity: Option<Activity>,
}

/// A dialog that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialog {
    /// What the list shows of it, too.
    pub item: DialogItem,
    /// The revision, which changes with every change.
    pub revision: Option<String>,
    /// When it ceases to be shown.
    pub expires_at: Option<Timestamp>,
    /// More text.
    pub additional_info: Option<ContentValue>,
    /// The address of the main text, which the service owner serves.
    pub main_content_reference: Option<ContentValue>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// What was sent back and forth.
    pub transmissions: Vec<Transmission>,
    /// What the person can do.
    pub gui_actions: Vec<GuiAction>,
    /// What happened.
    pub activities: Vec<Activity>,
    /// Proves to the service owner who opened the dialog, for ten minutes.
    pub dialog_token: Option<DialogToken>,
}

/// A compact JWS by Dialogporten for the service owner: `Authorization: Bearer` at the addresses that the
/// dialog names. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct DialogToken(String);

impl DialogItem {
    /// The party's label that matters for showing: whether it is in the bin or the archive.
    pub fn has_label(&self, label: &SystemLabel) -> bool {
        self.system_labels.contains(label)
    }

    pub(super) fn read(value: &Value) -> Option<Self> {
        let content = value.get("content");
        let part = |name: &str| content.and_then(|content| read::content(content, name));
        let labels = value.get("endUserContext").map(|context| {
            read::list(context, "systemLabels", |label| {
                Some(SystemLabel::parse(label.as_str()?))
            })
        });
        // The older member holds one label, and `Default` stands for none.
        let label = || read::text(value, "systemLabel").map(|label| SystemLabel::parse(&label));
        Some(Self {
            id: DialogId::parse(value.get("id")?.as_str()?).ok()?,
            org: read::text(value, "org"),
            party: read::text(value, "party").and_then(|party| Party::parse(&party).ok()),
            service_resource: read::text(value, "serviceResource"),
            status: read::text(value, "status").map(|status| DialogStatus::parse(&status)),
            extended_status: part("extendedStatus")
                .and_then(|status| status.value.choose(&[]).map(ToString::to_string))
                .or_else(|| read::text(value, "extendedStatus")),
            title: part("title").map(|title| title.value).unwrap_or_default(),
            summary: part("summary")
                .map(|summary| summary.value)
                .unwrap_or_default(),
            sender_name: part("senderName")
                .map(|name| name.value)
                .unwrap_or_default(),
            progress: read::count(value, "progress"),
            created_at: read::timestamp(value, "createdAt"),
            updated_at: read::timestamp(value, "updatedAt"),
            content_updated_at: read::timestamp(value, "contentUpdatedAt"),
            due_at: read::timestamp(value, "dueAt"),
            is_content_seen: read::flag(value, "isContentSeen"),
            has_unopened_content: read::flag(value, "hasUnopenedContent"),
            is_api_only: read::flag(value, "isApiOnly"),
            system_labels: labels.unwrap_or_else(|| label().into_iter().collect()),
            gui_attachment_count: read::count(value, "guiAttachmentCount"),
            latest_activity: value.get("latestActivity").and_then(Activity::read),
        })
    }
}

impl Dialog {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let content = value.get("content");
        let part = |name: &str| content.and_then(|content| read::content(content, name));
        Some(Self {
            item: DialogItem::read(value)?,
            revision: read::text(value, "revision"),
            expires_at: read::timestamp(value, "expiresAt"),
            additional_info: part("additionalInfo"),
            main_content_reference: part("mainContentReference"),
            attachments: read::list(value, "attachments", Attachment::read),
            transmissions: read::list(value, "transmissions", Transmission::read),
            gui_actions: read::list(value, "guiActions", GuiAction::read),
            activities: read::list(value, "activities", Activity::read),
            dialog_token: read::text(value, "dialogToken").map(DialogToken),
        })
    }
}

impl DialogToken {
    /// The token itself. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DialogToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DialogToken(..)")
    }
}
