use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::Value;
use portvakt_oidc::url::form_encode;
use portvakt_oidc::{AccessToken, Answer, Flow, Step};

use super::failure::Call;
use super::{DialogItem, DialogQuery, Dialogporten, DialogportenFailure, json_of, read};
use crate::Error;

/// Lists dialogs. The output is one [`DialogPage`], which knows the query of the next.
#[derive(Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct SearchDialogs {
    query: DialogQuery,
}

/// A page of dialogs.
///
/// To have them all, start over with [`next`](Self::next) until there is none:
///
/// ```text
/// let mut next = Some(query);
/// while let Some(query) = next {
///     let page = run(SearchDialogs::start(&dialogporten, &access_token, query)?);
///     dialogs.extend(page.items);
///     next = page.next;
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DialogPage {
    /// The dialogs, in the order that was asked for.
    pub items: Vec<DialogItem>,
    /// The query for the next page; `None` if this is the last one.
    pub next: Option<DialogQuery>,
}

impl SearchDialogs {
    /// Starts the flow.
    ///
    /// # Errors
    /// `misuse_search_without_party_or_resource`, `misuse_search_limits`, `misuse_search_text`, `misuse_search_parameter`.
    pub fn start(
        dialogporten: &Dialogporten,
        access_token: &AccessToken,
        query: DialogQuery,
    ) -> Result<Step<Self>, Error> {
        let parameters = query.parameters()?;
        let encoded = form_encode(
            parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        let path = format!("/dialogs?{encoded}");
        let request = dialogporten.request(&path, access_token, &query.languages)?;
        Ok(Step::Fetch {
            request,
            next: Self { query },
        })
    }
}

impl Flow for SearchDialogs {
    type Output = DialogPage;
    type Error = Error;

    /// # Errors
    /// The `dialogporten_*` and `transport_*` codes.
    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let value = json_of(answer, Call::Search, now)?;
        self.page(&value)
            .map(Step::Done)
            .ok_or_else(|| DialogportenFailure::malformed().into())
    }
}

impl SearchDialogs {
    fn page(self, value: &Value) -> Option<DialogPage> {
        value.get("items")?.as_array()?;
        let items = read::list(value, "items", DialogItem::read);
        // The token is there on the last page, too: whether there is another is said by this member alone.
        let next = match read::flag(value, "hasNextPage")? {
            false => None,
            true => Some(
                self.query
                    .continued(&read::text(value, "continuationToken")?)?,
            ),
        };
        Some(DialogPage { items, next })
    }
}

impl DialogQuery {
    /// The same query from where a page ended. A token that has not moved would be asked for forever.
    fn continued(self, token: &str) -> Option<Self> {
        let moved = self.continuation_token.as_deref() != Some(token);
        let is_token = (1..=MAX_CONTINUATION_TOKEN_BYTES).contains(&token.len())
            && token.bytes().all(|byte| byte.is_ascii_graphic());
        let continuation_token = Some(String::from(token));
        (moved && is_token).then_some(Self {
            continuation_token,
            ..self
        })
    }
}

/// A token has a key and a value for each key of the order, and there are four keys at most.
const MAX_CONTINUATION_TOKEN_BYTES: usize = 1024;
