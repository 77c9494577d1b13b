//! Child processes that do not outlive this one.
//!
//! A child is started in a process group of its own, beside a watcher that reads from a pipe whose
//! other end only this process holds. When the pipe closes, the watcher ends the whole group. The
//! kernel closes the pipe when this process ends, in whatever way, so even `kill -9` leaves no
//! orphan behind.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::signal::unix::{SignalKind, signal};

/// A running child and all of its descendants; they end when this value is dropped.
#[derive(Debug)]
pub struct Guarded {
    child: Child,
    /// Closing it ends the process group.
    lifeline: Option<ChildStdin>,
}

/// Gives a command that [`Guarded::spawn`] can start; arguments, environment and output are the
/// caller's, its standard input is empty.
///
/// `program` is looked up in `PATH`.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", UNTIL_LIFELINE_CLOSES, "sh"])
        .arg(program);
    command
}

/// Starts the watcher, then becomes the program itself, so that the child's id and exit status are
/// the program's. The watcher holds none of the program's output open. `$$` is the process group:
/// the number stays reserved for as long as the watcher is in it.
const UNTIL_LIFELINE_CLOSES: &str = r#"
exec 3<&0 </dev/null
(cat <&3; kill -s TERM -- -$$) >/dev/null 2>&1 &
exec "$@" 3<&-
"#;

/// How long a child may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// How often a stopping child is looked at.
const GLANCE: Duration = Duration::from_millis(5);

impl Guarded {
    /// Starts a command made by [`command`].
    ///
    /// # Errors
    /// When `/bin/sh` cannot be started. A program that does not exist ends with status 127.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let mut child = command
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .context("a child process could not be started")?;
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline })
    }

    /// Waits for the program to end by itself.
    ///
    /// # Errors
    /// When the operating system does not tell.
    pub async fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Calls `each` with every line of the program's standard output, which must be piped, and
    /// gives its exit status.
    ///
    /// # Errors
    /// When the output cannot be read.
    pub async fn lines(&mut self, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
        let mut output = self.output()?;
        while let Some(line) = next_line(&mut output).await? {
            each(&line);
        }
        self.wait().await
    }

    /// Waits for the line of the program's standard output, which must be piped, that `find` looks
    /// for, and lets the program write on.
    ///
    /// # Errors
    /// When the program ends before, or its output cannot be read.
    pub async fn announcement<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        let mut output = self.output()?;
        while let Some(line) = next_line(&mut output).await? {
            if let Some(found) = find(&line) {
                // A pipe that nobody reads would stop the program when it is full.
                tokio::spawn(
                    async move { while let Ok(Some(_)) = next_line(&mut output).await {} },
                );
                return Ok(found);
            }
        }
        bail!(
            "the program ended before it was ready ({})",
            self.wait().await?
        )
    }

    fn output(&mut self) -> Result<BufReader<ChildStdout>> {
        let output = self
            .child
            .stdout
            .take()
            .context("standard output is not piped")?;
        Ok(BufReader::new(output))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let deadline = Instant::now() + GRACE;
        while let Ok(None) = self.child.try_wait() {
            if Instant::now() > deadline {
                // It ignores the polite signal, or its watcher is gone.
                let _ = self.child.start_kill();
                return;
            }
            thread::sleep(GLANCE);
        }
    }
}

/// The next line without its end, whatever bytes it holds.
async fn next_line(output: &mut BufReader<ChildStdout>) -> Result<Option<String>> {
    let mut line = Vec::new();
    if output.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(
        String::from_utf8_lossy(&line)
            .trim_end_matches(['\n', '\r'])
            .to_owned(),
    ))
}

/// Runs a command made by [`command`] to its end, with its output passed through.
///
/// # Errors
/// When it cannot be started or ends with another status than 0.
pub async fn run(command: &mut Command) -> Result<()> {
    let status = Guarded::spawn(command)?.wait().await?;
    expect_success(command, status)
}

/// Runs a command made by [`command`] to its end and gives its standard output.
///
/// # Errors
/// When it cannot be started or ends with another status than 0.
pub async fn output(command: &mut Command) -> Result<String> {
    let mut text = String::new();
    let mut child = Guarded::spawn(command.stdout(Stdio::piped()))?;
    let status = child
        .lines(|line| {
            text.push_str(line);
            text.push('\n');
        })
        .await?;
    expect_success(command, status).map(|()| text)
}

/// Resolves when a person or the system asks this process to stop: Ctrl-C, `SIGTERM`, `SIGHUP`.
///
/// # Errors
/// When signals cannot be listened for.
pub async fn stop_signal() -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

fn expect_success(command: &Command, status: ExitStatus) -> Result<()> {
    // The first three are the shell's own.
    let mut words = command.as_std().get_args().skip(3);
    let program = words
        .next()
        .map(Path::new)
        .and_then(Path::file_name)
        .unwrap_or_default();
    let program = program.display();
    match status.code() {
        Some(0) => Ok(()),
        Some(127) => bail!("`{program}` is not installed"),
        _ => {
            let arguments: Vec<_> = words.map(OsStr::to_string_lossy).collect();
            bail!("`{program} {}` failed ({status})", arguments.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn output_of_a_command_is_given_line_by_line() -> Result<()> {
        let text = output(command("printf").arg("a\\nb")).await?;
        assert_eq!(text, "a\nb\n");
        Ok(())
    }

    #[tokio::test]
    async fn a_failing_command_is_named_with_its_status() {
        let error = run(command("sh").args(["-c", "exit 3"]))
            .await
            .expect_err("it exits with 3");
        assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
    }

    #[tokio::test]
    async fn a_missing_program_is_named() {
        let mut missing = command("portvakt-no-such-program");
        let error = run(missing.stderr(Stdio::null()))
            .await
            .expect_err("there is no such program");
        assert_eq!(
            error.to_string(),
            "`portvakt-no-such-program` is not installed"
        );
    }

    #[tokio::test]
    async fn a_dropped_child_ends_with_its_descendants() -> Result<()> {
        // The grandchild holds the write end of the pipe; end of file means that both are gone.
        let mut shell = command("sh");
        shell
            .args(["-c", "sleep 600 & echo started; wait"])
            .stdout(Stdio::piped());
        let mut child = Guarded::spawn(&mut shell)?;
        let mut output = child.output()?;
        assert_eq!(next_line(&mut output).await?.as_deref(), Some("started"));
        drop(child);
        assert_eq!(next_line(&mut output).await?, None);
        Ok(())
    }

    #[tokio::test]
    async fn a_program_is_ready_when_it_says_so() -> Result<()> {
        let port = |line: &str| line.strip_prefix("port ")?.parse::<u16>().ok();
        let mut ready = command("sh");
        ready
            .args(["-c", "echo hello; echo port 12; sleep 600"])
            .stdout(Stdio::piped());
        assert_eq!(Guarded::spawn(&mut ready)?.announcement(port).await?, 12);
        let mut broken = command("sh");
        broken
            .args(["-c", "echo hello; exit 4"])
            .stdout(Stdio::piped());
        let error = Guarded::spawn(&mut broken)?
            .announcement(port)
            .await
            .expect_err("it ends");
        assert_eq!(
            error.to_string(),
            "the program ended before it was ready (exit status: 4)"
        );
        Ok(())
    }
}
