//! Checking the tokens that arrive at an API: one function, one policy, one answer.
//!
//! A person's sign-in is the business of [`portvakt_oidc`]; here the token comes with a request, from anybody, and
//! the API has to decide whether to serve it. There is no IO and no clock: the caller brings the issuer's keys and
//! the time.
//!
//! The services differ in what tells that a token is *for* this API. RFC 9068 has `aud`. The access tokens of
//! ID-porten, Ansattporten and Maskinporten have none unless their client asked for one, so that another binding
//! must take its place: a scope of the API's own, or a list of the clients that may call it. A policy that names
//! neither is refused before any token is looked at ([`AccessTokenPolicy::check`]), because it would accept every
//! token that the service ever issued, to whatever client.
//!
//! A token that is bound to a key of its client (`cnf`, RFC 9449) is worth nothing by itself, and
//! [`verify_access_token`] refuses it: whoever has stolen it could present it so. Beside a proof, that of the `DPoP`
//! header, [`verify_bound_access_token`] judges it; and it refuses tokens that are not bound.
//!
//! An id_token is for the client that it was issued to; a server of the same application that gets it can have it
//! judged as the login judged it ([`verify_identity_token`]).
//!
//! ID-porten signs id_tokens, access tokens and logout tokens with the same keys and without a type, so they are
//! told apart by their claims: an access token names its client and its scope, and carries neither `nonce` nor
//! `events`.
//!
//! | tokens of | profile | bound by | judged besides |
//! |---|---|---|---|
//! | ID-porten | [`TokenProfile::IdPorten`] | client or scope | `acr` |
//! | Ansattporten | [`TokenProfile::Ansattporten`] | client or scope | `acr`, [`RepresentationPolicy`] |
//! | Maskinporten | [`TokenProfile::Maskinporten`] | client or scope | consumer, [`Delegation`], [`SystemUserPolicy`] |
//! | Altinn | [`TokenProfile::Altinn`] | client or scope | `acr`, consumer, [`SystemUserPolicy`] |
//! | anyone, by RFC 9068 | [`TokenProfile::Rfc9068`] | `aud` | |
//! | Dialogporten | [`DialogTokenPolicy`] | the dialog | actions, entity, level |
//!
//! Sources: Digdir, access token and id_token; Maskinporten, token and delegation; Altinn, token exchange;
//! Dialogporten, dialog tokens; RFC 9068 §4.

mod access_token;
mod claims;
mod dialog_token;
mod dpop;
mod error;
mod identity_token;
mod keys;
mod maskinporten;
mod policy;
mod representation;

pub use access_token::{
    VerifiedAccessToken, judge_access_token, judge_bound_access_token, unverified_access_token,
    verify_access_token, verify_bound_access_token,
};
pub use dialog_token::{
    DialogTokenPolicy, VerifiedDialogToken, judge_dialog_token, unverified_dialog_token,
    verify_dialog_token,
};
pub use dpop::{
    DEFAULT_PROOF_AGE_SECONDS, DpopPolicy, DpopRequest, MAX_PROOF_AGE_SECONDS, VerifiedDpopProof,
    verify_dpop_proof,
};
pub use error::{
    AccessTokenError, DialogTokenError, DpopError, MetadataError, VerifierMisuse, VerifyError,
};
pub use identity_token::{IdentityTokenPolicy, VerifiedIdentityToken, verify_identity_token};
pub use keys::{MAX_METADATA_BYTES, jwks_uri, parse_jwks};
pub use maskinporten::{Delegation, Supplier, SystemUser, SystemUserPolicy};
pub use policy::{AccessTokenPolicy, CheckedPolicy, DEFAULT_CLOCK_TOLERANCE_SECONDS, TokenProfile};
pub use representation::RepresentationPolicy;
