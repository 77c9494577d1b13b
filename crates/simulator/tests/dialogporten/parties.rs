//! Parties, resources, limits and lookups.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{API, Fixture, HIGH, KARI, NORA, OLA, PROVE_AS, PROVE_OSLO, SUBSTANTIAL};

#[tokio::test]
async fn a_manager_has_herself_her_organisations_and_their_sub_units() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let parties = fixture.get(&kari, "/enduser/parties").await.json();
    let parties = parties["authorizedParties"].as_array().expect("parties");
    let oneself = &parties[0];
    assert_eq!(
        oneself["party"],
        "urn:altinn:person:identifier-no:15868510045"
    );
    assert_eq!(oneself["name"], "PRØVESEN KARI");
    assert_eq!(oneself["partyType"], "Person");
    assert_eq!(oneself["isCurrentEndUser"], true);
    assert_eq!(oneself["subParties"], Value::Null);

    let prove = parties
        .iter()
        .find(|party| party["party"] == PROVE_AS)
        .expect("her company");
    assert_eq!(prove["name"], "SYNTETISK PRØVE AS");
    assert_eq!(prove["partyType"], "Organization");
    assert_eq!(prove["hasKeyRole"], true);
    assert_eq!(prove["isMainAdministrator"], true);
    assert_eq!(prove["hasOnlyAccessToSubParties"], false);
    let mut subs: Vec<&str> = prove["subParties"]
        .as_array()
        .expect("sub-units")
        .iter()
        .map(|party| party["name"].as_str().expect("a name"))
        .collect();
    subs.sort_unstable();
    assert_eq!(
        subs,
        ["SYNTETISK PRØVE AVD BERGEN", "SYNTETISK PRØVE AVD OSLO"]
    );

    let deleted: Vec<&Value> = parties
        .iter()
        .filter(|party| party["isDeleted"] == true)
        .collect();
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0]["name"], "NEDLAGT SYNTETISK HANDEL AS");
}

#[tokio::test]
async fn a_parent_without_access_is_there_only_to_hold_its_sub_unit() {
    let fixture = Fixture::new();
    let ola = fixture.idporten(OLA, SUBSTANTIAL).await;
    let parties = fixture.get(&ola, "/enduser/parties").await.json();
    let parties = parties["authorizedParties"].as_array().expect("parties");
    assert_eq!(parties.len(), 2);
    assert_eq!(parties[1]["party"], PROVE_AS);
    assert_eq!(parties[1]["hasOnlyAccessToSubParties"], true);
    assert_eq!(parties[1]["subParties"][0]["party"], PROVE_OSLO);
    assert_eq!(
        parties[1]["subParties"][0]["hasOnlyAccessToSubParties"],
        false
    );
}

#[tokio::test]
async fn who_represents_nobody_has_oneself() {
    let fixture = Fixture::new();
    let nora = fixture.idporten(NORA, SUBSTANTIAL).await;
    let parties = fixture.get(&nora, "/enduser/parties").await.json();
    assert_eq!(
        parties["authorizedParties"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn identifiers_of_parties_are_the_same_each_time() {
    let fixture = Fixture::new();
    let nora = fixture.idporten(NORA, SUBSTANTIAL).await;
    let first = fixture.get(&nora, "/enduser/parties").await.json();
    let other = Fixture::new();
    let nora = other.idporten(NORA, SUBSTANTIAL).await;
    assert_eq!(other.get(&nora, "/enduser/parties").await.json(), first);
}

#[tokio::test]
async fn an_accept_header_without_json_is_not_acceptable() {
    let fixture = Fixture::new();
    let nora = fixture.idporten(NORA, SUBSTANTIAL).await;
    for path in [
        "/enduser/parties",
        "/enduser/serviceresources",
        "/metadata/limits",
        "/metadata/serviceresources",
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
    ] {
        let url = format!("{API}{path}");
        let accept = async |accept: &str| {
            let headers = [("accept", accept)];
            fixture
                .send(Method::GET, &url, Some(&nora), &headers, "")
                .await
        };
        let refused = accept("text/html").await;
        assert_eq!(refused.status, StatusCode::NOT_ACCEPTABLE, "{path}");
        assert_eq!(
            refused.errors(),
            json!({ "Accept": ["The request must accept application/json responses."] })
        );
        for fitting in [
            "*/*",
            "application/*",
            "text/html, application/problem+json;q=0.1",
        ] {
            assert_eq!(
                accept(fitting).await.status,
                StatusCode::OK,
                "{path} {fitting}"
            );
        }
    }
}

#[tokio::test]
async fn limits_are_those_that_the_search_keeps_to() {
    let fixture = Fixture::new();
    let url = format!("{API}/metadata/limits");
    let limits = fixture.send(Method::GET, &url, None, &[], "").await.json();
    assert_eq!(
        limits["endUserSearch"],
        json!({
            "maxPartyFilterValues": 100,
            "maxServiceResourceFilterValues": 20,
            "maxOrgFilterValues": 20,
            "maxExtendedStatusFilterValues": 20,
        })
    );
}

#[tokio::test]
async fn resources_are_those_that_dialogs_refer_to_in_the_reader_s_language() {
    let fixture = Fixture::new();
    let url = format!("{API}/metadata/serviceresources");
    let headers = [("accept-language", "nb")];
    let all = fixture
        .send(Method::GET, &url, None, &headers, "")
        .await
        .json();
    let names: Vec<&Value> = all["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| &item["serviceResource"]["name"][0]["value"])
        .collect();
    assert_eq!(
        names,
        [
            "Post til virksomheten",
            "Skatt og avgift",
            "Sykmeldinger for ansatte",
            "Søknad om tilskudd",
            "Tilsyn og kontroll",
        ]
    );
    assert_eq!(
        all["items"][2]["serviceResource"]["minimumAuthenticationLevel"],
        4
    );
}

#[tokio::test]
async fn a_person_s_resources_follow_from_their_rights() {
    let fixture = Fixture::new();
    let ola = fixture.idporten(OLA, SUBSTANTIAL).await;
    let ids = async |query: &str| {
        let path = format!("/enduser/serviceresources{query}");
        let found = fixture.get(&ola, &path).await.json();
        assert_eq!(found["isFullCatalogueFallback"], Value::Null);
        let items = found["items"].as_array().expect("items").clone();
        let mut ids: Vec<String> = items
            .iter()
            .filter_map(|item| item["serviceResource"]["id"].as_str())
            .map(|id| id.trim_start_matches("urn:altinn:resource:").to_owned())
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(
        ids("").await,
        ["demo-post", "demo-skatt", "demo-sykmelding"]
    );
    let himself = format!("?party=urn:altinn:person:identifier-no:{OLA}");
    assert_eq!(ids(&himself).await, ["demo-post", "demo-skatt"]);
    assert_eq!(
        ids(&format!("?party={PROVE_AS}")).await,
        Vec::<String>::new()
    );
    let refused = fixture.get(&ola, "/enduser/serviceresources?party=").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.errors()["parties[0]"].is_array());
}

#[tokio::test]
async fn a_lookup_tells_the_level_that_a_dialog_needs_without_opening_it() {
    let fixture = Fixture::new();
    let high = fixture.idporten(KARI, HIGH).await;
    let id = fixture.id(&high, PROVE_AS, "Teo Eksempel").await;
    let substantial = fixture.idporten(KARI, SUBSTANTIAL).await;
    let path = format!("/enduser/dialoglookup?instanceRef=urn:altinn:dialog-id:{id}");
    let found = fixture.get(&substantial, &path).await.json();
    assert_eq!(found["dialogId"], id.as_str());
    assert_eq!(found["serviceResource"]["minimumAuthenticationLevel"], 4);
    assert_eq!(
        found["authorizationEvidence"]["currentAuthenticationLevel"],
        3
    );
    assert_eq!(found["authorizationEvidence"]["viaRole"], true);
    assert_eq!(
        found["authorizationEvidence"]["evidence"][0]["grantType"],
        "Role"
    );
    assert_eq!(found["title"][0]["value"], "Message about an employee");
    assert_eq!(
        fixture.item(&high, PROVE_AS, "Teo Eksempel").await["isContentSeen"],
        false
    );

    let nora = fixture.idporten(NORA, HIGH).await;
    assert_eq!(
        fixture.get(&nora, &path).await.status,
        StatusCode::FORBIDDEN
    );
    let unknown = "urn:altinn:correspondence-id:019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";
    let path = format!("/enduser/dialoglookup?instanceRef={unknown}");
    assert_eq!(
        fixture.get(&nora, &path).await.status,
        StatusCode::NOT_FOUND
    );
    let path = "/enduser/dialoglookup?instanceRef=urn:altinn:something:1";
    assert_eq!(
        fixture.get(&nora, path).await.status,
        StatusCode::BAD_REQUEST
    );
}
