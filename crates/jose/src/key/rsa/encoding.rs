//! What a signed hash looks like inside of an RSA signature (RFC 8017 §9).

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

/// The length of a SHA-256 hash, and of the salt (RFC 7518 §3.5).
const HASH_LENGTH: usize = 32;

/// `DigestInfo` in DER up to the hash, for SHA-256 (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// EMSA-PKCS1-v1_5 of the message, in the given length.
///
/// There is one encoding of each message, and so nothing is read from the signature's: this is
/// built and compared. Reading it is how signatures were forged (CVE-2006-4339 and its many kin).
pub(super) fn pkcs1(message: &[u8], length: usize) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(length);
    encoded.extend([0x00, 0x01]);
    // The key policy sees to it that there are many more of these than the eight prescribed.
    encoded.resize(
        length.saturating_sub(1 + DIGEST_INFO.len() + HASH_LENGTH),
        0xff,
    );
    encoded.push(0x00);
    encoded.extend(DIGEST_INFO);
    encoded.extend(Sha256::digest(message));
    encoded
}

/// Whether this is EMSA-PSS of the message, with MGF1 and a salt of 32 bytes.
///
/// `encoded` is as long as the modulus, whose length in bits decides how many of its first bits
/// are to be zero: from one to eight.
pub(super) fn is_pss(encoded: &[u8], modulus_bits: usize, message: &[u8]) -> bool {
    read_pss(encoded, modulus_bits).is_some_and(|Pss { salt, hash }| {
        hash == hash_of([&[0; 8], &Sha256::digest(message), &salt])
    })
}

struct Pss {
    salt: [u8; HASH_LENGTH],
    hash: [u8; HASH_LENGTH],
}

/// Takes the encoding apart (RFC 8017 §9.1.2, steps 4 to 11).
fn read_pss(encoded: &[u8], modulus_bits: usize) -> Option<Pss> {
    let zero_bits = (encoded.len() * 8).checked_sub(modulus_bits - 1)?;
    let (encoded, zero_bits) = match encoded.split_first() {
        Some((0, rest)) if zero_bits == 8 => (rest, 0),
        Some(_) if zero_bits < 8 => (encoded, zero_bits),
        _ => return None,
    };
    let may_be_set = 0xff_u8 >> zero_bits;

    let encoded = encoded.strip_suffix(&[0xbc])?;
    let (block, hash) = encoded.split_last_chunk::<HASH_LENGTH>()?;
    if block.first()? & !may_be_set != 0 {
        return None;
    }
    let mut block = block.to_vec();
    unmask(&mut block, hash);
    *block.first_mut()? &= may_be_set;

    let (padding, salt) = block.split_last_chunk::<HASH_LENGTH>()?;
    let zeros = padding.strip_suffix(&[0x01])?;
    zeros.iter().all(|byte| *byte == 0).then_some(Pss {
        salt: *salt,
        hash: *hash,
    })
}

/// Takes the mask of MGF1 with SHA-256 off the block (RFC 8017 §B.2.1).
fn unmask(block: &mut [u8], seed: &[u8; HASH_LENGTH]) {
    for (counter, part) in (0_u32..).zip(block.chunks_mut(HASH_LENGTH)) {
        let mask = hash_of([seed, &counter.to_be_bytes(), &[]]);
        for (byte, mask) in part.iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }
}

fn hash_of(parts: [&[u8]; 3]) -> [u8; HASH_LENGTH] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}
