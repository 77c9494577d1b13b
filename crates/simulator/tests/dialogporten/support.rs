//! A simulator at a fixed time, people who sign in without a browser, and requests to Dialogporten.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use portvakt_simulator::{Options, Origin, ProviderName, Simulator};
use serde_json::{Value, json};

/// 2026-09-21T14:13:20Z.
pub(crate) const NOW: u64 = 1_790_000_000;
/// Seconds in a day.
pub(crate) const DAY: u64 = 86_400;
pub(crate) const API: &str = "http://127.0.0.1:8105/dialogporten/api/v1";

/// Managing director of 310000019 with its sub-units, and more.
pub(crate) const KARI: &str = "15868510045";
/// Has single rights in 312223333.
pub(crate) const OLA: &str = "15868510126";
/// Represents nobody.
pub(crate) const NORA: &str = "15868510207";

pub(crate) const PROVE_AS: &str = "urn:altinn:organization:identifier-no:310000019";
pub(crate) const PROVE_OSLO: &str = "urn:altinn:organization:identifier-no:312223333";
pub(crate) const KOMMUNE: &str = "urn:altinn:organization:identifier-no:314445554";
pub(crate) const ETAT: &str = "urn:altinn:organization:identifier-no:317778880";

pub(crate) const SUBSTANTIAL: &str = "idporten-loa-substantial";
pub(crate) const HIGH: &str = "idporten-loa-high";

const REDIRECT_URI: &str = "http://localhost:8080/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const SCOPE: &str = "openid profile digdir:dialogporten";

/// What a person gets for signing in.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) id_token: String,
}

/// A response, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The `errors` of a problem document, whose other members are checked here.
    #[track_caller]
    pub(crate) fn errors(&self) -> Value {
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        let trace = problem["traceId"].as_str().expect("a trace id");
        assert_eq!((trace.len(), &trace[..3]), (55, "00-"));
        assert!(
            problem["type"]
                .as_str()
                .is_some_and(|it| it.starts_with("https://")),
            "{problem}"
        );
        problem["errors"].clone()
    }

    /// The titles of the items of a search, in the first of their languages.
    #[track_caller]
    pub(crate) fn titles(&self) -> Vec<String> {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        let result = self.json();
        let items = result["items"].as_array().expect("items");
        items.iter().map(title).collect()
    }
}

/// The title of an item or a dialog, in the first of its languages.
pub(crate) fn title(dialog: &Value) -> String {
    let title = &dialog["content"]["title"]["value"][0]["value"];
    title.as_str().expect("a title").to_owned()
}

/// A simulator with a registered application.
pub(crate) struct Fixture {
    pub(crate) simulator: Simulator,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::new(8100);
        options.now = Some(NOW);
        let client = json!({
            "client_id": "inbox",
            "redirect_uris": [REDIRECT_URI],
            "scopes": ["openid", "profile", "digdir:dialogporten"],
        });
        options.clients = vec![serde_json::from_value(client).expect("a client")];
        change(&mut options);
        Self {
            simulator: Simulator::new(options).expect("options in order"),
        }
    }

    /// A request with a bearer token, if one is given, and with these headers.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(url);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.as_bytes().to_vec()).expect("a request");
        let (parts, body) = self.simulator.call(request).await.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Reads below the API's base.
    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        self.send(Method::GET, &format!("{API}{path}"), Some(token), &[], "")
            .await
    }

    /// Searches with the query.
    pub(crate) async fn search(&self, token: &str, query: &str) -> Answer {
        self.get(token, &format!("/enduser/dialogs?{query}")).await
    }

    /// The one item of the party whose title has this in some language.
    pub(crate) async fn item(&self, token: &str, party: &str, part_of_title: &str) -> Value {
        let found = self
            .search(token, &format!("party={party}&limit=1000"))
            .await
            .json();
        let items = found["items"].as_array().expect("items");
        let has_it = |item: &&Value| item["content"]["title"].to_string().contains(part_of_title);
        let mut hits = items.iter().filter(has_it);
        let hit = hits
            .next()
            .unwrap_or_else(|| panic!("no dialog with {part_of_title}"));
        assert!(
            hits.next().is_none(),
            "{part_of_title} is in more than one title"
        );
        hit.clone()
    }

    /// The id of that item.
    pub(crate) async fn id(&self, token: &str, party: &str, part_of_title: &str) -> String {
        let item = self.item(token, party, part_of_title).await;
        item["id"].as_str().expect("an id").to_owned()
    }

    /// Signs in at ID-porten with the scope of the API.
    pub(crate) async fn idporten(&self, pid: &str, acr: &str) -> String {
        self.sign_in(ProviderName::Idporten, pid, acr, SCOPE, None)
            .await
            .access_token
    }

    /// Signs in at Ansattporten with the scope of the API and no representation.
    pub(crate) async fn ansattporten(&self, pid: &str) -> String {
        self.sign_in(ProviderName::Ansattporten, pid, "substantial", SCOPE, None)
            .await
            .access_token
    }

    /// Signs in at Ansattporten on behalf of an organisation (number) with a resource (bare id).
    pub(crate) async fn ansattporten_for(&self, pid: &str, number: &str, resource: &str) -> String {
        let details = json!([{
            "type": "ansattporten:altinn:resource",
            "resource": format!("urn:altinn:resource:{resource}"),
        }]);
        let representation = Some((details.to_string(), number));
        self.sign_in(
            ProviderName::Ansattporten,
            pid,
            "high",
            SCOPE,
            representation,
        )
        .await
        .access_token
    }

    /// Signs in without a browser; a representation is asked for and then chosen by number.
    pub(crate) async fn sign_in(
        &self,
        provider: ProviderName,
        pid: &str,
        acr: &str,
        scope: &str,
        representation: Option<(String, &str)>,
    ) -> Tokens {
        let origins = self.simulator.origins();
        let login = origins.login(provider);
        let hint = format!("testid:{pid}_{acr}");
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let mut query = vec![
            ("client_id", "inbox"),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "a-state-that-is-long-enough"),
            ("nonce", "a-nonce-that-is-long-enough"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("acr_values", acr),
            ("login_hint", &hint),
        ];
        if let Some((details, _)) = &representation {
            query.push(("authorization_details", details));
        }
        let url = format!("{login}/authorize?{}", form(&query));
        let answer = self.send(Method::GET, &url, None, &[], "").await;
        let mut location = location(&answer);
        if let Some((_, number)) = &representation {
            let transaction = location
                .split_once("tx=")
                .expect("a login under way")
                .1
                .to_owned();
            let body = form(&[("tx", &transaction), ("party", number)]);
            let headers = [
                (COOKIE.as_str(), cookies(&answer)),
                (
                    CONTENT_TYPE.as_str(),
                    "application/x-www-form-urlencoded".to_owned(),
                ),
            ];
            let headers = headers
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            let url = format!("{login}/login/representation");
            location = self::location(&self.send(Method::POST, &url, None, &headers, &body).await);
        }
        self.redeem(provider, &location).await
    }

    async fn redeem(&self, provider: ProviderName, location: &str) -> Tokens {
        let query = location.split_once('?').expect("a callback").1;
        let code = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "code")
            .unwrap_or_else(|| panic!("no code in {location}"))
            .1
            .into_owned();
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT_URI),
            ("client_id", "inbox"),
            ("code_verifier", VERIFIER),
        ]);
        let url = format!("{}/token", self.simulator.origins().issuer(provider));
        let headers = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")];
        let tokens = self
            .send(Method::POST, &url, None, &headers, &body)
            .await
            .json();
        let token = |name: &str| tokens[name].as_str().expect("a token").to_owned();
        Tokens {
            access_token: token("access_token"),
            id_token: token("id_token"),
        }
    }

    /// Sends JSON to the control API.
    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!(
            "{}/api/{path}",
            self.simulator.origins().url(Origin::Control)
        );
        let headers = [(CONTENT_TYPE.as_str(), "application/json")];
        self.send(method, &url, None, &headers, &body.to_string())
            .await
    }
}

/// Deletes an opened dialog by its own action, as a portal does.
pub(crate) async fn delete(fixture: &Fixture, dialog: &Value) {
    let actions = dialog["guiActions"].as_array().expect("actions");
    let action = actions
        .iter()
        .find(|action| action["isDeleteDialogAction"] == true);
    let url = action.expect("an action that deletes")["url"]
        .as_str()
        .expect("a URL");
    let token = dialog["dialogToken"].as_str();
    let answer = fixture.send(Method::DELETE, url, token, &[], "").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
}

/// The claims of a JWS, unverified.
pub(crate) fn claims(token: &str) -> Value {
    decoded(token, 1)
}

/// The header of a JWS.
pub(crate) fn jws_header(token: &str) -> Value {
    decoded(token, 0)
}

fn decoded(token: &str, part: usize) -> Value {
    let part = token.split('.').nth(part).expect("a compact JWS");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[track_caller]
fn location(answer: &Answer) -> String {
    let location = answer
        .headers
        .get(LOCATION)
        .and_then(|value| value.to_str().ok());
    location
        .unwrap_or_else(|| panic!("no redirect: {} {}", answer.status, answer.text()))
        .to_owned()
}

fn cookies(answer: &Answer) -> String {
    let all = answer.headers.get_all(SET_COOKIE).iter();
    let pairs = all.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}
