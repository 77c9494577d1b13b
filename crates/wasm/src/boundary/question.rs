use alloc::string::String;

use portvakt_jose::{SignatureAnswer, SignatureQuestion, base64url};

use super::{Answer, Failure, refused};

/// The question that the driver asks WebCrypto.
pub(crate) fn question(question: &SignatureQuestion) -> Answer {
    let signing_input: String = question
        .signing_input()
        .iter()
        .copied()
        .map(char::from)
        .collect();
    Answer::default()
        .with("kind", "verify")
        .with("algorithm", question.algorithm().as_str())
        .with("key", question.key().to_json())
        .with("signingInput", signing_input)
        .with("signature", base64url::encode(question.signature()))
}

/// WebCrypto's answer, as the driver names it.
pub(crate) fn signature_answer(name: &str) -> Result<SignatureAnswer, Failure> {
    match name {
        "yes" => Ok(SignatureAnswer::Yes),
        "no" => Ok(SignatureAnswer::No),
        "unsuitable_key" => Ok(SignatureAnswer::UnsuitableKey),
        _ => Err(refused()),
    }
}
