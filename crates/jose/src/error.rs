//! Everything that can be wrong with a token or with the set of keys.

crate::errors! {
    /// Why a token is not accepted.
    ///
    /// One table for the form, the key, the signature and the claims, in the order in which they
    /// are checked. [`Error::UnknownKey`] is the one after which a caller fetches the set of keys
    /// anew, once: the issuer may have begun to sign with a new key.
    pub enum Error {
        // The set of keys.
        KeysTooLarge => "token_keys_too_large",
            "The set of keys is larger than allowed.", "A limit of this library";
        KeysMalformed => "token_keys_malformed",
            "The set of keys is not strict JSON with an array of objects named keys.",
            "RFC 7517 §5";
        TooManyKeys => "token_keys_too_many",
            "The set has more keys than allowed.", "A limit of this library";

        // The form.
        TooLarge => "token_too_large",
            "The token is larger than allowed.", "A limit of this library";
        Malformed => "token_malformed",
            "The token is not a compact JWS, which is three base64url parts joined by full stops.",
            "RFC 7515 §7.1";
        Encrypted => "token_encrypted",
            "The token is encrypted or compressed, and only signed ones are read.", "RFC 7516 §9";
        HeaderMalformed => "token_header_malformed",
            "The header is not a strict JSON object whose members have the right types.",
            "RFC 7515 §4";
        CriticalHeader => "token_crit_unsupported",
            "The header names extensions that must be understood, and none are.",
            "RFC 7515 §4.1.11";
        UnencodedPayload => "token_b64_unsupported",
            "The header has the parameter b64, which is not for tokens.", "RFC 7797 §7";
        AlgorithmMissing => "token_alg_missing",
            "The header names no algorithm.", "RFC 7515 §4.1.1";
        AlgorithmNotAllowed => "token_alg_not_allowed",
            "The token is signed with an algorithm that is not allowed here.", "RFC 8725 §3.1";
        TypeMissing => "token_typ_missing",
            "The header says no type, and one is required here.", "RFC 8725 §3.11";
        TypeMismatch => "token_typ_mismatch",
            "The token is of another type than is expected here.", "RFC 8725 §3.11";

        // The key and the signature.
        /// The set may be out of date: fetch it again, once.
        UnknownKey => "token_key_unknown",
            "The set has no key that the token was signed with.", "OIDC Core §10.1.1";
        UnsuitableKey => "token_key_unsuitable",
            "The key that the token names is in the set, but it is not fit for use.",
            "RFC 7517 §5";
        KeyAlgorithmMismatch => "token_key_alg_mismatch",
            "The key that the token names is for another algorithm than the token's.",
            "RFC 8725 §3.1";
        AmbiguousKey => "token_key_ambiguous",
            "More than one key could have signed the token, and it does not say which.",
            "OIDC Core §10.1";
        SignatureInvalid => "token_signature_invalid",
            "The signature does not match the token.", "RFC 7515 §5.2";

        // The claims.
        ClaimsMalformed => "token_claims_malformed",
            "The claims are not a strict JSON object.", "RFC 7519 §7.2";
        IssuerMissing => "token_iss_missing",
            "The token names no issuer.", "OIDC Core §2";
        IssuerMalformed => "token_iss_malformed",
            "The issuer is not a text.", "RFC 7519 §4.1.1";
        IssuerMismatch => "token_iss_mismatch",
            "The token was issued by somebody else than expected.", "OIDC Core §3.1.3.7 (2)";
        SubjectMissing => "token_sub_missing",
            "The token names no subject.", "OIDC Core §2";
        SubjectMalformed => "token_sub_malformed",
            "The subject is not a text of 1 to 255 printable ASCII characters.", "OIDC Core §2";
        AudienceMissing => "token_aud_missing",
            "The token names no audience.", "OIDC Core §2";
        AudienceMalformed => "token_aud_malformed",
            "The audience is not a text or a list of texts.", "RFC 7519 §4.1.3";
        AudienceMismatch => "token_aud_mismatch",
            "The token is meant for others.", "OIDC Core §3.1.3.7 (3)";
        AudienceUntrusted => "token_aud_untrusted",
            "The token is also meant for others, who are not trusted.", "OIDC Core §3.1.3.7 (3)";
        AuthorizedPartyMissing => "token_azp_missing",
            "The token has several audiences and does not say to whom it was issued.",
            "OIDC Core §3.1.3.7 (4)";
        AuthorizedPartyMalformed => "token_azp_malformed",
            "The authorized party is not a text.", "OIDC Core §2";
        AuthorizedPartyMismatch => "token_azp_mismatch",
            "The token was issued to somebody else.", "OIDC Core §3.1.3.7 (5)";
        ExpiryMissing => "token_exp_missing",
            "The token does not say when it expires.", "OIDC Core §2";
        ExpiryMalformed => "token_exp_malformed",
            "The expiry is not a date as a number of seconds.", "RFC 7519 §4.1.4";
        Expired => "token_expired",
            "The token has expired.", "OIDC Core §3.1.3.7 (9)";
        NotBeforeMalformed => "token_nbf_malformed",
            "The start of validity is not a date as a number of seconds.", "RFC 7519 §4.1.5";
        NotYetValid => "token_not_yet_valid",
            "The token is not valid yet.", "RFC 7519 §4.1.5";
        IssuedAtMissing => "token_iat_missing",
            "The token does not say when it was issued.", "OIDC Core §2";
        IssuedAtMalformed => "token_iat_malformed",
            "The time of issue is not a date as a number of seconds.", "RFC 7519 §4.1.6";
        IssuedInTheFuture => "token_iat_future",
            "The token was issued in the future, by this clock.", "OIDC Core §3.1.3.7 (10)";
        IssuedTooLongAgo => "token_iat_too_old",
            "The token was issued too long ago.", "OIDC Core §3.1.3.7 (10)";
    }
}
