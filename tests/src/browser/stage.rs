//! What one end-to-end test stands on: a simulator, the demo and a browser of its own.

use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};

use anyhow::{Context, Result, anyhow};
use futures_util::FutureExt;
use portvakt_simulator::{Client, Options, Simulator};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use xtask::addresses::{Addresses, CLIENT_ID};
use xtask::server::Site;
use xtask::workspace;

use super::Browser;
use crate::native;

/// What the page is looked at on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Screen {
    /// A window on a desk.
    Desk,
    /// A phone; in CSS pixels.
    Phone {
        /// How wide it is held.
        width: u16,
        /// How high.
        height: u16,
    },
}

/// Simulator, demo and browser of one test; all of it ends with this value.
#[derive(Debug)]
pub struct Stage {
    /// The browser.
    pub browser: Browser,
    /// Where everything is.
    pub addresses: Addresses,
    /// The simulator, for what a test arranges behind the scenes.
    pub simulator: Simulator,
    _servers: JoinSet<()>,
}

impl Stage {
    /// Plays a test on a stage of its own, or says why it cannot.
    ///
    /// When it fails, the page as it was then goes to standard error and, as a picture, to
    /// `target/e2e`.
    ///
    /// # Errors
    /// The test's own, or when the stage cannot be set.
    pub async fn play(name: &str, test: impl AsyncFnOnce(&Self) -> Result<()>) -> Result<()> {
        Self::play_on(Screen::Desk, name, test).await
    }

    /// As [`play`](Self::play), on another screen.
    ///
    /// # Errors
    /// The test's own, or when the stage cannot be set.
    pub async fn play_on(
        screen: Screen,
        name: &str,
        test: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        if let Some(reason) = missing() {
            println!("skipped: {name}: {reason}");
            return Ok(());
        }
        let stage = Self::set(screen)
            .await
            .context("the stage could not be set")?;
        let outcome = AssertUnwindSafe(test(&stage)).catch_unwind().await;
        if !matches!(outcome, Ok(Ok(()))) {
            stage.show(name).await;
        }
        let quit = stage.browser.quit().await;
        outcome
            .unwrap_or_else(|panic| resume_unwind(panic))
            .and(quit)
    }

    async fn set(screen: Screen) -> Result<Self> {
        let addresses = Addresses::unused()?;
        let mut servers = JoinSet::new();
        let simulator = start_simulator(addresses, &mut servers).await?;
        let site = Site::load(&workspace::dist(), addresses)?;
        let listeners = addresses.listen()?;
        servers.spawn(async move {
            if let Err(error) = site.serve(listeners).await {
                eprintln!("the demo's server stopped: {error:#}");
            }
        });
        let browser = Browser::launch(&xtask::browser::find()?, screen).await?;
        Ok(Self {
            browser,
            addresses,
            simulator,
            _servers: servers,
        })
    }

    /// Calls the simulator's control API, as anybody's script would.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Result<()> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(self.addresses.control() + "/api/" + path)
            .header("content-type", "application/json")
            .body(body.to_string())?;
        let mut response =
            tokio::task::spawn_blocking(move || native::agent().run(request)).await??;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(anyhow!(
            "{method} {path}: {status}: {}",
            response.body_mut().read_to_string()?
        ))
    }

    /// Shows a person who reads the output what the browser showed.
    async fn show(&self, name: &str) {
        let client = self.browser.client();
        eprintln!("--- what the browser showed in {name}");
        if let Ok(address) = self.browser.address().await {
            eprintln!("address: {address}");
        }
        if let Ok(text) = self.browser.ask("return document.body.innerText").await {
            eprintln!("{}", text.as_str().unwrap_or_default());
        }
        for message in self.browser.console().await.unwrap_or_default() {
            eprintln!("console: {message}");
        }
        let folder = workspace::root().join("target/e2e");
        let picture = folder.join(format!("{name}.png"));
        if let Ok(bytes) = client.screenshot().await
            && fs::create_dir_all(&folder).is_ok()
            && fs::write(&picture, bytes).is_ok()
        {
            eprintln!("picture: {}", picture.display());
        }
    }
}

/// Why there can be no end-to-end test here, if there cannot.
fn missing() -> Option<String> {
    if let Err(reason) = xtask::browser::find() {
        return Some(reason.to_string());
    }
    let is_built = workspace::dist().join("index.html").is_file();
    (!is_built).then(|| "the demo is not built; cargo xtask test builds it".to_owned())
}

/// Starts the simulator as the demo command does.
async fn start_simulator(addresses: Addresses, servers: &mut JoinSet<()>) -> Result<Simulator> {
    let mut client = Client::public(CLIENT_ID, addresses.redirect_uri());
    client.post_logout_redirect_uris = vec![addresses.post_logout_redirect_uri()];
    client.scopes.push("digdir:dialogporten".to_owned());
    let mut options = Options::new(addresses.simulator_port());
    options.accept_ansattporten = true;
    options.dialogporten_cors = true;
    options.clients = vec![client];
    let simulator = Simulator::new(options)?;
    let (is_ready, ready) = oneshot::channel();
    let serving = simulator.clone();
    servers.spawn(async move {
        let ready = move || {
            let _ = is_ready.send(());
        };
        if let Err(error) = serving.serve(ready, std::future::pending()).await {
            eprintln!("the simulator stopped: {error}");
        }
    });
    ready.await.context("the simulator did not start")?;
    Ok(simulator)
}
