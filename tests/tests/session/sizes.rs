//! How much is read of what others answer: as much as may be, and not one byte more.

use anyhow::Result;
use portvakt_tests::browser::{Driver, Stage, marks};

use crate::harness::tests;
use crate::walk::{
    MAIN_UNIT, call_api, choose, error_code, has_error, mark, open, press, sign_in,
    sign_in_as_kari, sign_in_at_substantial, signed_in_for, signed_out,
};

tests![
    what_a_logout_endpoint_says_is_read_up_to_its_limit_and_not_beyond,
    what_an_api_refuses_with_is_read_up_to_its_limit_and_not_beyond,
];

/// Answers in place of the logout endpoint that the session is over, in `SIZE` bytes, and notes whether they were
/// given up. Only an answer that `ENDS` can be read to its end.
const TOLD_THAT_IT_IS_OVER: &str = "
  window.portvaktTestFetch ??= window.fetch
  window.fetch = async (resource, options) => {
    const url = new URL(resource.url ?? resource, location.href)
    if (url.pathname !== '/portvakt/logout') return window.portvaktTestFetch(resource, options)
    const start = (answer) => {
      answer.enqueue(new TextEncoder().encode('{\"loggedOut\":true}'.padEnd(SIZE)))
      if (ENDS) answer.close()
    }
    const cancel = () => { window.portvaktTestGivenUp = true }
    return new Response(new ReadableStream({ start, cancel }))
  }
  // The tab asks when it comes into sight.
  document.dispatchEvent(new Event('visibilitychange'))
";

async fn what_a_logout_endpoint_says_is_read_up_to_its_limit_and_not_beyond(
    stage: &Stage,
) -> Result<()> {
    // `MAX_BYTES` in `pkg/src/auth/watch.ts`, and `MAX_ANSWER_BYTES` in `crates/leptos/src/auth/elsewhere.rs`.
    let limit = match stage.driver {
        Driver::Typescript => 1024,
        Driver::Leptos => 4096,
    };
    sign_in(stage, MAIN_UNIT).await?;
    let told = |size: usize, ends: bool| {
        TOLD_THAT_IT_IS_OVER
            .replace("SIZE", &size.to_string())
            .replace("ENDS", &ends.to_string())
    };
    stage.browser.ask(&told(limit + 1, false)).await?;
    let is_given_up = "return window.portvaktTestGivenUp === true";
    stage
        .browser
        .holds("the answer is given up", is_given_up)
        .await?;
    signed_in_for(stage, MAIN_UNIT).await?;
    assert!(!has_error(stage).await?);
    stage.browser.ask(&told(limit, true)).await?;
    signed_out(stage).await?;
    assert_eq!(error_code(stage).await?, "session_ended_elsewhere");
    Ok(())
}

/// Fills every refusal up to `SIZE` bytes, with what means nothing in JSON.
const FILLED: &str = "
  const fetched = window.fetch
  window.fetch = async (resource, options) => {
    const answer = await fetched(resource, options)
    if (answer.status !== 403) return answer
    const body = new Uint8Array(SIZE).fill(32)
    body.set(new Uint8Array(await answer.arrayBuffer()))
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
";

/// `MAX_CHALLENGE_BYTES` in `pkg/src/auth/auth.ts`, and `MAX_PROBLEM_BYTES` of the client for Dialogporten.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

async fn what_an_api_refuses_with_is_read_up_to_its_limit_and_not_beyond(
    stage: &Stage,
) -> Result<()> {
    let browser = &stage.browser;
    sign_in_at_substantial(stage, MAIN_UNIT).await?;

    refused(stage, MAX_REFUSAL_BYTES + 1).await?;
    match stage.driver {
        Driver::Typescript => {
            press(stage, marks::SIGN_IN_AGAIN).await?;
            assert_eq!(error_code(stage).await?, "transport_too_large");
        }
        Driver::Leptos => {
            let code = browser.attribute(&mark("error"), "data-code").await?;
            assert_eq!(code, "dialogporten_unexpected_status");
            assert_eq!(browser.count(&mark(marks::SIGN_IN_AGAIN)).await?, 0);
        }
    }

    refused(stage, MAX_REFUSAL_BYTES).await?;
    press(stage, marks::SIGN_IN_AGAIN).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    browser.says(&mark(marks::SESSION_ACR), "high").await?;
    signed_in_for(stage, MAIN_UNIT).await?;
    assert!(!has_error(stage).await?);
    Ok(())
}

/// Opens a dialog of a service that takes level high alone, and lets the refusal be of this size.
async fn refused(stage: &Stage, size: usize) -> Result<()> {
    let filled = FILLED.replace("SIZE", &size.to_string());
    stage.front.before_every_page(&filled);
    open(stage).await?;
    assert_eq!(call_api(stage).await?, "200");
    stage.browser.click_on_text("Melding om en ansatt").await
}
