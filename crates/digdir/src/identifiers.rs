//! Norwegian identifiers: organisation numbers, person numbers, ISO 6523 and Dialogporten's parties.
//!
//! Every one of them is parsed once, with its check digits, and is a type from then on. What does not
//! parse is refused and never guessed at: an organisation in the wrong register is another
//! organisation.

mod iso6523;
mod organisation_number;
mod party;
mod pid;

pub use iso6523::{Icd, Iso6523};
pub use organisation_number::OrganisationNumber;
pub use party::Party;
pub use pid::Pid;

portvakt_jose::errors! {
    /// Why a text is not the identifier that it should be.
    pub enum IdentifierError {
        OrganisationNumberForm => "identifier_organisation_number_form",
            "The organisation number is not nine digits.",
            "Brønnøysundregistrene, organisasjonsnummeret";
        OrganisationNumberCheckDigit => "identifier_organisation_number_check_digit",
            "The check digit of the organisation number is wrong.",
            "Brønnøysundregistrene, organisasjonsnummeret";
        PidForm => "identifier_pid_form",
            "The person number is not eleven digits.",
            "Skatteetaten, folkeregisteropplysninger, pid";
        PidDate => "identifier_pid_date",
            "The person number does not begin with a date.",
            "Skatteetaten, folkeregisteropplysninger, pid";
        PidCheckDigits => "identifier_pid_check_digits",
            "The check digits of the person number are wrong.",
            "Skatteetaten, folkeregisteropplysninger, pid";
        Iso6523Form => "identifier_iso6523_form",
            "The organisation is not given as an ISO 6523 identifier.",
            "Digdir, access token, claim consumer";
        Iso6523Authority => "identifier_iso6523_authority",
            "The authority of the organisation identifier is not iso6523-actorid-upis.",
            "Digdir, access token, claim consumer";
        Iso6523Icd => "identifier_iso6523_icd",
            "The organisation identifier is of an unknown register.",
            "Digdir, access token, claim consumer";
        PartyForm => "identifier_party_form",
            "The text is not the URN of a Dialogporten party.",
            "Dialogporten, Domain/Parties";
    }
}

/// The digits of `text`, if it is exactly `N` ASCII digits and nothing else.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| bytes.map(|byte| byte - b'0'))
}

/// The sum of the digits, each times its weight; `zip` stops at the shorter of the two.
fn weighted_sum(digits: &[u8], weights: &[u8]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| u32::from(*digit) * u32::from(*weight))
        .sum()
}
