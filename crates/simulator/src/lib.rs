//! Ansattporten, ID-porten and Dialogporten on the developer's own machine.

mod clients;
mod clock;
mod control;
mod cors;
mod dialogporten;
mod eid;
mod events;
mod faults;
mod keys;
mod options;
mod origins;
mod provider;
mod provider_name;
mod random;
mod simulator;
mod state;
pub mod world;

pub use self::clients::{AuthMethod, Client, ClientError, GrantType, RefreshTokenUsage, Secret};
pub use self::clock::Clock;
pub use self::eid::Eid;
pub use self::faults::{Fault, Place, UnknownFault};
pub use self::keys::Algorithm;
pub use self::options::{DEFAULT_PORT, Options, RarProfile};
pub use self::origins::{Origin, Origins};
pub use self::provider_name::ProviderName;
pub use self::simulator::{ServeError, Simulator, StartError};
