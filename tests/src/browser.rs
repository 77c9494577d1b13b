//! Real browsers, driven over W3C WebDriver, with the defaults that people have.
//!
//! Nothing here sleeps for a time and hopes: every wait is for a condition, and fails with the name
//! of what did not come when [`PATIENCE`] is over. And nothing is said in one browser's own protocol:
//! what WebDriver has no word for, such as a script before the page's own, is done by the server
//! that the page comes from ([`front`]).

pub mod front;
mod launch;
pub mod marks;
mod stage;

use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use xtask::browser::Engine;

use self::launch::Running;
pub use self::stage::{Driver, Screen, Stage};

/// How long anything on a page may take to come about; generous, for machines with much to do.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two looks at a page.
const GLANCE: Duration = Duration::from_millis(25);

/// A browser with a new profile; it is gone when this value is dropped.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    engine: Engine,
    _running: Running,
}

impl Browser {
    /// Starts the driver on a free port, and the browser.
    ///
    /// # Errors
    /// When either does not start.
    pub async fn launch(programs: &xtask::browser::Browser, screen: Screen) -> Result<Self> {
        let (client, running) = launch::launch(programs, screen).await?;
        Ok(Self {
            client,
            engine: programs.engine,
            _running: running,
        })
    }

    /// Ends the browser in good order, so that it writes nothing more.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn quit(&self) -> Result<()> {
        Ok(self.client.clone().close().await?)
    }

    /// What it is made of.
    pub fn engine(&self) -> Engine {
        self.engine
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

    /// What the page looks like to `script`, which ends with a `return` and may wait for promises.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn ask(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             (async () => {{ {script} }})().then((value) => done([value ?? null]), (error) => done(String(error)))"
        );
        match self.client.execute_async(&script, Vec::new()).await? {
            Value::Array(mut value) if value.len() == 1 => Ok(value.remove(0)),
            thrown => bail!("the script threw {thrown}"),
        }
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

    /// The bare text of an element, in sight or not.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub async fn text(&self, selector: &str) -> Result<String> {
        let script = "return document.querySelector(arguments[0])?.textContent.trim() ?? null";
        let text = self
            .eventually(&format!("{selector} is there"), async || {
                let text = self.client.execute(script, vec![json!(selector)]).await?;
                Ok(text.as_str().map(str::to_owned))
            })
            .await?;
        Ok(text)
    }

    /// Waits until an element has this text, in sight or not.
    ///
    /// # Errors
    /// When it has not in time.
    pub async fn says(&self, selector: &str, text: &str) -> Result<()> {
        let script =
            "return document.querySelector(arguments[0])?.textContent.trim() === arguments[1]";
        let arguments = vec![json!(selector), json!(text)];
        self.eventually(&format!("{selector} says {text}"), async || {
            let value = self.client.execute(script, arguments.clone()).await?;
            Ok((value == true).then_some(()))
        })
        .await
    }

    /// Opens a new tab and goes to it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn open_tab(&self) -> Result<WindowHandle> {
        let tab = self.client.new_window(true).await?.handle;
        self.switch_to(&tab).await?;
        Ok(tab)
    }

    /// Goes to a tab.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn switch_to(&self, tab: &WindowHandle) -> Result<()> {
        Ok(self.client.switch_to_window(tab.clone()).await?)
    }

    /// The tab that commands go to.
    ///
    /// # Errors
    /// When it was closed.
    pub async fn tab(&self) -> Result<WindowHandle> {
        Ok(self.client.window().await?)
    }

    /// Closes the tab that commands go to, in the middle of whatever it does, and goes to another.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn kill_tab(&self, then: &WindowHandle) -> Result<()> {
        self.client.close_window().await?;
        self.switch_to(then).await
    }

    /// Closes every tab but one, which is then empty.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn clear(&self) -> Result<()> {
        let new = self.client.new_window(true).await?.handle;
        for tab in self.client.windows().await? {
            if tab != new {
                self.switch_to(&tab).await?;
                self.client.close_window().await?;
            }
        }
        self.switch_to(&new).await
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

/// Everything on a page may be replaced at any time; these say that it was.
fn is_momentary(error: &CmdError) -> bool {
    let (kind, message) = match error {
        CmdError::Standard(error) => (Some(&error.error), error.message.as_ref()),
        // Not in the form of the standard.
        CmdError::NotW3C(Value::String(message)) => (None, message.as_str()),
        _ => return false,
    };
    // What the browsers say, each in its own words, when a page is left while it is asked.
    let is_left = [
        "Could not parse script result",
        "evalInSandbox",
        "unload",
        "execution context",
        "aborted by navigation",
    ];
    if is_left.iter().any(|words| message.contains(words)) {
        return true;
    }
    matches!(
        kind,
        Some(
            ErrorStatus::NoSuchElement
                | ErrorStatus::StaleElementReference
                | ErrorStatus::ElementNotInteractable
                | ErrorStatus::ElementClickIntercepted
        )
    )
}
