//! Query strings and addresses, as a logout's front channel and the return from one have them.
//!
//! The front channel itself is read at the edge, in TypeScript: `pkg/src/edge/front-channel.ts` has a target of its
//! own.

use portvakt_oidc::url::{MAX_QUERY_BYTES, MAX_QUERY_PARAMETERS, Url, form_encode, parse_query};
use portvakt_oidc::{Issuer, LogoutReturn, PendingLogout};

use super::{assert_hidden, text, web_url};
use crate::world::NOW;

/// 32 bytes in base64url, as every state of ours.
const STATE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

pub(super) fn seeds() -> Vec<Vec<u8>> {
    [
        "https://app.example/logout?iss=https%3A%2F%2Ftest.ansattporten.no&sid=3vYp0".to_string(),
        "https://app.example/logout?iss=https://test.ansattporten.no/&sid=a+b%2Bc&iss=x"
            .to_string(),
        format!("https://app.example/signed-out?state={STATE}"),
        format!("https://app.example/?state={STATE}&state={STATE}#a"),
        "http://[::1]:8080/a%20b?%E2%82%AC=%00&&=&a".to_string(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

pub(super) fn run(input: &[u8]) {
    let Some(address) = text(input) else { return };
    if let Ok(ours) = Url::parse(address) {
        if let Some(web) = web_url(address) {
            assert_eq!(web.origin().ascii_serialization(), ours.origin());
            assert_eq!(web.path(), ours.path());
            // The one character that it encodes on its own account.
            let query = ours.query().map(|query| query.replace('\'', "%27"));
            assert_eq!(web.query(), query.as_deref());
        }
        assert!(ours.is_https() || ours.is_loopback());
        // One that ends as what is shown in its place may look like it.
        if let Some(query) = ours.query().filter(|query| !query.ends_with("?..")) {
            assert_hidden(&ours, query, address);
        }
    }
    if let Ok(issuer) = Issuer::parse(address) {
        let metadata = issuer.metadata_url();
        assert!(
            metadata.is_err() || metadata.is_ok_and(|url| url.origin() == issuer.url().origin())
        );
    }
    let query = address.split(['#']).next().unwrap_or_default();
    let query = query.split_once('?').map_or(query, |(_, query)| query);
    if let Ok(pairs) = parse_query(query) {
        assert!(query.len() <= MAX_QUERY_BYTES && pairs.len() <= MAX_QUERY_PARAMETERS);
        let web: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        assert_eq!(pairs, web);
        let written = form_encode(
            pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        // A pair of nothing and nothing is written as `=`.
        if written.len() <= MAX_QUERY_BYTES {
            assert_eq!(parse_query(&written).as_ref(), Ok(&pairs));
        }
    }
    let stored = format!(r#"{{"version":1,"state":"{STATE}","created_at":1790000000}}"#);
    assert!(PendingLogout::from_json(&stored).is_ok());
    if let LogoutReturn::Confirmed { .. } = LogoutReturn::check(address, Some(&stored), NOW) {
        let web = form_urlencoded::parse(query.as_bytes());
        let states: Vec<_> = web
            .filter(|pair| pair.0 == "state")
            .map(|pair| pair.1)
            .collect();
        assert_eq!(states, [STATE]);
    }
}
