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
pub(crate) struct Options(Object);

impl Options {
    pub(crate) fn of(value: Value) -> Result<Self, Failure> {
        value.into_object().map(Self).ok_or_else(refused)
    }

    /// Whether there is a member of that name.
    #[cfg(feature = "verify")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Failure> {
        self.optional_text(name)?.ok_or_else(refused)
    }

    pub(crate) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Failure> {
        self.optional(name).map(text).transpose()
    }

    /// A list of texts, empty where there is none.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Failure> {
        Ok(self.optional_texts(name)?.unwrap_or_default())
    }

    pub(crate) fn optional_texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        let Some(list) = self.list(name)? else {
            return Ok(None);
        };
        list.into_iter()
            .map(text)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Options within these; none where there are none.
    pub(crate) fn optional_options(&mut self, name: &str) -> Result<Option<Self>, Failure> {
        self.optional(name).map(Self::of).transpose()
    }

    /// A whole number that is not negative.
    pub(crate) fn optional_number(&mut self, name: &str) -> Result<Option<u32>, Failure> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        let number = value.as_u64().and_then(|number| number.try_into().ok());
        number.map(Some).ok_or_else(refused)
    }

    /// The names of algorithms.
    pub(crate) fn optional_algorithms(&mut self) -> Result<Option<Vec<Algorithm>>, Failure> {
        let Some(names) = self.optional_texts("algorithms")? else {
            return Ok(None);
        };
        let algorithms: Option<_> = names.iter().map(|name| Algorithm::parse(name)).collect();
        algorithms.map(Some).ok_or_else(refused)
    }

    /// A service, as the presets of the package name it.
    pub(crate) fn optional_service(&mut self) -> Result<Option<Service>, Failure> {
        let Some(name) = self.optional_text("service")? else {
            return Ok(None);
        };
        super::service_named(&name).map(Some).ok_or_else(refused)
    }

    /// The member of that name, whatever it is.
    pub(crate) fn optional(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Refuses what has not been taken out: a misspelt option must not be taken for its default.
    pub(crate) fn end(self) -> Result<(), Failure> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(refused())
        }
    }

    fn list(&mut self, name: &str) -> Result<Option<Vec<Value>>, Failure> {
        match self.optional(name) {
            None => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(refused()),
        }
    }
}

impl Options {
    /// A list of options within these, empty where there is none.
    pub(crate) fn options(&mut self, name: &str) -> Result<Vec<Self>, Failure> {
        let list = self.list(name)?.unwrap_or_default();
        list.into_iter().map(Self::of).collect()
    }

    /// A list of lists of texts, empty where there is none.
    #[cfg(feature = "login")]
    pub(crate) fn text_lists(&mut self, name: &str) -> Result<Vec<Vec<String>>, Failure> {
        let list = self.list(name)?.unwrap_or_default();
        list.into_iter()
            .map(|value| match value {
                Value::Array(texts) => texts.into_iter().map(text).collect(),
                _ => Err(refused()),
            })
            .collect()
    }

    pub(crate) fn optional_flag(&mut self, name: &str) -> Result<Option<bool>, Failure> {
        match self.optional(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(refused()),
        }
    }
}

/// A value of the wrong type or range.
pub(crate) fn refused() -> Failure {
    BoundaryError::Options.into()
}

fn text(value: Value) -> Result<String, Failure> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(refused()),
    }
}
