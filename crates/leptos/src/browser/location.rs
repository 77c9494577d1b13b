//! The address bar.

use wasm_bindgen::JsValue;

use crate::BrowserError;

/// The address of the page, query and fragment included.
///
/// # Errors
/// `browser_window_unavailable`: there is no window, as in a worker.
pub fn current_url() -> Result<String, BrowserError> {
    window()?
        .location()
        .href()
        .map_err(|_| BrowserError::WindowUnavailable)
}

/// Replaces the address of the page and its entry in the history, so that neither keeps what stood there.
///
/// # Errors
/// `browser_navigation_refused`: the browser limits how often a page may do this.
pub fn replace_url(path: &str) -> Result<(), BrowserError> {
    window()?
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(path)))
        .map_err(|_| BrowserError::NavigationRefused)
}

/// Leaves the page for another address. The page goes on running until the browser has the answer.
///
/// # Errors
/// `browser_navigation_refused`.
pub fn leave_to(url: &str) -> Result<(), BrowserError> {
    window()?
        .location()
        .assign(url)
        .map_err(|_| BrowserError::NavigationRefused)
}

fn window() -> Result<web_sys::Window, BrowserError> {
    web_sys::window().ok_or(BrowserError::WindowUnavailable)
}
