//! A tab that is closed in the middle: what is left works, or is signed out for good.

use anyhow::{Result, ensure};
use portvakt_tests::browser::{Stage, marks};

use crate::harness::tests;
use crate::walk::{
    MAIN_UNIT, call_api, choose, is_signed_in, mark, open, press, sign_in_as_kari,
    sign_in_from_here, signed_in_for,
};

tests![
    a_tab_closed_at_any_step_of_a_sign_in_leaves_nothing_that_is_broken,
    a_tab_closed_at_any_step_of_a_renewal_leaves_a_session_that_works_or_none,
];

/// Where a tab stops for good: before or after its n-th request to the provider, before or after its n-th
/// write to the database, and before it tells other tabs.
const STEPS: [&str; 10] = [
    "request-1",
    "answer-1",
    "request-2",
    "answer-2",
    "request-3",
    "answer-3",
    "write-1",
    "written-1",
    "write-2",
    "tell-1",
];

/// Stops at a step: nothing that comes after it happens, and the test is told.
const STOP: &str = "
(() => {
  if (!(WHERE)) return
  const counts = {}
  const stopped = () => { window.portvaktTestStopped = true }
  const isHere = (kind) => {
    if (window.portvaktTestStopped) return true
    counts[kind] = (counts[kind] ?? 0) + 1
    if (`${kind}-${counts[kind]}` !== 'STEP') return false
    stopped()
    return true
  }
  const never = new Promise(() => {})
  const fetched = window.fetch
  window.fetch = async (resource, options) => {
    const isOwn = new URL(resource.url ?? resource, location.href).origin === location.origin
    if (isOwn) return fetched(resource, options)
    if (isHere('request')) return never
    const answer = await fetched(resource, options)
    if (isHere('answer')) return never
    return answer
  }
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (...all) {
    if (isHere('write')) { this.transaction.abort(); return put.apply(this, all) }
    const request = put.apply(this, all)
    this.transaction.addEventListener('complete', (event) => {
      if (isHere('written')) event.stopImmediatePropagation()
    })
    return request
  }
  const post = BroadcastChannel.prototype.postMessage
  BroadcastChannel.prototype.postMessage = function (...all) {
    if (!isHere('tell')) post.apply(this, all)
  }
})()
";

async fn a_tab_closed_at_any_step_of_a_sign_in_leaves_nothing_that_is_broken(
    stage: &Stage,
) -> Result<()> {
    let browser = &stage.browser;
    let mut missed = Vec::new();
    for step in STEPS {
        stage
            .front
            .before_every_page(&stop("location.pathname === '/callback'", step));
        let other = browser.tab().await?;
        browser.open_tab().await?;
        open(stage).await?;
        if is_signed_in(stage).await? {
            press(stage, marks::SWITCH_ORGANISATION).await?;
        } else {
            press(stage, marks::SIGN_IN_ON_BEHALF).await?;
        }
        let (eid, option) = (mark("eid"), mark("organisation-option"));
        browser.see(&format!("{eid}, {option}")).await?;
        if browser.count(&option).await? == 0 {
            sign_in_as_kari(stage).await?;
        }
        choose(stage, MAIN_UNIT).await?;
        if !has_stopped(stage).await? {
            missed.push(step);
        }
        browser.kill_tab(&other).await?;
        stage.front.before_every_page("");
        works_or_is_signed_out(stage, step).await?;
    }
    // Two requests are enough for a sign-in whose metadata are known, and one write for whoever notes nothing after it.
    let may_be_missed = ["request-3", "answer-3", "write-2"];
    missed.retain(|step| !may_be_missed.contains(step));
    assert_eq!(missed, [""; 0], "a sign-in does not come to these");
    Ok(())
}

/// Longer than an access token is valid, and shorter than a refresh token; in seconds.
const UNTIL_TOKENS_ARE_OLD: u64 = 130;

async fn a_tab_closed_at_any_step_of_a_renewal_leaves_a_session_that_works_or_none(
    stage: &Stage,
) -> Result<()> {
    let browser = &stage.browser;
    let survivor = browser.tab().await?;
    let mut missed = Vec::new();
    for step in STEPS {
        open(stage).await?;
        if !is_signed_in(stage).await? {
            sign_in_from_here(stage, MAIN_UNIT).await?;
        }
        stage.front.before_every_page(&stop("true", step));
        browser.open_tab().await?;
        browser
            .go(&stage.addresses.post_logout_redirect_uri())
            .await?;
        // Some steps are met before: then there is no renewal to be cut short.
        let is_ready = format!(
            "return window.portvaktTestStopped || document.querySelector('{}')?.textContent.trim() === 'signed-in'",
            mark(marks::SESSION_STATUS)
        );
        browser.holds("the tab has the session", &is_ready).await?;
        stage.let_time_pass(UNTIL_TOKENS_ARE_OLD).await?;
        let call = format!(
            "document.querySelector('{}')?.click()",
            mark(marks::CALL_API)
        );
        browser.ask(&call).await?;
        let is_over = format!(
            "return window.portvaktTestStopped || !!document.querySelector('{}')?.textContent.trim()",
            mark(marks::API_RESULT)
        );
        browser
            .holds("the renewal has stopped or is over", &is_over)
            .await?;
        if browser.ask("return !!window.portvaktTestStopped").await? != true {
            missed.push(step);
        }
        browser.kill_tab(&survivor).await?;
        stage.front.before_every_page("");
        works_or_is_signed_out(stage, step).await?;
    }
    // One write is enough for whoever notes nothing after it.
    missed.retain(|step| *step != "write-2");
    assert_eq!(missed, [""; 0], "a renewal does not come to these");
    Ok(())
}

/// Whether the sign-in has come to the step; otherwise it is over and good.
async fn has_stopped(stage: &Stage) -> Result<bool> {
    let script = format!(
        "return window.portvaktTestStopped || document.querySelector('{}')?.textContent.trim() === 'signed-in'",
        mark(marks::SESSION_STATUS)
    );
    stage
        .browser
        .holds("the sign-in has stopped or is over", &script)
        .await?;
    Ok(stage
        .browser
        .ask("return !!window.portvaktTestStopped")
        .await?
        == true)
}

/// A page that is opened now is signed in and can call, or is signed out and can sign in.
async fn works_or_is_signed_out(stage: &Stage, step: &str) -> Result<()> {
    open(stage).await?;
    if is_signed_in(stage).await? {
        // A refresh token that the closed tab has used cannot be used again: that ends the session.
        let call = format!(
            "document.querySelector('{}')?.click()",
            mark(marks::CALL_API)
        );
        stage.browser.ask(&call).await?;
        let is_over = format!(
            "const said = (mark) => document.querySelector(`[data-testid=\"${{mark}}\"]`)?.textContent.trim(); \
             return said('{}') === 'signed-out' || said('{}') === '200'",
            marks::SESSION_STATUS,
            marks::API_RESULT
        );
        let what = format!("after {step}, the session works or has ended");
        stage.browser.holds(&what, &is_over).await?;
    }
    if !is_signed_in(stage).await? {
        sign_in_from_here(stage, MAIN_UNIT).await?;
        let result = call_api(stage).await?;
        ensure!(result == "200", "after {step}: {result}");
    }
    signed_in_for(stage, MAIN_UNIT).await
}

fn stop(place: &str, step: &str) -> String {
    STOP.replace("WHERE", place).replace("STEP", step)
}
