//! Rich authorization requests (RFC 9396): whom the person wants to represent.

mod request;
mod response;
mod select;

pub(crate) use self::request::{DetailsType, RarRequest};
pub(crate) use self::response::grant;
pub(crate) use self::select::{Choices, OrganisationChoice, Selection, choices};

/// What stands before the id of a resource in Altinn's registry.
pub(crate) const RESOURCE_PREFIX: &str = "urn:altinn:resource:";
