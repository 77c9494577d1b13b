//! Back, Forward and Reload at the worst moments.

use anyhow::{Context, Result};
use portvakt_tests::browser::Stage;

use crate::walk::{
    KARI, MAIN_UNIT, choose_organisation, error_code, mark, mark_of, open_demo, sign_in_as,
    sign_in_on_behalf,
};

/// Reloads the callback once, before the application has seen it.
const RELOAD_BEFORE_THE_ANSWER_IS_READ: &str = "
    if (location.pathname === '/callback' && !sessionStorage.getItem('reloaded')) {
        sessionStorage.setItem('reloaded', 'yes');
        location.reload();
    }
";

/// Reloads the page once, when the application has read the answer and is about to redeem the code.
const RELOAD_WHILE_THE_CODE_IS_REDEEMED: &str = "
    const original = window.fetch;
    window.fetch = (resource, options) => {
        const method = resource.method ?? options?.method;
        if (method === 'POST' && !sessionStorage.getItem('reloaded')) {
            sessionStorage.setItem('reloaded', 'yes');
            location.reload();
            return new Promise(() => {});
        }
        return original(resource, options);
    };
";

/// Whether one of these scripts has done its work.
const HAS_RELOADED: &str = "return sessionStorage.getItem('reloaded') === 'yes'";

/// Remembers the address of the callback where only this test looks.
const REMEMBER_THE_CALLBACK: &str = "
    if (location.pathname === '/callback') window.name = location.href;
";

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_before_the_answer_is_read_does_no_harm() -> Result<()> {
    Stage::play(
        "a_reload_before_the_answer_is_read_does_no_harm",
        async |stage| {
            stage
                .front
                .before_every_page(RELOAD_BEFORE_THE_ANSWER_IS_READ);
            sign_in_on_behalf(stage, MAIN_UNIT).await?;
            assert_eq!(stage.browser.ask(HAS_RELOADED).await?, true);
            stage
                .browser
                .see(&mark_of("organisation", "orgno", MAIN_UNIT))
                .await?;
            Ok(())
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_while_the_code_is_redeemed_leads_to_a_page_that_can_sign_in() -> Result<()> {
    let name = "a_reload_while_the_code_is_redeemed_leads_to_a_page_that_can_sign_in";
    Stage::play(name, async |stage| {
        let browser = &stage.browser;
        stage
            .front
            .before_every_page(RELOAD_WHILE_THE_CODE_IS_REDEEMED);
        open_demo(stage).await?;
        browser.click(&mark("sign-in-on-behalf")).await?;
        sign_in_as(stage, KARI).await?;
        choose_organisation(stage, MAIN_UNIT).await?;
        assert_eq!(error_code(stage).await?, "browser_login_interrupted");
        assert_eq!(browser.ask(HAS_RELOADED).await?, true);
        assert!(!browser.address().await?.contains("code="));
        // What was left of the first try is in nobody's way.
        browser.click(&mark("sign-in-on-behalf")).await?;
        choose_organisation(stage, MAIN_UNIT).await?;
        browser
            .see(&mark_of("organisation", "orgno", MAIN_UNIT))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn back_after_sign_in_and_forward_again_shows_no_error() -> Result<()> {
    Stage::play(
        "back_after_sign_in_and_forward_again_shows_no_error",
        async |stage| {
            sign_in_on_behalf(stage, MAIN_UNIT).await?;
            let browser = &stage.browser;
            browser.client().back().await?;
            // The provider's page, which has done its work and says so.
            browser
                .holds(
                    "the provider's page is back",
                    "return location.hostname === '127.0.0.1'",
                )
                .await?;
            browser.client().forward().await?;
            let (signed_in, signed_out) = (mark("signed-in"), mark("sign-in-on-behalf"));
            browser.see(&format!("{signed_in}, {signed_out}")).await?;
            assert_eq!(browser.count(&mark("error")).await?, 0);
            let address = browser.address().await?;
            assert_eq!(address, stage.addresses.post_logout_redirect_uri());
            Ok(())
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_callback_is_refused_and_the_next_sign_in_works() -> Result<()> {
    Stage::play(
        "an_old_callback_is_refused_and_the_next_sign_in_works",
        async |stage| {
            let browser = &stage.browser;
            stage.front.before_every_page(REMEMBER_THE_CALLBACK);
            sign_in_on_behalf(stage, MAIN_UNIT).await?;
            let callback = browser.ask("return window.name").await?;
            let callback = callback.as_str().context("window.name is a text")?;
            assert!(
                callback.contains("code=") && callback.contains("state="),
                "{callback}"
            );
            browser.go(callback).await?;
            assert_eq!(error_code(stage).await?, "callback_state_unknown");
            assert_eq!(
                browser.address().await?,
                stage.addresses.post_logout_redirect_uri()
            );
            browser.click(&mark("sign-in-on-behalf")).await?;
            choose_organisation(stage, MAIN_UNIT).await?;
            browser.see(&mark("signed-in")).await?;
            Ok(())
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn back_from_the_provider_leads_to_a_page_that_can_sign_in() -> Result<()> {
    Stage::play(
        "back_from_the_provider_leads_to_a_page_that_can_sign_in",
        async |stage| {
            open_demo(stage).await?;
            let browser = &stage.browser;
            browser.click(&mark("sign-in-on-behalf")).await?;
            browser.see(&mark("cancel")).await?;
            browser.client().back().await?;
            browser.click(&mark("sign-in-on-behalf")).await?;
            sign_in_as(stage, KARI).await?;
            choose_organisation(stage, MAIN_UNIT).await?;
            browser
                .see(&mark_of("organisation", "orgno", MAIN_UNIT))
                .await?;
            Ok(())
        },
    )
    .await
}
