//! Base64url exactly as JOSE writes it: the URL-safe alphabet and nothing else (RFC 7515 §2).
//!
//! There is one spelling of every byte string. Padding, whitespace, the `+` and `/` of ordinary
//! base64, and set bits behind the last byte are all refused, because a second spelling would let
//! one token have several texts.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Encodes bytes as unpadded base64url.
///
/// ```
/// assert_eq!(portvakt_jose::base64url::encode([0xfb, 0xff]), "-_8");
/// ```
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
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
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBase64Url)
}

/// Decodes ordinary base64 with its padding, just as strictly.
pub(crate) fn decode_padded_base64(text: &str) -> Result<Vec<u8>, NotBase64Url> {
    STANDARD.decode(text).map_err(|_| NotBase64Url)
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
    }

    #[test]
    fn padded_base64_has_one_spelling_too() {
        assert_eq!(
            decode_padded_base64("+/8=").as_deref(),
            Ok([0xfb, 0xff].as_slice())
        );
        for text in ["+/8", "+/9=", "-_8=", "+/8==", "=", "+/8=\n"] {
            assert_eq!(decode_padded_base64(text), Err(NotBase64Url), "{text}");
        }
    }
}
