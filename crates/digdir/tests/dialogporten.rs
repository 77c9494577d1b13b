//! Dialogporten's end-user API: the requests, the models, and what each refusal means.

mod opened;
mod pages;
mod refusals;
mod requests;

use portvakt_digdir::dialogporten::{
    AuthorizedParty, Dialog, DialogId, DialogPage, DialogQuery, Dialogporten, ListParties,
    OpenDialog, SearchDialogs,
};
use portvakt_digdir::identifiers::{OrganisationNumber, Party};
use portvakt_digdir::login::LoginRequest;
use portvakt_digdir::{Error, Preset};
use portvakt_oidc::{AccessToken, Flow, HttpRequest, HttpResponse, Step, TransportError};

use crate::provider::{NOW, Provider, login};

const ID: &str = "019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d3e";

const BASE: &str = "http://127.0.0.1:8105/dialogporten";

fn access_token() -> AccessToken {
    login(
        &Provider::of(&Preset::ID_PORTEN_TEST),
        LoginRequest::default(),
    )
    .unwrap()
    .login
    .access_token
}

fn dialogporten() -> Dialogporten {
    Dialogporten::at(BASE).unwrap()
}

fn organisation() -> Party {
    Party::Organisation(OrganisationNumber::parse("310000019").unwrap())
}

fn query() -> DialogQuery {
    DialogQuery::of_party(organisation())
}

fn first<F: Flow<Error = Error>>(step: Result<Step<F>, Error>) -> Result<(HttpRequest, F), Error> {
    match step? {
        Step::Fetch { request, next } => Ok((request, next)),
        Step::Verify { .. } | Step::Done(_) => panic!("done without asking"),
    }
}

fn resume<F: Flow<Error = Error>>(
    flow: F,
    response: Result<HttpResponse, TransportError>,
) -> Result<F::Output, Error> {
    match flow.resume(response.into(), NOW)? {
        Step::Done(output) => Ok(output),
        Step::Fetch { .. } | Step::Verify { .. } => panic!("one request too many"),
    }
}

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_string(), (*value).to_string()));
    HttpResponse {
        status,
        headers: headers.collect(),
        body: body.as_bytes().to_vec(),
    }
}

const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

const PROBLEM: (&str, &str) = ("content-type", "application/problem+json");

fn search(query: DialogQuery, body: &str) -> Result<DialogPage, Error> {
    let (_, flow) = first(SearchDialogs::start(
        &dialogporten(),
        &access_token(),
        query,
    ))?;
    resume(flow, Ok(response(200, &[JSON], body)))
}

fn open_with(answer: Result<HttpResponse, TransportError>) -> Result<Dialog, Error> {
    let id = DialogId::parse(ID).unwrap();
    let (_, flow) = first(OpenDialog::start(&dialogporten(), &access_token(), id, &[]))?;
    resume(flow, answer)
}

fn open(body: &str) -> Result<Dialog, Error> {
    open_with(Ok(response(200, &[JSON], body)))
}

fn parties(body: &str) -> Result<Vec<AuthorizedParty>, Error> {
    let (_, flow) = first(ListParties::start(&dialogporten(), &access_token()))?;
    resume(flow, Ok(response(200, &[JSON], body)))
}
