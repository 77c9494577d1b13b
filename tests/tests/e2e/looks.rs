//! The same road without a mouse, and on a phone.

use anyhow::{Result, bail, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use portvakt_tests::browser::{Screen, Stage};
use serde_json::json;

use crate::walk::{KARI, MAIN_UNIT, choose_organisation, mark, mark_of, open_demo, sign_in_as};

/// How wide a narrow phone is, in CSS pixels.
const WIDTH: u16 = 360;

const PHONE: Screen = Screen::Phone {
    width: WIDTH,
    height: 740,
};

/// More elements than a page has that can have the focus.
const MAX_STROKES: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_the_keyboard_alone() -> Result<()> {
    Stage::play("a_person_signs_in_with_the_keyboard_alone", async |stage| {
        open_demo(stage).await?;
        let browser = &stage.browser;
        press(stage, &mark("sign-in-on-behalf"), Key::Enter).await?;
        press(stage, &mark("eid"), Key::Enter).await?;
        press(stage, &mark_of("person", "pid", KARI), Key::Enter).await?;
        arrow_to(
            stage,
            &mark("organisation-option"),
            &mark_of("organisation-option", "orgno", MAIN_UNIT),
        )
        .await?;
        press(stage, &mark("continue"), Key::Enter).await?;
        browser
            .see(&mark_of("organisation", "orgno", MAIN_UNIT))
            .await?;
        browser.see(&mark("dialog")).await?;
        press(stage, &(mark("dialog") + " a"), Key::Enter).await?;
        browser.see(&mark("opened-dialog")).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_is_wider_than_a_phone() -> Result<()> {
    Stage::play_on(PHONE, "no_page_is_wider_than_a_phone", async |stage| {
        open_demo(stage).await?;
        fits(stage, "signed out").await?;
        let browser = &stage.browser;
        browser.click(&mark("sign-in-on-behalf")).await?;
        browser.see(&mark("cancel")).await?;
        fits(stage, "ways to sign in").await?;
        sign_in_as(stage, KARI).await?;
        browser.see(&mark("organisation-option")).await?;
        fits(stage, "organisation picker").await?;
        choose_organisation(stage, MAIN_UNIT).await?;
        browser.see(&mark("dialog")).await?;
        fits(stage, "inbox").await?;
        browser.click(&(mark("dialog") + " a")).await?;
        browser.see(&mark("opened-dialog")).await?;
        fits(stage, "dialog").await
    })
    .await
}

/// Moves the focus by Tab until it is on or in an element, and presses a key there.
async fn press(stage: &Stage, selector: &str, key: Key) -> Result<()> {
    move_focus(stage, Key::Tab, selector).await?;
    strike(stage, key).await
}

/// Moves the focus by Tab into a group of choices, and by the arrow to one of them, as radio buttons
/// have it: the one with the focus is the one that is chosen.
async fn arrow_to(stage: &Stage, group: &str, choice: &str) -> Result<()> {
    move_focus(stage, Key::Tab, group).await?;
    strike(stage, Key::Space).await?;
    move_focus(stage, Key::Down, choice).await
}

async fn move_focus(stage: &Stage, key: Key, selector: &str) -> Result<()> {
    stage.browser.see(selector).await?;
    let is_there = format!("return document.activeElement.closest('{selector}') !== null");
    for _ in 0..MAX_STROKES {
        if stage.browser.ask(&is_there).await? == true {
            return Ok(());
        }
        strike(stage, key).await?;
    }
    bail!("the focus never comes to {selector}")
}

async fn strike(stage: &Stage, key: Key) -> Result<()> {
    let value = char::from(key);
    let keyboard = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value })
        .then(KeyAction::Up { value });
    Ok(stage.browser.client().perform_actions(keyboard).await?)
}

/// Makes sure that nothing reaches beyond the side of the phone.
async fn fits(stage: &Stage, page: &str) -> Result<()> {
    let widths = "const e = document.documentElement; return [e.scrollWidth, e.clientWidth]";
    let widths = stage.browser.ask(widths).await?;
    ensure!(
        widths == json!([WIDTH, WIDTH]),
        "{page}: content and phone are {widths} wide"
    );
    Ok(())
}
