//! The relying party's OpenID Connect flows as values: no IO, no clock, no randomness.

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
#[cfg(test)]
extern crate std;

mod begin_login;
mod callback;
mod check;
mod complete_login;
mod config;
mod error;
mod flow;
pub mod http;
mod id_token;
mod issuer;
mod logout;
mod metadata;
mod pending_login;
mod pkce;
mod return_path;
mod secret;
pub mod url;
mod userinfo;

pub use begin_login::{BeginLogin, Redirect};
pub use callback::{Callback, MAX_CODE_BYTES};
pub use check::Check;
pub use complete_login::{CompleteLogin, Login};
pub use config::{
    ClientConfig, DEFAULT_CLOCK_TOLERANCE_SECONDS, JwksSource, LoginRequest,
    MAX_CLOCK_TOLERANCE_SECONDS, Prompt,
};
pub use error::{
    ApiMisuse, CallbackError, Error, IdTokenError, MAX_DESCRIPTION_CHARS, ProviderError,
    ProviderErrorCode, ProviderMisbehaved,
};
pub use flow::{Flow, Step};
pub use http::{HttpRequest, HttpResponse, Method, TransportError};
pub use id_token::{IdToken, MAX_ID_TOKEN_AGE_SECONDS};
pub use issuer::Issuer;
pub use logout::{
    BeginLogout, LogoutRedirect, LogoutRequest, LogoutReturn, PendingLogout, Revocation,
    RevokedToken,
};
pub use metadata::{MAX_METADATA_BYTES, METADATA_LIFETIME_SECONDS, ProviderMetadata};
pub use pending_login::{MAX_PENDING_BYTES, PENDING_LOGIN_LIFETIME_SECONDS, PendingLogin};
pub use return_path::{MAX_RETURN_PATH_BYTES, ReturnPath};
pub use secret::{
    AccessToken, AuthorizationCode, CodeVerifier, Entropy, Nonce, RawIdToken, RefreshToken, State,
};
pub use url::Url;
pub use userinfo::{FetchUserinfo, MAX_USERINFO_BYTES, Userinfo};

pub use portvakt_jose::{Algorithm, Jwks, UnixTime, json};
