//! The simulator as a child of the demo command.

use std::os::fd::AsFd;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::addresses::{Addresses, CLIENT_ID};
use crate::process::{Guarded, command};

/// How long the simulator may take to make its keys and answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The pause between two questions.
const GLANCE: Duration = Duration::from_millis(50);

/// Starts the simulator for the demo and waits until all of its services answer.
///
/// Dialogporten accepts Ansattporten's tokens there, and lets pages read its answers: neither is so
/// in production yet, and the demo says it.
///
/// # Errors
/// When it ends by itself or does not answer in time.
pub async fn start(program: &Path, addresses: Addresses) -> Result<Guarded> {
    let mut simulator = command(program);
    simulator
        .args(["--port", &addresses.simulator_port().to_string()])
        .args(["--client-id", CLIENT_ID])
        .args(["--redirect-uri", &addresses.redirect_uri()])
        .args([
            "--post-logout-redirect-uri",
            &addresses.post_logout_redirect_uri(),
        ])
        .args([
            "--frontchannel-logout-uri",
            &addresses.frontchannel_logout_uri(),
        ])
        .args(["--client", &second_client(addresses.neighbour())])
        .args([
            "--refresh-tokens",
            "--accept-ansattporten",
            "--dialogporten-cors",
        ])
        // Standard output is for the address of the demo alone.
        .stdout(Stdio::from(std::io::stderr().as_fd().try_clone_to_owned()?));
    let mut child = Guarded::spawn(&mut simulator)?;
    tokio::select! {
        ended = child.wait() => bail!("the simulator stopped ({})", ended?),
        answered = answers(addresses) => answered?,
    }
    Ok(child)
}

/// The demo at its other address, as a client of its own.
fn second_client(addresses: Addresses) -> String {
    json!({
        "client_id": addresses.client_id(),
        "redirect_uris": [addresses.redirect_uri()],
        "post_logout_redirect_uris": [addresses.post_logout_redirect_uri()],
        "grant_types": ["authorization_code", "refresh_token"],
        "scopes": ["openid", "profile", "digdir:dialogporten"],
        "frontchannel_logout_uri": addresses.frontchannel_logout_uri(),
        "frontchannel_logout_session_required": true,
    })
    .to_string()
}

async fn answers(addresses: Addresses) -> Result<()> {
    let metadata = "/.well-known/openid-configuration";
    let deadline = Instant::now() + PATIENCE;
    for url in [
        addresses.control() + "/",
        addresses.ansattporten() + metadata,
        addresses.idporten() + metadata,
    ] {
        while let Err(error) = ask(url.clone()).await {
            if Instant::now() > deadline {
                return Err(error).context(format!("the simulator does not answer at {url}"));
            }
            sleep(GLANCE).await;
        }
    }
    Ok(())
}

/// Asks for a page of this machine and expects it to be there.
///
/// # Errors
/// When there is no answer, or one that is no success.
pub async fn ask(url: String) -> Result<()> {
    tokio::task::spawn_blocking(move || {
        // A proxy knows nothing of this machine's own ports.
        let config = ureq::Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(ANSWER));
        config.build().new_agent().get(&url).call()
    })
    .await??;
    Ok(())
}

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(5);
