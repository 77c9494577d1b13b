//! Dialogporten, the common inbox, as its end-user API shows it.
//!
//! Each call is a [`Flow`](portvakt_oidc::Flow) of one request, made with the access token of a session:
//! [`SearchDialogs`] lists dialogs page by page, [`OpenDialog`] fetches one, [`ListParties`] tells whose
//! dialogs the person may see. Three things are worth knowing:
//!
//! - **Opening is an act.** Dialogporten writes down who opened a dialog and when, and no longer shows it as
//!   unread. Open what the person opened; never fetch ahead.
//! - **The service says what may be followed.** Where the person lacks the right, or the time has run out, there is
//!   a placeholder in place of the address; [`Link`] tells them apart and gives only addresses that a page
//!   may link to.
//! - **Ansattporten's tokens are not accepted yet.** Dialogporten answers them with a bare 401, as it does every
//!   issuer that it does not know: `dialogporten_unauthenticated`. A token of a known issuer that is
//!   expired or broken is `dialogporten_token_refused`. The wish is public:
//!   <https://github.com/Altinn/dialogporten/issues/3982>.
//!
//! The models are lenient, for the API grows: what is missing, or of another kind than expected, is absent,
//! and values that are not known here are kept as text. Only what a dialog cannot be without, its id,
//! is demanded.
//!
//! Sources: Dialogporten, OpenAPI for end users v1, and its source code where that says more.

mod content;
mod failure;
mod link;
mod model;
mod open;
mod parties;
mod parts;
mod query;
mod read;
mod search;
mod timestamp;
mod values;

pub use content::{ContentValue, Localization, Localizations, MediaType};
pub(crate) use failure::is_step_up;
pub use failure::{DialogportenError, DialogportenFailure};
pub use link::Link;
pub use model::{Dialog, DialogItem, DialogToken};
pub use open::{DialogId, OpenDialog};
pub use parties::{AuthorizedParty, ListParties, PartyType};
pub use parts::{
    Activity, Actor, Attachment, AttachmentUrl, GuiAction, NavigationalAction, Transmission,
};
pub use query::{DialogQuery, Direction, Order, OrderKey};
pub use search::{DialogPage, SearchDialogs};
pub use timestamp::Timestamp;
pub use values::{ActivityType, ActorType, DialogStatus, Priority, SystemLabel, TransmissionType};

use alloc::format;
use alloc::string::String;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Value};
use portvakt_oidc::http::{HttpRequest, TransportError};
use portvakt_oidc::url::Url;
use portvakt_oidc::{AccessToken, Answer};

use crate::preset::DIALOGPORTEN_API;
use crate::{Error, Misuse, Preset};

/// The scope that an access token needs for the end-user API. ID-porten asks the person to consent to it.
pub const SCOPE: &str = "digdir:dialogporten";

/// Where Dialogporten is.
///
/// ```
/// use portvakt_digdir::Preset;
/// use portvakt_digdir::dialogporten::Dialogporten;
///
/// let production = Dialogporten::of(&Preset::DIALOGPORTEN_PRODUCTION)?;
/// let simulator = Dialogporten::at("http://127.0.0.1:8105/dialogporten")?;
/// # Ok::<(), portvakt_digdir::Misuse>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogporten {
    base_url: Url,
}

impl Dialogporten {
    /// The Dialogporten of a preset.
    ///
    /// # Errors
    /// `misuse_dialogporten_base_url`: the preset is another service's.
    pub fn of(preset: &Preset) -> Result<Self, Misuse> {
        match preset.base_url() {
            Some(base_url) if preset.service() == crate::Service::Dialogporten => {
                Self::at(base_url)
            }
            _ => Err(Misuse::DialogportenBaseUrl),
        }
    }

    /// A Dialogporten by the URL that `/api/v1` follows upon. An edge proxy of one's own may stand there: the real
    /// service sends no CORS headers.
    ///
    /// # Errors
    /// `misuse_dialogporten_base_url`: not an https or loopback URL, or one with a query or a slash at the end.
    pub fn at(base_url: &str) -> Result<Self, Misuse> {
        let url = Url::parse(base_url).map_err(|_| Misuse::DialogportenBaseUrl)?;
        if url.query().is_some() || base_url.ends_with('/') {
            return Err(Misuse::DialogportenBaseUrl);
        }
        Ok(Self { base_url: url })
    }

    /// The base URL.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// A request to the end-user API; `path` begins with a slash.
    fn request(
        &self,
        path: &str,
        access_token: &AccessToken,
        languages: &[String],
    ) -> Result<HttpRequest, Misuse> {
        let url = format!("{}{DIALOGPORTEN_API}/enduser{path}", self.base_url.as_str());
        let url = Url::parse(&url).map_err(|_| Misuse::DialogportenBaseUrl)?;
        let mut request = HttpRequest::get(url, MAX_RESPONSE_BYTES)
            .with_header("authorization", format!("Bearer {}", access_token.expose()));
        if let Some(accept_language) = accept_language(languages)? {
            request = request.with_header("accept-language", accept_language);
        }
        Ok(request)
    }
}

/// The JSON of an answer with status 200; every other answer is a failure of its own kind.
fn json_of(answer: Answer, call: failure::Call, now: UnixTime) -> Result<Value, Error> {
    let response = answer.response().map_err(portvakt_oidc::Error::from)??;
    if response.body.len() > MAX_RESPONSE_BYTES {
        return Err(TransportError::TooLarge.into());
    }
    if response.status != 200 {
        return Err(DialogportenFailure::of(&response, call, now).into());
    }
    if !response.may_be_json() {
        return Err(DialogportenFailure::malformed().into());
    }
    json::parse(&response.body, MAX_RESPONSE_BYTES)
        .map_err(|_| DialogportenFailure::malformed().into())
}

/// The languages with falling weights, as many as there are tenths.
fn accept_language(languages: &[String]) -> Result<Option<String>, Misuse> {
    let is_language = |language: &String| {
        (2..=3).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            // Not a language of its own to the service: it is `nb` or `nn`.
            && language != "no"
    };
    if languages.len() > 9 || !languages.iter().all(is_language) {
        return Err(Misuse::SearchParameter);
    }
    let mut header = String::new();
    for (language, tenths) in languages.iter().zip((1..=9).rev()) {
        let separator = if header.is_empty() { "" } else { ", " };
        header.push_str(&format!("{separator}{language};q=0.{tenths}"));
    }
    Ok(Some(header).filter(|header| !header.is_empty()))
}

/// The most that is read of an answer. A page of 1000 dialogs, the largest there is, has some 2 MB; so has a
/// dialog with a thousand transmissions.
const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;
