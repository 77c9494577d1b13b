//! What the API says about itself: limits, resources, and the keys of dialog tokens.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::header::{CACHE_CONTROL, VARY};
use http::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::{Value, json as value};

use super::accept::{Languages, require_json};
use super::access::{Access, RESOURCE_PREFIX};
use super::bearer::EndUser;
use super::language::AcceptedLanguages;
use super::model::{Localization, Localized};
use super::problem::Problem;
use super::query::{
    MAX_EXTENDED_STATUSES, MAX_ORGS, MAX_PARTIES, MAX_SERVICE_RESOURCES, Parameters, check_party,
};
use super::seed::owner_code;
use super::{base, issuer, json};
use crate::state::{Shared, State as Services};
use crate::world::{LocalName, Role, ServiceResource, World};

/// `GET /metadata/limits`
pub(crate) async fn limits(headers: HeaderMap) -> Result<Response, Problem> {
    require_json(&headers)?;
    json(&value!({
        "endUserSearch": {
            "maxPartyFilterValues": MAX_PARTIES,
            "maxServiceResourceFilterValues": MAX_SERVICE_RESOURCES,
            "maxOrgFilterValues": MAX_ORGS,
            "maxExtendedStatusFilterValues": MAX_EXTENDED_STATUSES,
        },
        "serviceOwnerSearch": {
            "maxPartyFilterValues": 20,
            "maxServiceResourceFilterValues": 20,
            "maxExtendedStatusFilterValues": 20,
        },
    }))
}

/// `GET /metadata/serviceresources`: every resource that a dialog refers to.
pub(crate) async fn resources(
    State(state): State<Shared>,
    languages: Languages,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_json(&headers)?;
    let languages = languages.get()?;
    let referenced = referenced(&state, |_, _| true);
    json(&catalogue(&state, &referenced, &languages))
}

/// `GET /enduser/serviceresources`: those of them that the caller may read for some party.
pub(crate) async fn authorised_resources(
    State(state): State<Shared>,
    EndUser(caller): EndUser,
    languages: Languages,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_json(&headers)?;
    let languages = languages.get()?;
    let parties = Parameters::parse(query.as_deref().unwrap_or_default())?.list("party");
    let parties: Vec<String> = parties.iter().map(|party| party.to_lowercase()).collect();
    if parties.len() > MAX_PARTIES {
        return Err(Problem::invalid(
            "parties.length",
            format!(
                "'Length' must be between 1 and {MAX_PARTIES}. You entered {}.",
                parties.len()
            ),
        ));
    }
    for (index, party) in parties.iter().enumerate() {
        check_party(party)
            .map_err(|message| Problem::invalid(&format!("parties[{index}]"), message))?;
    }
    let world = state.world();
    let access = Access {
        world: &world,
        caller: &caller,
    };
    let referenced = referenced(&state, |party, resource| {
        (parties.is_empty() || parties.iter().any(|wanted| wanted == party))
            && access.actions(party, resource).contains("read")
    });
    drop(world);
    json(&catalogue(&state, &referenced, &languages))
}

/// `GET /.well-known/jwks.json`
pub(crate) async fn jwks(
    State(state): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_json(&headers)?;
    let published = state.dialog_keys.jwks();
    let keys: Vec<Value> = published
        .get("keys")
        .and_then(Value::as_array)
        .map_or(&[] as &[Value], Vec::as_slice)
        .iter()
        // The service publishes these members and no certificate.
        .map(|key| {
            let member = |name: &str| key.get(name).cloned().unwrap_or_default();
            value!({
                "kty": member("kty"),
                "use": member("use"),
                "kid": member("kid"),
                "crv": member("crv"),
                "x": member("x"),
                "alg": member("alg"),
            })
        })
        .collect();
    cacheable(&value!({ "keys": keys }))
}

/// `GET /.well-known/oauth-authorization-server`: two members, not the whole of RFC 8414.
pub(crate) async fn authorization_server(
    State(state): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require_json(&headers)?;
    let issuer = issuer(&state);
    let jwks_uri = format!("{issuer}/.well-known/jwks.json");
    cacheable(&value!({ "issuer": issuer, "jwks_uri": jwks_uri }))
}

fn cacheable(body: &impl Serialize) -> Result<Response, Problem> {
    let mut response = json(body)?;
    let headers = response.headers_mut();
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=86400"),
    );
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

/// The resource URNs of dialogs whose party and resource are chosen.
fn referenced(state: &Services, choose: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = state.dialogporten.with(|dialogs| {
        dialogs
            .iter()
            .filter(|dialog| choose(&dialog.party, &dialog.service_resource))
            .map(|dialog| dialog.service_resource.clone())
            .collect()
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// The resources with their owners, sorted by the name that the reader sees.
fn catalogue(state: &Services, resources: &[String], languages: &AcceptedLanguages) -> Value {
    let world = state.world();
    let link = format!("{}/api/v1/metadata/serviceresources", base(state));
    let mut items: Vec<(String, Value)> = resources
        .iter()
        .filter_map(|urn| world.resource(urn.strip_prefix(RESOURCE_PREFIX)?))
        .map(|resource| {
            let name = pruned(&resource.name, languages);
            let shown = name
                .first()
                .map(|name| name.value.clone())
                .unwrap_or_default();
            (shown, item(&world, resource, &name, languages, &link))
        })
        .collect();
    items.sort_by(|(left, _), (right, _)| left.cmp(right));
    value!({ "items": items.into_iter().map(|(_, item)| item).collect::<Vec<_>>() })
}

fn item(
    world: &World,
    resource: &ServiceResource,
    name: &Localized,
    languages: &AcceptedLanguages,
    link: &str,
) -> Value {
    let roles: Vec<Value> = resource
        .roles
        .iter()
        .map(|role| {
            value!({
                "urn": role_urn(*role),
                "name": pruned(&role_name(*role), languages),
                "links": { "metadata": link },
            })
        })
        .collect();
    value!({
        "serviceResource": {
            "id": format!("{RESOURCE_PREFIX}{}", resource.id),
            "resourceType": "GenericAccessResource",
            "status": "Completed",
            "isDelegable": true,
            "minimumAuthenticationLevel": resource.minimum_authentication_level,
            "name": name,
            "links": { "metadata": link },
        },
        "roles": roles,
        "accessPackages": [],
        "serviceOwner": service_owner(world, resource, languages),
    })
}

/// Who owns a resource.
pub(crate) fn service_owner(
    world: &World,
    resource: &ServiceResource,
    languages: &AcceptedLanguages,
) -> Value {
    let name = world
        .organisation(&resource.owner)
        .map_or_else(String::new, |owner| owner.name.clone());
    let name = LocalName {
        nb: name.clone(),
        en: name,
    };
    value!({
        "orgNumber": resource.owner.as_str(),
        "code": owner_code(&resource.id),
        "name": pruned(&name, languages),
    })
}

/// A name of the world in the reader's language.
pub(crate) fn pruned(name: &LocalName, languages: &AcceptedLanguages) -> Localized {
    let mut localized = vec![
        Localization {
            value: name.en.clone(),
            language_code: "en",
        },
        Localization {
            value: name.nb.clone(),
            language_code: "nb",
        },
    ];
    languages.prune(&mut localized);
    localized
}

/// Altinn's code of a role in the register of legal entities.
pub(crate) fn role_urn(role: Role) -> String {
    let code = match role {
        Role::DagligLeder => "dagl",
        Role::Styreleder => "lede",
        Role::Regnskapsforer => "regn",
        Role::Hovedadministrator => "hadm",
    };
    format!("urn:altinn:rolecode:{code}")
}

/// What people call the role.
pub(crate) fn role_name(role: Role) -> LocalName {
    let (nb, en) = match role {
        Role::DagligLeder => ("Daglig leder", "Managing director"),
        Role::Styreleder => ("Styreleder", "Chair of the board"),
        Role::Regnskapsforer => ("Regnskapsfører", "Accountant"),
        Role::Hovedadministrator => ("Hovedadministrator", "Main administrator"),
    };
    LocalName {
        nb: nb.to_owned(),
        en: en.to_owned(),
    }
}
