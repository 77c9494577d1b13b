//! The ports of the demo and of the simulator, and the addresses that follow from them.
//!
//! The application is at `localhost` and the simulator at `127.0.0.1`: two sites, as in reality, so
//! that the browser partitions storage and withholds cookies between them as it will in production.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// The client identifier that the demo is registered with at both providers.
pub const CLIENT_ID: &str = "portvakt-demo";

/// The client identifier of the second service, which is the same demo at another address.
pub const NEIGHBOUR_CLIENT_ID: &str = "portvakt-demo-2";

/// How many consecutive ports the simulator listens on, one for each of its origins.
pub const SIMULATOR_PORTS: u16 = 6;

/// Where the demo and the simulator are found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Addresses {
    application: u16,
    neighbour: u16,
    simulator: u16,
    is_neighbour: bool,
}

impl Addresses {
    /// Takes the application's port, after which comes the neighbour's, and the first of the simulator's.
    ///
    /// # Errors
    /// When a port is 0, when they do not fit below 65536, or when they overlap.
    pub fn new(application: u16, simulator: u16) -> Result<Self> {
        ensure!(
            application > 0 && simulator > 0,
            "port 0 is no port to serve on"
        );
        let last = simulator.checked_add(SIMULATOR_PORTS - 1).with_context(|| {
            format!("the simulator needs {SIMULATOR_PORTS} ports from {simulator}, and there are none above 65535")
        })?;
        let neighbour = application
            .checked_add(1)
            .context("the second service needs the port after 65535, and there is none")?;
        for port in [application, neighbour] {
            ensure!(
                !(simulator..=last).contains(&port),
                "port {port} is asked for twice: the simulator uses {simulator} to {last}"
            );
        }
        Ok(Self {
            application,
            neighbour,
            simulator,
            is_neighbour: false,
        })
    }

    /// Chooses ports that nobody uses, for a test; no two calls of one process choose the same.
    ///
    /// They lie below those that systems give out by themselves.
    ///
    /// # Errors
    /// When there are none.
    pub fn unused() -> Result<Self> {
        const FIRST: u16 = 20_000;
        const LAST: u16 = 32_000;
        const NEEDED: u16 = SIMULATOR_PORTS + 2;
        const PLACES: u16 = (LAST - FIRST) / NEEDED;
        static NEXT: AtomicU16 = AtomicU16::new(0);
        // Processes that run at the same time begin at different places.
        let start = std::process::id() % u32::from(PLACES);
        for _ in 0..PLACES {
            let place =
                (start + u32::from(NEXT.fetch_add(1, Ordering::Relaxed))) % u32::from(PLACES);
            let port = FIRST + place as u16 * NEEDED;
            let addresses = Self {
                application: port,
                neighbour: port + 1,
                simulator: port + 2,
                is_neighbour: false,
            };
            if addresses.ensure_free().is_ok() {
                return Ok(addresses);
            }
        }
        bail!("there are no {NEEDED} unused ports in a row")
    }

    /// The application's port.
    pub fn application_port(self) -> u16 {
        self.application
    }

    /// The same addresses as the other of the two services sees them.
    #[must_use]
    pub fn neighbour(self) -> Self {
        Self {
            application: self.neighbour,
            neighbour: self.application,
            is_neighbour: !self.is_neighbour,
            ..self
        }
    }

    /// The client identifier at both providers.
    pub fn client_id(self) -> &'static str {
        if self.is_neighbour {
            NEIGHBOUR_CLIENT_ID
        } else {
            CLIENT_ID
        }
    }

    /// The first of the simulator's ports.
    pub fn simulator_port(self) -> u16 {
        self.simulator
    }

    /// The origin of the application: `http://localhost:8080`.
    pub fn application(self) -> String {
        format!("http://localhost:{}", self.application)
    }

    /// Where the providers send a person back to after sign-in.
    pub fn redirect_uri(self) -> String {
        self.application() + "/callback"
    }

    /// Where the providers send a person back to after sign-out.
    pub fn post_logout_redirect_uri(self) -> String {
        self.application() + "/"
    }

    /// What the providers call in a frame when a person signs out anywhere.
    pub fn frontchannel_logout_uri(self) -> String {
        self.application() + "/portvakt/logout"
    }

    /// The origin of the simulator's control page and API.
    pub fn control(self) -> String {
        self.simulator_origin(0)
    }

    /// The issuer of the simulated Ansattporten.
    pub fn ansattporten(self) -> String {
        self.simulator_origin(1)
    }

    /// The origin of its pages.
    pub fn ansattporten_login(self) -> String {
        self.simulator_origin(2)
    }

    /// The issuer of the simulated ID-porten.
    pub fn idporten(self) -> String {
        self.simulator_origin(3)
    }

    /// The origin of its pages.
    pub fn idporten_login(self) -> String {
        self.simulator_origin(4)
    }

    /// The origin of the simulated Dialogporten.
    pub fn dialogporten(self) -> String {
        self.simulator_origin(5)
    }

    /// What the demo reads from `/config.json` to know whom to talk to.
    pub fn config(self) -> Value {
        json!({
            "ansattporten": { "issuer": self.ansattporten(), "clientId": self.client_id() },
            "idporten": { "issuer": self.idporten(), "clientId": self.client_id() },
            "dialogporten": self.dialogporten() + "/dialogporten",
            "logoutEvents": "/portvakt/logout",
            "guise": if self.is_neighbour { "second" } else { "first" },
            "neighbour": self.neighbour().application() + "/",
            "simulator": self.control() + "/",
        })
    }

    /// Makes sure that every port can be listened on, before anything long begins.
    ///
    /// # Errors
    /// Names the first port that is taken.
    pub fn ensure_free(self) -> Result<()> {
        self.listen().map(drop)?;
        self.neighbour().listen().map(drop)?;
        for port in self.simulator..self.simulator + SIMULATOR_PORTS {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .map_err(|error| unavailable(port, error, "--simulator-port"))?;
        }
        Ok(())
    }

    /// Listens on the application's port on every loopback address that the machine has:
    /// `localhost` means either.
    ///
    /// # Errors
    /// Names the port when it is taken.
    pub fn listen(self) -> Result<Vec<TcpListener>> {
        let loopback: [SocketAddr; 2] = [
            (Ipv4Addr::LOCALHOST, self.application).into(),
            (Ipv6Addr::LOCALHOST, self.application).into(),
        ];
        let mut listeners = Vec::new();
        for address in loopback {
            match TcpListener::bind(address) {
                Ok(listener) => listeners.push(listener),
                // A machine without IPv6 has only the other one.
                Err(error) if address.is_ipv6() && error.kind() != ErrorKind::AddrInUse => {}
                Err(error) => return Err(unavailable(self.application, error, "--port")),
            }
        }
        Ok(listeners)
    }

    fn simulator_origin(self, offset: u16) -> String {
        // `new` made sure that the sum fits.
        format!("http://127.0.0.1:{}", self.simulator + offset)
    }
}

fn unavailable(port: u16, error: std::io::Error, option: &str) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {port} is taken by another program; stop it, or choose another with {option}"
        ),
        _ => anyhow::Error::new(error).context(format!("port {port} cannot be listened on")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_names_the_simulated_services() -> Result<()> {
        assert_eq!(
            Addresses::new(8080, 8100)?.config(),
            json!({
                "ansattporten": { "issuer": "http://127.0.0.1:8101", "clientId": "portvakt-demo" },
                "idporten": { "issuer": "http://127.0.0.1:8103", "clientId": "portvakt-demo" },
                "dialogporten": "http://127.0.0.1:8105/dialogporten",
                "logoutEvents": "/portvakt/logout",
                "guise": "first",
                "neighbour": "http://localhost:8081/",
                "simulator": "http://127.0.0.1:8100/",
            })
        );
        Ok(())
    }

    #[test]
    fn ports_that_cannot_be_are_refused() {
        for (application, simulator, sentence) in [
            (0, 8100, "port 0 is no port to serve on"),
            (8080, 0, "port 0 is no port to serve on"),
            (
                8080,
                65531,
                "the simulator needs 6 ports from 65531, and there are none above 65535",
            ),
            (
                8105,
                8100,
                "port 8105 is asked for twice: the simulator uses 8100 to 8105",
            ),
            (
                8099,
                8100,
                "port 8100 is asked for twice: the simulator uses 8100 to 8105",
            ),
            (
                65535,
                8100,
                "the second service needs the port after 65535, and there is none",
            ),
        ] {
            let refused = Addresses::new(application, simulator).map_err(|error| error.to_string());
            assert_eq!(refused, Err(sentence.to_owned()));
        }
        for (application, simulator) in [(8098, 8100), (8106, 8100), (1, 65530)] {
            assert!(Addresses::new(application, simulator).is_ok());
        }
    }

    #[test]
    fn a_taken_port_is_named() -> Result<()> {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = holder.local_addr()?.port();
        let free = if port > 32768 { 2048 } else { 49152 };
        let application = Addresses::new(port, free)?.ensure_free();
        assert_eq!(
            application.map_err(|error| error.to_string()),
            Err(format!(
                "port {port} is taken by another program; stop it, or choose another with --port"
            ))
        );
        let simulator = Addresses {
            application: 0,
            neighbour: 0,
            simulator: port,
            is_neighbour: false,
        }
        .ensure_free();
        assert_eq!(
            simulator.map_err(|error| error.to_string()),
            Err(format!(
                "port {port} is taken by another program; stop it, or choose another with --simulator-port"
            ))
        );
        Ok(())
    }
}
