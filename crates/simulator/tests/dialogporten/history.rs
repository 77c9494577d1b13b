//! The parts of a dialog by themselves.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Fixture, HIGH, KARI, NORA, PROVE_AS, SUBSTANTIAL, delete};

const UNKNOWN: &str = "019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";
const PARTS: [&str; 4] = ["transmissions", "activities", "seenlog", "context/labellog"];

#[tokio::test]
async fn lists_are_bare_arrays_and_each_item_is_there_by_itself_too() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "energy efficiency").await;
    for (part, count) in [("transmissions", 3), ("activities", 4), ("seenlog", 1)] {
        let path = format!("/enduser/dialogs/{id}/{part}");
        let list = fixture.get(&kari, &path).await;
        assert_eq!(list.status, StatusCode::OK);
        let list = list.json();
        let list = list.as_array().expect("a bare array");
        assert_eq!(list.len(), count, "{part}");
        for item in list {
            let single = format!("{path}/{}", item["id"].as_str().expect("an id"));
            let mut single = fixture.get(&kari, &single).await.json();
            if part == "activities" {
                // Only by itself does an activity say who did it.
                let actor = single
                    .as_object_mut()
                    .and_then(|it| it.remove("performedBy"));
                assert!(actor.is_some_and(|actor| actor["actorType"].is_string()));
            }
            assert_eq!(single, *item);
        }
    }
}

#[tokio::test]
async fn a_transmission_by_itself_does_not_say_whether_it_is_opened() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Notice of inspection").await;
    let list = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}/transmissions"))
        .await
        .json();
    let transmission = &list[0];
    assert_eq!(transmission["isOpened"], Value::Null);
    assert_eq!(transmission["type"], "Alert");
    assert_eq!(transmission["isAuthorized"], true);
    let names: Vec<&Value> = transmission["attachments"]
        .as_array()
        .expect("attachments")
        .iter()
        .map(|attachment| &attachment["name"])
        .collect();
    assert_eq!(names, ["dagsorden", "dokumentliste"]);
}

#[tokio::test]
async fn activities_are_in_the_order_of_time_and_describe_what_is_free_text() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Notice of inspection").await;
    let list = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}/activities"))
        .await
        .json();
    let kinds: Vec<&Value> = list
        .as_array()
        .expect("a list")
        .iter()
        .map(|activity| &activity["type"])
        .collect();
    assert_eq!(kinds, ["DialogCreated", "Information"]);
    assert_eq!(list[0]["description"], json!([]));
    assert_eq!(list[1]["description"][1]["languageCode"], "nb");
}

#[tokio::test]
async fn reading_the_parts_does_not_count_as_opening_the_dialog() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Notice of inspection").await;
    for part in PARTS {
        let answer = fixture
            .get(&kari, &format!("/enduser/dialogs/{id}/{part}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{part}");
    }
    let item = fixture.item(&kari, PROVE_AS, "Notice of inspection").await;
    assert_eq!(item["isContentSeen"], false);
}

#[tokio::test]
async fn without_access_the_parts_of_a_dialog_are_not_found() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let nora = fixture.idporten(NORA, HIGH).await;
    for part in PARTS {
        for (token, id) in [(&nora, id.as_str()), (&kari, UNKNOWN)] {
            let answer = fixture
                .get(token, &format!("/enduser/dialogs/{id}/{part}"))
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{part}");
            let errors = answer.errors();
            assert!(errors["DialogEntity"].is_array(), "{errors}");
        }
    }
}

#[tokio::test]
async fn at_too_low_a_level_the_parts_of_a_dialog_are_forbidden() {
    let fixture = Fixture::new();
    let high = fixture.idporten(KARI, HIGH).await;
    let id = fixture.id(&high, PROVE_AS, "Teo Eksempel").await;
    let substantial = fixture.idporten(KARI, SUBSTANTIAL).await;
    for part in PARTS {
        let answer = fixture
            .get(&substantial, &format!("/enduser/dialogs/{id}/{part}"))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{part}");
        let reason = "Altinn authentication level too low.";
        assert_eq!(answer.errors(), json!({ "Forbidden": [reason] }));
    }
}

#[tokio::test]
async fn the_parts_of_a_deleted_dialog_are_gone() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Company tax return").await;
    let path = format!("/enduser/dialogs/{id}");
    delete(&fixture, &fixture.get(&kari, &path).await.json()).await;
    for part in PARTS {
        let answer = fixture.get(&kari, &format!("{path}/{part}")).await;
        assert_eq!(answer.status, StatusCode::GONE, "{part}");
    }
}

#[tokio::test]
async fn an_unknown_part_is_not_found_under_its_own_name() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    for (part, entity) in [
        ("transmissions", "DialogTransmission"),
        ("activities", "DialogActivity"),
        ("seenlog", "DialogSeenLog"),
    ] {
        let answer = fixture
            .get(&kari, &format!("/enduser/dialogs/{id}/{part}/{UNKNOWN}"))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let sentence =
            format!("Entity '{entity}' with the following key(s) was not found: ({UNKNOWN}).");
        assert_eq!(answer.errors(), json!({ entity: [sentence] }));
    }
}
