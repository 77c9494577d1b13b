//! What happens to a session while nobody calls: time passes, the person leaves, comes back, or does nothing.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use super::Auth;
use crate::browser;

/// Watches the clock, the person's activity, and returns from the browser's back/forward cache, as long as
/// the page lives.
pub(super) fn watch(auth: Auth) {
    set_interval(move || auth.tick(browser::now()), TICK);
    // Both bubble up to the window from wherever they happen.
    _ = window_event_listener(ev::pointerdown, move |_| auth.note_activity(browser::now()));
    _ = window_event_listener(ev::keydown, move |_| auth.note_activity(browser::now()));
    _ = window_event_listener_untyped("pageshow", move |event| {
        // The page was frozen when the person left for the provider, and now comes back as it was: the
        // redirect is off, and the clock has moved on.
        if event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted)
        {
            auth.stay();
            auth.tick(browser::now());
        }
    });
}

/// How often the clock is looked at. People watch it count down.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);
