//! A token as it comes, in its compact form.

use portvakt_jose::{
    Algorithm, Error, JwsPolicy, MAX_TOKEN_BYTES, SignatureAnswer, TypRule, UnverifiedJws,
    VerifiedJws, VerifiedJwt, base64url, verify_jws,
};

use super::{assert_hidden, text};
use crate::world::{GOOD_TOKENS, HEADER, KEYS, id_token_claims, signed, unsigned};

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = GOOD_TOKENS.clone();
    for algorithm in Algorithm::ALL {
        let header = format!(r#"{{"alg":"{}","typ":"JWT"}}"#, algorithm.as_str());
        seeds.push(unsigned(header.as_bytes(), b"{}"));
    }
    seeds.push(signed(HEADER.as_bytes(), id_token_claims().as_bytes()));
    seeds.into_iter().map(String::into_bytes).collect()
}

pub(super) fn run(input: &[u8]) {
    let Some(token) = text(input) else { return };
    let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
    let mocked = mocked(token, &policy);
    match (&mocked, verify_jws(token, &KEYS, &policy)) {
        // The signature is all that they may disagree about.
        (Ok(jws), Ok(verified)) => assert_eq!(*jws, verified),
        (Ok(_), Err(error)) => {
            assert!(matches!(
                error,
                Error::SignatureInvalid | Error::UnsuitableKey
            ));
        }
        (Err(Error::Malformed), Err(error)) => {
            // The payload is decoded after the signature.
            assert!(matches!(error, Error::Malformed | Error::SignatureInvalid));
        }
        (Err(error), verified) => assert_eq!(Err(*error), verified.map(drop)),
    }
    let Ok(jws) = mocked else { return };

    assert!(token.len() <= MAX_TOKEN_BYTES);
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, _] = parts[..] else {
        panic!("a token of {} parts is accepted", parts.len());
    };
    // There is one way only to write what was read.
    assert_eq!(base64url::encode(jws.payload()), payload);
    let decoded = base64url::decode(header).expect("it was read");
    assert_eq!(base64url::encode(&decoded), header);
    let text = String::from_utf8(decoded).expect("it was read as JSON");
    if let Some(kid) = jws.header().kid() {
        assert_hidden(&jws, kid, &text);
    }
    if let Ok(jwt) = VerifiedJwt::from_jws(jws) {
        let claims = jwt.checks(portvakt_jose::UnixTime::new(1_790_000_000), 300);
        let text = portvakt_jose::json::Value::from(jwt.claims().clone()).to_json();
        if let Ok(subject) = claims.subject() {
            assert_hidden(&jwt, subject, &text);
            assert_hidden(&claims, subject, &text);
        }
        let _ = (claims.expiry(), claims.not_before(), claims.issued_at(600));
    }
}

/// A verification in which cryptography says yes.
fn mocked(token: &str, policy: &JwsPolicy<'_>) -> Result<VerifiedJws, Error> {
    let unverified = UnverifiedJws::parse(token, policy)?;
    unverified.question(&KEYS)?;
    unverified.into_verified(SignatureAnswer::Yes)
}
