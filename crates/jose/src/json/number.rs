//! Numbers without floating point.
//!
//! Tokens count seconds and little else, and reading and printing `f64` would be a fifth of the
//! module that signs people in. So integers are integers, and every other number is its text.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// How many digits a number may have before its point when it is written without exponent.
///
/// Numbers below 10^308 are finite to every reader that takes them for an `f64`, as JavaScript
/// does, whose largest is about 1.8 · 10^308.
const MAX_MAGNITUDE: i64 = 308;

/// A JSON number below 10^308.
///
/// Integers that fit in 64 bits are kept as such, and every other number as it was written. A
/// number is an integer when it was written as one: `1` is, `1.0` and `1e0` are not, and they are
/// not equal to it or to each other.
#[derive(Clone, PartialEq)]
pub struct Number(Repr);

/// Each text has one representation: a negative integer that fits is never kept as `Text`, and so
/// on.
#[derive(Clone, PartialEq)]
enum Repr {
    Unsigned(u64),
    Negative(i64),
    Text(Box<str>),
}

impl Number {
    /// The integer, if it was written as an integer and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Unsigned(value) => i64::try_from(value).ok(),
            Repr::Negative(value) => Some(value),
            Repr::Text(_) => None,
        }
    }

    /// The integer, if it was written as an integer and fits.
    #[must_use]
    pub const fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Repr::Unsigned(value) => Some(value),
            Repr::Negative(_) | Repr::Text(_) => None,
        }
    }

    /// The text as it was written, if it is neither a [`u64`] nor an [`i64`]: a fraction, a number
    /// with an exponent, `-0`, or an integer of more than 64 bits.
    ///
    /// It follows the grammar of RFC 8259 §6, which `str::parse::<f64>` and the `Number` of
    /// JavaScript read, and never as an infinity.
    #[must_use]
    pub const fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::Unsigned(_) | Repr::Negative(_) => None,
            Repr::Text(text) => Some(text),
        }
    }

    /// The integer that is left when a fraction is dropped; `None` if it is negative or does not
    /// fit.
    pub(crate) fn truncated(&self) -> Option<u64> {
        match &self.0 {
            Repr::Unsigned(value) => Some(*value),
            Repr::Negative(_) => None,
            Repr::Text(text) => Decimal::read(text).truncated(),
        }
    }

    /// Reads text that is known to follow the grammar of RFC 8259 §6; `None` if it is 10^308 or
    /// more.
    pub(super) fn from_grammatical(text: &str) -> Option<Self> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let repr = match (read_integer(digits), is_negative) {
            (Some(value), false) => Some(Repr::Unsigned(value)),
            // `-0` has no integer of its own.
            (Some(0) | None, _) => None,
            (Some(value), true) => 0_i64.checked_sub_unsigned(value).map(Repr::Negative),
        };
        match repr {
            Some(repr) => Some(Self(repr)),
            None if Decimal::read(text).magnitude() > MAX_MAGNITUDE => None,
            None => Some(Self(Repr::Text(text.into()))),
        }
    }

    pub(super) fn write_to(&self, out: &mut String) {
        match &self.0 {
            Repr::Unsigned(value) => write_integer(*value, out),
            Repr::Negative(value) => {
                out.push('-');
                write_integer(value.unsigned_abs(), out);
            }
            Repr::Text(text) => out.push_str(text),
        }
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(Repr::Unsigned(value))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        match u64::try_from(value) {
            Ok(value) => Self(Repr::Unsigned(value)),
            Err(_) => Self(Repr::Negative(value)),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Number")
    }
}

/// Digits and nothing else, of at most 64 bits.
fn read_integer(text: &str) -> Option<u64> {
    let (few, rest) = text.split_at_checked(FEW_DIGITS).unwrap_or((text, ""));
    let few = few.bytes().try_fold(0, |value, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit <= 9).then(|| value * 10 + u64::from(digit))
    })?;
    rest.bytes().try_fold(few, push_digit)
}

/// However great they are, they make no number of more than 64 bits; whether one does takes a product of 128.
const FEW_DIGITS: usize = 19;

fn push_digit(value: u64, digit: u8) -> Option<u64> {
    let digit = digit.wrapping_sub(b'0');
    if digit > 9 {
        return None;
    }
    value.checked_mul(10)?.checked_add(digit.into())
}

fn write_integer(mut value: u64, out: &mut String) {
    // As many digits as u64::MAX has.
    let mut digits = [b'0'; 20];
    let mut length = 0;
    for place in digits.iter_mut().rev() {
        *place += (value % 10) as u8;
        value /= 10;
        length += 1;
        if value == 0 {
            break;
        }
    }
    let written = digits.iter().skip(digits.len() - length);
    out.extend(written.map(|digit| char::from(*digit)));
}

/// The parts of a number's text.
struct Decimal<'a> {
    is_negative: bool,
    /// The digits before the point.
    whole: &'a str,
    /// The digits behind the point.
    fraction: &'a str,
    /// Saturated: no text is long enough for the difference to count.
    exponent: i64,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, mantissa) = split_sign(mantissa);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let (is_small, exponent) = split_sign(exponent);
        let exponent = exponent.bytes().fold(0_i64, |value, digit| {
            let digit = digit.wrapping_sub(b'0');
            value.saturating_mul(10).saturating_add(digit.into())
        });
        Self {
            is_negative,
            whole,
            fraction,
            exponent: if is_small { -exponent } else { exponent },
        }
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes())
    }

    /// How many of the digits, and of the zeros that one may write behind them, are before the
    /// point when there is no exponent.
    fn point(&self) -> i64 {
        self.exponent
            .saturating_add_unsigned(self.whole.len() as u64)
    }

    /// How many digits are before the point when there are neither exponent nor leading zeros;
    /// below 0 by as many zeros as follow the point.
    fn magnitude(&self) -> i64 {
        match self.digits().position(|digit| digit != b'0') {
            Some(zeros) => self.point().saturating_sub_unsigned(zeros as u64),
            None => 0,
        }
    }

    fn truncated(&self) -> Option<u64> {
        if self.digits().all(|digit| digit == b'0') {
            return Some(0);
        }
        if self.is_negative {
            return None;
        }
        // Ends with the digits before the point, or soon when the value is too large.
        let mut digits = self.digits();
        (0..self.point()).try_fold(0, |value, _| {
            push_digit(value, digits.next().unwrap_or(b'0'))
        })
    }
}

/// Whether there is a minus, and what follows the sign.
fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, write_integer};
    use alloc::string::{String, ToString as _};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn integers_are_exact_to_the_ends_of_64_bits() {
        let read = |text| Number::from_grammatical(text).expect("finite");
        assert_eq!(read("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(read("9223372036854775807").as_i64(), Some(i64::MAX));
        assert_eq!(read("9223372036854775808").as_i64(), None);
        assert_eq!(read("-9223372036854775808").as_i64(), Some(i64::MIN));
        assert_eq!(read("-9223372036854775809").as_i64(), None);
        assert_eq!(
            read("-9223372036854775809").as_str(),
            Some("-9223372036854775809")
        );
        assert_eq!(read("18446744073709551616").as_u64(), None);
        assert_eq!(
            read("18446744073709551616").as_str(),
            Some("18446744073709551616")
        );
        assert_eq!(read("0").as_u64(), Some(0));
    }

    #[test]
    fn fractions_and_exponents_are_not_integers_and_stay_as_written() {
        for text in ["1.0", "1e0", "-0", "-1.5", "1E+2", "1.50"] {
            let number = Number::from_grammatical(text).expect("finite");
            assert_eq!((number.as_i64(), number.as_u64()), (None, None), "{text}");
            assert_eq!(number.as_str(), Some(text));
        }
        assert_eq!(Number::from(1_u64).as_str(), None);
    }

    #[test]
    fn numbers_end_below_ten_to_the_308th() {
        let nines = "9".repeat(308);
        let fits = [
            nines.as_str(),
            "9.99e307",
            "-9.99e307",
            "0.00099e311",
            "0e999999999999999999999",
            "-0.0e999999999999999999999",
            "1e-999999999999999999999",
        ];
        for text in fits {
            assert!(Number::from_grammatical(text).is_some(), "{text}");
            assert!(text.parse::<f64>().is_ok_and(f64::is_finite), "{text}");
        }
        let ten_times = nines + "0";
        for text in [
            ten_times.as_str(),
            "1e308",
            "-1e308",
            "1e400",
            "0.001e311",
            "1e999999999999999999999",
            "0.1e9223372036854775808",
        ] {
            assert_eq!(Number::from_grammatical(text), None, "{text}");
        }
    }

    #[test]
    fn equal_integers_are_equal_however_they_were_made() {
        assert_eq!(Number::from(3_i64), Number::from(3_u64));
        assert_eq!(Some(Number::from(-3_i64)), Number::from_grammatical("-3"));
    }

    #[test]
    fn dropping_the_fraction_leaves_an_integer_of_64_bits() {
        for (text, expected) in [
            ("18446744073709551615.9", Some(u64::MAX)),
            ("18446744073709551616.0", None),
            ("1844674407370955161.5999e1", Some(u64::MAX)),
            ("0.00012e5", Some(12)),
            ("0.00012e4", Some(1)),
            ("0.00012e3", Some(0)),
            ("12000e-3", Some(12)),
            ("12000e-300", Some(0)),
            ("1e-9223372036854775809", Some(0)),
            ("1e19", Some(10_000_000_000_000_000_000)),
            ("1e20", None),
            ("-0.0", Some(0)),
            ("-0.1", None),
            ("-3", None),
        ] {
            let number = Number::from_grammatical(text).expect("finite");
            assert_eq!(number.truncated(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn integers_are_written_as_others_write_them(value in any::<u64>(), bits in 0..64_u32) {
            let value = value >> bits;
            let mut written = String::new();
            write_integer(value, &mut written);
            prop_assert_eq!(written, value.to_string());
        }

        #[test]
        fn fractions_are_dropped_as_others_drop_them(
            text in "(0|[1-9][0-9]{0,10})(\\.[0-9]{1,6})?([eE][+-]?[0-5])?",
        ) {
            let number = Number::from_grammatical(&text).expect("finite");
            let nearest: f64 = text.parse().expect("a number");
            // Exact to 2^53; and no such text comes nearer to an integer from below than 10^-11.
            if nearest < 1e9 {
                prop_assert_eq!(number.truncated(), Some(nearest as u64), "{}", text);
            }
        }
    }
}
