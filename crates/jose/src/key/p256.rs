//! P-256 public keys (RFC 7518 §6.2.1).

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

use super::{KeyFault, bytes_member, jwk_of, text_member};
use crate::base64url;
use crate::json::Object;

#[derive(Clone, PartialEq)]
pub(crate) struct PublicKey(VerifyingKey);

impl PublicKey {
    pub(super) fn parse(jwk: &Object) -> Result<Self, KeyFault> {
        if text_member(jwk, "crv")? != "P-256" {
            return Err(KeyFault::CurveUnsupported);
        }
        // The uncompressed form of SEC 1 §2.3.3, from which the library checks that both
        // coordinates are below the prime and that the point is on the curve.
        let mut sec1 = [0x04; 65];
        let (_, coordinates) = sec1.split_at_mut(1);
        let (x, y) = coordinates.split_at_mut(32);
        x.copy_from_slice(&bytes_member(jwk, "x")?);
        y.copy_from_slice(&bytes_member(jwk, "y")?);
        VerifyingKey::from_sec1_bytes(&sec1)
            .map(Self)
            .map_err(|_| KeyFault::NotOnCurve)
    }

    pub(super) fn to_jwk(&self) -> Object {
        let sec1 = self.0.to_sec1_point(false);
        let coordinate = |bytes: Option<_>| bytes.map(base64url::encode).unwrap_or_default();
        jwk_of([
            ("kty", "EC".into()),
            ("crv", "P-256".into()),
            ("x", coordinate(sec1.x())),
            ("y", coordinate(sec1.y())),
        ])
    }

    /// The signature is `R || S`, each of 32 bytes and from 1 to the order of the curve less 1.
    pub(super) fn has_signed(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify(signing_input, &signature).is_ok())
    }
}
