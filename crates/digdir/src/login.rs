//! Signing in with ID-porten or Ansattporten.
//!
//! The flows are those of [`portvakt_oidc`], with what the two services have over others: their acr
//! values, on whose behalf the person acts, and the person's number. A request that the service would
//! not understand is refused before anything is sent; what comes back is judged by OIDC Core first, and then by
//! the steps of [`Check`] that are this crate's own.
//!
//! ```
//! use portvakt_digdir::acr::Acr;
//! use portvakt_digdir::login::{BeginLogin, Client, LoginRequest};
//! use portvakt_digdir::rar::RarRequest;
//! use portvakt_digdir::Preset;
//! use portvakt_oidc::{Entropy, Step, UnixTime, Url};
//!
//! let redirect_uri = Url::parse("https://app.example/callback").map_err(portvakt_oidc::Error::from)?;
//! let client = Client::new(Preset::ANSATTPORTEN_TEST, "client-id", redirect_uri)?;
//! let mut request = LoginRequest::on_behalf_of(RarRequest::altinn_resource("urn:altinn:resource:demo-post")?);
//! request.acr_values = vec![Acr::Substantial];
//!
//! # let (random_bytes, now) = (core::array::from_fn(|index| index as u8), UnixTime::new(1_790_000_000));
//! let step = BeginLogin::start(&client, request, None, Entropy::new(random_bytes), now)?;
//! let Step::Fetch { request, next } = step else { unreachable!("the metadata were not given") };
//! assert_eq!(request.url.as_str(), "https://test.ansattporten.no/.well-known/openid-configuration");
//! # Ok::<(), portvakt_digdir::Error>(())
//! ```

mod begin;
mod check;
mod claims;
mod client;
mod complete;
mod refresh;
mod session;
mod step_up;
mod test_login;

pub use begin::{BeginLogin, LoginRequest};
pub use check::Check;
pub use claims::{Claims, ClaimsError};
pub use client::Client;
pub use complete::CompleteLogin;
pub(crate) use complete::Judge;
pub use refresh::Refresh;
pub use session::Session;
pub use step_up::StepUp;
pub use test_login::test_login_hint;
