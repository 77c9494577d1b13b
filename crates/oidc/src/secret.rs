//! Values that must not be seen: no `Display`, a `Debug` that tells nothing, wiped when dropped.

use alloc::string::String;
use core::fmt;

use portvakt_jose::{Error as TokenError, MAX_TOKEN_BYTES, base64url};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::ApiMisuse;

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        $(
            $(#[$doc])*
            ///
            /// `Debug` does not show the value, there is no `Display`, and the memory is wiped on
            /// drop.
            #[derive(Clone)]
            pub struct $name(Zeroizing<String>);

            impl $name {
                pub(crate) fn new(value: impl Into<String>) -> Self {
                    Self(Zeroizing::new(value.into()))
                }

                /// The value itself. Whoever calls this answers for where it goes.
                pub fn expose(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str(concat!(stringify!($name), "(..)"))
                }
            }

            /// Compares in a time that does not depend on where the values differ.
            impl PartialEq for $name {
                fn eq(&self, other: &Self) -> bool {
                    self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
                }
            }

            impl Eq for $name {}
        )+
    };
}

secrets! {
    /// What lets its bearer call an API (RFC 6749 §1.4).
    AccessToken;
    /// What lets its bearer have new access tokens (RFC 6749 §1.5).
    RefreshToken;
    /// What the provider sends back with the browser, to be redeemed once (RFC 6749 §4.1.2).
    AuthorizationCode;
    /// What proves that the one who redeems a code is the one who asked for it (RFC 7636 §4.1).
    CodeVerifier;
    /// What binds an id_token to one request (OIDC Core §3.1.2.1).
    Nonce;
    /// What binds a callback to one request (RFC 6749 §10.12).
    State;
    /// Who somebody is to this client, as a digest: enough to recognise them by, and not enough to
    /// know who they are. Of two ids at one issuer it is the same only for the same.
    Subject;
    /// The compact form of an id_token, for `id_token_hint` (OIDC RP-Initiated Logout §2).
    RawIdToken;
}

/// The random bytes of one login or logout, from the platform's cryptographic generator.
///
/// A login takes 32 bytes each for `state`, `nonce` and `code_verifier`: 256 bits, more than the
/// 128 that RFC 6749 §10.10 asks for, and exactly what RFC 7636 §4.1 recommends for the verifier.
/// Never use a value twice.
pub struct Entropy(Zeroizing<[u8; Self::BYTES]>);

impl Entropy {
    /// How many bytes there must be.
    pub const BYTES: usize = 96;

    /// Takes bytes that nobody else has seen or will use.
    pub fn new(bytes: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The three thirds as base64url, 43 characters each.
    ///
    /// None if the bytes are plainly not random. A generator that fails silently and leaves zeros,
    /// or repeats a block, has happened in practice, and everything here rests on it.
    pub(crate) fn into_parts(self) -> Option<[Zeroizing<String>; 3]> {
        let mut parts = self.0.chunks_exact(Self::BYTES / 3);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        let is_constant = |part: &[u8]| part.iter().all(|byte| Some(byte) == part.first());
        if [first, second, third].into_iter().any(is_constant)
            || first == second
            || second == third
            || first == third
        {
            return None;
        }
        Some([first, second, third].map(|part| Zeroizing::new(base64url::encode(part))))
    }
}

macro_rules! kept_tokens {
    ($($name:ident),+) => {
        $(impl $name {
            /// Takes a token that was kept from an earlier login, in storage for instance.
            ///
            /// # Errors
            /// `misuse_token` for what no header or form could carry.
            pub fn parse(text: &str) -> Result<Self, ApiMisuse> {
                if is_token(text) { Ok(Self::new(text)) } else { Err(ApiMisuse::Token) }
            }
        })+
    };
}

kept_tokens!(AccessToken, RefreshToken, RawIdToken);

impl RawIdToken {
    /// Takes a token that somebody handed over, for it to be judged.
    ///
    /// # Errors
    /// `token_too_large`; `token_malformed` for characters that no token has.
    pub fn of_stranger(text: &str) -> Result<Self, TokenError> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLarge);
        }
        Self::parse(text).map_err(|_| TokenError::Malformed)
    }
}

/// Whether a text is a token that a header or a form can carry: visible ASCII, of a bearable
/// length.
pub(crate) fn is_token(text: &str) -> bool {
    (1..=MAX_TOKEN_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for Entropy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Entropy(..)")
    }
}
