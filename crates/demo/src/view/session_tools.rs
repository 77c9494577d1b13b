//! What can be tried with a session: other tabs, another service, a call, and a look at what is kept.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::dialogporten::{DialogQuery, Dialogporten, SearchDialogs};
use portvakt_digdir::identifiers::Party;
use portvakt_leptos::{Auth, Persistence};

use crate::config::Neighbour;
use crate::language::{PageLanguage, Text};
use crate::text;
use crate::view::parts::{ButtonKind, button, heading, live_option, outward_link, small};

/// Three things to try, each with what to look for.
pub(crate) fn session_tools(language: PageLanguage, party: RwSignal<Option<Party>>) -> AnyView {
    let tab = outward_link(
        language,
        "/".to_owned(),
        "secondary",
        language.t(text::OPEN_TAB),
    );
    let neighbour = use_context::<Neighbour>().map(|neighbour| {
        view! {
            <li>
                {outward_link(language, neighbour.url, "secondary", language.t(text::OPEN_NEIGHBOUR))}
                {small(language, text::OPEN_NEIGHBOUR_ABOUT)}
            </li>
        }
    });
    view! {
        {heading(language, "xs", text::TRY)}
        <ul class="tools" data-size="sm">
            <li>{tab} {small(language, text::OPEN_TAB_ABOUT)}</li>
            {neighbour}
            <li>{call_api(language, party)}</li>
        </ul>
    }
    .into_any()
}

/// Asks Dialogporten for one dialog, and says what came of it.
fn call_api(language: PageLanguage, party: RwSignal<Option<Party>>) -> AnyView {
    let auth = Auth::expect();
    let dialogporten = StoredValue::new(expect_context::<Dialogporten>());
    let result = RwSignal::new(None::<&'static str>);
    let call = move || {
        let Some(party) = party.get_untracked() else {
            return;
        };
        result.set(None);
        spawn_local(async move {
            let mut query = DialogQuery::of_party(party);
            query.limit = Some(1);
            let dialogporten = dialogporten.get_value();
            let page = auth
                .authorised(|token| SearchDialogs::start(&dialogporten, token, query))
                .await;
            // The page may show somebody else by now, or nobody.
            _ = result.try_set(Some(match page {
                Ok(_) => "200",
                Err(error) => error.code(),
            }));
        });
    };
    let kind = ButtonKind {
        variant: "secondary",
        is_small: true,
        test_id: "call-api",
    };
    let answer = live_option(move || {
        let result = result.get()?;
        let answer = view! { <code data-testid="api-result">{result}</code> };
        Some(answer.into_any())
    });
    view! {
        {button(language, kind, text::CALL_API, call)}
        <p class="ds-paragraph" role="status">{answer}</p>
        {small(language, text::CALL_API_ABOUT)}
    }
    .into_any()
}

/// What the browser keeps, and why that is enough and no more.
pub(crate) fn kept(language: PageLanguage) -> AnyView {
    let persistence = Auth::expect().persistence();
    let places = move || match persistence.get() {
        Persistence::Sealed => &SEALED[..],
        Persistence::Memory => &MEMORY[..],
    };
    let rows = move || {
        places()
            .iter()
            .map(|(place, what)| {
                view! { <div><dt>{language.t(*place)}</dt><dd>{language.t(*what)}</dd></div> }
            })
            .collect_view()
    };
    view! {
        <details class="ds-details" data-testid="kept">
            <summary>{language.t(text::KEPT)}</summary>
            <div>
                {small(language, text::KEPT_ABOUT)}
                <dl class="terms kept">{rows}</dl>
            </div>
        </details>
    }
    .into_any()
}

const SEALED: [(Text, Text); 4] = [
    (text::KEPT_DATABASE, text::KEPT_DATABASE_ABOUT),
    (text::KEPT_TAB, text::KEPT_TAB_ABOUT),
    (text::KEPT_MEMORY, text::KEPT_MEMORY_ABOUT),
    (text::KEPT_NOWHERE, text::KEPT_NOWHERE_ABOUT),
];

const MEMORY: [(Text, Text); 2] = [
    (text::KEPT_MEMORY, text::KEPT_MEMORY_ONLY),
    (text::KEPT_NOWHERE, text::KEPT_NOWHERE_ABOUT),
];
