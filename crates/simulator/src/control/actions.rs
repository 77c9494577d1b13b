//! The forms of the control page: what the JSON API does, without JavaScript.

use axum::body::Bytes;
use axum::extract::{Path, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::refusal::Refusal;
use super::{api, page};
use crate::cors::Endpoint;
use crate::provider_name::ProviderName;
use crate::state::{Shared, State};
use crate::switches::Switch;
use crate::world::{OrganisationNumber, Pid};

/// The fields of a form.
struct Fields(Vec<(String, String)>);

/// `POST /actions/{action}`; leads back to the part of the page that the form is in.
pub(super) async fn act(
    FromState(state): FromState<Shared>,
    Path(action): Path<String>,
    body: Bytes,
) -> Response {
    let fields = Fields(form_urlencoded::parse(&body).into_owned().collect());
    match perform(&state, &action, &fields) {
        Ok(part) => Redirect::to(&format!("/#{part}")).into_response(),
        Err(refusal) => page::refused(StatusCode::BAD_REQUEST, refusal.sentence()),
    }
}

/// Does it and names the part of the page.
fn perform(state: &State, action: &str, fields: &Fields) -> Result<&'static str, Refusal> {
    match action {
        "advance-clock" => state.clock.advance(fields.number("seconds")?),
        "set-clock" => state.clock.set(fields.number("now")?),
        "live-clock" => state.clock.unfreeze(),
        "arm-fault" => api::arm_fault(state, fields.get("fault"), fields.number("times")?)?,
        "disarm-faults" => state.faults.clear(),
        "rotate-keys" => api::rotate(state, fields.get("provider"), fields.has("overlap"))?,
        "cors" => {
            for endpoint in Endpoint::ALL {
                state.cors.set(endpoint, fields.has(endpoint.as_str()));
            }
        }
        "switches" => {
            for switch in Switch::ALL {
                state.switches.set(switch, fields.has(switch.name()));
            }
        }
        "dialogporten" => api::accept(state, fields.has("accept_ansattporten")),
        "rar-profile" => {
            let profile = fields
                .get("profile")
                .parse()
                .map_err(|_| api::unknown_profile())?;
            api::set_profile(state, profile);
        }
        "age-sessions" => api::age(state, fields.number("seconds")?)?,
        "end-sessions" => {
            for provider in ProviderName::ALL {
                state.provider(provider).end_sessions();
            }
        }
        "put-client" => {
            state
                .clients
                .register(api::parse(fields.get("json").as_bytes())?)
                .map_err(Refusal::invalid)?;
        }
        "remove-client" => api::found(state.clients.remove(fields.get("id")))?,
        "put-person" => {
            state
                .world_mut()
                .put_person(api::parse(fields.get("json").as_bytes())?)
                .map_err(Refusal::invalid)?;
        }
        "remove-person" => {
            let pid = Pid::parse(fields.get("id")).map_err(Refusal::invalid)?;
            api::found(state.world_mut().remove_person(&pid))?;
        }
        "put-organisation" => {
            let organisation = api::parse(fields.get("json").as_bytes())?;
            state
                .world_mut()
                .put_organisation(organisation)
                .map_err(Refusal::invalid)?;
        }
        "remove-organisation" => {
            let number = OrganisationNumber::parse(fields.get("id")).map_err(Refusal::invalid)?;
            api::found(state.world_mut().remove_organisation(&number))?;
        }
        "put-resource" => {
            state
                .world_mut()
                .put_resource(api::parse(fields.get("json").as_bytes())?)
                .map_err(Refusal::invalid)?;
        }
        "remove-resource" => api::found(state.world_mut().remove_resource(fields.get("id")))?,
        "reset" => state.reset(),
        _ => return Err(Refusal::not_found()),
    }
    Ok(part(action))
}

/// The part of the page that a form is in.
fn part(action: &str) -> &'static str {
    match action {
        "advance-clock" | "set-clock" | "live-clock" => "clock",
        "arm-fault" | "disarm-faults" => "faults",
        "rotate-keys" => "keys",
        "cors" => "cors",
        "dialogporten" | "rar-profile" | "switches" => "behaviour",
        "age-sessions" | "end-sessions" => "sessions",
        "put-client" | "remove-client" => "clients",
        "put-person" | "remove-person" => "people",
        "put-organisation" | "remove-organisation" => "organisations",
        "put-resource" | "remove-resource" => "resources",
        _ => "main",
    }
}

impl Fields {
    /// A field, or nothing.
    fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Whether a checkbox is ticked.
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }

    fn number(&self, name: &str) -> Result<u64, Refusal> {
        self.get(name)
            .parse()
            .map_err(|_| Refusal::invalid(format!("The field {name} must be a whole number.")))
    }
}
