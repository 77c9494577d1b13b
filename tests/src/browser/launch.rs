//! Starting a browser and the program that drives it.

use std::env::temp_dir;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail};
use fantoccini::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use xtask::browser::{Browser, Engine};
use xtask::process::{Guarded, command};

use super::{GLANCE, PATIENCE, Screen};
use crate::native;

/// A driver and its browser; both are gone when this value is dropped.
#[derive(Debug)]
pub(super) struct Running {
    profile: PathBuf,
    _driver: Guarded,
}

/// Starts both.
///
/// # Errors
/// When either does not start.
pub(super) async fn launch(programs: &Browser, screen: Screen) -> Result<(Client, Running)> {
    let profile = temp_dir().join(format!("portvakt-{}-{}", std::process::id(), unique()));
    fs::create_dir_all(&profile)?;
    let (driver, port) = start_driver(programs, &profile).await?;
    // Held from here on, so that a browser that does not start leaves nothing behind.
    let running = Running {
        profile,
        _driver: driver,
    };
    let address = format!("http://127.0.0.1:{port}");
    let wanted = json!({ "capabilities": { "alwaysMatch": capabilities(programs, screen, &running.profile)? } });
    let created = send(format!("{address}/session"), wanted).await;
    let created = created.with_context(|| format!("{} did not start", programs.engine))?;
    let session = created["sessionId"].as_str().with_context(|| {
        let reason = created["message"].as_str().unwrap_or("it does not say why");
        format!("{} did not start: {reason}", programs.engine)
    })?;
    let client = Client::with_existing_session(&address, session, HttpConnector::new()).await?;
    Ok((client, running))
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Starts the driver and waits until it listens.
async fn start_driver(programs: &Browser, profile: &Path) -> Result<(Guarded, u16)> {
    let mut driver = match &programs.screen {
        Some(screen) => {
            let mut driver = command(screen);
            // -a: the number of a display that nobody uses.
            driver.arg("-a").arg(&programs.driver);
            driver
        }
        None => command(&programs.driver),
    };
    driver.stdout(Stdio::piped()).stderr(Stdio::null());
    match programs.engine {
        // Port 0: the driver chooses a free one and says which.
        Engine::Chromium => driver.arg("--port=0"),
        Engine::Firefox => driver.args(["--port", "0", "--profile-root"]).arg(profile),
        Engine::Webkit => {
            let port = free_port()?;
            driver.arg(format!("--port={port}")).stdout(Stdio::null());
            let driver = Guarded::spawn(&mut driver)?;
            answers(port).await.context("WebKitWebDriver")?;
            return Ok((driver, port));
        }
    };
    let mut driver = Guarded::spawn(&mut driver)?;
    let port = driver
        .announcement(announced_port)
        .await
        .with_context(|| programs.driver.display().to_string())?;
    Ok((driver, port))
}

/// What the browser is asked to be. Nothing here weakens what separates sites: storage partitioning and
/// cookie rules are the browser's own.
fn capabilities(programs: &Browser, screen: Screen, profile: &Path) -> Result<Value> {
    let program = &programs.program;
    match (programs.engine, screen) {
        (Engine::Chromium, screen) => {
            let mut options = json!({ "args": chromium_arguments(profile), "binary": program });
            if let Screen::Phone { width, height } = screen {
                options["mobileEmulation"] = json!({
                    "deviceMetrics": { "width": width, "height": height, "pixelRatio": 3.0 },
                });
            }
            Ok(json!({ "goog:chromeOptions": options }))
        }
        (Engine::Firefox, Screen::Desk) => Ok(json!({
            "moz:firefoxOptions": {
                "binary": program,
                "args": ["-headless", "-width", "1280", "-height", "1000"],
            },
        })),
        (Engine::Webkit, Screen::Desk) => Ok(json!({
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": { "binary": program, "args": ["--automation"] },
        })),
        (engine, Screen::Phone { .. }) => bail!("{engine} cannot be made a phone"),
    }
}

fn chromium_arguments(profile: &Path) -> Vec<String> {
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

/// Waits until a driver that does not say so is ready.
async fn answers(port: u16) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let url = format!("http://127.0.0.1:{port}/status");
    loop {
        let asked = url.clone();
        let answer =
            tokio::task::spawn_blocking(move || native::agent().get(&asked).call()).await?;
        match answer {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(_) => sleep(GLANCE).await,
        }
    }
}

/// Sends a WebDriver command, and gives its value.
///
/// A browser may take longer to start than an answer of the services may.
async fn send(url: String, body: Value) -> Result<Value> {
    let text = tokio::task::spawn_blocking(move || {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(PATIENCE));
        config
            .build()
            .new_agent()
            .post(&url)
            .header("content-type", "application/json")
            .send(body.to_string())?
            .body_mut()
            .read_to_string()
    })
    .await??;
    let mut answer: Value = serde_json::from_str(&text)?;
    Ok(answer["value"].take())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// The port that chromedriver or geckodriver chose.
fn announced_port(line: &str) -> Option<u16> {
    line.split("started successfully on port ")
        .nth(1)
        .or_else(|| line.split("Listening on 127.0.0.1:").nth(1))?
        .trim()
        .trim_end_matches('.')
        .parse()
        .ok()
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
        for (line, port) in [
            (
                "ChromeDriver was started successfully on port 35231.",
                Some(35231),
            ),
            ("Starting ChromeDriver 1.2 on port 0", None),
            (
                "1795259022037\tgeckodriver\tINFO\tListening on 127.0.0.1:4755",
                Some(4755),
            ),
        ] {
            assert_eq!(announced_port(line), port, "{line}");
        }
    }
}
