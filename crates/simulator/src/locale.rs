//! Languages of the pages.

use std::fmt;

/// A language that can be asked for; pages are written in bokmål and English.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Locale {
    /// Norwegian bokmål.
    #[default]
    Nb,
    /// Norwegian nynorsk; the pages are in bokmål.
    Nn,
    /// English.
    En,
    /// Northern Sami; the pages are in bokmål.
    Se,
}

impl Locale {
    pub(crate) const ALL: [Self; 4] = [Self::Nb, Self::Nn, Self::En, Self::Se];

    /// The name in `ui_locales` and in the claim `locale`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
            Self::Se => "se",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == text)
    }

    /// The first known language of a list, as in `ui_locales` (OIDC Core §3.1.2.1).
    pub(crate) fn of_list(list: &str) -> Option<Self> {
        list.split(' ')
            .find_map(|tag| Self::parse(tag.split('-').next().unwrap_or(tag)))
    }

    /// The language that a page is written in, for its `lang` attribute.
    pub(crate) fn page(self) -> &'static str {
        if self == Self::En { "en" } else { "nb" }
    }

    /// One of two texts.
    pub(crate) fn pick<T>(self, nb: T, en: T) -> T {
        if self == Self::En { en } else { nb }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
