//! The pages between the authorization request and its answer.
//!
//! One address shows whatever step a login has come to; each form posts to its own address and leads
//! back there, so that reload and Back do no harm.

use axum::body::Bytes;
use axum::extract::{RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::eid::{Acr, Eid};
use crate::locale::Locale;
use crate::provider_name::ProviderName;
use crate::state::{Shared, State};
use crate::world::{Person, Pid};

use super::authorize::{end, finish, signed_in};
use super::error::OAuthError;
use super::params::Params;
use super::rar::choices;
use super::request::AuthorizationRequest;
use super::response::{Outcome, redirect};
use super::sessions::Login;
use super::store::{Step, TRANSACTION_LIFETIME, Transaction};
use super::{Provider, cookies, pages};

type Origin = FromState<(Shared, ProviderName)>;

/// `GET /login`: the page of the step.
pub(crate) async fn show(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let provider = state.provider(name);
    let params = Params::parse(&query.unwrap_or_default()).unwrap_or_default();
    let (tx, mut transaction) = match open(&state, provider, &headers, &params) {
        Ok(found) => found,
        Err(page) => return *page,
    };
    if let Some(locale) = params.one("lang").ok().flatten().and_then(Locale::parse) {
        if let Some(held) = provider.store().transactions.get_mut(&tx) {
            held.locale = locale;
        }
        let mut response = redirect(&format!("/login?tx={tx}"));
        cookies::set(&mut response, cookies::LANGUAGE, locale.as_str());
        return response;
    }
    if let Step::ChooseEid = transaction.step
        && let [only] = offered(&transaction.request, name).as_slice()
        && (only
            .acr(name)
            .is_none_or(|acr| !matches!(acr, Acr::National(_))))
    {
        // Asked for alone, these lead straight on.
        transaction.step = Step::SignIn(*only);
        remember(provider, &tx, &transaction.step);
    }
    render(&state, provider, &tx, &transaction, None)
}

/// `POST /login/eid`: how the person wants to sign in; without a choice, back to the choice.
pub(crate) async fn choose_eid(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    submit(
        &state,
        name,
        &headers,
        &body,
        |provider, tx, transaction, params| {
            if matches!(transaction.step, Step::Represent(_)) {
                return redirect(&format!("/login?tx={tx}"));
            }
            let chosen = params.one("eid").ok().flatten().and_then(Eid::parse);
            let step = match chosen.filter(|eid| offered(&transaction.request, name).contains(eid))
            {
                Some(eid) => Step::SignIn(eid),
                None => Step::ChooseEid,
            };
            remember(provider, &tx, &step);
            redirect(&format!("/login?tx={tx}"))
        },
    )
}

/// `POST /login/person`: who signs in.
pub(crate) async fn choose_person(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    submit(
        &state,
        name,
        &headers,
        &body,
        |provider, tx, transaction, params| {
            let Step::SignIn(eid) = transaction.step else {
                return redirect(&format!("/login?tx={tx}"));
            };
            let pid = match Pid::parse(params.one("pid").ok().flatten().unwrap_or_default()) {
                Ok(pid) => pid,
                Err(error) => {
                    return render(
                        &state,
                        provider,
                        &tx,
                        &transaction,
                        Some(&error.to_string()),
                    );
                }
            };
            let person = state.world().person(&pid).cloned();
            let usable = person.filter(|person| can_use(person, eid, name));
            let (Some(_), Some(acr)) = (usable, eid.acr(name)) else {
                let sentence = transaction.locale.pick(
                "Simulatoren kjenner ingen person med dette nummeret som har denne innloggingsmåten.",
                "The simulator knows no person with this number who has this way to sign in.",
            );
                return render(&state, provider, &tx, &transaction, Some(sentence));
            };
            let login = Login {
                pid,
                acr,
                amr: eid.amr().to_vec(),
                auth_time: state.clock.now(),
            };
            signed_in(&state, provider, &headers, Some(&tx), transaction, login)
        },
    )
}

/// `POST /login/representation`: whom the person represents.
pub(crate) async fn choose_representation(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    submit(
        &state,
        name,
        &headers,
        &body,
        |provider, tx, transaction, params| {
            let (Step::Represent(login), Some(asked)) =
                (&transaction.step, &transaction.request.representation)
            else {
                return redirect(&format!("/login?tx={tx}"));
            };
            let values: Vec<&str> = params.many("party").collect();
            let selection = {
                let world = state.world();
                let client_id = &transaction.request.client.client_id;
                world.person(&login.pid).and_then(|person| {
                    choices(&world, person, login.acr, client_id, asked).select(&values, asked)
                })
            };
            let Some(selection) = selection else {
                let sentence = transaction.locale.pick(
                    "Velg hvem du vil representere, og trykk Fortsett.",
                    "Choose whom you want to represent, and press Continue.",
                );
                return render(&state, provider, &tx, &transaction, Some(sentence));
            };
            let session = cookies::read(&headers, &cookies::session(provider))
                .unwrap_or_default()
                .to_owned();
            finish(
                &state,
                provider,
                &session,
                Some(&tx),
                &transaction,
                login.clone(),
                Some(&selection),
            )
        },
    )
}

/// `POST /login/cancel`: back to the application without an answer.
pub(crate) async fn cancel(
    FromState((state, name)): Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    submit(
        &state,
        name,
        &headers,
        &body,
        |provider, tx, transaction, _| {
            let error = OAuthError::new("access_denied", "The person cancelled the login.");
            end(
                &state,
                provider,
                Some(&tx),
                &transaction,
                Outcome::Error(error),
            )
        },
    )
}

/// The eIDs that are good enough for a request, in the order of the page.
fn offered(request: &AuthorizationRequest, provider: ProviderName) -> Vec<Eid> {
    Eid::ALL
        .into_iter()
        .filter(|eid| eid.acr(provider).is_some_and(|acr| request.accepts(acr)))
        .collect()
}

fn can_use(person: &Person, eid: Eid, provider: ProviderName) -> bool {
    let needs_email = eid.acr(provider).is_some_and(|acr| !acr.has_pid());
    person.eids.contains(&eid) && (!needs_email || person.email.is_some())
}

fn submit(
    state: &State,
    name: ProviderName,
    headers: &HeaderMap,
    body: &[u8],
    act: impl FnOnce(&Provider, String, Transaction, &Params) -> Response,
) -> Response {
    let provider = state.provider(name);
    let params = Params::parse_form(headers, body).unwrap_or_default();
    match open(state, provider, headers, &params) {
        Ok((tx, transaction)) => act(provider, tx, transaction, &params),
        Err(page) => *page,
    }
}

/// The login that a page belongs to, if it is under way in this browser.
fn open(
    state: &State,
    provider: &Provider,
    headers: &HeaderMap,
    params: &Params,
) -> Result<(String, Transaction), Box<Response>> {
    let tx = params.one("tx").ok().flatten().unwrap_or_default();
    let held = provider.store().transactions.get(tx).cloned();
    let chosen = cookies::read(headers, cookies::LANGUAGE)
        .and_then(Locale::parse)
        .unwrap_or_default();
    let Some(transaction) = held else {
        return Err(Box::new(pages::expired(chosen, provider.name())));
    };
    if matches!(transaction.step, Step::Done) {
        let client = &transaction.request.client;
        let page = pages::finished(transaction.locale, provider.name(), client);
        return Err(Box::new(page));
    }
    let is_ours =
        cookies::read(headers, &cookies::transaction(provider, tx)) == Some(&transaction.binding);
    if !is_ours || state.clock.now() >= transaction.started.saturating_add(TRANSACTION_LIFETIME) {
        return Err(Box::new(pages::expired(chosen, provider.name())));
    }
    Ok((tx.to_owned(), transaction))
}

fn remember(provider: &Provider, tx: &str, step: &Step) {
    if let Some(held) = provider.store().transactions.get_mut(tx) {
        held.step = step.clone();
    }
}

fn render(
    state: &State,
    provider: &Provider,
    tx: &str,
    transaction: &Transaction,
    problem: Option<&str>,
) -> Response {
    let page = pages::Page {
        provider: provider.name(),
        tx,
        transaction,
        problem,
    };
    match &transaction.step {
        Step::ChooseEid => {
            pages::choose_eid(&page, &offered(&transaction.request, provider.name()))
        }
        Step::SignIn(eid) => {
            let world = state.world();
            let people: Vec<(&Person, usize)> = world
                .people()
                .filter(|person| can_use(person, *eid, provider.name()))
                .map(|person| (person, world.represented(&person.pid).len()))
                .collect();
            let is_only = offered(&transaction.request, provider.name()).len() == 1;
            pages::sign_in(&page, *eid, &people, is_only)
        }
        Step::Represent(login) => represent(state, &page, login),
        Step::Done => pages::finished(
            transaction.locale,
            provider.name(),
            &transaction.request.client,
        ),
    }
}

/// The picker, or the page where a required representation ends in nothing.
fn represent(state: &State, page: &pages::Page<'_>, login: &Login) -> Response {
    let request = &page.transaction.request;
    let world = state.world();
    let (Some(person), Some(asked)) = (world.person(&login.pid), &request.representation) else {
        return pages::expired(page.transaction.locale, page.provider);
    };
    let offered = choices(&world, person, login.acr, &request.client.client_id, asked);
    let is_mandate = matches!(offered, super::rar::Choices::People(_));
    if offered.is_empty() && (asked.is_required || is_mandate) {
        return pages::nobody_to_represent(page, person);
    }
    pages::choose_representation(page, person, &offered, asked)
}
