//! The identity of a provider.

use alloc::string::{String, ToString};
use core::fmt;

use crate::error::ApiMisuse;
use crate::url::Url;

/// A provider's identity: an exact string that is also a URL without query and fragment.
///
/// Issuers are compared character by character (OIDC Discovery §4.3, RFC 9207 §2.4):
/// `https://op.example` and `https://op.example/` are two issuers.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct Issuer(Url);

impl Issuer {
    /// Checks an issuer.
    ///
    /// # Errors
    /// The `misuse_url_*` codes of [`ApiMisuse`], and `misuse_issuer` when there is a query.
    pub fn parse(text: &str) -> Result<Self, ApiMisuse> {
        let url = Url::parse(text)?;
        if url.query().is_some() {
            Err(ApiMisuse::Issuer)
        } else {
            Ok(Self(url))
        }
    }

    /// The issuer as it was given.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The issuer as the URL that it is.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Where the provider's metadata is: the issuer, less one `/` at its end, plus
    /// `/.well-known/openid-configuration`. OIDC Discovery §4.1.
    ///
    /// # Errors
    /// `misuse_url_too_long` when the issuer leaves no room for that.
    pub fn metadata_url(&self) -> Result<Url, ApiMisuse> {
        let mut text = self
            .as_str()
            .strip_suffix('/')
            .unwrap_or(self.as_str())
            .to_string();
        text.push_str("/.well-known/openid-configuration");
        Url::parse(&text)
    }

    /// Whether `other` is the same issuer.
    pub fn is(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Issuer({})", self.as_str())
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.0.as_str().to_string()
    }
}
