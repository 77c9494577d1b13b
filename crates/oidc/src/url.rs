//! A small checked absolute URL, and the query strings around it.
//!
//! The general URL type of the web accepts and repairs a great deal. A relying party needs little:
//! to hold the addresses that it was configured with, to refuse those that it must not send
//! anything to, and to compare them as the exact strings that they are. So [`Url`] keeps its text
//! unchanged and refuses what it would otherwise have to repair.

mod query;

use alloc::string::{String, ToString};
use core::fmt;

pub use query::{MAX_QUERY_BYTES, MAX_QUERY_PARAMETERS, form_encode, parse_query};

use crate::error::ApiMisuse;

/// The longest URL that is accepted or built, in bytes.
///
/// Browsers and servers stop somewhere between 8 KiB and 64 KiB. An authorization request with a
/// long `authorization_details` is about 2 KiB.
pub const MAX_URL_BYTES: usize = 8192;

/// An absolute `https` URL, or an `http` URL of this machine (loopback), without user information
/// or fragment.
///
/// The text is kept exactly as it was given, since redirect URIs and issuers are compared as
/// strings. `http` is accepted for `localhost`, `*.localhost`, `127.0.0.0/8` and `[::1]` only (RFC
/// 8252 §8.3, RFC 6761 §6.3). The [`Debug`](fmt::Debug) form leaves the query out.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct Url {
    text: String,
    /// `scheme://host[:port]` in lower case, without the port that the scheme has by default.
    origin: String,
    /// Where the path starts in `text`.
    path_start: usize,
    /// Where the `?` is in `text`, or its length.
    path_end: usize,
}

impl Url {
    /// Checks a URL.
    ///
    /// # Errors
    /// The `misuse_url_*` codes of [`ApiMisuse`].
    pub fn parse(text: &str) -> Result<Self, ApiMisuse> {
        if text.len() > MAX_URL_BYTES {
            return Err(ApiMisuse::UrlTooLong);
        }
        if !has_only_url_characters(text) {
            return Err(ApiMisuse::UrlCharacters);
        }
        let (scheme, rest) = split_scheme(text).ok_or(ApiMisuse::UrlNotAbsolute)?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(ApiMisuse::UrlScheme),
        };
        if rest.contains('#') {
            return Err(ApiMisuse::UrlFragment);
        }
        let authority_length = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, after) = rest
            .split_at_checked(authority_length)
            .ok_or(ApiMisuse::UrlNotAbsolute)?;
        if authority.contains('@') {
            return Err(ApiMisuse::UrlCredentials);
        }
        let (host, port) = split_port(authority)?;
        let host = host.to_ascii_lowercase();
        if !is_host(&host) {
            return Err(ApiMisuse::UrlHost);
        }
        if !secure && !is_loopback(&host) {
            return Err(ApiMisuse::UrlScheme);
        }
        let path = after.split('?').next().unwrap_or_default();
        if has_dot_segment(path) {
            return Err(ApiMisuse::UrlPath);
        }

        let mut origin = String::with_capacity(scheme.len() + 3 + authority.len());
        origin.push_str(scheme);
        origin.push_str("://");
        origin.push_str(&host);
        let default_port = if secure { 443 } else { 80 };
        if let Some((digits, _)) = port.filter(|(_, port)| *port != default_port) {
            origin.push(':');
            origin.push_str(digits);
        }
        let path_start = text.len() - after.len();
        Ok(Self {
            path_start,
            path_end: path_start + path.len(),
            origin,
            text: text.to_string(),
        })
    }

    /// The URL as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `scheme://host[:port]`, in lower case and without a default port: what the web calls the
    /// origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host name or address in lower case, without port; `[::1]` with its brackets.
    pub fn host(&self) -> &str {
        let authority = split_scheme(&self.origin).map_or("", |(_, authority)| authority);
        match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => authority.get(..colon).unwrap_or(authority),
            _ => authority,
        }
    }

    /// The path; `/` where the URL has none.
    pub fn path(&self) -> &str {
        match self.text.get(self.path_start..self.path_end) {
            Some(path) if !path.is_empty() => path,
            _ => "/",
        }
    }

    /// The query without its `?`, still encoded.
    pub fn query(&self) -> Option<&str> {
        self.text.get(self.path_end..)?.strip_prefix('?')
    }

    /// The URL as it was given, up to its query.
    pub(crate) fn without_query(&self) -> &str {
        self.text.get(..self.path_end).unwrap_or_default()
    }

    /// Whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// The same URL with more query parameters, encoded; a query that is there already is kept (RFC
    /// 6749 §3.1).
    ///
    /// # Errors
    /// `misuse_url_too_long` when the result exceeds [`MAX_URL_BYTES`].
    pub fn with_query<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ApiMisuse> {
        let added = form_encode(pairs);
        let mut text = self.text.clone();
        match self.query() {
            None => text.push('?'),
            Some("") => {}
            Some(_) => text.push('&'),
        }
        text.push_str(&added);
        if text.len() > MAX_URL_BYTES {
            return Err(ApiMisuse::UrlTooLong);
        }
        Ok(Self {
            text,
            origin: self.origin.clone(),
            path_start: self.path_start,
            path_end: self.path_end,
        })
    }
}

/// Leaves the query out: it may carry `state`, `nonce` or `code`.
impl fmt::Debug for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let without_query = self.without_query();
        let elided = if self.query().is_some() { "?.." } else { "" };
        write!(formatter, "Url({without_query}{elided})")
    }
}

/// Whether every character may stand in a URL (RFC 3986 §2), percent signs introducing two hex
/// digits.
pub(crate) fn has_only_url_characters(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'%' => {
                bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())
                    && bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => true,
            _ => b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !allowed {
            return false;
        }
    }
    true
}

/// Whether a path has a segment `.` or `..`, written plainly or with `%2e` (WHATWG URL §4.2).
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| {
        let mut rest = segment;
        let mut dots = 0;
        while let Some(behind) = DOTS.iter().find_map(|dot| rest.strip_prefix(dot)) {
            rest = behind;
            dots += 1;
        }
        rest.is_empty() && (1..=2).contains(&dots)
    })
}

const DOTS: [&str; 3] = [".", "%2e", "%2E"];

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// A port, as it is written and as a number.
type Port<'a> = (&'a str, u16);

fn split_port(authority: &str) -> Result<(&str, Option<Port<'_>>), ApiMisuse> {
    let host_end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = authority.get(host_end..).and_then(|rest| rest.find(':')) else {
        return Ok((authority, None));
    };
    let (host, port) = authority
        .split_at_checked(host_end + colon)
        .ok_or(ApiMisuse::UrlPort)?;
    let digits = port.strip_prefix(':').ok_or(ApiMisuse::UrlPort)?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiMisuse::UrlPort);
    }
    digits
        .parse()
        .map(|port| (host, Some((digits, port))))
        .map_err(|_| ApiMisuse::UrlPort)
}

/// Whether `host` (lower case) is a host name by RFC 1123 §2.1, an IPv4 address, or this machine's
/// of IPv6.
///
/// Hosts are compared as they are written, so that an address must have one spelling. A name whose
/// last label is a number would be read as an IPv4 address by a browser, in forms that are many
/// (`127.1`, `0x7f000001`), so it must be one in the usual form. IPv6 addresses have many more
/// (`[::1]`, `[0:0::1]`), and no service is known by one.
fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        return host == LOOPBACK_IPV6;
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
        return ipv4(host).is_some();
    }
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// This machine, in the one form of RFC 5952.
const LOOPBACK_IPV6: &str = "[::1]";

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == LOOPBACK_IPV6
        || ipv4(host).is_some_and(|[network, ..]| network == 127)
}

/// An IPv4 address in the usual form: four decimal numbers without leading zeros.
fn ipv4(text: &str) -> Option<[u8; 4]> {
    let mut address = [0; 4];
    let mut parts = text.split('.');
    for byte in &mut address {
        let digits = parts.next()?;
        let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        *byte = digits.parse().ok().filter(|_| is_plain)?;
    }
    parts.next().is_none().then_some(address)
}
