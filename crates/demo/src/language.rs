//! Norwegian bokmål and English: which one the person reads, and the texts in both.

use leptos::prelude::*;

/// A language that the demo speaks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Language {
    /// Norwegian bokmål.
    #[default]
    Nb,
    /// English.
    En,
}

impl Language {
    /// Both, in the order of the switch.
    pub(crate) const ALL: [Self; 2] = [Self::Nb, Self::En];

    /// The tag for `lang` and `ui_locales` (RFC 5646).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::En => "en",
        }
    }

    /// The tag with its region, for dates.
    pub(crate) fn locale(self) -> &'static str {
        match self {
            Self::Nb => "nb-NO",
            Self::En => "en-GB",
        }
    }

    /// The language's own name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nb => "Norsk",
            Self::En => "English",
        }
    }
}

/// One text in both languages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Text {
    nb: &'static str,
    en: &'static str,
}

impl Text {
    /// Pairs the two.
    pub(crate) const fn new(nb: &'static str, en: &'static str) -> Self {
        Self { nb, en }
    }

    /// The text in one language.
    pub(crate) fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Nb => self.nb,
            Language::En => self.en,
        }
    }
}

/// The language of the page, for reading and switching. A context of the application.
#[derive(Clone, Copy)]
pub(crate) struct PageLanguage(RwSignal<Language>);

impl PageLanguage {
    /// Takes up the language that the tab used last, and keeps `<html lang>` in step from here on.
    pub(crate) fn provide() -> Self {
        let remembered = storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        let language = Language::ALL
            .into_iter()
            .find(|language| remembered.as_deref() == Some(language.tag()));
        let page_language = Self(RwSignal::new(language.unwrap_or_default()));
        Effect::new(move |_| {
            if let Some(root) = document().document_element() {
                // Setting an attribute of this name cannot fail.
                _ = root.set_attribute("lang", page_language.current().tag());
            }
        });
        provide_context(page_language);
        page_language
    }

    /// The context, or bokmål that cannot be switched outside the application.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(Language::default())))
    }

    /// The current language, tracked.
    pub(crate) fn current(self) -> Language {
        self.0.get()
    }

    /// The current language, for an event handler.
    pub(crate) fn current_untracked(self) -> Language {
        self.0.get_untracked()
    }

    /// Changes the language and remembers it for the tab.
    pub(crate) fn switch_to(self, language: Language) {
        self.0.set(language);
        if let Some(storage) = storage() {
            // Where storage is full or forbidden the choice lasts as long as the page.
            _ = storage.set_item(STORAGE_KEY, language.tag());
        }
    }

    /// A text that follows the language.
    pub(crate) fn t(self, text: Text) -> impl Fn() -> &'static str + Copy + Send + 'static {
        move || text.in_language(self.current())
    }
}

const STORAGE_KEY: &str = "portvakt-demo.language";

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
