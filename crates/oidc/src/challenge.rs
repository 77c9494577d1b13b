//! The `WWW-Authenticate` header. RFC 9110 §11.6.1.

use alloc::string::String;
use alloc::vec::Vec;

/// The longest header that is read, in bytes: servers take none that is longer than that.
const MAX_CHALLENGE_BYTES: usize = 8192;

/// One challenge of a header.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Challenge {
    /// In lower case.
    scheme: String,
    /// Names in lower case, and values unquoted.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Reads the challenges of a header, which a browser may have joined from several. One that is
    /// not in its form has none.
    pub(crate) fn parse_all(header: &str) -> Vec<Self> {
        if header.len() > MAX_CHALLENGE_BYTES {
            return Vec::new();
        }
        Parser(header).challenges().unwrap_or_default()
    }

    /// Whether it is of this scheme, given in lower case.
    pub(crate) fn is(&self, scheme: &str) -> bool {
        self.scheme == scheme
    }

    /// The one value of a parameter; none if it comes twice.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut values = self
            .parameters
            .iter()
            .filter(|(candidate, _)| candidate == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value.as_str())
    }
}

struct Parser<'a>(&'a str);

impl<'a> Parser<'a> {
    /// `1#challenge`, with empty elements between commas as RFC 9110 §5.6.1 has them.
    fn challenges(mut self) -> Option<Vec<Challenge>> {
        let mut challenges: Vec<Challenge> = Vec::new();
        loop {
            self.skip(|byte| byte == b',' || is_space(byte));
            if self.0.is_empty() {
                return Some(challenges);
            }
            let word = self.token()?;
            let before_spaces = self.0;
            self.skip(is_space);
            if self.0.starts_with('=') {
                // A further parameter of the challenge before.
                self.0 = self.0.strip_prefix('=')?;
                self.skip(is_space);
                let value = self.value()?;
                let challenge = challenges.last_mut()?;
                challenge
                    .parameters
                    .push((word.to_ascii_lowercase(), value));
            } else {
                let has_more = self.0.len() < before_spaces.len();
                challenges.push(Challenge {
                    scheme: word.to_ascii_lowercase(),
                    parameters: Vec::new(),
                });
                if has_more {
                    self.first_parameter(challenges.last_mut()?)?;
                }
            }
            self.skip(is_space);
            if !self.0.is_empty() && !self.0.starts_with(',') {
                return None;
            }
        }
    }

    /// What follows a scheme: a parameter, a `token68` such as `Negotiate` has, or nothing.
    fn first_parameter(&mut self, challenge: &mut Challenge) -> Option<()> {
        if self.0.is_empty() || self.0.starts_with(',') {
            return Some(());
        }
        let start = self.0;
        let name = self.token();
        self.skip(is_space);
        if let (Some(name), Some(rest)) = (name, self.0.strip_prefix('='))
            && !rest.trim_start_matches('=').is_empty()
            && !rest.trim_start_matches('=').starts_with(',')
        {
            self.0 = rest;
            self.skip(is_space);
            let value = self.value()?;
            challenge
                .parameters
                .push((name.to_ascii_lowercase(), value));
            return Some(());
        }
        self.0 = start;
        self.skip(|byte| is_token(byte) || byte == b'/' || byte == b'=');
        (self.0.len() < start.len()).then_some(())
    }

    fn value(&mut self) -> Option<String> {
        let Some(quoted) = self.0.strip_prefix('"') else {
            return self.token().map(String::from);
        };
        let mut value = String::new();
        let mut characters = quoted.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next()?),
                character if character.is_control() && character != '\t' => return None,
                character => value.push(character),
            }
        }
        self.0 = characters.as_str();
        Some(value)
    }

    fn token(&mut self) -> Option<&'a str> {
        let start = self.0;
        self.skip(is_token);
        let length = start.len() - self.0.len();
        start.get(..length).filter(|token| !token.is_empty())
    }

    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        let length = self.0.bytes().take_while(|byte| is_skipped(*byte)).count();
        self.0 = self.0.get(length..).unwrap_or_default();
    }
}

fn is_space(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// `tchar` of RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn challenge(scheme: &str, parameters: &[(&str, &str)]) -> Challenge {
        let parameters = parameters.iter();
        Challenge {
            scheme: scheme.into(),
            parameters: parameters
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        }
    }

    #[test]
    fn challenges_are_told_apart() {
        for (header, expected) in [
            ("Bearer", vec![challenge("bearer", &[])]),
            ("", vec![]),
            (" , ,", vec![]),
            // Which is what `token68` looks like, and not a parameter.
            ("Bearer error=", vec![challenge("bearer", &[])]),
            (
                r#"Bearer error="invalid_token", error_description="a, \"b\"=c""#,
                vec![challenge(
                    "bearer",
                    &[
                        ("error", "invalid_token"),
                        ("error_description", "a, \"b\"=c"),
                    ],
                )],
            ),
            (
                r#"Negotiate abc==, DPoP algs="ES256 PS256",error=use_dpop_nonce,Bearer"#,
                vec![
                    challenge("negotiate", &[]),
                    challenge(
                        "dpop",
                        &[("algs", "ES256 PS256"), ("error", "use_dpop_nonce")],
                    ),
                    challenge("bearer", &[]),
                ],
            ),
            (
                "bearer REALM = x ,  Bearer realm=y",
                vec![
                    challenge("bearer", &[("realm", "x")]),
                    challenge("bearer", &[("realm", "y")]),
                ],
            ),
        ] {
            assert_eq!(Challenge::parse_all(header), expected, "{header}");
        }
    }

    #[test]
    fn what_is_not_in_its_form_is_no_challenge() {
        for header in [
            "=x",
            r#"Bearer error="x"#,
            r#"Bearer error="x" y"#,
            "realm=\"x\"",
            "Bearer error=\"\u{1}\"",
            "Bearer ???",
        ] {
            assert_eq!(Challenge::parse_all(header), vec![], "{header}");
        }
        let long = ["Bearer ", &"a".repeat(MAX_CHALLENGE_BYTES)].concat();
        assert_eq!(Challenge::parse_all(&long), vec![]);
    }

    #[test]
    fn a_parameter_that_comes_twice_has_no_value() {
        let challenges = Challenge::parse_all("Bearer error=a, error=b, scope=c");
        let [challenge] = challenges.as_slice() else {
            panic!("{challenges:?}");
        };
        assert_eq!(challenge.parameter("error"), None);
        assert_eq!(challenge.parameter("scope"), Some("c"));
    }
}
