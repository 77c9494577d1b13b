//! Switches: behaviour that the services may or may not have, chosen by whoever tests.
//!
//! Where the sources are silent or disagree a switch lets both be tried. Its name is the same in Rust, in
//! the control API and on the command line.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use crate::provider_name::ProviderName;

/// Something that can be switched on and off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
#[non_exhaustive]
pub enum Switch {
    /// Ansattporten supports DPoP (RFC 9449); on from the start, documented for ID-porten only.
    DpopAnsattporten,
    /// ID-porten supports DPoP (RFC 9449); on from the start.
    DpopIdporten,
    /// Dialogporten takes bound tokens with a proof and not otherwise; on from the start. The real service is
    /// not known to look at the binding at all.
    DpopDialogporten,
    /// Proofs must carry a nonce of the server (RFC 9449 §8 and §9); off from the start.
    DpopNonce,
    /// Proofs may be five minutes from the server's time, not ten seconds (RFC 9449 §11.1 has *seconds or
    /// minutes*); off from the start.
    DpopWideIat,
    /// The answer to a refresh token brings a new id_token (OIDC Core §12.2); off from the start.
    IdTokenOnRefresh,
    /// The `iss` of front-channel logout ends with a slash, as the documentation prints it; off from the start.
    LogoutIssWithSlash,
}

impl Switch {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::DpopAnsattporten,
        Self::DpopIdporten,
        Self::DpopDialogporten,
        Self::DpopNonce,
        Self::DpopWideIat,
        Self::IdTokenOnRefresh,
        Self::LogoutIssWithSlash,
    ];

    /// The name, in snake_case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DpopAnsattporten => "dpop_ansattporten",
            Self::DpopIdporten => "dpop_idporten",
            Self::DpopDialogporten => "dpop_dialogporten",
            Self::DpopNonce => "dpop_nonce",
            Self::DpopWideIat => "dpop_wide_iat",
            Self::IdTokenOnRefresh => "id_token_on_refresh",
            Self::LogoutIssWithSlash => "logout_iss_with_slash",
        }
    }

    /// What is so while it is on, in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::DpopAnsattporten => "Ansattporten supports DPoP.",
            Self::DpopIdporten => "ID-porten supports DPoP.",
            Self::DpopDialogporten => {
                "Dialogporten takes tokens that are bound to a key with DPoP only."
            }
            Self::DpopNonce => "DPoP proofs must carry a nonce of the server.",
            Self::DpopWideIat => "The iat of DPoP proofs may be 300 seconds off, not 10.",
            Self::IdTokenOnRefresh => "The answer to a refresh token brings a new id_token.",
            Self::LogoutIssWithSlash => "The iss of front-channel logout ends with a slash.",
        }
    }

    /// The same in Norwegian, for the control page.
    pub(crate) fn norwegian(self) -> &'static str {
        match self {
            Self::DpopAnsattporten => "Ansattporten støtter DPoP.",
            Self::DpopIdporten => "ID-porten støtter DPoP.",
            Self::DpopDialogporten => {
                "Dialogporten tar token som er bundet til en nøkkel, bare med DPoP."
            }
            Self::DpopNonce => "DPoP-bevis må ha en nonce fra tjeneren.",
            Self::DpopWideIat => "iat i DPoP-bevis kan være 300 sekunder feil, ikke 10.",
            Self::IdTokenOnRefresh => "Svaret på et refresh token har et nytt id_token.",
            Self::LogoutIssWithSlash => "iss i front-channel-utlogging slutter med skråstrek.",
        }
    }

    /// The switch for DPoP at a provider.
    pub(crate) fn dpop(provider: ProviderName) -> Self {
        match provider {
            ProviderName::Ansattporten => Self::DpopAnsattporten,
            ProviderName::Idporten => Self::DpopIdporten,
        }
    }

    fn is_on_at_first(self) -> bool {
        matches!(
            self,
            Self::DpopAnsattporten | Self::DpopIdporten | Self::DpopDialogporten
        )
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Switch {
    type Err = UnknownSwitch;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|switch| switch.name() == text)
            .ok_or(UnknownSwitch)
    }
}

/// There is no switch of that name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnknownSwitch;

impl fmt::Display for UnknownSwitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Switch::ALL.map(Switch::name).join(", ");
        write!(
            f,
            "There is no switch of that name; the switches are {names}."
        )
    }
}

impl std::error::Error for UnknownSwitch {}

/// The switches of one simulator.
#[derive(Debug)]
pub(crate) struct Switches(Mutex<BTreeSet<Switch>>);

impl Switches {
    /// Those that are on from the start, but for these changes.
    pub(crate) fn new(changes: &[(Switch, bool)]) -> Self {
        let switches = Self(Mutex::default());
        switches.reset(changes);
        switches
    }

    pub(crate) fn reset(&self, changes: &[(Switch, bool)]) {
        for switch in Switch::ALL {
            self.set(switch, switch.is_on_at_first());
        }
        for (switch, on) in changes {
            self.set(*switch, *on);
        }
    }

    pub(crate) fn is_on(&self, switch: Switch) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&switch)
    }

    pub(crate) fn set(&self, switch: Switch, on: bool) {
        let mut switches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if on {
            switches.insert(switch);
        } else {
            switches.remove(&switch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_is_found_by_its_name_and_says_what_it_is_about() {
        for switch in Switch::ALL {
            assert_eq!(switch.name().parse(), Ok(switch));
            for sentence in [switch.sentence(), switch.norwegian()] {
                assert!(sentence.ends_with('.'), "{switch}");
            }
        }
        assert_eq!("no_such_switch".parse::<Switch>(), Err(UnknownSwitch));
    }

    #[test]
    fn a_reset_undoes_everything_but_the_initial_changes() {
        let switches = Switches::new(&[(Switch::DpopNonce, true)]);
        switches.set(Switch::DpopNonce, false);
        switches.set(Switch::DpopIdporten, false);
        switches.reset(&[(Switch::DpopNonce, true)]);
        let on = Switch::ALL.map(|switch| switches.is_on(switch));
        assert_eq!(on, [true, true, true, true, false, false, false]);
    }
}
