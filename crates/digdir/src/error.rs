use alloc::boxed::Box;
use core::fmt;

use portvakt_oidc::TransportError;

use crate::Misuse;
use crate::dialogporten::DialogportenFailure;
use crate::login::ClaimsError;
use crate::rar::RepresentationError;

/// Why a flow of this crate ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The application asked one of the services for something that it does not have. Mend the application.
    Misuse(Misuse),
    /// What goes wrong with any OpenID provider.
    Oidc(portvakt_oidc::Error),
    /// The claims about the person are not what the service gives.
    Claims(ClaimsError),
    /// The answer about whom the person acts for is not an answer to the question.
    Representation(RepresentationError),
    /// Dialogporten said no.
    Dialogporten(Box<DialogportenFailure>),
}

impl Error {
    /// What its table says of it.
    #[must_use]
    pub fn row(&self) -> &'static portvakt_jose::TableRow {
        match self {
            Self::Misuse(error) => error.row(),
            Self::Oidc(error) => error.row(),
            Self::Claims(error) => error.row(),
            Self::Representation(error) => error.row(),
            Self::Dialogporten(failure) => failure.error.row(),
        }
    }

    /// The stable code, such as `representation_required`.
    pub fn code(&self) -> &'static str {
        self.row().code
    }

    /// One English sentence for a developer.
    pub fn sentence(&self) -> &'static str {
        self.row().sentence
    }

    /// Where the rule that was broken is written down.
    pub fn source(&self) -> &'static str {
        self.row().source
    }
}

impl Error {
    /// Whether the same may well succeed at another time: see [`portvakt_oidc::Error::is_transient`].
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Oidc(error) => error.is_transient(),
            Self::Dialogporten(failure) => failure.error.is_transient(),
            Self::Misuse(_) | Self::Claims(_) | Self::Representation(_) => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl core::error::Error for Error {}

macro_rules! from_kind {
    ($($variant:ident($kind:ty)),+ $(,)?) => {
        $(impl From<$kind> for Error {
            fn from(kind: $kind) -> Self {
                Self::$variant(kind)
            }
        })+
    };
}

from_kind! {
    Misuse(Misuse),
    Oidc(portvakt_oidc::Error),
    Claims(ClaimsError),
    Representation(RepresentationError),
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::Oidc(error.into())
    }
}

// In a box: it is much larger than all others, and errors are handed on by value.
impl From<DialogportenFailure> for Error {
    fn from(failure: DialogportenFailure) -> Self {
        Self::Dialogporten(Box::new(failure))
    }
}
