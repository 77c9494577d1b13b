//! How a seeded dialog is put together: a few words for each part, times relative to the start.

mod parts;

use uuid::Uuid;

use super::super::model::{
    ActivityType, Actor, ActorType, ContentValue, Dialog, DialogContent, DialogStatus,
    EndUserContext, Localization, Localized, SystemLabel,
};
use super::super::query::{ORGANISATION_PREFIX, PERSON_PREFIX};
use super::super::store::{named_id, named_random_id};
use super::super::timestamp::Timestamp;

/// A text in bokmål and English.
pub(super) type Text = (&'static str, &'static str);

/// Seconds in an hour.
const HOUR: i64 = 3_600;
/// Seconds in a day.
const DAY: i64 = 24 * HOUR;

/// When something happened before the start.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ago {
    /// Minutes ago.
    Minutes(i64),
    /// Hours ago.
    Hours(i64),
    /// Days ago.
    Days(i64),
}

impl Ago {
    const fn seconds(self) -> i64 {
        match self {
            Self::Minutes(count) => count * 60,
            Self::Hours(count) => count * HOUR,
            Self::Days(count) => count * DAY,
        }
    }
}

/// A seeded person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Someone {
    pub(super) pid: &'static str,
    /// As the register of actors writes it: upper case.
    pub(super) name: &'static str,
}

/// A service owner and the resource that its dialogs belong to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    /// Bare id of the resource.
    pub(super) resource: &'static str,
    /// The service owner's code.
    pub(super) org: &'static str,
    /// The name that letters are signed with.
    pub(super) sender: Text,
}

/// The moment that seeded dialogs are relative to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) now: Timestamp,
}

impl Start {
    /// Begins a dialog of an organisation; the slug names it and its parts for good.
    pub(super) fn organisation(
        self,
        service: Service,
        number: &str,
        slug: &'static str,
        created: Ago,
    ) -> Draft {
        self.draft(
            service,
            format!("{ORGANISATION_PREFIX}{number}"),
            slug,
            created,
        )
    }

    /// Begins a dialog of a person.
    pub(super) fn person(
        self,
        service: Service,
        someone: Someone,
        slug: &'static str,
        created: Ago,
    ) -> Draft {
        self.draft(
            service,
            format!("{PERSON_PREFIX}{}", someone.pid),
            slug,
            created,
        )
    }

    fn draft(self, service: Service, party: String, slug: &'static str, created: Ago) -> Draft {
        let offset = offset_of(slug);
        let created_at = self.now.plus_seconds(-created.seconds() - offset);
        let revision = |of: &str| named_random_id(&format!("{slug}/{of}"));
        let dialog = Dialog {
            id: named_id(created_at, slug),
            revision: revision("revision"),
            org: service.org,
            service_resource: format!("urn:altinn:resource:{}", service.resource),
            service_resource_type: "genericaccessresource",
            party,
            progress: None,
            process: None,
            extended_status: None,
            external_reference: None,
            visible_from: None,
            due_at: None,
            expires_at: None,
            created_at,
            updated_at: created_at,
            content_updated_at: created_at,
            deleted: false,
            status: DialogStatus::NotApplicable,
            is_api_only: false,
            seen_since_content_update: false,
            content: None,
            attachments: Vec::new(),
            transmissions: Vec::new(),
            gui_actions: Vec::new(),
            api_actions: Vec::new(),
            activities: Vec::new(),
            seen_log: Vec::new(),
            context: EndUserContext {
                revision: revision("context"),
                system_labels: vec![SystemLabel::Default],
                label_log: Vec::new(),
            },
        };
        let draft = Draft {
            start: self,
            service,
            slug,
            offset,
            parts: 0,
            dialog,
        };
        draft.activity(ActivityType::DialogCreated, created, None)
    }
}

/// A dialog being written.
#[derive(Debug)]
pub(super) struct Draft {
    start: Start,
    service: Service,
    slug: &'static str,
    /// Seconds by which everything in this dialog lies further back than it says.
    offset: i64,
    parts: usize,
    dialog: Dialog,
}

impl Draft {
    /// The finished dialog.
    pub(super) fn done(mut self) -> Dialog {
        self.dialog
            .activities
            .sort_by_key(|activity| (activity.created_at, activity.id));
        self.dialog
    }

    /// The title, and the summary that lists show.
    pub(super) fn texts(mut self, title: Text, summary: Text) -> Self {
        self.dialog.content = Some(DialogContent {
            title: plain(title),
            summary: Some(plain(summary)),
            sender_name: Some(plain(self.service.sender)),
            additional_info: None,
            extended_status: None,
            main_content_reference: None,
            non_sensitive_title: None,
            non_sensitive_summary: None,
        });
        self
    }

    /// What lists show below the resource's level.
    pub(super) fn non_sensitive(mut self, title: Text, summary: Text) -> Self {
        if let Some(content) = &mut self.dialog.content {
            content.non_sensitive_title = Some(plain(title));
            content.non_sensitive_summary = Some(plain(summary));
        }
        self
    }

    /// Markdown under the title.
    pub(super) fn info(mut self, markdown: Text) -> Self {
        if let Some(content) = &mut self.dialog.content {
            content.additional_info = Some(content_value(markdown, "text/markdown"));
        }
        self
    }

    /// Main content that the simulator's own service serves for this dialog.
    pub(super) fn embedded(mut self) -> Self {
        let url = |language| {
            let id = self.dialog.id;
            format!("/demo-service/content/{id}?lang={language}")
        };
        let value = vec![
            Localization {
                value: url("en"),
                language_code: "en",
            },
            Localization {
                value: url("nb"),
                language_code: "nb",
            },
        ];
        if let Some(content) = &mut self.dialog.content {
            content.main_content_reference = Some(ContentValue {
                value,
                media_type: super::super::content::EMBED_MEDIA_TYPE,
                is_authorized: None,
            });
        }
        self
    }

    /// Where the dialog stands.
    pub(super) fn status(mut self, status: DialogStatus) -> Self {
        self.dialog.status = status;
        self
    }

    /// The service owner's own word for where it stands, at most 25 characters.
    pub(super) fn extended_status(mut self, code: &'static str, label: Text) -> Self {
        self.dialog.extended_status = Some(code);
        if let Some(content) = &mut self.dialog.content {
            content.extended_status = Some(plain(label));
        }
        self
    }

    /// How far along it is, in per cent.
    pub(super) fn progress(mut self, percent: u8) -> Self {
        self.dialog.progress = Some(percent);
        self
    }

    /// The process that it belongs to.
    pub(super) fn process(mut self, uri: &'static str) -> Self {
        self.dialog.process = Some(uri);
        self
    }

    /// The service owner's case number.
    pub(super) fn reference(mut self, reference: &str) -> Self {
        self.dialog.external_reference = Some(reference.to_owned());
        self
    }

    /// When it is due, in days from the start.
    pub(super) fn due_in_days(mut self, days: i64) -> Self {
        self.dialog.due_at = Some(self.start.now.plus_seconds(days * DAY));
        self
    }

    /// When it expires, in days from the start; a negative number has expired.
    pub(super) fn expires_in_days(mut self, days: i64) -> Self {
        self.dialog.expires_at = Some(self.start.now.plus_seconds(days * DAY));
        self
    }

    /// When it becomes visible, in days from the start.
    pub(super) fn visible_in_days(mut self, days: i64) -> Self {
        self.dialog.visible_from = Some(self.start.now.plus_seconds(days * DAY));
        self
    }

    /// Deleted by the service owner.
    pub(super) fn deleted(mut self) -> Self {
        self.dialog.deleted = true;
        self
    }

    /// For systems; people's lists can leave it out.
    pub(super) fn api_only(mut self) -> Self {
        self.dialog.is_api_only = true;
        self
    }

    /// A letter of the kind that can be confirmed.
    pub(super) fn correspondence(mut self) -> Self {
        self.dialog.service_resource_type = "correspondenceservice";
        self
    }

    /// Parts follow each other by some seconds in the order in which they are written.
    fn moment(&self, ago: Ago) -> Timestamp {
        let written = i64::try_from(self.parts).unwrap_or(0) * 7;
        self.start
            .now
            .plus_seconds(written - ago.seconds() - self.offset)
    }

    fn part_id(&mut self, at: Timestamp) -> Uuid {
        self.parts += 1;
        named_id(at, &format!("{}/{}", self.slug, self.parts))
    }

    /// The relative URL of a page of the simulator's own for a part of this dialog.
    fn url(&mut self, kind: &str) -> String {
        self.parts += 1;
        format!("/demo-service/{kind}/{}/{}", self.dialog.id, self.parts)
    }

    fn content_changed(&mut self, at: Timestamp) {
        self.dialog.content_updated_at = self.dialog.content_updated_at.max(at);
        self.dialog.updated_at = self.dialog.updated_at.max(at);
    }
}

/// Up to forty minutes that follow from the name, so that not all letters come at the same minute.
fn offset_of(slug: &str) -> i64 {
    slug.bytes()
        .fold(0, |sum, byte| (sum * 31 + i64::from(byte)) % 2_400)
}

fn actor(someone: Option<Someone>) -> Actor {
    match someone {
        None => Actor {
            actor_type: ActorType::ServiceOwner,
            actor_name: None,
            actor_id: None,
        },
        Some(Someone { pid, name }) => Actor {
            actor_type: ActorType::PartyRepresentative,
            actor_name: Some(name.to_owned()),
            actor_id: Some(format!("{PERSON_PREFIX}{pid}")),
        },
    }
}

/// Both languages, English first: localisations are sorted by language code.
fn localized((nb, en): Text) -> Localized {
    let text = |value: &str, language_code| Localization {
        value: value.to_owned(),
        language_code,
    };
    vec![text(en, "en"), text(nb, "nb")]
}

fn plain(text: Text) -> ContentValue {
    content_value(text, "text/plain")
}

fn content_value(text: Text, media_type: &'static str) -> ContentValue {
    ContentValue {
        value: localized(text),
        media_type,
        is_authorized: None,
    }
}
