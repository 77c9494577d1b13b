//! The dialogs of the chosen party, as far as they have been fetched.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portvakt_digdir::dialogporten::{
    Dialog, DialogId, DialogItem, DialogQuery, Dialogporten, MediaType, OpenDialog, SearchDialogs,
    SystemLabel,
};
use portvakt_digdir::identifiers::Party;
use portvakt_leptos::{Auth, Error, browser};
use portvakt_oidc::{HttpRequest, Url};

use crate::language::{Language, PageLanguage};

/// The inbox. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct Inbox {
    auth: Auth,
    dialogporten: StoredValue<Dialogporten>,
    party: RwSignal<Option<Party>>,
    items: RwSignal<Vec<DialogItem>>,
    /// What to ask for next; `None` when everything is here.
    next: RwSignal<Option<DialogQuery>>,
    is_loading: RwSignal<bool>,
    error: RwSignal<Option<Error>>,
    /// Grows with each change of party, so that an answer for the last one is not taken for this one's.
    generation: StoredValue<u32>,
}

/// How far a list has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Progress {
    /// A page is on its way.
    Loading,
    /// There is another page.
    More,
    /// Everything is here.
    Complete,
    /// The last page did not come.
    Failed,
}

impl Inbox {
    /// The inbox of whoever `party` holds; it starts anew when that changes, or the language.
    pub(crate) fn new(party: RwSignal<Option<Party>>) -> Self {
        let inbox = Self {
            auth: Auth::expect(),
            dialogporten: StoredValue::new(expect_context()),
            party,
            items: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            is_loading: RwSignal::new(false),
            error: RwSignal::new(None),
            generation: StoredValue::new(0),
        };
        let language = PageLanguage::expect();
        Effect::new(move |_| inbox.start(party.get(), language.current()));
        inbox
    }

    /// Fetches the next page, if there is one and none is on its way.
    pub(crate) fn load(self) {
        if self.is_loading.get_untracked() {
            return;
        }
        let Some(query) = self.next.get_untracked() else {
            return;
        };
        let generation = self.generation.get_value();
        self.is_loading.set(true);
        self.error.set(None);
        spawn_local(async move {
            let dialogporten = self.dialogporten.get_value();
            let page = self
                .auth
                .authorised(|token| SearchDialogs::start(&dialogporten, token, query))
                .await;
            // The party was changed, or the person signed out, while this was on its way.
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            self.is_loading.set(false);
            match page {
                Ok(page) => {
                    self.items.update(|items| items.extend(page.items));
                    self.next.set(page.next);
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Opens one dialog; from then on it counts as read.
    pub(crate) async fn open(self, id: DialogId, language: Language) -> Result<Dialog, Error> {
        let dialogporten = self.dialogporten.get_value();
        let dialog = {
            let id = id.clone();
            self.auth
                .authorised(|token| {
                    OpenDialog::start(&dialogporten, token, id, &languages(language))
                })
                .await?
        };
        self.items.try_update(|items| {
            if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                item.is_content_seen = Some(true);
                item.system_labels
                    .retain(|label| *label != SystemLabel::MarkedAsUnopened);
            }
        });
        Ok(dialog)
    }

    /// The main text of a dialog, which its sender serves to whoever has the dialog token.
    ///
    /// The demo sends that token to Dialogporten's own origin and nowhere else: in the simulator the senders live
    /// there. `None` if the text cannot be had.
    pub(crate) async fn main_content(self, dialog: &Dialog, language: Language) -> Option<String> {
        let reference = dialog.main_content_reference.as_ref()?;
        let link = reference.link(&[language.tag()]);
        let url = Url::parse(link.href()?).ok()?;
        if reference.media_type != MediaType::MarkdownEmbed
            || self
                .dialogporten
                .with_value(|dialogporten| dialogporten.base_url().origin() != url.origin())
        {
            return None;
        }
        let bearer = format!("Bearer {}", dialog.dialog_token.as_ref()?.expose());
        let mut request =
            HttpRequest::get(url, MAX_MAIN_CONTENT_BYTES).with_header("authorization", bearer);
        for (name, value) in &mut request.headers {
            if *name == "accept" {
                *value = "text/markdown".to_owned();
            }
        }
        let response = browser::fetch(&request).await.ok()?;
        let is_markdown = response
            .header("content-type")
            .is_some_and(|content_type| content_type.starts_with("text/markdown"));
        if response.status != 200 || !is_markdown {
            return None;
        }
        String::from_utf8(response.body).ok()
    }

    /// Whose it is, tracked.
    pub(crate) fn party(self) -> Option<Party> {
        self.party.get()
    }

    /// What has been fetched, tracked.
    pub(crate) fn items(self) -> Vec<DialogItem> {
        self.items.get()
    }

    /// Whether nothing has been fetched, tracked.
    pub(crate) fn is_empty(self) -> bool {
        self.items.with(Vec::is_empty)
    }

    /// How far the list has come, tracked.
    pub(crate) fn progress(self) -> Progress {
        if self.is_loading.get() {
            Progress::Loading
        } else if self.error.with(Option::is_some) {
            Progress::Failed
        } else if self.next.with(Option::is_some) {
            Progress::More
        } else {
            Progress::Complete
        }
    }

    /// Why the last page did not come, tracked.
    pub(crate) fn error(self) -> Option<Error> {
        self.error.get()
    }

    /// Whether Dialogporten knows nothing of the issuer, tracked.
    pub(crate) fn is_refused(self) -> bool {
        self.error.with(|error| {
            error
                .as_ref()
                .is_some_and(|error| error.code() == "dialogporten_unauthenticated")
        })
    }

    fn start(self, party: Option<Party>, language: Language) {
        self.generation.update_value(|generation| *generation += 1);
        self.items.set(Vec::new());
        self.error.set(None);
        self.is_loading.set(false);
        self.next.set(party.map(|party| {
            let mut query = DialogQuery::of_party(party);
            query.system_labels = vec![SystemLabel::Default];
            query.exclude_api_only = Some(true);
            query.limit = Some(PAGE_SIZE);
            query.languages = languages(language);
            query
        }));
        self.load();
    }
}

/// Whether nobody has seen the newest content, or the person wants it to count as unread.
pub(crate) fn is_unread(item: &DialogItem) -> bool {
    item.is_content_seen == Some(false) || item.has_label(&SystemLabel::MarkedAsUnopened)
}

/// What to ask for. Said out loud: a browser that is not told asks for the languages of its own
/// settings.
fn languages(language: Language) -> Vec<String> {
    let tags: &[&str] = match language {
        Language::Nb => &["nb", "nn", "en"],
        Language::En => &["en", "nb"],
    };
    tags.iter().map(|tag| (*tag).to_owned()).collect()
}

/// The largest main text that is shown: some thirty pages.
const MAX_MAIN_CONTENT_BYTES: usize = 100 * 1024;

/// A screenful and a half: people see that there is more, and do not wait for it.
const PAGE_SIZE: u16 = 10;
