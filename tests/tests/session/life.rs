//! What a session lives through: reloads, tabs, another organisation, a higher level, renewal.

use anyhow::Result;
use portvakt_tests::browser::{Stage, marks};

use crate::harness::tests;
use crate::walk::{
    MAIN_UNIT, SUB_UNIT, call_api, choose, has_error, mark, open_tabs, press, sign_in,
    sign_in_as_kari, sign_in_at_substantial, signed_in_for, token_requests,
};

tests![
    a_reload_keeps_the_person_and_the_organisation,
    a_new_tab_has_the_session_of_its_siblings,
    another_organisation_is_there_in_all_tabs_at_once,
    a_higher_level_comes_back_to_the_same_page,
    an_api_that_asks_for_a_higher_level_gets_it,
    three_tabs_that_renew_at_once_use_one_refresh_token,
];

async fn a_reload_keeps_the_person_and_the_organisation(stage: &Stage) -> Result<()> {
    sign_in(stage, SUB_UNIT).await?;
    let asked = token_requests(stage).await?;
    stage.browser.client().refresh().await?;
    signed_in_for(stage, SUB_UNIT).await?;
    assert_eq!(
        stage
            .browser
            .text(&mark(marks::SESSION_PERSISTENCE))
            .await?,
        "sealed"
    );
    assert_eq!(call_api(stage).await?, "200");
    assert_eq!(token_requests(stage).await?, asked);
    Ok(())
}

async fn a_new_tab_has_the_session_of_its_siblings(stage: &Stage) -> Result<()> {
    sign_in(stage, SUB_UNIT).await?;
    for tab in open_tabs(stage, 2).await? {
        stage.browser.switch_to(&tab).await?;
        signed_in_for(stage, SUB_UNIT).await?;
        assert_eq!(call_api(stage).await?, "200");
    }
    Ok(())
}

async fn another_organisation_is_there_in_all_tabs_at_once(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let tabs = open_tabs(stage, 2).await?;
    press(stage, marks::SWITCH_ORGANISATION).await?;
    // The provider knows who it is, and asks only for whom.
    choose(stage, SUB_UNIT).await?;
    for tab in &tabs {
        stage.browser.switch_to(tab).await?;
        signed_in_for(stage, SUB_UNIT).await?;
        assert_eq!(call_api(stage).await?, "200");
        assert!(!has_error(stage).await?);
    }
    Ok(())
}

async fn a_higher_level_comes_back_to_the_same_page(stage: &Stage) -> Result<()> {
    sign_in_at_substantial(stage, MAIN_UNIT).await?;
    let acr = mark(marks::SESSION_ACR);
    stage.browser.says(&acr, "substantial").await?;
    let address = stage.browser.address().await?;
    let second = open_tabs(stage, 1).await?.remove(1);
    press(stage, marks::STEP_UP).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    stage.browser.says(&acr, "high").await?;
    signed_in_for(stage, MAIN_UNIT).await?;
    assert_eq!(stage.browser.address().await?, address);
    stage.browser.switch_to(&second).await?;
    stage.browser.says(&acr, "high").await
}

async fn an_api_that_asks_for_a_higher_level_gets_it(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    sign_in_at_substantial(stage, MAIN_UNIT).await?;
    let acr = mark(marks::SESSION_ACR);
    browser.says(&acr, "substantial").await?;
    assert_eq!(call_api(stage).await?, "200");
    // A dialog of a service that takes level high alone.
    browser.click_on_text("Melding om en ansatt").await?;
    browser.see(&mark(marks::SIGN_IN_AGAIN)).await?;
    let address = browser.address().await?;
    press(stage, marks::SIGN_IN_AGAIN).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    browser.says(&acr, "high").await?;
    signed_in_for(stage, MAIN_UNIT).await?;
    assert_eq!(browser.address().await?, address);
    assert!(!has_error(stage).await?);
    Ok(())
}

/// Longer than an access token is valid, and shorter than a refresh token; in seconds.
const UNTIL_TOKENS_ARE_OLD: u64 = 130;

async fn three_tabs_that_renew_at_once_use_one_refresh_token(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let tabs = open_tabs(stage, 2).await?;
    stage.let_time_pass(UNTIL_TOKENS_ARE_OLD).await?;
    let asked = token_requests(stage).await?;
    // Pressed by script: a click of WebDriver waits for its tab, and the tabs are to be at it together.
    let call = format!(
        "document.querySelector('{}').click()",
        mark(marks::CALL_API)
    );
    for tab in &tabs {
        stage.browser.switch_to(tab).await?;
        stage.browser.ask(&call).await?;
    }
    for tab in &tabs {
        stage.browser.switch_to(tab).await?;
        stage.browser.says(&mark(marks::API_RESULT), "200").await?;
        signed_in_for(stage, MAIN_UNIT).await?;
    }
    assert_eq!(token_requests(stage).await? - asked, 1);
    // And the new one is good for the next time, in whichever tab.
    stage.let_time_pass(UNTIL_TOKENS_ARE_OLD).await?;
    assert_eq!(call_api(stage).await?, "200");
    assert_eq!(token_requests(stage).await? - asked, 2);
    Ok(())
}
