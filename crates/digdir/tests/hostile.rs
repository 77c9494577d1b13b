//! Whatever comes in: nothing panics, and what is accepted is written back as it was read.

use portvakt_digdir::acr::Acr;
use portvakt_digdir::dialogporten::{
    DialogId, DialogQuery, Dialogporten, Link, ListParties, OpenDialog, SearchDialogs, Timestamp,
};
use portvakt_digdir::identifiers::{Iso6523, OrganisationNumber, Party, Pid};
use portvakt_digdir::login::LoginRequest;
use portvakt_digdir::rar::{RarRequest, RarResponse, check, check_copies};
use portvakt_digdir::{Error, Preset};
use portvakt_jose::json::{Object, Value};
use portvakt_oidc::{AccessToken, Flow, HttpResponse, Step};
use proptest::prelude::*;

use crate::provider::{NOW, Provider, login};

/// JSON made of the names and values that mean something somewhere, and of others.
fn value() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(&WORDS[..]).prop_map(Value::from);
    let leaf = prop_oneof![
        6 => words,
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let name = prop_oneof![9 => prop::sample::select(&NAMES[..]).prop_map(String::from), 1 => any::<String>()];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| {
                let mut object = Object::new();
                for (name, value) in members {
                    object.insert(name, value);
                }
                Value::Object(object)
            }),
        ]
    })
}

/// What must be encoded wherever it stands in a URL.
const UNSAFE: &[u8] = b"\"<>\\^`{|}";

const WORDS: [&str; 16] = [
    "ansattporten:altinn:resource",
    "ansattporten:orgno",
    "ansattporten:altinn:service",
    "idporten:fullmakt",
    "urn:altinn:resource:demo-post",
    "demo-post",
    "iso6523-actorid-upis",
    "0192:310000019",
    "0192:310000018",
    "9908:312223333",
    "15868510045",
    "read,write",
    "2026-02-01T08:00:00.0000000Z",
    "019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e",
    "urn:dialogporten:unauthorized",
    "https://service.example/søk#a",
];

const NAMES: [&str; 40] = [
    "type",
    "Type",
    "resource",
    "resource-name",
    "authorized_parties",
    "reportees",
    "orgno",
    "orgno:",
    "authority",
    "Authority",
    "ID",
    "id",
    "name",
    "unit_type",
    "actions",
    "rights",
    "authorizer",
    "authorized_representative",
    "pid",
    "permissions",
    "role",
    "owner",
    "representation_is_required",
    "items",
    "hasNextPage",
    "continuationToken",
    "content",
    "title",
    "value",
    "languageCode",
    "mediaType",
    "attachments",
    "urls",
    "url",
    "transmissions",
    "guiActions",
    "authorizedParties",
    "party",
    "subParties",
    "createdAt",
];

fn access_token() -> AccessToken {
    login(
        &Provider::of(&Preset::ID_PORTEN_TEST),
        LoginRequest::default(),
    )
    .unwrap()
    .login
    .access_token
}

fn answer<F: Flow<Error = Error>>(step: Result<Step<F>, Error>, response: HttpResponse) {
    let Ok(Step::Fetch { next, .. }) = step else {
        panic!("a request")
    };
    drop(next.resume(Ok(response).into(), NOW));
}

proptest! {
    #[test]
    fn any_text_is_an_identifier_or_not(text in any::<String>()) {
        drop((Pid::parse(&text), OrganisationNumber::parse(&text), Iso6523::parse(&text), Party::parse(&text)));
        drop((Acr::parse(&text), DialogId::parse(&text), Timestamp::parse(&text)));
    }

    #[test]
    fn eleven_digits_that_are_accepted_are_written_back(text in "[0-9]{11}") {
        if let Ok(pid) = Pid::parse(&text) {
            prop_assert_eq!(pid.expose(), &text[..]);
            prop_assert!(!pid.masked().contains(&text[6..]));
        }
    }

    #[test]
    fn nine_digits_that_are_accepted_are_written_back(text in "[0-9]{9}") {
        if let Ok(number) = OrganisationNumber::parse(&text) {
            prop_assert_eq!(number.to_string(), text);
        }
    }

    #[test]
    fn a_single_wrong_digit_is_noticed(position in 0_usize..9, other in 0_u8..10) {
        let mut digits = *b"310000019";
        prop_assume!(digits[position] != b'0' + other);
        digits[position] = b'0' + other;
        prop_assert!(OrganisationNumber::parse(core::str::from_utf8(&digits).unwrap()).is_err());
    }

    #[test]
    fn a_party_that_is_accepted_is_written_back(text in "urn:altinn:(person:identifier-no|organization:identifier-no|systemuser:uuid|feide-subject):[!-~]{0,40}") {
        if let Ok(party) = Party::parse(&text) {
            prop_assert_eq!(party.to_urn(), text);
        }
    }

    #[test]
    fn a_link_is_https_or_of_this_machine(text in "(https?|javascript|urn|data)?:?/?/?[ -~æ]{0,40}") {
        if let Some(href) = Link::parse(&text).href() {
            prop_assert!(href.starts_with("https://") || href.starts_with("http://"));
            let is_safe = href.bytes().all(|byte| byte.is_ascii_graphic() && !UNSAFE.contains(&byte));
            prop_assert!(is_safe, "{}", href);
        }
    }

    #[test]
    fn any_authorization_details_are_read_or_refused(details in value(), copy in value()) {
        let request = RarRequest::altinn_resource("urn:altinn:resource:demo-post").unwrap();
        for value in [details.clone(), Value::Array(vec![details.clone(), copy.clone()])] {
            drop(RarRequest::from_json(&value));
            if let Ok(response) = RarResponse::parse(&value)
                && let Ok(representation) = check(&request, &response)
            {
                // It was required, and one only was allowed.
                let organisation = representation.organisation().expect("exactly one");
                prop_assert!(organisation.has_resource("urn:altinn:resource:demo-post"));
            }
            drop(check_copies(Some(&request), Some(&value), Some(&copy)));
            drop(check_copies(None, Some(&value), None));
        }
    }

    #[test]
    fn a_request_that_is_read_is_the_one_that_is_written(details in value()) {
        if let Ok(request) = RarRequest::from_json(&details) {
            prop_assert_eq!(request.to_json().unwrap(), details);
        }
    }
}

#[test]
fn any_answer_of_dialogporten_is_read_or_refused() {
    let dialogporten = Dialogporten::at("https://dialogporten.example").unwrap();
    let token = access_token();
    let party = Party::Organisation(OrganisationNumber::parse("310000019").unwrap());
    let id = DialogId::parse("019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e").unwrap();
    let status = prop_oneof![
        Just(200_u16),
        prop::sample::select(&[400, 401, 403, 404, 422, 503][..]),
        any::<u16>()
    ];
    let header = prop_oneof![
        Just(String::from("application/problem+json")),
        any::<String>()
    ];
    let body = prop_oneof![
        9 => (value(), value()).prop_map(|(items, other)| {
            let mut object = Object::new();
            object.insert("id", "019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e");
            object.insert("items", Value::Array(vec![items.clone()]));
            object.insert("authorizedParties", Value::Array(vec![items.clone()]));
            object.insert("transmissions", Value::Array(vec![items.clone(), other.clone()]));
            object.insert("attachments", Value::Array(vec![items.clone()]));
            object.insert("guiActions", Value::Array(vec![items]));
            object.insert("hasNextPage", false);
            object.insert("content", other.clone());
            object.insert("errors", other);
            Value::Object(object).to_json().into_bytes()
        }),
        1 => any::<Vec<u8>>(),
    ];
    let mut runner = proptest::test_runner::TestRunner::default();
    runner
        .run(&(status, header, body), |(status, header, body)| {
            let response = || HttpResponse {
                status,
                headers: ["content-type", "www-authenticate", "expires", "retry-after"]
                    .map(|name| (name.to_string(), header.clone()))
                    .to_vec(),
                body: body.clone(),
            };
            let query = DialogQuery::of_party(party.clone());
            answer(
                SearchDialogs::start(&dialogporten, &token, query),
                response(),
            );
            answer(
                OpenDialog::start(&dialogporten, &token, id.clone(), &[]),
                response(),
            );
            answer(ListParties::start(&dialogporten, &token), response());
            Ok(())
        })
        .unwrap();
}
