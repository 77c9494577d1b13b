//! Our arithmetic beside that of `crypto-bigint`, and our verification beside that of `rsa`.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd, Resize as _};
use once_cell::race::OnceBox;
use proptest::collection::vec as bytes;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest,
};
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest as _, Sha256};

use super::montgomery::Modulus;
use super::{EXPONENT_BOUND, MIN_EXPONENT, PublicKey, bit_length, encoding};

/// Primes near powers of two, as the power and what is added to it.
///
/// Of a prime p modulus everybody can take the root: to the power of the inverse of the exponent
/// modulo p - 1. So signatures can be made of whatever encoding one likes, and this crate needs no
/// private key to test itself.
const PRIMES: [(usize, i16); 6] = [
    (2048, -1557), // 2048 bits, nearly all of them set
    (2048, 981),   // 2049 bits, nearly all of them zero; the encoding of PSS is a byte shorter
    (2055, -321),  // 2055 bits
    (3072, -47),
    (3584, 21), // 3585 bits, more than 128 limbs
    (4096, -2549),
];

/// How many of the primes roots are taken of, and how many cases a property is tried with. A root takes
/// the other implementation up to a second in WebAssembly.
const ROOTS: usize = if IS_SLOW { 1 } else { PRIMES.len() };
const CASES: u32 = if IS_SLOW { 20 } else { 400 };
const IS_SLOW: bool = cfg!(target_family = "wasm");

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn powers_are_those_of_another_implementation(
        modulus in modulus(),
        base in number(512),
        exponent in prop_oneof![Just(MIN_EXPONENT), exponent()],
    ) {
        let mut base = base;
        base.resize(modulus.len(), 0x5a);
        // Below the modulus, whose first byte is not zero; but near it in every other way.
        base[0] = 0;
        prop_assert_eq!(power(&modulus, &base, exponent), expected(&modulus, &base, exponent));
    }

    #[test]
    fn powers_of_what_is_next_to_the_modulus_are_right(modulus in modulus(), less in 1..=4_u8) {
        // -1, -2, -3 and -4.
        let base = plus(&modulus, -i16::from(less));
        let exponent = MIN_EXPONENT;
        prop_assert_eq!(power(&modulus, &base, exponent), expected(&modulus, &base, exponent));
    }

    #[test]
    fn verification_gives_what_another_implementation_gives(
        prime in 0..ROOTS,
        is_pss in any::<bool>(),
        place in any::<usize>(),
        change in any::<u8>(),
        message in bytes(any::<u8>(), 0..80),
    ) {
        let modulus = prime_of(PRIMES[prime]);
        let mut encoded = encode(is_pss, &modulus, &message, &[7; 32]);
        let place = place % encoded.len();
        encoded[place] ^= change;
        if encoded < modulus {
            // A changed salt is as good as another, and is to be told by the hash.
            check_beside_rsa(&modulus, &message, &root(&modulus, &encoded), change == 0)?;
        }
    }
}

#[test]
fn powers_at_the_edges_are_right() {
    for bits in [2048, 2049, 2070, 2071, 2072, 2073, 3072, 4095, 4096] {
        let ones = vec![0xff; bits / 8 + 1];
        for mut modulus in [
            of_length(bits, &ones),
            of_length(bits, &vec![0; bits / 8 + 1]),
        ] {
            let last = modulus.len() - 1;
            modulus[last] |= 1;
            for base in [
                plus(&vec![0; modulus.len()], 0),
                plus(&vec![0; modulus.len()], 1),
                plus(&vec![0; modulus.len()], 2),
                plus(&modulus, -1),
                plus(&modulus, -2),
            ] {
                for exponent in [65_537, 65_539, 0x1_ffff, (1 << 32) + 1, EXPONENT_BOUND - 1] {
                    assert_eq!(
                        power(&modulus, &base, exponent),
                        expected(&modulus, &base, exponent),
                        "{bits} bits to the power of {exponent}"
                    );
                }
            }
        }
    }
}

#[test]
fn encodings_are_told_apart_as_another_implementation_tells_them() {
    for prime in PRIMES.into_iter().take(ROOTS) {
        let modulus = prime_of(prime);
        let message = b"signed";
        let right = [
            encode(false, &modulus, message, &[]),
            encode(true, &modulus, message, &[0; 32]),
            encode(true, &modulus, message, &[0xff; 32]),
        ];
        for encoded in &right {
            let signature = root(&modulus, encoded);
            check_beside_rsa(&modulus, message, &signature, true).expect("is accepted");
            check_beside_rsa(&modulus, b"other", &signature, false).expect("is refused");
        }
        for encoded in wrong_encodings(&modulus, message) {
            let signature = root(&modulus, &encoded);
            check_beside_rsa(&modulus, message, &signature, false).expect("is refused");
        }
    }
}

#[test]
fn numbers_that_are_no_signatures_are_refused() {
    for prime in PRIMES {
        let modulus = prime_of(prime);
        let zero = vec![0; modulus.len()];
        for number in [
            plus(&zero, 0),
            plus(&zero, 1),
            plus(&modulus, -1),
            modulus.clone(),
            plus(&modulus, 1),
        ] {
            check_beside_rsa(&modulus, b"signed", &number, false).expect("is refused");
        }
        // A good signature and the modulus on top is the same number to who does not look.
        let signature = root(&modulus, &encode(false, &modulus, b"signed", &[]));
        let sum = BoxedUint::from_be_slice_vartime(&signature)
            .concatenating_add(BoxedUint::from_be_slice_vartime(&modulus));
        let sum = sum.to_be_bytes_trimmed_vartime();
        check_beside_rsa(&modulus, b"signed", &sum, false).expect("is refused");
        // And so are leading zeros.
        let longer = [&[0], signature.as_slice()].concat();
        check_beside_rsa(&modulus, b"signed", &longer, false).expect("is refused");
    }
}

/// Asks both implementations, for both encodings; `is_good` by exactly one of these or by none.
fn check_beside_rsa(
    modulus: &[u8],
    message: &[u8],
    signature: &[u8],
    is_good: bool,
) -> Result<(), proptest::test_runner::TestCaseError> {
    let ours = PublicKey {
        modulus: modulus.into(),
        exponent: MIN_EXPONENT,
        prepared: OnceBox::new(),
    };
    let other = RsaPublicKey::new(
        rsa::BoxedUint::from_be_slice_vartime(modulus),
        rsa::BoxedUint::from(MIN_EXPONENT),
    )
    .expect("the key is large enough");
    let hash = Sha256::digest(message);
    let could_have = ours.could_have_made(signature);
    let pkcs1 = could_have && ours.has_signed_pkcs1(message, signature);
    let pss = could_have && ours.has_signed_pss(message, signature);
    let pkcs1_scheme = Pkcs1v15Sign::new::<Sha256>();
    prop_assert_eq!(pkcs1, other.verify(pkcs1_scheme, &hash, signature).is_ok());
    prop_assert_eq!(
        pss,
        other.verify(Pss::<Sha256>::new(), &hash, signature).is_ok()
    );
    prop_assert_eq!(pkcs1 != pss, is_good);
    Ok(())
}

/// Encodings that come near to being right.
fn wrong_encodings(modulus: &[u8], message: &[u8]) -> Vec<Vec<u8>> {
    let length = modulus.len();
    let pkcs1 = encode(false, modulus, message, &[]);
    let hash_at = length - 32;
    let mut wrong = Vec::new();

    // Every byte of the structure and the edges of the padding; bits at both of its ends.
    for place in [0, 1, 2, 3, hash_at - 21, hash_at - 20, hash_at, length - 1] {
        for bit in [0x01, 0x80] {
            let mut changed = pkcs1.clone();
            changed[place] ^= bit;
            wrong.push(changed);
        }
    }
    for place in hash_at - 19..hash_at {
        let mut changed = pkcs1.clone();
        changed[place] ^= 0x01;
        wrong.push(changed);
    }
    // Without the parameter NULL, which some libraries take for the same.
    let info = [
        &[0x30, 0x2f, 0x30, 0x0b][..],
        &pkcs1[hash_at - 15..hash_at - 4],
        &[0x04, 0x20],
        &pkcs1[hash_at..],
    ]
    .concat();
    let padding = vec![0xff; length - info.len() - 3];
    wrong.push([&[0, 1], padding.as_slice(), &[0], &info].concat());
    // After Bleichenbacher: little padding, and whatever one likes behind the hash.
    let mut short = [&[0, 1], &[0xff; 8][..], &pkcs1[hash_at - 20..]].concat();
    short.resize(length, 0);
    wrong.push(short);
    // The block type of encryption, and no structure around the hash.
    let padding = vec![0xff; hash_at - 3];
    wrong.push([&[0, 2], &pkcs1[2..]].concat());
    wrong.push([&[0, 1], padding.as_slice(), &[0], &pkcs1[hash_at..]].concat());

    for salt_length in [0, 1, 20, 31, 33, 64] {
        wrong.push(encode(true, modulus, message, &vec![3; salt_length]));
    }
    let pss = encode(true, modulus, message, &[3; 32]);
    for place in 0..length {
        // The whole would take long, and the places in between are all alike.
        if place < 4 || place % 16 == 0 || place >= hash_at - 34 {
            let mut changed = pss.clone();
            changed[place] ^= if place == 0 { 0x80 } else { 0x01 };
            wrong.push(changed);
        }
    }
    wrong.retain(|encoded| encoded.as_slice() < modulus);
    wrong
}

/// The encoding of a signature, as long as the modulus.
fn encode(is_pss: bool, modulus: &[u8], message: &[u8], salt: &[u8]) -> Vec<u8> {
    if !is_pss {
        return encoding::pkcs1(message, modulus.len());
    }
    // RFC 8017 §9.1.1.
    let bits = bit_length(modulus) - 1;
    let length = bits.div_ceil(8);
    let message_hash = Sha256::digest(message);
    let hash = Sha256::digest([&[0; 8], message_hash.as_slice(), salt].concat());
    let mut block = vec![0; length - 34 - salt.len()];
    block.push(1);
    block.extend(salt);
    for (counter, part) in block.chunks_mut(32).enumerate() {
        let counter = u32::try_from(counter).expect("few");
        let mask = Sha256::digest([hash.as_slice(), &counter.to_be_bytes()].concat());
        part.iter_mut()
            .zip(mask)
            .for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0xff >> (length * 8 - bits);
    let zeros = vec![0; modulus.len() - length];
    [zeros.as_slice(), &block, &hash, &[0xbc]].concat()
}

/// The number whose 65537th power modulo the prime is the given one.
fn root(prime: &[u8], number: &[u8]) -> Vec<u8> {
    let order = BoxedUint::from_be_slice_vartime(&plus(prime, -1));
    let exponent = BoxedUint::from(MIN_EXPONENT);
    let inverse = exponent
        .resize(order.bits_precision())
        .invert_mod(&order.to_nz().expect("is not zero"))
        .expect("the exponent is coprime to it");
    power_by_other(prime, number, &inverse)
}

fn power(modulus: &[u8], base: &[u8], exponent: u64) -> Vec<u8> {
    Modulus::new(modulus).power(base, exponent)
}

fn expected(modulus: &[u8], base: &[u8], exponent: u64) -> Vec<u8> {
    power_by_other(modulus, base, &BoxedUint::from(exponent))
}

fn power_by_other(modulus: &[u8], base: &[u8], exponent: &BoxedUint) -> Vec<u8> {
    let number = BoxedUint::from_be_slice_vartime;
    let odd = Odd::new(number(modulus)).expect("the modulus is odd");
    let precision = odd.bits_precision();
    let base = number(base).resize(precision);
    let parameters = BoxedMontyParams::new(odd);
    let power = BoxedMontyForm::new(base, &parameters)
        .pow(exponent)
        .retrieve();
    let power: Box<[u8]> = power.to_be_bytes();
    let (_, power) = power.split_at(power.len() - modulus.len());
    power.to_vec()
}

fn prime_of((power, difference): (usize, i16)) -> Vec<u8> {
    let mut number = vec![0; power / 8 + 1];
    number[0] = 1 << (power % 8);
    let number = plus(&number, difference);
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number[zeros..].to_vec()
}

/// The number and a small one, in as many bytes.
fn plus(number: &[u8], small: i16) -> Vec<u8> {
    let mut sum = number.to_vec();
    let mut carry = i32::from(small);
    for byte in sum.iter_mut().rev() {
        carry += i32::from(*byte);
        *byte = (carry & 0xff) as u8;
        carry >>= 8;
    }
    sum
}

/// An odd number of 2048 to 4096 bits.
fn modulus() -> impl Strategy<Value = Vec<u8>> {
    (2048..=4096_usize, number(513)).prop_map(|(bits, bytes)| {
        let mut modulus = of_length(bits, &bytes);
        let last = modulus.len() - 1;
        modulus[last] |= 1;
        modulus
    })
}

/// Bytes in runs of ones, of zeros and of anything: where carries go wrong.
fn number(length: usize) -> impl Strategy<Value = Vec<u8>> {
    let run = (
        1..90_usize,
        prop_oneof![Just(None), any::<u8>().prop_map(Some)],
    );
    (bytes(any::<u8>(), length), bytes(run, 1..40)).prop_map(move |(mut number, runs)| {
        let mut start = 0;
        for (run, value) in runs {
            let end = (start + run).min(length);
            if let Some(value) = value {
                let value = if value & 1 == 0 { 0 } else { 0xff };
                number[start..end].fill(value);
            }
            start = end;
        }
        number
    })
}

fn exponent() -> impl Strategy<Value = u64> {
    (MIN_EXPONENT..EXPONENT_BOUND).prop_map(|exponent| exponent | 1)
}

/// The beginning of the bytes as a number of so many bits, the highest of which is set.
fn of_length(bits: usize, bytes: &[u8]) -> Vec<u8> {
    let mut number = bytes[..bits.div_ceil(8)].to_vec();
    let highest = 1 << ((bits - 1) % 8);
    number[0] = number[0] & (highest - 1) | highest;
    number
}
