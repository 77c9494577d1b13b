//! Faults: each one shows itself as it says, as often as it was armed for, and nowhere else.

use std::collections::BTreeSet;

use crate::proof::ProofKey;
use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{
    Algorithm, Arrival, Fault, GrantType, Lost, Place, ProviderName, RarProfile, SignIn, Simulator,
    Switch, Visitor,
};
use serde_json::{Value, json};

use ProviderName::Ansattporten;

/// A fault and what must be true of a login during which it is armed.
type Case = (Fault, fn(&Login, &Login) -> bool);

/// Everything that can be seen of a login.
struct Login {
    callback: Callback,
    token_status: StatusCode,
    token_text: String,
    tokens: Value,
    header: Value,
    claims: Value,
    /// The signature of the id_token verifies with the published key of its `kid`.
    is_signed: bool,
}

const ID_TOKEN: &[Case] = &[
    (Fault::WrongIss, |fault, good| {
        fault.claims["iss"] != good.claims["iss"]
    }),
    (Fault::MissingIss, |fault, _| {
        fault.claims.get("iss").is_none()
    }),
    (Fault::WrongAud, |fault, _| {
        fault.claims["aud"] == "another-client"
    }),
    (Fault::AdditionalAud, |fault, _| {
        fault.claims["aud"] == json!(["app", "another-client"]) && fault.claims.get("azp").is_none()
    }),
    (Fault::WrongAzp, |fault, _| {
        fault.claims["azp"] == "another-client"
    }),
    (Fault::WrongNonce, |fault, _| {
        fault.claims["nonce"].is_string() && fault.claims["nonce"] != "the-nonce"
    }),
    (Fault::MissingNonce, |fault, _| {
        fault.claims.get("nonce").is_none()
    }),
    (Fault::MissingSub, |fault, _| {
        fault.claims.get("sub").is_none()
    }),
    (Fault::Expired, |fault, _| {
        fault.claims["exp"] == NOW - 3_600
    }),
    (Fault::MissingExp, |fault, _| {
        fault.claims.get("exp").is_none()
    }),
    (Fault::FutureIat, |fault, _| {
        fault.claims["iat"] == NOW + 3_600 && fault.claims["exp"] == NOW + 3_720
    }),
    (Fault::MissingIat, |fault, _| {
        fault.claims.get("iat").is_none()
    }),
    (Fault::NotYetValid, |fault, _| {
        fault.claims["nbf"] == NOW + 3_600
    }),
    (Fault::OldAuthTime, |fault, _| {
        fault.claims["auth_time"] == NOW - 172_800
    }),
    (Fault::MissingAuthTime, |fault, _| {
        fault.claims.get("auth_time").is_none()
    }),
    (Fault::LowerAcr, |fault, _| {
        fault.claims["acr"] == "substantial"
    }),
    (Fault::MissingAcr, |fault, _| {
        fault.claims.get("acr").is_none()
    }),
];

#[test]
fn faults_of_claims_change_that_claim_of_a_correctly_signed_id_token() {
    for (fault, holds) in ID_TOKEN {
        let good = login(None);
        let faulty = login(Some(*fault));
        assert!(!holds(&good, &good), "{fault} holds without the fault");
        assert!(holds(&faulty, &good), "{fault}: {}", faulty.claims);
        assert!(faulty.is_signed, "{fault}");
    }
}

#[test]
fn faults_of_the_signature_leave_the_claims_alone() {
    let good = login(None);
    assert!(good.is_signed);
    let cases: &[Case] = &[
        (Fault::BadSignature, |fault, _| {
            fault.header["alg"] == "ES256"
        }),
        (Fault::AlgNone, |fault, _| {
            fault.header["alg"] == "none"
                && fault.tokens["id_token"].as_str().unwrap().ends_with('.')
        }),
        (Fault::Hs256WithPublicKey, |fault, _| {
            fault.header["alg"] == "HS256"
        }),
        (Fault::UnknownKid, |fault, good| {
            fault.header["kid"] != good.header["kid"]
        }),
        (Fault::EmbeddedKey, |fault, _| {
            fault.header["jwk"]["kid"] == fault.header["kid"]
        }),
        (Fault::KeysRotated, |_, _| true),
    ];
    for (fault, holds) in cases {
        let faulty = login(Some(*fault));
        assert!(holds(&faulty, &good), "{fault}: {}", faulty.header);
        assert!(!faulty.is_signed, "{fault}");
        assert_eq!(faulty.claims["nonce"], "the-nonce", "{fault}");
    }
    let critical = login(Some(Fault::UnknownCritHeader));
    assert!(critical.is_signed && critical.header["crit"] == json!(["urn:example:unknown"]));
}

#[test]
fn hs256_is_signed_with_the_public_key_as_the_secret() {
    use aws_lc_rs::hmac;
    use base64::Engine as _;
    let simulator = simulator();
    simulator.arm(Fault::Hs256WithPublicKey, 1);
    let tokens = tokens(&simulator, Ansattporten);
    let jwk = get(&simulator, "http://127.0.0.1:8101/jwks.json").json()["keys"][0].clone();
    let decode = |text: &str| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .unwrap()
    };
    let part = |name: &str| decode(jwk[name].as_str().unwrap());
    let secret = hmac::Key::new(hmac::HMAC_SHA256, &[vec![4], part("x"), part("y")].concat());
    let (input, signature) = tokens["id_token"]
        .as_str()
        .unwrap()
        .rsplit_once('.')
        .unwrap();
    assert!(hmac::verify(&secret, input.as_bytes(), &decode(signature)).is_ok());
}

#[test]
fn duplicate_claims_are_in_the_text_of_the_token() {
    use base64::Engine as _;
    let simulator = simulator();
    simulator.arm(Fault::DuplicateClaims, 1);
    let tokens = tokens(&simulator, Ansattporten);
    let payload = tokens["id_token"]
        .as_str()
        .unwrap()
        .split('.')
        .nth(1)
        .unwrap()
        .to_owned();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    assert_eq!(
        String::from_utf8(bytes)
            .unwrap()
            .matches("\"sub\":")
            .count(),
        2
    );
}

#[test]
fn faults_of_the_token_response() {
    let cases: &[Case] = &[
        (Fault::TokenEndpointDown, |fault, _| {
            fault.token_status == StatusCode::SERVICE_UNAVAILABLE
        }),
        (Fault::TokenEndpointRefuses, |fault, _| {
            fault.tokens["error"] == "invalid_grant"
        }),
        (Fault::TokenResponseMalformed, |fault, _| {
            fault.token_status == 200 && fault.tokens.is_null()
        }),
        (Fault::TokenResponseTooLarge, |fault, _| {
            fault.token_text.len() > 4 * 1024 * 1024
        }),
        (Fault::TokenTypeUnknown, |fault, _| {
            fault.tokens["token_type"] == "mac"
        }),
        (Fault::IdTokenMissing, |fault, _| {
            fault.tokens.get("id_token").is_none()
        }),
        (Fault::AccessTokenMissing, |fault, _| {
            fault.tokens.get("access_token").is_none()
        }),
        (Fault::AccessTokenAsIdToken, |fault, _| {
            fault.tokens["id_token"] == fault.tokens["access_token"]
        }),
    ];
    let good = login(None);
    for (fault, holds) in cases {
        assert!(!holds(&good, &good), "{fault} holds without the fault");
        let faulty = login(Some(*fault));
        assert!(
            holds(&faulty, &good),
            "{fault}: {} {}",
            faulty.token_status,
            faulty.tokens
        );
    }
}

#[test]
fn faults_of_the_authorization_response() {
    let cases: &[Case] = &[
        (Fault::IssOfAnotherProvider, |fault, _| {
            fault.callback.get("iss") == Some("http://127.0.0.1:8103")
        }),
        (Fault::IssMissing, |fault, _| {
            fault.callback.get("iss").is_none()
        }),
        (Fault::StateNotReturned, |fault, _| {
            fault.callback.get("state").is_none()
        }),
        (Fault::StateAltered, |fault, _| {
            fault
                .callback
                .get("state")
                .is_some_and(|state| state != "the-state")
        }),
        (Fault::CodeMissing, |fault, _| {
            fault.callback.names() == ["iss", "state"]
        }),
        (Fault::CodeDuplicated, |fault, _| {
            fault.callback.names() == ["code", "code", "iss", "state"]
        }),
        (Fault::CodeAndError, |fault, _| {
            fault.callback.names() == ["code", "error", "iss", "state"]
        }),
        (Fault::ServerError, |fault, _| {
            fault.callback.get("error") == Some("server_error")
        }),
        (Fault::TemporarilyUnavailable, |fault, _| {
            fault.callback.get("error") == Some("temporarily_unavailable")
        }),
    ];
    let good = login(None);
    for (fault, holds) in cases {
        assert!(!holds(&good, &good), "{fault} holds without the fault");
        let faulty = login(Some(*fault));
        assert!(holds(&faulty, &good), "{fault}: {}", faulty.callback.url);
    }
}

#[test]
fn a_cancelled_login_carries_the_faults_of_state_and_iss_too() {
    let simulator = simulator();
    simulator.arm(Fault::IssMissing, 1);
    simulator.arm(Fault::StateAltered, 1);
    let url = Authorize::at(Ansattporten).url(&simulator);
    let callback = Callback::parse(&run(Visitor::new(&simulator).cancel(&url)).unwrap());
    assert_eq!(callback.names(), ["error", "error_description", "state"]);
    assert_ne!(callback.get("state"), Some("the-state"));
}

#[test]
fn faults_of_representation() {
    let party =
        |tokens: &Value| tokens["authorization_details"][0]["authorized_parties"][0].clone();
    let in_id_token = |login: &Login| login.claims["authorization_details"].clone();

    let good = representing(None);
    assert_eq!(in_id_token(&good), good.tokens["authorization_details"]);

    let empty = json!([{ "type": "ansattporten:altinn:resource" }]);
    let faulty = representing(Some(Fault::MissingRepresentation));
    assert_eq!(
        (
            &faulty.tokens["authorization_details"],
            in_id_token(&faulty)
        ),
        (&empty, empty.clone())
    );

    let faulty = representing(Some(Fault::MissingAuthorizationDetails));
    assert!(faulty.tokens.get("authorization_details").is_none() && in_id_token(&faulty).is_null());

    let faulty = representing(Some(Fault::OtherOrganisation));
    assert_eq!(party(&faulty.tokens), party(&good.tokens));
    assert_eq!(party(&faulty.claims)["orgno"]["ID"], "0192:319999981");

    let faulty = representing(Some(Fault::OtherResource));
    let other = "urn:altinn:resource:another-resource";
    assert_eq!(faulty.tokens["authorization_details"][0]["resource"], other);
    assert_eq!(in_id_token(&faulty), faulty.tokens["authorization_details"]);

    let faulty = representing(Some(Fault::OtherType));
    assert_eq!(
        faulty.tokens["authorization_details"][0]["type"],
        "ansattporten:orgno"
    );

    let faulty = representing(Some(Fault::AdditionalOrganisation));
    let parties = &faulty.tokens["authorization_details"][0]["authorized_parties"];
    assert_eq!(parties.as_array().map(Vec::len), Some(2));
    assert_eq!(in_id_token(&faulty), faulty.tokens["authorization_details"]);
}

#[test]
fn faults_of_the_issuers_other_endpoints() {
    let simulator = simulator();
    let access_token = tokens(&simulator, Ansattporten)["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let discovery = || {
        get(
            &simulator,
            "http://127.0.0.1:8101/.well-known/openid-configuration",
        )
    };
    let jwks = || get(&simulator, "http://127.0.0.1:8101/jwks.json");
    let userinfo = || bearer(&simulator, "http://127.0.0.1:8101/userinfo", &access_token);
    let sub = userinfo().json()["sub"].clone();
    let during = |fault: Fault, answer: &dyn Fn() -> Answer| {
        simulator.arm(fault, 1);
        let faulty = answer();
        assert!(simulator.armed().is_empty(), "{fault} was not used up");
        assert!(answer().status.is_success(), "{fault} lasts");
        faulty
    };
    assert_eq!(
        during(Fault::DiscoveryDown, &discovery).status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let faulty = during(Fault::DiscoveryIssuerMismatch, &discovery).json();
    assert_eq!(faulty["issuer"], "http://127.0.0.1:8101/");
    let faulty = during(Fault::DiscoveryWithoutS256, &discovery).json();
    assert_eq!(faulty["code_challenge_methods_supported"], json!(["plain"]));
    let faulty = during(Fault::DiscoveryInsecureEndpoint, &discovery).json();
    assert_eq!(faulty["token_endpoint"], "http://provider.example/token");

    assert_eq!(
        during(Fault::JwksDown, &jwks).status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        during(Fault::JwksEmpty, &jwks).json(),
        json!({ "keys": [] })
    );
    assert!(serde_json::from_str::<Value>(&during(Fault::JwksMalformed, &jwks).text).is_err());

    assert_eq!(
        during(Fault::UserinfoDown, &userinfo).status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_ne!(
        during(Fault::UserinfoOtherSub, &userinfo).json()["sub"],
        sub
    );
    assert!(
        during(Fault::UserinfoMissingSub, &userinfo)
            .json()
            .get("sub")
            .is_none()
    );

    let form = [("content-type", "application/x-www-form-urlencoded")];
    let push = || {
        let body = Authorize::at(Ansattporten).query();
        send(
            &simulator,
            http::Method::POST,
            "http://127.0.0.1:8101/par",
            &form,
            &body,
        )
    };
    assert_eq!(
        during(Fault::ParDown, &push).status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let revoke = || {
        post_form(
            &simulator,
            "http://127.0.0.1:8101/revoke",
            &[("client_id", "app"), ("token", "x")],
        )
    };
    assert_eq!(
        during(Fault::RevocationDown, &revoke).status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[test]
fn faults_of_the_logout_response() {
    let simulator = simulator();
    for (fault, is_right) in [
        (
            Fault::LogoutStateNotReturned,
            (|url| url == AFTER_LOGOUT) as fn(&str) -> bool,
        ),
        (Fault::LogoutStateAltered, |url| {
            url.contains("?state=") && !url.ends_with("=mine")
        }),
    ] {
        let mut visitor = Visitor::new(&simulator);
        run(visitor.sign_in(
            &Authorize::at(Ansattporten).url(&simulator),
            &SignIn::person(KARI),
        ))
        .unwrap();
        simulator.arm(fault, 1);
        let url = format!(
            "http://127.0.0.1:8102/logout?client_id=app&post_logout_redirect_uri={}&state=mine",
            "http%3A%2F%2Flocalhost%3A8080%2F"
        );
        let Arrival::Left(url) = run(visitor.open(&url)) else {
            panic!("{fault}")
        };
        assert!(is_right(&url), "{fault}: {url}");
    }
}

#[test]
fn a_fault_is_gone_after_its_times() {
    let simulator = simulator();
    simulator.arm(Fault::WrongIss, 2);
    let iss = || id_token(&tokens(&simulator, Ansattporten)).1["iss"].clone();
    let right = json!("http://127.0.0.1:8101");
    assert!(iss() != right && iss() != right && iss() == right);
}

#[test]
fn a_fault_that_has_nothing_to_show_itself_in_waits() {
    let simulator = simulator();
    simulator.arm(Fault::OtherOrganisation, 1);
    tokens(&simulator, Ansattporten);
    assert_eq!(simulator.armed(), [(Fault::OtherOrganisation, 1)]);
}

#[test]
fn faults_of_representation_find_the_organisation_in_every_shape() {
    let simulator = simulator();
    let redeemed = |request: &Authorize, choice: &SignIn| {
        let callback = request.sign_in(&mut Visitor::new(&simulator), &simulator, choice);
        redeem(&simulator, request.provider, callback.code()).json()
    };
    let orgno = Authorize::at(Ansattporten)
        .set("acr_values", "entraid")
        .set(
            "authorization_details",
            r#"[{"type":"ansattporten:orgno"}]"#,
        );
    let service = Authorize::at(Ansattporten).set(
        "authorization_details",
        r#"[{"type":"ansattporten:altinn:service","resource":"urn:altinn:resource:2480:40"}]"#,
    );
    simulator.set_rar_profile(RarProfile::V2);
    simulator.arm(Fault::OtherOrganisation, 2);
    let tokens = redeemed(&orgno, &SignIn::person(KARI).representing("314445554"));
    let details = &id_token(&tokens).1["authorization_details"];
    assert_eq!(details[0]["orgno"]["ID"], "0192:319999981");
    let tokens = redeemed(&service, &SignIn::person(KARI).representing("310000019"));
    let details = &id_token(&tokens).1["authorization_details"];
    assert_eq!(details[0]["reportees"][0]["ID"], "0192:319999981");

    // Nobody's mandate is an empty array, in which nothing can be wrong.
    let mandate = Authorize::at(ProviderName::Idporten).set(
        "authorization_details",
        r#"[{"type":"idporten:fullmakt","permission_roles":["arbeid"]}]"#,
    );
    for fault in Fault::ALL
        .iter()
        .filter(|fault| fault.place() == Place::Representation)
    {
        simulator.disarm_all();
        simulator.arm(*fault, 1);
        let tokens = redeemed(&mandate, &SignIn::person(NORA));
        let is_waiting = *fault != Fault::MissingAuthorizationDetails;
        assert_eq!(
            tokens["authorization_details"].is_array(),
            is_waiting,
            "{fault}"
        );
        assert_eq!(!simulator.armed().is_empty(), is_waiting, "{fault}");
    }
}

#[test]
fn every_fault_of_the_providers_is_tested_here() {
    let source = include_str!("faults.rs");
    let untested: BTreeSet<String> = Fault::ALL
        .iter()
        .filter(|fault| fault.place() != Place::Dialogporten)
        .map(|fault| format!("Fault::{fault:?}"))
        .filter(|name| {
            !source.contains(&format!("{name},")) && !source.contains(&format!("{name})"))
        })
        .collect();
    assert_eq!(untested, BTreeSet::new());
}

#[test]
fn faults_of_front_channel_logout() {
    let parameters = |fault: Option<Fault>| {
        let simulator = simulator();
        let mut client = app();
        client.frontchannel_logout_uri = Some("http://localhost:8080/logout".to_owned());
        client.frontchannel_logout_session_required = true;
        simulator.register(client).unwrap();
        let mut visitor = Visitor::new(&simulator);
        let url = Authorize::at(Ansattporten).url(&simulator);
        run(visitor.sign_in(&url, &SignIn::person(KARI))).unwrap();
        if let Some(fault) = fault {
            simulator.arm(fault, 1);
        }
        let Arrival::Page(page) = run(visitor.open("http://127.0.0.1:8102/logout")) else {
            panic!()
        };
        assert!(simulator.armed().is_empty(), "{fault:?} was not used up");
        let query = page.html.split_once("src=\"http://localhost:8080/logout?");
        let query = query.map(|(_, rest)| rest.split('"').next().unwrap().replace("&amp;", "&"));
        query.map(|query| Callback::parse(&format!("?{query}")))
    };
    let names = |fault: Fault| {
        let callback = parameters(Some(fault)).unwrap();
        callback.names().join(" ")
    };
    let good = parameters(None).unwrap();
    assert_eq!(good.names(), ["iss", "sid"]);
    assert_eq!(good.get("iss"), Some("http://127.0.0.1:8101"));
    assert_eq!(good.get("sid").map(str::len), Some(43));

    assert!(parameters(Some(Fault::FrontchannelNotCalled)).is_none());
    let wrong = parameters(Some(Fault::FrontchannelWrongIss)).unwrap();
    assert_eq!(wrong.get("iss"), Some("http://127.0.0.1:8101/other"));
    assert_eq!(names(Fault::FrontchannelMissingIss), "sid");
    assert_eq!(names(Fault::FrontchannelMissingSid), "iss");
    assert_eq!(names(Fault::FrontchannelUnknownSid), "iss sid");
    assert_eq!(names(Fault::FrontchannelRepeatedSid), "iss sid sid");
}

#[test]
fn faults_of_logout_tokens() {
    type TokenCase = (Fault, fn(&Value, &Value) -> bool);
    let cases: &[TokenCase] = &[
        (Fault::LogoutTokenWrongIss, |_, claims| {
            claims["iss"] == "http://127.0.0.1:8101/other"
        }),
        (Fault::LogoutTokenWrongAud, |_, claims| {
            claims["aud"] == "another-client"
        }),
        (Fault::LogoutTokenOldIat, |_, claims| {
            claims["iat"] == NOW - 3_600 && claims["exp"] == NOW + 300
        }),
        (Fault::LogoutTokenExpired, |_, claims| {
            claims["exp"] == NOW - 3_600
        }),
        (Fault::LogoutTokenMissingJti, |_, claims| {
            claims.get("jti").is_none()
        }),
        (Fault::LogoutTokenMissingEvents, |_, claims| {
            claims.get("events").is_none()
        }),
        (Fault::LogoutTokenWrongEvent, |_, claims| {
            claims["events"]
                .get("http://schemas.openid.net/event/backchannel-logout")
                .is_none()
        }),
        (Fault::LogoutTokenWithNonce, |_, claims| {
            claims["nonce"].is_string()
        }),
        (Fault::LogoutTokenMissingSid, |_, claims| {
            claims.get("sid").is_none() && claims.get("sub").is_none()
        }),
        (Fault::LogoutTokenTypJwt, |header, _| header["typ"] == "JWT"),
    ];
    let (good, sid) = posted(None);
    assert_eq!(good.len(), 1);
    let (header, claims) = decoded(&good[0].0);
    assert!(good[0].1 && claims["sid"] == sid);
    for (fault, holds) in cases {
        assert!(!holds(&header, &claims), "{fault} holds without the fault");
        let (faulty, _) = posted(Some(*fault));
        let (header, claims) = decoded(&faulty[0].0);
        assert!(holds(&header, &claims), "{fault}: {claims}");
        assert!(faulty[0].1, "{fault} is signed");
    }
    assert!(posted(Some(Fault::LogoutTokenNotPosted)).0.is_empty());
    let (twice, _) = posted(Some(Fault::LogoutTokenReplayed));
    assert!(twice.len() == 2 && twice[0] == twice[1]);
    let (unknown, sid) = posted(Some(Fault::LogoutTokenUnknownSid));
    assert_ne!(decoded(&unknown[0].0).1["sid"], sid);
    assert!(!posted(Some(Fault::LogoutTokenBadSignature)).0[0].1);
}

/// The logout tokens that are posted while a fault is armed, whether each is signed, and the `sid`.
fn posted(fault: Option<Fault>) -> (Vec<(String, bool)>, Value) {
    let simulator = simulator();
    let mut client = app();
    client.backchannel_logout_uri = Some("http://localhost:8080/logout".to_owned());
    simulator.register(client).unwrap();
    let mut visitor = Visitor::new(&simulator);
    let callback =
        Authorize::at(Ansattporten).sign_in(&mut visitor, &simulator, &SignIn::person(KARI));
    let tokens = redeem(&simulator, Ansattporten, callback.code()).json();
    if let Some(fault) = fault {
        simulator.arm(fault, 1);
    }
    run(visitor.open("http://127.0.0.1:8102/logout"));
    assert!(simulator.armed().is_empty(), "{fault:?} was not used up");
    let posts = simulator.take_posts();
    let tokens_posted = posts.iter().map(|post| {
        let token = post.body().strip_prefix("logout_token=").unwrap();
        let header = decoded(token).0;
        (token.to_owned(), is_signed(&simulator, &header, token))
    });
    (tokens_posted.collect(), id_token(&tokens).1["sid"].clone())
}

#[test]
fn faults_of_a_renewal() {
    let cases: &[RenewalCase] = &[
        (Fault::RenewalServerError, |fault, _| {
            fault.status == 500 && fault.tokens["error"] == "server_error" && fault.is_unused
        }),
        (Fault::RenewalRefused, |fault, _| {
            fault.status == 400 && fault.tokens["error"] == "invalid_grant"
        }),
        (Fault::RenewalTimesOut, |fault, _| {
            fault.lost == Some(Lost::TimedOut) && fault.is_unused
        }),
        (Fault::RenewalConnectionLost, |fault, _| {
            fault.lost == Some(Lost::ConnectionClosed) && !fault.is_unused
        }),
        (Fault::RenewalRepeatsRefreshToken, |fault, _| {
            fault.tokens["refresh_token"] == fault.used && !fault.is_unused
        }),
        (Fault::RenewalWithoutRefreshToken, |fault, _| {
            fault.status == 200 && fault.tokens.get("refresh_token").is_none() && !fault.is_unused
        }),
        (Fault::RenewalOtherSub, |fault, good| {
            fault.claims["sub"].is_string() && fault.claims["sub"] != good.claims["sub"]
        }),
        (Fault::RenewalOtherNonce, |fault, _| {
            fault.claims["nonce"].is_string() && fault.claims["nonce"] != "the-nonce"
        }),
        (Fault::RenewalLowerAcr, |fault, _| {
            fault.claims["acr"] == "substantial"
        }),
        (Fault::RenewalOtherAuthTime, |fault, _| {
            fault.claims["auth_time"] == NOW - 3_600
        }),
        (Fault::RenewalOtherOrganisation, |fault, _| {
            let id = "/authorization_details/0/authorized_parties/0/orgno/ID";
            let other = Some(&json!("0192:319999981"));
            fault.tokens.pointer(id) == other && fault.claims.pointer(id) == other
        }),
    ];
    let good = renewed(None);
    assert_eq!(good.status, StatusCode::OK);
    for (fault, holds) in cases {
        assert!(!holds(&good, &good), "{fault} holds without the fault");
        let faulty = renewed(Some(*fault));
        assert!(holds(&faulty, &good), "{fault}: {}", faulty.tokens);
    }
    let places: BTreeSet<Fault> = cases.iter().map(|(fault, _)| *fault).collect();
    assert_eq!(places, of(Place::Renewal));
}

#[test]
fn faults_of_proof_of_possession() {
    let key = ProofKey::generate(Algorithm::Es256);
    let url = "http://127.0.0.1:8101/token";
    let redeem_with = |fault: Option<Fault>, is_proven: bool| {
        let simulator = simulator();
        if let Some(fault) = fault {
            simulator.arm(fault, 1);
        }
        let callback = Authorize::at(Ansattporten)
            .headless(KARI, "high")
            .redirected(&simulator);
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("client_id", "app"),
                ("redirect_uri", REDIRECT_URI),
                ("code_verifier", VERIFIER),
                ("code", callback.code()),
            ])
            .finish();
        let proof = key.proof("POST", url);
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(is_proven.then_some(("dpop", proof.as_str())));
        let answer = send(&simulator, http::Method::POST, url, &headers, &form);
        // Without a proof there is nothing that could be wrong with it.
        let armed: Vec<_> = fault
            .filter(|_| !is_proven)
            .map(|fault| (fault, 1))
            .into_iter()
            .collect();
        assert_eq!(simulator.armed(), armed);
        answer
    };
    let good = redeem_with(None, true);
    assert_eq!(good.json()["token_type"], "DPoP");

    let faulty = redeem_with(Some(Fault::DpopDowngraded), true);
    assert_eq!(faulty.json()["token_type"], "Bearer");
    assert!(access_token(&faulty.json()).1.get("cnf").is_none());

    for (fault, has_nonce) in [
        (Fault::DpopNonceMissing, false),
        (Fault::DpopNonceNeverAccepted, true),
    ] {
        let faulty = redeem_with(Some(fault), true);
        assert_eq!(faulty.error(), "use_dpop_nonce", "{fault}");
        assert_eq!(faulty.headers.contains_key("dpop-nonce"), has_nonce);
    }
    for fault in of(Place::Dpop) {
        let answer = redeem_with(Some(fault), false);
        assert_eq!(answer.json()["token_type"], "Bearer", "{fault}");
    }
}

/// A fault and what must be true of a renewal during which it is armed.
type RenewalCase = (Fault, fn(&Renewed, &Renewed) -> bool);

/// Everything that can be seen of a renewal.
struct Renewed {
    status: StatusCode,
    lost: Option<Lost>,
    /// The refresh token that was sent.
    used: Value,
    tokens: Value,
    /// Those of the new id_token.
    claims: Value,
    /// The refresh token still works afterwards.
    is_unused: bool,
}

/// A renewal of a login of Kari on behalf of an organisation, at the level high.
fn renewed(fault: Option<Fault>) -> Renewed {
    let simulator = simulator();
    let mut client = app();
    client.grant_types.push(GrantType::RefreshToken);
    simulator.register(client).unwrap();
    simulator.switch(Switch::IdTokenOnRefresh, true);
    let details =
        r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post"}]"#;
    let callback = Authorize::at(Ansattporten)
        .set("acr_values", "high")
        .set("authorization_details", details)
        .sign_in(
            &mut Visitor::new(&simulator),
            &simulator,
            &SignIn::person(KARI).representing("310000019"),
        );
    if let Some(fault) = fault {
        simulator.arm(fault, 1);
    }
    let used = redeem(&simulator, Ansattporten, callback.code()).json()["refresh_token"].clone();
    let refresh = || {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "refresh_token")
            .append_pair("client_id", "app")
            .append_pair("refresh_token", used.as_str().unwrap())
            .finish();
        let request = http::Request::post("http://127.0.0.1:8101/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.into_bytes())
            .unwrap();
        run(simulator.call(request))
    };
    let response = refresh();
    assert!(simulator.armed().is_empty(), "{fault:?} was not used up");
    let tokens: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    Renewed {
        status: response.status(),
        lost: response.extensions().get().copied(),
        claims: tokens["id_token"]
            .as_str()
            .map(|token| decoded(token).1)
            .unwrap_or_default(),
        is_unused: refresh().status() == StatusCode::OK,
        used,
        tokens,
    }
}

fn of(place: Place) -> BTreeSet<Fault> {
    let all = Fault::ALL.iter().copied();
    all.filter(|fault| fault.place() == place).collect()
}

/// A login of Kari at the level high while a fault is armed once.
fn login(fault: Option<Fault>) -> Login {
    complete(
        fault,
        Authorize::at(Ansattporten).set("acr_values", "high"),
        &SignIn::person(KARI),
    )
}

/// A login of Kari on behalf of an organisation.
fn representing(fault: Option<Fault>) -> Login {
    let details = json!([{
        "type": "ansattporten:altinn:resource",
        "resource": "urn:altinn:resource:demo-post",
        "representation_is_required": true,
    }]);
    let request = Authorize::at(Ansattporten).set("authorization_details", &details.to_string());
    complete(
        fault,
        request,
        &SignIn::person(KARI).representing("310000019"),
    )
}

fn complete(fault: Option<Fault>, request: Authorize, choice: &SignIn) -> Login {
    let simulator = simulator();
    if let Some(fault) = fault {
        simulator.arm(fault, 1);
    }
    let callback = request.sign_in(&mut Visitor::new(&simulator), &simulator, choice);
    let answer = redeem(
        &simulator,
        Ansattporten,
        callback.get("code").unwrap_or("none"),
    );
    let tokens: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    let id_token = tokens["id_token"].as_str().map(str::to_owned);
    let (header, claims) = id_token.as_deref().map(decoded).unwrap_or_default();
    let is_signed = id_token.is_some_and(|token| is_signed(&simulator, &header, &token));
    assert!(simulator.armed().is_empty(), "{fault:?} was not used up");
    Login {
        callback,
        token_status: answer.status,
        token_text: answer.text,
        tokens,
        header,
        claims,
        is_signed,
    }
}

fn is_signed(simulator: &Simulator, header: &Value, token: &str) -> bool {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use base64::Engine as _;
    let decode = |text: &str| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .unwrap()
    };
    let jwks = get(simulator, "http://127.0.0.1:8101/jwks.json").json();
    let keys = jwks["keys"].as_array().unwrap();
    let Some(key) = keys
        .iter()
        .find(|key| key["kid"] == header["kid"] && key["alg"] == header["alg"])
    else {
        return false;
    };
    let part = |name: &str| decode(key[name].as_str().unwrap());
    let (input, signature) = token.rsplit_once('.').unwrap();
    UnparsedPublicKey::new(
        &ECDSA_P256_SHA256_FIXED,
        [vec![4], part("x"), part("y")].concat(),
    )
    .verify(input.as_bytes(), &decode(signature))
    .is_ok()
}

#[test]
fn the_documentation_lists_every_fault_with_its_sentence() {
    let page = include_str!("../../../docs/simulator.md");
    for fault in Fault::ALL {
        let row = format!("| `{}` | {} |", fault.name(), fault.sentence());
        assert!(page.contains(&row), "docs/simulator.md lacks the row {row}");
    }
}
