//! What the control API shows.

use serde_json::{Map, Value, json};

use crate::cors::Endpoint;
use crate::faults::Fault;
use crate::origins::Origin;
use crate::provider::SessionSummary;
use crate::provider_name::ProviderName;
use crate::state::State;
use crate::switches::Switch;

/// Everything at once.
pub(super) fn state(state: &State) -> Value {
    let origins: Map<String, Value> = Origin::ALL
        .into_iter()
        .map(|origin| (origin.as_str().to_owned(), state.origins.url(origin).into()))
        .collect();
    json!({
        "origins": origins,
        "clock": clock(state),
        "faults": faults(state),
        "cors": cors(state),
        "switches": switches(state),
        "rar": rar(state),
        "dialogporten": dialogporten(state),
        "keys": keys(state),
        "clients": clients(state),
        "people": people(state),
        "organisations": organisations(state),
        "resources": resources(state),
        "sessions": sessions(state),
        "logouts": state.logouts.latest(),
        "events": state.events.latest(),
    })
}

pub(super) fn clock(state: &State) -> Value {
    json!({
        "now": state.clock.now(),
        "is_frozen": state.clock.is_frozen(),
        "is_live": state.clock.is_live(),
    })
}

pub(super) fn faults(state: &State) -> Value {
    let armed = state.faults.armed();
    let fault = |fault: &Fault| {
        json!({
            "fault": fault.name(),
            "place": fault.place().as_str(),
            "sentence": fault.sentence(),
            "times": armed.get(fault).copied().unwrap_or(0),
        })
    };
    Fault::ALL.iter().map(fault).collect()
}

pub(super) fn cors(state: &State) -> Value {
    let endpoint = |endpoint: Endpoint| {
        (
            endpoint.as_str().to_owned(),
            state.cors.is_open(endpoint).into(),
        )
    };
    Value::Object(Endpoint::ALL.into_iter().map(endpoint).collect())
}

pub(super) fn switches(state: &State) -> Value {
    let switch = |switch: Switch| {
        (
            switch.name().to_owned(),
            state.switches.is_on(switch).into(),
        )
    };
    Value::Object(Switch::ALL.into_iter().map(switch).collect())
}

pub(super) fn rar(state: &State) -> Value {
    json!({ "profile": state.settings().rar_profile })
}

pub(super) fn dialogporten(state: &State) -> Value {
    json!({ "accept_ansattporten": state.settings().accept_ansattporten })
}

fn keys(state: &State) -> Value {
    let ring =
        |ring: &crate::keys::KeyRing| json!({ "algorithm": ring.algorithm(), "kids": ring.kids() });
    json!({
        "ansattporten": ring(state.ansattporten.keys()),
        "idporten": ring(state.idporten.keys()),
        "dialogporten": ring(&state.dialog_keys),
    })
}

/// Clients by provider, without their secrets.
pub(super) fn clients(state: &State) -> Value {
    let mut clients = json!({ "ansattporten": [], "idporten": [] });
    for (provider, client) in state.clients.all() {
        if let Some(list) = clients[provider.as_str()].as_array_mut() {
            list.push(json!(*client));
        }
    }
    clients
}

pub(super) fn people(state: &State) -> Value {
    json!(state.world().people().collect::<Vec<_>>())
}

pub(super) fn organisations(state: &State) -> Value {
    json!(state.world().organisations().collect::<Vec<_>>())
}

pub(super) fn resources(state: &State) -> Value {
    json!(state.world().resources().collect::<Vec<_>>())
}

/// Sessions by provider, with masked person numbers.
pub(super) fn sessions(state: &State) -> Value {
    let now = state.clock.now();
    let summary = |session: SessionSummary| {
        let logins: Vec<Value> = session
            .logins
            .into_iter()
            .map(|login| {
                json!({
                    "person": login.pid,
                    "acr": login.acr,
                    "auth_time": login.auth_time,
                    "only_for": login.only_for,
                })
            })
            .collect();
        json!({
            "started": session.started,
            "last_active": session.last_active,
            "ends": session.ends,
            "logins": logins,
            "clients": session.clients,
        })
    };
    let sessions = |name: ProviderName| -> Value {
        state
            .provider(name)
            .sessions(now)
            .into_iter()
            .map(summary)
            .collect()
    };
    json!({
        "ansattporten": sessions(ProviderName::Ansattporten),
        "idporten": sessions(ProviderName::Idporten),
    })
}
