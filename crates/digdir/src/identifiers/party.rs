use core::fmt;

use alloc::string::{String, ToString};

use super::{IdentifierError, OrganisationNumber, Pid};

/// Whose dialogs they are: a party of Dialogporten, named by a URN.
///
/// `Debug` tells the kind of party, and the number of an organisation; nothing of a person.
///
/// ```
/// use portvakt_digdir::identifiers::{OrganisationNumber, Party};
///
/// let party = Party::Organisation(OrganisationNumber::parse("310000019")?);
/// assert_eq!(party.to_urn(), "urn:altinn:organization:identifier-no:310000019");
/// # Ok::<(), portvakt_digdir::identifiers::IdentifierError>(())
/// ```
///
/// Source: Dialogporten, `Domain/Parties`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Party {
    /// `urn:altinn:person:identifier-no:`, a person by number.
    Person(Pid),
    /// `urn:altinn:organization:identifier-no:`, an organisation by number.
    Organisation(OrganisationNumber),
    /// `urn:altinn:systemuser:uuid:`, a system user.
    SystemUser(String),
    /// `urn:altinn:person:idporten-email:`, a person who signed in with a self-registered e-mail address.
    IdportenEmail(String),
    /// `urn:altinn:person:legacy-selfidentified:`, a person who once chose a user name in Altinn.
    LegacySelfidentified(String),
    /// `urn:altinn:feide-subject:`, a person of Feide.
    FeideSubject(String),
    /// `urn:altinn:person:identifier-ephemeral:`, a person whose number Dialogporten keeps to itself. The
    /// value is not stable and tells nobody apart beyond one answer.
    Masked(String),
}

impl Party {
    /// Reads a URN.
    ///
    /// # Errors
    /// `identifier_party_form`, and those of [`Pid::parse`] and [`OrganisationNumber::parse`].
    pub fn parse(urn: &str) -> Result<Self, IdentifierError> {
        if urn.len() > MAX_URN_BYTES || !urn.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(IdentifierError::PartyForm);
        }
        if let Some(number) = urn.strip_prefix(PERSON) {
            return Pid::parse(number).map(Self::Person);
        }
        if let Some(number) = urn.strip_prefix(ORGANISATION) {
            return OrganisationNumber::parse(number).map(Self::Organisation);
        }
        let kinds: [(&str, Constructor); 5] = [
            (SYSTEM_USER, Self::SystemUser),
            (IDPORTEN_EMAIL, Self::IdportenEmail),
            (LEGACY_SELFIDENTIFIED, Self::LegacySelfidentified),
            (FEIDE_SUBJECT, Self::FeideSubject),
            (MASKED, Self::Masked),
        ];
        kinds
            .into_iter()
            .find_map(|(prefix, party)| Some(party(urn.strip_prefix(prefix)?.to_string())))
            .filter(|party| !party.value().is_empty())
            .ok_or(IdentifierError::PartyForm)
    }

    /// The URN, as Dialogporten takes it. It holds a person's number if the party is a person.
    pub fn to_urn(&self) -> String {
        // Without the formatting machinery, which nothing else in a verifier needs.
        [self.prefix(), &self.value()].concat()
    }

    fn prefix(&self) -> &'static str {
        match self {
            Self::Person(_) => PERSON,
            Self::Organisation(_) => ORGANISATION,
            Self::SystemUser(_) => SYSTEM_USER,
            Self::IdportenEmail(_) => IDPORTEN_EMAIL,
            Self::LegacySelfidentified(_) => LEGACY_SELFIDENTIFIED,
            Self::FeideSubject(_) => FEIDE_SUBJECT,
            Self::Masked(_) => MASKED,
        }
    }

    fn value(&self) -> String {
        match self {
            Self::Person(pid) => pid.expose(),
            Self::Organisation(number) => number.to_string(),
            Self::SystemUser(value)
            | Self::IdportenEmail(value)
            | Self::LegacySelfidentified(value)
            | Self::FeideSubject(value)
            | Self::Masked(value) => value.clone(),
        }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(number) => write!(f, "Party({ORGANISATION}{number})"),
            other => write!(f, "Party({}***)", other.prefix()),
        }
    }
}

type Constructor = fn(String) -> Party;

/// The longest URN is that of an e-mail address, which has at most 254 characters, each of which may be
/// percent-encoded.
const MAX_URN_BYTES: usize = 1024;

const PERSON: &str = "urn:altinn:person:identifier-no:";
const ORGANISATION: &str = "urn:altinn:organization:identifier-no:";
const SYSTEM_USER: &str = "urn:altinn:systemuser:uuid:";
const IDPORTEN_EMAIL: &str = "urn:altinn:person:idporten-email:";
const LEGACY_SELFIDENTIFIED: &str = "urn:altinn:person:legacy-selfidentified:";
const FEIDE_SUBJECT: &str = "urn:altinn:feide-subject:";
const MASKED: &str = "urn:altinn:person:identifier-ephemeral:";
