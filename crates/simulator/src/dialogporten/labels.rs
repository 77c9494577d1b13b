//! The end user's system labels: what setting and removing them does.
//!
//! `Default`, `Bin` and `Archive` exclude each other and one of them is always there. Removals come
//! before additions, and of several additions from that group the last one stays.

use uuid::Uuid;

use super::model::{Actor, Dialog, LabelLogEntry, SystemLabel};
use super::timestamp::Timestamp;

/// Why `Sent` is refused in a request.
pub(crate) const SENT_NOT_ALLOWED: &str = "Cannot manually add or remove system label Sent. It is \
     added automatically when a transmissions of type 'Submission or 'Correction' is added to the \
     dialog.";

/// Applies a change of labels to the dialog's context and writes the log.
///
/// The context gets a new revision whenever its labels have changed.
pub(crate) fn update(
    dialog: &mut Dialog,
    add: &[SystemLabel],
    remove: &[SystemLabel],
    performed_by: &Actor,
    now: Timestamp,
) {
    let current = dialog.context.system_labels.clone();
    let next = changed(&current, add, remove);
    let log = |label: SystemLabel, action| LabelLogEntry {
        created_at: now,
        name: format!("systemlabel:{}", label.as_str()),
        action,
        performed_by: performed_by.clone(),
    };
    let set = next
        .iter()
        .filter(|label| !current.contains(label))
        .map(|label| (*label, "set"));
    let gone = current
        .iter()
        .filter(|label| !next.contains(label))
        .map(|label| (*label, "remove"));
    let entries: Vec<LabelLogEntry> = set
        .chain(gone)
        // Being in the inbox is the absence of a decision and is not logged.
        .filter(|(label, _)| *label != SystemLabel::Default)
        .map(|(label, action)| log(label, action))
        .collect();
    if next != current {
        dialog.context.revision = Uuid::new_v4();
        dialog.context.system_labels = next;
    }
    dialog.context.label_log.extend(entries);
}

fn changed(
    current: &[SystemLabel],
    add: &[SystemLabel],
    remove: &[SystemLabel],
) -> Vec<SystemLabel> {
    let mut next = current.to_vec();
    for label in remove {
        if next.contains(label) {
            next.retain(|known| known != label);
            if is_folder(*label) {
                next.push(SystemLabel::Default);
            }
        }
    }
    for label in add {
        if is_folder(*label) {
            next.retain(|known| !is_folder(*known));
        }
        if !next.contains(label) {
            next.push(*label);
        }
    }
    if !next.iter().copied().any(is_folder) {
        next.push(SystemLabel::Default);
    }
    next.sort_unstable();
    next
}

const fn is_folder(label: SystemLabel) -> bool {
    matches!(
        label,
        SystemLabel::Default | SystemLabel::Bin | SystemLabel::Archive
    )
}

#[cfg(test)]
mod tests {
    use super::super::model::ActorType;
    use super::super::seed::plain_dialog;
    use super::SystemLabel::{Archive, Bin, Default, MarkedAsUnopened, Sent};
    use super::*;

    fn someone() -> Actor {
        Actor {
            actor_type: ActorType::PartyRepresentative,
            actor_name: None,
            actor_id: None,
        }
    }

    #[test]
    fn the_three_folders_exclude_each_other_and_the_last_one_stays() {
        assert_eq!(changed(&[Default], &[Archive, Bin], &[]), [Bin]);
        assert_eq!(changed(&[Bin, Sent], &[Default], &[]), [Default, Sent]);
    }

    #[test]
    fn removing_a_folder_puts_the_dialog_back_into_the_inbox() {
        assert_eq!(changed(&[Archive], &[], &[Archive]), [Default]);
        assert_eq!(changed(&[Default], &[], &[Default]), [Default]);
        assert_eq!(changed(&[Archive], &[], &[Bin]), [Archive]);
    }

    #[test]
    fn removals_come_before_additions() {
        let both = [MarkedAsUnopened];
        assert_eq!(
            changed(&[Default], &both, &both),
            [Default, MarkedAsUnopened]
        );
        assert_eq!(changed(&[Bin], &[Bin], &[Bin]), [Bin]);
    }

    #[test]
    fn a_change_is_logged_and_gives_a_new_revision_but_no_change_does_neither() {
        let mut dialog = plain_dialog(1);
        let before = dialog.context.revision;
        let now = Timestamp::from_unix_seconds(1_000);
        update(&mut dialog, &[Bin], &[], &someone(), now);
        update(&mut dialog, &[Archive], &[], &someone(), now);
        update(&mut dialog, &[Default], &[], &someone(), now);
        let log: Vec<(&str, &str)> = dialog
            .context
            .label_log
            .iter()
            .map(|entry| (entry.name.as_str(), entry.action))
            .collect();
        assert_eq!(
            log,
            [
                ("systemlabel:Bin", "set"),
                ("systemlabel:Archive", "set"),
                ("systemlabel:Bin", "remove"),
                ("systemlabel:Archive", "remove"),
            ]
        );
        assert_ne!(dialog.context.revision, before);
        let settled = dialog.context.revision;
        update(&mut dialog, &[Default], &[], &someone(), now);
        assert_eq!(dialog.context.revision, settled);
        assert_eq!(dialog.context.label_log.len(), 4);
    }
}
