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
use crate::identity::{PresetOptions, rar_request};

/// The application, as the driver hands it over.
pub(super) fn client(mut options: Options) -> Result<Client, Failure> {
    let preset = PresetOptions::of(&mut options);
    let client_id = options.text("clientId");
    let redirect_uri = options.text("redirectUri");
    let post_logout_redirect_uri = options.optional_text("postLogoutRedirectUri");
    let scopes = options.optional_texts("scopes");
    let algorithms = options.optional_algorithms();
    let clock_tolerance_seconds = options.optional_number("clockToleranceSeconds");
    let jwks = options.optional_text("jwks");
    let jwks_uri = options.optional_text("jwksUri");
    options.end()?;
    let mut client = Client::new(preset.preset()?, client_id, url(&redirect_uri)?)?;
    client.oidc.post_logout_redirect_uri =
        post_logout_redirect_uri.as_deref().map(url).transpose()?;
    if let Some(scopes) = scopes {
        client.oidc.scopes = scopes;
    }
    if let Some(algorithms) = algorithms {
        client.oidc.algorithms = algorithms;
    }
    if let Some(seconds) = clock_tolerance_seconds {
        client.oidc.clock_tolerance_seconds = seconds;
    }
    client.oidc.jwks = match (jwks, jwks_uri) {
        (Some(jwks), None) => JwksSource::Keys(Jwks::parse(jwks.as_bytes())?),
        (None, Some(uri)) => JwksSource::Uri(url(&uri)?),
        (None, None) => JwksSource::Discovered,
        (Some(_), Some(_)) => return Err(refused()),
    };
    Ok(client)
}

/// One login, as the driver hands it over.
pub(super) fn login_request(mut options: Options) -> Result<LoginRequest, Failure> {
    let mut request = LoginRequest::default();
    let acr_values = options.texts("acrValues");
    let on_behalf_of = options.optional_options("onBehalfOf");
    for name in options.texts("prompt") {
        match prompt(&name) {
            Some(prompt) => request.prompt.push(prompt),
            None => options.refuse(),
        }
    }
    request.max_age_seconds = options.optional_number("maxAgeSeconds");
    request.ui_locales = options.texts("uiLocales");
    request.login_hint = options.optional_text("loginHint");
    request.resource = options.texts("resource");
    let return_to = options.optional_text("returnTo");
    options.end()?;
    for acr in acr_values {
        let acr = Acr::parse(&acr).map_err(portvakt_digdir::Error::from)?;
        request.acr_values.push(acr);
    }
    request.on_behalf_of = on_behalf_of.map(rar_request).transpose()?;
    let return_to = return_to.as_deref().map(ReturnPath::parse).transpose();
    request.return_to = return_to.map_err(portvakt_oidc::Error::from)?;
    Ok(request)
}

/// How long a session may last, as the driver hands it over.
pub(super) fn limits(mut options: Options) -> Result<Limits, Failure> {
    let mut limits = Limits::default();
    for (name, limit) in [
        ("idleSeconds", &mut limits.idle_seconds),
        ("sessionSeconds", &mut limits.session_seconds),
        ("warningSeconds", &mut limits.warning_seconds),
    ] {
        if let Some(seconds) = options.optional_number(name) {
            *limit = seconds;
        }
    }
    options.end()?;
    limits.check().map_err(portvakt_digdir::Error::from)?;
    Ok(limits)
}

/// What became of what a flow asked for, as the driver hands it over: a response, the code of a transport error, or
/// whether a signature is good.
pub(super) fn answer(mut options: Options, body: &[u8]) -> Result<Answer, Failure> {
    let signature = options.optional_text("signature");
    let error = options.optional_text("error");
    let status = options.optional_number("status");
    let mut headers = Vec::new();
    for line in options.text_lists("headers") {
        match <[String; 2]>::try_from(line) {
            Ok([name, value]) => headers.push((name, value)),
            Err(_) => options.refuse(),
        }
    }
    options.end()?;
    match (signature, error, status) {
        (Some(name), None, None) => Ok(signature_answer(&name)?.into()),
        (None, Some(code), None) => {
            let error = TransportError::from_code(&code).ok_or_else(refused)?;
            Ok(Err(error).into())
        }
        (None, None, Some(status)) => {
            let status = status.try_into().map_err(|_| refused())?;
            Ok(Ok(HttpResponse {
                status,
                headers,
                body: body.to_vec(),
            })
            .into())
        }
        _ => Err(refused()),
    }
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
