//! A real Chromium, driven over W3C WebDriver, with the defaults that people have.
//!
//! Nothing here sleeps for a time and hopes: every wait is for a condition, and fails with the name
//! of what did not come when [`PATIENCE`] is over.

mod cdp;
mod stage;

use std::env::temp_dir;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use xtask::process::{Guarded, command};

use self::cdp::Cdp;
pub use self::stage::{Screen, Stage};

/// How long anything on a page may take to come about; generous, for machines with much to do.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two looks at a page.
const GLANCE: Duration = Duration::from_millis(25);

/// A browser with a new profile; it is gone when this value is dropped.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    profile: PathBuf,
    _driver: Guarded,
}

impl Browser {
    /// Starts chromedriver on a free port, and the browser.
    ///
    /// # Errors
    /// When either does not start.
    pub async fn launch(programs: &xtask::browser::Browser, screen: Screen) -> Result<Self> {
        let mut driver = command(&programs.driver);
        // Port 0: the driver chooses a free one and says which.
        driver
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut driver = Guarded::spawn(&mut driver)?;
        let port = driver
            .announcement(announced_port)
            .await
            .context("chromedriver")?;
        let profile = temp_dir().join(format!("portvakt-{}-{}", std::process::id(), unique()));
        let mut options = json!({ "args": arguments(&profile), "binary": programs.chromium });
        if let Screen::Phone { width, height } = screen {
            options["mobileEmulation"] = json!({
                "deviceMetrics": { "width": width, "height": height, "pixelRatio": 3.0 },
            });
        }
        let capabilities = [
            ("goog:chromeOptions".to_owned(), options),
            ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" })),
        ];
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("the browser did not start")?;
        Ok(Self {
            client,
            profile,
            _driver: driver,
        })
    }

    /// Ends the browser in good order, so that it writes nothing more.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn quit(self) -> Result<()> {
        Ok(self.client.clone().close().await?)
    }

    /// The WebDriver session, for what is not here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub async fn go(&self, address: &str) -> Result<()> {
        self.client
            .goto(address)
            .await
            .with_context(|| format!("going to {address}"))
    }

    /// The address of the page.
    ///
    /// # Errors
    /// When the browser does not tell.
    pub async fn address(&self) -> Result<String> {
        Ok(self.client.current_url().await?.into())
    }

    /// Waits for something to be seen, by CSS selector.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub async fn see(&self, selector: &str) -> Result<Element> {
        self.eventually(&format!("{selector} is seen"), async || {
            let element = self.client.find(Locator::Css(selector)).await?;
            Ok(element.is_displayed().await?.then_some(element))
        })
        .await
    }

    /// Waits for something to be seen and clicks on it.
    ///
    /// # Errors
    /// When it does not appear in time, or cannot be clicked on.
    pub async fn click(&self, selector: &str) -> Result<()> {
        self.eventually(&format!("{selector} can be clicked on"), async || {
            let element = self.client.find(Locator::Css(selector)).await?;
            if !element.is_enabled().await? {
                return Ok(None);
            }
            element.click().await.map(Some)
        })
        .await
    }

    /// Waits for a link with this text, perhaps among other words, and clicks on it.
    ///
    /// # Errors
    /// When it does not appear in time, or cannot be clicked on.
    pub async fn click_on_text(&self, text: &str) -> Result<()> {
        self.eventually(&format!("the link {text} can be clicked on"), async || {
            let path = format!("//a[contains(., '{text}')]");
            let link = self.client.find(Locator::XPath(&path)).await?;
            link.click().await.map(Some)
        })
        .await
    }

    /// What the page looks like to `script`, which ends with a `return`.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn ask(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Waits until `script` returns `true`.
    ///
    /// # Errors
    /// When it does not in time; `what` names the condition.
    pub async fn holds(&self, what: &str, script: &str) -> Result<()> {
        self.eventually(what, async || {
            let value = self.client.execute(script, Vec::new()).await?;
            Ok((value == true).then_some(()))
        })
        .await
    }

    /// How many elements match a CSS selector right now.
    ///
    /// # Errors
    /// When the browser does not tell.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.client.find_all(Locator::Css(selector)).await?.len())
    }

    /// The value of an attribute of something that is waited for.
    ///
    /// # Errors
    /// When it does not appear in time or has no such attribute.
    pub async fn attribute(&self, selector: &str, name: &str) -> Result<String> {
        let value = self.see(selector).await?.attr(name).await?;
        value.with_context(|| format!("{selector} has no {name}"))
    }

    /// The addresses in the history of this tab, the oldest first.
    ///
    /// # Errors
    /// When the browser does not tell.
    pub async fn history(&self) -> Result<Vec<String>> {
        let history = self
            .client
            .issue_cmd(Cdp("Page.getNavigationHistory", json!({})))
            .await?;
        let entries = history["entries"].as_array().context("no history")?;
        Ok(entries
            .iter()
            .filter_map(|entry| entry["url"].as_str().map(str::to_owned))
            .collect())
    }

    /// Runs `script` at the start of every page from now on, before the page's own.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn before_every_page(&self, script: &str) -> Result<()> {
        let command = Cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        );
        self.client.issue_cmd(command).await?;
        Ok(())
    }

    /// What pages wrote to the console since this was last asked.
    ///
    /// # Errors
    /// When the browser does not tell.
    pub async fn console(&self) -> Result<Vec<String>> {
        let log = self.client.issue_cmd(cdp::Console).await?;
        let entries = log.as_array().context("no log")?;
        Ok(entries
            .iter()
            .filter_map(|entry| entry["message"].as_str().map(str::to_owned))
            .collect())
    }

    /// Looks again and again until `look` finds something.
    ///
    /// That an element is not there yet, or was replaced between finding and using it, is no error
    /// but a reason to look again.
    ///
    /// # Errors
    /// When it is not found in time, saying `what` was waited for and why it was not so.
    pub async fn eventually<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, CmdError>,
    ) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let reason = match look().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => None,
                Err(error) if is_momentary(&error) => Some(error),
                Err(error) => return Err(error).context(what.to_owned()),
            };
            if Instant::now() > deadline {
                match reason {
                    Some(error) => return Err(error).context(format!("waited in vain: {what}")),
                    None => bail!("waited in vain: {what}"),
                }
            }
            sleep(GLANCE).await;
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Everything on a page may be replaced at any time; these say that it was.
fn is_momentary(error: &CmdError) -> bool {
    let CmdError::Standard(error) = error else {
        return false;
    };
    matches!(
        error.error,
        ErrorStatus::NoSuchElement
            | ErrorStatus::StaleElementReference
            | ErrorStatus::ElementNotInteractable
            | ErrorStatus::ElementClickIntercepted
    )
}

fn announced_port(line: &str) -> Option<u16> {
    line.split("started successfully on port ")
        .nth(1)?
        .trim_end_matches('.')
        .parse()
        .ok()
}

/// No flag here weakens what separates sites: storage partitioning and cookie rules are Chromium's own.
fn arguments(profile: &std::path::Path) -> Vec<String> {
    let profile = format!("--user-data-dir={}", profile.display());
    [
        "--headless",
        // Chromium refuses to run as root otherwise; it loads this machine's own pages only.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,1000",
        &profile,
    ]
    .map(str::to_owned)
    .into()
}

/// A number that no other browser of this process has.
fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::announced_port;

    #[test]
    fn the_port_of_the_driver_is_read() {
        assert_eq!(
            announced_port("ChromeDriver was started successfully on port 35231."),
            Some(35231)
        );
        assert_eq!(announced_port("Starting ChromeDriver 1.2 on port 0"), None);
    }
}
