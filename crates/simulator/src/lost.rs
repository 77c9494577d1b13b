//! Responses that never reach the client, for the faults of that kind.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::events::Note;

/// For how long a silent connection is kept open; no client waits that long.
const SILENCE: Duration = Duration::from_secs(90);

/// What becomes of a response that never reaches the client.
///
/// On sockets it happens. In memory the response carries this value as an extension, and whoever drives a
/// client takes it for the failure that it names; to everybody else it is a 502 or a 504.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Lost {
    /// Nothing is answered, and the connection stays open.
    TimedOut,
    /// The connection is closed without an answer.
    ConnectionClosed,
}

impl IntoResponse for Lost {
    fn into_response(self) -> Response {
        let (status, note) = match self {
            Self::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "A fault: no answer."),
            Self::ConnectionClosed => (
                StatusCode::BAD_GATEWAY,
                "A fault: the connection is closed in the place of the answer.",
            ),
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response.extensions_mut().insert(Note(note.to_owned()));
        response
    }
}

/// The middleware that loses responses on sockets.
pub(crate) async fn on_sockets(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let Some(lost) = response.extensions().get::<Lost>() else {
        return response;
    };
    if *lost == Lost::TimedOut {
        tokio::time::sleep(SILENCE).await;
    }
    // A body that fails before its first byte: the server closes the connection, with the headers unsent.
    let failed = Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted));
    Response::new(Body::from_stream(stream::once(async { failed })))
}
