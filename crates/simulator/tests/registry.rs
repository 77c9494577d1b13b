//! Clients, people, organisations and resources, added and removed through the control API.

use crate::support::*;
use http::{Method, StatusCode};
use portvakt_simulator::{ProviderName, SignIn, Visitor};
use serde_json::json;

use ProviderName::{Ansattporten, Idporten};

#[test]
fn a_client_is_registered_used_and_removed() {
    let simulator = simulator();
    let url = format!("{CONTROL}/api/clients");
    let client = json!({ "client_id": "new", "provider": "idporten", "redirect_uris": ["https://new.example/cb"] });
    let listed = post_json(&simulator, &url, &client).json();
    assert!(
        listed["idporten"].to_string().contains("\"new\"")
            && !listed["ansattporten"].to_string().contains("\"new\"")
    );
    let request = Authorize::at(Idporten)
        .headless(KARI, "idporten-loa-high")
        .set("client_id", "new")
        .set("redirect_uri", "https://new.example/cb");
    assert!(request.redirected(&simulator).get("code").is_some());

    assert_eq!(
        send(&simulator, Method::DELETE, &format!("{url}/new"), &[], "").status,
        StatusCode::OK
    );
    assert_eq!(
        request.page(&simulator).error_code(),
        Some("invalid_client")
    );
    assert_eq!(
        send(&simulator, Method::DELETE, &format!("{url}/new"), &[], "").status,
        StatusCode::NOT_FOUND
    );

    for wrong in [
        json!({ "client_id": "x", "redirect_uris": [] }),
        json!({ "client_id": "x", "redirect_uris": ["http://example.org/"] }),
        json!({ "client_id": "x y", "redirect_uris": ["https://example.org/"] }),
        json!({ "client_id": "x", "redirect_uris": ["https://example.org/"], "client_secret": "s" }),
        json!({ "client_id": "x", "redirect_uris": ["https://example.org/"], "pkce": false }),
    ] {
        assert_eq!(
            post_json(&simulator, &url, &wrong).error(),
            "invalid_request",
            "{wrong}"
        );
    }
}

#[test]
fn people_and_organisations_can_be_added_and_sign_in_with_what_they_have() {
    let simulator = simulator();
    let organisation =
        json!({ "number": "319999981", "name": "NY SYNTETISK AS", "unit_type": "AS" });
    let sub_unit = json!({ "number": "319999973", "name": "NY AVD", "unit_type": "BEDR", "parent": "319999981" });
    for organisation in [&organisation, &sub_unit] {
        let answer = post_json(
            &simulator,
            &format!("{CONTROL}/api/organisations"),
            organisation,
        );
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let person = json!({
        "pid": "15868510398",
        "given_name": "Per",
        "family_name": "Eksempel",
        "authorities": [{ "organisation": "319999981", "roles": ["daglig-leder"] }],
    });
    let answer = post_json(&simulator, &format!("{CONTROL}/api/people"), &person);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);

    let details = json!([{ "type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:demo-post" }]);
    let request = Authorize::at(Ansattporten).set("authorization_details", &details.to_string());
    let choice = SignIn::person("15868510398").representing("319999973");
    let callback = request.sign_in(&mut Visitor::new(&simulator), &simulator, &choice);
    assert!(callback.get("code").is_some());

    let delete = |path: &str| {
        send(
            &simulator,
            Method::DELETE,
            &format!("{CONTROL}/api/{path}"),
            &[],
            "",
        )
        .status
    };
    assert_eq!(delete("organisations/319999981"), StatusCode::OK);
    assert_eq!(delete("organisations/319999973"), StatusCode::NOT_FOUND);
    assert_eq!(delete("people/15868510398"), StatusCode::OK);
    assert_eq!(delete("people/15868510398"), StatusCode::NOT_FOUND);
}

#[test]
fn real_people_and_organisations_are_refused() {
    let simulator = simulator();
    let person = json!({ "pid": "15068510045", "given_name": "A", "family_name": "B" });
    let answer = post_json(&simulator, &format!("{CONTROL}/api/people"), &person);
    assert_eq!(answer.error(), "invalid_request");
    assert!(
        answer.text.contains("synthetic") && !answer.text.contains("15068510045"),
        "{}",
        answer.text
    );

    let organisation = json!({ "number": "974760673", "name": "X", "unit_type": "AS" });
    let answer = post_json(
        &simulator,
        &format!("{CONTROL}/api/organisations"),
        &organisation,
    );
    assert_eq!(answer.error(), "invalid_request");
    assert!(answer.text.contains("synthetic"), "{}", answer.text);
}

#[test]
fn a_resource_can_be_added_and_asked_for() {
    let simulator = simulator();
    let resource = json!({
        "id": "my-service",
        "name": { "nb": "Min tjeneste", "en": "My service" },
        "owner": "316660002",
        "minimum_authentication_level": 3,
        "actions": ["read"],
        "roles": ["daglig-leder"],
        "has_access_list": true,
    });
    let url = format!("{CONTROL}/api/resources");
    assert_eq!(
        post_json(&simulator, &url, &resource).status,
        StatusCode::OK
    );
    let ask = |more: &str| {
        let details = format!(
            r#"[{{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:my-service"{more}}}]"#
        );
        Authorize::at(Ansattporten)
            .headless(KARI, "high")
            .set("authorization_details", &details)
    };
    let refused = ask("").redirected(&simulator);
    assert_eq!(refused.get("error"), Some("invalid_authorization_details"));
    assert!(
        ask(r#","actions":"read""#)
            .page(&simulator)
            .html
            .contains("data-orgno=\"310000019\"")
    );

    let mut wrong = resource;
    wrong["id"] = "My Service".into();
    assert_eq!(
        post_json(&simulator, &url, &wrong).error(),
        "invalid_request"
    );
    assert_eq!(
        send(
            &simulator,
            Method::DELETE,
            &format!("{url}/my-service"),
            &[],
            ""
        )
        .status,
        StatusCode::OK
    );
}
