//! `cargo xtask fuzz`: libFuzzer on everything that reads something from outside.
//!
//! libFuzzer is linked by the crate `libfuzzer-sys`, and the compiler's own pass counts the edges that an input reaches,
//! so that this runs on stable Rust. There is no address sanitizer: no code here is `unsafe`.
//!
//! What is found on the way is kept in `target/fuzz`, so that the next run goes on where this one ended.

mod report;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use clap::Args;

use self::report::Outcome;
use crate::pkg;
use crate::process::{self, Guarded, command};
use crate::progress::step;
use crate::workspace::{cargo, root};

/// What to fuzz, and for how long.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// How long each target is fuzzed, in seconds.
    #[arg(long, default_value_t = 1200)]
    seconds: u32,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// Writes what reaches something new into the committed corpora, as few and as short inputs as that takes.
    #[arg(long)]
    keep: bool,
}

/// Fuzzes one target after the other, and prints a table of what was run and found.
///
/// # Errors
/// When a target found something, there is no such target, or the fuzzer cannot be built.
pub async fn run(options: Options) -> Result<()> {
    process::output(command("c++").arg("--version"))
        .await
        .context("libFuzzer is C++, and needs a compiler for it (c++)")?;
    if options.target.as_deref() == Some(EDGE) {
        return edge(options.seconds).await;
    }
    let fuzzer = step("Building the fuzzer", build()).await?;
    let mut targets = targets(&fuzzer).await?;
    if let Some(name) = &options.target {
        targets.retain(|target| target.name == *name);
        ensure!(!targets.is_empty(), "there is no target {name}");
    }
    let mut outcomes = Vec::new();
    for target in &targets {
        let what = format!("Fuzzing {} for {} s", target.name, options.seconds);
        let outcome = step(&what, target.fuzz(&fuzzer, options.seconds)).await?;
        if options.keep && outcome.findings.is_empty() {
            step("Keeping what is new", target.keep(&fuzzer)).await?;
        }
        outcomes.push(outcome);
    }
    print!("{}", report::table(&outcomes));
    let findings: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.findings)
        .map(|file| file.display().to_string())
        .collect();
    ensure!(
        findings.is_empty(),
        "inputs that break something: {}",
        findings.join(", ")
    );
    if options.target.is_none() {
        edge(options.seconds).await?;
    }
    Ok(())
}

/// What is read in TypeScript: the front channel of a logout, at the edge. There is no coverage to follow there.
async fn edge(seconds: u32) -> Result<()> {
    pkg::build().await?;
    let mut fuzz = command("node");
    fuzz.arg(root().join("tests/fuzz/front-channel.mjs"))
        .arg(seconds.to_string());
    let what = format!("Fuzzing {EDGE} for {seconds} s");
    step(&what, process::run(&mut fuzz)).await
}

/// The name of the one target that is not Rust.
const EDGE: &str = "front_channel_edge";

/// One target, as the fuzzer names it.
struct Target {
    name: String,
    /// How long an input is tried, in bytes.
    max_len: String,
}

impl Target {
    async fn fuzz(&self, fuzzer: &Path, seconds: u32) -> Result<Outcome> {
        let folder = folder().join(&self.name);
        let (corpus, found) = (folder.join("corpus"), folder.join("found"));
        let log = folder.join("log");
        for folder in [&corpus, &found] {
            fs::create_dir_all(folder)?;
        }
        let mut fuzz = self.command(fuzzer);
        fuzz.arg(&corpus)
            .arg(self.committed())
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-dict={}", words().display()))
            .arg(format!("-artifact_prefix={}/", found.display()))
            .arg("-print_final_stats=1")
            .stdout(Stdio::null())
            .stderr(File::create(&log)?);
        // Its status is that of its findings, which are counted.
        let status = Guarded::spawn(&mut fuzz)?.wait().await?;
        let log = fs::read(&log)?;
        let outcome = Outcome::read(&self.name, &String::from_utf8_lossy(&log), files(&found)?);
        ensure!(
            status.success() || !outcome.findings.is_empty(),
            "the fuzzer failed ({status}); its last words are in {}",
            folder.join("log").display()
        );
        Ok(outcome)
    }

    /// Adds what reaches something new to the committed corpus.
    async fn keep(&self, fuzzer: &Path) -> Result<()> {
        let committed = self.committed();
        fs::create_dir_all(&committed)?;
        let mut merge = self.command(fuzzer);
        merge
            .args(["-merge=1", "-use_counters=0"])
            .arg(format!("-max_len={KEPT_BYTES}"))
            .arg(committed)
            .arg(folder().join(&self.name).join("corpus"))
            .stderr(Stdio::null());
        process::run(&mut merge).await
    }

    fn committed(&self) -> PathBuf {
        root().join("tests/fuzz/corpus").join(&self.name)
    }

    fn command(&self, fuzzer: &Path) -> tokio::process::Command {
        let mut command = command(fuzzer);
        command
            .env(TARGET, &self.name)
            .current_dir(root())
            .arg(format!("-max_len={}", self.max_len))
            // Seconds; the target itself measures its own time in milliseconds.
            .arg("-timeout=10")
            .arg("-rss_limit_mb=1024");
        command
    }
}

/// The longest input that is committed, in bytes: what a reader can still look at.
const KEPT_BYTES: usize = 3072;

/// Where the fuzzer reads which target it is.
const TARGET: &str = "PORTVAKT_FUZZ_TARGET";

fn folder() -> PathBuf {
    root().join("target/fuzz")
}

fn words() -> PathBuf {
    root().join("tests/fuzz/src/words.dict")
}

/// Counts the edges that each input reaches, shows the fuzzer what numbers and texts are compared with, and leaves in
/// what a release leaves out: overflow checks and debug assertions.
const FLAGS: &str = "--cfg fuzzing \
    -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";

async fn build() -> Result<PathBuf> {
    let version = process::output(command("rustc").arg("-vV")).await?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name its host")?;
    let mut build = cargo();
    build
        .args(["build", "--release", "--package", "portvakt-fuzz"])
        // Named, so that the flags are not for build scripts and macros.
        .args(["--target", host])
        .arg("--target-dir")
        .arg(folder().join("build"))
        .env("RUSTFLAGS", FLAGS);
    process::run(&mut build).await?;
    Ok(folder()
        .join("build")
        .join(host)
        .join("release/portvakt-fuzz"))
}

async fn targets(fuzzer: &Path) -> Result<Vec<Target>> {
    let list = process::output(command(fuzzer).env(TARGET, "list")).await?;
    let target = |line: &str| {
        let (name, max_len) = line.split_once(' ')?;
        Some(Target {
            name: name.into(),
            max_len: max_len.into(),
        })
    };
    let targets: Option<Vec<_>> = list.lines().map(target).collect();
    targets.context("the fuzzer does not name its targets")
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?.collect();
    let mut files: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}
