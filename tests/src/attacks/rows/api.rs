use portvakt_jose::json::{Object, Value};

use crate::attacks::{Attack, Kind, Mount};

/// Tokens with a good signature that are not for this API.
pub(super) const ROWS: &[Attack] = &[
    Attack::refused(
        "an_id_token_at_an_api_is_refused",
        "token_not_access_token",
        &["token type confusion", "RFC 8725bis §3.12"],
        "The token has a `nonce`, as id_tokens have, which the service signs with the same key.",
        Mount::Token(Kind::IdPorten, |token| token.claim("nonce", "n-0S6_WzA2Mj")),
    ),
    Attack::refused(
        "a_logout_token_at_an_api_is_refused",
        "token_not_access_token",
        &["token type confusion", "RFC 8725bis §3.12"],
        "The token has `events`, as logout tokens have.",
        Mount::Token(Kind::IdPorten, |token| token.claim("events", Object::new())),
    ),
    Attack::refused(
        "an_id_token_as_a_logout_token_is_refused",
        "token_typ_missing",
        &["token type confusion", "RFC 8725bis §3.12"],
        "The token has no `typ`, as id_tokens have none.",
        Mount::Token(Kind::Logout, |token| token.without_header("typ")),
    ),
    Attack::refused(
        "a_token_that_is_bound_to_a_key_is_no_bearer_token",
        "token_sender_constrained",
        &["RFC 9449 §8"],
        "The token has `cnf`, and comes without the proof: it was stolen.",
        Mount::Token(Kind::IdPorten, |token| {
            let mut cnf = Object::new();
            cnf.insert("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
            token.claim("cnf", Value::from(cnf))
        }),
    ),
    Attack::refused(
        "a_token_for_another_api_is_refused",
        "token_aud_unexpected",
        &[
            "RFC 8725bis §3.9",
            "RFC 9700 §2.3",
            "aud skipped when unset",
        ],
        "The token of a service that sets no audience has one, and so is meant for somebody else.",
        Mount::Token(Kind::IdPorten, |token| {
            token.claim("aud", "https://other.example")
        }),
    ),
    Attack::refused(
        "another_audience_is_refused",
        "token_aud_mismatch",
        &["RFC 9068 §4", "RFC 9700 §2.3"],
        "`aud` has the address of this API with `/x` appended.",
        Mount::Token(Kind::Rfc9068, |token| {
            token.claim("aud", "https://api.example/x")
        }),
    ),
    Attack::refused(
        "a_token_without_audience_is_refused",
        "token_aud_missing",
        &["RFC 9068 §4", "aud skipped when unset"],
        "There is no `aud`.",
        Mount::Token(Kind::Rfc9068, |token| token.without("aud")),
    ),
    Attack::refused(
        "a_token_of_no_type_is_refused_where_one_is_required",
        "token_typ_missing",
        &["RFC 9068 §4", "RFC 8725bis §3.11"],
        "The token by RFC 9068 has no `typ`.",
        Mount::Token(Kind::Rfc9068, |token| token.without_header("typ")),
    ),
    Attack::refused(
        "a_token_of_no_client_is_refused",
        "token_client_id_missing",
        &["RFC 9068 §4", "RFC 9700 §4.15"],
        "There is no `client_id`; `sub` is that of a client.",
        Mount::Token(Kind::Rfc9068, |token| {
            token.without("client_id").claim("sub", "client-1")
        }),
    ),
    Attack::refused(
        "a_token_without_a_name_of_its_own_is_refused",
        "token_jti_missing",
        &["RFC 9068 §4"],
        "There is no `jti`.",
        Mount::Token(Kind::Rfc9068, |token| token.without("jti")),
    ),
    Attack::refused(
        "a_token_that_never_expires_is_refused",
        "token_exp_missing",
        &[
            "RFC 9068 §4",
            "session survives after exp",
            "exp, iat not checked",
        ],
        "There is no `exp`.",
        Mount::Token(Kind::IdPorten, |token| token.without("exp")),
    ),
    Attack::refused(
        "a_token_that_has_just_expired_is_refused",
        "token_expired",
        &["session survives after exp"],
        "`exp` is ten seconds ago, which is all the tolerance there is.",
        Mount::Token(Kind::IdPorten, |token| token.claim("exp", 1_790_000_050)),
    ),
    Attack::refused(
        "a_token_of_another_issuer_is_refused",
        "token_iss_mismatch",
        &["RFC 8725bis §3.8", "iss bypass"],
        "The issuer is that of the production environment.",
        Mount::Token(Kind::IdPorten, |token| {
            token.claim("iss", "https://idporten.no")
        }),
    ),
    Attack::refused(
        "an_issuer_without_its_slash_is_refused",
        "token_iss_mismatch",
        &["RFC 8725bis §3.8", "iss bypass"],
        "The issuer of Maskinporten lacks its slash.",
        Mount::Token(Kind::Maskinporten, |token| {
            token.claim("iss", "https://test.maskinporten.no")
        }),
    ),
    Attack::refused(
        "a_scope_that_only_begins_so_is_refused",
        "token_scope_insufficient",
        &["RFC 9700 §2.3"],
        "`scope` has `example:api.read`, and `example:api` is required.",
        Mount::Token(Kind::IdPorten, |token| {
            token.claim("scope", "openid example:api.read")
        }),
    ),
    Attack::refused(
        "a_scope_in_a_list_is_refused",
        "token_scope_malformed",
        &["claim type confusion"],
        "`scope` is a list.",
        Mount::Token(Kind::IdPorten, |token| {
            token.claim("scope", vec!["example:api"])
        }),
    ),
    Attack::refused(
        "the_right_of_one_organisation_is_not_anothers",
        "token_representation_insufficient",
        &["RFC 9396 §7", "Ansattporten, representation"],
        "The person may write for another organisation than the one that is asked for.",
        Mount::Token(Kind::Ansattporten, |token| {
            token.claim("authorization_details", details("310000019"))
        }),
    ),
    Attack::refused(
        "representing_nobody_is_refused_where_somebody_must_be",
        "token_representation_missing",
        &["RFC 9396 §7", "Ansattporten, representation"],
        "`authorization_details` names no organisation.",
        Mount::Token(Kind::Ansattporten, |token| {
            let mut element = Object::new();
            element.insert("type", "ansattporten:altinn:resource");
            token.claim("authorization_details", vec![Value::from(element)])
        }),
    ),
    Attack::refused(
        "an_organisation_that_did_not_send_the_client_is_refused",
        "token_consumer_not_allowed",
        &["Maskinporten, delegation"],
        "The consumer is another organisation.",
        Mount::Token(Kind::Maskinporten, |token| {
            token.claim("consumer", organisation("310000035"))
        }),
    ),
    Attack::refused(
        "a_supplier_is_refused_where_none_is_accepted",
        "token_delegation_refused",
        &["Maskinporten, delegation"],
        "A supplier acts for the consumer.",
        Mount::Token(Kind::Maskinporten, |token| {
            token
                .claim("supplier", organisation("310000027"))
                .claim("delegation_source", "https://tt02.altinn.no/")
        }),
    ),
    Attack::refused(
        "a_token_for_another_dialog_is_refused",
        "token_dialog_mismatch",
        &["Dialogporten, dialog token"],
        "The dialog token is for another dialog.",
        Mount::Token(Kind::Dialog, |token| {
            token.claim("i", "0194fe82-9280-77a5-a7cd-5ff0e6a6fa08")
        }),
    ),
    Attack::refused(
        "an_action_that_only_begins_so_is_refused",
        "token_dialog_action_missing",
        &["Dialogporten, dialog token"],
        "The dialog token allows `writer`, and `write` is required.",
        Mount::Token(Kind::Dialog, |token| token.claim("a", "read;writer")),
    ),
    Attack::refused(
        "too_low_a_level_for_a_dialog_is_refused",
        "token_dialog_level_too_low",
        &["Dialogporten, dialog token"],
        "The dialog token was given to somebody at level two.",
        Mount::Token(Kind::Dialog, |token| token.claim("l", 2)),
    ),
];

fn organisation(number: &str) -> Value {
    let mut organisation = Object::new();
    organisation.insert("authority", "iso6523-actorid-upis");
    organisation.insert("ID", format!("0192:{number}"));
    organisation.into()
}

/// An organisation for which the person may write.
fn details(number: &str) -> Value {
    let mut party = Object::new();
    party.insert("orgno", organisation(number));
    party.insert("resource", "demo-post");
    party.insert("actions", vec!["read", "write"]);
    let mut element = Object::new();
    element.insert("type", "ansattporten:altinn:resource");
    element.insert("resource", "urn:altinn:resource:demo-post");
    element.insert("authorized_parties", vec![Value::from(party)]);
    vec![Value::from(element)].into()
}
