//! What every flow of this crate has in common: one question at a time, over at the first error.

use core::fmt;

use portvakt_jose::{SignatureAnswer, SignatureQuestion, UnixTime};

use crate::error::ApiMisuse;
use crate::http::{HttpRequest, HttpResponse, TransportError};

/// A protocol run as a value: it asks for one thing, an HTTP request or the check of a signature,
/// is consumed by the answer, and says what comes next.
///
/// A flow performs no IO, reads no clock and draws no randomness. The driver does the first, and
/// passes in the other two. Because [`resume`](Self::resume) takes the flow by value, an answer
/// cannot be given twice and a flow that has failed cannot be continued.
pub trait Flow: Sized {
    /// What the flow produces in the end.
    type Output;
    /// Why it may stop before that.
    type Error;

    /// Takes the answer to what was asked for last, and the time at which it arrived.
    ///
    /// # Errors
    /// Whatever the answer, or the lack of one, made impossible; `misuse_answer_mismatch` for the
    /// answer to another kind of question. The flow is over then.
    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Self::Error>;
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
    /// Find out whether this signature is good, and give the answer to `next`.
    ///
    /// [`SignatureQuestion::answer`] does that in software. A browser has the same arithmetic built
    /// in (WebCrypto), which spares the application to bring its own.
    Verify {
        /// The key, what it is said to have signed, and the signature.
        question: SignatureQuestion,
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
            Self::Verify { question, next } => Ok(Step::Verify {
                question,
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
            Self::Verify { question, next } => formatter
                .debug_struct("Verify")
                .field("question", question)
                .field("next", next)
                .finish(),
            Self::Done(output) => formatter.debug_tuple("Done").field(output).finish(),
        }
    }
}

/// The answer to what a [`Step`] asks for.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To [`Step::Fetch`].
    Response(Result<HttpResponse, TransportError>),
    /// To [`Step::Verify`].
    Signature(SignatureAnswer),
}

impl Answer {
    /// The answer of a flow that has asked for a request.
    ///
    /// # Errors
    /// `misuse_answer_mismatch`.
    pub fn response(self) -> Result<Result<HttpResponse, TransportError>, ApiMisuse> {
        match self {
            Self::Response(response) => Ok(response),
            Self::Signature(_) => Err(ApiMisuse::AnswerMismatch),
        }
    }

    /// The answer of a flow that has asked about a signature.
    ///
    /// # Errors
    /// `misuse_answer_mismatch`.
    pub fn signature(self) -> Result<SignatureAnswer, ApiMisuse> {
        match self {
            Self::Signature(answer) => Ok(answer),
            Self::Response(_) => Err(ApiMisuse::AnswerMismatch),
        }
    }
}

impl From<Result<HttpResponse, TransportError>> for Answer {
    fn from(response: Result<HttpResponse, TransportError>) -> Self {
        Self::Response(response)
    }
}

impl From<SignatureAnswer> for Answer {
    fn from(answer: SignatureAnswer) -> Self {
        Self::Signature(answer)
    }
}
