//! Client and simulator in one process: the in-memory driver, and a login from beginning to end.
//!
//! No socket is opened and nothing waits: the clock is the simulator's, and the test moves it.

use anyhow::Result;
use http::Request;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::dialogporten::{DialogPage, DialogQuery, Dialogporten, SearchDialogs};
use portvakt_digdir::identifiers::{Party, Pid};
use portvakt_digdir::login::{
    BeginLogin, Client, CompleteLogin, LoginRequest, Refresh, Session, test_login_hint,
};
use portvakt_digdir::rar::RarRequest;
use portvakt_digdir::{Error, Misuse, Preset, Service};
use portvakt_jose::UnixTime;
use portvakt_oidc::{
    BeginLogout, Callback, DpopKey, DpopProofs, Flow, HttpRequest, HttpResponse, LogoutRedirect,
    LogoutRequest, PendingLogin, Redirect, Step, TransportError, Url,
};
use portvakt_simulator::{
    Client as RegisteredClient, Lost, Options, Origin, ProofKey, ProviderName, SignIn, Simulator,
    Visitor,
};

use crate::native;

/// The client that is registered at both providers.
pub const CLIENT_ID: &str = "portvakt-tests";

/// Where the application is; nothing listens there.
pub const APPLICATION: &str = "http://localhost:8080";

/// Where the providers send people back to.
pub const REDIRECT_URI: &str = "http://localhost:8080/callback";

/// Kari manages several organisations.
pub const KARI: &str = "15868510045";

/// Nora has no organisation.
pub const NORA: &str = "15868510207";

/// An organisation that Kari manages.
pub const ORGANISATION: &str = "310000019";

/// A service resource that Kari's organisations have.
pub const RESOURCE: &str = "urn:altinn:resource:demo-post";

/// When the tests take place, in Unix seconds.
const NOW: u64 = 1_790_000_000;

/// A client at one provider, the simulator, and nothing between them.
#[derive(Debug)]
pub struct Pair {
    /// Both providers, and Dialogporten.
    pub simulator: Simulator,
    /// The application.
    pub client: Client,
    /// The key that the application binds its tokens to; none at first.
    pub key: Option<ProofKey>,
}

impl Pair {
    /// A client at Ansattporten, or at ID-porten, and a simulator of its own.
    ///
    /// # Errors
    /// When one of them cannot be made.
    pub fn new(service: Service) -> Result<Self> {
        Self::with_options(service, Options::default())
    }

    /// The same, with a simulator that starts otherwise.
    ///
    /// # Errors
    /// When one of them cannot be made.
    pub fn with_options(service: Service, mut options: Options) -> Result<Self> {
        let mut registered = RegisteredClient::public(CLIENT_ID, REDIRECT_URI);
        registered.post_logout_redirect_uris = vec![format!("{APPLICATION}/")];
        registered.scopes = ["openid", "profile", "digdir:dialogporten"]
            .map(String::from)
            .into();
        options.clients.push(registered);
        options.now = options.now.or(Some(NOW));
        let simulator = Simulator::new(options)?;
        let issuer = simulator.issuer(match service {
            Service::IdPorten => ProviderName::Idporten,
            _ => ProviderName::Ansattporten,
        });
        let preset = Preset::local(service, &issuer)?;
        let mut client = Client::new(preset, CLIENT_ID, Url::parse(REDIRECT_URI)?)?;
        client.oidc.post_logout_redirect_uri = Some(Url::parse(&format!("{APPLICATION}/"))?);
        client.oidc.scopes.push("digdir:dialogporten".into());
        Ok(Self {
            simulator,
            client,
            key: None,
        })
    }

    /// The time at the application: the simulator's.
    pub fn now(&self) -> UnixTime {
        UnixTime::new(self.simulator.clock().now())
    }

    /// Runs a flow to its end.
    ///
    /// # Errors
    /// The flow's own.
    pub async fn drive<F: Flow>(&self, mut step: Step<F>) -> Result<F::Output, F::Error> {
        loop {
            step = match step {
                Step::Done(output) => return Ok(output),
                Step::Fetch { request, next } => {
                    next.resume(self.fetch(request).await.into(), self.now())?
                }
                Step::Verify { question, next } => {
                    next.resume(question.answer().into(), self.now())?
                }
            };
        }
    }

    /// Begins a login.
    ///
    /// # Errors
    /// The flow's own.
    pub async fn begin(&self, request: LoginRequest) -> Result<Redirect, Error> {
        let entropy = native::entropy().map_err(|_| TransportError::Unreachable)?;
        self.drive(BeginLogin::start(
            &self.client,
            request,
            None,
            entropy,
            self.now(),
        )?)
        .await
    }

    /// Completes a login with the address that the person came back to and with what was stored.
    ///
    /// # Errors
    /// The flow's own.
    pub async fn complete(&self, returned: &str, stored: &str) -> Result<Session, Error> {
        let callback = Callback::parse(returned)?;
        let pending = PendingLogin::from_storage(Some(stored))?;
        self.drive(CompleteLogin::start(
            &self.client,
            callback,
            pending,
            self.proofs()?,
            self.now(),
        )?)
        .await
    }

    /// Renews a session.
    ///
    /// # Errors
    /// The flow's own.
    pub async fn renew(&self, session: &Session) -> Result<Session, Error> {
        let step = Refresh::start(&self.client, session, self.proofs()?, self.now())?;
        self.drive(step).await
    }

    /// The key, with random bytes for the proofs of one flow.
    fn proofs(&self) -> Result<Option<DpopProofs>, Error> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let entropy = native::entropy().map_err(|_| TransportError::Unreachable)?;
        let key = DpopKey::from_jwk(&key.jwk()).map_err(portvakt_oidc::Error::from)?;
        let proofs = DpopProofs::new(key, entropy).map_err(portvakt_oidc::Error::from)?;
        Ok(Some(proofs))
    }

    /// A login of a person for whom no page is shown, unless there is an organisation to choose.
    ///
    /// # Errors
    /// When the road does not lead back to the application; the inner error is the login's own.
    pub async fn sign_in(
        &self,
        person: &str,
        acr: Acr,
        request: LoginRequest,
    ) -> Result<Result<Session, Error>> {
        self.sign_in_with(&mut Visitor::new(&self.simulator), person, acr, request)
            .await
    }

    /// The same, in a browser that is kept.
    ///
    /// # Errors
    /// Those of [`sign_in`](Self::sign_in).
    pub async fn sign_in_with(
        &self,
        visitor: &mut Visitor,
        person: &str,
        acr: Acr,
        mut request: LoginRequest,
    ) -> Result<Result<Session, Error>> {
        request.login_hint = Some(test_login_hint(
            self.client.preset(),
            &Pid::parse(person)?,
            acr,
        )?);
        let redirect = match self.begin(request).await {
            Ok(redirect) => redirect,
            Err(error) => return Ok(Err(error)),
        };
        let choice = SignIn::person(person).representing(ORGANISATION);
        let returned = visitor.sign_in(redirect.url.as_str(), &choice).await?;
        Ok(self.complete(&returned, &redirect.pending.to_json()).await)
    }

    /// Begins a logout.
    ///
    /// # Errors
    /// The flow's own.
    pub async fn begin_logout(&self, session: &Session) -> Result<LogoutRedirect> {
        let request = LogoutRequest::of(&session.login);
        let step = BeginLogout::start(&self.client.oidc, request, native::entropy()?, self.now())?;
        Ok(self.drive(step).await?)
    }

    /// Dialogporten, as the application reaches it.
    ///
    /// # Errors
    /// None, as long as the simulator's address is one.
    pub fn dialogporten(&self) -> Result<Dialogporten> {
        let origin = self.simulator.origins().url(Origin::Dialogporten);
        Ok(Dialogporten::at(&format!("{origin}/dialogporten"))?)
    }

    /// The first page of a person's own dialogs.
    ///
    /// # Errors
    /// Dialogporten's own, or the flow's.
    pub async fn search_own_dialogs(&self, session: &Session) -> Result<DialogPage, Error> {
        let pid = session
            .claims
            .pid
            .ok_or(Misuse::SearchWithoutPartyOrResource)?;
        self.search(session, DialogQuery::of_party(Party::Person(pid)))
            .await
    }

    /// The first page of the dialogs that a query finds.
    ///
    /// # Errors
    /// Dialogporten's own, or the flow's.
    pub async fn search(&self, session: &Session, query: DialogQuery) -> Result<DialogPage, Error> {
        let dialogporten = self
            .dialogporten()
            .map_err(|_| Misuse::DialogportenBaseUrl)?;
        self.drive(SearchDialogs::start(
            &dialogporten,
            &session.login.access_token,
            query,
        )?)
        .await
    }

    /// Carries one request of a flow to the simulator, with a proof where there is a key.
    ///
    /// # Errors
    /// What a network would have lost.
    pub async fn fetch(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if let (Some(key), Some(proof)) = (&self.key, &request.proof) {
            let signature = key.sign(proof.signing_input().as_bytes());
            request = request.signed(&signature);
        }
        let mut message = Request::builder()
            .method(request.method.as_str())
            .uri(request.url.as_str())
            .header("origin", APPLICATION);
        for (name, value) in &request.headers {
            message = message.header(*name, value);
        }
        let body = request.body.unwrap_or_default().into_bytes();
        let message = message
            .body(body)
            .map_err(|_| TransportError::Unreachable)?;
        let response = self.simulator.call(message).await;
        match response.extensions().get() {
            Some(Lost::TimedOut) => return Err(TransportError::TimedOut),
            Some(_) => return Err(TransportError::Unreachable),
            None => {}
        }
        if response.body().len() > request.max_response_bytes {
            return Err(TransportError::TooLarge);
        }
        let headers = response.headers().iter();
        Ok(HttpResponse {
            status: response.status().as_u16(),
            headers: headers
                .filter_map(|(name, value)| {
                    Some((name.to_string(), value.to_str().ok()?.to_owned()))
                })
                .collect(),
            body: response.into_body(),
        })
    }
}

/// On behalf of an organisation that has the tests' resource.
///
/// # Errors
/// None, as long as the resource's name is one.
pub fn on_behalf_of_an_organisation() -> Result<LoginRequest> {
    Ok(LoginRequest::on_behalf_of(RarRequest::altinn_resource(
        RESOURCE,
    )?))
}
