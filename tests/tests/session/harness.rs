//! Runs the tests in one browser of each engine, and says how it went as the usual runner does.
//!
//! The engines run beside each other: most of the time of a test is waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use futures_util::FutureExt;
use portvakt_tests::browser::{Browser, Driver, Screen, Stage, front};
use xtask::browser::{self, Engine};

/// A test: its name, and what it does on a stage that is its own.
#[derive(Clone, Copy)]
pub(crate) struct Test {
    /// A true sentence.
    pub(crate) name: &'static str,
    /// What makes it true.
    pub(crate) play: for<'s> fn(&'s mut Stage) -> Played<'s>,
}

/// A test under way.
pub(crate) type Played<'s> = Pin<Box<dyn Future<Output = Result<()>> + 's>>;

/// The list of a module's tests, by the names of their functions.
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        /// The tests of this module.
        pub(crate) const TESTS: &[crate::harness::Test] = &[
            $(crate::harness::Test {
                name: stringify!($name),
                play: |stage| Box::pin($name(stage)),
            }),*
        ];
    };
}
pub(crate) use tests;

/// The longest a test may take; each of its waits has a limit of its own.
const PATIENCE: Duration = Duration::from_secs(180);

/// Runs what the arguments ask for, the engines beside each other, and gives the exit code.
pub(crate) fn run(tests: &[Test]) -> ExitCode {
    let wanted = Wanted::parse();
    let report = Mutex::default();
    let start = Instant::now();
    thread::scope(|scope| {
        for engine in Engine::ALL {
            let (wanted, report) = (&wanted, &report);
            scope.spawn(move || run_in(engine, tests, wanted, report));
        }
    });
    if wanted.is_list {
        return ExitCode::SUCCESS;
    }
    report
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .conclude(start.elapsed())
}

/// Runs the tests in one engine, one after another.
fn run_in(engine: Engine, tests: &[Test], wanted: &Wanted, report: &Mutex<Report>) {
    let report = || report.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            let reason = format!("no runtime: {error}");
            report().failed.push((engine.name().to_owned(), reason));
            return;
        }
    };
    let mut house = House {
        engine,
        browser: None,
    };
    let start = Instant::now();
    // A browser that this machine has, and that does not start on it.
    let mut broken = None;
    for driver in Driver::ALL {
        for test in tests {
            let name = format!("{}::{}::{}", engine.name(), driver.name(), test.name);
            if !wanted.has(&name) {
                report().filtered += 1;
            } else if wanted.is_list {
                println!("{name}: test");
            } else if let Some(reason) = missing(engine, driver).or_else(|| broken.clone()) {
                report().ignored(&name, &reason);
            } else {
                if house.browser.is_none() && report().is_unused(engine) {
                    broken = runtime
                        .block_on(house.browser())
                        .err()
                        .map(|error| format!("{error:#}"));
                    if let Some(reason) = &broken {
                        report().ignored(&name, reason);
                        continue;
                    }
                }
                let start = Instant::now();
                let outcome = runtime.block_on(house.play(&name, driver, test));
                report().ended(&name, engine, driver, outcome, start.elapsed());
            }
        }
    }
    if house.browser.is_some() {
        runtime.block_on(house.close());
        report().took.insert(engine, start.elapsed());
    }
}

/// Why nothing runs for an engine or a driver here.
fn missing(engine: Engine, driver: Driver) -> Option<String> {
    let no_browser = browser::find(engine).err().map(|reason| reason.to_string());
    no_browser.or_else(|| driver.missing().map(str::to_owned))
}

/// What `cargo test` was asked for.
#[derive(Default)]
struct Wanted {
    filters: Vec<String>,
    is_exact: bool,
    is_list: bool,
}

impl Wanted {
    fn parse() -> Self {
        let mut wanted = Self::default();
        for argument in env::args().skip(1) {
            match argument.as_str() {
                "--exact" => wanted.is_exact = true,
                "--list" => wanted.is_list = true,
                // The rest is about captured output and threads, and there are none here.
                flag if flag.starts_with('-') => {}
                _ => wanted.filters.push(argument),
            }
        }
        wanted
    }

    fn has(&self, name: &str) -> bool {
        let is_meant = |filter: &String| {
            if self.is_exact {
                name == filter
            } else {
                name.contains(filter.as_str())
            }
        };
        self.filters.is_empty() || self.filters.iter().any(is_meant)
    }
}

/// The browser of one engine, for as long as it is any good.
struct House {
    engine: Engine,
    browser: Option<Arc<Browser>>,
}

impl House {
    async fn play(&mut self, name: &str, driver: Driver, test: &Test) -> Result<()> {
        let browser = self.browser().await?;
        let mut stage = Stage::set(browser.clone(), driver).await?;
        let playing = tokio::time::timeout(PATIENCE, (test.play)(&mut stage));
        let outcome = match AssertUnwindSafe(playing).catch_unwind().await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(anyhow!("it is not over after {} s", PATIENCE.as_secs())),
            // The message went to standard error when it happened.
            Err(_) => Err(anyhow!("it panicked")),
        };
        if outcome.is_err() {
            stage.show(name).await;
        }
        // The next test begins with an empty tab, or with a new browser.
        if browser.clear().await.is_err() {
            self.browser = None;
        }
        outcome
    }

    async fn browser(&mut self) -> Result<Arc<Browser>> {
        if let Some(browser) = &self.browser {
            return Ok(browser.clone());
        }
        let programs = browser::find(self.engine)?;
        let browser = Browser::launch(&programs, Screen::Desk).await;
        let browser = Arc::new(browser.context("it does not start here")?);
        if let Some(difference) = front::difference(self.engine) {
            println!("note: {}: {difference}", self.engine);
        }
        self.browser = Some(browser.clone());
        Ok(browser)
    }

    async fn close(&mut self) {
        if let Some(browser) = self.browser.take() {
            // It is gone in any case when it is dropped.
            let _ = browser.quit().await;
        }
    }
}

/// How it went so far.
#[derive(Default)]
struct Report {
    used: BTreeSet<Engine>,
    took: BTreeMap<Engine, Duration>,
    passed: BTreeMap<String, usize>,
    failed: Vec<(String, String)>,
    ignored: usize,
    filtered: usize,
}

impl Report {
    /// Whether no test has been played in an engine yet.
    fn is_unused(&self, engine: Engine) -> bool {
        !self.used.contains(&engine)
    }

    fn ignored(&mut self, name: &str, reason: &str) {
        println!("test {name} ... ignored, {reason}");
        self.ignored += 1;
    }

    fn ended(
        &mut self,
        name: &str,
        engine: Engine,
        driver: Driver,
        outcome: Result<()>,
        took: Duration,
    ) {
        self.used.insert(engine);
        match outcome {
            Ok(()) => {
                println!("test {name} ... ok <{:.1}s>", took.as_secs_f64());
                let place = format!("{engine}, {}", driver.name());
                *self.passed.entry(place).or_default() += 1;
            }
            Err(error) => {
                println!("test {name} ... FAILED");
                eprintln!("{name}: {error:#}");
                self.failed.push((name.to_owned(), format!("{error:#}")));
            }
        }
    }

    fn conclude(&self, duration: Duration) -> ExitCode {
        if !self.failed.is_empty() {
            println!("\nfailures:\n");
            for (name, error) in &self.failed {
                println!("---- {name} stdout ----\n{error}\n");
            }
        }
        println!();
        for (place, passed) in &self.passed {
            println!("{place}: {passed} passed");
        }
        for (engine, took) in &self.took {
            println!("{engine} took {:.0} s", took.as_secs_f64());
        }
        println!(
            "\ntest result: {}. {} passed; {} failed; {} ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
            if self.failed.is_empty() {
                "ok"
            } else {
                "FAILED"
            },
            self.passed.values().sum::<usize>(),
            self.failed.len(),
            self.ignored,
            self.filtered,
            duration.as_secs_f64()
        );
        if self.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
