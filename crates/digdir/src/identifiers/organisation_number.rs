use core::fmt::{self, Write as _};
use core::str::FromStr;

use super::{IdentifierError, digits, weighted_sum};

/// The number of an organisation in the Norwegian register: nine digits, the last of them a check digit.
///
/// Main units and sub-units have numbers of the same form; which of them one is cannot be seen on it.
/// The number is public, so that it may be shown and logged.
///
/// ```
/// use portvakt_digdir::identifiers::OrganisationNumber;
///
/// let number = OrganisationNumber::parse("310000019")?;
/// assert_eq!(number.to_string(), "310000019");
/// assert_eq!(number.grouped(), "310 000 019");
/// # Ok::<(), portvakt_digdir::identifiers::IdentifierError>(())
/// ```
///
/// Source: Brønnøysundregistrene, organisasjonsnummeret (modulus 11, weights 3 2 7 6 5 4 3 2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationNumber(u32);

impl OrganisationNumber {
    /// Reads nine digits, without spaces.
    ///
    /// # Errors
    /// `identifier_organisation_number_form`, `identifier_organisation_number_check_digit`.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let digits: [u8; 9] = digits(text).ok_or(IdentifierError::OrganisationNumberForm)?;
        // No series begins with zero, and nine zeros would have a right check digit.
        if digits.first() == Some(&0) {
            return Err(IdentifierError::OrganisationNumberForm);
        }
        // With weight 1 on the check digit itself the whole sum is a multiple of eleven; a check digit
        // of ten, which is never issued, cannot be written and thus cannot pass.
        if !weighted_sum(&digits, &WEIGHTS).is_multiple_of(11) {
            return Err(IdentifierError::OrganisationNumberCheckDigit);
        }
        let number = digits
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(*digit));
        Ok(Self(number))
    }

    fn digits(self) -> impl Iterator<Item = char> {
        let powers = (0..9).rev().map(|power| 10_u32.pow(power));
        powers.map(move |power| char::from(b'0' + (self.0 / power % 10) as u8))
    }

    /// The number as people write it: three groups of three digits.
    pub fn grouped(&self) -> alloc::string::String {
        let mut text = alloc::string::String::new();
        for (place, digit) in self.digits().enumerate() {
            if place == 3 || place == 6 {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    }
}

impl fmt::Display for OrganisationNumber {
    /// Digit by digit, without the formatting of numbers, which would weigh more than all of this module in a browser.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().try_for_each(|digit| f.write_char(digit))
    }
}

impl fmt::Debug for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrganisationNumber({self})")
    }
}

impl FromStr for OrganisationNumber {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

const WEIGHTS: [u8; 9] = [3, 2, 7, 6, 5, 4, 3, 2, 1];
