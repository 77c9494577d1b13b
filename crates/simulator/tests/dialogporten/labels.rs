//! Setting labels, alone and in bulk.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{API, Answer, Fixture, HIGH, KARI, NORA, PROVE_AS, SUBSTANTIAL, delete};

const JSON: (&str, &str) = ("content-type", "application/json");
const UNKNOWN: &str = "019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";

async fn put(
    fixture: &Fixture,
    token: &str,
    id: &str,
    if_match: Option<&str>,
    body: &Value,
) -> Answer {
    let url = format!("{API}/enduser/dialogs/{id}/context/systemlabels");
    let mut headers = vec![JSON];
    headers.extend(if_match.map(|revision| ("if-match", revision)));
    fixture
        .send(Method::PUT, &url, Some(token), &headers, &body.to_string())
        .await
}

async fn bulk(fixture: &Fixture, token: &str, body: &Value) -> Answer {
    let url = format!("{API}/enduser/dialogs/context/systemlabels/actions/bulkset");
    fixture
        .send(Method::POST, &url, Some(token), &[JSON], &body.to_string())
        .await
}

async fn context(fixture: &Fixture, token: &str, title: &str) -> (String, Value) {
    let item = fixture.item(token, PROVE_AS, title).await;
    let revision = item["endUserContext"]["revision"]
        .as_str()
        .expect("a revision")
        .to_owned();
    (revision, item["endUserContext"]["systemLabels"].clone())
}

#[tokio::test]
async fn a_label_is_set_and_the_new_context_revision_comes_back_as_etag() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let (revision, _) = context(&fixture, &kari, "VAT return").await;
    let answer = put(
        &fixture,
        &kari,
        &id,
        Some(&revision),
        &json!({ "addLabels": ["Bin"] }),
    )
    .await;
    assert_eq!(
        (answer.status, answer.body.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    let (next, labels) = context(&fixture, &kari, "VAT return").await;
    assert_eq!(answer.header("etag"), Some(next.as_str()));
    assert_ne!(next, revision);
    assert_eq!(labels, json!(["Bin"]));

    let path = format!("/enduser/dialogs/{id}/context/labellog");
    let log = fixture.get(&kari, &path).await.json();
    assert_eq!(log.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&log[0]["name"], &log[0]["action"]),
        (&json!("systemlabel:Bin"), &json!("set"))
    );
    assert_eq!(log[0]["performedBy"]["actorName"], "KARI PRØVESEN");
    let actor = log[0]["performedBy"]["actorId"].as_str().expect("an id");
    assert!(
        actor.starts_with("urn:altinn:person:identifier-ephemeral:"),
        "{actor}"
    );
}

#[tokio::test]
async fn a_revision_that_is_out_of_date_is_refused_and_none_is_unconditional() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let (revision, _) = context(&fixture, &kari, "VAT return").await;
    let archive = json!({ "addLabels": ["Archive"] });
    let set = put(&fixture, &kari, &id, None, &archive).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let refused = put(
        &fixture,
        &kari,
        &id,
        Some(&revision),
        &json!({ "addLabels": ["Bin"] }),
    )
    .await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    let problem = refused.json();
    assert_eq!(problem["title"], "Precondition failed.");
    assert_eq!(problem["errors"], Value::Null);
    assert_eq!(
        context(&fixture, &kari, "VAT return").await.1,
        json!(["Archive"])
    );
}

#[tokio::test]
async fn an_entity_tag_in_quotes_is_not_a_revision() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let (revision, _) = context(&fixture, &kari, "VAT return").await;
    let quoted = format!("\"{revision}\"");
    let refused = put(
        &fixture,
        &kari,
        &id,
        Some(&quoted),
        &json!({ "addLabels": ["Bin"] }),
    )
    .await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.errors()["If-Match"].is_array());
}

#[tokio::test]
async fn removing_comes_before_adding_and_the_old_name_of_add_labels_still_works() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Welcome to digital post").await;
    for (body, labels) in [
        (json!({ "removeLabels": ["Archive"] }), json!(["Default"])),
        (json!({ "systemLabels": ["Bin"] }), json!(["Bin"])),
        (
            json!({ "addLabels": ["Bin", "Archive"] }),
            json!(["Archive"]),
        ),
        (
            json!({ "addLabels": ["MarkedAsUnopened"], "removeLabels": ["archive"] }),
            json!(["Default", "MarkedAsUnopened"]),
        ),
        (json!({}), json!(["Default", "MarkedAsUnopened"])),
    ] {
        let answer = put(&fixture, &kari, &id, None, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::NO_CONTENT,
            "{body}: {}",
            answer.text()
        );
        let now = context(&fixture, &kari, "Welcome to digital post").await.1;
        assert_eq!(now, labels, "{body}");
    }
}

#[tokio::test]
async fn sent_cannot_be_set_or_removed() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let body = json!({ "addLabels": ["Bin", "Sent"], "removeLabels": ["Sent"] });
    let refused = put(&fixture, &kari, &id, None, &body).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let errors = refused.errors();
    assert!(
        errors["addLabels[1]"].is_array() && errors["removeLabels[0]"].is_array(),
        "{errors}"
    );
    assert_eq!(
        context(&fixture, &kari, "VAT return").await.1,
        json!(["Default"])
    );
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let url = format!("{API}/enduser/dialogs/{id}/context/systemlabels");
    for body in [
        "",
        "[]",
        "{",
        r#"{"addLabels":"Bin"}"#,
        r#"{"addLabels":["Trash"]}"#,
        r#"{"addLabels":[2]}"#,
    ] {
        let refused = fixture
            .send(Method::PUT, &url, Some(&kari), &[JSON], body)
            .await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(refused.errors()["serializerErrors"].is_array(), "{body}");
    }
    let plain = [("content-type", "text/plain")];
    let refused = fixture
        .send(Method::PUT, &url, Some(&kari), &plain, "{}")
        .await;
    assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_body_above_the_limit_is_too_large() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let url = format!("{API}/enduser/dialogs/{id}/context/systemlabels");
    let body = " ".repeat(20_000_001);
    let refused = fixture
        .send(Method::PUT, &url, Some(&kari), &[JSON], &body)
        .await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    let title = "Payload too large. The maximum allowed size is 20000000 bytes.";
    assert_eq!(refused.json()["title"], title);
}

#[tokio::test]
async fn labels_of_others_unknown_and_deleted_dialogs_cannot_be_set() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let nora = fixture.idporten(NORA, HIGH).await;
    let id = fixture.id(&kari, PROVE_AS, "Company tax return").await;
    let body = json!({ "addLabels": ["Bin"] });
    let foreign = put(&fixture, &nora, &id, None, &body).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let reason = format!("The following dialog ids are unauthorized and/or missing: ({id}).");
    assert_eq!(foreign.errors(), json!({ "Forbidden": [reason] }));
    let unknown = put(&fixture, &kari, UNKNOWN, None, &body).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let dialog = fixture
        .get(&kari, &format!("/enduser/dialogs/{id}"))
        .await
        .json();
    delete(&fixture, &dialog).await;
    assert_eq!(
        put(&fixture, &kari, &id, None, &body).await.status,
        StatusCode::GONE
    );
}

#[tokio::test]
async fn many_dialogs_are_labelled_at_once_or_none_of_them() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let vat = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let (revision, _) = context(&fixture, &kari, "VAT return").await;
    let notice = fixture.id(&kari, PROVE_AS, "Notice of inspection").await;
    let labels = async || {
        let vat = context(&fixture, &kari, "VAT return").await.1;
        (
            vat,
            context(&fixture, &kari, "Notice of inspection").await.1,
        )
    };
    let request = |dialogs: Value| json!({ "dialogs": dialogs, "addLabels": ["Archive"] });

    let missing = request(json!([{ "dialogId": vat }, { "dialogId": UNKNOWN }]));
    let refused = bulk(&fixture, &kari, &missing).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let sentence =
        format!("Entity 'DialogEntity' with the following key(s) was not found: ({UNKNOWN}).");
    assert_eq!(refused.errors(), json!({ "DialogEntity": [sentence] }));

    let stale = request(json!([
        { "dialogId": vat, "endUserContextRevision": revision },
        { "dialogId": notice, "endUserContextRevision": revision },
    ]));
    assert_eq!(
        bulk(&fixture, &kari, &stale).await.status,
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(labels().await, (json!(["Default"]), json!(["Default"])));

    let good = request(json!([
        { "dialogId": vat, "endUserContextRevision": revision },
        { "dialogId": notice },
    ]));
    let answer = bulk(&fixture, &kari, &good).await;
    assert_eq!(
        (answer.status, answer.body.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    assert_eq!(labels().await, (json!(["Archive"]), json!(["Archive"])));
}

#[tokio::test]
async fn a_bulk_request_names_one_to_a_hundred_dialogs_once_each() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let one = json!({ "dialogId": UNKNOWN });
    for dialogs in [json!([]), json!(vec![one.clone(); 101]), json!([one, one])] {
        let refused = bulk(&fixture, &kari, &json!({ "dialogs": dialogs })).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.errors()["dto.dialogs"].is_array());
    }
    for dialogs in [json!("all"), json!([{}]), json!([{ "dialogId": "1" }])] {
        let refused = bulk(&fixture, &kari, &json!({ "dialogs": dialogs })).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.errors()["serializerErrors"].is_array());
    }
}

#[tokio::test]
async fn a_reset_puts_labels_traces_and_deleted_dialogs_back() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let id = fixture.id(&kari, PROVE_AS, "Company tax return").await;
    let path = format!("/enduser/dialogs/{id}");
    let before = fixture
        .search(&kari, &format!("party={PROVE_AS}"))
        .await
        .json();
    put(
        &fixture,
        &kari,
        &id,
        None,
        &json!({ "addLabels": ["Archive"] }),
    )
    .await;
    delete(&fixture, &fixture.get(&kari, &path).await.json()).await;
    fixture.simulator.reset();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let after = fixture
        .search(&kari, &format!("party={PROVE_AS}"))
        .await
        .json();
    assert_eq!(after["items"].as_array().map(Vec::len), Some(17));
    assert_eq!(after, before);
}
