//! Who the relying party is, and what it asks for.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::{Algorithm, Jwks, json};

use crate::error::ApiMisuse;
use crate::issuer::Issuer;
use crate::return_path::ReturnPath;
use crate::secret::Subject;
use crate::url::{Url, parse_query};

/// The default of [`ClientConfig::clock_tolerance_seconds`].
///
/// The clocks of people's devices are commonly some seconds off, and ID-porten's id_tokens live for
/// 120 seconds: with half of that, a clock may be a minute slow or fast and the login still works.
/// The id_token is judged at once and bound to its request by `nonce`, so that the extra minute is
/// of no use to anybody else.
pub const DEFAULT_CLOCK_TOLERANCE_SECONDS: u32 = 60;

/// The largest [`ClientConfig::clock_tolerance_seconds`]: "a few minutes" is what RFC 7519 §4.1.4
/// grants.
///
/// Without a limit, the tolerance would be a switch that turns expiry off.
pub const MAX_CLOCK_TOLERANCE_SECONDS: u32 = 300;

/// A relying party at one provider: a public client that uses the code flow with PKCE.
///
/// ```
/// use portvakt_oidc::{ClientConfig, Issuer, Url};
///
/// let config = ClientConfig::new(
///     Issuer::parse("https://test.ansattporten.no")?,
///     "a1b2c3d4-0000-4000-8000-000000000001",
///     Url::parse("https://app.example/callback")?,
/// );
/// assert_eq!(config.scopes, ["openid", "profile"]);
/// # Ok::<(), portvakt_oidc::ApiMisuse>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientConfig {
    /// The provider's identity, compared as an exact string.
    pub issuer: Issuer,
    /// The client_id that the provider assigned. RFC 6749 §2.2.
    pub client_id: String,
    /// Where the provider sends people back to, exactly as registered. RFC 6749 §3.1.2.
    pub redirect_uri: Url,
    /// Where the provider sends people after logging out, exactly as registered. Without it they
    /// stay at the provider. Default: none. OIDC RP-Initiated Logout §2.
    pub post_logout_redirect_uri: Option<Url>,
    /// What to ask for; must include `openid`. Default: `openid`, `profile`. OIDC Core §3.1.2.1.
    pub scopes: Vec<String>,
    /// The signature algorithms that an id_token may have. Default: RS256, which every provider
    /// must support. OIDC Core §3.1.3.7 (7).
    pub algorithms: Vec<Algorithm>,
    /// How far the clocks of provider and device may be apart, in seconds. Default:
    /// [`DEFAULT_CLOCK_TOLERANCE_SECONDS`]; at most [`MAX_CLOCK_TOLERANCE_SECONDS`].
    pub clock_tolerance_seconds: u32,
    /// Whether an answer without `iss` is refused even where the provider's metadata does not
    /// promise one. Default: true. RFC 9207 §2.4.
    ///
    /// An `iss` that is there is always compared, and one that the metadata promises is always
    /// required: set to false, for a provider that does not know RFC 9207, this leaves the rule of
    /// that RFC as it is.
    pub require_response_iss: bool,
    /// Where the provider's keys come from. Default: its metadata.
    pub jwks: JwksSource,
}

impl ClientConfig {
    /// A configuration with the three things that have no default.
    pub fn new(issuer: Issuer, client_id: impl Into<String>, redirect_uri: Url) -> Self {
        Self {
            issuer,
            client_id: client_id.into(),
            redirect_uri,
            post_logout_redirect_uri: None,
            scopes: ["openid", "profile"].map(String::from).into(),
            algorithms: [Algorithm::Rs256].into(),
            clock_tolerance_seconds: DEFAULT_CLOCK_TOLERANCE_SECONDS,
            require_response_iss: true,
            jwks: JwksSource::Discovered,
        }
    }

    /// Checks what the types leave open. Every flow begins with this.
    ///
    /// # Errors
    /// `misuse_client_id`, `misuse_redirect_uri`, `misuse_scope`, `misuse_algorithms`,
    /// `misuse_clock_tolerance`.
    pub fn check(&self) -> Result<(), ApiMisuse> {
        check_client_id(&self.client_id)?;
        let parameters = parse_query(self.redirect_uri.query().unwrap_or_default())
            .map_err(|_| ApiMisuse::RedirectUri)?;
        if parameters
            .iter()
            .any(|(name, _)| RESPONSE_PARAMETERS.contains(&name.as_str()))
        {
            return Err(ApiMisuse::RedirectUri);
        }
        if !has_no_repetition(&self.scopes)
            || !self.scopes.iter().all(|scope| is_scope_token(scope))
            || !self.scopes.iter().any(|scope| scope == "openid")
        {
            return Err(ApiMisuse::Scope);
        }
        check_algorithms(&self.algorithms)?;
        check_clock_tolerance(self.clock_tolerance_seconds)
    }
}

/// Where the keys come from that id_tokens are verified with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum JwksSource {
    /// From the `jwks_uri` of the provider's metadata, fetched for every login.
    Discovered,
    /// From this address instead, fetched for every login: a proxy of one's own, where the
    /// provider's keys cannot be fetched from a page (CORS).
    Uri(Url),
    /// From this set, which the application brings or has kept. When it does not verify a token,
    /// the keys may have been replaced: then the provider's `jwks_uri` is asked, once.
    Keys(Jwks),
}

/// One login: what to ask the provider for, over what [`ClientConfig`] says.
///
/// ```
/// use portvakt_oidc::LoginRequest;
///
/// let mut request = LoginRequest::default();
/// request.acr_values = vec!["high".into()];
/// request.max_age_seconds = Some(600);
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct LoginRequest {
    /// The ways of authentication to ask for. Default: none, so that any will do. OIDC Core
    /// §3.1.2.1.
    pub acr_values: Vec<String>,
    /// The `acr` values to accept in the id_token, where that is more than was asked for: a higher
    /// level, say. Default: empty, which stands for `acr_values`. Where both are empty, `acr` is
    /// not looked at.
    pub acceptable_acr: Vec<String>,
    /// What the provider is to ask the person. Default: what it finds necessary. OIDC Core
    /// §3.1.2.1.
    pub prompt: Vec<Prompt>,
    /// How long ago the person may have authenticated, in seconds. Default: no limit. OIDC Core
    /// §3.1.2.1.
    ///
    /// `auth_time` is then required of the id_token. What counts is the age at the moment of the
    /// request.
    pub max_age_seconds: Option<u32>,
    /// Languages (BCP 47), the preferred one first. Default: the provider's own choice. OIDC Core
    /// §3.1.2.1.
    pub ui_locales: Vec<String>,
    /// Who is going to sign in, or how. Seen in the address bar and in logs. OIDC Core §3.1.2.1.
    pub login_hint: Option<String>,
    /// What to be authorised for, as an array of objects that each have a `type`. RFC 9396 §2.
    ///
    /// What was granted is for the caller to compare: see
    /// [`Login::requested_authorization_details`](crate::Login::requested_authorization_details).
    pub authorization_details: Option<json::Value>,
    /// The one person who may sign in: [`IdToken::subject`](crate::IdToken::subject) of whoever is
    /// signed in, where they are to authenticate anew or at a higher level, and are not to become
    /// somebody else by that. Default: anybody.
    ///
    /// It is not sent to the provider.
    pub subject: Option<Subject>,
    /// The APIs that the access token is for, as absolute URIs. Default: the provider's own choice.
    /// RFC 8707 §2.
    pub resource: Vec<String>,
    /// Where in the application the person continues afterwards. Never sent to the provider.
    pub return_to: Option<ReturnPath>,
}

/// The longest `login_hint`, in characters: more than an e-mail address needs.
const MAX_LOGIN_HINT_CHARS: usize = 1024;

impl LoginRequest {
    /// Checks what the types leave open. [`BeginLogin::start`](crate::BeginLogin::start) begins
    /// with this.
    ///
    /// # Errors
    /// `misuse_acr`, `misuse_prompt`, `misuse_ui_locales`, `misuse_login_hint`,
    /// `misuse_authorization_details`, `misuse_resource`.
    pub fn check(&self) -> Result<(), ApiMisuse> {
        if !self
            .acr_values
            .iter()
            .chain(&self.acceptable_acr)
            .all(|acr| is_acr(acr))
        {
            return Err(ApiMisuse::Acr);
        }
        let has_none = self.prompt.contains(&Prompt::None);
        if has_none && self.prompt.len() > 1 || !has_no_repetition(&self.prompt) {
            return Err(ApiMisuse::Prompt);
        }
        if !self.ui_locales.iter().all(|tag| is_language_tag(tag)) {
            return Err(ApiMisuse::UiLocales);
        }
        if self.login_hint.as_deref().is_some_and(|hint| {
            hint.is_empty()
                || hint.chars().count() > MAX_LOGIN_HINT_CHARS
                || hint.chars().any(char::is_control)
        }) {
            return Err(ApiMisuse::LoginHint);
        }
        if self
            .authorization_details
            .as_ref()
            .is_some_and(|details| !is_authorization_details(details))
        {
            return Err(ApiMisuse::AuthorizationDetails);
        }
        if !self.resource.iter().all(|resource| is_resource(resource)) {
            return Err(ApiMisuse::Resource);
        }
        Ok(())
    }
}

/// Does not show the login_hint, which may name a person, nor what is in authorization_details.
impl fmt::Debug for LoginRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LoginRequest")
            .field("acr_values", &self.acr_values)
            .field("acceptable_acr", &self.acceptable_acr)
            .field("prompt", &self.prompt)
            .field("max_age_seconds", &self.max_age_seconds)
            .field("ui_locales", &self.ui_locales)
            .field("has_login_hint", &self.login_hint.is_some())
            .field("authorization_details", &self.authorization_details)
            .field("has_subject", &self.subject.is_some())
            .field("resource", &self.resource)
            .field("return_to", &self.return_to)
            .finish()
    }
}

/// What the provider is to ask the person. OIDC Core §3.1.2.1, OIDC Prompt Create §4.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Prompt {
    /// Nothing: answer `login_required` or the like where something would have to be asked.
    None,
    /// To authenticate, even with a session at the provider. An `auth_time` before the request is
    /// then refused.
    Login,
    /// To consent.
    Consent,
    /// To choose an account.
    SelectAccount,
    /// To make an account.
    Create,
}

impl Prompt {
    /// The value as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::Create => "create",
        }
    }
}

/// The parameters of an authorization response. A redirect_uri that had one of its own would make
/// it ambiguous.
pub(crate) const RESPONSE_PARAMETERS: [&str; 11] = [
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "session_state",
    "response",
    "access_token",
    "id_token",
    "token_type",
];

/// The longest `client_id`, in bytes. RFC 6749 §2.2 leaves it to the server; Digdir's are UUIDs, of 36.
const MAX_CLIENT_ID_BYTES: usize = 255;

pub(crate) fn check_client_id(client_id: &str) -> Result<(), ApiMisuse> {
    if (1..=MAX_CLIENT_ID_BYTES).contains(&client_id.len()) && client_id.bytes().all(is_vschar) {
        Ok(())
    } else {
        Err(ApiMisuse::ClientId)
    }
}

pub(crate) fn check_algorithms(algorithms: &[Algorithm]) -> Result<(), ApiMisuse> {
    if algorithms.is_empty() {
        Err(ApiMisuse::Algorithms)
    } else {
        Ok(())
    }
}

pub(crate) fn check_clock_tolerance(seconds: u32) -> Result<(), ApiMisuse> {
    if seconds > MAX_CLOCK_TOLERANCE_SECONDS {
        Err(ApiMisuse::ClockTolerance)
    } else {
        Ok(())
    }
}

/// Visible ASCII and space: `VSCHAR` of RFC 6749 appendix A.
pub(crate) fn is_vschar(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7e)
}

/// `scope-token` of RFC 6749 §3.3.
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// An array of objects with a string `type` each. RFC 9396 §2.
pub(crate) fn is_authorization_details(details: &json::Value) -> bool {
    details.as_array().is_some_and(|elements| {
        elements
            .iter()
            .all(|element| element.get("type").and_then(json::Value::as_str).is_some())
    })
}

/// The longest `acr`, in bytes: those that providers and federations have are URNs and URLs of less than a hundred.
const MAX_ACR_BYTES: usize = 255;

/// `acr_values` is separated by spaces, so that a value has none.
pub(crate) fn is_acr(text: &str) -> bool {
    (1..=MAX_ACR_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_language_tag(text: &str) -> bool {
    text.split('-').all(|subtag| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_resource(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && !rest.contains('#')
        && crate::url::has_only_url_characters(rest)
}

fn has_no_repetition<T: PartialEq>(list: &[T]) -> bool {
    list.iter()
        .enumerate()
        .all(|(index, item)| !list.iter().skip(index + 1).any(|other| other == item))
}
