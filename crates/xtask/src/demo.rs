//! `cargo xtask demo`: the whole road on one machine.

use anyhow::{Result, bail};
use clap::Args;

use crate::addresses::Addresses;
use crate::progress::step;
use crate::server::Site;
use crate::{dist, simulator, workspace};

/// Where the demo listens.
#[derive(Args, Clone, Copy, Debug)]
pub struct Options {
    /// The port of the application; the second service is at the next one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The first of the simulator's six consecutive ports.
    #[arg(long, default_value_t = 8100)]
    simulator_port: u16,
}

/// The simulator's program.
const SIMULATOR: &str = "portvakt-simulator";

/// Sets up, builds and shows the demo until this process is asked to stop.
///
/// # Errors
/// When a port is taken, a tool fails, or the simulator stops.
pub async fn run(options: Options) -> Result<()> {
    let addresses = Addresses::new(options.port, options.simulator_port)?;
    addresses.ensure_free()?;
    let program = step(
        "Building the simulator",
        workspace::build(&["--package", SIMULATOR, "--bin", SIMULATOR], SIMULATOR),
    )
    .await?;
    dist::build().await?;
    let site = Site::load(&workspace::dist(), addresses)?;
    let mut simulator = step(
        "Starting the simulator",
        simulator::start(&program, addresses),
    )
    .await?;
    let neighbour = addresses.neighbour();
    let second = site.neighbour()?.serve(neighbour.listen()?);
    let server = site.serve(addresses.listen()?);
    let announced = async {
        for application in [neighbour, addresses] {
            simulator::ask(application.application() + "/").await?;
        }
        println!("Portvakt demo: {}", addresses.application());
        eprintln!(
            "Second service: {} (signing out of one signs out of the other)",
            neighbour.application()
        );
        eprintln!(
            "Simulator: {}/ (people, organisations, clock, faults)",
            addresses.control()
        );
        eprintln!("Press Ctrl-C to stop them.");
        simulator.wait().await
    };
    tokio::select! {
        ended = server => ended,
        ended = second => ended,
        ended = announced => bail!("the simulator stopped ({})", ended?),
    }
}
