//! Who is let in, and how others are refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use portvakt_simulator::{Fault, ProviderName};
use serde_json::Value;

use crate::support::{
    API, Answer, Fixture, HIGH, KARI, KOMMUNE, NORA, PROVE_AS, PROVE_OSLO, SUBSTANTIAL, claims,
};

const PARTIES: &str = "/enduser/parties";
const END_USER_PATHS: [(&str, &str); 8] = [
    ("GET", "/enduser/dialogs"),
    (
        "GET",
        "/enduser/dialogs/019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e",
    ),
    (
        "GET",
        "/enduser/dialogs/019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e/transmissions",
    ),
    (
        "PUT",
        "/enduser/dialogs/019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e/context/systemlabels",
    ),
    (
        "POST",
        "/enduser/dialogs/context/systemlabels/actions/bulkset",
    ),
    ("GET", "/enduser/dialoglookup"),
    ("GET", PARTIES),
    ("GET", "/enduser/serviceresources"),
];

#[tokio::test]
async fn without_a_token_every_end_user_endpoint_answers_a_bare_401() {
    let fixture = Fixture::new();
    for (method, path) in END_USER_PATHS {
        let method = method.parse().expect("a method");
        let answer = fixture
            .send(method, &format!("{API}{path}"), None, &[], "")
            .await;
        assert_bare_401(&answer);
    }
}

#[tokio::test]
async fn another_scheme_or_an_empty_token_counts_as_no_token() {
    let fixture = Fixture::new();
    let url = format!("{API}{PARTIES}");
    for header in ["Basic a2FyaTprYXJp", "Bearer", "Bearer ", ""] {
        let headers = [("authorization", header)];
        assert_bare_401(&fixture.send(Method::GET, &url, None, &headers, "").await);
    }
}

#[tokio::test]
async fn what_is_not_a_jwt_is_an_invalid_token() {
    let fixture = Fixture::new();
    let not_json = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode("nonsense"));
    for token in ["thisisnotavalidtoken", "a.b", "a.b.c.d", "..", &not_json] {
        let answer = fixture.get(token, PARTIES).await;
        assert_invalid_token(&answer, "Bearer error=\"invalid_token\"");
    }
}

#[tokio::test]
async fn a_token_of_id_porten_is_accepted_until_two_seconds_after_it_expires() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let expires = claims(&kari)["exp"].as_u64().expect("exp");
    assert_eq!(fixture.get(&kari, PARTIES).await.status, StatusCode::OK);
    fixture.simulator.clock().set(expires + 2);
    assert_eq!(fixture.get(&kari, PARTIES).await.status, StatusCode::OK);
    fixture.simulator.clock().set(expires + 3);
    let answer = fixture.get(&kari, PARTIES).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let challenge = answer.header("www-authenticate").expect("a challenge");
    let start =
        "Bearer error=\"invalid_token\", error_description=\"The token expired at '09/21/2026";
    assert!(challenge.starts_with(start), "{challenge}");
}

#[tokio::test]
async fn an_altered_token_has_an_invalid_signature() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let mut claims = claims(&kari);
    claims["pid"] = NORA.into();
    let mut parts: Vec<String> = kari.split('.').map(str::to_owned).collect();
    parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
    let forged = parts.join(".");
    assert_invalid_token(
        &fixture.get(&forged, PARTIES).await,
        "Bearer error=\"invalid_token\", error_description=\"The signature is invalid\"",
    );
    parts[0] = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    parts[2] = String::new();
    let unsigned = parts.join(".");
    assert_eq!(
        fixture.get(&unsigned, PARTIES).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_token_whose_key_is_gone_cannot_be_verified() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    fixture.simulator.rotate_keys(ProviderName::Idporten, true);
    assert_eq!(fixture.get(&kari, PARTIES).await.status, StatusCode::OK);
    fixture.simulator.rotate_keys(ProviderName::Idporten, false);
    assert_invalid_token(
        &fixture.get(&kari, PARTIES).await,
        "Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"",
    );
}

#[tokio::test]
async fn without_the_scope_the_answer_is_403_and_empty_and_so_it_is_for_an_id_token() {
    let fixture = Fixture::new();
    let scope = "openid profile";
    let tokens = fixture
        .sign_in(ProviderName::Idporten, KARI, SUBSTANTIAL, scope, None)
        .await;
    for token in [&tokens.access_token, &tokens.id_token] {
        let answer = fixture.get(token, PARTIES).await;
        assert_eq!(
            (answer.status, answer.body.len()),
            (StatusCode::FORBIDDEN, 0)
        );
        assert_eq!(answer.header("content-type"), None);
    }
}

#[tokio::test]
async fn a_token_of_ansattporten_is_a_foreign_issuer_s_unless_the_switch_is_on() {
    let fixture = Fixture::new();
    let token = fixture
        .ansattporten_for(KARI, "310000019", "demo-post")
        .await;
    assert_bare_401(&fixture.get(&token, PARTIES).await);
    fixture.simulator.accept_ansattporten(true);
    assert_eq!(fixture.get(&token, PARTIES).await.status, StatusCode::OK);
    fixture.simulator.accept_ansattporten(false);
    assert_bare_401(&fixture.get(&token, PARTIES).await);
}

#[tokio::test]
async fn an_accepted_token_of_ansattporten_reaches_its_own_organisation_and_resource_only() {
    let fixture = Fixture::with(|options| options.accept_ansattporten = true);
    let token = fixture
        .ansattporten_for(KARI, "310000019", "demo-tilskudd")
        .await;

    let shown = fixture
        .search(&token, &format!("party={PROVE_AS}"))
        .await
        .json();
    let shown = shown["items"].as_array().expect("items");
    assert_eq!(shown.len(), 2);
    assert!(
        shown
            .iter()
            .all(|it| it["serviceResource"] == "urn:altinn:resource:demo-tilskudd")
    );
    let everywhere = "serviceResource=urn:altinn:resource:demo-tilskudd";
    assert_eq!(fixture.search(&token, everywhere).await.titles().len(), 2);

    let oneself = format!("urn:altinn:person:identifier-no:{KARI}");
    for party in [PROVE_OSLO, KOMMUNE, &oneself] {
        let hidden = fixture.search(&token, &format!("party={party}")).await;
        assert_eq!(hidden.titles(), Vec::<String>::new(), "{party}");
    }

    let parties = fixture.get(&token, PARTIES).await.json();
    let parties = parties["authorizedParties"].as_array().expect("parties");
    let named: Vec<&Value> = parties.iter().map(|party| &party["party"]).collect();
    assert_eq!(named, [PROVE_AS]);
    assert_eq!(parties[0]["subParties"], Value::Null);

    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    for (party, title) in [(PROVE_AS, "VAT return"), (KOMMUNE, "cycle path")] {
        let id = fixture.id(&kari, party, title).await;
        let dialog = fixture.get(&token, &format!("/enduser/dialogs/{id}")).await;
        assert_eq!(dialog.status, StatusCode::FORBIDDEN, "{title}");
        let parts = fixture
            .get(&token, &format!("/enduser/dialogs/{id}/activities"))
            .await;
        assert_eq!(parts.status, StatusCode::NOT_FOUND, "{title}");
    }
    let id = fixture.id(&kari, PROVE_AS, "energy efficiency").await;
    let dialog = fixture.get(&token, &format!("/enduser/dialogs/{id}")).await;
    assert_eq!(dialog.status, StatusCode::OK);
    let dialog_token = dialog.json()["dialogToken"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_eq!(claims(&dialog_token)["l"], 4);
}

#[tokio::test]
async fn an_accepted_token_without_representation_reaches_oneself_only() {
    let fixture = Fixture::with(|options| options.accept_ansattporten = true);
    let token = fixture.ansattporten(KARI).await;
    assert_eq!(
        fixture
            .search(&token, &format!("party={PROVE_AS}"))
            .await
            .titles(),
        Vec::<String>::new()
    );
    let oneself = format!("party=urn:altinn:person:identifier-no:{KARI}");
    assert_eq!(fixture.search(&token, &oneself).await.titles().len(), 2);
    let parties = fixture.get(&token, PARTIES).await.json();
    assert_eq!(
        parties["authorizedParties"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_user_without_a_pid_is_of_no_valid_type() {
    let fixture = Fixture::with(|options| options.accept_ansattporten = true);
    let scope = "openid profile digdir:dialogporten";
    let token = fixture
        .sign_in(ProviderName::Ansattporten, KARI, "entraid", scope, None)
        .await
        .access_token;
    let answer = fixture.get(&token, PARTIES).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    let errors = answer.errors();
    let sentence = errors["Type"][0].as_str().expect("a sentence");
    assert!(
        sentence.ends_with("Person, SystemUser, IdportenEmailIdentifiedUser"),
        "{sentence}"
    );
}

#[tokio::test]
async fn maintenance_answers_everything_with_503_and_says_when_to_come_back() {
    let fixture = Fixture::new();
    for path in [PARTIES, "/metadata/limits", "/.well-known/jwks.json"] {
        fixture.simulator.arm(Fault::DialogportenMaintenance, 1);
        let answer = fixture
            .send(Method::GET, &format!("{API}{path}"), None, &[], "")
            .await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("content-type"), Some("text/plain"));
        assert_eq!(
            answer.header("retry-after"),
            Some("Mon, 21 Sep 2026 14:15:20 GMT")
        );
        assert_eq!(answer.text(), "Service Unavailable");
    }
    let url = format!("{API}/metadata/limits");
    assert_eq!(
        fixture.send(Method::GET, &url, None, &[], "").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_other_faults_answer_as_the_service_would() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    for (fault, status) in [
        (
            Fault::DialogportenRateLimited,
            StatusCode::TOO_MANY_REQUESTS,
        ),
        (Fault::DialogportenBadGateway, StatusCode::BAD_GATEWAY),
        (
            Fault::DialogportenInternalError,
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (Fault::DialogportenMalformed, StatusCode::OK),
    ] {
        fixture.simulator.arm(fault, 1);
        let answer = fixture.get(&kari, PARTIES).await;
        assert_eq!(answer.status, status, "{fault}");
        match fault {
            Fault::DialogportenRateLimited => {
                assert_eq!(answer.header("retry-after"), Some("120"));
            }
            Fault::DialogportenMalformed => {
                assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
            }
            _ => assert_eq!(answer.errors(), Value::Null),
        }
        assert_eq!(fixture.get(&kari, PARTIES).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_challenge_of_rfc_9470_names_the_level_in_the_terms_of_the_issuer() {
    let fixture = Fixture::with(|options| options.accept_ansattporten = true);
    for (token, high) in [
        (fixture.idporten(KARI, SUBSTANTIAL).await, HIGH),
        (fixture.ansattporten(KARI).await, "high"),
    ] {
        let fault = Fault::DialogportenStepUpChallenge;
        fixture.simulator.arm(fault, 1);
        let answer = fixture.get(&token, PARTIES).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let challenge = answer.header("www-authenticate").expect("a challenge");
        assert!(
            challenge.starts_with("Bearer error=\"insufficient_user_authentication\", ")
                && challenge.ends_with(&format!("acr_values=\"{high}\"")),
            "{challenge}"
        );
        assert_eq!(fixture.get(&token, PARTIES).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn no_page_of_another_origin_can_read_the_api_unless_cors_is_open() {
    for open in [false, true] {
        let fixture = Fixture::with(|options| options.dialogporten_cors = open);
        let kari = fixture.idporten(KARI, HIGH).await;
        let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
        let url = format!("{API}/enduser/dialogs/{id}");
        let origin = ("origin", "http://localhost:8080");
        let asked = [
            origin,
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization, if-match"),
        ];
        let preflight = fixture.send(Method::OPTIONS, &url, None, &asked, "").await;
        let answer = fixture
            .send(Method::GET, &url, Some(&kari), &[origin], "")
            .await;
        let refused = fixture.send(Method::GET, &url, None, &[origin], "").await;
        assert_eq!(answer.status, StatusCode::OK);
        if open {
            assert!(preflight.status.is_success());
            let allowed = preflight
                .header("access-control-allow-headers")
                .expect("headers");
            assert!(
                allowed.contains("Authorization") && allowed.contains("If-Match"),
                "{allowed}"
            );
            for answer in [&answer, &refused] {
                assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
                let exposed = answer
                    .header("access-control-expose-headers")
                    .expect("headers");
                for name in ["WWW-Authenticate", "ETag"] {
                    assert!(exposed.contains(name), "{name}: {exposed}");
                }
            }
        } else {
            for answer in [&preflight, &answer, &refused] {
                assert_eq!(answer.header("access-control-allow-origin"), None);
            }
        }
    }
}

#[tokio::test]
async fn a_browser_can_tell_an_expired_token_from_one_of_an_unknown_issuer_where_cors_is_open() {
    let fixture = Fixture::with(|options| options.dialogporten_cors = true);
    let expired = fixture.idporten(KARI, HIGH).await;
    fixture.simulator.clock().advance(3_600);
    let foreign = fixture.ansattporten(KARI).await;
    let origin = [("origin", "http://localhost:8080")];
    let url = format!("{API}{PARTIES}");
    for (token, is_expired) in [(expired, true), (foreign, false)] {
        let answer = fixture
            .send(Method::GET, &url, Some(&token), &origin, "")
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            answer.header("access-control-expose-headers"),
            Some("WWW-Authenticate, DPoP-Nonce, ETag, Retry-After")
        );
        let challenge = answer.header("www-authenticate").expect("a challenge");
        assert_eq!(
            challenge.contains("invalid_token"),
            is_expired,
            "{challenge}"
        );
        assert_eq!(challenge == "Bearer", !is_expired, "{challenge}");
    }
}

#[track_caller]
fn assert_bare_401(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.body.len()),
        (StatusCode::UNAUTHORIZED, 0)
    );
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[track_caller]
fn assert_invalid_token(answer: &Answer, challenge: &str) {
    assert_eq!(
        (answer.status, answer.body.len()),
        (StatusCode::UNAUTHORIZED, 0)
    );
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}
