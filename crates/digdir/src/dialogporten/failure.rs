use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Value};
use portvakt_oidc::HttpResponse;

use super::timestamp::http_date;

portvakt_jose::errors! {
    /// Why Dialogporten gave no answer.
    pub enum DialogportenError {
        /// Dialogporten answers so when it does not know the token's issuer. It knows those of ID-porten,
        /// Maskinporten and Altinn, and not Ansattporten's yet: <https://github.com/Altinn/dialogporten/issues/3982>.
        /// Across origins a browser may also have hidden the reason.
        Unauthenticated => "dialogporten_unauthenticated",
            "Dialogporten did not accept the token and gave no reason, as it does with issuers that it does not know; Ansattporten's tokens are not accepted yet.",
            "Dialogporten, AuthenticationBuilderExtensions";
        TokenRefused => "dialogporten_token_refused",
            "The access token has expired, or its signature is wrong.",
            "RFC 6750 §3.1";
        MissingScope => "dialogporten_missing_scope",
            "The access token does not have the scope digdir:dialogporten.",
            "Dialogporten, AuthorizationOptionsSetup";
        WrongUserType => "dialogporten_wrong_user_type",
            "The access token is not a person's: it has no pid.",
            "Dialogporten, UserTypeValidationMiddleware";
        /// Sign in again with a higher level: `idporten-loa-high` at ID-porten, `high` at Ansattporten.
        StepUpRequired => "dialogporten_step_up_required",
            "The dialog is shown only to people who have signed in at a higher assurance level.",
            "Dialogporten, GetDialogQuery";
        NoAccess => "dialogporten_no_access",
            "The person has no access to the dialog.",
            "Dialogporten, GetDialogQuery";
        NotFound => "dialogporten_not_found",
            "There is no such dialog, or it is no longer shown.",
            "Dialogporten, GetDialogQuery";
        /// When it will be is in [`DialogportenFailure::visible_from`].
        NotYetVisible => "dialogporten_not_yet_visible",
            "The dialog is not shown yet.",
            "Dialogporten, GetDialogQuery";
        Deleted => "dialogporten_deleted",
            "The dialog has been deleted.",
            "Dialogporten, GetDialogQuery";
        Validation => "dialogporten_validation",
            "Dialogporten does not understand the request.",
            "Dialogporten, ErrorResponseBuilderExtensions";
        TooBroad => "dialogporten_too_broad",
            "The search is too broad; limit it to fewer parties or to newer content.",
            "Dialogporten, IDialogSearchRepository";
        /// When to try again is in [`DialogportenFailure::retry_at`], if the service says.
        Maintenance => "dialogporten_maintenance",
            "Dialogporten is down for maintenance.",
            "Dialogporten, MaintenanceModeMiddleware";
        /// When to try again is in [`DialogportenFailure::retry_at`], if the service says.
        Throttled => "dialogporten_throttled",
            "Too many requests in a short time.",
            "RFC 6585 §4";
        Upstream => "dialogporten_upstream",
            "A service that Dialogporten depends on failed; a person without a profile in Altinn is seen so, too.",
            "Dialogporten, ErrorResponseBuilderExtensions";
        Internal => "dialogporten_internal",
            "Dialogporten failed.",
            "RFC 9110 §15.6.1";
        UnexpectedStatus => "dialogporten_unexpected_status",
            "Dialogporten answered with a status that this call does not have.",
            "Dialogporten, OpenAPI";
        Malformed => "dialogporten_malformed",
            "The answer is not what Dialogporten answers with.",
            "Dialogporten, OpenAPI";
    }
}

impl DialogportenError {
    /// Whether the same request may well succeed at another time.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Maintenance | Self::Throttled | Self::Upstream | Self::Internal
        )
    }
}

/// What Dialogporten answered instead, and what it said besides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DialogportenFailure {
    /// What went wrong.
    pub error: DialogportenError,
    /// The HTTP status.
    pub status: u16,
    /// Dialogporten's own name for the request: quote it when asking its people for help.
    pub trace_id: Option<String>,
    /// When to try again, where the service says (`Retry-After`).
    pub retry_at: Option<UnixTime>,
    /// When the dialog will be shown, of `dialogporten_not_yet_visible`.
    pub visible_from: Option<UnixTime>,
    /// The parameters that were not understood, of `dialogporten_validation`.
    pub parameters: Vec<String>,
}

/// Which call was made: some answers mean different things.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Search,
    Open,
    Parties,
}

impl DialogportenFailure {
    /// Reads an answer that is not a success.
    pub(super) fn of(response: &HttpResponse, call: Call, now: UnixTime) -> Self {
        let problem = Problem::read(response);
        let visible_from = response.header("expires").and_then(http_date);
        let error = match response.status {
            400 => DialogportenError::Validation,
            401 => unauthenticated(response),
            403 => forbidden(response, &problem),
            404 if call == Call::Open && visible_from.is_some_and(|from| from > now) => {
                DialogportenError::NotYetVisible
            }
            404 => DialogportenError::NotFound,
            410 => DialogportenError::Deleted,
            422 if call == Call::Search => DialogportenError::TooBroad,
            429 => DialogportenError::Throttled,
            500 => DialogportenError::Internal,
            502 | 504 => DialogportenError::Upstream,
            503 => DialogportenError::Maintenance,
            _ => DialogportenError::UnexpectedStatus,
        };
        let parameters = match error {
            DialogportenError::Validation => problem.parameters(),
            _ => Vec::new(),
        };
        Self {
            error,
            status: response.status,
            trace_id: problem.trace_id(),
            retry_at: response
                .header("retry-after")
                .and_then(|value| retry_at(value, now)),
            visible_from: visible_from.filter(|_| error == DialogportenError::NotYetVisible),
            parameters,
        }
    }

    /// A success that is not in its form.
    pub(super) fn malformed() -> Self {
        Self {
            error: DialogportenError::Malformed,
            status: 200,
            trace_id: None,
            retry_at: None,
            visible_from: None,
            parameters: Vec::new(),
        }
    }
}

/// An issuer that is not known gets a bare challenge, since none of the service's schemes feels addressed; a token
/// that one of them has judged gets `error=` with it (RFC 6750 §3). Across origins a browser shows the header only if
/// the service lets it, and then what is left is the bare one.
fn unauthenticated(response: &HttpResponse) -> DialogportenError {
    let judged = response
        .headers
        .iter()
        .filter(|(name, _)| name == "www-authenticate")
        .any(|(_, challenge)| challenge.contains("error="));
    if judged {
        DialogportenError::TokenRefused
    } else {
        DialogportenError::Unauthenticated
    }
}

/// A missing scope is refused before the API is reached, with an empty body; the API itself says why. What says
/// something else, such as a gateway's page, is none of these.
fn forbidden(response: &HttpResponse, problem: &Problem) -> DialogportenError {
    if response.body.is_empty() {
        return DialogportenError::MissingScope;
    }
    let Some(body) = &problem.0 else {
        return DialogportenError::UnexpectedStatus;
    };
    let errors = body.get("errors");
    if errors.is_some_and(|errors| errors.get("Type").is_some()) {
        return DialogportenError::WrongUserType;
    }
    if asks_for_level(body) {
        DialogportenError::StepUpRequired
    } else {
        DialogportenError::NoAccess
    }
}

/// Whether a refusal (status 403) is about the person's level.
pub(crate) fn is_step_up(body: &[u8]) -> bool {
    json::parse(body, MAX_PROBLEM_BYTES).is_ok_and(|problem| asks_for_level(&problem))
}

fn asks_for_level(problem: &Value) -> bool {
    let messages = problem
        .get("errors")
        .and_then(|errors| errors.get("Forbidden")?.as_array())
        .unwrap_or_default();
    let speaks_of_level = |message: &Value| {
        message
            .as_str()
            .is_some_and(|message| message.to_ascii_lowercase().contains(LEVEL_TOO_LOW))
    };
    messages.iter().any(speaks_of_level)
}

/// The problem document, if there is one (RFC 9457).
struct Problem(Option<Value>);

impl Problem {
    fn read(response: &HttpResponse) -> Self {
        let body = Some(&response.body).filter(|_| response.may_be_json());
        let value = body.and_then(|body| json::parse(body, MAX_PROBLEM_BYTES).ok());
        Self(value.filter(|value| value.as_object().is_some()))
    }

    fn trace_id(&self) -> Option<String> {
        let trace_id = self.0.as_ref()?.get("traceId")?.as_str()?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-:.|_".contains(&byte);
        ((1..=MAX_TRACE_ID_BYTES).contains(&trace_id.len()) && trace_id.bytes().all(is_plain))
            .then(|| trace_id.to_string())
    }

    /// The names of parameters and not the messages, which repeat what was sent: people's numbers, for example.
    fn parameters(&self) -> Vec<String> {
        let errors = self
            .0
            .as_ref()
            .and_then(|problem| problem.get("errors")?.as_object());
        errors
            .into_iter()
            .flat_map(json::Object::iter)
            .map(|(name, _)| name)
            .filter(|name| (1..=MAX_PARAMETER_BYTES).contains(&name.len()))
            .filter(|name| {
                name.bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
            })
            .take(MAX_PARAMETERS)
            .map(ToString::to_string)
            .collect()
    }
}

/// Seconds, or a date. RFC 9110 §10.2.3.
fn retry_at(value: &str, now: UnixTime) -> Option<UnixTime> {
    match value.parse::<u32>() {
        Ok(seconds) => Some(now.saturating_add(u64::from(seconds))),
        Err(_) => http_date(value),
    }
}

/// What is common to the ways in which the service has put it: "Altinn authentication level too low."
const LEVEL_TOO_LOW: &str = "authentication level too low";

/// Problem documents have less than one kilobyte.
const MAX_PROBLEM_BYTES: usize = 64 * 1024;

/// A W3C trace parent has 55 characters.
const MAX_TRACE_ID_BYTES: usize = 128;

/// A search has about twenty parameters.
const MAX_PARAMETERS: usize = 20;

/// The longest name of a parameter, in bytes; they are made of two or three words.
const MAX_PARAMETER_BYTES: usize = 50;
