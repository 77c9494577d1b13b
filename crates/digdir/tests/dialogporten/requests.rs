//! What is sent.

use portvakt_digdir::dialogporten::{
    DialogId, DialogQuery, DialogStatus, Dialogporten, Direction, ListParties, OpenDialog, Order,
    OrderKey, SearchDialogs, SystemLabel,
};
use portvakt_digdir::identifiers::{Party, Pid};
use portvakt_digdir::{Misuse, Preset};
use portvakt_oidc::Method;

use super::{BASE, ID, access_token, dialogporten, first, organisation, query};
use crate::provider::ACCESS_TOKEN;

#[test]
fn requests_carry_the_token_in_their_header_and_nowhere_else() {
    let token = access_token();
    let id = DialogId::parse(ID).unwrap();
    let languages = ["nn", "nb", "en"].map(String::from);
    let mut in_languages = query();
    in_languages.languages = languages.to_vec();
    for (request, url) in [
        (
            first(SearchDialogs::start(&dialogporten(), &token, in_languages))
                .unwrap()
                .0,
            "/api/v1/enduser/dialogs?party=urn%3Aaltinn%3Aorganization%3Aidentifier-no%3A310000019"
                .to_string(),
        ),
        (
            first(OpenDialog::start(&dialogporten(), &token, id, &languages))
                .unwrap()
                .0,
            format!("/api/v1/enduser/dialogs/{ID}"),
        ),
        (
            first(ListParties::start(&dialogporten(), &token))
                .unwrap()
                .0,
            "/api/v1/enduser/parties".to_string(),
        ),
    ] {
        assert_eq!(request.url.as_str(), format!("{BASE}{url}"));
        assert_eq!((request.method, &request.body), (Method::Get, &None));
        assert!(
            request
                .headers
                .contains(&("authorization", format!("Bearer {ACCESS_TOKEN}")))
        );
        assert!(
            request
                .headers
                .contains(&("accept", "application/json".into()))
        );
        let language = request
            .headers
            .iter()
            .find(|(name, _)| *name == "accept-language");
        let expected = (!url.ends_with("parties")).then_some("nn;q=0.9, nb;q=0.8, en;q=0.7");
        assert_eq!(language.map(|(_, value)| value.as_str()), expected);
    }
}

#[test]
fn a_search_says_everything_that_was_asked_for() {
    let mut query = query();
    query
        .parties
        .push(Party::Person(Pid::parse("15868510045").unwrap()));
    query.service_resources = vec!["urn:altinn:resource:demo-post".into()];
    query.statuses = vec![DialogStatus::InProgress, DialogStatus::Draft];
    query.system_labels = vec![SystemLabel::Archive];
    query.exclude_api_only = Some(true);
    query.search = Some("søknad & svar".into());
    query.order_by = vec![
        Order {
            key: OrderKey::DueAt,
            direction: Direction::Ascending,
        },
        Order {
            key: OrderKey::CreatedAt,
            direction: Direction::Descending,
        },
    ];
    query.limit = Some(20);
    let (request, _) = first(SearchDialogs::start(
        &dialogporten(),
        &access_token(),
        query,
    ))
    .unwrap();
    insta::assert_snapshot!(request.url.query().unwrap().replace('&', "\n"), @r"
    party=urn%3Aaltinn%3Aorganization%3Aidentifier-no%3A310000019
    party=urn%3Aaltinn%3Aperson%3Aidentifier-no%3A15868510045
    serviceResource=urn%3Aaltinn%3Aresource%3Ademo-post
    status=InProgress
    status=Draft
    systemLabel=Archive
    excludeApiOnly=true
    search=s%C3%B8knad%20%26%20svar
    orderBy=dueAt_asc%2CcreatedAt_desc
    limit=20
    ");
}

#[test]
fn a_search_that_the_service_would_refuse_does_not_go_out() {
    type Edit = fn(&mut DialogQuery);
    let edits: [(&str, Edit); 27] = [
        ("sent", |_| {}),
        ("misuse_search_without_party_or_resource", |query| {
            query.parties.clear()
        }),
        ("misuse_search_limits", |query| {
            query.parties = vec![organisation(); 101]
        }),
        ("misuse_search_limits", |query| {
            query.service_resources = vec!["urn:altinn:resource:a".into(); 21]
        }),
        ("sent", |query| query.limit = Some(1)),
        ("sent", |query| query.limit = Some(1000)),
        ("misuse_search_limits", |query| query.limit = Some(0)),
        ("misuse_search_limits", |query| query.limit = Some(1001)),
        ("sent", |query| query.search = Some("abc".into())),
        ("misuse_search_text", |query| {
            query.search = Some("ab ".into())
        }),
        ("misuse_search_text", |query| {
            query.search = Some("x".repeat(201))
        }),
        ("misuse_search_parameter", |query| {
            query.service_resources = vec!["demo-post".into()]
        }),
        ("sent", |query| {
            query.service_resources = vec![format!("urn:altinn:resource:{}", "x".repeat(235))]
        }),
        ("misuse_search_parameter", |query| {
            query.service_resources = vec![format!("urn:altinn:resource:{}", "x".repeat(236))]
        }),
        ("misuse_search_parameter", |query| {
            query.service_resources = vec!["urn:altinn:resource:".into()]
        }),
        ("misuse_search_parameter", |query| {
            query.service_resources = vec!["urn:altinn:resource:a b".into()]
        }),
        ("misuse_search_parameter", |query| {
            query.parties = vec![Party::Masked("0123456789".into())]
        }),
        ("sent", |query| query.languages = vec!["nb".into(); 9]),
        ("misuse_search_parameter", |query| {
            query.languages = vec!["nB".into()]
        }),
        ("sent", |query| {
            query.service_resources = vec!["urn:altinn:resource:a".into(); 20]
        }),
        ("sent", |query| query.search = Some("x".repeat(200))),
        ("misuse_search_parameter", |query| {
            query.languages = vec!["no".into()]
        }),
        ("misuse_search_parameter", |query| {
            query.languages = vec!["nb-NO".into()]
        }),
        ("misuse_search_parameter", |query| {
            query.languages = vec!["nb\r\nx: y".into()]
        }),
        ("misuse_search_parameter", |query| {
            query.languages = vec!["nb".into(); 10]
        }),
        // A hundred parties fit into a URL.
        ("sent", |query| query.parties = vec![organisation(); 100]),
        ("sent", |query| {
            query.parties.clear();
            query.service_resources = vec!["urn:altinn:resource:demo-post".into()];
        }),
    ];
    for (index, (expected, edit)) in edits.into_iter().enumerate() {
        let mut query = query();
        edit(&mut query);
        let step = first(SearchDialogs::start(
            &dialogporten(),
            &access_token(),
            query,
        ));
        assert_eq!(
            step.map_or_else(|error| error.code(), |_| "sent"),
            expected,
            "row {index}"
        );
    }
}

#[test]
fn ids_are_uuids() {
    assert_eq!(DialogId::parse(&ID.to_uppercase()).unwrap().as_str(), ID);
    for text in [
        "",
        "019c0b7e",
        "019c0b7e2b1e7c449a110a5f6b1c2d3e",
        "../parties",
        &format!("{ID}-"),
        &ID.replace('0', "g"),
        &format!("{ID}/context"),
    ] {
        assert_eq!(DialogId::parse(text), Err(Misuse::DialogId), "{text:?}");
    }
}

#[test]
fn the_base_url_is_checked() {
    for (base, is_right) in [
        ("https://platform.altinn.no/dialogporten", true),
        ("http://localhost:8105/dialogporten", true),
        ("https://proxy.example", true),
        ("http://platform.altinn.no/dialogporten", false),
        ("https://platform.altinn.no/dialogporten/", false),
        ("https://platform.altinn.no/dialogporten?a=1", false),
        ("/dialogporten", false),
        ("", false),
    ] {
        let parsed = Dialogporten::at(base);
        assert_eq!(parsed.is_ok(), is_right, "{base}");
        if !is_right {
            assert_eq!(parsed, Err(Misuse::DialogportenBaseUrl), "{base}");
        }
    }
    assert_eq!(
        Dialogporten::of(&Preset::ALTINN_TEST),
        Err(Misuse::DialogportenBaseUrl)
    );
    assert_eq!(
        Dialogporten::of(&Preset::ID_PORTEN_TEST),
        Err(Misuse::DialogportenBaseUrl)
    );
    let test = Dialogporten::of(&Preset::DIALOGPORTEN_TEST).unwrap();
    assert_eq!(
        test.base_url().as_str(),
        "https://platform.tt02.altinn.no/dialogporten"
    );
}
