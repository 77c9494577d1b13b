//! The flows that wait for an answer.

use alloc::boxed::Box;

use portvakt_digdir::login::{BeginLogin, CompleteLogin, Refresh, Session};
use portvakt_oidc::{BeginLogout, Flow, LogoutRedirect, Redirect, Step};
use spin::Mutex;

use super::answers;
use crate::boundary::{Answer, Answered, question, write};
use crate::kept::Kept;

/// A flow that waits for the answer to its request.
pub(super) enum Running {
    BeginLogin(Box<BeginLogin>),
    CompleteLogin(Box<CompleteLogin>),
    Refresh(Box<Refresh>),
    BeginLogout(Box<BeginLogout>),
}

/// A flow that can wait, and whose output can be handed to JavaScript.
pub(super) trait Crossing: Flow {
    fn running(self) -> Running;
    fn answer(answer: &mut Answer, output: &Self::Output);
}

impl Crossing for BeginLogin {
    fn running(self) -> Running {
        Running::BeginLogin(Box::new(self))
    }

    fn answer(answer: &mut Answer, redirect: &Redirect) {
        answers::login_redirect(answer, redirect);
    }
}

impl Crossing for CompleteLogin {
    fn running(self) -> Running {
        Running::CompleteLogin(Box::new(self))
    }

    fn answer(answer: &mut Answer, session: &Session) {
        answers::kept_session(answer, session);
    }
}

impl Crossing for Refresh {
    fn running(self) -> Running {
        Running::Refresh(Box::new(self))
    }

    fn answer(answer: &mut Answer, session: &Session) {
        answers::kept_session(answer, session);
    }
}

impl Crossing for BeginLogout {
    fn running(self) -> Running {
        Running::BeginLogout(Box::new(self))
    }

    fn answer(answer: &mut Answer, redirect: &LogoutRedirect) {
        answers::logged_out(answer, redirect);
    }
}

/// Keeps the flow if it goes on, and says what is next.
pub(super) fn next<F: Crossing>(flow: u32, step: Step<F>) -> Answered {
    let (asked, next) = match step {
        Step::Done(output) => {
            return write(answers::done(|answer| F::answer(answer, &output)));
        }
        Step::Fetch { request, next } => (answers::fetch(&request), next),
        Step::Verify {
            question: asked,
            next,
        } => (question(&asked), next),
    };
    FLOWS.lock().keep(flow, next.running());
    write(asked)
}

/// Whether some flow waits for its answer.
#[cfg(all(target_family = "wasm", not(feature = "verify")))]
pub(super) fn is_any_kept() -> bool {
    !FLOWS.lock().is_empty()
}

/// Takes a flow out: an answer is good for one time.
pub(super) fn take(flow: u32) -> Option<Running> {
    FLOWS.lock().take(flow)
}

// Never contended: a module has one thread, and nothing is called while it is held.
static FLOWS: Mutex<Kept<Running, MAX_KEPT>> = Mutex::new(Kept::new());

/// The most flows that are kept. A page has one or two; the oldest makes room.
const MAX_KEPT: usize = 16;
