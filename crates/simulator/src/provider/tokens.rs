//! The tokens of a grant, claim by claim as the real services issue them.

mod forge;
mod representation;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::clients::{AccessTokenType, RefreshTokenUsage};
use crate::faults::Fault;
use crate::provider_name::ProviderName;
use crate::random;
use crate::state::State;
use crate::switches::Switch;
use crate::world::{Person, Pid};

use self::representation::Representation;
use super::Provider;
use super::sessions::Login;
use super::store::{Grant, RefreshToken};

/// How long an id_token is valid, in seconds, as in every sample.
const ID_TOKEN_LIFETIME: u64 = 120;

/// What a token request came with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issue<'a> {
    /// The key that the tokens are bound to (RFC 9449 §5).
    pub(crate) jkt: Option<&'a str>,
    /// The refresh token; `None` for a code.
    pub(crate) renewed: Option<&'a str>,
}

/// The members of a token response (RFC 6749 §5.1, RFC 9396 §7) for a grant, with tokens that are
/// remembered as the grant's.
///
/// An id_token is part of the answer to a code; the answer to a refresh token has one where that is
/// switched on.
pub(crate) fn token_response(
    state: &State,
    provider: &Provider,
    grant_id: &str,
    grant: &Grant,
    issue: Issue<'_>,
) -> Map<String, Value> {
    let is_renewal = issue.renewed.is_some();
    let now = state.clock.now();
    let person = state.world().person(&grant.login.pid).cloned();
    let representation = Representation::of(state, grant, is_renewal);
    let sub = subject(
        provider.name(),
        &grant.client.client_id,
        &grant.login,
        person.as_ref(),
    );
    let jkt = issue
        .jkt
        .filter(|_| !state.faults.take(Fault::DpopDowngraded));
    let access_token = access_token(provider, grant_id, grant, &sub, &representation, jkt, now);
    let mut response = Map::new();
    if (!is_renewal || state.switches.is_on(Switch::IdTokenOnRefresh))
        && grant.scope.iter().any(|scope| scope == "openid")
        && !state.faults.take(Fault::IdTokenMissing)
    {
        let mut claims =
            id_token_claims(provider, grant, person.as_ref(), &sub, &representation, now);
        if is_renewal {
            // OIDC Core §12.2: it should have no nonce.
            claims.remove("nonce");
            forge::spoil_renewed(state, provider, grant, &mut claims);
        }
        let id_token = if state.faults.take(Fault::AccessTokenAsIdToken) {
            access_token.clone()
        } else {
            forge::id_token(state, provider, grant, claims, now)
        };
        response.insert("id_token".to_owned(), id_token.into());
    }
    if !state.faults.take(Fault::AccessTokenMissing) {
        response.insert("access_token".to_owned(), access_token.into());
    }
    let token_type = if state.faults.take(Fault::TokenTypeUnknown) {
        "mac"
    } else if jkt.is_some() {
        "DPoP"
    } else {
        "Bearer"
    };
    response.insert("token_type".to_owned(), token_type.into());
    response.insert(
        "expires_in".to_owned(),
        grant.client.access_token_lifetime.into(),
    );
    response.insert("scope".to_owned(), grant.scope.join(" ").into());
    if let Some(details) = representation.in_response {
        response.insert("authorization_details".to_owned(), details);
    }
    if grant.client.may_refresh(issue.jkt.is_some())
        && !(is_renewal && state.faults.take(Fault::RenewalWithoutRefreshToken))
    {
        let is_repeated = is_renewal && state.faults.take(Fault::RenewalRepeatsRefreshToken);
        let token = match issue.renewed {
            Some(used)
                if is_repeated || grant.client.refresh_token_usage == RefreshTokenUsage::Reuse =>
            {
                used.to_owned()
            }
            _ => new_refresh_token(provider, grant_id, grant, issue.jkt, now),
        };
        response.insert("refresh_token".to_owned(), token.into());
        // However often it is renewed, it does not outlive the authorization.
        let left = (grant.granted + grant.client.authorization_lifetime).saturating_sub(now);
        response.insert(
            "refresh_token_expires_in".to_owned(),
            grant.client.refresh_token_lifetime.min(left).into(),
        );
    }
    response
}

/// A new refresh token, remembered as the grant's.
///
/// One of a client that does not authenticate is bound to the key of the request (RFC 9449 §5).
fn new_refresh_token(
    provider: &Provider,
    grant_id: &str,
    grant: &Grant,
    jkt: Option<&str>,
    now: u64,
) -> String {
    let token = refresh_token();
    let entry = RefreshToken {
        grant: grant_id.to_owned(),
        issued: now,
        is_used: false,
        jkt: jkt.filter(|_| grant.client.is_public()).map(str::to_owned),
    };
    let mut store = provider.store();
    store.refresh_tokens.insert(fingerprint(&token), entry);
    token
}

/// The claims of an access token, of either type, that this provider has issued.
///
/// Times and revocation are the caller's to check. An id_token has no `client_id`.
pub(crate) fn access_token_claims(
    provider: &Provider,
    token: &str,
) -> Result<Map<String, Value>, &'static str> {
    let opaque = provider
        .store()
        .opaque_tokens
        .get(&fingerprint(token))
        .cloned();
    let claims = match opaque {
        Some(claims) => claims,
        None => provider
            .keys()
            .verify(token)
            .map_err(|_| "The token is not an access token of this provider.")?,
    };
    if claims.contains_key("client_id") && claims.contains_key("jti") {
        Ok(claims)
    } else {
        Err("The token is not an access token; send no id_token here.")
    }
}

/// The grant of an access token that is still good.
pub(crate) fn live_grant(
    provider: &Provider,
    claims: &Map<String, Value>,
    now: u64,
) -> Result<Grant, &'static str> {
    let expires = claims.get("exp").and_then(Value::as_u64);
    if expires.is_none_or(|expires| now >= expires) {
        return Err("The token has expired.");
    }
    let store = provider.store();
    let jti = claims.get("jti").and_then(Value::as_str);
    let grant = jti
        .and_then(|jti| store.access_tokens.get(jti))
        .and_then(|grant| store.grants.get(grant))
        .filter(|grant| !grant.is_revoked);
    grant.cloned().ok_or("The token was revoked.")
}

/// The key under which a refresh or opaque token is remembered.
pub(crate) fn fingerprint(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}

/// The pairwise subject (OIDC Core §8.1): the same for a person and a client as long as both exist.
///
/// People without a person number at the provider are told apart by their e-mail address.
pub(crate) fn subject(
    provider: ProviderName,
    client_id: &str,
    login: &Login,
    person: Option<&Person>,
) -> String {
    let name = match person.and_then(|person| person.email.as_deref()) {
        Some(email) if !login.acr.has_pid() => email,
        _ => login.pid.as_str(),
    };
    let input = format!("portvakt-simulator\n{provider}\n{client_id}\n{name}");
    URL_SAFE_NO_PAD.encode(digest(&SHA256, input.as_bytes()))
}

/// What userinfo says about the person (OIDC Core §5.3.2).
pub(crate) fn userinfo_claims(
    provider: &Provider,
    grant: &Grant,
    person: Option<&Person>,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let sub = subject(
        provider.name(),
        &grant.client.client_id,
        &grant.login,
        person,
    );
    claims.insert("sub".to_owned(), sub.into());
    add_pid(&mut claims, grant, &grant.login.pid);
    claims.insert("locale".to_owned(), grant.locale.as_str().into());
    if let Some(person) = person {
        claims.insert("given_name".to_owned(), person.given_name.clone().into());
        claims.insert("family_name".to_owned(), person.family_name.clone().into());
        add_email(&mut claims, grant, person);
    }
    if let Some(details) = &grant.authorization_details {
        claims.insert("authorization_details".to_owned(), details.clone());
    }
    claims
}

fn id_token_claims(
    provider: &Provider,
    grant: &Grant,
    person: Option<&Person>,
    sub: &str,
    representation: &Representation,
    now: u64,
) -> Map<String, Value> {
    let client = &grant.client;
    let mut claims = object([
        ("iss", provider.issuer().into()),
        ("aud", client.client_id.as_str().into()),
        ("sub", sub.into()),
        ("acr", grant.login.acr.name(provider.name()).into()),
        ("amr", json!(grant.login.amr)),
        ("auth_time", grant.login.auth_time.into()),
        ("iat", now.into()),
        ("exp", (now + ID_TOKEN_LIFETIME).into()),
        ("jti", random::token::<8>().into()),
        ("locale", grant.locale.as_str().into()),
    ]);
    add_pid(&mut claims, grant, &grant.login.pid);
    if let Some(nonce) = &grant.nonce {
        claims.insert("nonce".to_owned(), nonce.as_str().into());
    }
    if client.has_sid() {
        claims.insert("sid".to_owned(), grant.sid.as_str().into());
    }
    if let Some(person) = person {
        add_email(&mut claims, grant, person);
        if provider.name() == ProviderName::Ansattporten && !grant.login.acr.has_pid() {
            claims.insert(
                "groups".to_owned(),
                json!(person.groups.iter().take(20).collect::<Vec<_>>()),
            );
            if grant.scope.iter().any(|scope| scope == "profile") {
                claims.insert("given_name".to_owned(), person.given_name.clone().into());
                claims.insert("family_name".to_owned(), person.family_name.clone().into());
            }
        }
    }
    if let Some(details) = &representation.in_id_token {
        claims.insert("authorization_details".to_owned(), details.clone());
    }
    claims
}

fn access_token(
    provider: &Provider,
    grant_id: &str,
    grant: &Grant,
    sub: &str,
    representation: &Representation,
    jkt: Option<&str>,
    now: u64,
) -> String {
    let client = &grant.client;
    let jti = random::token::<8>();
    let mut claims = object([
        ("iss", provider.issuer().into()),
        ("sub", sub.into()),
        ("acr", grant.login.acr.name(provider.name()).into()),
        ("scope", grant.scope.join(" ").into()),
        ("client_id", client.client_id.as_str().into()),
        (
            "client_amr",
            client.token_endpoint_auth_method.as_str().into(),
        ),
        (
            "consumer",
            json!({ "authority": "iso6523-actorid-upis", "ID": client.client_orgno.iso6523() }),
        ),
        ("iat", now.into()),
        ("exp", (now + client.access_token_lifetime).into()),
        ("jti", jti.as_str().into()),
    ]);
    add_pid(&mut claims, grant, &grant.login.pid);
    if let Some(jkt) = jkt {
        claims.insert("cnf".to_owned(), json!({ "jkt": jkt }));
    }
    match grant.resource.as_slice() {
        [] => {}
        [resource] => drop(claims.insert("aud".to_owned(), resource.as_str().into())),
        resources => drop(claims.insert("aud".to_owned(), json!(resources))),
    }
    if let Some(details) = &representation.in_response {
        claims.insert("authorization_details".to_owned(), details.clone());
    }
    provider
        .store()
        .access_tokens
        .insert(jti, grant_id.to_owned());
    if client.access_token_type == AccessTokenType::Opaque {
        let token = random::token::<32>();
        let mut store = provider.store();
        store.opaque_tokens.insert(fingerprint(&token), claims);
        return token;
    }
    let header = object([("x5c", json!([provider.keys().current().x5c()]))]);
    provider
        .keys()
        .sign(header, &Value::Object(claims).to_string())
}

/// Looks like the encrypted token of the real services (`dir`, `A128CBC-HS256`, about two kilobytes)
/// and is nothing but random.
fn refresh_token() -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"enc":"A128CBC-HS256","alg":"dir"}"#);
    let (iv, text, tag) = (
        random::token::<16>(),
        random::token::<1408>(),
        random::token::<16>(),
    );
    format!("{header}..{iv}.{text}.{tag}")
}

fn add_pid(claims: &mut Map<String, Value>, grant: &Grant, pid: &Pid) {
    if grant.login.acr.has_pid() {
        claims.insert("pid".to_owned(), pid.as_str().into());
    }
}

fn add_email(claims: &mut Map<String, Value>, grant: &Grant, person: &Person) {
    if let Some(email) = person
        .email
        .as_deref()
        .filter(|_| !grant.login.acr.has_pid())
    {
        claims.insert("email".to_owned(), email.into());
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
