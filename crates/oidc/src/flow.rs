//! What every flow of this crate has in common: one request at a time, over at the first error.

use core::fmt;

use portvakt_jose::UnixTime;

use crate::http::{HttpRequest, HttpResponse, TransportError};

/// A protocol run as a value: it asks for one HTTP request, is consumed by the answer, and says
/// what comes next.
///
/// A flow performs no IO, reads no clock and draws no randomness. The driver does the first, and
/// passes in the other two. Because [`resume`](Self::resume) takes the flow by value, an answer
/// cannot be given twice and a flow that has failed cannot be continued.
pub trait Flow: Sized {
    /// What the flow produces in the end.
    type Output;
    /// Why it may stop before that.
    type Error;

    /// Takes the answer to the request that was asked for last, and the time at which it arrived.
    ///
    /// # Errors
    /// Whatever the answer, or the lack of one, made impossible. The flow is over then.
    fn resume(
        self,
        response: Result<HttpResponse, TransportError>,
        now: UnixTime,
    ) -> Result<Step<Self>, Self::Error>;
}

/// What a flow wants next.
#[must_use = "a flow stands still until its step is taken"]
pub enum Step<F: Flow> {
    /// Send this request and give the answer to `next`.
    Fetch {
        /// The request, complete as it is.
        request: HttpRequest,
        /// The flow that waits for the answer.
        next: F,
    },
    /// The flow has ended well.
    Done(F::Output),
}

impl<F: Flow> Step<F> {
    /// Wraps the flow of one step in another, for a crate that builds its flow around one of these.
    ///
    /// `wrap` is used while the flow goes on, `finish` on its output.
    ///
    /// # Errors
    /// What `finish` returns.
    pub fn map<G: Flow>(
        self,
        wrap: impl FnOnce(F) -> G,
        finish: impl FnOnce(F::Output) -> Result<G::Output, G::Error>,
    ) -> Result<Step<G>, G::Error> {
        match self {
            Self::Fetch { request, next } => Ok(Step::Fetch {
                request,
                next: wrap(next),
            }),
            Self::Done(output) => finish(output).map(Step::Done),
        }
    }
}

impl<F: Flow + fmt::Debug> fmt::Debug for Step<F>
where
    F::Output: fmt::Debug,
{
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch { request, next } => formatter
                .debug_struct("Fetch")
                .field("request", request)
                .field("next", next)
                .finish(),
            Self::Done(output) => formatter.debug_tuple("Done").field(output).finish(),
        }
    }
}
