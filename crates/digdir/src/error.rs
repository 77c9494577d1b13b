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
    /// The stable code, such as `representation_required`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Misuse(error) => error.code(),
            Self::Oidc(error) => error.code(),
            Self::Claims(error) => error.code(),
            Self::Representation(error) => error.code(),
            Self::Dialogporten(failure) => failure.error.code(),
        }
    }

    /// One English sentence for a developer.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Misuse(error) => error.sentence(),
            Self::Oidc(error) => error.sentence(),
            Self::Claims(error) => error.sentence(),
            Self::Representation(error) => error.sentence(),
            Self::Dialogporten(failure) => failure.error.sentence(),
        }
    }

    /// Where the rule that was broken is written down.
    pub fn source(&self) -> &'static str {
        match self {
            Self::Misuse(error) => error.source(),
            Self::Oidc(error) => error.source(),
            Self::Claims(error) => error.source(),
            Self::Representation(error) => error.source(),
            Self::Dialogporten(failure) => failure.error.source(),
        }
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
