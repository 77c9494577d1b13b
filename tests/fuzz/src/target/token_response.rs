//! What the token endpoint answers: the first line is the status and the content type, the rest is the body. An
//! id_token in it may be written readably, as an object of `header` and `claims`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use portvakt_digdir::Error;
use portvakt_digdir::login::{CompleteLogin, Refresh, Session};
use portvakt_jose::json::{self, Object, Value};
use portvakt_oidc::{Callback, HttpRequest, HttpResponse, PendingLogin, TransportError};

use super::{assert_hidden, lines, text};
use crate::world::{
    CLIENT, GRANTED, HEADER, KEYS_JSON, NOW, PENDING, REDIRECT_URI, drive, id_token_claims,
    response, unsigned,
};

const OK: &str = "200 application/json";

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let claims = id_token_claims();
    let tokens =
        r#""access_token":"access.token-0123456789~+/==","token_type":"Bearer","expires_in":600"#;
    let id_token = format!(r#""id_token":{{"header":{HEADER},"claims":{claims}}}"#);
    let compact = unsigned(br#"{"alg":"RS256","kid":"rsa-2048"}"#, claims.as_bytes());
    let other = claims.replace("acr\":\"high", "acr\":\"substantial");
    [
        format!("{OK}\n{{{tokens},{id_token},\"authorization_details\":[{GRANTED}]}}"),
        format!("{OK}\n{{{tokens},{id_token},\"refresh_token\":\"refresh-0123456789\",\"refresh_token_expires_in\":3600,\"scope\":\"openid profile\"}}"),
        format!("{OK};charset=UTF-8\n{{{tokens},\"id_token\":\"{compact}\"}}"),
        format!("{OK}\n{{{tokens},\"id_token\":{{\"header\":{HEADER},\"claims\":{other}}}}}"),
        format!("{OK}\n{{{tokens}}}"),
        "400 application/json\n{\"error\":\"invalid_grant\",\"error_description\":\"Code was used.\"}".into(),
        "400 application/json\n{\"error\":\"use_dpop_nonce\"}".into(),
        "503 text/html\n<html>".into(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

/// A session to renew: that of the first good answer.
static SESSION: LazyLock<Session> = LazyLock::new(|| {
    let answer = &seeds()[1];
    complete(&received(answer).expect("readable")).expect("the seed is good")
});

/// Whom the person acts for, in what, and what they may do; not what it is called.
fn powers(session: &Session) -> Option<BTreeSet<(String, String, String)>> {
    let representation = session.representation.as_ref()?;
    let mut powers = BTreeSet::new();
    for organisation in representation.organisations() {
        for grant in organisation.grants() {
            let resource = grant.resource().unwrap_or_default();
            for action in grant.actions().into_iter().flatten().chain(grant.rights()) {
                let number = organisation.number().to_string();
                powers.insert((number, resource.to_string(), action.clone()));
            }
        }
    }
    Some(powers)
}

/// The same for other targets.
pub(super) fn session() -> Session {
    SESSION.clone()
}

pub(super) fn run(input: &[u8]) {
    let Some(response) = received(input) else {
        return;
    };
    let readable = readable(&response.body);
    if let Ok(session) = complete(&response) {
        check(&session, &readable);
        assert_eq!(session.login.id_token.sub(), session.claims.sub);
    }
    let refresh = Refresh::start(&CLIENT, &SESSION, None, NOW);
    if let Ok(session) = drive(refresh, |request| answer(request, &response)) {
        check(&session, &readable);
        assert_eq!(session.claims.sub, SESSION.claims.sub);
        assert_eq!(session.claims.pid, SESSION.claims.pid);
        assert_eq!(powers(&session), powers(&SESSION));
        assert!(session.level >= SESSION.level);
    }
}

fn complete(response: &HttpResponse) -> Result<Session, Error> {
    let address = format!(
        "{REDIRECT_URI}?code=c0de&iss=https%3A%2F%2Ftest.ansattporten.no&state={}",
        PENDING.state
    );
    let callback = Callback::parse(&address)?;
    let pending = PendingLogin::from_json(&PENDING.json)?;
    let begun = CompleteLogin::start(&CLIENT, callback, pending, None, NOW);
    drive(begun, |request| answer(request, response))
}

fn answer(request: &HttpRequest, answer: &HttpResponse) -> Result<HttpResponse, TransportError> {
    Ok(match request.url.path() {
        "/jwks" => response(200, "application/json", KEYS_JSON.as_bytes()),
        _ => answer.clone(),
    })
}

fn check(session: &Session, readable: &str) {
    let kept = session.to_json();
    let again = Session::from_json(&CLIENT, &kept).expect("it was written");
    assert_eq!(again.to_json(), kept);
    assert_eq!(again.claims, session.claims);
    assert_eq!(again.representation, session.representation);
    assert!(session.claims.pid.is_none_or(|pid| pid.is_synthetic()));
    let login = &session.login;
    // What is granted is shown, and an id_token that is put in place of none grants this.
    let readable = &format!("{readable}{GRANTED}");
    assert_hidden(session, login.access_token.expose(), readable);
    assert_hidden(session, login.id_token.raw().expose(), readable);
    assert_hidden(session, &session.claims.sub, readable);
    if let Some(token) = &login.refresh_token {
        assert_hidden(session, token.expose(), readable);
    }
}

/// The answer, with an id_token in place of its parts.
fn received(input: &[u8]) -> Option<HttpResponse> {
    let (line, body) = lines(input);
    let (status, content_type) = text(line)?.split_once(' ')?;
    let status = status.parse().ok()?;
    Some(response(
        status,
        content_type,
        &compacted(body).unwrap_or_else(|| body.to_vec()),
    ))
}

fn compacted(body: &[u8]) -> Option<Vec<u8>> {
    let mut tokens = json::parse(body, body.len()).ok()?.into_object()?;
    let id_token = tokens.remove("id_token")?.into_object()?;
    let part = |name| id_token.get(name).map(Value::to_json);
    let (header, claims) = (part("header")?, part("claims")?);
    let id_token = unsigned(header.as_bytes(), claims.as_bytes());
    tokens.insert("id_token", id_token);
    Some(Value::from(tokens).to_json().into_bytes())
}

/// All that the answer says, the claims of its id_token decoded.
fn readable(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    let claims = json::parse(body, body.len())
        .ok()
        .and_then(Value::into_object);
    let claims = claims
        .as_ref()
        .and_then(|object: &Object| object.get("id_token")?.as_str());
    let claims = claims.and_then(|token| token.split('.').nth(1));
    let claims = claims.and_then(|part| portvakt_jose::base64url::decode(part).ok());
    match claims {
        Some(claims) => text + &String::from_utf8_lossy(&claims),
        None => text,
    }
}
