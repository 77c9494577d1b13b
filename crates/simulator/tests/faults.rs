//! Faults: each one shows itself as it says, as often as it was armed for, and nowhere else.

use std::collections::BTreeSet;

use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{
    Arrival, Fault, Place, ProviderName, RarProfile, SignIn, Simulator, Visitor,
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
fn every_fault_of_the_providers_is_tested() {
    let source = concat!(include_str!("faults.rs"), include_str!("session_faults.rs"));
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

pub(crate) fn is_signed(simulator: &Simulator, header: &Value, token: &str) -> bool {
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
