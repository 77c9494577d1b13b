//! Opening a dialog: who may, what it shows, and what it leaves behind.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    API, Answer, DAY, Fixture, HIGH, KARI, KOMMUNE, NORA, NOW, OLA, PROVE_AS, PROVE_OSLO,
    SUBSTANTIAL, delete,
};

#[tokio::test]
async fn an_opened_dialog_has_everything_and_an_unquoted_etag() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "energy efficiency").await;
    let answer = fixture.get(&kari, &format!("/enduser/dialogs/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let dialog = answer.json();
    assert_eq!(answer.header("etag"), dialog["revision"].as_str());
    assert_eq!(dialog["id"], id.as_str());
    assert_eq!(dialog["progress"], 50);
    assert_eq!(dialog["fromPartyTransmissionsCount"], 1);
    assert_eq!(dialog["fromServiceOwnerTransmissionsCount"], 2);
    assert_eq!(dialog["hasUnopenedContent"], true);
    let transmissions = dialog["transmissions"].as_array().expect("transmissions");
    let opened: Vec<&Value> = transmissions.iter().map(|it| &it["isOpened"]).collect();
    assert_eq!(opened, [true, true, false]);
    assert_eq!(
        transmissions[1]["relatedTransmissionId"],
        transmissions[0]["id"]
    );
    assert_eq!(transmissions[0]["sender"]["actorName"], "KARI PRØVESEN");
    assert_eq!(
        transmissions[2]["sender"],
        json!({ "actorType": "ServiceOwner" })
    );
    assert_eq!(
        dialog["content"]["additionalInfo"]["mediaType"],
        "text/markdown"
    );
    assert_eq!(dialog["guiActions"][0]["priority"], "Primary");
    assert_eq!(dialog["guiActions"][0]["isAuthorized"], true);
    assert!(dialog["guiActions"][0]["url"].as_str().is_some_and(|url| {
        url.starts_with("http://127.0.0.1:8105/dialogporten/demo-service/page/")
    }));
    assert!(dialog["dialogToken"].is_string());
    assert_eq!(dialog["guiAttachmentCount"], Value::Null);
    assert_eq!(dialog["latestActivity"], Value::Null);
}

#[tokio::test]
async fn an_unknown_dialog_is_not_found_and_a_foreign_one_is_forbidden() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let unknown = "019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";
    let answer = fixture
        .get(&kari, &format!("/enduser/dialogs/{unknown}"))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["title"], "Resource not found.");
    assert_eq!(
        answer.errors(),
        json!({ "DialogEntity": [format!(
            "Entity 'DialogEntity' with the following key(s) was not found: ({unknown})."
        )] })
    );

    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let nora = fixture.idporten(NORA, HIGH).await;
    assert_forbidden(
        &fixture.get(&nora, &format!("/enduser/dialogs/{id}")).await,
        "Forbidden",
    );
}

#[tokio::test]
async fn a_path_that_is_no_id_is_refused_under_its_name() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let answer = fixture.get(&kari, "/enduser/dialogs/1").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        answer.errors(),
        json!({ "dialogId": ["Value [1] is not valid for a [Guid] property!"] })
    );
}

#[tokio::test]
async fn at_too_low_a_level_a_dialog_can_be_listed_but_not_opened() {
    let fixture = Fixture::new();
    let high = fixture.idporten(KARI, HIGH).await;
    let id = fixture.id(&high, PROVE_AS, "Teo Eksempel").await;
    let path = format!("/enduser/dialogs/{id}");
    let substantial = fixture.idporten(KARI, SUBSTANTIAL).await;
    let too_low = "Altinn authentication level too low.";
    assert_forbidden(&fixture.get(&substantial, &path).await, too_low);
    assert_eq!(fixture.get(&high, &path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_dialog_that_is_not_yet_visible_is_not_found_and_says_when_it_will_be() {
    let fixture = Fixture::new();
    fixture.simulator.clock().advance(4 * DAY);
    let later = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture
        .id(&later, PROVE_AS, "new round of applications")
        .await;
    fixture.simulator.clock().set(NOW);
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let answer = fixture.get(&kari, &format!("/enduser/dialogs/{id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        answer.header("expires"),
        Some("Thu, 24 Sep 2026 14:13:20 GMT")
    );
    let sentence = "Dialog is not visible until 2026-09-24T14:13:20";
    assert_eq!(answer.errors(), json!({ "DialogEntity": [sentence] }));
}

#[tokio::test]
async fn an_expired_dialog_is_not_found() {
    let fixture = Fixture::new();
    fixture.simulator.clock().set(NOW - 40 * DAY);
    let before = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&before, PROVE_AS, "information meeting").await;
    fixture.simulator.clock().set(NOW);
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let answer = fixture.get(&kari, &format!("/enduser/dialogs/{id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("expires"), None);
    let sentence = "Dialog expired at 2026-08-22T14:13:20";
    assert_eq!(answer.errors(), json!({ "DialogEntity": [sentence] }));
}

#[tokio::test]
async fn a_deleted_dialog_is_gone_for_those_who_had_access_and_forbidden_to_others() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Company tax return").await;
    let path = format!("/enduser/dialogs/{id}");
    delete(&fixture, &fixture.get(&kari, &path).await.json()).await;
    let answer = fixture.get(&kari, &path).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert_eq!(answer.json()["title"], "Resource no longer available.");
    assert_eq!(
        answer.errors(),
        json!({ "DialogEntity": [format!(
            "Entity 'DialogEntity' with the following key(s) is removed: ({id})."
        )] })
    );
    let nora = fixture.idporten(NORA, HIGH).await;
    assert_forbidden(&fixture.get(&nora, &path).await, "Forbidden");
}

#[tokio::test]
async fn opening_a_dialog_leaves_one_trace_for_each_person_and_masks_who_they_are() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let ola = fixture.idporten(OLA, SUBSTANTIAL).await;
    let item = fixture.item(&kari, PROVE_OSLO, "emergency alert").await;
    assert_eq!(item["isContentSeen"], false);
    let path = format!("/enduser/dialogs/{}", item["id"].as_str().expect("an id"));
    for token in [&kari, &kari, &ola, &ola] {
        assert_eq!(
            fixture.get(token, &path).await.json()["isContentSeen"],
            true
        );
    }
    let item = fixture.item(&kari, PROVE_OSLO, "emergency alert").await;
    assert_eq!(item["isContentSeen"], true);
    let seen = item["seenSinceLastContentUpdate"]
        .as_array()
        .expect("a list");
    let names: Vec<&Value> = seen
        .iter()
        .map(|entry| &entry["seenBy"]["actorName"])
        .collect();
    assert_eq!(names, ["KARI PRØVESEN", "OLA TESTMANN"]);
    let mine: Vec<&Value> = seen
        .iter()
        .map(|entry| &entry["isCurrentEndUser"])
        .collect();
    assert_eq!(mine, [true, false]);
    for entry in seen {
        let id = entry["seenBy"]["actorId"].as_str().expect("an id");
        assert!(
            id.starts_with("urn:altinn:person:identifier-ephemeral:"),
            "{id}"
        );
        assert_eq!(entry["isViaServiceOwner"], false);
    }
}

#[tokio::test]
async fn opening_a_dialog_takes_the_mark_of_an_unopened_one_away() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let item = fixture.item(&kari, PROVE_AS, "Your accountant").await;
    assert_eq!(
        item["endUserContext"]["systemLabels"],
        json!(["Default", "MarkedAsUnopened"])
    );
    assert_eq!(item["isContentSeen"], false);
    let path = format!("/enduser/dialogs/{}", item["id"].as_str().expect("an id"));
    let dialog = fixture.get(&kari, &path).await.json();
    assert_eq!(dialog["endUserContext"]["systemLabels"], json!(["Default"]));
    assert_ne!(
        dialog["endUserContext"]["revision"],
        item["endUserContext"]["revision"]
    );
    assert_eq!(dialog["isContentSeen"], true);
    let log = fixture
        .get(&kari, &format!("{path}/context/labellog"))
        .await
        .json();
    let last = log.as_array().and_then(|log| log.last()).expect("an entry");
    assert_eq!(
        (&last["name"], &last["action"]),
        (&json!("systemlabel:MarkedAsUnopened"), &json!("remove"))
    );
}

#[tokio::test]
async fn urls_that_the_reader_may_not_follow_are_withheld() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    let id = fixture.id(&kari, PROVE_AS, "Apprentice grant").await;
    let dialog = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}"))
        .await
        .json();
    let note = &dialog["transmissions"][3];
    assert_eq!(note["isAuthorized"], false);
    assert_eq!(
        note["attachments"][0]["urls"][0]["url"],
        "urn:dialogporten:unauthorized"
    );
    assert_eq!(
        note["navigationalActions"][0]["url"],
        "urn:dialogporten:unauthorized"
    );
    // Another resource's policy opens the third one, for she has that resource as well.
    let absence = &dialog["transmissions"][2];
    assert_eq!(absence["isAuthorized"], true);
    assert_ne!(
        absence["attachments"][0]["urls"][0]["url"],
        "urn:dialogporten:unauthorized"
    );

    let id = fixture.id(&kari, PROVE_AS, "Tax certificate").await;
    let dialog = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}"))
        .await
        .json();
    assert_eq!(
        dialog["attachments"][0]["urls"][0]["url"],
        "urn:dialogporten:expired"
    );
    let open = dialog["attachments"][1]["urls"][0]["url"]
        .as_str()
        .expect("a URL");
    assert!(open.starts_with("http://127.0.0.1:8105/"), "{open}");
}

#[tokio::test]
async fn actions_that_the_person_has_no_right_to_are_shown_without_their_urls() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, KOMMUNE, "cycle path").await;
    let dialog = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}"))
        .await
        .json();
    let actions = dialog["guiActions"].as_array().expect("actions");
    let shown: Vec<(&str, bool, bool)> = actions
        .iter()
        .map(|action| {
            let withheld = action["url"] == "urn:dialogporten:unauthorized";
            let name = action["action"].as_str().expect("an action");
            (name, action["isAuthorized"] == true, withheld)
        })
        .collect();
    assert_eq!(shown, [("sign", false, true), ("write", true, false)]);
}

#[tokio::test]
async fn an_api_only_dialog_can_be_opened_and_has_api_actions() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Reference data").await;
    let dialog = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}"))
        .await
        .json();
    assert_eq!(dialog["isApiOnly"], true);
    let action = &dialog["apiActions"][0];
    assert_eq!(action["isAuthorized"], true);
    assert_eq!(action["endpoints"][0]["httpMethod"], "GET");
}

#[tokio::test]
async fn a_person_opens_their_own_dialogs_and_nobody_else_s() {
    let fixture = Fixture::new();
    let nora = fixture.idporten(NORA, HIGH).await;
    let own = format!("urn:altinn:person:identifier-no:{NORA}");
    let id = fixture.id(&nora, &own, "sickness benefit").await;
    let path = format!("/enduser/dialogs/{id}");
    assert_eq!(fixture.get(&nora, &path).await.status, StatusCode::OK);
    let kari = fixture.idporten(KARI, HIGH).await;
    assert_forbidden(&fixture.get(&kari, &path).await, "Forbidden");
    let of_nora = fixture.search(&kari, &format!("party={own}")).await;
    assert_eq!(of_nora.titles(), Vec::<String>::new());
}

#[tokio::test]
async fn rights_that_are_taken_away_are_gone_at_once() {
    let fixture = Fixture::new();
    let ola = fixture.idporten(OLA, SUBSTANTIAL).await;
    let id = fixture.id(&ola, PROVE_OSLO, "emergency alert").await;
    fixture.simulator.change_world(|world| {
        let mut ola = world
            .people()
            .find(|person| person.pid.as_str() == OLA)
            .cloned()
            .expect("Ola is there");
        ola.authorities.clear();
        world.put_person(ola).expect("a person in order");
    });
    assert_forbidden(
        &fixture.get(&ola, &format!("/enduser/dialogs/{id}")).await,
        "Forbidden",
    );
    let answer = fixture.search(&ola, &format!("party={PROVE_OSLO}")).await;
    assert_eq!(answer.titles(), Vec::<String>::new());
}

#[tokio::test]
async fn every_text_of_an_opened_dialog_is_in_the_reader_s_language() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "energy efficiency").await;
    let url = format!("{API}/enduser/dialogs/{id}");
    let headers = [("accept-language", "nb")];
    let answer = fixture
        .send(Method::GET, &url, Some(&kari), &headers, "")
        .await;
    assert!(answer.text().contains("\"languageCode\":\"nb\""));
    assert!(
        !answer.text().contains("\"languageCode\":\"en\""),
        "{}",
        answer.text()
    );
}

#[track_caller]
fn assert_forbidden(answer: &Answer, reason: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(answer.errors(), json!({ "Forbidden": [reason] }));
}
