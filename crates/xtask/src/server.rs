//! The web server of the demo: a folder, one page for every address, and strict headers.
//!
//! The headers are those that a real deployment should send, so that what works here works there.

mod logout;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use self::logout::Logout;
use crate::addresses::Addresses;
use crate::wasm::hex;

/// A built demo in memory, ready to be served at its addresses.
#[derive(Debug)]
pub struct Site {
    addresses: Addresses,
    assets: BTreeMap<String, Asset>,
    headers: HeaderMap,
    logout: Arc<Logout>,
}

/// One file as it is served.
#[derive(Clone, Debug)]
struct Asset {
    content_type: HeaderValue,
    etag: HeaderValue,
    body: Bytes,
}

/// The page that answers for every address of the application.
const PAGE: &str = "/index.html";

/// What the page reads to know where it is.
const CONFIG: &str = "/config.json";

impl Site {
    /// Reads a built demo from its folder.
    ///
    /// # Errors
    /// When the folder cannot be read or holds no built demo.
    pub fn load(dist: &Path, addresses: Addresses) -> Result<Self> {
        let mut assets = BTreeMap::new();
        load_folder(dist, "", &mut assets)
            .with_context(|| format!("the built demo in {} cannot be read", dist.display()))?;
        ensure!(
            assets.contains_key(PAGE),
            "there is no built demo in {}",
            dist.display()
        );
        assets.insert(CONFIG.to_owned(), config(addresses)?);
        Ok(Self {
            addresses,
            assets,
            headers: headers(addresses)?,
            logout: Arc::new(Logout::new(addresses)),
        })
    }

    /// The same demo as a second service of its own, at the neighbouring address.
    ///
    /// # Errors
    /// When its addresses cannot be written.
    pub fn neighbour(&self) -> Result<Self> {
        let mut assets = self.assets.clone();
        let addresses = self.addresses.neighbour();
        assets.insert(CONFIG.to_owned(), config(addresses)?);
        Ok(Self {
            addresses,
            assets,
            headers: headers(addresses)?,
            logout: Arc::new(Logout::new(addresses)),
        })
    }

    /// The server as a service that can be called with or without a socket.
    pub fn router(self) -> Router {
        Router::new().fallback(respond).with_state(Arc::new(self))
    }

    /// Serves until dropped.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn serve(self, listeners: Vec<TcpListener>) -> Result<()> {
        let router = self.router();
        let mut servers = JoinSet::new();
        for listener in listeners {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            servers.spawn(axum::serve(listener, router.clone()).into_future());
        }
        while let Some(ended) = servers.join_next().await {
            ended??;
        }
        Ok(())
    }

    fn answer(&self, request: &Request) -> Response {
        let host = request
            .headers()
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        match host.map(|host| self.host(host)) {
            Some(Host::Application) => {}
            Some(Host::OtherLoopback) => return self.redirect(request),
            Some(Host::Foreign) | None => return StatusCode::MISDIRECTED_REQUEST.into_response(),
        }
        if request.uri().path() == logout::PATH {
            return self.logout.answer(request);
        }
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return (
                StatusCode::METHOD_NOT_ALLOWED,
                [(header::ALLOW, "GET, HEAD")],
            )
                .into_response();
        }
        let path = request.uri().path();
        // A name with a dot is a file; every other address is the application's own to route.
        let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
        let Some(asset) = self.assets.get(if is_page { PAGE } else { path }) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let known = request.headers().get(header::IF_NONE_MATCH);
        if known.is_some_and(|known| known == asset.etag) {
            return (
                StatusCode::NOT_MODIFIED,
                [(header::ETAG, asset.etag.clone())],
            )
                .into_response();
        }
        // hyper leaves the body out of an answer to HEAD.
        let headers = [
            (header::CONTENT_TYPE, asset.content_type.clone()),
            (header::ETAG, asset.etag.clone()),
        ];
        (headers, Body::from(asset.body.clone())).into_response()
    }

    fn host(&self, host: &str) -> Host {
        match host.rsplit_once(':') {
            Some((name, port)) if port == self.addresses.application_port().to_string() => {
                match name {
                    "localhost" => Host::Application,
                    "127.0.0.1" | "[::1]" => Host::OtherLoopback,
                    _ => Host::Foreign,
                }
            }
            _ => Host::Foreign,
        }
    }

    /// Sends a person from `127.0.0.1`, which is the simulator's site, to the application's own.
    fn redirect(&self, request: &Request) -> Response {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        match HeaderValue::from_str(&(self.addresses.application() + path)) {
            Ok(location) => (
                StatusCode::TEMPORARY_REDIRECT,
                [(header::LOCATION, location)],
            )
                .into_response(),
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

/// Whom a request believes that it speaks to. A foreign name that leads here is DNS rebinding.
enum Host {
    Application,
    OtherLoopback,
    Foreign,
}

async fn respond(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut response = site.answer(&request);
    for (name, value) in &site.headers {
        // The logout endpoint has a policy of its own: the provider's page frames it.
        response
            .headers_mut()
            .entry(name)
            .or_insert_with(|| value.clone());
    }
    response
}

impl Asset {
    fn new(path: &str, body: Bytes) -> Result<Self> {
        let etag = format!("\"{}\"", hex(&Sha256::digest(&body)));
        Ok(Self {
            content_type: HeaderValue::from_static(content_type(path)),
            etag: HeaderValue::from_str(&etag)?,
            body,
        })
    }
}

fn config(addresses: Addresses) -> Result<Asset> {
    Asset::new(CONFIG, addresses.config().to_string().into())
}

fn load_folder(folder: &Path, prefix: &str, assets: &mut BTreeMap<String, Asset>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            load_folder(&entry.path(), &path, assets)?;
        } else {
            let asset = Asset::new(&path, fs::read(entry.path())?.into())?;
            assets.insert(path, asset);
        }
    }
    Ok(())
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The headers of every answer.
fn headers(addresses: Addresses) -> Result<HeaderMap> {
    let policy = HeaderValue::from_str(&content_security_policy(addresses))?;
    let fixed = [
        // A build replaces the files under the same names, so each is asked for anew (by its ETag).
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The address of the callback holds a code until it is cleaned.
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    let mut headers: HeaderMap = fixed
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(headers)
}

/// What the page may load, and whom it may speak to: itself, the two issuers and Dialogporten.
fn content_security_policy(addresses: Addresses) -> String {
    let services = [
        addresses.ansattporten(),
        addresses.idporten(),
        addresses.dialogporten(),
    ]
    .join(" ");
    [
        "default-src 'none'",
        // Compiling WebAssembly counts as evaluation; JavaScript's own eval stays forbidden.
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        &format!("connect-src 'self' {services}"),
        "img-src 'self' data:",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

#[cfg(test)]
mod tests;
