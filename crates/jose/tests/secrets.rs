//! Nothing of a token can reach a log by way of `Debug` or `Display`.

use std::fmt::Debug;

use portvakt_jose::json::{self, JsonError, Number};
use portvakt_jose::{
    Error, IgnoredKey, Jwk, Jwks, JwsPolicy, KeyFault, TypRule, UnixTime, UnverifiedJws, base64url,
    verify, verify_jws,
};
use serde_json::json;

use crate::support::{Issuer, POLICY, fixed_key, jwks};

const KID: &str = "kid-of-the-secret-key";

#[test]
fn no_public_value_prints_what_a_token_says() {
    let issuer = Issuer::new(KID);
    let claims = json!({
        "iss": "https://issuer.example", "sub": "subject-7f3a", "aud": ["client-19cc"],
        "pid": "15868510045", "nonce": "nonce-52d1", "exp": 1_790_000_120, "15868510126": true,
        "nested": { "list": ["15868510207", { "email": "kari@example.com" }, 15_868_510_045_u64] },
    });
    let header = format!(r#"{{"alg":"EdDSA","kid":"{KID}","typ":"JwT"}}"#);
    let token = issuer.sign(&header, claims.to_string().as_bytes());
    let unusable = json!({ "kty": "oct", "kid": KID, "k": "c2VjcmV0LW9mLWEtbWFj" });
    let set = jwks(&[issuer.jwk(), unusable]);
    let jws = verify_jws(&token, &set, &POLICY).expect("verifies");
    let jwt = verify(&token, &set, &POLICY).expect("verifies");
    let value = json::parse(claims.to_string().as_bytes(), 10_000).expect("JSON");

    let mut printed = Vec::new();
    let mut print = |value: &dyn Debug| printed.push(format!("{value:?} {value:#?}"));
    print(&set);
    set.keys().for_each(|key: &Jwk| print(key));
    set.ignored().iter().for_each(|key: &IgnoredKey| print(key));
    let unverified = UnverifiedJws::parse(&token, &POLICY).expect("is well formed");
    print(&unverified);
    print(&unverified.question(&set).expect("the key is found"));
    print(&jws);
    print(&jws.header());
    print(&jwt);
    print(&jwt.claims());
    print(&jwt.checks(UnixTime::new(1_790_000_000), 5));
    print(&value);
    for (_, member) in value.as_object().expect("an object").iter() {
        print(&member);
        print(&member.as_array());
        print(&member.as_object());
        print(&member.as_number());
    }
    print(&Number::from(15_868_510_045_u64));
    print(&POLICY);
    print(&JwsPolicy::new(&[], TypRule::Required("at+jwt")));
    print(&jwt.clone().into_claims());

    let mut secrets: Vec<String> = [
        KID,
        "JwT",
        "issuer.example",
        "subject-7f3a",
        "client-19cc",
        "15868510045",
        "15868510126",
        "15868510207",
        "nonce-52d1",
        "1790000120",
        "kari@example.com",
        "c2VjcmV0LW9mLWEtbWFj",
    ]
    .map(String::from)
    .into();
    secrets.extend(token.split('.').map(String::from));
    secrets.push(base64url::encode(jws.payload()));
    for text in &printed {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
        assert!(!has_eleven_digits(text), "{text}");
        // The bytes of a payload, printed as a list of numbers.
        assert!(!text.contains("123, 34"), "{text}");
    }
}

#[test]
fn debug_prints_shapes_that_help() {
    let issuer = Issuer::new(KID);
    let unusable = json!({ "kty": "oct", "k": "AAAA" });
    let set = jwks(&[issuer.jwk(), fixed_key("RSA"), fixed_key("EC"), unusable]);
    let token = issuer.token(r#"{"sub":"subject-7f3a"}"#);
    let jws = verify_jws(&token, &set, &POLICY).expect("verifies");
    let jwt = verify(&token, &set, &POLICY).expect("verifies");
    let header = "Header { algorithm: EdDsa, has_kid: true, has_typ: false }";

    let unverified = UnverifiedJws::parse(&token, &POLICY).expect("is well formed");
    let question = unverified.question(&set).expect("the key is found");

    assert_eq!(format!("{:?}", jwt.header()), header);
    assert_eq!(
        format!("{unverified:?}"),
        format!("UnverifiedJws {{ header: {header}, .. }}")
    );
    assert_eq!(
        format!("{question:?}"),
        "SignatureQuestion { key: \
         Jwk { key_type: \"Ed25519\", algorithm: Some(EdDsa), has_kid: true }, \
         algorithm: EdDsa, .. }"
    );
    assert_eq!(
        format!("{jws:?}"),
        format!("VerifiedJws {{ header: {header}, .. }}")
    );
    assert_eq!(
        format!("{jwt:?}"),
        format!("VerifiedJwt {{ header: {header}, claims: Object(1) }}")
    );
    assert_eq!(
        format!("{:?}", jwt.checks(UnixTime::new(5), 10)),
        "ClaimChecks { claims: Object(1), now: UnixTime(5), clock_tolerance: 10 }"
    );
    assert_eq!(
        format!("{set:?}"),
        "Jwks { keys: [\
         Jwk { key_type: \"Ed25519\", algorithm: Some(EdDsa), has_kid: true }, \
         Jwk { key_type: \"RSA\", algorithm: Some(Rs256), has_kid: true }, \
         Jwk { key_type: \"P-256\", algorithm: Some(Es256), has_kid: true }], \
         ignored: [IgnoredKey { position: 3, has_kid: false, fault: Private }] }"
    );
}

#[test]
fn errors_say_the_same_whatever_the_token_says() {
    let issuer = Issuer::new(KID);
    let token = issuer.token(r#"{"pid":"15868510045"}"#);
    let set = issuer.jwks();
    for broken in [
        format!("{token}x"),
        format!(".{token}"),
        token.replace("eyJ", "eyK"),
    ] {
        let error = verify(&broken, &set, &POLICY).expect_err("is broken");
        assert_eq!(error.to_string(), error.sentence());
        assert!(Error::ALL.contains(&error));
    }
    let texts = Error::ALL
        .iter()
        .map(|error| format!("{error} {error:?}"))
        .chain(
            KeyFault::ALL
                .iter()
                .map(|fault| format!("{fault} {fault:?}")),
        )
        .chain(
            JsonError::ALL
                .iter()
                .map(|error| format!("{error} {error:?}")),
        )
        .chain([base64url::decode("15868510045=")
            .expect_err("is padded")
            .to_string()])
        .chain([Jwks::parse(b"15868510045")
            .expect_err("is no set")
            .to_string()]);
    for text in texts {
        assert!(!has_eleven_digits(&text), "{text}");
    }
}

fn has_eleven_digits(text: &str) -> bool {
    text.as_bytes()
        .windows(11)
        .any(|window| window.iter().all(u8::is_ascii_digit))
}
