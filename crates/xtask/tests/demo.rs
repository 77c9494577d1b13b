//! The demo command as a person meets it.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};
use xtask::addresses::Addresses;
use xtask::simulator::ask;
use xtask::workspace;

/// How long the command may take to come up; it builds what has changed.
const PATIENCE: Duration = Duration::from_secs(600);

/// How long it may take to be gone.
const GRACE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_taken_port_is_named_before_anything_is_built() -> Result<()> {
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let taken = holder.local_addr()?.port();
    for option in ["--port", "--simulator-port"] {
        let output = demo().args([option, &taken.to_string()]).output().await?;
        assert_eq!(output.status.code(), Some(1));
        let expected = format!(
            "error: port {taken} is taken by another program; stop it, or choose another with {option}\n"
        );
        assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    }
    Ok(())
}

#[tokio::test]
async fn the_demo_is_served_where_it_says_and_ends_without_leaving_anything_behind() -> Result<()> {
    let name = "the_demo_is_served_where_it_says_and_ends_without_leaving_anything_behind";
    if !workspace::dist().join("index.html").is_file() {
        println!("skipped: {name}: the demo is not built; cargo xtask test builds it");
        return Ok(());
    }
    // Politely, as Ctrl-C and systems do it, and in a way that no program can answer to.
    for signal in ["INT", "TERM", "KILL"] {
        let addresses = Addresses::unused()?;
        let mut command = start(addresses).await?;
        ask(addresses.application() + "/").await?;
        ask(addresses.application() + "/config.json").await?;
        ask(addresses.ansattporten() + "/.well-known/openid-configuration").await?;
        let id = command.id().context("the command runs")?.to_string();
        Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .await?;
        timeout(GRACE, command.wait()).await??;
        let deadline = Instant::now() + GRACE;
        while let Err(error) = addresses.ensure_free() {
            if Instant::now() > deadline {
                return Err(error).context(format!("after SIG{signal}"));
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(())
}

/// Starts the command and waits until it says that the demo is there.
async fn start(addresses: Addresses) -> Result<Child> {
    let mut command = demo()
        .args(["--port", &addresses.application_port().to_string()])
        .args(["--simulator-port", &addresses.simulator_port().to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let output = command.stdout.take().context("standard output is piped")?;
    let mut lines = BufReader::new(output).lines();
    let Some(line) = timeout(PATIENCE, lines.next_line()).await?? else {
        bail!("the demo did not start ({})", command.wait().await?);
    };
    assert_eq!(line, format!("Portvakt demo: {}", addresses.application()));
    Ok(command)
}

fn demo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("demo").kill_on_drop(true);
    command
}
