use alloc::string::String;

use super::plain::{plain_ascii_length, plain_length};
use super::{Object, Value};

/// Writes without spaces, with the fewest escapes that RFC 8259 §7 allows.
pub(super) fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => number.write_to(out),
        Value::String(text) => write_text(text, out),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(element, out);
            }
            out.push(']');
        }
        Value::Object(object) => write_object(object, out),
    }
}

pub(super) fn write_object(object: &Object, out: &mut String) {
    out.push('{');
    for (index, (name, member)) in object.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        write(member, out);
    }
    out.push('}');
}

pub(super) fn write_text(text: &str, out: &mut String) {
    write_with(plain_length, text, out);
}

pub(super) fn write_ascii_text(text: &str, out: &mut String) {
    write_with(plain_ascii_length, text, out);
}

/// Writes a text, where a function tells how much of the rest of it needs no escape.
fn write_with(plain_length: fn(&[u8]) -> usize, text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // What needs no escape goes over in one piece.
    while let Some((plain, escaped)) = rest.split_at_checked(plain_length(rest.as_bytes())) {
        out.push_str(plain);
        let mut characters = escaped.chars();
        let Some(character) = characters.next() else {
            break;
        };
        write_escape(character, out);
        rest = characters.as_str();
    }
    out.push('"');
}

fn write_escape(character: char, out: &mut String) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        _ => {
            for code_unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str("\\u");
                for place in [12, 8, 4, 0] {
                    out.extend(char::from_digit(u32::from(*code_unit) >> place & 0xf, 16));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write_ascii_text;
    use crate::json::{Object, Value, parse};
    use alloc::string::String;
    use proptest::collection::vec;
    use proptest::prelude::{
        Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
    };

    #[test]
    fn texts_are_escaped_where_they_must_be() {
        let text = "\"\\/\u{8}\n\r\t\u{1f}\u{7f}å\u{2028}😀";
        assert_eq!(
            Value::from(text).to_json(),
            "\"\\\"\\\\/\\u0008\\n\\r\\t\\u001f\u{7f}å\u{2028}😀\""
        );
        let mut ascii = String::new();
        write_ascii_text(text, &mut ascii);
        assert_eq!(
            ascii,
            "\"\\\"\\\\/\\u0008\\n\\r\\t\\u001f\u{7f}\\u00e5\\u2028\\ud83d\\ude00\""
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(value in any_value()) {
            let text = value.to_json();
            prop_assert_eq!(parse(text.as_bytes(), text.len()), Ok(value));
        }

        #[test]
        fn what_is_written_in_ascii_reads_back_the_same(text in any::<String>()) {
            let mut ascii = String::new();
            write_ascii_text(&text, &mut ascii);
            prop_assert!(ascii.is_ascii());
            prop_assert_eq!(parse(ascii.as_bytes(), ascii.len()), Ok(Value::from(text)));
        }

        #[test]
        fn what_is_written_is_json_to_another_reader(value in any_value()) {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&value.to_json()).is_ok());
        }

        #[test]
        fn reading_never_panics(bytes in any::<alloc::vec::Vec<u8>>()) {
            let _ = parse(&bytes, 1 << 16);
        }

        #[test]
        fn reading_what_looks_like_json_never_panics_and_is_never_laxer_than_another_reader(
            text in r#"([\[\]{}:,"\\ue0-9+\-. ]|true|null|"a"|\\ud800){0,24}"#,
        ) {
            if parse(text.as_bytes(), 1 << 16).is_ok() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
            }
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("below 10^308", |value| {
                // The `Debug` form of a finite f64 is JSON: `1.0`, `1e300`.
                parse(alloc::format!("{value:?}").as_bytes(), 1000).ok()
            }),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..6).prop_map(Value::from),
                vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::from(members.into_iter().collect::<Object>())),
            ]
        })
    }
}
