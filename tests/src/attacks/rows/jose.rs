use portvakt_jose::Algorithm;
use portvakt_jose::base64url::{decode, encode};

use super::suite::without_signature;
use crate::attacks::scene::{with_part, with_wrong_signature};
use crate::attacks::signer::{ES256, OTHER_RS256, RS256};
use crate::attacks::{Attack, Kind, Mount};

/// The form of a token, its header and its signature.
pub(super) const ROWS: &[Attack] = &[
    Attack::accepted(
        "an_access_token_of_idporten_is_accepted",
        &["RFC 7515 §5.2"],
        "Nothing is wrong.",
        Mount::Token(Kind::IdPorten, |token| token),
    ),
    Attack::refused(
        "alg_none_in_any_case_is_refused",
        "token_alg_not_allowed",
        &["RFC 7515 §4.1.1", "alg none, case variants"],
        "`alg` is `NoNe`, and there is no signature.",
        Mount::Token(Kind::IdPorten, |token| {
            token.header("alg", "NoNe").token(without_signature)
        }),
    ),
    Attack::refused(
        "an_algorithm_in_small_letters_is_refused",
        "token_alg_not_allowed",
        &["RFC 7515 §4.1.1"],
        "`alg` is `rs256`.",
        Mount::Token(Kind::IdPorten, |token| token.header("alg", "rs256")),
    ),
    Attack::refused(
        "an_algorithm_with_a_space_is_refused",
        "token_alg_not_allowed",
        &["RS/HS confusion", "RFC 7515 §4.1.1"],
        "`alg` is `HS256` behind a space.",
        Mount::Token(Kind::IdPorten, |token| token.header("alg", " HS256")),
    ),
    Attack::refused(
        "a_token_without_algorithm_is_refused",
        "token_alg_missing",
        &["RFC 7515 §4.1.1"],
        "There is no `alg`.",
        Mount::Token(Kind::IdPorten, |token| token.without_header("alg")),
    ),
    Attack::refused(
        "a_mac_with_the_public_key_as_its_secret_is_refused",
        "token_alg_not_allowed",
        &["RS/HS confusion", "empty/blank key", "RFC 8725bis §3.1"],
        "`alg` is `HS256`, and the MAC is keyed with what everybody knows.",
        Mount::Token(Kind::IdPorten, |token| token.header("alg", "HS256")),
    ),
    Attack::refused(
        "a_token_that_was_not_signed_by_the_key_is_refused",
        "token_signature_invalid",
        &["RFC 7515 §5.2"],
        "Somebody else signed, and names the key of the issuer.",
        Mount::Token(Kind::IdPorten, |token| {
            token.signed_by(&OTHER_RS256).header("kid", RS256.kid)
        }),
    ),
    Attack::refused(
        "a_changed_claim_is_refused",
        "token_signature_invalid",
        &["RFC 7515 §5.2"],
        "A claim was changed after the token was signed.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| {
                with_part(token, 1, |claims| {
                    let text = String::from_utf8_lossy(claims).replace("substantial", "high");
                    *claims = text.into_bytes();
                })
            })
        }),
    ),
    Attack::refused(
        "an_encrypted_token_is_refused",
        "token_encrypted",
        &["RFC 8725bis §3.3", "decrypted ≠ verified"],
        "The token has the five parts of a JWE, with an unsigned JWT in it.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|_| "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA".to_owned())
        }),
    ),
    Attack::refused(
        "a_compressed_token_is_refused",
        "token_encrypted",
        &["RFC 8725bis §3.13", "DoS"],
        "The header has `zip`, so that a little text would become very much.",
        Mount::Token(Kind::IdPorten, |token| token.header("zip", "DEF")),
    ),
    Attack::refused(
        "a_token_that_takes_long_to_open_is_refused",
        "token_encrypted",
        &["RFC 8725bis §3.13", "DoS"],
        "The header asks for ten million rounds of PBES2.",
        Mount::Token(Kind::IdPorten, |token| {
            token
                .header("alg", "PBES2-HS256+A128KW")
                .header("enc", "A128GCM")
                .header("p2c", 10_000_000)
        }),
    ),
    Attack::refused(
        "a_signature_in_json_is_refused",
        "token_malformed",
        &["JSON vs compact confusion", "RFC 7515 §3.1"],
        "The token is written in the JSON form, with the compact one in its middle.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| {
                let parts: Vec<&str> = token.split('.').collect();
                format!(
                    r#"{{"protected":"{}","payload":"{}","signature":"{}"}}"#,
                    parts.first().unwrap_or(&""),
                    parts.get(1).unwrap_or(&""),
                    parts.get(2).unwrap_or(&"")
                )
            })
        }),
    ),
    Attack::refused(
        "a_million_dots_are_refused",
        "token_too_large",
        &["DoS", "RFC 7515 §3.1"],
        "The token is a million dots.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|_| ".".repeat(1_000_000))
        }),
    ),
    Attack::refused(
        "a_token_with_padding_is_refused",
        "token_malformed",
        &["base64 malleability", "RFC 8725bis §3.14"],
        "The signature has padding.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| format!("{token}=="))
        }),
    ),
    Attack::refused(
        "a_token_with_a_line_break_is_refused",
        "token_malformed",
        &["base64 malleability", "RFC 8725bis §3.14"],
        "There is a line break at the end.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| format!("{token}\n"))
        }),
    ),
    Attack::refused(
        "a_token_with_a_space_in_it_is_refused",
        "token_malformed",
        &["base64 malleability", "RFC 8725bis §3.14"],
        "There is a space in the claims.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| token.replacen('.', ". ", 1))
        }),
    ),
    Attack::refused(
        "a_token_of_the_other_base64_is_refused",
        "token_malformed",
        &["base64 malleability", "RFC 8725bis §3.14"],
        "The signature is in ordinary base64, with `+` in it.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| {
                let mut token = token.to_owned();
                token.pop();
                format!("{token}+")
            })
        }),
    ),
    Attack::refused(
        "spare_bits_that_are_set_are_refused",
        "token_malformed",
        &["base64 malleability"],
        "The bits of the last character that mean nothing are not zero: another text for the same signature.",
        Mount::Token(Kind::IdPorten, |token| token.token(with_spare_bits)),
    ),
    Attack::refused(
        "a_header_that_says_a_thing_twice_is_refused",
        "token_header_malformed",
        &["RFC 7515 §4", "duplicate/unicode keys"],
        "The header has `alg` twice, and is signed so.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned(token, 0, r#"{"alg":"none","#))
        }),
    ),
    Attack::refused(
        "claims_that_say_a_thing_twice_are_refused",
        "token_claims_malformed",
        &["RFC 7519 §4", "duplicate/unicode keys"],
        "The claims have `scope` twice, and are signed so.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned(token, 1, r#"{"scope":"admin","#))
        }),
    ),
    Attack::refused(
        "a_name_that_is_escaped_is_the_same_name",
        "token_claims_malformed",
        &["RFC 7519 §4", "duplicate/unicode keys"],
        "The claims have `scope` twice, once with a letter written as `\\u0063`.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned(token, 1, "{\"s\\u0063ope\":\"admin\","))
        }),
    ),
    Attack::refused(
        "text_that_is_not_utf_8_is_refused",
        "token_claims_malformed",
        &["RFC 8725bis §3.7", "duplicate/unicode keys"],
        "A claim has a byte that UTF-8 has not.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned_bytes(token, 1, b"{\"x\":\"\xff\","))
        }),
    ),
    Attack::refused(
        "a_byte_order_mark_is_refused",
        "token_claims_malformed",
        &["RFC 8725bis §3.7"],
        "The claims begin with a byte order mark.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned(token, 1, "\u{feff}{"))
        }),
    ),
    Attack::refused(
        "half_a_character_is_refused",
        "token_claims_malformed",
        &["duplicate/unicode keys"],
        "A claim has one half of a surrogate pair.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned(token, 1, "{\"x\":\"\\ud800\","))
        }),
    ),
    Attack::refused(
        "a_number_that_is_infinite_is_refused",
        "token_claims_malformed",
        &["RFC 7519 §2", "session survives after exp"],
        "A claim is `1e400`.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| resigned(token, 1, "{\"x\":1e400,"))
        }),
    ),
    Attack::refused(
        "claims_that_are_nested_too_deep_are_refused",
        "token_claims_malformed",
        &["DoS"],
        "A claim is lists in lists, ten thousand deep.",
        Mount::Token(Kind::IdPorten, |token| {
            token.token(|token| {
                let deep = format!("{{\"x\":{}{},", "[".repeat(10_000), "]".repeat(10_000));
                resigned(token, 1, &deep)
            })
        }),
    ),
    Attack::refused(
        "an_extension_that_must_be_understood_is_refused",
        "token_crit_unsupported",
        &["RFC 7515 §4.1.11", "crit ignored"],
        "`crit` names an extension that the header has, too.",
        Mount::Token(Kind::IdPorten, |token| {
            token
                .header("crit", vec!["urn:example:unknown"])
                .header("urn:example:unknown", true)
        }),
    ),
    Attack::refused(
        "an_empty_list_of_extensions_is_refused",
        "token_crit_unsupported",
        &["RFC 7515 §4.1.11", "crit ignored"],
        "`crit` is an empty list.",
        Mount::Token(Kind::IdPorten, |token| {
            token.header("crit", Vec::<&str>::new())
        }),
    ),
    Attack::refused(
        "claims_that_are_not_encoded_are_refused",
        "token_b64_unsupported",
        &["RFC 7797 §7"],
        "The header has `b64`.",
        Mount::Token(Kind::IdPorten, |token| token.header("b64", false)),
    ),
    Attack::refused(
        "a_signature_that_is_cut_off_is_refused",
        "token_signature_invalid",
        &["RFC 7515 §5.2"],
        "The signature is empty.",
        Mount::Token(Kind::IdPorten, |token| token.token(without_signature)),
    ),
    Attack::refused(
        "a_signature_of_zeros_is_refused",
        "token_signature_invalid",
        &["psychic / zero r,s", "RFC 7518 §3.4"],
        "The signature by ES256 is r = 0 and s = 0.",
        Mount::Login(|scene| {
            scene
                .signed_by(&ES256, [ES256.jwk()])
                .accepting(Algorithm::Es256)
                .token(|token| with_part(token, 2, |signature| signature.fill(0)))
        }),
    ),
    Attack::refused(
        "a_signature_in_der_is_refused",
        "token_signature_invalid",
        &["ECDSA DER vs P1363", "RFC 7518 §3.4"],
        "The signature by ES256 is the right one, in DER.",
        Mount::Login(|scene| {
            scene
                .signed_by(&ES256, [ES256.jwk()])
                .accepting(Algorithm::Es256)
                .token(|token| with_part(token, 2, |signature| *signature = der(signature)))
        }),
    ),
    Attack::refused(
        "a_signature_that_is_too_long_is_refused",
        "token_signature_invalid",
        &["ECDSA DER vs P1363", "RFC 7518 §3.4"],
        "r and s of ES256 have more bytes than they need, all of them zero.",
        Mount::Login(|scene| {
            scene
                .signed_by(&ES256, [ES256.jwk()])
                .accepting(Algorithm::Es256)
                .token(|token| {
                    with_part(token, 2, |signature| {
                        let (r, s) = signature.split_at(32);
                        *signature = [&[0; 8], r, &[0; 8], s].concat();
                    })
                })
        }),
    ),
    Attack::refused(
        "a_signature_of_another_padding_is_refused",
        "token_signature_invalid",
        &["BERserk, low exponent, e=1", "RFC 7518 §3.5"],
        "The signature by PS256 is one by RS256.",
        Mount::Login(|scene| {
            scene
                .header("alg", Some("PS256".into()))
                .accepting(Algorithm::Ps256)
        }),
    ),
    Attack::refused(
        "a_signature_with_one_wrong_bit_is_refused",
        "token_signature_invalid",
        &["RFC 7515 §5.2"],
        "One bit of the signature is wrong.",
        Mount::Token(Kind::IdPorten, |token| token.token(with_wrong_signature)),
    ),
    Attack::refused(
        "a_claim_that_javascript_looks_others_up_in_is_refused_there",
        "internal_result",
        &["prototype pollution via claims"],
        "The claims have a member `__proto__`.",
        Mount::Test("tests/packaging/cases.mjs", "a claim named __proto__"),
    ),
];

/// The token whose part begins otherwise, signed anew.
fn resigned(token: &str, part: usize, start: &str) -> String {
    resigned_bytes(token, part, start.as_bytes())
}

fn resigned_bytes(token: &str, part: usize, start: &[u8]) -> String {
    let changed = with_part(token, part, |bytes| {
        let rest = bytes.split_off(1);
        *bytes = [start, &rest].concat();
    });
    let input = changed.rsplit_once('.').map_or("", |(input, _)| input);
    RS256.compact(input)
}

/// Another text for the same bytes, for readers that do not look.
fn with_spare_bits(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap_or_default();
    // 256 bytes leave four bits of the last character without a meaning.
    let bytes = decode(signature).unwrap_or_default();
    let mut text = encode(bytes);
    let last = match text.pop() {
        Some('A') => 'B',
        Some('Q') => 'R',
        Some('g') => 'h',
        _ => 'x',
    };
    format!("{input}.{text}{last}")
}

/// r and s as a DER sequence of two integers.
fn der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let integer = |number: &[u8]| {
        // The zero keeps it positive, whether it is needed or not.
        let length = u8::try_from(number.len() + 1).unwrap_or_default();
        [&[2, length, 0], number].concat()
    };
    let content = [integer(r), integer(s)].concat();
    let length = u8::try_from(content.len()).unwrap_or_default();
    [&[0x30, length], content.as_slice()].concat()
}
