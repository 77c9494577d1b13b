use portvakt_jose::Algorithm;
use portvakt_jose::base64url::encode;
use portvakt_jose::json::Object;

use crate::attacks::signer::{EDDSA, ES256, OTHER_RS256, PS256, RS256};
use crate::attacks::{Attack, Kind, Mount};

/// What keys may be.
pub(super) const ROWS: &[Attack] = &[
    Attack::refused(
        "a_key_that_the_token_brings_with_it_is_not_used",
        "token_key_unknown",
        &[
            "RFC 7515 §4.1.2",
            "jwk/jku/x5c injection",
            "RFC 8725bis §3.10",
        ],
        "The header has a `jwk`, and the token is signed by that key.",
        Mount::Token(Kind::IdPorten, |token| {
            token
                .signed_by(&OTHER_RS256)
                .header("kid", OTHER_RS256.kid)
                .header("jwk", OTHER_RS256.jwk())
        }),
    ),
    Attack::refused(
        "an_address_that_the_token_names_is_not_asked",
        "token_key_unknown",
        &[
            "RFC 7515 §4.1.2",
            "jwk/jku/x5c injection",
            "RFC 8725bis §3.10",
        ],
        "The header has `jku` and `x5u` with addresses of the forger's.",
        Mount::Token(Kind::IdPorten, |token| {
            token
                .signed_by(&OTHER_RS256)
                .header("kid", OTHER_RS256.kid)
                .header("jku", "https://evil.example/jwks.json")
                .header("x5u", "https://evil.example/cert.pem")
        }),
    ),
    Attack::refused(
        "a_kid_that_is_a_path_is_only_a_name",
        "token_key_unknown",
        &[
            "key lookup by attacker data",
            "RFC 8725bis §3.10",
            "empty/blank key",
        ],
        "`kid` is `../../../dev/null`.",
        Mount::Token(Kind::IdPorten, |token| {
            token.header("kid", "../../../dev/null")
        }),
    ),
    Attack::refused(
        "a_kid_that_is_empty_is_a_name_too",
        "token_key_unknown",
        &["empty/blank key", "key lookup by attacker data"],
        "`kid` is empty.",
        Mount::Token(Kind::IdPorten, |token| token.header("kid", "")),
    ),
    Attack::refused(
        "a_kid_that_is_no_text_is_refused",
        "token_header_malformed",
        &["key lookup by attacker data", "claim type confusion"],
        "`kid` is a list.",
        Mount::Token(Kind::IdPorten, |token| token.header("kid", vec!["rsa-1"])),
    ),
    Attack::refused(
        "a_key_for_another_algorithm_is_not_used",
        "token_key_alg_mismatch",
        &["RFC 7517 §4.2", "RFC 8725bis §3.1"],
        "The key's `alg` is PS256, and the token's RS256.",
        Mount::Token(Kind::IdPorten, |token| token.key_member("alg", "PS256")),
    ),
    Attack::refused(
        "a_key_to_encrypt_with_is_not_used",
        "token_key_unsuitable",
        &["RFC 7517 §4.2"],
        "The key's `use` is `enc`.",
        Mount::Token(Kind::IdPorten, |token| token.key_member("use", "enc")),
    ),
    Attack::refused(
        "a_key_to_sign_with_is_not_used_to_verify",
        "token_key_unsuitable",
        &["RFC 7517 §4.2"],
        "The key's `key_ops` has `sign` alone.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_member("key_ops", vec!["sign"])
        }),
    ),
    Attack::refused(
        "a_secret_in_a_key_set_is_no_key",
        "token_key_unsuitable",
        &["RS/HS confusion", "RFC 7517 §5"],
        "The key is symmetric (`kty` `oct`).",
        Mount::Token(Kind::IdPorten, |token| {
            let mut key = Object::new();
            key.insert("kty", "oct");
            key.insert("k", "AAAA");
            key.insert("kid", RS256.kid);
            token.verified_with([key])
        }),
    ),
    Attack::refused(
        "a_key_that_is_no_object_is_refused",
        "token_keys_malformed",
        &["RFC 7517 §5", "JWKS cache"],
        "The key set has a number among its keys.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_set(|set| set.replacen("[", "[1,", 1))
        }),
    ),
    Attack::refused(
        "a_key_set_that_says_a_thing_twice_is_refused",
        "token_keys_malformed",
        &["duplicate/unicode keys"],
        "The key set has `keys` twice.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_set(|set| set.replacen('{', "{\"keys\":[],", 1))
        }),
    ),
    Attack::refused(
        "a_key_set_that_is_too_large_is_refused",
        "token_keys_too_large",
        &["DoS"],
        "The key set has 300 KB.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_set(|set| format!("{}{set}", " ".repeat(300 * 1024)))
        }),
    ),
    Attack::refused(
        "a_key_set_of_a_hundred_and_one_keys_is_refused",
        "token_keys_too_many",
        &["DoS"],
        "The key set has 101 keys.",
        Mount::Token(Kind::IdPorten, |token| {
            token.verified_with((0..101).map(|number| {
                let mut key = RS256.jwk();
                key.insert("kid", number.to_string());
                key
            }))
        }),
    ),
    Attack::refused(
        "two_keys_of_one_name_are_no_choice",
        "token_key_ambiguous",
        &["RFC 7517 §4.5", "key lookup by attacker data"],
        "Two keys have the `kid` of the token.",
        Mount::Token(Kind::IdPorten, |token| {
            let mut other = OTHER_RS256.jwk();
            other.insert("kid", RS256.kid);
            token.verified_with([RS256.jwk(), other])
        }),
    ),
    Attack::refused(
        "an_exponent_of_one_is_refused",
        "token_key_unsuitable",
        &["BERserk, low exponent, e=1"],
        "The RSA key has e = 1: every text is its own signature.",
        Mount::Token(Kind::IdPorten, |token| token.key_member("e", "AQ")),
    ),
    Attack::refused(
        "an_exponent_of_three_is_refused",
        "token_key_unsuitable",
        &["BERserk, low exponent, e=1"],
        "The RSA key has e = 3.",
        Mount::Token(Kind::IdPorten, |token| token.key_member("e", "Aw")),
    ),
    Attack::refused(
        "an_exponent_that_takes_for_ever_is_refused",
        "token_key_unsuitable",
        &["DoS", "BERserk, low exponent, e=1"],
        "The RSA key has an exponent of 2048 bits.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_member("e", encode([0xff; 256]))
        }),
    ),
    Attack::refused(
        "a_short_modulus_is_refused",
        "token_key_unsuitable",
        &["RFC 7518 §3.3"],
        "The RSA key has 1024 bits.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_member("n", encode([0xff; 128]))
        }),
    ),
    Attack::refused(
        "a_modulus_that_takes_long_is_refused",
        "token_key_unsuitable",
        &["DoS"],
        "The RSA key has 16384 bits.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_member("n", encode([0xff; 2048]))
        }),
    ),
    Attack::refused(
        "a_modulus_with_small_factors_is_refused",
        "token_key_unsuitable",
        &["ROCA", "RFC 8725bis §3.4"],
        "The modulus of 2048 bits is divisible by three.",
        Mount::Token(Kind::IdPorten, |token| {
            token.key_member("n", encode([0xff; 256]))
        }),
    ),
    Attack::refused(
        "a_modulus_with_the_fingerprint_of_roca_is_refused",
        "token_key_unsuitable",
        &["ROCA", "RFC 8725bis §3.4"],
        "The modulus has the fingerprint of the Infineon library.",
        Mount::Test("crates/jose/src/key/rsa/roca.rs", "KeyFault::RsaRoca"),
    ),
    Attack::refused(
        "a_point_that_is_not_on_the_curve_is_refused",
        "token_signature_invalid",
        &["point at infinity / off curve", "RFC 8725bis §3.4"],
        "The key for ES256 has coordinates that are no point of P-256.",
        Mount::Login(|scene| {
            let mut key = ES256.jwk();
            key.insert("y", encode([1; 32]));
            scene.signed_by(&ES256, [key]).accepting(Algorithm::Es256)
        }),
    ),
    Attack::refused(
        "the_point_at_infinity_is_refused",
        "token_signature_invalid",
        &["point at infinity / off curve", "RFC 8725bis §3.4"],
        "The key for ES256 is x = 0 and y = 0.",
        Mount::Login(|scene| {
            let mut key = ES256.jwk();
            key.insert("x", encode([0; 32]));
            key.insert("y", encode([0; 32]));
            scene.signed_by(&ES256, [key]).accepting(Algorithm::Es256)
        }),
    ),
    Attack::refused(
        "a_coordinate_that_is_too_short_is_refused",
        "token_key_unsuitable",
        &["RFC 7518 §6.2.1"],
        "A coordinate of the key for ES256 has 31 bytes.",
        Mount::Login(|scene| {
            let mut key = ES256.jwk();
            key.insert("x", encode([1; 31]));
            scene.signed_by(&ES256, [key]).accepting(Algorithm::Es256)
        }),
    ),
    Attack::refused(
        "a_point_of_small_order_is_refused",
        "token_key_unsuitable",
        &["point at infinity / off curve", "RFC 8725bis §3.4"],
        "The key for Ed25519 is the neutral point, for which one signature fits every text.",
        Mount::Login(|scene| {
            let mut key = EDDSA.jwk();
            let mut neutral = [0; 32];
            if let Some(first) = neutral.first_mut() {
                *first = 1;
            }
            key.insert("x", encode(neutral));
            scene.signed_by(&EDDSA, [key]).accepting(Algorithm::EdDsa)
        }),
    ),
    Attack::accepted(
        "a_key_that_is_of_no_use_hinders_no_other",
        &["RFC 7517 §5", "JWKS cache"],
        "The key set has, beside the right key, one of a kind that nobody knows and one that is not RSA.",
        Mount::Token(Kind::IdPorten, |token| {
            let mut unknown = Object::new();
            unknown.insert("kty", "AKP");
            unknown.insert("kid", "x");
            token.verified_with([unknown, ES256.jwk(), RS256.jwk()])
        }),
    ),
    Attack::accepted(
        "both_names_of_ed25519_are_accepted",
        &["RFC 9864 §2.2"],
        "`alg` is `Ed25519`, and not `EdDSA`.",
        Mount::Token(Kind::Dialog, |token| token.header("alg", "Ed25519")),
    ),
    Attack::refused(
        "a_token_of_another_algorithm_of_the_same_kind_is_refused",
        "token_alg_not_allowed",
        &["RFC 8725bis §3.1", "OIDC Core §3.1.3.7 (7)"],
        "The token is signed, rightly, with PS256 where RS256 is expected.",
        Mount::Token(Kind::IdPorten, |token| {
            token
                .signed_by(&PS256)
                .header("alg", "PS256")
                .header("kid", PS256.kid)
                .verified_with([PS256.jwk()])
        }),
    ),
];
