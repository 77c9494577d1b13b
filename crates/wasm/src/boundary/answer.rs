use alloc::string::String;

use portvakt_jose::json::{Object, Value};

/// The members of a result, in the words of JavaScript.
#[derive(Default)]
pub(crate) struct Answer(Object);

impl Answer {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name, value);
        self
    }

    /// Without a value there is no member.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn into_json(self) -> String {
        Value::from(self).to_json()
    }
}

impl From<Answer> for Value {
    fn from(answer: Answer) -> Self {
        Self::Object(answer.0)
    }
}

/// A list of texts.
pub(crate) fn texts<T: AsRef<str>>(list: &[T]) -> Value {
    list.iter().map(AsRef::as_ref).collect()
}
