//! The frame of every page: headers, style, the mark of the simulator.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use crate::locale::Locale;

const STYLE: &str = include_str!("../assets/pages.css");
const LOGOUT_SCRIPT: &str = include_str!("../assets/logout.js");
const SUBMIT_SCRIPT: &str = include_str!("../assets/submit.js");

/// What a page may do beyond showing itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed {
    /// Origins that its forms lead to, directly or by redirect, beside its own.
    pub(crate) form_action: Vec<String>,
    /// Origins that it shows in frames.
    pub(crate) frames: Vec<String>,
    /// Whether it has a script of its own origin.
    pub(crate) script: bool,
    /// Whether its forms say where they come from; with `no-referrer` browsers send `Origin: null`.
    pub(crate) origin_in_forms: bool,
}

/// The heading bar of a page.
#[derive(Clone, Debug)]
pub(crate) struct Bar<'a> {
    pub(crate) locale: Locale,
    /// The name of the service.
    pub(crate) service: &'a str,
    /// The `href` for the other language; `None` where the page cannot be shown again.
    pub(crate) switch: Option<String>,
    pub(crate) title: &'a str,
}

/// A whole document around `main`.
pub(crate) fn document(bar: &Bar<'_>, head: &Markup, main: &Markup) -> Markup {
    let locale = bar.locale;
    html! {
        (DOCTYPE)
        html lang=(locale.page()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light";
                title { (bar.title) " – " (bar.service) " (simulator)" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/pages.css";
                (head)
            }
            body {
                a.skip href="#main" { (locale.pick("Hopp til innholdet", "Skip to content")) }
                p.simulator-mark role="note" {
                    strong { "SIMULATOR" }
                    " – " (locale.pick("ikke ekte innlogging", "not a real login"))
                }
                header.bar {
                    div.bar-inner {
                        span.service { (bar.service) }
                        @if let Some(href) = &bar.switch {
                            @let other = locale.pick("en", "nb");
                            a.language href=(href) lang=(other) hreflang=(other) {
                                (locale.pick("English", "Norsk (bokmål)"))
                            }
                        }
                    }
                }
                main #main tabindex="-1" { (main) }
                footer.foot {
                    p {
                        (locale.pick(
                            "Alle personer og virksomheter her er oppdiktede. Skriv aldri inn ekte opplysninger.",
                            "All people and organisations here are made up. Never enter real data.",
                        ))
                    }
                }
            }
        }
    }
}

/// The response for a page, with headers that keep it to itself.
pub(crate) fn respond(status: StatusCode, page: Markup, allowed: &Allowed) -> Response {
    let mut response = (status, page).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&allowed.policy()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::REFERRER_POLICY,
            if allowed.origin_in_forms {
                "same-origin"
            } else {
                "no-referrer"
            },
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Style, scripts and icon, the same on every origin that has pages.
pub(crate) fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12304f"/><path d="M8 26V14a8 8 0 0 1 16 0v12h-5V14a3 3 0 0 0-6 0v12z" fill="#ffd966"/></svg>"##;
    Router::new()
        .route(
            "/assets/pages.css",
            get(|| async { asset("text/css; charset=utf-8", STYLE) }),
        )
        .route(
            "/assets/submit.js",
            get(|| async { asset("text/javascript; charset=utf-8", SUBMIT_SCRIPT) }),
        )
        .route(
            "/assets/logout.js",
            get(|| async { asset("text/javascript; charset=utf-8", LOGOUT_SCRIPT) }),
        )
        .route(
            "/assets/icon.svg",
            get(|| async { asset("image/svg+xml", ICON) }),
        )
}

fn asset(media_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A page of a newer build must not get the style of an older one.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

impl Allowed {
    fn policy(&self) -> String {
        let list = |own: &str, others: &[String]| {
            let mut list = own.to_owned();
            for other in others {
                list.push(' ');
                list.push_str(other);
            }
            list
        };
        let mut policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
             form-action {}",
            list("'self'", &self.form_action)
        );
        if !self.frames.is_empty() {
            policy.push_str(&format!("; frame-src {}", self.frames.join(" ")));
        }
        if self.script {
            policy.push_str("; script-src 'self'");
        }
        policy
    }
}
