//! Input that nobody means well with: refused, never a panic and never an error of the server.

use http::Method;

use crate::support::{API, Fixture, HIGH, KARI, PROVE_AS};

const TEXTS: [&str; 16] = [
    "",
    "%00",
    "%FF%FE",
    "%25%32%35",
    "%E2%80%AE",
    "..%2F..%2Fetc%2Fpasswd",
    "'%20OR%201=1--",
    "%3Cscript%3E",
    "-1",
    "99999999999999999999",
    "NaN",
    "null",
    "%7B%7D",
    "9999-12-31T23:59:59.9999999-14:00",
    "0001-01-01T00:00:00Z",
    "00000000-0000-0000-0000-000000000000",
];

#[tokio::test]
async fn no_query_makes_the_server_fail() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    for name in [
        "org",
        "serviceResource",
        "party",
        "extendedStatus",
        "externalReference",
        "status",
        "createdAfter",
        "createdBefore",
        "isContentSeen",
        "process",
        "systemLabel",
        "excludeApiOnly",
        "search",
        "searchLanguageCode",
        "orderBy",
        "continuationToken",
        "limit",
    ] {
        for text in TEXTS {
            let query = format!("party={PROVE_AS}&{name}={text}");
            let answer = fixture.search(&kari, &query).await;
            assert!(answer.status.as_u16() < 500, "{query}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn no_path_makes_the_server_fail() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    for text in TEXTS {
        for path in [
            format!("/enduser/dialogs/{text}"),
            format!("/enduser/dialogs/{text}/transmissions"),
            format!("/enduser/dialogs/{text}/activities/{text}"),
            format!("/enduser/dialogs/{text}/context/labellog"),
            format!("/enduser/dialoglookup?instanceRef={text}"),
            format!("/enduser/serviceresources?party={text}"),
            format!("/../demo-service/content/{text}?lang={text}"),
        ] {
            let answer = fixture.get(&kari, &path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        }
        for kind in ["content", "document", "page", "api", "action"] {
            for part in [text.to_owned(), format!("{text}/{text}")] {
                let url = format!("http://127.0.0.1:8105/dialogporten/demo-service/{kind}/{part}");
                for method in [Method::GET, Method::POST, Method::DELETE] {
                    let answer = fixture.send(method, &url, Some(&kari), &[], "").await;
                    assert!(answer.status.as_u16() < 500, "{url}: {}", answer.status);
                }
            }
        }
    }
}

#[tokio::test]
async fn no_header_makes_the_server_fail() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let url = format!("{API}/enduser/dialogs/{id}/context/systemlabels");
    let long = "a,".repeat(20_000);
    for value in [
        "",
        ";",
        ",,,;;;===",
        "q=q=q",
        "*/",
        "/",
        "\"",
        "Bearer Bearer",
        "æøå",
        &long,
    ] {
        for name in [
            "accept",
            "accept-language",
            "authorization",
            "if-match",
            "content-type",
        ] {
            for (method, url) in [
                (Method::PUT, &url),
                (Method::GET, &format!("{API}/enduser/parties")),
            ] {
                let headers = [(name, value)];
                let token = Some(kari.as_str()).filter(|_| name != "authorization");
                let answer = fixture.send(method, url, token, &headers, "{}").await;
                assert!(
                    answer.status.as_u16() < 500,
                    "{name}: {value}: {}",
                    answer.status
                );
            }
        }
    }
}

#[tokio::test]
async fn no_body_makes_the_server_fail() {
    let fixture = Fixture::new();
    let kari = fixture.idporten(KARI, HIGH).await;
    let id = fixture.id(&kari, PROVE_AS, "VAT return").await;
    let headers = [("content-type", "application/json")];
    let deep = "[".repeat(100_000);
    for body in [
        "null",
        "0",
        "\u{feff}{}",
        "{\"addLabels\":null}",
        "{\"addLabels\":[null]}",
        "{\"addLabels\":[[]]}",
        "{\"dialogs\":[null]}",
        "{\"dialogs\":[[]]}",
        "{\"dialogs\":[{\"dialogId\":[]}]}",
        "{\"dialogs\":[{\"dialogId\":\"\",\"endUserContextRevision\":{}}]}",
        &deep,
    ] {
        let set = format!("{API}/enduser/dialogs/{id}/context/systemlabels");
        let bulk = format!("{API}/enduser/dialogs/context/systemlabels/actions/bulkset");
        for (method, url) in [(Method::PUT, set), (Method::POST, bulk)] {
            let answer = fixture
                .send(method, &url, Some(&kari), &headers, body)
                .await;
            let status = answer.status;
            assert!(status.as_u16() < 500, "{url}: {status}");
            // Members that a request does not have are ignored, so one dialog may take some of them.
            assert!(
                status.is_client_error() || url.ends_with("systemlabels"),
                "{url}: {status}"
            );
        }
    }
}
