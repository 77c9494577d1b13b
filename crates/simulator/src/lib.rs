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
mod locale;
mod options;
mod origins;
mod page;
mod provider;
mod provider_name;
mod random;
mod simulator;
mod state;
mod visitor;
pub mod world;

pub use self::clients::{
    AuthMethod, Client, ClientError, GrantType, MAX_CLIENTS, RefreshTokenUsage, Secret,
};
pub use self::clock::{Clock, LATEST};
pub use self::cors::{Endpoint, UnknownEndpoint};
pub use self::eid::Eid;
pub use self::faults::{Fault, MAX_TIMES, Place, UnknownFault};
pub use self::keys::Algorithm;
pub use self::options::{DEFAULT_PORT, Options, RarProfile};
pub use self::origins::{Origin, Origins};
pub use self::provider_name::ProviderName;
pub use self::simulator::{ServeError, Simulator, StartError};
pub use self::visitor::{Arrival, Page, SignIn, Visitor};
