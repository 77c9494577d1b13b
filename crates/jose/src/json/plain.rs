//! What stands for itself in a text of JSON.

/// How many bytes stand for themselves in a text of JSON: until a quotation mark, a backslash or a control character.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    length(bytes, |_| 0)
}

/// The same in a text that is to be ASCII: until any other character too.
pub(super) fn plain_ascii_length(bytes: &[u8]) -> usize {
    length(bytes, |eight| eight)
}

/// Asks eight bytes at a time whether any of them ends what is plain: the highest bit of a byte says so. `more` may say it
/// of further ones.
#[inline(always)]
fn length(bytes: &[u8], more: impl Fn(u64) -> u64) -> usize {
    // A borrow may say it of bytes behind the first one, which is all that counts.
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let is_less = |bytes: u64, than: u8| bytes.wrapping_sub(ONES * u64::from(than)) & !bytes;
    let is = |bytes: u64, byte: u8| is_less(bytes ^ (ONES * u64::from(byte)), 1);
    let ends = |eight: u64| {
        let ends = is_less(eight, b' ') | is(eight, b'"') | is(eight, b'\\') | more(eight);
        ends & HIGHEST
    };
    let (eights, rest) = bytes.as_chunks::<8>();
    for (eight, place) in eights.iter().zip((0..).step_by(8)) {
        let found = ends(u64::from_le_bytes(*eight));
        if found != 0 {
            return place + found.trailing_zeros() as usize / 8;
        }
    }
    let plain = rest
        .iter()
        .position(|byte| ends(u64::from(*byte)) & 0xff != 0);
    bytes.len() - rest.len() + plain.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{plain_ascii_length, plain_length};
    use alloc::vec::Vec;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn every_byte_ends_what_is_plain_or_does_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_plain = byte >= 0x20 && byte != b'"' && byte != b'\\';
            for place in 0..20 {
                let mut bytes = [b'a'; 20];
                bytes[place] = byte;
                let expected = |is_plain| if is_plain { 20 } else { place };
                assert_eq!(
                    plain_length(&bytes),
                    expected(is_plain),
                    "{byte} at {place}"
                );
                let is_plain = is_plain && byte.is_ascii();
                assert_eq!(
                    plain_ascii_length(&bytes),
                    expected(is_plain),
                    "{byte} at {place}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_ends_as_if_it_were_read_byte_by_byte(bytes in any::<Vec<u8>>()) {
            let is_end = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
            let expected = bytes.iter().position(is_end).unwrap_or(bytes.len());
            prop_assert_eq!(plain_length(&bytes), expected);
            let is_end = |byte: &u8| is_end(byte) || !byte.is_ascii();
            let expected = bytes.iter().position(is_end).unwrap_or(bytes.len());
            prop_assert_eq!(plain_ascii_length(&bytes), expected);
        }
    }
}
