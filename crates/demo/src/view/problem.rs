//! How an error is shown.

use leptos::prelude::*;

use crate::language::PageLanguage;
use crate::problem::explain;
use crate::text;
use crate::view::parts::paragraph;

/// What happened, what to do, and the code for those who ask about it. Read out when it comes up.
///
/// `help` is what the person can do about it here, such as a button; `()` for nothing.
pub(crate) fn problem(language: PageLanguage, code: &'static str, help: impl IntoAny) -> AnyView {
    let explanation = explain(code);
    let help = help.into_any();
    view! {
        <div class="ds-alert" role="alert" data-color=explanation.tone.colour() data-testid="error" data-code=code>
            <h2 class="ds-heading" data-size="xs">{language.t(explanation.title)}</h2>
            {paragraph(language, explanation.advice)}
            {help}
            <p class="ds-paragraph code-line" data-size="sm">
                {language.t(text::ERROR_CODE)} " " <code>{code}</code>
            </p>
        </div>
    }
    .into_any()
}
