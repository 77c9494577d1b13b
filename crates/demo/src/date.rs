//! Dates and times as the person's language writes them.

use js_sys::{Date, Object, Reflect};
use portvakt_jose::UnixTime;
use wasm_bindgen::JsValue;

use crate::language::Language;

/// The time of day, such as `14:05`.
pub(crate) fn time(moment: UnixTime, language: Language) -> String {
    let options = options(&[("hour", "2-digit"), ("minute", "2-digit")]);
    date(moment)
        .to_locale_time_string_with_options(language.locale(), &options)
        .into()
}

/// The date, such as `3. februar 2026`.
pub(crate) fn day(moment: UnixTime, language: Language) -> String {
    let options = options(&[("day", "numeric"), ("month", "long"), ("year", "numeric")]);
    date(moment)
        .to_locale_date_string(language.locale(), &options)
        .into()
}

/// Date and time of day.
pub(crate) fn day_and_time(moment: UnixTime, language: Language) -> String {
    format!("{} {}", day(moment, language), time(moment, language))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of dates are far below 2^53"
)]
fn date(moment: UnixTime) -> Date {
    Date::new(&JsValue::from_f64(moment.as_secs() as f64 * 1000.0))
}

fn options(members: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // An object of one's own takes every member.
        _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object.into()
}
