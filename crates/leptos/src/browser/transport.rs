//! One HTTP request with the browser's `fetch`.

use js_sys::{Object, Reflect, Uint8Array};
use portvakt_oidc::http::{HttpRequest, HttpResponse, Method, TransportError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, ReferrerPolicy, Request, RequestCache,
    RequestCredentials, RequestInit, RequestMode, RequestRedirect, Response, ResponseType,
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
    let request_object = to_request(request, &signal).map_err(failure)?;
    let window = web_sys::window().ok_or(TransportError::Unreachable)?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request_object))
        .await
        .and_then(JsCast::dyn_into)
        .map_err(failure)?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(TransportError::Redirected);
    }
    Ok(HttpResponse {
        status: response.status(),
        headers: headers(&response.headers()),
        body: read_body(&response, request.max_response_bytes).await?,
    })
}

fn to_request(request: &HttpRequest, signal: &AbortSignal) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers(&headers);
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    // `Error` would look like a broken connection; `Manual` shows that it was a redirect, and does not follow it.
    init.set_redirect(RequestRedirect::Manual);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(signal));
    if request.method == Method::Post {
        init.set_body(&JsValue::from(request.body.as_deref().unwrap_or_default()));
    }
    Request::new_with_str_and_init(request.url.as_str(), &init)
}

/// The headers that the browser shows; across origins those that the server exposes.
fn headers(headers: &Headers) -> Vec<(String, String)> {
    // An entry is an array of two strings; names come in lower case (Fetch Standard, "sort and combine").
    js_sys::try_iter(headers)
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = js_sys::Array::from(&entry.ok()?);
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        })
        .collect()
}

/// Reads the body piece by piece, so that one that is too large is given up before it fills the memory.
async fn read_body(response: &Response, max_bytes: usize) -> Result<Vec<u8>, TransportError> {
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
