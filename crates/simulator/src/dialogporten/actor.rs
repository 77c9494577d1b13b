//! Who did something, as others may see it.

use aws_lc_rs::digest::{SHA256, digest};

use super::model::Actor;
use super::query::PERSON_PREFIX;
use crate::random;

const MASKED_PREFIX: &str = "urn:altinn:person:identifier-ephemeral:";
/// Bytes of the hash that are shown, as ten hexadecimal digits.
const MASK_BYTES: usize = 5;

/// Replaces person numbers by names that hold only as long as the process runs.
#[derive(Debug)]
pub(crate) struct Masker {
    salt: [u8; 16],
}

impl Masker {
    /// A masker with a salt of its own.
    pub(crate) fn new() -> Self {
        Self {
            salt: random::bytes(),
        }
    }

    /// The actor with a person's identifier masked; other identifiers are left as they are.
    pub(crate) fn mask(&self, actor: &Actor) -> Actor {
        Actor {
            actor_id: actor.actor_id.as_deref().map(|id| self.mask_id(id)),
            ..actor.clone()
        }
    }

    fn mask_id(&self, id: &str) -> String {
        if !id.starts_with(PERSON_PREFIX) {
            return id.to_owned();
        }
        let hash = digest(&SHA256, &[id.as_bytes(), &self.salt].concat());
        hash.as_ref()
            .iter()
            .take(MASK_BYTES)
            .fold(MASKED_PREFIX.to_owned(), |text, byte| {
                text + &format!("{byte:02x}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_masked_alike_within_a_process_and_otherwise_in_the_next() {
        let id = "urn:altinn:person:identifier-no:15868510045";
        let masker = Masker::new();
        let masked = masker.mask_id(id);
        assert_eq!(masked, masker.mask_id(id));
        assert_ne!(masked, Masker::new().mask_id(id));
        let shown = masked
            .strip_prefix(MASKED_PREFIX)
            .expect("the prefix of masked persons");
        assert_eq!(shown.len(), 10);
        assert!(shown.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn an_organisation_is_not_masked() {
        let id = "urn:altinn:organization:identifier-no:310000019";
        assert_eq!(Masker::new().mask_id(id), id);
    }
}
