//! The two OpenID providers by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the two OpenID providers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderName {
    /// Ansattporten: people sign in as employees and choose whom they represent.
    Ansattporten,
    /// ID-porten: people sign in as themselves.
    Idporten,
}

impl ProviderName {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ansattporten, Self::Idporten];

    /// The name in JSON, cookies and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ansattporten => "ansattporten",
            Self::Idporten => "idporten",
        }
    }

    /// The name that people know.
    #[must_use]
    pub fn display(self) -> &'static str {
        match self {
            Self::Ansattporten => "Ansattporten",
            Self::Idporten => "ID-porten",
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
