use std::collections::BTreeSet;

use portvakt_digdir::Preset;
use portvakt_digdir::verify::{
    AccessTokenError, AccessTokenPolicy, DialogTokenError, DialogTokenPolicy, IdentityTokenPolicy,
    MetadataError, RepresentationPolicy, VerifierMisuse, verify_access_token, verify_dialog_token,
};

use super::support::{ANSATTPORTEN, DIALOG, NOW, claims, eddsa, jwks, rs256};

#[test]
fn what_is_printed_of_a_verified_token_holds_no_number_and_no_claim() {
    let mut policy = AccessTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, None).expect("a profile");
    policy.required_scope = vec!["example:api".into()];
    policy.representation = Some(RepresentationPolicy::altinn_resource(
        "urn:altinn:resource:demo-post",
    ));
    let text = rs256(&claims(ANSATTPORTEN, &[]));
    let token = verify_access_token(&text, &jwks(), &policy, NOW).expect("accepted");
    let dialog = DialogTokenPolicy::new(
        "https://platform.tt02.altinn.no/dialogporten/api/v1",
        "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07",
    );
    let dialog =
        verify_dialog_token(&eddsa(&claims(DIALOG, &[])), &jwks(), &dialog, NOW).expect("accepted");
    let printed = format!(
        "{token:?} {token:#?} {dialog:?} {dialog:#?} {:?}",
        dialog.party()
    );
    assert!(format!("{dialog:?}").starts_with("VerifiedDialogToken { claims: "));
    for secret in ["15868510045", "x9WJ0s0m", "UPw8a6", &text] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[test]
fn what_is_printed_of_a_policy_holds_no_nonce() {
    let mut policy =
        IdentityTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, "client-1").expect("a policy");
    policy.nonce = Some("n-0S6_WzA2Mj".into());
    let printed = format!("{policy:?}");
    assert!(printed.starts_with("IdentityTokenPolicy { issuer: "));
    assert!(printed.contains("nonce: true") && !printed.contains("n-0S6"));
}

#[test]
fn codes_are_unique_and_tell_their_group() {
    let mut seen = BTreeSet::new();
    let codes = VerifierMisuse::ALL
        .iter()
        .map(|error| ("misuse_verifier_", error.code()))
        .chain(
            MetadataError::ALL
                .iter()
                .map(|error| ("misbehaved_verifier_", error.code())),
        )
        .chain(
            AccessTokenError::ALL
                .iter()
                .map(|error| ("token_", error.code())),
        )
        .chain(
            DialogTokenError::ALL
                .iter()
                .map(|error| ("token_dialog_", error.code())),
        );
    for (group, code) in codes {
        assert!(code.starts_with(group), "{code}");
        assert!(seen.insert(code), "{code} twice");
        assert!(
            portvakt_jose::Error::from_code(code).is_none(),
            "{code} is the reader's"
        );
        assert!(
            portvakt_oidc::IdTokenError::from_code(code).is_none(),
            "{code} is the login's"
        );
    }
}
