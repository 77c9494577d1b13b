//! The judgement of the id_token, step by step, with exact codes.
//!
//! Rows that are also modules of the OpenID Foundation's conformance suite have its names.

use portvakt_jose::base64url::{decode, encode};
use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::{
    Algorithm, Check, ExpectedNonce, IdTokenExpectation, Issuer, Jwks, LoginRequest,
    verify_id_token,
};

use crate::provider::signer::{EDDSA, OTHER_RS256, RS256};
use crate::provider::{
    ACCESS_TOKEN, CLIENT_ID, ISSUER, NOW, Provider, code, config, login, login_with, object,
};

const T: u64 = NOW.as_secs();

#[test]
fn claims_that_are_wrong_are_refused_by_name() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        ("oidcc-client-test", "accepted", |_| {}),
        ("oidcc-client-test-idtoken-sig-rs256", "accepted", |_| {}),
        // (2)
        (
            "oidcc-client-test-invalid-iss",
            "token_iss_mismatch",
            |claims| set(claims, "iss", "https://op.example1"),
        ),
        ("iss with a slash", "token_iss_mismatch", |claims| {
            set(claims, "iss", "https://op.example/")
        }),
        ("iss shortened", "token_iss_mismatch", |claims| {
            set(claims, "iss", "https://op.exampl")
        }),
        ("iss in capitals", "token_iss_mismatch", |claims| {
            set(claims, "iss", "HTTPS://op.example")
        }),
        ("fapi2 invalid-missing-iss", "token_iss_missing", |claims| {
            drop(claims.remove("iss"))
        }),
        ("iss in a list", "token_iss_malformed", |claims| {
            set(claims, "iss", vec!["https://op.example"])
        }),
        // (3)
        (
            "oidcc-client-test-invalid-aud",
            "token_aud_mismatch",
            |claims| set(claims, "aud", format!("{CLIENT_ID}1")),
        ),
        (
            "oidcc-client-test-missing-aud",
            "token_aud_missing",
            |claims| drop(claims.remove("aud")),
        ),
        (
            "fapi2 invalid-secondary-aud",
            "token_aud_untrusted",
            |claims| set(claims, "aud", vec![CLIENT_ID, "other"]),
        ),
        (
            "secondary aud and our azp",
            "token_aud_untrusted",
            |claims| {
                set(claims, "aud", vec![CLIENT_ID, "other"]);
                set(claims, "azp", CLIENT_ID);
            },
        ),
        ("fapi2 valid-aud-as-array", "accepted", |claims| {
            set(claims, "aud", vec![CLIENT_ID])
        }),
        ("aud shortened", "token_aud_mismatch", |claims| {
            set(claims, "aud", &CLIENT_ID[1..])
        }),
        ("aud empty list", "token_aud_malformed", |claims| {
            set(claims, "aud", Vec::<&str>::new())
        }),
        ("aud number", "token_aud_malformed", |claims| {
            set(claims, "aud", 1)
        }),
        ("aud list with a number", "token_aud_malformed", |claims| {
            set(claims, "aud", vec![Value::from(CLIENT_ID), Value::from(1)]);
        }),
        // (4) (5)
        ("azp us", "accepted", |claims| set(claims, "azp", CLIENT_ID)),
        ("azp somebody else", "token_azp_mismatch", |claims| {
            set(claims, "azp", "other")
        }),
        ("azp null", "token_azp_malformed", |claims| {
            set(claims, "azp", Value::Null)
        }),
        // (9)
        ("fapi2 invalid-expired-exp", "token_expired", |claims| {
            set(claims, "exp", T - 360)
        }),
        ("fapi2 invalid-missing-exp", "token_exp_missing", |claims| {
            drop(claims.remove("exp"))
        }),
        ("exp as a text", "token_exp_malformed", |claims| {
            set(claims, "exp", "1790000120")
        }),
        ("exp null", "token_exp_malformed", |claims| {
            set(claims, "exp", Value::Null)
        }),
        ("exp in milliseconds", "token_exp_malformed", |claims| {
            set(claims, "exp", T * 1000)
        }),
        ("expired within the tolerance", "accepted", |claims| {
            set(claims, "exp", T - 59)
        }),
        ("expired at the tolerance", "token_expired", |claims| {
            set(claims, "exp", T - 60)
        }),
        ("nbf in the future", "token_not_yet_valid", |claims| {
            set(claims, "nbf", T + 61)
        }),
        ("nbf now", "accepted", |claims| set(claims, "nbf", T)),
        ("nbf as a text", "token_nbf_malformed", |claims| {
            set(claims, "nbf", "0")
        }),
        // (10)
        (
            "oidcc-client-test-missing-iat",
            "token_iat_missing",
            |claims| drop(claims.remove("iat")),
        ),
        ("iat an hour ahead", "device_clock_wrong", |claims| {
            set(claims, "iat", T + 3600)
        }),
        ("iat five minutes ahead", "accepted", |claims| {
            set(claims, "iat", T + 300);
            set(claims, "exp", T + 420)
        }),
        ("iat farther ahead", "device_clock_wrong", |claims| {
            set(claims, "iat", T + 301)
        }),
        ("iat an hour ago", "device_clock_wrong", |claims| {
            set(claims, "iat", T - 3600);
            set(claims, "exp", T - 3480);
            set(claims, "auth_time", T - 3602)
        }),
        ("iat five minutes ago", "accepted", |claims| {
            set(claims, "iat", T - 300)
        }),
        ("iat dated back to the limit", "accepted", |claims| {
            set(claims, "iat", T - 662)
        }),
        ("iat dated back too far", "token_iat_too_old", |claims| {
            set(claims, "iat", T - 663)
        }),
        ("iat true", "token_iat_malformed", |claims| {
            set(claims, "iat", true)
        }),
        // (11)
        (
            "oidcc-client-test-nonce-invalid",
            "token_nonce_mismatch",
            |claims| {
                let nonce = format!("{}1", claims.get("nonce").unwrap().as_str().unwrap());
                set(claims, "nonce", nonce);
            },
        ),
        ("nonce shortened", "token_nonce_mismatch", |claims| {
            let nonce = claims.get("nonce").unwrap().as_str().unwrap()[1..].to_string();
            set(claims, "nonce", nonce);
        }),
        (
            "fapi2 invalid-missing-nonce",
            "token_nonce_missing",
            |claims| drop(claims.remove("nonce")),
        ),
        ("nonce null", "token_nonce_mismatch", |claims| {
            set(claims, "nonce", Value::Null)
        }),
        ("nonce empty", "token_nonce_mismatch", |claims| {
            set(claims, "nonce", "")
        }),
        // (13) where it was not asked for
        ("auth_time absent", "accepted", |claims| {
            drop(claims.remove("auth_time"))
        }),
        ("auth_time long ago", "accepted", |claims| {
            set(claims, "auth_time", T - 7200)
        }),
        (
            "auth_time as far as clocks may be apart",
            "accepted",
            |claims| set(claims, "auth_time", T + 60),
        ),
        (
            "auth_time in the future",
            "token_auth_time_future",
            |claims| set(claims, "auth_time", T + 61),
        ),
        (
            "auth_time as a text",
            "token_auth_time_malformed",
            |claims| set(claims, "auth_time", "1790000000"),
        ),
        // §2
        (
            "oidcc-client-test-missing-sub",
            "token_sub_missing",
            |claims| drop(claims.remove("sub")),
        ),
        ("sub empty", "token_sub_malformed", |claims| {
            set(claims, "sub", "")
        }),
        ("sub number", "token_sub_malformed", |claims| {
            set(claims, "sub", 1)
        }),
        ("sub of 255 letters", "accepted", |claims| {
            set(claims, "sub", "s".repeat(255))
        }),
        ("sub of 256 letters", "token_sub_malformed", |claims| {
            set(claims, "sub", "s".repeat(256))
        }),
        ("sub beyond ASCII", "token_sub_malformed", |claims| {
            set(claims, "sub", "søren")
        }),
        // §3.1.3.8
        ("oidcc-client-test-missing-athash", "accepted", |claims| {
            drop(claims.remove("at_hash"))
        }),
        (
            "oidcc-client-test-invalid-athash",
            "token_at_hash_mismatch",
            |claims| {
                set(claims, "at_hash", format!("{}1", half(ACCESS_TOKEN)));
            },
        ),
        ("at_hash of the token", "accepted", |claims| {
            set(claims, "at_hash", half(ACCESS_TOKEN))
        }),
        (
            "at_hash of another token",
            "token_at_hash_mismatch",
            |claims| set(claims, "at_hash", half("other")),
        ),
        ("at_hash empty", "token_at_hash_mismatch", |claims| {
            set(claims, "at_hash", "")
        }),
        ("at_hash null", "token_at_hash_malformed", |claims| {
            set(claims, "at_hash", Value::Null)
        }),
        // What a client does not know it ignores.
        ("claims of which nothing is known", "accepted", |claims| {
            set(claims, "__proto__", object([("sub", "x")]));
            set(claims, "amr", "not a list");
            set(claims, "events", object([("a", 1)]));
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_claims(change);
        assert_eq!(code(login(&provider)), *expected, "{name}");
        assert!(!provider.endpoints_asked().contains(&"userinfo"), "{name}");
    }
}

#[test]
fn headers_that_are_wrong_are_refused_by_name() {
    type Change = fn(&mut Object);
    let cases: &[(&str, &str, Change)] = &[
        (
            "oidcc-client-test-idtoken-sig-none",
            "token_alg_not_allowed",
            |header| set(header, "alg", "none"),
        ),
        (
            "fapi2 invalid-null-alg",
            "token_alg_not_allowed",
            |header| set(header, "alg", "None"),
        ),
        (
            "fapi2 invalid-alternate-alg",
            "token_alg_not_allowed",
            |header| set(header, "alg", "PS256"),
        ),
        (
            "HS256 with the public key",
            "token_alg_not_allowed",
            |header| set(header, "alg", "HS256"),
        ),
        ("no alg", "token_alg_missing", |header| {
            drop(header.remove("alg"))
        }),
        ("typ JWT", "accepted", |header| set(header, "typ", "JWT")),
        ("typ jwt", "accepted", |header| set(header, "typ", "jwt")),
        ("typ application/jwt", "accepted", |header| {
            set(header, "typ", "application/jwt")
        }),
        ("an access token", "token_typ_mismatch", |header| {
            set(header, "typ", "at+jwt")
        }),
        ("an access token in full", "token_typ_mismatch", |header| {
            set(header, "typ", "application/at+jwt")
        }),
        ("a logout token", "token_typ_mismatch", |header| {
            set(header, "typ", "logout+jwt")
        }),
        ("a DPoP proof", "token_typ_mismatch", |header| {
            set(header, "typ", "dpop+jwt")
        }),
        ("an empty type", "token_typ_mismatch", |header| {
            set(header, "typ", "")
        }),
        ("unknown kid", "token_key_unknown", |header| {
            set(header, "kid", "rsa-0")
        }),
        // oidcc-client-test-kid-absent-single-jwks
        ("no kid", "accepted", |header| drop(header.remove("kid"))),
        ("a certificate that nobody looks at", "accepted", |header| {
            set(header, "x5c", vec!["MIIB"])
        }),
        ("a crit", "token_crit_unsupported", |header| {
            set(header, "crit", vec!["exp"])
        }),
        ("b64", "token_b64_unsupported", |header| {
            set(header, "b64", true)
        }),
        ("compressed", "token_encrypted", |header| {
            set(header, "zip", "DEF")
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_header(change);
        assert_eq!(code(login(&provider)), *expected, "{name}");
    }
}

#[test]
fn tokens_that_were_tampered_with_are_refused_by_name() {
    type Change = fn(String) -> String;
    let cases: &[(&str, &str, Change)] = &[
        // oidcc-client-test-invalid-sig-rs256
        (
            "the signature of a bit less",
            "token_signature_invalid",
            |token| with_part(&token, 2, |bytes| bytes[0] ^= 1),
        ),
        ("other claims", "token_signature_invalid", |token| {
            with_part(&token, 1, |bytes| {
                let text = String::from_utf8(bytes.clone()).unwrap();
                *bytes = text.replace("substantial", "highhighest").into_bytes();
            })
        }),
        ("no signature", "token_signature_invalid", |token| {
            token[..=token.rfind('.').unwrap()].to_string()
        }),
        (
            "alg none without signature",
            "token_alg_not_allowed",
            |token| {
                let claims = token.split('.').nth(1).unwrap();
                format!("{}.{claims}.", encode(r#"{"alg":"none"}"#))
            },
        ),
        ("padding", "token_malformed", |token| token + "="),
        (
            "a line break",
            "misbehaved_token_id_token_missing",
            |token| token + "\n",
        ),
        ("two parts", "token_malformed", |token| {
            token[..token.rfind('.').unwrap()].to_string()
        }),
        ("an encrypted token", "token_encrypted", |token| {
            format!("{token}.AAAA.AAAA")
        }),
        ("a word", "token_malformed", |_| "token".into()),
        ("nothing", "misbehaved_token_id_token_missing", |_| {
            String::new()
        }),
        ("duplicate claims", "token_claims_malformed", |token| {
            let header = token.split('.').next().unwrap();
            let claims = encode(r#"{"sub":"a","sub":"b"}"#);
            resigned(header, &claims)
        }),
        (
            "claims that are a list",
            "token_claims_malformed",
            |token| resigned(token.split('.').next().unwrap(), &encode("[]")),
        ),
        ("two algorithms", "token_header_malformed", |token| {
            let header = encode(r#"{"alg":"RS256","alg":"none"}"#);
            resigned(&header, token.split('.').nth(1).unwrap())
        }),
        ("signed again by the same key", "accepted", |token| {
            let mut parts = token.split('.');
            resigned(parts.next().unwrap(), parts.next().unwrap())
        }),
    ];
    for (name, expected, change) in cases {
        let provider = Provider::new().edit_token(change);
        assert_eq!(code(login(&provider)), *expected, "{name}");
    }
}

#[test]
fn a_token_of_another_key_is_refused_whatever_it_says_of_the_key() {
    let forged = |header: &mut Object| {
        // Everything that points to the forger's own key.
        header.insert("jwk", OTHER_RS256.jwk());
        header.insert("jku", "https://evil.example/jwks.json");
        header.insert("x5u", "https://evil.example/cert.pem");
    };
    for (kid, expected) in [
        (Some("rsa-1"), "token_signature_invalid"),
        (Some("rsa-2"), "token_key_unknown"),
        (None, "token_signature_invalid"),
    ] {
        let mut provider = Provider::new().edit_header(move |header| {
            forged(header);
            header.remove("kid");
            if let Some(kid) = kid {
                header.insert("kid", kid);
            }
        });
        provider.signer = &OTHER_RS256;
        assert_eq!(code(login(&provider)), expected, "{kid:?}");
        // The provider may have replaced its keys just now: it is asked once more, and no more.
        assert_eq!(
            provider.endpoints_asked(),
            ["metadata", "token", "jwks", "jwks"]
        );
    }
}

// oidcc-client-test-kid-absent-multiple-jwks: refusing and trying are both allowed.
#[test]
fn a_token_without_kid_is_refused_when_several_keys_could_have_signed_it() {
    let mut provider = Provider::new().edit_header(|header| drop(header.remove("kid")));
    provider.keys = vec![RS256.jwk(), OTHER_RS256.jwk()];
    assert_eq!(code(login(&provider)), "token_key_ambiguous");
}

#[test]
fn the_signature_is_judged_before_what_the_token_says() {
    let provider = Provider::new()
        .edit_claims(|claims| set(claims, "iss", "https://evil.example"))
        .edit_token(|token| with_part(&token, 2, |bytes| bytes[9] ^= 1));
    assert_eq!(code(login(&provider)), "token_signature_invalid");
}

#[test]
fn at_hash_of_ed25519_is_half_of_sha512() {
    let sha512 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, ACCESS_TOKEN.as_bytes());
    let right = encode(&sha512.as_ref()[..32]);
    for (at_hash, expected) in [
        (right, "accepted"),
        (half(ACCESS_TOKEN), "token_at_hash_mismatch"),
    ] {
        let provider = Provider::with_signer(&EDDSA)
            .edit_claims(move |claims| set(claims, "at_hash", at_hash.as_str()));
        let mut config = config();
        config.algorithms = vec![Algorithm::EdDsa];
        assert_eq!(
            code(login_with(&provider, &config, LoginRequest::default())),
            expected
        );
    }
}

/// OIDC Core §A.4, where `at_hash` and the access token of an RS256 example are printed.
#[test]
fn at_hash_of_the_specifications_example_is_reproduced() {
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    let provider = Provider::new()
        .edit_claims(|claims| set(claims, "at_hash", "77QmUPtjPfzWtF2AnpK9RQ"))
        .edit_token_response(move |response| {
            response.insert("access_token", access_token);
        });
    assert_eq!(code(login(&provider)), "accepted");
}

#[test]
fn an_id_token_judged_by_itself_gets_the_same_answer() {
    type Change = for<'a> fn(&mut IdTokenExpectation<'a>);
    let cases: &[(&str, &str, Change)] = &[
        ("as it came", "accepted", |_| {}),
        ("a nonce that nobody knows", "accepted", |it| {
            it.nonce = ExpectedNonce::Unknown
        }),
        ("another nonce", "token_nonce_mismatch", |it| {
            it.nonce = ExpectedNonce::Is("other")
        }),
        ("another client", "token_aud_mismatch", |it| {
            it.client_id = "other"
        }),
        ("another algorithm", "token_alg_not_allowed", |it| {
            it.algorithms = &[Algorithm::Ps256]
        }),
        ("recent enough", "accepted", |it| {
            it.authenticated_since = Some(NOW.saturating_add(58));
        }),
        ("not recent enough", "token_auth_time_too_old", |it| {
            it.authenticated_since = Some(NOW.saturating_add(59));
        }),
        ("no algorithm", "misuse_algorithms", |it| {
            it.algorithms = &[]
        }),
        ("no client", "misuse_client_id", |it| it.client_id = ""),
        ("any clock", "misuse_clock_tolerance", |it| {
            it.clock_tolerance_seconds = 301
        }),
    ];
    let login = login(&Provider::new()).unwrap();
    let nonce = login
        .id_token
        .claims()
        .get("nonce")
        .and_then(Value::as_str)
        .unwrap();
    let keys = Value::from(object([("keys", vec![RS256.jwk()])])).to_json();
    let keys = Jwks::parse(keys.as_bytes()).unwrap();
    let issuer = Issuer::parse(ISSUER).unwrap();
    for (name, expected, change) in cases {
        let mut expectation = IdTokenExpectation::new(&issuer, CLIENT_ID, ExpectedNonce::Is(nonce));
        change(&mut expectation);
        let result = verify_id_token(login.id_token.raw(), &keys, &expectation, NOW);
        if let Ok((id_token, checks)) = &result {
            assert_eq!(id_token.claims(), login.id_token.claims(), "{name}");
            let has_nonce = matches!(expectation.nonce, ExpectedNonce::Is(_));
            assert_eq!(checks.contains(&Check::Nonce), has_nonce, "{name}");
        }
        assert_eq!(code(result), *expected, "{name}");
        assert!(!format!("{expectation:?}").contains(nonce));
    }
}

fn set(object: &mut Object, name: &str, value: impl Into<Value>) {
    object.insert(name, value);
}

/// The left half of a SHA-256.
fn half(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    encode(&hash.as_ref()[..16])
}

fn with_part(token: &str, index: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut parts: Vec<String> = token.split('.').map(String::from).collect();
    let mut bytes = decode(&parts[index]).unwrap();
    change(&mut bytes);
    parts[index] = encode(bytes);
    parts.join(".")
}

/// A token of these parts, signed with the provider's key.
fn resigned(header: &str, claims: &str) -> String {
    RS256.compact(&format!("{header}.{claims}"))
}
