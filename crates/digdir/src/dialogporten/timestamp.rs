use core::fmt;

use alloc::string::{String, ToString};

use portvakt_jose::UnixTime;

/// A point in time as Dialogporten writes it: `2026-02-02T08:00:00.0000000Z`.
///
/// The text is kept, as its precision is higher than that of [`UnixTime`].
#[derive(Clone, PartialEq, Eq)]
pub struct Timestamp {
    text: String,
    unix_time: UnixTime,
}

impl Timestamp {
    /// Reads RFC 3339 with any number of decimals and any offset; `None` for all else, and for times before 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let unix_time = rfc3339(text)?;
        Some(Self {
            text: text.to_string(),
            unix_time,
        })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The time in whole seconds; decimals are cut off.
    pub fn unix_time(&self) -> UnixTime {
        self.unix_time
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`, RFC 3339 §5.6.
fn rfc3339(text: &str) -> Option<UnixTime> {
    if text.len() > MAX_TEXT_BYTES || !text.is_ascii() {
        return None;
    }
    let (date, time) = text.split_once(['T', 't'])?;
    let mut date = date.split('-');
    let (year, month, day) = (
        number(date.next()?, 4)?,
        number(date.next()?, 2)?,
        number(date.next()?, 2)?,
    );
    let (clock, rest) = time.split_at_checked(8)?;
    let mut clock = clock.split(':');
    let (hour, minute, second) = (
        number(clock.next()?, 2)?,
        number(clock.next()?, 2)?,
        number(clock.next()?, 2)?,
    );
    if date.next().is_some() || clock.next().is_some() {
        return None;
    }
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(rest) => {
            let offset = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if offset.len() == rest.len() {
                return None;
            }
            offset
        }
    };
    unix_time(
        year,
        month,
        day,
        hour,
        minute,
        second,
        offset_seconds(offset)?,
    )
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of HTTP dates that is written today. RFC 9110 §5.6.7.
pub(super) fn http_date(text: &str) -> Option<UnixTime> {
    if text.len() != 29 || !text.is_ascii() {
        return None;
    }
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day = number(parts.next()?, 2)?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year = number(parts.next()?, 4)?;
    let mut clock = parts.next()?.split(':');
    let (hour, minute, second) = (
        number(clock.next()?, 2)?,
        number(clock.next()?, 2)?,
        number(clock.next()?, 2)?,
    );
    if clock.next().is_some() || parts.next() != Some("GMT") || parts.next().is_some() {
        return None;
    }
    unix_time(
        year,
        i64::try_from(month).ok()? + 1,
        day,
        hour,
        minute,
        second,
        0,
    )
}

fn offset_seconds(offset: &str) -> Option<i64> {
    if offset.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let sign = match offset.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn unix_time(
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    offset_seconds: i64,
) -> Option<UnixTime> {
    // A leap second is written as the sixtieth.
    if !(1..=12).contains(&month)
        || !(1..=days_in_month(year, month)).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let seconds = days_from_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        - offset_seconds;
    u64::try_from(seconds).ok().map(UnixTime::new)
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March, so that the leap day
/// comes last.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Days before the month, counted from March: 31, 61, 92, …
    let days_before = (153 * month + 2) / 5;
    year * 365 + leap_days + days_before + day - 1 - DAYS_TO_EPOCH
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Exactly so many digits, and nothing else.
fn number(text: &str, digits: usize) -> Option<i64> {
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// From the first of March of the year 0 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Room for nine decimals and an offset, and some more.
const MAX_TEXT_BYTES: usize = 64;
