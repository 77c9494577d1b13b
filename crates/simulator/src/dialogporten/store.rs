//! Where the dialogs are: in memory, from the seed on.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

use super::actor::Masker;
use super::labels;
use super::model::{Actor, ActorType, Dialog, SeenLogEntry, SystemLabel};
use super::query::{ORGANISATION_PREFIX, PERSON_PREFIX};
use super::seed;
use super::timestamp::Timestamp;
use crate::world::{OrganisationNumber, Pid, World};

/// What Dialogporten remembers.
pub(crate) struct Dialogporten {
    masker: Masker,
    dialogs: Mutex<Vec<Dialog>>,
}

impl Dialogporten {
    /// The seeded dialogs of the world's parties, as seen from `now` (Unix seconds).
    pub(crate) fn new(world: &World, now: u64) -> Self {
        Self {
            masker: Masker::new(),
            dialogs: Mutex::new(seeded(world, now)),
        }
    }

    /// Goes back to the dialogs of the start, as seen from `now`.
    pub(crate) fn reset(&self, world: &World, now: u64) {
        let seeded = seeded(world, now);
        self.with(|dialogs| *dialogs = seeded);
    }

    pub(crate) fn masker(&self) -> &Masker {
        &self.masker
    }

    /// Reads or changes the dialogs; what happens inside is one step to everybody else.
    pub(crate) fn with<T>(&self, use_them: impl FnOnce(&mut Vec<Dialog>) -> T) -> T {
        // A panic elsewhere cannot leave a dialog half changed: nothing in a change can panic.
        use_them(&mut self.dialogs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Dialogs name persons by their numbers, so only their count is shown.
impl fmt::Debug for Dialogporten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.with(|dialogs| dialogs.len());
        f.debug_struct("Dialogporten")
            .field("dialogs", &count)
            .finish_non_exhaustive()
    }
}

/// A world of one's own has its own parties; dialogs of others would be nobody's.
fn seeded(world: &World, now: u64) -> Vec<Dialog> {
    let mut dialogs = seed::dialogs(Timestamp::from_unix_seconds(now));
    dialogs.retain(|dialog| is_known(world, &dialog.party));
    dialogs
}

fn is_known(world: &World, party: &str) -> bool {
    let person = party
        .strip_prefix(PERSON_PREFIX)
        .and_then(|pid| Pid::parse(pid).ok());
    let organisation = party
        .strip_prefix(ORGANISATION_PREFIX)
        .and_then(|number| OrganisationNumber::parse(number).ok());
    person.is_some_and(|pid| world.person(&pid).is_some())
        || organisation.is_some_and(|number| world.organisation(&number).is_some())
}

/// Records that a person has opened the dialog.
///
/// Opening it again without a change in between leaves no second trace. `MarkedAsUnopened` is
/// removed, which is a change of labels like any other.
pub(crate) fn mark_seen(dialog: &mut Dialog, party: &str, name: &str, now: Timestamp) {
    let unopened = dialog
        .context
        .system_labels
        .contains(&SystemLabel::MarkedAsUnopened);
    let seen_before = dialog.seen_log.iter().any(|entry| {
        entry.seen_at >= dialog.updated_at && entry.seen_by.actor_id.as_deref() == Some(party)
    });
    if seen_before && !unopened && dialog.seen_since_content_update {
        return;
    }
    let actor = Actor {
        actor_type: ActorType::PartyRepresentative,
        actor_name: Some(name.to_owned()),
        actor_id: Some(party.to_owned()),
    };
    // The id follows from the occasion, so one occasion is logged once.
    let occasion = format!(
        "{}{}{party}",
        dialog.updated_at, dialog.seen_since_content_update
    );
    let id = id_within(dialog.id, &occasion);
    if !dialog.seen_log.iter().any(|entry| entry.id == id) {
        dialog.seen_log.push(SeenLogEntry {
            id,
            seen_at: now,
            seen_by: actor.clone(),
        });
    }
    labels::update(dialog, &[], &[SystemLabel::MarkedAsUnopened], &actor, now);
    dialog.seen_since_content_update = true;
}

/// A UUIDv7 with the given time whose random part follows from a name.
pub(crate) fn named_id(time: Timestamp, name: &str) -> Uuid {
    let hash = digest(&SHA256, name.as_bytes());
    let mut random = [0_u8; 10];
    for (byte, from) in random.iter_mut().zip(hash.as_ref()) {
        *byte = *from;
    }
    uuid::Builder::from_unix_timestamp_millis(time.unix_millis(), &random).into_uuid()
}

/// A UUIDv4 whose bits follow from a name: always the same, and as good as random to look at.
pub(crate) fn named_random_id(name: &str) -> Uuid {
    let hash = digest(&SHA256, name.as_bytes());
    let mut bytes = [0_u8; 16];
    for (byte, from) in bytes.iter_mut().zip(hash.as_ref()) {
        *byte = *from;
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// A UUIDv7 with the time of another whose random part follows from both and a name.
fn id_within(parent: Uuid, name: &str) -> Uuid {
    let millis = parent.get_timestamp().map_or(0, |time| {
        time.to_unix().0 * 1_000 + u64::from(time.to_unix().1) / 1_000_000
    });
    let time = Timestamp::from_unix_seconds(millis / 1_000);
    named_id(time, &format!("{parent}{name}"))
}

#[cfg(test)]
mod tests {
    use super::super::seed::plain_dialog;
    use super::*;

    const KARI: &str = "urn:altinn:person:identifier-no:15868510045";
    const OLA: &str = "urn:altinn:person:identifier-no:15868510126";

    fn moment(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn opening_a_dialog_twice_leaves_one_trace_for_each_person() {
        let mut dialog = plain_dialog(1);
        let later = dialog.updated_at.plus_seconds(60);
        for (party, name) in [(KARI, "KARI"), (KARI, "KARI"), (OLA, "OLA"), (OLA, "OLA")] {
            mark_seen(&mut dialog, party, name, later);
        }
        let who: Vec<_> = dialog
            .seen_log
            .iter()
            .filter_map(|entry| entry.seen_by.actor_name.clone())
            .collect();
        assert_eq!(who, ["KARI", "OLA"]);
        assert!(dialog.is_content_seen());
    }

    #[test]
    fn opening_a_dialog_that_is_marked_unopened_removes_the_mark_and_logs_it() {
        let mut dialog = plain_dialog(1);
        let later = dialog.updated_at.plus_seconds(60);
        mark_seen(&mut dialog, KARI, "KARI", later);
        let actor = dialog.seen_log[0].seen_by.clone();
        labels::update(
            &mut dialog,
            &[SystemLabel::MarkedAsUnopened],
            &[],
            &actor,
            later,
        );
        assert!(!dialog.is_content_seen());
        let revision = dialog.context.revision;
        mark_seen(&mut dialog, KARI, "KARI", later);
        assert!(dialog.is_content_seen());
        assert_ne!(dialog.context.revision, revision);
        let last = dialog.context.label_log.last().expect("an entry");
        assert_eq!(
            (last.name.as_str(), last.action),
            ("systemlabel:MarkedAsUnopened", "remove")
        );
    }

    #[test]
    fn ids_are_of_version_7_and_follow_from_time_and_name() {
        let id = named_id(moment(1_790_000_000), "a letter");
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id, named_id(moment(1_790_000_000), "a letter"));
        assert_ne!(id, named_id(moment(1_790_000_000), "another"));
        assert!(named_id(moment(1), "b") < named_id(moment(2), "a"));
    }

    #[test]
    fn a_reset_puts_the_seeded_dialogs_back() {
        let world = World::seeded();
        let dialogporten = Dialogporten::new(&world, 1_790_000_000);
        let count = dialogporten.with(|dialogs| dialogs.len());
        dialogporten.with(Vec::clear);
        dialogporten.reset(&world, 1_790_000_000);
        assert_eq!(dialogporten.with(|dialogs| dialogs.len()), count);
    }

    #[test]
    fn debug_output_counts_the_dialogs_and_names_nobody() {
        let dialogporten = Dialogporten::new(&World::seeded(), 1_790_000_000);
        let count = dialogporten.with(|dialogs| dialogs.len());
        let shown = format!("{dialogporten:?}");
        assert_eq!(shown, format!("Dialogporten {{ dialogs: {count}, .. }}"));
        let first = dialogporten.with(|dialogs| format!("{:?}", dialogs.first()));
        assert!(!first.contains("urn:altinn"), "{first}");
    }

    #[test]
    fn an_empty_world_has_no_dialogs() {
        let dialogporten = Dialogporten::new(&World::default(), 1_790_000_000);
        assert_eq!(dialogporten.with(|dialogs| dialogs.len()), 0);
    }
}
