//! The JOSE cookbook (RFC 7520) with its additions for RFC 7797 and RFC 8037.

use portvakt_jose::{Error, KeyFault, verify_jws};
use serde_json::Value;

use crate::support::{POLICY, jwks, public_part, read_json, text, vectors};

#[test]
fn signatures_of_the_cookbook_are_decided_as_they_should_be() {
    let test = "signatures_of_the_cookbook_are_decided_as_they_should_be";
    let Some(folder) = vectors(test) else { return };
    // The outcome of the compact form, where there is one.
    let files = [
        ("jws/4_1.rsa_v15_signature", Some(Ok(()))),
        (
            "jws/4_2.rsa-pss_signature",
            Some(Err(Error::AlgorithmNotAllowed)),
        ), // PS384
        (
            "jws/4_3.ecdsa_signature",
            Some(Err(Error::AlgorithmNotAllowed)),
        ), // ES512
        (
            "jws/4_4.hmac-sha2_integrity_protection",
            Some(Err(Error::AlgorithmNotAllowed)),
        ),
        (
            "jws/4_5.signature_with_detached_content",
            Some(Err(Error::AlgorithmNotAllowed)),
        ),
        ("jws/4_6.protecting_specific_header_fields", None),
        ("jws/4_7.protecting_content_only", None),
        ("jws/4_8.multiple_signatures", None),
        ("curve25519/jws", Some(Ok(()))),
        ("curve25519/ecdh-es", Some(Err(Error::Encrypted))),
        ("rfc7797/4.2.hmac-sha2_b64_false", None),
        ("rfc7797/hmac-sha2_b64_false", Some(Err(Error::Malformed))),
    ];
    for (name, expected) in files {
        let file = read_json(&folder.join(format!("ietf-jose-cookbook/{name}.json")));
        let input = &file["input"];
        let keys = match &input["key"] {
            Value::Array(keys) => keys.iter().map(public_part).collect(),
            key => vec![public_part(key)],
        };
        let set = jwks(&keys);
        let compact = file["output"]["compact"].as_str();
        assert_eq!(compact.is_some(), expected.is_some(), "{name}");
        if let (Some(compact), Some(expected)) = (compact, expected) {
            let outcome = verify_jws(compact, &set, &POLICY);
            assert_eq!(
                outcome.as_ref().map(drop).map_err(|error| *error),
                expected,
                "{name}"
            );
            if let Ok(jws) = outcome {
                assert_eq!(jws.payload(), text(&input["payload"]).as_bytes(), "{name}");
            }
        }
        // The JSON serializations are other forms, and not for tokens.
        for form in ["json", "json_flat"] {
            if let Some(json) = file["output"].get(form) {
                let outcome = verify_jws(&json.to_string(), &set, &POLICY);
                assert_eq!(outcome, Err(Error::Malformed), "{name} {form}");
            }
        }
    }
}

#[test]
fn keys_of_the_cookbook_are_used_or_ignored_as_they_should_be() {
    let test = "keys_of_the_cookbook_are_used_or_ignored_as_they_should_be";
    let Some(folder) = vectors(test) else { return };
    for (name, expected) in [
        ("3_1.ec_public_key", Some(KeyFault::CurveUnsupported)), // P-521
        ("3_2.ec_private_key", Some(KeyFault::Private)),
        ("3_3.rsa_public_key", None),
        ("3_4.rsa_private_key", Some(KeyFault::Private)),
        ("3_5.symmetric_key_mac_computation", Some(KeyFault::Private)),
        ("3_6.symmetric_key_encryption", Some(KeyFault::Private)),
    ] {
        let key = read_json(&folder.join(format!("ietf-jose-cookbook/jwk/{name}.json")));
        let set = jwks(&[key]);
        assert_eq!(
            set.ignored().first().map(|key| key.fault()),
            expected,
            "{name}"
        );
        assert_eq!(
            set.keys().count(),
            usize::from(expected.is_none()),
            "{name}"
        );
    }
}
