//! Ansattporten, ID-porten and Dialogporten on the developer's own machine.
//!
//! # What it is
//!
//! A development server that behaves like the real services, strictly: it knows its clients, compares
//! redirect URIs character by character, enforces PKCE, `state` and `nonce`, and refuses what they
//! refuse, with the error that they give and a sentence that says what to mend. Everybody in it is made
//! up, and the types of [`world`] cannot hold a number that may belong to a real person or organisation.
//!
//! It is the other half of the tests of this workspace: it signs with aws-lc-rs, has its own PKCE, its
//! own client checks and its own reading of the specifications, and shares no code with the crates that
//! verify. Where both are right they agree.
//!
//! # How it is used
//!
//! As a program it listens on six ports of 127.0.0.1 (see [`Origin`]). As a value it answers without
//! sockets, thousands of logins a second:
//!
//! ```
//! use portvakt_simulator::{Client, Fault, Options, Simulator};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let mut options = Options::default();
//! options.clients.push(Client::public("my-app", "http://localhost:8080/callback"));
//! let simulator = Simulator::new(options)?;
//!
//! let metadata = "http://127.0.0.1:8101/.well-known/openid-configuration";
//! let response = simulator.call(http::Request::get(metadata).body(Vec::new())?).await;
//! assert_eq!(response.status(), 200);
//!
//! simulator.arm(Fault::WrongNonce, 1);
//! simulator.clock().advance(31 * 60);
//! # Ok(())
//! # }
//! ```
//!
//! [`Visitor`] is a person with a browser in memory: it keeps cookies, follows redirects and fills in
//! the pages, up to the point where the browser would be back at the application.
//!
//! # How it is built
//!
//! One shared state (clients, [`Clock`], [`Fault`]s, [`Switch`]es, [`world`]) and a router for each origin.
//! Nothing is written to disk; what is remembered is bounded, and the oldest makes room. In memory nothing
//! sleeps and nothing is sent: what a provider would post by itself waits in [`Simulator::take_posts`], and
//! an answer that would never come is marked as [`Lost`]. A fault or a switch has one name in Rust, in the
//! control API and on the control page.

mod bounded;
mod clients;
mod clock;
mod control;
mod cors;
mod dialogporten;
mod dpop;
mod eid;
mod events;
mod faults;
mod keys;
mod locale;
mod logouts;
mod lost;
mod options;
mod origins;
mod page;
mod proof_key;
mod provider;
mod provider_name;
mod random;
mod simulator;
mod state;
mod switches;
mod unanswered;
mod visitor;
pub mod world;

pub use self::clients::{
    AccessTokenType, AuthMethod, Client, ClientError, GrantType, MAX_CLIENTS, PublicRefresh,
    RefreshTokenUsage, Secret,
};
pub use self::clock::{Clock, LATEST};
pub use self::cors::{Endpoint, UnknownEndpoint};
pub use self::eid::Eid;
pub use self::faults::{Fault, MAX_TIMES, Place, UnknownFault};
pub use self::keys::Algorithm;
pub use self::logouts::LogoutPost;
pub use self::lost::Lost;
pub use self::options::{DEFAULT_PORT, Options, RarProfile};
pub use self::origins::{Origin, Origins};
pub use self::proof_key::ProofKey;
pub use self::provider_name::ProviderName;
pub use self::simulator::{ServeError, Simulator, StartError};
pub use self::switches::{Switch, UnknownSwitch};
pub use self::visitor::{Arrival, Page, SignIn, Visitor};
