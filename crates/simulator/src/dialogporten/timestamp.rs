//! Points in time as Dialogporten counts and writes them.

use std::fmt;

use serde::{Serialize, Serializer};

/// A point in time in steps of 100 ns since the Unix epoch: the resolution of the seven decimals
/// that the service writes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Timestamp(i64);

const TICKS_PER_SECOND: i64 = 10_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z in Unix seconds: what four digits of year can say.
const FIRST_SECOND: i64 = -62_135_596_800;
const LAST_SECOND: i64 = 253_402_300_799;

impl Timestamp {
    /// The given whole second; what lies after year 9999 is held to its last second.
    pub(crate) fn from_unix_seconds(seconds: u64) -> Self {
        let seconds = i64::try_from(seconds)
            .unwrap_or(LAST_SECOND)
            .min(LAST_SECOND);
        Self(seconds * TICKS_PER_SECOND)
    }

    /// This moment moved by whole seconds, held to the years 1 to 9999.
    pub(crate) fn plus_seconds(self, seconds: i64) -> Self {
        let moved = self
            .0
            .saturating_add(seconds.saturating_mul(TICKS_PER_SECOND));
        Self(moved.clamp(
            FIRST_SECOND * TICKS_PER_SECOND,
            LAST_SECOND * TICKS_PER_SECOND,
        ))
    }

    /// Milliseconds since the Unix epoch, as a UUIDv7 carries them; zero before it.
    pub(crate) fn unix_millis(self) -> u64 {
        u64::try_from(self.0 / 10_000).unwrap_or(0)
    }

    /// Reads RFC 3339 with an explicit offset or `Z`; anything else is `None`.
    ///
    /// Source: the search guide, "all date parameters must contain explicit time zone".
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once(['T', 't'])?;
        let mut parts = date.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let day = digits(parts.next()?, 2)?;
        if parts.next().is_some() || year < 1 || !(1..=days_in_month(year, month)?).contains(&day) {
            return None;
        }
        let zone = rest.find(['Z', 'z', '+', '-'])?;
        let (time, zone) = rest.split_at(zone);
        let ticks = time_of_day(time)? - zone_offset(zone)? * TICKS_PER_SECOND;
        let midnight = days_from_civil(year, month, day) * SECONDS_PER_DAY;
        let moment = midnight * TICKS_PER_SECOND + ticks;
        (FIRST_SECOND * TICKS_PER_SECOND..(LAST_SECOND + 1) * TICKS_PER_SECOND)
            .contains(&moment)
            .then_some(Self(moment))
    }

    /// The form of the `Expires` and `Retry-After` headers: `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// Source: RFC 9110 §5.6.7 (the RFC 1123 date).
    pub(crate) fn http_date(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let civil = self.civil();
        let name = |names: &[&'static str], index: i64| {
            usize::try_from(index)
                .ok()
                .and_then(|index| names.get(index).copied())
                .unwrap_or("")
        };
        format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
            name(&DAYS, civil.days.rem_euclid(7)),
            civil.day,
            name(&MONTHS, civil.month - 1),
            civil.year,
            civil.hour,
            civil.minute,
            civil.second,
        )
    }

    /// The sortable form without fraction or zone (`2026-03-01T09:00:00`) that error texts use.
    pub(crate) fn to_sortable(self) -> String {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self.civil();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }

    /// The form of .NET's invariant culture (`03/01/2026 09:00:00`), which the texts of challenges use.
    pub(crate) fn to_american(self) -> String {
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self.civil();
        format!("{month:02}/{day:02}/{year:04} {hour:02}:{minute:02}:{second:02}")
    }

    fn civil(self) -> Civil {
        let seconds = self.0.div_euclid(TICKS_PER_SECOND);
        let days = seconds.div_euclid(SECONDS_PER_DAY);
        let of_day = seconds.rem_euclid(SECONDS_PER_DAY);
        let (year, month, day) = civil_from_days(days);
        Civil {
            days,
            year,
            month,
            day,
            hour: of_day / 3_600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }
}

/// The service's own form: UTC, seven decimals, `Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{:07}Z",
            self.to_sortable(),
            self.0.rem_euclid(TICKS_PER_SECOND)
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct Civil {
    days: i64,
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

/// `hh:mm[:ss[.fraction]]` in ticks; decimals beyond the seventh are dropped.
fn time_of_day(text: &str) -> Option<i64> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = digits(parts.next()?, 2)?;
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut ticks = ((hour * 60 + minute) * 60 + second) * TICKS_PER_SECOND;
    if let Some(fraction) = fraction {
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut unit = TICKS_PER_SECOND;
        for byte in fraction.bytes().take(7) {
            unit /= 10;
            ticks += i64::from(byte - b'0') * unit;
        }
    }
    Some(ticks)
}

/// `Z` or `±hh:mm` in seconds east of UTC, within the fourteen hours that .NET allows.
fn zone_offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (minutes < 60 && hours * 60 + minutes <= 14 * 60).then_some(sign * (hours * 60 + minutes) * 60)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn days_in_month(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a date that the test knows to be good")
    }

    #[test]
    fn a_timestamp_has_seven_decimals_and_z() {
        assert_eq!(
            Timestamp::from_unix_seconds(0).to_string(),
            "1970-01-01T00:00:00.0000000Z"
        );
        assert_eq!(
            parsed("2026-03-01T09:00:00.123Z").to_string(),
            "2026-03-01T09:00:00.1230000Z"
        );
    }

    #[test]
    fn an_offset_is_taken_to_utc() {
        assert_eq!(
            parsed("2024-03-01T00:30:00+01:00"),
            parsed("2024-02-29T23:30:00Z")
        );
        assert_eq!(
            parsed("2023-12-31T20:00:00-04:30"),
            parsed("2024-01-01T00:30:00z")
        );
    }

    #[test]
    fn every_day_of_a_long_span_survives_the_round_trip() {
        for day in 0..200_000_u64 {
            let moment = Timestamp::from_unix_seconds(day * 86_400 + 86_399);
            assert_eq!(parsed(&moment.to_string()), moment);
        }
    }

    #[test]
    fn a_date_without_offset_or_outside_the_calendar_is_refused() {
        for text in [
            "2026-03-01",
            "2026-03-01T09:00:00",
            "2026-02-29T09:00:00Z",
            "2026-13-01T09:00:00Z",
            "2026-01-00T09:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T09:60:00Z",
            "2026-01-01T09:00:00.Z",
            "2026-01-01T09:00:00.12x4Z",
            "2026-01-01T09:00:00+15:00",
            "2026-01-01T09:00:00+1:00",
            "2026-01-01T09:00:00ZZ",
            "0000-01-01T09:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "20260101T090000Z",
            "",
            "T",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_header_date_is_that_of_rfc_9110() {
        assert_eq!(
            parsed("1994-11-06T08:49:37Z").http_date(),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
    }

    #[test]
    fn moving_a_timestamp_never_leaves_the_calendar() {
        let last = Timestamp::from_unix_seconds(u64::MAX);
        assert_eq!(
            last.plus_seconds(i64::MAX).to_string(),
            "9999-12-31T23:59:59.0000000Z"
        );
        assert_eq!(
            last.plus_seconds(i64::MIN).to_string(),
            "0001-01-01T00:00:00.0000000Z"
        );
    }
}
