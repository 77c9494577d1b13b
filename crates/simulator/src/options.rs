//! What a simulator starts with.

use serde::{Deserialize, Serialize};

use crate::clients::Client;
use crate::keys::Algorithm;
use crate::switches::Switch;
use crate::world::World;

/// The base port when none is named.
pub const DEFAULT_PORT: u16 = 8100;

/// What a simulator starts with, and returns to when it is reset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The first of six consecutive ports, from 1024 to 65530; 8100 by default.
    pub base_port: u16,
    /// Whether Dialogporten accepts Ansattporten's tokens; not by default, as in production.
    pub accept_ansattporten: bool,
    /// Whether Dialogporten allows reading from any origin; not by default, as in production.
    pub dialogporten_cors: bool,
    /// The registered clients; none by default.
    pub clients: Vec<Client>,
    /// People, organisations and resources; [`World::seeded`] by default.
    pub world: World,
    /// The algorithm of Ansattporten's keys; RS256 by default.
    pub ansattporten_algorithm: Algorithm,
    /// The algorithm of ID-porten's keys; RS256 by default.
    pub idporten_algorithm: Algorithm,
    /// The shape of `authorization_details` in answers.
    pub rar_profile: RarProfile,
    /// Switches that are not as they are from the start; none by default.
    pub switches: Vec<(Switch, bool)>,
    /// Where the clock stands still, in Unix seconds; it runs by default.
    pub now: Option<u64>,
}

impl Options {
    /// The defaults, on other ports.
    #[must_use]
    pub fn new(base_port: u16) -> Self {
        Self {
            base_port,
            accept_ansattporten: false,
            dialogporten_cors: false,
            clients: Vec::new(),
            world: World::seeded(),
            ansattporten_algorithm: Algorithm::Rs256,
            idporten_algorithm: Algorithm::Rs256,
            rar_profile: RarProfile::V4,
            switches: Vec::new(),
            now: None,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new(DEFAULT_PORT)
    }
}

/// A version of Digdir's documentation of `authorization_details`, or what is seen on the wire.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RarProfile {
    /// 2026: `resource_name`, and `actions` where they were asked for.
    #[default]
    V4,
    /// Late 2025: no `actions`.
    V3,
    /// 2025: as v3, and one `orgno` object instead of a list in `ansattporten:orgno`.
    V2,
    /// Until 2025: `ansattporten:altinn:service` is the only type there is.
    LegacyService,
    /// What tokens of the test environment carried in August 2026: neither `resource_name` nor `actions`.
    #[serde(rename = "live-2026")]
    Live2026,
}

impl RarProfile {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::V4,
        Self::V3,
        Self::V2,
        Self::LegacyService,
        Self::Live2026,
    ];

    /// The name in options and in the control API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "v4",
            Self::V3 => "v3",
            Self::V2 => "v2",
            Self::LegacyService => "legacy-service",
            Self::Live2026 => "live-2026",
        }
    }
}

impl std::str::FromStr for RarProfile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.as_str() == text)
            .ok_or_else(|| "use v4, v3, v2, legacy-service or live-2026".to_owned())
    }
}
