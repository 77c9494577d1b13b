//! Faults of this API, done on request; see [`Fault`](crate::Fault).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};

use super::problem::Problem;
use crate::faults::Fault;
use crate::state::Shared;

/// After how many seconds a refused caller is told to come back.
const RETRY_SECONDS: i64 = 120;

/// Maintenance mode: plain text, before anything else is looked at.
pub(crate) async fn maintenance(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if !state.faults.take(Fault::DialogportenMaintenance) {
        return next.run(request).await;
    }
    let retry_at = super::now(&state).plus_seconds(RETRY_SECONDS).http_date();
    let headers = [
        (CONTENT_TYPE, "text/plain".to_owned()),
        (RETRY_AFTER, retry_at),
    ];
    (
        StatusCode::SERVICE_UNAVAILABLE,
        headers,
        "Service Unavailable",
    )
        .into_response()
}

/// What else can go wrong with any request of an end user.
pub(crate) async fn of_end_user_api(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if state.faults.take(Fault::DialogportenRateLimited) {
        let headers = [(RETRY_AFTER, RETRY_SECONDS.to_string())];
        return (StatusCode::TOO_MANY_REQUESTS, headers).into_response();
    }
    if state.faults.take(Fault::DialogportenBadGateway) {
        return Problem::BadGateway.into_response();
    }
    if state.faults.take(Fault::DialogportenInternalError) {
        return Problem::Internal.into_response();
    }
    if state.faults.take(Fault::DialogportenMalformed) {
        let cut_off = r#"{"items":[{"id":"019c0b7e-2b1e-7c44-9a11-"#;
        return ([(CONTENT_TYPE, "application/json")], cut_off).into_response();
    }
    next.run(request).await
}
