//! Verifies compact JWS and JWT against a set of public keys. It cannot sign.
//!
//! A token is believed for one reason only: a key of a set that the application trusts has signed
//! it, with an algorithm that the application allows. Everything in this crate serves that
//! sentence. The token itself chooses nothing but which of the trusted keys is tried.
//!
//! ```
//! use portvakt_jose::{Algorithm, Error, Jwks, JwsPolicy, TypRule, UnixTime, verify};
//!
//! let jwks = Jwks::parse(
//!     br#"{"keys":[{
//!         "kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"ed25519",
//!         "x":"VaWWDt32KCp8UZS-RG0I8V2dDi3UPHKSPyV_eBjEFi0"
//!     }]}"#,
//! )?;
//! let token = concat!(
//!     "eyJhbGciOiJFZERTQSIsImtpZCI6ImVkMjU1MTkifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtc",
//!     "GxlIiwic3ViIjoia2FyaSIsImF1ZCI6ImNsaWVudCIsImlhdCI6MTc5MDAwMDAwMCwibmJmIjoxNzkwM",
//!     "DAwMDAwLCJleHAiOjE3OTAwMDAxMjAsIm5hbWUiOiJLw6VyaSBOb3JkbWFubiJ9.TpisLl4_Oa2QHceu",
//!     "uu107BPdCKbidNmnCYRWHnZ0NQgdoio9PFAzdfXtKvD8qJ2zVrH9i_HHKNohxOKxrLghCQ",
//! );
//! let policy = JwsPolicy::new(&[Algorithm::EdDsa], TypRule::AbsentOr("JWT"));
//!
//! let jwt = verify(token, &jwks, &policy)?;
//!
//! let checks = jwt.checks(UnixTime::new(1_790_000_001), 10);
//! checks.issuer("https://issuer.example")?;
//! checks.audience("client", &[])?;
//! checks.expiry()?;
//! assert_eq!(checks.subject()?, "kari");
//!
//! let next_day = jwt.checks(UnixTime::new(1_790_086_400), 10);
//! assert_eq!(next_day.expiry(), Err(Error::Expired));
//! # Ok::<(), Error>(())
//! ```
//!
//! # How a verification goes
//!
//! [`verify`] takes these steps, each of which trusts the token a little more than the one before,
//! and is over at the first that fails:
//!
//! 1. **Form.** The size is compared with a limit. There are three parts of base64url characters.
//! 2. **Header.** It is one strict JSON object. What is not supported (`crit`, `b64`, `zip`, `enc`)
//!    is refused; `alg` is in the list of the policy; `typ` is what the policy expects. Keys and
//!    addresses of keys that a header carries (`jwk`, `jku`, `x5c`, `x5u`) are neither used nor
//!    fetched; they may be there, as Digdir's tokens have a certificate.
//! 3. **Key.** One key is chosen by `kid` and `alg`, or none. There is no trying in turn.
//! 4. **Signature.** One question, of the signing input, the signature and the key: yes or no.
//! 5. **Claims.** Only now the payload is decoded and read, as one strict JSON object.
//!
//! The result is a [`VerifiedJwt`], which nothing but a verification makes: a function that takes
//! one need not ask where it came from. What the claims say is not judged yet; that is done with
//! [`VerifiedJwt::checks`], one method for each registered claim, in the order that the protocol at
//! hand prescribes. [`verify_jws`] stops before the claims, for payloads that are something else.
//!
//! The fourth step can be taken by somebody else, as in a browser, whose WebCrypto has the same
//! arithmetic built in: [`UnverifiedJws`] ends with a [`SignatureQuestion`] and goes on with its
//! [`SignatureAnswer`].
//!
//! # When the key is not known
//!
//! [`Error::UnknownKey`] is the one error that may not be the token's fault: the issuer may have
//! begun to sign with a new key. A caller that holds a set from earlier fetches it anew, once, and
//! verifies again. How often that may happen is the caller's to limit.
//!
//! # Keys
//!
//! A [`Jwks`] holds only keys that meet this policy; the others are ignored, as RFC 7517 §5 has it,
//! and [`Jwks::ignored`] says which and why:
//!
//! | kind | rule |
//! |---|---|
//! | RSA | 2048 to 4096 bits, no leading zeros, no small factor, not of CVE-2017-15361 |
//! | | exponent odd, from 65537 to 2³³ − 1 |
//! | P-256 | coordinates of 32 bytes, below the prime |
//! | Ed25519 | 32 bytes, encoded canonically, not of small order |
//! | all | `use`, `key_ops` (each once) and `alg` are honoured; no private part, no symmetric key |
//!
//! A set is read without arithmetic. That a key is not a point of its curve is found when it is first
//! used ([`Error::SignatureInvalid`], as not every WebCrypto would tell the two apart), and what was computed of it then is kept for all who use the
//! set or a clone of it.
//!
//! # One answer everywhere
//!
//! Implementations of the same algorithm differ at its edges, and a token must not be good in one
//! runtime and bad in another. So what can be told from bytes is decided here, before anybody is
//! asked ([`UnverifiedJws::question`]), and where they differ the answer is no:
//!
//! | algorithm | never asked about |
//! |---|---|
//! | RS256, PS256 | a signature that is not as long as the modulus, or not below it |
//! | ES256 | one that is not 64 bytes; an R or S that is zero, or not below the order of the curve |
//! | EdDSA | one that is not 64 bytes; an S that is not below the order of the base point; |
//! | | an R that is not canonical, or of small order |
//!
//! What remains is the textbook's. The padding of RS256 is one text, with the `NULL` that some
//! leave out; the salt of PS256 has 32 bytes, no more, no less; Ed25519 is verified without the
//! cofactor. A WebCrypto that verifies it with the cofactor says yes to a few signatures more:
//! those that the holder of the key himself made so, with a key that he made so. They prove no less
//! to whoever accepts them.
//!
//! # What is refused that others accept
//!
//! - JSON with a member twice, in the header, in the claims or in a set of keys: of two readers one
//!   may see the first, the other the last. See [`json`].
//! - base64url with padding, with whitespace, or with bits set behind the last byte. See
//!   [`base64url`].
//! - A claim of the wrong type, where it is optional too: `"nbf": "0"` is an error, not an absence.
//! - A date that is no date: negative, beyond the year 9999 (milliseconds), or infinite.
//! - A token for several audiences, unless all are trusted.
//!
//! # Limits
//!
//! [`MAX_TOKEN_BYTES`], [`MAX_HEADER_BYTES`], [`MAX_JWKS_BYTES`], [`MAX_KEYS`] and
//! [`json::MAX_DEPTH`] bound the work that anybody can cause; each has its reason beside it. They
//! are checked before the work, which then takes time in about proportion to the input's length.
//!
//! # What it is not
//!
//! It does not sign, encrypt, decrypt or verify MACs, it reads no other serialization than the
//! compact one, it fetches nothing and reads no clock. It is `no_std` with `alloc` and has no
//! `unsafe` code. Scalars of P-256 and all of Ed25519 are those of the crates `p256`,
//! `curve25519-dalek` and `ed25519-dalek`. Powers modulo an RSA key, the points of P-256, and the
//! tables by which points are multiplied are its own, of some two hundred lines each, held against
//! the crates `rsa`, `crypto-bigint`, `p256` and `ed25519-dalek` and every vector that is published;
//! not all of it has been audited. What is verified is public, so its timing tells nobody anything.
//!
//! # Errors
//!
//! [`Error`] carries nothing from outside, and `Debug` of every type here prints shapes and never
//! contents: no token, claim or person can reach a log this way.

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

mod algorithm;
pub mod base64url;
mod claims;
mod compact;
mod error;
mod error_table;
mod header;
pub mod json;
mod jwks;
mod key;
mod signature;
mod time;
mod verify;

pub use self::algorithm::Algorithm;
pub use self::claims::ClaimChecks;
pub use self::compact::MAX_TOKEN_BYTES;
pub use self::error::Error;
pub use self::error_table::TableRow;
pub use self::header::{Header, MAX_HEADER_BYTES, TypRule};
pub use self::jwks::{IgnoredKey, Jwk, Jwks, MAX_JWKS_BYTES, MAX_KEYS};
pub use self::key::KeyFault;
pub use self::signature::{SignatureAnswer, SignatureQuestion, UnverifiedJws};
pub use self::time::UnixTime;
pub use self::verify::{JwsPolicy, VerifiedJws, VerifiedJwt, verify, verify_jws};
