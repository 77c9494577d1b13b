//! What a sign-in leaves behind: in the address, the history, the referrer and in every storage.

use anyhow::{Context, Result, ensure};
use portvakt_tests::browser::{Stage, marks};
use serde_json::{Value, json};

use crate::harness::tests;
use crate::walk::{
    KARI, MAIN_UNIT, call_api, mark, open, pass_provider, press, settled, sign_in, sign_out,
    signed_in_for,
};

tests![
    no_code_or_state_stays_in_address_history_or_referrer,
    storage_never_holds_a_token_that_can_be_read,
];

async fn no_code_or_state_stays_in_address_history_or_referrer(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let browser = &stage.browser;
    assert_eq!(browser.ask("return document.referrer").await?, "");
    let callbacks = || {
        let seen = stage.front.seen();
        seen.iter().filter(|seen| has_answer(&seen.target)).count()
    };
    assert_eq!(callbacks(), 1);
    // All the way back: whatever address is in the history, the browser goes to it.
    let entries = browser.ask("return history.length").await?;
    let entries = entries.as_u64().context("a history has a length")?;
    let application = stage.addresses.application();
    let mut walked = vec![browser.address().await?];
    for _ in 1..entries {
        browser.client().back().await?;
        walked.push(browser.address().await?);
    }
    // From the page that is signed in by the provider's to the one that was not.
    let places = [
        &application,
        &stage.addresses.ansattporten_login(),
        &application,
    ];
    let mut left = walked.iter();
    let is_walked = |place: &String| left.any(|address| address.starts_with(place));
    ensure!(places.into_iter().all(is_walked), "{walked:?}");
    for address in &walked {
        ensure!(
            !address.starts_with(&application) || !has_answer(address),
            "{address}"
        );
    }
    assert_eq!(callbacks(), 1, "the history led to the answer again");
    for seen in stage.front.seen() {
        assert_eq!(seen.referrer.filter(|referrer| has_answer(referrer)), None);
    }
    Ok(())
}

async fn storage_never_holds_a_token_that_can_be_read(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    open(stage).await?;
    let untouched = stored(stage).await?;
    assert_eq!(untouched["session"], json!([]));
    assert_eq!(untouched["records"], json!([]));

    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    pass_provider(stage, MAIN_UNIT).await?;
    assert_eq!(call_api(stage).await?, "200");
    let kept = stored(stage).await?;
    assert_ne!(kept["records"], json!([]));
    ensure_sealed(&kept)?;

    browser.client().refresh().await?;
    signed_in_for(stage, MAIN_UNIT).await?;
    ensure_sealed(&stored(stage).await?)?;

    sign_out(stage).await?;
    let left = stored(stage).await?;
    assert_eq!(left["records"], json!([]), "{left}");
    ensure_sealed(&left)?;

    // Under way: what the answer will be compared with, in this tab alone.
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    browser.see(&mark("cancel")).await?;
    browser.client().back().await?;
    settled(stage).await?;
    let pending = stored(stage).await?;
    assert!(
        pending["session"].to_string().contains("code_verifier"),
        "{pending}"
    );
    assert_eq!(pending["records"], json!([]));
    Ok(())
}

/// What may be read gives nobody a token, and keys cannot be taken out.
fn ensure_sealed(stored: &Value) -> Result<()> {
    let text = stored.to_string();
    // A JWT begins with eyJ; the rest are names of what a session consists of.
    for secret in [
        "eyJ",
        "access_token",
        "accessToken",
        "refresh_token",
        "refreshToken",
        "id_token",
        "code_verifier",
        MAIN_UNIT,
        KARI,
    ] {
        ensure!(!text.contains(secret), "{secret} can be read: {text}");
    }
    ensure!(
        !text.contains("extractable key"),
        "a key can be taken out: {text}"
    );
    Ok(())
}

/// Everything that the page could keep. What is never used is checked to be empty at once.
async fn stored(stage: &Stage) -> Result<Value> {
    let stored = stage.browser.ask(STORED).await?;
    for place in ["local", "cookies", "caches"] {
        ensure!(stored[place] == json!([]), "{place}: {stored}");
    }
    Ok(stored)
}

/// Names and contents; bytes are read as text, so that a token in them would be found.
pub(crate) const STORED: &str = "
  const read = (value) => {
    if (value instanceof CryptoKey) return value.type !== 'public' && value.extractable ? 'extractable key' : 'key'
    if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value))
    if (ArrayBuffer.isView(value)) return String.fromCharCode(...new Uint8Array(value.buffer))
    if (Array.isArray(value)) return value.map(read)
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one)]))
    return value
  }
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const records = []
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      for (const record of await done(database.transaction(store).objectStore(store).getAll())) {
        records.push(read(record))
      }
    }
    database.close()
  }
  return {
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    cookies: document.cookie ? [document.cookie] : [],
    caches: await caches.keys(),
    records,
    name: window.name,
    state: history.state,
  }
";

fn has_answer(address: &str) -> bool {
    ["code=", "state=", "iss="]
        .iter()
        .any(|part| address.contains(part))
}
