//! The road as it should be: in, around and out.

use anyhow::Result;
use portvakt_tests::browser::Stage;

use crate::walk::{
    KARI, MAIN_UNIT, SUB_UNIT, choose_organisation, error_code, mark, mark_of, open_demo,
    sign_in_as, sign_in_on_behalf, sign_in_with,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_for_an_organisation_and_reads_its_inbox() -> Result<()> {
    let name = "a_person_signs_in_for_an_organisation_and_reads_its_inbox";
    Stage::play(name, async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        browser
            .see(&mark_of("organisation", "orgno", MAIN_UNIT))
            .await?;
        assert_eq!(browser.count(&mark("organisation")).await?, 1);
        browser.see(&mark("dialog")).await?;
        let id = browser.attribute(&mark("dialog"), "data-dialog-id").await?;
        browser.click(&(mark("dialog") + " a")).await?;
        let opened = browser
            .attribute(&mark("opened-dialog"), "data-dialog-id")
            .await?;
        assert_eq!(opened, id);
        assert_eq!(browser.count(&mark("error")).await?, 0);
        // Nor did the browser have anything to say, about the security policy for one.
        assert_eq!(stage.front.console(), [""; 0]);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_idporten_and_reads_their_own_inbox() -> Result<()> {
    let name = "a_person_signs_in_with_idporten_and_reads_their_own_inbox";
    Stage::play(name, async |stage| {
        open_demo(stage).await?;
        let browser = &stage.browser;
        browser.click(&mark("sign-in-idporten")).await?;
        sign_in_as(stage, KARI).await?;
        browser.see(&mark("signed-in")).await?;
        browser.see(&mark("represents-self")).await?;
        browser.see(&mark("dialog")).await?;
        assert_eq!(browser.count(&mark("organisation")).await?, 0);
        assert_eq!(browser.count(&mark("error")).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_represents_themself_where_no_organisation_is_required() -> Result<()> {
    let name = "a_person_represents_themself_where_no_organisation_is_required";
    Stage::play(name, async |stage| {
        open_demo(stage).await?;
        let browser = &stage.browser;
        browser
            .click("details:has(#representation-required) summary")
            .await?;
        browser.click("#representation-required").await?;
        browser.click(&mark("sign-in-on-behalf")).await?;
        sign_in_as(stage, KARI).await?;
        browser.click(&mark("represent-self")).await?;
        browser.click(&mark("continue")).await?;
        browser.see(&mark("signed-in")).await?;
        browser.see(&mark("represents-self")).await?;
        assert_eq!(browser.count(&mark("organisation")).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_switches_to_another_organisation() -> Result<()> {
    Stage::play("a_person_switches_to_another_organisation", async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        browser.click(&mark("switch-organisation")).await?;
        // The provider knows who it is, and asks only for whom.
        choose_organisation(stage, SUB_UNIT).await?;
        browser
            .see(&mark_of("organisation", "orgno", SUB_UNIT))
            .await?;
        assert_eq!(browser.count(&mark("organisation")).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_needs_a_higher_level_opens_after_signing_in_at_it() -> Result<()> {
    let name = "a_dialog_that_needs_a_higher_level_opens_after_signing_in_at_it";
    Stage::play(name, async |stage| {
        open_demo(stage).await?;
        stage.browser.click(&mark("sign-in-on-behalf")).await?;
        sign_in_with(stage, "minid", KARI).await?;
        choose_organisation(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        browser.see(&mark("dialog")).await?;
        browser.click_on_text("Melding om en ansatt").await?;
        assert_eq!(error_code(stage).await?, "dialogporten_step_up_required");
        let dialog = browser.address().await?;
        browser.click(&mark("sign-in-again")).await?;
        sign_in_as(stage, KARI).await?;
        choose_organisation(stage, MAIN_UNIT).await?;
        browser.see(&mark("opened-dialog")).await?;
        assert_eq!(browser.address().await?, dialog);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_that_a_person_chooses_is_kept_on_the_way() -> Result<()> {
    Stage::play(
        "the_language_that_a_person_chooses_is_kept_on_the_way",
        async |stage| {
            open_demo(stage).await?;
            let browser = &stage.browser;
            assert_eq!(browser.attribute("html", "lang").await?, "nb");
            browser.click("button[lang=en]").await?;
            browser.see("html[lang=en]").await?;
            browser.click(&mark("sign-in-on-behalf")).await?;
            browser.see(&mark("cancel")).await?;
            assert_eq!(browser.attribute("html", "lang").await?, "en");
            sign_in_as(stage, KARI).await?;
            choose_organisation(stage, MAIN_UNIT).await?;
            browser.see(&mark("signed-in")).await?;
            assert_eq!(browser.attribute("html", "lang").await?, "en");
            Ok(())
        },
    )
    .await
}
