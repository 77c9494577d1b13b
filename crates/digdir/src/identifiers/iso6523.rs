use alloc::string::ToString;
use core::fmt;

use portvakt_jose::json::{Object, Value};

use super::{IdentifierError, OrganisationNumber};

/// An organisation as Digdir's tokens name it: `{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}`.
///
/// Digdir reserves the right to use identifiers of two to four elements and more registers; those are
/// refused, because what stands behind the first colon would then be something else.
///
/// Source: Digdir, access token, claim `consumer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iso6523 {
    icd: Icd,
    number: OrganisationNumber,
}

/// The International Code Designator: which register the number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icd {
    /// `0192`, Enhetsregisteret.
    Enhetsregisteret,
    /// `9908`, what Enhetsregisteret was called in older tokens. The numbers are the same.
    EnhetsregisteretLegacy,
}

impl Iso6523 {
    /// The identifier of an organisation in Enhetsregisteret.
    pub fn new(number: OrganisationNumber) -> Self {
        let icd = Icd::Enhetsregisteret;
        Self { icd, number }
    }

    /// Reads the text of the member `ID`: `0192:310000019`.
    ///
    /// # Errors
    /// `identifier_iso6523_form`, `identifier_iso6523_icd`, `identifier_organisation_number_form`,
    /// `identifier_organisation_number_check_digit`.
    pub fn parse(id: &str) -> Result<Self, IdentifierError> {
        let (icd, number) = id.split_once(':').ok_or(IdentifierError::Iso6523Form)?;
        let icd = Icd::parse(icd).ok_or(IdentifierError::Iso6523Icd)?;
        let number = OrganisationNumber::parse(number)?;
        Ok(Self { icd, number })
    }

    /// Reads the object. Member names may be in any case, as the services have spelled them in several;
    /// a member that occurs in two cases is refused.
    ///
    /// # Errors
    /// As [`Iso6523::parse`], and `identifier_iso6523_authority`.
    pub fn from_json(value: &Value) -> Result<Self, IdentifierError> {
        let object = value.as_object().ok_or(IdentifierError::Iso6523Form)?;
        Self::from_members(
            text_member(object, "authority")?,
            text_member(object, "id")?,
        )
    }

    /// Reads the two members where they stand among others.
    pub(crate) fn from_members(authority: &str, id: &str) -> Result<Self, IdentifierError> {
        if authority != AUTHORITY {
            return Err(IdentifierError::Iso6523Authority);
        }
        Self::parse(id)
    }

    /// The object as the services write it today.
    pub fn to_json(&self) -> Value {
        let mut object = Object::new();
        object.insert("authority", AUTHORITY);
        object.insert(
            "ID",
            [self.icd.as_str(), ":", &self.number.to_string()].concat(),
        );
        Value::Object(object)
    }

    /// The register.
    pub fn icd(&self) -> Icd {
        self.icd
    }

    /// The organisation's number in it.
    pub fn number(&self) -> OrganisationNumber {
        self.number
    }
}

impl fmt::Display for Iso6523 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.icd.as_str(), self.number)
    }
}

impl Icd {
    /// The four digits.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enhetsregisteret => "0192",
            Self::EnhetsregisteretLegacy => "9908",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Enhetsregisteret, Self::EnhetsregisteretLegacy]
            .into_iter()
            .find(|icd| icd.as_str() == text)
    }
}

fn text_member<'a>(object: &'a Object, name: &str) -> Result<&'a str, IdentifierError> {
    let mut found = object
        .iter()
        .filter(|(member, _)| member.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some((_, value)), None) => value.as_str().ok_or(IdentifierError::Iso6523Form),
        _ => Err(IdentifierError::Iso6523Form),
    }
}

const AUTHORITY: &str = "iso6523-actorid-upis";
