//! The relying party's OpenID Connect flows as values: no IO, no clock, no randomness.
//!
//! A login is short and linear, and the page dies in the middle of it. So there is nothing here that
//! lives for long: a flow is a value that asks for one HTTP request, or the check of one signature, at
//! a time and is consumed by the answer, and the gap while the person is at the provider is an explicit value too, the
//! [`PendingLogin`].
//!
//! ```text
//! BeginLogin -> metadata -> Redirect { url, pending }        ...the person is away...
//! CompleteLogin(callback, pending) -> tokens -> keys -> signature -> Login
//! Refresh(login) -> keys -> tokens -> signature -> Renewal { login, .. }
//! FetchUserinfo(login) -> userinfo -> Userinfo
//! BeginLogout -> revocations -> LogoutRedirect { url, pending }      ...away...      LogoutReturn
//! ```
//!
//! **Invariant: a flow performs no IO, reads no clock and draws no randomness; it asks for one thing
//! at a time and is over at its first error.** The time is an argument, and so are the
//! random bytes ([`Entropy`]). What a flow asks for, an [`HttpRequest`], is complete as it is but for
//! the signature of a proof, where the driver holds a key ([`DpopProofs`]): there is nothing for a
//! driver to decide. That is why the same flows run in a browser, at the
//! edge and in a test that does a thousand logins a second.
//!
//! # The driver
//!
//! It is a loop, the same one in every language. Whoever writes one sends no cookies, follows no
//! redirects, keeps nothing in a cache, and stops reading at
//! [`max_response_bytes`](HttpRequest::max_response_bytes). It may leave the arithmetic of a signature
//! to its host ([`Step::Verify`]); here software does that.
//!
//! ```
//! use portvakt_oidc::{
//!     BeginLogin, ClientConfig, Entropy, Flow, HttpRequest, HttpResponse, Issuer, LoginRequest,
//!     Step, TransportError, UnixTime, Url,
//! };
//!
//! fn drive<F: Flow>(
//!     mut step: Step<F>,
//!     fetch: impl Fn(HttpRequest) -> Result<HttpResponse, TransportError>,
//!     now: impl Fn() -> UnixTime,
//! ) -> Result<F::Output, F::Error> {
//!     loop {
//!         step = match step {
//!             Step::Done(output) => return Ok(output),
//!             Step::Fetch { request, next } => next.resume(fetch(request).into(), now())?,
//!             Step::Verify { question, next } => next.resume(question.answer().into(), now())?,
//!         }
//!     }
//! }
//!
//! # fn fetch(request: HttpRequest) -> Result<HttpResponse, TransportError> {
//! #     assert_eq!(request.url.as_str(), "https://op.example/.well-known/openid-configuration");
//! #     let body = br#"{
//! #         "issuer": "https://op.example",
//! #         "authorization_endpoint": "https://login.op.example/authorize",
//! #         "token_endpoint": "https://op.example/token",
//! #         "jwks_uri": "https://op.example/jwks.json",
//! #         "response_types_supported": ["code"],
//! #         "code_challenge_methods_supported": ["S256"],
//! #         "id_token_signing_alg_values_supported": ["RS256"]
//! #     }"#;
//! #     Ok(HttpResponse { status: 200, headers: vec![], body: body.to_vec() })
//! # }
//! # fn now() -> UnixTime { UnixTime::new(1_790_000_000) }
//! # fn random_bytes() -> [u8; 96] { core::array::from_fn(|index| index as u8) }
//! let config = ClientConfig::new(
//!     Issuer::parse("https://op.example")?,
//!     "my-client",
//!     Url::parse("https://app.example/callback")?,
//! );
//! let step = BeginLogin::start(
//!     &config,
//!     LoginRequest::default(),
//!     None,
//!     Entropy::new(random_bytes()),
//!     now(),
//! )?;
//! let redirect = drive(step, fetch, now)?;
//!
//! // Store this, for this tab only, and then leave for the provider.
//! let (key, value) = (redirect.pending.storage_key(), redirect.pending.to_json());
//! assert!(redirect.url.as_str().starts_with("https://login.op.example/authorize?response_type="));
//! # let _ = (key, value);
//! # Ok::<(), portvakt_oidc::Error>(())
//! ```
//!
//! On the page of the redirect URI, the stored login is taken back, which means read *and deleted*,
//! before anything else is done, and the address is cleaned of the code:
//!
//! ```
//! # use portvakt_oidc::{Callback, ClientConfig, CompleteLogin, Error, PendingLogin, Step};
//! # use portvakt_oidc::UnixTime;
//! # fn complete(
//! #     config: &ClientConfig,
//! #     location: &str,
//! #     take: impl Fn(&str) -> Option<String>,
//! #     now: UnixTime,
//! # ) -> Result<Option<Step<CompleteLogin>>, Error> {
//! if !Callback::is_present(location) {
//!     return Ok(None);
//! }
//! let callback = Callback::parse(location)?;
//! let pending = PendingLogin::from_storage(take(&callback.storage_key()).as_deref())?;
//! let step = CompleteLogin::start(config, callback, pending, None, now)?; // and then drive(step, ..)
//! # Ok(Some(step))
//! # }
//! ```
//!
//! # What is believed, and when
//!
//! Everything that comes from outside is hostile until it has been checked, and each kind has a type
//! that only checking makes:
//!
//! | what comes in | becomes | by |
//! |---|---|---|
//! | an address | [`Url`], [`Issuer`], [`ReturnPath`] | refusing what would have to be repaired |
//! | metadata | [`ProviderMetadata`] | issuer identical, PKCE with S256, endpoints with TLS |
//! | the address of the callback | [`Callback`] | its form alone: it is believed by nobody yet |
//! | what was stored | [`PendingLogin`] | every member again, since others may write to storage |
//! | both together | a code to redeem | address, `state`, age, `iss` of RFC 9207, in this order |
//! | the id_token | [`IdToken`] | OIDC Core §3.1.3.7, step by step, the signature always |
//! | a renewed id_token | [`Renewal`] | the same, and OIDC Core §12.2: the same person and sign-in |
//! | what was kept of a login | [`Login`] | every member again, but for the signature |
//! | userinfo | [`Userinfo`] | the same `sub` |
//! | a logout token | [`LogoutToken`] | OIDC Back-Channel Logout §2.6, step by step |
//!
//! [`Login::checks`] lists the steps that were taken, so that an application can show them. No
//! option turns one off. `http:` is for this machine only.
//!
//! What the caller has to check: that what [`Login::authorization_details`] grants is what was asked
//! for, since only the caller knows what its types mean. Both copies, and the text that was sent,
//! are handed on as they are.
//!
//! # Errors
//!
//! An [`Error`] says whose fault it is: [`ApiMisuse`] is the application's, [`CallbackError`] is
//! about what a browser brought, [`ProviderError`] is the provider's refusal,
//! [`ProviderMisbehaved`] its breach of the protocol, [`portvakt_jose::Error`] and [`IdTokenError`]
//! are about the id_token, [`TransportError`] is nobody's. Each has a stable
//! [`code`](Error::code), and none has a token, a code, or a claim value in it.
//!
//! # Secrets
//!
//! Tokens, codes, verifiers, `state` and `nonce` are types of their own: no `Display`, a `Debug`
//! that shows nothing, wiped when dropped, and read by `expose()`, which is easy to search for. The
//! bodies of requests and responses hold them too, and `Debug` does not show those either.

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
mod challenge;
mod check;
mod clock;
mod complete_login;
mod config;
mod dpop;
mod error;
mod exchange;
mod flow;
pub mod http;
mod id_token;
mod issuer;
mod login;
mod logout;
mod logout_token;
mod metadata;
mod pending_login;
mod pkce;
mod refresh;
mod return_path;
mod secret;
mod step_up;
pub mod url;
mod userinfo;

pub use begin_login::{BeginLogin, Redirect};
pub use callback::{Callback, MAX_CODE_BYTES};
pub use check::Check;
pub use clock::MAX_CLOCK_OFFSET_SECONDS;
pub use complete_login::CompleteLogin;
pub use config::{
    ClientConfig, DEFAULT_CLOCK_TOLERANCE_SECONDS, JwksSource, LoginRequest,
    MAX_CLOCK_TOLERANCE_SECONDS, Prompt,
};
pub use dpop::{DpopBinding, DpopKey, DpopProofs, UnsignedProof};
pub use error::{
    ApiMisuse, CallbackError, DeviceError, Error, IdTokenError, MAX_DESCRIPTION_CHARS,
    ProviderError, ProviderErrorCode, ProviderMisbehaved, SessionError,
};
pub use flow::{Answer, Flow, Step};
pub use http::{HttpRequest, HttpResponse, Method, TransportError};
pub use id_token::{
    ExpectedNonce, IdToken, IdTokenExpectation, MAX_ID_TOKEN_AGE_SECONDS, verify_id_token,
};
pub use issuer::Issuer;
pub use login::{Login, MAX_LOGIN_BYTES};
pub use logout::{
    BeginLogout, LogoutRedirect, LogoutRequest, LogoutReturn, PendingLogout, Revocation,
    RevokedToken,
};
pub use logout_token::{
    LOGOUT_EVENT, LogoutToken, LogoutTokenError, LogoutTokenExpectation, LogoutTokenRefusal,
    MAX_JTI_BYTES, MAX_LOGOUT_TOKEN_AGE_SECONDS, MAX_SID_BYTES, verify_logout_token,
};
pub use metadata::{MAX_METADATA_BYTES, METADATA_LIFETIME_SECONDS, ProviderMetadata};
pub use pending_login::{MAX_PENDING_BYTES, PENDING_LOGIN_LIFETIME_SECONDS, PendingLogin};
pub use refresh::{Refresh, Renewal};
pub use return_path::{MAX_RETURN_PATH_BYTES, ReturnPath};
pub use secret::{
    AccessToken, AuthorizationCode, CodeVerifier, Entropy, Nonce, RawIdToken, RefreshToken, State,
    Subject,
};
pub use step_up::StepUp;
pub use url::Url;
pub use userinfo::{FetchUserinfo, MAX_USERINFO_BYTES, Userinfo};

pub use portvakt_jose::{Algorithm, Jwks, SignatureAnswer, SignatureQuestion, UnixTime, json};
