//! The page of somebody who is signed in: whom they act for, the inbox, and everything about the sign-in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::Service;
use portvakt_digdir::acr::AssuranceLevel;
use portvakt_digdir::identifiers::{Party, Pid};
use portvakt_digdir::login::{LoginRequest, StepUp};
use portvakt_jose::json::Value;
use portvakt_leptos::{Auth, SignedIn};

use crate::inbox::Inbox;
use crate::language::PageLanguage;
use crate::route::{Route, Router};
use crate::text;
use crate::view::checks::checks;
use crate::view::claims::raw_claims;
use crate::view::dialog::dialog_view;
use crate::view::inbox::inbox_view;
use crate::view::organisations::acting_for;
use crate::view::parts::{
    ButtonKind, button, going, heading, live_option, live_text, live_view, outward_link,
};
use crate::view::person::{full_name, person};
use crate::view::problem::problem;
use crate::view::request_form::RequestForm;
use crate::view::session_clock::session_clock;
use crate::view::session_tools::{kept, session_tools};
use crate::view::session_warning::session_warning;
use crate::view::signed_out::acr;

/// Everything there is to see for the person.
#[component]
pub(crate) fn SignedInPage(signed_in: SignedIn) -> impl IntoView {
    let language = PageLanguage::expect();
    let auth = Auth::expect();
    let router = Router::expect();
    let party = RwSignal::new(first_party(&signed_in));
    let inbox = Inbox::new(party);
    let name = name_of(&signed_in, auth);
    let again = SignInAgain::new(&signed_in);
    let is_leaving = auth.is_leaving();
    let is_ansattporten = signed_in.service() == Service::Ansattporten;

    let content = live_view(move || match router.current() {
        Route::Home => inbox_view(language, inbox, again),
        Route::Dialog(id) => dialog_view(language, id, inbox, again),
    });
    let failure = live_option(move || {
        auth.problem()
            .get()
            .map(|error| problem(language, error.code(), ()))
    });
    let notice = live_option(move || {
        (is_ansattporten && !inbox.is_refused()).then(|| preview_notice(language))
    });
    view! {
        <div data-testid="signed-in" class="stack">
            {session_warning(language, move || again.same())}
            {session_bar(language, &signed_in, name, again)}
            {failure}
            {going(language, is_leaving)}
            {notice}
            <div class="columns">
                <div class="column-acting">{acting_for(language, &signed_in, party)}</div>
                <div class="column-content">{content}</div>
                <aside class="column-about stack" aria-label=language.t(text::YOU)>
                    <section>{heading(language, "xs", text::YOU)} {person(language, &signed_in, name)}</section>
                    <section>
                        {heading(language, "xs", text::SESSION)}
                        {session_clock(language, &signed_in, move || again.same())}
                    </section>
                    <section>{session_tools(language, party)}</section>
                    <div>
                        {kept(language)}
                        {checks(language, &signed_in)}
                        {raw_claims(language, signed_in)}
                    </div>
                </aside>
            </div>
        </div>
    }
}

/// Who is signed in, and the ways out.
fn session_bar(
    language: PageLanguage,
    signed_in: &SignedIn,
    name: RwSignal<Option<String>>,
    again: SignInAgain,
) -> AnyView {
    let auth = Auth::expect();
    let switch = (signed_in.service() == Service::Ansattporten).then(|| {
        let kind = ButtonKind {
            variant: "secondary",
            is_small: true,
            test_id: "switch-organisation",
        };
        button(language, kind, text::SWITCH_ORGANISATION, move || {
            again.switch_organisation()
        })
    });
    let step_up = (signed_in.level() < Some(AssuranceLevel::High)).then(|| {
        let kind = ButtonKind {
            variant: "secondary",
            is_small: true,
            test_id: "step-up",
        };
        button(language, kind, text::STEP_UP, move || again.at_level_high())
    });
    let claims = signed_in.claims();
    let pid = claims.pid.as_ref().map(Pid::masked);
    let fallback = pid
        .clone()
        .or_else(|| claims.email.clone())
        .unwrap_or_default();
    let who = live_text(move || name.get().unwrap_or_else(|| fallback.clone()));
    let below = live_text(move || name.get().and_then(|_| pid.clone()).unwrap_or_default());
    let kind = ButtonKind {
        variant: "secondary",
        is_small: true,
        test_id: "sign-out",
    };
    let sign_out = button(language, kind, text::SIGN_OUT, move || {
        spawn_local(auth.logout())
    });
    view! {
        <section class="session-bar" aria-label=language.t(text::SESSION)>
            <p class="ds-paragraph session-who">
                <strong>{who}</strong>
                <span class="minor number">{below}</span>
            </p>
            <div class="session-actions">{switch} {step_up} {sign_out}</div>
        </section>
    }
    .into_any()
}

/// The ways to sign in once more from here. A handle.
#[derive(Clone, Copy)]
pub(crate) struct SignInAgain {
    signed_in: StoredValue<SignedIn>,
    language: PageLanguage,
    auth: Auth,
}

impl SignInAgain {
    fn new(signed_in: &SignedIn) -> Self {
        Self {
            signed_in: StoredValue::new(signed_in.clone()),
            language: PageLanguage::expect(),
            auth: Auth::expect(),
        }
    }

    /// With the same request: for new tokens.
    pub(crate) fn same(self) {
        self.sign_in(SignedIn::switch_request, Route::current());
    }

    /// At level high, and back to what needs it.
    pub(crate) fn at_level_high(self) {
        let high = |signed_in: &SignedIn| {
            let high = acr(signed_in.service(), AssuranceLevel::High);
            signed_in.step_up_request(&StepUp::to(&[high]))
        };
        self.sign_in(high, Route::current());
    }

    /// With the same request, or an ordinary one if none was made: the provider shows its organisation picker.
    fn switch_organisation(self) {
        let switch = |signed_in: &SignedIn| {
            let mut request = signed_in.switch_request()?;
            if request.on_behalf_of.is_none() {
                request.on_behalf_of = untrack(|| RequestForm::new().to_request()).ok();
            }
            Ok(request)
        };
        self.sign_in(switch, Route::Home);
    }

    fn sign_in(
        self,
        request: impl FnOnce(&SignedIn) -> Result<LoginRequest, portvakt_leptos::Error>,
        return_to: Route,
    ) {
        self.signed_in.with_value(|signed_in| {
            // Fails for requests that no session can be the answer to.
            let Ok(mut request) = request(signed_in) else {
                return;
            };
            request.ui_locales = vec![self.language.current_untracked().tag().to_owned()];
            request.return_to = return_to.to_return_path();
            spawn_local(self.auth.login(signed_in.service(), request));
        });
    }
}

/// Whose inbox is shown first.
pub(crate) fn first_party(signed_in: &SignedIn) -> Option<Party> {
    let organisations = signed_in
        .representation()
        .map(|represented| represented.organisations());
    match organisations.and_then(<[_]>::first) {
        Some(organisation) => Some(Party::Organisation(organisation.number())),
        None => signed_in.claims().pid.map(Party::Person),
    }
}

/// The person's name: that of the id_token, or else what the userinfo endpoint says.
fn name_of(signed_in: &SignedIn, auth: Auth) -> RwSignal<Option<String>> {
    let claims = signed_in.claims();
    let name = full_name(
        claims.name.as_deref(),
        [claims.given_name.as_deref(), claims.family_name.as_deref()],
    );
    let name = RwSignal::new(name);
    if name.with_untracked(Option::is_none) {
        spawn_local(async move {
            // A provider without names, or one that cannot be reached, leaves the number to be shown.
            if let Ok(userinfo) = auth.userinfo().await {
                let claim = |name: &str| userinfo.claims.get(name).and_then(Value::as_str);
                _ = name.try_set(full_name(
                    claim("name"),
                    [claim("given_name"), claim("family_name")],
                ));
            }
        });
    }
    name
}

fn preview_notice(language: PageLanguage) -> AnyView {
    view! {
        <div class="ds-alert" data-color="info" data-testid="preview">
            <h2 class="ds-heading" data-size="2xs">{language.t(text::PREVIEW_TITLE)}</h2>
            <p class="ds-paragraph" data-size="sm">{language.t(text::PREVIEW)} " " {upstream_issue(language)}</p>
        </div>
    }
    .into_any()
}

/// The link to the matter at Dialogporten.
pub(crate) fn upstream_issue(language: PageLanguage) -> AnyView {
    let address = "https://github.com/Altinn/dialogporten/issues/3982";
    outward_link(
        language,
        address.to_owned(),
        "",
        language.t(text::PREVIEW_LINK),
    )
}
