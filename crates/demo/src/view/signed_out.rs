//! The page of somebody who is not signed in: three ways to do so.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::Service;
use portvakt_digdir::acr::{Acr, AssuranceLevel};
use portvakt_digdir::login::LoginRequest;
use portvakt_digdir::rar::RarRequest;
use portvakt_leptos::Auth;

use crate::config::Neighbour;
use crate::language::PageLanguage;
use crate::route::Route;
use crate::text;
use crate::view::parts::{
    ButtonKind, ViewHeading, button, going, heading, outward_link, paragraph, radio, small,
};
use crate::view::problem::problem;
use crate::view::request_form::{RequestForm, request_fields};

/// `code` is of the error that the last sign-in failed or the session ended with.
#[component]
pub(crate) fn SignedOut(code: Option<&'static str>, takes_focus: bool) -> impl IntoView {
    let language = PageLanguage::expect();
    let auth = Auth::expect();
    let form = RequestForm::new();
    let level = RwSignal::new(AssuranceLevel::Substantial);

    let sign_in = move |service: Service, on_behalf_of: Option<RarRequest>| {
        let mut request = LoginRequest::default();
        request.acr_values = vec![acr(service, level.get_untracked())];
        request.on_behalf_of = on_behalf_of;
        request.ui_locales = vec![language.current_untracked().tag().to_owned()];
        request.return_to = Route::current().to_return_path();
        spawn_local(auth.login(service, request));
    };
    let sign_in_on_behalf = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // Without a service the form says what is missing; nothing else about the choices can be wrong.
        if let Ok(request) = untrack(|| form.to_request()) {
            sign_in(Service::Ansattporten, Some(request));
        }
    };
    let is_leaving = auth.is_leaving();
    let secondary = |test_id| ButtonKind {
        variant: "secondary",
        test_id,
        ..ButtonKind::default()
    };
    let levels = [
        (
            "level-substantial",
            text::LEVEL_SUBSTANTIAL,
            text::LEVEL_SUBSTANTIAL_ABOUT,
            AssuranceLevel::Substantial,
        ),
        (
            "level-high",
            text::LEVEL_HIGH,
            text::LEVEL_HIGH_ABOUT,
            AssuranceLevel::High,
        ),
    ];

    let neighbour = use_context::<Neighbour>().map(|neighbour| {
        let name = language.t(text::OPEN_NEIGHBOUR);
        let link = outward_link(language, neighbour.url, "", name);
        view! { <p class="ds-paragraph" data-size="sm">{link} ". " {language.t(text::OPEN_NEIGHBOUR_ABOUT)}</p> }
    });

    view! {
        <div class="intro">
            <ViewHeading takes_focus=takes_focus>{language.t(text::SIGNED_OUT_TITLE)}</ViewHeading>
            <p class="ds-paragraph" data-size="lg">{language.t(text::SIGNED_OUT_LEAD)}</p>
        </div>
        {code.map(|code| problem(language, code, ()))}
        {going(language, is_leaving)}
        <fieldset class="ds-fieldset level">
            <legend class="ds-label">{language.t(text::LEVEL)}</legend>
            <div class="side-by-side">
                {levels.map(|(id, label, about, value)| {
                    radio(language, "level", id, label, Some(about), value, level)
                })}
            </div>
        </fieldset>
        <div class="ways-in">
            <form class="ds-card" on:submit=sign_in_on_behalf>
                {heading(language, "sm", text::FOR_ORGANISATION)}
                {paragraph(language, text::FOR_ORGANISATION_ABOUT)}
                <div class="stack">
                    {request_fields(language, form)}
                    <button
                        class="ds-button"
                        type="submit"
                        data-testid="sign-in-on-behalf"
                        disabled=move || is_leaving.get()
                    >
                        {language.t(text::SIGN_IN_ON_BEHALF)}
                    </button>
                </div>
            </form>
            <div class="stack">
                <section class="ds-card">
                    {heading(language, "sm", text::IDPORTEN)}
                    {paragraph(language, text::IDPORTEN_ABOUT)}
                    {button(language, secondary("sign-in-idporten"), text::SIGN_IN_IDPORTEN, move || {
                        sign_in(Service::IdPorten, None);
                    })}
                </section>
                <section class="ds-card">
                    {heading(language, "sm", text::ANSATTPORTEN)}
                    {paragraph(language, text::ANSATTPORTEN_ABOUT)}
                    {button(language, secondary("sign-in"), text::SIGN_IN, move || {
                        sign_in(Service::Ansattporten, None);
                    })}
                </section>
                <div class="note">
                    {small(language, text::RELOAD_NOTE)}
                    {neighbour}
                </div>
            </div>
        </div>
    }
}

/// What the service calls the level.
pub(crate) fn acr(service: Service, level: AssuranceLevel) -> Acr {
    match (service, level) {
        (Service::IdPorten, AssuranceLevel::High) => Acr::IdportenLoaHigh,
        (Service::IdPorten, _) => Acr::IdportenLoaSubstantial,
        (_, AssuranceLevel::High) => Acr::High,
        _ => Acr::Substantial,
    }
}
