//! HTTP messages as values, and the ways in which carrying them can fail.
//!
//! A driver sends each [`HttpRequest`] as it is: without cookies or other credentials, without
//! following redirects, without a cache, and reading no more than
//! [`HttpRequest::max_response_bytes`] of the answer.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::errors;

use crate::dpop::UnsignedProof;
use crate::error::{Error, ProviderMisbehaved};
use crate::url::{Url, form_encode};

/// The methods that the flows use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
}

impl Method {
    /// The method as it is written in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A request that a flow asks its driver to send.
#[derive(Clone, Eq, PartialEq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Where it goes.
    pub url: Url,
    /// Names (lower case) and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body of a `POST`: a form, already encoded.
    pub body: Option<String>,
    /// What the driver is to sign first, and add by [`signed`](Self::signed). A driver without a
    /// key never meets one.
    pub proof: Option<UnsignedProof>,
    /// What the flow will ask for next, unless the answer to this one ends it. A driver may send both
    /// at once, and give the answer to that one when it is asked for; one that does not loses
    /// nothing but time.
    pub ahead: Option<Box<Self>>,
    /// The most bytes of response body that the driver may read; a longer body is
    /// [`TransportError::TooLarge`].
    pub max_response_bytes: usize,
}

impl HttpRequest {
    /// A `GET` that accepts JSON.
    pub fn get(url: Url, max_response_bytes: usize) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: [("accept", String::from("application/json"))].into(),
            body: None,
            proof: None,
            ahead: None,
            max_response_bytes,
        }
    }

    /// A `POST` of a form (`application/x-www-form-urlencoded`) that accepts JSON.
    pub fn post_form<'a>(
        url: Url,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        max_response_bytes: usize,
    ) -> Self {
        Self {
            method: Method::Post,
            url,
            headers: [
                ("accept", String::from("application/json")),
                (
                    "content-type",
                    String::from("application/x-www-form-urlencoded"),
                ),
            ]
            .into(),
            body: Some(form_encode(pairs)),
            proof: None,
            ahead: None,
            max_response_bytes,
        }
    }

    /// The same request with one more header; `name` in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same request with the `DPoP` header that its [`proof`](Self::proof) becomes by this
    /// signature, which is `R || S` as WebCrypto gives it. RFC 9449 §4.1.
    #[must_use]
    pub fn signed(mut self, signature: &[u8]) -> Self {
        match self.proof.take() {
            Some(proof) => self.with_header("dpop", proof.signed(signature)),
            None => self,
        }
    }
}

/// Shows neither header values nor the body: they carry codes, verifiers and tokens.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field(
                "headers",
                &HeaderNames(|| self.headers.iter().map(|(name, _)| *name)),
            )
            .field("body_bytes", &self.body.as_ref().map(String::len))
            .field("proof", &self.proof)
            .field("ahead", &self.ahead)
            .field("max_response_bytes", &self.max_response_bytes)
            .finish()
    }
}

/// An answer as the driver received it.
#[derive(Clone, Eq, PartialEq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names, in lower case, and values. A browser shows only some of them across origins.
    pub headers: Vec<(String, String)>,
    /// The body, after content decoding.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first value of the header `name`, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the answer may be read as JSON.
    ///
    /// Any JSON media type will do (`application/json`, `application/jwk-set+json`, with or without
    /// parameters), and so will none at all, since the body is parsed strictly in any case. What
    /// says that it is something else, such as `text/html`, is not looked into. RFC 9110 §8.3.
    pub fn may_be_json(&self) -> bool {
        let Some(content_type) = self.header("content-type") else {
            return true;
        };
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let subtype = media_type.rsplit('/').next().unwrap_or_default();
        subtype.eq_ignore_ascii_case("json") || ends_with_ignore_case(subtype, "+json")
    }
}

/// Shows neither header values nor the body: they carry tokens.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpResponse")
            .field("status", &self.status)
            .field(
                "headers",
                &HeaderNames(|| self.headers.iter().map(|(name, _)| name.as_str())),
            )
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// The answer, if there is one that may be read at all: not too large, and not a redirect.
pub(crate) fn received(
    response: Result<HttpResponse, TransportError>,
    max_bytes: usize,
) -> Result<HttpResponse, Error> {
    let response = response?;
    if response.body.len() > max_bytes {
        return Err(TransportError::TooLarge.into());
    }
    if (300..400).contains(&response.status) {
        return Err(ProviderMisbehaved::Redirected.into());
    }
    Ok(response)
}

errors! {
    /// No usable answer came back. Nobody broke the protocol; trying again may help.
    pub enum TransportError {
        Unreachable => "transport_unreachable",
            "The server could not be reached, or the browser did not let its answer through (CORS).",
            "Fetch Standard §4.1";
        TimedOut => "transport_timed_out",
            "The server did not answer in time.",
            "RFC 9110 §15.6.5";
        TooLarge => "transport_too_large",
            "The answer is larger than what such an answer can be.",
            "RFC 9110 §6.4";
        Redirected => "transport_redirected",
            "The server answered with a redirect, and redirects are never followed.",
            "RFC 9700 §4.12";
        Cancelled => "transport_cancelled",
            "The request was given up before its answer arrived.",
            "Fetch Standard §4";
    }
}

/// Prints names only, as a list.
struct HeaderNames<F>(F);

impl<'a, I: Iterator<Item = &'a str>, F: Fn() -> I> fmt::Debug for HeaderNames<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries((self.0)()).finish()
    }
}

fn ends_with_ignore_case(text: &str, suffix: &str) -> bool {
    text.len()
        .checked_sub(suffix.len())
        .and_then(|start| text.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn json_media_types_are_recognised_and_others_are_not() {
        for (content_type, expected) in [
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/jwk-set+json"), true),
            (Some("text/json"), true),
            (None, true),
            (Some("text/html"), false),
            (Some("application/jwt"), false),
            (Some("application/jsonp"), false),
            (Some(""), false),
        ] {
            let response = HttpResponse {
                status: 200,
                headers: content_type
                    .map(|value| vec![("content-type".into(), value.into())])
                    .unwrap_or_default(),
                body: vec![],
            };
            assert_eq!(response.may_be_json(), expected, "{content_type:?}");
        }
    }
}
