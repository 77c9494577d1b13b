use super::suite::without_signature;
use crate::attacks::scene::{Endpoint, with_parameter};
use crate::attacks::signer::PS256;
use crate::attacks::{Attack, Mount};
use crate::pair::CLIENT_ID;

/// The modules of the FAPI 2.0 client's plan.
pub(super) const ROWS: &[Attack] = &[
    Attack::accepted(
        "fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce",
        &["RFC 9449 §5"],
        "A login with tokens that are bound by DPoP, and a server that asks for no nonce.",
        Mount::Login(|scene| scene.bound()),
    )
    .because("Without PAR and private_key_jwt, which take a confidential client."),
    Attack::refused(
        "fapi2-security-profile-final-client-test-discovery-issuer-mismatch",
        "misbehaved_metadata_issuer",
        &["RFC 8414 §3.3"],
        "The metadata names another `issuer`, by a slash.",
        Mount::Login(|scene| {
            scene.changed_member(Endpoint::Metadata, "issuer", |issuer| format!("{issuer}/"))
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-iss",
        "token_iss_mismatch",
        &["OIDC Core §3.1.3.7 (2)"],
        "`iss` lacks its last character.",
        Mount::Login(|scene| {
            scene.changed("iss", |iss| {
                let mut iss = iss.to_owned();
                iss.pop();
                iss
            })
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-missing-iss",
        "token_iss_missing",
        &["OIDC Core §3.1.3.7 (2)"],
        "There is no `iss`.",
        Mount::Login(|scene| scene.without("iss")),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-aud",
        "token_aud_mismatch",
        &["OIDC Core §3.1.3.7 (3)"],
        "`aud` lacks its last character.",
        Mount::Login(|scene| {
            scene.changed("aud", |aud| {
                let mut aud = aud.to_owned();
                aud.pop();
                aud
            })
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-missing-aud",
        "token_aud_missing",
        &["OIDC Core §3.1.3.7 (3)"],
        "There is no `aud`.",
        Mount::Login(|scene| scene.without("aud")),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-secondary-aud",
        "token_aud_untrusted",
        &["OIDC Core §3.1.3.7 (3)"],
        "`aud` has a second client beside this one.",
        Mount::Login(|scene| scene.claim("aud", vec![CLIENT_ID, "another"])),
    ),
    Attack::accepted(
        "fapi2-security-profile-final-client-test-valid-aud-as-array",
        &["RFC 7519 §4.1.3"],
        "`aud` is a list with this client alone.",
        Mount::Login(|scene| scene.claim("aud", vec![CLIENT_ID])),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-null-alg",
        "token_alg_not_allowed",
        &["alg none, case variants", "RFC 8725bis §3.1"],
        "`alg` is `none`, with a signature or without.",
        Mount::Login(|scene| {
            scene
                .header("alg", Some("none".into()))
                .token(without_signature)
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-alternate-alg",
        "token_alg_not_allowed",
        &["OIDC Core §3.1.3.7 (7)", "RFC 8725bis §3.1"],
        "The id_token is signed, rightly, with an algorithm that the client does not accept.",
        Mount::Login(|scene| scene.signed_by(&PS256, [PS256.jwk()])),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-expired-exp",
        "token_expired",
        &["OIDC Core §3.1.3.7 (9)", "exp, iat not checked"],
        "`exp` is six minutes ago.",
        Mount::Login(|scene| scene.claim("exp", NOW - 360)),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-missing-exp",
        "token_exp_missing",
        &["OIDC Core §3.1.3.7 (9)"],
        "There is no `exp`.",
        Mount::Login(|scene| scene.without("exp")),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-nonce",
        "token_nonce_mismatch",
        &["OIDC Core §3.1.3.7 (11)"],
        "`nonce` lacks its first character.",
        Mount::Login(|scene| {
            scene.changed("nonce", |nonce| {
                nonce.get(1..).unwrap_or_default().to_owned()
            })
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-missing-nonce",
        "token_nonce_missing",
        &["OIDC Core §3.1.3.7 (11)"],
        "There is no `nonce`.",
        Mount::Login(|scene| scene.without("nonce")),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-invalid-authorization-response-iss",
        "callback_iss_mismatch",
        &["RFC 9207 §2.4", "RFC 9700 §4.4", "mix-up"],
        "The `iss` of the way back has `1` appended. No token request may follow.",
        Mount::Login(|scene| {
            scene.callback(|url| with_parameter(url, "iss", |iss| Some(format!("{iss}1"))))
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-remove-authorization-response-iss",
        "callback_iss_missing",
        &["RFC 9207 §2.4", "mix-up"],
        "The way back has no `iss`, although the metadata promises it.",
        Mount::Login(|scene| scene.callback(|url| with_parameter(url, "iss", |_| None))),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails",
        "callback_state_mismatch",
        &["RFC 9700 §4.7", "state, CSRF"],
        "The `state` of the way back has `1` appended.",
        Mount::Login(|scene| {
            scene.callback(|url| with_parameter(url, "state", |state| Some(format!("{state}1"))))
        }),
    ),
    Attack::refused(
        "fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails",
        "callback_state_missing",
        &["RFC 9700 §4.7", "state, CSRF"],
        "The way back has no `state`.",
        Mount::Login(|scene| scene.callback(|url| with_parameter(url, "state", |_| None))),
    ),
    Attack::accepted(
        "fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in",
        &["RFC 6749 §5.1"],
        "The token response has no `expires_in`.",
        Mount::Login(|scene| scene.member(Endpoint::Token, "expires_in", None)),
    ),
    Attack::accepted(
        "fapi2-security-profile-final-client-test-token-type-case-insensitivity",
        &["RFC 6749 §5.1"],
        "`token_type` is `bEARER`.",
        Mount::Login(|scene| scene.member(Endpoint::Token, "token_type", Some("bEARER".into()))),
    ),
    Attack::accepted(
        "fapi2-security-profile-final-client-test-rs-dpop-auth-scheme-case-insensitivity",
        &["RFC 9449 §8"],
        "An API asks for a nonce, with the scheme in odd case.",
        Mount::Test("crates/oidc/src/challenge.rs", "challenges_are_told_apart"),
    )
    .because("Schemes are compared in lower case, and the drivers look at the error alone."),
    Attack::accepted(
        "fapi2-security-profile-final-client-test-refresh-token-test",
        &["RFC 9700 §4.14"],
        "Tokens are renewed twice, with a new refresh token each time.",
        Mount::Test(
            "tests/tests/sessions.rs",
            "a_session_is_kept_and_renewed_with_refresh_tokens_that_are_good_once",
        ),
    ),
];

/// When the pair's logins take place, in Unix seconds.
const NOW: u64 = 1_790_000_000;
