use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::plain::plain_length;
use super::{Number, Object, Text, Value};

/// The deepest nesting of arrays and objects that is read.
///
/// What identity providers send is less than ten deep; the reader recurses, and the stack of a
/// WebAssembly module is small.
pub const MAX_DEPTH: usize = 32;

/// The most arrays and objects in one text.
///
/// Each takes memory of its own, sixty times what it takes of the text if that is made of them
/// alone. The largest answers that we know of, pages of a thousand dialogs, have some 30 000.
pub const MAX_CONTAINERS: usize = 100_000;

/// The most members of one object.
///
/// All are compared with each other, since none may come twice. The largest objects that services
/// send, claims and metadata, have less than a hundred.
pub const MAX_MEMBERS: usize = 1000;

crate::errors! {
    /// Why a text is not JSON that this crate reads.
    pub enum JsonError {
        TooLarge => "json_too_large",
            "The JSON text is larger than allowed.", "RFC 8259 §9";
        NotUtf8 => "json_not_utf8",
            "The JSON text is not UTF-8.", "RFC 8259 §8.1";
        ByteOrderMark => "json_byte_order_mark",
            "The JSON text begins with a byte order mark.", "RFC 8259 §8.1";
        Syntax => "json_syntax",
            "The text does not follow the grammar of JSON.", "RFC 8259 §2";
        TrailingBytes => "json_trailing_bytes",
            "Something follows the JSON value.", "RFC 8259 §2";
        DuplicateMember => "json_duplicate_member",
            "An object has the same member twice.", "RFC 8259 §4";
        TooDeep => "json_too_deep",
            "Arrays and objects are nested too deeply.", "RFC 8259 §9";
        TooMany => "json_too_many",
            "There are too many arrays and objects, or an object has too many members.",
            "RFC 8259 §9";
        LoneSurrogate => "json_lone_surrogate",
            "An escape is half of a surrogate pair.", "RFC 8259 §8.2";
        NotFinite => "json_number_not_finite",
            "A number is too large to be represented.", "RFC 8259 §6";
    }
}

/// Reads one JSON value that fills the whole text.
///
/// `max_bytes` is how large the text may be; it is compared before anything else is done.
///
/// # Errors
///
/// A [`JsonError`] for everything that is not JSON in the strict reading of this module.
pub fn parse(bytes: &[u8], max_bytes: usize) -> Result<Value, JsonError> {
    Reader::new(utf8(bytes, max_bytes)?, None).read()
}

/// Reads as [`parse`] does, but texts are parts of one copy of the whole where they can be.
///
/// The value keeps all of that, whatever else was in it. So this is for what is kept anyway, or not for long.
pub(crate) fn parse_shared(bytes: &[u8], max_bytes: usize) -> Result<Value, JsonError> {
    let text = Arc::from(utf8(bytes, max_bytes)?);
    Reader::new(&text, Some(&text)).read()
}

fn utf8(bytes: &[u8], max_bytes: usize) -> Result<&str, JsonError> {
    if bytes.len() > max_bytes {
        return Err(JsonError::TooLarge);
    }
    str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)
}

struct Reader<'a> {
    text: &'a str,
    /// Always at the boundary of a character.
    position: usize,
    /// The arrays and objects that have begun.
    containers: usize,
    /// The same text, if values may be parts of it.
    shared: Option<&'a Arc<str>>,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str, shared: Option<&'a Arc<str>>) -> Self {
        Self {
            text,
            position: 0,
            containers: 0,
            shared,
        }
    }

    fn read(mut self) -> Result<Value, JsonError> {
        if self.text.starts_with('\u{FEFF}') {
            return Err(JsonError::ByteOrderMark);
        }
        self.skip_whitespace();
        let value = self.value(0)?;
        self.skip_whitespace();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(JsonError::TrailingBytes),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// Steps over the byte if it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.position += 1;
        }
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(JsonError::Syntax)
        }
    }

    fn skip_while(&mut self, condition: impl Fn(u8) -> bool) {
        let rest = self.rest();
        let skipped = rest.iter().position(|byte| !condition(*byte));
        self.position += skipped.unwrap_or(rest.len());
    }

    fn rest(&self) -> &'a [u8] {
        let bytes = self.text.as_bytes();
        bytes.get(self.position..).unwrap_or_default()
    }

    /// Most texts have none, and that is found out here, without a call.
    #[inline(always)]
    fn skip_whitespace(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        }
    }

    /// The text from a position before to the current one.
    fn since(&self, start: usize) -> Result<&'a str, JsonError> {
        self.text.get(start..self.position).ok_or(JsonError::Syntax)
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(JsonError::Syntax),
        }
    }

    fn literal(&mut self, name: &str, value: Value) -> Result<Value, JsonError> {
        let rest = self.text.get(self.position..).unwrap_or_default();
        if !rest.starts_with(name) {
            return Err(JsonError::Syntax);
        }
        self.position += name.len();
        Ok(value)
    }

    /// Begins an array or object, if there may be one more.
    fn enter(&mut self, depth: usize) -> Result<(), JsonError> {
        if depth == MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        if self.containers == MAX_CONTAINERS {
            return Err(JsonError::TooMany);
        }
        self.containers += 1;
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.enter(depth)?;
        self.expect(b'{')?;
        let mut members = Vec::new();
        self.skip_whitespace();
        if !self.eat(b'}') {
            loop {
                if members.len() == MAX_MEMBERS {
                    return Err(JsonError::TooMany);
                }
                let name = self.string()?;
                self.skip_whitespace();
                self.expect(b':')?;
                self.skip_whitespace();
                members.push((name, self.value(depth + 1)?));
                self.skip_whitespace();
                if !self.eat(b',') {
                    break;
                }
                self.skip_whitespace();
            }
            self.expect(b'}')?;
        }
        Object::from_members(members)
            .map(Value::Object)
            .ok_or(JsonError::DuplicateMember)
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.enter(depth)?;
        self.expect(b'[')?;
        let mut elements = Vec::new();
        self.skip_whitespace();
        if !self.eat(b']') {
            loop {
                elements.push(self.value(depth + 1)?);
                self.skip_whitespace();
                if !self.eat(b',') {
                    break;
                }
                self.skip_whitespace();
            }
            self.expect(b']')?;
        }
        Ok(Value::Array(elements))
    }

    fn string(&mut self) -> Result<Text, JsonError> {
        self.expect(b'"')?;
        let start = self.position;
        let plain = self.plain_characters()?;
        if self.eat(b'"') {
            let part = start..start + plain.len();
            return match self.shared {
                Some(text) => Text::part(text, part).ok_or(JsonError::Syntax),
                None => Ok(plain.into()),
            };
        }
        let mut text = String::from(plain);
        while !self.eat(b'"') {
            self.expect(b'\\')?;
            text.push(self.escape()?);
            text.push_str(self.plain_characters()?);
        }
        Ok(text.into())
    }

    /// The characters up to a quotation mark, an escape, or what can be in no text: a control
    /// character, or the end.
    fn plain_characters(&mut self) -> Result<&'a str, JsonError> {
        let start = self.position;
        self.position += plain_length(self.rest());
        self.since(start)
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let character = match self.peek().ok_or(JsonError::Syntax)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.position += 1;
                return self.unicode_escape();
            }
            _ => return Err(JsonError::Syntax),
        };
        self.position += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let mut code_units = [self.four_hex_digits()?, 0];
        let [first, second] = &mut code_units;
        let length = if matches!(first, 0xD800..0xDC00) {
            if !(self.eat(b'\\') && self.eat(b'u')) {
                return Err(JsonError::LoneSurrogate);
            }
            *second = self.four_hex_digits()?;
            2
        } else {
            1
        };
        match char::decode_utf16(code_units.into_iter().take(length)).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(JsonError::LoneSurrogate),
        }
    }

    fn four_hex_digits(&mut self) -> Result<u16, JsonError> {
        let mut code_unit = 0;
        for _ in 0..4 {
            let digit = self
                .peek()
                .and_then(|byte| char::from(byte).to_digit(16))
                .ok_or(JsonError::Syntax)?;
            code_unit = code_unit << 4 | digit;
            self.position += 1;
        }
        u16::try_from(code_unit).map_err(|_| JsonError::Syntax)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.position;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        let number = Number::from_grammatical(self.since(start)?).ok_or(JsonError::NotFinite)?;
        Ok(Value::Number(number))
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.position;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.position == start {
            Err(JsonError::Syntax)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonError, MAX_CONTAINERS, MAX_DEPTH, MAX_MEMBERS, Value, parse};

    #[test]
    fn every_escape_is_resolved() {
        let value = parse(br#""\"\\\/\b\f\n\r\t\u00e5\uD83D\ude00\u0000""#, 100);
        assert_eq!(value, Ok(Value::from("\"\\/\u{8}\u{c}\n\r\tå😀\0")));
    }

    #[test]
    fn faults_have_their_own_errors() {
        let cases: &[(&[u8], JsonError)] = &[
            (b"", JsonError::Syntax),
            (b" ", JsonError::Syntax),
            (b"\xEF\xBB\xBF{}", JsonError::ByteOrderMark),
            (b"\"\xFF\"", JsonError::NotUtf8),
            (b"\"\xC0\xAF\"", JsonError::NotUtf8),
            (b"\"\xED\xA0\x80\"", JsonError::NotUtf8),
            (b"{} {}", JsonError::TrailingBytes),
            (b"{}\0", JsonError::TrailingBytes),
            (b"01", JsonError::TrailingBytes),
            (br#"{"a":1,"a":1}"#, JsonError::DuplicateMember),
            (br#"{"a":1,"\u0061":1}"#, JsonError::DuplicateMember),
            (br#"[{"":{"a":1,"b":2,"a":3}}]"#, JsonError::DuplicateMember),
            (br#""\ud800""#, JsonError::LoneSurrogate),
            (br#""\udc00""#, JsonError::LoneSurrogate),
            (br#""\ud800\ud800""#, JsonError::LoneSurrogate),
            (br#""\ud800\n""#, JsonError::LoneSurrogate),
            (b"1e400", JsonError::NotFinite),
            (b"-1e400", JsonError::NotFinite),
            (b"NaN", JsonError::Syntax),
            (b"[1,]", JsonError::Syntax),
            (br#"{"a":1,}"#, JsonError::Syntax),
            (br#"{a:1}"#, JsonError::Syntax),
            (b"\"\n\"", JsonError::Syntax),
            (br#""\u12""#, JsonError::Syntax),
            (br#""\u+123""#, JsonError::Syntax),
            (br#""\x41""#, JsonError::Syntax),
            (b"1.", JsonError::Syntax),
            (b"-", JsonError::Syntax),
            (b"+1", JsonError::Syntax),
            (b".5", JsonError::Syntax),
            (b"1e", JsonError::Syntax),
            (b"tru", JsonError::Syntax),
            (b"\"", JsonError::Syntax),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text, 100), Err(*expected), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn size_and_depth_end_where_they_say() {
        assert!(parse(b"[]", 2).is_ok());
        assert_eq!(parse(b"[]", 1), Err(JsonError::TooLarge));

        let nested = |depth| ["[".repeat(depth), "]".repeat(depth)].concat();
        assert!(parse(nested(MAX_DEPTH).as_bytes(), 1000).is_ok());
        assert_eq!(
            parse(nested(MAX_DEPTH + 1).as_bytes(), 1000),
            Err(JsonError::TooDeep)
        );
        let open = "{\"a\":".repeat(100_000);
        assert_eq!(parse(open.as_bytes(), open.len()), Err(JsonError::TooDeep));

        let members = |count: usize| {
            let members = (0..count).map(|name| alloc::format!("\"{name}\":0,"));
            [
                "{",
                &members.collect::<alloc::string::String>(),
                "\"last\":0}",
            ]
            .concat()
        };
        assert!(parse(members(MAX_MEMBERS - 1).as_bytes(), 1 << 20).is_ok());
        assert_eq!(
            parse(members(MAX_MEMBERS).as_bytes(), 1 << 20),
            Err(JsonError::TooMany)
        );

        let many = |count: usize| ["[", &"[],".repeat(count - 2), "{}]"].concat();
        assert!(parse(many(MAX_CONTAINERS).as_bytes(), 1 << 20).is_ok());
        assert_eq!(
            parse(many(MAX_CONTAINERS + 1).as_bytes(), 1 << 20),
            Err(JsonError::TooMany)
        );
    }
}
