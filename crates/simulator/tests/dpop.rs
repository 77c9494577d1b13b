//! DPoP (RFC 9449): tokens that are worth nothing without the key they are bound to.

use crate::proof::*;
use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{
    Algorithm, AuthMethod, Client, GrantType, ProviderName, PublicRefresh, Secret, Simulator,
    Switch,
};
use serde_json::{Value, json};

use ProviderName::{Ansattporten, Idporten};

const TOKEN: &str = "http://127.0.0.1:8103/token";
const USERINFO: &str = "http://127.0.0.1:8103/userinfo";
const DIALOGS: &str = "http://127.0.0.1:8105/dialogporten/api/v1/enduser/dialogs";

#[test]
fn the_metadata_names_the_algorithms_of_proofs_while_dpop_is_on() {
    let simulator = simulator();
    let names = |port: u16| {
        let url = format!("http://127.0.0.1:{port}/.well-known/openid-configuration");
        get(&simulator, &url).json()["dpop_signing_alg_values_supported"].clone()
    };
    let all = json!(["ES256", "EdDSA", "RS256", "PS256"]);
    assert_eq!((names(8101), names(8103)), (all.clone(), all.clone()));
    simulator.switch(Switch::DpopAnsattporten, false);
    assert_eq!((names(8101), names(8103)), (Value::Null, all));
}

#[test]
fn a_proof_of_each_algorithm_binds_the_access_token_to_its_key() {
    let simulator = simulator();
    for algorithm in Algorithm::ALL {
        let key = ProofKey::generate(algorithm);
        let answer = redeemed(&simulator, &[&key.proof("POST", TOKEN)]);
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{algorithm}: {}",
            answer.text
        );
        let tokens = answer.json();
        assert_eq!(tokens["token_type"], "DPoP");
        let (_, claims) = access_token(&tokens);
        assert_eq!(claims["cnf"], json!({ "jkt": key.thumbprint() }));
        assert!(id_token(&tokens).1.get("cnf").is_none());
    }
}

#[test]
fn without_a_proof_or_without_dpop_nothing_is_bound() {
    let simulator = simulator();
    let key = ProofKey::generate(Algorithm::Es256);
    let bearer = redeemed(&simulator, &[]).json();
    simulator.switch(Switch::DpopIdporten, false);
    // The header is one of those that the provider does not know.
    let ignored = redeemed(&simulator, &[&key.proof("POST", TOKEN)]).json();
    for tokens in [bearer, ignored] {
        assert_eq!(tokens["token_type"], "Bearer");
        assert!(access_token(&tokens).1.get("cnf").is_none());
    }
}

#[test]
fn a_proof_that_is_wrong_in_anything_is_refused_and_the_code_stays_good() {
    let simulator = simulator();
    let key = ProofKey::generate(Algorithm::Es256);
    let other = ProofKey::generate(Algorithm::Es256);
    let good = || key.claims("POST", TOKEN);
    let with = |name: &str, value: Value| {
        let mut claims = good();
        claims[name] = value;
        key.sign(&key.header(), &claims)
    };
    let with_header = |name: &str, value: Value| {
        let mut header = key.header();
        header[name] = value;
        key.sign(&header, &good())
    };
    let mut private = key.jwk();
    private["d"] = "AAAA".into();
    let cases = [
        ("not a JWS", "x".to_owned()),
        ("too long", "x".repeat(5_000)),
        ("typ", with_header("typ", json!("JWT"))),
        ("alg", with_header("alg", json!("none"))),
        ("alg of another kind", with_header("alg", json!("RS256"))),
        ("symmetric alg", with_header("alg", json!("HS256"))),
        ("crit", with_header("crit", json!(["x"]))),
        ("no jwk", with_header("jwk", Value::Null)),
        ("private jwk", with_header("jwk", private)),
        ("another key", with_header("jwk", other.jwk())),
        ("no jti", with("jti", Value::Null)),
        ("empty jti", with("jti", json!(""))),
        ("htm", with("htm", json!("GET"))),
        ("htu", with("htu", json!(USERINFO))),
        (
            "htu with a query",
            with("htu", json!(format!("{TOKEN}?a=b"))),
        ),
        ("no iat", with("iat", Value::Null)),
        ("old", with("iat", json!(NOW - 11))),
        ("from the future", with("iat", json!(NOW + 11))),
    ];
    let code = code(&simulator);
    for (case, proof) in &cases {
        let answer = redeem_code(&simulator, &code, &[proof]);
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (StatusCode::BAD_REQUEST, "invalid_dpop_proof"),
            "{case}: {}",
            answer.text
        );
    }
    let twice = [&*key.proof("POST", TOKEN), &*key.proof("POST", TOKEN)];
    let answer = redeem_code(&simulator, &code, &twice);
    assert_eq!(answer.error(), "invalid_dpop_proof");
    for iat in [NOW - 10, NOW + 10] {
        let answer = redeemed(&simulator, &[&with("iat", json!(iat))]);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let answer = redeem_code(&simulator, &code, &[&key.proof("POST", TOKEN)]);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[test]
fn a_switch_makes_the_window_of_iat_five_minutes_wide() {
    let simulator = simulator();
    simulator.switch(Switch::DpopWideIat, true);
    let key = ProofKey::generate(Algorithm::Es256);
    for (iat, status) in [
        (NOW - 301, StatusCode::BAD_REQUEST),
        (NOW - 300, StatusCode::OK),
        (NOW + 300, StatusCode::OK),
        (NOW + 301, StatusCode::BAD_REQUEST),
    ] {
        let mut claims = key.claims("POST", TOKEN);
        claims["iat"] = iat.into();
        let answer = redeemed(&simulator, &[&key.sign(&key.header(), &claims)]);
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}

#[test]
fn a_proof_works_once() {
    let simulator = simulator();
    let key = ProofKey::generate(Algorithm::Es256);
    let proof = key.proof("POST", TOKEN);
    assert_eq!(redeemed(&simulator, &[&proof]).status, StatusCode::OK);
    assert_eq!(
        redeemed(&simulator, &[&proof]).error(),
        "invalid_dpop_proof"
    );
    // The jti counts by key: another application may have drawn the same.
    let other = ProofKey::generate(Algorithm::Es256);
    let claims = decoded(&proof).1;
    let answer = redeemed(&simulator, &[&other.sign(&other.header(), &claims)]);
    assert_eq!(answer.status, StatusCode::OK);
}

#[test]
fn with_the_nonce_switch_a_proof_needs_the_nonce_of_the_server() {
    let simulator = simulator();
    simulator.switch(Switch::DpopNonce, true);
    let key = ProofKey::generate(Algorithm::Es256);
    let proof = |nonce: Option<&str>| {
        let mut claims = key.claims("POST", TOKEN);
        claims["nonce"] = nonce.into();
        key.sign(&key.header(), &claims)
    };
    let nonce_of = |answer: &Answer| header(&answer.headers, "dpop-nonce").unwrap().to_owned();
    let code = code(&simulator);
    let challenge = redeem_code(&simulator, &code, &[&proof(None)]);
    assert_eq!(
        (challenge.status, challenge.error().as_str()),
        (StatusCode::BAD_REQUEST, "use_dpop_nonce")
    );
    assert_eq!(
        redeem_code(&simulator, &code, &[&proof(Some("made-up"))]).error(),
        "use_dpop_nonce"
    );
    let nonce = nonce_of(&challenge);
    let answer = redeem_code(&simulator, &code, &[&proof(Some(&nonce))]);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    // The next nonce comes along; an old one is good for a while.
    simulator.clock().advance(60);
    let next = nonce_of(&redeemed(&simulator, &[&at(&key, NOW + 60, &nonce)]));
    assert_ne!(next, nonce);
    simulator.clock().advance(60);
    let late = redeemed(&simulator, &[&at(&key, NOW + 120, &nonce)]);
    assert_eq!(late.error(), "use_dpop_nonce");
    let bearer = redeemed(&simulator, &[]);
    assert_eq!(bearer.status, StatusCode::OK, "{}", bearer.text);
}

#[test]
fn the_nonces_of_two_servers_differ() {
    let simulator = simulator();
    simulator.switch(Switch::DpopNonce, true);
    let key = ProofKey::generate(Algorithm::Es256);
    let nonce_of = |url: &str| {
        let proof = key.proof("POST", url);
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("dpop", proof.as_str()),
        ];
        let body = "grant_type=authorization_code&client_id=app";
        let answer = send(&simulator, Method::POST, url, &form, body);
        assert_eq!(answer.error(), "use_dpop_nonce");
        header(&answer.headers, "dpop-nonce").unwrap().to_owned()
    };
    assert_ne!(
        nonce_of(TOKEN),
        nonce_of("http://127.0.0.1:8101/token"),
        "Ansattporten and ID-porten"
    );
}

#[test]
fn a_bound_token_needs_its_key_at_userinfo_and_in_dialogporten() {
    let simulator = simulator();
    let key = ProofKey::generate(Algorithm::Es256);
    let tokens = redeemed(&simulator, &[&key.proof("POST", TOKEN)]).json();
    let bound = tokens["access_token"].as_str().unwrap();
    let unbound = redeemed(&simulator, &[]).json();
    let unbound = unbound["access_token"].as_str().unwrap();
    let other = ProofKey::generate(Algorithm::Es256);
    for url in [USERINFO, DIALOGS] {
        let query = if url == DIALOGS {
            format!("?party=urn:altinn:person:identifier-no:{KARI}")
        } else {
            String::new()
        };
        let ask = |scheme: &str, token: &str, proof: Option<&str>| {
            let authorization = format!("{scheme} {token}");
            let mut headers = vec![("authorization", authorization.as_str())];
            headers.extend(proof.map(|proof| ("dpop", proof)));
            send(
                &simulator,
                Method::GET,
                &format!("{url}{query}"),
                &headers,
                "",
            )
        };
        for scheme in ["DPoP", "dpop"] {
            let answer = ask(scheme, bound, Some(&key.proof_for("GET", url, bound)));
            assert_eq!(answer.status, StatusCode::OK, "{url}: {}", answer.text);
        }
        assert_eq!(ask("Bearer", unbound, None).status, StatusCode::OK);

        let used = key.proof_for("GET", url, bound);
        assert_eq!(ask("DPoP", bound, Some(&used)).status, StatusCode::OK);
        let of_another_token = key.proof_for("GET", url, unbound);
        let cases = [
            ("Bearer", bound, None, "invalid_token"),
            (
                "Bearer",
                bound,
                Some(key.proof_for("GET", url, bound)),
                "invalid_token",
            ),
            (
                "DPoP",
                unbound,
                Some(key.proof_for("GET", url, unbound)),
                "invalid_token",
            ),
            (
                "DPoP",
                bound,
                Some(other.proof_for("GET", url, bound)),
                "invalid_token",
            ),
            ("DPoP", bound, None, "invalid_dpop_proof"),
            (
                "DPoP",
                bound,
                Some(key.proof("GET", url)),
                "invalid_dpop_proof",
            ),
            ("DPoP", bound, Some(of_another_token), "invalid_dpop_proof"),
            (
                "DPoP",
                bound,
                Some(key.proof_for("POST", url, bound)),
                "invalid_dpop_proof",
            ),
            (
                "DPoP",
                bound,
                Some(key.proof_for("GET", TOKEN, bound)),
                "invalid_dpop_proof",
            ),
            ("DPoP", bound, Some(used), "invalid_dpop_proof"),
        ];
        for (scheme, token, proof, error) in &cases {
            let answer = ask(scheme, token, proof.as_deref());
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{url} {error}");
            let challenge = header(&answer.headers, "www-authenticate").unwrap();
            assert!(
                challenge.starts_with(&format!("DPoP error=\"{error}\", error_description=\"")),
                "{url}: {challenge}"
            );
            assert!(
                challenge.ends_with("algs=\"ES256 EdDSA RS256 PS256\""),
                "{challenge}"
            );
        }
    }
}

#[test]
fn without_a_token_userinfo_names_the_schemes_that_it_takes() {
    let simulator = simulator();
    let challenge = |simulator: &Simulator| {
        let answer = get(simulator, USERINFO);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        header(&answer.headers, "www-authenticate").map(str::to_owned)
    };
    assert_eq!(
        challenge(&simulator).as_deref(),
        Some("Bearer, DPoP algs=\"ES256 EdDSA RS256 PS256\"")
    );
    simulator.switch(Switch::DpopIdporten, false);
    assert_eq!(challenge(&simulator).as_deref(), Some("Bearer"));
}

#[test]
fn without_its_switch_dialogporten_knows_nothing_of_bindings() {
    let simulator = simulator();
    simulator.switch(Switch::DpopDialogporten, false);
    let key = ProofKey::generate(Algorithm::Es256);
    let tokens = redeemed(&simulator, &[&key.proof("POST", TOKEN)]).json();
    let token = tokens["access_token"].as_str().unwrap();
    let url = format!("{DIALOGS}?party=urn:altinn:person:identifier-no:{KARI}");
    assert_eq!(bearer(&simulator, &url, token).status, StatusCode::OK);
    let authorization = format!("DPoP {token}");
    let proof = key.proof_for("GET", DIALOGS, token);
    let headers = [
        ("authorization", authorization.as_str()),
        ("dpop", proof.as_str()),
    ];
    let answer = send(&simulator, Method::GET, &url, &headers, "");
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(header(&answer.headers, "www-authenticate"), Some("Bearer"));
}

#[test]
fn a_resource_server_asks_for_its_own_nonce() {
    let simulator = simulator();
    let key = ProofKey::generate(Algorithm::Es256);
    let tokens = redeemed(&simulator, &[&key.proof("POST", TOKEN)]).json();
    let token = tokens["access_token"].as_str().unwrap();
    simulator.switch(Switch::DpopNonce, true);
    let ask = |url: &str, nonce: Option<&str>| {
        let mut claims = decoded(&key.proof_for("GET", url, token)).1;
        claims["nonce"] = nonce.into();
        let proof = key.sign(&key.header(), &claims);
        let authorization = format!("DPoP {token}");
        let headers = [
            ("origin", "http://localhost:8080"),
            ("authorization", authorization.as_str()),
            ("dpop", proof.as_str()),
        ];
        send(&simulator, Method::GET, url, &headers, "")
    };
    let challenge = ask(USERINFO, None);
    assert_eq!(challenge.status, StatusCode::UNAUTHORIZED);
    let why = header(&challenge.headers, "www-authenticate").unwrap();
    assert!(why.starts_with("DPoP error=\"use_dpop_nonce\""), "{why}");
    let exposed = header(&challenge.headers, "access-control-expose-headers").unwrap();
    assert!(exposed.contains("DPoP-Nonce"), "{exposed}");
    let nonce = header(&challenge.headers, "dpop-nonce").unwrap();
    assert_eq!(ask(USERINFO, Some(nonce)).status, StatusCode::OK);
    let elsewhere = ask(DIALOGS, Some(nonce));
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_refresh_token_of_a_public_client_is_bound_and_survives_a_thief() {
    let simulator = with_refresh(|_| {});
    let key = ProofKey::generate(Algorithm::Es256);
    let thief = ProofKey::generate(Algorithm::Es256);
    let tokens = redeemed(&simulator, &[&key.proof("POST", TOKEN)]).json();
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(
        refresh(&simulator, token, &[]).error(),
        "invalid_dpop_proof"
    );
    let stolen = refresh(&simulator, token, &[&thief.proof("POST", TOKEN)]);
    assert_eq!(stolen.error(), "invalid_grant");
    let renewed = refresh(&simulator, token, &[&key.proof("POST", TOKEN)]);
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text);
    let renewed = renewed.json();
    assert_eq!(renewed["token_type"], "DPoP");
    assert_eq!(access_token(&renewed).1["cnf"]["jkt"], key.thumbprint());
    let next = renewed["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&simulator, next, &[]).error(), "invalid_dpop_proof");
}

#[test]
fn a_refresh_token_of_a_confidential_client_is_bound_to_the_client_alone() {
    let simulator = with_refresh(|client| {
        client.token_endpoint_auth_method = AuthMethod::ClientSecretPost;
        client.client_secret = Some(Secret::new("hemmelig"));
    });
    let first = ProofKey::generate(Algorithm::Es256);
    let second = ProofKey::generate(Algorithm::Es256);
    let secret = ("client_secret", "hemmelig");
    let code = code(&simulator);
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("code", &code),
        secret,
    ];
    let tokens = post_token(&simulator, &form, &[&first.proof("POST", TOKEN)]).json();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "app"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        secret,
    ];
    let renewed = post_token(&simulator, &form, &[&second.proof("POST", TOKEN)]);
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text);
    assert_eq!(
        access_token(&renewed.json()).1["cnf"]["jkt"],
        second.thumbprint()
    );
}

#[test]
fn what_the_sources_disagree_about_is_chosen_by_the_client() {
    let key = ProofKey::generate(Algorithm::Es256);
    for (choice, without_proof, with_proof) in [
        (PublicRefresh::Allowed, true, true),
        (PublicRefresh::WithDpop, false, true),
        (PublicRefresh::Denied, false, false),
    ] {
        let simulator = with_refresh(|client| client.public_refresh = choice);
        let tokens = redeemed(&simulator, &[]).json();
        assert_eq!(
            tokens.get("refresh_token").is_some(),
            without_proof,
            "{choice:?}"
        );
        let tokens = redeemed(&simulator, &[&key.proof("POST", TOKEN)]).json();
        let token = tokens["refresh_token"].as_str();
        assert_eq!(token.is_some(), with_proof, "{choice:?}");
        let bare = refresh(&simulator, token.unwrap_or("x"), &[]).error();
        let expected = match choice {
            PublicRefresh::Denied => "unauthorized_client",
            _ => "invalid_dpop_proof",
        };
        assert_eq!(bare, expected, "{choice:?}");
    }
}

#[test]
fn the_two_providers_are_switched_by_themselves() {
    let simulator = simulator();
    simulator.switch(Switch::DpopIdporten, false);
    let key = ProofKey::generate(Algorithm::Es256);
    let callback = Authorize::at(Ansattporten)
        .headless(KARI, "high")
        .redirected(&simulator);
    let url = "http://127.0.0.1:8101/token";
    let proof = key.proof("POST", url);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("grant_type", "authorization_code"),
            ("client_id", "app"),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
            ("code", callback.code()),
        ])
        .finish();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("dpop", proof.as_str()),
    ];
    let tokens = send(&simulator, Method::POST, url, &headers, &body).json();
    assert_eq!(tokens["token_type"], "DPoP");
}

fn with_refresh(change: impl FnOnce(&mut Client)) -> Simulator {
    let simulator = simulator();
    let mut client = app();
    client.grant_types.push(GrantType::RefreshToken);
    change(&mut client);
    simulator.register(client).unwrap();
    simulator
}

/// A code of ID-porten for everything that the application may ask for.
fn code(simulator: &Simulator) -> String {
    let request = Authorize::at(Idporten).set("scope", "openid profile digdir:dialogporten");
    let callback = request
        .headless(KARI, "idporten-loa-high")
        .redirected(simulator);
    callback.code().to_owned()
}

fn redeemed(simulator: &Simulator, proofs: &[&str]) -> Answer {
    redeem_code(simulator, &code(simulator), proofs)
}

fn redeem_code(simulator: &Simulator, code: &str, proofs: &[&str]) -> Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    post_token(simulator, &form, proofs)
}

fn refresh(simulator: &Simulator, token: &str, proofs: &[&str]) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "app"),
        ("refresh_token", token),
    ];
    post_token(simulator, &form, proofs)
}

fn post_token(simulator: &Simulator, form: &[(&str, &str)], proofs: &[&str]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
    send(simulator, Method::POST, TOKEN, &headers, &body)
}

/// A proof for the token endpoint of another time.
fn at(key: &ProofKey, iat: u64, nonce: &str) -> String {
    let mut claims = key.claims("POST", TOKEN);
    claims["iat"] = iat.into();
    claims["nonce"] = nonce.into();
    key.sign(&key.header(), &claims)
}
