//! Counting what passed, failed and was left out.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;

/// The results so far, read from the output of `cargo test -- --show-output` among others.
///
/// A test that cannot run where it is prints `skipped: <test>: <reason>` and returns; the test
/// runner takes that for a success, the report does not.
#[derive(Debug, Default)]
pub struct Report {
    passed: usize,
    failed: Vec<String>,
    skipped: Vec<Skipped>,
    /// Whose captured output the current line belongs to.
    speaker: Option<String>,
    /// The tests of the current program that said they were skipped.
    silent: BTreeSet<String>,
    /// How many tests of the run under way failed.
    failures_counted: usize,
}

/// Something that was not tested.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Skipped {
    test: String,
    reason: String,
}

impl Report {
    /// Counts a check that is not a test of the test runner.
    pub fn check(&mut self, name: &str, outcome: anyhow::Result<()>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(error) => {
                eprintln!("error: {error:#}");
                self.failed.push(name.to_owned());
            }
        }
    }

    /// Counts something that was left out.
    pub fn skip(&mut self, test: &str, reason: &str) {
        self.skipped.push(Skipped {
            test: test.to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// Counts in what another report says of checks.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed.extend(other.failed);
        self.skipped.extend(other.skipped);
    }

    /// Reads one line of the test runner's output.
    pub fn line(&mut self, line: &str) {
        if let Some(heading) = line.strip_prefix("---- ") {
            self.speaker = heading.strip_suffix(" stdout ----").map(str::to_owned);
        } else if let Some((test, reason)) = skipped(line) {
            let speaker = self.speaker.clone().unwrap_or_else(|| test.to_owned());
            if self.silent.insert(speaker) {
                self.skip(test, reason);
            } else if let Some(again) = self.skipped.last_mut() {
                again.reason = format!("{}; {reason}", again.reason);
            }
        } else if let Some((test, outcome)) = outcome(line) {
            match outcome
                .split_once(", ")
                .unwrap_or((outcome, "marked as ignored"))
            {
                ("FAILED", _) => self.failed.push(test.to_owned()),
                ("ignored", reason) => self.skip(test, reason),
                _ => {}
            }
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count(counts, "passed").saturating_sub(self.silent.len());
            self.failures_counted += count(counts, "failed");
            self.speaker = None;
            self.silent.clear();
        }
    }

    /// Ends a run with the exit status of the test runner: a program that did not build, or that
    /// crashed, is not in its output.
    pub fn ended(&mut self, success: bool) {
        if !success && self.failures_counted == 0 {
            self.failed
                .push("a test program did not build or did not end by itself".to_owned());
        }
        self.failures_counted = 0;
    }

    /// Prints the whole report, ending with the line of numbers, and gives the exit code: a failure,
    /// or nothing tested at all, is no success.
    pub fn conclude(&self) -> ExitCode {
        println!("\n{self}");
        if self.is_success() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn is_success(&self) -> bool {
        self.passed > 0 && self.failed.is_empty()
    }
}

impl Display for Report {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for Skipped { test, reason } in &self.skipped {
            writeln!(formatter, "skipped: {test}: {reason}")?;
        }
        for test in &self.failed {
            writeln!(formatter, "failed: {test}")?;
        }
        write!(
            formatter,
            "{} passed, {} failed",
            self.passed,
            self.failed.len()
        )?;
        if !self.skipped.is_empty() {
            write!(formatter, ", {} skipped", self.skipped.len())?;
        }
        Ok(())
    }
}

/// The name and reason of `skipped: <test>: <reason>`.
///
/// A colon of a path, as in `module::test`, ends no name.
fn skipped(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("skipped: ")?.split_once(": ")
}

/// The name and outcome of `test <name> ... <outcome>`.
fn outcome(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("test ")?.rsplit_once(" ... ")
}

/// The 3 of `ok. 3 passed; 0 failed; ...`, asked for by its word.
fn count(counts: &str, word: &str) -> usize {
    counts
        .split([';', '.'])
        .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSED: &str = "\
running 2 tests
test a_is_b ... ok
test b_is_c ... ok

successes:

---- a_is_b stdout ----
hello

successes:
    a_is_b
    b_is_c

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

    const FAILED: &str = "\
running 3 tests
test inner::a_is_b ... FAILED
test b_is_c ... ok
test c_is_d ... ignored, takes an hour

failures:

---- inner::a_is_b stdout ----
thread 'inner::a_is_b' panicked at src/lib.rs:1:1:

failures:
    inner::a_is_b

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

    const SKIPPED: &str = "\
running 3 tests
test a_is_b ... ok
test inner::b_is_c ... ok
test c_is_d ... ok

successes:

---- a_is_b stdout ----
skipped: a_is_b: vectors are not here

---- inner::b_is_c stdout ----
skipped: inner::b_is_c: no browser: none found
skipped: inner::b_is_c: no driver

successes:
    a_is_b
    inner::b_is_c
    c_is_d

test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

    #[test]
    fn passed_tests_are_added_up() {
        let report = read(&[PASSED, PASSED], true);
        assert_eq!(report.to_string(), "4 passed, 0 failed");
        assert!(report.is_success());
    }

    #[test]
    fn failed_and_ignored_tests_are_named() {
        let report = read(&[PASSED, FAILED], false);
        assert_eq!(
            report.to_string(),
            "skipped: c_is_d: takes an hour\nfailed: inner::a_is_b\n3 passed, 1 failed, 1 skipped"
        );
        assert!(!report.is_success());
    }

    #[test]
    fn a_test_that_says_it_was_skipped_has_not_passed() {
        let report = read(&[SKIPPED, PASSED], true);
        assert_eq!(
            report.to_string(),
            "skipped: a_is_b: vectors are not here\n\
             skipped: inner::b_is_c: no browser: none found; no driver\n\
             3 passed, 0 failed, 2 skipped"
        );
        assert!(report.is_success());
    }

    #[test]
    fn a_test_program_that_does_not_build_is_a_failure() {
        let report = read(&[PASSED], false);
        assert_eq!(
            report.to_string(),
            "failed: a test program did not build or did not end by itself\n2 passed, 1 failed"
        );
    }

    #[test]
    fn nothing_tested_is_no_success() {
        assert!(!read(&[], true).is_success());
    }

    #[test]
    fn checks_count_as_one_each() {
        let mut report = Report::default();
        report.check("formatting", Ok(()));
        report.check("clippy", Err(anyhow::anyhow!("a warning")));
        report.skip("documentation", "rustdoc is not installed");
        assert_eq!(
            report.to_string(),
            "skipped: documentation: rustdoc is not installed\nfailed: clippy\n\
             1 passed, 1 failed, 1 skipped"
        );
    }

    #[test]
    fn what_was_checked_side_by_side_is_counted_together() {
        let mut report = Report::default();
        report.check("formatting", Ok(()));
        let mut other = Report::default();
        other.check("the demo", Err(anyhow::anyhow!("no wasm-opt")));
        other.check("the application", Ok(()));
        other.skip("documentation", "rustdoc is not installed");
        report.add(other);
        assert_eq!(
            report.to_string(),
            "skipped: documentation: rustdoc is not installed\nfailed: the demo\n\
             2 passed, 1 failed, 1 skipped"
        );
        assert!(!report.is_success());
    }

    fn read(outputs: &[&str], success: bool) -> Report {
        let mut report = Report::default();
        for line in outputs.iter().flat_map(|output| output.lines()) {
            report.line(line);
        }
        report.ended(success);
        report
    }
}
