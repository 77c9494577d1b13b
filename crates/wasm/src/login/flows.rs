//! The flows that wait for an answer, and the sessions that a logout may revoke.

use std::cell::RefCell;
use std::collections::BTreeMap;

use portvakt_digdir::login::{BeginLogin, CompleteLogin, Session};
use portvakt_oidc::{BeginLogout, Flow, Login, LogoutRedirect, Redirect, Step, UnixTime};
use wasm_bindgen::JsValue;

use super::answers::{self, Fetch};
use crate::boundary::{Failure, write};

/// A flow that waits for the answer to its request.
pub(super) enum Running {
    BeginLogin(Box<BeginLogin>),
    CompleteLogin(Box<CompleteLogin>),
    BeginLogout(Box<BeginLogout>),
}

/// A flow that can wait, and whose output can be handed to JavaScript.
pub(super) trait Crossing: Flow {
    fn running(self) -> Running;
    fn answer(flow: u32, output: Self::Output) -> Result<JsValue, Failure>;
}

impl Crossing for BeginLogin {
    fn running(self) -> Running {
        Running::BeginLogin(Box::new(self))
    }

    fn answer(_flow: u32, redirect: Redirect) -> Result<JsValue, Failure> {
        write(&answers::Done::of(answers::LoginRedirect::of(&redirect)))
    }
}

impl Crossing for CompleteLogin {
    fn running(self) -> Running {
        Running::CompleteLogin(Box::new(self))
    }

    fn answer(flow: u32, session: Session) -> Result<JsValue, Failure> {
        let answer = write(&answers::Done::of(answers::SignedIn::of(&session)))?;
        SESSIONS.with_borrow_mut(|sessions| keep(sessions, flow, session.login));
        Ok(answer)
    }
}

impl Crossing for BeginLogout {
    fn running(self) -> Running {
        Running::BeginLogout(Box::new(self))
    }

    fn answer(_flow: u32, redirect: LogoutRedirect) -> Result<JsValue, Failure> {
        write(&answers::Done::of(answers::LoggedOut::of(&redirect)))
    }
}

/// Keeps the flow if it goes on, and says what is next.
pub(super) fn next<F: Crossing>(
    flow: u32,
    mut step: Step<F>,
    now: UnixTime,
) -> Result<JsValue, Failure>
where
    Failure: From<F::Error>,
{
    loop {
        step = match step {
            Step::Done(output) => return F::answer(flow, output),
            Step::Fetch { request, next } => {
                let answer = write(&Fetch::of(&request))?;
                FLOWS.with_borrow_mut(|flows| keep(flows, flow, next.running()));
                return Ok(answer);
            }
            Step::Verify { question, next } => next.resume(question.answer().into(), now)?,
        }
    }
}

/// Takes a flow out: an answer is good for one time.
pub(super) fn take(flow: u32) -> Option<Running> {
    FLOWS.with_borrow_mut(|flows| flows.remove(&flow))
}

/// Takes a session out: it is over.
pub(super) fn take_session(flow: u32) -> Option<Login> {
    SESSIONS.with_borrow_mut(|sessions| sessions.remove(&flow))
}

thread_local! {
    static FLOWS: RefCell<BTreeMap<u32, Running>> = const { RefCell::new(BTreeMap::new()) };
    static SESSIONS: RefCell<BTreeMap<u32, Login>> = const { RefCell::new(BTreeMap::new()) };
}

/// The most flows and sessions that are kept, of each. A page has one or two; the oldest makes room.
const MAX_KEPT: usize = 16;

fn keep<T>(kept: &mut BTreeMap<u32, T>, flow: u32, value: T) {
    if kept.len() >= MAX_KEPT {
        kept.pop_first();
    }
    kept.insert(flow, value);
}
