//! A reload at the worst moment, which this driver can tell from a page that was just opened.

use anyhow::Result;
use portvakt_tests::browser::Stage;

use crate::walk::{
    KARI, MAIN_UNIT, choose_organisation, error_code, mark, mark_of, open_demo, sign_in_as,
};

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

/// Whether the script has done its work.
const HAS_RELOADED: &str = "return sessionStorage.getItem('reloaded') === 'yes'";

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
        assert_eq!(error_code(stage).await?, "callback_interrupted");
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
