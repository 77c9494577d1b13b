use core::fmt;

use alloc::format;
use alloc::string::String;

use super::{IdentifierError, digits, weighted_sum};

/// A person's number: a national identity number or a D-number, with right check digits.
///
/// It is personal data: `Debug` shows nothing of it, there is no `Display`, and the digits come out
/// through [`Pid::expose`] alone, so that every use can be found. To show the person which number was
/// meant there is [`Pid::masked`].
///
/// Neither birth date nor gender can be read from it: numbers of people without a known date exist, and
/// from 2032 on the third last digit no longer tells a gender nor the first three a century.
///
/// ```
/// use portvakt_digdir::identifiers::Pid;
///
/// let pid = Pid::parse("15868510045")?;
/// assert!(pid.is_synthetic());
/// assert_eq!(pid.masked(), "158685 *****");
/// assert_eq!(format!("{pid:?}"), "Pid(***)");
/// # Ok::<(), portvakt_digdir::identifiers::IdentifierError>(())
/// ```
///
/// Source: Skatteetaten, folkeregisteropplysninger, pid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pid([u8; 11]);

impl Pid {
    /// Reads eleven digits, without spaces.
    ///
    /// Both check digit rules hold at once: numbers given from 2032 on may leave a remainder of 0 to 3
    /// in the first check digit, and the older ones, which leave 0, stay valid. Auxiliary numbers of
    /// hospitals (month plus 40) are refused: no service signs anyone in with one.
    ///
    /// # Errors
    /// `identifier_pid_form`, `identifier_pid_date`, `identifier_pid_check_digits`.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let digits: [u8; 11] = digits(text).ok_or(IdentifierError::PidForm)?;
        let pid = Self(digits);
        if !(DAYS.contains(&pid.day()) || D_NUMBER_DAYS.contains(&pid.day())) {
            return Err(IdentifierError::PidDate);
        }
        if !(MONTHS.contains(&pid.month()) || pid.is_synthetic()) {
            return Err(IdentifierError::PidDate);
        }
        if weighted_sum(&digits, &FIRST_WEIGHTS) % 11 > LARGEST_FIRST_REMAINDER
            || !weighted_sum(&digits, &SECOND_WEIGHTS).is_multiple_of(11)
        {
            return Err(IdentifierError::PidCheckDigits);
        }
        Ok(pid)
    }

    /// Whether it is the number of a synthetic person: the month is written with 80 added.
    ///
    /// Synthetic and real numbers are disjoint.
    pub fn is_synthetic(&self) -> bool {
        SYNTHETIC_MONTHS.contains(&self.month())
    }

    /// Whether it is a D-number, given to people without a national identity number: the day is written
    /// with 40 added.
    pub fn is_d_number(&self) -> bool {
        D_NUMBER_DAYS.contains(&self.day())
    }

    /// The first six digits, and stars for the five that tell people of one birthday apart.
    ///
    /// For the person's own eyes; it belongs no more in a log than the whole number does.
    pub fn masked(&self) -> String {
        let text = self.expose();
        format!("{} *****", text.get(..6).unwrap_or_default())
    }

    /// The eleven digits.
    pub fn expose(&self) -> String {
        self.0
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    }

    fn day(&self) -> u8 {
        let [tens, ones, ..] = self.0;
        tens * 10 + ones
    }

    fn month(&self) -> u8 {
        let [_, _, tens, ones, ..] = self.0;
        tens * 10 + ones
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pid(***)")
    }
}

const DAYS: core::ops::RangeInclusive<u8> = 1..=31;
const D_NUMBER_DAYS: core::ops::RangeInclusive<u8> = 41..=71;
const MONTHS: core::ops::RangeInclusive<u8> = 1..=12;
const SYNTHETIC_MONTHS: core::ops::RangeInclusive<u8> = 81..=92;

/// The weights of the first check digit, itself included; the second check digit takes no part.
const FIRST_WEIGHTS: [u8; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND_WEIGHTS: [u8; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/// Numbers given from 2032-01-01 on may leave 0, 1, 2 or 3; older ones leave 0.
const LARGEST_FIRST_REMAINDER: u32 = 3;
