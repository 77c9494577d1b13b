//! A login, or a renewal, in which a provider does as the row says.
//!
//! The simulator plays the provider. Before its answers reach the client they are changed here: the
//! id_token gets another header or other claims and is signed by keys that are ours, which are also
//! the ones that the key set then has.

use std::fmt;
use std::sync::LazyLock;

use portvakt_jose::Algorithm;
use portvakt_jose::base64url::{decode, encode};
use portvakt_jose::json::{self, Object, Value};
use portvakt_oidc::{HttpRequest, HttpResponse, TransportError};

use super::signer::{RS256, Signer};

/// The endpoints of a provider, as its answers are changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// The metadata.
    Metadata,
    /// The token endpoint.
    Token,
    /// The key set.
    Jwks,
    /// Userinfo.
    Userinfo,
}

type Edit = Box<dyn Fn(&mut Object) + Send + Sync>;
type Respond = Box<dyn Fn(HttpResponse) -> Result<HttpResponse, TransportError> + Send + Sync>;
type Stored = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;
type Text = Box<dyn Fn(&str) -> String + Send + Sync>;

/// What is otherwise than it should be; nothing at first.
pub struct Scene {
    signer: &'static LazyLock<Signer>,
    keys: Vec<Object>,
    /// Whether other keys were named; else they are those of the signer.
    keys_are_given: bool,
    header: Vec<Edit>,
    claims: Vec<Edit>,
    token: Vec<Text>,
    members: Vec<(Endpoint, Edit)>,
    responses: Vec<(Endpoint, Respond)>,
    callback: Vec<Text>,
    stored: Option<Stored>,
    waited_seconds: u64,
    algorithms: Vec<Algorithm>,
    is_bound: bool,
    kept_keys: Option<&'static LazyLock<Signer>>,
}

impl Scene {
    /// A scene in which all is right.
    pub fn new() -> Self {
        Self {
            signer: &RS256,
            keys: Vec::new(),
            keys_are_given: false,
            header: Vec::new(),
            claims: Vec::new(),
            token: Vec::new(),
            members: Vec::new(),
            responses: Vec::new(),
            callback: Vec::new(),
            stored: None,
            waited_seconds: 0,
            algorithms: vec![Algorithm::Rs256],
            is_bound: false,
            kept_keys: None,
        }
    }

    /// A claim of the id_token is this.
    #[must_use]
    pub fn claim(self, name: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.claims(move |claims| set(claims, name, value.clone()))
    }

    /// A claim of the id_token, which is a text, is another one.
    #[must_use]
    pub fn changed(self, name: &'static str, change: fn(&str) -> String) -> Self {
        self.claims(move |claims| alter(claims, name, change))
    }

    /// The id_token lacks a claim.
    #[must_use]
    pub fn without(self, name: &'static str) -> Self {
        self.claims(move |claims| drop(claims.remove(name)))
    }

    /// The claims are changed.
    #[must_use]
    pub fn claims(mut self, edit: impl Fn(&mut Object) + Send + Sync + 'static) -> Self {
        self.claims.push(Box::new(edit));
        self
    }

    /// A member of the id_token's header is this; without a value, it lacks it.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: Option<Value>) -> Self {
        self.header
            .push(Box::new(move |header| match value.clone() {
                Some(value) => set(header, name, value),
                None => drop(header.remove(name)),
            }));
        self
    }

    /// The text of the id_token is another one, after it was signed.
    #[must_use]
    pub fn token(mut self, change: fn(&str) -> String) -> Self {
        self.token.push(Box::new(change));
        self
    }

    /// Somebody signs, and these keys are published.
    #[must_use]
    pub(crate) fn signed_by(
        mut self,
        signer: &'static LazyLock<Signer>,
        keys: impl IntoIterator<Item = Object>,
    ) -> Self {
        self.signer = signer;
        self.keys = keys.into_iter().collect();
        self.keys_are_given = true;
        self
    }

    /// The client accepts this algorithm, and no other, and the provider says that it signs with it.
    #[must_use]
    pub fn accepting(mut self, algorithm: Algorithm) -> Self {
        self.algorithms = vec![algorithm];
        let name = Value::from(vec![algorithm.as_str()]);
        self.member(
            Endpoint::Metadata,
            "id_token_signing_alg_values_supported",
            Some(name),
        )
    }

    /// The client has a key, and its tokens are bound to it.
    #[must_use]
    pub fn bound(mut self) -> Self {
        self.is_bound = true;
        self
    }

    /// The client has been given the keys of this signer, and so asks for none at first.
    #[must_use]
    pub(crate) fn knowing(mut self, signer: &'static LazyLock<Signer>) -> Self {
        self.kept_keys = Some(signer);
        self
    }

    /// A member of an endpoint's answer is this; without a value, it is not there.
    #[must_use]
    pub fn member(mut self, endpoint: Endpoint, name: &'static str, value: Option<Value>) -> Self {
        self.members.push((
            endpoint,
            Box::new(move |members| match value.clone() {
                Some(value) => set(members, name, value),
                None => drop(members.remove(name)),
            }),
        ));
        self
    }

    /// A text in an endpoint's answer is another one.
    #[must_use]
    pub fn changed_member(
        mut self,
        endpoint: Endpoint,
        name: &'static str,
        change: fn(&str) -> String,
    ) -> Self {
        self.members.push((
            endpoint,
            Box::new(move |members| alter(members, name, change)),
        ));
        self
    }

    /// An endpoint answers otherwise.
    #[must_use]
    pub fn response(
        mut self,
        endpoint: Endpoint,
        respond: impl Fn(HttpResponse) -> Result<HttpResponse, TransportError> + Send + Sync + 'static,
    ) -> Self {
        self.responses.push((endpoint, Box::new(respond)));
        self
    }

    /// An endpoint's answer has this body.
    #[must_use]
    pub fn body(mut self, endpoint: Endpoint, body: fn() -> String) -> Self {
        self.responses.push((
            endpoint,
            Box::new(move |response| {
                Ok(HttpResponse {
                    body: body().into_bytes(),
                    ..response
                })
            }),
        ));
        self
    }

    /// The address that the person comes back to is another one.
    #[must_use]
    pub fn callback(mut self, change: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.callback.push(Box::new(change));
        self
    }

    /// What the application stored meanwhile is something else, or gone.
    #[must_use]
    pub fn stored(
        mut self,
        change: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.stored = Some(Box::new(change));
        self
    }

    /// The person takes this long.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.waited_seconds = seconds;
        self
    }

    pub(super) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    pub(super) fn is_bound_to_key(&self) -> bool {
        self.is_bound
    }

    pub(super) fn kept_keys(&self) -> Option<String> {
        let signer = self.kept_keys?;
        Some(key_set(&[signer.jwk()]))
    }

    pub(super) fn waited_seconds(&self) -> u64 {
        self.waited_seconds
    }

    pub(super) fn returned(&self, url: &str) -> String {
        let changes = self.callback.iter();
        changes.fold(url.to_owned(), |url, change| change(&url))
    }

    pub(super) fn taken_from_storage(&self, stored: &str) -> Option<String> {
        match &self.stored {
            Some(change) => change(stored),
            None => Some(stored.to_owned()),
        }
    }

    /// The answer as the client gets it.
    pub(super) fn answered(
        &self,
        request: &HttpRequest,
        response: Result<HttpResponse, TransportError>,
    ) -> Result<HttpResponse, TransportError> {
        let (Some(endpoint), Ok(response)) = (endpoint_of(request), response.clone()) else {
            return response;
        };
        let mut response = response;
        if endpoint == Endpoint::Jwks {
            let own = [self.signer.jwk()];
            let keys = if self.keys_are_given {
                self.keys.as_slice()
            } else {
                &own
            };
            // The set may be at another address than the simulator's.
            response.status = 200;
            response.headers = vec![("content-type".to_owned(), "application/json".to_owned())];
            response.body = key_set(keys).into_bytes();
        }
        let edits: Vec<_> = self
            .members
            .iter()
            .filter(|(of, _)| *of == endpoint)
            .collect();
        if (endpoint == Endpoint::Token || !edits.is_empty())
            && let Some(mut members) = object(&response.body)
        {
            if let Some(token) = members.get("id_token").and_then(Value::as_str) {
                let token = self.signed_anew(token);
                set(&mut members, "id_token", token.into());
            }
            for (_, edit) in edits {
                edit(&mut members);
            }
            response.body = Value::Object(members).to_json().into_bytes();
        }
        for (_, respond) in self.responses.iter().filter(|(of, _)| *of == endpoint) {
            response = respond(response)?;
        }
        Ok(response)
    }

    /// The id_token with what the scene changes in it, signed by the scene's signer.
    fn signed_anew(&self, token: &str) -> String {
        let claims = token.split('.').nth(1).and_then(|part| decode(part).ok());
        let Some(mut claims) = claims.as_deref().and_then(object) else {
            return token.to_owned();
        };
        let mut header = Object::new();
        header.insert("alg", self.signer.alg);
        header.insert("kid", self.signer.kid);
        for edit in &self.header {
            edit(&mut header);
        }
        for edit in &self.claims {
            edit(&mut claims);
        }
        let token = self.signer.token(&header, &claims);
        let changes = self.token.iter();
        changes.fold(token, |token, change| change(&token))
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scene")
    }
}

/// The text with one bit of the last part changed.
pub fn with_wrong_signature(token: &str) -> String {
    with_part(token, 2, |bytes| {
        if let Some(first) = bytes.first_mut() {
            *first ^= 1;
        }
    })
}

/// The text with a part of which the bytes are changed.
pub fn with_part(token: &str, index: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    if let Some(part) = parts.get_mut(index) {
        let mut bytes = decode(&*part).unwrap_or_default();
        change(&mut bytes);
        *part = encode(bytes);
    }
    parts.join(".")
}

/// A key set as it is published.
pub fn key_set(keys: &[Object]) -> String {
    let mut set = Object::new();
    set.insert("keys", keys.iter().cloned().collect::<Value>());
    Value::Object(set).to_json()
}

/// A query parameter of an address with another value; without one, it is left out.
pub fn with_parameter(url: &str, name: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let pairs = url::form_urlencoded::parse(query.as_bytes()).filter_map(|(key, value)| {
        let value = if key == name {
            change(&value)?
        } else {
            value.into_owned()
        };
        Some((key.into_owned(), value))
    });
    let pairs: Vec<_> = pairs.collect();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{address}?{query}")
}

fn endpoint_of(request: &HttpRequest) -> Option<Endpoint> {
    let path = request.url.path();
    Some(match path.rsplit('/').next()? {
        "openid-configuration" => Endpoint::Metadata,
        "token" => Endpoint::Token,
        "userinfo" => Endpoint::Userinfo,
        name if name.starts_with("jwks") => Endpoint::Jwks,
        _ => return None,
    })
}

pub(super) fn object(bytes: &[u8]) -> Option<Object> {
    json::parse(bytes, 1 << 20).ok()?.into_object()
}

pub(super) fn set(object: &mut Object, name: &str, value: Value) {
    object.insert(name, value);
}

fn alter(object: &mut Object, name: &str, change: fn(&str) -> String) {
    if let Some(text) = object.get(name).and_then(Value::as_str) {
        let text = change(text);
        object.insert(name, text);
    }
}
