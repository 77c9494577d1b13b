use portvakt_jose::Algorithm;
use portvakt_jose::json::Value;

use crate::attacks::scene::{Endpoint, with_wrong_signature};
use crate::attacks::signer::{ES256, OTHER_RS256, RS256};
use crate::attacks::{Attack, Mount};

/// The modules of the plans for relying parties.
pub(super) const ROWS: &[Attack] = &[
    Attack::accepted(
        "oidcc-client-test",
        &["OIDC Core §3.1.3.7 (1)"],
        "Nothing is wrong.",
        Mount::Login(|scene| scene),
    ),
    Attack::refused(
        "oidcc-client-test-invalid-iss",
        "token_iss_mismatch",
        &["OIDC Core §3.1.3.7 (2)", "iss bypass"],
        "`iss` is the issuer's with `1` appended.",
        Mount::Login(|scene| scene.changed("iss", |iss| format!("{iss}1"))),
    ),
    Attack::refused(
        "oidcc-client-test-missing-sub",
        "token_sub_missing",
        &["OIDC Core §2"],
        "There is no `sub`.",
        Mount::Login(|scene| scene.without("sub")),
    ),
    Attack::refused(
        "oidcc-client-test-invalid-aud",
        "token_aud_mismatch",
        &["OIDC Core §3.1.3.7 (3)"],
        "`aud` is the `client_id` with `1` appended.",
        Mount::Login(|scene| scene.changed("aud", |aud| format!("{aud}1"))),
    ),
    Attack::refused(
        "oidcc-client-test-missing-aud",
        "token_aud_missing",
        &["OIDC Core §3.1.3.7 (3)", "aud skipped when unset"],
        "There is no `aud`.",
        Mount::Login(|scene| scene.without("aud")),
    ),
    Attack::refused(
        "oidcc-client-test-missing-iat",
        "token_iat_missing",
        &["OIDC Core §3.1.3.7 (10)"],
        "There is no `iat`.",
        Mount::Login(|scene| scene.without("iat")),
    ),
    Attack::accepted(
        "oidcc-client-test-kid-absent-single-jwks",
        &["RFC 7517 §4.5"],
        "The header has no `kid`, and the key set one key without `kid`.",
        Mount::Login(|scene| {
            let mut key = RS256.jwk();
            key.remove("kid");
            scene.signed_by(&RS256, [key]).header("kid", None)
        }),
    ),
    Attack::refused(
        "oidcc-client-test-kid-absent-multiple-jwks",
        "token_key_ambiguous",
        &["RFC 7517 §4.5"],
        "The header has no `kid`, and the key set several keys for RS256.",
        Mount::Login(|scene| {
            scene
                .signed_by(&RS256, [RS256.jwk(), OTHER_RS256.jwk()])
                .header("kid", None)
        }),
    )
    .because(
        "The suite accepts a client that tries all keys, too. Refusing is stricter: no key is chosen by whether it \
         fits, and a token costs one verification.",
    ),
    Attack::accepted(
        "oidcc-client-test-idtoken-sig-rs256",
        &["OIDC Core §3.1.3.7 (7)"],
        "The id_token is signed with RS256.",
        Mount::Login(|scene| scene),
    ),
    Attack::refused(
        "oidcc-client-test-idtoken-sig-none",
        "token_alg_not_allowed",
        &["OIDC Core §3.1.3.7 (6)", "alg none, case variants"],
        "The id_token has `alg` `none` and no signature.",
        Mount::Login(|scene| {
            scene
                .header("alg", Some("none".into()))
                .token(without_signature)
        }),
    )
    .because(
        "The suite accepts a client that takes it over TLS from the token endpoint, too. Refusing is stricter, and no \
         configuration allows `none`.",
    ),
    Attack::refused(
        "oidcc-client-test-invalid-sig-rs256",
        "token_signature_invalid",
        &["OIDC Core §3.1.3.7 (6)"],
        "The signature by RS256 is wrong.",
        Mount::Login(|scene| scene.token(with_wrong_signature)),
    )
    .because(
        "The suite lets a code-flow client off that does not look at the signature, since TLS may take its place. This \
         one always looks.",
    ),
    Attack::refused(
        "oidcc-client-test-invalid-sig-es256",
        "token_signature_invalid",
        &["OIDC Core §3.1.3.7 (6)"],
        "The signature by ES256 is wrong.",
        Mount::Login(|scene| {
            scene
                .signed_by(&ES256, [ES256.jwk()])
                .accepting(Algorithm::Es256)
                .token(with_wrong_signature)
        }),
    )
    .because("As with RS256."),
    Attack::refused(
        "oidcc-client-test-invalid-sig-hs256",
        "token_alg_not_allowed",
        &["OIDC Core §3.1.3.7 (8)", "RS/HS confusion"],
        "The signature by HS256 is wrong.",
        Mount::Login(|scene| {
            scene
                .header("alg", Some("HS256".into()))
                .token(with_wrong_signature)
        }),
    )
    .because("A right one is refused as well: no MAC is ever computed, and a browser holds no client secret."),
    Attack::accepted(
        "oidcc-client-test-userinfo-bearer-header",
        &["RFC 9700 §4.3.2"],
        "Userinfo is asked for with the access token in the `Authorization` header.",
        Mount::Userinfo(|scene| scene),
    ),
    Attack::refused(
        "oidcc-client-test-userinfo-invalid-sub",
        "misbehaved_userinfo_sub_mismatch",
        &["OIDC Core §5.3.2"],
        "Userinfo has another `sub` than the id_token.",
        Mount::Userinfo(|scene| {
            scene.changed_member(Endpoint::Userinfo, "sub", |sub| format!("{sub}1"))
        }),
    ),
    Attack::refused(
        "oidcc-client-test-nonce-invalid",
        "token_nonce_mismatch",
        &["OIDC Core §3.1.3.7 (11)", "RFC 9700 §4.5.3.2"],
        "`nonce` is the request's with `1` appended.",
        Mount::Login(|scene| scene.changed("nonce", |nonce| format!("{nonce}1"))),
    ),
    Attack::accepted(
        "oidcc-client-test-scope-userinfo-claims",
        &["OIDC Core §5.3.2"],
        "Claims of a scope are in userinfo.",
        Mount::Userinfo(|scene| {
            scene.member(Endpoint::Userinfo, "locale", Some(Value::from("nb")))
        }),
    ),
    Attack::refused(
        "oidcc-client-test-invalid-athash",
        "token_at_hash_mismatch",
        &["OIDC Core §3.1.3.8"],
        "`at_hash` is not that of the access token.",
        Mount::Login(|scene| scene.claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ1")),
    )
    .because("The suite tries it in the front channel only. From the token endpoint it is looked at just the same."),
    Attack::accepted(
        "oidcc-client-test-discovery-openid-config",
        &["RFC 9700 §2.6"],
        "The client reads the metadata and uses it.",
        Mount::Login(|scene| scene),
    ),
    Attack::accepted(
        "oidcc-client-test-discovery-jwks-uri-keys",
        &["RFC 9700 §2.6"],
        "`jwks_uri` is another one each time.",
        Mount::Login(|scene| {
            scene.changed_member(Endpoint::Metadata, "jwks_uri", |uri| {
                uri.replace("jwks", "jwks-2")
            })
        }),
    ),
    Attack::refused(
        "oidcc-client-test-discovery-issuer-mismatch",
        "misbehaved_metadata_issuer",
        &["RFC 8414 §3.3", "mix-up"],
        "The metadata names another `issuer` than the one that they were read from.",
        Mount::Login(|scene| {
            scene.changed_member(Endpoint::Metadata, "issuer", |issuer| format!("{issuer}1"))
        }),
    ),
    Attack::accepted(
        "oidcc-client-test-signing-key-rotation-just-before-signing",
        &["OIDC Core §10.1.1"],
        "The client knows the keys, and the provider signs with a new one.",
        Mount::Login(|scene| scene.knowing(&OTHER_RS256)),
    ),
    Attack::accepted(
        "oidcc-client-test-signing-key-rotation",
        &["OIDC Core §10.1.1"],
        "The keys are replaced between two logins.",
        Mount::Login(|scene| {
            scene
                .knowing(&RS256)
                .signed_by(&OTHER_RS256, [OTHER_RS256.jwk()])
        }),
    ),
    Attack::accepted(
        "oidcc-client-test-refresh-token",
        &["OIDC Core §12.2", "RFC 9700 §4.14"],
        "Tokens are renewed.",
        Mount::Renewal(|scene| scene),
    ),
    Attack::refused(
        "oidcc-client-test-refresh-token-invalid-issuer",
        "token_iss_mismatch",
        &["OIDC Core §12.2"],
        "The renewed id_token has `iss` with `1` appended.",
        Mount::Renewal(|scene| scene.changed("iss", |iss| format!("{iss}1"))),
    ),
    Attack::refused(
        "oidcc-client-test-refresh-token-invalid-sub",
        "token_sub_changed",
        &["OIDC Core §12.2"],
        "The renewed id_token has `sub` with `1` appended.",
        Mount::Renewal(|scene| scene.changed("sub", |sub| format!("{sub}1"))),
    ),
];

pub(super) fn without_signature(token: &str) -> String {
    let end = token.rfind('.').map_or(token.len(), |dot| dot + 1);
    token.get(..end).unwrap_or_default().to_owned()
}
