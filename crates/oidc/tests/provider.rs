//! An OpenID provider in memory, that does right until it is told what to do wrong.

pub(crate) mod signer;
mod token;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use portvakt_oidc::json::{Object, Value};
use portvakt_oidc::url::{form_encode, parse_query};
use portvakt_oidc::{
    BeginLogin, Callback, ClientConfig, CompleteLogin, DpopKey, DpopProofs, Entropy, Error, Flow,
    HttpRequest, HttpResponse, Issuer, Login, LoginRequest, PendingLogin, Redirect, Step,
    TransportError, UnixTime, Url,
};

use signer::{ES256, RS256, Signer};

pub(crate) const ISSUER: &str = "https://op.example";
pub(crate) const CLIENT_ID: &str = "a1b2c3d4-0000-4000-8000-000000000001";
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";
pub(crate) const NOW: UnixTime = UnixTime::new(1_790_000_000);

/// What an endpoint is called in the log and for [`Provider::answer_with`].
pub(crate) type Endpoint = &'static str;

type Edit = Box<dyn Fn(&mut Object)>;

pub(crate) struct Provider {
    pub(crate) now: Cell<UnixTime>,
    pub(crate) signer: &'static Signer,
    /// The keys in the published set.
    pub(crate) keys: Vec<Object>,
    pub(crate) metadata: Object,
    /// Every request that came, in order.
    pub(crate) log: RefCell<Vec<(Endpoint, HttpRequest)>>,
    header: Edit,
    claims: Edit,
    token: Box<dyn Fn(String) -> String>,
    token_response: Edit,
    userinfo: Edit,
    renewal_claims: Edit,
    renewal_response: Edit,
    /// Whether every renewal brings a new refresh token and ends the one before.
    pub(crate) rotates: Cell<bool>,
    /// How often tokens were renewed.
    pub(crate) renewals: Cell<u32>,
    /// The nonce that a proof must have.
    pub(crate) dpop_nonce: Cell<Option<&'static str>>,
    /// How far from now a proof may have been made.
    pub(crate) proof_window_seconds: Cell<u64>,
    /// Every `jti` of a proof that was seen.
    seen: RefCell<Vec<String>>,
    /// The key that the refresh token is bound to.
    bound_to: RefCell<Option<String>>,
    answers: BTreeMap<Endpoint, Result<HttpResponse, TransportError>>,
    grants: RefCell<BTreeMap<String, BTreeMap<String, String>>>,
}

impl Provider {
    pub(crate) fn new() -> Self {
        Self::with_signer(&RS256)
    }

    pub(crate) fn with_signer(signer: &'static Signer) -> Self {
        Self {
            now: Cell::new(NOW),
            signer,
            keys: vec![signer.jwk()],
            metadata: metadata(signer.alg),
            log: RefCell::default(),
            header: Box::new(|_| {}),
            claims: Box::new(|_| {}),
            token: Box::new(|token| token),
            token_response: Box::new(|_| {}),
            userinfo: Box::new(|_| {}),
            renewal_claims: Box::new(|_| {}),
            renewal_response: Box::new(|_| {}),
            rotates: Cell::new(true),
            renewals: Cell::new(0),
            dpop_nonce: Cell::new(None),
            proof_window_seconds: Cell::new(300),
            seen: RefCell::default(),
            bound_to: RefCell::default(),
            answers: BTreeMap::new(),
            grants: RefCell::default(),
        }
    }

    pub(crate) fn edit_metadata(mut self, edit: impl Fn(&mut Object)) -> Self {
        edit(&mut self.metadata);
        self
    }

    pub(crate) fn edit_header(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.header = Box::new(edit);
        self
    }

    pub(crate) fn edit_claims(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.claims = Box::new(edit);
        self
    }

    /// Changes the compact form of the id_token, after it was signed.
    pub(crate) fn edit_token(mut self, edit: impl Fn(String) -> String + 'static) -> Self {
        self.token = Box::new(edit);
        self
    }

    pub(crate) fn edit_token_response(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.token_response = Box::new(edit);
        self
    }

    pub(crate) fn edit_userinfo(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.userinfo = Box::new(edit);
        self
    }

    /// Changes the id_token of renewals, which is that of the login without its nonce.
    pub(crate) fn edit_renewal_claims(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.renewal_claims = Box::new(edit);
        self
    }

    pub(crate) fn edit_renewal_response(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.renewal_response = Box::new(edit);
        self
    }

    /// Promises DPoP.
    pub(crate) fn with_dpop(self) -> Self {
        self.edit_metadata(|metadata| {
            metadata.insert("dpop_signing_alg_values_supported", vec!["ES256"]);
        })
    }

    /// Makes an endpoint answer with this, whatever is asked.
    pub(crate) fn answer_with(
        mut self,
        endpoint: Endpoint,
        answer: Result<HttpResponse, TransportError>,
    ) -> Self {
        self.answers.insert(endpoint, answer);
        self
    }

    pub(crate) fn endpoints_asked(&self) -> Vec<Endpoint> {
        self.log
            .borrow()
            .iter()
            .map(|(endpoint, _)| *endpoint)
            .collect()
    }

    /// The person signs in: the parameters that the browser brings back.
    pub(crate) fn authorize(&self, url: &Url) -> Vec<(String, String)> {
        let parameters: BTreeMap<String, String> = parse_query(url.query().unwrap())
            .unwrap()
            .into_iter()
            .collect();
        assert_eq!(url.path(), "/authorize");
        assert_eq!(parameters["response_type"], "code");
        assert_eq!(parameters["client_id"], CLIENT_ID);
        assert_eq!(parameters["redirect_uri"], REDIRECT_URI);
        assert_eq!(parameters["code_challenge_method"], "S256");
        assert_eq!(parameters["code_challenge"].len(), 43);
        assert_eq!(parameters["nonce"].len(), 43);
        let state = parameters["state"].clone();
        let code = format!("code-{}/+=.{}", self.grants.borrow().len(), &state[..8]);
        self.grants.borrow_mut().insert(code.clone(), parameters);
        pairs([
            ("code", code.as_str()),
            ("iss", ISSUER),
            ("state", state.as_str()),
        ])
    }

    /// Answers one request.
    pub(crate) fn answer(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let endpoint = match request
            .url
            .as_str()
            .strip_prefix(ISSUER)
            .unwrap_or_default()
        {
            "/.well-known/openid-configuration" => "metadata",
            "/token" => "token",
            "/jwks.json" => "jwks",
            "/userinfo" => "userinfo",
            "/revoke" => "revoke",
            _ => "elsewhere",
        };
        self.log.borrow_mut().push((endpoint, request.clone()));
        if let Some(answer) = self.answers.get(endpoint) {
            return answer.clone();
        }
        Ok(match endpoint {
            "metadata" => json(200, self.metadata.clone()),
            "token" => self.token(&request),
            "jwks" => json(
                200,
                object([("keys", self.keys.iter().cloned().collect::<Value>())]),
            ),
            "userinfo" => self.userinfo(&request),
            "revoke" => HttpResponse {
                status: 200,
                headers: vec![],
                body: vec![],
            },
            _ => error(404, "invalid_request"),
        })
    }

    fn userinfo(&self, request: &HttpRequest) -> HttpResponse {
        if let Err(refusal) = self.check_access(request) {
            return refusal;
        }
        let mut claims = object([("sub", SUB), ("pid", PID)]);
        (self.userinfo)(&mut claims);
        json(200, claims)
    }
}

pub(crate) const SUB: &str = "x9WJ0s0mePairwiseSubjectValue000000000000000";
pub(crate) const SID: &str = "3vYp0SessionIdentifier0000000000000000000000";
pub(crate) const PID: &str = "15868510045";
pub(crate) const ACCESS_TOKEN: &str = "access.token-0123456789~+/==";
pub(crate) const REFRESH_TOKEN: &str = "refresh.token-0123456789";

fn metadata(alg: &str) -> Object {
    let mut metadata = object([
        ("issuer", "https://op.example"),
        (
            "authorization_endpoint",
            "https://login.op.example/authorize",
        ),
        ("token_endpoint", "https://op.example/token"),
        ("jwks_uri", "https://op.example/jwks.json"),
        ("userinfo_endpoint", "https://op.example/userinfo"),
        ("revocation_endpoint", "https://op.example/revoke"),
        ("end_session_endpoint", "https://login.op.example/logout"),
    ]);
    metadata.insert("response_types_supported", vec!["code"]);
    metadata.insert("response_modes_supported", vec!["query", "form_post"]);
    metadata.insert(
        "grant_types_supported",
        vec!["authorization_code", "refresh_token"],
    );
    metadata.insert("subject_types_supported", vec!["pairwise"]);
    metadata.insert("code_challenge_methods_supported", vec!["S256"]);
    metadata.insert("id_token_signing_alg_values_supported", vec![alg]);
    metadata.insert("authorization_response_iss_parameter_supported", true);
    metadata
}

pub(crate) fn object<V: Into<Value>>(
    members: impl IntoIterator<Item = (&'static str, V)>,
) -> Object {
    let mut object = Object::new();
    for (name, value) in members {
        object.insert(name, value);
    }
    object
}

pub(crate) fn pairs<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<(String, String)> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}

pub(crate) fn json(status: u16, body: impl Into<Value>) -> HttpResponse {
    response(
        status,
        "application/json;charset=UTF-8",
        body.into().to_json(),
    )
}

pub(crate) fn error(status: u16, error: &str) -> HttpResponse {
    json(
        status,
        object([
            ("error", error),
            ("error_description", "Something <b>else</b>."),
        ]),
    )
}

pub(crate) fn response(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("content-type".into(), content_type.into())],
        body: body.into(),
    }
}

pub(crate) fn config() -> ClientConfig {
    let issuer = Issuer::parse(ISSUER).unwrap();
    ClientConfig::new(issuer, CLIENT_ID, Url::parse(REDIRECT_URI).unwrap())
}

/// Bytes that look random enough, other ones for each seed.
pub(crate) fn entropy(seed: u8) -> Entropy {
    let mut bytes = [0; Entropy::BYTES];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = digest(&SHA256, &[seed, index as u8]).as_ref()[0];
    }
    Entropy::new(bytes)
}

/// The driver: what a browser's does too, with the provider in place of the network.
pub(crate) fn drive<F: Flow>(
    provider: &Provider,
    step: Result<Step<F>, F::Error>,
) -> Result<F::Output, F::Error> {
    let mut step = step?;
    loop {
        step = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => {
                let answer = provider.answer(signed(request));
                next.resume(answer.into(), provider.now.get())?
            }
            Step::Verify { question, next } => {
                next.resume(question.answer().into(), provider.now.get())?
            }
        }
    }
}

/// The driver of a device with a clock of its own.
pub(crate) fn drive_at<F: Flow>(
    provider: &Provider,
    step: Result<Step<F>, F::Error>,
    now: UnixTime,
) -> Result<F::Output, F::Error> {
    let mut step = step?;
    loop {
        step = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => {
                next.resume(provider.answer(signed(request)).into(), now)?
            }
            Step::Verify { question, next } => next.resume(question.answer().into(), now)?,
        }
    }
}

/// What a driver does that holds the key [`ES256`].
pub(crate) fn signed(request: HttpRequest) -> HttpRequest {
    match &request.proof {
        Some(proof) => {
            let signature = ES256.sign(proof.signing_input().as_bytes());
            request.signed(&signature)
        }
        None => request,
    }
}

/// Proofs by that key, other ones for each seed.
pub(crate) fn proofs(seed: u8) -> Option<DpopProofs> {
    let key = DpopKey::from_jwk(&Value::from(ES256.jwk()).to_json()).unwrap();
    Some(DpopProofs::new(key, entropy(seed)).unwrap())
}

pub(crate) fn begin(
    provider: &Provider,
    config: &ClientConfig,
    request: LoginRequest,
) -> Result<Redirect, Error> {
    drive(
        provider,
        BeginLogin::start(config, request, None, entropy(1), provider.now.get()),
    )
}

pub(crate) fn callback_url(parameters: &[(String, String)]) -> String {
    let pairs = parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    format!("{REDIRECT_URI}?{}", form_encode(pairs))
}

/// From the callback to the end, through storage as in an application.
pub(crate) fn complete(
    provider: &Provider,
    config: &ClientConfig,
    url: &str,
    pending: &PendingLogin,
) -> Result<Box<Login>, Error> {
    let storage = BTreeMap::from([(pending.storage_key(), pending.to_json())]);
    let callback = Callback::parse(url)?;
    let stored = storage.get(&callback.storage_key()).map(String::as_str);
    let pending = PendingLogin::from_storage(stored)?;
    drive(
        provider,
        CompleteLogin::start(config, callback, pending, None, provider.now.get()),
    )
}

/// A whole login whose tokens are bound if the provider can do that.
pub(crate) fn bound_login(provider: &Provider) -> Result<Box<Login>, Error> {
    bound_login_at(provider, provider.now.get())
}

/// The same on a device with a clock of its own.
pub(crate) fn bound_login_at(provider: &Provider, now: UnixTime) -> Result<Box<Login>, Error> {
    let begin = BeginLogin::start(&config(), LoginRequest::default(), None, entropy(1), now);
    let redirect = drive_at(provider, begin, now)?;
    let url = callback_url(&provider.authorize(&redirect.url));
    let callback = Callback::parse(&url)?;
    let complete = CompleteLogin::start(&config(), callback, redirect.pending, proofs(3), now);
    drive_at(provider, complete, now)
}

/// A whole login.
pub(crate) fn login_with(
    provider: &Provider,
    config: &ClientConfig,
    request: LoginRequest,
) -> Result<Box<Login>, Error> {
    let Redirect { url, pending, .. } = begin(provider, config, request)?;
    complete(
        provider,
        config,
        &callback_url(&provider.authorize(&url)),
        &pending,
    )
}

/// A whole login with nothing special asked for.
pub(crate) fn login(provider: &Provider) -> Result<Box<Login>, Error> {
    login_with(provider, &config(), LoginRequest::default())
}

/// The code of what must have failed.
pub(crate) fn code<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}
