use portvakt_digdir::Preset;
use portvakt_digdir::verify::{
    AccessTokenPolicy, TokenProfile, VerifyError, jwks_uri, parse_jwks, verify_access_token,
};
use portvakt_jose::base64url;

use super::support::{IDPORTEN, NOW, claims, jwks_text, rs256};

#[test]
fn padded_base64_is_read_for_altinn_and_for_nobody_else() {
    let padded = jwks_text(padded_base64);
    let altinn = r#""https://platform.tt02.altinn.no/authentication/api/v1/openid/""#;
    let token = rs256(&claims(IDPORTEN, &[("iss", altinn), ("consumer", "null")]));
    let mut policy = AccessTokenPolicy::of(&Preset::ALTINN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];

    let keys = parse_jwks(Some(TokenProfile::Altinn), padded.as_bytes()).expect("a key set");
    assert!(verify_access_token(&token, &keys, &policy, NOW).is_ok());
    for profile in [
        None,
        Some(TokenProfile::IdPorten),
        Some(TokenProfile::Rfc9068),
    ] {
        let keys = parse_jwks(profile, padded.as_bytes()).expect("a key set");
        let refused = verify_access_token(&token, &keys, &policy, NOW).map_err(VerifyError::code);
        assert_eq!(refused.err(), Some("token_key_unsuitable"), "{profile:?}");
    }
}

#[test]
fn metadata_must_be_of_the_very_issuer() {
    let issuer = "https://test.maskinporten.no/";
    let find = |text: &str| jwks_uri(text.as_bytes(), issuer).map_err(|error| error.code());
    let good = r#"{"issuer":"https://test.maskinporten.no/","jwks_uri":"https://test.maskinporten.no/jwk"}"#;
    assert_eq!(
        find(good).map(|url| url.as_str().to_string()).as_deref(),
        Ok("https://test.maskinporten.no/jwk")
    );
    for (metadata, expected) in [
        ("", "misbehaved_verifier_metadata_malformed"),
        ("[]", "misbehaved_verifier_metadata_malformed"),
        (
            r#"{"jwks_uri":"https://x.example/"}"#,
            "misbehaved_verifier_metadata_issuer",
        ),
        (
            r#"{"issuer":"https://test.maskinporten.no","jwks_uri":"https://x.example/"}"#,
            "misbehaved_verifier_metadata_issuer",
        ),
        (
            r#"{"issuer":"https://test.maskinporten.no/","issuer":"https://test.maskinporten.no/"}"#,
            "misbehaved_verifier_metadata_malformed",
        ),
        (
            r#"{"issuer":"https://test.maskinporten.no/"}"#,
            "misbehaved_verifier_metadata_jwks_uri",
        ),
        (
            r#"{"issuer":"https://test.maskinporten.no/","jwks_uri":"http://x.example/"}"#,
            "misbehaved_verifier_metadata_jwks_uri",
        ),
    ] {
        assert_eq!(find(metadata).err(), Some(expected), "{metadata}");
    }
}

/// Ordinary base64 with padding, made of the other alphabet.
fn padded_base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
