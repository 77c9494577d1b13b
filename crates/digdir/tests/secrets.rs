//! Formats every public value and error, and fails on a token, a code, a verifier, a name or a person number.

use std::fmt::Debug;

use portvakt_digdir::dialogporten::{
    DialogId, DialogQuery, Dialogporten, ListParties, OpenDialog, SearchDialogs,
};
use portvakt_digdir::identifiers::{Party, Pid};
use portvakt_digdir::login::{BeginLogin, CompleteLogin, LoginRequest, test_login_hint};
use portvakt_digdir::rar::{RarRequest, RarResponse};
use portvakt_digdir::{Error, Preset};
use portvakt_jose::json;
use portvakt_oidc::{Callback, Entropy, Flow, HttpResponse, Step};

use crate::provider::{
    ACCESS_TOKEN, DEMO_POST, NOW, PID, Provider, REDIRECT_URI, begin, client, login, parameters,
};

/// What must not be seen, and why.
const SECRETS: [(&str, &str); 7] = [
    (PID, "the person number"),
    ("15868510126", "another person's number"),
    (ACCESS_TOKEN, "the access token"),
    ("d1al0g.t0ken", "the dialog token"),
    ("c0de.c0de", "the code"),
    ("NORDMANN", "a name"),
    ("nordmann@example.no", "an e-mail address"),
];

fn assert_silent(value: &dyn Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        for (secret, what) in SECRETS {
            assert!(!text.contains(secret), "{what} is shown in {text}");
        }
        // A JWT, whatever is in it.
        assert!(!text.contains("eyJ"), "a token is shown in {text}");
        let digits = text.split(|character: char| !character.is_ascii_digit());
        assert!(
            digits.into_iter().all(|run| run.len() != 11),
            "eleven digits in {text}"
        );
    }
}

fn provider() -> Provider {
    Provider::of(&Preset::ANSATTPORTEN_TEST)
        .granting(DEMO_POST)
        .edit_claims(|claims| {
            claims.insert("name", "KARI NORDMANN");
            claims.insert("given_name", "KARI");
            claims.insert("family_name", "NORDMANN");
            claims.insert("email", "kari.nordmann@example.no");
            claims.insert(
                "authorization_details",
                json::parse(DEMO_POST.as_bytes(), 10_000).unwrap(),
            );
        })
}

fn request() -> LoginRequest {
    LoginRequest::on_behalf_of(
        RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap(),
    )
}

#[test]
fn a_session_and_everything_in_it_is_silent() {
    let session = login(&provider(), request()).unwrap();
    assert!(session.claims.name.is_some() && session.claims.pid.is_some());
    assert_silent(&session);
    assert_silent(&session.claims);
    assert_silent(&session.claims.pid);
    assert_silent(&session.representation);
    assert_silent(&session.checks);
    assert_silent(&session.login);
}

#[test]
fn a_flow_is_silent_at_every_step() {
    let client = client(&Preset::ANSATTPORTEN_TEST);
    assert_silent(&client);
    let entropy = || Entropy::new(core::array::from_fn(|index| index as u8));
    assert_silent(&BeginLogin::start(&client, request(), None, entropy(), NOW).unwrap());

    let redirect = begin(&provider(), &client, request()).unwrap();
    let parameters = parameters(&redirect.url);
    let callback = format!(
        "{REDIRECT_URI}?code=c0de.c0de&iss=https%3A%2F%2Ftest.ansattporten.no&state={}",
        parameters["state"]
    );
    let callback = Callback::parse(&callback).unwrap();
    let step = CompleteLogin::start(&client, callback, redirect.pending, None, NOW).unwrap();
    assert_silent(&step);
    let shown = format!("{step:?}");
    for secret in ["state", "nonce", "code_challenge"] {
        assert!(
            !shown.contains(&parameters[secret]),
            "{secret} is shown in {shown}"
        );
    }
}

#[test]
fn identifiers_and_mandates_are_silent() {
    let pid = Pid::parse(PID).unwrap();
    assert_silent(&pid);
    for party in [
        Party::Person(pid),
        Party::IdportenEmail("kari.nordmann@example.no".into()),
        Party::LegacySelfidentified("KARI.NORDMANN".into()),
    ] {
        assert_silent(&party);
    }
    for (urn, shown) in [
        (
            "urn:altinn:feide-subject:0123456789abcdef",
            "Party(urn:altinn:feide-subject:***)",
        ),
        (
            "urn:altinn:organization:identifier-no:310000019",
            "Party(urn:altinn:organization:identifier-no:310000019)",
        ),
    ] {
        assert_eq!(format!("{:?}", Party::parse(urn).unwrap()), shown);
    }
    let mandate = format!(
        r#"[{{"type":"idporten:fullmakt","authorizer":{{"name":"OLA NORDMANN","pid":"15868510126"}},"authorized_representative":{{"name":"KARI NORDMANN","pid":"{PID}"}},"permissions":[{{"role":"arbeid"}}]}}]"#
    );
    let response = RarResponse::parse(&json::parse(mandate.as_bytes(), 10_000).unwrap()).unwrap();
    let mandate = response.elements[0].mandate.as_ref().unwrap();
    assert!(format!("{mandate:?}").starts_with("Mandate { permissions: [Permission {"));
    assert_silent(&response);
}

#[test]
fn a_headless_login_keeps_its_hint_to_itself() {
    let hint = test_login_hint(
        &Preset::ANSATTPORTEN_TEST,
        &Pid::parse(PID).unwrap(),
        portvakt_digdir::acr::Acr::High,
    );
    let mut request = request();
    request.login_hint = Some(hint.unwrap());
    assert_silent(&request);
    let client = client(&Preset::ANSATTPORTEN_TEST);
    let entropy = Entropy::new(core::array::from_fn(|index| index as u8));
    assert_silent(&BeginLogin::start(&client, request.clone(), None, entropy, NOW).unwrap());
    let redirect = begin(&provider(), &client, request).unwrap();
    assert_silent(&redirect);
}

#[test]
fn dialogs_are_silent() {
    let dialogporten = Dialogporten::at("https://dialogporten.example").unwrap();
    let session = login(&provider(), request()).unwrap();
    let token = &session.login.access_token;
    let id = DialogId::parse("019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e").unwrap();
    let person = format!("urn:altinn:person:identifier-no:{PID}");
    let body = format!(
        r#"{{"id":"{id}","party":"{person}","dialogToken":"d1al0g.t0ken","hasNextPage":false,
        "content":{{"title":{{"value":[{{"value":"Til KARI NORDMANN","languageCode":"nb"}}]}}}},
        "guiActions":[{{"url":"https://service.example/?pid={PID}","title":[]}}],
        "transmissions":[{{"sender":{{"actorName":"KARI NORDMANN","actorId":"{person}"}}}}],
        "items":[{{"id":"{id}","party":"{person}"}}],
        "authorizedParties":[{{"party":"{person}","name":"NORDMANN KARI"}}]}}"#
    );
    let response = || {
        let headers = vec![("content-type".into(), "application/json".into())];
        Ok(HttpResponse {
            status: 200,
            headers,
            body: body.clone().into_bytes(),
        })
    };
    let mut query = DialogQuery::of_party(Party::parse(&person).unwrap());
    query.search = Some("NORDMANN".into());
    assert_silent(&query);
    let search = SearchDialogs::start(&dialogporten, token, query).unwrap();
    assert_silent(&search);
    assert_silent(&after(search, response()).unwrap());
    let open = OpenDialog::start(&dialogporten, token, id, &[]).unwrap();
    assert_silent(&open);
    let dialog = after(open, response()).unwrap();
    assert_eq!(
        dialog.dialog_token.as_ref().unwrap().expose(),
        "d1al0g.t0ken"
    );
    assert_silent(&dialog);
    let parties = ListParties::start(&dialogporten, token).unwrap();
    assert_silent(&parties);
    assert_silent(&after(parties, response()).unwrap());
}

#[test]
fn errors_are_silent() {
    let with_pid = |pid: &'static str| {
        provider().edit_claims(move |claims| {
            claims.insert("pid", pid);
        })
    };
    for (provider, code) in [
        (with_pid("15868510046"), "claims_pid"),
        (with_pid("15084560070"), "claims_pid_not_synthetic"),
        (provider().granting("[]"), "representation_required"),
    ] {
        let error = login(&provider, request()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_silent(&error);
        assert!(!error.to_string().contains("158685"));
    }
}

fn after<F: Flow<Error = Error>>(
    step: Step<F>,
    response: Result<HttpResponse, portvakt_oidc::TransportError>,
) -> Result<F::Output, Error> {
    let Step::Fetch { next, .. } = step else {
        panic!("a request")
    };
    match next.resume(response.into(), NOW)? {
        Step::Done(output) => Ok(output),
        Step::Fetch { .. } | Step::Verify { .. } => panic!("one request too many"),
    }
}
