//! What the signed-in page shows about the sign-in itself.

use anyhow::Result;
use portvakt_tests::browser::Stage;

use crate::walk::{KARI, MAIN_UNIT, mark, open_demo, sign_in_as, sign_in_on_behalf};

/// As many dialogs as one page of the inbox has.
const PAGE: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_is_called_one_and_points_to_the_wish_upstream() -> Result<()> {
    let name = "the_preview_is_called_one_and_points_to_the_wish_upstream";
    Stage::play(name, async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let link = mark("preview") + " a";
        assert_eq!(
            stage.browser.attribute(&link, "href").await?,
            "https://github.com/Altinn/dialogporten/issues/3982"
        );
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_idporten_is_no_preview() -> Result<()> {
    Stage::play("a_token_of_idporten_is_no_preview", async |stage| {
        open_demo(stage).await?;
        stage.browser.click(&mark("sign-in-idporten")).await?;
        sign_in_as(stage, KARI).await?;
        stage.browser.see(&mark("dialog")).await?;
        assert_eq!(stage.browser.count(&mark("preview")).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_is_read_page_by_page_to_its_end() -> Result<()> {
    Stage::play("the_inbox_is_read_page_by_page_to_its_end", async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        browser.see(&mark("dialog")).await?;
        assert_eq!(browser.count(&mark("dialog")).await?, PAGE);
        browser.click(&mark("load-more")).await?;
        let is_complete = format!(
            "return document.querySelectorAll('{}').length > {PAGE} && !document.querySelector('{}')",
            mark("dialog"),
            mark("load-more")
        );
        browser.holds("the rest of the inbox is there", &is_complete).await?;
        let distinct = format!(
            "const ids = [...document.querySelectorAll('{}')].map((one) => one.dataset.dialogId); \
             return new Set(ids).size === ids.length",
            mark("dialog")
        );
        assert_eq!(browser.ask(&distinct).await?, true);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_a_person_is_masked_until_it_is_asked_for() -> Result<()> {
    let name = "the_number_of_a_person_is_masked_until_it_is_asked_for";
    Stage::play(name, async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        browser.see(&mark("dialog")).await?;
        browser.click(&(mark("raw-claims") + " summary")).await?;
        let page = "return document.documentElement.outerHTML";
        let number =
            |page: &serde_json::Value| page.as_str().is_some_and(|page| page.contains(KARI));
        assert!(!number(&browser.ask(page).await?));
        browser.click(&mark("show-pid")).await?;
        let is_shown = format!("return document.body.textContent.includes('{KARI}')");
        browser.holds("the number is shown", &is_shown).await?;
        browser.click(&mark("show-pid")).await?;
        let is_hidden = format!("return !document.body.textContent.includes('{KARI}')");
        browser
            .holds("the number is hidden again", &is_hidden)
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verification_step_is_listed_with_its_source() -> Result<()> {
    let name = "every_verification_step_is_listed_with_its_source";
    Stage::play(name, async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let listed = stage.browser.ask(LISTED_SOURCES).await?;
        let sources: Vec<&str> = listed
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one.as_str())
            .collect();
        for source in [
            "OIDC Core §3.1.3.7 (2)",
            "OIDC Core §3.1.3.7 (6)",
            "RFC 9207 §2.4",
        ] {
            assert!(sources.contains(&source), "{source} in {sources:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clocks_of_the_session_run_down() -> Result<()> {
    Stage::play("the_clocks_of_the_session_run_down", async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        let first = browser.ask(CLOCKS).await?;
        assert_eq!(first.as_array().map(Vec::len), Some(3));
        let runs = format!("return JSON.stringify((() => {{ {CLOCKS} }})()) !== '{first}'");
        browser.holds("the clocks run", &runs).await
    })
    .await
}

/// What stands in the source column of the list of checks.
const LISTED_SOURCES: &str =
    "return [...document.querySelectorAll('.check-source')].map((one) => one.textContent.trim())";

/// The times that are left.
const CLOCKS: &str =
    "return [...document.querySelectorAll('[role=timer]')].map((one) => one.textContent)";
