//! What can go wrong around a flow, and the one error that an application sees.

mod browser;

use core::fmt;

use portvakt_oidc::{ApiMisuse, SessionError};

pub use browser::BrowserError;

/// Why a sign-in, a sign-out or a request on the person's behalf did not succeed.
///
/// It holds no token, code, personal number or claim value, in whatever way it is printed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The browser, or the person in it.
    Browser(BrowserError),
    /// The application, the callback, the provider, a token, or the way there.
    Digdir(portvakt_digdir::Error),
}

impl Error {
    /// The stable name of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Browser(error) => error.code(),
            Self::Digdir(error) => error.code(),
        }
    }

    /// What happened, in one English sentence for developers.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Browser(error) => error.sentence(),
            Self::Digdir(error) => error.sentence(),
        }
    }

    /// Whether a renewal that ends with this cannot succeed later either.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Browser(_) => false,
            Self::Digdir(error) => !error.is_transient(),
        }
    }

    /// The rule that it is about.
    #[must_use]
    pub fn source(&self) -> &'static str {
        match self {
            Self::Browser(error) => error.source(),
            Self::Digdir(error) => error.source(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.sentence())
    }
}

impl core::error::Error for Error {}

impl From<BrowserError> for Error {
    fn from(error: BrowserError) -> Self {
        Self::Browser(error)
    }
}

impl From<portvakt_digdir::Error> for Error {
    fn from(error: portvakt_digdir::Error) -> Self {
        Self::Digdir(error)
    }
}

impl From<portvakt_oidc::Error> for Error {
    fn from(error: portvakt_oidc::Error) -> Self {
        Self::Digdir(error.into())
    }
}

impl From<SessionError> for Error {
    fn from(error: SessionError) -> Self {
        portvakt_oidc::Error::from(error).into()
    }
}

impl From<ApiMisuse> for Error {
    fn from(error: ApiMisuse) -> Self {
        portvakt_oidc::Error::from(error).into()
    }
}
