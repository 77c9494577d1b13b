//! Plays the rows: client and simulator in memory, with the attack between them.

use anyhow::{Context, Result, bail, ensure};
use http::Request;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::identifiers::Pid;
use portvakt_digdir::login::{
    BeginLogin, CompleteLogin, LoginRequest, Refresh, Session, test_login_hint,
};
use portvakt_digdir::{Error, Service};
use portvakt_jose::UnixTime;
use portvakt_jose::base64url::encode;
use portvakt_oidc::{
    BeginLogout, Callback, DpopKey, DpopProofs, Entropy, FetchUserinfo, Flow, Jwks, JwksSource,
    LogoutRedirect, LogoutRequest, LogoutReturn, LogoutToken, LogoutTokenExpectation, PendingLogin,
    Redirect, Step, verify_logout_token,
};
use portvakt_simulator::{
    Arrival, Client, Fault, GrantType, Place, ProofKey, SignIn, Switch, Visitor,
};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::crafted::{Crafted, NOW};
use super::transcript::Transcript;
use super::{Attack, Mount, Outcome, Scene};
use crate::pair::{
    APPLICATION, CLIENT_ID, KARI, NORA, ORGANISATION, Pair, REDIRECT_URI, RESOURCE,
    on_behalf_of_an_organisation,
};

/// Plays one row, compares what comes of it with what the row says, and tells what was said as the
/// built modules are told it.
///
/// # Errors
/// When something else comes of it, or it did not happen.
pub async fn play(attack: &Attack) -> Result<Value> {
    let mut said = Value::Null;
    match attack.mount {
        Mount::Fault(fault) => match fault.place() {
            Place::Renewal => said = play_renewal(attack, Scene::new(), Some(fault)).await?,
            Place::Userinfo => play_userinfo(attack, Scene::new(), Some(fault)).await?,
            Place::Dialogporten => play_search(attack, fault).await?,
            Place::Revocation | Place::LogoutResponse => {
                said = play_logout(attack, &Scene::new(), Some(fault)).await?;
            }
            Place::LogoutToken => said = play_logout_token(attack, fault).await?,
            _ => said = play_fault_of_login(attack, fault).await?,
        },
        Mount::Login(direct) => said = play_login(attack, direct(Scene::new())).await?,
        Mount::Renewal(direct) => said = play_renewal(attack, direct(Scene::new()), None).await?,
        Mount::Return(direct) => said = play_logout(attack, &direct(Scene::new()), None).await?,
        Mount::Userinfo(direct) => play_userinfo(attack, direct(Scene::new()), None).await?,
        Mount::Token(kind, craft) => {
            let brought = craft(Crafted::new(kind)).finish();
            expect(attack, brought.judged())?;
            said = json!({
                "kind": kind.issuer(),
                "options": kind.options(),
                "requirements": kind.requirements(),
                "token": brought.token,
                "jwks": brought.key_set,
                "now": NOW,
            });
        }
        Mount::Test(..) => bail!("it is a test of its own"),
    }
    Ok(said)
}

/// How a login at Ansattporten ends in which a scene is played.
///
/// # Errors
/// When the person does not come back from the provider.
pub async fn login(scene: Scene) -> Result<&'static str> {
    let mut stage = Stage::new(Service::Ansattporten, scene)?;
    Ok(code(&stage.sign_in().await?))
}

/// How asking for userinfo ends, at ID-porten.
///
/// # Errors
/// When nobody is signed in.
pub async fn userinfo(scene: Scene) -> Result<&'static str> {
    let mut stage = Stage::new(Service::IdPorten, scene)?;
    let session = stage.sign_in().await??;
    let step = FetchUserinfo::start(&session.login, None, stage.pair.now())?;
    Ok(code(&stage.drive(step).await.map_err(Error::from)))
}

/// The code that a row ends with; `accepted` if it does not.
pub fn code_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused(code) | Outcome::RefusedForNow(code) => code,
        _ => "accepted",
    }
}

fn expect(attack: &Attack, code: &str) -> Result<()> {
    let expected = code_of(attack.outcome);
    ensure!(
        code == expected,
        "it ended with {code}, and not with {expected}"
    );
    Ok(())
}

async fn play_login(attack: &Attack, scene: Scene) -> Result<Value> {
    let mut stage = Stage::new(Service::Ansattporten, scene)?;
    let signed_in = stage.sign_in().await?;
    expect(attack, code(&signed_in))?;
    Ok(stage.transcript.into_json())
}

async fn play_fault_of_login(attack: &Attack, fault: Fault) -> Result<Value> {
    let mut stage = Stage::new(Service::Ansattporten, Scene::new())?;
    stage.between = Between::Nobody;
    if fault.place() == Place::Dpop {
        stage.renewable()?;
        stage.pair.key = Some(ProofKey::generate());
    }
    let times = match fault {
        // A server may ask for a nonce once at any time, and its keys may have come a moment later.
        Fault::DpopNonceNeverAccepted | Fault::JwksEmpty => 2,
        _ => 1,
    };
    stage.pair.simulator.arm(fault, times);
    let signed_in = stage.sign_in().await?;
    expect(attack, code(&signed_in))?;
    stage.happened()?;
    let transcript = std::mem::take(&mut stage.transcript);
    let again = stage.sign_in().await?;
    ensure!(again.is_ok(), "the login after it: {}", code(&again));
    Ok(transcript.into_json())
}

async fn play_renewal(attack: &Attack, scene: Scene, fault: Option<Fault>) -> Result<Value> {
    let mut stage = Stage::new(Service::Ansattporten, scene)?;
    stage.renewable()?;
    stage.between = if fault.is_some() {
        Between::Nobody
    } else {
        Between::Keys
    };
    let session = stage.sign_in().await??;
    if let Some(fault) = fault {
        stage.pair.simulator.arm(fault, 1);
    } else {
        stage.between = Between::Scene;
    }
    let renewed = stage.renew(&session).await;
    stage.happened()?;
    expect(attack, code(&renewed))?;
    let transcript = std::mem::take(&mut stage.transcript);
    if stage.between == Between::Scene {
        stage.between = Between::Keys;
    }
    let (next, expected) = match (attack.outcome, renewed) {
        (Outcome::RefusedForNow(_), _) => (stage.renew(&session).await, "accepted"),
        (Outcome::RefusedNext(code), Ok(renewed)) => (stage.renew(&renewed).await, code),
        // The refresh token was used up.
        (Outcome::Refused(_), _) => (stage.renew(&session).await, "session_renewal_refused"),
        _ => return Ok(transcript.into_json()),
    };
    ensure!(
        code(&next) == expected,
        "the renewal after it: {}",
        code(&next)
    );
    Ok(transcript.into_json())
}

async fn play_logout(attack: &Attack, scene: &Scene, fault: Option<Fault>) -> Result<Value> {
    let mut stage = Stage::new(Service::IdPorten, Scene::new())?;
    stage.between = Between::Nobody;
    let session = stage.sign_in().await??;
    if let Some(fault) = fault {
        stage.pair.simulator.arm(fault, 1);
    }
    let redirect = stage.leave(&session).await?;
    let told = redirect.revocations.iter().find_map(|revocation| {
        let outcome = revocation.outcome.as_ref();
        outcome.err().map(portvakt_oidc::Error::code)
    });
    let Arrival::Left(returned) = stage.visitor.open(redirect.url.as_str()).await else {
        bail!("the person is still at the provider");
    };
    stage.happened()?;
    let returned = scene.returned(&returned);
    let stored = redirect.pending.context("there is a way back")?.to_json();
    let judged = LogoutReturn::check(&returned, Some(&stored), stage.pair.now());
    let is_confirmed = matches!(judged, LogoutReturn::Confirmed { .. });
    match attack.outcome {
        Outcome::Told(code) => ensure!(told == Some(code) && is_confirmed, "{told:?}, {judged:?}"),
        Outcome::Ignored => ensure!(told.is_none() && !is_confirmed, "{told:?}, {judged:?}"),
        _ => ensure!(told.is_none() && is_confirmed, "{told:?}, {judged:?}"),
    }
    let start = json!({
        "flow": "logout_return",
        "url": returned,
        "stored": stored,
        "now": stage.pair.now().as_secs(),
        "isReturn": is_confirmed,
    });
    stage.transcript.ended(start, "accepted");
    Ok(stage.transcript.into_json())
}

async fn play_userinfo(attack: &Attack, scene: Scene, fault: Option<Fault>) -> Result<()> {
    let mut stage = Stage::new(Service::IdPorten, scene)?;
    if fault.is_some() {
        stage.between = Between::Nobody;
    }
    let session = stage.sign_in().await??;
    if let Some(fault) = fault {
        stage.pair.simulator.arm(fault, 1);
    }
    let step = FetchUserinfo::start(&session.login, None, stage.pair.now())?;
    let claims = stage.drive(step).await.map_err(Error::from);
    stage.happened()?;
    expect(attack, code(&claims))
}

async fn play_search(attack: &Attack, fault: Fault) -> Result<()> {
    let mut stage = Stage::new(Service::IdPorten, Scene::new())?;
    stage.between = Between::Nobody;
    let session = stage.sign_in().await??;
    stage.pair.simulator.arm(fault, 1);
    let found = stage.pair.search_own_dialogs(&session).await;
    stage.happened()?;
    expect(attack, code(&found))?;
    let again = stage.pair.search_own_dialogs(&session).await;
    ensure!(again.is_ok(), "the search after it: {}", code(&again));
    Ok(())
}

async fn play_logout_token(attack: &Attack, fault: Fault) -> Result<Value> {
    let posted = posted_logout(Service::IdPorten, Some(fault)).await?;
    let judged = posted.judged()?;
    let [token] = judged.as_slice() else {
        bail!("{} tokens were posted", judged.len());
    };
    let code = token
        .as_ref()
        .map_or_else(|refusal| *refusal, |_| "accepted");
    expect(attack, code)?;
    Ok(json!({
        "kind": "logout",
        "options": { "issuer": posted.issuer, "clientIds": [CLIENT_ID] },
        "requirements": null,
        "token": posted.tokens.first(),
        "jwks": String::from_utf8(posted.key_set)?,
        "now": posted.now.as_secs(),
    }))
}

fn code<T>(outcome: &Result<T, Error>) -> &'static str {
    outcome.as_ref().err().map_or("accepted", Error::code)
}

/// The logout tokens that a provider posted when somebody signed out.
#[derive(Debug)]
pub struct Posted {
    /// The `sid` of the id_token.
    pub sid: String,
    /// Who posted.
    pub issuer: String,
    /// What was posted.
    pub tokens: Vec<String>,
    /// The provider's keys.
    pub key_set: Vec<u8>,
    /// When.
    pub now: UnixTime,
}

impl Posted {
    /// What is thought of each token: the token, or the code of the refusal.
    ///
    /// # Errors
    /// None, as long as the provider has keys.
    pub fn judged(&self) -> Result<Vec<Result<LogoutToken, &'static str>>> {
        let issuer = portvakt_oidc::Issuer::parse(&self.issuer)?;
        let keys = Jwks::parse(&self.key_set)?;
        let expected = LogoutTokenExpectation::new(&issuer, &[CLIENT_ID]);
        let tokens = self.tokens.iter();
        Ok(tokens
            .map(|token| {
                verify_logout_token(token, &keys, &expected, self.now)
                    .map_err(|refusal| refusal.code())
            })
            .collect())
    }
}

/// Signs somebody in and out, at a client that wants to be told of logouts.
///
/// # Errors
/// When the person does not get that far.
pub async fn posted_logout(service: Service, fault: Option<Fault>) -> Result<Posted> {
    let mut pair = Pair::new(service)?;
    // The client that takes the place of the pair's own may ask for these alone.
    pair.client.oidc.scopes.truncate(2);
    let mut client = Client::public(CLIENT_ID, REDIRECT_URI);
    client.backchannel_logout_uri = Some(format!("{APPLICATION}/portvakt/logout"));
    pair.simulator.register(client)?;
    let mut visitor = Visitor::new(&pair.simulator);
    let acr = level(service);
    let session = pair
        .sign_in_with(&mut visitor, KARI, acr, LoginRequest::default())
        .await??;
    let sid = session.claims.sid.clone().context("there is a sid")?;
    if let Some(fault) = fault {
        pair.simulator.arm(fault, 1);
    }
    let leaving = pair.begin_logout(&session).await?;
    visitor.open(leaving.url.as_str()).await;
    let issuer = pair.client.oidc.issuer.to_string();
    let keys = Request::builder()
        .uri(format!("{issuer}/jwks.json"))
        .body(Vec::new())?;
    let key_set = pair.simulator.call(keys).await.into_body();
    let posts = pair.simulator.take_posts();
    let tokens = posts.iter().map(|post| {
        let (_, token) = form_urlencoded::parse(post.body().as_bytes())
            .find(|(name, _)| name == "logout_token")
            .unwrap_or_default();
        token.into_owned()
    });
    Ok(Posted {
        sid,
        issuer,
        tokens: tokens.collect(),
        key_set,
        now: pair.now(),
    })
}

/// Who stands between client and simulator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Between {
    /// Nobody.
    Nobody,
    /// Somebody with keys of their own, which sign what the provider says.
    Keys,
    /// Somebody who does as the scene says.
    Scene,
}

/// A client, a simulator, and somebody between them who writes down what is said.
struct Stage {
    pair: Pair,
    visitor: Visitor,
    scene: Scene,
    between: Between,
    transcript: Transcript,
}

impl Stage {
    fn new(service: Service, scene: Scene) -> Result<Self> {
        let mut pair = Pair::new(service)?;
        pair.client.oidc.algorithms = scene.algorithms().to_vec();
        if let Some(keys) = scene.kept_keys() {
            pair.client.oidc.jwks = JwksSource::Keys(Jwks::parse(keys.as_bytes())?);
        }
        let visitor = Visitor::new(&pair.simulator);
        let mut stage = Self {
            pair,
            visitor,
            scene,
            between: Between::Scene,
            transcript: Transcript::default(),
        };
        if stage.scene.is_bound_to_key() {
            stage.renewable()?;
            stage.pair.key = Some(ProofKey::generate());
        }
        Ok(stage)
    }

    /// Lets the client have refresh tokens, and new id_tokens for them.
    fn renewable(&mut self) -> Result<()> {
        let mut client = Client::public(CLIENT_ID, REDIRECT_URI);
        client.scopes.push("digdir:dialogporten".to_owned());
        client.post_logout_redirect_uris = vec![format!("{APPLICATION}/")];
        client.grant_types.push(GrantType::RefreshToken);
        self.pair.simulator.register(client)?;
        self.pair.simulator.switch(Switch::IdTokenOnRefresh, true);
        Ok(())
    }

    /// What was armed must have been used up: else nothing was tested.
    fn happened(&self) -> Result<()> {
        let armed = self.pair.simulator.armed();
        ensure!(armed.is_empty(), "{armed:?} did not happen");
        Ok(())
    }

    /// A login that asks for everything that can be spoilt.
    async fn sign_in(&mut self) -> Result<Result<Session, Error>> {
        let service = self.pair.client.preset().service();
        let acr = level(service);
        let mut request = match service {
            Service::Ansattporten => on_behalf_of_an_organisation()?,
            _ => LoginRequest::default(),
        };
        request.acr_values = vec![acr];
        request.max_age_seconds = Some(3600);
        let person = if service == Service::Ansattporten {
            KARI
        } else {
            NORA
        };
        let hint = test_login_hint(self.pair.client.preset(), &Pid::parse(person)?, acr)?;
        request.login_hint = Some(hint);
        let redirect = match self.begin(request).await? {
            Ok(redirect) => redirect,
            Err(error) => return Ok(Err(error)),
        };
        let choice = SignIn::person(person).representing(ORGANISATION);
        let url = redirect.url.as_str();
        let mut returned = self.visitor.sign_in(url, &choice).await?;
        let mut stored = Some(redirect.pending.to_json());
        if self.between == Between::Scene {
            self.pair
                .simulator
                .clock()
                .advance(self.scene.waited_seconds());
            returned = self.scene.returned(&returned);
            stored = stored.and_then(|stored| self.scene.taken_from_storage(&stored));
        }
        self.complete(&returned, stored).await
    }

    async fn begin(&mut self, request: LoginRequest) -> Result<Result<Redirect, Error>> {
        let random = random()?;
        let start = json!({
            "flow": "begin_login",
            "client": self.client_options(),
            "request": request_options(&request),
            "random": encode(random),
            "now": self.pair.now().as_secs(),
        });
        let begun = BeginLogin::start(
            &self.pair.client,
            request,
            None,
            Entropy::new(random),
            self.pair.now(),
        );
        let redirect = self.driven(begun).await;
        let mut start = start;
        if let Ok(redirect) = &redirect {
            start["url"] = redirect.url.as_str().into();
        }
        self.transcript.ended(start, code(&redirect));
        Ok(redirect)
    }

    async fn complete(
        &mut self,
        returned: &str,
        stored: Option<String>,
    ) -> Result<Result<Session, Error>> {
        let random = random()?;
        let start = json!({
            "flow": "complete_login",
            "client": self.client_options(),
            "url": returned,
            "stored": stored,
            "proofKey": self.pair.key.as_ref().map(ProofKey::jwk),
            "random": encode(random),
            "now": self.pair.now().as_secs(),
        });
        let begun = self.completing(returned, stored.as_deref(), random);
        let session = self.driven(begun).await;
        // What came back is judged before anything is sent because of it: above all the code.
        ensure!(
            !code(&session).starts_with("callback_") || self.transcript.requests() == 0,
            "the code was sent"
        );
        self.transcript.ended(start, code(&session));
        Ok(session)
    }

    fn completing(
        &self,
        returned: &str,
        stored: Option<&str>,
        random: [u8; Entropy::BYTES],
    ) -> Result<Step<CompleteLogin>, Error> {
        let callback = Callback::parse(returned)?;
        let pending = PendingLogin::from_storage(stored)?;
        let proofs = self.proofs(random)?;
        CompleteLogin::start(
            &self.pair.client,
            callback,
            pending,
            proofs,
            self.pair.now(),
        )
    }

    async fn renew(&mut self, session: &Session) -> Result<Session, Error> {
        let random = random().map_err(|_| portvakt_oidc::TransportError::Unreachable)?;
        let start = json!({
            "flow": "refresh",
            "client": self.client_options(),
            "session": session.to_json(),
            "proofKey": self.pair.key.as_ref().map(ProofKey::jwk),
            "random": encode(random),
            "now": self.pair.now().as_secs(),
        });
        let proofs = self.proofs(random)?;
        let begun = Refresh::start(&self.pair.client, session, proofs, self.pair.now());
        let renewed = self.driven(begun).await;
        self.transcript.ended(start, code(&renewed));
        renewed
    }

    async fn leave(&mut self, session: &Session) -> Result<LogoutRedirect> {
        let random = random()?;
        let mut start = json!({
            "flow": "begin_logout",
            "client": self.client_options(),
            "session": session.to_json(),
            "random": encode(random),
            "now": self.pair.now().as_secs(),
        });
        let request = LogoutRequest::of(&session.login);
        let begun = BeginLogout::start(
            &self.pair.client.oidc,
            request,
            Entropy::new(random),
            self.pair.now(),
        )?;
        let redirect = self.drive(begun).await?;
        start["url"] = redirect.url.as_str().into();
        self.transcript.ended(start, "accepted");
        Ok(redirect)
    }

    async fn driven<F: Flow>(
        &mut self,
        step: Result<Step<F>, F::Error>,
    ) -> Result<F::Output, F::Error> {
        self.drive(step?).await
    }

    async fn drive<F: Flow>(&mut self, mut step: Step<F>) -> Result<F::Output, F::Error> {
        loop {
            step = match step {
                Step::Done(output) => return Ok(output),
                Step::Fetch { request, next } => {
                    let mut answer = self.pair.fetch(request.clone()).await;
                    answer = match self.between {
                        Between::Nobody => answer,
                        Between::Keys => Scene::new().answered(&request, answer),
                        Between::Scene => self.scene.answered(&request, answer),
                    };
                    if let Ok(response) = &answer
                        && response.body.len() > request.max_response_bytes
                    {
                        answer = Err(portvakt_oidc::TransportError::TooLarge);
                    }
                    self.transcript.fetched(&request, &answer);
                    next.resume(answer.into(), self.pair.now())?
                }
                Step::Verify { question, next } => {
                    self.transcript.verified();
                    next.resume(question.answer().into(), self.pair.now())?
                }
            };
        }
    }

    fn proofs(&self, random: [u8; Entropy::BYTES]) -> Result<Option<DpopProofs>, Error> {
        let Some(key) = &self.pair.key else {
            return Ok(None);
        };
        let key = DpopKey::from_jwk(&key.jwk()).map_err(portvakt_oidc::Error::from)?;
        let proofs = DpopProofs::new(key, Entropy::new(random));
        Ok(Some(proofs.map_err(portvakt_oidc::Error::from)?))
    }

    /// The client, as the npm package's driver hands it over.
    fn client_options(&self) -> Value {
        let oidc = &self.pair.client.oidc;
        let service = match self.pair.client.preset().service() {
            Service::Ansattporten => "ansattporten",
            _ => "idporten",
        };
        let algorithms = oidc.algorithms.iter().map(|algorithm| algorithm.as_str());
        let mut options = json!({
            "service": service,
            "issuer": oidc.issuer.as_str(),
            "environment": "local",
            "clientId": oidc.client_id,
            "redirectUri": oidc.redirect_uri.as_str(),
            "postLogoutRedirectUri": format!("{APPLICATION}/"),
            "scopes": oidc.scopes,
            "algorithms": algorithms.collect::<Vec<_>>(),
        });
        if let Some(keys) = self.scene.kept_keys() {
            options["jwks"] = keys.into();
        }
        options
    }
}

/// One login, as the npm package's driver hands it over.
fn request_options(request: &LoginRequest) -> Value {
    let acr_values = request.acr_values.iter().map(|acr| acr.as_str());
    let mut options = json!({
        "acrValues": acr_values.collect::<Vec<_>>(),
        "maxAgeSeconds": request.max_age_seconds,
        "loginHint": request.login_hint,
    });
    if request.on_behalf_of.is_some() {
        options["onBehalfOf"] = json!({ "resource": RESOURCE });
    }
    options
}

fn level(service: Service) -> Acr {
    match service {
        Service::IdPorten => Acr::IdportenLoaHigh,
        _ => Acr::High,
    }
}

fn random() -> Result<[u8; Entropy::BYTES]> {
    let mut bytes = [0; Entropy::BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
