//! An opened dialog, and the values in it.

use portvakt_digdir::dialogporten::{Link, MediaType, Priority, Timestamp, TransmissionType};
use portvakt_digdir::identifiers::Party;

use super::{ID, open};

#[test]
fn an_opened_dialog_is_read() {
    let dialog = open(&format!(
        r#"{{"id":"{ID}","revision":"2b0ab8a9-41a7-4a4b-8d0e-2f8a0a3b9c11","party":"urn:altinn:organization:identifier-no:310000019",
        "status":"InProgress","expiresAt":"2027-01-01T00:00:00Z","dialogToken":"eyJ.a.b",
        "content":{{"title":{{"value":[{{"value":"Demo","languageCode":"nb"}}],"mediaType":"text/plain"}},
          "senderName":{{"value":[{{"value":"Skatteetaten","languageCode":"nb"}}]}},
          "additionalInfo":{{"value":[{{"value":"**Mer**","languageCode":"nb"}}],"mediaType":"text/markdown"}},
          "mainContentReference":{{"value":[{{"value":"https://service.example/fce/1","languageCode":"nb"}}],
            "mediaType":"application/vnd.dialogporten.frontchannelembed-url;type=text/markdown","isAuthorized":true}}}},
        "attachments":[{{"id":"x","displayName":[{{"value":"Vedtak","languageCode":"nb"}}],"expiresAt":"2026-12-01T00:00:00Z",
          "urls":[{{"url":"https://service.example/a.pdf","mediaType":"application/pdf","consumerType":"Gui"}},
                  {{"url":"urn:dialogporten:unauthorized","consumerType":"Api"}}]}},
          {{"id":"y","displayName":[],"isAuthorized":false,"urls":[{{"url":"https://service.example/b.pdf","consumerType":"Gui"}}]}}],
        "transmissions":[{{"id":"t1","type":"Decision","createdAt":"2026-02-02T08:00:00Z","isAuthorized":true,"isOpened":false,
          "sender":{{"actorType":"PartyRepresentative","actorName":"KARI NORDMANN","actorId":"urn:altinn:person:identifier-ephemeral:0123456789"}},
          "relatedTransmissionId":"t0","content":{{"title":{{"value":[{{"value":"Vedtak","languageCode":"nb"}}]}},
          "contentReference":{{"value":[{{"value":"urn:dialogporten:unauthorized","languageCode":"nb"}}],
          "mediaType":"application/vnd.dialogporten.frontchannelembed-url;type=text/markdown","isAuthorized":false}}}},
          "attachments":[{{"displayName":[],"urls":[{{"url":"urn:dialogporten:expired"}}]}}],
          "navigationalActions":[{{"title":[{{"value":"Klag","languageCode":"nb"}}],"url":"https://service.example/klage#skjema","expiresAt":"2026-12-01T00:00:00Z"}}]}},
          {{"type":"Information"}}],
        "guiActions":[{{"id":"g","action":"write","url":"https://service.example/form","isAuthorized":true,"isDeleteDialogAction":false,
          "priority":"Primary","httpMethod":"POST","title":[{{"value":"Send","languageCode":"nb"}}],"prompt":[{{"value":"Sikker?","languageCode":"nb"}}]}},
          {{"action":"sign","url":"urn:dialogporten:unauthorized","isAuthorized":false,"isDeleteDialogAction":true,"priority":"Unheard","title":[]}},
          {{"action":"odd","url":"javascript:alert(1)","title":[]}}],
        "activities":[{{"type":"TransmissionOpened","transmissionId":"t1","createdAt":"2026-02-03T08:00:00Z"}}],
        "apiActions":[{{"id":"a"}}],"excludedGuiActions":[{{"id":"e"}}]}}"#
    ))
    .unwrap();
    assert_eq!(dialog.item.title.choose(&["nb"]), Some("Demo"));
    assert_eq!(
        dialog.item.sender_name.choose(&["nb"]),
        Some("Skatteetaten")
    );
    assert_eq!(
        dialog.revision.as_deref(),
        Some("2b0ab8a9-41a7-4a4b-8d0e-2f8a0a3b9c11")
    );
    assert_eq!(
        dialog.expires_at.as_ref().unwrap().as_str(),
        "2027-01-01T00:00:00Z"
    );
    assert_eq!(dialog.dialog_token.as_ref().unwrap().expose(), "eyJ.a.b");
    assert_eq!(
        dialog.additional_info.as_ref().unwrap().media_type,
        MediaType::Markdown
    );
    let reference = dialog.main_content_reference.as_ref().unwrap();
    assert_eq!(reference.media_type, MediaType::MarkdownEmbed);
    assert_eq!(
        reference.link(&["nb"]).href(),
        Some("https://service.example/fce/1")
    );

    let [first, second] = &dialog.attachments[..] else {
        panic!("two attachments")
    };
    assert_eq!(first.display_name.choose(&[]), Some("Vedtak"));
    assert!(first.urls[0].is_for_people && !first.urls[1].is_for_people);
    assert_eq!(
        first.urls[0].link.href(),
        Some("https://service.example/a.pdf")
    );
    assert_eq!(first.urls[0].media_type.as_deref(), Some("application/pdf"));
    assert_eq!(first.urls[1].link, Link::Unauthorized);
    assert_eq!(second.urls[0].link, Link::Unauthorized);

    let [decision, bare] = &dialog.transmissions[..] else {
        panic!("two transmissions")
    };
    assert_eq!(decision.transmission_type, Some(TransmissionType::Decision));
    assert_eq!(
        (decision.is_authorized, decision.is_opened),
        (true, Some(false))
    );
    assert_eq!(
        decision.sender.as_ref().unwrap().name.as_deref(),
        Some("KARI NORDMANN")
    );
    assert_eq!(
        decision.sender.as_ref().unwrap().party,
        Some(Party::Masked("0123456789".into()))
    );
    assert_eq!(decision.related_transmission_id.as_deref(), Some("t0"));
    assert_eq!(
        decision.content_reference.as_ref().unwrap().link(&[]),
        Link::Unauthorized
    );
    assert_eq!(decision.attachments[0].urls[0].link, Link::Expired);
    assert!(!decision.attachments[0].urls[0].is_for_people);
    assert_eq!(
        decision.navigational_actions[0].link.href(),
        Some("https://service.example/klage#skjema")
    );
    // What does not say that it may be seen is not.
    assert!(!bare.is_authorized);

    let [send, sign, odd] = &dialog.gui_actions[..] else {
        panic!("three actions")
    };
    assert_eq!(
        (send.http_method.as_str(), &send.priority),
        ("POST", &Some(Priority::Primary))
    );
    assert_eq!(send.prompt.choose(&[]), Some("Sikker?"));
    assert!(send.is_authorized && !send.is_delete_dialog_action);
    assert_eq!(
        (&sign.link, sign.is_authorized),
        (&Link::Unauthorized, false)
    );
    assert_eq!(
        (sign.http_method.as_str(), &sign.priority),
        ("GET", &Some(Priority::Other("Unheard".into())))
    );
    assert_eq!((&odd.link, odd.is_authorized), (&Link::Unusable, false));
    assert_eq!(dialog.activities[0].transmission_id.as_deref(), Some("t1"));
}

#[test]
fn another_dialog_than_the_one_opened_is_refused() {
    for body in [
        r#"{"id":"019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3f"}"#,
        "{}",
        "[]",
        "null",
        "",
    ] {
        assert_eq!(
            open(body).unwrap_err().code(),
            "dialogporten_malformed",
            "{body}"
        );
    }
    assert!(open(&format!(r#"{{"id":"{}"}}"#, ID.to_uppercase())).is_ok());
}

#[test]
fn only_addresses_that_a_page_may_link_to_are_links() {
    for (text, expected) in [
        (
            "https://service.example/a?b=c#d",
            Some("https://service.example/a?b=c#d"),
        ),
        ("https://service.example", Some("https://service.example")),
        ("http://localhost:8105/x", Some("http://localhost:8105/x")),
        (
            "https://service.example/søknad",
            Some("https://service.example/s%C3%B8knad"),
        ),
        ("urn:dialogporten:unauthorized", None),
        ("urn:dialogporten:expired", None),
        ("urn:dialogporten:something-new", None),
        ("http://service.example/a", None),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("//service.example/a", None),
        ("/a", None),
        ("https://user:pass@service.example/", None),
        ("https://søknad.example/", None),
        ("https://service.example/a b", None),
        ("https://service.example/a\"onclick=\"", None),
        ("https://service.example/#a\"b", None),
        ("https://service.example/#a#b", None),
        (" https://service.example/", None),
        ("", None),
    ] {
        assert_eq!(Link::parse(text).href(), expected, "{text:?}");
    }
    assert_eq!(
        Link::parse("urn:dialogporten:unauthorized"),
        Link::Unauthorized
    );
    assert_eq!(Link::parse("urn:dialogporten:expired"), Link::Expired);
}

#[test]
fn timestamps_are_read_to_the_second() {
    for (text, seconds) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("2026-02-01T08:00:00.0000000Z", Some(1_769_932_800)),
        ("2026-02-01T08:00:00.9999999Z", Some(1_769_932_800)),
        ("2026-02-01T09:00:00+01:00", Some(1_769_932_800)),
        ("2026-02-01T02:30:00-05:30", Some(1_769_932_800)),
        ("2024-02-29T12:00:00Z", Some(1_709_208_000)),
        ("2000-02-29T00:00:00Z", Some(951_782_400)),
        ("2000-03-01T00:00:00Z", Some(951_868_800)),
        ("1999-12-31T23:59:60Z", Some(946_684_800)),
        ("2100-03-01T00:00:00Z", Some(4_107_542_400)),
        ("9999-12-31T23:59:59Z", Some(253_402_300_799)),
        ("1969-12-31T23:59:59Z", None),
        ("2023-02-29T00:00:00Z", None),
        ("2100-02-29T00:00:00Z", None),
        ("2026-00-01T00:00:00Z", None),
        ("2026-13-01T00:00:00Z", None),
        ("2026-04-31T00:00:00Z", None),
        ("2026-01-00T00:00:00Z", None),
        ("2026-01-01T24:00:00Z", None),
        ("2026-01-01T00:60:00Z", None),
        ("2026-01-01T00:00:61Z", None),
        ("2026-01-01T00:00:00", None),
        ("2026-01-01T00:00:00.Z", None),
        ("2026-01-01T00:00:00+0100", None),
        ("2026-01-01T00:00:00+24:00", None),
        ("2026-01-01 00:00:00Z", None),
        ("2026-01-01", None),
        ("26-01-01T00:00:00Z", None),
        ("2026-1-01T00:00:00Z", None),
        ("+026-01-01T00:00:00Z", None),
        ("2026-01-01T00:00:00Zz", None),
        ("2026-01-01-01T00:00:00Z", None),
        ("", None),
        ("T", None),
    ] {
        let timestamp = Timestamp::parse(text);
        assert_eq!(
            timestamp.map(|at| at.unix_time().as_secs()),
            seconds,
            "{text}"
        );
    }
}

#[test]
fn media_types_are_known_in_their_old_spellings_too() {
    for (text, expected) in [
        ("text/plain", MediaType::Plain),
        ("text/markdown", MediaType::Markdown),
        ("text/html", MediaType::Html),
        (
            "application/vnd.dialogporten.frontchannelembed-url;type=text/markdown",
            MediaType::MarkdownEmbed,
        ),
        (
            "application/vnd.dialogporten.frontchannelembed+json;type=markdown",
            MediaType::MarkdownEmbed,
        ),
        (
            "application/vnd.dialogporten.frontchannelembed-url;type=text/html",
            MediaType::HtmlEmbed,
        ),
        (
            "application/vnd.dialogporten.frontchannelembed+json;type=html",
            MediaType::HtmlEmbed,
        ),
        ("text/csv", MediaType::Other("text/csv".into())),
    ] {
        assert_eq!(MediaType::parse(text), expected);
    }
}
