//! Requests for authorization details: what goes out, and what must not.

use portvakt_digdir::Misuse;
use portvakt_digdir::rar::{
    AltinnResource, AltinnService, OrganizationForm, RarRequest, RarTarget, RarType,
};
use portvakt_jose::json;

fn json_of(request: &RarRequest) -> String {
    request.to_json().unwrap().to_json()
}

fn resource(id: &str) -> AltinnResource {
    AltinnResource::parse(&format!("urn:altinn:resource:{id}")).unwrap()
}

#[test]
fn one_resource_requires_representation_unless_told_otherwise() {
    let mut request = RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap();
    insta::assert_snapshot!(json_of(&request), @r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","representation_is_required":true}]"#);
    request.representation_is_required = false;
    insta::assert_snapshot!(json_of(&request), @r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post"}]"#);
}

#[test]
fn flags_are_the_same_in_every_object() {
    let with_actions = resource("demo-skatt")
        .with_actions(&["write", "report"])
        .unwrap();
    let mut request = RarRequest::altinn_resources([resource("demo-post"), with_actions]).unwrap();
    request.allow_multiple_organizations = true;
    request.allow_deleted_organizations = true;
    request.organizationform = Some(OrganizationForm::Business);
    insta::assert_snapshot!(json_of(&request).replace("},{", "},\n{"), @r#"
    [{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","organizationform":"business","allow_multiple_organizations":true,"allow_deleted_organizations":true,"representation_is_required":true},
    {"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-skatt","actions":"write,report","organizationform":"business","allow_multiple_organizations":true,"allow_deleted_organizations":true,"representation_is_required":true}]
    "#);
}

#[test]
fn every_type_is_written_as_documented() {
    let mut orgno = RarRequest::orgno();
    orgno.organizationform = Some(OrganizationForm::Enterprise);
    let service = AltinnService::parse("urn:altinn:resource:2480:40").unwrap();
    assert_eq!(service.id(), "2480:40");
    let service = RarRequest::altinn_services([service]).unwrap();
    let fullmakt = RarRequest::fullmakt(&["arbeid", "helse"]).unwrap();
    insta::assert_snapshot!([orgno, service, fullmakt].map(|request| json_of(&request)).join("\n"), @r#"
    [{"type":"ansattporten:orgno","organizationform":"enterprise","representation_is_required":true}]
    [{"type":"ansattporten:altinn:service","resource":"urn:altinn:resource:2480:40","representation_is_required":true}]
    [{"type":"idporten:fullmakt","permission_roles":["arbeid","helse"]}]
    "#);
}

#[test]
fn what_was_written_is_read_back() {
    let mut requests = vec![
        RarRequest::altinn_resource("urn:altinn:resource:app_ttd_apps-test").unwrap(),
        RarRequest::altinn_resources([
            resource("demo-post")
                .with_actions(&["read", "write"])
                .unwrap(),
            resource("demo-skatt"),
        ])
        .unwrap(),
        RarRequest::orgno(),
        RarRequest::altinn_services([AltinnService::parse("urn:altinn:resource:2480:40").unwrap()])
            .unwrap(),
        RarRequest::fullmakt(&["arbeid"]).unwrap(),
    ];
    requests[0].representation_is_required = false;
    requests[0].organizationform = Some(OrganizationForm::Enterprise);
    requests[1].allow_deleted_organizations = true;
    requests[2].allow_multiple_organizations = true;
    for request in requests {
        let text = json_of(&request);
        let value = json::parse(text.as_bytes(), 10_000).unwrap();
        assert_eq!(RarRequest::from_json(&value), Ok(request), "{text}");
    }
}

#[test]
fn what_was_not_written_here_is_not_read() {
    let resource =
        r#""type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post""#;
    for (text, expected) in [
        ("{}".to_string(), "misuse_rar_resources"),
        ("[]".to_string(), "misuse_rar_resources"),
        ("[1]".to_string(), "misuse_rar_resources"),
        (
            r#"[{"resource":"urn:altinn:resource:demo-post"}]"#.to_string(),
            "misuse_rar_of_other_service",
        ),
        (
            r#"[{"type":"urn:altinn:systemuser"}]"#.to_string(),
            "misuse_rar_of_other_service",
        ),
        (
            format!(r#"[{{{resource}}},{{"type":"ansattporten:orgno"}}]"#),
            "misuse_rar_mixed_types",
        ),
        (
            format!(r#"[{{"type":"idporten:fullmakt"}},{{{resource}}}]"#),
            "misuse_rar_mixed_types",
        ),
        (
            format!(r"[{{{resource}}},{{{resource}}}]"),
            "misuse_rar_resources",
        ),
        (
            format!(
                r#"[{{{resource},"representation_is_required":true}},{{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:b"}}]"#
            ),
            "misuse_rar_flag",
        ),
        (
            format!(r#"[{{{resource},"representation_is_required":"true"}}]"#),
            "misuse_rar_flag",
        ),
        (
            format!(r#"[{{{resource},"representation_is_requierd":true}}]"#),
            "misuse_rar_flag",
        ),
        (
            format!(r#"[{{{resource},"organizationform":"company"}}]"#),
            "misuse_rar_flag",
        ),
        (
            format!(r#"[{{{resource},"actions":["read"]}}]"#),
            "misuse_rar_actions",
        ),
        (
            format!(r#"[{{{resource},"actions":"read,,write"}}]"#),
            "misuse_rar_actions",
        ),
        (
            r#"[{"type":"ansattporten:altinn:resource"}]"#.to_string(),
            "misuse_rar_resource_urn",
        ),
        (
            r#"[{"type":"ansattporten:orgno","allow_deleted_organizations":true}]"#.to_string(),
            "misuse_rar_flag",
        ),
        (
            r#"[{"type":"ansattporten:orgno","resource":"x"}]"#.to_string(),
            "misuse_rar_flag",
        ),
        (
            r#"[{"type":"idporten:fullmakt"}]"#.to_string(),
            "misuse_rar_permission_roles",
        ),
        (
            r#"[{"type":"idporten:fullmakt","permission_roles":"arbeid"}]"#.to_string(),
            "misuse_rar_permission_roles",
        ),
    ] {
        let value = json::parse(text.as_bytes(), 10_000).unwrap();
        assert_eq!(
            RarRequest::from_json(&value).map_err(Misuse::code),
            Err(expected),
            "{text}"
        );
    }
}

#[test]
fn a_resource_is_a_urn_of_the_registry() {
    for (urn, expected) in [
        ("urn:altinn:resource:demo-post", Ok("demo-post")),
        (
            "urn:altinn:resource:app_ttd_apps-test",
            Ok("app_ttd_apps-test"),
        ),
        ("demo-post", Err(Misuse::RarResourceUrn)),
        ("urn:altinn:resource:", Err(Misuse::RarResourceUrn)),
        // That is a link service.
        ("urn:altinn:resource:2480:40", Err(Misuse::RarResourceUrn)),
        ("URN:altinn:resource:demo-post", Err(Misuse::RarResourceUrn)),
        ("urn:altinn:resource:demo post", Err(Misuse::RarResourceUrn)),
        (
            "urn:altinn:resource:demo\"post",
            Err(Misuse::RarResourceUrn),
        ),
        ("urn:altinn:resource:næring", Err(Misuse::RarResourceUrn)),
    ] {
        let parsed = AltinnResource::parse(urn);
        assert_eq!(
            parsed
                .as_ref()
                .map(AltinnResource::id)
                .map_err(|error| *error),
            expected,
            "{urn}"
        );
    }
    let long = format!("urn:altinn:resource:{}", "x".repeat(201));
    assert_eq!(AltinnResource::parse(&long), Err(Misuse::RarResourceUrn));
}

#[test]
fn a_link_service_is_a_code_and_an_edition() {
    for (urn, is_service) in [
        ("urn:altinn:resource:2480:40", true),
        ("urn:altinn:resource:2480", false),
        ("urn:altinn:resource:2480:40:1", false),
        ("urn:altinn:resource:a:40", false),
        ("urn:altinn:resource::40", false),
        ("2480:40", false),
    ] {
        assert_eq!(AltinnService::parse(urn).is_ok(), is_service, "{urn}");
    }
}

#[test]
fn actions_can_stand_in_a_comma_separated_list() {
    for (actions, is_right) in [
        (&["read"][..], true),
        (&["read", "write"], true),
        (&["app:confirm"], true),
        (&[], false),
        (&["read", "read"], false),
        (&["read,write"], false),
        (&["read "], false),
        (&[""], false),
        (&["lese\u{e5}"], false),
    ] {
        let with_actions = resource("demo-post").with_actions(actions);
        assert_eq!(with_actions.is_ok(), is_right, "{actions:?}");
        if !is_right {
            assert_eq!(with_actions, Err(Misuse::RarActions), "{actions:?}");
        }
    }
}

#[test]
fn a_request_names_one_to_twenty_different_things() {
    let many = |count: usize| (0..count).map(|index| resource(&format!("r{index}")));
    assert_eq!(RarRequest::altinn_resources(many(20)).map(|_| ()), Ok(()));
    assert_eq!(
        RarRequest::altinn_resources(many(21)),
        Err(Misuse::RarResources)
    );
    assert_eq!(RarRequest::altinn_resources([]), Err(Misuse::RarResources));
    assert_eq!(
        RarRequest::altinn_resources([
            resource("a"),
            resource("a").with_actions(&["read"]).unwrap()
        ]),
        Err(Misuse::RarResources)
    );
    assert_eq!(RarRequest::altinn_services([]), Err(Misuse::RarResources));
    assert_eq!(RarRequest::fullmakt(&[]), Err(Misuse::RarPermissionRoles));
    assert_eq!(
        RarRequest::fullmakt(&["arbeid", "arbeid"]),
        Err(Misuse::RarPermissionRoles)
    );
    assert_eq!(
        RarRequest::fullmakt(&["ar beid"]),
        Err(Misuse::RarPermissionRoles)
    );
}

#[test]
fn what_is_changed_afterwards_is_checked_before_it_goes_out() {
    let mut emptied = RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap();
    emptied.target = RarTarget::AltinnResource(vec![]);
    assert_eq!(emptied.to_json(), Err(Misuse::RarResources));

    let mut deleted = RarRequest::orgno();
    deleted.allow_deleted_organizations = true;
    assert_eq!(deleted.to_json(), Err(Misuse::RarFlag));

    let flags: [fn(&mut RarRequest); 4] = [
        |request| request.representation_is_required = true,
        |request| request.allow_multiple_organizations = true,
        |request| request.allow_deleted_organizations = true,
        |request| request.organizationform = Some(OrganizationForm::Enterprise),
    ];
    for set in flags {
        let mut fullmakt = RarRequest::fullmakt(&["arbeid"]).unwrap();
        assert!(fullmakt.to_json().is_ok());
        set(&mut fullmakt);
        assert_eq!(fullmakt.to_json(), Err(Misuse::RarFlag));
    }
}

#[test]
fn types_are_known_by_their_exact_names() {
    for kind in RarType::ALL {
        assert_eq!(RarType::parse(kind.as_str()), Some(*kind));
        assert_eq!(RarType::parse(&kind.as_str().to_uppercase()), None);
    }
    for dead in ["ansattporten:altinnressurs", "ansattporten:entra", ""] {
        assert_eq!(RarType::parse(dead), None);
    }
}
