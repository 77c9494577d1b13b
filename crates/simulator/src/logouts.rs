//! What the providers tell applications when a person signs out: frames that a page shows, and posts that
//! a provider sends by itself.
//!
//! In memory nothing is sent: whoever tests takes the posts with [`Simulator::take_posts`] and brings them
//! to the application. On sockets [`deliver`] sends them. Either way the control page and its API show what
//! became of them.
//!
//! [`Simulator::take_posts`]: crate::Simulator::take_posts

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Notify;

use crate::clients::origin_of;
use crate::origins::is_loopback;
use crate::provider_name::ProviderName;
use crate::state::Shared;

/// How long the connection to an application may take.
///
/// Source: Digdir, *Back-channel logout*: 2 s.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// How long the answer of an application may take after that.
///
/// Source: Digdir, *Back-channel logout*: 5 s.
const READ_LIMIT: Duration = Duration::from_secs(5);

/// How many calls are remembered, and how many posts wait.
const MAX_CALLS: usize = 200;

/// A post of a logout token that waits to be sent (OpenID Connect Back-Channel Logout §2.5).
#[derive(Clone)]
pub struct LogoutPost {
    id: u64,
    client_id: String,
    url: String,
    body: String,
}

impl LogoutPost {
    /// The `Content-Type`.
    pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

    /// The client that it is for.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The registered `backchannel_logout_uri`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The form with the one field `logout_token`.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

/// Without the token.
impl fmt::Debug for LogoutPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutPost")
            .field("client_id", &self.client_id)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// How an application is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Channel {
    /// A frame in the page of the person.
    Front,
    /// A post of the provider.
    Back,
}

/// What became of telling an application.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The frame is in the page; the provider cannot see what comes of it.
    Framed,
    /// The post waits to be sent or is under way.
    Waiting,
    /// The test has taken the post.
    HandedOver,
    /// Any 2xx.
    Succeeded,
    /// Any other status.
    Refused,
    /// One of the two limits.
    TimedOut,
    /// No connection, or no HTTP.
    Failed,
    /// Not sent: the address is not plain http on this machine.
    NotLocal,
}

/// One application that was told.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    #[serde(skip)]
    id: u64,
    /// When, in Unix seconds of the simulator's clock.
    pub(crate) at: u64,
    pub(crate) provider: ProviderName,
    pub(crate) client_id: String,
    pub(crate) channel: Channel,
    /// The registered address.
    pub(crate) url: String,
    pub(crate) outcome: Outcome,
    /// The status of the answer to a post.
    pub(crate) status: Option<u16>,
    /// How long the post took.
    pub(crate) milliseconds: Option<u64>,
}

/// The calls of both providers.
#[derive(Debug, Default)]
pub(crate) struct Logouts {
    held: Mutex<Held>,
    has_posts: Notify,
}

#[derive(Debug, Default)]
struct Held {
    next_id: u64,
    calls: VecDeque<Call>,
    posts: VecDeque<LogoutPost>,
}

impl Logouts {
    /// Takes note of a frame.
    pub(crate) fn framed(&self, at: u64, provider: ProviderName, client_id: &str, url: &str) {
        self.add(at, provider, client_id, url, Channel::Front, None);
    }

    /// Sends a logout token once.
    pub(crate) fn post(
        &self,
        at: u64,
        provider: ProviderName,
        client_id: &str,
        url: &str,
        logout_token: &str,
    ) {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", logout_token)
            .finish();
        self.add(at, provider, client_id, url, Channel::Back, Some(body));
        self.has_posts.notify_one();
    }

    fn add(
        &self,
        at: u64,
        provider: ProviderName,
        client_id: &str,
        url: &str,
        channel: Channel,
        body: Option<String>,
    ) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let id = held.next_id;
        held.next_id += 1;
        push(
            &mut held.calls,
            Call {
                id,
                at,
                provider,
                client_id: client_id.to_owned(),
                channel,
                url: url.to_owned(),
                outcome: match channel {
                    Channel::Front => Outcome::Framed,
                    Channel::Back => Outcome::Waiting,
                },
                status: None,
                milliseconds: None,
            },
        );
        if let Some(body) = body {
            let post = LogoutPost {
                id,
                client_id: client_id.to_owned(),
                url: url.to_owned(),
                body,
            };
            push(&mut held.posts, post);
        }
    }

    /// The posts that wait, for a test that brings them to the application itself.
    pub(crate) fn hand_over(&self) -> Vec<LogoutPost> {
        let posts = self.take();
        for post in &posts {
            self.settle(post.id, Outcome::HandedOver, None, None);
        }
        posts
    }

    /// The latest first.
    pub(crate) fn latest(&self) -> Vec<Call> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.calls.iter().rev().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.calls.clear();
        held.posts.clear();
    }

    fn take(&self) -> Vec<LogoutPost> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.posts.drain(..).collect()
    }

    fn settle(&self, id: u64, outcome: Outcome, status: Option<u16>, took: Option<Duration>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(call) = held.calls.iter_mut().find(|call| call.id == id) {
            call.outcome = outcome;
            call.status = status;
            call.milliseconds =
                took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        }
    }
}

/// Sends posts as they come, each by itself so that none waits for another; never ends.
pub(crate) async fn deliver(state: Shared) {
    loop {
        for post in state.logouts.take() {
            let id = post.id;
            let shared = state.clone();
            // A thread of its own, for the client blocks; unlike the runtime's own it holds up no exit.
            let sent = thread::Builder::new().spawn(move || {
                let began = Instant::now();
                let (outcome, status) = send(&post, READ_LIMIT);
                let took = (outcome != Outcome::NotLocal).then(|| began.elapsed());
                shared.logouts.settle(post.id, outcome, status, took);
            });
            if sent.is_err() {
                state.logouts.settle(id, Outcome::Failed, None, None);
            }
        }
        state.logouts.has_posts.notified().await;
    }
}

/// One attempt, without a second one and without redirects.
fn send(post: &LogoutPost, read_limit: Duration) -> (Outcome, Option<u16>) {
    if !is_local(&post.url) {
        return (Outcome::NotLocal, None);
    }
    let config = ureq::Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT_LIMIT))
        .timeout_recv_response(Some(read_limit));
    let request = config.build().new_agent().post(&post.url);
    match request
        .content_type(LogoutPost::CONTENT_TYPE)
        .send(&post.body)
    {
        Ok(response) if response.status().is_success() => {
            (Outcome::Succeeded, Some(response.status().as_u16()))
        }
        Ok(response) => (Outcome::Refused, Some(response.status().as_u16())),
        Err(ureq::Error::Timeout(_)) => (Outcome::TimedOut, None),
        Err(_) => (Outcome::Failed, None),
    }
}

/// Nothing leaves the machine, and there is no TLS here.
fn is_local(url: &str) -> bool {
    origin_of(url).is_some_and(|origin| {
        origin
            .strip_prefix("http://")
            .and_then(|authority| authority.rsplit_once(':'))
            .is_some_and(|(host, _)| is_loopback(host))
    })
}

/// The oldest makes room.
fn push<T>(list: &mut VecDeque<T>, entry: T) {
    if list.len() == MAX_CALLS {
        list.pop_front();
    }
    list.push_back(entry);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn any_2xx_is_success_and_a_redirect_is_not_followed() {
        for (status, outcome) in [
            (200, Outcome::Succeeded),
            (204, Outcome::Succeeded),
            (302, Outcome::Refused),
            (400, Outcome::Refused),
            (500, Outcome::Refused),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let post = post_to(&listener);
            let application = thread::spawn(move || {
                let (mut connection, _) = listener.accept().unwrap();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
                );
                let mut request = Vec::new();
                while !request.ends_with(post_body()) {
                    let mut bytes = [0; 1_024];
                    let read = connection.read(&mut bytes).unwrap();
                    request.extend_from_slice(&bytes[..read]);
                }
                connection.write_all(answer.as_bytes()).unwrap();
                String::from_utf8(request).unwrap()
            });
            assert_eq!(send(&post, READ_LIMIT), (outcome, Some(status)));
            let request = application.join().unwrap();
            assert!(
                request.starts_with("POST /logout HTTP/1.1\r\n"),
                "{request}"
            );
            let header = "content-type: application/x-www-form-urlencoded";
            assert!(request.to_lowercase().contains(header), "{request}");
        }
    }

    #[test]
    fn an_application_that_does_not_answer_in_time_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let post = post_to(&listener);
        let read_limit = Duration::from_millis(20);
        assert_eq!(send(&post, read_limit), (Outcome::TimedOut, None));
        drop(listener);
        assert_eq!(send(&post, READ_LIMIT), (Outcome::Failed, None));
    }

    fn post_to(listener: &TcpListener) -> LogoutPost {
        LogoutPost {
            id: 0,
            client_id: "app".to_owned(),
            url: format!("http://{}/logout", listener.local_addr().unwrap()),
            body: String::from_utf8(post_body().to_vec()).unwrap(),
        }
    }

    fn post_body() -> &'static [u8] {
        b"logout_token=x.y.z"
    }

    #[test]
    fn only_plain_http_on_this_machine_is_sent_to() {
        for url in [
            "http://localhost:8080/logout",
            "http://127.0.0.1/logout",
            "http://[::1]:1/x",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "https://localhost:8080/logout",
            "http://application.example/logout",
            "https://application.example/logout",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }

    #[test]
    fn the_oldest_call_makes_room() {
        let logouts = Logouts::default();
        for number in 0..=MAX_CALLS {
            let id = number.to_string();
            logouts.framed(0, ProviderName::Idporten, &id, "http://localhost/");
        }
        let latest = logouts.latest();
        assert_eq!(latest.len(), MAX_CALLS);
        assert_eq!(latest.last().map(|call| call.client_id.as_str()), Some("1"));
    }
}
