//! The compact serialization: three base64url parts joined by full stops (RFC 7515 §7.1).

use crate::Error;

/// The largest token that is ever read, in bytes.
///
/// An ID token of Ansattporten that names a hundred organisations with resources and rights is
/// about 50 KiB; no server takes headers of this size. A policy may say less, not more.
pub const MAX_TOKEN_BYTES: usize = 128 * 1024;

/// A token cut into its parts, which are not decoded yet.
pub(crate) struct Compact<'t> {
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
    /// The header and the payload with the full stop between them.
    pub(crate) signing_input: &'t str,
}

impl<'t> Compact<'t> {
    pub(crate) fn split(token: &'t str, max_bytes: usize) -> Result<Self, Error> {
        if token.len() > max_bytes.min(MAX_TOKEN_BYTES) {
            return Err(Error::TooLarge);
        }
        let (header, rest) = token.split_once('.').ok_or(Error::Malformed)?;
        let (payload, signature) = rest.split_once('.').ok_or(Error::Malformed)?;
        match signature.split('.').count() {
            1 => {}
            // Five parts are a JWE (RFC 7516 §3.1, §9), unless it is no token at all.
            3 if token.bytes().all(is_written) => return Err(Error::Encrypted),
            _ => return Err(Error::Malformed),
        }
        let signing_input = token
            .get(..header.len() + ".".len() + payload.len())
            .ok_or(Error::Malformed)?;
        Ok(Self {
            header,
            payload,
            signature,
            signing_input,
        })
    }
}

/// Whether compact serializations are written with this character.
const fn is_written(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.')
}
