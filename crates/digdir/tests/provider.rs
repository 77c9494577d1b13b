//! ID-porten and Ansattporten in memory, doing right until told what to do wrong.

#[expect(
    dead_code,
    reason = "shared with the tests of portvakt-oidc, which sign with more algorithms"
)]
#[path = "../../oidc/tests/provider/signer.rs"]
mod signer;

use std::collections::BTreeMap;

use portvakt_digdir::login::{BeginLogin, Client, CompleteLogin, LoginRequest, Refresh, Session};
use portvakt_digdir::{Error, Preset};
use portvakt_jose::json::{self, Object, Value};
use portvakt_oidc::url::{form_encode, parse_query};
use portvakt_oidc::{
    Callback, Entropy, Flow, HttpRequest, HttpResponse, PendingLogin, Redirect, Step,
    TransportError, UnixTime, Url,
};

pub(crate) const NOW: UnixTime = UnixTime::new(1_790_000_000);
pub(crate) const CLIENT_ID: &str = "a1b2c3d4-0000-4000-8000-000000000001";
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";
pub(crate) const PID: &str = "15868510045";
pub(crate) const ACCESS_TOKEN: &str = "access.token-0123456789";

pub(crate) const REFRESH_TOKEN: &str = "refresh.token-0123456789";

/// The claim `authorization_details` of somebody who chose 310000019 for `demo-post`.
pub(crate) const DEMO_POST: &str = r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"demo-post","name":"SYNTETISK PRØVE AS","unit_type":"AS"}]}]"#;

type Edit = Box<dyn Fn(&mut Object)>;

pub(crate) struct Provider {
    preset: Preset,
    claims: Edit,
    token_response: Edit,
}

impl Provider {
    pub(crate) fn of(preset: &Preset) -> Self {
        Self {
            preset: preset.clone(),
            claims: Box::new(|_| {}),
            token_response: Box::new(|_| {}),
        }
    }

    pub(crate) fn edit_claims(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.claims = Box::new(edit);
        self
    }

    pub(crate) fn edit_token_response(mut self, edit: impl Fn(&mut Object) + 'static) -> Self {
        self.token_response = Box::new(edit);
        self
    }

    /// States the same `authorization_details` in both places.
    pub(crate) fn granting(self, details: &str) -> Self {
        let details = json::parse(details.as_bytes(), 100_000).expect("JSON");
        let copy = details.clone();
        self.edit_claims(move |claims| {
            claims.insert("authorization_details", copy.clone());
        })
        .edit_token_response(move |response| {
            response.insert("authorization_details", details.clone());
        })
    }

    fn answer(&self, request: &HttpRequest, nonce: &str) -> Result<HttpResponse, TransportError> {
        let path = request.url.path();
        assert_eq!(
            Some(request.url.origin()),
            self.preset
                .issuer()
                .strip_suffix('/')
                .or(Some(self.preset.issuer()))
        );
        Ok(match path {
            "/.well-known/openid-configuration" => json_response(200, self.metadata()),
            "/jwks.json" => {
                let keys = Value::Array(vec![signer::RS256.jwk().into()]);
                json_response(200, object([("keys", keys)]))
            }
            "/token" => {
                let mut response =
                    object([("access_token", ACCESS_TOKEN), ("token_type", "Bearer")]);
                response.insert("expires_in", 120);
                response.insert("scope", "openid profile");
                response.insert("refresh_token", REFRESH_TOKEN);
                response.insert("id_token", self.id_token(nonce));
                (self.token_response)(&mut response);
                json_response(200, response)
            }
            _ => panic!("a request to {path}"),
        })
    }

    fn id_token(&self, nonce: &str) -> String {
        let now = NOW.as_secs();
        let acr = match self.preset.service() {
            portvakt_digdir::Service::Ansattporten => "substantial",
            _ => "idporten-loa-substantial",
        };
        let mut claims = object([
            ("iss", self.preset.issuer()),
            ("aud", CLIENT_ID),
            ("acr", acr),
        ]);
        claims.insert("sub", "x9WJ0s0mePairwiseSubjectValue000000000000000");
        claims.insert("pid", PID);
        // A renewal has none.
        if !nonce.is_empty() {
            claims.insert("nonce", nonce);
        }
        claims.insert("amr", vec!["TestID"]);
        claims.insert("locale", "nb");
        claims.insert("sid", "3vYp0SessionIdentifier0000000000000000000000");
        claims.insert("auth_time", now - 2);
        claims.insert("iat", now);
        claims.insert("exp", now + 120);
        (self.claims)(&mut claims);
        let header = object([("alg", "RS256"), ("kid", signer::RS256.kid)]);
        signer::RS256.token(&header, &claims)
    }

    fn metadata(&self) -> Object {
        let issuer = self.preset.issuer();
        let login = self.preset.login_origin().unwrap_or(issuer);
        let mut metadata = object([
            ("issuer", issuer.to_string()),
            ("authorization_endpoint", format!("{login}/authorize")),
            ("end_session_endpoint", format!("{login}/logout")),
            ("token_endpoint", format!("{issuer}/token")),
            ("jwks_uri", format!("{issuer}/jwks.json")),
        ]);
        metadata.insert("response_types_supported", vec!["code"]);
        metadata.insert("subject_types_supported", vec!["pairwise"]);
        metadata.insert("code_challenge_methods_supported", vec!["S256"]);
        metadata.insert("id_token_signing_alg_values_supported", vec!["RS256"]);
        metadata.insert("authorization_response_iss_parameter_supported", true);
        metadata
    }
}

pub(crate) fn client(preset: &Preset) -> Client {
    Client::new(preset.clone(), CLIENT_ID, Url::parse(REDIRECT_URI).unwrap()).unwrap()
}

/// The first half: to the address that the browser is sent to.
pub(crate) fn begin(
    provider: &Provider,
    client: &Client,
    request: LoginRequest,
) -> Result<Redirect, Error> {
    let entropy = Entropy::new(core::array::from_fn(|index| index as u8));
    drive(
        provider,
        "",
        BeginLogin::start(client, request, None, entropy, NOW),
    )
}

/// The second half: the person has signed in and comes back.
pub(crate) fn complete(
    provider: &Provider,
    client: &Client,
    url: &Url,
    pending: PendingLogin,
) -> Result<Session, Error> {
    let parameters = parameters(url);
    let answer = [
        ("code", "c0de.c0de"),
        ("iss", provider.preset.issuer()),
        ("state", &parameters["state"]),
    ];
    let callback = Callback::parse(&format!("{REDIRECT_URI}?{}", form_encode(answer)))?;
    let step = CompleteLogin::start(client, callback, pending, None, NOW);
    drive(provider, &parameters["nonce"], step)
}

/// A whole login, through storage as in an application.
pub(crate) fn login_with(
    provider: &Provider,
    client: &Client,
    request: LoginRequest,
) -> Result<Session, Error> {
    let Redirect { url, pending, .. } = begin(provider, client, request)?;
    complete(
        provider,
        client,
        &url,
        PendingLogin::from_json(&pending.to_json())?,
    )
}

/// A whole login at one of the services' test environments.
pub(crate) fn login(provider: &Provider, request: LoginRequest) -> Result<Session, Error> {
    login_with(provider, &client(&provider.preset), request)
}

/// A renewal of a session.
pub(crate) fn refresh(
    provider: &Provider,
    client: &Client,
    session: &Session,
) -> Result<Session, Error> {
    drive(provider, "", Refresh::start(client, session, None, NOW))
}

pub(crate) fn parameters(url: &Url) -> BTreeMap<String, String> {
    parse_query(url.query().expect("a query"))
        .expect("well-formed")
        .into_iter()
        .collect()
}

fn drive<F: Flow<Error = Error>>(
    provider: &Provider,
    nonce: &str,
    step: Result<Step<F>, Error>,
) -> Result<F::Output, Error> {
    let mut step = step?;
    loop {
        step = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => {
                next.resume(provider.answer(&request, nonce).into(), NOW)?
            }
            Step::Verify { question, next } => next.resume(question.answer().into(), NOW)?,
        }
    }
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

pub(crate) fn json_response(status: u16, body: impl Into<Value>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![(
            "content-type".into(),
            "application/json;charset=UTF-8".into(),
        )],
        body: body.into().to_json().into_bytes(),
    }
}
