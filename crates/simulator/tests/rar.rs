//! Representation: the picker, and `authorization_details` in every place and shape.

use crate::support::*;
use http::StatusCode;
use portvakt_simulator::{
    Arrival, Eid, Page, ProviderName, RarProfile, SignIn, Simulator, Visitor,
};
use serde_json::{Value, json};

use ProviderName::{Ansattporten, Idporten};

const MAIN_UNIT: &str = "310000019";
const SUB_UNIT: &str = "312223333";

#[test]
fn the_chosen_organisation_is_in_the_response_and_in_both_tokens() {
    let simulator = simulator();
    let details = json!([resource("demo-post", json!({ "actions": "write,report" }))]);
    let tokens = represent(
        &simulator,
        &details,
        &SignIn::person(KARI).representing(MAIN_UNIT),
    );
    let expected = json!([{
        "type": "ansattporten:altinn:resource",
        "resource": "urn:altinn:resource:demo-post",
        "resource_name": "Post til virksomheten",
        "authorized_parties": [{
            "orgno": { "authority": "iso6523-actorid-upis", "ID": "0192:310000019" },
            "resource": "demo-post",
            "actions": ["write"],
            "name": "SYNTETISK PRØVE AS",
            "unit_type": "AS",
        }],
    }]);
    assert_eq!(tokens["authorization_details"], expected);
    assert_eq!(id_token(&tokens).1["authorization_details"], expected);
    assert_eq!(access_token(&tokens).1["authorization_details"], expected);
    let token = tokens["access_token"].as_str().unwrap();
    let userinfo = bearer(&simulator, "http://127.0.0.1:8101/userinfo", token).json();
    assert_eq!(userinfo["authorization_details"], expected);
}

#[test]
fn actions_are_answered_only_when_they_were_asked_for() {
    let simulator = simulator();
    let details = json!([resource("demo-post", json!({}))]);
    let tokens = represent(
        &simulator,
        &details,
        &SignIn::person(KARI).representing(MAIN_UNIT),
    );
    assert!(
        tokens["authorization_details"][0]["authorized_parties"][0]
            .get("actions")
            .is_none()
    );
}

#[test]
fn oneself_is_an_object_with_nothing_but_its_type() {
    let simulator = simulator();
    for pid in [KARI, NORA] {
        let tokens = represent(
            &simulator,
            &json!([resource("demo-post", json!({}))]),
            &SignIn::person(pid),
        );
        let expected = json!([{ "type": "ansattporten:altinn:resource" }]);
        assert_eq!(tokens["authorization_details"], expected);
        assert_eq!(id_token(&tokens).1["authorization_details"], expected);
    }
}

#[test]
fn an_empty_array_shows_no_picker_and_is_answered_by_nothing() {
    let simulator = simulator();
    let request = Authorize::at(Ansattporten)
        .headless(KARI, "high")
        .set("authorization_details", "[]");
    let tokens = redeem(
        &simulator,
        Ansattporten,
        request.redirected(&simulator).code(),
    )
    .json();
    assert!(tokens.get("authorization_details").is_none());
}

#[test]
fn the_picker_is_shown_for_every_request_even_when_nobody_needs_to_sign_in() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let request = asking(&json!([resource("demo-post", json!({}))]));
    for number in [MAIN_UNIT, SUB_UNIT] {
        let page = picker(&mut visitor, &request, &simulator);
        assert!(page.html.contains("data-testid=\"organisation-option\""));
        let Arrival::Left(url) =
            run(visitor.submit(&page, "/login/representation", vec![("party", number)]))
        else {
            panic!()
        };
        let tokens = redeem(&simulator, Ansattporten, Callback::parse(&url).code()).json();
        let id = &tokens["authorization_details"][0]["authorized_parties"][0]["orgno"]["ID"];
        assert_eq!(id, &json!(format!("0192:{number}")));
    }
    let none = request.set("prompt", "none");
    let Arrival::Left(url) = run(visitor.open(&none.url(&simulator))) else {
        panic!()
    };
    assert_eq!(
        Callback::parse(&url).get("error"),
        Some("interaction_required")
    );
}

#[test]
fn the_picker_offers_main_units_before_their_sub_units_and_no_deleted_ones() {
    let simulator = simulator();
    let offered = options(&simulator, KARI, &json!([resource("demo-post", json!({}))]));
    assert_eq!(
        offered,
        [
            "310000027",
            "314445554",
            "314445562",
            "310000019",
            "310000035",
            "312223333"
        ]
    );
    let deleted = json!([resource(
        "demo-post",
        json!({ "allow_deleted_organizations": "true" })
    )]);
    assert!(options(&simulator, KARI, &deleted).contains(&"310000043".to_owned()));
}

#[test]
fn organizationform_limits_the_picker_to_main_units_or_sub_units() {
    let simulator = simulator();
    let form = |form: &str| json!([resource("demo-post", json!({ "organizationform": form }))]);
    assert_eq!(
        options(&simulator, KARI, &form("enterprise")),
        ["310000027", "314445554", "310000019"]
    );
    assert_eq!(
        options(&simulator, KARI, &form("business")),
        ["314445562", "310000035", "312223333"]
    );
    assert_eq!(
        options(&simulator, OLA, &form("enterprise")),
        Vec::<String>::new()
    );
}

#[test]
fn the_actions_that_are_asked_for_decide_who_can_be_represented() {
    let simulator = simulator();
    let wants = |actions: Value| json!([resource("demo-tilskudd", json!({ "actions": actions }))]);
    assert!(
        options(&simulator, KARI, &wants(json!("sign,write"))).contains(&"314445554".to_owned())
    );
    assert!(!options(&simulator, KARI, &wants(json!(["sign"]))).contains(&"314445554".to_owned()));
}

#[test]
fn several_organisations_can_be_chosen_only_where_it_is_allowed() {
    let simulator = simulator();
    let several = SignIn::person(KARI)
        .representing(MAIN_UNIT)
        .representing("310000027");
    let details = json!([resource(
        "demo-post",
        json!({ "allow_multiple_organizations": true })
    )]);
    let tokens = represent(&simulator, &details, &several);
    let parties = tokens["authorization_details"][0]["authorized_parties"]
        .as_array()
        .unwrap();
    let ids: Vec<&Value> = parties.iter().map(|party| &party["orgno"]["ID"]).collect();
    assert_eq!(ids, ["0192:310000027", "0192:310000019"]);

    let details = json!([resource("demo-post", json!({}))]);
    let page = run(Visitor::new(&simulator).sign_in(&asking(&details).url(&simulator), &several))
        .unwrap_err();
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[test]
fn the_answer_has_one_object_for_each_resource_that_the_person_has_there() {
    let simulator = simulator();
    let details = json!([
        resource("demo-skatt", json!({})),
        resource("demo-post", json!({}))
    ]);
    let tokens = represent(
        &simulator,
        &details,
        &SignIn::person(KARI).representing("314445554"),
    );
    let answered = tokens["authorization_details"].as_array().unwrap();
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0]["resource"], "urn:altinn:resource:demo-post");
}

#[test]
fn what_is_not_offered_cannot_be_chosen() {
    let simulator = simulator();
    let required = json!([resource(
        "demo-post",
        json!({ "representation_is_required": true })
    )]);
    let mut visitor = Visitor::new(&simulator);
    let page = picker(&mut visitor, &asking(&required), &simulator);
    assert!(!page.html.contains("data-testid=\"represent-self\""));
    for party in ["self", "317778880", "310000043", "x"] {
        let arrival = run(visitor.submit(&page, "/login/representation", vec![("party", party)]));
        let Arrival::Page(again) = arrival else {
            panic!("{party}")
        };
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "{party}");
        assert!(again.html.contains("data-testid=\"problem\""));
    }
    let Arrival::Page(again) = run(visitor.submit(&page, "/login/representation", vec![])) else {
        panic!()
    };
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_required_representation_without_a_match_ends_at_the_provider() {
    let simulator = simulator();
    let required = json!([resource(
        "demo-post",
        json!({ "representation_is_required": "true" })
    )]);
    let page =
        run(Visitor::new(&simulator)
            .sign_in(&asking(&required).url(&simulator), &SignIn::person(NORA)));
    let page = page.unwrap_err();
    assert_eq!(
        (page.status, page.error_code()),
        (StatusCode::FORBIDDEN, Some("no_representation"))
    );
}

#[test]
fn work_accounts_represent_their_employer_by_the_rules_of_virksomhetsbroen() {
    let simulator = simulator();
    let mut demo = app();
    demo.client_id = "portvakt-demo".to_owned();
    simulator.register(demo).unwrap();
    let details = json!([{
        "type": "ansattporten:orgno",
        "representation_is_required": true,
        "allow_multiple_organizations": true,
    }]);
    let request = asking(&details)
        .set("acr_values", "entraid")
        .set("client_id", "portvakt-demo");
    let both = SignIn::person(KARI)
        .representing("314445554")
        .representing("317778880");
    let callback = request.sign_in(&mut Visitor::new(&simulator), &simulator, &both);
    let changes = [("code", callback.code()), ("client_id", "portvakt-demo")];
    let tokens = redeem_with(&simulator, Ansattporten, &changes).json();
    let identifier = |id: &str| json!({ "authority": "iso6523-actorid-upis", "ID": id });
    assert_eq!(
        tokens["authorization_details"],
        json!([{ "type": "ansattporten:orgno", "authorized_parties": [
            { "orgno": identifier("0192:317778880"), "name": "SYNTETISK ETAT", "rights": ["Report", "Write"] },
            { "orgno": identifier("0192:314445554"), "name": "SYNTETISK KOMMUNE" },
        ] }])
    );

    // The rule with rights allows one client by name.
    let request = asking(&details).set("acr_values", "entraid");
    let page = run(Visitor::new(&simulator).sign_in(&request.url(&simulator), &both)).unwrap_err();
    assert!(page.html.contains("314445554") && !page.html.contains("317778880"));
}

#[test]
fn the_source_of_representation_follows_the_eid() {
    let simulator = simulator();
    // A person number with a type for work accounts, and the other way round: an empty element.
    let orgno = asking(&json!([{ "type": "ansattporten:orgno" }]));
    let tokens = finished(&simulator, &orgno, &SignIn::person(KARI).with(Eid::Bankid));
    assert_eq!(
        tokens["authorization_details"],
        json!([{ "type": "ansattporten:orgno" }])
    );

    let altinn = asking(&json!([resource("demo-post", json!({}))])).set("acr_values", "entraid");
    let tokens = finished(&simulator, &altinn, &SignIn::person(KARI));
    assert_eq!(
        tokens["authorization_details"],
        json!([{ "type": "ansattporten:altinn:resource" }])
    );
}

#[test]
fn altinn_2_services_are_answered_in_the_shape_of_altinn_2() {
    let simulator = simulator();
    let details = json!([{ "type": "ansattporten:altinn:service", "resource": "urn:altinn:resource:2480:40" }]);
    let tokens = represent(
        &simulator,
        &details,
        &SignIn::person(KARI).representing("310000027"),
    );
    assert_eq!(
        tokens["authorization_details"],
        json!([{
            "type": "ansattporten:altinn:service",
            "resource": "urn:altinn:resource:2480:40",
            "resource_name": "Skatt og avgift",
            "reportees": [{
                "Authority": "iso6523-actorid-upis",
                "ID": "0192:310000027",
                "Name": "SYNTETISK HOLDING AS",
                "Rights": ["Read", "Report", "Sign", "Write"],
            }],
        }])
    );
}

#[test]
fn each_profile_answers_in_the_shape_of_its_time() {
    let simulator = simulator();
    let details = json!([resource("demo-post", json!({ "actions": "read" }))]);
    for (profile, has_actions, has_name) in [
        (RarProfile::V4, true, true),
        (RarProfile::V3, false, true),
        (RarProfile::V2, false, true),
        (RarProfile::Live2026, false, false),
    ] {
        simulator.set_rar_profile(profile);
        let tokens = represent(
            &simulator,
            &details,
            &SignIn::person(KARI).representing(MAIN_UNIT),
        );
        let object = &tokens["authorization_details"][0];
        assert_eq!(
            object.get("resource_name").is_some(),
            has_name,
            "{profile:?}"
        );
        assert_eq!(
            object["authorized_parties"][0].get("actions").is_some(),
            has_actions,
            "{profile:?}"
        );
    }

    simulator.set_rar_profile(RarProfile::V2);
    let orgno = asking(&json!([{ "type": "ansattporten:orgno" }])).set("acr_values", "entraid");
    let tokens = finished(
        &simulator,
        &orgno,
        &SignIn::person(KARI).representing("314445554"),
    );
    let expected = json!([{
        "type": "ansattporten:orgno",
        "orgno": { "Authority": "iso6523-actorid-upis", "ID": "0192:314445554" },
    }]);
    assert_eq!(tokens["authorization_details"], expected);

    simulator.set_rar_profile(RarProfile::LegacyService);
    assert_eq!(
        asking(&details).redirected(&simulator).get("error"),
        Some("invalid_authorization_details")
    );
}

#[test]
fn a_mandate_is_chosen_from_the_people_who_gave_one() {
    let simulator = simulator();
    let details = json!([{ "type": "idporten:fullmakt", "permission_roles": ["arbeid", "helse"] }]);
    let request = Authorize::at(Idporten).set("authorization_details", &details.to_string());
    let finish = |choice: SignIn| {
        let callback = request.sign_in(&mut Visitor::new(&simulator), &simulator, &choice);
        redeem(&simulator, Idporten, callback.code()).json()
    };
    let tokens = finish(SignIn::person(NORA).representing(OLA));
    assert_eq!(
        tokens["authorization_details"],
        json!([{
            "type": "idporten:fullmakt",
            "authorizer": { "name": "Ola Testmann", "pid": OLA },
            "authorized_representative": { "name": "Nora Syntesen", "pid": NORA },
            "permissions": [{ "owner": "0192:316660002", "role": "arbeid" }],
        }])
    );
    assert_eq!(id_token(&tokens).1["pid"], NORA);
    assert_eq!(
        finish(SignIn::person(NORA))["authorization_details"],
        json!([])
    );

    let page =
        run(Visitor::new(&simulator).sign_in(&request.url(&simulator), &SignIn::person(KARI)))
            .unwrap_err();
    assert_eq!(page.error_code(), Some("no_representation"));
}

#[test]
fn rights_that_are_taken_away_while_the_picker_is_open_are_not_granted() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let page = picker(
        &mut visitor,
        &asking(&json!([resource("demo-post", json!({}))])),
        &simulator,
    );
    simulator.change_world(|world| {
        let number = portvakt_simulator::world::OrganisationNumber::parse(MAIN_UNIT).unwrap();
        world.remove_organisation(&number);
    });
    let Arrival::Page(again) =
        run(visitor.submit(&page, "/login/representation", vec![("party", MAIN_UNIT)]))
    else {
        panic!()
    };
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
}

fn resource(id: &str, more: Value) -> Value {
    let mut object = json!({ "type": "ansattporten:altinn:resource", "resource": format!("urn:altinn:resource:{id}") });
    object
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    object
}

fn asking(details: &Value) -> Authorize {
    Authorize::at(Ansattporten).set("authorization_details", &details.to_string())
}

fn represent(simulator: &Simulator, details: &Value, choice: &SignIn) -> Value {
    finished(simulator, &asking(details), choice)
}

fn finished(simulator: &Simulator, request: &Authorize, choice: &SignIn) -> Value {
    let callback = request.sign_in(&mut Visitor::new(simulator), simulator, choice);
    let answer = redeem(simulator, Ansattporten, callback.code());
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// Opens a request as Kari and goes as far as the picker.
fn picker(visitor: &mut Visitor, request: &Authorize, simulator: &Simulator) -> Page {
    match run(visitor.open(&request.clone().headless(KARI, "high").url(simulator))) {
        Arrival::Page(page) => page,
        Arrival::Left(url) => panic!("no picker but {url}"),
    }
}

/// The organisations in the picker, in order.
fn options(simulator: &Simulator, pid: &str, details: &Value) -> Vec<String> {
    let request = asking(details).headless(pid, "high");
    let html = request.page(simulator).html;
    html.split("data-orgno=\"")
        .skip(1)
        .map(|rest| rest[..9].to_owned())
        .collect()
}
