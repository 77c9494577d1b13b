//! Organisation numbers, person numbers, ISO 6523 identifiers, parties.

use portvakt_digdir::identifiers::{Icd, IdentifierError, Iso6523, OrganisationNumber, Party, Pid};
use portvakt_jose::json;

fn code<T>(result: Result<T, IdentifierError>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

#[test]
fn organisation_numbers_are_nine_digits_with_a_check_digit() {
    for (text, expected) in [
        ("310000019", "accepted"),
        ("310000027", "accepted"),
        ("310000035", "accepted"),
        ("310000043", "accepted"),
        ("312223333", "accepted"),
        ("314445554", "accepted"),
        ("317778880", "accepted"),
        // The example of the register's own explanation.
        ("123456785", "accepted"),
        // The sum leaves no remainder: the check digit is zero.
        ("310000000", "accepted"),
        ("310000018", "identifier_organisation_number_check_digit"),
        ("310000091", "identifier_organisation_number_check_digit"),
        // The check digit would be ten: such numbers are never issued, whatever the last digit.
        ("310000060", "identifier_organisation_number_check_digit"),
        ("310000061", "identifier_organisation_number_check_digit"),
        ("000000000", "identifier_organisation_number_form"),
        ("012345678", "identifier_organisation_number_form"),
        ("", "identifier_organisation_number_form"),
        ("31000001", "identifier_organisation_number_form"),
        ("3100000190", "identifier_organisation_number_form"),
        ("310 000 019", "identifier_organisation_number_form"),
        (" 310000019", "identifier_organisation_number_form"),
        ("310000019\n", "identifier_organisation_number_form"),
        ("31000001x", "identifier_organisation_number_form"),
        ("+31000019", "identifier_organisation_number_form"),
        ("３１００００019", "identifier_organisation_number_form"),
        ("٣١٠٠٠٠٠١٩", "identifier_organisation_number_form"),
    ] {
        assert_eq!(code(OrganisationNumber::parse(text)), expected, "{text:?}");
        assert_eq!(
            code(text.parse::<OrganisationNumber>()),
            expected,
            "{text:?}"
        );
    }
}

#[test]
fn exactly_one_last_digit_is_right_unless_the_number_is_never_issued() {
    for first_eight in (31_000_000..31_010_000).chain(99_990_000..100_000_000) {
        let right = (0..10)
            .filter(|last| OrganisationNumber::parse(&format!("{first_eight}{last}")).is_ok())
            .count();
        let digits = format!("{first_eight}");
        let sum: u32 = digits
            .bytes()
            .zip([3, 2, 7, 6, 5, 4, 3, 2])
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        assert_eq!(right, usize::from(sum % 11 != 1), "{first_eight}");
    }
}

#[test]
fn organisation_numbers_are_written_as_they_were_read() {
    let number = OrganisationNumber::parse("310000019").unwrap();
    assert_eq!(number.to_string(), "310000019");
    assert_eq!(number.grouped(), "310 000 019");
    assert_eq!(format!("{number:?}"), "OrganisationNumber(310000019)");
}

#[test]
fn person_numbers_have_a_date_and_two_check_digits() {
    for (text, expected) in [
        ("15868510045", "accepted"),
        ("15868510126", "accepted"),
        ("15868510207", "accepted"),
        // D-numbers, and synthetic ones.
        ("55084560064", "accepted"),
        ("41867512347", "accepted"),
        // A number in the old way, of a series that was never issued.
        ("15084560070", "accepted"),
        // From 2032: remainders 1, 2 and 3 in the first check digit.
        ("15868510053", "accepted"),
        ("15868510061", "accepted"),
        ("41867512371", "accepted"),
        // A remainder of 4 and 5.
        ("15868510088", "identifier_pid_check_digits"),
        ("15868510096", "identifier_pid_check_digits"),
        // The second check digit, off by one, and both digits exchanged.
        ("15868510046", "identifier_pid_check_digits"),
        ("15868510054", "identifier_pid_check_digits"),
        // Days 0, 32 and 72; months 0, 13, 53 (hospitals' auxiliary numbers), 80, 93: all with right digits.
        ("00084560014", "identifier_pid_date"),
        ("32084560005", "identifier_pid_date"),
        ("72084560007", "identifier_pid_date"),
        ("15004560040", "identifier_pid_date"),
        ("15134560069", "identifier_pid_date"),
        ("15484560053", "identifier_pid_date"),
        ("15804560006", "identifier_pid_date"),
        ("15934560024", "identifier_pid_date"),
        ("00000000000", "identifier_pid_date"),
        ("", "identifier_pid_form"),
        ("1586851004", "identifier_pid_form"),
        ("158685100450", "identifier_pid_form"),
        ("158685 10045", "identifier_pid_form"),
        ("15868510045 ", "identifier_pid_form"),
        ("1586851004x", "identifier_pid_form"),
        ("-5868510045", "identifier_pid_form"),
        ("１5868510045", "identifier_pid_form"),
    ] {
        assert_eq!(code(Pid::parse(text)), expected, "{text:?}");
    }
}

#[test]
fn the_rule_of_2032_gives_up_to_four_first_check_digits_and_keeps_the_second() {
    let valid: Vec<String> = (0..100)
        .map(|digits| format!("158685100{digits:02}"))
        .filter(|number| Pid::parse(number).is_ok())
        .collect();
    assert_eq!(valid, ["15868510045", "15868510053", "15868510061"]);
}

#[test]
fn synthetic_and_d_numbers_are_told_apart_from_real_ones() {
    for (text, is_synthetic, is_d_number) in [
        ("15868510045", true, false),
        ("41867512347", true, true),
        ("15084560070", false, false),
        ("55084560064", false, true),
    ] {
        let pid = Pid::parse(text).unwrap();
        assert_eq!(pid.is_synthetic(), is_synthetic, "{text}");
        assert_eq!(pid.is_d_number(), is_d_number, "{text}");
    }
}

#[test]
fn a_person_number_shows_itself_only_when_asked() {
    let pid = Pid::parse("15868510045").unwrap();
    assert_eq!(pid.expose(), "15868510045");
    assert_eq!(pid.masked(), "158685 *****");
    assert_eq!(format!("{pid:?}"), "Pid(***)");
}

#[test]
fn iso_6523_identifiers_are_read_in_every_case_and_of_the_norwegian_register_only() {
    for (text, expected) in [
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}"#,
            "accepted",
        ),
        (
            r#"{"Authority":"iso6523-actorid-upis","ID":"0192:310000019"}"#,
            "accepted",
        ),
        (
            r#"{"AUTHORITY":"iso6523-actorid-upis","Id":"0192:310000019"}"#,
            "accepted",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","id":"9908:310000019","more":1}"#,
            "accepted",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0193:310000019"}"#,
            "identifier_iso6523_icd",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"192:310000019"}"#,
            "identifier_iso6523_icd",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":":310000019"}"#,
            "identifier_iso6523_icd",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"310000019"}"#,
            "identifier_iso6523_form",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000019:sub"}"#,
            "identifier_organisation_number_form",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000018"}"#,
            "identifier_organisation_number_check_digit",
        ),
        (
            r#"{"authority":"iso6523","ID":"0192:310000019"}"#,
            "identifier_iso6523_authority",
        ),
        (
            r#"{"authority":"ISO6523-actorid-upis","ID":"0192:310000019"}"#,
            "identifier_iso6523_authority",
        ),
        (r#"{"ID":"0192:310000019"}"#, "identifier_iso6523_form"),
        (
            r#"{"authority":"iso6523-actorid-upis"}"#,
            "identifier_iso6523_form",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000019","id":"0192:310000027"}"#,
            "identifier_iso6523_form",
        ),
        (
            r#"{"authority":"iso6523-actorid-upis","ID":310000019}"#,
            "identifier_iso6523_form",
        ),
        (r#""0192:310000019""#, "identifier_iso6523_form"),
        ("null", "identifier_iso6523_form"),
    ] {
        let value = json::parse(text.as_bytes(), 1000).unwrap();
        assert_eq!(code(Iso6523::from_json(&value)), expected, "{text}");
    }
}

#[test]
fn an_iso_6523_identifier_is_written_as_the_services_write_it() {
    let number = OrganisationNumber::parse("310000019").unwrap();
    let identifier = Iso6523::new(number);
    assert_eq!(identifier.to_string(), "0192:310000019");
    assert_eq!(
        identifier.to_json().to_json(),
        r#"{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}"#
    );
    assert_eq!(Iso6523::from_json(&identifier.to_json()), Ok(identifier));
    let old = Iso6523::parse("9908:310000019").unwrap();
    assert_eq!(
        (old.icd(), old.number()),
        (Icd::EnhetsregisteretLegacy, number)
    );
    assert_eq!(old.to_string(), "9908:310000019");
}

#[test]
fn parties_are_read_and_written_as_their_urns() {
    for urn in [
        "urn:altinn:person:identifier-no:15868510045",
        "urn:altinn:organization:identifier-no:310000019",
        "urn:altinn:systemuser:uuid:6b1f0c5e-0000-4000-8000-000000000001",
        "urn:altinn:person:idporten-email:kari%40example.no",
        "urn:altinn:person:legacy-selfidentified:kari",
        "urn:altinn:feide-subject:0123456789abcdef",
        "urn:altinn:person:identifier-ephemeral:0123456789",
    ] {
        assert_eq!(Party::parse(urn).unwrap().to_urn(), urn);
    }
    let organisation = Party::Organisation(OrganisationNumber::parse("310000019").unwrap());
    assert_eq!(
        Party::parse("urn:altinn:organization:identifier-no:310000019"),
        Ok(organisation)
    );
}

#[test]
fn what_is_no_party_is_refused() {
    let long = format!(
        "urn:altinn:person:legacy-selfidentified:{}",
        "x".repeat(1024)
    );
    for (urn, expected) in [
        ("", "identifier_party_form"),
        ("310000019", "identifier_party_form"),
        (
            "urn:altinn:organization:identifier-no:310000018",
            "identifier_organisation_number_check_digit",
        ),
        (
            "urn:altinn:organization:identifier-no:",
            "identifier_organisation_number_form",
        ),
        (
            "urn:altinn:person:identifier-no:15868510046",
            "identifier_pid_check_digits",
        ),
        (
            "URN:altinn:person:identifier-no:15868510045",
            "identifier_party_form",
        ),
        (
            "urn:altinn:party-identifier:username:kari",
            "identifier_party_form",
        ),
        ("urn:altinn:systemuser:uuid:", "identifier_party_form"),
        (
            "urn:altinn:person:legacy-selfidentified:kari nordmann",
            "identifier_party_form",
        ),
        (
            "urn:altinn:person:legacy-selfidentified:kåre",
            "identifier_party_form",
        ),
        (&long, "identifier_party_form"),
    ] {
        assert_eq!(code(Party::parse(urn)), expected, "{urn:?}");
    }
}
