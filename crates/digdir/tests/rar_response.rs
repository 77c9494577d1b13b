//! Every shape of authorization details that the services have answered with, read into one.

use portvakt_digdir::rar::{RarResponse, RarType, RepresentationError};
use portvakt_jose::json;

const UPIS: &str = r#""authority":"iso6523-actorid-upis""#;

fn parse(text: &str) -> Result<RarResponse, RepresentationError> {
    RarResponse::parse(&json::parse(text.as_bytes(), 1_000_000).expect("JSON"))
}

/// What was read, one line an organisation: number, name, unit type, actions, rights.
fn describe(response: &RarResponse) -> String {
    let mut lines = Vec::new();
    for element in &response.elements {
        lines.push(format!(
            "{} {} {}",
            element.rar_type.map_or("?", RarType::as_str),
            element.resource.as_deref().unwrap_or("-"),
            element.resource_name.as_deref().unwrap_or("-"),
        ));
        for party in &element.parties {
            lines.push(format!(
                "  {} {} {} {} {}",
                party.number,
                party.name.as_deref().unwrap_or("-"),
                party.unit_type.as_deref().unwrap_or("-"),
                party
                    .actions
                    .as_ref()
                    .map_or("-".into(), |actions| format!("[{}]", actions.join(" "))),
                if party.rights.is_empty() {
                    "-".into()
                } else {
                    party.rights.join("+")
                },
            ));
        }
    }
    lines.join("\n")
}

#[test]
fn every_shape_is_read() {
    let rows: &[(&str, &str, &str)] = &[
        (
            "2026: parties with actions",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:example-service",
                "resource_name":"Example service","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"example-service",
                 "actions":["write"],"name":"SYNTETISK PRØVE AS","unit_type":"AS"},
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:312223333"},"resource":"example-service",
                 "actions":["write","report"],"name":"SYNTETISK PRØVE AVD OSLO","unit_type":"BEDR"}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:example-service Example service\n  \
             310000019 SYNTETISK PRØVE AS AS [write] -\n  \
             312223333 SYNTETISK PRØVE AVD OSLO BEDR [write report] -",
        ),
        (
            "2026, observed: neither resource_name nor actions",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo",
                 "name":"SYNTETISK PRØVE AS","unit_type":"AS"}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo -\n  310000019 SYNTETISK PRØVE AS AS - -",
        ),
        (
            "2025: the tables' hyphens, and nothing but the number",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo","resource-name":"Demo",
                "authorized-parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
                "unit-type":"NUF"}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo Demo\n  310000019 - NUF - -",
        ),
        (
            "capitals, nulls, the old register code, and the inner resource as a URN",
            r#"[{"Type":"ansattporten:altinn:resource","Resource":"urn:altinn:resource:demo","Resource_Name":null,
                "Authorized_Parties":[{"OrgNo":{"Authority":"iso6523-actorid-upis","Id":"9908:310000019"},
                "Resource":"urn:altinn:resource:demo","Name":"SYNTETISK","Actions":null}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo -\n  310000019 SYNTETISK - - -",
        ),
        (
            "only the parties name the resource",
            r#"[{"type":"ansattporten:altinn:resource","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo"},
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000027"},"resource":"demo"}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo -\n  310000019 - - - -\n  310000027 - - - -",
        ),
        (
            "actions as a text with commas, as in the request",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"actions":"read,write"},
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000027"},"actions":""}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo -\n  310000019 - - [read write] -\n  310000027 - - [] -",
        ),
        (
            "oneself at Ansattporten",
            r#"[{"type":"ansattporten:altinn:resource"}]"#,
            "ansattporten:altinn:resource - -",
        ),
        (
            "oneself, with an empty list",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo","authorized_parties":[]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo -",
        ),
        ("oneself at ID-porten", "[]", ""),
        (
            "work accounts since late 2025: parties, some with rights",
            r#"[{"type":"ansattporten:orgno","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:314445554"},"name":"SYNTETISK KOMMUNE"},
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:317778880"},"name":"SYNTETISK ETAT",
                 "rights":["Report","Write"]}]}]"#,
            "ansattporten:orgno - -\n  314445554 SYNTETISK KOMMUNE - - -\n  317778880 SYNTETISK ETAT - - Report+Write",
        ),
        (
            "work accounts in 2025: one number directly, with capitals",
            r#"[{"type":"ansattporten:orgno","orgno":{"Authority":"iso6523-actorid-upis","ID":"0192:314445554"}}]"#,
            "ansattporten:orgno - -\n  314445554 - - - -",
        ),
        (
            "work accounts in 2025, as printed: a colon in the member's name",
            r#"[{"type":"ansattporten:orgno","orgno:":{"Authority":"iso6523-actorid-upis","ID":"0192:314445554"}}]"#,
            "ansattporten:orgno - -\n  314445554 - - - -",
        ),
        (
            "Altinn 2: flat and capitalised",
            r#"[{"type":"ansattporten:altinn:service","resource":"urn:altinn:resource:2480:40","resource_name":"Eksempel",
                "reportees":[{"Authority":"iso6523-actorid-upis","ID":"0192:310000027","Name":"SYNTETISK HOLDING",
                "Rights":["Read","ArchiveRead"]}]}]"#,
            "ansattporten:altinn:service urn:altinn:resource:2480:40 Eksempel\n  \
             310000027 SYNTETISK HOLDING - - Read+ArchiveRead",
        ),
        (
            "several objects of one type",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:a","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}}]},
                {"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:b","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:a -\n  310000019 - - - -\n\
             ansattporten:altinn:resource urn:altinn:resource:b -\n  310000019 - - - -",
        ),
        (
            "members that only resemble those that are known",
            r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo","resource.name":"A",
                "re-ource_name":"B","authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"unit.type":"AS"}]}]"#,
            "ansattporten:altinn:resource urn:altinn:resource:demo -\n  310000019 - - - -",
        ),
        (
            "a type that is not known is not looked into",
            r#"[{"type":"urn:altinn:systemuser","authorized_parties":"what"}]"#,
            "? - -",
        ),
    ];
    for (name, text, expected) in rows {
        let response = parse(text).unwrap_or_else(|error| panic!("{name}: {}", error.code()));
        assert_eq!(describe(&response), *expected, "{name}");
    }
}

#[test]
fn a_mandate_is_read() {
    let response = parse(
        r#"[{"type":"idporten:fullmakt",
            "authorizer":{"name":"OLA NORDMANN","pid":"15868510126"},
            "authorized_representative":{"name":"KARI NORDMANN","pid":"15868510045"},
            "permissions":[{"owner":"314445554","role":"arbeid"},{"role":"helse"}]}]"#,
    )
    .unwrap();
    let mandate = response.elements[0].mandate.as_ref().unwrap();
    assert_eq!(mandate.authorizer_name(), Some("OLA NORDMANN"));
    assert_eq!(mandate.authorizer().expose(), "15868510126");
    assert_eq!(mandate.representative().expose(), "15868510045");
    let permissions: Vec<_> = mandate
        .permissions()
        .iter()
        .map(|one| (one.owner(), one.role()))
        .collect();
    assert_eq!(
        permissions,
        [(Some("314445554"), "arbeid"), (None, "helse")]
    );
}

#[test]
fn the_largest_answers_are_read() {
    let mandate = |count: usize| {
        let permissions = vec![r#"{"role":"a"}"#; count].join(",");
        let text = format!(
            r#"[{{"type":"idporten:fullmakt","authorizer":{{"pid":"15868510126"}},
            "authorized_representative":{{"pid":"15868510045"}},"permissions":[{permissions}]}}]"#
        );
        parse(&text).map_err(|error| error.code()).err()
    };
    assert_eq!(mandate(200), None);
    assert_eq!(mandate(201), Some("representation_too_large"));
}

#[test]
fn what_has_no_known_shape_is_refused() {
    let party = format!(r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}}}}"#);
    let resource = |members: &str| {
        format!(
            r#"[{{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo",{members}}}]"#
        )
    };
    let with_party = |party: &str| resource(&format!(r#""authorized_parties":[{party}]"#));
    let long = "x".repeat(1025);
    let names = format!("[{}]", vec![r#""a""#; 201].join(","));
    let parties = vec![party.as_str(); 2001].join(",");
    let elements = format!(
        "[{}]",
        vec![r#"{"type":"ansattporten:orgno"}"#; 65].join(",")
    );
    let permissions = vec![r#"{"role":"a"}"#; 201].join(",");
    let mandate = |members: &str| format!(r#"[{{"type":"idporten:fullmakt",{members}}}]"#);
    for (text, expected) in [
        ("{}".into(), "representation_malformed"),
        (r#""ansattporten:orgno""#.into(), "representation_malformed"),
        ("[null]".into(), "representation_malformed"),
        ("[[]]".into(), "representation_malformed"),
        ("[{}]".into(), "representation_malformed"),
        (r#"[{"type":1}]"#.into(), "representation_malformed"),
        (r#"[{"type":""}]"#.into(), "representation_malformed"),
        (
            r#"[{"type":"ansattporten:orgno","Type":"ansattporten:orgno"}]"#.into(),
            "representation_ambiguous",
        ),
        (
            resource(r#""authorized_parties":{}"#),
            "representation_malformed",
        ),
        (
            resource(r#""authorized_parties":["310000019"]"#),
            "representation_malformed",
        ),
        (resource(r#""resource_name":1"#), "representation_malformed"),
        (
            resource("\"resource_name\":\"a\\u0007b\""),
            "representation_malformed",
        ),
        (
            resource(&format!(r#""resource_name":"{long}""#)),
            "representation_too_large",
        ),
        (
            resource(r#""Resource":"urn:altinn:resource:other""#),
            "representation_ambiguous",
        ),
        (
            resource(r#""authorized_parties":[],"authorized-parties":[]"#),
            "representation_ambiguous",
        ),
        (
            resource(r#""authorized_parties":[],"reportees":[]"#),
            "representation_ambiguous",
        ),
        (
            resource(&format!(
                r#""authorized_parties":[{party}],"orgno":{{{UPIS},"ID":"0192:310000027"}}"#
            )),
            "representation_ambiguous",
        ),
        (with_party("{}"), "representation_organisation_identifier"),
        (
            with_party(r#"{"orgno":"0192:310000019"}"#),
            "representation_organisation_identifier",
        ),
        (
            with_party(r#"{"orgno":{"ID":"0192:310000019"}}"#),
            "representation_organisation_identifier",
        ),
        (
            with_party(&format!(r#"{{"orgno":{{{UPIS},"ID":"0192:310000018"}}}}"#)),
            "representation_organisation_identifier",
        ),
        (
            with_party(&format!(r#"{{"orgno":{{{UPIS},"ID":"0088:310000019"}}}}"#)),
            "representation_organisation_identifier",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019","id":"0192:310000027"}}}}"#
            )),
            "representation_organisation_identifier",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"ID":"0192:310000027"}}"#
            )),
            "representation_ambiguous",
        ),
        (
            with_party(r#"{"ID":"0192:310000019"}"#),
            "representation_organisation_identifier",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"name":["A"]}}"#
            )),
            "representation_malformed",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"actions":{{}}}}"#
            )),
            "representation_malformed",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"actions":["read",1]}}"#
            )),
            "representation_malformed",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"actions":"read,"}}"#
            )),
            "representation_malformed",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"rights":{names}}}"#
            )),
            "representation_too_large",
        ),
        (
            with_party(&format!(
                r#"{{"orgno":{{{UPIS},"ID":"0192:310000019"}},"resource":"other"}}"#
            )),
            "representation_resource_mismatch",
        ),
        (
            format!(
                r#"[{{"type":"ansattporten:altinn:resource","authorized_parties":[
                    {{"orgno":{{{UPIS},"ID":"0192:310000019"}},"resource":"a"}},
                    {{"orgno":{{{UPIS},"ID":"0192:310000027"}},"resource":"b"}}]}}]"#
            ),
            "representation_resource_mismatch",
        ),
        (
            format!(
                r#"[{{"type":"ansattporten:altinn:resource","authorized_parties":[
                    {{"orgno":{{{UPIS},"ID":"0192:310000019"}}}},
                    {{"orgno":{{{UPIS},"ID":"0192:310000027"}},"resource":"b"}}]}}]"#
            ),
            "representation_resource_mismatch",
        ),
        (with_party(&parties), "representation_too_large"),
        (elements, "representation_too_large"),
        (
            mandate(r#""authorizer":{"pid":"15868510126"}"#),
            "representation_malformed",
        ),
        (
            mandate(
                r#""authorizer":{"pid":"15868510127"},"authorized_representative":{"pid":"15868510045"},"permissions":[]"#,
            ),
            "representation_malformed",
        ),
        (
            mandate(
                r#""authorizer":{"pid":"15868510126"},"authorized_representative":{"pid":"15868510045"},"permissions":[{}]"#,
            ),
            "representation_malformed",
        ),
        (
            mandate(&format!(
                r#""authorizer":{{"pid":"15868510126"}},"authorized_representative":{{"pid":"15868510045"}},"permissions":[{permissions}]"#
            )),
            "representation_too_large",
        ),
    ] {
        let shown = text.get(..200).unwrap_or(&text);
        assert_eq!(
            parse(&text).map_err(RepresentationError::code),
            Err(expected),
            "{shown}"
        );
    }
}
