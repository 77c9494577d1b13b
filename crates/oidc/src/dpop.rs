//! Tokens that are of use only together with a key: DPoP, RFC 9449.
//!
//! The private key never comes here. The driver makes it where it cannot be taken out (WebCrypto,
//! not extractable), says which it is ([`DpopKey`]), and signs what the flows ask it to
//! ([`UnsignedProof`]).

use alloc::string::{String, ToString};
use core::fmt;

use portvakt_jose::json::{self, Object, Value};
use portvakt_jose::{UnixTime, base64url};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::ApiMisuse;
use crate::http::HttpResponse;
use crate::secret::{AccessToken, Entropy};
use crate::url::Url;

/// The most bytes of a JWK that are read; a P-256 key with all that WebCrypto adds has 200.
const MAX_JWK_BYTES: usize = 4096;

/// The longest method of a request to an API, in bytes: the longest that is registered has 17.
const MAX_METHOD_BYTES: usize = 32;

/// The longest nonce that is taken from a server, in bytes: it goes into a header with the proof.
const MAX_NONCE_BYTES: usize = 1024;

/// The public part of a key that the driver holds: ECDSA on P-256, for ES256.
#[derive(Clone, Eq, PartialEq)]
pub struct DpopKey {
    /// The coordinates in base64url.
    x: String,
    y: String,
}

impl DpopKey {
    /// Reads a JWK, as WebCrypto exports the public key.
    ///
    /// # Errors
    /// `misuse_dpop_key` for anything but a P-256 key, and for one that has its private part with
    /// it.
    pub fn from_jwk(jwk: &str) -> Result<Self, ApiMisuse> {
        Self::read(jwk).ok_or(ApiMisuse::DpopKey)
    }

    fn read(jwk: &str) -> Option<Self> {
        let jwk = json::parse(jwk.as_bytes(), MAX_JWK_BYTES)
            .ok()?
            .into_object()?;
        let member = |name| jwk.get(name).and_then(Value::as_str);
        let coordinate = |name| {
            let text = member(name)?;
            (base64url::decode(text).ok()?.len() == 32).then(|| text.to_string())
        };
        if member("kty")? != "EC" || member("crv")? != "P-256" || jwk.contains("d") {
            return None;
        }
        Some(Self {
            x: coordinate("x")?,
            y: coordinate("y")?,
        })
    }

    /// The name of the key that tokens are bound to: `jkt`. RFC 7638, RFC 9449 §6.1.
    pub fn thumbprint(&self) -> String {
        sha256(&Value::from(self.jwk()).to_json())
    }

    /// The members in the order that RFC 7638 §3.3 has for the thumbprint.
    fn jwk(&self) -> Object {
        let mut jwk = Object::new();
        jwk.insert("crv", "P-256");
        jwk.insert("kty", "EC");
        jwk.insert("x", self.x.as_str());
        jwk.insert("y", self.y.as_str());
        jwk
    }
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DpopKey(..)")
    }
}

/// A key, and the random bytes for the proofs of one flow or one request.
pub struct DpopProofs {
    key: DpopKey,
    /// A `jti` for each proof; the last one first.
    ids: [Option<Zeroizing<String>>; 3],
}

impl DpopProofs {
    /// Takes bytes that nobody else has seen or will use.
    ///
    /// # Errors
    /// `misuse_entropy` if they are plainly not random.
    pub fn new(key: DpopKey, entropy: Entropy) -> Result<Self, ApiMisuse> {
        let ids = entropy.into_parts().ok_or(ApiMisuse::Entropy)?.map(Some);
        Ok(Self { key, ids })
    }

    /// The key.
    pub fn key(&self) -> &DpopKey {
        &self.key
    }

    /// The proof for one request to an API, by any method. RFC 9449 §4.2, §7.
    ///
    /// It goes into the `DPoP` header, signed, beside `Authorization: DPoP` with the access token.
    /// `nonce` is the one that this server asked for last (`DPoP-Nonce`), if it did. `now` is the
    /// time as the server has it: see [`Login::clock_offset_seconds`](crate::Login).
    ///
    /// # Errors
    /// `misuse_dpop_request` for a method or nonce that cannot be.
    pub fn for_resource(
        mut self,
        method: &str,
        url: &Url,
        access_token: &AccessToken,
        nonce: Option<&str>,
        now: UnixTime,
    ) -> Result<UnsignedProof, ApiMisuse> {
        let is_method = (1..=MAX_METHOD_BYTES).contains(&method.len())
            && method
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'-');
        if !is_method || !nonce.is_none_or(is_nonce) {
            return Err(ApiMisuse::DpopRequest);
        }
        self.next(method, url, Some(access_token), nonce, now)
            .ok_or(ApiMisuse::DpopRequest)
    }

    /// The next proof; there are three.
    pub(crate) fn next(
        &mut self,
        method: &str,
        url: &Url,
        access_token: Option<&AccessToken>,
        nonce: Option<&str>,
        now: UnixTime,
    ) -> Option<UnsignedProof> {
        let id = self.ids.iter_mut().find_map(Option::take)?;
        let mut header = Object::new();
        header.insert("typ", "dpop+jwt");
        header.insert("alg", "ES256");
        header.insert("jwk", self.key.jwk());
        let mut claims = Object::new();
        claims.insert("jti", id.as_str());
        claims.insert("htm", method);
        claims.insert("htu", url.without_query());
        claims.insert("iat", now.as_secs());
        if let Some(access_token) = access_token {
            claims.insert("ath", sha256(access_token.expose()));
        }
        if let Some(nonce) = nonce {
            claims.insert("nonce", nonce);
        }
        let mut signing_input = base64url::encode(Value::from(header).to_json());
        signing_input.push('.');
        signing_input.push_str(&base64url::encode(Value::from(claims).to_json()));
        Some(UnsignedProof { signing_input })
    }
}

impl fmt::Debug for DpopProofs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DpopProofs(..)")
    }
}

/// A proof that the driver is to sign with the key that it holds. RFC 9449 §4.2.
#[derive(Clone, Eq, PartialEq)]
pub struct UnsignedProof {
    signing_input: String,
}

impl UnsignedProof {
    /// What to sign, in ASCII: with ECDSA on P-256 and SHA-256.
    pub fn signing_input(&self) -> &str {
        &self.signing_input
    }

    /// The value of the `DPoP` header. `signature` is `R || S`, as WebCrypto gives it. RFC 7518
    /// §3.4.
    pub fn signed(self, signature: &[u8]) -> String {
        let mut proof = self.signing_input;
        proof.push('.');
        proof.push_str(&base64url::encode(signature));
        proof
    }
}

impl fmt::Debug for UnsignedProof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UnsignedProof(..)")
    }
}

/// What the tokens of a login are bound to.
#[derive(Clone, Eq, PartialEq)]
pub struct DpopBinding {
    pub(crate) thumbprint: String,
    pub(crate) nonce: Option<String>,
}

impl DpopBinding {
    /// The [thumbprint](DpopKey::thumbprint) of the key. Without the key, the tokens are of no use
    /// to anybody.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    pub(crate) fn to_object(&self) -> Object {
        let mut object = Object::new();
        object.insert("jkt", self.thumbprint.as_str());
        if let Some(nonce) = &self.nonce {
            object.insert("nonce", nonce.as_str());
        }
        object
    }

    pub(crate) fn read(value: &Value) -> Option<Self> {
        let thumbprint = value.get("jkt")?.as_str()?;
        if base64url::decode(thumbprint).ok()?.len() != 32 {
            return None;
        }
        let nonce = match value.get("nonce") {
            None => None,
            Some(nonce) => Some(nonce.as_str().filter(|nonce| is_nonce(nonce))?.to_string()),
        };
        Some(Self {
            thumbprint: thumbprint.to_string(),
            nonce,
        })
    }
}

impl fmt::Debug for DpopBinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DpopBinding(..)")
    }
}

/// The nonce that a server hands out for the next proof. RFC 9449 §8, §9.
///
/// Across origins a browser shows the header only if the server lets it.
pub(crate) fn nonce_of(response: &HttpResponse) -> Option<String> {
    let nonce = response.header("dpop-nonce")?;
    is_nonce(nonce).then(|| nonce.to_string())
}

/// `NQCHAR` of RFC 6749 appendix A, at least once. RFC 9449 §8.1.
fn is_nonce(text: &str) -> bool {
    (1..=MAX_NONCE_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn sha256(text: &str) -> String {
    base64url::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// The key of RFC 9449, whose thumbprint is in §6.1 and whose proof in §4.1.
    const RFC_KEY: &str = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;

    fn proofs(key: &str) -> DpopProofs {
        let bytes = core::array::from_fn(|index| index as u8);
        DpopProofs::new(DpopKey::from_jwk(key).unwrap(), Entropy::new(bytes)).unwrap()
    }

    fn parts(proof: &UnsignedProof) -> Vec<Value> {
        let decoded = |part| json::parse(&base64url::decode(part).unwrap(), 4096).unwrap();
        proof.signing_input().split('.').map(decoded).collect()
    }

    #[test]
    fn the_thumbprint_is_that_of_the_rfc() {
        let key = DpopKey::from_jwk(RFC_KEY).unwrap();
        assert_eq!(
            key.thumbprint(),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        );
    }

    #[test]
    fn only_public_keys_of_p256_are_keys() {
        let private = RFC_KEY.replace(r#""crv""#, r#""d":"AA","crv""#);
        let short = RFC_KEY.replace("9VE4jf", "9VE4");
        let other = RFC_KEY.replace("P-256", "P-384");
        for jwk in [
            private.as_str(),
            &short,
            &other,
            "",
            "{}",
            "[]",
            r#"{"kty":"EC"}"#,
        ] {
            assert_eq!(
                DpopKey::from_jwk(jwk).err(),
                Some(ApiMisuse::DpopKey),
                "{jwk}"
            );
        }
        // What WebCrypto adds does not matter.
        let exported = RFC_KEY.replace(r#""crv""#, r#""ext":true,"key_ops":["verify"],"crv""#);
        assert!(DpopKey::from_jwk(&exported).is_ok());
    }

    #[test]
    fn a_proof_says_what_it_is_for_and_nothing_else() {
        let url = Url::parse("https://api.example/inbox?page=2").unwrap();
        let token = AccessToken::new("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
        let proof = proofs(RFC_KEY)
            .for_resource(
                "GET",
                &url,
                &token,
                Some("n-1"),
                UnixTime::new(1_562_262_618),
            )
            .unwrap();
        let [header, claims] = parts(&proof).try_into().unwrap();
        assert_eq!(header.get("typ").and_then(Value::as_str), Some("dpop+jwt"));
        assert_eq!(header.get("alg").and_then(Value::as_str), Some("ES256"));
        assert_eq!(
            header.get("jwk").map(Value::to_json).as_deref(),
            Some(
                Value::from(DpopKey::from_jwk(RFC_KEY).unwrap().jwk())
                    .to_json()
                    .as_str()
            )
        );
        let claim = |name| claims.get(name).and_then(Value::as_str);
        assert_eq!(claim("htm"), Some("GET"));
        assert_eq!(claim("htu"), Some("https://api.example/inbox"));
        // RFC 9449 §7.1.
        assert_eq!(
            claim("ath"),
            Some("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo")
        );
        assert_eq!(claim("nonce"), Some("n-1"));
        assert_eq!(
            claims.get("iat").and_then(Value::as_u64),
            Some(1_562_262_618)
        );
        assert_eq!(claim("jti").map(str::len), Some(43));
    }

    #[test]
    fn no_two_proofs_have_the_same_jti_and_there_are_three() {
        let url = Url::parse("https://op.example/token").unwrap();
        let mut proofs = proofs(RFC_KEY);
        let mut seen = Vec::new();
        while let Some(proof) = proofs.next("POST", &url, None, None, UnixTime::new(1)) {
            let jti = parts(&proof)[1].get("jti").cloned();
            assert!(!seen.contains(&jti));
            seen.push(jti);
        }
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn methods_and_nonces_that_cannot_be_are_refused() {
        let url = Url::parse("https://api.example/").unwrap();
        let token = AccessToken::new("a");
        for (method, nonce) in [
            ("", None),
            ("get", None),
            ("GET\r\n", None),
            (&"M".repeat(MAX_METHOD_BYTES + 1), None),
            ("GET", Some("")),
            ("GET", Some("a b")),
            ("GET", Some("\"")),
            ("GET", Some(&"n".repeat(MAX_NONCE_BYTES + 1))),
        ] {
            let outcome =
                proofs(RFC_KEY).for_resource(method, &url, &token, nonce, UnixTime::new(1));
            assert_eq!(outcome, Err(ApiMisuse::DpopRequest), "{method:?} {nonce:?}");
        }
        let method = "M".repeat(MAX_METHOD_BYTES);
        let nonce = "n".repeat(MAX_NONCE_BYTES);
        let outcome =
            proofs(RFC_KEY).for_resource(&method, &url, &token, Some(&nonce), UnixTime::new(1));
        assert!(outcome.is_ok());
    }
}
