//! What was granted, compared with what was asked for.

mod copies;

use portvakt_digdir::identifiers::OrganisationNumber;
use portvakt_digdir::rar::{
    AltinnResource, AltinnService, OrganizationForm, RarRequest, RarResponse, Representation,
    RepresentationError, check,
};
use portvakt_jose::json::{self, Value};

fn request() -> RarRequest {
    RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap()
}

fn resource(id: &str) -> AltinnResource {
    AltinnResource::parse(&format!("urn:altinn:resource:{id}")).unwrap()
}

fn value(text: &str) -> Value {
    json::parse(text.as_bytes(), 100_000).expect("JSON")
}

/// One object about a resource, with parties given as the members beside their number.
fn granted(id: &str, parties: &[(&str, &str)]) -> String {
    let parties: Vec<String> = parties
        .iter()
        .map(|(number, members)| {
            format!(
                r#"{{"orgno":{{"authority":"iso6523-actorid-upis","ID":"0192:{number}"}}{members}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:{id}","authorized_parties":[{}]}}"#,
        parties.join(",")
    )
}

fn judge(request: &RarRequest, response: &str) -> Result<Representation, RepresentationError> {
    check(request, &RarResponse::parse(&value(response))?)
}

fn code(result: Result<Representation, RepresentationError>) -> &'static str {
    match result {
        Ok(Representation::Organisations(_)) => "organisations",
        Ok(Representation::OneSelf) => "oneself",
        Ok(Representation::Citizen(_)) => "citizen",
        Ok(_) => "another",
        Err(error) => error.code(),
    }
}

#[test]
fn one_organisation_of_the_resource_asked_for_is_the_representation() {
    let response = granted(
        "demo-post",
        &[(
            "310000019",
            r#","name":"SYNTETISK PRØVE AS","unit_type":"AS""#,
        )],
    );
    let response = response.replace(
        r#","authorized"#,
        r#","resource_name":"Demo post","authorized"#,
    );
    let representation = judge(&request(), &format!("[{response}]")).unwrap();
    let organisation = representation.organisation().expect("one");
    assert_eq!(
        organisation.number(),
        OrganisationNumber::parse("310000019").unwrap()
    );
    assert_eq!(organisation.name(), Some("SYNTETISK PRØVE AS"));
    assert_eq!(organisation.unit_type(), Some("AS"));
    assert!(organisation.has_resource("urn:altinn:resource:demo-post"));
    assert!(!organisation.has_resource("urn:altinn:resource:demo-skatt"));
    assert_eq!(organisation.grants()[0].resource_name(), Some("Demo post"));
    assert!(!representation.is_oneself());
}

#[test]
fn every_answer_is_judged_by_what_was_asked_for() {
    let optional = {
        let mut request = request();
        request.representation_is_required = false;
        request
    };
    let several = {
        let mut request = request();
        request.allow_multiple_organizations = true;
        request
    };
    let with_actions = RarRequest::altinn_resources([resource("demo-post")
        .with_actions(&["read", "write"])
        .unwrap()])
    .unwrap();
    let form = |form| {
        let mut request = request();
        request.organizationform = Some(form);
        request
    };
    let (enterprise, business) = (
        form(OrganizationForm::Enterprise),
        form(OrganizationForm::Business),
    );
    let orgno = RarRequest::orgno();
    let orgno_optional = {
        let mut request = RarRequest::orgno();
        request.representation_is_required = false;
        request
    };
    let services =
        RarRequest::altinn_services([AltinnService::parse("urn:altinn:resource:2480:40").unwrap()])
            .unwrap();
    let fullmakt = RarRequest::fullmakt(&["arbeid"]).unwrap();

    let one = |members: &str| format!("[{}]", granted("demo-post", &[("310000019", members)]));
    let two = format!(
        "[{}]",
        granted("demo-post", &[("310000019", ""), ("310000027", "")])
    );
    let twice = format!(
        "[{}]",
        granted("demo-post", &[("310000019", ""), ("310000019", "")])
    );
    let nobody = r#"[{"type":"ansattporten:altinn:resource"}]"#;
    let account = |number: &str| {
        format!(
            r#"[{{"type":"ansattporten:orgno","authorized_parties":[{{"orgno":{{"authority":"iso6523-actorid-upis","ID":"0192:{number}"}}}}]}}]"#
        )
    };
    let service = |resource: &str| {
        format!(
            r#"[{{"type":"ansattporten:altinn:service","resource":"{resource}","reportees":[{{"Authority":"iso6523-actorid-upis","ID":"0192:310000027","Name":"A","Rights":["Read"]}}]}}]"#
        )
    };
    let mandate = |role: &str| {
        format!(
            r#"[{{"type":"idporten:fullmakt","authorizer":{{"pid":"15868510126"}},"authorized_representative":{{"pid":"15868510045"}},"permissions":[{{"owner":"a","role":"{role}"}}]}}]"#
        )
    };

    let rows: &[(&str, &RarRequest, &str, &str)] = &[
        ("one organisation", &request(), &one(""), "organisations"),
        (
            "oneself, though required",
            &request(),
            nobody,
            "representation_required",
        ),
        (
            "an empty array, though required",
            &request(),
            "[]",
            "representation_required",
        ),
        (
            "no parties, though required",
            &request(),
            "[{\"type\":\"ansattporten:altinn:resource\",\"resource\":\"urn:altinn:resource:demo-post\",\"authorized_parties\":[]}]",
            "representation_required",
        ),
        ("oneself, as one may", &optional, nobody, "oneself"),
        ("an empty array, as one may", &optional, "[]", "oneself"),
        (
            "one of two",
            &request(),
            &two,
            "representation_several_organisations",
        ),
        ("two of two", &several, &two, "organisations"),
        ("the same one twice", &request(), &twice, "organisations"),
        (
            "another type",
            &request(),
            &account("314445554"),
            "representation_wrong_type",
        ),
        (
            "oneself of another type",
            &optional,
            r#"[{"type":"ansattporten:orgno"}]"#,
            "representation_wrong_type",
        ),
        (
            "an unknown type",
            &optional,
            r#"[{"type":"urn:altinn:systemuser"}]"#,
            "representation_wrong_type",
        ),
        (
            "another resource",
            &request(),
            &format!("[{}]", granted("demo-skatt", &[("310000019", "")])),
            "representation_wrong_resource",
        ),
        (
            "a longer resource",
            &request(),
            &format!("[{}]", granted("demo-posten", &[("310000019", "")])),
            "representation_wrong_resource",
        ),
        (
            "another resource besides",
            &request(),
            &format!(
                "[{},{}]",
                granted("demo-post", &[("310000019", "")]),
                granted("demo-skatt", &[("310000019", "")])
            ),
            "representation_wrong_resource",
        ),
        (
            "another resource, nobody",
            &optional,
            &format!("[{}]", granted("demo-skatt", &[])),
            "representation_wrong_resource",
        ),
        (
            "no resource",
            &request(),
            r#"[{"type":"ansattporten:altinn:resource","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}}]}]"#,
            "representation_wrong_resource",
        ),
        (
            "the actions asked for",
            &with_actions,
            &one(r#","actions":["read","write"]"#),
            "organisations",
        ),
        (
            "some of the actions",
            &with_actions,
            &one(r#","actions":["write"]"#),
            "organisations",
        ),
        ("actions not told", &with_actions, &one(""), "organisations"),
        (
            "none of the actions",
            &with_actions,
            &one(r#","actions":[]"#),
            "representation_wrong_action",
        ),
        (
            "another action",
            &with_actions,
            &one(r#","actions":["read","sign"]"#),
            "representation_wrong_action",
        ),
        (
            "actions in another case",
            &with_actions,
            &one(r#","actions":["Read"]"#),
            "representation_wrong_action",
        ),
        (
            "actions though none were asked for",
            &request(),
            &one(r#","actions":["read"]"#),
            "organisations",
        ),
        (
            "a main unit",
            &enterprise,
            &one(r#","unit_type":"AS""#),
            "organisations",
        ),
        (
            "a sub-unit for a main unit",
            &enterprise,
            &one(r#","unit_type":"BEDR""#),
            "representation_wrong_organization_form",
        ),
        (
            "a sub-unit",
            &business,
            &one(r#","unit_type":"BEDR""#),
            "organisations",
        ),
        (
            "a sub-unit without business",
            &business,
            &one(r#","unit_type":"AAFY""#),
            "organisations",
        ),
        (
            "a main unit for a sub-unit",
            &business,
            &one(r#","unit_type":"AS""#),
            "representation_wrong_organization_form",
        ),
        (
            "a unit of untold type",
            &business,
            &one(""),
            "organisations",
        ),
        (
            "the employer",
            &orgno,
            &account("314445554"),
            "organisations",
        ),
        (
            "the employer, with a resource",
            &orgno,
            r#"[{"type":"ansattporten:orgno","resource":"urn:altinn:resource:demo-post"}]"#,
            "representation_wrong_resource",
        ),
        (
            "no employer",
            &orgno,
            r#"[{"type":"ansattporten:orgno"}]"#,
            "representation_required",
        ),
        (
            "no employer, as one may",
            &orgno_optional,
            r#"[{"type":"ansattporten:orgno"}]"#,
            "oneself",
        ),
        (
            "a link service",
            &services,
            &service("urn:altinn:resource:2480:40"),
            "organisations",
        ),
        (
            "another edition",
            &services,
            &service("urn:altinn:resource:2480:41"),
            "representation_wrong_resource",
        ),
        ("a mandate", &fullmakt, &mandate("arbeid"), "citizen"),
        (
            "a mandate of another role",
            &fullmakt,
            &mandate("helse"),
            "representation_wrong_mandate",
        ),
        (
            "a mandate for nothing",
            &fullmakt,
            &mandate("arbeid").replace(r#"{"owner":"a","role":"arbeid"}"#, ""),
            "representation_wrong_mandate",
        ),
        ("no mandate", &fullmakt, "[]", "oneself"),
        (
            "no mandate, with its type",
            &fullmakt,
            r#"[{"type":"idporten:fullmakt"}]"#,
            "oneself",
        ),
    ];
    for (name, request, response, expected) in rows {
        assert_eq!(code(judge(request, response)), *expected, "{name}");
    }
}

#[test]
fn an_organisation_is_there_once_and_keeps_what_it_has_for_each_resource() {
    let mut request = RarRequest::altinn_resources([
        resource("demo-post")
            .with_actions(&["read", "write"])
            .unwrap(),
        resource("demo-skatt").with_actions(&["report"]).unwrap(),
        resource("demo-tilsyn"),
    ])
    .unwrap();
    request.allow_multiple_organizations = true;
    // Two of three resources: the answer may be shorter than the request.
    let response = format!(
        "[{},{}]",
        granted(
            "demo-post",
            &[
                ("310000019", r#","actions":["read"]"#),
                ("310000027", r#","actions":["read","write"]"#)
            ]
        ),
        granted(
            "demo-skatt",
            &[(
                "310000019",
                r#","actions":["report"],"name":"SYNTETISK PRØVE AS""#
            )]
        ),
    );
    let representation = judge(&request, &response).unwrap();
    let organisations = representation.organisations();
    let numbers: Vec<String> = organisations
        .iter()
        .map(|one| one.number().to_string())
        .collect();
    assert_eq!(numbers, ["310000019", "310000027"]);
    assert_eq!(representation.organisation(), None);

    let (first, second) = (&organisations[0], &organisations[1]);
    assert_eq!(first.name(), Some("SYNTETISK PRØVE AS"));
    assert_eq!(first.grants().len(), 2);
    let (post, skatt) = (
        "urn:altinn:resource:demo-post",
        "urn:altinn:resource:demo-skatt",
    );
    assert!(first.may(post, "read") && !first.may(post, "write"));
    assert!(first.may(skatt, "report") && !first.may(skatt, "read") && !first.may(post, "report"));
    assert!(second.may(post, "write") && !second.has_resource(skatt));
    assert!(!first.has_resource("urn:altinn:resource:demo-tilsyn"));
}

#[test]
fn an_action_that_is_not_told_is_not_there() {
    let request =
        RarRequest::altinn_resources([resource("demo-post").with_actions(&["read"]).unwrap()])
            .unwrap();
    let response = format!("[{}]", granted("demo-post", &[("310000019", "")]));
    let representation = judge(&request, &response).unwrap();
    let organisation = representation.organisation().unwrap();
    assert!(organisation.has_resource("urn:altinn:resource:demo-post"));
    assert!(!organisation.may("urn:altinn:resource:demo-post", "read"));
    assert_eq!(organisation.grants()[0].actions(), None);
}

#[test]
fn rights_of_the_employer_are_kept() {
    let response = r#"[{"type":"ansattporten:orgno","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:317778880"},"rights":["Report","Write"]}]}]"#;
    let representation = judge(&RarRequest::orgno(), response).unwrap();
    let organisation = representation.organisation().unwrap();
    assert!(organisation.has_right("Report") && !organisation.has_right("Read"));
    assert_eq!(organisation.grants()[0].rights(), ["Report", "Write"]);
    assert_eq!(organisation.grants()[0].resource(), None);
}
