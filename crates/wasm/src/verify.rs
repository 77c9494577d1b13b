//! Checking tokens.
//!
//! A verifier is prepared once, and then judges any number of tokens: in one call with [`verify`](fn@verify), or in
//! two, [`question`] and [`judge`], between which the driver lets WebCrypto answer for the signature. Nothing is kept
//! of a token: the second call reads it again, and the answer is the driver's word for it.

mod answers;
pub mod logout_token;
mod options;

use alloc::borrow::ToOwned;
use alloc::string::String;

use portvakt_digdir::verify::{self, TokenProfile, VerifyError};
use portvakt_jose::Jwks;
use portvakt_oidc::Url;
use spin::Mutex;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use self::options::{IdTokenOptions, Policy};
use crate::boundary::{
    Answer, BoundaryError, Failure, Options, question_about_key, read, refused, service_named,
    signature_answer, time, write,
};
use crate::kept::Kept;

/// Prepares a verifier under a number: its policy, and the keys. Many may be prepared, the oldest is forgotten.
#[wasm_bindgen]
pub fn prepare(verifier: u32, options: &str, jwks: &str) -> Result<(), JsValue> {
    let prepared = Prepared::of(read(options)?, jwks)?;
    VERIFIERS.lock().keep(verifier, prepared);
    Ok(())
}

/// Judges a token, all in software. `requirements` are what one call asks for besides the policy.
#[wasm_bindgen]
pub fn verify(
    verifier: u32,
    token: &str,
    requirements: Option<String>,
    now: f64,
) -> Result<String, JsValue> {
    let answer = with(verifier, requirements, |policy, jwks| {
        let now = time(now)?;
        let unverified = policy.read(token)?;
        let answer = unverified.question(jwks)?.answer();
        policy.judge(unverified, answer, now)
    });
    Ok(write(answer?)?)
}

/// Judges a token as far as its signature, and gives the algorithm and the key for that.
#[wasm_bindgen]
pub fn question(
    verifier: u32,
    token: &str,
    requirements: Option<String>,
    now: f64,
) -> Result<String, JsValue> {
    let asked = with(verifier, requirements, |policy, jwks| {
        time(now)?;
        Ok(question_about_key(&policy.read(token)?.question(jwks)?))
    });
    Ok(write(asked?)?)
}

/// Judges the token that [`question`] was about, of which `signature` is the answer.
#[wasm_bindgen]
pub fn judge(
    verifier: u32,
    token: &str,
    signature: &str,
    requirements: Option<String>,
    now: f64,
) -> Result<String, JsValue> {
    let answer = with(verifier, requirements, |policy, _| {
        let now = time(now)?;
        policy.judge(policy.read(token)?, signature_answer(signature)?, now)
    });
    Ok(write(answer?)?)
}

/// A policy, and the keys that tokens are judged with.
struct Prepared {
    policy: Policy,
    jwks: Jwks,
}

impl Prepared {
    fn of(options: Options, jwks: &str) -> Result<Self, Failure> {
        let policy = Policy::of(options)?;
        let profile = match &policy {
            Policy::AccessToken(policy) => Some(policy.profile),
            Policy::DialogToken(_) => None,
        };
        let jwks = verify::parse_jwks(profile, jwks.as_bytes())?;
        Ok(Self { policy, jwks })
    }
}

/// Does something with a verifier, and what one call requires of it besides.
fn with(
    verifier: u32,
    requirements: Option<String>,
    work: impl FnOnce(&Policy, &Jwks) -> Result<Answer, Failure>,
) -> Result<Answer, Failure> {
    let verifiers = VERIFIERS.lock();
    let Prepared { policy, jwks } = verifiers.get(verifier).ok_or(BoundaryError::Verifier)?;
    match requirements {
        None => work(policy, jwks),
        Some(requirements) => work(&policy.requiring(read(&requirements)?)?, jwks),
    }
}

// Never contended: a module has one thread, and nothing that is called while it is held asks for it.
static VERIFIERS: Mutex<Kept<Prepared, MAX_PREPARED>> = Mutex::new(Kept::new());

/// The most verifiers that are prepared: more than an API has issuers. One that was forgotten is prepared again.
const MAX_PREPARED: usize = 32;

/// Judges an id_token as a login does; one of a service also by what the service says about people.
#[wasm_bindgen]
pub fn verify_id_token(
    token: &str,
    jwks: &str,
    options: &str,
    now: f64,
) -> Result<String, JsValue> {
    let (options, now) = (read(options)?, time(now)?);
    let jwks = verify::parse_jwks(None, jwks.as_bytes()).map_err(Failure::from)?;
    Ok(write(if options.has("service") {
        let policy = options::identity_token_policy(options, now)?;
        let verified = verify::verify_identity_token(token, &jwks, &policy, now);
        answers::identity_token(&verified.map_err(Failure::from)?)
    } else {
        let (token, checks) = IdTokenOptions::of(options)?.judge(token, &jwks, now)?;
        answers::id_token(&token, &checks)
    })?)
}

/// Checks a policy, and `jwksUri` beside it, so that a mistake is found before the first token comes.
#[wasm_bindgen]
pub fn check_policy(options: &str) -> Result<(), JsValue> {
    let mut options = read(options)?;
    let jwks_uri = options.optional_text("jwksUri")?;
    Policy::of(options)?.check()?;
    let url = jwks_uri.map_or(Ok(None), |uri| Url::parse(&uri).map(Some));
    url.map_err(|error| Failure::from(VerifyError::from(error)))?;
    Ok(())
}

/// Reads a key set as a verification would, and gives the number of usable keys.
#[wasm_bindgen]
pub fn check_jwks(service: Option<String>, jwks: &str) -> Result<u32, JsValue> {
    let profile = match service.as_deref().map(service_named) {
        None => None,
        Some(Some(service)) => TokenProfile::of(service),
        Some(None) => return Err(refused().into()),
    };
    let jwks = verify::parse_jwks(profile, jwks.as_bytes()).map_err(Failure::from)?;
    Ok(u32::try_from(jwks.keys().count()).unwrap_or(u32::MAX))
}

/// Finds the address of the keys in an issuer's metadata.
#[wasm_bindgen]
pub fn jwks_uri(metadata: &str, issuer: &str) -> Result<String, JsValue> {
    let uri = verify::jwks_uri(metadata.as_bytes(), issuer);
    Ok(uri
        .map_err(|error| Failure::from(VerifyError::from(error)))?
        .as_str()
        .to_owned())
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self {
            code: error.code(),
            message: error.sentence(),
            rule: error.source_of_rule(),
            description: None,
            is_transient: false,
        }
    }
}
