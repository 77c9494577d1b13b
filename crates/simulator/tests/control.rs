//! The control API: what it shows, and what it changes.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{
    Arrival, Fault, MAX_TIMES, Options, ProviderName, SignIn, Simulator, StartError, Switch,
    Visitor,
};
use serde_json::{Value, json};

use ProviderName::Idporten;

#[test]
fn the_state_shows_everything_and_no_secret() {
    let simulator = simulator_with(|options| {
        let client = json!({
            "client_id": "confidential",
            "redirect_uris": [REDIRECT_URI],
            "token_endpoint_auth_method": "client_secret_post",
            "client_secret": "hemmelig",
        });
        options
            .clients
            .push(serde_json::from_value(client).unwrap());
    });
    let callback = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .redirected(&simulator);
    let tokens = redeem(&simulator, Idporten, callback.code()).json();
    let answer = get(&simulator, &format!("{CONTROL}/api/state"));
    let state = answer.json();
    assert_eq!(state["origins"]["idporten-login"], "http://127.0.0.1:8104");
    assert_eq!(state["clock"]["now"], NOW);
    for part in [
        "faults",
        "cors",
        "keys",
        "clients",
        "people",
        "organisations",
        "resources",
        "sessions",
        "events",
    ] {
        assert!(!state[part].is_null(), "{part}");
    }
    assert_eq!(
        state["sessions"]["idporten"][0]["logins"][0]["person"],
        "158685 *****"
    );
    let secrets = [
        callback.code(),
        "hemmelig",
        "the-nonce",
        tokens["access_token"].as_str().unwrap(),
    ];
    for secret in secrets {
        assert!(!answer.text.contains(secret));
    }
}

#[test]
fn the_clock_is_advanced_set_and_let_go() {
    let simulator = simulator();
    let clock = |body: Value| post_json(&simulator, &format!("{CONTROL}/api/clock"), &body);
    assert_eq!(
        clock(json!({ "advance_seconds": 31 })).json()["now"],
        NOW + 31
    );
    assert_eq!(clock(json!({ "now": 5 })).json()["now"], 5);
    assert_eq!(clock(json!({ "live": true })).json()["is_live"], true);
    for wrong in [
        json!({}),
        json!({ "advance_seconds": 1, "now": 2 }),
        json!({ "advance_seconds": -1 }),
        json!({ "advance_seconds": u64::MAX }),
        json!({ "now": u64::MAX }),
        json!({ "live": false }),
        json!({ "forward": 1 }),
        json!([]),
    ] {
        let answer = clock(wrong.clone());
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (StatusCode::BAD_REQUEST, "invalid_request"),
            "{wrong}"
        );
    }
}

#[test]
fn faults_are_listed_armed_and_disarmed_by_name() {
    let simulator = simulator();
    let url = format!("{CONTROL}/api/faults");
    let listed = get(&simulator, &url).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(Fault::ALL.len()));
    assert_eq!(
        post_json(
            &simulator,
            &url,
            &json!({ "fault": "wrong_iss", "times": 3 })
        )
        .status,
        StatusCode::OK
    );
    assert_eq!(
        post_json(&simulator, &url, &json!({ "fault": "wrong_aud" })).status,
        StatusCode::OK
    );
    assert_eq!(
        simulator.armed(),
        [(Fault::WrongIss, 3), (Fault::WrongAud, 1)]
    );

    let delete = |url: &str| send(&simulator, Method::DELETE, url, &[], "").status;
    assert_eq!(delete(&format!("{url}/wrong_iss")), StatusCode::OK);
    assert_eq!(simulator.armed(), [(Fault::WrongAud, 1)]);
    assert_eq!(
        delete(&format!("{url}/no_such_fault")),
        StatusCode::NOT_FOUND
    );
    assert_eq!(delete(&url), StatusCode::OK);
    assert!(simulator.armed().is_empty());

    let answer = post_json(&simulator, &url, &json!({ "fault": "no_such_fault" }));
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (StatusCode::BAD_REQUEST, "invalid_request")
    );
}

#[test]
fn a_fault_is_armed_for_once_to_a_million_times_and_never_disarmed_by_zero() {
    let simulator = simulator();
    let url = format!("{CONTROL}/api/faults");
    let arm = |times: u32| {
        let body = json!({ "fault": "wrong_iss", "times": times });
        post_json(&simulator, &url, &body)
    };
    for times in [1, MAX_TIMES] {
        assert_eq!(arm(times).status, StatusCode::OK);
        assert_eq!(simulator.armed(), [(Fault::WrongIss, times)]);
    }
    for times in [0, MAX_TIMES + 1] {
        let answer = arm(times);
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (StatusCode::BAD_REQUEST, "invalid_request"),
            "{times}"
        );
        assert!(answer.text.contains("DELETE /api/faults/wrong_iss disarms"));
        assert_eq!(simulator.armed(), [(Fault::WrongIss, MAX_TIMES)]);
    }
}

#[test]
fn keys_are_rotated_with_and_without_overlap() {
    let simulator = simulator();
    let kids = || -> Vec<String> {
        let jwks = get(&simulator, "http://127.0.0.1:8103/jwks.json").json();
        jwks["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    };
    let rotate = |body: Value| post_json(&simulator, &format!("{CONTROL}/api/keys/rotate"), &body);
    let first = kids();
    assert_eq!(
        rotate(json!({ "provider": "idporten" })).status,
        StatusCode::OK
    );
    let second = kids();
    assert_eq!((second.len(), &second[1]), (2, &first[0]));
    rotate(json!({ "provider": "idporten", "overlap": false }));
    let third = kids();
    assert!(third.len() == 1 && !second.contains(&third[0]));
    assert_eq!(
        rotate(json!({ "provider": "dialogporten" })).status,
        StatusCode::OK
    );
    assert_eq!(
        rotate(json!({ "provider": "maskinporten" })).status,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn sessions_are_aged_and_ended() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let url = Authorize::at(Idporten).url(&simulator);
    let is_signed_in = |visitor: &mut Visitor| matches!(run(visitor.open(&url)), Arrival::Left(_));
    for end in [
        (Method::POST, "/api/sessions/age", r#"{"seconds":1800}"#),
        (Method::DELETE, "/api/sessions", ""),
    ] {
        run(visitor.sign_in(&url, &SignIn::person(KARI))).unwrap();
        assert!(is_signed_in(&mut visitor));
        let json = [("content-type", "application/json")];
        let answer = send(
            &simulator,
            end.0,
            &format!("{CONTROL}{}", end.1),
            &json,
            end.2,
        );
        assert_eq!(answer.json()["idporten"], json!([]));
        assert!(!is_signed_in(&mut visitor));
    }
}

#[test]
fn switches_are_read_and_changed() {
    let simulator = simulator();
    let put = |path: &str, body: Value| {
        let json = [("content-type", "application/json")];
        send(
            &simulator,
            Method::PUT,
            &format!("{CONTROL}/api/{path}"),
            &json,
            &body.to_string(),
        )
    };
    assert_eq!(
        get(&simulator, &format!("{CONTROL}/api/dialogporten")).json()["accept_ansattporten"],
        false
    );
    assert_eq!(
        put("dialogporten", json!({ "accept_ansattporten": true })).json()["accept_ansattporten"],
        true
    );
    assert_eq!(
        put("rar", json!({ "profile": "live-2026" })).json()["profile"],
        "live-2026"
    );
    assert_eq!(
        put("rar", json!({ "profile": "v9" })).error(),
        "invalid_request"
    );
    assert_eq!(
        put("cors", json!({ "token": false })).json()["token"],
        false
    );
    assert_eq!(
        put("cors", json!({ "token": true, "tokens": true })).error(),
        "invalid_request"
    );
}

#[test]
fn reset_goes_back_to_the_start() {
    let simulator = simulator();
    let client = json!({ "client_id": "new", "redirect_uris": ["https://new.example/cb"] });
    post_json(&simulator, &format!("{CONTROL}/api/clients"), &client);
    simulator.arm(Fault::WrongIss, 1);
    simulator.clock().advance(100);
    simulator.accept_ansattporten(true);
    simulator.change_world(|world| world.remove_resource("demo-post"));
    run(Visitor::new(&simulator).sign_in(
        &Authorize::at(Idporten).url(&simulator),
        &SignIn::person(KARI),
    ))
    .unwrap();

    let state = post_json(&simulator, &format!("{CONTROL}/api/reset"), &json!({})).json();
    assert_eq!(state["clock"]["now"], NOW);
    assert_eq!(
        state["sessions"],
        json!({ "ansattporten": [], "idporten": [] })
    );
    assert_eq!(state["dialogporten"]["accept_ansattporten"], false);
    assert_eq!(
        state["clients"]["idporten"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(state["resources"].as_array().map(Vec::len), Some(5));
    assert!(simulator.armed().is_empty());
}

#[test]
fn events_tell_what_became_of_a_request_and_nothing_secret() {
    let simulator = simulator();
    Authorize::at(Idporten)
        .without("nonce")
        .redirected(&simulator);
    redeem(&simulator, Idporten, "a-secret-code");
    let events = get(&simulator, &format!("{CONTROL}/api/events"));
    let list = events.json();
    assert_eq!(
        (&list[0]["path"], &list[0]["status"]),
        (&json!("/token"), &json!(400))
    );
    assert_eq!(list[0]["note"], "invalid_grant: The code is unknown.");
    assert_eq!(list[1]["path"], "/authorize");
    assert!(
        list[1]["note"]
            .as_str()
            .unwrap()
            .starts_with("invalid_request: The parameter nonce")
    );
    assert!(!events.text.contains("a-secret-code") && !events.text.contains("the-state"));
}

#[test]
fn a_simulator_that_cannot_work_is_not_made() {
    for port in [0, 1, 1023, 65_531, u16::MAX] {
        let refused = Simulator::new(Options::new(port)).unwrap_err();
        assert_eq!(refused, StartError::Port, "{port}");
        assert!(
            refused.to_string().ends_with("from 1024 to 65530."),
            "{refused}"
        );
    }
    for port in [1024, 65_530] {
        assert!(Simulator::new(Options::new(port)).is_ok(), "{port}");
    }
    let mut options = Options::default();
    options.clients.push(portvakt_simulator::Client::public(
        "app",
        "ftp://localhost/",
    ));
    let refused = Simulator::new(options).unwrap_err();
    assert!(
        matches!(&refused, StartError::Client(id, _) if id == "app"),
        "{refused}"
    );
}

#[test]
fn switches_are_listed_changed_by_name_and_put_back() {
    let simulator = simulator();
    let url = format!("{CONTROL}/api/switches");
    let listed = get(&simulator, &url).json();
    assert_eq!(
        listed.as_object().map(|all| all.len()),
        Some(Switch::ALL.len())
    );
    let put = |body: &str| {
        let json = [("content-type", "application/json")];
        send(&simulator, Method::PUT, &url, &json, body)
    };
    let changed = put(r#"{"dpop_nonce":true,"dpop_idporten":false}"#).json();
    assert_eq!(
        (&changed["dpop_nonce"], &changed["dpop_idporten"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(changed["dpop_ansattporten"], true);
    let refused = put(r#"{"dpop_nonce":false,"no_such_switch":true}"#);
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(simulator.is_on(Switch::DpopNonce), "nothing was changed");
    simulator.reset();
    assert_eq!(get(&simulator, &url).json(), listed);
}

#[test]
fn the_documentation_lists_every_switch_with_its_sentence() {
    let page = include_str!("../../../docs/simulator.md");
    let simulator = simulator();
    for switch in Switch::ALL {
        let at_first = if simulator.is_on(switch) { "on" } else { "off" };
        let row = format!("| `{switch}` | {at_first} | {} |", switch.sentence());
        assert!(page.contains(&row), "docs/simulator.md lacks the row {row}");
    }
}
