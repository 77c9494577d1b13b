//! The packed npm package, installed as a user installs it, in every runtime that it is made for.
//!
//! One suite of cases (`packaging/suite.mjs`) runs everywhere; what differs is how the package gets there.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use portvakt_digdir::Service;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::LoginRequest;
use portvakt_simulator::{Client, Options, Simulator, Visitor};
use portvakt_tests::attacks;
use portvakt_tests::pair::{self, Pair};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::{OnceCell, oneshot};
use tokio::task::JoinHandle;
use xtask::addresses::{Addresses, CLIENT_ID};
use xtask::browser::Engine;
use xtask::process::command;
use xtask::{bench, browser, pkg, setup, workspace};

#[tokio::test]
async fn the_package_works_in_node() {
    run("node").await;
}

#[tokio::test]
async fn the_package_works_in_deno() {
    run("deno").await;
}

#[tokio::test]
async fn the_package_works_in_bun() {
    run("bun").await;
}

#[tokio::test]
async fn the_package_works_in_workerd() {
    run("workerd").await;
}

#[tokio::test]
async fn the_package_works_in_the_edge_runtime_of_vercel() {
    run("edge-light").await;
}

#[tokio::test]
async fn the_package_works_in_a_browser_with_vite_with_webpack_and_without_a_bundler() {
    if let Err(error) = browser::find(Engine::Chromium) {
        println!(
            "skipped: the_package_works_in_a_browser_with_vite_with_webpack_and_without_a_bundler: {error:#}"
        );
        return;
    }
    run("browser").await;
}

#[tokio::test]
async fn every_attack_ends_in_each_runtime_as_it_does_natively() -> Result<()> {
    let rows = played_attacks("attacks.json").await?;
    run_with("attacks", [("PORTVAKT_ATTACKS", rows)]).await;
    Ok(())
}

#[tokio::test]
async fn every_attack_ends_in_a_browser_as_it_does_natively() -> Result<()> {
    if let Err(error) = browser::find(Engine::Chromium) {
        println!("skipped: every_attack_ends_in_a_browser_as_it_does_natively: {error:#}");
        return Ok(());
    }
    let rows = played_attacks("attacks-browser.json").await?;
    run_with("attacks-browser", [("PORTVAKT_ATTACKS", rows)]).await;
    Ok(())
}

/// The rows of the catalogue, played natively: what was said is what the modules are told. Gives the file of them.
async fn played_attacks(file: &str) -> Result<String> {
    let mut played = Vec::new();
    for attack in attacks::all() {
        if attack.is_played_in_wasm() {
            let said = attacks::stage::play(&attack).await;
            let said = said.with_context(|| attack.name)?;
            let code = attacks::stage::code_of(attack.outcome);
            played.push(json!({ "name": attack.name, "code": code, "said": said }));
        }
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    std::fs::write(&path, serde_json::to_vec(&played)?)?;
    Ok(path.to_str().context("the path is a text")?.to_owned())
}

#[tokio::test]
async fn the_logout_endpoint_works_in_node() {
    run("edge-node").await;
}

#[tokio::test]
async fn the_logout_endpoint_works_in_deno_with_deno_kv() {
    run("edge-deno").await;
}

#[tokio::test]
async fn the_logout_endpoint_works_in_bun() {
    run("edge-bun").await;
}

#[tokio::test]
async fn the_logout_endpoint_works_in_workerd_with_kv_and_durable_objects() {
    run("edge-workerd").await;
}

#[tokio::test]
async fn the_logout_endpoint_works_in_the_edge_runtime_of_vercel() {
    run("edge-edge-light").await;
}

#[tokio::test]
async fn the_static_page_tells_tabs_of_its_own_site_of_a_logout() {
    if let Err(error) = browser::find(Engine::Chromium) {
        println!("skipped: the_static_page_tells_tabs_of_its_own_site_of_a_logout: {error:#}");
        return;
    }
    run("logout-page").await;
}

#[tokio::test]
async fn the_examples_of_a_logout_endpoint_work() {
    run("edge-examples").await;
}

/// The simulator signs and posts, the endpoint fetches the keys and judges: two implementations, and real sockets.
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_that_the_simulator_posts_reaches_the_tab() -> Result<()> {
    let addresses = Addresses::unused()?;
    let mut options = Options::new(addresses.simulator_port());
    options.now = Some(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    let mut pair = Pair::with_options(Service::Ansattporten, options)?;
    // The client that takes the place of the pair's own may ask for these alone.
    pair.client.oidc.scopes.truncate(2);
    let mut client = Client::public(pair::CLIENT_ID, pair::REDIRECT_URI);
    client.backchannel_logout_uri = Some(addresses.frontchannel_logout_uri());
    pair.simulator.register(client)?;
    let (is_ready, ready) = oneshot::channel();
    let simulator = pair.simulator.clone();
    let serving = tokio::spawn(async move {
        let ready = move || {
            let _ = is_ready.send(());
        };
        simulator.serve(ready, std::future::pending()).await
    });
    ready.await?;

    let mut visitor = Visitor::new(&pair.simulator);
    let session = pair
        .sign_in_with(&mut visitor, pair::KARI, Acr::High, LoginRequest::default())
        .await??;
    let sid = session.claims.sid.clone().context("there is a sid")?;
    let endpoint = ("localhost", addresses.application_port());
    let environment = [
        ("PORTVAKT_ISSUER", addresses.ansattporten()),
        ("PORTVAKT_CLIENT_ID", pair::CLIENT_ID.to_owned()),
        ("PORTVAKT_PORT", addresses.application_port().to_string()),
        ("PORTVAKT_SID", sid),
    ];
    let heard = tokio::spawn(run_with("edge-simulator", environment));
    while TcpStream::connect(endpoint).await.is_err() && !heard.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let leaving = pair.begin_logout(&session).await?;
    visitor.open(leaving.url.as_str()).await;
    heard.await?;
    serving.abort();
    Ok(())
}

#[tokio::test]
async fn the_logout_endpoint_works_with_a_real_valkey_or_redis() {
    run("edge-redis").await;
}

#[tokio::test]
async fn a_trap_fails_closed_and_the_next_call_works() {
    run("slim").await;
}

#[tokio::test]
async fn the_text_of_a_module_is_decoded_in_the_same_way_by_whatever_a_runtime_has() {
    run("text").await;
}

#[tokio::test]
async fn the_modules_keep_within_their_limits() {
    run("limits").await;
}

#[tokio::test]
async fn the_script_around_the_modules_keeps_within_its_limits() {
    run("bounds").await;
}

#[tokio::test]
async fn the_worst_that_a_token_can_be_is_judged_in_fifty_milliseconds() {
    run("worst").await;
}

#[tokio::test]
async fn the_modules_import_what_is_committed_and_nothing_else() {
    run("imports").await;
}

#[tokio::test]
async fn the_types_compile_and_refuse_what_they_must() {
    run("types").await;
}

#[tokio::test]
async fn the_public_face_is_the_committed_one() {
    run("api").await;
}

#[tokio::test]
async fn publint_and_are_the_types_wrong_find_nothing() {
    run("lint").await;
}

#[tokio::test]
async fn the_code_of_the_readme_compiles() {
    run("readme").await;
}

#[tokio::test]
async fn no_artifact_is_larger_than_its_budget() {
    run("size").await;
}

#[tokio::test]
async fn every_example_works_and_is_short() {
    run("examples").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_and_out_with_the_examples_for_browsers() -> Result<()> {
    if let Err(error) = browser::find(Engine::Chromium) {
        println!("skipped: a_person_signs_in_and_out_with_the_examples_for_browsers: {error:#}");
        return Ok(());
    }
    let addresses = Addresses::unused()?;
    let serving = served(addresses).await?;
    run_with("login", bench::environment(addresses)).await;
    serving.abort();
    Ok(())
}

/// One sample of everything: that it can be measured, and not what it would measure.
#[tokio::test(flavor = "multi_thread")]
async fn the_bench_measures_every_runtime_and_every_peer() -> Result<()> {
    const NAME: &str = "the_bench_measures_every_runtime_and_every_peer";
    let tarball = TARBALL.get_or_init(prepare).await;
    bench::set_up().await?;
    let growth = bench::growth_program().await?;
    let addresses = Addresses::unused()?;
    let serving = served(addresses).await?;
    let output = command("node")
        .arg(folder().join("../bench/bench.mjs"))
        .args([tarball.as_os_str(), "--smoke".as_ref()])
        .envs(bench::environment(addresses))
        .env("PORTVAKT_GROWTH", growth)
        .output()
        .await?;
    serving.abort();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    for heading in [
        "### Node: the same token again",
        "### Deno",
        "### Bun",
        "### workerd: the same token again",
        "### Chromium",
        "### Cold start",
        "### From landing on the callback",
        "### In Node, RS256, by the number of parties",
        "### In Rust, compiled for this machine",
        "### Memory of one verifier",
    ] {
        assert!(stdout.contains(heading), "{heading}: {stdout}");
    }
    for line in stdout.lines() {
        if let Some(reason) = line.strip_prefix("Not measured: ") {
            println!("skipped: {NAME}: {reason}");
        }
    }
    Ok(())
}

/// The simulator, which knows the application at its address, until it is stopped.
async fn served(addresses: Addresses) -> Result<JoinHandle<Result<()>>> {
    let mut client = Client::public(CLIENT_ID, addresses.redirect_uri());
    client.post_logout_redirect_uris = vec![addresses.post_logout_redirect_uri()];
    let mut options = Options::new(addresses.simulator_port());
    options.clients = vec![client];
    let simulator = Simulator::new(options)?;
    let (is_ready, ready) = oneshot::channel();
    let serving = tokio::spawn(async move {
        let ready = move || {
            let _ = is_ready.send(());
        };
        Ok(simulator.serve(ready, std::future::pending()).await?)
    });
    ready.await?;
    Ok(serving)
}

/// Two seconds of what `cargo xtask fuzz` does for longer.
#[tokio::test]
async fn the_front_channel_ends_the_session_that_it_is_asked_to_end_and_no_other() {
    TARBALL.get_or_init(prepare).await;
    let mut fuzz = command("node");
    let script = workspace::root().join("tests/fuzz/front-channel.mjs");
    fuzz.arg(script).args(["2", "7"]);
    let output = fuzz.output().await.expect("node starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

async fn run(part: &str) {
    run_with(part, []).await;
}

/// Runs one part of the suite; each has a folder of its own to install into.
async fn run_with(part: &str, environment: impl IntoIterator<Item = (&'static str, String)>) {
    let tarball = TARBALL.get_or_init(prepare).await;
    let output = command("node")
        .arg(folder().join("run.mjs"))
        .arg(part)
        .arg(tarball)
        .envs(environment)
        .output()
        .await
        .expect("node starts");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{stdout}\n{stderr}");
    for line in stdout.lines() {
        // What the machine lacks is not the package's fault; each such line is counted.
        match line.strip_prefix("skipped: ") {
            Some(reason) => println!("skipped: packaging, {part}: {reason}"),
            None => println!("{line}"),
        }
    }
}

/// The packed package, built once for all the tests.
static TARBALL: OnceCell<PathBuf> = OnceCell::const_new();

async fn prepare() -> PathBuf {
    setup::npm_packages(&folder())
        .await
        .expect("the runtimes are installed");
    pkg::build().await.expect("the package is packed")
}

fn folder() -> PathBuf {
    workspace::root().join("tests/packaging")
}
