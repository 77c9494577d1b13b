use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use portvakt_digdir::Preset;
use portvakt_digdir::verify::{
    AccessTokenPolicy, DpopError, DpopPolicy, DpopRequest, VerifiedDpopProof, VerifyError,
    verify_access_token, verify_bound_access_token, verify_dpop_proof,
};
use portvakt_jose::json::{self, Object, Value};
use portvakt_jose::{Algorithm, UnixTime, base64url};

use super::support::{IDPORTEN, NOW, claims, eddsa_with, jwks, jwks_text, rs256, rs256_with};

const URL: &str = "https://api.example/inbox";
const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

struct Key(EcdsaKeyPair);

impl Key {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    fn jwk(&self) -> String {
        let point = self.0.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..65]].map(base64url::encode);
        format!(r#"{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}"#)
    }

    fn thumbprint(&self) -> String {
        let point = self.0.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..65]].map(base64url::encode);
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        base64url::encode(digest(&SHA256, text.as_bytes()))
    }

    fn sign(&self, header: &str, claims: &str) -> String {
        let input = format!(
            "{}.{}",
            base64url::encode(header),
            base64url::encode(claims)
        );
        let signature = self
            .0
            .sign(&SystemRandom::new(), input.as_bytes())
            .expect("a signature");
        format!("{input}.{}", base64url::encode(signature))
    }

    /// A proof as it should be, with some members set, or by `null` taken out.
    fn proof(&self, header: &[(&str, &str)], claims: &[(&str, &str)]) -> String {
        let jwk = self.jwk();
        let now = NOW.as_secs();
        let ath = base64url::encode(digest(&SHA256, TOKEN.as_bytes()));
        let header_text = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
        let claims_text = format!(
            r#"{{"jti":"e1j3V_bKic8-LAEB","htm":"GET","htu":"{URL}","iat":{now},"ath":"{ath}"}}"#
        );
        self.sign(
            &changed(&header_text, header),
            &changed(&claims_text, claims),
        )
    }
}

fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    Value::from(claims(text, changes)).to_json()
}

fn judge(proof: &str) -> Result<VerifiedDpopProof, VerifyError> {
    verify_dpop_proof(proof, get(URL), TOKEN, &DpopPolicy::default(), NOW)
}

const fn get(url: &str) -> DpopRequest<'_> {
    DpopRequest { method: "GET", url }
}

fn code<T>(result: Result<T, VerifyError>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

#[test]
fn the_proof_of_the_rfc_is_accepted() {
    // RFC 9449 §7.1, figures 12 and 13.
    let proof = concat!(
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0Vj",
        "NoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5V",
        "ERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiw",
        "iaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2Mj",
        "YxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtN",
        "P86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA",
    );
    let verified = verify_dpop_proof(
        proof,
        get("https://resource.example.org/protectedresource"),
        TOKEN,
        &DpopPolicy::default(),
        UnixTime::new(1_562_262_620),
    )
    .expect("accepted");
    assert_eq!(
        verified.thumbprint(),
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    );
    assert_eq!(verified.jti(), "e1j3V_bKic8-LAEB");
    assert_eq!(verified.expires_at(), UnixTime::new(1_562_262_618 + 121));
}

#[test]
fn what_is_wrong_with_a_proof_has_a_code() {
    let key = Key::new();
    let ahead = (NOW.as_secs() + 61).to_string();
    let old = (NOW.as_secs() - 121).to_string();
    let long = format!("\"{}\"", "j".repeat(257));
    let cases: &[(&str, &str, &str)] = &[
        ("jti", r#""another""#, "accepted"),
        ("jti", "null", "token_dpop_jti"),
        ("jti", r#""""#, "token_dpop_jti"),
        ("jti", &long, "token_dpop_jti"),
        ("jti", "7", "token_dpop_jti"),
        ("htm", r#""POST""#, "token_dpop_htm_mismatch"),
        ("htm", r#""get""#, "token_dpop_htm_mismatch"),
        ("htm", "null", "token_dpop_htm_mismatch"),
        (
            "htu",
            r#""https://api.example/outbox""#,
            "token_dpop_htu_mismatch",
        ),
        (
            "htu",
            r#""https://api.example.org/inbox""#,
            "token_dpop_htu_mismatch",
        ),
        (
            "htu",
            r#""https://api.example:8443/inbox""#,
            "token_dpop_htu_mismatch",
        ),
        ("htu", r#""/inbox""#, "token_dpop_htu_mismatch"),
        ("htu", "null", "token_dpop_htu_mismatch"),
        (
            "htu",
            r#""https://API.example:443/inbox?page=2#top""#,
            "accepted",
        ),
        ("iat", &ahead, "token_dpop_iat"),
        ("iat", &old, "token_dpop_iat"),
        ("iat", r#""1790000060""#, "token_dpop_iat"),
        ("iat", "null", "token_dpop_iat"),
        (
            "ath",
            r#""fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEp""#,
            "token_dpop_ath_mismatch",
        ),
        ("ath", "null", "token_dpop_ath_mismatch"),
    ];
    for (name, value, expected) in cases {
        let proof = key.proof(&[], &[(name, value)]);
        assert_eq!(code(judge(&proof)), *expected, "{name} {value}");
    }
}

#[test]
fn what_is_wrong_with_the_header_of_a_proof_has_a_code() {
    let (key, other) = (Key::new(), Key::new());
    let private = key.jwk().replace(r#""kty""#, r#""d":"AAAA","kty""#);
    let other_jwk = other.jwk();
    let cases: &[(&str, &str, &str)] = &[
        ("typ", r#""JWT""#, "token_dpop_malformed"),
        ("typ", "null", "token_dpop_malformed"),
        ("alg", r#""none""#, "token_dpop_malformed"),
        ("alg", r#""RS256""#, "token_dpop_malformed"),
        ("alg", r#""HS256""#, "token_dpop_malformed"),
        ("crit", r#"["x"]"#, "token_dpop_malformed"),
        ("jwk", "null", "token_dpop_key"),
        ("jwk", r#"{"kty":"oct","k":"AAAA"}"#, "token_dpop_key"),
        ("jwk", "[]", "token_dpop_key"),
        ("jwk", &private, "token_dpop_key"),
        ("jwk", &other_jwk, "token_dpop_signature"),
    ];
    for (name, value, expected) in cases {
        let proof = key.proof(&[(name, value)], &[]);
        assert_eq!(code(judge(&proof)), *expected, "{name} {value}");
    }
    let good = key.proof(&[], &[]);
    let long = format!("{good}{}", "A".repeat(8192));
    for (proof, expected) in [
        ("", "token_dpop_malformed"),
        ("a.b.c", "token_dpop_malformed"),
        (&good[..good.len() - 2], "token_dpop_signature"),
        (long.as_str(), "token_dpop_malformed"),
        // Two headers, as some servers join them.
        (
            &[good.as_str(), good.as_str()].join(", "),
            "token_dpop_malformed",
        ),
    ] {
        assert_eq!(code(judge(proof)), expected);
    }
}

#[test]
fn a_proof_that_is_too_long_is_not_looked_into() {
    let without_key = Key::new().proof(&[("jwk", "null")], &[]);
    assert_eq!(code(judge(&without_key)), "token_dpop_key");
    let length = 8193;
    let long = format!("{without_key:A<length$}");
    assert_eq!(code(judge(&long)), "token_dpop_malformed");
}

#[test]
fn keys_of_every_kind_have_their_thumbprint() {
    let published = json::parse(jwks_text(|bytes| base64url::encode(bytes)).as_bytes(), 4096);
    let published = published.expect("JSON");
    let [rsa, ed]: &[Value; 2] = published
        .get("keys")
        .and_then(|keys| keys.as_array()?.try_into().ok())
        .expect("two keys");
    type Sign = fn(&str, &Object) -> String;
    let cases: [(&Value, &str, &[&str], Algorithm, Sign); 2] = [
        (rsa, "RSA", &["e", "kty", "n"], Algorithm::Rs256, rs256_with),
        (
            ed,
            "OKP",
            &["crv", "kty", "x"],
            Algorithm::EdDsa,
            eddsa_with,
        ),
    ];
    for (jwk, kty, names, algorithm, sign) in cases {
        let member = |name: &str| {
            let value = jwk.get(name).expect("a member").to_json();
            format!(r#""{name}":{value}"#)
        };
        // RFC 7638 §3.2: what makes the key, by name, without white space.
        let members: Vec<_> = names.iter().map(|name| member(name)).collect();
        let key = format!("{{{}}}", members.join(","));
        assert_eq!(jwk.get("kty").and_then(Value::as_str), Some(kty));
        let alg = algorithm.as_str();
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"{alg}","jwk":{key}}}"#);
        let ath = base64url::encode(digest(&SHA256, TOKEN.as_bytes()));
        let text = format!(
            r#"{{"jti":"e1j3V_bKic8-LAEB","htm":"GET","htu":"{URL}","iat":{},"ath":"{ath}"}}"#,
            NOW.as_secs()
        );
        let proof = sign(&header, &claims(&text, &[]));
        let mut policy = DpopPolicy::default();
        assert_eq!(code(judge(&proof)), "token_dpop_malformed");
        policy.algorithms = vec![algorithm];
        let verified = verify_dpop_proof(&proof, get(URL), TOKEN, &policy, NOW);
        assert_eq!(
            verified.expect("accepted").thumbprint(),
            base64url::encode(digest(&SHA256, key.as_bytes()))
        );
    }
}

#[test]
fn a_nonce_that_was_handed_out_is_demanded() {
    let key = Key::new();
    let mut policy = DpopPolicy::default();
    policy.nonce = Some("n-1".into());
    let judge = |nonce| {
        let proof = key.proof(&[], &[("nonce", nonce)]);
        code(verify_dpop_proof(&proof, get(URL), TOKEN, &policy, NOW))
    };
    assert_eq!(judge(r#""n-1""#), "accepted");
    assert_eq!(judge(r#""n-0""#), "token_dpop_nonce");
    assert_eq!(judge("null"), "token_dpop_nonce");
}

#[test]
fn a_policy_that_protects_nothing_is_refused() {
    type Change = fn(&mut DpopPolicy);
    let changes: &[Change] = &[
        |policy| policy.algorithms.clear(),
        |policy| policy.max_age_seconds = 0,
        |policy| policy.max_age_seconds = 301,
        |policy| policy.clock_tolerance_seconds = 301,
        |policy| policy.nonce = Some(String::new()),
    ];
    let proof = Key::new().proof(&[], &[]);
    for change in changes {
        let mut policy = DpopPolicy::default();
        change(&mut policy);
        let outcome = verify_dpop_proof(&proof, get(URL), TOKEN, &policy, NOW);
        assert_eq!(code(outcome), "misuse_verifier_dpop");
    }
}

fn policy() -> AccessTokenPolicy {
    let mut policy = AccessTokenPolicy::of(&Preset::ID_PORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    policy
}

/// A token of ID-porten that is bound to a key, and a proof for it.
fn bound(key: &Key, confirmation: &str) -> (String, String) {
    let token = rs256(&claims(IDPORTEN, &[("cnf", confirmation)]));
    let ath = base64url::encode(digest(&SHA256, token.as_bytes()));
    let proof = key.proof(&[], &[("ath", &format!("\"{ath}\""))]);
    (token, proof)
}

#[test]
fn a_bound_token_is_accepted_with_a_proof_by_its_key_and_in_no_other_way() {
    let (key, thief) = (Key::new(), Key::new());
    let confirmation = format!(r#"{{"jkt":"{}"}}"#, key.thumbprint());
    let judge = |token: &str, proof: &str| {
        let dpop = DpopPolicy::default();
        verify_bound_access_token(token, proof, get(URL), &jwks(), &policy(), &dpop, NOW)
    };
    let (token, proof) = bound(&key, &confirmation);
    let (verified, proof_seen) = judge(&token, &proof).expect("accepted");
    assert_eq!(verified.client_id(), Some("client-1"));
    assert_eq!(proof_seen.thumbprint(), key.thumbprint());
    // As a bearer token, which a thief would present it as.
    let outcome = verify_access_token(&token, &jwks(), &policy(), NOW);
    assert_eq!(code(outcome), "token_sender_constrained");
    // With the thief's own key.
    let ath = base64url::encode(digest(&SHA256, token.as_bytes()));
    let by_thief = thief.proof(&[], &[("ath", &format!("\"{ath}\""))]);
    assert_eq!(code(judge(&token, &by_thief)), "token_dpop_key_mismatch");
    assert_eq!(code(judge(&token, "")), "token_dpop_malformed");

    for (confirmation, expected) in [
        ("null", "token_not_bound"),
        ("{}", "token_sender_constrained"),
        (r#"{"jkt":7}"#, "token_sender_constrained"),
        (r#"{"x5t#S256":"abc"}"#, "token_sender_constrained"),
        (r#""jkt""#, "token_sender_constrained"),
    ] {
        let (token, proof) = bound(&key, confirmation);
        assert_eq!(code(judge(&token, &proof)), expected, "{confirmation}");
    }
    let both = format!(r#"{{"jkt":"{}","x5t#S256":"abc"}}"#, key.thumbprint());
    let (token, proof) = bound(&key, &both);
    assert_eq!(code(judge(&token, &proof)), "token_sender_constrained");
}

#[test]
fn what_is_printed_of_a_proof_is_nothing_that_could_be_replayed() {
    let key = Key::new();
    let proof = judge(&key.proof(&[], &[])).expect("accepted");
    let printed = format!("{proof:?} {proof:#?}");
    assert!(printed.starts_with("VerifiedDpopProof { expires_at: "));
    assert!(!printed.contains(proof.jti()) && !printed.contains(proof.thumbprint()));
}

#[test]
fn codes_are_those_of_a_proof() {
    for error in DpopError::ALL {
        let code = error.code();
        assert!(
            code.starts_with("token_dpop_") || code == "token_not_bound",
            "{code}"
        );
    }
}
