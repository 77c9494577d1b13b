use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::json::{self, Object, Value};
use portvakt_jose::{
    Algorithm, Jwks, JwsPolicy, TypRule, UnixTime, VerifiedJwt, base64url, verify,
};
use portvakt_oidc::MAX_CLOCK_TOLERANCE_SECONDS;
use portvakt_oidc::url::Url;
use sha2::{Digest, Sha256};

use super::{DpopError, VerifierMisuse, VerifyError};

/// The default of [`DpopPolicy::max_age_seconds`]: a proof is made for one request, and sent at once.
pub const DEFAULT_PROOF_AGE_SECONDS: u32 = 60;

/// The largest [`DpopPolicy::max_age_seconds`]: so long must every `jti` be remembered.
pub const MAX_PROOF_AGE_SECONDS: u32 = 300;

/// The longest proof that is read, in bytes; with a large RSA key it has 2 KiB.
const MAX_PROOF_BYTES: usize = 8 * 1024;

/// The longest `jti` that is remembered, in bytes. Usual are 22 to 43.
const MAX_JTI_BYTES: usize = 256;

/// What a proof of possession must be. Source: RFC 9449 §4.3.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DpopPolicy {
    /// The signature algorithms that a proof may have. Default: ES256.
    pub algorithms: Vec<Algorithm>,
    /// How old a proof may be, in seconds. Default: [`DEFAULT_PROOF_AGE_SECONDS`]; at most [`MAX_PROOF_AGE_SECONDS`].
    pub max_age_seconds: u32,
    /// How far the clocks of client and API may be apart, in seconds. Clients are people's devices. Default: 60; at
    /// most 300.
    pub clock_tolerance_seconds: u32,
    /// The nonce that this API handed out last to the client. Default: none, and then a proof need not have one.
    pub nonce: Option<String>,
}

impl Default for DpopPolicy {
    fn default() -> Self {
        Self {
            algorithms: [Algorithm::Es256].into(),
            max_age_seconds: DEFAULT_PROOF_AGE_SECONDS,
            clock_tolerance_seconds: portvakt_oidc::DEFAULT_CLOCK_TOLERANCE_SECONDS,
            nonce: None,
        }
    }
}

impl DpopPolicy {
    /// Checks that the policy protects something.
    ///
    /// # Errors
    /// `misuse_verifier_dpop`.
    pub fn check(&self) -> Result<(), VerifierMisuse> {
        if self.algorithms.is_empty()
            || !(1..=MAX_PROOF_AGE_SECONDS).contains(&self.max_age_seconds)
            || self.clock_tolerance_seconds > MAX_CLOCK_TOLERANCE_SECONDS
            || self.nonce.as_deref() == Some("")
        {
            return Err(VerifierMisuse::Dpop);
        }
        Ok(())
    }
}

/// The request that a proof came with, as the client sent it.
#[derive(Clone, Copy, Debug)]
pub struct DpopRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The address. Its query does not matter. Behind a proxy it is what the client wrote, and not what the proxy
    /// made of it.
    pub url: &'a str,
}

/// A proof that was found to be for this request and this token, and fresh.
///
/// **It is good for one request.** Whether its [`jti`](Self::jti) was seen before is for the caller to find out, who
/// remembers it until [`expires_at`](Self::expires_at). RFC 9449 §11.1.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedDpopProof {
    thumbprint: String,
    jti: String,
    expires_at: UnixTime,
}

impl VerifiedDpopProof {
    /// The name of the key. RFC 7638.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The name of the proof: 1 to 256 visible ASCII characters.
    #[must_use]
    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// From when on the proof would be refused for its age, so that its `jti` can be forgotten.
    #[must_use]
    pub const fn expires_at(&self) -> UnixTime {
        self.expires_at
    }
}

impl fmt::Debug for VerifiedDpopProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedDpopProof")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Judges the proof that came with an access token: one `DPoP` header, for this request, this token, now.
///
/// # Errors
/// `misuse_verifier_dpop`; the `token_dpop_*` codes.
pub fn verify_dpop_proof(
    proof: &str,
    request: DpopRequest<'_>,
    access_token: &str,
    policy: &DpopPolicy,
    now: UnixTime,
) -> Result<VerifiedDpopProof, VerifyError> {
    policy.check()?;
    // The key is the proof's own: it proves nothing but that whoever has sent this has that key. Which key it must
    // be, the access token says.
    let key = embedded_key(proof)?;
    let mut jws_policy = JwsPolicy::new(&policy.algorithms, TypRule::Required("dpop+jwt"));
    jws_policy.max_bytes = MAX_PROOF_BYTES;
    let set = Value::from(object("keys", Value::from_iter([key.clone()]))).to_json();
    let keys = Jwks::parse(set.as_bytes()).map_err(|_| DpopError::Key)?;
    let proof = verify(proof, &keys, &jws_policy).map_err(|error| match error {
        portvakt_jose::Error::SignatureInvalid => DpopError::Signature,
        portvakt_jose::Error::UnknownKey
        | portvakt_jose::Error::UnsuitableKey
        | portvakt_jose::Error::KeyAlgorithmMismatch => DpopError::Key,
        _ => DpopError::Malformed,
    })?;
    let claim = |name| proof.claims().get(name).and_then(Value::as_str);

    if claim("htm") != Some(request.method) {
        return Err(DpopError::Method.into());
    }
    if !claim("htu").is_some_and(|htu| is_same_address(htu, request.url)) {
        return Err(DpopError::Url.into());
    }
    if let Some(nonce) = policy.nonce.as_deref()
        && claim("nonce") != Some(nonce)
    {
        return Err(DpopError::Nonce.into());
    }
    let expires_at = check_time(&proof, policy, now)?;
    let hash = base64url::encode(Sha256::digest(access_token.as_bytes()));
    if claim("ath") != Some(hash.as_str()) {
        return Err(DpopError::AccessToken.into());
    }
    let jti = claim("jti")
        .filter(|jti| (1..=MAX_JTI_BYTES).contains(&jti.len()))
        .filter(|jti| jti.bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or(DpopError::JwtId)?;
    Ok(VerifiedDpopProof {
        thumbprint: thumbprint(&key).ok_or(DpopError::Key)?,
        jti: jti.to_string(),
        expires_at,
    })
}

/// The `jwk` of the header, as it stands there.
fn embedded_key(proof: &str) -> Result<Value, DpopError> {
    if proof.len() > MAX_PROOF_BYTES {
        return Err(DpopError::Malformed);
    }
    let header = proof.split('.').next().unwrap_or_default();
    let header = base64url::decode(header).map_err(|_| DpopError::Malformed)?;
    let header = json::parse(&header, MAX_PROOF_BYTES).map_err(|_| DpopError::Malformed)?;
    // A `kid` beside it could choose among keys, of which there is but one.
    header.get("jwk").cloned().ok_or(DpopError::Key)
}

/// Not older than allowed, and not from the future. Says until when that holds.
fn check_time(
    proof: &VerifiedJwt,
    policy: &DpopPolicy,
    now: UnixTime,
) -> Result<UnixTime, DpopError> {
    let issued_at = proof
        .checks(now, policy.clock_tolerance_seconds)
        .issued_at(policy.max_age_seconds)
        .map_err(|_| DpopError::Time)?;
    Ok(issued_at
        .saturating_add(u64::from(policy.max_age_seconds))
        .saturating_add(u64::from(policy.clock_tolerance_seconds))
        .saturating_add(1))
}

/// Scheme, host, port and path, to the character but for what does not matter in the first three.
fn is_same_address(htu: &str, url: &str) -> bool {
    let address = |text: &str| Url::parse(text.split(['?', '#']).next()?).ok();
    match (address(htu), address(url)) {
        (Some(htu), Some(url)) => htu.origin() == url.origin() && htu.path() == url.path(),
        _ => false,
    }
}

/// RFC 7638 §3.2, RFC 8037 §2: the members that make the key, by name.
fn thumbprint(key: &Value) -> Option<String> {
    let names: &[&str] = match key.get("kty")?.as_str()? {
        "EC" => &["crv", "kty", "x", "y"],
        "OKP" => &["crv", "kty", "x"],
        "RSA" => &["e", "kty", "n"],
        _ => return None,
    };
    let mut members = Object::new();
    for name in names {
        members.insert(*name, key.get(name)?.as_str()?);
    }
    let text = Value::from(members).to_json();
    Some(base64url::encode(Sha256::digest(text.as_bytes())))
}

fn object(name: &str, value: Value) -> Object {
    let mut object = Object::new();
    object.insert(name, value);
    object
}
