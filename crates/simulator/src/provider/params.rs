//! Request parameters, read strictly.

use axum::http::{HeaderMap, header};

use super::error::OAuthError;

/// The most parameters that a request may have; no endpoint knows more than twenty.
const MAX_PARAMS: usize = 64;

/// The parameters of a query or a form, in order.
#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Decodes `application/x-www-form-urlencoded` text.
    ///
    /// A parameter without a value is as if it were not there (RFC 6749 §3.1).
    pub(crate) fn parse(text: &str) -> Result<Self, OAuthError> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes())
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .take(MAX_PARAMS + 1)
            .collect();
        if pairs.len() > MAX_PARAMS {
            return Err(OAuthError::invalid_request(
                "There are too many parameters.",
            ));
        }
        if pairs
            .iter()
            .any(|(name, value)| name.contains('\u{FFFD}') || value.contains('\u{FFFD}'))
        {
            return Err(OAuthError::invalid_request(
                "The parameters are not percent-encoded UTF-8.",
            ));
        }
        Ok(Self(pairs))
    }

    /// Decodes the body of a POST request, which must say that it is a form.
    pub(crate) fn parse_form(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = content_type
            .and_then(|value| value.split(';').next())
            .unwrap_or_default();
        if !media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            return Err(OAuthError::invalid_request(
                "Send the parameters as a form, with Content-Type: application/x-www-form-urlencoded.",
            ));
        }
        let text = std::str::from_utf8(body).map_err(|_| {
            OAuthError::invalid_request("The parameters are not percent-encoded UTF-8.")
        })?;
        Self::parse(text)
    }

    /// A parameter that may be there once.
    ///
    /// # Errors
    /// `invalid_request` when it is there more than once (RFC 6749 §3.1).
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        let mut values = self.many(name);
        let value = values.next();
        if values.next().is_some() {
            return Err(OAuthError::invalid_request(format!(
                "The parameter {} is there more than once.",
                shown(name)
            )));
        }
        Ok(value)
    }

    /// A parameter that must be there once.
    pub(crate) fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.one(name)?
            .ok_or_else(|| OAuthError::invalid_request(format!("The parameter {name} is missing.")))
    }

    /// Every value of a parameter.
    pub(crate) fn many<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A copy with a parameter replaced or added, for requests that come through PAR.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A copy without a parameter.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self
    }
}

/// A piece of foreign input as it may stand in a description: short, and only the characters that
/// RFC 6749 §4.1.2.1 allows there.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let is_plain = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    let cleaned: String = text
        .chars()
        .map(|c| if is_plain(c) { c } else { '?' })
        .take(LONGEST)
        .collect();
    if text.chars().count() > LONGEST {
        format!("{cleaned}...")
    } else {
        cleaned
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_without_a_value_is_not_there() {
        let params = Params::parse("a=&b=1").unwrap();
        assert_eq!(params.one("a").unwrap(), None);
        assert_eq!(params.required("b").unwrap(), "1");
    }

    #[test]
    fn a_repeated_parameter_is_refused_when_it_is_read() {
        let params = Params::parse("a=1&a=2&b=3").unwrap();
        assert_eq!(params.one("a").unwrap_err().code, "invalid_request");
        assert!(params.one("b").is_ok());
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        assert!(Params::parse("a=%ff").is_err());
    }

    #[test]
    fn foreign_text_is_shown_short_and_without_control_characters() {
        assert_eq!(shown("a\"b\\c\nd\u{e5}"), "a?b?c?d?");
        assert!(shown(&"x".repeat(100)).len() < 70);
    }
}
