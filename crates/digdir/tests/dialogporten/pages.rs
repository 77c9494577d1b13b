//! Lists: pages of dialogs, and parties.

use portvakt_digdir::dialogporten::{
    ActivityType, ActorType, DialogStatus, Direction, Order, OrderKey, PartyType, SearchDialogs,
    SystemLabel,
};

use super::{
    ID, JSON, access_token, dialogporten, first, organisation, parties, query, response, resume,
    search,
};

/// A page as the service writes one.
fn page(members: &str) -> String {
    format!(
        r#"{{"items":[{{"id":"{ID}","org":"ttd","serviceResource":"urn:altinn:resource:demo-post",
        "serviceResourceType":"genericaccessresource","party":"urn:altinn:organization:identifier-no:310000019",
        "progress":60,"guiAttachmentCount":2,"createdAt":"2026-02-01T08:00:00.0000000Z",
        "updatedAt":"2026-02-02T08:00:00.0000000Z","contentUpdatedAt":"2026-02-02T08:00:00.0000000Z",
        "dueAt":"2026-03-01T00:00:00+01:00","status":"RequiresAttention","hasUnopenedContent":true,"systemLabel":"Default",
        "isApiOnly":false,"fromServiceOwnerTransmissionsCount":1,"isContentSeen":false,
        "latestActivity":{{"id":"019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d40","type":"Information","createdAt":"2026-02-02T08:00:00Z",
          "performedBy":{{"actorType":"ServiceOwner"}},"description":[{{"value":"Påminnelse","languageCode":"nb"}}]}},
        "endUserContext":{{"revision":"6a3b1e62-6a52-4b0e-9a4b-4d1d6f9f7c10","systemLabels":["Default","MarkedAsUnopened"]}},
        "content":{{"title":{{"value":[{{"value":"Demo title","languageCode":"en"}},{{"value":"Demotittel","languageCode":"nb"}}],"mediaType":"text/plain"}},
          "summary":{{"value":[{{"value":"Kort","languageCode":"nb"}}],"mediaType":"text/plain"}},
          "extendedStatus":{{"value":[{{"value":"Venter","languageCode":"nb"}}],"mediaType":"text/plain"}}}}}}],{members}}}"#
    )
}

#[test]
fn a_page_of_dialogs_is_read() {
    let page = search(
        query(),
        &page(r#""hasNextPage":false,"orderBy":"contentupdatedat_desc,id_desc""#),
    )
    .unwrap();
    let [item] = &page.items[..] else {
        panic!("one item")
    };
    assert_eq!(item.id.as_str(), ID);
    assert_eq!(item.org.as_deref(), Some("ttd"));
    assert_eq!(item.party, Some(organisation()));
    assert_eq!(
        item.service_resource.as_deref(),
        Some("urn:altinn:resource:demo-post")
    );
    assert_eq!(item.status, Some(DialogStatus::RequiresAttention));
    assert_eq!(item.extended_status.as_deref(), Some("Venter"));
    assert_eq!(item.title.choose(&["nb"]), Some("Demotittel"));
    assert_eq!(item.title.choose(&["en"]), Some("Demo title"));
    assert_eq!(item.title.choose(&["se"]), Some("Demotittel"));
    assert_eq!(item.summary.choose(&["en"]), Some("Kort"));
    assert!(item.sender_name.is_empty());
    assert_eq!(
        (item.progress, item.gui_attachment_count),
        (Some(60), Some(2))
    );
    let created_at = item.created_at.as_ref().unwrap();
    assert_eq!(created_at.as_str(), "2026-02-01T08:00:00.0000000Z");
    assert_eq!(created_at.unix_time().as_secs(), 1_769_932_800);
    assert_eq!(
        item.due_at.as_ref().unwrap().unix_time().as_secs(),
        1_772_319_600
    );
    assert_eq!(
        (
            item.is_content_seen,
            item.has_unopened_content,
            item.is_api_only
        ),
        (Some(false), Some(true), Some(false))
    );
    assert_eq!(
        item.system_labels,
        [SystemLabel::Default, SystemLabel::MarkedAsUnopened]
    );
    assert!(item.has_label(&SystemLabel::MarkedAsUnopened) && !item.has_label(&SystemLabel::Bin));
    let activity = item.latest_activity.as_ref().unwrap();
    assert_eq!(activity.activity_type, Some(ActivityType::Information));
    assert_eq!(
        activity.performed_by.as_ref().unwrap().actor_type,
        Some(ActorType::ServiceOwner)
    );
    assert_eq!(activity.description.choose(&[]), Some("Påminnelse"));
    assert_eq!(page.next, None);
}

#[test]
fn there_is_a_next_page_only_if_the_service_says_so() {
    let token =
        "contentupdatedat_2026-02-02T08:00:00.0000000Z,id_019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";
    let mut query = query();
    query.order_by = vec![Order {
        key: OrderKey::ContentUpdatedAt,
        direction: Direction::Ascending,
    }];
    query.limit = Some(1);
    // The token is there on the last page, too.
    let last = search(
        query.clone(),
        &page(&format!(
            r#""hasNextPage":false,"continuationToken":"{token}""#
        )),
    );
    assert_eq!(last.unwrap().next, None);

    let body = page(&format!(
        r#""hasNextPage":true,"continuationToken":"{token}""#
    ));
    let next = search(query, &body).unwrap().next.expect("another page");
    let (request, flow) =
        first(SearchDialogs::start(&dialogporten(), &access_token(), next)).unwrap();
    let sent = request.url.query().unwrap();
    assert!(sent.contains("orderBy=contentUpdatedAt_asc&limit=1&continuationToken=contentupdatedat_2026-02-02T08%3A00"), "{sent}");

    // A token that has not moved would lead round in a circle.
    let circle = resume(flow, Ok(response(200, &[JSON], &body)));
    assert_eq!(circle.unwrap_err().code(), "dialogporten_malformed");
}

#[test]
fn a_continuation_token_is_taken_up_to_its_limit() {
    for (size, expected) in [(1024, None), (1025, Some("dialogporten_malformed"))] {
        let token = "t".repeat(size);
        let body = format!(r#"{{"items":[],"hasNextPage":true,"continuationToken":"{token}"}}"#);
        let code = search(query(), &body).err().map(|error| error.code());
        assert_eq!(code, expected, "{size}");
    }
}

#[test]
fn a_page_that_is_none_is_refused() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"items":[]}"#,
        r#"{"items":{},"hasNextPage":false}"#,
        r#"{"items":[],"hasNextPage":"false"}"#,
        r#"{"items":[],"hasNextPage":true}"#,
        r#"{"items":[],"hasNextPage":true,"continuationToken":""}"#,
        r#"{"items":[],"hasNextPage":true,"continuationToken":"a b"}"#,
        r#"{"items":[],"hasNextPage":false,"hasNextPage":true}"#,
        r#"{"items":[],"hasNextPage":false"#,
    ] {
        let error = search(query(), body).unwrap_err();
        assert_eq!(error.code(), "dialogporten_malformed", "{body}");
    }
    let (_, flow) = first(SearchDialogs::start(
        &dialogporten(),
        &access_token(),
        query(),
    ))
    .unwrap();
    let html = response(
        200,
        &[("content-type", "text/html")],
        r#"{"items":[],"hasNextPage":false}"#,
    );
    assert_eq!(
        resume(flow, Ok(html)).unwrap_err().code(),
        "dialogporten_malformed"
    );
}

#[test]
fn what_is_missing_or_odd_in_an_item_is_absent_and_the_rest_is_shown() {
    let body = format!(
        r#"{{"items":[{{"id":"{ID}"}},
        {{"id":"{ID}","status":"SomethingNew","party":"urn:altinn:unheard-of:1","content":null,"createdAt":"yesterday","progress":-1,
          "systemLabel":"Bin","isContentSeen":"no","endUserContext":{{"systemLabels":[1,"Sent","Later"]}}}},
        {{"id":"{ID}","systemLabel":"Archive","content":{{"title":{{"value":[{{"languageCode":"nb"}},{{"value":"T"}},1]}}}}}},
        {{"id":"not a uuid"}},{{}},7],"hasNextPage":false}}"#
    );
    let items = search(query(), &body).unwrap().items;
    let [bare, odd, old] = &items[..] else {
        panic!("three of six can be shown, not {}", items.len())
    };
    assert!(bare.title.is_empty() && bare.status.is_none() && bare.system_labels.is_empty());
    assert_eq!(odd.status, Some(DialogStatus::Other("SomethingNew".into())));
    assert_eq!(odd.status.as_ref().unwrap().as_str(), "SomethingNew");
    assert_eq!(
        (
            &odd.party,
            &odd.created_at,
            odd.progress,
            odd.is_content_seen
        ),
        (&None, &None, None, None)
    );
    assert_eq!(
        odd.system_labels,
        [SystemLabel::Sent, SystemLabel::Other("Later".into())]
    );
    assert_eq!(old.system_labels, [SystemLabel::Archive]);
    assert!(old.title.is_empty());
}

#[test]
fn parties_are_a_tree() {
    let parties = parties(
        r#"{"authorizedParties":[
        {"party":"urn:altinn:person:identifier-no:15868510045","name":"NORDMANN KARI","partyType":"Person","isDeleted":false,"isCurrentEndUser":true,"hasOnlyAccessToSubParties":false},
        {"party":"urn:altinn:organization:identifier-no:310000019","name":"SYNTETISK PRØVE AS","partyType":"Organization","isDeleted":true,"hasOnlyAccessToSubParties":true,
         "subParties":[{"party":"urn:altinn:organization:identifier-no:312223333","name":"AVD OSLO","partyType":"Organization"}]},
        {"party":"urn:altinn:unheard-of:1"},{},null]}"#,
    )
    .unwrap();
    let [person, organisation] = &parties[..] else {
        panic!("two parties")
    };
    assert_eq!(
        (person.party_type, person.is_current_end_user),
        (Some(PartyType::Person), true)
    );
    assert_eq!(organisation.party_type, Some(PartyType::Organisation));
    assert!(organisation.is_deleted && organisation.has_only_access_to_sub_parties);
    assert_eq!(
        organisation.sub_parties[0].name.as_deref(),
        Some("AVD OSLO")
    );
    assert!(!organisation.sub_parties[0].is_deleted);
    for body in ["{}", "[]", r#"{"authorizedParties":{}}"#, "x"] {
        assert_eq!(
            super::parties(body).unwrap_err().code(),
            "dialogporten_malformed",
            "{body}"
        );
    }
}
