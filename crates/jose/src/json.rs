//! A strict JSON reader and a writer, for tokens, key sets and metadata.
//!
//! The reader takes RFC 8259 at its narrowest, because two readers that disagree about one text are
//! how checks are bypassed: an object has each member once (escapes are resolved before names are
//! compared), nothing follows the value, the text is UTF-8 without a byte order mark, every escape
//! is a Unicode character, every number is finite for whoever takes it for an `f64`, and size and
//! depth are bounded.
//!
//! `Debug` of every type here prints the shape and never a name, a text or a number, so that a
//! claim cannot reach a log by way of a failed assertion.

mod number;
mod object;
mod plain;
mod reader;
mod text;
mod writer;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub use self::number::Number;
pub use self::object::Object;
pub(crate) use self::reader::parse_shared;
pub use self::reader::{JsonError, MAX_CONTAINERS, MAX_DEPTH, MAX_MEMBERS, parse};
pub use self::text::Text;

/// A JSON value.
///
/// ```
/// use portvakt_jose::json;
///
/// let value = json::parse(br#"{"keys":[]}"#, 1024)?;
/// assert_eq!(value.get("keys").and_then(json::Value::as_array), Some(&[][..]));
/// assert_eq!(json::parse(br#"{"a":1,"\u0061":2}"#, 1024), Err(json::JsonError::DuplicateMember));
/// # Ok::<(), json::JsonError>(())
/// ```
#[derive(Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number below 10^308.
    Number(Number),
    /// A text.
    String(Text),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Object),
}

impl Value {
    /// The member of that name, if this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// Whether this is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth value, if this is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The integer, if this is a number that was written as an integer and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The integer, if this is a number that was written as an integer and fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    #[must_use]
    pub const fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements.as_slice()),
            _ => None,
        }
    }

    /// The object, if this is one.
    #[must_use]
    pub const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The object, if this is one.
    #[must_use]
    pub fn into_object(self) -> Option<Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Writes this as JSON without spaces; members keep their order.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Writes this as JSON behind what is there.
    pub fn write_json(&self, out: &mut String) {
        writer::write(self, out);
    }
}

/// Writes a text as JSON in ASCII behind what is there: hosts decode that several times faster than other UTF-8.
pub fn write_ascii_text(text: &str, out: &mut String) {
    writer::write_ascii_text(text, out);
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("Null"),
            Self::Bool(_) => formatter.write_str("Bool"),
            Self::Number(number) => number.fmt(formatter),
            Self::String(_) => formatter.write_str("String"),
            Self::Array(elements) => write!(formatter, "Array({})", elements.len()),
            Self::Object(object) => object.fmt(formatter),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(i64::from(value).into())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(u64::from(value).into())
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Into<Self>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, Value, parse};
    use alloc::format;

    #[test]
    fn debug_prints_the_shape_and_no_content() {
        let text =
            r#"{"pid":"15868510045","n":15868510046,"list":["secret",15868510047.5,true,null]}"#;
        let value = parse(text.as_bytes(), 1000).expect("valid");
        assert_eq!(format!("{value:?}"), "Object(3)");
        assert_eq!(format!("{:?}", value.get("pid")), "Some(String)");
        assert_eq!(format!("{:?}", value.get("n")), "Some(Number)");
        assert_eq!(format!("{:?}", value.get("list")), "Some(Array(4))");
        assert_eq!(
            format!("{:?}", value.get("list").and_then(Value::as_array)),
            "Some([String, Number, Bool, Null])"
        );
    }

    #[test]
    fn values_are_built_and_read_back() {
        let mut object = Object::new();
        object.insert("text", "a");
        object.insert("flag", true);
        object.insert("count", 3_u64);
        object.insert("list", alloc::vec!["x", "y"]);
        let value = Value::from(object);
        assert_eq!(
            value.to_json(),
            r#"{"text":"a","flag":true,"count":3,"list":["x","y"]}"#
        );
        assert_eq!(value.get("text").and_then(Value::as_str), Some("a"));
        assert_eq!(value.get("flag").and_then(Value::as_bool), Some(true));
        assert_eq!(value.get("count").and_then(Value::as_i64), Some(3));
        assert_eq!(
            value.get("list").and_then(Value::as_array).map(<[_]>::len),
            Some(2)
        );
        assert_eq!(value.get("absent"), None);
        assert_eq!(Value::Null.get("text"), None);
    }
}
