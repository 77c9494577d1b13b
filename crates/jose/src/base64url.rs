//! Base64url exactly as JOSE writes it: the URL-safe alphabet and nothing else (RFC 7515 §2).
//!
//! There is one spelling of every byte string. Padding, whitespace, the `+` and `/` of ordinary
//! base64, and set bits behind the last byte are all refused, because a second spelling would let
//! one token have several texts.

use alloc::string::String;
use alloc::vec::Vec;

/// Encodes bytes as unpadded base64url.
///
/// ```
/// assert_eq!(portvakt_jose::base64url::encode([0xfb, 0xff]), "-_8");
/// ```
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(symbol((bits >> (18 - 6 * place)) as u8 & 0x3f));
        }
    }
    text
}

/// Decodes unpadded base64url, strictly.
///
/// ```
/// use portvakt_jose::base64url::{NotBase64Url, decode};
///
/// assert_eq!(decode("-_8"), Ok(vec![0xfb, 0xff]));
/// assert_eq!(decode("-_8="), Err(NotBase64Url));
/// assert_eq!(decode("-_9"), Err(NotBase64Url)); // one byte string has one spelling
/// ```
///
/// # Errors
///
/// [`NotBase64Url`] for every text that [`encode`] does not produce.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, NotBase64Url> {
    decode_with(text.as_ref(), [b'-', b'_'])
}

/// Decodes ordinary base64 with its padding, just as strictly.
pub(crate) fn decode_padded_base64(text: &str) -> Result<Vec<u8>, NotBase64Url> {
    let symbols = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - symbols.len() > 2 {
        return Err(NotBase64Url);
    }
    decode_with(symbols.as_bytes(), [b'+', b'/'])
}

fn decode_with(text: &[u8], last_symbols: [u8; 2]) -> Result<Vec<u8>, NotBase64Url> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.chunks(4) {
        let mut bits = 0;
        for symbol in group {
            bits = bits << 6 | u32::from(value(*symbol, last_symbols).ok_or(NotBase64Url)?);
        }
        // Of four symbols none are left over, of three two, of two four; one makes no byte.
        let left_over = group.len() * 6 % 8;
        if left_over == 6 || bits & ((1 << left_over) - 1) != 0 {
            return Err(NotBase64Url);
        }
        let whole = (bits << (32 - group.len() * 6)).to_be_bytes();
        bytes.extend(whole.iter().take(group.len() * 6 / 8));
    }
    Ok(bytes)
}

const fn symbol(value: u8) -> char {
    let symbol = match value {
        0..26 => b'A' + value,
        26..52 => b'a' + (value - 26),
        52..62 => b'0' + (value - 52),
        62 => b'-',
        _ => b'_',
    };
    symbol as char
}

const fn value(symbol: u8, last_symbols: [u8; 2]) -> Option<u8> {
    let [second_to_last, last] = last_symbols;
    Some(match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        _ if symbol == second_to_last => 62,
        _ if symbol == last => 63,
        _ => return None,
    })
}

/// The text is not unpadded base64url. It says nothing of the text, which may be secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotBase64Url;

impl core::fmt::Display for NotBase64Url {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("The text is not unpadded base64url.")
    }
}

impl core::error::Error for NotBase64Url {}

#[cfg(test)]
mod tests {
    use super::{NotBase64Url, decode, decode_padded_base64, encode};
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn rfc_7515_appendix_c_is_reproduced() {
        let bytes = [3, 236, 255, 224, 193];
        assert_eq!(encode(bytes), "A-z_4ME");
        assert_eq!(decode("A-z_4ME").as_deref(), Ok(bytes.as_slice()));
    }

    #[test]
    fn other_spellings_are_refused() {
        let refused = [
            ("AA==", "padding"),
            ("AA=", "half padding"),
            ("A", "a length that no byte string has"),
            ("AAAAA", "a length that no byte string has"),
            ("AB", "spare bits set"),
            ("AAB", "spare bits set"),
            ("+/8", "the ordinary alphabet"),
            ("AA\n", "a trailing newline"),
            (" AAA", "leading space"),
            ("AA A", "inner space"),
            ("AA.A", "a full stop"),
            ("AÅA", "a letter outside ASCII"),
            ("AA\0A", "a null byte"),
        ];
        for (text, why) in refused {
            assert_eq!(decode(text), Err(NotBase64Url), "{why}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(bytes in any::<alloc::vec::Vec<u8>>()) {
            prop_assert_eq!(decode(encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn what_decodes_has_one_spelling(text in any::<alloc::vec::Vec<u8>>()) {
            if let Ok(bytes) = decode(&text) {
                let spelling = encode(bytes);
                prop_assert_eq!(spelling.as_bytes(), text.as_slice());
            }
        }

        #[test]
        fn texts_of_the_alphabet_have_one_spelling(text in "[A-Za-z0-9_-]{0,12}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(bytes), text);
            }
        }

        #[test]
        fn both_alphabets_are_read_as_another_implementation_reads_them(
            text in "[A-Da-d0-3+/_=-]{0,9}",
            bytes in any::<alloc::vec::Vec<u8>>(),
        ) {
            prop_assert_eq!(encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes));
            prop_assert_eq!(decode_padded_base64(&STANDARD.encode(&bytes)), Ok(bytes));
            prop_assert_eq!(decode(&text).ok(), URL_SAFE_NO_PAD.decode(&text).ok());
            prop_assert_eq!(decode_padded_base64(&text).ok(), STANDARD.decode(&text).ok());
        }
    }
}
