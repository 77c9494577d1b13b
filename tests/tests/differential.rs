//! Random tokens, right and wrong, are judged by the packed npm package and by `jose`: nothing is
//! accepted that the other refuses, and nothing is refused without a reason that is written down.
//!
//! `PORTVAKT_DIFFERENTIAL` says how many tokens, `PORTVAKT_SEED` which.

use anyhow::{Context, Result, ensure};
use xtask::process::command;
use xtask::{pkg, setup, workspace};

#[tokio::test]
async fn nothing_is_accepted_that_jose_refuses_and_nothing_refused_without_a_reason() -> Result<()>
{
    if let Err(reason) = setup::node().await {
        println!(
            "skipped: nothing_is_accepted_that_jose_refuses_and_nothing_refused_without_a_reason: {reason:#}"
        );
        return Ok(());
    }
    let folder = workspace::root().join("tests/packaging");
    setup::npm_packages(&folder).await?;
    let tarball = pkg::build().await?;
    let output = command("node")
        .arg(folder.join("run.mjs"))
        .arg("differential")
        .arg(tarball)
        .output()
        .await
        .context("node starts")?;
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    println!("{stdout}");
    ensure!(output.status.success(), "{stderr}");
    Ok(())
}
