//! Time as JWT knows it: whole seconds.

use crate::json::Number;

/// A moment as whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// The only clock of this crate: callers pass the current time in, nothing here reads one. Source:
/// RFC 7519 §2 (`NumericDate`).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The last second of the year 9999, the latest moment that a claim may name.
    ///
    /// Later ones have no date that people or formats can write, and are in practice milliseconds
    /// taken for seconds.
    pub const MAX_NUMERIC_DATE: Self = Self(253_402_300_799);

    /// Makes a moment from whole seconds since the epoch.
    #[must_use]
    pub const fn new(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The whole seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// The moment so many seconds later, or the latest there is.
    #[must_use]
    pub const fn saturating_add(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The moment so many seconds earlier, or the epoch.
    #[must_use]
    pub const fn saturating_sub(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Reads a `NumericDate`: seconds since the epoch, of which a fraction is dropped.
    ///
    /// `None` for a moment before the epoch or after [`UnixTime::MAX_NUMERIC_DATE`]. Dropping the
    /// fraction makes an expiry at most one second stricter, and compares fairly with a current
    /// time that has lost its fraction too.
    #[must_use]
    pub fn from_numeric_date(number: &Number) -> Option<Self> {
        let seconds = number.truncated()?;
        (seconds <= Self::MAX_NUMERIC_DATE.0).then_some(Self(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::UnixTime;
    use crate::json;

    #[test]
    fn numeric_dates_are_read_as_whole_seconds() {
        let read = |text: &str| {
            let value = json::parse(text.as_bytes(), 100).expect("JSON");
            let number = value.as_number().expect("a number");
            UnixTime::from_numeric_date(number).map(UnixTime::as_secs)
        };
        let cases = [
            ("0", Some(0)),
            ("1790000000", Some(1_790_000_000)),
            ("1790000000.9", Some(1_790_000_000)),
            ("1.79e9", Some(1_790_000_000)),
            ("-0", Some(0)),
            ("-0.0", Some(0)),
            ("253402300799", Some(253_402_300_799)),
            ("253402300799.9", Some(253_402_300_799)),
            ("253402300800", None),
            ("253402300800.0", None),
            ("1790000000000", None),
            ("18446744073709551616", None),
            ("1e300", None),
            ("-1", None),
            ("-0.5", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends() {
        assert_eq!(UnixTime::new(5).saturating_sub(6), UnixTime::new(0));
        assert_eq!(
            UnixTime::new(u64::MAX).saturating_add(1),
            UnixTime::new(u64::MAX)
        );
    }
}
