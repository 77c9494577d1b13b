//! Logout tokens (OpenID Connect Back-Channel Logout §2.4), correct unless a fault is armed.

use serde_json::{Map, Value, json};

use crate::faults::Fault;
use crate::random;
use crate::state::State;

use super::Provider;

/// How long a logout token is valid, in seconds.
///
/// Source: Digdir, *Back-channel logout*: `exp` is 300 s after `iat` in the sample.
const LIFETIME: u64 = 300;

/// The event that makes a JWT a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How far times are moved by the faults about time, in seconds.
const HOUR: u64 = 3_600;

/// A logout token for a client, about its session and the person as the client knows them.
pub(super) fn logout_token(
    state: &State,
    provider: &Provider,
    client_id: &str,
    sid: &str,
    sub: Option<&str>,
) -> String {
    let now = state.clock.now();
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("iss", provider.issuer().into());
    set("aud", client_id.into());
    set("iat", now.into());
    set("exp", (now + LIFETIME).into());
    set("jti", random::token::<16>().into());
    set("events", json!({ EVENT: {} }));
    set("sid", sid.into());
    if let Some(sub) = sub {
        set("sub", sub.into());
    }
    spoil(state, provider, &mut claims, now);
    let take = |fault| state.faults.take(fault);
    let mut header = Map::new();
    header.insert("x5c".to_owned(), json!([provider.keys().current().x5c()]));
    let typ = if take(Fault::LogoutTokenTypJwt) {
        "JWT"
    } else {
        "logout+jwt"
    };
    header.insert("typ".to_owned(), typ.into());
    let mut token = provider
        .keys()
        .sign(header, &Value::Object(claims).to_string());
    if take(Fault::LogoutTokenBadSignature) {
        // The first character stands for six whole bits of the signature.
        if let Some(at) = token.rfind('.').map(|dot| dot + 1) {
            let other = if token[at..].starts_with('A') {
                "B"
            } else {
                "A"
            };
            token.replace_range(at..=at, other);
        }
    }
    token
}

fn spoil(state: &State, provider: &Provider, claims: &mut Map<String, Value>, now: u64) {
    let take = |fault| state.faults.take(fault);
    let mut set = |fault, name: &str, value: Value| {
        if take(fault) {
            claims.insert(name.to_owned(), value);
        }
    };
    set(
        Fault::LogoutTokenWrongIss,
        "iss",
        format!("{}/other", provider.issuer()).into(),
    );
    set(Fault::LogoutTokenWrongAud, "aud", "another-client".into());
    set(
        Fault::LogoutTokenOldIat,
        "iat",
        now.saturating_sub(HOUR).into(),
    );
    set(
        Fault::LogoutTokenExpired,
        "exp",
        now.saturating_sub(HOUR).into(),
    );
    set(
        Fault::LogoutTokenWrongEvent,
        "events",
        json!({ format!("{EVENT}s"): {} }),
    );
    set(
        Fault::LogoutTokenWithNonce,
        "nonce",
        random::token::<16>().into(),
    );
    set(
        Fault::LogoutTokenUnknownSid,
        "sid",
        random::token::<32>().into(),
    );
    for (fault, names) in [
        (Fault::LogoutTokenMissingEvents, ["events"].as_slice()),
        (Fault::LogoutTokenMissingJti, &["jti"]),
        (Fault::LogoutTokenMissingSid, &["sid", "sub"]),
    ] {
        if take(fault) {
            claims.retain(|name, _| !names.contains(&name.as_str()));
        }
    }
}
