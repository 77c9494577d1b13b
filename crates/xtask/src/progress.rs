//! What the commands show while they work.

use std::time::Instant;

use anyhow::{Context, Result};

/// Does one named piece of work and shows that it began and how long it took.
///
/// Progress goes to standard error; standard output is for results.
///
/// # Errors
/// The work's own, with the name before it.
pub async fn step<T>(name: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    eprintln!("▸ {name}");
    let start = Instant::now();
    let outcome = work.await;
    let seconds = start.elapsed().as_secs_f64();
    match &outcome {
        Ok(_) => eprintln!("✓ {name} ({seconds:.1} s)"),
        Err(_) => eprintln!("✗ {name} ({seconds:.1} s)"),
    }
    outcome.with_context(|| name.to_owned())
}
