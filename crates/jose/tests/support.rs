//! An issuer that signs with its own key, and access to published vectors.

use std::fs;
use std::path::{Path, PathBuf};

use ed25519_dalek::Signer as _;
use portvakt_jose::{Algorithm, Error, Jwks, JwsPolicy, TypRule, VerifiedJwt, base64url, verify};
use serde_json::{Value, json};

/// The moment at which the tests take place.
pub(crate) const NOW: u64 = 1_790_000_000;

/// Every algorithm allowed, and the type that ID tokens may have.
pub(crate) const POLICY: JwsPolicy<'static> =
    JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));

/// Signs whatever it is given with Ed25519, right or wrong.
pub(crate) struct Issuer {
    key: ed25519_dalek::SigningKey,
    kid: &'static str,
}

impl Issuer {
    pub(crate) fn new(kid: &'static str) -> Self {
        let mut seed = [7; 32];
        for (place, byte) in seed.iter_mut().zip(kid.bytes()) {
            *place = byte;
        }
        Self {
            key: ed25519_dalek::SigningKey::from_bytes(&seed),
            kid,
        }
    }

    /// A JWT with the usual header.
    pub(crate) fn token(&self, claims: &str) -> String {
        self.sign(
            &json!({ "alg": "EdDSA", "kid": self.kid }).to_string(),
            claims.as_bytes(),
        )
    }

    pub(crate) fn sign(&self, header: &str, payload: &[u8]) -> String {
        self.sign_parts(&base64url::encode(header), &base64url::encode(payload))
    }

    /// Signs parts that need not be base64url.
    pub(crate) fn sign_parts(&self, header: &str, payload: &str) -> String {
        let input = format!("{header}.{payload}");
        let signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", base64url::encode(signature.to_bytes()))
    }

    pub(crate) fn jwk(&self) -> Value {
        let x = base64url::encode(self.key.verifying_key().to_bytes());
        let (crv, alg) = ("Ed25519", "EdDSA");
        json!({ "kty": "OKP", "crv": crv, "kid": self.kid, "alg": alg, "use": "sig", "x": x })
    }

    pub(crate) fn jwks(&self) -> Jwks {
        jwks(&[self.jwk()])
    }

    /// Signs the claims and verifies the token.
    pub(crate) fn verified(&self, claims: &str) -> Result<VerifiedJwt, Error> {
        verify(&self.token(claims), &self.jwks(), &POLICY)
    }
}

pub(crate) fn jwks(keys: &[Value]) -> Jwks {
    parse_jwks(&json!({ "keys": keys }))
}

pub(crate) fn parse_jwks(set: &Value) -> Jwks {
    Jwks::parse(set.to_string().as_bytes()).expect("the set is well formed")
}

/// The key without its private members.
pub(crate) fn public_part(key: &Value) -> Value {
    let mut key = key.clone();
    let members = key.as_object_mut().expect("a key is an object");
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        members.remove(private);
    }
    key
}

/// The key with a member changed or, for `None`, removed.
pub(crate) fn with(key: &Value, member: &str, value: Option<Value>) -> Value {
    let mut key = key.clone();
    let members = key.as_object_mut().expect("a key is an object");
    match value {
        Some(value) => members.insert(member.into(), value),
        None => members.remove(member),
    };
    key
}

/// The tokens of `data/tokens.json` with their keys.
pub(crate) fn fixed_cases() -> Vec<Value> {
    serde_json::from_str(include_str!("data/tokens.json")).expect("the file is JSON")
}

/// The first of those keys that has the type.
pub(crate) fn fixed_key(kty: &str) -> Value {
    let mut keys = fixed_cases().into_iter().map(|case| case["jwk"].clone());
    keys.find(|key| key["kty"] == kty)
        .expect("there is a key of the type")
}

/// The first of those tokens that is signed with the algorithm.
pub(crate) fn fixed_token(alg: &str) -> String {
    let mut cases = fixed_cases().into_iter();
    let case = cases
        .find(|case| case["jwk"]["alg"] == alg)
        .expect("there is a token");
    text(&case["token"]).to_string()
}

/// The folder of published vectors, or `None` where it is absent, which is printed.
pub(crate) fn vectors(test: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    if !folder.is_dir() {
        println!("skipped: {test}: the folder of published vectors is absent");
        return None;
    }
    Some(folder)
}

pub(crate) fn read_json(path: &Path) -> Value {
    let text = fs::read(path).expect("the file can be read");
    serde_json::from_slice(&text).expect("the file is JSON")
}

pub(crate) fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
