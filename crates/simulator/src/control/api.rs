//! The JSON API.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State as FromState};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::view;
use crate::clock::LATEST;
use crate::cors::Endpoint;
use crate::faults::{Fault, MAX_TIMES};
use crate::options::RarProfile;
use crate::provider_name::ProviderName;
use crate::state::{Shared, State};
use crate::switches::Switch;
use crate::world::{OrganisationNumber, Pid};

type Answer = Result<Json<Value>, Refusal>;

/// How many seconds the clock or the sessions can be moved by at once: a year.
const MAX_SECONDS: u64 = 366 * 24 * 3_600;

/// `GET /api/state`.
pub(super) async fn state(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::state(&state))
}

/// `GET /api/clock`.
pub(super) async fn clock(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::clock(&state))
}

/// One way to move the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    advance_seconds: Option<u64>,
    now: Option<u64>,
    live: Option<bool>,
}

/// `POST /api/clock`.
pub(super) async fn move_clock(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let change: ClockChange = parse(&body)?;
    match (change.advance_seconds, change.now, change.live) {
        (Some(seconds), None, None) if seconds <= MAX_SECONDS => state.clock.advance(seconds),
        (None, Some(now), None) if now <= LATEST => state.clock.set(now),
        (None, None, Some(true)) => state.clock.unfreeze(),
        _ => {
            return Err(Refusal::invalid(
                "Send one of advance_seconds (at most a year), now (Unix seconds, before the year 2200) or live: true.",
            ));
        }
    }
    Ok(Json(view::clock(&state)))
}

/// `GET /api/faults`.
pub(super) async fn faults(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::faults(&state))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arm {
    fault: String,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

/// `POST /api/faults`.
pub(super) async fn arm(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let Arm { fault, times } = parse(&body)?;
    arm_fault(&state, &fault, times.into())?;
    Ok(Json(view::faults(&state)))
}

pub(super) fn arm_fault(state: &State, fault: &str, times: u64) -> Result<(), Refusal> {
    let fault: Fault = fault.parse().map_err(Refusal::invalid)?;
    let times = u32::try_from(times)
        .ok()
        .filter(|times| (1..=MAX_TIMES).contains(times))
        .ok_or_else(|| {
            Refusal::invalid(format!(
                "The field times is from 1 to {MAX_TIMES}; DELETE /api/faults/{fault} disarms the fault."
            ))
        })?;
    state.faults.arm(fault, times);
    Ok(())
}

/// `DELETE /api/faults`.
pub(super) async fn disarm_all(FromState(state): FromState<Shared>) -> Json<Value> {
    state.faults.clear();
    Json(view::faults(&state))
}

/// `DELETE /api/faults/{name}`.
pub(super) async fn disarm(
    FromState(state): FromState<Shared>,
    Path(name): Path<String>,
) -> Answer {
    let fault: Fault = name.parse().map_err(|_| Refusal::not_found())?;
    state.faults.arm(fault, 0);
    Ok(Json(view::faults(&state)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    provider: String,
    #[serde(default = "with_overlap")]
    overlap: bool,
}

fn with_overlap() -> bool {
    true
}

/// `POST /api/keys/rotate`.
pub(super) async fn rotate_keys(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let Rotate { provider, overlap } = parse(&body)?;
    rotate(&state, &provider, overlap)?;
    Ok(Json(view::state(&state)["keys"].take()))
}

pub(super) fn rotate(state: &State, service: &str, overlap: bool) -> Result<(), Refusal> {
    match service {
        "ansattporten" => state.ansattporten.keys().rotate(overlap),
        "idporten" => state.idporten.keys().rotate(overlap),
        "dialogporten" => state.dialog_keys.rotate(overlap),
        _ => {
            return Err(Refusal::invalid(
                "The provider is ansattporten, idporten or dialogporten.",
            ));
        }
    }
    Ok(())
}

/// `GET /api/cors`.
pub(super) async fn cors(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::cors(&state))
}

/// `PUT /api/cors`: the endpoints that are named are changed.
pub(super) async fn set_cors(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let changes: BTreeMap<String, bool> = parse(&body)?;
    let changes: Result<Vec<(Endpoint, bool)>, _> = changes
        .into_iter()
        .map(|(name, open)| name.parse().map(|endpoint| (endpoint, open)))
        .collect();
    let changes = changes.map_err(Refusal::invalid)?;
    for (endpoint, open) in changes {
        state.cors.set(endpoint, open);
    }
    Ok(Json(view::cors(&state)))
}

/// `GET /api/switches`.
pub(super) async fn switches(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::switches(&state))
}

/// `PUT /api/switches`: those that are named are changed.
pub(super) async fn set_switches(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let changes: BTreeMap<String, bool> = parse(&body)?;
    let changes: Result<Vec<(Switch, bool)>, _> = changes
        .into_iter()
        .map(|(name, on)| name.parse().map(|switch| (switch, on)))
        .collect();
    for (switch, on) in changes.map_err(Refusal::invalid)? {
        state.switches.set(switch, on);
    }
    Ok(Json(view::switches(&state)))
}

/// `GET /api/rar`.
pub(super) async fn rar(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::rar(&state))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rar {
    profile: String,
}

/// `PUT /api/rar`.
pub(super) async fn set_rar(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let Rar { profile } = parse(&body)?;
    set_profile(&state, profile.parse().map_err(|_| unknown_profile())?);
    Ok(Json(view::rar(&state)))
}

pub(super) fn set_profile(state: &State, profile: RarProfile) {
    let mut settings = state.settings();
    settings.rar_profile = profile;
    state.set_settings(settings);
}

pub(super) fn unknown_profile() -> Refusal {
    Refusal::invalid("The profile is v4, v3, v2, legacy-service or live-2026.")
}

/// `GET /api/dialogporten`.
pub(super) async fn dialogporten(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::dialogporten(&state))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DialogportenSwitch {
    accept_ansattporten: bool,
}

/// `PUT /api/dialogporten`.
pub(super) async fn set_dialogporten(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let DialogportenSwitch {
        accept_ansattporten,
    } = parse(&body)?;
    accept(&state, accept_ansattporten);
    Ok(Json(view::dialogporten(&state)))
}

pub(super) fn accept(state: &State, accept_ansattporten: bool) {
    let mut settings = state.settings();
    settings.accept_ansattporten = accept_ansattporten;
    state.set_settings(settings);
}

/// `GET /api/clients`.
pub(super) async fn clients(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::clients(&state))
}

/// `POST /api/clients`.
pub(super) async fn register(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    state
        .clients
        .register(parse(&body)?)
        .map_err(Refusal::invalid)?;
    Ok(Json(view::clients(&state)))
}

/// `DELETE /api/clients/{client_id}`.
pub(super) async fn remove_client(
    FromState(state): FromState<Shared>,
    Path(client_id): Path<String>,
) -> Answer {
    found(state.clients.remove(&client_id))?;
    Ok(Json(view::clients(&state)))
}

/// `GET /api/people`.
pub(super) async fn people(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::people(&state))
}

/// `POST /api/people`.
pub(super) async fn put_person(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    state
        .world_mut()
        .put_person(parse(&body)?)
        .map_err(Refusal::invalid)?;
    Ok(Json(view::people(&state)))
}

/// `DELETE /api/people/{pid}`.
pub(super) async fn remove_person(
    FromState(state): FromState<Shared>,
    Path(pid): Path<String>,
) -> Answer {
    let pid = Pid::parse(&pid).map_err(|_| Refusal::not_found())?;
    found(state.world_mut().remove_person(&pid))?;
    Ok(Json(view::people(&state)))
}

/// `GET /api/organisations`.
pub(super) async fn organisations(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::organisations(&state))
}

/// `POST /api/organisations`.
pub(super) async fn put_organisation(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    state
        .world_mut()
        .put_organisation(parse(&body)?)
        .map_err(Refusal::invalid)?;
    Ok(Json(view::organisations(&state)))
}

/// `DELETE /api/organisations/{number}`.
pub(super) async fn remove_organisation(
    FromState(state): FromState<Shared>,
    Path(number): Path<String>,
) -> Answer {
    let number = OrganisationNumber::parse(&number).map_err(|_| Refusal::not_found())?;
    found(state.world_mut().remove_organisation(&number))?;
    Ok(Json(view::organisations(&state)))
}

/// `GET /api/resources`.
pub(super) async fn resources(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::resources(&state))
}

/// `POST /api/resources`.
pub(super) async fn put_resource(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    state
        .world_mut()
        .put_resource(parse(&body)?)
        .map_err(Refusal::invalid)?;
    Ok(Json(view::resources(&state)))
}

/// `DELETE /api/resources/{id}`.
pub(super) async fn remove_resource(
    FromState(state): FromState<Shared>,
    Path(id): Path<String>,
) -> Answer {
    found(state.world_mut().remove_resource(&id))?;
    Ok(Json(view::resources(&state)))
}

/// `GET /api/sessions`.
pub(super) async fn sessions(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(view::sessions(&state))
}

/// `DELETE /api/sessions`.
pub(super) async fn end_sessions(FromState(state): FromState<Shared>) -> Json<Value> {
    for provider in ProviderName::ALL {
        state.provider(provider).end_sessions();
    }
    Json(view::sessions(&state))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Age {
    seconds: u64,
}

/// `POST /api/sessions/age`: as if so many seconds had passed, for sessions alone.
pub(super) async fn age_sessions(FromState(state): FromState<Shared>, body: Bytes) -> Answer {
    let Age { seconds } = parse(&body)?;
    age(&state, seconds)?;
    Ok(Json(view::sessions(&state)))
}

pub(super) fn age(state: &State, seconds: u64) -> Result<(), Refusal> {
    if seconds > MAX_SECONDS {
        return Err(Refusal::invalid(
            "Sessions can be made at most a year older.",
        ));
    }
    for provider in ProviderName::ALL {
        state.provider(provider).age_sessions(seconds);
    }
    Ok(())
}

/// `GET /api/logouts`: whom the providers told that a person signed out, the latest first.
pub(super) async fn logouts(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(json!(state.logouts.latest()))
}

/// `GET /api/events`.
pub(super) async fn events(FromState(state): FromState<Shared>) -> Json<Value> {
    Json(json!(state.events.latest()))
}

/// `POST /api/reset`.
pub(super) async fn reset(FromState(state): FromState<Shared>) -> Json<Value> {
    state.reset();
    Json(view::state(&state))
}

/// Every other path.
pub(super) async fn not_found() -> Refusal {
    Refusal::not_found()
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::invalid(format!("The JSON cannot be used: {error}.")))
}

pub(super) fn found(found: bool) -> Result<(), Refusal> {
    if found {
        Ok(())
    } else {
        Err(Refusal::not_found())
    }
}
