//! Moduli that can be factored by what is known of their residues.

use super::KeyFault;

/// The primes to 167; the odd ones are those of the published test for ROCA.
const SMALL_PRIMES: [u32; 39] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Refuses a modulus with a small factor, and one from the generator of CVE-2017-15361.
///
/// That generator, which was in many smart cards and TPMs, makes primes that are powers of 65537
/// modulo every small prime, and so is their product. Of other moduli one in 200 million is.
/// Source: Nemec et al., "The Return of Coppersmith's Attack", CCS 2017.
pub(super) fn check(modulus: &[u8]) -> Result<(), KeyFault> {
    let mut is_fingerprinted = true;
    for prime in SMALL_PRIMES {
        let residue = residue(modulus, prime);
        if residue == 0 {
            return Err(KeyFault::RsaModulus);
        }
        is_fingerprinted = is_fingerprinted && is_power_of_65537(residue, prime);
    }
    if is_fingerprinted {
        Err(KeyFault::RsaRoca)
    } else {
        Ok(())
    }
}

/// Seven bytes at a time, which with the rest of those before fit in 64 bits: divisions are slow.
fn residue(modulus: &[u8], prime: u32) -> u32 {
    modulus.chunks(7).fold(0, |rest, bytes| {
        let append = |value, byte: &u8| value << 8 | u64::from(*byte);
        let value = bytes.iter().fold(u64::from(rest), append);
        (value % u64::from(prime)) as u32
    })
}

fn is_power_of_65537(residue: u32, prime: u32) -> bool {
    let mut power = 1;
    loop {
        if power == residue {
            return true;
        }
        power = power * (65_537 % prime) % prime;
        if power == 1 {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SMALL_PRIMES, check, is_power_of_65537, residue};
    use crate::KeyFault;

    #[test]
    fn residues_are_those_of_the_whole_number() {
        let number = 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210_u128;
        for prime in SMALL_PRIMES {
            for length in 1..=16 {
                let number = number >> (128 - 8 * length);
                let bytes = &number.to_be_bytes()[16 - length..];
                assert_eq!(
                    u128::from(residue(bytes, prime)),
                    number % u128::from(prime)
                );
            }
        }
    }

    #[test]
    fn powers_of_65537_are_told_from_other_residues() {
        // 65537 is 3 modulo 7, which generates every residue, and 10 modulo 11, whose square is 1.
        assert!((1..7).all(|residue| is_power_of_65537(residue, 7)));
        assert!((1..11).all(|r| is_power_of_65537(r, 11) == [1, 10].contains(&r)));
    }

    #[test]
    fn a_power_of_65537_itself_is_fingerprinted() {
        assert_eq!(check(&65_537_u32.to_be_bytes()), Err(KeyFault::RsaRoca));
        let square = 65_537_u64 * 65_537;
        assert_eq!(check(&square.to_be_bytes()), Err(KeyFault::RsaRoca));
    }

    #[test]
    fn a_small_factor_is_found_whichever_it_is() {
        for prime in SMALL_PRIMES {
            // 2^61 - 1 is prime.
            let product = u128::from(prime) * ((1 << 61) - 1);
            assert_eq!(
                check(&product.to_be_bytes()),
                Err(KeyFault::RsaModulus),
                "{prime}"
            );
        }
        assert_eq!(check(&((1_u64 << 61) - 1).to_be_bytes()), Ok(()));
    }
}
