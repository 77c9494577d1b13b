//! The native driver: carries the messages of a flow over real sockets.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use portvakt_jose::UnixTime;
use portvakt_oidc::{Entropy, Flow, HttpRequest, HttpResponse, Method, Step, TransportError};
use ureq::Agent;
use ureq::http::Request;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Runs a flow to its end.
///
/// # Errors
/// The flow's own.
pub fn drive<F: Flow>(mut step: Step<F>) -> Result<F::Output, F::Error> {
    let agent = agent();
    loop {
        step = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => next.resume(fetch(&agent, &request).into(), now())?,
            Step::Verify { question, next } => next.resume(question.answer().into(), now())?,
        };
    }
}

/// A client without cookies of its own that reports every answer as it is, redirects included, and
/// that no proxy stands before.
pub fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .timeout_global(Some(ANSWER))
        .build()
        .new_agent()
}

/// The time.
///
/// A clock before 1970 counts as 1970.
pub fn now() -> UnixTime {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixTime::new(since.as_secs())
}

/// The random bytes of one login.
///
/// # Errors
/// When the operating system gives none.
pub fn entropy() -> Result<Entropy> {
    let mut bytes = [0; Entropy::BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(Entropy::new(bytes))
}

fn fetch(agent: &Agent, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let mut message = Request::builder().method(method).uri(request.url.as_str());
    for (name, value) in &request.headers {
        message = message.header(*name, value);
    }
    let body = request.body.clone().unwrap_or_default();
    let message = message
        .body(body)
        .map_err(|_| TransportError::Unreachable)?;
    let mut response = agent.run(message).map_err(|error| failure(&error))?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let limit = request.max_response_bytes as u64;
    let body = response.body_mut().with_config().limit(limit).read_to_vec();
    Ok(HttpResponse {
        status: response.status().as_u16(),
        headers,
        body: body.map_err(|error| failure(&error))?,
    })
}

fn failure(error: &ureq::Error) -> TransportError {
    match error {
        ureq::Error::Timeout(_) => TransportError::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => TransportError::TooLarge,
        _ => TransportError::Unreachable,
    }
}
