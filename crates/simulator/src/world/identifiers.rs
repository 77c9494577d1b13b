//! Person and organisation numbers, synthetic ones only.
//!
//! A value of these types cannot hold a number that may belong to anybody: the gate is the constructor.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A synthetic person number: eleven digits whose month is raised by 80, with correct check digits.
///
/// Real and synthetic ranges are disjoint, so a real number is refused whatever it is.
#[derive(Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pid(String);

impl Pid {
    /// Accepts a synthetic person number.
    ///
    /// # Errors
    /// A sentence that says which rule the number breaks; it never repeats the number.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let digits: [u32; 11] = digits(text).ok_or(IdentifierError::PidForm)?;
        let month = digits[2] * 10 + digits[3];
        if !(81..=92).contains(&month) {
            return Err(IdentifierError::PidNotSynthetic);
        }
        // The first check digit may leave a remainder of 0-3 in numbers issued from 2032 on.
        let first = weighted(&digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
        let second = weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
        if first > 3 || second != 0 {
            return Err(IdentifierError::PidCheckDigits);
        }
        Ok(Self(text.to_owned()))
    }

    /// The eleven digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The date of birth with the last five digits hidden, `150886 *****`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} *****", &self.0[..6])
    }
}

/// A synthetic organisation number: nine digits that begin with 2 or 3 (registered ones begin with 8
/// or 9), with a correct check digit.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationNumber(String);

impl OrganisationNumber {
    /// Accepts a synthetic organisation number.
    ///
    /// # Errors
    /// A sentence that says which rule the number breaks.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let digits: [u32; 9] = digits(text).ok_or(IdentifierError::OrganisationForm)?;
        if !matches!(digits[0], 2 | 3) {
            return Err(IdentifierError::OrganisationNotSynthetic);
        }
        if weighted(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]) != 0 {
            return Err(IdentifierError::OrganisationCheckDigit);
        }
        Ok(Self(text.to_owned()))
    }

    /// The nine digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as Digdir's tokens carry it, `0192:310000019` (ISO 6523).
    #[must_use]
    pub fn iso6523(&self) -> String {
        format!("0192:{}", self.0)
    }
}

/// Why a number is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IdentifierError {
    /// Not eleven digits.
    PidForm,
    /// The month is not raised by 80: it may be a real person.
    PidNotSynthetic,
    /// A check digit is wrong.
    PidCheckDigits,
    /// Not nine digits.
    OrganisationForm,
    /// Begins with another digit than 2 or 3: it may be a real organisation.
    OrganisationNotSynthetic,
    /// The check digit is wrong.
    OrganisationCheckDigit,
}

impl fmt::Display for IdentifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PidForm => "A person number has eleven digits.",
            Self::PidNotSynthetic => {
                "Only synthetic persons can be used here: the month of the person number must be raised by 80."
            }
            Self::PidCheckDigits => "The check digits of the person number are wrong.",
            Self::OrganisationForm => "An organisation number has nine digits.",
            Self::OrganisationNotSynthetic => {
                "Only synthetic organisations can be used here: the number must begin with 2 or 3."
            }
            Self::OrganisationCheckDigit => "The check digit of the organisation number is wrong.",
        })
    }
}

impl std::error::Error for IdentifierError {}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pid({})", self.masked())
    }
}

impl TryFrom<String> for Pid {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Pid> for String {
    fn from(pid: Pid) -> Self {
        pid.0
    }
}

impl TryFrom<String> for OrganisationNumber {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<OrganisationNumber> for String {
    fn from(number: OrganisationNumber) -> Self {
        number.0
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| bytes.map(|byte| u32::from(byte - b'0')))
}

/// The weighted sum modulo 11; the check digit itself has weight 1, so that a correct number gives 0.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum::<u32>()
        % 11
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn synthetic_persons_are_accepted() {
        for pid in ["15868510045", "15868510126", "15868510207"] {
            assert!(Pid::parse(pid).is_ok(), "{pid}");
        }
    }

    #[test]
    fn the_month_decides_before_the_check_digits_so_that_real_numbers_are_named_as_such() {
        assert_eq!(
            Pid::parse("15068510045"),
            Err(IdentifierError::PidNotSynthetic)
        );
        assert_eq!(
            Pid::parse("15868510046"),
            Err(IdentifierError::PidCheckDigits)
        );
        assert_eq!(Pid::parse("1586851004"), Err(IdentifierError::PidForm));
        assert_eq!(Pid::parse("1586851004٣"), Err(IdentifierError::PidForm));
    }

    #[test]
    fn synthetic_organisations_are_accepted_and_others_are_not() {
        for number in [
            "310000019",
            "310000027",
            "312223333",
            "314445554",
            "317778880",
        ] {
            assert!(OrganisationNumber::parse(number).is_ok(), "{number}");
        }
        let refused = OrganisationNumber::parse("910000019");
        assert_eq!(refused, Err(IdentifierError::OrganisationNotSynthetic));
        let refused = OrganisationNumber::parse("310000018");
        assert_eq!(refused, Err(IdentifierError::OrganisationCheckDigit));
    }

    #[test]
    fn debug_of_a_pid_hides_the_individual_digits() {
        let pid = Pid::parse("15868510045").unwrap();
        assert_eq!(format!("{pid:?}"), "Pid(158685 *****)");
    }
}
