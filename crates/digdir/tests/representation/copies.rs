//! The claim stands in the token response and in the id_token.

use portvakt_digdir::rar::{RarRequest, Representation, check_copies};

use super::{code, granted, request, resource, value};

/// What is said of one request by both copies, in one word.
fn judge(
    request: Option<&RarRequest>,
    token_response: Option<&str>,
    id_token: Option<&str>,
) -> &'static str {
    let (token_response, id_token) = (token_response.map(value), id_token.map(value));
    match check_copies(request, token_response.as_ref(), id_token.as_ref()) {
        Ok(None) => "nothing",
        Ok(Some(representation)) => code(Ok(representation)),
        Err(error) => error.code(),
    }
}

fn demo_post(number: &str, members: &str) -> String {
    format!("[{}]", granted("demo-post", &[(number, members)]))
}

const NOBODY: &str = r#"[{"type":"ansattporten:altinn:resource"}]"#;

#[test]
fn both_copies_are_judged_and_must_agree() {
    let mut request = request();
    request.representation_is_required = false;
    let one = demo_post("310000019", "");
    let named = demo_post("310000019", r#","name":"A","unit_type":"AS""#);
    let acting = demo_post("310000019", r#","actions":["read"]"#);
    let other = demo_post("310000027", "");
    let foreign = format!("[{}]", granted("demo-skatt", &[("310000019", "")]));
    for (token_response, id_token, expected) in [
        (Some(&one[..]), Some(&one[..]), "organisations"),
        // Some copies leave the names out.
        (Some(&named), Some(&one), "organisations"),
        (Some(&one), None, "organisations"),
        (None, Some(&one), "organisations"),
        (None, None, "representation_missing"),
        (Some(&one), Some(&other), "representation_copies_disagree"),
        (Some(&one), Some(&acting), "representation_copies_disagree"),
        (Some(NOBODY), Some(&one), "representation_copies_disagree"),
        (Some(&one), Some("[]"), "representation_copies_disagree"),
        (Some(NOBODY), Some("[]"), "oneself"),
        (Some(&one), Some(&foreign), "representation_wrong_resource"),
        (Some(&foreign), Some(&one), "representation_wrong_resource"),
        (Some(&one), Some("{}"), "representation_malformed"),
        (Some(&one), Some("null"), "representation_malformed"),
    ] {
        let judged = judge(Some(&request), token_response, id_token);
        assert_eq!(judged, expected, "{token_response:?} {id_token:?}");
    }
}

#[test]
fn copies_agree_if_each_grants_all_that_the_other_grants() {
    let mut request = RarRequest::altinn_resources([resource("demo-post"), resource("demo-skatt")])
        .expect("two resources");
    request.allow_multiple_organizations = true;
    let copy = |objects: &[(&str, &[(&str, &str)])]| {
        let objects: Vec<_> = objects
            .iter()
            .map(|(id, parties)| granted(id, parties))
            .collect();
        format!("[{}]", objects.join(","))
    };
    let (first, second) = ("310000019", "310000027");
    let (read, write) = (r#","actions":["read"]"#, r#","actions":["write"]"#);
    let (both, turned) = (
        r#","actions":["read","write"]"#,
        r#","actions":["write","read"]"#,
    );
    let (right, rights) = (r#","rights":["Read"]"#, r#","rights":["Read","Write"]"#);
    let post = |parties: &[(&str, &str)]| copy(&[("demo-post", parties)]);
    for (one, other, agree) in [
        (post(&[(first, both)]), post(&[(first, turned)]), true),
        (
            post(&[(first, ""), (second, "")]),
            post(&[(second, ""), (first, "")]),
            true,
        ),
        (
            post(&[(first, ""), (first, "")]),
            post(&[(first, "")]),
            true,
        ),
        (
            post(&[(first, ""), (second, "")]),
            post(&[(first, "")]),
            false,
        ),
        (post(&[(first, read)]), post(&[(first, write)]), false),
        (post(&[(first, read)]), post(&[(first, both)]), false),
        (post(&[(first, right)]), post(&[(first, "")]), false),
        (post(&[(first, right)]), post(&[(first, rights)]), false),
        (
            post(&[(first, "")]),
            copy(&[("demo-skatt", &[(first, "")])]),
            false,
        ),
    ] {
        let expected = if agree {
            "organisations"
        } else {
            "representation_copies_disagree"
        };
        for (one, other) in [(&one, &other), (&other, &one)] {
            let judged = judge(Some(&request), Some(one), Some(other));
            assert_eq!(judged, expected, "{one} {other}");
        }
    }
}

#[test]
fn what_was_required_is_required_of_both_copies() {
    let one = demo_post("310000019", "");
    for (token_response, id_token, expected) in [
        (None, None, "representation_missing"),
        (Some(NOBODY), Some(NOBODY), "representation_required"),
        (Some(&one[..]), Some(NOBODY), "representation_required"),
        (Some(NOBODY), Some(&one[..]), "representation_required"),
    ] {
        assert_eq!(judge(Some(&request()), token_response, id_token), expected);
    }
}

#[test]
fn nothing_is_granted_that_was_not_asked_for() {
    let one = demo_post("310000019", "");
    for (token_response, id_token, expected) in [
        (None, None, "nothing"),
        (Some("[]"), Some("[]"), "nothing"),
        (
            Some(&one[..]),
            Some(&one[..]),
            "representation_not_asked_for",
        ),
        (None, Some(NOBODY), "representation_not_asked_for"),
        (Some("null"), None, "representation_not_asked_for"),
    ] {
        assert_eq!(judge(None, token_response, id_token), expected);
    }
}

#[test]
fn names_come_from_the_token_response() {
    let named = |name: &str| value(&demo_post("310000019", &format!(r#","name":"{name}""#)));
    let (first, second) = (named("FIRST AS"), named("SECOND AS"));
    let representation = check_copies(Some(&request()), Some(&first), Some(&second)).unwrap();
    let organisation = representation
        .as_ref()
        .and_then(Representation::organisation);
    assert_eq!(organisation.and_then(|one| one.name()), Some("FIRST AS"));
}
