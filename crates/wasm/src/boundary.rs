//! How options come in, how results and failures go out: each as one JSON text.

use alloc::borrow::ToOwned;
use alloc::string::String;

use portvakt_digdir::Service;
use portvakt_jose::UnixTime;
use portvakt_jose::json;
use wasm_bindgen::JsValue;

mod answer;
mod error;
mod options;
mod question;

pub(crate) use self::answer::{Answer, List, texts};
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

/// What is thrown: everything that a `PortvaktError` needs.
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    pub(crate) rule: &'static str,
    /// What the provider said besides, cut and sanitised.
    pub(crate) description: Option<String>,
    /// Whether the same may well succeed at another time.
    pub(crate) is_transient: bool,
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        let answer = Answer::default()
            .with("code", failure.code)
            .with("message", failure.message)
            .with("rule", failure.rule)
            .with_some("description", failure.description)
            .with("isTransient", failure.is_transient);
        Self::from_str(&answer.into_json().unwrap_or_default())
    }
}

impl Failure {
    /// A failure of which a table says all that is known.
    pub(crate) const fn of(code: &'static str, message: &'static str, rule: &'static str) -> Self {
        Self {
            code,
            message,
            rule,
            description: None,
            is_transient: false,
        }
    }
}

impl From<BoundaryError> for Failure {
    fn from(error: BoundaryError) -> Self {
        Self::of(error.code(), error.sentence(), error.source())
    }
}

impl From<portvakt_jose::Error> for Failure {
    fn from(error: portvakt_jose::Error) -> Self {
        Self::of(error.code(), error.sentence(), error.source())
    }
}

impl From<portvakt_oidc::Error> for Failure {
    fn from(error: portvakt_oidc::Error) -> Self {
        let description = match &error {
            portvakt_oidc::Error::Provider(refusal) => refusal.description(),
            _ => None,
        };
        Self {
            description: description.map(str::to_owned),
            is_transient: error.is_transient(),
            ..Self::of(error.code(), error.sentence(), error.source())
        }
    }
}

impl From<portvakt_digdir::Error> for Failure {
    fn from(error: portvakt_digdir::Error) -> Self {
        use portvakt_digdir::Error;
        match error {
            Error::Oidc(error) => error.into(),
            Error::Misuse(error) => Self::of(error.code(), error.sentence(), error.source()),
            Error::Claims(error) => Self::of(error.code(), error.sentence(), error.source()),
            Error::Representation(error) => {
                Self::of(error.code(), error.sentence(), error.source())
            }
            // The module asks Dialogporten nothing, and need not carry what would be said of its answers.
            _ => BoundaryError::Result.into(),
        }
    }
}

/// Reads options.
pub(crate) fn read(options: &str) -> Result<Options, Failure> {
    let value = json::parse(options.as_bytes(), MAX_OPTIONS_BYTES).map_err(|_| refused())?;
    Options::of(value)
}

/// Writes a result.
pub(crate) fn write(answer: Answer) -> Result<String, Failure> {
    answer
        .into_json()
        .ok_or_else(|| BoundaryError::Result.into())
}

/// The time as the driver's clock gave it; a fraction of a second is dropped.
pub(crate) fn time(seconds: f64) -> Result<UnixTime, Failure> {
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
