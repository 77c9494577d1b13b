//! How long a session lasts, by a clock that the test owns.

use anyhow::Result;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use portvakt_tests::browser::{Stage, marks};

use crate::harness::tests;
use crate::walk::{
    MAIN_UNIT, choose, error_code, mark, open, open_tabs, press, sign_in, sign_in_as_kari,
    sign_in_from_here, signed_in, signed_out,
};

tests![
    half_an_hour_without_anybody_ends_the_session_in_all_tabs,
    what_is_done_in_one_tab_counts_for_all_and_two_hours_are_the_end,
    a_device_whose_clock_is_an_hour_wrong_is_told_once,
];

/// The longest that nobody may do anything, in seconds.
const IDLE: u64 = 30 * 60;

/// Within the time of the warning, in seconds before the end.
const SHORTLY: u64 = 60;

async fn half_an_hour_without_anybody_ends_the_session_in_all_tabs(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let tabs = open_tabs(stage, 2).await?;
    assert_eq!(stage.browser.count(&mark(marks::SESSION_WARNING)).await?, 0);
    stage.let_time_pass(IDLE - SHORTLY).await?;
    for tab in &tabs {
        stage.browser.switch_to(tab).await?;
        stage.browser.text(&mark(marks::SESSION_WARNING)).await?;
        signed_in(stage).await?;
    }
    // All at once, as when the machine has slept.
    stage.let_time_pass(SHORTLY + 1).await?;
    ended_everywhere(stage, &tabs, "session_idle").await?;
    // The provider has forgotten as well, and the next sign-in is like the first.
    sign_in_from_here(stage, MAIN_UNIT).await
}

async fn what_is_done_in_one_tab_counts_for_all_and_two_hours_are_the_end(
    stage: &Stage,
) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let tabs = open_tabs(stage, 2).await?;
    // 4 × 29 minutes: without anybody it would be over after the second.
    for tab in tabs.iter().cycle().take(4) {
        stage.let_time_pass(IDLE - SHORTLY).await?;
        stage.browser.switch_to(tab).await?;
        press_a_key(stage).await?;
        for tab in &tabs {
            stage.browser.switch_to(tab).await?;
            let has_heard = format!(
                "return !document.querySelector('{}')",
                mark(marks::SESSION_WARNING)
            );
            stage
                .browser
                .holds("the warning is taken back", &has_heard)
                .await?;
            signed_in(stage).await?;
        }
    }
    // 116 minutes are over: four more, and nothing that anybody does helps.
    stage.let_time_pass(3 * SHORTLY).await?;
    press_a_key(stage).await?;
    stage.browser.text(&mark(marks::SESSION_WARNING)).await?;
    stage.let_time_pass(SHORTLY + 1).await?;
    ended_everywhere(stage, &tabs, "session_over").await
}

async fn a_device_whose_clock_is_an_hour_wrong_is_told_once(stage: &Stage) -> Result<()> {
    // The pages alone: the services have the right time.
    stage.front.advance(3600);
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    assert_eq!(error_code(stage).await?, "device_clock_wrong");
    signed_out(stage).await?;
    // It stands still: one answer was redeemed, and no other asked for.
    let callbacks = stage.front.seen().into_iter();
    assert_eq!(
        callbacks
            .filter(|seen| seen.target.contains("code="))
            .count(),
        1
    );
    Ok(())
}

async fn ended_everywhere(stage: &Stage, tabs: &[WindowHandle], code: &str) -> Result<()> {
    for tab in tabs {
        stage.browser.switch_to(tab).await?;
        signed_out(stage).await?;
        assert_eq!(error_code(stage).await?, code);
    }
    Ok(())
}

/// A key that does nothing, but was pressed by somebody.
async fn press_a_key(stage: &Stage) -> Result<()> {
    let value = char::from(Key::Shift);
    let keyboard = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value });
    Ok(stage.browser.client().perform_actions(keyboard).await?)
}
