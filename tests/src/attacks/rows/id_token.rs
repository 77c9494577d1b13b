use portvakt_jose::json::Value;

use crate::attacks::{Attack, Mount};

/// When the pair's logins take place, in Unix seconds.
const NOW: u64 = 1_790_000_000;

/// What else may be wrong with an id_token.
pub(super) const ROWS: &[Attack] = &[
    Attack::refused(
        "an_issuer_in_a_list_is_refused",
        "token_iss_malformed",
        &["iss bypass", "claim type confusion"],
        "`iss` is a list with the issuer in it.",
        Mount::Login(|scene| {
            scene.claims(|claims| {
                let iss = claims.remove("iss").unwrap_or(Value::Null);
                claims.insert("iss", vec![iss]);
            })
        }),
    ),
    Attack::refused(
        "an_issuer_with_a_slash_is_refused",
        "token_iss_mismatch",
        &["OIDC Core §3.1.3.7 (2)", "iss bypass"],
        "`iss` has a slash at its end.",
        Mount::Login(|scene| scene.changed("iss", |iss| format!("{iss}/"))),
    ),
    Attack::refused(
        "an_expiry_that_is_a_text_is_refused",
        "token_exp_malformed",
        &["claim type confusion", "RFC 7519 §2"],
        "`exp` is a text.",
        Mount::Login(|scene| scene.claim("exp", (NOW + 120).to_string())),
    ),
    Attack::refused(
        "a_start_that_is_a_text_is_refused",
        "token_nbf_malformed",
        &["claim type confusion"],
        "`nbf` is a text.",
        Mount::Login(|scene| scene.claim("nbf", "0")),
    ),
    Attack::refused(
        "an_expiry_in_milliseconds_is_refused",
        "token_exp_malformed",
        &["RFC 7519 §2", "session survives after exp"],
        "`exp` is in milliseconds, and so fifty thousand years from now.",
        Mount::Login(|scene| scene.claim("exp", NOW * 1000)),
    ),
    Attack::refused(
        "an_empty_list_of_audiences_is_refused",
        "token_aud_malformed",
        &["aud skipped when unset", "RFC 7519 §4.1.3"],
        "`aud` is an empty list.",
        Mount::Login(|scene| scene.claim("aud", Vec::<&str>::new())),
    ),
    Attack::refused(
        "an_audience_that_is_a_number_is_refused",
        "token_aud_malformed",
        &["claim type confusion"],
        "`aud` is a number.",
        Mount::Login(|scene| scene.claim("aud", 1)),
    ),
    Attack::refused(
        "an_empty_subject_is_refused",
        "token_sub_malformed",
        &["OIDC Core §2", "claim type confusion"],
        "`sub` is empty.",
        Mount::Login(|scene| scene.claim("sub", "")),
    ),
    Attack::refused(
        "a_nonce_that_is_null_is_refused",
        "token_nonce_mismatch",
        &["OIDC Core §3.1.3.7 (11)", "claim type confusion"],
        "`nonce` is `null`.",
        Mount::Login(|scene| scene.claim("nonce", Value::Null)),
    ),
    Attack::refused(
        "an_id_token_of_an_hour_ago_is_refused",
        "device_clock_wrong",
        &["OIDC Core §3.1.3.7 (10)", "exp, iat not checked"],
        "`iat` is an hour ago, and `exp` still to come.",
        Mount::Login(|scene| {
            scene
                .claim("iat", NOW - 3600)
                .claim("auth_time", NOW - 3600)
                .claim("exp", NOW + 120)
        }),
    )
    .because("It was asked for a moment ago, so that either it or the device's clock is wrong."),
    Attack::refused(
        "the_type_of_an_access_token_is_refused",
        "token_typ_mismatch",
        &["RFC 8725bis §3.11", "token type confusion"],
        "The header's `typ` is `at+jwt`.",
        Mount::Login(|scene| scene.header("typ", Some("at+jwt".into()))),
    ),
    Attack::refused(
        "the_type_of_a_logout_token_is_refused",
        "token_typ_mismatch",
        &["RFC 8725bis §3.12", "token type confusion"],
        "The header's `typ` is `application/logout+jwt`.",
        Mount::Login(|scene| scene.header("typ", Some("application/logout+jwt".into()))),
    ),
    Attack::accepted(
        "the_type_jwt_in_full_is_accepted",
        &["RFC 8725bis §3.11"],
        "The header's `typ` is `application/jwt`.",
        Mount::Login(|scene| scene.header("typ", Some("application/jwt".into()))),
    ),
    Attack::refused(
        "a_number_that_is_no_persons_is_refused",
        "claims_pid",
        &["Digdir, claims", "claim type confusion"],
        "`pid` has a wrong check digit.",
        Mount::Login(|scene| scene.claim("pid", "15868510046")),
    ),
    Attack::refused(
        "a_real_person_in_a_test_environment_is_refused",
        "claims_pid_not_synthetic",
        &["Digdir, claims"],
        "A test environment gives a number that may be a real person's.",
        Mount::Login(|scene| scene.claim("pid", "01010050053")),
    ),
    Attack::refused(
        "a_level_of_another_service_is_refused",
        "token_acr_not_acceptable",
        &["OIDC Core §3.1.3.7 (12)", "Digdir, acr"],
        "`acr` is the highest level of ID-porten, at Ansattporten.",
        Mount::Login(|scene| scene.claim("acr", "idporten-loa-high")),
    ),
    Attack::refused(
        "a_sign_in_in_the_future_is_refused",
        "token_auth_time_future",
        &["OIDC Core §3.1.3.7 (13)"],
        "`auth_time` is an hour from now.",
        Mount::Login(|scene| scene.claim("auth_time", NOW + 3600)),
    ),
    Attack::refused(
        "a_renewal_for_another_client_is_refused",
        "token_aud_mismatch",
        &["OIDC Core §12.2"],
        "The renewed id_token is for another client.",
        Mount::Renewal(|scene| scene.claim("aud", "another-client")),
    ),
    Attack::refused(
        "a_renewal_with_another_sign_in_is_refused",
        "token_auth_time_changed",
        &["OIDC Core §12.2"],
        "The renewed id_token has a later `auth_time`, as if the person had signed in again.",
        Mount::Renewal(|scene| scene.claim("auth_time", NOW - 1)),
    )
    .because("Else a session would begin anew with each renewal."),
    Attack::refused(
        "a_renewal_with_a_wrong_signature_is_refused",
        "token_signature_invalid",
        &["OIDC Core §12.2", "OIDC Core §3.1.3.7 (6)"],
        "The signature of the renewed id_token is wrong.",
        Mount::Renewal(|scene| scene.token(crate::attacks::scene::with_wrong_signature)),
    ),
];
