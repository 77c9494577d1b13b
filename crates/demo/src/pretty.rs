//! JSON for people: one member a line, indented.

use portvakt_jose::json::Value;

/// Writes a value on as many lines as it has members.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Array(elements) if !elements.is_empty() => {
            let elements = elements.iter().map(|element| (None, element));
            write_members('[', elements, ']', depth, text);
        }
        Value::Object(object) if !object.is_empty() => {
            let members = object.iter().map(|(name, value)| (Some(name), value));
            write_members('{', members, '}', depth, text);
        }
        scalar => text.push_str(&scalar.to_json()),
    }
}

fn write_members<'a>(
    open: char,
    members: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    close: char,
    depth: usize,
    text: &mut String,
) {
    text.push(open);
    for (index, (name, value)) in members.enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        indent(depth + 1, text);
        if let Some(name) = name {
            text.push_str(&Value::from(name).to_json());
            text.push_str(": ");
        }
        write(value, depth + 1, text);
    }
    text.push('\n');
    indent(depth, text);
    text.push(close);
}

fn indent(depth: usize, text: &mut String) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use portvakt_jose::json;

    #[test]
    fn members_stand_on_lines_of_their_own() {
        let value =
            json::parse(br#"{"a":[1,{"b":"x\"y"}],"c":{},"d":[],"e":null}"#, 100).expect("valid");
        let expected = "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x\\\"y\"\n    }\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": null\n}";
        assert_eq!(super::pretty(&value), expected);
    }
}
