use alloc::string::String;
use alloc::vec::Vec;
use portvakt_digdir::Service;

use portvakt_jose::Algorithm;
use portvakt_jose::json::{Object, Value};

use super::{BoundaryError, Failure};

/// The members of an object of options. Each is taken out once, and [`Options::end`] refuses what is left.
///
/// An option that has another type than expected is refused, and `null` is no type of any: what the driver writes has
/// no member for what is `undefined`, and a `null` where there should be a list or a number that restricts something
/// (JSON has it for `NaN`, too) may have been meant as anything.
///
/// What is wrong with a member is remembered, and told by [`Options::end`]: until then nothing that was read may be
/// used.
#[must_use = "what was read is good only if `end` says so"]
pub(crate) struct Options {
    members: Object,
    is_refused: bool,
}

impl Options {
    pub(crate) fn of(value: Value) -> Self {
        match value {
            Value::Object(members) => Self {
                members,
                is_refused: false,
            },
            _ => Self {
                members: Object::new(),
                is_refused: true,
            },
        }
    }

    /// Whether there is a member of that name.
    #[cfg(feature = "verify")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains(name)
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &str) -> String {
        let text = self.optional_text(name);
        self.required(text)
    }

    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        let value = self.optional(name)?;
        Some(self.text_of(value))
    }

    /// A list of texts, empty where there is none.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        self.optional_texts(name).unwrap_or_default()
    }

    pub(crate) fn optional_texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.optional(name)?;
        Some(self.texts_of(value))
    }

    /// Options within these; none where there are none. They have an end of their own.
    pub(crate) fn optional_options(&mut self, name: &str) -> Option<Self> {
        self.optional(name).map(Self::of)
    }

    /// A list of options within these, empty where there is none. Each has an end of its own.
    pub(crate) fn options(&mut self, name: &str) -> Vec<Self> {
        self.list(name).into_iter().map(Self::of).collect()
    }

    /// A list of lists of texts, empty where there is none.
    #[cfg(feature = "login")]
    pub(crate) fn text_lists(&mut self, name: &str) -> Vec<Vec<String>> {
        let mut lists = Vec::new();
        for value in self.list(name) {
            lists.push(self.texts_of(value));
        }
        lists
    }

    /// A whole number that is not negative.
    pub(crate) fn optional_number(&mut self, name: &str) -> Option<u32> {
        let value = self.optional(name)?;
        let number = value.as_u64().and_then(|number| number.try_into().ok());
        Some(self.required(number))
    }

    pub(crate) fn optional_flag(&mut self, name: &str) -> Option<bool> {
        let value = self.optional(name)?;
        Some(self.required(value.as_bool()))
    }

    /// The names of algorithms.
    pub(crate) fn optional_algorithms(&mut self) -> Option<Vec<Algorithm>> {
        let mut algorithms = Vec::new();
        for name in self.optional_texts("algorithms")? {
            match Algorithm::parse(&name) {
                Some(algorithm) => algorithms.push(algorithm),
                None => self.refuse(),
            }
        }
        Some(algorithms)
    }

    /// A service, as the presets of the package name it.
    pub(crate) fn optional_service(&mut self) -> Option<Service> {
        let name = self.optional_text("service")?;
        let service = super::service_named(&name);
        if service.is_none() {
            self.refuse();
        }
        service
    }

    /// The member of that name, whatever it is.
    pub(crate) fn optional(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    /// Has [`end`](Self::end) refuse the options.
    pub(crate) fn refuse(&mut self) {
        self.is_refused = true;
    }

    /// Refuses options of the wrong type, and what has not been taken out: a misspelt option must not be taken for its
    /// default.
    pub(crate) fn end(self) -> Result<(), Failure> {
        if self.members.is_empty() && !self.is_refused {
            Ok(())
        } else {
            Err(refused())
        }
    }

    fn required<T: Default>(&mut self, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.refuse();
            T::default()
        })
    }

    fn list(&mut self, name: &str) -> Vec<Value> {
        match self.optional(name) {
            None => Vec::new(),
            Some(value) => self.list_of(value),
        }
    }

    fn list_of(&mut self, value: Value) -> Vec<Value> {
        let list = match value {
            Value::Array(list) => Some(list),
            _ => None,
        };
        self.required(list)
    }

    fn texts_of(&mut self, value: Value) -> Vec<String> {
        let mut texts = Vec::new();
        for value in self.list_of(value) {
            texts.push(self.text_of(value));
        }
        texts
    }

    fn text_of(&mut self, value: Value) -> String {
        let text = match value {
            Value::String(text) => Some(text.into()),
            _ => None,
        };
        self.required(text)
    }
}

/// A value of the wrong type or range.
#[cold]
pub(crate) fn refused() -> Failure {
    BoundaryError::Options.into()
}
