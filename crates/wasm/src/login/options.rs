use alloc::string::String;
use alloc::vec::Vec;

use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::{Client, LoginRequest};
use portvakt_digdir::session::Limits;
use portvakt_jose::Jwks;
use portvakt_oidc::{
    Answer, ApiMisuse, HttpResponse, JwksSource, Prompt, ReturnPath, TransportError, Url,
};

use crate::boundary::{Failure, Options, refused, signature_answer};
use crate::identity::{preset, rar_request};

/// The application, as the driver hands it over.
pub(super) fn client(mut options: Options) -> Result<Client, Failure> {
    let preset = preset(&mut options)?;
    let client_id = options.text("clientId")?;
    let mut client = Client::new(preset, client_id, url(&options.text("redirectUri")?)?)?;
    let post_logout_redirect_uri = options.optional_text("postLogoutRedirectUri")?;
    client.oidc.post_logout_redirect_uri =
        post_logout_redirect_uri.as_deref().map(url).transpose()?;
    if let Some(scopes) = options.optional_texts("scopes")? {
        client.oidc.scopes = scopes;
    }
    if let Some(algorithms) = options.optional_algorithms()? {
        client.oidc.algorithms = algorithms;
    }
    if let Some(seconds) = options.optional_number("clockToleranceSeconds")? {
        client.oidc.clock_tolerance_seconds = seconds;
    }
    let jwks = options.optional_text("jwks")?;
    let jwks_uri = options.optional_text("jwksUri")?;
    client.oidc.jwks = match (jwks, jwks_uri) {
        (Some(jwks), None) => JwksSource::Keys(Jwks::parse(jwks.as_bytes())?),
        (None, Some(uri)) => JwksSource::Uri(url(&uri)?),
        (None, None) => JwksSource::Discovered,
        (Some(_), Some(_)) => return Err(refused()),
    };
    options.end()?;
    Ok(client)
}

/// One login, as the driver hands it over.
pub(super) fn login_request(mut options: Options) -> Result<LoginRequest, Failure> {
    let mut request = LoginRequest::default();
    let acr_values = options.texts("acrValues")?;
    let acr_values: Result<_, _> = acr_values.iter().map(|acr| Acr::parse(acr)).collect();
    request.acr_values = acr_values.map_err(portvakt_digdir::Error::from)?;
    let on_behalf_of = options.optional_options("onBehalfOf")?;
    request.on_behalf_of = on_behalf_of.map(rar_request).transpose()?;
    let names = options.texts("prompt")?;
    let prompt: Option<_> = names.iter().map(|name| prompt(name)).collect();
    request.prompt = prompt.ok_or_else(refused)?;
    request.max_age_seconds = options.optional_number("maxAgeSeconds")?;
    request.ui_locales = options.texts("uiLocales")?;
    request.login_hint = options.optional_text("loginHint")?;
    request.resource = options.texts("resource")?;
    let return_to = options.optional_text("returnTo")?;
    let return_to = return_to.as_deref().map(ReturnPath::parse).transpose();
    request.return_to = return_to.map_err(portvakt_oidc::Error::from)?;
    options.end()?;
    Ok(request)
}

/// How long a session may last, as the driver hands it over.
pub(super) fn limits(mut options: Options) -> Result<Limits, Failure> {
    let mut limits = Limits::default();
    if let Some(seconds) = options.optional_number("idleSeconds")? {
        limits.idle_seconds = seconds;
    }
    if let Some(seconds) = options.optional_number("sessionSeconds")? {
        limits.session_seconds = seconds;
    }
    if let Some(seconds) = options.optional_number("warningSeconds")? {
        limits.warning_seconds = seconds;
    }
    options.end()?;
    limits.check().map_err(portvakt_digdir::Error::from)?;
    Ok(limits)
}

/// What became of what a flow asked for, as the driver hands it over: a response, the code of a transport error, or
/// whether a signature is good.
pub(super) fn answer(mut options: Options, body: Vec<u8>) -> Result<Answer, Failure> {
    let signature = options.optional_text("signature")?;
    let error = options.optional_text("error")?;
    let status = options.optional_number("status")?;
    let lines = options.text_lists("headers")?;
    options.end()?;
    match (signature, error, status) {
        (Some(name), None, None) => Ok(signature_answer(&name)?.into()),
        (None, Some(code), None) => {
            let error = TransportError::from_code(&code).ok_or_else(refused)?;
            Ok(Err(error).into())
        }
        (None, None, Some(status)) => {
            let status = status.try_into().map_err(|_| refused())?;
            let headers = lines.into_iter().map(header).collect::<Result<_, _>>()?;
            Ok(Ok(HttpResponse {
                status,
                headers,
                body,
            })
            .into())
        }
        _ => Err(refused()),
    }
}

fn header(line: Vec<String>) -> Result<(String, String), Failure> {
    let [name, value] = <[String; 2]>::try_from(line).map_err(|_| refused())?;
    Ok((name, value))
}

fn prompt(name: &str) -> Option<Prompt> {
    [
        Prompt::None,
        Prompt::Login,
        Prompt::Consent,
        Prompt::SelectAccount,
        Prompt::Create,
    ]
    .into_iter()
    .find(|prompt| prompt.as_str() == name)
}

fn url(text: &str) -> Result<Url, Failure> {
    Url::parse(text).map_err(|error: ApiMisuse| portvakt_oidc::Error::from(error).into())
}
