//! Dialog tokens, and what the service owner gives for them.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    API, Fixture, HIGH, KARI, KOMMUNE, NOW, OLA, PROVE_AS, PROVE_OSLO, SUBSTANTIAL, claims,
    jws_header,
};

async fn jwks(fixture: &Fixture) -> Vec<Value> {
    let url = format!("{API}/.well-known/jwks.json");
    let set = fixture.send(Method::GET, &url, None, &[], "").await.json();
    set["keys"].as_array().expect("keys").clone()
}

/// Whether the key that the token names has signed it.
fn is_signed(token: &str, keys: &[Value]) -> bool {
    let kid = jws_header(token)["kid"].clone();
    let Some(key) = keys.iter().find(|key| key["kid"] == kid) else {
        return false;
    };
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let (input, signature) = token.rsplit_once('.').expect("a compact JWS");
    UnparsedPublicKey::new(&ED25519, decode(key["x"].as_str().expect("a key")))
        .verify(input.as_bytes(), &decode(signature))
        .is_ok()
}

async fn opened(fixture: &Fixture, token: &str, party: &str, title: &str) -> Value {
    let id = fixture.id(token, party, title).await;
    fixture
        .get(token, &format!("/enduser/dialogs/{id}"))
        .await
        .json()
}

fn dialog_token(dialog: &Value) -> &str {
    dialog["dialogToken"].as_str().expect("a token")
}

#[tokio::test]
async fn a_dialog_token_has_exactly_the_service_s_claims() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let dialog = opened(&fixture, &kari, PROVE_AS, "VAT return").await;
    let token = dialog_token(&dialog);
    let header = jws_header(token);
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("EdDSA"), &json!("JWT"))
    );
    let mut claims = claims(token);
    let jti = claims
        .as_object_mut()
        .and_then(|claims| claims.remove("jti"))
        .expect("a jti");
    assert_eq!(jti.as_str().map(str::len), Some(36));
    assert_eq!(
        claims,
        json!({
            "c": "urn:altinn:person:identifier-no:15868510045",
            "l": 3,
            "p": PROVE_AS,
            "s": "urn:altinn:resource:demo-skatt",
            "i": dialog["id"],
            "a": "read;sign;write",
            "iss": "http://127.0.0.1:8105/dialogporten/api/v1",
            "iat": NOW,
            "nbf": NOW,
            "exp": NOW + 600,
        })
    );
    assert!(is_signed(token, &jwks(&fixture).await));
}

#[tokio::test]
async fn the_actions_are_those_that_the_caller_has_of_the_dialog_s() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    let ola = fixture.idporten(OLA, HIGH).await;
    for (token, party, title, actions) in [
        (&kari, KOMMUNE, "cycle path", "read;write"),
        (&ola, PROVE_OSLO, "staff register", "read"),
        (&kari, PROVE_OSLO, "staff register", "read;write"),
        (
            &kari,
            PROVE_AS,
            "Apprentice grant",
            "read;write;read,urn:altinn:resource:demo-sykmelding",
        ),
    ] {
        let dialog = opened(&fixture, token, party, title).await;
        assert_eq!(claims(dialog_token(&dialog))["a"], actions, "{title}");
    }
}

#[tokio::test]
async fn each_opening_gives_a_fresh_token_and_a_search_gives_none() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let first = opened(&fixture, &kari, PROVE_AS, "VAT return").await;
    let second = opened(&fixture, &kari, PROVE_AS, "VAT return").await;
    assert_ne!(
        claims(dialog_token(&first))["jti"],
        claims(dialog_token(&second))["jti"]
    );
    let item = fixture.item(&kari, PROVE_AS, "VAT return").await;
    assert_eq!(item["dialogToken"], Value::Null);
}

#[tokio::test]
async fn the_key_set_has_two_keys_and_may_be_cached_for_a_day() {
    let fixture = Fixture::new();
    let url = format!("{API}/.well-known/jwks.json");
    let answer = fixture.send(Method::GET, &url, None, &[], "").await;
    assert_eq!(
        answer.header("cache-control"),
        Some("public, max-age=86400")
    );
    assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let keys = jwks(&fixture).await;
    assert_eq!(keys.len(), 2);
    for key in &keys {
        let members: Vec<&str> = key
            .as_object()
            .expect("a key")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
        assert_eq!(key["kty"], "OKP");
        assert_eq!(
            (&key["crv"], &key["alg"]),
            (&json!("Ed25519"), &json!("EdDSA"))
        );
    }
}

#[tokio::test]
async fn the_metadata_names_issuer_and_key_set_and_no_more() {
    let fixture = Fixture::new();
    let url = format!("{API}/.well-known/oauth-authorization-server");
    let answer = fixture.send(Method::GET, &url, None, &[], "").await;
    assert_eq!(
        answer.header("cache-control"),
        Some("public, max-age=86400")
    );
    assert_eq!(
        answer.json(),
        json!({ "issuer": API, "jwks_uri": format!("{API}/.well-known/jwks.json") })
    );
}

#[tokio::test]
async fn after_a_rotation_the_standby_key_signs_and_old_tokens_can_still_be_verified() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let before = opened(&fixture, &kari, PROVE_AS, "VAT return").await;
    let standby = jwks(&fixture).await[1]["kid"].clone();
    let body = json!({ "provider": "dialogporten", "overlap": true });
    let rotated = fixture.control(Method::POST, "keys/rotate", &body).await;
    assert!(rotated.status.is_success(), "{}", rotated.text());
    let after = opened(&fixture, &kari, PROVE_AS, "VAT return").await;
    assert_eq!(jws_header(dialog_token(&after))["kid"], standby);
    let keys = jwks(&fixture).await;
    assert!(keys.len() >= 2);
    assert!(is_signed(dialog_token(&before), &keys));
    assert!(is_signed(dialog_token(&after), &keys));

    let body = json!({ "provider": "dialogporten", "overlap": false });
    fixture.control(Method::POST, "keys/rotate", &body).await;
    assert!(!is_signed(dialog_token(&after), &jwks(&fixture).await));
}

#[tokio::test]
async fn embedded_content_is_given_for_the_dialog_s_own_token_only() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let dialog = opened(&fixture, &kari, PROVE_AS, "energy efficiency").await;
    let reference = &dialog["content"]["mainContentReference"];
    assert_eq!(
        reference["mediaType"],
        "application/vnd.dialogporten.frontchannelembed-url;type=text/markdown"
    );
    assert_eq!(reference["isAuthorized"], true);
    let url = reference["value"][1]["value"].as_str().expect("a URL");
    let get = async |token: Option<&str>| fixture.send(Method::GET, url, token, &[], "").await;

    let content = get(Some(dialog_token(&dialog))).await;
    assert_eq!(content.status, StatusCode::OK);
    assert_eq!(
        content.header("content-type"),
        Some("text/markdown; charset=utf-8")
    );
    assert_eq!(content.header("access-control-allow-origin"), Some("*"));
    assert!(
        content
            .text()
            .starts_with("# Søknad om støtte til energieffektivisering\n")
    );

    let other = opened(&fixture, &kari, PROVE_AS, "VAT return").await;
    for token in [
        None,
        Some(kari.as_str()),
        Some(dialog_token(&other)),
        Some("opaque"),
    ] {
        assert_eq!(get(token).await.status, StatusCode::UNAUTHORIZED);
    }
    fixture.simulator.clock().advance(610);
    assert_eq!(
        get(Some(dialog_token(&dialog))).await.status,
        StatusCode::UNAUTHORIZED
    );
    let preflight = fixture.send(Method::OPTIONS, url, None, &[], "").await;
    let allowed = preflight
        .header("access-control-allow-headers")
        .expect("allowed headers");
    assert!(allowed.contains("Authorization"));
}

#[tokio::test]
async fn a_write_action_is_done_once_and_the_dialog_says_so() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let dialog = opened(&fixture, &kari, PROVE_AS, "whistleblowing").await;
    let action = &dialog["guiActions"][0];
    assert_eq!(
        (&action["httpMethod"], &action["action"]),
        (&json!("POST"), &json!("write"))
    );
    let url = action["url"].as_str().expect("a URL");
    let act =
        async |method, token: Option<&str>| fixture.send(method, url, token, &[], "").await.status;
    assert_eq!(act(Method::POST, None).await, StatusCode::UNAUTHORIZED);
    let token = Some(dialog_token(&dialog));
    assert_eq!(
        act(Method::DELETE, token).await,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(act(Method::POST, token).await, StatusCode::NO_CONTENT);
    assert_eq!(act(Method::POST, token).await, StatusCode::NOT_FOUND);
    let after = opened(&fixture, &kari, PROVE_AS, "whistleblowing").await;
    assert_eq!(after["status"], "Completed");
    assert_eq!(after["guiActions"], json!([]));
    assert_ne!(after["revision"], dialog["revision"]);
}

#[tokio::test]
async fn every_link_of_every_dialog_leads_somewhere() {
    let fixture = Fixture::new();
    let mut followed = 0;
    for pid in [KARI, OLA] {
        let person = fixture.idporten(pid, HIGH).await;
        for resource in ["post", "skatt", "tilskudd", "tilsyn", "sykmelding"] {
            let query = format!("serviceResource=urn:altinn:resource:demo-{resource}");
            let found = fixture.search(&person, &query).await.json();
            for item in found["items"].as_array().expect("items") {
                let path = format!("/enduser/dialogs/{}", item["id"].as_str().expect("an id"));
                let dialog = fixture.get(&person, &path).await;
                for url in get_urls(&dialog.json()) {
                    let token = dialog.json();
                    let token = Some(dialog_token(&token));
                    let answer = fixture.send(Method::GET, &url, token, &[], "").await;
                    assert_eq!(answer.status, StatusCode::OK, "{url}");
                    assert!(!answer.body.is_empty());
                    followed += 1;
                }
            }
        }
    }
    assert!(followed > 40, "{followed}");
}

/// The simulator's own URLs that are fetched with GET.
fn get_urls(dialog: &Value) -> Vec<String> {
    let text = dialog.to_string();
    text.split('"')
        .filter(|part| part.starts_with("http://127.0.0.1:8105/dialogporten/demo-service/"))
        .filter(|url| !url.contains("/action/"))
        .map(str::to_owned)
        .collect()
}
