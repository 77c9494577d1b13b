//! Tokens signed by another implementation, one for each algorithm and size of key.

use portvakt_jose::{Error, verify};

use crate::support::{POLICY, fixed_cases, jwks, text};

#[test]
fn tokens_of_every_algorithm_and_size_of_key_are_verified() {
    for case in fixed_cases() {
        let set = jwks(&[case["jwk"].clone()]);
        let jwt = verify(text(&case["token"]), &set, &POLICY);
        assert!(jwt.is_ok(), "{}: {jwt:?}", case["name"]);
        let Ok(jwt) = jwt else { continue };
        assert_eq!(
            jwt.header().algorithm().as_str(),
            text(&case["jwk"]["alg"]).replace("Ed25519", "EdDSA")
        );
        assert_eq!(jwt.header().kid(), case["jwk"]["kid"].as_str());
        assert_eq!(
            jwt.claims().get("name").and_then(|name| name.as_str()),
            Some("Kåri Nordmann")
        );
        assert_eq!(jwt.claims().len(), 7);
    }
}

#[test]
fn no_character_of_a_token_can_be_changed() {
    let mut algorithms = Vec::new();
    for case in fixed_cases() {
        // One token of each algorithm: there are thousands of changes to each.
        if algorithms.contains(&case["jwk"]["alg"]) {
            continue;
        }
        algorithms.push(case["jwk"]["alg"].clone());
        let (name, token) = (&case["name"], text(&case["token"]));
        let set = jwks(&[case["jwk"].clone()]);
        for (position, character) in token.char_indices() {
            for other in ["A", "_", ".", ""] {
                let changed = [&token[..position], other, &token[position + 1..]].concat();
                let is_refused = verify(&changed, &set, &POLICY).is_err();
                assert!(
                    is_refused || other.starts_with(character),
                    "{name}: {other:?} {position}"
                );
            }
        }
    }
    assert_eq!(algorithms, ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]);
}

#[test]
fn a_signature_by_another_key_of_the_same_kind_is_refused() {
    let cases = fixed_cases();
    for case in &cases {
        for other in &cases {
            let mut key = other["jwk"].clone();
            if (&key["alg"], &key["kty"]) != (&case["jwk"]["alg"], &case["jwk"]["kty"])
                || (&key["n"], &key["x"]) == (&case["jwk"]["n"], &case["jwk"]["x"])
            {
                continue;
            }
            key["kid"] = case["jwk"]["kid"].clone();
            let outcome = verify(text(&case["token"]), &jwks(&[key]), &POLICY);
            assert_eq!(
                outcome,
                Err(Error::SignatureInvalid),
                "{} by {}",
                case["name"],
                other["name"]
            );
        }
    }
}

#[test]
fn a_signature_does_not_hold_for_another_algorithm_of_the_same_key() {
    for case in fixed_cases() {
        let mut key = case["jwk"].clone();
        let (from, to) = match text(&key["alg"]) {
            "RS256" => ("RS256", "PS256"),
            "PS256" => ("PS256", "RS256"),
            _ => continue,
        };
        key.as_object_mut()
            .expect("a key is an object")
            .remove("alg");
        let set = jwks(&[key]);
        let token = text(&case["token"]);
        assert!(verify(token, &set, &POLICY).is_ok(), "{}", case["name"]);

        let (header, rest) = token.split_once('.').expect("three parts");
        let header = portvakt_jose::base64url::decode(header).expect("base64url");
        let header = String::from_utf8(header).expect("UTF-8").replace(from, to);
        let confused = format!("{}.{rest}", portvakt_jose::base64url::encode(header));
        assert_eq!(
            verify(&confused, &set, &POLICY),
            Err(Error::SignatureInvalid),
            "{}",
            case["name"]
        );
    }
}
