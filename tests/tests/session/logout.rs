//! Out: here and at the provider.

use anyhow::{Context, Result, ensure};
use portvakt_tests::browser::{Stage, marks};
use serde_json::json;

use crate::harness::tests;
use crate::walk::{
    MAIN_UNIT, SUB_UNIT, choose, error_code, has_error, open, open_tabs, press, sign_in,
    sign_in_as_kari, sign_in_from_here, sign_out, signed_in_for, signed_out,
};

tests![
    signing_out_ends_the_session_at_the_provider_and_comes_back,
    signing_out_in_one_tab_signs_out_all_of_them,
    a_return_without_the_right_state_leaves_the_person_signed_out,
    logging_out_of_one_service_ends_three_tabs_of_the_other_in_two_seconds,
    a_page_that_comes_back_after_a_logout_shows_nothing,
];

async fn signing_out_ends_the_session_at_the_provider_and_comes_back(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    sign_out(stage).await?;
    let home = stage.addresses.post_logout_redirect_uri();
    assert_eq!(stage.browser.address().await?, home);
    assert!(!has_error(stage).await?);
    // The provider asks who it is again.
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, SUB_UNIT).await?;
    signed_in_for(stage, SUB_UNIT).await
}

async fn signing_out_in_one_tab_signs_out_all_of_them(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let tabs = open_tabs(stage, 2).await?;
    sign_out(stage).await?;
    for tab in &tabs {
        stage.browser.switch_to(tab).await?;
        signed_out(stage).await?;
        stage.browser.client().refresh().await?;
        signed_out(stage).await?;
    }
    Ok(())
}

async fn a_return_without_the_right_state_leaves_the_person_signed_out(
    stage: &Stage,
) -> Result<()> {
    open(stage).await?;
    for (fault, has_state) in [
        ("logout_state_not_returned", false),
        ("logout_state_altered", true),
    ] {
        sign_in_from_here(stage, MAIN_UNIT).await?;
        stage
            .control("POST", "faults", json!({ "fault": fault, "times": 1 }))
            .await?;
        // The application itself asks for the first page by its path alone: a return is another visit of it.
        let is_return = |target: &str| match has_state {
            true => target.starts_with("/?state="),
            false => target == "/" || target == "/?",
        };
        let returns = || {
            let seen = stage.front.seen();
            seen.iter().filter(|seen| is_return(&seen.target)).count()
        };
        let before = returns();
        press(stage, marks::SIGN_OUT).await?;
        let is_back = async || Ok((returns() > before).then_some(()));
        stage
            .browser
            .eventually("the provider leads back", is_back)
            .await?;
        signed_out(stage).await?;
        open(stage).await?;
        signed_out(stage).await?;
    }
    Ok(())
}

/// Keeps from the application that a tab comes into sight: what it learns, it learns where it is.
const OUT_OF_SIGHT: &str = "
  addEventListener('visibilitychange', (event) => event.stopImmediatePropagation(), { capture: true })
";

/// Notes in a tab when it shows that nobody is signed in.
const NOTE_THE_END: &str = "
  window.portvaktTestEnded = null
  const look = () => {
    const status = document.querySelector('[data-testid=\"session-status\"]')?.textContent.trim()
    if (status === 'signed-out' && !window.portvaktTestEnded) window.portvaktTestEnded = Date.now()
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
";

/// How long a tab may take to show that it was logged out from elsewhere, in milliseconds.
const PROMPT: u64 = 2_000;

async fn logging_out_of_one_service_ends_three_tabs_of_the_other_in_two_seconds(
    stage: &mut Stage,
) -> Result<()> {
    let second = stage.second_service().await?;
    let stage = &*stage;
    let browser = &stage.browser;
    stage.front.before_every_page(OUT_OF_SIGHT);
    sign_in(stage, MAIN_UNIT).await?;
    let tabs = open_tabs(stage, 2).await?;
    for tab in &tabs {
        browser.switch_to(tab).await?;
        browser.ask(NOTE_THE_END).await?;
    }
    browser.open_tab().await?;
    browser.go(&second).await?;
    signed_out(stage).await?;
    sign_in_from_here(stage, SUB_UNIT).await?;
    for tab in &tabs {
        browser.switch_to(tab).await?;
        signed_in_for(stage, MAIN_UNIT).await?;
    }
    browser.open_tab().await?;
    browser.go(&second).await?;
    signed_in_for(stage, SUB_UNIT).await?;
    press(stage, marks::SIGN_OUT).await?;
    let called = async || {
        let mut seen = stage.front.seen().into_iter();
        Ok(seen.rfind(|seen| {
            seen.target.starts_with("/portvakt/logout?") && seen.target.contains("sid=")
        }))
    };
    let called = browser
        .eventually("the provider calls the other service", called)
        .await?;
    for tab in &tabs {
        browser.switch_to(tab).await?;
        signed_out(stage).await?;
        assert_eq!(error_code(stage).await?, "session_ended_elsewhere");
        let ended = browser.ask("return window.portvaktTestEnded").await?;
        let ended = ended.as_u64().context("the tab noted when it ended")?;
        let took = ended.saturating_sub(called.at);
        ensure!(took < PROMPT, "a tab took {took} ms");
    }
    // And the provider asks who it is.
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    signed_in_for(stage, MAIN_UNIT).await
}

/// Notes what a page shows in the moment that it comes back out of the back/forward cache.
const NOTE_THE_RETURN: &str = "
  addEventListener('pageshow', (event) => {
    if (event.persisted) window.portvaktTestReturned = document.body.innerText
  }, { capture: true })
";

/// Why the browser did not keep the page, as far as it says.
const NOT_RESTORED: &str = "
  const reasons = performance.getEntriesByType('navigation')[0]?.notRestoredReasons?.reasons ?? []
  return reasons.map(({ reason }) => reason).join(', ') || 'it does not say why'
";

async fn a_page_that_comes_back_after_a_logout_shows_nothing(stage: &Stage) -> Result<()> {
    stage.front.before_every_page(NOTE_THE_RETURN);
    let browser = &stage.browser;
    sign_in(stage, MAIN_UNIT).await?;
    let first = browser.tab().await?;
    let second = open_tabs(stage, 1).await?.remove(1);
    // The first goes elsewhere, the second signs out, and the first comes back.
    browser.go(&(stage.addresses.control() + "/")).await?;
    browser.switch_to(&second).await?;
    sign_out(stage).await?;
    browser.switch_to(&first).await?;
    browser.client().back().await?;
    signed_out(stage).await?;
    let returned = browser
        .ask("return window.portvaktTestReturned ?? null")
        .await?;
    if returned.is_null() {
        // Chromium tells why, the others do not.
        let reasons = browser.ask(NOT_RESTORED).await?;
        println!(
            "note: {}, {}: the page was loaded anew, the browser had not kept it: {}",
            browser.engine(),
            stage.driver.name(),
            reasons.as_str().unwrap_or_default()
        );
    }
    let shown = browser
        .ask("return document.documentElement.outerHTML")
        .await?;
    for text in [returned.as_str(), shown.as_str()].into_iter().flatten() {
        for secret in [MAIN_UNIT, "SYNTETISK", "Kari"] {
            ensure!(!text.contains(secret), "{secret} is shown: {text}");
        }
    }
    Ok(())
}
