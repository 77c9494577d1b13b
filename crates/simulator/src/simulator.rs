//! The simulator as a value: in memory through [`Simulator::call`], on sockets through
//! [`Simulator::serve`].

use std::fmt;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as FromState};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::clients::{Client, ClientError};
use crate::clock::Clock;
use crate::events::{Event, Note};
use crate::faults::Fault;
use crate::logouts::{self, LogoutPost};
use crate::lost;
use crate::options::{Options, RarProfile};
use crate::origins::{Origin, Origins, Target};
use crate::provider_name::ProviderName;
use crate::state::{Shared, State};
use crate::switches::Switch;
use crate::unanswered::{MAX_BODY, MAX_TARGET, Unanswered};
use crate::world::World;
use crate::{control, dialogporten, provider};

/// Ansattporten, ID-porten, Dialogporten and their control API.
///
/// A clone is the same simulator.
#[derive(Clone, Debug)]
pub struct Simulator {
    state: Shared,
    routers: [Router; 6],
}

impl Simulator {
    /// A simulator with everything in place; nothing is listening yet.
    ///
    /// # Errors
    /// [`StartError::Client`] if a client cannot be registered, [`StartError::Port`] if the base port is
    /// below [`Origins::MIN_BASE_PORT`] or above [`Origins::MAX_BASE_PORT`].
    pub fn new(options: Options) -> Result<Self, StartError> {
        if !(Origins::MIN_BASE_PORT..=Origins::MAX_BASE_PORT).contains(&options.base_port) {
            return Err(StartError::Port);
        }
        for client in &options.clients {
            client
                .check()
                .map_err(|error| StartError::Client(client.client_id.clone(), error))?;
        }
        let state = State::new(options);
        let routers = Origin::ALL.map(|origin| router(&state, origin));
        Ok(Self { state, routers })
    }

    /// Answers one request, without a socket.
    ///
    /// The URI is absolute, or the `Host` header says which origin is meant. A request to any other
    /// authority is answered with 421, as it is on sockets.
    pub async fn call(&self, request: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let (mut parts, body) = request.into_parts();
        if let Some(authority) = parts.uri.authority()
            && !parts.headers.contains_key(header::HOST)
            && let Ok(host) = authority.as_str().parse()
        {
            parts.headers.insert(header::HOST, host);
        }
        let target = parts.uri.path_and_query().cloned();
        parts.uri = target.map(Uri::from).unwrap_or_default();
        // Whatever its path, a request to no origin of ours is refused by the guard of any of them.
        let origin = self.origin_of(&parts.headers).unwrap_or(Origin::Control);
        let is_head = parts.method == Method::HEAD;
        let request = Request::from_parts(parts, Body::from(body));
        let Ok(response) = self.routers[origin as usize].clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        if is_head {
            // On sockets the server sees to it (RFC 9110 §9.3.2).
            return http::Response::from_parts(parts, Vec::new());
        }
        // Handlers give whole bodies: there is nothing that could fail, and no limit to keep.
        let body = to_bytes(body, usize::MAX)
            .await
            .map(|bytes| bytes.to_vec())
            .unwrap_or_default();
        http::Response::from_parts(parts, body)
    }

    /// The posts of logout tokens that wait, each given once; while the simulator is served, it sends them
    /// itself.
    #[must_use]
    pub fn take_posts(&self) -> Vec<LogoutPost> {
        self.state.logouts.hand_over()
    }

    /// Listens on the six ports of 127.0.0.1 and answers until `stop` is ready.
    ///
    /// `ready` is called once, when all ports are open.
    ///
    /// # Errors
    /// [`ServeError`] naming the port that could not be opened; none is left open then.
    pub async fn serve(
        &self,
        ready: impl FnOnce(),
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServeError> {
        let mut listeners = Vec::with_capacity(Origin::ALL.len());
        for origin in Origin::ALL {
            let port = self.origins().port(origin);
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let listener = TcpListener::bind(address)
                .await
                .map_err(|source| ServeError { port, source })?;
            listeners.push((origin, listener));
        }
        let (stopping, stopped) = watch::channel(false);
        let mut servers = tokio::task::JoinSet::new();
        for (origin, listener) in listeners {
            let router = self.routers[origin as usize]
                .clone()
                .layer(middleware::from_fn(lost::on_sockets));
            let mut stopped = stopped.clone();
            servers.spawn(async move {
                let server = axum::serve(listener, router);
                tokio::select! {
                    // Open keep-alive connections of browsers would hold up a graceful end for minutes.
                    _ = stopped.wait_for(|&stop| stop) => {}
                    _ = server => {}
                }
            });
        }
        let mut stopping_too = stopped.clone();
        let state = self.state.clone();
        servers.spawn(async move {
            tokio::select! {
                _ = stopping_too.wait_for(|&stop| stop) => {}
                () = logouts::deliver(state) => {}
            }
        });
        ready();
        stop.await;
        let _ = stopping.send(true);
        servers.join_all().await;
        Ok(())
    }

    /// Where the services are.
    #[must_use]
    pub fn origins(&self) -> Origins {
        self.state.origins
    }

    /// The issuer of a provider.
    #[must_use]
    pub fn issuer(&self, provider: ProviderName) -> String {
        self.state.origins.issuer(provider)
    }

    /// The clock of all services.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    /// Arms a fault for the next `times` responses that it can show itself in; 0 disarms it.
    pub fn arm(&self, fault: Fault, times: u32) {
        self.state.faults.arm(fault, times);
    }

    /// Disarms all faults.
    pub fn disarm_all(&self) {
        self.state.faults.clear();
    }

    /// The faults that are still armed, with the times that are left.
    #[must_use]
    pub fn armed(&self) -> Vec<(Fault, u32)> {
        self.state.faults.armed().into_iter().collect()
    }

    /// Signs with new keys from now on; with `overlap` the old ones stay in the key set.
    pub fn rotate_keys(&self, provider: ProviderName, overlap: bool) {
        self.state.provider(provider).keys().rotate(overlap);
    }

    /// Adds or replaces a client.
    ///
    /// # Errors
    /// A sentence that says what to mend.
    pub fn register(&self, client: Client) -> Result<(), ClientError> {
        self.state.clients.register(client)
    }

    /// Whether Dialogporten accepts Ansattporten's tokens.
    pub fn accept_ansattporten(&self, accept: bool) {
        let mut settings = self.state.settings();
        settings.accept_ansattporten = accept;
        self.state.set_settings(settings);
    }

    /// Chooses the shape of `authorization_details` in answers.
    pub fn set_rar_profile(&self, profile: RarProfile) {
        let mut settings = self.state.settings();
        settings.rar_profile = profile;
        self.state.set_settings(settings);
    }

    /// Switches a behaviour on or off.
    pub fn switch(&self, switch: Switch, on: bool) {
        self.state.switches.set(switch, on);
    }

    /// Whether a behaviour is switched on.
    #[must_use]
    pub fn is_on(&self, switch: Switch) -> bool {
        self.state.switches.is_on(switch)
    }

    /// Reads the world.
    pub fn with_world<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        read(&self.state.world())
    }

    /// Changes the world.
    pub fn change_world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.state.world_mut())
    }

    /// Puts everything back to how it started; keys stay.
    pub fn reset(&self) {
        self.state.reset();
    }

    fn origin_of(&self, headers: &HeaderMap) -> Option<Origin> {
        let host = headers.get(header::HOST)?.to_str().ok()?;
        self.state.origins.find(host)
    }
}

/// Why a simulator cannot be made.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum StartError {
    /// A client cannot be registered.
    Client(String, ClientError),
    /// The base port is no port, one of the system's, or leaves no room for six ports.
    Port,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(client_id, error) => {
                write!(f, "The client {client_id} cannot be registered. {error}")
            }
            Self::Port => {
                write!(
                    f,
                    "The simulator needs six ports in a row, known beforehand and none of the system's: \
                     choose the first from {} to {}.",
                    Origins::MIN_BASE_PORT,
                    Origins::MAX_BASE_PORT
                )
            }
        }
    }
}

impl std::error::Error for StartError {}

/// A port that cannot be opened.
#[derive(Debug)]
pub struct ServeError {
    port: u16,
    source: std::io::Error,
}

impl ServeError {
    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.port;
        match self.source.kind() {
            std::io::ErrorKind::AddrInUse => {
                write!(
                    f,
                    "Port {port} is taken by another program. Stop it, or choose other ports with --port."
                )
            }
            _ => write!(f, "Port {port} cannot be opened: {}.", self.source),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

fn router(state: &Shared, origin: Origin) -> Router {
    let routes = match origin {
        Origin::Control => control::router(state),
        Origin::AnsattportenIssuer => provider::issuer_router(state, ProviderName::Ansattporten),
        Origin::AnsattportenLogin => provider::login_router(state, ProviderName::Ansattporten),
        Origin::IdportenIssuer => provider::issuer_router(state, ProviderName::Idporten),
        Origin::IdportenLogin => provider::login_router(state, ProviderName::Idporten),
        Origin::Dialogporten => dialogporten::router(state),
    };
    let routes = routes.layer(axum::extract::DefaultBodyLimit::max(MAX_BODY));
    // Around the routes as a whole: the header Allow is written outside of their own layers.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn_with_state(
            (state.clone(), origin),
            guard,
        ))
}

/// What holds for every request: it is meant for this origin, it is not too long, and it is remembered.
async fn guard(
    FromState((state, origin)): FromState<(Shared, Origin)>,
    mut request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    // A foreign name that resolves to this machine (DNS rebinding) must not reach anything.
    if host.and_then(|host| state.origins.find(host)) != Some(origin) {
        return refuse(Unanswered::Host, &state, origin, request.uri().path());
    }
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target > MAX_TARGET {
        return refuse(Unanswered::Target, &state, origin, request.uri().path());
    }
    let (method, path) = (
        request.method().as_str().to_owned(),
        request.uri().path().to_owned(),
    );
    let target = Target(format!("{}{path}", state.origins.url(origin)));
    request.extensions_mut().insert(target);
    let mut response = next.run(request).await;
    let unanswered = response.extensions_mut().remove::<Unanswered>();
    // Dialogporten has its own limit and its own words for it; elsewhere only the reading of a body fails so.
    let is_too_large =
        origin != Origin::Dialogporten && response.status() == StatusCode::PAYLOAD_TOO_LARGE;
    if let Some(unanswered) = unanswered.or(is_too_large.then_some(Unanswered::Body)) {
        response = unanswered.describe(response, state.origins, origin, &path);
    }
    // The control page asks for the state again and again; the list is about the services.
    if origin != Origin::Control && !path.starts_with("/assets/") {
        let note = response
            .extensions()
            .get::<Note>()
            .map(|note| note.0.clone());
        state.events.add(Event::new(
            state.clock.now(),
            origin,
            &method,
            &path,
            response.status().as_u16(),
            note,
        ));
    }
    response
}

fn refuse(unanswered: Unanswered, state: &State, origin: Origin, path: &str) -> Response {
    unanswered.describe(Response::default(), state.origins, origin, path)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_port_answers_for_itself_and_under_a_loopback_name_only() {
        let simulator = Simulator::new(Options::default()).unwrap();
        let router = &simulator.routers[Origin::IdportenIssuer as usize];
        for host in ["evil.example:8103", "127.0.0.1:8104", "127.0.0.1", ""] {
            for (path, media_type) in [
                ("/token", "application/json"),
                ("/jwks.json", "text/plain; charset=utf-8"),
            ] {
                let request = http::Request::get(path).header(header::HOST, host);
                let request = request.body(Body::empty()).unwrap();
                let response = router.clone().oneshot(request).await.unwrap();
                assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
                assert_eq!(response.headers()[header::CONTENT_TYPE], media_type);
                let body = to_bytes(response.into_body(), 1_000).await.unwrap();
                let body = String::from_utf8(body.to_vec()).unwrap();
                assert!(
                    body.contains("127.0.0.1 or localhost on the ports from 8100 to 8105"),
                    "{body}"
                );
                assert!(!body.contains("evil"), "{body}");
            }
        }
    }
}
