use core::fmt;

/// Which of the services it is. Names, acr values and RAR types of one are not those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// ID-porten: people as themselves, in public services.
    IdPorten,
    /// Ansattporten: people at work, who choose an organisation to act for.
    Ansattporten,
    /// Maskinporten: machines of organisations. Nobody signs in with it.
    Maskinporten,
    /// Altinn's own tokens, exchanged for those of ID-porten or Maskinporten.
    Altinn,
    /// Dialogporten: the common inbox; it issues dialog tokens.
    Dialogporten,
}

impl Service {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::IdPorten,
        Self::Ansattporten,
        Self::Maskinporten,
        Self::Altinn,
        Self::Dialogporten,
    ];

    /// The name as the service spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::IdPorten => "ID-porten",
            Self::Ansattporten => "Ansattporten",
            Self::Maskinporten => "Maskinporten",
            Self::Altinn => "Altinn",
            Self::Dialogporten => "Dialogporten",
        }
    }

    /// Whether people sign in with it from an application: it has an authorization endpoint for them.
    pub fn signs_people_in(self) -> bool {
        matches!(self, Self::IdPorten | Self::Ansattporten)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the service runs, and with it whether its people are real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// The real service, with real people.
    Production,
    /// The service's own test environment, with synthetic people.
    Test,
    /// A simulator on this machine, with synthetic people.
    Local,
}

impl Environment {
    /// Whether every person in it is synthetic, so that a real person's number is out of place.
    pub fn is_synthetic(self) -> bool {
        matches!(self, Self::Test | Self::Local)
    }
}
