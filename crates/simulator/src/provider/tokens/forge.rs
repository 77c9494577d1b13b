//! The id_token as a signed text, correct unless a fault is armed.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::eid::{Acr, Level};
use crate::faults::Fault;
use crate::keys::SigningKey;
use crate::provider::Provider;
use crate::provider::store::Grant;
use crate::random;
use crate::state::State;

/// How far times are moved by the faults about time, in seconds.
const HOUR: u64 = 3_600;

/// The RSA key slot that no service of a simulator uses.
const FOREIGN_SLOT: usize = 3;

/// A key that does the signing in the place of the provider's.
enum Signature {
    Correct,
    Damaged,
    None,
    Hmac,
    Foreign,
}

pub(super) fn id_token(
    state: &State,
    provider: &Provider,
    grant: &Grant,
    mut claims: Map<String, Value>,
    now: u64,
) -> String {
    spoil_claims(state, provider, grant, &mut claims, now);
    let take = |fault| state.faults.take(fault);
    let mut payload = Value::Object(claims).to_string();
    if take(Fault::DuplicateClaims) {
        payload.replace_range(..1, &format!("{{\"sub\":\"{}\",", random::token::<32>()));
    }
    let key = provider.keys().current();
    let mut header = Map::new();
    header.insert("x5c".to_owned(), json!([key.x5c()]));
    header.insert("kid".to_owned(), key.kid().into());
    header.insert("alg".to_owned(), key.algorithm().as_str().into());
    if take(Fault::UnknownKid) {
        header.insert("kid".to_owned(), random::token::<16>().into());
    }
    if take(Fault::UnknownCritHeader) {
        header.insert("crit".to_owned(), json!(["urn:example:unknown"]));
        header.insert("urn:example:unknown".to_owned(), true.into());
    }
    let signature = if take(Fault::AlgNone) {
        header.insert("alg".to_owned(), "none".into());
        Signature::None
    } else if take(Fault::Hs256WithPublicKey) {
        header.insert("alg".to_owned(), "HS256".into());
        Signature::Hmac
    } else if take(Fault::EmbeddedKey) {
        Signature::Foreign
    } else if take(Fault::BadSignature) {
        Signature::Damaged
    } else {
        Signature::Correct
    };
    let token = sign(&key, header, &payload, &signature);
    if take(Fault::KeysRotated) {
        provider.keys().rotate(false);
    }
    token
}

fn spoil_claims(
    state: &State,
    provider: &Provider,
    grant: &Grant,
    claims: &mut Map<String, Value>,
    now: u64,
) {
    let take = |fault| state.faults.take(fault);
    let mut set = |fault, name: &str, value: Value| {
        if take(fault) {
            claims.insert(name.to_owned(), value);
        }
    };
    let client_id = grant.client.client_id.as_str();
    set(
        Fault::WrongIss,
        "iss",
        format!("{}/other", provider.issuer()).into(),
    );
    set(Fault::WrongAud, "aud", "another-client".into());
    set(
        Fault::AdditionalAud,
        "aud",
        json!([client_id, "another-client"]),
    );
    set(Fault::WrongAzp, "azp", "another-client".into());
    if grant.nonce.is_some() {
        set(Fault::WrongNonce, "nonce", random::token::<32>().into());
    }
    set(Fault::NotYetValid, "nbf", (now + HOUR).into());
    set(
        Fault::OldAuthTime,
        "auth_time",
        now.saturating_sub(48 * HOUR).into(),
    );
    let lowest = grant
        .requested_acr
        .iter()
        .min()
        .copied()
        .unwrap_or(Acr::National(Level::Substantial));
    set(Fault::LowerAcr, "acr", lowest.below(provider.name()).into());
    if take(Fault::FutureIat) {
        claims.insert("iat".to_owned(), (now + HOUR).into());
        claims.insert("exp".to_owned(), (now + HOUR + 120).into());
    }
    if take(Fault::Expired) {
        claims.insert("iat".to_owned(), now.saturating_sub(HOUR + 120).into());
        claims.insert("exp".to_owned(), now.saturating_sub(HOUR).into());
    }
    for (fault, name) in [
        (Fault::MissingIss, "iss"),
        (Fault::MissingNonce, "nonce"),
        (Fault::MissingSub, "sub"),
        (Fault::MissingExp, "exp"),
        (Fault::MissingIat, "iat"),
        (Fault::MissingAuthTime, "auth_time"),
        (Fault::MissingAcr, "acr"),
    ] {
        if claims.contains_key(name) && take(fault) {
            claims.remove(name);
        }
    }
}

/// What can be wrong with an id_token only beside the one before it.
pub(super) fn spoil_renewed(
    state: &State,
    provider: &Provider,
    grant: &Grant,
    claims: &mut Map<String, Value>,
) {
    let mut set = |fault, name: &str, value: Value| {
        if state.faults.take(fault) {
            claims.insert(name.to_owned(), value);
        }
    };
    set(Fault::RenewalOtherSub, "sub", random::token::<32>().into());
    set(
        Fault::RenewalOtherNonce,
        "nonce",
        random::token::<32>().into(),
    );
    set(
        Fault::RenewalLowerAcr,
        "acr",
        grant.login.acr.below(provider.name()).into(),
    );
    set(
        Fault::RenewalOtherAuthTime,
        "auth_time",
        grant.login.auth_time.saturating_sub(HOUR).into(),
    );
}

fn sign(
    key: &SigningKey,
    mut header: Map<String, Value>,
    payload: &str,
    signature: &Signature,
) -> String {
    let foreign = matches!(signature, Signature::Foreign)
        .then(|| SigningKey::generate(key.algorithm(), FOREIGN_SLOT));
    if let Some(foreign) = &foreign {
        header.insert("jwk".to_owned(), foreign.jwk().clone());
        header.insert("x5c".to_owned(), json!([foreign.x5c()]));
        header.insert("kid".to_owned(), foreign.kid().into());
    }
    let input = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(Value::Object(header).to_string()),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signed = match (signature, &foreign) {
        (Signature::None, _) => Vec::new(),
        (Signature::Hmac, _) => {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, &key.public_key_as_secret());
            hmac::sign(&secret, input.as_bytes()).as_ref().to_vec()
        }
        (_, Some(foreign)) => foreign.sign(input.as_bytes()),
        (Signature::Damaged, None) => {
            let mut signed = key.sign(input.as_bytes());
            if let Some(byte) = signed.first_mut() {
                *byte ^= 1;
            }
            signed
        }
        _ => key.sign(input.as_bytes()),
    };
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signed))
}
