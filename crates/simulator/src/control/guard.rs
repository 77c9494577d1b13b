//! What keeps foreign websites out of the control API.
//!
//! A page on the web can make a browser send requests to this machine. It cannot read the answers, for
//! there are no CORS headers here; these checks see to it that it cannot change anything either. Names
//! that resolve to this machine (DNS rebinding) are refused before, for every origin.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::refusal::Refusal;
use crate::origins::is_loopback;

/// For the API: whoever writes is no website of another machine, and writes JSON.
///
/// A form cannot send JSON, and a script of another origin would have to ask first (preflight), which
/// is never granted.
pub(super) async fn api(request: Request, next: Next) -> Response {
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    if !has_loopback_origin(request.headers()) {
        return Refusal::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "Pages of other machines cannot change anything here.",
        )
        .into_response();
    }
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    let is_json = media_type.trim().eq_ignore_ascii_case("application/json");
    if request.method() != Method::DELETE && !is_json {
        return Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "json_required",
            "Send JSON, with Content-Type: application/json.",
        )
        .into_response();
    }
    next.run(request).await
}

/// For the forms of the control page: they come from that page and no other.
pub(super) async fn own_forms(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let origin = headers
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok());
    if origin != Some(format!("http://{host}").as_str()) {
        return Refusal::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "Only the control page itself can send this form.",
        )
        .into_response();
    }
    next.run(request).await
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Programs send no `Origin`; browsers always send one with a request that writes.
fn has_loopback_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let authority = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, rest)| rest);
    authority.is_some_and(|authority| {
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        is_loopback(host)
    })
}
