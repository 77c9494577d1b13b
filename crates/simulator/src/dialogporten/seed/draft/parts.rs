//! The parts of a seeded dialog: what was sent, what happened, what can be done.

use super::{Ago, DAY, Draft, Someone, Text, actor, localized, plain};
use crate::dialogporten::model::{
    Activity, ActivityType, ApiAction, ApiEndpoint, Attachment, AttachmentUrl, ConsumerType,
    GuiAction, HttpVerb, LabelLogEntry, Localized, NavigationalAction, Priority, SeenLogEntry,
    SystemLabel, Transmission, TransmissionContent, TransmissionType,
};

impl Draft {
    /// A line of the history; without a person the service owner did it.
    pub(in crate::dialogporten::seed) fn activity(
        mut self,
        kind: ActivityType,
        ago: Ago,
        by: Option<Someone>,
    ) -> Self {
        let activity = self.new_activity(kind, ago, by);
        self.dialog.activities.push(activity);
        self
    }

    /// A line of the history in free text, by the service owner.
    pub(in crate::dialogporten::seed) fn note(mut self, ago: Ago, text: Text) -> Self {
        let mut activity = self.new_activity(ActivityType::Information, ago, None);
        activity.description = localized(text);
        self.dialog.activities.push(activity);
        self
    }

    /// That a person has opened the latest transmission.
    pub(in crate::dialogporten::seed) fn opened(mut self, ago: Ago, by: Someone) -> Self {
        let mut activity = self.new_activity(ActivityType::TransmissionOpened, ago, Some(by));
        activity.transmission_id = self.dialog.transmissions.last().map(|last| last.id);
        self.dialog.activities.push(activity);
        self
    }

    /// Something sent; `Submission` and `Correction` come from the person, all else from the owner.
    pub(in crate::dialogporten::seed) fn transmission(
        mut self,
        kind: TransmissionType,
        ago: Ago,
        sender: Option<Someone>,
        title: Text,
        summary: Text,
    ) -> Self {
        let created_at = self.moment(ago);
        let related = self.dialog.transmissions.last().map(|last| last.id);
        let transmission = Transmission {
            id: self.part_id(created_at),
            created_at,
            authorization_attribute: None,
            external_reference: None,
            related_transmission_id: related,
            kind,
            sender: actor(sender),
            content: TransmissionContent {
                title: plain(title),
                summary: Some(plain(summary)),
                content_reference: None,
            },
            attachments: Vec::new(),
            navigational_actions: Vec::new(),
        };
        self.dialog.transmissions.push(transmission);
        if kind.is_from_party() {
            let labels = &mut self.dialog.context.system_labels;
            if !labels.contains(&SystemLabel::Sent) {
                labels.push(SystemLabel::Sent);
            }
        }
        self.content_changed(created_at);
        self
    }

    /// The latest transmission is readable by those who may read this other resource.
    pub(in crate::dialogporten::seed) fn needs(mut self, attribute: &'static str) -> Self {
        if let Some(last) = self.dialog.transmissions.last_mut() {
            last.authorization_attribute = Some(attribute);
        }
        self
    }

    /// A file of the latest transmission.
    pub(in crate::dialogporten::seed) fn enclosure(
        mut self,
        name: &'static str,
        title: Text,
    ) -> Self {
        let attachment = self.new_attachment(name, title, None);
        if let Some(last) = self.dialog.transmissions.last_mut() {
            last.attachments.push(attachment);
        }
        self
    }

    /// A link out of the latest transmission.
    pub(in crate::dialogporten::seed) fn link(
        mut self,
        title: Text,
        expires_in_days: Option<i64>,
    ) -> Self {
        let url = self.url("page");
        let expires_at = expires_in_days.map(|days| self.start.now.plus_seconds(days * DAY));
        if let Some(last) = self.dialog.transmissions.last_mut() {
            let title = localized(title);
            last.navigational_actions.push(NavigationalAction {
                title,
                url,
                expires_at,
            });
        }
        self
    }

    /// A file of the dialog.
    pub(in crate::dialogporten::seed) fn attachment(self, name: &'static str, title: Text) -> Self {
        self.attachment_until(name, title, None)
    }

    /// A file of the dialog that can be fetched until so many days from the start.
    pub(in crate::dialogporten::seed) fn attachment_until(
        mut self,
        name: &'static str,
        title: Text,
        expires_in_days: Option<i64>,
    ) -> Self {
        let attachment = self.new_attachment(name, title, expires_in_days);
        self.dialog.attachments.push(attachment);
        self
    }

    /// A page at the service owner's that the user can go to.
    pub(in crate::dialogporten::seed) fn go(
        mut self,
        action: &'static str,
        priority: Priority,
        title: Text,
    ) -> Self {
        let url = self.url("page");
        self.push_action(action, priority, HttpVerb::GET, url, title, None);
        self
    }

    /// Something that is done with the dialog token, after a question.
    pub(in crate::dialogporten::seed) fn act(
        mut self,
        action: &'static str,
        method: HttpVerb,
        title: Text,
        prompt: Text,
    ) -> Self {
        let priority = if method == HttpVerb::DELETE {
            Priority::Tertiary
        } else {
            Priority::Primary
        };
        let url = self.url("action");
        self.push_action(
            action,
            priority,
            method,
            url,
            title,
            Some(localized(prompt)),
        );
        self
    }

    /// Something that a system can do.
    pub(in crate::dialogporten::seed) fn api(
        mut self,
        action: &'static str,
        name: &'static str,
        method: HttpVerb,
    ) -> Self {
        let at = self.dialog.created_at;
        let url = self.url("api");
        let endpoint = ApiEndpoint {
            id: self.part_id(at),
            version: Some("v1"),
            url,
            http_method: method,
            deprecated: false,
        };
        let action = ApiAction {
            id: self.part_id(at),
            action,
            authorization_attribute: None,
            is_authorized: true,
            name: Some(name),
            endpoints: vec![endpoint],
        };
        self.dialog.api_actions.push(action);
        self
    }

    /// That somebody has opened the dialog.
    pub(in crate::dialogporten::seed) fn seen(mut self, ago: Ago, by: Someone) -> Self {
        let seen_at = self.moment(ago);
        let entry = SeenLogEntry {
            id: self.part_id(seen_at),
            seen_at,
            seen_by: actor(Some(by)),
        };
        if seen_at >= self.dialog.content_updated_at {
            self.dialog.seen_since_content_update = true;
        }
        self.dialog.seen_log.push(entry);
        self
    }

    /// A label that somebody has set; it is the one folder if it is a folder.
    pub(in crate::dialogporten::seed) fn label(
        mut self,
        label: SystemLabel,
        ago: Ago,
        by: Someone,
    ) -> Self {
        let created_at = self.moment(ago);
        if matches!(label, SystemLabel::Bin | SystemLabel::Archive) {
            self.dialog
                .context
                .system_labels
                .retain(|known| *known != SystemLabel::Default);
        }
        self.dialog.context.system_labels.push(label);
        self.dialog.context.system_labels.sort_unstable();
        self.dialog.context.label_log.push(LabelLogEntry {
            created_at,
            name: format!("systemlabel:{}", label.as_str()),
            action: "set",
            performed_by: actor(Some(by)),
        });
        self
    }

    fn new_activity(&mut self, kind: ActivityType, ago: Ago, by: Option<Someone>) -> Activity {
        let created_at = self.moment(ago);
        self.dialog.updated_at = self.dialog.updated_at.max(created_at);
        Activity {
            id: self.part_id(created_at),
            created_at,
            kind,
            transmission_id: None,
            performed_by: actor(by),
            description: Vec::new(),
        }
    }

    fn new_attachment(
        &mut self,
        name: &'static str,
        title: Text,
        expires_in_days: Option<i64>,
    ) -> Attachment {
        let at = self.dialog.content_updated_at;
        let url = AttachmentUrl {
            id: self.part_id(at),
            url: format!("/demo-service/document/{}/{name}", self.dialog.id),
            media_type: Some("text/plain"),
            consumer_type: ConsumerType::Gui,
        };
        Attachment {
            id: self.part_id(at),
            display_name: localized(title),
            name: Some(name),
            urls: vec![url],
            expires_at: expires_in_days.map(|days| self.start.now.plus_seconds(days * DAY)),
        }
    }

    fn push_action(
        &mut self,
        action: &'static str,
        priority: Priority,
        http_method: HttpVerb,
        url: String,
        title: Text,
        prompt: Option<Localized>,
    ) {
        let at = self.dialog.created_at;
        let action = GuiAction {
            id: self.part_id(at),
            action,
            url,
            authorization_attribute: None,
            is_authorized: true,
            is_delete_dialog_action: http_method == HttpVerb::DELETE,
            priority,
            http_method,
            title: localized(title),
            prompt,
        };
        self.dialog.gui_actions.push(action);
    }
}
