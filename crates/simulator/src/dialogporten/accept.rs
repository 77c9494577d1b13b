//! The request headers that every reader may send: `Accept` and `Accept-Language`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_LANGUAGE};
use http::request::Parts;

use super::language::AcceptedLanguages;
use super::problem::Problem;

/// What the request's `Accept-Language` wants; a malformed one is refused only where it is asked for,
/// which is after the caller is known.
#[derive(Clone, Debug)]
pub(crate) struct Languages(Result<AcceptedLanguages, Problem>);

impl Languages {
    /// The languages, or 400 for a malformed header.
    pub(crate) fn get(self) -> Result<AcceptedLanguages, Problem> {
        self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Languages {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let header = joined(&parts.headers, &ACCEPT_LANGUAGE).unwrap_or_default();
        let languages = AcceptedLanguages::parse(&header);
        let refusal = || {
            let shown: String = header.chars().take(100).collect();
            Problem::invalid(
                "Accept-Language",
                format!("Value [{shown}] is not valid for a [AcceptedLanguages] property!"),
            )
        };
        Ok(Self(languages.ok_or_else(refusal)))
    }
}

/// Refuses a request whose `Accept` leaves out JSON.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let accepted = joined(headers, &ACCEPT)
        .is_none_or(|accept| accept.trim().is_empty() || accept.split(',').any(allows_json));
    if accepted {
        Ok(())
    } else {
        Err(Problem::NotAcceptable)
    }
}

/// Whether one media range allows JSON and is not weighted away.
fn allows_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let Some((kind, subtype)) = parts.next().and_then(|media| media.split_once('/')) else {
        return false;
    };
    let refused = parts
        .filter_map(|parameter| parameter.strip_prefix("q="))
        .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
    let kind = kind.to_ascii_lowercase();
    let subtype = subtype.to_ascii_lowercase();
    let fits = match (kind.as_str(), subtype.as_str()) {
        ("*", "*") | ("application", "*" | "json") => true,
        ("application", other) => other.ends_with("+json"),
        _ => false,
    };
    fits && !refused
}

/// All lines of a header as one list; what is not ASCII counts as an empty line that fits nothing.
fn joined(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers
        .get_all(name)
        .iter()
        .map(|line| line.to_str().unwrap_or(";"))
        .collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_any_spelling_is_enough_and_nothing_else_is() {
        for range in [
            "*/*",
            "application/*",
            "application/json",
            "application/problem+json;q=0.1",
        ] {
            assert!(allows_json(range), "{range}");
        }
        for range in [
            "text/html",
            "text/json",
            "application/xml",
            "application/json;q=0",
            "json",
        ] {
            assert!(!allows_json(range), "{range}");
        }
    }

    #[test]
    fn a_missing_accept_header_allows_everything() {
        assert_eq!(require_json(&HeaderMap::new()), Ok(()));
    }
}
