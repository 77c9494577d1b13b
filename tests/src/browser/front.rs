//! The server that stands before an application under test, and does what WebDriver has no word for.
//!
//! It passes every request on and notes it, runs a test's script at the start of every page of the
//! application, lets a test move the clock of those pages, and hears what they write to the console.
//! So all of this is the same in every browser, and the browsers are as people have them.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;
use tower::ServiceExt;
use xtask::browser::Engine;

/// What an application was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seen {
    /// The path with the query.
    pub target: String,
    /// The page that the browser said it came from.
    pub referrer: Option<String>,
    /// When, in milliseconds since 1970, by the clock of this machine.
    pub at: u64,
}

/// The server before one application. A clone is the same one.
#[derive(Clone, Debug)]
pub struct Front(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    application: Router,
    engine: Engine,
    script: Mutex<String>,
    ahead: AtomicU64,
    seen: Mutex<Vec<Seen>>,
    console: Mutex<Vec<String>>,
    notes: Mutex<Vec<String>>,
}

/// The header that one of the drivers cannot deal with.
const OPENER_POLICY: &str = "cross-origin-opener-policy";

/// What an application is served without in an engine, and why.
pub fn difference(engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Webkit => Some(
            "pages are served without Cross-Origin-Opener-Policy: after Back to a page that has it, WebKitWebDriver \
             answers no command any more",
        ),
        Engine::Chromium | Engine::Firefox => None,
    }
}

/// Where the script of the test is found.
const SCRIPT: &str = "/test/before.js";

/// Where pages send what they write to the console.
const CONSOLE: &str = "/test/console";

/// Where the script of a test sends what it notes.
const NOTE: &str = "/test/note";

/// More than any page here has, in bytes.
const MAX_BODY: usize = 4 * 1024 * 1024;

impl Front {
    /// Stands before an application, for a browser with this engine.
    pub fn new(application: Router, engine: Engine) -> Self {
        Self(Arc::new(Inner {
            application,
            engine,
            script: Mutex::default(),
            ahead: AtomicU64::new(0),
            seen: Mutex::default(),
            console: Mutex::default(),
            notes: Mutex::default(),
        }))
    }

    /// Serves until dropped.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn serve(self, listeners: Vec<TcpListener>) -> Result<()> {
        let router = Router::new().fallback(respond).with_state(self);
        let mut servers = JoinSet::new();
        for listener in listeners {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            servers.spawn(axum::serve(listener, router.clone()).into_future());
        }
        while let Some(ended) = servers.join_next().await {
            ended??;
        }
        Ok(())
    }

    /// Runs `script` at the start of every page from now on, before the page's own.
    pub fn before_every_page(&self, script: &str) {
        script.clone_into(&mut lock(&self.0.script));
    }

    /// Moves the clock of pages that begin from now on; gives how far ahead it is, in seconds.
    pub fn advance(&self, seconds: u64) -> u64 {
        self.0.ahead.fetch_add(seconds, Ordering::SeqCst) + seconds
    }

    /// What the application has been asked for, the oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.0.seen).clone()
    }

    /// What pages wrote to the console as a warning or an error, which includes what their security
    /// policy refused.
    pub fn console(&self) -> Vec<String> {
        lock(&self.0.console).clone()
    }

    /// What the script of the test has sent to `/test/note`, as with `navigator.sendBeacon`.
    pub fn notes(&self) -> Vec<String> {
        lock(&self.0.notes).clone()
    }

    fn script(&self) -> String {
        let ahead = self.0.ahead.load(Ordering::SeqCst);
        format!(
            "window.{AHEAD} = {ahead};\n{HEAR_AND_AGE}\n{}",
            lock(&self.0.script)
        )
    }

    fn note(&self, request: &Request) {
        let target = request.uri().path_and_query();
        let referrer = request.headers().get(header::REFERER);
        lock(&self.0.seen).push(Seen {
            target: target.map(ToString::to_string).unwrap_or_default(),
            referrer: referrer.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            at: milliseconds(),
        });
    }
}

/// How far the clock of a page is ahead, in seconds, as a property of its window.
pub(super) const AHEAD: &str = "portvaktTestAhead";

/// Tells the server what goes to the console, and lets the clock of the page be moved.
const HEAR_AND_AGE: &str = "
(() => {
  const tell = (text) => void navigator.sendBeacon('/test/console', text)
  for (const level of ['warn', 'error']) {
    const original = console[level]
    console[level] = (...all) => { tell(`${level}: ${all.map(String).join(' ')}`); original.apply(console, all) }
  }
  addEventListener('error', (event) => tell(`error: ${event.message}`))
  addEventListener('unhandledrejection', (event) => tell(`unhandled: ${event.reason}`))
  addEventListener('securitypolicyviolation', (event) => tell(`policy: ${event.violatedDirective} ${event.blockedURI}`))
  const now = Date.now
  Date.now = () => now.call(Date) + window.portvaktTestAhead * 1000
})();
";

/// An application that another process serves.
pub fn elsewhere(port: u16) -> Router {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    Router::new().fallback(async move |mut request: Request| {
        let target = request
            .uri()
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let moved = format!("http://127.0.0.1:{port}{target}").parse();
        let Ok(uri) = moved else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        *request.uri_mut() = uri;
        match client.request(request).await {
            Ok(mut response) => {
                // How the body was framed is a matter of that connection alone.
                response.headers_mut().remove(header::TRANSFER_ENCODING);
                response.map(Body::new).into_response()
            }
            Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
        }
    })
}

async fn respond(State(front): State<Front>, request: Request) -> Response {
    match request.uri().path() {
        SCRIPT => {
            let headers = [
                (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, front.script()).into_response()
        }
        CONSOLE => hear(&front.0.console, request).await,
        NOTE => hear(&front.0.notes, request).await,
        _ => {
            front.note(&request);
            let answer: Result<Response, Infallible> =
                front.0.application.clone().oneshot(request).await;
            let Ok(mut response) = answer;
            if difference(front.0.engine).is_some() {
                response.headers_mut().remove(OPENER_POLICY);
            }
            with_script(response).await
        }
    }
}

async fn hear(told: &Mutex<Vec<String>>, request: Request) -> Response {
    let text = to_bytes(request.into_body(), MAX_BODY)
        .await
        .unwrap_or_default();
    lock(told).push(String::from_utf8_lossy(&text).into_owned());
    StatusCode::NO_CONTENT.into_response()
}

/// Puts the script of the test before the first of a page's own; answers without one stay as they are.
async fn with_script(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let page = String::from_utf8_lossy(&page);
    let script = format!("<script src=\"{SCRIPT}\"></script><script type=\"module\"");
    let page = page.replacen("<script type=\"module\"", &script, 1);
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
    Response::from_parts(parts, Body::from(page))
}

/// The time in milliseconds since 1970; a clock before that counts as 1970.
fn milliseconds() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
