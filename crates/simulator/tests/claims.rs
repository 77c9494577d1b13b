//! What tokens carry, for whom, and how they are signed.

use crate::support::*;
use portvakt_simulator::{Algorithm, ProviderName, SignIn, Visitor};
use serde_json::{Value, json};

use ProviderName::{Ansattporten, Idporten};

#[test]
fn an_id_token_carries_what_the_real_one_carries_and_nothing_else() {
    let simulator = simulator();
    let tokens = tokens(&simulator, Ansattporten);
    let (header, claims) = id_token(&tokens);
    assert_eq!(keys(&header), ["alg", "kid", "x5c"]);
    assert_eq!(
        keys(&claims),
        [
            "acr",
            "amr",
            "aud",
            "auth_time",
            "exp",
            "iat",
            "iss",
            "jti",
            "locale",
            "nonce",
            "pid",
            "sub"
        ]
    );
    assert_eq!(claims["iss"], "http://127.0.0.1:8101");
    assert_eq!(claims["aud"], "app");
    assert_eq!(claims["acr"], "high");
    assert_eq!(claims["amr"], json!(["TestID"]));
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["pid"], KARI);
    assert_eq!(claims["locale"], "nb");
    assert_eq!(
        (claims["iat"].as_u64(), claims["exp"].as_u64()),
        (Some(NOW), Some(NOW + 120))
    );
    assert_eq!(claims["auth_time"], NOW);
    assert_eq!(claims["jti"].as_str().unwrap().len(), 11);
    assert_eq!(claims["sub"].as_str().unwrap().len(), 43);
}

#[test]
fn an_access_token_names_the_client_and_has_no_audience() {
    let simulator = simulator();
    let tokens = tokens(&simulator, Idporten);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 120);
    assert_eq!(tokens["scope"], "openid profile");
    assert!(tokens.get("refresh_token").is_none() && tokens.get("authorization_details").is_none());
    let (header, claims) = access_token(&tokens);
    assert_eq!(keys(&header), ["alg", "kid", "x5c"]);
    assert_eq!(
        keys(&claims),
        [
            "acr",
            "client_amr",
            "client_id",
            "consumer",
            "exp",
            "iat",
            "iss",
            "jti",
            "pid",
            "scope",
            "sub"
        ]
    );
    assert_eq!(claims["client_id"], "app");
    assert_eq!(claims["client_amr"], "none");
    assert_eq!(
        claims["consumer"],
        json!({ "authority": "iso6523-actorid-upis", "ID": "0192:310000019" })
    );
    assert_eq!(claims["acr"], "idporten-loa-high");
}

#[test]
fn resource_becomes_the_audience_of_the_access_token() {
    let simulator = simulator();
    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("resource", "https://api.example/");
    let tokens = redeem(&simulator, Idporten, request.redirected(&simulator).code()).json();
    assert_eq!(access_token(&tokens).1["aud"], "https://api.example/");

    let mut several = request;
    several
        .params
        .push(("resource".to_owned(), "urn:example:two".to_owned()));
    let tokens = redeem(&simulator, Idporten, several.redirected(&simulator).code()).json();
    assert_eq!(
        access_token(&tokens).1["aud"],
        json!(["https://api.example/", "urn:example:two"])
    );
}

#[test]
fn sub_is_pairwise_and_stable() {
    let simulator = simulator();
    let mut other = app();
    other.client_id = "other".to_owned();
    simulator.register(other).unwrap();
    let sub = |client_id: &str| {
        let request = Authorize::at(Idporten)
            .headless(KARI, "idporten-loa-high")
            .set("client_id", client_id);
        let code = request.redirected(&simulator).code().to_owned();
        let tokens = redeem_with(
            &simulator,
            Idporten,
            &[("code", &code), ("client_id", client_id)],
        )
        .json();
        id_token(&tokens).1["sub"].clone()
    };
    assert_eq!(sub("app"), sub("app"));
    assert_ne!(sub("app"), sub("other"));
}

#[test]
fn logins_without_a_person_number_have_an_email_address() {
    let simulator = simulator();
    let request = Authorize::at(Ansattporten)
        .headless(KARI, "entraid")
        .set("acr_values", "entraid");
    let tokens = redeem(
        &simulator,
        Ansattporten,
        request.redirected(&simulator).code(),
    )
    .json();
    let (_, claims) = id_token(&tokens);
    assert_eq!(claims["acr"], "entraid");
    assert_eq!(claims["email"], "kari@syntetisk-kommune.example");
    assert_eq!(
        claims["groups"],
        json!(["5c0f7a52-0000-4000-8000-000000000001"])
    );
    assert_eq!(
        (&claims["given_name"], &claims["family_name"]),
        (&json!("Kari"), &json!("Prøvesen"))
    );
    assert!(claims.get("pid").is_none() && access_token(&tokens).1.get("pid").is_none());

    let request = Authorize::at(Idporten).set("acr_values", "selfregistered-email");
    let callback = request.sign_in(
        &mut Visitor::new(&simulator),
        &simulator,
        &SignIn::person(NORA),
    );
    let tokens = redeem(&simulator, Idporten, callback.code()).json();
    let (_, claims) = id_token(&tokens);
    assert_eq!(
        (&claims["acr"], &claims["amr"]),
        (
            &json!("selfregistered-email"),
            &json!(["Selfregistered-email"])
        )
    );
    assert_eq!(claims["email"], "nora@post.example");
    assert!(claims.get("pid").is_none());
}

#[test]
fn tokens_verify_with_the_published_keys_in_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let simulator = simulator_with(|options| options.idporten_algorithm = algorithm);
        let tokens = tokens(&simulator, Idporten);
        let (header, _) = id_token(&tokens);
        assert_eq!(header["alg"], algorithm.as_str());
        let jwks = get(&simulator, "http://127.0.0.1:8103/jwks.json").json();
        let key = &jwks["keys"][0];
        assert_eq!(
            (&key["kid"], &key["alg"], &key["use"]),
            (&header["kid"], &header["alg"], &json!("sig"))
        );
        assert_eq!(key["x5c"], header["x5c"]);
        assert!(key.get("d").is_none() && key.get("p").is_none());
        assert!(
            verifies(key, tokens["id_token"].as_str().unwrap()),
            "{algorithm}"
        );
        assert!(
            verifies(key, tokens["access_token"].as_str().unwrap()),
            "{algorithm}"
        );
    }
}

/// Verifies with nothing but the published key.
fn verifies(jwk: &Value, token: &str) -> bool {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
        RsaPublicKeyComponents, UnparsedPublicKey,
    };
    use base64::Engine as _;
    let decode = |text: &str| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .unwrap()
    };
    let part = |name: &str| decode(jwk[name].as_str().unwrap());
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (input, signature) = (input.as_bytes(), decode(signature));
    match jwk["alg"].as_str().unwrap() {
        "RS256" | "PS256" => {
            let scheme = if jwk["alg"] == "RS256" {
                &RSA_PKCS1_2048_8192_SHA256
            } else {
                &RSA_PSS_2048_8192_SHA256
            };
            RsaPublicKeyComponents {
                n: part("n"),
                e: part("e"),
            }
            .verify(scheme, input, &signature)
            .is_ok()
        }
        "ES256" => {
            let point = [vec![4], part("x"), part("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(input, &signature)
                .is_ok()
        }
        _ => UnparsedPublicKey::new(&ED25519, part("x"))
            .verify(input, &signature)
            .is_ok(),
    }
}
