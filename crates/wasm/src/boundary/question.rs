use portvakt_jose::SignatureAnswer;
#[cfg(feature = "login")]
use portvakt_jose::SignatureQuestion;
#[cfg(feature = "verify")]
use portvakt_jose::{Algorithm, Jwk};

use super::{Answer, Failure, refused};

/// What the driver has to know of a key, to ask WebCrypto about tokens that it has itself.
#[cfg(feature = "verify")]
pub(crate) fn question_about_key(key: &Jwk, algorithm: Algorithm) -> Answer {
    let mut answer = Answer::new();
    answer
        .with("algorithm", algorithm.as_str())
        .with("key", key.to_json());
    answer
}

/// The question that the driver asks WebCrypto.
#[cfg(feature = "login")]
pub(crate) fn question(question: &SignatureQuestion) -> Answer {
    // Of a token, which is ASCII.
    let signing_input = alloc::string::String::from_utf8_lossy(question.signing_input());
    let mut answer = Answer::new();
    answer
        .with("kind", "verify")
        .with("algorithm", question.algorithm().as_str())
        .with("key", question.key().to_json())
        .with("signingInput", &*signing_input)
        .with(
            "signature",
            portvakt_jose::base64url::encode(question.signature()),
        );
    answer
}

/// WebCrypto's answer, as the driver names it.
pub(crate) fn signature_answer(name: &str) -> Result<SignatureAnswer, Failure> {
    match name {
        "yes" => Ok(SignatureAnswer::Yes),
        "no" => Ok(SignatureAnswer::No),
        _ => Err(refused()),
    }
}
