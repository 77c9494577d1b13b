//! A dialog as it goes out: pruned to the reader's language, actors masked, and every URL that the
//! caller may not follow (any more) withheld.

use serde::Serialize;
use uuid::Uuid;

use super::access::{Access, DialogAccess};
use super::actor::Masker;
use super::language::AcceptedLanguages;
use super::model::{
    Activity, ActivityType, Actor, ApiAction, Attachment, ConsumerType, ContentValue, Dialog,
    DialogContent, DialogStatus, GuiAction, LabelLogEntry, Localized, NavigationalAction,
    SeenLogEntry, SystemLabel, Transmission, TransmissionContent, TransmissionType,
};
use super::timestamp::Timestamp;

/// In place of a URL that the caller is not authorised to follow.
const UNAUTHORIZED_URL: &str = "urn:dialogporten:unauthorized";
/// In place of a URL that has expired.
const EXPIRED_URL: &str = "urn:dialogporten:expired";

/// Whom the dialog is shown to, and when.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) access: Access<'a>,
    pub(crate) languages: &'a AcceptedLanguages,
    pub(crate) masker: &'a Masker,
    pub(crate) now: Timestamp,
    /// The service's base URL, which the simulator's own pages are relative to.
    pub(crate) base: &'a str,
}

/// What lists and details have in common, before the texts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<Uuid>,
    org: &'static str,
    service_resource: &'a str,
    service_resource_type: &'static str,
    party: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    process: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    content_updated_at: Timestamp,
    status: DialogStatus,
    /// Obsolete: the folder among the labels.
    system_label: SystemLabel,
    is_api_only: bool,
    has_unopened_content: bool,
    from_service_owner_transmissions_count: usize,
    from_party_transmissions_count: usize,
    seen_since_last_update: Vec<SeenLogView>,
    seen_since_last_content_update: Vec<SeenLogView>,
    is_content_seen: bool,
    end_user_context: ContextView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContextView<'a> {
    revision: Uuid,
    system_labels: &'a [SystemLabel],
}

/// One item of a search.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListItem<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gui_attachment_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_activity: Option<ActivityView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<ContentView>,
}

/// An opened dialog.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Details<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<ContentView>,
    dialog_token: String,
    attachments: Vec<Attachment>,
    transmissions: Vec<TransmissionView>,
    gui_actions: Vec<GuiAction>,
    api_actions: Vec<ApiAction>,
    activities: Vec<ActivityView>,
}

/// The texts of a dialog.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentView {
    title: ContentValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<ContentValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender_name: Option<ContentValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_info: Option<ContentValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_status: Option<ContentValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    main_content_reference: Option<ContentValue>,
}

/// A transmission, in a dialog or by itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransmissionView {
    id: Uuid,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_attribute: Option<&'static str>,
    is_authorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related_transmission_id: Option<Uuid>,
    #[serde(rename = "type")]
    kind: TransmissionType,
    sender: Actor,
    /// Only inside a dialog.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_opened: Option<bool>,
    content: TransmissionContent,
    attachments: Vec<Attachment>,
    navigational_actions: Vec<NavigationalAction>,
}

/// A line of the history.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivityView {
    id: Uuid,
    created_at: Timestamp,
    #[serde(rename = "type")]
    kind: ActivityType,
    #[serde(skip_serializing_if = "Option::is_none")]
    transmission_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performed_by: Option<Actor>,
    description: Localized,
}

/// That somebody has opened the dialog.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeenLogView {
    id: Uuid,
    seen_at: Timestamp,
    seen_by: Actor,
    is_via_service_owner: bool,
    is_current_end_user: bool,
}

impl Reader<'_> {
    /// The dialog as a search shows it.
    pub(crate) fn list_item<'d>(&self, dialog: &'d Dialog) -> ListItem<'d> {
        let gui_attachments = dialog
            .attachments
            .iter()
            .filter(|attachment| {
                attachment
                    .urls
                    .iter()
                    .any(|url| url.consumer_type == ConsumerType::Gui)
            })
            .count();
        let latest = dialog
            .activities
            .iter()
            .max_by_key(|activity| (activity.created_at, activity.id));
        ListItem {
            head: self.head(dialog, None),
            gui_attachment_count: Some(gui_attachments),
            latest_activity: latest.map(|activity| self.activity(activity)),
            content: dialog
                .content
                .as_ref()
                .map(|content| self.list_content(dialog, content)),
        }
    }

    /// The dialog as it is opened.
    pub(crate) fn details<'d>(
        &self,
        dialog: &'d Dialog,
        allowed: &DialogAccess,
        dialog_token: String,
    ) -> Details<'d> {
        Details {
            head: self.head(dialog, Some(dialog.revision)),
            content: dialog
                .content
                .as_ref()
                .map(|content| self.full_content(content, allowed)),
            dialog_token,
            attachments: self.attachments(&dialog.attachments, true),
            transmissions: dialog
                .transmissions
                .iter()
                .map(|transmission| TransmissionView {
                    is_opened: Some(dialog.is_opened(transmission)),
                    ..self.transmission(transmission, allowed)
                })
                .collect(),
            gui_actions: dialog
                .gui_actions
                .iter()
                .map(|it| self.gui_action(it, allowed))
                .collect(),
            api_actions: dialog
                .api_actions
                .iter()
                .map(|it| self.api_action(it, allowed))
                .collect(),
            activities: dialog
                .activities
                .iter()
                .map(|it| self.activity(it))
                .collect(),
        }
    }

    /// A transmission by itself, without `isOpened`.
    pub(crate) fn transmission(
        &self,
        transmission: &Transmission,
        allowed: &DialogAccess,
    ) -> TransmissionView {
        let authorised = allowed.can_read_transmission(transmission.authorization_attribute);
        let content = &transmission.content;
        let reference = content.content_reference.as_ref();
        let navigational_actions = transmission
            .navigational_actions
            .iter()
            .cloned()
            .map(|mut action| {
                self.languages.prune(&mut action.title);
                self.guard(&mut action.url, authorised, action.expires_at);
                action
            })
            .collect();
        TransmissionView {
            id: transmission.id,
            created_at: transmission.created_at,
            authorization_attribute: transmission.authorization_attribute,
            is_authorized: authorised,
            external_reference: transmission.external_reference.clone(),
            related_transmission_id: transmission.related_transmission_id,
            kind: transmission.kind,
            sender: self.masker.mask(&transmission.sender),
            is_opened: None,
            content: TransmissionContent {
                title: self.pruned(&content.title),
                summary: content.summary.as_ref().map(|summary| self.pruned(summary)),
                content_reference: reference.map(|it| self.reference(it, authorised)),
            },
            attachments: self.attachments(&transmission.attachments, authorised),
            navigational_actions,
        }
    }

    /// A line of the history.
    pub(crate) fn activity(&self, activity: &Activity) -> ActivityView {
        let mut description = activity.description.clone();
        self.languages.prune(&mut description);
        ActivityView {
            id: activity.id,
            created_at: activity.created_at,
            kind: activity.kind,
            transmission_id: activity.transmission_id,
            performed_by: Some(self.masker.mask(&activity.performed_by)),
            description,
        }
    }

    /// A line of the history in the list of its own, which leaves out who did it.
    pub(crate) fn listed_activity(&self, activity: &Activity) -> ActivityView {
        ActivityView {
            performed_by: None,
            ..self.activity(activity)
        }
    }

    /// An entry of the seen log.
    pub(crate) fn seen(&self, entry: &SeenLogEntry) -> SeenLogView {
        SeenLogView {
            id: entry.id,
            seen_at: entry.seen_at,
            seen_by: self.masker.mask(&entry.seen_by),
            is_via_service_owner: false,
            is_current_end_user: entry.seen_by.actor_id.as_deref()
                == Some(self.access.caller.party.as_str()),
        }
    }

    /// An entry of the label log.
    pub(crate) fn label(&self, entry: &LabelLogEntry) -> LabelLogEntry {
        LabelLogEntry {
            performed_by: self.masker.mask(&entry.performed_by),
            ..entry.clone()
        }
    }

    fn head<'d>(&self, dialog: &'d Dialog, revision: Option<Uuid>) -> Head<'d> {
        Head {
            id: dialog.id,
            revision,
            org: dialog.org,
            service_resource: &dialog.service_resource,
            service_resource_type: dialog.service_resource_type,
            party: &dialog.party,
            progress: dialog.progress,
            process: dialog.process,
            extended_status: dialog.extended_status,
            external_reference: dialog.external_reference.as_deref(),
            due_at: dialog.due_at,
            // Lists leave it out: an expired dialog is not in them.
            expires_at: dialog.expires_at.filter(|_| revision.is_some()),
            created_at: dialog.created_at,
            updated_at: dialog.updated_at,
            content_updated_at: dialog.content_updated_at,
            status: dialog.status,
            system_label: dialog.folder(),
            is_api_only: dialog.is_api_only,
            has_unopened_content: dialog.has_unopened_content(),
            from_service_owner_transmissions_count: dialog.transmission_count(false),
            from_party_transmissions_count: dialog.transmission_count(true),
            seen_since_last_update: self.seen_since(dialog, dialog.updated_at),
            seen_since_last_content_update: self.seen_since(dialog, dialog.content_updated_at),
            is_content_seen: dialog.is_content_seen(),
            end_user_context: ContextView {
                revision: dialog.context.revision,
                system_labels: &dialog.context.system_labels,
            },
        }
    }

    /// Each person's latest opening since then.
    fn seen_since(&self, dialog: &Dialog, since: Timestamp) -> Vec<SeenLogView> {
        let recent: Vec<&SeenLogEntry> = dialog
            .seen_log
            .iter()
            .filter(|entry| entry.seen_at >= since)
            .collect();
        recent
            .iter()
            .enumerate()
            .filter(|(index, entry)| {
                let mut later = recent.iter().skip(index + 1);
                !later.any(|other| other.seen_by.actor_id == entry.seen_by.actor_id)
            })
            .map(|(_, entry)| self.seen(entry))
            .collect()
    }

    /// Title and summary give way to the non-sensitive ones where the level is too low.
    fn list_content(&self, dialog: &Dialog, content: &DialogContent) -> ContentView {
        let content = self.readable(dialog, content);
        ContentView {
            title: self.pruned(content.title),
            summary: content.summary.map(|summary| self.pruned(summary)),
            sender_name: content.sender_name.map(|name| self.pruned(name)),
            additional_info: None,
            extended_status: content.extended_status.map(|status| self.pruned(status)),
            main_content_reference: None,
        }
    }

    /// The texts that a list may show to this caller.
    pub(crate) fn readable<'d>(
        &self,
        dialog: &Dialog,
        content: &'d DialogContent,
    ) -> ReadableContent<'d> {
        let enough = self.access.has_level_for(dialog);
        let sensitive = |open: &'d Option<ContentValue>, full: Option<&'d ContentValue>| {
            if enough { full } else { open.as_ref().or(full) }
        };
        ReadableContent {
            title: sensitive(&content.non_sensitive_title, Some(&content.title))
                .unwrap_or(&content.title),
            summary: sensitive(&content.non_sensitive_summary, content.summary.as_ref()),
            sender_name: content.sender_name.as_ref(),
            extended_status: content.extended_status.as_ref(),
        }
    }

    fn full_content(&self, content: &DialogContent, allowed: &DialogAccess) -> ContentView {
        let text = |value: &Option<ContentValue>| value.as_ref().map(|value| self.pruned(value));
        let authorised = allowed.can_read_main();
        let reference = content
            .main_content_reference
            .as_ref()
            .map(|reference| ContentValue {
                is_authorized: Some(authorised),
                ..self.reference(reference, authorised)
            });
        ContentView {
            title: self.pruned(&content.title),
            summary: text(&content.summary),
            sender_name: text(&content.sender_name),
            additional_info: text(&content.additional_info),
            extended_status: text(&content.extended_status),
            main_content_reference: reference,
        }
    }

    fn pruned(&self, value: &ContentValue) -> ContentValue {
        let mut value = value.clone();
        self.languages.prune(&mut value.value);
        value
    }

    fn attachments(&self, attachments: &[Attachment], authorised: bool) -> Vec<Attachment> {
        attachments
            .iter()
            .cloned()
            .map(|mut attachment| {
                self.languages.prune(&mut attachment.display_name);
                for url in &mut attachment.urls {
                    self.guard(&mut url.url, authorised, attachment.expires_at);
                }
                attachment
            })
            .collect()
    }

    /// Withholds a URL; that it is unauthorised weighs more than that it has expired.
    fn guard(&self, url: &mut String, authorised: bool, expires_at: Option<Timestamp>) {
        if !authorised {
            UNAUTHORIZED_URL.clone_into(url);
        } else if expires_at.is_some_and(|at| at < self.now) {
            EXPIRED_URL.clone_into(url);
        } else if url.starts_with('/') {
            url.insert_str(0, self.base);
        }
    }

    /// A content reference, in the reader's language or withheld.
    fn reference(&self, reference: &ContentValue, authorised: bool) -> ContentValue {
        let mut reference = reference.clone();
        self.languages.prune(&mut reference.value);
        for text in &mut reference.value {
            self.guard(&mut text.value, authorised, None);
        }
        reference
    }

    fn api_action(&self, action: &ApiAction, allowed: &DialogAccess) -> ApiAction {
        let mut action = action.clone();
        action.is_authorized = allowed.has_action(action.action, action.authorization_attribute);
        for endpoint in &mut action.endpoints {
            self.guard(&mut endpoint.url, action.is_authorized, None);
        }
        action
    }

    fn gui_action(&self, action: &GuiAction, allowed: &DialogAccess) -> GuiAction {
        let mut action = action.clone();
        action.is_authorized = allowed.has_action(action.action, action.authorization_attribute);
        self.guard(&mut action.url, action.is_authorized, None);
        self.languages.prune(&mut action.title);
        if let Some(prompt) = &mut action.prompt {
            self.languages.prune(prompt);
        }
        action
    }
}

/// The texts of a dialog that a list may show, and that free text may be looked for in.
pub(crate) struct ReadableContent<'d> {
    pub(crate) title: &'d ContentValue,
    pub(crate) summary: Option<&'d ContentValue>,
    pub(crate) sender_name: Option<&'d ContentValue>,
    pub(crate) extended_status: Option<&'d ContentValue>,
}
