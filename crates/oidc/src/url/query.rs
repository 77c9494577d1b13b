use alloc::string::String;
use alloc::vec::Vec;

use crate::error::CallbackError;

/// The longest query string that is read, in bytes: eight times what a provider's answer needs.
pub const MAX_QUERY_BYTES: usize = 16 * 1024;

/// The most parameters of a query string that are read. A provider's answer has four or five.
pub const MAX_QUERY_PARAMETERS: usize = 64;

/// Encodes pairs as `application/x-www-form-urlencoded`, for a query or a body.
///
/// Everything but the unreserved characters of RFC 3986 §2.3 is percent-encoded, a space as `%20`:
/// both a form decoder and a URI decoder read that back as the same text.
pub fn form_encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut encoded = String::new();
    for (name, value) in pairs {
        if !encoded.is_empty() {
            encoded.push('&');
        }
        percent_encode(name, &mut encoded);
        encoded.push('=');
        percent_encode(value, &mut encoded);
    }
    encoded
}

/// Decodes a query string, without its `?`, exactly once.
///
/// Pairs come back in order, repeated names included: refusing those is for the caller, who knows
/// which names matter. A `+` is a space.
///
/// # Errors
/// `callback_too_long` above [`MAX_QUERY_BYTES`] or [`MAX_QUERY_PARAMETERS`]; `callback_malformed`
/// for anything but printable ASCII, an incomplete percent-encoding, or what does not decode to
/// UTF-8.
pub fn parse_query(query: &str) -> Result<Vec<(String, String)>, CallbackError> {
    if query.len() > MAX_QUERY_BYTES {
        return Err(CallbackError::TooLong);
    }
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if pairs.len() == MAX_QUERY_PARAMETERS {
            return Err(CallbackError::TooLong);
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((percent_decode(name)?, percent_decode(value)?));
    }
    Ok(pairs)
}

fn percent_encode(text: &str, encoded: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(HEX.get(usize::from(byte >> 4)));
            encoded.extend(HEX.get(usize::from(byte & 0x0f)));
        }
    }
}

fn percent_decode(text: &str) -> Result<String, CallbackError> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let high = hex_digit(bytes.next())?;
                let low = hex_digit(bytes.next())?;
                high << 4 | low
            }
            b'+' => b' ',
            0x21..=0x7e => byte,
            _ => return Err(CallbackError::Malformed),
        });
    }
    String::from_utf8(decoded).map_err(|_| CallbackError::Malformed)
}

fn hex_digit(byte: Option<u8>) -> Result<u8, CallbackError> {
    match byte {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(digit @ b'a'..=b'f') => Ok(digit - b'a' + 10),
        Some(digit @ b'A'..=b'F') => Ok(digit - b'A' + 10),
        _ => Err(CallbackError::Malformed),
    }
}
