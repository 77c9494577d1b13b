//! Electronic identities and assurance levels, as the two providers know them.

use serde::{Deserialize, Serialize};

use crate::provider_name::ProviderName;

/// An electronic identity that a person can sign in with.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Eid {
    /// MinID, the public eID at the level *substantial*.
    Minid,
    /// BankID, level *high*.
    Bankid,
    /// Buypass ID, level *high*.
    Buypass,
    /// Commfides, level *high*.
    Commfides,
    /// An eID of another European country.
    Eidas,
    /// A self-registered e-mail address: no level, no `pid`.
    SelfregisteredEmail,
    /// A work account in Microsoft Entra ID: no level, no `pid`.
    Entraid,
}

/// How sure the service is of who the person is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub(crate) enum Level {
    /// Low; can be asked for at ID-porten, no eID gives it.
    Low,
    /// Substantial, once *Level3*.
    Substantial,
    /// High, once *Level4*.
    High,
}

impl Eid {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Bankid,
        Self::Minid,
        Self::Buypass,
        Self::Commfides,
        Self::Eidas,
        Self::Entraid,
        Self::SelfregisteredEmail,
    ];

    pub(crate) fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    /// The name in forms and marks: `minid`, `selfregistered-email` …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minid => "minid",
            Self::Bankid => "bankid",
            Self::Buypass => "buypass",
            Self::Commfides => "commfides",
            Self::Eidas => "eidas",
            Self::SelfregisteredEmail => "selfregistered-email",
            Self::Entraid => "entraid",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|eid| eid.as_str() == text)
    }

    /// The `amr` values of a login with it.
    pub(crate) fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Minid => &["Minid-APP"],
            Self::Bankid => &["BankID"],
            Self::Buypass => &["Buypass"],
            Self::Commfides => &["Commfides"],
            Self::Eidas => &["eIDAS"],
            Self::SelfregisteredEmail => &["Selfregistered-email"],
            Self::Entraid => &["entraid_pwd", "entraid_mfa"],
        }
    }

    /// The `acr` that a login with it gives at a provider; `None` where it is not offered.
    pub(crate) fn acr(self, provider: ProviderName) -> Option<Acr> {
        match (provider, self) {
            (_, Self::Bankid | Self::Buypass | Self::Commfides) => Some(Acr::National(Level::High)),
            (_, Self::Minid) => Some(Acr::National(Level::Substantial)),
            (ProviderName::Idporten, Self::Eidas) => Some(Acr::Eidas(Level::High)),
            (ProviderName::Idporten, Self::SelfregisteredEmail) => Some(Acr::SelfregisteredEmail),
            (ProviderName::Ansattporten, Self::Entraid) => Some(Acr::Entraid),
            _ => None,
        }
    }
}

/// What an `acr` value means, whatever the provider calls it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub(crate) enum Acr {
    /// A Norwegian eID.
    National(Level),
    /// A European eID.
    Eidas(Level),
    /// A work account, beside the ladder of levels.
    Entraid,
    /// A self-registered e-mail address, beside the ladder of levels.
    SelfregisteredEmail,
}

impl Acr {
    const ALL: [Self; 7] = [
        Self::National(Level::Low),
        Self::National(Level::Substantial),
        Self::National(Level::High),
        Self::Eidas(Level::Substantial),
        Self::Eidas(Level::High),
        Self::Entraid,
        Self::SelfregisteredEmail,
    ];

    /// The values that a provider knows, in the order of its metadata.
    pub(crate) fn supported(provider: ProviderName) -> impl Iterator<Item = (Self, &'static str)> {
        Self::ALL
            .into_iter()
            .filter_map(move |acr| Some((acr, acr.name(provider)?)))
    }

    /// The provider's name for it.
    pub(crate) fn name(self, provider: ProviderName) -> Option<&'static str> {
        match (provider, self) {
            (ProviderName::Ansattporten, Self::National(Level::Substantial)) => Some("substantial"),
            (ProviderName::Ansattporten, Self::National(Level::High)) => Some("high"),
            (ProviderName::Ansattporten, Self::Entraid) => Some("entraid"),
            (ProviderName::Idporten, Self::National(Level::Low)) => Some("idporten-loa-low"),
            (ProviderName::Idporten, Self::National(Level::Substantial)) => {
                Some("idporten-loa-substantial")
            }
            (ProviderName::Idporten, Self::National(Level::High)) => Some("idporten-loa-high"),
            (ProviderName::Idporten, Self::Eidas(Level::Substantial)) => {
                Some("eidas-loa-substantial")
            }
            (ProviderName::Idporten, Self::Eidas(Level::High)) => Some("eidas-loa-high"),
            (ProviderName::Idporten, Self::SelfregisteredEmail) => Some("selfregistered-email"),
            _ => None,
        }
    }

    pub(crate) fn parse(provider: ProviderName, text: &str) -> Option<Self> {
        Self::supported(provider)
            .find(|(_, name)| *name == text)
            .map(|(acr, _)| acr)
    }

    /// Whether a login at this level is good enough where `requested` is asked for: a higher level on
    /// the same ladder is.
    pub(crate) fn satisfies(self, requested: Self) -> bool {
        match (self, requested) {
            (Self::National(level), Self::National(asked))
            | (Self::Eidas(level), Self::Eidas(asked)) => level >= asked,
            (have, asked) => have == asked,
        }
    }

    /// A value below this one that no login here gives, for the fault `lower_acr`.
    pub(crate) fn below(self, provider: ProviderName) -> &'static str {
        match (self, provider) {
            (Self::National(Level::High), ProviderName::Ansattporten) => "substantial",
            (Self::National(Level::High), ProviderName::Idporten) => "idporten-loa-substantial",
            (Self::Eidas(Level::High), _) => "eidas-loa-substantial",
            (Self::Eidas(_), _) => "eidas-loa-low",
            (_, ProviderName::Ansattporten) => "low",
            (_, ProviderName::Idporten) => "idporten-loa-low",
        }
    }

    /// Whether the person is known by person number.
    pub(crate) fn has_pid(self) -> bool {
        matches!(self, Self::National(_) | Self::Eidas(_))
    }
}
