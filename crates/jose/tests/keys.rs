//! The policy for single keys: which are used, and for what reason the others are ignored.

use portvakt_jose::KeyFault::{self, *};
use portvakt_jose::base64url::{decode, encode};
use portvakt_jose::{Error, verify};
use serde_json::{Value, json};

use crate::support::{Issuer, POLICY, fixed_key, fixed_token, jwks, text, with};

#[test]
fn keys_of_each_kind_are_used() {
    for key in [fixed_key("RSA"), fixed_key("EC"), fixed_key("OKP")] {
        for optional in ["kid", "alg", "use"] {
            assert_eq!(
                fault(&with(&key, optional, None)),
                Ok(()),
                "without {optional}"
            );
        }
        changed(
            &key,
            &[
                ("x5c", json!(["MIIC"]), Ok(())),
                ("x5u", json!("https://evil.example"), Ok(())),
                ("unheard-of", json!({}), Ok(())),
            ],
        );
    }
}

#[test]
fn keys_of_other_kinds_are_ignored() {
    for key in [fixed_key("RSA"), fixed_key("EC"), fixed_key("OKP")] {
        assert_eq!(fault(&with(&key, "kty", None)), Err(MemberMissing));
        changed(
            &key,
            &[
                ("kty", json!(null), Err(MemberMalformed)),
                ("kty", json!("AKP"), Err(TypeUnsupported)),
                ("kty", json!("rsa"), Err(TypeUnsupported)),
                ("kty", json!("oct"), Err(TypeUnsupported)),
            ],
        );
    }
    changed(
        &fixed_key("EC"),
        &[
            ("kty", json!("RSA"), Err(MemberMissing)),
            ("kty", json!("OKP"), Err(CurveUnsupported)),
            ("crv", json!("P-384"), Err(CurveUnsupported)),
            ("crv", json!("p-256"), Err(CurveUnsupported)),
            ("crv", json!("secp256k1"), Err(CurveUnsupported)),
            ("crv", json!(null), Err(MemberMalformed)),
        ],
    );
    changed(
        &fixed_key("OKP"),
        &[
            ("kty", json!("EC"), Err(CurveUnsupported)),
            ("crv", json!("X25519"), Err(CurveUnsupported)),
            ("crv", json!("Ed448"), Err(CurveUnsupported)),
        ],
    );
    assert_eq!(fault(&json!({ "kty": "oct" })), Err(TypeUnsupported));
    assert_eq!(fault(&json!({})), Err(MemberMissing));
}

#[test]
fn keys_that_come_with_their_secret_are_ignored() {
    for key in [
        fixed_key("RSA"),
        fixed_key("EC"),
        fixed_key("OKP"),
        json!({ "kty": "oct" }),
    ] {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            changed(
                &key,
                &[
                    (private, json!("AAAA"), Err(Private)),
                    (private, json!(""), Err(Private)),
                    (private, json!(null), Err(Private)),
                ],
            );
        }
    }
}

#[test]
fn the_purpose_of_a_key_is_honoured() {
    for key in [fixed_key("RSA"), fixed_key("EC"), fixed_key("OKP")] {
        changed(
            &key,
            &[
                ("use", json!("sig"), Ok(())),
                ("use", json!("enc"), Err(NotForSignatures)),
                ("use", json!("SIG"), Err(NotForSignatures)),
                ("use", json!(""), Err(NotForSignatures)),
                ("use", json!(null), Err(MemberMalformed)),
                ("use", json!(["sig"]), Err(MemberMalformed)),
                ("key_ops", json!(["verify"]), Ok(())),
                ("key_ops", json!(["sign", "verify"]), Ok(())),
                ("key_ops", json!(["sign"]), Err(NotForVerification)),
                (
                    "key_ops",
                    json!(["encrypt", "VERIFY"]),
                    Err(NotForVerification),
                ),
                ("key_ops", json!([]), Err(NotForVerification)),
                ("key_ops", json!(["verify", 1]), Err(MemberMalformed)),
                (
                    "key_ops",
                    json!(["verify", "sign", "verify"]),
                    Err(MemberMalformed),
                ),
                ("key_ops", operations(16), Ok(())),
                ("key_ops", operations(17), Err(MemberMalformed)),
                ("key_ops", json!("verify"), Err(MemberMalformed)),
                ("key_ops", json!(null), Err(MemberMalformed)),
                ("alg", json!("none"), Err(AlgorithmUnsupported)),
                ("alg", json!("HS256"), Err(AlgorithmUnsupported)),
                ("alg", json!("RS512"), Err(AlgorithmUnsupported)),
                ("alg", json!("RSA-OAEP"), Err(AlgorithmUnsupported)),
                ("alg", json!(null), Err(MemberMalformed)),
                ("kid", json!(""), Ok(())),
                ("kid", json!(1), Err(MemberMalformed)),
                ("kid", json!(null), Err(MemberMalformed)),
            ],
        );
    }
}

#[test]
fn the_algorithm_of_a_key_is_one_for_its_kind() {
    for (kty, suitable) in [
        ("RSA", &["RS256", "PS256"][..]),
        ("EC", &["ES256"]),
        ("OKP", &["EdDSA", "Ed25519"]),
    ] {
        for alg in ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] {
            let expected = if suitable.contains(&alg) {
                Ok(())
            } else {
                Err(AlgorithmMismatch)
            };
            changed(&fixed_key(kty), &[("alg", json!(alg), expected)]);
        }
    }
}

#[test]
fn coordinates_of_p_256_have_full_length_and_are_below_the_prime() {
    // Big-endian.
    let prime = decode("_____wAAAAEAAAAAAAAAAAAAAAD_______________8").expect("base64url");
    let mut below = prime.clone();
    below[31] -= 1;
    let key = fixed_key("EC");
    let y = text(&key["y"]);
    for coordinate in ["x", "y"] {
        assert_eq!(fault(&with(&key, coordinate, None)), Err(MemberMissing));
        let short = decode(text(&key[coordinate])).expect("base64url")[1..].to_vec();
        changed(
            &key,
            &[
                (coordinate, json!(1), Err(MemberMalformed)),
                (coordinate, json!(format!("{y}=")), Err(MemberMalformed)),
                (coordinate, json!(format!("{y}\n")), Err(MemberMalformed)),
                (coordinate, json!(encode(short)), Err(CoordinateLength)),
                (coordinate, json!(encode([0; 33])), Err(CoordinateLength)),
                (coordinate, json!(""), Err(CoordinateLength)),
                (coordinate, json!(encode([0xff; 32])), Err(NotOnCurve)),
                (coordinate, json!(encode(&prime)), Err(NotOnCurve)),
                // Whether it is a point of the curve is seen when the key is used.
                (coordinate, json!(encode(&below)), Ok(())),
                (coordinate, json!(encode([0; 32])), Ok(())),
            ],
        );
    }
}

#[test]
fn a_key_that_is_no_point_of_its_curve_is_refused_when_it_is_used() {
    let origin = with(&fixed_key("EC"), "x", Some(json!(encode([0; 32]))));
    let swapped = with(&fixed_key("EC"), "x", Some(fixed_key("EC")["y"].clone()));
    let no_point = json!(encode(little_endian(2, 0)));
    // Not every WebCrypto would tell that it is the key.
    for (alg, key) in [
        ("ES256", swapped),
        ("ES256", with(&origin, "y", Some(json!(encode([0; 32]))))),
        ("EdDSA", with(&fixed_key("OKP"), "x", Some(no_point))),
    ] {
        assert_eq!(fault(&key), Ok(()));
        let set = jwks(&[key]);
        // The second time it is known already.
        for _ in 0..2 {
            let outcome = verify(&fixed_token(alg), &set, &POLICY);
            assert_eq!(outcome, Err(Error::SignatureInvalid), "{alg}");
        }
    }
}

/// Verification and so many operations in all.
fn operations(count: usize) -> Value {
    let others = (1..count).map(|number| format!("other {number}"));
    others.chain(["verify".to_owned()]).collect()
}

#[test]
fn points_of_ed25519_are_canonical_and_not_of_small_order() {
    let key = fixed_key("OKP");
    assert_eq!(fault(&with(&key, "x", None)), Err(MemberMissing));
    changed(
        &key,
        &[
            ("x", json!(null), Err(MemberMalformed)),
            (
                "x",
                json!(format!("{}=", text(&key["x"]))),
                Err(MemberMalformed),
            ),
            ("x", json!(encode([9; 31])), Err(CoordinateLength)),
            ("x", json!(encode([9; 33])), Err(CoordinateLength)),
            // The y-coordinate, lowest byte first.
            ("x", json!(encode(little_endian(2, 0))), Ok(())), // not on the curve
            ("x", json!(encode(little_endian(1, 0))), Err(WeakPoint)),
            ("x", json!(encode(little_endian(0, 0))), Err(WeakPoint)),
            ("x", json!(encode(little_endian(0, 0x80))), Err(WeakPoint)),
        ],
    );
    // 0 and 1 once more, with the prime 2^255 - 19 added.
    for beyond in [0xed, 0xee] {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (beyond, 0x7f);
        changed(&key, &[("x", json!(encode(bytes)), Err(NotOnCurve))]);
    }
}

#[test]
fn rsa_exponents_are_odd_and_from_65537_to_33_bits() {
    let key = fixed_key("RSA");
    assert_eq!(fault(&with(&key, "e", None)), Err(MemberMissing));
    for (exponent, expected) in [
        (&[1, 0, 1][..], Ok(())),
        (&[1, 0, 3], Ok(())),
        (&[1, 0xff, 0xff, 0xff, 0xff], Ok(())),
        (&[2, 0, 0, 0, 1], Err(RsaExponent)),
        (&[1, 0, 0], Err(RsaExponent)),
        (&[1, 0, 2], Err(RsaExponent)),
        (&[0xff, 0xff], Err(RsaExponent)),
        (&[17], Err(RsaExponent)),
        (&[3], Err(RsaExponent)),
        (&[1], Err(RsaExponent)),
        (&[0], Err(RsaExponent)),
        (&[], Err(RsaExponent)),
        (&[0, 1, 0, 1], Err(RsaExponent)),
        // 65537 in the lower half of 128 bits.
        (
            &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1],
            Err(RsaExponent),
        ),
        (&[0xff; 4000], Err(RsaExponent)),
    ] {
        changed(&key, &[("e", json!(encode(exponent)), expected)]);
    }
    changed(
        &key,
        &[
            ("e", json!("AQAB="), Err(MemberMalformed)),
            ("e", json!("AQAB "), Err(MemberMalformed)),
            ("e", json!(65537), Err(MemberMalformed)),
        ],
    );
}

#[test]
fn rsa_moduli_have_2048_to_4096_bits() {
    for (bits, expected) in [
        (512, Err(RsaTooSmall)),
        (1024, Err(RsaTooSmall)),
        (2047, Err(RsaTooSmall)),
        (2048, Ok(())),
        (2049, Ok(())),
        (3072, Ok(())),
        (4095, Ok(())),
        (4096, Ok(())),
        (4097, Err(RsaTooLarge)),
        (8192, Err(RsaTooLarge)),
    ] {
        assert_eq!(with_modulus_of(bits), expected, "{bits}");
    }
}

#[test]
fn rsa_moduli_are_odd_without_leading_zeros_and_without_small_factors() {
    let key = fixed_key("RSA");
    let n = text(&key["n"]);
    let bytes = decode(n).expect("base64url");
    let with_zero = [&[0], bytes.as_slice()].concat();
    let mut even = bytes.clone();
    even[255] &= 0xfe;
    assert_eq!(fault(&with(&key, "n", None)), Err(MemberMissing));
    changed(
        &key,
        &[
            ("n", json!(encode(with_zero)), Err(RsaModulus)),
            ("n", json!(encode(even)), Err(RsaModulus)),
            ("n", json!(encode([0xff; 256])), Err(RsaModulus)), // divisible by 3
            ("n", json!(encode([0; 256])), Err(RsaModulus)),
            ("n", json!(""), Err(RsaTooSmall)),
            ("n", json!(encode([0xff; 10_000])), Err(RsaTooLarge)),
            ("n", json!(format!("{n}==")), Err(MemberMalformed)),
            ("n", json!(null), Err(MemberMalformed)),
        ],
    );
}

/// What becomes of the key with each of the changes.
fn changed(key: &Value, cases: &[(&str, Value, Result<(), KeyFault>)]) {
    for (member, value, expected) in cases {
        let outcome = fault(&with(key, member, Some(value.clone())));
        assert_eq!(outcome, *expected, "{}: {member} {value:.80}", key["kty"]);
    }
}

/// Reads the key in company, so that one bad key cannot spoil a set unseen.
fn fault(key: &Value) -> Result<(), KeyFault> {
    let set = jwks(&[
        Issuer::new("first").jwk(),
        key.clone(),
        Issuer::new("last").jwk(),
    ]);
    assert_eq!(set.keys().count() + set.ignored().len(), 3);
    match set.ignored() {
        [] => Ok(()),
        ignored => {
            assert_eq!(ignored.len(), 1);
            assert_eq!(ignored[0].position(), 1);
            assert_eq!(ignored[0].kid(), key["kid"].as_str());
            Err(ignored[0].fault())
        }
    }
}

/// 32 bytes of which all but the lowest and the highest are zero.
fn little_endian(lowest: u8, highest: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    (bytes[0], bytes[31]) = (lowest, highest);
    bytes
}

/// What becomes of a key whose modulus has so many bits and no small factor.
fn with_modulus_of(bits: usize) -> Result<(), KeyFault> {
    let outcome_with_tail = |tail| {
        let mut modulus = vec![0x5a; bits.div_ceil(8)];
        modulus[0] = 1 << ((bits - 1) % 8);
        modulus[bits.div_ceil(8) - 1] = tail;
        fault(&json!({ "kty": "RSA", "n": encode(modulus), "e": "AQAB" }))
    };
    let mut outcomes = (1..=u8::MAX).step_by(2).map(outcome_with_tail);
    outcomes
        .find(|outcome| *outcome != Err(RsaModulus))
        .expect("some have no small factor")
}
