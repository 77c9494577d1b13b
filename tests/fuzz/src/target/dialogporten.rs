//! What Dialogporten answers: the first line is the status and the content type, the rest is the body.

use std::sync::LazyLock;

use portvakt_digdir::Preset;
use portvakt_digdir::dialogporten::{
    DialogId, DialogQuery, Dialogporten, ListParties, OpenDialog, SearchDialogs,
};
use portvakt_oidc::AccessToken;

use super::{assert_hidden, lines, text};
use crate::world::{drive, response};

const DIALOG: &str = "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07";

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let title = r#"{"mediaType":"text/plain","value":[{"value":"Hei","languageCode":"nb"}]}"#;
    let common = format!(
        r#""id":"{DIALOG}","org":"digdir","serviceResource":"urn:altinn:resource:demo-post","serviceResourceType":"GenericAccessResource","party":"urn:altinn:organization:identifier-no:310000019","createdAt":"2026-01-02T03:04:05.678Z","updatedAt":"2026-01-02T03:04:05.678Z","contentUpdatedAt":"2026-01-02T03:04:05.678Z","dueAt":null,"status":"RequiresAttention","systemLabel":"Default","endUserContext":{{"revision":"{DIALOG}","systemLabels":["Default"]}},"isSeenSinceLastContentUpdate":false,"hasUnopenedContent":true"#
    );
    [
        format!(r#"{{"items":[{{{common},"content":{{"title":{title},"summary":{title}}}}}],"hasNextPage":true,"continuationToken":"a_b;c","orderBy":"createdAt_desc"}}"#),
        format!(r#"{{{common},"revision":"{DIALOG}","dialogToken":"d1al0g.t0ken.x9","content":{{"title":{title},"mainContentReference":{{"mediaType":"application/vnd.dialogporten.frontchannelembed-url;type=text/markdown","value":[{{"value":"https://app.example/fce","languageCode":"nb"}}]}}}},"attachments":[{{"id":"{DIALOG}","displayName":[{{"value":"PDF","languageCode":"nb"}}],"urls":[{{"id":"{DIALOG}","url":"https://app.example/a.pdf","mediaType":"application/pdf","consumerType":"Gui"}}]}}],"transmissions":[{{"id":"{DIALOG}","createdAt":"2026-01-02T03:04:05Z","type":"Information","isAuthorized":true,"content":{{"title":{title}}},"attachments":[],"sender":{{"actorType":"ServiceOwner"}}}}],"guiActions":[{{"id":"{DIALOG}","action":"read","url":"urn:dialogporten:unauthorized","isAuthorized":false,"isDeleteDialogAction":false,"priority":"Primary","httpMethod":"GET","title":[{{"value":"Les","languageCode":"nb"}}]}}],"apiActions":[],"activities":[{{"id":"{DIALOG}","createdAt":"2026-01-02T03:04:05Z","type":"DialogOpened","performedBy":{{"actorType":"PartyRepresentative","actorName":"KARI NORDMANN","actorId":"urn:altinn:person:identifier-no:15868510045"}},"description":[]}}]}}"#),
        r#"[{"party":"urn:altinn:organization:identifier-no:310000019","name":"SYNTETISK AS","partyType":"Organization","isDeleted":false,"hasKeyRole":true,"isCurrentEndUser":false,"isMainAdministrator":true,"isAccessManager":true,"hasOnlyAccessToSubParties":false,"subParties":[{"party":"urn:altinn:organization:identifier-no:312223333","name":"SYNTETISK BEDR","partyType":"Organization"}]}]"#.to_string(),
    ]
    .map(|body| format!("200 application/json\n{body}"))
    .into_iter()
    .chain([
        "403 application/problem+json\n{\"type\":\"urn:altinn:authentication-level-required\",\"title\":\"Forbidden\",\"status\":403,\"detail\":\"x\"}".into(),
        "410 application/problem+json\n{\"status\":410,\"errors\":{\"a\":[\"b\"]}}".into(),
        "503 text/plain\nmaintenance".into(),
    ])
    .map(String::into_bytes)
    .collect()
}

static DIALOGPORTEN: LazyLock<Dialogporten> =
    LazyLock::new(|| Dialogporten::of(&Preset::DIALOGPORTEN_TEST).expect("a preset"));

pub(super) fn run(input: &[u8]) {
    let (line, body) = lines(input);
    let Some((status, content_type)) = text(line).and_then(|line| line.split_once(' ')) else {
        return;
    };
    let Ok(status) = status.parse() else { return };
    let answer = |_: &_| Ok(response(status, content_type, body));
    let readable = String::from_utf8_lossy(body);
    let token = AccessToken::parse("access-token-0123456789").expect("a token");

    let query = DialogQuery::of_service_resource("urn:altinn:resource:demo-post");
    if let Ok(page) = drive(SearchDialogs::start(&DIALOGPORTEN, &token, query), answer) {
        assert_eq!(status, 200);
        assert!(page.items.len() <= body.len());
    }
    let id = DialogId::parse(DIALOG).expect("an id");
    match drive(OpenDialog::start(&DIALOGPORTEN, &token, id, &[]), answer) {
        Ok(dialog) => {
            assert_eq!(status, 200);
            if let Some(token) = &dialog.dialog_token {
                assert_hidden(&dialog, token.expose(), &readable);
            }
        }
        Err(error) => assert!(!error.code().is_empty()),
    }
    if let Ok(parties) = drive(ListParties::start(&DIALOGPORTEN, &token), answer) {
        assert_eq!(status, 200);
        assert!(parties.len() <= body.len());
    }
}
