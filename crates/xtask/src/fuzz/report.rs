//! What libFuzzer says at the end.

use std::fmt::Write;
use std::path::PathBuf;

/// What fuzzing one target came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    target: String,
    executions: u64,
    per_second: u64,
    edges: u64,
    features: u64,
    inputs: u64,
    /// The inputs that break something, of this run or of one before.
    pub(super) findings: Vec<PathBuf>,
}

impl Outcome {
    /// Reads the output of a run.
    pub(super) fn read(target: &str, log: &str, findings: Vec<PathBuf>) -> Self {
        let statistic = |name: &str| {
            let line = log.lines().rev().find_map(|line| line.strip_prefix(name));
            line.and_then(number).unwrap_or_default()
        };
        let status = |name: &str| {
            let line = log.lines().rev().find(|line| line.contains(" cov: "));
            let value = line.and_then(|line| line.split_once(name));
            value
                .and_then(|(_, value)| number(value))
                .unwrap_or_default()
        };
        Self {
            target: target.into(),
            executions: statistic("stat::number_of_executed_units:"),
            per_second: statistic("stat::average_exec_per_sec:"),
            edges: status(" cov: "),
            features: status(" ft: "),
            inputs: status(" corp: "),
            findings,
        }
    }
}

/// The table that is printed: a row for each target.
pub(super) fn table(outcomes: &[Outcome]) -> String {
    let mut table = String::from(
        "| target | executions | per second | edges | features | inputs | findings |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    for outcome in outcomes {
        // Writing to a text does not fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} | {} |",
            outcome.target,
            outcome.executions,
            outcome.per_second,
            outcome.edges,
            outcome.features,
            outcome.inputs,
            outcome.findings.len()
        );
    }
    table
}

/// The number that a text begins with.
fn number(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let end = text.find(|character: char| !character.is_ascii_digit());
    text.get(..end.unwrap_or(text.len()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, table};

    const LOG: &str = "INFO: Seed: 1\n\
        #2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 31Mb\n\
        #128341\tDONE   cov: 1302 ft: 3417 corp: 589/265Kb lim: 65536 exec/s: 14260 rss: 31Mb\n\
        stat::number_of_executed_units: 128341\n\
        stat::average_exec_per_sec:     14260\n";

    #[test]
    fn the_last_words_of_the_fuzzer_are_read() {
        let outcome = Outcome::read("token", LOG, Vec::new());
        let row = "| token | 128341 | 14260 | 1302 | 3417 | 589 | 0 |\n";
        assert!(table(&[outcome]).ends_with(row));
    }

    #[test]
    fn a_run_that_ended_at_once_has_done_nothing() {
        let outcome = Outcome::read("token", "ERROR\n", vec!["crash-1".into()]);
        assert!(table(&[outcome]).ends_with("| token | 0 | 0 | 0 | 0 | 0 | 1 |\n"));
    }
}
