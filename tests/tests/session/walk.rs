//! What a person does on the pages, in their words.

use anyhow::Result;
use fantoccini::wd::WindowHandle;
use portvakt_tests::browser::{Stage, marks};
use serde_json::Value;

/// Kari manages several organisations, with sub-units.
pub(crate) const KARI: &str = "15868510045";

/// The main unit that Kari manages.
pub(crate) const MAIN_UNIT: &str = "310000019";

/// A sub-unit of [`MAIN_UNIT`].
pub(crate) const SUB_UNIT: &str = "312223333";

/// The CSS selector of a mark.
pub(crate) fn mark(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

/// The CSS selector of a mark with a value: `person` with `pid`, say.
pub(crate) fn mark_of(name: &str, attribute: &str, value: &str) -> String {
    format!("[data-testid=\"{name}\"][data-{attribute}=\"{value}\"]")
}

/// Opens the application and waits until it knows whether somebody is signed in.
pub(crate) async fn open(stage: &Stage) -> Result<()> {
    stage
        .browser
        .go(&stage.addresses.post_logout_redirect_uri())
        .await?;
    settled(stage).await
}

/// Waits until the application is no longer busy with finding out who is there.
pub(crate) async fn settled(stage: &Stage) -> Result<()> {
    let script = format!(
        "const status = document.querySelector('{}')?.textContent.trim(); \
         return status === 'signed-in' || status === 'signed-out'",
        mark(marks::SESSION_STATUS)
    );
    stage
        .browser
        .holds("the application has started", &script)
        .await
}

/// Whether the application is signed in, once it knows.
pub(crate) async fn is_signed_in(stage: &Stage) -> Result<bool> {
    settled(stage).await?;
    Ok(stage.browser.text(&mark(marks::SESSION_STATUS)).await? == "signed-in")
}

/// Waits until somebody is signed in.
pub(crate) async fn signed_in(stage: &Stage) -> Result<()> {
    stage
        .browser
        .says(&mark(marks::SESSION_STATUS), "signed-in")
        .await
}

/// Waits until nobody is signed in.
pub(crate) async fn signed_out(stage: &Stage) -> Result<()> {
    stage
        .browser
        .says(&mark(marks::SESSION_STATUS), "signed-out")
        .await
}

/// Waits until somebody is signed in for an organisation.
pub(crate) async fn signed_in_for(stage: &Stage, number: &str) -> Result<()> {
    signed_in(stage).await?;
    stage
        .browser
        .says(&mark(marks::SESSION_ORGANISATION), number)
        .await
}

/// Signs out, and waits until the provider has led back.
pub(crate) async fn sign_out(stage: &Stage) -> Result<()> {
    let returns = || {
        let seen = stage.front.seen();
        let is_return = |target: &str| target.starts_with("/?") && target.contains("state=");
        seen.iter().filter(|seen| is_return(&seen.target)).count()
    };
    let before = returns();
    press(stage, marks::SIGN_OUT).await?;
    let is_back = async || Ok((returns() > before).then_some(()));
    stage
        .browser
        .eventually("the provider leads back", is_back)
        .await?;
    let is_clean = "return location.search === ''";
    stage
        .browser
        .holds("the address is clean", is_clean)
        .await?;
    signed_out(stage).await
}

/// Waits for the error that the page shows, and gives its code.
pub(crate) async fn error_code(stage: &Stage) -> Result<String> {
    stage.browser.text(&mark(marks::SESSION_ERROR)).await
}

/// Whether the page shows an error.
pub(crate) async fn has_error(stage: &Stage) -> Result<bool> {
    Ok(stage.browser.count(&mark(marks::SESSION_ERROR)).await? > 0)
}

/// Clicks on something by its mark.
pub(crate) async fn press(stage: &Stage, name: &str) -> Result<()> {
    stage.browser.click(&mark(name)).await
}

/// Signs in at the provider as Kari, with BankID, which is good for every level.
pub(crate) async fn sign_in_as_kari(stage: &Stage) -> Result<()> {
    sign_in_with(stage, "bankid").await
}

/// Signs in at the provider as Kari.
pub(crate) async fn sign_in_with(stage: &Stage, eid: &str) -> Result<()> {
    stage.browser.click(&mark_of("eid", "eid", eid)).await?;
    stage.browser.click(&mark_of("person", "pid", KARI)).await
}

/// Chooses an organisation in the picker and continues.
pub(crate) async fn choose(stage: &Stage, number: &str) -> Result<()> {
    stage
        .browser
        .click(&mark_of("organisation-option", "orgno", number))
        .await?;
    stage.browser.click(&mark("continue")).await
}

/// Signs in from the page that is open, wherever the provider begins: with a session it only asks for whom.
pub(crate) async fn sign_in_from_here(stage: &Stage, number: &str) -> Result<()> {
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    pass_provider(stage, number).await
}

/// Does what the provider asks for, until it leads back.
pub(crate) async fn pass_provider(stage: &Stage, number: &str) -> Result<()> {
    let (eid, option) = (mark("eid"), mark("organisation-option"));
    stage.browser.see(&format!("{eid}, {option}")).await?;
    if stage.browser.count(&option).await? == 0 {
        sign_in_as_kari(stage).await?;
    }
    choose(stage, number).await?;
    signed_in_for(stage, number).await
}

/// Goes the whole way from the first page: Kari, on behalf of an organisation.
pub(crate) async fn sign_in(stage: &Stage, number: &str) -> Result<()> {
    open(stage).await?;
    sign_in_from_here(stage, number).await
}

/// Opens the application and signs in for an organisation, with less than the highest level.
pub(crate) async fn sign_in_at_substantial(stage: &Stage, number: &str) -> Result<()> {
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    sign_in_with(stage, "minid").await?;
    choose(stage, number).await?;
    signed_in_for(stage, number).await
}

/// Opens the application in more tabs, beside the one that is open; gives all, and stays in the first.
pub(crate) async fn open_tabs(stage: &Stage, more: usize) -> Result<Vec<WindowHandle>> {
    let mut tabs = vec![stage.browser.tab().await?];
    for _ in 0..more {
        tabs.push(stage.browser.open_tab().await?);
        open(stage).await?;
    }
    if let Some(first) = tabs.first() {
        stage.browser.switch_to(first).await?;
    }
    Ok(tabs)
}

/// Calls the API and gives what came of it.
pub(crate) async fn call_api(stage: &Stage) -> Result<String> {
    let selector = mark(marks::API_RESULT);
    // A new call takes the old result away, and what comes then is a new element.
    let mark_old = format!(
        "const old = document.querySelector('{selector}'); if (old) old.dataset.old = 'yes'"
    );
    stage.browser.ask(&mark_old).await?;
    press(stage, marks::CALL_API).await?;
    let is_new = format!("{selector}:not([data-old])");
    stage.browser.text(&is_new).await
}

/// How often the provider was asked for tokens so far.
pub(crate) async fn token_requests(stage: &Stage) -> Result<usize> {
    let events = stage.control("GET", "events", Value::Null).await?;
    let is_token = |event: &&Value| event["method"] == "POST" && event["path"] == "/token";
    Ok(events
        .as_array()
        .into_iter()
        .flatten()
        .filter(is_token)
        .count())
}
