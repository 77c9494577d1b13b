//! The addresses of the page: the inbox at `/`, and one dialog at `/dialog/<id>`.

use leptos::prelude::*;
use portvakt_oidc::ReturnPath;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// What the address says is to be seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Route {
    /// The inbox, or the sign-in.
    Home,
    /// One dialog, by its id. Only the characters of a UUID are in it.
    Dialog(String),
}

impl Route {
    /// The route of the page's address.
    pub(crate) fn current() -> Self {
        Self::parse(&location().pathname().unwrap_or_default())
    }

    /// The route of a path; what is unknown is the inbox.
    fn parse(path: &str) -> Self {
        match path.strip_prefix(DIALOG) {
            Some(id) if is_id(id) => Self::Dialog(id.to_owned()),
            _ => Self::Home,
        }
    }

    /// The path of the route.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Dialog(id) => format!("{DIALOG}{id}"),
        }
    }

    /// The route as what a sign-in returns to.
    pub(crate) fn to_return_path(&self) -> Option<ReturnPath> {
        ReturnPath::parse(&self.path()).ok()
    }
}

/// The route as a signal that follows the browser's Back and Forward. A context of the application.
#[derive(Clone, Copy)]
pub(crate) struct Router(RwSignal<Route>);

impl Router {
    /// Follows the address from here on.
    pub(crate) fn provide() -> Self {
        let router = Self(RwSignal::new(Route::current()));
        let follow = Closure::<dyn Fn()>::new(move || router.refresh());
        // Fails for objects that take no listeners, which a window is not.
        _ = window().add_event_listener_with_callback("popstate", follow.as_ref().unchecked_ref());
        // For as long as the page lives.
        follow.forget();
        provide_context(router);
        router
    }

    /// The context; outside the application a router that stays where it is.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(Route::Home)))
    }

    /// The route, tracked.
    pub(crate) fn current(self) -> Route {
        self.0.get()
    }

    /// Goes to another route, with an entry in the history.
    pub(crate) fn go(self, route: Route) {
        let path = route.path();
        let pushed = window().history().and_then(|history| {
            history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path))
        });
        // A browser that refuses, since a page has navigated too often, still shows what was asked for.
        _ = pushed;
        self.0.set(route);
    }

    /// Reads the address anew, after something else has changed it.
    pub(crate) fn refresh(self) {
        let route = Route::current();
        if self.0.with_untracked(|current| *current != route) {
            self.0.set(route);
        }
    }
}

const DIALOG: &str = "/dialog/";

fn is_id(text: &str) -> bool {
    text.len() == 36
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn routes_are_read_and_written() {
        let dialog = "/dialog/019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";
        assert_eq!(Route::parse(dialog), Route::Dialog(dialog[8..].to_owned()));
        assert_eq!(Route::parse(dialog).path(), dialog);
        assert_eq!(Route::parse("/"), Route::Home);
        for strange in [
            "/callback",
            "/dialog/",
            "/dialog/x",
            "/dialog/019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e/x",
            "",
        ] {
            assert_eq!(Route::parse(strange), Route::Home, "{strange}");
        }
    }
}
