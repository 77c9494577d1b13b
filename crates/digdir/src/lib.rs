//! What is particular to Norway's common sign-in services: ID-porten, Ansattporten, Maskinporten, Altinn and
//! Dialogporten.
//!
//! [`portvakt_oidc`] signs people in with any OpenID provider. This crate knows these five: how their issuers are
//! spelled, what their assurance levels are called, how a person chooses whom to act for, what their
//! identifiers look like, and what they answer when they say no. It performs no IO either; its flows are values
//! that ask for one request at a time.
//!
//! # From a sign-in to an inbox
//!
//! ```
//! use portvakt_digdir::acr::Acr;
//! use portvakt_digdir::dialogporten::{DialogQuery, Dialogporten, SearchDialogs};
//! use portvakt_digdir::identifiers::Party;
//! use portvakt_digdir::login::{BeginLogin, Client, LoginRequest, Session};
//! use portvakt_digdir::rar::{RarRequest, Representation};
//! use portvakt_digdir::{Error, Preset};
//! use portvakt_oidc::{Entropy, Step, UnixTime, Url};
//!
//! /// Somebody signs in at work, on behalf of an organisation that they may see the post of.
//! fn begin(entropy: Entropy, now: UnixTime) -> Result<Step<BeginLogin>, Error> {
//!     let redirect_uri = Url::parse("https://app.example/callback").map_err(portvakt_oidc::Error::from)?;
//!     let client = Client::new(Preset::ANSATTPORTEN_TEST, "client-id", redirect_uri)?;
//!     let demo_post = RarRequest::altinn_resource("urn:altinn:resource:demo-post")?;
//!     let mut request = LoginRequest::on_behalf_of(demo_post);
//!     request.acr_values = vec![Acr::Substantial];
//!     BeginLogin::start(&client, request, None, entropy, now)
//! }
//!
//! /// When `CompleteLogin` has given a session, the chosen organisation's dialogs are listed.
//! fn list(session: &Session) -> Result<Option<Step<SearchDialogs>>, Error> {
//!     let Some(organisation) = session.representation.as_ref().and_then(Representation::organisation) else {
//!         return Ok(None);
//!     };
//!     let dialogporten = Dialogporten::of(&Preset::DIALOGPORTEN_TEST)?;
//!     let query = DialogQuery::of_party(Party::Organisation(organisation.number()));
//!     SearchDialogs::start(&dialogporten, &session.login.access_token, query).map(Some)
//! }
//! ```
//!
//! # What a generic client gets wrong here
//!
//! - **The issuers' slashes.** Maskinporten's and Altinn's issuers end with one, the others do not, and each is
//!   compared as it is: [`Preset`].
//! - **Levels are not names.** Asked for *substantial*, a person may come back with *high*, and a work account has no
//!   level at all. ID-porten's names are not Ansattporten's: [`acr`].
//! - **A claim about representation is not a representation.** "Myself" is written as one too; any client may ask for
//!   any resource; the shape has changed many times. What was granted is compared with what was asked for, in
//!   both places where it is stated, and only then is it a [`Representation`](rar::Representation).
//! - **A session has two ends**, half an hour without use and two hours after the sign-in, and nobody tells when
//!   they have come: [`session`].
//! - **Hardly any claim is always there.** There are sign-ins without `pid`, without `sid`, without a name:
//!   [`Claims`](login::Claims).
//! - **Numbers have check digits**, and from 2032 on a second rule for them: [`identifiers`].
//! - **Access tokens have no audience.** What an API must look at instead is in [`verify`].
//! - **Dialogporten's placeholders look like links**, and opening a dialog changes it: [`dialogporten`].
//!
//! # Three environments
//!
//! Each preset is of production, test or this machine. In the latter two everybody is synthetic, and the crate holds
//! them to it: a real person's number in a test system is refused, and so is a headless sign-in in
//! production.
//!
//! # Errors
//!
//! [`Error`] is sorted by whose fault it is, and each kind is one table of variant, stable code, sentence and source:
//! [`Misuse`], [`ClaimsError`](login::ClaimsError), [`RepresentationError`](rar::RepresentationError),
//! [`DialogportenError`](dialogporten::DialogportenError). Neither they nor the `Debug` form of anything here shows a
//! token, a person number, a name or an e-mail address.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;

pub mod acr;
pub mod dialogporten;
mod error;
pub mod identifiers;
pub mod login;
mod misuse;
mod preset;
pub mod rar;
mod service;
pub mod session;
pub mod verify;

pub use error::Error;
pub use misuse::Misuse;
pub use preset::Preset;
pub use service::{Environment, Service};
