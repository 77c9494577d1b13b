//! Searching: what is found, in which order, and how pages are turned.

use http::{Method, StatusCode};
use portvakt_simulator::Fault;
use serde_json::{Value, json};

use crate::support::{
    API, Answer, ETAT, Fixture, HIGH, KARI, NORA, OLA, PROVE_AS, PROVE_OSLO, SUBSTANTIAL, title,
};

#[tokio::test]
async fn a_person_sees_the_dialogs_of_parties_that_they_may_act_for() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let shown = fixture
        .search(&kari, &format!("party={PROVE_AS}"))
        .await
        .titles();
    assert_eq!(shown.len(), 17, "{shown:#?}");
    assert!(shown.contains(&"VAT return for the 5th period is ready to be signed".to_owned()));
    for hidden in [
        "sent by mistake",
        "new round of applications",
        "information meeting",
    ] {
        assert!(
            !shown.iter().any(|title| title.contains(hidden)),
            "{hidden}"
        );
    }
}

#[tokio::test]
async fn without_access_the_list_is_empty_and_nothing_is_forbidden() {
    let fixture = Fixture::new();
    let nora = fixture.idporten(NORA, HIGH).await;
    for party in [PROVE_AS, ETAT] {
        let answer = fixture.search(&nora, &format!("party={party}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(
            answer.json(),
            json!({ "items": [], "hasNextPage": false, "orderBy": "contentupdatedat_desc,id_desc" })
        );
    }
}

#[tokio::test]
async fn a_person_with_single_rights_sees_those_resources_only() {
    let fixture = Fixture::new();
    let ola = fixture.idporten(OLA, HIGH).await;
    let found = fixture
        .search(&ola, &format!("party={PROVE_OSLO}"))
        .await
        .json();
    let mut resources: Vec<&str> = items(&found)
        .iter()
        .map(|item| item["serviceResource"].as_str().expect("a resource"))
        .collect();
    resources.sort_unstable();
    assert_eq!(
        resources,
        [
            "urn:altinn:resource:demo-post",
            "urn:altinn:resource:demo-skatt",
            "urn:altinn:resource:demo-sykmelding",
        ]
    );
}

#[tokio::test]
async fn a_resource_alone_finds_dialogs_of_every_party_of_the_person() {
    let fixture = Fixture::new();
    let ola = fixture.idporten(OLA, SUBSTANTIAL).await;
    let found = fixture
        .search(&ola, "serviceResource=urn:altinn:resource:demo-skatt")
        .await
        .json();
    let mut parties: Vec<&str> = items(&found)
        .iter()
        .map(|item| item["party"].as_str().expect("a party"))
        .collect();
    parties.sort_unstable();
    assert_eq!(
        parties,
        [PROVE_OSLO, "urn:altinn:person:identifier-no:15868510126"]
    );
}

#[tokio::test]
async fn an_item_has_the_members_and_forms_of_the_service() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let item = fixture.item(&kari, PROVE_AS, "VAT return").await;
    let members: Vec<&str> = item
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "content",
        "contentUpdatedAt",
        "createdAt",
        "dueAt",
        "endUserContext",
        "extendedStatus",
        "externalReference",
        "fromPartyTransmissionsCount",
        "fromServiceOwnerTransmissionsCount",
        "guiAttachmentCount",
        "hasUnopenedContent",
        "id",
        "isApiOnly",
        "isContentSeen",
        "latestActivity",
        "org",
        "party",
        "process",
        "progress",
        "seenSinceLastContentUpdate",
        "seenSinceLastUpdate",
        "serviceResource",
        "serviceResourceType",
        "status",
        "systemLabel",
        "updatedAt",
    ];
    assert_eq!(members, expected);
    assert_eq!(item["status"], "RequiresAttention");
    assert_eq!(item["systemLabel"], "Default");
    assert_eq!(item["endUserContext"]["systemLabels"], json!(["Default"]));
    assert_eq!(item["latestActivity"]["type"], "SentToSigning");
    assert_eq!(
        item["content"]["senderName"]["value"][1]["value"],
        "Syntetisk skatteetat"
    );
    assert_eq!(item["content"]["title"]["mediaType"], "text/plain");
    assert_eq!(item["content"]["additionalInfo"], Value::Null);
    let created = item["createdAt"].as_str().expect("a time");
    assert_eq!(
        (created.len(), &created[19..]),
        (28, ".0000000Z"),
        "{created}"
    );
    assert!(!item.to_string().contains("null"), "{item}");
}

#[tokio::test]
async fn pages_are_turned_until_has_next_page_is_false_and_the_last_one_has_a_token_too() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    for order in [
        "",
        "&orderBy=createdAt_asc",
        "&orderBy=dueAt",
        "&orderBy=dueAt_asc,updatedAt",
    ] {
        let whole = fixture
            .search(&kari, &format!("party={PROVE_AS}{order}"))
            .await
            .titles();
        let mut turned = Vec::new();
        let mut token = String::new();
        let mut pages = 0;
        loop {
            let query = format!("party={PROVE_AS}&limit=5{order}{token}");
            let answer = fixture.search(&kari, &query).await;
            let page = answer.json();
            turned.extend(answer.titles());
            pages += 1;
            let text = page["continuationToken"]
                .as_str()
                .expect("a token on every page");
            token = format!("&continuationToken={text}");
            if page["hasNextPage"] == false {
                break;
            }
            assert_eq!(items(&page).len(), 5);
        }
        assert_eq!(turned, whole, "{order}");
        assert_eq!(pages, 4, "{order}");

        let beyond = fixture
            .search(&kari, &format!("party={PROVE_AS}{order}{token}"))
            .await
            .json();
        assert_eq!(beyond["items"], json!([]));
        assert_eq!(beyond["hasNextPage"], false);
        let echoed = beyond["continuationToken"]
            .as_str()
            .expect("the request's own token");
        assert_eq!(format!("&continuationToken={echoed}"), token);
    }
}

#[tokio::test]
async fn a_continuation_token_is_the_text_of_the_last_item_s_keys() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let page = fixture
        .search(&kari, &format!("party={PROVE_AS}&limit=1"))
        .await
        .json();
    let item = &items(&page)[0];
    let expected = format!(
        "contentupdatedat_{},id_{}",
        item["contentUpdatedAt"].as_str().expect("a time"),
        item["id"].as_str().expect("an id")
    );
    assert_eq!(page["continuationToken"], expected);
    assert_eq!(page["orderBy"], "contentupdatedat_desc,id_desc");
    assert_eq!(page["hasNextPage"], true);
}

#[tokio::test]
async fn the_order_is_echoed_and_a_token_of_another_order_is_refused() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let query = format!("party={PROVE_AS}&limit=1&orderBy=CreatedAt_ASC");
    let page = fixture.search(&kari, &query).await.json();
    assert_eq!(page["orderBy"], "createdat_asc,id_desc");
    let token = page["continuationToken"].as_str().expect("a token");
    let other = format!("party={PROVE_AS}&orderBy=dueAt&continuationToken={token}");
    let refused = fixture.search(&kari, &other).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.errors(),
        json!({ "continuationToken": [
            "'ContinuationToken' does not match OrderBy. Missing token keys: [dueAt]."
        ] })
    );
}

#[tokio::test]
async fn each_filter_narrows_the_list() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    for (filter, count) in [
        ("status=Draft", 1),
        ("status=draft&status=Completed", 4),
        ("org=satil", 2),
        ("org=satil&org=stil", 4),
        ("org=satil&status=Awaiting", 1),
        ("serviceResource=urn:altinn:resource:demo-skatt", 5),
        (
            "extendedStatus=til-signering&extendedStatus=mangler-vedlegg",
            2,
        ),
        ("externalReference=HMS-2026-0312", 1),
        ("externalReference=hms-2026-0312", 0),
        ("process=urn:syntetisk:skatt:mva:2026-5", 1),
        ("systemLabel=Archive", 2),
        ("systemLabel=Bin", 1),
        ("systemLabel=Sent", 5),
        ("systemLabel=Default&systemLabel=Sent", 5),
        ("systemLabel=Archive&systemLabel=Bin", 0),
        ("systemLabel=MarkedAsUnopened", 1),
        ("isContentSeen=true", 8),
        ("isContentSeen=false", 9),
        ("excludeApiOnly=true", 16),
        ("excludeApiOnly=false", 17),
        ("dueBefore=2026-09-27T00:00:00Z", 2),
        (
            "dueAfter=2026-10-05T00:00:00%2B02:00&dueBefore=2026-10-06T00:00:00Z",
            2,
        ),
        ("createdBefore=2026-06-01T00:00:00Z", 2),
        ("search=ventilasjon", 2),
        ("search=VENTILATION", 2),
        ("search=ventilasjon&searchLanguageCode=en", 0),
        ("search=ventilation&searchLanguageCode=en-GB", 2),
        ("search=energy quote", 1),
        ("search=no-such-word", 0),
    ] {
        let query = format!("party={PROVE_AS}&{}", filter.replace(' ', "%20"));
        let titles = fixture.search(&kari, &query).await.titles();
        assert_eq!(titles.len(), count, "{filter}: {titles:#?}");
    }
}

#[tokio::test]
async fn below_the_level_of_a_resource_lists_show_what_is_not_sensitive() {
    let fixture = Fixture::new();
    let query = format!("party={PROVE_AS}&serviceResource=urn:altinn:resource:demo-sykmelding");
    let substantial = fixture.idporten(KARI, SUBSTANTIAL).await;
    let titles = fixture.search(&substantial, &query).await.titles();
    assert_eq!(titles, ["Message about an employee"; 2]);
    let high = fixture.idporten(KARI, HIGH).await;
    let titles = fixture.search(&high, &query).await.titles();
    assert_eq!(
        titles,
        [
            "Sick leave for Teo Eksempel, 50 per cent",
            "Follow-up plan for Ida Prøve"
        ]
    );
}

#[tokio::test]
async fn sensitive_text_cannot_be_searched_for_from_below_its_level() {
    let fixture = Fixture::new();
    let query = format!("party={PROVE_AS}&search=Eksempel%2C");
    let substantial = fixture.idporten(KARI, SUBSTANTIAL).await;
    assert_eq!(
        fixture.search(&substantial, &query).await.titles(),
        Vec::<String>::new()
    );
    let high = fixture.idporten(KARI, HIGH).await;
    assert_eq!(fixture.search(&high, &query).await.titles().len(), 1);
}

#[tokio::test]
async fn each_text_comes_in_the_one_language_that_the_reader_wants() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let search = async |language: &str| {
        let url = format!("{API}/enduser/dialogs?party={PROVE_AS}&search=5.%20termin");
        let headers = [("accept-language", language)];
        fixture
            .send(Method::GET, &url, Some(&kari), &headers, "")
            .await
    };
    for (language, expected) in [
        ("nb", "Mva-melding for 5. termin er klar til signering"),
        (
            "nb-NO;q=0.9,en;q=0.8",
            "Mva-melding for 5. termin er klar til signering",
        ),
        ("sv", "Mva-melding for 5. termin er klar til signering"),
        (
            "en-GB",
            "VAT return for the 5th period is ready to be signed",
        ),
        ("de", "VAT return for the 5th period is ready to be signed"),
    ] {
        let found = search(language).await.json();
        let item = &items(&found)[0];
        assert_eq!(
            item["content"]["title"]["value"].as_array().map(Vec::len),
            Some(1)
        );
        assert_eq!(title(item), expected, "{language}");
    }
    let refused = search("invalid;;;").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.errors(),
        json!({ "Accept-Language": [
            "Value [invalid;;;] is not valid for a [AcceptedLanguages] property!"
        ] })
    );
}

#[tokio::test]
async fn wrong_parameters_are_named_in_a_problem_document() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    let refused = fixture.search(&kari, "limit=0&search=ab").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.header("content-type"),
        Some("application/problem+json")
    );
    let problem = refused.json();
    assert_eq!(problem["title"], "One or more validation errors occurred.");
    assert_eq!(
        problem["type"],
        "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1"
    );
    assert_eq!(problem["instance"], "/api/v1/enduser/dialogs");
    assert_eq!(
        refused.errors(),
        json!({
            "": ["Either ServiceResource or Party must be specified."],
            "limit": ["'Limit' must be between 1 and 1000. You entered 0."],
            "search": [
                "The length of 'Search' must be at least 3 characters. You entered 2 characters."
            ],
        })
    );
}

#[tokio::test]
async fn a_search_that_is_too_broad_is_refused_on_request() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
    fixture.simulator.arm(Fault::DialogportenSearchTooBroad, 1);
    let query = format!("party={PROVE_AS}&search=skatt");
    let refused = fixture.search(&kari, &query).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = refused.errors();
    assert!(
        errors["Search"][0]
            .as_str()
            .is_some_and(|it| it.contains("too many dialogs"))
    );
    assert_eq!(fixture.search(&kari, &query).await.status, StatusCode::OK);
}

#[tokio::test]
async fn dialogs_appear_and_disappear_as_the_clock_moves() {
    let fixture = Fixture::new();
    let count = async |fixture: &Fixture| -> usize {
        let kari = fixture.idporten(KARI, SUBSTANTIAL).await;
        let answer: Answer = fixture.search(&kari, &format!("party={PROVE_AS}")).await;
        answer.titles().len()
    };
    let before = count(&fixture).await;
    fixture.simulator.clock().advance(3 * 86_400);
    assert_eq!(count(&fixture).await, before + 1);
}

fn items(result: &Value) -> &Vec<Value> {
    result["items"].as_array().expect("items")
}
