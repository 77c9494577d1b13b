//! Who calls: the access token, checked as the service checks it.
//!
//! Issuer by exact string, signature by that issuer's keys, `exp` required, two seconds of skew;
//! `aud` is not looked at. A token that is bound to a key needs a proof of that key. Tokens of Ansattporten count as a foreign issuer's unless the switch is
//! on, and then reach only as far as their own `authorization_details`.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde_json::{Map, Value};

use super::access::{Caller, RESOURCE_PREFIX, Reach};
use super::problem::Problem;
use super::query::PERSON_PREFIX;
use super::timestamp::Timestamp;
use crate::dpop::{Proven, Scheme};
use crate::faults::Fault;
use crate::keys::NotSigned;
use crate::origins::{Origin, Target};
use crate::provider_name::ProviderName;
use crate::state::{Shared, State};
use crate::switches::Switch;
use crate::world::{OrganisationNumber, Pid};

/// Clock skew that is allowed for, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 2;
/// Longest `Authorization` that is read, in bytes; a token for a hundred organisations is shorter.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// Either of these scopes is needed.
const END_USER_SCOPES: [&str; 2] = ["digdir:dialogporten", "digdir:dialogporten.noconsent"];
/// A token with this scope is a service owner's.
const SERVICE_OWNER_SCOPE: &str = "digdir:dialogporten.serviceprovider";

/// The caller of an end-user endpoint, authenticated and authorised to use the API at all.
#[derive(Clone)]
pub(crate) struct EndUser(pub(crate) Caller);

impl FromRequestParts<Shared> for EndUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        authenticate(state, parts).map(Self)
    }
}

fn authenticate(state: &State, parts: &Parts) -> Result<Caller, Problem> {
    let header = parts.headers.get(AUTHORIZATION).ok_or(Problem::NoToken)?;
    if header.len() > MAX_HEADER_BYTES {
        return Err(Problem::InvalidToken(None));
    }
    let (scheme, token) = Scheme::of(&parts.headers).ok_or(Problem::NoToken)?;
    // Only the issuer is read before the signature is checked: it says whose keys to check with.
    let claims = peek(token).ok_or(Problem::InvalidToken(None))?;
    let issuer = claims
        .get("iss")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_accepted = |provider: ProviderName| match provider {
        ProviderName::Idporten => true,
        ProviderName::Ansattporten => state.settings().accept_ansattporten,
    };
    let known = ProviderName::ALL
        .into_iter()
        .any(|provider| is_accepted(provider) && issuer == state.origins.issuer(provider));
    if !known {
        return Err(Problem::ForeignIssuer);
    }
    let signed = state.verify(token).map_err(|refused| {
        Problem::InvalidToken(match refused {
            NotSigned::Malformed => None,
            NotSigned::UnknownKey => Some("The signature key was not found".to_owned()),
            NotSigned::Algorithm | NotSigned::Signature => {
                Some("The signature is invalid".to_owned())
            }
        })
    })?;
    check_lifetime(&signed.claims, state.clock.now())?;
    check_possession(state, parts, scheme, token, &signed.claims)?;
    check_scope(&signed.claims)?;
    if state.faults.take(Fault::DialogportenStepUpChallenge) {
        return Err(Problem::StepUp(match signed.provider {
            ProviderName::Ansattporten => "high",
            ProviderName::Idporten => "idporten-loa-high",
        }));
    }
    caller(state, signed.provider, &signed.claims)
}

/// Without the switch the binding of a token is nothing that the service knows of.
fn check_possession(
    state: &State,
    parts: &Parts,
    scheme: Scheme,
    token: &str,
    claims: &Map<String, Value>,
) -> Result<(), Problem> {
    if !state.switches.is_on(Switch::DpopDialogporten) {
        return match scheme {
            Scheme::Bearer => Ok(()),
            Scheme::Dpop => Err(Problem::NoToken),
        };
    }
    let request = Proven {
        method: parts.method.as_str(),
        url: parts
            .extensions
            .get::<Target>()
            .map_or("", |Target(url)| url),
        access_token: Some(token),
        nonce_of: state.nonce_of(Origin::Dialogporten),
        is_lenient: state.switches.is_on(Switch::DpopWideIat),
    };
    let now = state.clock.now();
    state
        .dpop
        .check_possession(scheme, claims, &parts.headers, request, now)
        .map_err(Problem::Possession)
}

/// The claims of a compact JWS, not to be believed yet.
fn peek(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn check_lifetime(claims: &Map<String, Value>, now: u64) -> Result<(), Problem> {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let invalid = |reason| Problem::InvalidToken(Some(reason));
    let time = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or(Problem::InvalidToken(None)),
    };
    let Some(expires) = time("exp")? else {
        return Err(invalid("The token has no expiration".to_owned()));
    };
    let written = |seconds: i64| Timestamp::from_unix_seconds(seconds.unsigned_abs()).to_american();
    if expires < now.saturating_sub(CLOCK_SKEW_SECONDS) {
        return Err(invalid(format!(
            "The token expired at '{}'",
            written(expires)
        )));
    }
    match time("nbf")? {
        Some(not_before) if not_before > now.saturating_add(CLOCK_SKEW_SECONDS) => Err(invalid(
            format!("The token is not valid before '{}'", written(not_before)),
        )),
        _ => Ok(()),
    }
}

fn check_scope(claims: &Map<String, Value>) -> Result<(), Problem> {
    if END_USER_SCOPES
        .into_iter()
        .any(|scope| has_scope(claims, scope))
    {
        Ok(())
    } else {
        Err(Problem::MissingScope)
    }
}

fn has_scope(claims: &Map<String, Value>, scope: &str) -> bool {
    let granted = claims
        .get("scope")
        .and_then(Value::as_str)
        .unwrap_or_default();
    granted.split(' ').any(|one| one == scope)
}

/// The kind of user in the service's own order: a person by `pid`, then one known by e-mail.
///
/// System users have tokens of Maskinporten, which the simulator does not issue.
fn caller(
    state: &State,
    provider: ProviderName,
    claims: &Map<String, Value>,
) -> Result<Caller, Problem> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let pid = text("pid").and_then(|pid| Pid::parse(pid).ok());
    let party = match &pid {
        Some(_) if has_scope(claims, SERVICE_OWNER_SCOPE) => None,
        Some(pid) => Some(format!("{PERSON_PREFIX}{}", pid.as_str())),
        None => self_registered_email(claims)
            .map(|email| format!("urn:altinn:person:idporten-email:{email}")),
    };
    let party = party.ok_or_else(|| {
        Problem::Forbidden(
            "Type",
            "The request was authenticated, but we were unable to determine valid user type in \
             order to authorize the request. Valid user types for this endpoint are: Person, \
             SystemUser, IdportenEmailIdentifiedUser"
                .to_owned(),
        )
    })?;
    let level = level(provider, text("acr")).ok_or(Problem::UnknownAcr)?;
    let name = pid
        .as_ref()
        .and_then(|pid| {
            state
                .world()
                .person(pid)
                .map(|person| person.name().to_uppercase())
        })
        .unwrap_or_else(|| "UKJENT".to_owned());
    let reach = match provider {
        ProviderName::Idporten => Reach::Everything,
        ProviderName::Ansattporten => reach(claims.get("authorization_details")),
    };
    Ok(Caller {
        pid,
        party,
        name,
        level,
        reach,
    })
}

fn self_registered_email(claims: &Map<String, Value>) -> Option<String> {
    let amr = claims.get("amr")?.as_array()?;
    let only = amr.len() == 1 && amr.first()?.as_str() == Some("Selfregistered-email");
    let email = claims.get("email")?.as_str()?;
    only.then(|| email.to_lowercase())
}

/// The authentication level of an `acr`; the service throws at one that it does not know.
///
/// Ansattporten's own values count only for Ansattporten's own tokens.
fn level(provider: ProviderName, acr: Option<&str>) -> Option<u8> {
    match (provider, acr?) {
        (_, "idporten-loa-low" | "selfregistered-email") => Some(0),
        (_, "idporten-loa-substantial") | (ProviderName::Ansattporten, "substantial") => Some(3),
        (_, "idporten-loa-high") | (ProviderName::Ansattporten, "high") => Some(4),
        _ => None,
    }
}

/// How far a token of Ansattporten reaches: to the organisations and resources that it names.
///
/// That somebody is represented follows from the parties, never from the claim being there. A
/// representation that names no resource of ours reaches nothing at all.
fn reach(details: Option<&Value>) -> Reach {
    let elements: &[Value] = match details {
        Some(Value::Array(elements)) => elements,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let mut represents = false;
    let mut named = BTreeSet::new();
    for element in elements {
        let list = |name: &str| element.get(name).and_then(Value::as_array);
        let parties = list("authorized_parties").map_or(&[] as &[Value], Vec::as_slice);
        represents |= !parties.is_empty()
            || list("reportees").is_some_and(|reportees| !reportees.is_empty())
            || element.get("orgno").is_some();
        let resource = element
            .get("resource")
            .and_then(Value::as_str)
            .and_then(|resource| resource.strip_prefix(RESOURCE_PREFIX));
        let is_resource =
            element.get("type").and_then(Value::as_str) == Some("ansattporten:altinn:resource");
        let (Some(resource), true) = (resource, is_resource) else {
            continue;
        };
        for party in parties {
            let number = party
                .pointer("/orgno/ID")
                .and_then(Value::as_str)
                .and_then(|id| id.strip_prefix("0192:"))
                .and_then(|number| OrganisationNumber::parse(number).ok());
            if let Some(number) = number {
                named.insert((number, resource.to_owned()));
            }
        }
    }
    if represents {
        Reach::Organisations(named)
    } else {
        Reach::OneSelf
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_reaches_the_organisations_and_resources_that_it_names() {
        let details = json!([{
            "type": "ansattporten:altinn:resource",
            "resource": "urn:altinn:resource:demo-post",
            "authorized_parties": [{
                "orgno": { "authority": "iso6523-actorid-upis", "ID": "0192:310000019" },
                "resource": "demo-post",
            }],
        }]);
        let named = match reach(Some(&details)) {
            Reach::Organisations(named) => named,
            _ => BTreeSet::new(),
        };
        let named: Vec<(&str, &str)> = named
            .iter()
            .map(|(number, resource)| (number.as_str(), resource.as_str()))
            .collect();
        assert_eq!(named, [("310000019", "demo-post")]);
    }

    #[test]
    fn a_token_without_representation_reaches_oneself_only() {
        assert_eq!(reach(None), Reach::OneSelf);
        assert_eq!(reach(Some(&json!([]))), Reach::OneSelf);
        assert_eq!(
            reach(Some(&json!([{ "type": "ansattporten:altinn:resource" }]))),
            Reach::OneSelf
        );
    }

    #[test]
    fn a_representation_without_a_resource_of_altinn_3_reaches_nothing() {
        for details in [
            json!([{ "type": "ansattporten:orgno", "authorized_parties": [
                { "orgno": { "authority": "iso6523-actorid-upis", "ID": "0192:314445554" } },
            ] }]),
            json!([{ "type": "ansattporten:altinn:service", "resource": "urn:altinn:resource:2480:40",
                "reportees": [{ "Authority": "iso6523-actorid-upis", "ID": "0192:310000027" }] }]),
            json!([{ "type": "ansattporten:altinn:resource",
                "resource": "urn:altinn:resource:demo-post",
                "authorized_parties": [{ "orgno": { "ID": "9908:310000019" } }] }]),
        ] {
            assert_eq!(
                reach(Some(&details)),
                Reach::Organisations(BTreeSet::new()),
                "{details}"
            );
        }
    }

    #[test]
    fn the_acr_of_one_provider_is_unknown_in_a_token_of_the_other() {
        assert_eq!(
            level(ProviderName::Idporten, Some("idporten-loa-high")),
            Some(4)
        );
        assert_eq!(level(ProviderName::Idporten, Some("high")), None);
        assert_eq!(
            level(ProviderName::Ansattporten, Some("substantial")),
            Some(3)
        );
        assert_eq!(level(ProviderName::Ansattporten, Some("entraid")), None);
        assert_eq!(level(ProviderName::Idporten, None), None);
    }
}
