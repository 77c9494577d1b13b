//! Dialog tokens: what a service owner is shown in proof of who opened which dialog.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::access::{Caller, DialogAccess};
use super::model::Dialog;
use crate::keys::KeyRing;

/// How long a dialog token lives, in seconds.
const LIFETIME_SECONDS: u64 = 600;
/// Clock skew that the official validator allows for, in seconds.
const CLOCK_SKEW_SECONDS: u64 = 10;

/// A fresh token for the caller of this dialog.
pub(crate) fn issue(
    keys: &KeyRing,
    issuer: &str,
    dialog: &Dialog,
    caller: &Caller,
    allowed: &DialogAccess,
    now: u64,
) -> String {
    let claims = json!({
        "jti": Uuid::new_v4(),
        "c": caller.party,
        "l": caller.level,
        "p": dialog.party,
        "s": dialog.service_resource,
        "i": dialog.id,
        "a": allowed.claim(),
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now.saturating_add(LIFETIME_SECONDS),
    });
    let header = Map::from_iter([("typ".to_owned(), Value::from("JWT"))]);
    keys.sign(header, &claims.to_string())
}

/// The actions of a token, if it was issued for this dialog and is still valid.
///
/// What a service owner does with a token: signature, issuer, times and dialog.
pub(crate) fn verify(
    keys: &KeyRing,
    issuer: &str,
    token: &str,
    dialog: Uuid,
    now: u64,
) -> Option<Vec<String>> {
    let claims = keys.verify(token).ok()?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let time = |name: &str| claims.get(name).and_then(Value::as_u64);
    let in_time = time("exp").is_some_and(|exp| now < exp.saturating_add(CLOCK_SKEW_SECONDS))
        && time("nbf").is_some_and(|nbf| nbf <= now.saturating_add(CLOCK_SKEW_SECONDS));
    let is_meant = text("iss") == Some(issuer) && text("i") == Some(dialog.to_string().as_str());
    let actions = text("a")?.split(';').map(str::to_owned).collect();
    (in_time && is_meant).then_some(actions)
}
