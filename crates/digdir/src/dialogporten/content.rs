use core::fmt;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::json::Value;

use super::Link;
use super::read;

/// One text in several languages.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Localizations(Vec<Localization>);

/// The text in one language.
#[derive(Clone, PartialEq, Eq)]
pub struct Localization {
    /// The language, as ISO 639: `nb`, `nn`, `en`, `se`, …
    pub language: String,
    /// The text.
    pub value: String,
}

/// A part of a dialog's content: text of a media type, in several languages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentValue {
    /// The text; of the references it is an address, to be read with [`ContentValue::link`].
    pub value: Localizations,
    /// What kind of text it is.
    pub media_type: MediaType,
    /// Whether the person may see what is referred to; `None` where the service does not say.
    pub is_authorized: Option<bool>,
}

/// What kind of text a content value holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaType {
    /// `text/plain`
    Plain,
    /// `text/markdown`
    Markdown,
    /// `text/html`, which some older services have. It is somebody else's HTML: show it as text.
    Html,
    /// The address of Markdown that the service owner serves to the person's browser (front channel embed).
    MarkdownEmbed,
    /// The address of HTML that the service owner serves to the person's browser (legacy).
    HtmlEmbed,
    /// Another one.
    Other(String),
}

impl Localizations {
    /// The text in the first of `languages` that there is; else in Norwegian or English; else in any.
    pub fn choose(&self, languages: &[&str]) -> Option<&str> {
        languages
            .iter()
            .chain(&FALLBACK_LANGUAGES)
            .find_map(|language| self.in_language(language))
            .or_else(|| {
                self.0
                    .first()
                    .map(|localization| localization.value.as_str())
            })
    }

    /// The text in exactly this language.
    pub fn in_language(&self, language: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|localization| localization.language.eq_ignore_ascii_case(language))
            .map(|localization| localization.value.as_str())
    }

    /// All of them, in the order of the service.
    pub fn iter(&self) -> impl Iterator<Item = &Localization> {
        self.0.iter()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn read(value: &Value) -> Option<Self> {
        let localization = |value: &Value| {
            let language = read::text(value, "languageCode")?;
            Some(Localization {
                language,
                value: read::text(value, "value")?,
            })
        };
        Some(Self(
            value.as_array()?.iter().filter_map(localization).collect(),
        ))
    }
}

impl ContentValue {
    /// The address that the text is, in the best of `languages`.
    pub fn link(&self, languages: &[&str]) -> Link {
        match (self.is_authorized, self.value.choose(languages)) {
            (Some(false), _) => Link::Unauthorized,
            (_, Some(text)) => Link::parse(text),
            (_, None) => Link::Unusable,
        }
    }

    pub(super) fn read(value: &Value) -> Option<Self> {
        let media_type = read::text(value, "mediaType");
        Some(Self {
            value: Localizations::read(value.get("value")?)?,
            media_type: media_type
                .as_deref()
                .map_or(MediaType::Plain, MediaType::parse),
            is_authorized: read::flag(value, "isAuthorized"),
        })
    }
}

impl MediaType {
    /// Reads a media type, deprecated spellings included.
    pub fn parse(text: &str) -> Self {
        match text {
            "text/plain" => Self::Plain,
            "text/markdown" => Self::Markdown,
            "text/html" => Self::Html,
            "application/vnd.dialogporten.frontchannelembed-url;type=text/markdown"
            | "application/vnd.dialogporten.frontchannelembed+json;type=markdown" => {
                Self::MarkdownEmbed
            }
            "application/vnd.dialogporten.frontchannelembed-url;type=text/html"
            | "application/vnd.dialogporten.frontchannelembed+json;type=html" => Self::HtmlEmbed,
            other => Self::Other(other.to_string()),
        }
    }
}

/// The languages there are; the texts are the person's letters and stay out.
impl fmt::Debug for Localizations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|localization| &localization.language))
            .finish()
    }
}

impl fmt::Debug for Localization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Localization")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

const FALLBACK_LANGUAGES: [&str; 3] = ["nb", "nn", "en"];
