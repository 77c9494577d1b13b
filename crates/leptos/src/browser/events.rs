//! Server-sent events of the page's own origin.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::EventSource;

/// A connection that is open until this is dropped. The browser mends it when it breaks.
pub struct Events {
    source: EventSource,
    /// Lives as long as the connection.
    _on_event: Closure<dyn FnMut()>,
}

impl Events {
    /// Opens a connection to `url` and calls back for each event of this name. `None` where there are no such
    /// connections.
    pub fn listen(url: &str, name: &str, on_event: impl FnMut() + 'static) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let on_event = Closure::<dyn FnMut()>::new(on_event);
        source
            .add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref())
            .ok()?;
        Some(Self {
            source,
            _on_event: on_event,
        })
    }

    /// Whether the browser has given up: the server has no such stream.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.source.close();
    }
}
