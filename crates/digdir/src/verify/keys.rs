//! Where an issuer's keys are, and how its set is read.

use portvakt_jose::{Error as TokenError, Jwks, json};
use portvakt_oidc::url::Url;

use super::{MetadataError, TokenProfile};

/// The most bytes of metadata that are read; the services' have about 6 KiB.
pub const MAX_METADATA_BYTES: usize = 64 * 1024;

/// Reads the JWK Set of an issuer.
///
/// Altinn writes the numbers of its RSA keys in ordinary base64 with padding, against RFC 7518 §2. That spelling
/// is read for Altinn and for nobody else.
///
/// # Errors
/// `token_keys_too_large`, `token_keys_malformed`, `token_keys_too_many`.
pub fn parse_jwks(profile: Option<TokenProfile>, bytes: &[u8]) -> Result<Jwks, TokenError> {
    match profile {
        Some(TokenProfile::Altinn) => Jwks::parse_padded_base64(bytes),
        _ => Jwks::parse(bytes),
    }
}

/// Finds the address of the keys in the metadata of an issuer.
///
/// The metadata must name the issuer that was asked for, to the character.
///
/// # Errors
/// `misbehaved_verifier_metadata_malformed`, `misbehaved_verifier_metadata_issuer`,
/// `misbehaved_verifier_metadata_jwks_uri`.
pub fn jwks_uri(metadata: &[u8], issuer: &str) -> Result<Url, MetadataError> {
    let metadata =
        json::parse(metadata, MAX_METADATA_BYTES).map_err(|_| MetadataError::Malformed)?;
    let metadata = metadata.as_object().ok_or(MetadataError::Malformed)?;
    if metadata.get("issuer").and_then(json::Value::as_str) != Some(issuer) {
        return Err(MetadataError::Issuer);
    }
    metadata
        .get("jwks_uri")
        .and_then(json::Value::as_str)
        .and_then(|uri| Url::parse(uri).ok())
        .ok_or(MetadataError::JwksUri)
}
