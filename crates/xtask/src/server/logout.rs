//! The logout endpoint of the demo's own origin, as a deployment has it at its edge.
//!
//! The provider calls it in a hidden frame when the person logs out anywhere (OpenID Connect Front-Channel Logout
//! 1.0), and the frame sees neither the storage nor the tabs of the application. So it is remembered here which
//! session is over, and the tabs are told of it by server-sent events, or when they ask.
//!
//! | request | answer |
//! |---|---|
//! | `GET ?iss=…&sid=…` | the session is over: 200, also for one that nobody knows |
//! | `GET ?session=<digest>`, accepting `text/event-stream` | `event: logout` as soon as it is over |
//! | `GET ?session=<digest>` | `{"loggedOut": false}` |
//!
//! A digest is base64url(SHA-256(issuer, line feed, sid)): who may ask about a session cannot end it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::stream::{self, Stream};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::addresses::Addresses;

/// Where the endpoint is.
pub(super) const PATH: &str = "/portvakt/logout";

/// How long a session is remembered as over: as long as one can last.
const LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// How many sessions are remembered; a development server has few, and a runaway test shall not fill the memory.
const MAX_SESSIONS: usize = 10_000;

/// The longest query that is looked at. An issuer and a sid have some hundred characters.
const MAX_QUERY_BYTES: usize = 2048;

/// The endpoint and what it remembers.
#[derive(Debug)]
pub(super) struct Logout {
    issuers: [String; 2],
    frame_ancestors: String,
    over: Mutex<HashMap<String, Instant>>,
    /// Counts the sessions that have come to an end, so that those who wait look again.
    count: watch::Sender<u64>,
}

impl Logout {
    /// An endpoint for the sessions of both providers, which may be framed by their pages.
    pub(super) fn new(addresses: Addresses) -> Self {
        Self {
            issuers: [addresses.ansattporten(), addresses.idporten()],
            frame_ancestors: format!(
                "default-src 'none'; frame-ancestors {} {}",
                addresses.ansattporten_login(),
                addresses.idporten_login()
            ),
            over: Mutex::default(),
            count: watch::Sender::default(),
        }
    }

    /// Answers a request to [`PATH`].
    pub(super) fn answer(self: &Arc<Self>, request: &Request) -> Response {
        if request.method() != Method::GET {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")]).into_response();
        }
        let mut response = match Question::parse(request.uri().query().unwrap_or_default()) {
            Some(Question::Ended { iss, sid }) => self.end(&iss, &sid),
            Some(Question::IsOver(session)) if wants_events(request.headers()) => {
                self.events(session)
            }
            Some(Question::IsOver(session)) => {
                let body = json!({ "loggedOut": self.is_over(&session) }).to_string();
                ([(header::CONTENT_TYPE, "application/json")], body).into_response()
            }
            None => StatusCode::BAD_REQUEST.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // The addresses are those of this machine: plain text.
        if let Ok(policy) = self.frame_ancestors.parse() {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn end(&self, iss: &str, sid: &str) -> Response {
        // Documents print the issuer with a slash at its end, and some providers send it so.
        let iss = iss.strip_suffix('/').unwrap_or(iss);
        if !self.issuers.iter().any(|issuer| issuer == iss) {
            return StatusCode::BAD_REQUEST.into_response();
        }
        let now = Instant::now();
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        over.retain(|_, ends| *ends > now);
        if over.len() >= MAX_SESSIONS {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        over.insert(digest(iss, sid), now + LIFETIME);
        drop(over);
        self.count.send_modify(|count| *count += 1);
        "OK".into_response()
    }

    /// One event when the session is over, which may be at once; nothing until then.
    fn events(self: &Arc<Self>, session: String) -> Response {
        let waiting = Some((self.clone(), self.count.subscribe(), session));
        let events: Pin<Box<dyn Stream<Item = _> + Send>> =
            Box::pin(stream::unfold(waiting, async |waiting| {
                let (logout, mut count, session) = waiting?;
                while !logout.is_over(&session) {
                    count.changed().await.ok()?;
                }
                let event = Event::default().event("logout").data("{}");
                Some((Ok::<_, Infallible>(event), None))
            }));
        Sse::new(events)
            .keep_alive(KeepAlive::default())
            .into_response()
    }

    fn is_over(&self, session: &str) -> bool {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        over.get(session).is_some_and(|ends| *ends > Instant::now())
    }
}

/// What a request is about.
enum Question {
    /// The provider says that a session is over.
    Ended { iss: String, sid: String },
    /// A tab asks whether the session with this digest is over.
    IsOver(String),
}

impl Question {
    /// `None` for what is neither of the two, or says something twice.
    fn parse(query: &str) -> Option<Self> {
        if query.len() > MAX_QUERY_BYTES {
            return None;
        }
        let (mut iss, mut sid, mut session) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "iss" => &mut iss,
                "sid" => &mut sid,
                "session" => &mut session,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        match (iss, sid, session) {
            (Some(iss), Some(sid), None) => Some(Self::Ended { iss, sid }),
            (None, None, Some(session)) => Some(Self::IsOver(session)),
            _ => None,
        }
    }
}

fn wants_events(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|accept| accept.to_str().ok())
        .any(|accept| accept.contains("text/event-stream"))
}

/// How a session is called by those who may ask about it.
fn digest(iss: &str, sid: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{iss}\n{sid}")))
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, Result};
    use axum::body::{Body, to_bytes};
    use futures_util::StreamExt;

    use super::*;

    const ISSUER: &str = "http://127.0.0.1:8101";

    #[tokio::test]
    async fn a_session_is_over_once_its_provider_has_said_so() -> Result<()> {
        let logout = logout()?;
        let question = format!("session={}", digest(ISSUER, "a"));
        assert_eq!(ask(&logout, &question).await?, "{\"loggedOut\":false}");
        let answer = get(&logout, &format!("iss={ISSUER}&sid=b"), "*/*")?;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(ask(&logout, &question).await?, "{\"loggedOut\":false}");
        let answer = get(&logout, &format!("iss={ISSUER}/&sid=a"), "*/*")?;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(
            answer.headers()["content-security-policy"],
            "default-src 'none'; frame-ancestors http://127.0.0.1:8102 http://127.0.0.1:8104"
        );
        assert_eq!(ask(&logout, &question).await?, "{\"loggedOut\":true}");
        Ok(())
    }

    #[tokio::test]
    async fn a_tab_that_waits_is_told() -> Result<()> {
        let logout = logout()?;
        let session = digest(ISSUER, "a");
        let waiting = get(&logout, &format!("session={session}"), "text/event-stream")?;
        assert_eq!(waiting.headers()["content-type"], "text/event-stream");
        let mut events = waiting.into_body().into_data_stream();
        let (event, _) = tokio::join!(events.next(), async {
            get(&logout, &format!("iss={ISSUER}&sid=a"), "*/*")
        });
        assert_eq!(
            event.context("the stream has ended")??,
            "event: logout\ndata: {}\n\n"
        );
        assert!(events.next().await.is_none());
        // Whoever comes later is told at once.
        let late = get(&logout, &format!("session={session}"), "text/event-stream")?;
        let body = to_bytes(late.into_body(), 100).await?;
        assert_eq!(body, "event: logout\ndata: {}\n\n");
        Ok(())
    }

    #[test]
    fn questions_that_are_none_change_nothing() -> Result<()> {
        let logout = logout()?;
        let other = "http://127.0.0.1:8105";
        for query in [
            "",
            "sid=a",
            &format!("iss={ISSUER}"),
            &format!("iss={other}&sid=a"),
            &format!("iss={ISSUER}//&sid=a"),
            &format!("iss={ISSUER}&sid=a&sid=a"),
            &format!("iss={ISSUER}&sid=a&session=b"),
            &format!("iss={ISSUER}&sid={}", "a".repeat(MAX_QUERY_BYTES)),
        ] {
            let status = get(&logout, query, "*/*")?.status();
            assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        }
        assert!(logout.over.lock().is_ok_and(|over| over.is_empty()));
        Ok(())
    }

    #[test]
    fn nothing_but_asking_is_allowed() -> Result<()> {
        let request = Request::post(PATH).body(Body::empty())?;
        let status = logout()?.answer(&request).status();
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        Ok(())
    }

    fn logout() -> Result<Arc<Logout>> {
        Ok(Arc::new(Logout::new(Addresses::new(8080, 8100)?)))
    }

    async fn ask(logout: &Arc<Logout>, query: &str) -> Result<String> {
        let answer = get(logout, query, "application/json")?;
        Ok(String::from_utf8(
            to_bytes(answer.into_body(), 100).await?.into(),
        )?)
    }

    fn get(logout: &Arc<Logout>, query: &str, accept: &str) -> Result<Response> {
        let request = Request::get(format!("{PATH}?{query}"))
            .header(header::ACCEPT, accept)
            .body(Body::empty())?;
        Ok(logout.answer(&request))
    }
}
