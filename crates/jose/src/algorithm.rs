//! The signature algorithms, each of them for public keys.

/// A signature algorithm that this crate can verify.
///
/// There is no `none` and no MAC, so neither can be allowed by mistake.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256. Source: RFC 7518 §3.3.
    Rs256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes. Source: RFC 7518 §3.5.
    Ps256,
    /// ECDSA on P-256 with SHA-256, the signature as `R || S`. Source: RFC 7518 §3.4.
    Es256,
    /// EdDSA with Ed25519, the only curve of it here. Source: RFC 8037 §3.1, RFC 9864 §2.2.
    EdDsa,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: &'static [Self] = &[Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// The name in the `alg` header parameter. Source: the IANA registry of JOSE algorithms.
    ///
    /// [`Algorithm::EdDsa`] is named `EdDSA`, which is what is in use; its new name `Ed25519` is
    /// read as well.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Reads an `alg` value; names are case-sensitive.
    ///
    /// `EdDSA` and `Ed25519` (RFC 9864) are the same algorithm here. `None` for every other name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

impl core::fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;
    use alloc::string::ToString as _;

    #[test]
    fn names_are_read_as_they_are_written() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.as_str()), Some(*algorithm));
            assert_eq!(algorithm.to_string(), algorithm.as_str());
        }
        assert_eq!(Algorithm::parse("Ed25519"), Some(Algorithm::EdDsa));
    }

    #[test]
    fn every_other_name_is_unknown() {
        for name in [
            "none", "None", "", "rs256", "RS256 ", "HS256", "RS384", "ES512", "Ed448", "RSA-OAEP",
        ] {
            assert_eq!(Algorithm::parse(name), None, "{name}");
        }
    }
}
