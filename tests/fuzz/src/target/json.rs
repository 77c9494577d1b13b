//! JSON, of which everything else is made.

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, MAX_DEPTH, Value};

use crate::world::{GRANTED, METADATA, id_token_claims};

pub(super) fn seeds() -> Vec<Vec<u8>> {
    [
        id_token_claims(),
        METADATA.to_string(),
        GRANTED.to_string(),
        r#"[null,true,false,0,-0,1.5e-7,-12E+3,9007199254740993,18446744073709551615,"\u00e5\ud83d\ude00\"\\\/\b\f\n\r\t",{},[[]]]"#.to_string(),
        r#"{"a":1,"a":2,"\u0061":3}"#.to_string(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

pub(super) fn run(input: &[u8]) {
    let Ok(value) = json::parse(input, input.len()) else {
        return;
    };
    assert!(depth(&value) <= MAX_DEPTH);
    // Whatever we read, others read, and see the same in it.
    let theirs: serde_json::Value = serde_json::from_slice(input).expect("JSON");
    assert_same(&value, &theirs);
    let written = value.to_json();
    let again = json::parse(written.as_bytes(), written.len()).expect("it was written");
    assert_eq!(again, value);
    assert_eq!(again.to_json(), written);
}

fn assert_same(ours: &Value, theirs: &serde_json::Value) {
    use serde_json::Value as Theirs;
    match (ours, theirs) {
        (Value::Null, Theirs::Null) => {}
        (Value::Bool(ours), Theirs::Bool(theirs)) => assert_eq!(ours, theirs),
        (Value::String(ours), Theirs::String(theirs)) => assert_eq!(ours.as_str(), theirs),
        (Value::Number(ours), Theirs::Number(theirs)) => {
            if let Some(integer) = ours.as_u64() {
                assert_eq!(theirs.as_u64(), Some(integer));
            }
            if let Some(integer) = ours.as_i64() {
                // Minus zero is a float to them.
                assert!(theirs.as_i64() == Some(integer) || integer == 0);
            }
            if let Some(date) = UnixTime::from_numeric_date(ours) {
                let theirs = theirs.as_f64().expect("a number");
                assert!((date.as_secs() as f64 - theirs).abs() <= 1.0);
            }
        }
        (Value::Array(ours), Theirs::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert_same(ours, theirs);
            }
        }
        (Value::Object(ours), Theirs::Object(theirs)) => {
            // They keep one of a name that comes twice, and we do not read it.
            assert_eq!(ours.len(), theirs.len());
            for (name, ours) in ours.iter() {
                assert_same(ours, theirs.get(name).expect("the same names"));
            }
        }
        _ => panic!("{ours:?} is of another kind to others"),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or_default(),
        Value::Object(object) => {
            1 + object
                .iter()
                .map(|(_, value)| depth(value))
                .max()
                .unwrap_or_default()
        }
        _ => 0,
    }
}
