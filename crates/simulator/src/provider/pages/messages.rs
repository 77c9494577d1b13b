//! Pages that say something and offer at most a way on.

use axum::extract::State as FromState;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};

use crate::clients::{Client, origin_of};
use crate::locale::Locale;
use crate::page::{Allowed, Bar, document, respond};
use crate::provider::cookies;
use crate::provider::error::OAuthError;
use crate::provider_name::ProviderName;
use crate::state::Shared;

/// How long the frames of other applications get before the browser goes on, in seconds, whatever becomes of
/// them.
const FRAME_SECONDS: u8 = 2;

/// A request that cannot be answered to the application.
pub(crate) fn refused(locale: Locale, provider: ProviderName, error: &OAuthError) -> Response {
    let title = locale.pick("Innloggingen kan ikke starte", "The login cannot begin");
    let main = html! {
        h1 { (title) }
        div.problem role="alert" data-testid="op-error" data-code=(error.code) {
            p { (locale.pick(
                "Tjenesten du kom fra, sendte en forespørsel som ikke kan besvares.",
                "The service that you came from sent a request that cannot be answered.",
            )) }
        }
        h2 { (locale.pick("Til utvikleren", "For the developer")) }
        p lang="en" { code { (error.code) } }
        p lang="en" { (error.description) }
    };
    let mut response = message(StatusCode::BAD_REQUEST, locale, provider, title, &main);
    response.extensions_mut().insert(error.note());
    response
}

/// A page of a login that is not under way in this browser.
pub(crate) fn expired(locale: Locale, provider: ProviderName) -> Response {
    let title = locale.pick("Innloggingen er ikke i gang", "The login is not under way");
    let main = html! {
        h1 { (title) }
        div.problem role="alert" data-testid="op-error" data-code="transaction_unknown" {
            p { (locale.pick(
                "Den er utløpt, avsluttet, eller startet i en annen nettleser. Gå tilbake til tjenesten og begynn på nytt.",
                "It has expired, has ended, or was started in another browser. Go back to the service and begin again.",
            )) }
        }
    };
    message(StatusCode::BAD_REQUEST, locale, provider, title, &main)
}

/// A page of a login that is over, most likely reached with Back.
pub(crate) fn finished(locale: Locale, provider: ProviderName, client: &Client) -> Response {
    let title = locale.pick("Denne innloggingen er ferdig", "This login is finished");
    let main = html! {
        h1 { (title) }
        div.problem role="alert" data-testid="op-error" data-code="transaction_finished" {
            p { (locale.pick(
                "Du er allerede sendt tilbake til tjenesten. Gå dit og begynn på nytt hvis du vil logge inn igjen.",
                "You were already sent back to the service. Go there and begin again if you want to sign in once more.",
            )) }
        }
        @if let Some(uri) = &client.client_uri {
            p { a.button href=(uri) { (locale.pick("Tilbake til ", "Back to ")) (client.display_name()) } }
        }
    };
    message(StatusCode::BAD_REQUEST, locale, provider, title, &main)
}

/// No such page.
pub(crate) async fn not_found(
    FromState((state, provider)): FromState<(Shared, ProviderName)>,
    headers: HeaderMap,
) -> Response {
    let issuer = state.origins.issuer(provider);
    let locale = cookies::read(&headers, cookies::LANGUAGE)
        .and_then(Locale::parse)
        .unwrap_or_default();
    let title = locale.pick("Siden finnes ikke", "There is no such page");
    let main = html! {
        h1 { (title) }
        p { (locale.pick(
            "En innlogging begynner hos tjenesten du vil bruke.",
            "A login begins at the service that you want to use.",
        )) }
        p {
            (locale.pick(
                "For utviklere: sidene begynner på /authorize og /logout, og utstederen med metadata er ",
                "For developers: the pages begin at /authorize and /logout, and the issuer with its metadata is ",
            ))
            (issuer) "."
        }
    };
    message(StatusCode::NOT_FOUND, locale, provider, title, &main)
}

/// The form that the browser posts to the application (`response_mode=form_post`).
pub(crate) fn form_post(
    locale: Locale,
    provider: ProviderName,
    redirect_uri: &str,
    parameters: &[(&str, String)],
) -> Response {
    let title = locale.pick("Du sendes tilbake", "You are being sent back");
    let main = html! {
        h1 { (title) }
        form #submit method="post" action=(redirect_uri) {
            @for (name, value) in parameters {
                input type="hidden" name=(name) value=(value);
            }
            button.primary type="submit" data-testid="continue" { (locale.pick("Fortsett", "Continue")) }
        }
    };
    let head = html! { script src="/assets/submit.js" defer {} };
    let bar = Bar {
        locale,
        service: provider.display(),
        switch: None,
        title,
    };
    let allowed = Allowed {
        form_action: origin_of(redirect_uri).into_iter().collect(),
        script: true,
        ..Allowed::default()
    };
    respond(StatusCode::OK, document(&bar, &head, &main), &allowed)
}

/// The end of a logout: other applications in hidden frames, then the way on.
pub(crate) fn signed_out(
    locale: Locale,
    provider: ProviderName,
    client: Option<&Client>,
    url: Option<&str>,
    frames: &[String],
) -> Response {
    let title = locale.pick("Du er logget ut", "You are signed out");
    let main = html! {
        h1 { (title) }
        @if !frames.is_empty() {
            p { (locale.pick("Du blir også logget ut av de andre tjenestene.", "You are being signed out of the other services as well.")) }
        }
        (way_on(locale, client, url, Some(FRAME_SECONDS)))
        @for frame in frames {
            iframe.logout-frame src=(frame) title=(locale.pick("Utlogging av en tjeneste", "Signing out of a service"))
                aria-hidden="true" tabindex="-1" data-testid="frontchannel-logout" {}
        }
    };
    let refresh = url.map(|url| format!("{FRAME_SECONDS};url={url}"));
    // A refresh by the document itself begins to count when all frames are there; one that hangs would hold
    // the person up for minutes.
    let head = html! {
        @if let Some(refresh) = &refresh {
            script src="/assets/logout.js" defer {}
            noscript { meta http-equiv="refresh" content=(refresh); }
        }
    };
    let bar = Bar {
        locale,
        service: provider.display(),
        switch: None,
        title,
    };
    let mut origins: Vec<String> = frames.iter().filter_map(|frame| origin_of(frame)).collect();
    origins.dedup();
    let allowed = Allowed {
        frames: origins,
        script: url.is_some(),
        ..Allowed::default()
    };
    respond(StatusCode::OK, document(&bar, &head, &main), &allowed)
}

/// A logout without the session cookie, as from a form on another site.
pub(crate) fn no_session_cookie(
    locale: Locale,
    provider: ProviderName,
    url: Option<&str>,
) -> Response {
    let title = locale.pick(
        "Utloggingen mangler en økt",
        "There is no session to sign out of",
    );
    let main = html! {
        h1 { (title) }
        div.problem role="alert" data-testid="op-error" data-code="session_cookie_missing" {
            p { (locale.pick(
                "Nettleseren sendte ingen informasjonskapsel for økten. Enten er ingen logget inn, eller så kom forespørselen fra et skjema på et annet nettsted; bruk da GET.",
                "The browser sent no session cookie. Either nobody is signed in, or the request came from a form on another site; use GET then.",
            )) }
        }
        (way_on(locale, None, url, None))
    };
    message(StatusCode::BAD_REQUEST, locale, provider, title, &main)
}

/// A logout of a session that has ended before.
pub(crate) fn already_signed_out(
    locale: Locale,
    provider: ProviderName,
    url: Option<&str>,
) -> Response {
    let title = locale.pick("Du var allerede logget ut", "You were signed out already");
    let main = html! {
        h1 { (title) }
        p { (locale.pick("Økten var avsluttet eller utløpt.", "The session had ended or expired.")) }
        (way_on(locale, None, url, None))
    };
    message(StatusCode::OK, locale, provider, title, &main)
}

/// The way back to the application, which a script takes after some seconds where they are given.
fn way_on(
    locale: Locale,
    client: Option<&Client>,
    url: Option<&str>,
    wait_seconds: Option<u8>,
) -> Markup {
    html! {
        @if let Some(url) = url {
            p {
                a.button href=(url) data-testid="continue" data-wait-seconds=[wait_seconds] {
                    @match client {
                        Some(client) => { (locale.pick("Tilbake til ", "Back to ")) (client.display_name()) }
                        None => (locale.pick("Tilbake til tjenesten", "Back to the service")),
                    }
                }
            }
        } @else {
            p { (locale.pick("Du kan lukke siden.", "You can close the page.")) }
            (PreEscaped("<!-- No registered post_logout_redirect_uri was named. -->"))
        }
    }
}

fn message(
    status: StatusCode,
    locale: Locale,
    provider: ProviderName,
    title: &str,
    main: &Markup,
) -> Response {
    let bar = Bar {
        locale,
        service: provider.display(),
        switch: None,
        title,
    };
    respond(status, document(&bar, &html! {}, main), &Allowed::default())
}
