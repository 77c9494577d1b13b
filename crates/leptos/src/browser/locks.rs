//! One at a time, across all tabs of the origin (Web Locks).

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A lock that is held until this is dropped, or the tab is gone.
#[must_use = "the lock is let go of when this is dropped"]
pub struct Lock {
    release: Option<Function>,
}

impl Lock {
    /// Waits until no other tab holds the lock of this name, and holds it.
    ///
    /// Where the browser has no locks it is had at once: what is written is compared with what was read, so that a
    /// lock saves a request and decides nothing.
    pub async fn acquire(name: &str) -> Self {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        // Made before anything is awaited: whoever stops waiting lets go as well.
        let lock = Self { release };
        let granted = Promise::new(&mut |grant, refuse| {
            let held = held.clone();
            let on_granted = Closure::once_into_js(move || {
                // Resolving a promise does not throw.
                _ = grant.call0(&JsValue::UNDEFINED);
                held
            });
            let refused = match request(name, &on_granted) {
                // `catch`, by its own name: the binding takes a closure of Rust.
                Some(request) => {
                    method(&request, "catch").and_then(|catch| catch.call1(&request, &refuse).ok())
                }
                None => refuse.call0(&JsValue::UNDEFINED).ok(),
            };
            drop(refused);
        });
        _ = JsFuture::from(granted).await;
        lock
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

fn request(name: &str, on_granted: &JsValue) -> Option<Promise> {
    let locks = Reflect::get(web_sys::window()?.navigator().as_ref(), &"locks".into()).ok()?;
    method(&locks, "request")?
        .call2(&locks, &name.into(), on_granted)
        .ok()?
        .dyn_into()
        .ok()
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
