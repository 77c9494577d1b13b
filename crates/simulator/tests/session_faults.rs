//! Faults of everything after the login: renewal, DPoP, and what applications are told of a sign-out.

use std::collections::BTreeSet;

use crate::faults::is_signed;
use crate::proof::ProofKey;
use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{
    Algorithm, Arrival, Fault, GrantType, Lost, Place, ProviderName, SignIn, Switch, Visitor,
};
use serde_json::{Value, json};

use ProviderName::Ansattporten;

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
