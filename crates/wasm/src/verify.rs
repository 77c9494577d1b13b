//! Checking tokens.
//!
//! A verifier is prepared once, and then judges any number of tokens: in one call with `verify`, or in
//! two, `question` and `judge`, between which the driver lets the runtime answer for the signature. What was read of
//! the token waits for that, so that the answer is about what the question was about; it is the driver's word. A driver
//! that has to wait may have the rest of the token read meanwhile, with `read_ahead`.

mod answers;
mod logout_token;
mod options;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use core::ptr;

use blake2::{Blake2b256, Digest as _};
use portvakt_digdir::verify::{self, TokenProfile, VerifyError};
use portvakt_jose::json::Value;
use portvakt_jose::{Algorithm, Jwk, Jwks, UnverifiedJws, base64url};
use portvakt_oidc::Url;
use spin::Mutex;

use self::options::{IdTokenOptions, Policy};
use crate::boundary::{
    Answered, Arguments, BoundaryError, Failure, Options, question_about_key, read, refused,
    service_named, signature_answer, time, write,
};
use crate::kept::Kept;

/// The exports.
pub mod exported {
    use alloc::string::String;

    use super::{self as verifying, logout_token};

    crate::boundary::exports! {
        prepare => verifying::prepare;
        verify => verifying::verify;
        question => verifying::question;
        signing_key => verifying::signing_key;
        read_ahead => verifying::read_ahead;
        judge => verifying::judge;
        digest => verifying::digest;
        verify_id_token => verifying::verify_id_token;
        check_policy => verifying::check_policy;
        check_jwks => verifying::check_jwks;
        jwks_uri => verifying::jwks_uri;
        verify_logout_token => logout_token::verify_logout_token;
    }
}

/// Prepares a verifier under a number: its policy, and the keys. Many may be prepared, the oldest is forgotten.
/// `verifier, options, jwks`.
fn prepare(arguments: &mut Arguments<'_>) -> Answered {
    let verifier = arguments.count()?;
    let prepared = Prepared::of(read(arguments.text()?)?, arguments.text()?)?;
    VERIFIERS.lock().keep(verifier, prepared);
    Ok(None)
}

/// Judges a token, all in software: `verifier, token, requirements?, now`. `requirements` are what one call asks for
/// besides the policy.
fn verify(arguments: &mut Arguments<'_>) -> Answered {
    let (verifier, token) = (arguments.count()?, arguments.text()?);
    let requirements = arguments.optional_text()?;
    let now = time(arguments)?;
    with(verifier, requirements, |policy, jwks| {
        let unverified = policy.read(token)?;
        let answer = unverified.question(jwks)?.answer();
        write(policy.judge(unverified, answer, now)?)
    })
}

/// Judges a token as far as its signature, and keeps what it has read under a number:
/// `verifier, reading, token, requirements?, now`.
///
/// Gives the number of the key for the signature, and where in the memory of the module what is signed and the signature
/// are, each with its length. They stay there as they are for as long as the token waits: [`read_ahead`] frees neither, and
/// a token that made room for others is judged in software.
fn question(arguments: &mut Arguments<'_>) -> Answered {
    let (verifier, reading) = (arguments.count()?, arguments.count()?);
    let token = arguments.text()?;
    let requirements = arguments.optional_text()?;
    time(arguments)?;
    with(verifier, requirements, |policy, jwks| {
        let unverified = policy.read(token)?;
        let number = key_number(unverified.key(jwks)?, unverified.header().algorithm(), jwks);
        let place = |bytes: &[u8]| [bytes.as_ptr().addr() as u64, bytes.len() as u64];
        let [input, input_length] = place(unverified.signing_input());
        let [signature, length] = place(unverified.signature());
        let numbers = [number.into(), input, input_length, signature, length];
        // What moves when another one is taken is its address.
        READINGS.lock().keep(reading, Box::new(unverified));
        Ok(Some(list(&numbers)))
    })
}

/// Numbers as a list of JSON.
fn list(numbers: &[u64]) -> String {
    let mut text = String::new();
    for number in numbers {
        text.push(if text.is_empty() { '[' } else { ',' });
        Value::from(*number).write_json(&mut text);
    }
    text.push(']');
    text
}

/// Gives the algorithm and the key that questions name so: `verifier, number`.
fn signing_key(arguments: &mut Arguments<'_>) -> Answered {
    let (verifier, number) = (arguments.count()?, arguments.count()?);
    with(verifier, None, |_, jwks| {
        let (key, algorithm) = numbered(jwks).nth(number as usize).ok_or_else(refused)?;
        write(question_about_key(key, algorithm))
    })
}

/// The number of a key and of what it is used for.
fn key_number(key: &Jwk, algorithm: Algorithm, jwks: &Jwks) -> u32 {
    numbered(jwks)
        .zip(0..)
        .find(|((other, used), _)| ptr::eq(*other, key) && *used == algorithm)
        .map_or(u32::MAX, |(_, number)| number)
}

/// All keys, each with all algorithms.
fn numbered(jwks: &Jwks) -> impl Iterator<Item = (&Jwk, Algorithm)> {
    jwks.keys().flat_map(|key| {
        Algorithm::ALL
            .iter()
            .map(move |algorithm| (key, *algorithm))
    })
}

/// Reads the rest of a token while the answer about its signature is awaited: `reading`. What it says, or what is wrong
/// with it, nobody is told before [`judge`] has the answer.
fn read_ahead(arguments: &mut Arguments<'_>) -> Answered {
    if let Some(unverified) = READINGS.lock().get_mut(arguments.count()?) {
        unverified.read_ahead();
    }
    Ok(None)
}

/// Judges the token that [`question`] was about, once, of which `signature` is the answer:
/// `verifier, reading, signature, requirements?, now`.
fn judge(arguments: &mut Arguments<'_>) -> Answered {
    let (verifier, reading) = (arguments.count()?, arguments.count()?);
    let signature = signature_answer(arguments.text()?)?;
    let requirements = arguments.optional_text()?;
    let now = time(arguments)?;
    with(verifier, requirements, |policy, _| {
        let unverified = READINGS.lock().take(reading).ok_or(BoundaryError::Flow)?;
        write(policy.judge(*unverified, signature, now)?)
    })
}

/// The digest of all arguments, with their lengths, by which the driver remembers tokens.
///
/// BLAKE2b is made of additions, turns and exclusive ors of 64 bits, each of which is one instruction of WebAssembly: SHA-256
/// takes three times as long there, and SHA-512 four times.
fn digest(arguments: &mut Arguments<'_>) -> Answered {
    Ok(Some(base64url::encode(Blake2b256::digest(arguments.all()))))
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
    requirements: Option<&str>,
    work: impl FnOnce(&Policy, &Jwks) -> Answered,
) -> Answered {
    let verifiers = VERIFIERS.lock();
    let Prepared { policy, jwks } = verifiers.get(verifier).ok_or(BoundaryError::Verifier)?;
    match requirements {
        None => work(policy, jwks),
        Some(requirements) => work(&policy.requiring(read(requirements)?)?, jwks),
    }
}

// Never contended: a module has one thread, and nothing that is called while it is held asks for it.
static VERIFIERS: Mutex<Kept<Prepared, MAX_PREPARED>> = Mutex::new(Kept::new());

/// Tokens that wait for the answer about their signature.
static READINGS: Mutex<Kept<Box<UnverifiedJws>, MAX_READINGS>> = Mutex::new(Kept::new());

/// The most tokens that wait, 32 MiB of the largest. One that was forgotten is judged in software.
const MAX_READINGS: usize = 128;

/// The most verifiers that are prepared: more than an API has issuers. One that was forgotten is prepared again.
const MAX_PREPARED: usize = 32;

/// Judges an id_token as a login does, `token, jwks, options, now`; one of a service also by what the service says
/// about people.
fn verify_id_token(arguments: &mut Arguments<'_>) -> Answered {
    let (token, jwks) = (arguments.text()?, arguments.text()?);
    let (options, now) = (read(arguments.text()?)?, time(arguments)?);
    let jwks = verify::parse_jwks(None, jwks.as_bytes())?;
    write(if options.has("service") {
        let policy = options::identity_token_policy(options, now)?;
        let verified = verify::verify_identity_token(token, &jwks, &policy, now);
        answers::identity_token(&verified.map_err(Failure::from)?)
    } else {
        let (token, checks) = IdTokenOptions::of(options)?.judge(token, &jwks, now)?;
        answers::id_token(&token, &checks)
    })
}

/// Checks a policy, `options`, and `jwksUri` among them, so that a mistake is found before the first token comes.
fn check_policy(arguments: &mut Arguments<'_>) -> Answered {
    let mut options = read(arguments.text()?)?;
    let jwks_uri = options.optional_text("jwksUri");
    Policy::of(options)?.check()?;
    if let Some(uri) = jwks_uri {
        Url::parse(&uri).map_err(VerifyError::from)?;
    }
    Ok(None)
}

/// Reads a key set as a verification would, and gives the number of usable keys: `service?, jwks`.
fn check_jwks(arguments: &mut Arguments<'_>) -> Answered {
    let profile = match arguments.optional_text()?.map(service_named) {
        None => None,
        Some(Some(service)) => TokenProfile::of(service),
        Some(None) => return Err(refused()),
    };
    let jwks = verify::parse_jwks(profile, arguments.text()?.as_bytes())?;
    Ok(Some(Value::from(jwks.keys().count() as u64).to_json()))
}

/// Finds the address of the keys in an issuer's metadata: `metadata, issuer`.
fn jwks_uri(arguments: &mut Arguments<'_>) -> Answered {
    let (metadata, issuer) = (arguments.text()?, arguments.text()?);
    let uri = verify::jwks_uri(metadata.as_bytes(), issuer).map_err(VerifyError::from)?;
    Ok(Some(uri.as_str().to_owned()))
}

impl From<VerifyError> for Failure {
    #[inline(never)]
    fn from(error: VerifyError) -> Self {
        Self::of(error.row())
    }
}
