//! What the tabs of one client say to each other (BroadcastChannel): that something has changed, that the person is
//! there, and to a new tab the secret that opens the session.
//!
//! A channel reaches the pages of the same origin and nobody else. What is said is a hint to look into the vault;
//! only the vault is believed.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use portvakt_jose::UnixTime;
use serde::Serialize;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{member, to_js, whole_number};

/// How long a new tab waits for one that knows the secret, in milliseconds. Tabs answer in a few.
pub const ASKING_MILLISECONDS: i32 = 300;

/// What a tab is told by another.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Message {
    /// The session has begun, been renewed, or ended; why it ended, if it was not by signing out.
    Changed(Option<String>),
    /// Somebody used one of the tabs at this time.
    Active(UnixTime),
    /// A new tab wants the secret of the session with this id.
    Asked(String),
}

/// The tabs of one client. A handle: copies are the same.
#[derive(Clone)]
pub struct Tabs {
    channel: BroadcastChannel,
    waiting: Waiting,
}

/// Who waits for the secret of which session.
type Waiting = Rc<RefCell<Option<(String, Function)>>>;

impl Tabs {
    /// Joins the tabs of a client, for as long as the page lives. `None` where browsers have no channels.
    pub fn join(
        issuer: &str,
        client_id: &str,
        on_message: impl Fn(Message) + 'static,
    ) -> Option<Self> {
        let channel = BroadcastChannel::new(&format!("portvakt.{issuer} {client_id}")).ok()?;
        let waiting = Waiting::default();
        let listener = Closure::<dyn Fn(MessageEvent)>::new({
            let waiting = waiting.clone();
            move |event: MessageEvent| receive(&event.data(), &waiting, &on_message)
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        // For as long as the page lives.
        listener.forget();
        Some(Self { channel, waiting })
    }

    /// Tells the others that the session has begun, been renewed, or ended, and of an error why.
    pub fn tell_changed(&self, reason: Option<&str>) {
        self.post(&Words {
            kind: "changed".into(),
            reason: reason.map(Into::into),
            ..Words::default()
        });
    }

    /// Tells the others that the person is here.
    pub fn tell_active(&self, now: UnixTime) {
        self.post(&Words {
            kind: "active".into(),
            at: Some(now.as_secs()),
            ..Words::default()
        });
    }

    /// Tells whoever asked for the session with this id what opens it.
    pub fn tell_secret(&self, id: &str, secret: &str) {
        self.post(&Words {
            kind: "secret".into(),
            id: Some(id.into()),
            secret: Some(secret.into()),
            ..Words::default()
        });
    }

    /// Asks the others for what opens the session with this id, for [`ASKING_MILLISECONDS`].
    pub async fn ask_secret(&self, id: &str) -> Option<String> {
        let answered = Promise::new(&mut |resolve, _| {
            if let Some(window) = web_sys::window() {
                // The wait is over in any case; without a timer there would be none.
                let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(
                    &resolve,
                    ASKING_MILLISECONDS,
                );
                if timer.is_ok() {
                    self.waiting.replace(Some((id.to_owned(), resolve)));
                    return;
                }
            }
            _ = resolve.call0(&JsValue::UNDEFINED);
        });
        self.post(&Words {
            kind: "ask".into(),
            id: Some(id.into()),
            ..Words::default()
        });
        let answer = JsFuture::from(answered).await.ok();
        self.waiting.take();
        answer?.as_string()
    }

    fn post(&self, words: &Words) {
        if let Ok(words) = to_js::<_, JsValue>(words) {
            // Fails for channels that are closed, which this one never is.
            _ = self.channel.post_message(&words);
        }
    }
}

/// What goes over the channel.
#[derive(Default, Serialize)]
struct Words {
    kind: String,
    id: Option<String>,
    secret: Option<String>,
    reason: Option<String>,
    at: Option<u64>,
}

impl Words {
    /// `None` for what no tab says. A word of another type counts for none.
    fn read(data: &JsValue) -> Option<Self> {
        let text = |name| member(data, name)?.as_string();
        Some(Self {
            kind: text("kind")?,
            id: text("id"),
            secret: text("secret"),
            reason: text("reason"),
            at: member(data, "at").as_ref().and_then(whole_number),
        })
    }
}

fn receive(data: &JsValue, waiting: &Waiting, on_message: &impl Fn(Message)) {
    let Some(words) = Words::read(data) else {
        return;
    };
    let message = match (&*words.kind, words.id, words.at) {
        ("changed", _, _) => Message::Changed(words.reason),
        ("active", _, Some(at)) => Message::Active(UnixTime::new(at)),
        ("ask", Some(id), _) => Message::Asked(id),
        ("secret", Some(id), _) => {
            let answered = waiting.borrow_mut().take_if(|(wanted, _)| *wanted == id);
            if let (Some((_, resolve)), Some(secret)) = (answered, words.secret) {
                // Resolving a promise does not throw.
                _ = resolve.call1(&JsValue::UNDEFINED, &secret.into());
            }
            return;
        }
        _ => return,
    };
    on_message(message);
}
