//! The application: finds out where it is, and shows the page for who is signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::dialogporten::{Dialogporten, SCOPE};
use portvakt_digdir::login::Client;
use portvakt_digdir::{Preset, Service};
use portvakt_leptos::{Auth, AuthConfig, AuthState};
use portvakt_oidc::{ReturnPath, Url};

use crate::config::{Config, ConfigError, Neighbour, Provider};
use crate::language::{PageLanguage, Text};
use crate::route::{Route, Router};
use crate::text;
use crate::view::frame::frame;
use crate::view::marks::marks;
use crate::view::parts::{live_view, waiting};
use crate::view::problem::problem;
use crate::view::signed_in::{SignedInPage, first_party};
use crate::view::signed_out::SignedOut;

/// The whole page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let language = PageLanguage::provide();
    let config = RwSignal::new(None::<Result<Config, ConfigError>>);
    let origin = window().location().origin().unwrap_or_default();
    spawn_local({
        let origin = origin.clone();
        async move { config.set(Some(Config::load(&origin).await)) }
    });
    let simulator = move || {
        config.with(|config| {
            Some(
                config
                    .as_ref()?
                    .as_ref()
                    .ok()?
                    .simulator
                    .as_ref()?
                    .as_str()
                    .to_owned(),
            )
        })
    };
    let content = live_view(move || match config.get() {
        None => waiting(language, text::LOADING),
        Some(Ok(config)) => match Setup::new(&config, &origin) {
            Some(setup) => view! { <Page setup=setup /> }.into_any(),
            None => problem(language, ConfigError::Malformed.code(), ()),
        },
        Some(Err(error)) => problem(language, error.code(), ()),
    });
    let is_second = move || {
        config.with(|config| match config {
            Some(Ok(Config {
                neighbour: Some(neighbour),
                ..
            })) => neighbour.is_second,
            _ => false,
        })
    };
    Effect::new(move |_| {
        if let Some(body) = document().body().filter(|_| is_second()) {
            // Setting an attribute of this name cannot fail.
            _ = body.set_attribute("data-color", "success");
        }
    });
    frame(language, is_second, simulator, content)
}

/// The page once it is known where the services are.
#[component]
fn Page(setup: Setup) -> impl IntoView {
    let language = PageLanguage::expect();
    provide_context(setup.dialogporten);
    if let Some(neighbour) = setup.neighbour {
        provide_context(neighbour);
    }
    let auth = Auth::provide(setup.auth);
    let router = Router::provide();
    let state = auth.state();
    Effect::new(move |_| document().set_title(title(&state.get()).in_language(language.current())));
    // A renewal changes the tokens and nothing that is to be built anew.
    let shown = Memo::new(move |_| state.with(Shown::of));
    // The first thing on a page leaves the focus where the browser has put it; what comes after takes it.
    let is_first = StoredValue::new(true);
    // Whom the page has been showing, when another tab changes that.
    let last_party = StoredValue::new(None);
    let content = live_view(move || {
        // An answer from the provider has changed the address.
        router.refresh();
        match shown.get() {
            Shown::Loading => waiting(language, text::COMPLETING),
            Shown::SignedOut(code) => {
                let takes_focus = !is_first.get_value() || code.is_some();
                is_first.set_value(false);
                view! { <SignedOut code=code takes_focus=takes_focus /> }.into_any()
            }
            Shown::SignedIn(_) => {
                is_first.set_value(false);
                let Some(signed_in) = state.with_untracked(|state| state.signed_in().cloned())
                else {
                    return ().into_any();
                };
                let party = first_party(&signed_in);
                let last = last_party.try_update_value(|last| last.replace(party.clone()));
                // A message of one organisation has no place under the name of another.
                if last.flatten().is_some_and(|last| last != party) {
                    router.go(Route::Home);
                }
                view! { <SignedInPage signed_in=signed_in /> }.into_any()
            }
        }
    });
    view! {
        {marks()}
        {content}
    }
}

/// What the page is built for.
#[derive(Clone, PartialEq)]
enum Shown {
    Loading,
    /// With the code of the error that is explained.
    SignedOut(Option<&'static str>),
    /// With what tells the sign-in from every other.
    SignedIn(String),
}

impl Shown {
    fn of(state: &AuthState) -> Self {
        match state {
            AuthState::Loading => Self::Loading,
            AuthState::SignedOut { error } => {
                Self::SignedOut(error.as_ref().map(portvakt_leptos::Error::code))
            }
            AuthState::SignedIn(signed_in) => Self::SignedIn(signed_in.id().to_owned()),
        }
    }
}

/// The configuration in the terms of the libraries.
struct Setup {
    auth: AuthConfig,
    dialogporten: Dialogporten,
    neighbour: Option<Neighbour>,
}

impl Setup {
    /// `None` if something of it cannot be.
    fn new(config: &Config, origin: &str) -> Option<Self> {
        let clients = vec![
            client(Service::Ansattporten, &config.ansattporten, origin)?,
            client(Service::IdPorten, &config.idporten, origin)?,
        ];
        let mut auth = AuthConfig::new(clients, ReturnPath::parse("/").ok()?);
        auth.token_origins = vec![config.dialogporten.origin().to_owned()];
        auth.logout_events.clone_from(&config.logout_events);
        // Dialogporten knows bearer tokens alone.
        auth.dpop = false;
        Some(Self {
            auth,
            dialogporten: Dialogporten::at(config.dialogporten.as_str()).ok()?,
            neighbour: config.neighbour.clone(),
        })
    }
}

fn client(service: Service, provider: &Provider, origin: &str) -> Option<Client> {
    let redirect_uri = Url::parse(&format!("{origin}/callback")).ok()?;
    let preset = match Preset::by_issuer(&provider.issuer) {
        Some(preset) => preset.clone(),
        None => Preset::local(service, &provider.issuer).ok()?,
    };
    // The issuer of one service under the name of the other would be a mix-up waiting to happen.
    if preset.service() != service {
        return None;
    }
    let mut client = Client::new(preset, provider.client_id.clone(), redirect_uri).ok()?;
    client.oidc.post_logout_redirect_uri = Some(Url::parse(&format!("{origin}/")).ok()?);
    client.oidc.scopes = ["openid", "profile", SCOPE].map(str::to_owned).to_vec();
    Some(client)
}

fn title(state: &AuthState) -> Text {
    match state {
        AuthState::Loading => text::TITLE,
        AuthState::SignedOut { .. } => text::TITLE_SIGNED_OUT,
        AuthState::SignedIn(_) => text::TITLE_SIGNED_IN,
    }
}
