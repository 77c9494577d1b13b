//! That no token, code, verifier or number of a person is left where anybody could see it, whatever is done.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use portvakt_tests::browser::{Stage, marks};
use serde_json::{Value, json};

use crate::harness::tests;
use crate::traces::STORED;
use crate::walk::{
    KARI, MAIN_UNIT, SUB_UNIT, call_api, choose, error_code, has_error, open, press, settled,
    sign_in_from_here, sign_out, signed_in_for, signed_out,
};

tests![no_secret_is_left_anywhere_on_a_walk_through_all_flows];

/// Notes every secret that the page comes to know, and every place that the page writes to.
const LISTEN: &str = "
(() => {
  const note = (kind, text) => void navigator.sendBeacon('/test/note', JSON.stringify([kind, String(text)]))
  const SECRETS = ['code', 'code_verifier', 'access_token', 'refresh_token', 'id_token', 'token']
  const secret = (name, value) => { if (SECRETS.includes(name) && value) note(name, value) }
  const fetched = window.fetch
  window.fetch = async (resource, options) => {
    note('address', resource.url ?? resource)
    const body = resource instanceof Request ? await resource.clone().text() : options?.body
    for (const [name, value] of new URLSearchParams(typeof body === 'string' || body instanceof URLSearchParams ? body : '')) secret(name, value)
    const answer = await fetched(resource, options)
    if (new URL(answer.url).pathname.endsWith('/token')) {
      const told = await answer.clone().json().catch(() => ({}))
      for (const [name, value] of Object.entries(told)) secret(name, value)
    }
    return answer
  }
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name]
    history[name] = function (state, title, address) {
      note('address', address ?? '')
      note('state', JSON.stringify(state))
      return original.call(this, state, title, address)
    }
  }
  for (const level of ['log', 'info', 'debug', 'warn', 'error']) {
    const original = console[level]
    console[level] = (...all) => { note('console', all.map(String).join(' ')); original.apply(console, all) }
  }
  note('referrer', document.referrer)
})()
";

/// What is secret: the names that [`LISTEN`] gives it. Each is met on the walk.
const SECRET: [&str; 5] = [
    "code",
    "code_verifier",
    "access_token",
    "refresh_token",
    "id_token",
];

/// Longer than an access token is valid; in seconds.
const UNTIL_TOKENS_ARE_OLD: u64 = 130;

async fn no_secret_is_left_anywhere_on_a_walk_through_all_flows(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    stage.front.before_every_page(LISTEN);
    let mut looks = Vec::new();
    open(stage).await?;
    look(stage, "untouched", &mut looks).await?;

    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    press(stage, "cancel").await?;
    assert_eq!(error_code(stage).await?, "provider_access_denied");
    look(stage, "cancelled", &mut looks).await?;

    stage
        .control(
            "POST",
            "faults",
            json!({ "fault": "wrong_nonce", "times": 1 }),
        )
        .await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    crate::walk::sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    assert_eq!(error_code(stage).await?, "token_nonce_mismatch");
    look(stage, "refused", &mut looks).await?;

    sign_in_from_here(stage, MAIN_UNIT).await?;
    assert_eq!(call_api(stage).await?, "200");
    look(stage, "signed in", &mut looks).await?;

    stage.let_time_pass(UNTIL_TOKENS_ARE_OLD).await?;
    assert_eq!(call_api(stage).await?, "200");
    look(stage, "renewed", &mut looks).await?;

    press(stage, marks::SWITCH_ORGANISATION).await?;
    choose(stage, SUB_UNIT).await?;
    signed_in_for(stage, SUB_UNIT).await?;
    assert!(!has_error(stage).await?);
    look(stage, "switched", &mut looks).await?;

    browser.client().refresh().await?;
    signed_in_for(stage, SUB_UNIT).await?;
    look(stage, "reloaded", &mut looks).await?;

    browser.open_tab().await?;
    open(stage).await?;
    signed_in_for(stage, SUB_UNIT).await?;
    look(stage, "another tab", &mut looks).await?;

    let is_answer = |target: &str| target.starts_with("/callback?") && target.contains("code=");
    let mut seen = stage.front.seen().into_iter();
    let old = seen.rfind(|seen| is_answer(&seen.target));
    let old = old.context("the application was called back")?.target;
    browser.go(&(stage.addresses.application() + &old)).await?;
    settled(stage).await?;
    assert_eq!(error_code(stage).await?, "callback_state_unknown");
    look(stage, "an old answer", &mut looks).await?;

    sign_out(stage).await?;
    signed_out(stage).await?;
    look(stage, "signed out", &mut looks).await?;

    let (mut secrets, mut places) = (BTreeSet::from([("pid".to_owned(), KARI.to_owned())]), looks);
    for note in stage.front.notes() {
        let (kind, text): (String, String) = serde_json::from_str(&note)?;
        if SECRET.contains(&kind.as_str()) || kind == "token" {
            secrets.insert((kind, text));
        } else {
            places.push((kind, text));
        }
    }
    for seen in stage.front.seen() {
        places.push((
            "referrer header".to_owned(),
            seen.referrer.unwrap_or_default(),
        ));
    }
    for message in stage.front.console() {
        places.push(("console".to_owned(), message));
    }
    for kind in SECRET {
        ensure!(
            secrets.iter().any(|(name, _)| name == kind),
            "the walk has met no {kind}"
        );
    }
    for (place, text) in &places {
        for (name, secret) in &secrets {
            ensure!(!text.contains(secret), "{place} has a {name}: {text}");
        }
    }
    Ok(())
}

/// Notes what anybody could see now: the address, everything stored, and the whole page.
async fn look(stage: &Stage, when: &str, looks: &mut Vec<(String, String)>) -> Result<()> {
    let browser = &stage.browser;
    let mut note = |place: &str, text: String| looks.push((format!("{place} ({when})"), text));
    note("the address", browser.address().await?);
    let stored = browser.ask(STORED).await?;
    // Byte for byte, as a secret would stand there: JSON would write some of them otherwise.
    note("storage", texts(&stored).join("\n"));
    let page = browser
        .ask("return document.documentElement.outerHTML")
        .await?;
    note("the page", texts(&page).join("\n"));
    Ok(())
}

/// Every text in a value.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| std::iter::once(name.as_str()).chain(texts(value)))
            .collect(),
        _ => Vec::new(),
    }
}
