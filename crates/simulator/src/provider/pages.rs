//! The pages of a provider, in bokmål and English.

mod login;
mod messages;
mod picker;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::clients::origin_of;
use crate::locale::Locale;
use crate::page::{self, Allowed, Bar};
use crate::provider_name::ProviderName;
use crate::state::Shared;

use super::store::Transaction;

pub(crate) use self::login::{choose_eid, sign_in};
pub(crate) use self::messages::{
    already_signed_out, expired, finished, form_post, no_session_cookie, not_found, refused,
    signed_out,
};
pub(crate) use self::picker::{choose_representation, nobody_to_represent};

/// A page of a login under way.
pub(crate) struct Page<'a> {
    pub(crate) provider: ProviderName,
    pub(crate) tx: &'a str,
    pub(crate) transaction: &'a Transaction,
    /// What was wrong with the form that led here.
    pub(crate) problem: Option<&'a str>,
}

impl Page<'_> {
    fn locale(&self) -> Locale {
        self.transaction.locale
    }

    /// The name of the application.
    fn client(&self) -> &str {
        self.transaction.request.client.display_name()
    }

    /// The hidden field that every form of the login has.
    fn tx_field(&self) -> Markup {
        html! { input type="hidden" name="tx" value=(self.tx); }
    }

    /// The form behind [`Self::cancel`], which stands outside of other forms.
    fn cancel_form(&self) -> Markup {
        html! {
            form #cancel method="post" action="/login/cancel" { (self.tx_field()) }
        }
    }

    /// The button that gives the login up.
    fn cancel(&self) -> Markup {
        html! {
            button.tertiary type="submit" form="cancel" formnovalidate data-testid="cancel" {
                (self.locale().pick("Avbryt", "Cancel"))
            }
        }
    }

    /// What was wrong, where assistive technology announces it.
    fn problem(&self) -> Markup {
        html! {
            @if let Some(problem) = self.problem {
                div.problem role="alert" data-testid="problem" { p { (problem) } }
            }
        }
    }

    fn respond(&self, status: StatusCode, title: &str, main: &Markup) -> Response {
        let other = self.locale().pick("en", "nb");
        let bar = Bar {
            locale: self.locale(),
            service: self.provider.display(),
            switch: Some(format!("/login?tx={}&lang={other}", self.tx)),
            title,
        };
        // The answer to a form may be a redirect to the application, and form-action covers redirects.
        let allowed = Allowed {
            form_action: origin_of(&self.transaction.request.reply.redirect_uri)
                .into_iter()
                .collect(),
            ..Allowed::default()
        };
        page::respond(status, page::document(&bar, &html! {}, main), &allowed)
    }
}

/// Style and scripts.
pub(crate) fn assets() -> Router<(Shared, ProviderName)> {
    page::assets()
}
