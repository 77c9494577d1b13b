//! What happens to a session while nobody calls: time passes, the person leaves, comes back, or does nothing.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{PageTransitionEvent, VisibilityState};

use super::Auth;
use crate::browser;

/// Watches the clock, the person's activity, and returns from the browser's back/forward cache, as long as
/// the page lives.
pub(super) fn watch(auth: Auth) {
    set_interval(move || auth.look(browser::now()), TICK);
    // All of them bubble up to the window from wherever they happen.
    _ = window_event_listener(ev::pointerdown, move |_| auth.note_activity(browser::now()));
    _ = window_event_listener(ev::wheel, move |_| auth.note_activity(browser::now()));
    _ = window_event_listener(ev::keydown, move |_| auth.note_activity(browser::now()));
    _ = window_event_listener_untyped("pagehide", move |event| {
        if is_persisted(&event) {
            auth.stop_listening();
            auth.hide();
        }
    });
    _ = window_event_listener_untyped("pageshow", move |event| {
        // The page was frozen when the person left for the provider, and now comes back as it was: the
        // redirect is off, the clock has moved on, and somebody may have signed out.
        if is_persisted(&event) {
            auth.stay();
            spawn_local(async move {
                auth.show_again(browser::now()).await;
                auth.ask_whether_over().await;
            });
        }
    });
    // This one happens to the document.
    let on_visible = Closure::<dyn Fn()>::new(move || {
        if document().visibility_state() == VisibilityState::Visible {
            auth.tick(browser::now());
            spawn_local(auth.ask_whether_over());
        }
    });
    // Fails for objects that take no listeners, which a document is not.
    _ = document()
        .add_event_listener_with_callback("visibilitychange", on_visible.as_ref().unchecked_ref());
    on_visible.forget();
    // A session that has begun to be shown is listened for; the last one no more.
    let shown = Memo::new(move |_| {
        auth.state()
            .with(|state| state.signed_in().map(|signed_in| signed_in.id().to_owned()))
    });
    Effect::new(move |_| {
        // Read, and not only tracked: a memo that nobody has read knows nothing of what it is made of.
        let shown = shown.get();
        auth.stop_listening();
        if let Some(signed_in) = shown.and_then(|_| auth.signed_in_untracked()) {
            auth.listen(&signed_in);
        }
    });
}

fn is_persisted(event: &web_sys::Event) -> bool {
    event
        .dyn_ref::<PageTransitionEvent>()
        .is_some_and(PageTransitionEvent::persisted)
}

/// How often the clock is looked at. People watch it count down.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);
