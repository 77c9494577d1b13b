//! What one test in a browser stands on: a simulator, an application before it, and a browser.

use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use futures_util::FutureExt;
use portvakt_simulator::{Client, GrantType, Options, Simulator};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use xtask::addresses::Addresses;
use xtask::browser::Engine;
use xtask::process::{Guarded, command};
use xtask::server::Site;
use xtask::{application, workspace};

use super::Browser;
use super::front::{AHEAD, Front, elsewhere};
use crate::native;

/// Whose application is tested: the two have the same [marks](super::marks).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Driver {
    /// The npm package, on the page in `tests/apps/typescript`.
    Typescript,
    /// The Leptos crate, on the demo.
    Leptos,
}

impl Driver {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Typescript, Self::Leptos];

    /// Its name in the names of tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Typescript => "typescript",
            Self::Leptos => "leptos",
        }
    }

    /// Why its application cannot be tested, if it cannot.
    pub fn missing(self) -> Option<&'static str> {
        let (page, reason) = match self {
            Self::Typescript => (
                application::folder().join("index.html"),
                "the application is not built; cargo xtask test builds it",
            ),
            Self::Leptos => (
                workspace::dist().join("index.html"),
                "the demo is not built; cargo xtask test builds it",
            ),
        };
        (!page.is_file()).then_some(reason)
    }
}

/// What the page is looked at on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Screen {
    /// A window on a desk.
    Desk,
    /// A phone; in CSS pixels. Chromium only: WebDriver has no word for it.
    Phone {
        /// How wide it is held.
        width: u16,
        /// How high.
        height: u16,
    },
}

/// Simulator, application and browser of one test; all of it but the browser ends with this value.
#[derive(Debug)]
pub struct Stage {
    /// The browser.
    pub browser: Arc<Browser>,
    /// Whose application it is.
    pub driver: Driver,
    /// Where everything is.
    pub addresses: Addresses,
    /// The simulator, for what a test arranges behind the scenes.
    pub simulator: Simulator,
    /// The server before the application.
    pub front: Front,
    servers: JoinSet<()>,
    programs: Vec<Guarded>,
}

impl Stage {
    /// Plays a test of the demo in a Chromium of its own, or says why it cannot.
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
        let programs = match xtask::browser::find(Engine::Chromium) {
            Ok(programs) => programs,
            Err(reason) => {
                println!("skipped: {name}: {reason}");
                return Ok(());
            }
        };
        if let Some(reason) = Driver::Leptos.missing() {
            println!("skipped: {name}: {reason}");
            return Ok(());
        }
        let browser = Arc::new(Browser::launch(&programs, screen).await?);
        let stage = Self::set(browser.clone(), Driver::Leptos).await?;
        let outcome = AssertUnwindSafe(test(&stage)).catch_unwind().await;
        if !matches!(outcome, Ok(Ok(()))) {
            stage.show(name).await;
        }
        let quit = browser.quit().await;
        outcome
            .unwrap_or_else(|panic| resume_unwind(panic))
            .and(quit)
    }

    /// Sets a stage for a browser that may have seen others before: every one has origins of its own.
    ///
    /// # Errors
    /// When something cannot be started.
    pub async fn set(browser: Arc<Browser>, driver: Driver) -> Result<Self> {
        let addresses = Addresses::unused()?;
        let mut servers = JoinSet::new();
        let simulator = start_simulator(addresses, &mut servers).await?;
        let mut programs = Vec::new();
        let application = match driver {
            Driver::Leptos => Site::load(&workspace::dist(), addresses)?.router(),
            Driver::Typescript => {
                let (program, port) = start_application(addresses).await?;
                programs.push(program);
                elsewhere(port)
            }
        };
        let front = start_front(
            Front::new(application, browser.engine()),
            addresses,
            &mut servers,
        )?;
        Ok(Self {
            browser,
            driver,
            addresses,
            simulator,
            front,
            servers,
            programs,
        })
    }

    /// Starts a second application, another client of the same providers, and gives its address.
    ///
    /// It is the npm package's, whichever is tested: what counts is that it is another.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn second_service(&mut self) -> Result<String> {
        let own = self.addresses.neighbour();
        self.simulator.register(client(own.client_id(), own))?;
        let (program, port) = start_application(own).await?;
        self.programs.push(program);
        let front = Front::new(elsewhere(port), self.browser.engine());
        start_front(front, own, &mut self.servers)?;
        Ok(own.post_logout_redirect_uri())
    }

    /// Lets time pass for the services and for the application in all of its tabs.
    ///
    /// # Errors
    /// When a tab does not answer.
    pub async fn let_time_pass(&self, seconds: u64) -> Result<()> {
        self.simulator.clock().advance(seconds);
        let ahead = self.front.advance(seconds);
        let client = self.browser.client();
        let current = client.window().await?;
        for tab in client.windows().await? {
            self.browser.switch_to(&tab).await?;
            let move_clock = format!("window.{AHEAD} = {ahead}");
            client.execute(&move_clock, Vec::new()).await?;
        }
        self.browser.switch_to(&current).await
    }

    /// Calls the simulator's control API, as anybody's script would, and gives the answer.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(self.addresses.control() + "/api/" + path)
            .header("content-type", "application/json")
            .body(body.to_string())?;
        let mut response =
            tokio::task::spawn_blocking(move || native::agent().run(request)).await??;
        let status = response.status();
        let text = response.body_mut().read_to_string()?;
        if status.is_success() {
            return Ok(serde_json::from_str(&text)?);
        }
        Err(anyhow!("{method} {path}: {status}: {text}"))
    }

    /// Shows a person who reads the output what the browser showed.
    pub async fn show(&self, name: &str) {
        let client = self.browser.client();
        eprintln!("--- what the browser showed in {name}");
        if let Ok(address) = self.browser.address().await {
            eprintln!("address: {address}");
        }
        if let Ok(text) = self.browser.ask("return document.body.innerText").await {
            eprintln!("{}", text.as_str().unwrap_or_default());
        }
        for message in self.front.console() {
            eprintln!("console: {message}");
        }
        let folder = workspace::root().join("target/e2e");
        let picture = folder.join(format!("{}.png", name.replace("::", "-")));
        if let Ok(bytes) = client.screenshot().await
            && fs::create_dir_all(&folder).is_ok()
            && fs::write(&picture, bytes).is_ok()
        {
            eprintln!("picture: {}", picture.display());
        }
    }
}

fn start_front(front: Front, addresses: Addresses, servers: &mut JoinSet<()>) -> Result<Front> {
    let listeners = addresses.listen()?;
    let serving = front.clone();
    servers.spawn(async move {
        if let Err(error) = serving.serve(listeners).await {
            eprintln!("the application's server stopped: {error:#}");
        }
    });
    Ok(front)
}

/// Starts the server of the application in TypeScript.
async fn start_application(addresses: Addresses) -> Result<(Guarded, u16)> {
    let mut config = addresses.config();
    config["loginOrigin"] = json!(addresses.ansattporten_login());
    let mut server = command("node");
    server
        .arg(application::server())
        .env("PORTVAKT_CONFIG", config.to_string())
        .stdout(Stdio::piped());
    let mut server = Guarded::spawn(&mut server)?;
    let port = server
        .announcement(|line| line.strip_prefix("listening on port ")?.parse().ok())
        .await
        .context("the application in TypeScript")?;
    Ok((server, port))
}

/// Starts the simulator as the demo command does.
async fn start_simulator(addresses: Addresses, servers: &mut JoinSet<()>) -> Result<Simulator> {
    let mut options = Options::new(addresses.simulator_port());
    options.accept_ansattporten = true;
    options.dialogporten_cors = true;
    options.clients = vec![client(addresses.client_id(), addresses)];
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

/// An application as it is registered: with refresh tokens, and called when the person signs out elsewhere.
fn client(client_id: &str, addresses: Addresses) -> Client {
    let mut client = Client::public(client_id, addresses.redirect_uri());
    client.post_logout_redirect_uris = vec![addresses.post_logout_redirect_uri()];
    client.scopes.push("digdir:dialogporten".to_owned());
    client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    client.frontchannel_logout_uri = Some(addresses.frontchannel_logout_uri());
    client.frontchannel_logout_session_required = true;
    client
}
