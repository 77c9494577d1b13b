use alloc::string::String;

use portvakt_jose::json::{self, Object, Value};

/// A result, in the words of JavaScript, written as JSON while it is put together.
#[derive(Default)]
pub(crate) struct Answer {
    text: String,
    /// Whether an object has a member `__proto__`. Copied from one JavaScript object to another, as applications do
    /// with claims, it would not be a member, but what all others are looked up in.
    has_prototype: bool,
}

/// A list of results or texts.
#[derive(Default)]
pub(crate) struct List(Answer);

/// What can be in an answer.
pub(crate) trait Written {
    fn write_to(self, answer: &mut Answer);
}

impl Answer {
    /// Adds a member. Names are the module's own, and need no escapes.
    pub(crate) fn with(mut self, name: &str, value: impl Written) -> Self {
        self.begin('{');
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        value.write_to(&mut self);
        self
    }

    /// Without a value there is no member.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Written>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The text, if all in it can be represented in JavaScript.
    pub(super) fn into_json(mut self) -> Option<String> {
        self.end('{', '}');
        (!self.has_prototype).then_some(self.text)
    }

    fn begin(&mut self, bracket: char) {
        self.text
            .push(if self.text.is_empty() { bracket } else { ',' });
    }

    fn end(&mut self, bracket: char, closing: char) {
        if self.text.is_empty() {
            self.text.push(bracket);
        }
        self.text.push(closing);
    }

    /// Takes in what is whole already.
    fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.has_prototype |= other.has_prototype;
    }
}

impl Written for Answer {
    fn write_to(mut self, answer: &mut Answer) {
        self.end('{', '}');
        answer.append(&self);
    }
}

impl Written for List {
    fn write_to(mut self, answer: &mut Answer) {
        self.0.end('[', ']');
        answer.append(&self.0);
    }
}

impl Written for Value {
    fn write_to(self, answer: &mut Answer) {
        answer.has_prototype |= has_prototype(&self);
        self.write_json(&mut answer.text);
    }
}

impl Written for Object {
    fn write_to(self, answer: &mut Answer) {
        (&self).write_to(answer);
    }
}

impl Written for &Object {
    fn write_to(self, answer: &mut Answer) {
        answer.has_prototype |= is_prototype_in(self);
        self.write_json(&mut answer.text);
    }
}

impl Written for String {
    fn write_to(self, answer: &mut Answer) {
        self.as_str().write_to(answer);
    }
}

impl Written for &str {
    fn write_to(self, answer: &mut Answer) {
        json::write_text(self, &mut answer.text);
    }
}

impl Written for u64 {
    fn write_to(self, answer: &mut Answer) {
        Value::from(self).write_json(&mut answer.text);
    }
}

impl Written for bool {
    fn write_to(self, answer: &mut Answer) {
        answer.text.push_str(if self { "true" } else { "false" });
    }
}

impl<T: Written> FromIterator<T> for List {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut list = Answer::default();
        for element in elements {
            list.begin('[');
            element.write_to(&mut list);
        }
        Self(list)
    }
}

/// A list of texts.
pub(crate) fn texts<T: AsRef<str>>(list: &[T]) -> List {
    list.iter().map(AsRef::as_ref).collect()
}

fn has_prototype(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(has_prototype),
        Value::Object(object) => is_prototype_in(object),
        _ => false,
    }
}

fn is_prototype_in(object: &Object) -> bool {
    object
        .iter()
        .any(|(name, member)| name == "__proto__" || has_prototype(member))
}
