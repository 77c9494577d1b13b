//! Lenient reading: what is missing or of another kind is absent.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::{ContentValue, Link, Localizations, Timestamp};

pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_string())
}

pub(super) fn flag(value: &Value, name: &str) -> Option<bool> {
    value.get(name)?.as_bool()
}

pub(super) fn count(value: &Value, name: &str) -> Option<u32> {
    u32::try_from(value.get(name)?.as_u64()?).ok()
}

pub(super) fn timestamp(value: &Value, name: &str) -> Option<Timestamp> {
    Timestamp::parse(value.get(name)?.as_str()?)
}

pub(super) fn localizations(value: &Value, name: &str) -> Localizations {
    value
        .get(name)
        .and_then(Localizations::read)
        .unwrap_or_default()
}

pub(super) fn content(value: &Value, name: &str) -> Option<ContentValue> {
    ContentValue::read(value.get(name)?)
}

/// A link that is not there, or is withheld by the flag beside it, is none.
pub(super) fn link(value: &Value, name: &str) -> Link {
    match value.get(name).and_then(Value::as_str) {
        _ if flag(value, "isAuthorized") == Some(false) => Link::Unauthorized,
        Some(text) => Link::parse(text),
        None => Link::Unusable,
    }
}

/// Every element of an array that can be read at all.
pub(super) fn list<T>(value: &Value, name: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let elements = value
        .get(name)
        .and_then(Value::as_array)
        .unwrap_or_default();
    elements.iter().filter_map(read).collect()
}
