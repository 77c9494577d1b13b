//! One HTTP request with the browser's `fetch`.

use gloo_net::http::{self, RequestBuilder};
use js_sys::{Object, Reflect, Uint8Array};
use portvakt_oidc::http::{HttpRequest, HttpResponse, Method, TransportError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, ReferrerPolicy, Request, RequestCache,
    RequestCredentials, RequestMode, RequestRedirect, ResponseType,
};

/// How long a request may take, answer included, in milliseconds.
///
/// A person waits for it. The providers answer within a second; Dialogporten gives up by itself after 20 s.
pub const TIMEOUT_MILLISECONDS: u32 = 30_000;

/// Sends one request and reads the answer, up to the request's `max_response_bytes`.
///
/// No cookies go with it, no redirect is followed, nothing is cached, and no referrer is told.
///
/// # Errors
/// `transport_unreachable` (no connection, refused, or the answer lacks the CORS permission: a page
/// cannot tell these apart), `transport_timed_out`, `transport_redirected`, `transport_too_large`.
pub async fn fetch(request: &HttpRequest) -> Result<HttpResponse, TransportError> {
    let signal = AbortSignal::timeout_with_u32(TIMEOUT_MILLISECONDS);
    let request_object = to_request(request, &signal)?;
    let window = web_sys::window().ok_or(TransportError::Unreachable)?;
    // Sent by hand: gloo-net panics where a page has replaced `fetch` by one that rejects with no `Error`.
    let response: web_sys::Response = JsFuture::from(window.fetch_with_request(&request_object))
        .await
        .and_then(JsCast::dyn_into)
        .map_err(failure)?;
    let response = http::Response::from(response);
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(TransportError::Redirected);
    }
    Ok(HttpResponse {
        status: response.status(),
        // Those that the browser shows, with names in lower case; across origins those that the server exposes.
        headers: response.headers().entries().collect(),
        body: read_body(&response, request.max_response_bytes).await?,
    })
}

fn to_request(request: &HttpRequest, signal: &AbortSignal) -> Result<Request, TransportError> {
    let headers = Headers::new().map_err(failure)?;
    for (name, value) in &request.headers {
        headers.append(name, value).map_err(failure)?;
    }
    let builder = RequestBuilder::new(request.url.as_str())
        .method(match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
        })
        .headers(http::Headers::from_raw(headers))
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        // `Error` would look like a broken connection; `Manual` shows that it was a redirect, and does not follow it.
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(signal));
    let built = match request.method {
        Method::Get => builder.build(),
        Method::Post => builder.body(request.body.as_deref().unwrap_or_default()),
    };
    built
        .map(Request::from)
        .map_err(|_| TransportError::Unreachable)
}

/// Reads the body piece by piece, so that one that is too large is given up before it fills the memory.
async fn read_body(response: &http::Response, max_bytes: usize) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    let Some(stream) = response.body() else {
        return Ok(body);
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(failure)?;
        let member = |name: &str| Reflect::get(&chunk, &JsValue::from_str(name)).map_err(failure);
        if member("done")?.is_truthy() {
            return Ok(body);
        }
        let bytes: Uint8Array = member("value")?.dyn_into().map_err(failure)?;
        let length = bytes.length() as usize;
        if max_bytes - body.len() < length {
            // The answer to this does not matter: nobody reads on.
            _ = reader.cancel();
            return Err(TransportError::TooLarge);
        }
        let start = body.len();
        body.resize(start + length, 0);
        if let Some(room) = body.get_mut(start..) {
            bytes.copy_to(room);
        }
    }
}

/// What a rejected promise of `fetch` says, as far as a page may know it.
fn failure(reason: JsValue) -> TransportError {
    let name = reason
        .dyn_ref::<Object>()
        .and_then(|error| Reflect::get(error, &JsValue::from_str("name")).ok());
    match name.and_then(|name| name.as_string()).as_deref() {
        // Nothing but the time limit aborts a request here. Some browsers report it by the older name.
        Some("TimeoutError" | "AbortError") => TransportError::TimedOut,
        _ => TransportError::Unreachable,
    }
}
