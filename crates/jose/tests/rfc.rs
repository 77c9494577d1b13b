//! The examples of the RFCs and of OpenID Connect Core.

use portvakt_jose::{Algorithm, Error, JwsPolicy, KeyFault, TypRule, UnixTime, verify, verify_jws};
use serde_json::Value;

use crate::support::{POLICY, array, jwks, parse_jwks, read_json, text, vectors};

#[test]
fn rfc_7515_and_8037_examples_are_decided_as_they_should_be() {
    let test = "rfc_7515_and_8037_examples_are_decided_as_they_should_be";
    let Some(folder) = vectors(test) else { return };
    let file = read_json(&folder.join("ietf-rfc/rfc7515_rfc8037_jws.json"));
    let expected = [
        ("RFC7515 A.1", Err(Error::AlgorithmNotAllowed)),
        ("RFC7515 A.2", Ok(())),
        ("RFC7515 A.3", Ok(())),
        ("RFC7515 A.4", Err(Error::AlgorithmNotAllowed)),
        ("RFC7515 A.5 / RFC7519 6.1", Err(Error::AlgorithmNotAllowed)),
        ("RFC7515 A.6", Err(Error::Malformed)),
        ("RFC7515 A.7", Err(Error::Malformed)),
        ("RFC7515 Appendix E", Err(Error::CriticalHeader)),
        ("RFC8037 A.4/A.5", Ok(())),
    ];
    let tests = array(&file["tests"]);
    assert_eq!(tests.len(), expected.len());
    for (test, (name, expected)) in tests.iter().zip(expected) {
        assert_eq!(test["ref"], name);
        let set = match &test["key"] {
            Value::Null => jwks(&[]),
            set if set["keys"].is_array() => parse_jwks(set),
            key => jwks(std::slice::from_ref(key)),
        };
        let token = test["jws"]
            .as_str()
            .map_or_else(|| test["jws"].to_string(), String::from);
        assert_eq!(
            verify_jws(&token, &set, &POLICY).map(drop),
            expected,
            "{name}"
        );
        let is_valid_here =
            test["result"] == "valid" && ["RS256", "ES256", "EdDSA"].contains(&text(&test["alg"]));
        assert_eq!(is_valid_here, expected.is_ok(), "{name}");
    }
}

#[test]
fn payloads_of_rfc_examples_are_read() {
    let Some(folder) = vectors("payloads_of_rfc_examples_are_read") else {
        return;
    };
    let file = read_json(&folder.join("ietf-rfc/rfc7515_rfc8037_jws.json"));
    let example = |name: &str| {
        let found = array(&file["tests"])
            .iter()
            .find(|test| test["ref"] == name);
        let test = found.expect("the example is there");
        (
            text(&test["jws"]).to_string(),
            jwks(std::slice::from_ref(&test["key"])),
        )
    };
    for name in ["RFC7515 A.2", "RFC7515 A.3"] {
        let (token, set) = example(name);
        let jwt = verify(&token, &set, &POLICY).expect("verifies");
        assert_eq!(
            jwt.claims().get("iss").and_then(|iss| iss.as_str()),
            Some("joe")
        );
        let at = |now| jwt.checks(UnixTime::new(now), 0).expiry();
        assert_eq!(at(1_300_819_379), Ok(UnixTime::new(1_300_819_380)));
        assert_eq!(at(1_300_819_380), Err(Error::Expired));
    }
    let (token, set) = example("RFC8037 A.4/A.5");
    let jws = verify_jws(&token, &set, &POLICY).expect("verifies");
    assert_eq!(jws.payload(), b"Example of Ed25519 signing");
    assert_eq!(jws.header().algorithm(), Algorithm::EdDsa);
    assert_eq!(verify(&token, &set, &POLICY), Err(Error::ClaimsMalformed));
}

#[test]
fn id_tokens_of_openid_connect_core_pass_every_check() {
    let test = "id_tokens_of_openid_connect_core_pass_every_check";
    let Some(folder) = vectors(test) else { return };
    let file = read_json(&folder.join("ietf-rfc/oidc_core_appendix_a.json"));
    let set = jwks(std::slice::from_ref(&file["key"]));
    let now = UnixTime::new(file["valid_at"].as_u64().expect("a time"));
    let policy = JwsPolicy::new(&[Algorithm::Rs256], TypRule::AbsentOr("JWT"));
    for test in array(&file["tests"]) {
        let jwt = verify(text(&test["jws"]), &set, &policy).expect("verifies");
        let checks = jwt.checks(now, 0);
        assert_eq!(checks.issuer(text(&file["issuer"])), Ok(()));
        assert_eq!(checks.audience(text(&file["client_id"]), &[]), Ok(()));
        assert_eq!(checks.authorized_party(text(&file["client_id"])), Ok(()));
        assert_eq!(checks.subject(), Ok(text(&test["claims"]["sub"])));
        assert!(checks.expiry().is_ok() && checks.issued_at(60).is_ok());
        assert_eq!(checks.not_before(), Ok(()));
        let claims: Value =
            serde_json::from_str(&portvakt_jose::json::Value::from(jwt.claims().clone()).to_json())
                .expect("JSON");
        assert_eq!(claims, test["claims"], "{}", test["ref"]);
    }
    assert_eq!(array(&file["tests"]).len(), 3);
}

#[test]
fn request_objects_of_rfc_9101_are_verified() {
    let Some(folder) = vectors("request_objects_of_rfc_9101_are_verified") else {
        return;
    };
    let file = read_json(&folder.join("ietf-rfc/rfc9101_jar.json"));
    for test in array(&file["tests"]) {
        let set = jwks(std::slice::from_ref(&test["key"]));
        assert!(
            verify(text(&test["jws"]), &set, &POLICY).is_ok(),
            "{}",
            test["ref"]
        );
    }
    assert_eq!(array(&file["tests"]).len(), 2);
}

#[test]
fn proofs_of_rfc_9449_need_their_type_and_a_key_from_elsewhere() {
    let test = "proofs_of_rfc_9449_need_their_type_and_a_key_from_elsewhere";
    let Some(folder) = vectors(test) else { return };
    let file = read_json(&folder.join("ietf-rfc/rfc9449_dpop.json"));
    let set = jwks(std::slice::from_ref(&file["key"]));
    let proofs = JwsPolicy::new(&[Algorithm::Es256], TypRule::Required("dpop+jwt"));
    for proof in array(&file["proofs"]) {
        let token = text(&proof["proof"]);
        let jwt = verify(token, &set, &proofs).expect("verifies");
        let jti = jwt.claims().get("jti").and_then(|jti| jti.as_str());
        assert_eq!(jti, proof["claims"]["jti"].as_str());
        assert_eq!(verify(token, &set, &POLICY), Err(Error::TypeMismatch));
        // The header carries the key; it is not taken from there.
        assert_eq!(verify(token, &jwks(&[]), &proofs), Err(Error::UnknownKey));
    }
    assert_eq!(array(&file["proofs"]).len(), 3);
    // The key that signed it was never published.
    let token = text(&file["bound_access_token"]["jwt"]);
    assert_eq!(verify(token, &set, &POLICY), Err(Error::UnknownKey));
}

#[test]
fn keys_of_rfc_7517_and_7638_are_used_or_ignored_as_they_should_be() {
    let test = "keys_of_rfc_7517_and_7638_are_used_or_ignored_as_they_should_be";
    let Some(folder) = vectors(test) else { return };
    let file = read_json(&folder.join("ietf-rfc/rfc7517_jwk.json"));
    let faults = |set: &Value| -> Vec<Option<KeyFault>> {
        let count = array(&set["keys"]).len();
        let set = parse_jwks(set);
        assert_eq!(set.keys().count() + set.ignored().len(), count);
        let fault = |position| {
            set.ignored()
                .iter()
                .find(|key| key.position() == position)
                .map(|key| key.fault())
        };
        (0..count).map(fault).collect()
    };
    let private = Some(KeyFault::Private);
    assert_eq!(
        faults(&file["A1_public"]),
        [Some(KeyFault::NotForSignatures), None]
    );
    assert_eq!(faults(&file["A2_private"]), [private, private]);
    assert_eq!(faults(&file["A3_symmetric"]), [private, private]);
    assert_eq!(jwks(std::slice::from_ref(&file["B_x5c"])).keys().count(), 1);

    let thumbprints = read_json(&folder.join("ietf-rfc/rfc7638_thumbprint.json"));
    for test in array(&thumbprints["tests"]) {
        let set = jwks(std::slice::from_ref(&test["key"]));
        assert_eq!(set.keys().count(), 1, "{}", test["ref"]);
    }
    assert_eq!(array(&thumbprints["tests"]).len(), 3);
}

#[test]
fn unencoded_payloads_of_rfc_7797_are_refused() {
    let Some(folder) = vectors("unencoded_payloads_of_rfc_7797_are_refused") else {
        return;
    };
    let file = read_json(&folder.join("ietf-rfc/rfc7797_b64.json"));
    let set = jwks(std::slice::from_ref(&file["key"]));
    let expected = [
        ("4.1", Error::AlgorithmNotAllowed),
        ("4.2", Error::Malformed),
        ("4.2 detached", Error::CriticalHeader),
    ];
    let tests = array(&file["tests"]);
    assert_eq!(tests.len(), expected.len());
    for (test, (name, expected)) in tests.iter().zip(expected) {
        assert_eq!(test["ref"], name);
        assert_eq!(
            verify_jws(text(&test["jws"]), &set, &POLICY).map(drop),
            Err(expected)
        );
    }
}
