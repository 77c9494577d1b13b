use alloc::string::String;

use portvakt_jose::json::{self, Object, Value};

/// A result, in the words of JavaScript, written as JSON while it is put together.
pub(crate) struct Answer {
    text: String,
    /// Whether an object has a member `__proto__`. Copied from one JavaScript object to another, as applications do
    /// with claims, it would not be a member, but what all others are looked up in.
    has_prototype: bool,
}

/// What most answers take at most, so that they need not grow.
const COMMON_BYTES: usize = 512;

/// What can be in an answer.
pub(crate) trait Written {
    fn write_to(self, answer: &mut Answer);
}

/// An object within an answer, of the members that the function adds.
pub(crate) struct Nested<F>(pub(crate) F);

/// A list of objects, each of the members that the function adds for an element.
pub(crate) struct List<I, F>(pub(crate) I, pub(crate) F);

/// A list of texts.
pub(crate) struct Texts<I>(pub(crate) I);

/// A list of lists, each of a name and its value.
#[cfg(feature = "login")]
pub(crate) struct Pairs<'a>(pub(crate) &'a [(&'static str, String)]);

impl Answer {
    /// An answer without members.
    pub(crate) fn new() -> Self {
        let mut text = String::with_capacity(COMMON_BYTES);
        text.push('{');
        Self {
            text,
            has_prototype: false,
        }
    }

    /// Adds a member. Names are the module's own, and need no escapes.
    pub(crate) fn with(&mut self, name: &str, value: impl Written) -> &mut Self {
        self.name(name);
        value.write_to(self);
        self
    }

    /// Without a value there is no member.
    pub(crate) fn with_some(&mut self, name: &str, value: Option<impl Written>) -> &mut Self {
        if let Some(value) = value {
            self.with(name, value);
        }
        self
    }

    /// Goes with claims that the driver reads from the token itself.
    #[cfg(feature = "verify")]
    pub(crate) fn beside(&mut self, claims: &Object) {
        self.has_prototype |= is_prototype_in(claims);
    }

    /// The text, if all in it, and all that it goes with, can be represented in JavaScript.
    pub(super) fn into_json(mut self) -> Option<String> {
        self.text.push('}');
        (!self.has_prototype).then_some(self.text)
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.next();
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    /// Separates what comes from what is there.
    fn next(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[')) {
            self.text.push(',');
        }
    }

    #[inline(never)]
    fn write_text(&mut self, text: &str) {
        json::write_ascii_text(text, &mut self.text);
    }
}

impl<F: FnOnce(&mut Answer)> Written for Nested<F> {
    fn write_to(self, answer: &mut Answer) {
        answer.text.push('{');
        (self.0)(answer);
        answer.text.push('}');
    }
}

impl<I: IntoIterator, F: FnMut(&mut Answer, I::Item)> Written for List<I, F> {
    fn write_to(mut self, answer: &mut Answer) {
        answer.text.push('[');
        for element in self.0 {
            answer.next();
            answer.text.push('{');
            (self.1)(answer, element);
            answer.text.push('}');
        }
        answer.text.push(']');
    }
}

impl<I: IntoIterator<Item: AsRef<str>>> Written for Texts<I> {
    fn write_to(self, answer: &mut Answer) {
        answer.text.push('[');
        for text in self.0 {
            answer.next();
            text.as_ref().write_to(answer);
        }
        answer.text.push(']');
    }
}

#[cfg(feature = "login")]
impl Written for Pairs<'_> {
    fn write_to(self, answer: &mut Answer) {
        answer.text.push('[');
        for (name, value) in self.0 {
            answer.next();
            Texts([*name, value.as_str()]).write_to(answer);
        }
        answer.text.push(']');
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
        answer.write_text(&self);
    }
}

impl Written for &str {
    fn write_to(self, answer: &mut Answer) {
        answer.write_text(self);
    }
}

impl Written for u64 {
    fn write_to(self, answer: &mut Answer) {
        Value::from(self).write_json(&mut answer.text);
    }
}

impl Written for bool {
    fn write_to(self, answer: &mut Answer) {
        Value::Bool(self).write_json(&mut answer.text);
    }
}

fn has_prototype(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(has_prototype),
        Value::Object(object) => is_prototype_in(object),
        _ => false,
    }
}

fn is_prototype_in(object: &Object) -> bool {
    object.contains("__proto__") || object.values().any(has_prototype)
}
