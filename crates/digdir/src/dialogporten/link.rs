use core::fmt;

use alloc::format;
use alloc::string::String;

use portvakt_oidc::url::Url;

/// Where something leads, as far as the person may go there.
///
/// Only an https address (or one of this machine) is ever an address; neither Dialogporten's placeholders nor a
/// `javascript:` that somebody managed to store can become a link on a page.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link {
    /// An address that a page may link to: see [`Link::href`].
    To(Href),
    /// The person lacks the right (`urn:dialogporten:unauthorized`).
    Unauthorized,
    /// It is too late (`urn:dialogporten:expired`).
    Expired,
    /// There is none, or one that is not https.
    Unusable,
}

/// An absolute https address, or one of this machine; only made by reading a [`Link`].
#[derive(Clone, PartialEq, Eq)]
pub struct Href(String);

impl Link {
    /// Reads what stands in place of a URL.
    pub fn parse(text: &str) -> Self {
        match text {
            UNAUTHORIZED => Self::Unauthorized,
            EXPIRED => Self::Expired,
            _ => href(text).map_or(Self::Unusable, Self::To),
        }
    }

    /// The address, for an `href`.
    pub fn href(&self) -> Option<&str> {
        match self {
            Self::To(href) => Some(&href.0),
            Self::Unauthorized | Self::Expired | Self::Unusable => None,
        }
    }
}

impl fmt::Debug for Link {
    /// Addresses may carry what opens a letter: they stay out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::To(_) => "Link::To(..)",
            Self::Unauthorized => "Link::Unauthorized",
            Self::Expired => "Link::Expired",
            Self::Unusable => "Link::Unusable",
        })
    }
}

impl fmt::Debug for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Href(..)")
    }
}

fn href(text: &str) -> Option<Href> {
    // RFC 3987 §3.1: characters beyond ASCII are percent-encoded. In a host name they are refused below.
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            encoded.push(character);
        } else {
            let mut buffer = [0; 4];
            for byte in character.encode_utf8(&mut buffer).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    // A link may have a fragment, which the URLs of the protocol may not; it has the characters of a query.
    let (address, fragment) = encoded.split_once('#').unwrap_or((&encoded, ""));
    Url::parse(address).ok()?;
    Url::parse(&format!("https://localhost/?{fragment}")).ok()?;
    Some(Href(encoded))
}

const UNAUTHORIZED: &str = "urn:dialogporten:unauthorized";
const EXPIRED: &str = "urn:dialogporten:expired";
