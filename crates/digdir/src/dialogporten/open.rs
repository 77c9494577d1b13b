use core::fmt;

use alloc::format;
use alloc::string::String;

use portvakt_jose::UnixTime;
use portvakt_oidc::{AccessToken, Answer, Flow, Step};

use super::failure::Call;
use super::{Dialog, Dialogporten, DialogportenFailure, json_of};
use crate::{Error, Misuse};

/// The id of a dialog: a UUID in its usual form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialogId(String);

impl DialogId {
    /// Reads 32 hexadecimal digits in five groups.
    ///
    /// # Errors
    /// `misuse_dialog_id`.
    pub fn parse(text: &str) -> Result<Self, Misuse> {
        let mut groups = text.split('-');
        let is_uuid = GROUP_LENGTHS.iter().all(|length| {
            groups.next().is_some_and(|group| {
                group.len() == *length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        });
        if is_uuid && groups.next().is_none() {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Misuse::DialogId)
        }
    }

    /// The id, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DialogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DialogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DialogId({self})")
    }
}

/// Opens a dialog. The output is the [`Dialog`].
///
/// Dialogporten records that the person opened it, marks it as seen, and takes the label "unread" away: do this when
/// the person opens it, and not before.
#[derive(Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct OpenDialog {
    id: DialogId,
}

impl OpenDialog {
    /// Starts the flow. With `languages` (`nb`, `nn`, `en`, …, the preferred one first, at most nine) the service
    /// sends every text in one language only; without, in all that there are.
    ///
    /// # Errors
    /// `misuse_search_parameter` for something that is not a language.
    pub fn start(
        dialogporten: &Dialogporten,
        access_token: &AccessToken,
        id: DialogId,
        languages: &[String],
    ) -> Result<Step<Self>, Error> {
        let path = format!("/dialogs/{id}");
        let request = dialogporten.request(&path, access_token, languages)?;
        Ok(Step::Fetch {
            request,
            next: Self { id },
        })
    }
}

impl Flow for OpenDialog {
    type Output = Dialog;
    type Error = Error;

    /// # Errors
    /// The `dialogporten_*` and `transport_*` codes.
    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let value = json_of(answer, Call::Open, now)?;
        // Another dialog than the one that was opened would be shown under a wrong name.
        Dialog::read(&value)
            .filter(|dialog| dialog.item.id == self.id)
            .map(Step::Done)
            .ok_or_else(|| DialogportenFailure::malformed().into())
    }
}

const GROUP_LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
