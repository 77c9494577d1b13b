//! BLAKE2b-256 (RFC 7693), by which tokens that were seen are found again.
//!
//! It is made of additions, turns and exclusive ors of 64 bits, each of which is one instruction of WebAssembly, and
//! takes less than half of the time of SHA-256 or SHA-512 there. No signature is checked with it.

/// The length of a digest in bytes.
const LENGTH: usize = 32;

/// The words of a block.
const WORDS: usize = 16;

/// The bytes of a block.
const BLOCK: usize = 128;

/// The digest of some bytes.
pub(super) fn digest(mut bytes: &[u8]) -> [u8; LENGTH] {
    let mut state = IV;
    // The parameters: the length, no key, and that there is no tree.
    state[0] ^= 0x0101_0000 ^ LENGTH as u64;
    let mut taken = 0;
    // The last block, which may be full, is told apart from the others.
    while let Some((block, rest)) = bytes.split_first_chunk::<BLOCK>()
        && !rest.is_empty()
    {
        taken += BLOCK as u64;
        compress(&mut state, block, taken, false);
        bytes = rest;
    }
    let mut last = [0; BLOCK];
    for (place, byte) in last.iter_mut().zip(bytes) {
        *place = *byte;
    }
    compress(&mut state, &last, taken + bytes.len() as u64, true);

    let mut digest = [0; LENGTH];
    for (place, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *place = word.to_le_bytes();
    }
    digest
}

/// Mixes a block in, with the number of bytes up to its end: RFC 7693 §3.2.
fn compress(state: &mut [u64; 8], block: &[u8; BLOCK], taken: u64, is_last: bool) {
    let mut words = [0; WORDS];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    let [h0, h1, h2, h3, h4, h5, h6, h7] = *state;
    let [i0, i1, i2, i3, i4, i5, i6, i7] = IV;
    let i4 = i4 ^ taken;
    let i6 = if is_last { !i6 } else { i6 };
    let mut v = [
        h0, h1, h2, h3, h4, h5, h6, h7, i0, i1, i2, i3, i4, i5, i6, i7,
    ];
    // The places in `v` are written out, so that it is in registers.
    macro_rules! mix {
        ($a:literal, $b:literal, $c:literal, $d:literal, $x:expr, $y:expr) => {
            v[$a] = v[$a].wrapping_add(v[$b]).wrapping_add($x);
            v[$d] = (v[$d] ^ v[$a]).rotate_right(32);
            v[$c] = v[$c].wrapping_add(v[$d]);
            v[$b] = (v[$b] ^ v[$c]).rotate_right(24);
            v[$a] = v[$a].wrapping_add(v[$b]).wrapping_add($y);
            v[$d] = (v[$d] ^ v[$a]).rotate_right(16);
            v[$c] = v[$c].wrapping_add(v[$d]);
            v[$b] = (v[$b] ^ v[$c]).rotate_right(63);
        };
    }
    for order in SIGMA.iter().chain(SIGMA.iter().take(2)) {
        let word = |place: usize| words[usize::from(order[place]) % WORDS];
        mix!(0, 4, 8, 12, word(0), word(1));
        mix!(1, 5, 9, 13, word(2), word(3));
        mix!(2, 6, 10, 14, word(4), word(5));
        mix!(3, 7, 11, 15, word(6), word(7));
        mix!(0, 5, 10, 15, word(8), word(9));
        mix!(1, 6, 11, 12, word(10), word(11));
        mix!(2, 7, 8, 13, word(12), word(13));
        mix!(3, 4, 9, 14, word(14), word(15));
    }
    let mixed = |place: usize| state[place] ^ v[place] ^ v[place + 8];
    *state = [
        mixed(0),
        mixed(1),
        mixed(2),
        mixed(3),
        mixed(4),
        mixed(5),
        mixed(6),
        mixed(7),
    ];
}

/// RFC 7693 §2.6.
const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// In which order each round takes the words: RFC 7693 §2.7. The first two follow the last once more.
static SIGMA: [[u8; WORDS]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

#[cfg(test)]
mod tests {
    use super::digest;
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// `bytes` of 0, 1, 2 and so on up to 250, and again.
    fn counted(length: usize) -> Vec<u8> {
        (0..=250).cycle().take(length).collect()
    }

    #[test]
    fn abc_is_that_of_another_implementation() {
        let expected = "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
        assert_eq!(hex(&digest(b"abc")), expected);
    }

    // Computed with Python's `hashlib.blake2b(…, digest_size=32)`.
    #[test]
    fn every_length_around_the_blocks_is_that_of_another_implementation() {
        let expected = [
            (
                0,
                "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
            ),
            (
                1,
                "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314",
            ),
            (
                3,
                "3d8c3d594928271f44aad7a04b177154806867bcf918e1549c0bc16f9da2b09b",
            ),
            (
                127,
                "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72",
            ),
            (
                128,
                "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1",
            ),
            (
                129,
                "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9",
            ),
            (
                255,
                "d9ef0fc521b4266d16df662bec231bc2ec3989e7adeaf63169c295dc239dbbea",
            ),
            (
                256,
                "582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24",
            ),
            (
                257,
                "227e15ed64ee8e93eb7bc53828f76eed974f2c4ab1408c3d08f212b7f8d69904",
            ),
            (
                1000,
                "b372d0608f720c8c3dd41e9c8eecb10143b41abe520b616607e754bf79c08331",
            ),
            (
                1418,
                "9654f597a805c16da47f2c61848c641127ace8df2b3888213d43cbeb5a0b92d9",
            ),
        ];
        for (length, expected) in expected {
            assert_eq!(hex(&digest(&counted(length))), expected, "{length}");
        }
        let all: Vec<u8> = (0..=1024)
            .flat_map(|length| digest(&counted(length)))
            .collect();
        let expected = "2a21f91283a09c2ece0b57af3ea8334825cf70576156bbe682fd63b5d7bb62c7";
        assert_eq!(hex(&digest(&all)), expected);
    }
}
