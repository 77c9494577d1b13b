//! Members of an object whose spelling has changed over the years.

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::{Object, Value};

use super::RepresentationError;

/// An object whose members are found whatever the case they are written in, with hyphen or underscore, and
/// with the stray colon that one generation of samples has (`"orgno:"`).
///
/// The services have used all of these. What they have never done is to state one member in two
/// spellings; two readers could then see two organisations, and so it is refused.
#[derive(Clone, Copy)]
pub(super) struct Members<'a>(&'a Object);

impl<'a> Members<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, RepresentationError> {
        value
            .as_object()
            .map(Self)
            .ok_or(RepresentationError::Malformed)
    }

    /// The member, unless it is absent or `null`.
    pub(super) fn find(self, name: &str) -> Result<Option<&'a Value>, RepresentationError> {
        let mut found = self
            .0
            .iter()
            .filter(|(spelling, _)| is_spelling_of(spelling, name));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, value)), None) => Ok(Some(value).filter(|value| !value.is_null())),
            (Some(_), Some(_)) => Err(RepresentationError::Ambiguous),
        }
    }

    pub(super) fn text(self, name: &str) -> Result<Option<&'a str>, RepresentationError> {
        self.find(name)?.map(text).transpose()
    }

    pub(super) fn array(self, name: &str) -> Result<Option<&'a [Value]>, RepresentationError> {
        let array = |value: &'a Value| value.as_array().ok_or(RepresentationError::Malformed);
        self.find(name)?.map(array).transpose()
    }

    /// A list of names: an array of texts, or one text in which commas stand between them, as in a request.
    pub(super) fn names(self, name: &str) -> Result<Option<Vec<String>>, RepresentationError> {
        let names: Vec<String> = match self.find(name)? {
            None => return Ok(None),
            Some(Value::String(list)) if list.is_empty() => Vec::new(),
            Some(Value::String(list)) => list
                .split(',')
                .map(|name| checked(name).map(String::from))
                .collect::<Result<_, _>>()?,
            Some(list) => list
                .as_array()
                .ok_or(RepresentationError::Malformed)?
                .iter()
                .map(|name| text(name).map(String::from))
                .collect::<Result<_, _>>()?,
        };
        if names.len() > MAX_NAMES {
            return Err(RepresentationError::TooLarge);
        }
        Ok(Some(names))
    }
}

fn is_spelling_of(spelling: &str, name: &str) -> bool {
    // Most are told apart by their lengths.
    let is_longer = spelling.len() == name.len() + 1 && spelling.ends_with(':');
    (spelling.len() == name.len() || is_longer)
        && spelling
            .bytes()
            .zip(name.bytes())
            .all(|(spelled, expected)| {
                spelled.eq_ignore_ascii_case(&expected) || spelled == b'-' && expected == b'_'
            })
}

fn text(value: &Value) -> Result<&str, RepresentationError> {
    checked(value.as_str().ok_or(RepresentationError::Malformed)?)
}

/// A text that a person can read, of a length that one has.
fn checked(text: &str) -> Result<&str, RepresentationError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(RepresentationError::TooLarge);
    }
    // In most texts no byte can belong to one.
    let may_have_control = |byte| !matches!(byte, b' '..=b'~');
    let has_control = || text.chars().any(char::is_control);
    if text.is_empty() || text.bytes().any(may_have_control) && has_control() {
        return Err(RepresentationError::Malformed);
    }
    Ok(text)
}

/// A name in Enhetsregisteret has at most 175 characters; a resource's name and URN have less.
const MAX_TEXT_BYTES: usize = 1024;

/// Actions or rights on one resource; Altinn's resources have about ten.
const MAX_NAMES: usize = 200;
