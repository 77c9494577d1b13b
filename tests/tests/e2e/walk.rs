//! What a person does on the pages, in their words.

use anyhow::Result;
use portvakt_tests::browser::Stage;

/// Kari manages several organisations, with sub-units.
pub(crate) const KARI: &str = "15868510045";

/// Nora represents nobody but herself.
pub(crate) const NORA: &str = "15868510207";

/// The main unit that Kari manages, SYNTETISK PRØVE AS.
pub(crate) const MAIN_UNIT: &str = "310000019";

/// A sub-unit of [`MAIN_UNIT`].
pub(crate) const SUB_UNIT: &str = "312223333";

/// The CSS selector of a mark.
pub(crate) fn mark(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

/// The CSS selector of a mark with a value: `organisation` with `orgno`, say.
pub(crate) fn mark_of(name: &str, attribute: &str, value: &str) -> String {
    format!("[data-testid=\"{name}\"][data-{attribute}=\"{value}\"]")
}

/// Opens the demo and waits until it can be used.
pub(crate) async fn open_demo(stage: &Stage) -> Result<()> {
    stage
        .browser
        .go(&stage.addresses.post_logout_redirect_uri())
        .await?;
    stage.browser.see(&mark("sign-in-on-behalf")).await?;
    Ok(())
}

/// Signs in at a provider as one of its people, with BankID, which is good for every level.
pub(crate) async fn sign_in_as(stage: &Stage, pid: &str) -> Result<()> {
    sign_in_with(stage, "bankid", pid).await
}

/// Signs in at a provider as one of its people.
pub(crate) async fn sign_in_with(stage: &Stage, eid: &str, pid: &str) -> Result<()> {
    stage.browser.click(&mark_of("eid", "eid", eid)).await?;
    stage.browser.click(&mark_of("person", "pid", pid)).await
}

/// Chooses an organisation in the picker and continues.
pub(crate) async fn choose_organisation(stage: &Stage, number: &str) -> Result<()> {
    stage
        .browser
        .click(&mark_of("organisation-option", "orgno", number))
        .await?;
    stage.browser.click(&mark("continue")).await
}

/// Goes the whole way from the demo's first page: Kari, on behalf of an organisation.
pub(crate) async fn sign_in_on_behalf(stage: &Stage, number: &str) -> Result<()> {
    open_demo(stage).await?;
    stage.browser.click(&mark("sign-in-on-behalf")).await?;
    sign_in_as(stage, KARI).await?;
    choose_organisation(stage, number).await?;
    stage.browser.see(&mark("signed-in")).await?;
    Ok(())
}

/// Waits for the error that the page shows, and gives its code.
pub(crate) async fn error_code(stage: &Stage) -> Result<String> {
    stage.browser.attribute(&mark("error"), "data-code").await
}
