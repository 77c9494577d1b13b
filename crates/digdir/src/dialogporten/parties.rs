use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::Value;
use portvakt_oidc::{AccessToken, Answer, Flow, Step};

use super::failure::Call;
use super::{Dialogporten, DialogportenFailure, json_of, read};
use crate::Error;
use crate::identifiers::Party;

/// Lists the parties whose dialogs the person may see: themselves, other people, organisations with their sub-units.
/// The output is a list of [`AuthorizedParty`].
///
/// Dialogporten keeps the answer for a quarter of an hour, so that rights that were just given or taken show late.
#[derive(Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct ListParties(());

/// A party whose dialogs the person may see.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizedParty {
    /// The party, to search by.
    pub party: Party,
    /// What it is called; the registers' names are in capitals.
    pub name: Option<String>,
    /// A person or an organisation.
    pub party_type: Option<PartyType>,
    /// Whether it is deleted from the register.
    pub is_deleted: bool,
    /// Whether it is the person who asks.
    pub is_current_end_user: bool,
    /// Whether it stands here for the sake of its sub-units only, and cannot be chosen itself.
    pub has_only_access_to_sub_parties: bool,
    /// The sub-units.
    pub sub_parties: Vec<Self>,
}

/// What kind of party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartyType {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
}

impl ListParties {
    /// Starts the flow.
    ///
    /// # Errors
    /// `misuse_dialogporten_base_url`.
    pub fn start(
        dialogporten: &Dialogporten,
        access_token: &AccessToken,
    ) -> Result<Step<Self>, Error> {
        let request = dialogporten.request("/parties", access_token, &[])?;
        Ok(Step::Fetch {
            request,
            next: Self(()),
        })
    }
}

impl Flow for ListParties {
    type Output = Vec<AuthorizedParty>;
    type Error = Error;

    /// # Errors
    /// The `dialogporten_*` and `transport_*` codes.
    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let value = json_of(answer, Call::Parties, now)?;
        if value
            .get("authorizedParties")
            .and_then(Value::as_array)
            .is_none()
        {
            return Err(DialogportenFailure::malformed().into());
        }
        Ok(Step::Done(read::list(
            &value,
            "authorizedParties",
            AuthorizedParty::read,
        )))
    }
}

impl AuthorizedParty {
    /// A party of a kind that is not known here cannot be searched by, and is left out.
    fn read(value: &Value) -> Option<Self> {
        let party_type = match read::text(value, "partyType").as_deref() {
            Some("Person") => Some(PartyType::Person),
            Some("Organization") => Some(PartyType::Organisation),
            _ => None,
        };
        Some(Self {
            party: Party::parse(value.get("party")?.as_str()?).ok()?,
            name: read::text(value, "name"),
            party_type,
            is_deleted: read::flag(value, "isDeleted") == Some(true),
            is_current_end_user: read::flag(value, "isCurrentEndUser") == Some(true),
            has_only_access_to_sub_parties: read::flag(value, "hasOnlyAccessToSubParties")
                == Some(true),
            sub_parties: read::list(value, "subParties", Self::read),
        })
    }
}

/// Names of people stay out.
impl fmt::Debug for AuthorizedParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedParty")
            .field("party", &self.party)
            .field("is_deleted", &self.is_deleted)
            .field("sub_parties", &self.sub_parties)
            .finish_non_exhaustive()
    }
}
