//! An issuer that signs whatever it is told to.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use portvakt_digdir::verify::parse_jwks;
use portvakt_jose::json::{self, Object, Value};
use portvakt_jose::{Jwks, UnixTime, base64url};

/// The time of every test.
pub(crate) const NOW: UnixTime = UnixTime::new(1_790_000_060);

static RSA: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair"));
static ED25519: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::generate().expect("a key pair"));

/// The claims of a text, with some set (or, by `null`, taken out).
pub(crate) fn claims(text: &str, changes: &[(&str, &str)]) -> Object {
    let mut claims = parse(text).into_object().expect("an object");
    for (name, value) in changes {
        match parse(value) {
            Value::Null => claims.remove(name),
            value => claims.insert(*name, value),
        };
    }
    claims
}

/// A token as Digdir's services sign them: RS256, `kid`, no `typ`.
pub(crate) fn rs256(claims: &Object) -> String {
    rs256_with(r#"{"kid":"rsa","alg":"RS256"}"#, claims)
}

/// A token with a header of its own, signed with the RSA key all the same.
pub(crate) fn rs256_with(header: &str, claims: &Object) -> String {
    let input = signing_input(header, claims);
    let mut signature = vec![0; RSA.public_modulus_len()];
    RSA.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        input.as_bytes(),
        &mut signature,
    )
    .expect("the key signs");
    format!("{input}.{}", base64url::encode(signature))
}

/// A token as Dialogporten signs them.
pub(crate) fn eddsa(claims: &Object) -> String {
    eddsa_with(r#"{"alg":"EdDSA","typ":"JWT","kid":"ed"}"#, claims)
}

/// A token with a header of its own, signed with the Ed25519 key all the same.
pub(crate) fn eddsa_with(header: &str, claims: &Object) -> String {
    let input = signing_input(header, claims);
    let signature = ED25519.sign(input.as_bytes());
    format!("{input}.{}", base64url::encode(signature))
}

/// Both keys, as they should be published.
pub(crate) fn jwks() -> Jwks {
    parse_jwks(None, jwks_text(|bytes| base64url::encode(bytes)).as_bytes()).expect("a key set")
}

/// Both keys, with the RSA numbers in a given encoding.
pub(crate) fn jwks_text(encode: impl Fn(&[u8]) -> String) -> String {
    let n = encode(RSA.public_key().modulus().big_endian_without_leading_zero());
    let e = encode(
        RSA.public_key()
            .exponent()
            .big_endian_without_leading_zero(),
    );
    let x = base64url::encode(ED25519.public_key());
    format!(
        r#"{{"keys":[{{"kty":"RSA","use":"sig","kid":"rsa","n":"{n}","e":"{e}"}},
                    {{"kty":"OKP","use":"sig","alg":"EdDSA","crv":"Ed25519","kid":"ed","x":"{x}"}}]}}"#
    )
}

fn signing_input(header: &str, claims: &Object) -> String {
    let claims = Value::Object(claims.clone()).to_json();
    format!(
        "{}.{}",
        base64url::encode(header),
        base64url::encode(claims)
    )
}

fn parse(text: &str) -> Value {
    json::parse(text.as_bytes(), 64 * 1024).expect("JSON")
}

/// An access token of ID-porten, by a decoded one.
pub(crate) const IDPORTEN: &str = r#"{
    "iss":"https://test.idporten.no","sub":"x9WJ0s0mePairwiseSubjectValue","pid":"15868510045",
    "acr":"idporten-loa-substantial","scope":"openid profile example:api","client_id":"client-1",
    "client_amr":"none","consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
    "iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo"}"#;

/// An access token of Ansattporten, by a decoded one: no `aud`, two organisations, two resources.
pub(crate) const ANSATTPORTEN: &str = r#"{
    "iss":"https://test.ansattporten.no","sub":"x9WJ0s0mePairwiseSubjectValue","pid":"15868510045",
    "acr":"high","scope":"openid example:api","client_id":"client-1","client_amr":"none",
    "consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310000035"},
    "iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo",
    "authorization_details":[
      {"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post",
       "authorized_parties":[
         {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo-post",
          "actions":["read"],"name":"SYNTETISK PRØVE AS","unit_type":"AS"},
         {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:312223333"},"resource":"demo-post",
          "actions":["read","write"],"name":"SYNTETISK PRØVE AVD OSLO","unit_type":"BEDR"}]},
      {"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-skatt",
       "authorized_parties":[
         {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo-skatt",
          "actions":["write"],"name":"SYNTETISK PRØVE AS","unit_type":"AS"}]}]}"#;

/// An access token of Maskinporten, delegated, for a system user.
pub(crate) const MASKINPORTEN: &str = r#"{
    "iss":"https://test.maskinporten.no/","client_id":"client-1","client_amr":"private_key_jwt",
    "consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
    "supplier":{"authority":"iso6523-actorid-upis","ID":"0192:310000027"},
    "delegation_source":"https://tt02.altinn.no/","scope":"example:api.read example:api.write",
    "token_type":"Bearer","iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo",
    "authorization_details":[{"type":"urn:altinn:systemuser",
      "systemuser_id":["6b1f0c5e-0000-4000-8000-000000000001"],
      "systemuser_org":{"authority":"iso6523-actorid-upis","ID":"0192:310000035"},
      "system_id":"310000043_examplesystem"}]}"#;

/// A dialog token.
pub(crate) const DIALOG: &str = r#"{
    "jti":"38cfdcb9-388b-47b8-a1bf-9f15b2819894","c":"urn:altinn:person:identifier-no:15868510045","l":3,
    "p":"urn:altinn:organization:identifier-no:310000019","s":"urn:altinn:resource:demo-post",
    "i":"0194fe82-9280-77a5-a7cd-5ff0e6a6fa07","a":"read;sign,urn:altinn:subresource:page2;write",
    "e":["attachment-1","transmission-2"],
    "iss":"https://platform.tt02.altinn.no/dialogporten/api/v1",
    "iat":1790000001,"nbf":1790000001,"exp":1790000601}"#;
