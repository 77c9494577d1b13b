//! How options come in, how results and failures go out: each as one JSON text.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;

use portvakt_digdir::Service;
use portvakt_jose::json;
use portvakt_jose::{TableRow, UnixTime};

mod answer;
mod crossing;
mod error;
mod options;
mod question;

#[cfg(feature = "login")]
pub(crate) use self::answer::Pairs;
pub(crate) use self::answer::{Answer, List, Nested, Texts};
pub(crate) use self::crossing::{Answered, Arguments, cross, exports};
pub use self::error::BoundaryError;
pub(crate) use self::options::{Options, refused};
#[cfg(feature = "login")]
pub(crate) use self::question::question;
#[cfg(feature = "verify")]
pub(crate) use self::question::question_about_key;
pub(crate) use self::question::signature_answer;

/// How large the options of one call may be, in bytes: a key set, which is the largest of them, has its own limit
/// below this.
const MAX_OPTIONS_BYTES: usize = 1024 * 1024;

/// What is thrown: everything that a `PortvaktError` needs. In a box, because it is handed on by value, and seldom.
pub(crate) struct Failure(Box<Known>);

struct Known {
    row: &'static TableRow,
    /// What the provider said besides, cut and sanitised.
    description: Option<String>,
    /// Whether the same may well succeed at another time.
    is_transient: bool,
}

impl Failure {
    /// A failure of which a table says all that is known.
    #[inline(never)]
    pub(crate) fn of(row: &'static TableRow) -> Self {
        Self(Box::new(Known {
            row,
            description: None,
            is_transient: false,
        }))
    }

    /// The text of the failure, as the driver reads it.
    pub(crate) fn to_json(&self) -> String {
        let Known {
            row,
            description,
            is_transient,
        } = &*self.0;
        let mut answer = Answer::new();
        answer
            .with("code", row.code)
            .with("message", row.sentence)
            .with("rule", row.source)
            .with_some("description", description.as_deref())
            .with("isTransient", *is_transient);
        answer.into_json().unwrap_or_default()
    }
}

impl From<BoundaryError> for Failure {
    fn from(error: BoundaryError) -> Self {
        Self::of(error.row())
    }
}

impl From<portvakt_jose::Error> for Failure {
    fn from(error: portvakt_jose::Error) -> Self {
        Self::of(error.row())
    }
}

impl From<portvakt_oidc::Error> for Failure {
    #[inline(never)]
    fn from(error: portvakt_oidc::Error) -> Self {
        let mut failure = Self::of(error.row());
        if let portvakt_oidc::Error::Provider(refusal) = &error {
            failure.0.description = refusal.description().map(str::to_owned);
        }
        failure.0.is_transient = error.is_transient();
        failure
    }
}

impl From<portvakt_digdir::Error> for Failure {
    #[inline(never)]
    fn from(error: portvakt_digdir::Error) -> Self {
        use portvakt_digdir::Error;
        match error {
            Error::Oidc(error) => error.into(),
            Error::Misuse(error) => Self::of(error.row()),
            Error::Claims(error) => Self::of(error.row()),
            Error::Representation(error) => Self::of(error.row()),
            // The module asks Dialogporten nothing, and need not carry what would be said of its answers.
            _ => BoundaryError::Result.into(),
        }
    }
}

/// Reads options.
pub(crate) fn read(options: &str) -> Result<Options, Failure> {
    json::parse(options.as_bytes(), MAX_OPTIONS_BYTES)
        .map(Options::of)
        .map_err(|_| refused())
}

/// Writes a result.
pub(crate) fn write(answer: Answer) -> Answered {
    match answer.into_json() {
        Some(text) => Ok(Some(text)),
        None => Err(BoundaryError::Result.into()),
    }
}

/// The time as the driver's clock gave it; a fraction of a second is dropped.
pub(crate) fn time(arguments: &mut Arguments<'_>) -> Result<UnixTime, Failure> {
    let seconds = arguments.number()?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "the bound is below 2^53 and exact as f64"
    )]
    let latest = UnixTime::MAX_NUMERIC_DATE.as_secs() as f64;
    if !(0.0..=latest).contains(&seconds) {
        return Err(BoundaryError::Clock.into());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be in range; the fraction is to be dropped"
    )]
    Ok(UnixTime::new(seconds as u64))
}

/// The service that the presets of the package name so.
pub(crate) fn service_named(name: &str) -> Option<Service> {
    [
        Service::IdPorten,
        Service::Ansattporten,
        Service::Maskinporten,
        Service::Altinn,
        Service::Dialogporten,
    ]
    .into_iter()
    .find(|service| service_name(*service) == name)
}

/// A service, as the presets of the package name it.
pub(crate) const fn service_name(service: Service) -> &'static str {
    match service {
        Service::IdPorten => "idporten",
        Service::Ansattporten => "ansattporten",
        Service::Maskinporten => "maskinporten",
        Service::Altinn => "altinn",
        Service::Dialogporten => "dialogporten",
    }
}
