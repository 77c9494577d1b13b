/// A verification step that was taken, and passed. There is no value for one that failed: that is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// A step that is taken with every OpenID provider.
    Oidc(portvakt_oidc::Check),
    /// The level that was reached is at least one that was asked for.
    AssuranceLevel,
    /// The person's number is one.
    PidCheckDigits,
    /// In a test environment, the person is synthetic.
    PidSynthetic,
    /// What was granted about whom the person acts for was asked for.
    Representation,
    /// The two places that say whom the person acts for say the same.
    RepresentationCopies,
    /// The mandate is that of the person who signed in.
    MandateOfPerson,
}

impl Check {
    /// The steps that this crate takes itself.
    pub const OWN: &'static [Self] = &[
        Self::AssuranceLevel,
        Self::PidCheckDigits,
        Self::PidSynthetic,
        Self::Representation,
        Self::RepresentationCopies,
        Self::MandateOfPerson,
    ];

    /// The stable code, such as `representation`.
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// What was found to be true, as one English sentence.
    pub const fn sentence(self) -> &'static str {
        self.row().1
    }

    /// Where the step is prescribed.
    pub const fn source(self) -> &'static str {
        self.row().2
    }

    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Oidc(check) => (check.code(), check.sentence(), check.source()),
            Self::AssuranceLevel => (
                "assurance_level",
                "The assurance level is one that was asked for, or a higher one of the same kind.",
                "ID-porten, id_token, acr values; Ansattporten, protocol",
            ),
            Self::PidCheckDigits => (
                "pid_check_digits",
                "The person number has the form and the check digits of one.",
                "Skatteetaten, folkeregisteropplysninger, pid",
            ),
            Self::PidSynthetic => (
                "pid_synthetic",
                "The person is synthetic, as everybody in a test environment is.",
                "ID-porten, test users",
            ),
            Self::Representation => (
                "representation",
                "The type, the resources, the actions and the organisations that were granted are within what was asked for.",
                "RFC 9396 §7; Ansattporten, RAR",
            ),
            Self::RepresentationCopies => (
                "representation_copies",
                "The token response and the id_token state the same representation.",
                "RFC 9396 §7; Ansattporten, representation",
            ),
            Self::MandateOfPerson => (
                "mandate_of_person",
                "The mandate was given to the person who signed in.",
                "ID-porten, fullmakt",
            ),
        }
    }
}
