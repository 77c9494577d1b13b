//! What the tests have in common: an application that signs people in through `Simulator::call`.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{HeaderMap, Method, Request, StatusCode};
use portvakt_simulator::{
    Algorithm, Arrival, Client, Options, Page, ProviderName, SignIn, Simulator, Visitor,
};
use serde_json::Value;

pub(crate) const KARI: &str = "15868510045";
pub(crate) const OLA: &str = "15868510126";
pub(crate) const NORA: &str = "15868510207";

pub(crate) const CONTROL: &str = "http://127.0.0.1:8100";
pub(crate) const REDIRECT_URI: &str = "http://localhost:8080/callback";
pub(crate) const AFTER_LOGOUT: &str = "http://localhost:8080/";
pub(crate) const NOW: u64 = 1_790_000_000;

/// The pair of Digdir's PKCE page.
pub(crate) const VERIFIER: &str = "xyo94uhy3zKvgB0NJwLms86SwcjtWviEOpkBnGgaLlo";
pub(crate) const CHALLENGE: &str = "b7elB7ZyxIXgFyvBznKvxl7wOB-H17Pz0a3B62NIMFI";

/// A simulator whose clock stands still, with the public client `app` at both providers.
pub(crate) fn simulator() -> Simulator {
    simulator_with(|_| {})
}

pub(crate) fn simulator_with(change: impl FnOnce(&mut Options)) -> Simulator {
    let mut options = Options::default();
    // Cheap keys; the tests of algorithms choose their own.
    options.ansattporten_algorithm = Algorithm::Es256;
    options.idporten_algorithm = Algorithm::Es256;
    options.now = Some(NOW);
    options.clients.push(app());
    change(&mut options);
    Simulator::new(options).unwrap()
}

pub(crate) fn app() -> Client {
    let mut client = Client::public("app", REDIRECT_URI);
    client
        .post_logout_redirect_uris
        .push(AFTER_LOGOUT.to_owned());
    client.scopes.push("digdir:dialogporten".to_owned());
    client
}

/// Polls a future that never waits for anything.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// An authorization request that is in order.
#[derive(Clone, Debug)]
pub(crate) struct Authorize {
    pub(crate) provider: ProviderName,
    pub(crate) params: Vec<(String, String)>,
}

impl Authorize {
    pub(crate) fn at(provider: ProviderName) -> Self {
        let params = [
            ("response_type", "code"),
            ("client_id", "app"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid profile"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            provider,
            params: params.to_vec(),
        }
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.params.retain(|(other, _)| other != name);
        self
    }

    pub(crate) fn headless(self, pid: &str, acr: &str) -> Self {
        self.set("login_hint", &format!("testid:{pid}_{acr}"))
    }

    pub(crate) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.params)
            .finish()
    }

    pub(crate) fn url(&self, simulator: &Simulator) -> String {
        format!(
            "{}/authorize?{}",
            simulator.origins().login(self.provider),
            self.query()
        )
    }

    /// The callback of a request that needs no page.
    pub(crate) fn redirected(&self, simulator: &Simulator) -> Callback {
        match run(Visitor::new(simulator).open(&self.url(simulator))) {
            Arrival::Left(url) => Callback::parse(&url),
            Arrival::Page(page) => panic!("no redirect: {page:?}\n{}", page.html),
        }
    }

    /// The page that a request leads to.
    pub(crate) fn page(&self, simulator: &Simulator) -> Page {
        match run(Visitor::new(simulator).open(&self.url(simulator))) {
            Arrival::Left(url) => panic!("no page but {url}"),
            Arrival::Page(page) => page,
        }
    }

    pub(crate) fn sign_in(
        &self,
        visitor: &mut Visitor,
        simulator: &Simulator,
        choice: &SignIn,
    ) -> Callback {
        let url = run(visitor.sign_in(&self.url(simulator), choice)).unwrap();
        Callback::parse(&url)
    }
}

/// The answer to an authorization request.
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    pub(crate) url: String,
    pub(crate) params: Vec<(String, String)>,
}

impl Callback {
    pub(crate) fn parse(url: &str) -> Self {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let params = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Self {
            url: url.to_owned(),
            params,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn code(&self) -> &str {
        self.get("code")
            .unwrap_or_else(|| panic!("no code in {}", self.url))
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.params.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// A JSON answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

pub(crate) fn send(
    simulator: &Simulator,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = run(simulator.call(request.body(body.as_bytes().to_vec()).unwrap()));
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(body).unwrap(),
    }
}

pub(crate) fn get(simulator: &Simulator, url: &str) -> Answer {
    send(simulator, Method::GET, url, &[], "")
}

pub(crate) fn post_form(simulator: &Simulator, url: &str, form: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    send(
        simulator,
        Method::POST,
        url,
        &[("content-type", "application/x-www-form-urlencoded")],
        &body,
    )
}

pub(crate) fn post_json(simulator: &Simulator, url: &str, body: &Value) -> Answer {
    send(
        simulator,
        Method::POST,
        url,
        &[("content-type", "application/json")],
        &body.to_string(),
    )
}

pub(crate) fn bearer(simulator: &Simulator, url: &str, token: &str) -> Answer {
    send(
        simulator,
        Method::GET,
        url,
        &[("authorization", &format!("Bearer {token}"))],
        "",
    )
}

pub(crate) fn userinfo(simulator: &Simulator, provider: ProviderName, token: &str) -> Answer {
    bearer(
        simulator,
        &format!("{}/userinfo", simulator.issuer(provider)),
        token,
    )
}

pub(crate) fn redeem(simulator: &Simulator, provider: ProviderName, code: &str) -> Answer {
    redeem_with(simulator, provider, &[("code", code)])
}

/// A token request that is in order but for the parameters given.
pub(crate) fn redeem_with(
    simulator: &Simulator,
    provider: ProviderName,
    changes: &[(&str, &str)],
) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    post_form(
        simulator,
        &format!("{}/token", simulator.issuer(provider)),
        &form,
    )
}

/// The tokens of a headless login.
pub(crate) fn tokens(simulator: &Simulator, provider: ProviderName) -> Value {
    let acr = match provider {
        ProviderName::Ansattporten => "high",
        ProviderName::Idporten => "idporten-loa-high",
    };
    let callback = Authorize::at(provider)
        .headless(KARI, acr)
        .redirected(simulator);
    let answer = redeem(simulator, provider, callback.code());
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// The parts of a compact JWS, not verified.
pub(crate) fn decoded(token: &str) -> (Value, Value) {
    use base64::Engine as _;
    let part = |text: &str| {
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let mut parts = token.split('.');
    (part(parts.next().unwrap()), part(parts.next().unwrap()))
}

pub(crate) fn id_token(tokens: &Value) -> (Value, Value) {
    decoded(tokens["id_token"].as_str().unwrap())
}

pub(crate) fn access_token(tokens: &Value) -> (Value, Value) {
    decoded(tokens["access_token"].as_str().unwrap())
}

/// The names of an object's members, sorted.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
