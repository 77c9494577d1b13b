//! What is granted of representation: a line for what was asked for, and the answer.

use std::sync::LazyLock;

use portvakt_digdir::rar::{
    AltinnResource, AltinnService, RarRequest, RarResponse, Representation, check, check_copies,
};
use portvakt_jose::json::{self, Value};

use super::{assert_hidden, lines};
use crate::world::{GRANTED, RAR};

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut asked = ASKED
        .iter()
        .map(|request| request.to_json().expect("it can be asked for").to_json());
    let mut asked = || asked.next().unwrap_or_default();
    [
        format!("{}\n[{GRANTED}]", asked()),
        format!("{}\n[{{\"type\":\"ansattporten:altinn:resource\",\"resource\":\"urn:altinn:resource:demo-post\"}}]", asked()),
        format!("{}\n[{{\"type\":\"ansattporten:orgno\",\"orgno\":{{\"authority\":\"iso6523-actorid-upis\",\"ID\":\"0192:310000019\"}},\"name\":\"SYNTETISK AS\"}}]", asked()),
        format!("{}\n[{{\"type\":\"ansattporten:altinn:service\",\"resource\":\"urn:altinn:resource:2480:40\",\"resource_name\":\"x\",\"reportees\":[{{\"Authority\":\"iso6523-actorid-upis\",\"ID\":\"0192:310000019\",\"Name\":\"SYNTETISK AS\",\"Rights\":[\"Read\"]}}]}}]", asked()),
        format!("{}\n[{{\"type\":\"idporten:fullmakt\",\"authorizer\":{{\"name\":\"OLA NORDMANN\",\"pid\":\"15868510126\"}},\"authorized-representative\":{{\"name\":\"KARI NORDMANN\",\"pid\":\"15868510045\"}},\"permissions\":[{{\"role\":\"arbeid\",\"owner\":\"NAV\"}}]}}]", asked()),
        format!("[]\n[{GRANTED},{GRANTED},{{\"type\":\"other\"}}]"),
    ]
    .map(String::into_bytes)
    .to_vec()
}

static ASKED: LazyLock<Vec<RarRequest>> = LazyLock::new(|| {
    let resources = [
        "urn:altinn:resource:demo-post",
        "urn:altinn:resource:demo-skatt",
    ];
    let resources = resources.map(|urn| AltinnResource::parse(urn).expect("a resource"));
    let service = AltinnService::parse("urn:altinn:resource:2480:40").expect("a service");
    let mut orgno = RarRequest::orgno();
    orgno.representation_is_required = false;
    vec![
        RAR.clone(),
        RarRequest::altinn_resources(resources).expect("a request"),
        orgno,
        RarRequest::altinn_services([service]).expect("a request"),
        RarRequest::fullmakt(&["arbeid", "helse"]).expect("a request"),
    ]
});

pub(super) fn run(input: &[u8]) {
    let (asked, granted) = lines(input);
    let readable = String::from_utf8_lossy(granted);
    let parse = |bytes: &[u8]| json::parse(bytes, bytes.len()).ok();
    let asked = parse(asked).and_then(|asked| RarRequest::from_json(&asked).ok());
    if let Some(asked) = &asked {
        let written = asked.to_json().expect("it was read");
        assert_eq!(RarRequest::from_json(&written).as_ref(), Ok(asked));
    }
    let Some(granted) = parse(granted) else {
        return;
    };
    let response = RarResponse::parse(&granted);
    if let Ok(response) = &response {
        for mandate in response
            .elements
            .iter()
            .filter_map(|element| element.mandate.as_ref())
        {
            assert_hidden(response, &mandate.authorizer().expose(), &readable);
            assert_hidden(response, &mandate.representative().expose(), &readable);
        }
    }
    for request in ASKED.iter().chain(&asked) {
        let copies = check_copies(Some(request), Some(&granted), Some(&granted));
        let one = check_copies(Some(request), None, Some(&granted));
        // A copy agrees with itself, and one is as good as two.
        assert_eq!(copies, one);
        let Ok(representation) = copies else { continue };
        let representation = representation.expect("it was asked for");
        let response = response.as_ref().expect("it was read");
        assert_eq!(check(request, response).as_ref(), Ok(&representation));
        judged(request, &granted, &representation);
        if let Representation::Citizen(mandates) = &representation {
            for mandate in mandates {
                assert_hidden(&representation, &mandate.authorizer().expose(), &readable);
            }
        }
    }
    let unasked = check_copies(None, Some(&granted), None);
    assert_eq!(
        unasked.is_ok(),
        granted.as_array().is_some_and(<[Value]>::is_empty)
    );
}

fn judged(request: &RarRequest, granted: &Value, representation: &Representation) {
    let organisations = representation.organisations();
    assert!(request.allow_multiple_organizations || organisations.len() <= 1);
    assert!(!request.representation_is_required || !representation.is_oneself());
    let mut numbers: Vec<_> = organisations.iter().map(|one| one.number()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(
        numbers.len(),
        organisations.len(),
        "an organisation is there twice"
    );
    // What nobody granted, nobody has.
    let text = granted.to_json();
    for organisation in organisations {
        assert!(text.contains(&organisation.number().to_string()));
        assert!(!organisation.may("urn:altinn:resource:never-named", "read"));
        for grant in organisation.grants() {
            if let Some(resource) = grant.resource() {
                assert!(organisation.has_resource(resource));
                for action in grant.actions().unwrap_or_default() {
                    assert!(organisation.may(resource, action));
                }
            }
        }
    }
}
