use core::fmt;

/// A finite JSON number.
///
/// Integers that fit in 64 bits are kept exactly; every other number is the nearest `f64`. A number
/// is an integer when it was written as one: `1` is, `1.0` and `1e0` are not, and they are not
/// equal to it.
#[derive(Clone, Copy, PartialEq)]
pub struct Number(Repr);

/// Each number has one representation: a negative integer that fits is never kept as `Float`, and
/// so on.
#[derive(Clone, Copy, PartialEq)]
enum Repr {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

impl Number {
    /// The number nearest to this one, or `None` for an infinity or NaN, which JSON cannot write.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(Repr::Float(value)))
    }

    /// The integer, if it was written as an integer and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Unsigned(value) => i64::try_from(value).ok(),
            Repr::Negative(value) => Some(value),
            Repr::Float(_) => None,
        }
    }

    /// The integer, if it was written as an integer and fits.
    #[must_use]
    pub const fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Repr::Unsigned(value) => Some(value),
            Repr::Negative(_) | Repr::Float(_) => None,
        }
    }

    /// The nearest `f64`, always finite.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest value is what is promised"
    )]
    pub const fn as_f64(&self) -> f64 {
        match self.0 {
            Repr::Unsigned(value) => value as f64,
            Repr::Negative(value) => value as f64,
            Repr::Float(value) => value,
        }
    }

    /// Reads text that is known to follow the grammar of RFC 8259 §6; `None` if it is too large for
    /// an `f64`.
    pub(super) fn from_grammatical(text: &str) -> Option<Self> {
        if let Ok(value) = text.parse::<u64>() {
            return Some(Self(Repr::Unsigned(value)));
        }
        match text.parse::<i64>() {
            // `-0` has no integer of its own.
            Ok(value) if value < 0 => Some(Self(Repr::Negative(value))),
            _ => Self::from_f64(text.parse().ok()?),
        }
    }

    pub(super) fn write_to(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self.0 {
            Repr::Unsigned(value) => write!(out, "{value}"),
            Repr::Negative(value) => write!(out, "{value}"),
            // The `Debug` form of a finite f64 is JSON (`1.0`, `1e300`), the shortest that reads
            // back the same.
            Repr::Float(value) => write!(out, "{value:?}"),
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

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn integers_are_exact_to_the_ends_of_64_bits() {
        let read = |text| Number::from_grammatical(text).expect("finite");
        assert_eq!(read("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(read("9223372036854775807").as_i64(), Some(i64::MAX));
        assert_eq!(read("9223372036854775808").as_i64(), None);
        assert_eq!(read("-9223372036854775808").as_i64(), Some(i64::MIN));
        assert_eq!(read("-9223372036854775809").as_i64(), None);
        assert_eq!(read("18446744073709551616").as_u64(), None);
        assert!(read("18446744073709551616").as_f64() > 1.8e19);
    }

    #[test]
    fn fractions_and_exponents_are_not_integers() {
        for text in ["1.0", "1e0", "-0", "-1.5"] {
            let number = Number::from_grammatical(text).expect("finite");
            assert_eq!((number.as_i64(), number.as_u64()), (None, None), "{text}");
        }
    }

    #[test]
    fn infinite_numbers_do_not_exist() {
        assert_eq!(Number::from_grammatical("1e400"), None);
        assert_eq!(Number::from_grammatical("-1e400"), None);
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(Number::from_f64(f64::INFINITY), None);
    }

    #[test]
    fn equal_integers_are_equal_however_they_were_made() {
        assert_eq!(Number::from(3_i64), Number::from(3_u64));
        assert_eq!(Some(Number::from(-3_i64)), Number::from_grammatical("-3"));
    }
}
