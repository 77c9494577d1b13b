//! What a person sees when something says no.

use anyhow::Result;
use portvakt_tests::browser::Stage;
use serde_json::json;

use crate::walk::{
    KARI, MAIN_UNIT, NORA, choose_organisation, error_code, mark, mark_of, open_demo, sign_in_as,
    sign_in_on_behalf,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_cancels_at_the_provider_is_told_that_nothing_happened() -> Result<()> {
    let name = "a_person_who_cancels_at_the_provider_is_told_that_nothing_happened";
    Stage::play(name, async |stage| {
        open_demo(stage).await?;
        let browser = &stage.browser;
        browser.click(&mark("sign-in-on-behalf")).await?;
        browser.click(&mark("cancel")).await?;
        assert_eq!(error_code(stage).await?, "provider_access_denied");
        browser.see(&mark("sign-in-on-behalf")).await?;
        // And may change their mind.
        browser.click(&mark("sign-in-on-behalf")).await?;
        sign_in_as(stage, KARI).await?;
        choose_organisation(stage, MAIN_UNIT).await?;
        browser.see(&mark("signed-in")).await?;
        Ok(())
    })
    .await
}

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
async fn a_fault_that_is_armed_by_name_shows_its_exact_code() -> Result<()> {
    Stage::play(
        "a_fault_that_is_armed_by_name_shows_its_exact_code",
        async |stage| {
            for (fault, code) in [
                ("wrong_nonce", "token_nonce_mismatch"),
                ("bad_signature", "token_signature_invalid"),
                ("iss_of_another_provider", "callback_iss_mismatch"),
                ("state_not_returned", "callback_state_missing"),
                ("lower_acr", "token_acr_not_acceptable"),
            ] {
                stage
                    .control("POST", "faults", json!({ "fault": fault, "times": 1 }))
                    .await?;
                open_demo(stage).await?;
                let browser = &stage.browser;
                browser.click(&mark("sign-in-on-behalf")).await?;
                // Ansattporten has a session once somebody has signed in, and asks for the organisation only.
                let (person, option) = (mark("eid"), mark("organisation-option"));
                browser.see(&format!("{person}, {option}")).await?;
                if browser.count(&option).await? == 0 {
                    sign_in_as(stage, KARI).await?;
                }
                choose_organisation(stage, MAIN_UNIT).await?;
                assert_eq!(error_code(stage).await?, code, "{fault}");
                assert_eq!(browser.count(&mark("signed-in")).await?, 0, "{fault}");
            }
            Ok(())
        },
    )
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

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_this_tab_did_not_ask_for_is_refused() -> Result<()> {
    Stage::play(
        "an_answer_that_this_tab_did_not_ask_for_is_refused",
        async |stage| {
            let callback = stage.addresses.redirect_uri();
            let foreign = format!(
                "{callback}?code=a.b&state=c&iss={}",
                stage.addresses.ansattporten()
            );
            stage.browser.go(&foreign).await?;
            assert_eq!(error_code(stage).await?, "callback_state_unknown");
            Ok(())
        },
    )
    .await
}
