//! How options come in, how results and failures go out.

use portvakt_digdir::Service;
use portvakt_jose::json::{Number, Object, Value};
use portvakt_jose::{Algorithm, UnixTime};
use serde::de::DeserializeOwned;
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Deserialize, Serialize, Serializer};
use wasm_bindgen::JsValue;

mod error;

pub use error::BoundaryError;

/// What is thrown: everything that a `PortvaktError` needs.
#[derive(Serialize)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    pub(crate) rule: &'static str,
    /// What the provider said besides, cut and sanitised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        // Four texts are always representable; if not, what is thrown has no code and counts as a trap.
        serde_wasm_bindgen::to_value(&failure).unwrap_or(Self::UNDEFINED)
    }
}

impl From<BoundaryError> for Failure {
    fn from(error: BoundaryError) -> Self {
        Self {
            code: error.code(),
            message: error.sentence(),
            rule: error.source(),
            description: None,
        }
    }
}

impl From<portvakt_jose::Error> for Failure {
    fn from(error: portvakt_jose::Error) -> Self {
        Self {
            code: error.code(),
            message: error.sentence(),
            rule: error.source(),
            description: None,
        }
    }
}

impl From<portvakt_digdir::Error> for Failure {
    fn from(error: portvakt_digdir::Error) -> Self {
        let description = match &error {
            portvakt_digdir::Error::Oidc(portvakt_oidc::Error::Provider(refusal)) => {
                refusal.description()
            }
            _ => None,
        };
        Self {
            code: error.code(),
            message: error.sentence(),
            rule: error.source(),
            description: description.map(str::to_owned),
        }
    }
}

impl From<portvakt_oidc::Error> for Failure {
    fn from(error: portvakt_oidc::Error) -> Self {
        portvakt_digdir::Error::from(error).into()
    }
}

/// Reads options.
pub(crate) fn read<T: DeserializeOwned>(options: JsValue) -> Result<T, Failure> {
    serde_wasm_bindgen::from_value(options).map_err(|_| BoundaryError::Options.into())
}

/// Writes a result as plain objects and arrays.
pub(crate) fn write(result: &impl Serialize) -> Result<JsValue, Failure> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    result
        .serialize(&serializer)
        .map_err(|_| BoundaryError::Result.into())
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

/// Reads the names of algorithms.
pub(crate) fn algorithms(names: &[String]) -> Result<Vec<Algorithm>, Failure> {
    let algorithms: Option<_> = names.iter().map(|name| Algorithm::parse(name)).collect();
    algorithms.ok_or_else(|| BoundaryError::Options.into())
}

/// A service, as the presets of the package name it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ServiceName {
    Idporten,
    Ansattporten,
    Maskinporten,
    Altinn,
    Dialogporten,
}

impl From<ServiceName> for Service {
    fn from(name: ServiceName) -> Self {
        match name {
            ServiceName::Idporten => Self::IdPorten,
            ServiceName::Ansattporten => Self::Ansattporten,
            ServiceName::Maskinporten => Self::Maskinporten,
            ServiceName::Altinn => Self::Altinn,
            ServiceName::Dialogporten => Self::Dialogporten,
        }
    }
}

/// Claims as they were signed.
pub(crate) struct Claims<'a>(pub(crate) &'a Object);

impl Serialize for Claims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter() {
            // Set on a JavaScript object it would not be a member, but what all other members are looked up in.
            if name == "__proto__" {
                return Err(S::Error::custom("a member that cannot be represented"));
            }
            map.serialize_entry(name, &Json(value))?;
        }
        map.end()
    }
}

struct Json<'a>(&'a Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            // Every number of JavaScript is one of these.
            Value::Number(number) => serializer.serialize_f64(nearest(number)),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(elements) => serializer.collect_seq(elements.iter().map(Json)),
            Value::Object(object) => Claims(object).serialize(serializer),
        }
    }
}

/// The number as JavaScript has it.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest value is what JavaScript's own reader gives"
)]
fn nearest(number: &Number) -> f64 {
    match (number.as_i64(), number.as_u64(), number.as_str()) {
        (Some(integer), ..) => integer as f64,
        (_, Some(integer), _) => integer as f64,
        // Reading it here would bring a parser that every host has built in.
        (.., text) => js_sys::Number::parse_float(text.unwrap_or_default()),
    }
}
