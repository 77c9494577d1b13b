//! Rich authorization requests: asking on whose behalf the person acts, and reading the answer.
//!
//! The services put the choice of organisation into `authorization_details` (RFC 9396). What they write
//! there has changed its shape several times, and any client may ask for any type and any resource. So
//! there are three steps, and only the last one says anything about the person:
//!
//! 1. [`RarRequest`] says what is asked for: one type, checked names, flags that hold for the request as
//!    a whole.
//! 2. [`RarResponse`] reads every shape that the services have used into one.
//! 3. [`check`] compares the two and gives a [`Representation`]: organisations, or oneself. The mere
//!    presence of the claim means nothing; `[{"type": …}]` is how "myself" is written.
//!
//! | type | service | asks for | answers with |
//! |---|---|---|---|
//! | `ansattporten:altinn:resource` | Ansattporten | resources of Altinn, and actions on them | `authorized_parties` |
//! | `ansattporten:orgno` | Ansattporten, `entraid` | nothing more | `authorized_parties`, or one `orgno` (2025) |
//! | `ansattporten:altinn:service` | Ansattporten, Altinn 2 | link services | `reportees` |
//! | `idporten:fullmakt` | ID-porten, pilot | permission roles | `authorizer`, `permissions` |
//!
//! ```
//! use portvakt_digdir::rar::{AltinnResource, RarRequest};
//!
//! let request = RarRequest::altinn_resource("urn:altinn:resource:demo-post")?;
//! assert_eq!(
//!     request.to_json()?.to_json(),
//!     r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","representation_is_required":true}]"#,
//! );
//! let with_actions = AltinnResource::parse("urn:altinn:resource:demo-skatt")?.with_actions(&["read", "write"])?;
//! let request = RarRequest::altinn_resources([with_actions])?;
//! # Ok::<(), portvakt_digdir::Misuse>(())
//! ```
//!
//! Sources: Ansattporten, RAR and representation; ID-porten, fullmakt and RAR.

mod check;
mod element;
mod representation;
mod request;
mod response;
mod target;

pub(crate) use check::grants_the_same;
pub use check::{check, check_copies};
pub use representation::{Grant, Mandate, Organisation, Permission, Representation};
pub use request::{RarRequest, RarTarget};
pub use response::{AuthorizedParty, RarElement, RarResponse};
pub use target::{AltinnResource, AltinnService, OrganizationForm, RarType};

portvakt_jose::errors! {
    /// Why the answer about representation is not believed.
    pub enum RepresentationError {
        Missing => "representation_missing",
            "The provider did not answer the question of whom the person acts for.",
            "RFC 9396 §7";
        NotAskedFor => "representation_not_asked_for",
            "The provider states a representation that was not asked for.",
            "RFC 9396 §7";
        Required => "representation_required",
            "The person chose no organisation, and the request required one.",
            "Ansattporten, RAR, representation_is_required";
        Malformed => "representation_malformed",
            "The provider's authorization details are not of a known shape.",
            "RFC 9396 §2; Ansattporten, RAR";
        Ambiguous => "representation_ambiguous",
            "The provider's authorization details have one member in two spellings.",
            "Ansattporten, RAR";
        TooLarge => "representation_too_large",
            "The provider's authorization details are larger than such an answer can be.",
            "RFC 9396 §12";
        WrongType => "representation_wrong_type",
            "The provider answered with another type of authorization details than was asked for.",
            "RFC 9396 §7";
        WrongResource => "representation_wrong_resource",
            "The provider states a representation for a resource that was not asked for.",
            "Ansattporten, RAR, resource";
        ResourceMismatch => "representation_resource_mismatch",
            "The provider names two resources in one authorization detail.",
            "Ansattporten, RAR, resource";
        WrongAction => "representation_wrong_action",
            "The provider states other actions than were asked for.",
            "Ansattporten, RAR, actions";
        OrganisationIdentifier => "representation_organisation_identifier",
            "The provider identifies an organisation in a way that is not a valid Norwegian organisation number.",
            "ISO 6523; Digdir, access token, claim consumer";
        WrongOrganizationForm => "representation_wrong_organization_form",
            "The organisation is of another kind than was asked for.",
            "Ansattporten, RAR, organizationform";
        SeveralOrganisations => "representation_several_organisations",
            "The provider states several organisations, and one was asked for.",
            "Ansattporten, RAR, allow_multiple_organizations";
        WrongMandate => "representation_wrong_mandate",
            "The mandate is not one that was asked for.",
            "ID-porten, fullmakt";
        CopiesDisagree => "representation_copies_disagree",
            "The token response and the id_token state different representations.",
            "RFC 9396 §7; Ansattporten, representation";
        Changed => "representation_changed",
            "The provider renews the session for another representation than the person signed in with.",
            "RFC 9396 §7.1";
        RequestUnreadable => "representation_request_unreadable",
            "The stored request for representation cannot be read.",
            "Ansattporten, RAR";
    }
}
