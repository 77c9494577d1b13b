//! The packed npm package, installed as a user installs it, in every runtime that it is made for.
//!
//! One suite of cases (`packaging/suite.mjs`) runs everywhere; what differs is how the package gets there.

use std::path::PathBuf;

use tokio::sync::OnceCell;
use xtask::process::command;
use xtask::{browser, pkg, setup, workspace};

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
    if let Err(error) = browser::install().await {
        println!(
            "skipped: the_package_works_in_a_browser_with_vite_with_webpack_and_without_a_bundler: {error:#}"
        );
        return;
    }
    run("browser").await;
}

#[tokio::test]
async fn a_trap_fails_closed_and_the_next_call_works() {
    run("slim").await;
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
async fn no_artifact_is_larger_than_its_budget() {
    run("size").await;
}

#[tokio::test]
async fn every_example_works_and_is_short() {
    run("examples").await;
}

/// Runs one part of the suite; each has a folder of its own to install into.
async fn run(part: &str) {
    let tarball = TARBALL.get_or_init(prepare).await;
    let output = command("node")
        .arg(folder().join("run.mjs"))
        .arg(part)
        .arg(tarball)
        .output()
        .await
        .expect("node starts");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    let last = stdout.lines().last().unwrap_or_default();
    // What the machine lacks is not the package's fault; the line is counted.
    if let Some(reason) = last.strip_prefix("skipped: ") {
        println!("skipped: packaging, {part}: {reason}");
        return;
    }
    assert!(output.status.success(), "{stdout}\n{stderr}");
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
