//! Assurance levels: what a service calls them, and which is at least as high as which.
//!
//! `acr_values` is a set of acceptable sign-ins, and the `acr` that comes back is one value, which may be
//! higher than what was asked for. So the comparison goes by level and not by name: *substantial* is
//! satisfied by *high*. Two kinds of sign-in say who vouches for the person and nothing about how
//! surely, and therefore have no level: `entraid` and `selfregistered-email`. They are accepted when they
//! are asked for by name, and for nothing else. European eIDs have levels, but reach people without a
//! Norwegian number; they too are accepted only if they are asked for.
//!
//! | `acr` | service | level | satisfied by |
//! |---|---|---|---|
//! | `idporten-loa-low` | ID-porten | low | itself, `…-substantial`, `…-high` |
//! | `idporten-loa-substantial` | ID-porten | substantial | itself, `…-high` |
//! | `idporten-loa-high` | ID-porten | high | itself |
//! | `eidas-loa-substantial` | ID-porten | substantial | itself, `eidas-loa-high` |
//! | `eidas-loa-high` | ID-porten | high | itself |
//! | `selfregistered-email` | ID-porten | none | itself |
//! | `substantial` | Ansattporten | substantial | itself, `high` |
//! | `high` | Ansattporten | high | itself |
//! | `entraid` | Ansattporten | none | itself |
//!
//! ```
//! use portvakt_digdir::acr::{Acr, acceptable};
//! use portvakt_digdir::Service;
//!
//! let accepted = acceptable(Service::Ansattporten, &[Acr::Substantial])?;
//! assert_eq!(accepted, [Acr::Substantial, Acr::High]);
//! assert!(acceptable(Service::Ansattporten, &[Acr::IdportenLoaHigh]).is_err());
//! # Ok::<(), portvakt_digdir::Misuse>(())
//! ```
//!
//! Sources: ID-porten, id_token, acr values; Ansattporten, protocol and Entra ID.

use core::fmt;

use alloc::vec::Vec;

use crate::{Misuse, Service};

/// How sure the service is that the person is who they say. Ordered: low, substantial, high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssuranceLevel {
    /// Hardly anything is known; no eID signs in at this level today.
    Low,
    /// MinID and the like; once called level 3.
    Substantial,
    /// BankID, Buypass, Commfides; once called level 4.
    High,
}

impl AssuranceLevel {
    /// The word that the services' values end with.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Substantial => "substantial",
            Self::High => "high",
        }
    }
}

impl fmt::Display for AssuranceLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value of `acr_values` and of the claim `acr`, of one of the two services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Acr {
    /// `idporten-loa-low`, ID-porten.
    IdportenLoaLow,
    /// `idporten-loa-substantial`, ID-porten.
    IdportenLoaSubstantial,
    /// `idporten-loa-high`, ID-porten.
    IdportenLoaHigh,
    /// `eidas-loa-substantial`, ID-porten: a European eID.
    EidasLoaSubstantial,
    /// `eidas-loa-high`, ID-porten: a European eID.
    EidasLoaHigh,
    /// `selfregistered-email`, ID-porten: an e-mail address that was proven, and no person number.
    SelfregisteredEmail,
    /// `substantial`, Ansattporten.
    Substantial,
    /// `high`, Ansattporten.
    High,
    /// `entraid`, Ansattporten: a work account in Microsoft Entra ID.
    Entraid,
}

impl Acr {
    /// All of them, each family from its lowest level up.
    pub const ALL: &'static [Self] = &[
        Self::IdportenLoaLow,
        Self::IdportenLoaSubstantial,
        Self::IdportenLoaHigh,
        Self::EidasLoaSubstantial,
        Self::EidasLoaHigh,
        Self::SelfregisteredEmail,
        Self::Substantial,
        Self::High,
        Self::Entraid,
    ];

    /// Reads a value as it is written in `acr_values` and `acr`, in exactly that case.
    ///
    /// Ansattporten's `low` stands in old samples alone and is unknown.
    ///
    /// # Errors
    /// `misuse_acr_legacy` for `Level3` and `Level4`, `misuse_acr_unknown` for all else.
    pub fn parse(text: &str) -> Result<Self, Misuse> {
        if let Some(acr) = Self::ALL.iter().find(|acr| acr.as_str() == text) {
            return Ok(*acr);
        }
        match text {
            "Level3" | "Level4" => Err(Misuse::AcrLegacy),
            _ => Err(Misuse::AcrUnknown),
        }
    }

    /// The value as it is written in `acr_values` and `acr`.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The service whose value it is.
    pub fn service(self) -> Service {
        match self.row().1 {
            Family::IdportenLoa | Family::EidasLoa | Family::SelfregisteredEmail => {
                Service::IdPorten
            }
            Family::AnsattportenLoa | Family::Entraid => Service::Ansattporten,
        }
    }

    /// The level, or `None` for a sign-in that is not on the ladder.
    pub fn level(self) -> Option<AssuranceLevel> {
        self.row().2
    }

    /// Whether a sign-in with this value is at least what `requested` asks for: the same kind of sign-in,
    /// and no lower level.
    pub fn satisfies(self, requested: Self) -> bool {
        self.row().1 == requested.row().1 && self.level() >= requested.level()
    }

    /// The table.
    fn row(self) -> (&'static str, Family, Option<AssuranceLevel>) {
        use AssuranceLevel::{High, Low, Substantial};
        use Family::{AnsattportenLoa, EidasLoa, IdportenLoa};
        match self {
            Self::IdportenLoaLow => ("idporten-loa-low", IdportenLoa, Some(Low)),
            Self::IdportenLoaSubstantial => {
                ("idporten-loa-substantial", IdportenLoa, Some(Substantial))
            }
            Self::IdportenLoaHigh => ("idporten-loa-high", IdportenLoa, Some(High)),
            Self::EidasLoaSubstantial => ("eidas-loa-substantial", EidasLoa, Some(Substantial)),
            Self::EidasLoaHigh => ("eidas-loa-high", EidasLoa, Some(High)),
            Self::SelfregisteredEmail => {
                ("selfregistered-email", Family::SelfregisteredEmail, None)
            }
            Self::Substantial => ("substantial", AnsattportenLoa, Some(Substantial)),
            Self::High => ("high", AnsattportenLoa, Some(High)),
            Self::Entraid => ("entraid", Family::Entraid, None),
        }
    }
}

impl fmt::Display for Acr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which of the service's values a sign-in may come back with, if `requested` is asked for: every one
/// that satisfies one of them, from low to high.
///
/// If nothing is asked for, the service chooses, and every level of its own ladder may come back.
///
/// # Errors
/// `misuse_acr_of_other_service`: a value is not one of `service`.
pub fn acceptable(service: Service, requested: &[Acr]) -> Result<Vec<Acr>, Misuse> {
    if requested.iter().any(|acr| acr.service() != service) {
        return Err(Misuse::AcrOfOtherService);
    }
    let requested = match (requested, service) {
        ([], Service::IdPorten) => &[Acr::IdportenLoaLow],
        ([], Service::Ansattporten) => &[Acr::Substantial],
        _ => requested,
    };
    Ok(Acr::ALL
        .iter()
        .copied()
        .filter(|acr| requested.iter().any(|requested| acr.satisfies(*requested)))
        .collect())
}

/// Values that can stand in for one another are of one family.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    IdportenLoa,
    EidasLoa,
    SelfregisteredEmail,
    AnsattportenLoa,
    Entraid,
}
