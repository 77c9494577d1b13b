//! Moduli that can be factored by what is known of their residues.

use super::KeyFault;

/// The odd primes to 167, those of the published test for ROCA.
const SMALL_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Refuses a modulus with a small factor, and one from the generator of CVE-2017-15361.
///
/// That generator makes primes that are a power of 65537 modulo every small prime, and so is their
/// product. By chance a modulus is so with a probability below 2^-80. Source: Nemec et al., The
/// Return of Coppersmith's Attack, §2.3.
pub(super) fn check(modulus: &[u8]) -> Result<(), KeyFault> {
    let mut is_fingerprinted = true;
    for prime in SMALL_PRIMES {
        let residue = modulus
            .iter()
            .fold(0, |rest, byte| (rest << 8 | u32::from(*byte)) % prime);
        if residue == 0 {
            return Err(KeyFault::RsaModulus);
        }
        is_fingerprinted &= is_power_of_65537(residue, prime);
    }
    if is_fingerprinted {
        Err(KeyFault::RsaRoca)
    } else {
        Ok(())
    }
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
