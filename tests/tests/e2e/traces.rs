//! What a sign-in leaves behind, which is nothing.

use anyhow::Result;
use portvakt_tests::browser::Stage;

use crate::walk::{MAIN_UNIT, mark, sign_in_on_behalf};

/// Everything that the page could keep, as one text.
const STORED: &str = "
    const databases = await indexedDB.databases();
    const caches_ = await caches.keys();
    return JSON.stringify({
        local: { ...localStorage },
        session: { ...sessionStorage },
        cookies: document.cookie,
        databases, caches: caches_, name: window.name, state: history.state,
    });
";

#[tokio::test(flavor = "multi_thread")]
async fn no_code_or_state_stays_in_address_history_or_referrer() -> Result<()> {
    Stage::play(
        "no_code_or_state_stays_in_address_history_or_referrer",
        async |stage| {
            sign_in_on_behalf(stage, MAIN_UNIT).await?;
            let browser = &stage.browser;
            assert_eq!(
                browser.address().await?,
                stage.addresses.post_logout_redirect_uri()
            );
            let own = stage.addresses.application();
            assert_eq!(browser.ask("return document.referrer").await?, "");
            // Back through the history: what is in it would be asked for again, or be the address.
            let answers = || {
                let seen = stage.front.seen();
                seen.iter().filter(|seen| has_answer(&seen.target)).count()
            };
            assert_eq!(answers(), 1);
            while browser.address().await?.starts_with("http") {
                let address = browser.address().await?;
                assert!(
                    !(address.starts_with(&own) && has_answer(&address)),
                    "{address}"
                );
                browser.client().back().await?;
            }
            assert_eq!(answers(), 1);
            Ok(())
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_code_or_verifier_stays_in_storage() -> Result<()> {
    Stage::play(
        "no_token_code_or_verifier_stays_in_storage",
        async |stage| {
            sign_in_on_behalf(stage, MAIN_UNIT).await?;
            let browser = &stage.browser;
            browser.see(&mark("dialog")).await?;
            let stored = browser.ask(STORED).await?;
            let stored = stored.as_str().unwrap_or_default();
            assert!(stored.contains("\"session\""), "{stored}");
            // A JWT begins with eyJ; what belongs to a pending login has these names.
            for secret in [
                "eyJ",
                "code_verifier",
                "nonce",
                "state\":\"",
                "access_token",
                "id_token",
            ] {
                assert!(!stored.contains(secret), "{secret}: {stored}");
            }
            assert_eq!(browser.ask("return sessionStorage.length").await?, 0);
            Ok(())
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_after_sign_in_forgets_everything() -> Result<()> {
    Stage::play("a_reload_after_sign_in_forgets_everything", async |stage| {
        sign_in_on_behalf(stage, MAIN_UNIT).await?;
        let browser = &stage.browser;
        browser.client().refresh().await?;
        browser.see(&mark("sign-in-on-behalf")).await?;
        assert_eq!(browser.count(&mark("error")).await?, 0);
        Ok(())
    })
    .await
}

fn has_answer(address: &str) -> bool {
    ["code=", "state=", "iss="]
        .iter()
        .any(|part| address.contains(part))
}
