//! The dialogs that the simulator starts with.
//!
//! All parties, persons, service owners and cases are invented. Times are relative to the start, so
//! that the inbox always looks as if somebody were at work in it.

mod draft;
mod post;
mod skatt;
mod sykmelding;
mod tilskudd;
mod tilsyn;

#[cfg(test)]
use self::draft::Ago;
use self::draft::{Service, Someone, Start};
use super::model::Dialog;
use super::timestamp::Timestamp;

const KARI: Someone = Someone {
    pid: "15868510045",
    name: "KARI PRØVESEN",
};
const OLA: Someone = Someone {
    pid: "15868510126",
    name: "OLA TESTMANN",
};
const NORA: Someone = Someone {
    pid: "15868510207",
    name: "NORA SYNTESEN",
};

const PROVE_AS: &str = "310000019";
const PROVE_OSLO: &str = "312223333";
const PROVE_BERGEN: &str = "310000035";
const HOLDING: &str = "310000027";
const NEDLAGT: &str = "310000043";
const KOMMUNE: &str = "314445554";
const SKOLE: &str = "314445562";
const NUF: &str = "311111221";
const ETAT: &str = "317778880";

const POST: Service = Service {
    resource: "demo-post",
    org: "sdir",
    sender: ("Syntetisk direktorat", "Synthetic Directorate"),
};
const SKATT: Service = Service {
    resource: "demo-skatt",
    org: "sskd",
    sender: ("Syntetisk skatteetat", "Synthetic Tax Administration"),
};
const TILSKUDD: Service = Service {
    resource: "demo-tilskudd",
    org: "stil",
    sender: ("Syntetisk tilskuddskontor", "Synthetic Grants Office"),
};
const TILSYN: Service = Service {
    resource: "demo-tilsyn",
    org: "satil",
    sender: ("Syntetisk arbeidstilsyn", "Synthetic Labour Inspection"),
};
const SYKMELDING: Service = Service {
    resource: "demo-sykmelding",
    org: "strygd",
    sender: ("Syntetisk trygdeetat", "Synthetic Welfare Administration"),
};

const SERVICES: [Service; 5] = [POST, SKATT, TILSKUDD, TILSYN, SYKMELDING];

/// All seeded dialogs, as seen from `now`.
///
/// URLs of the simulator's own pages are relative to the service's base URL.
pub(crate) fn dialogs(now: Timestamp) -> Vec<Dialog> {
    let start = Start { now };
    [
        post::dialogs(start),
        skatt::dialogs(start),
        tilskudd::dialogs(start),
        tilsyn::dialogs(start),
        sykmelding::dialogs(start),
    ]
    .concat()
}

/// The code of the service owner whose dialogs belong to this resource (bare id).
///
/// A resource that was added to the world has no dialogs, and the code of no owner.
pub(crate) fn owner_code(resource: &str) -> &'static str {
    SERVICES
        .iter()
        .find(|service| service.resource == resource)
        .map_or("ttd", |service| service.org)
}

/// A dialog without texts for unit tests, of the given hour of 1970.
#[cfg(test)]
pub(crate) fn plain_dialog(hour: u64) -> Dialog {
    let now = Timestamp::from_unix_seconds(hour * 3_600);
    let start = Start { now };
    start
        .organisation(POST, PROVE_AS, "plain", Ago::Minutes(0))
        .done()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::access::RESOURCE_PREFIX;
    use super::super::model::{ContentValue, Localized, SystemLabel};
    use super::super::query::check_party;
    use super::*;
    use crate::world::World;

    fn seeded() -> Vec<Dialog> {
        dialogs(Timestamp::from_unix_seconds(1_790_000_000))
    }

    #[test]
    fn there_are_some_thirty_to_forty_dialogs_and_every_id_is_its_own() {
        let dialogs = seeded();
        assert!((30..=45).contains(&dialogs.len()), "{}", dialogs.len());
        let mut ids = BTreeSet::new();
        for dialog in &dialogs {
            let parts = dialog.transmissions.iter().map(|it| it.id);
            let parts = parts.chain(dialog.activities.iter().map(|it| it.id));
            let parts = parts.chain(dialog.gui_actions.iter().map(|it| it.id));
            let parts = parts.chain(dialog.attachments.iter().map(|it| it.id));
            for id in parts.chain([dialog.id]) {
                assert_eq!(id.get_version_num(), 7);
                assert!(ids.insert(id), "{id}");
            }
            assert_eq!(dialog.revision.get_version_num(), 4);
            assert_eq!(dialog.context.revision.get_version_num(), 4);
        }
    }

    #[test]
    fn every_dialog_belongs_to_a_synthetic_party_and_a_resource_of_the_world() {
        let world = World::seeded();
        for dialog in seeded() {
            assert_eq!(check_party(&dialog.party), Ok(()));
            let resource = dialog
                .service_resource
                .strip_prefix(RESOURCE_PREFIX)
                .expect("a URN");
            let resource = world.resource(resource).expect("a resource of the world");
            for action in &dialog.gui_actions {
                assert!(
                    resource.actions.iter().any(|known| known == action.action),
                    "{} on {}",
                    action.action,
                    resource.id
                );
            }
        }
    }

    #[test]
    fn times_follow_one_another_and_nothing_has_happened_in_the_future() {
        let now = Timestamp::from_unix_seconds(1_790_000_000);
        for dialog in seeded() {
            assert!(dialog.created_at <= dialog.content_updated_at);
            assert!(dialog.content_updated_at <= dialog.updated_at, "{dialog:?}");
            assert!(dialog.updated_at <= now);
            for transmission in &dialog.transmissions {
                assert!(transmission.created_at >= dialog.created_at, "{dialog:?}");
            }
            for pair in dialog.transmissions.windows(2) {
                assert!(pair[0].created_at <= pair[1].created_at, "{dialog:?}");
            }
            for activity in &dialog.activities {
                assert!(
                    (dialog.created_at..=now).contains(&activity.created_at),
                    "{dialog:?}"
                );
            }
            for seen in &dialog.seen_log {
                assert!(
                    (dialog.created_at..=now).contains(&seen.seen_at),
                    "{dialog:?}"
                );
            }
        }
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_within_the_service_s_lengths() {
        fn check(text: &Localized, most: usize) {
            let codes: Vec<&str> = text.iter().map(|text| text.language_code).collect();
            assert_eq!(codes, ["en", "nb"]);
            for text in text {
                let length = text.value.chars().count();
                assert!(length > 0 && length <= most, "{length}: {}", text.value);
            }
        }
        fn check_value(value: Option<&ContentValue>, most: usize) {
            if let Some(value) = value {
                check(&value.value, most);
            }
        }
        for dialog in seeded() {
            let content = dialog.content.as_ref().expect("seeded dialogs have texts");
            check(&content.title.value, 255);
            check_value(content.summary.as_ref(), 255);
            check_value(content.sender_name.as_ref(), 255);
            check_value(content.additional_info.as_ref(), 1_023);
            check_value(content.extended_status.as_ref(), 25);
            check_value(content.non_sensitive_title.as_ref(), 255);
            for transmission in &dialog.transmissions {
                check(&transmission.content.title.value, 255);
                check_value(transmission.content.summary.as_ref(), 255);
            }
            for action in &dialog.gui_actions {
                check(&action.title, 255);
            }
        }
    }

    #[test]
    fn a_dialog_has_one_folder_and_is_sent_where_the_party_has_sent_something() {
        for dialog in seeded() {
            let labels = &dialog.context.system_labels;
            let folders = labels
                .iter()
                .filter(|label| {
                    matches!(
                        label,
                        SystemLabel::Default | SystemLabel::Bin | SystemLabel::Archive
                    )
                })
                .count();
            assert_eq!(folders, 1);
            let sent = dialog
                .transmissions
                .iter()
                .any(|it| it.kind.is_from_party());
            assert_eq!(labels.contains(&SystemLabel::Sent), sent, "{dialog:?}");
        }
    }

    #[test]
    fn the_example_company_has_more_than_two_pages_of_five() {
        let now = Timestamp::from_unix_seconds(1_790_000_000);
        let shown = seeded()
            .into_iter()
            .filter(|dialog| dialog.party.ends_with(PROVE_AS) && !dialog.deleted)
            .filter(|dialog| dialog.visible_from.is_none_or(|from| from <= now))
            .filter(|dialog| dialog.expires_at.is_none_or(|at| at > now))
            .count();
        assert!(shown > 10, "{shown}");
    }
}
