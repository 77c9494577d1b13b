//! What a person sees when something says no.

use anyhow::Result;
use portvakt_tests::browser::Stage;
use serde_json::json;

use crate::walk::{
    MAIN_UNIT, NORA, error_code, mark, mark_of, open_demo, sign_in_as, sign_in_on_behalf,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_nobody_to_represent_stays_at_the_provider_and_can_go_back() -> Result<()> {
    let name = "a_person_with_nobody_to_represent_stays_at_the_provider_and_can_go_back";
    Stage::play(name, async |stage| {
        open_demo(stage).await?;
        let browser = &stage.browser;
        browser.click(&mark("sign-in-on-behalf")).await?;
        sign_in_as(stage, NORA).await?;
        browser
            .see(&mark_of("op-error", "code", "no_representation"))
            .await?;
        while browser.address().await?.starts_with("http://127.0.0.1:") {
            browser.client().back().await?;
        }
        browser.see(&mark("sign-in-on-behalf")).await?;
        assert_eq!(browser.count(&mark("error")).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogporten_refusing_ansattportens_tokens_is_explained() -> Result<()> {
    Stage::play(
        "dialogporten_refusing_ansattportens_tokens_is_explained",
        async |stage| {
            stage
                .control(
                    "PUT",
                    "dialogporten",
                    json!({ "accept_ansattporten": false }),
                )
                .await?;
            sign_in_on_behalf(stage, MAIN_UNIT).await?;
            let browser = &stage.browser;
            assert_eq!(error_code(stage).await?, "dialogporten_unauthenticated");
            assert_eq!(browser.count(&mark("dialog")).await?, 0);
            // The upstream issue is linked to, and the sign-in itself stands.
            browser
                .see(&(mark("error") + " a[href^='https://github.com/Altinn/dialogporten/']"))
                .await?;
            browser.see(&mark("organisation")).await?;
            Ok(())
        },
    )
    .await
}
