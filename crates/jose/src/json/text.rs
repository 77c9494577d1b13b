use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;
use core::ops::{Deref, Range};

/// A text of a JSON value: its own, or a part of the text that the value was read from.
///
/// Most names and texts of a token stand in it as they are, and are not copied one by one.
#[derive(Clone)]
pub struct Text {
    source: Arc<str>,
    start: u32,
    end: u32,
}

impl Text {
    /// The text.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        let part = self.start as usize..self.end as usize;
        self.source.get(part).unwrap_or_default()
    }

    /// How many bytes it has.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it has no characters.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// To compare, which needs no look at where characters end.
    #[inline]
    fn bytes(&self) -> &[u8] {
        let part = self.start as usize..self.end as usize;
        self.source.as_bytes().get(part).unwrap_or_default()
    }

    /// A part of a text, `None` if it has none there.
    pub(super) fn part(source: &Arc<str>, part: Range<usize>) -> Option<Self> {
        source.get(part.clone())?;
        Some(Self {
            source: source.clone(),
            start: part.start.try_into().ok()?,
            end: part.end.try_into().ok()?,
        })
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<Arc<str>> for Text {
    /// A text of 4 GiB and more, which nothing reads or builds, would be cut there.
    fn from(source: Arc<str>) -> Self {
        let end = u32::try_from(source.len()).unwrap_or(u32::MAX);
        Self {
            source,
            start: 0,
            end,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Arc::<str>::from(text).into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Arc::<str>::from(text).into()
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().into()
    }
}

impl Eq for Text {}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.bytes() == other.bytes()
    }
}

impl PartialEq<str> for Text {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        // Most differ in that, and are told apart without a look at them.
        self.len() == other.len() && self.bytes() == other.as_bytes()
    }
}

/// Prints that there is a text.
impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Text")
    }
}
