//! The smaller endpoints of the issuer: metadata, keys, userinfo, PAR and revocation.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::dpop::{self, PossessionError, Proven, Scheme};
use crate::eid::Acr;
use crate::events::Note;
use crate::faults::Fault;
use crate::locale::Locale;
use crate::origins::Origins;
use crate::provider_name::ProviderName;
use crate::random;
use crate::state::{Shared, State};
use crate::switches::Switch;

use super::Provider;
use super::client_auth::authenticate;
use super::error::{OAuthError, no_store, unavailable};
use super::params::Params;
use super::rar::DetailsType;
use super::request::{AuthorizationRequest, Refusal, ResponseMode};
use super::store::{Grant, PUSHED_LIFETIME, Pushed};
use super::tokens::{access_token_claims, fingerprint, live_grant, userinfo_claims};

type Origin = FromState<(Shared, ProviderName)>;

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery §3).
pub(crate) async fn metadata(FromState((state, name)): Origin) -> Response {
    let take = |fault| state.faults.take(fault);
    if take(Fault::DiscoveryDown) {
        return unavailable();
    }
    let mut metadata = provider_metadata(&state, state.provider(name));
    if take(Fault::DiscoveryIssuerMismatch) {
        metadata["issuer"] = format!("{}/", state.origins.issuer(name)).into();
    }
    if take(Fault::DiscoveryWithoutS256) {
        metadata["code_challenge_methods_supported"] = json!(["plain"]);
    }
    if take(Fault::DiscoveryInsecureEndpoint) {
        metadata["token_endpoint"] = "http://provider.example/token".into();
    }
    no_store(Json(metadata).into_response())
}

fn provider_metadata(state: &State, provider: &Provider) -> Value {
    let (issuer, login) = (provider.issuer(), state.origins.login(provider.name()));
    let acr_values: Vec<&str> = Acr::supported(provider.name())
        .map(|(_, name)| name)
        .collect();
    let details: Vec<&str> = DetailsType::supported(provider.name(), state.settings().rar_profile)
        .map(DetailsType::as_str)
        .collect();
    let mut scopes = vec!["openid", "profile"];
    let clients = state.clients.all();
    for (_, client) in clients.iter().filter(|(name, _)| *name == provider.name()) {
        for scope in &client.scopes {
            if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
    }
    let mut metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{login}/authorize"),
        "end_session_endpoint": format!("{login}/logout"),
        "token_endpoint": format!("{issuer}/token"),
        "pushed_authorization_request_endpoint": format!("{issuer}/par"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "introspection_endpoint": format!("{issuer}/tokenintrospect"),
        "jwks_uri": format!("{issuer}/jwks.json"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::SUPPORTED,
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "id_token_signing_alg_values_supported": [provider.keys().algorithm().as_str()],
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": acr_values,
        "ui_locales_supported": Locale::ALL.map(Locale::as_str),
        "prompt_values_supported": ["login", "none"],
        "authorization_details_types_supported": details,
        "authorization_response_iss_parameter_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_pushed_authorization_requests": false,
    });
    if state.switches.is_on(Switch::dpop(provider.name())) {
        metadata["dpop_signing_alg_values_supported"] = json!(dpop::algorithms());
    }
    metadata
}

/// `GET /jwks.json` (RFC 7517 §5).
pub(crate) async fn jwks(FromState((state, name)): Origin) -> Response {
    let take = |fault| state.faults.take(fault);
    if take(Fault::JwksDown) {
        return unavailable();
    }
    if take(Fault::JwksMalformed) {
        let json = HeaderValue::from_static("application/json");
        return no_store(
            (
                StatusCode::OK,
                [(header::CONTENT_TYPE, json)],
                "{\"keys\":[",
            )
                .into_response(),
        );
    }
    let keys = if take(Fault::JwksEmpty) {
        json!({ "keys": [] })
    } else {
        state.provider(name).keys().jwks()
    };
    no_store(Json(keys).into_response())
}

/// `GET` and `POST /userinfo` (OIDC Core §5.3).
pub(crate) async fn userinfo(
    FromState((state, name)): Origin,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let take = |fault| state.faults.take(fault);
    if take(Fault::UserinfoDown) {
        return unavailable();
    }
    let provider = state.provider(name);
    let grant = match grant_of_token(&state, provider, &method, &headers) {
        Ok(grant) => grant,
        Err(refusal) => return refusal.into_response(),
    };
    let person = state.world().person(&grant.login.pid).cloned();
    let mut claims = userinfo_claims(provider, &grant, person.as_ref());
    if take(Fault::UserinfoOtherSub) {
        claims.insert("sub".to_owned(), random::token::<32>().into());
    }
    if take(Fault::UserinfoMissingSub) {
        claims.remove("sub");
    }
    no_store(Json(Value::Object(claims)).into_response())
}

/// An answer of RFC 6750 §3.1 or RFC 9449 §7.1.
enum TokenRefusal {
    /// There is no token: the challenges alone.
    Missing {
        /// Whether DPoP would do as well.
        dpop: bool,
    },
    Invalid(Scheme, &'static str),
    Insufficient(Scheme),
    Possession(PossessionError),
}

impl IntoResponse for TokenRefusal {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::Missing { dpop: false } => (StatusCode::UNAUTHORIZED, "Bearer".to_owned()),
            Self::Missing { dpop: true } => (
                StatusCode::UNAUTHORIZED,
                format!("Bearer, DPoP algs=\"{}\"", dpop::algorithms().join(" ")),
            ),
            Self::Invalid(scheme, why) => (
                StatusCode::UNAUTHORIZED,
                format!(
                    "{} error=\"invalid_token\", error_description=\"{why}\"",
                    scheme.as_str()
                ),
            ),
            Self::Insufficient(scheme) => (
                StatusCode::FORBIDDEN,
                format!(
                    "{} error=\"insufficient_scope\", error_description=\"The token needs the scope \
                     profile.\", scope=\"profile\"",
                    scheme.as_str()
                ),
            ),
            Self::Possession(error) => {
                let mut response = StatusCode::UNAUTHORIZED.into_response();
                error.mark(&mut response);
                response.extensions_mut().insert(Note(error.challenge()));
                return no_store(response);
            }
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Note(challenge.clone()));
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, value);
        }
        no_store(response)
    }
}

fn grant_of_token(
    state: &State,
    provider: &Provider,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Grant, TokenRefusal> {
    let dpop = state.switches.is_on(Switch::dpop(provider.name()));
    let (scheme, token) = Scheme::of(headers).ok_or(TokenRefusal::Missing { dpop })?;
    let invalid = |why| TokenRefusal::Invalid(scheme, why);
    let now = state.clock.now();
    let claims = access_token_claims(provider, token).map_err(invalid)?;
    let grant = live_grant(provider, &claims, now).map_err(invalid)?;
    let request = Proven {
        method: method.as_str(),
        url: &format!("{}/userinfo", provider.issuer()),
        access_token: Some(token),
        nonce_of: state.nonce_of(Origins::issuer_origin(provider.name())),
        is_lenient: state.switches.is_on(Switch::DpopWideIat),
    };
    state
        .dpop
        .check_possession(scheme, &claims, headers, request, now)
        .map_err(TokenRefusal::Possession)?;
    let scope = claims
        .get("scope")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !scope.split(' ').any(|scope| scope == "profile") {
        return Err(TokenRefusal::Insufficient(scheme));
    }
    Ok(grant)
}

/// `POST /par` (RFC 9126 §2).
pub(crate) async fn push(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if state.faults.take(Fault::ParDown) {
        return unavailable();
    }
    match pushed(&state, state.provider(name), &headers, &body) {
        Ok(request_uri) => {
            let body = json!({ "request_uri": request_uri, "expires_in": PUSHED_LIFETIME });
            no_store((StatusCode::CREATED, Json(body)).into_response())
        }
        Err(error) => error.into_response(),
    }
}

fn pushed(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<String, OAuthError> {
    let params = Params::parse_form(headers, body)?;
    let client = authenticate(state, provider.name(), headers, &params)?;
    if params.one("request_uri")?.is_some() {
        return Err(OAuthError::invalid_request(
            "A pushed request cannot contain a request_uri.",
        ));
    }
    // A client with Basic authentication need not repeat its name in the form.
    let params = params
        .without("client_secret")
        .with("client_id", &client.client_id);
    // What would be refused later is refused now (RFC 9126 §2.1).
    AuthorizationRequest::check(&params, provider.name(), state).map_err(
        |refusal| match refusal {
            Refusal::Page(error) | Refusal::Redirect(_, error) => error,
        },
    )?;
    let request_uri = format!("urn:idporten:{}", random::token::<32>());
    let entry = Pushed {
        client_id: client.client_id.clone(),
        params,
        pushed: state.clock.now(),
    };
    provider.store().pushed.insert(request_uri.clone(), entry);
    Ok(request_uri)
}

/// `POST /tokenintrospect` (RFC 7662 §2): what a token says and whether it is good.
pub(crate) async fn introspect(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match introspected(&state, state.provider(name), &headers, &body) {
        Ok(claims) => no_store(Json(Value::Object(claims)).into_response()),
        Err(error) => error.into_response(),
    }
}

fn introspected(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Map<String, Value>, OAuthError> {
    /// What an API's own client must be registered with.
    const SCOPE: &str = "idporten:token.introspection";
    let params = Params::parse_form(headers, body)?;
    let client = authenticate(state, provider.name(), headers, &params)?;
    if client.is_public() || !client.scopes.iter().any(|scope| scope == SCOPE) {
        return Err(OAuthError::new(
            "unauthorized_client",
            "Only a client with a secret and the scope idporten:token.introspection can look into tokens.",
        ));
    }
    let token = params.required("token")?;
    let now = state.clock.now();
    // Why a token is not good is nobody's business (RFC 7662 §2.2).
    let good = access_token_claims(provider, token)
        .and_then(|claims| live_grant(provider, &claims, now).map(|_| claims));
    let mut answer = good.unwrap_or_default();
    let is_active = !answer.is_empty();
    answer.insert("active".to_owned(), is_active.into());
    Ok(answer)
}

/// `POST /revoke` (RFC 7009 §2): the token and everything else of its grant.
pub(crate) async fn revoke(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if state.faults.take(Fault::RevocationDown) {
        return unavailable();
    }
    match revoked(&state, state.provider(name), &headers, &body) {
        Ok(()) => no_store(StatusCode::OK.into_response()),
        Err(error) => error.into_response(),
    }
}

fn revoked(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), OAuthError> {
    let params = Params::parse_form(headers, body)?;
    let client = authenticate(state, provider.name(), headers, &params)?;
    let token = params.required("token")?;
    let jti = access_token_claims(provider, token)
        .ok()
        .and_then(|claims| claims.get("jti")?.as_str().map(str::to_owned));
    let mut store = provider.store();
    let by_jti = jti.and_then(|jti| store.access_tokens.get(&jti).cloned());
    let by_refresh = || {
        store
            .refresh_tokens
            .get(&fingerprint(token))
            .map(|held| held.grant.clone())
    };
    // A token that is unknown or gone is as revoked as it can be (RFC 7009 §2.2).
    let Some(grant_id) = by_jti.or_else(by_refresh) else {
        return Ok(());
    };
    if store
        .grants
        .get(&grant_id)
        .is_some_and(|grant| grant.client.client_id != client.client_id)
    {
        return Err(OAuthError::invalid_grant(
            "The token was given to another client.",
        ));
    }
    store.revoke(&grant_id);
    Ok(())
}
