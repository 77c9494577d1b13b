//! In, refused, interrupted, and two tabs at once.

use anyhow::{Context, Result};
use portvakt_tests::browser::{Driver, Stage, marks};
use serde_json::json;

use crate::harness::tests;
use crate::walk::{
    MAIN_UNIT, SUB_UNIT, call_api, choose, error_code, has_error, mark, open, press, settled,
    sign_in, sign_in_as_kari, sign_in_from_here, sign_out, signed_in_for, signed_out,
};

tests![
    a_person_signs_in_for_an_organisation_and_calls_an_api,
    a_person_signs_in_as_themself,
    the_keys_are_asked_for_once_in_a_sign_in,
    a_person_who_cancels_is_told_and_may_try_again,
    an_answer_that_cannot_be_trusted_is_refused_with_its_code,
    an_answer_that_this_tab_did_not_ask_for_is_refused,
    an_old_callback_is_refused_and_the_next_sign_in_works,
    a_reload_before_the_answer_is_read_does_no_harm,
    a_reload_while_the_code_is_redeemed_leads_to_a_page_that_can_sign_in,
    back_from_the_provider_leads_to_a_page_that_can_sign_in,
    back_after_sign_in_and_forward_again_shows_no_error,
    two_tabs_sign_in_at_once_and_neither_disturbs_the_other,
];

async fn a_person_signs_in_for_an_organisation_and_calls_an_api(stage: &Stage) -> Result<()> {
    open(stage).await?;
    signed_out(stage).await?;
    sign_in_from_here(stage, MAIN_UNIT).await?;
    assert_eq!(stage.browser.text(&mark(marks::SESSION_ACR)).await?, "high");
    assert_eq!(call_api(stage).await?, "200");
    assert!(!has_error(stage).await?);
    // Nor did the browser have anything to say, about the security policy for one.
    assert_eq!(stage.front.console(), [""; 0]);
    Ok(())
}

async fn a_person_signs_in_as_themself(stage: &Stage) -> Result<()> {
    open(stage).await?;
    press(stage, marks::SIGN_IN).await?;
    sign_in_as_kari(stage).await?;
    signed_in_for(stage, "self").await
}

/// Counts the requests for keys, and lets no code be redeemed before there was one, where the driver sends both at once.
const KEYS_WHILE_THE_CODE_IS_REDEEMED: &str = "
    const fetched = window.fetch;
    let asked;
    const wereAsked = new Promise((resolve) => { asked = resolve; });
    window.fetch = async (resource, options) => {
        const method = resource.method ?? options?.method;
        if (String(resource.url ?? resource).endsWith('/jwks.json')) {
            sessionStorage.setItem('keys', Number(sessionStorage.getItem('keys') ?? 0) + 1);
            asked();
        }
        if (method === 'POST' && IS_AT_ONCE) await wereAsked;
        return fetched(resource, options);
    };
";

async fn the_keys_are_asked_for_once_in_a_sign_in(stage: &Stage) -> Result<()> {
    let is_at_once = (stage.driver == Driver::Typescript).to_string();
    stage
        .front
        .before_every_page(&KEYS_WHILE_THE_CODE_IS_REDEEMED.replace("IS_AT_ONCE", &is_at_once));
    sign_in(stage, MAIN_UNIT).await?;
    let keys = stage.browser.ask("return sessionStorage.getItem('keys')");
    assert_eq!(keys.await?, "1");
    Ok(())
}

async fn a_person_who_cancels_is_told_and_may_try_again(stage: &Stage) -> Result<()> {
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    press(stage, "cancel").await?;
    assert_eq!(error_code(stage).await?, "provider_access_denied");
    signed_out(stage).await?;
    sign_in_from_here(stage, MAIN_UNIT).await?;
    assert!(!has_error(stage).await?);
    Ok(())
}

async fn an_answer_that_cannot_be_trusted_is_refused_with_its_code(stage: &Stage) -> Result<()> {
    open(stage).await?;
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
        press(stage, marks::SIGN_IN_ON_BEHALF).await?;
        let (eid, option) = (mark("eid"), mark("organisation-option"));
        stage.browser.see(&format!("{eid}, {option}")).await?;
        if stage.browser.count(&option).await? == 0 {
            sign_in_as_kari(stage).await?;
        }
        choose(stage, MAIN_UNIT).await?;
        assert_eq!(error_code(stage).await?, code, "{fault}");
        signed_out(stage).await?;
    }
    Ok(())
}

async fn an_answer_that_this_tab_did_not_ask_for_is_refused(stage: &Stage) -> Result<()> {
    let callback = stage.addresses.redirect_uri();
    let issuer = stage.addresses.ansattporten();
    stage
        .browser
        .go(&format!("{callback}?code=a.b&state=c&iss={issuer}"))
        .await?;
    assert_eq!(error_code(stage).await?, "callback_state_unknown");
    signed_out(stage).await
}

async fn an_old_callback_is_refused_and_the_next_sign_in_works(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let callback = stage
        .front
        .seen()
        .into_iter()
        .find(|seen| seen.target.starts_with("/callback?"))
        .context("the application was called back")?;
    let old = stage.addresses.application() + &callback.target;
    // On top of a session it is an error, and the session goes on.
    stage.browser.go(&old).await?;
    assert_eq!(error_code(stage).await?, "callback_state_unknown");
    assert!(!stage.browser.address().await?.contains("code="));
    signed_in_for(stage, MAIN_UNIT).await?;
    assert_eq!(call_api(stage).await?, "200");
    press(stage, marks::SWITCH_ORGANISATION).await?;
    choose(stage, SUB_UNIT).await?;
    signed_in_for(stage, SUB_UNIT).await?;
    assert!(!has_error(stage).await?);
    // And where nobody is signed in, nobody is.
    sign_out(stage).await?;
    stage.browser.go(&old).await?;
    assert_eq!(error_code(stage).await?, "callback_state_unknown");
    signed_out(stage).await?;
    sign_in_from_here(stage, MAIN_UNIT).await
}

/// Reloads the callback once, before the application has seen it.
const RELOAD_BEFORE_THE_ANSWER_IS_READ: &str = "
    if (location.pathname === '/callback' && !sessionStorage.getItem('reloaded')) {
        sessionStorage.setItem('reloaded', 'yes');
        location.reload();
        // Not every browser goes at once: the rest of the page, with the application, becomes a comment.
        document.write('<!--');
    }
";

async fn a_reload_before_the_answer_is_read_does_no_harm(stage: &Stage) -> Result<()> {
    stage
        .front
        .before_every_page(RELOAD_BEFORE_THE_ANSWER_IS_READ);
    sign_in(stage, MAIN_UNIT).await?;
    let has_reloaded = "return sessionStorage.getItem('reloaded')";
    assert_eq!(stage.browser.ask(has_reloaded).await?, "yes");
    Ok(())
}

/// Reloads the page once, when the application has read the answer and is about to redeem the code.
const RELOAD_WHILE_THE_CODE_IS_REDEEMED: &str = "
    const fetched = window.fetch;
    window.fetch = (resource, options) => {
        const method = resource.method ?? options?.method;
        if (method === 'POST' && !sessionStorage.getItem('reloaded')) {
            sessionStorage.setItem('reloaded', 'yes');
            location.reload();
            return new Promise(() => {});
        }
        return fetched(resource, options);
    };
";

async fn a_reload_while_the_code_is_redeemed_leads_to_a_page_that_can_sign_in(
    stage: &Stage,
) -> Result<()> {
    let browser = &stage.browser;
    stage
        .front
        .before_every_page(RELOAD_WHILE_THE_CODE_IS_REDEEMED);
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    sign_in_as_kari(stage).await?;
    choose(stage, MAIN_UNIT).await?;
    let has_reloaded = "return sessionStorage.getItem('reloaded') === 'yes'";
    browser.holds("the page has reloaded", has_reloaded).await?;
    signed_out(stage).await?;
    assert_eq!(error_code(stage).await?, "callback_interrupted");
    assert!(!browser.address().await?.contains("code="));
    // It is told once.
    browser.client().refresh().await?;
    settled(stage).await?;
    assert!(!has_error(stage).await?);
    // What was left of the first try is in nobody's way.
    sign_in_from_here(stage, MAIN_UNIT).await?;
    assert_eq!(call_api(stage).await?, "200");
    assert!(!has_error(stage).await?);
    Ok(())
}

async fn back_from_the_provider_leads_to_a_page_that_can_sign_in(stage: &Stage) -> Result<()> {
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    stage.browser.see(&mark("cancel")).await?;
    stage.browser.client().back().await?;
    settled(stage).await?;
    sign_in_from_here(stage, MAIN_UNIT).await
}

async fn back_after_sign_in_and_forward_again_shows_no_error(stage: &Stage) -> Result<()> {
    sign_in(stage, MAIN_UNIT).await?;
    let browser = &stage.browser;
    browser.client().back().await?;
    // The provider's page, which has done its work and says so.
    let is_back = "return location.hostname === '127.0.0.1'";
    browser
        .holds("the provider's page is back", is_back)
        .await?;
    browser.client().forward().await?;
    signed_in_for(stage, MAIN_UNIT).await?;
    assert!(!has_error(stage).await?);
    assert!(!browser.address().await?.contains("code="));
    Ok(())
}

async fn two_tabs_sign_in_at_once_and_neither_disturbs_the_other(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    let first = browser.tab().await?;
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    let second = browser.open_tab().await?;
    open(stage).await?;
    press(stage, marks::SIGN_IN_ON_BEHALF).await?;
    // One step here, one step there.
    for tab in [&first, &second] {
        browser.switch_to(tab).await?;
        sign_in_as_kari(stage).await?;
        browser.see(&mark("organisation-option")).await?;
    }
    for (tab, number) in [(&first, MAIN_UNIT), (&second, SUB_UNIT)] {
        browser.switch_to(tab).await?;
        choose(stage, number).await?;
        signed_in_for(stage, number).await?;
        assert!(!has_error(stage).await?);
    }
    Ok(())
}
